//! What can go wrong, told apart by what may be done about it.
//!
//! GitHub's errors have no stable codes: types are open, and some limits come without one. So they are told apart by
//! type first and by wording where the type says nothing. Wordings are those seen in live answers; what isn't
//! recognised counts as a permanent refusal.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

use crate::graphql::GraphQlError;
use crate::transport::{HttpResponse, TransportError};

/// So much of a refusal's message is kept.
const LONGEST_MESSAGE: usize = 500;

/// Why GitHub did not do or say what was asked. Where a member is called `message`, it is GitHub's own.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The token is not accepted.
    #[error("GitHub does not accept the token: {message}")]
    Unauthorised {
        /// GitHub's message.
        message: String,
    },
    /// The token lacks scopes.
    #[error("the token lacks a scope, one of [{}]: {message}", needed.join(", "))]
    InsufficientScopes {
        /// GitHub's message.
        message: String,
        /// Any one of these would do.
        needed: Vec<String>,
    },
    /// The token may not do this.
    #[error("not allowed: {message}")]
    Forbidden {
        /// GitHub's message.
        message: String,
    },
    /// It isn't there, or the token can't see it.
    #[error("not found, or not visible to the token: {message}")]
    NotFound {
        /// GitHub's message.
        message: String,
    },
    /// The document or its variables were refused; nothing of the request ran.
    #[error("GitHub refused the request as invalid: {message}")]
    Validation {
        /// GitHub's message.
        message: String,
    },
    /// The hour's points are spent; nothing of the request ran.
    #[error("the token's budget for this hour is spent: {message}")]
    RateLimited {
        /// GitHub's message.
        message: String,
        /// Until there are points again.
        resets_in: Option<Duration>,
    },
    /// A secondary limit refused the request; nothing of it ran.
    #[error("GitHub asks to slow down: {message}")]
    SecondaryLimit {
        /// GitHub's message.
        message: String,
        /// How long to wait, where GitHub says.
        retry_after: Option<Duration>,
    },
    /// The request asked for too much at once.
    #[error("too much for one request: {message}")]
    ResourceLimits {
        /// GitHub's message.
        message: String,
    },
    /// Something else moved the same board at the same time.
    #[error("a temporary conflict: {message}")]
    TemporaryConflict {
        /// GitHub's message.
        message: String,
    },
    /// What was to be made is there, under this name or in this place.
    #[error("already there: {message}")]
    AlreadyThere {
        /// GitHub's message.
        message: String,
    },
    /// Any other refusal.
    #[error("refused{}: {message}", r#type.as_ref().map(|it| format!(" ({it})")).unwrap_or_default())]
    Refused {
        /// GitHub's word for it, or the HTTP status.
        r#type: Option<String>,
        /// GitHub's message.
        message: String,
    },
    /// No answer that says what was done: all of it, a part or nothing.
    #[error("GitHub's answer does not say what was done: {message}")]
    Ambiguous {
        /// What came in place of an answer.
        message: String,
        /// What happened to the connection.
        #[source]
        source: Option<Arc<TransportError>>,
    },
    /// The answer isn't what GraphQL or GitHub's schema promise.
    #[error("GitHub's answer is malformed: {message}")]
    Malformed {
        /// What is wrong with it.
        message: String,
    },
    /// The address sends elsewhere, and that isn't followed: the token is for this host only. Nothing ran.
    #[error("no API of GitHub at this address, which redirects: {message}")]
    Redirected {
        /// The status, and to which host.
        message: String,
    },
    /// What answers isn't GitHub's API, but a page for people: a proxy's, a login's, or that of a wrong address.
    #[error("what answers at this address is not GitHub's API: {message}")]
    NotGitHub {
        /// The status.
        message: String,
    },
    /// GitHub can't be reached; nothing was sent.
    #[error("GitHub is out of reach")]
    Unreachable {
        /// Why.
        #[source]
        source: Arc<TransportError>,
    },
}

impl Failure {
    /// What one error of an answer means.
    pub fn of_error(error: &GraphQlError) -> Self {
        if let Some(failure) = Self::recognised(error) {
            return failure;
        }
        let message = error.message.clone();
        if is_validation(error) {
            Self::Validation { message }
        } else if says_already(&message) {
            Self::AlreadyThere { message }
        } else {
            Self::Refused { r#type: error.r#type.clone(), message }
        }
    }

    /// What is told by type and wording alone, wherever in an answer it stands and whatever its status.
    fn recognised(error: &GraphQlError) -> Option<Self> {
        let message = error.message.clone();
        let kind = error.r#type.as_deref().unwrap_or_default();
        let says = |wording: &str| contains(&message, wording);
        match kind {
            "RATE_LIMITED" | "RATE_LIMIT" => {
                return Some(Self::RateLimited { message, resets_in: error.wait });
            }
            "RESOURCE_LIMITS_EXCEEDED" | "MAX_NODE_LIMIT_EXCEEDED" => {
                return Some(Self::ResourceLimits { message });
            }
            "INSUFFICIENT_SCOPES" => {
                let needed = scopes(&message);
                return Some(Self::InsufficientScopes { message, needed });
            }
            "NOT_FOUND" => return Some(Self::NotFound { message }),
            _ => {}
        }
        let failure = if says_secondary(&message) {
            Self::SecondaryLimit { message, retry_after: error.wait }
        } else if says("API rate limit already exceeded") || says("API rate limit exceeded") {
            Self::RateLimited { message, resets_in: error.wait }
        } else if says("possible nodes which exceeds the maximum limit") {
            Self::ResourceLimits { message }
        } else if says("Something went wrong while executing your query") {
            Self::Ambiguous { message, source: None }
        } else if says("temporary conflict") {
            Self::TemporaryConflict { message }
        } else if kind == "FORBIDDEN" || says("Resource not accessible by") {
            Self::Forbidden { message }
        } else if message.starts_with("Could not resolve to a") {
            Self::NotFound { message }
        } else {
            return None;
        };
        Some(failure)
    }

    /// What an answer means whose status is not 200. What its body says decides, as far as it is recognised; then the
    /// headers, then the status.
    pub(crate) fn of_status(response: &HttpResponse) -> Self {
        let told = told(response);
        let said = told.as_ref().map(|error| error.message.as_str()).unwrap_or_default();
        let message = format!("HTTP {} {said}", response.status).trim_end().to_owned();
        match response.status {
            300..=399 => return Self::Redirected { message: format!("{message}{}", location(response)) },
            401 => return Self::Unauthorised { message },
            // What such an answer says of limits is believed; of anything else it may have done a part.
            408 | 500..=599 => {
                let limit = told.as_ref().and_then(Self::recognised);
                let limit = limit.filter(|it| it.is_limit() || matches!(it, Self::ResourceLimits { .. }));
                return limit.unwrap_or(Self::Ambiguous { message, source: None });
            }
            _ => {}
        }
        if let Some(failure) = told.as_ref().and_then(Self::recognised) {
            return failure;
        }
        match response.status {
            403 | 429 => {
                let retry_after = retry_after(response);
                if retry_after.is_some() {
                    Self::SecondaryLimit { message, retry_after }
                } else if spent(response) {
                    Self::RateLimited { message, resets_in: resets_in(response) }
                } else if response.status == 429 {
                    Self::SecondaryLimit { message, retry_after: None }
                } else {
                    Self::Forbidden { message }
                }
            }
            _ if is_page(response) => Self::NotGitHub { message },
            200..=299 => Self::Malformed { message },
            status => match told.as_ref().map(Self::of_error) {
                None | Some(Self::Refused { .. }) => {
                    Self::Refused { r#type: Some(format!("HTTP {status}")), message }
                }
                Some(failure) => failure,
            },
        }
    }

    /// What an answer means whose status is 200 and whose body isn't GraphQL's.
    pub(crate) fn of_body(response: &HttpResponse, why: &str) -> Self {
        if is_page(response) {
            return Self::NotGitHub { message: format!("HTTP {} with a page of HTML", response.status) };
        }
        let limit = told(response).as_ref().and_then(Self::recognised).filter(Self::is_limit);
        limit.unwrap_or_else(|| Self::malformed(why))
    }

    /// What it means that there is no answer.
    pub(crate) fn of_transport(error: TransportError) -> Self {
        match error {
            TransportError::NotSent(_) => Self::Unreachable { source: Arc::new(error) },
            TransportError::Lost(_) => {
                let message = "none came".to_owned();
                Self::Ambiguous { message, source: Some(Arc::new(error)) }
            }
        }
    }

    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::Malformed { message: message.into() }
    }

    /// Whether the same query may be answered in a moment.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Ambiguous { .. }
                | Self::TemporaryConflict { .. }
                | Self::Malformed { .. }
                | Self::Unreachable { .. }
        )
    }

    /// Whether it is a limit that passes with time.
    pub fn is_limit(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::SecondaryLimit { .. })
    }

    /// Whether a smaller request might go through where this one didn't.
    pub(crate) fn is_oversize(&self) -> bool {
        matches!(self, Self::ResourceLimits { .. } | Self::Ambiguous { .. })
    }
}

/// When the hour's points come back, by the server's own clock.
pub(crate) fn resets_in(response: &HttpResponse) -> Option<Duration> {
    let reset = response.header("x-ratelimit-reset")?.trim().parse::<i64>().ok()?;
    let now = date(response)?.as_second();
    u64::try_from(reset.saturating_sub(now)).ok().map(Duration::from_secs)
}

/// The server's time.
pub(crate) fn date(response: &HttpResponse) -> Option<jiff::Timestamp> {
    let text = response.header("date")?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Whether the answer says anything of a budget.
pub(crate) fn has_limits(response: &HttpResponse) -> bool {
    response.headers.keys().any(|name| name.starts_with("x-ratelimit-"))
}

/// Whether no points of the hour are left.
pub(crate) fn spent(response: &HttpResponse) -> bool {
    response.header("x-ratelimit-remaining").is_some_and(|text| text.trim() == "0")
}

/// How long a limit asks to wait.
pub(crate) fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // The header's other form is a date (RFC 9110, 10.2.3).
    let then = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(then.duration_since(date(response)?)).unwrap_or_default())
}

/// How long an answer's headers ask to wait, where it is a limit.
pub(crate) fn wait(response: &HttpResponse) -> Option<Duration> {
    let until_reset = || spent(response).then(|| resets_in(response)).flatten();
    retry_after(response).or_else(until_reset)
}

/// What the body of a refusal says: the first of its errors, or else its message, as the REST API has it.
fn told(response: &HttpResponse) -> Option<GraphQlError> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        message: Option<String>,
        #[serde(default)]
        errors: Value,
    }
    let Body { message, errors } = serde_json::from_slice(&response.body).ok()?;
    let first = errors.get(0).cloned().and_then(|error| serde_json::from_value(error).ok());
    let mut error = match (first, message) {
        (Some(GraphQlError { r#type: None, message: empty, .. }), Some(message)) if empty.is_empty() => {
            // The REST API's errors about fields have no words; its message has.
            GraphQlError { message, ..GraphQlError::default() }
        }
        (Some(error), _) => error,
        (None, Some(message)) => GraphQlError { message, ..GraphQlError::default() },
        (None, None) => return None,
    };
    // A refusal may quote what was sent.
    error.message = error.message.chars().take(LONGEST_MESSAGE).collect();
    error.wait = wait(response);
    Some(error)
}

/// Whether it is a page for people, which GitHub's APIs never answer with at a good address.
fn is_page(response: &HttpResponse) -> bool {
    let named = response.header("content-type").is_some_and(|kind| contains(kind, "text/html"));
    named || response.body.trim_ascii_start().starts_with(b"<")
}

/// Where a redirect leads, without what may be secret in an address.
fn location(response: &HttpResponse) -> String {
    let target = response.header("location").and_then(|text| Url::parse(text).ok());
    let host = target.as_ref().and_then(Url::host_str);
    host.map(|host| format!(" to {host}")).unwrap_or_default()
}

fn contains(text: &str, wording: &str) -> bool {
    text.to_ascii_lowercase().contains(&wording.to_ascii_lowercase())
}

/// The wordings of secondary limits: today's, the burst's, and two older ones.
fn says_secondary(message: &str) -> bool {
    [
        "secondary rate limit",
        "was submitted too quickly",
        "abuse detection",
        "temporarily blocked from content",
    ]
    .iter()
    .any(|wording| contains(message, wording))
}

/// "… has already been taken" comes for names, "… duplicate sub-issues …" for edges, "Content already exists …" for
/// items. A reserved name can be taken as well, but what holds it can't be used in its place.
fn says_already(message: &str) -> bool {
    let already = ["already exists", "already been taken", "duplicate sub-issues", "already_exists"]
        .iter()
        .any(|wording| contains(message, wording));
    already && !contains(message, "reserved value")
}

/// A refused document names its operation where an answer's path begins; refused variables are known by their wording.
fn is_validation(error: &GraphQlError) -> bool {
    let names_the_operation = error
        .root()
        .is_some_and(|root| ["mutation", "query", "fragment"].iter().any(|word| root.starts_with(word)));
    error.r#type.is_none()
        && (names_the_operation
            || error.message.starts_with("Variable $")
            || error.message.starts_with("Parse error")
            || error.extensions.contains_key("code"))
}

/// The scopes that GitHub lists as `one of the following scopes: ['a', 'b']`.
fn scopes(message: &str) -> Vec<String> {
    let Some((_, after)) = message.split_once("following scopes: [") else { return Vec::new() };
    let list = after.split(']').next().unwrap_or_default();
    list.split(',').map(|scope| scope.trim().trim_matches('\'').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> GraphQlError {
        serde_json::from_str(json).unwrap()
    }

    /// The failure's name, and what it holds beside the message.
    fn check(json: &str, expected: &str) {
        let shown = format!("{:?}", Failure::of_error(&error(json)));
        let name = shown.split([' ', '{']).next().unwrap_or_default();
        assert_eq!(name, expected, "{json}");
    }

    #[test]
    fn the_shapes_that_github_was_seen_to_send() {
        check(
            r#"{"type":"UNPROCESSABLE","path":["m0"],"message":"Column value must be a valid value for text column"}"#,
            "Refused",
        );
        check(
            r#"{"path":["mutation M","m0","input"],"extensions":{"code":"argumentLiteralsIncompatible"},"message":"x"}"#,
            "Validation",
        );
        check(
            r#"{"message":"Variable $i0 of type T! was provided invalid value for F (Field is not defined on T)","locations":null,"path":null}"#,
            "Validation",
        );
        check(r#"{"message":"API rate limit already exceeded for user ID 1."}"#, "RateLimited");
        check(
            r#"{"type":"RATE_LIMIT","message":"API rate limit exceeded for site ID installation."}"#,
            "RateLimited",
        );
        check(r#"{"type":"RATE_LIMITED","message":"x"}"#, "RateLimited");
        check(
            r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}"#,
            "SecondaryLimit",
        );
        check(
            r#"{"type":"UNPROCESSABLE","path":["m3"],"message":"was submitted too quickly"}"#,
            "SecondaryLimit",
        );
        check(r#"{"type":"RESOURCE_LIMITS_EXCEEDED","path":["m8"],"message":"x"}"#, "ResourceLimits");
        check(r#"{"type":"MAX_NODE_LIMIT_EXCEEDED","message":"x"}"#, "ResourceLimits");
        check(
            r#"{"message":"By the time this query traverses to the X connection, it is requesting up to 1 possible nodes which exceeds the maximum limit of 500,000."}"#,
            "ResourceLimits",
        );
        check(
            r#"{"message":"Something went wrong while executing your query. This may be the result of a timeout"}"#,
            "Ambiguous",
        );
        check(
            r#"{"type":"UNPROCESSABLE","message":"Your attempt to move this item created a temporary conflict. Please try again."}"#,
            "TemporaryConflict",
        );
        check(
            r#"{"type":"FORBIDDEN","message":"Resource not accessible by personal access token"}"#,
            "Forbidden",
        );
        check(r#"{"message":"Resource not accessible by integration"}"#, "Forbidden");
        check(
            r#"{"type":"NOT_FOUND","path":["organization"],"message":"Could not resolve to an Organization"}"#,
            "NotFound",
        );
        check(r#"{"message":"Could not resolve to a node with the global id of 'x'."}"#, "NotFound");
        check(r#"{"type":"UNPROCESSABLE","message":"Name has already been taken"}"#, "AlreadyThere");
        check(
            r#"{"type":"UNPROCESSABLE","message":"Name cannot have a reserved value, Name has already been taken"}"#,
            "Refused",
        );
        check(r#"{"message":"Content already exists in this project"}"#, "AlreadyThere");
        check(
            r#"{"message":"An error occurred while adding the sub-issue to the parent issue. Issue may not contain duplicate sub-issues and Sub issue may only have one parent"}"#,
            "AlreadyThere",
        );
        check(r#"{"type":"VALIDATION","message":"The item does not exist in the project"}"#, "Refused");
        check(r#"{"type":"EXCESSIVE_PAGINATION","message":"x"}"#, "Refused");
        check(r#"{"type":"NEWER_THAN_THIS","message":"x"}"#, "Refused");
    }

    #[test]
    fn missing_scopes_are_named() {
        let json = r#"{"type":"INSUFFICIENT_SCOPES","message":"Your token has not been granted the required scopes to execute this query. The 'id' field requires one of the following scopes: ['read:project', 'project'], but your token has only been granted the: ['repo'] scopes."}"#;
        let Failure::InsufficientScopes { needed, .. } = Failure::of_error(&error(json)) else { panic!() };
        assert_eq!(needed, ["read:project", "project"]);
    }

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        HttpResponse { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn statuses_are_told_apart() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let of =
            |status, headers: &[(&str, &str)], body| Failure::of_status(&response(status, headers, body));
        assert!(matches!(of(401, &[], ""), Failure::Unauthorised { .. }));
        assert!(matches!(of(403, &[], r#"{"message":"no"}"#), Failure::Forbidden { .. }));
        let waits = Some(Duration::from_secs(7));
        let limited = of(403, &[("retry-after", "7")], "");
        assert!(matches!(limited, Failure::SecondaryLimit { retry_after, .. } if retry_after == waits));
        let limited = of(429, &[date, ("retry-after", "Sun, 06 Nov 1994 08:49:44 GMT")], "");
        assert!(matches!(limited, Failure::SecondaryLimit { retry_after, .. } if retry_after == waits));
        let headers = [date, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "784111784")];
        let limited = of(403, &headers, "");
        assert!(matches!(limited, Failure::RateLimited { resets_in, .. } if resets_in == waits));
        assert!(matches!(of(502, &[], "<html>"), Failure::Ambiguous { .. }));
        assert!(matches!(of(422, &[], r#"{"message":"no"}"#), Failure::Refused { .. }));
        assert!(matches!(of(202, &[], ""), Failure::Malformed { .. }));
    }

    #[test]
    fn a_refusal_s_body_decides_before_its_status() {
        let of = |status, body| Failure::of_status(&response(status, &[], body));
        for said in [
            r#"{"message":"API rate limit exceeded for user ID 1."}"#,
            r#"{"message":"API rate limit already exceeded for installation ID 1."}"#,
            r#"{"errors":[{"type":"RATE_LIMITED","message":"x"}]}"#,
            r#"{"message":"x","errors":[{"message":"API rate limit exceeded"}]}"#,
        ] {
            for status in [403, 429, 503] {
                let failure = of(status, said);
                assert!(matches!(failure, Failure::RateLimited { .. }), "{status} {said} {failure:?}");
            }
        }
        let secondary = r#"{"message":"You have exceeded a secondary rate limit."}"#;
        assert!(matches!(of(403, secondary), Failure::SecondaryLimit { .. }));
        let scopes = r#"{"errors":[{"type":"INSUFFICIENT_SCOPES","message":"x"}]}"#;
        assert!(matches!(of(403, scopes), Failure::InsufficientScopes { .. }));
        let heavy = r#"{"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","message":"x"}]}"#;
        assert!(matches!(of(502, heavy), Failure::ResourceLimits { .. }));
        assert!(matches!(of(500, r#"{"errors":[{"type":"NOT_FOUND"}]}"#), Failure::Ambiguous { .. }));
        assert!(matches!(
            of(400, r#"{"errors":[{"message":"Parse error on x"}]}"#),
            Failure::Validation { .. }
        ));
        // The field errors of the REST API have no message.
        let fields = r#"{"message":"Validation Failed","errors":[{"resource":"Label","code":"invalid"}]}"#;
        let Failure::Refused { r#type, message } = of(422, fields) else { panic!() };
        assert_eq!((r#type.as_deref(), message.as_str()), (Some("HTTP 422"), "HTTP 422 Validation Failed"));
    }

    #[test]
    fn a_refusal_for_lack_of_rights_is_no_limit_though_it_spent_the_last_point() {
        let headers = [("x-ratelimit-remaining", "0")];
        let body = r#"{"message":"Resource not accessible by integration"}"#;
        let failure = Failure::of_status(&response(403, &headers, body));
        assert!(matches!(failure, Failure::Forbidden { .. }), "{failure:?}");
    }

    #[test]
    fn what_is_not_the_api_says_so_and_is_not_asked_again() {
        let to = [("location", "https://u:hunter2@example.org/graphql?token=hunter2")];
        for status in [301, 302, 307, 308] {
            let failure = Failure::of_status(&response(status, &to, ""));
            assert!(matches!(failure, Failure::Redirected { .. }) && !failure.is_transient(), "{failure:?}");
            let shown = format!("{failure} {failure:?}");
            assert!(shown.contains("example.org") && !shown.contains("hunter2"), "{shown}");
        }
        let page = "\n<!DOCTYPE html><html>";
        let failure = Failure::of_status(&response(404, &[], page));
        assert!(matches!(failure, Failure::NotGitHub { .. }) && !failure.is_transient(), "{failure:?}");
        let typed = response(200, &[("content-type", "text/html; charset=utf-8")], "Sign in");
        for answer in [typed, response(200, &[], page)] {
            let failure = Failure::of_body(&answer, "x");
            assert!(matches!(failure, Failure::NotGitHub { .. }) && !failure.is_transient(), "{failure:?}");
        }
        assert!(matches!(Failure::of_body(&response(200, &[], "{"), "x"), Failure::Malformed { .. }));
        let limit = response(200, &[], r#"{"message":"API rate limit exceeded"}"#);
        assert!(matches!(Failure::of_body(&limit, "x"), Failure::RateLimited { .. }));
    }
}
