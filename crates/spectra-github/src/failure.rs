//! What can go wrong, told apart by what may be done about it.
//!
//! GitHub's errors have no stable codes: types are open, and some limits come without one. So they are told apart by
//! type first and by wording where the type says nothing. Wordings are those seen in live answers; what isn't
//! recognised counts as a permanent refusal.

mod rest;

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
    pub fn of_status(response: &HttpResponse) -> Self {
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

    /// Whether the next request would end the same way, whatever it asks for.
    pub fn concerns_every_request(&self) -> bool {
        matches!(
            self,
            Self::Unauthorised { .. }
                | Self::RateLimited { .. }
                | Self::SecondaryLimit { .. }
                | Self::Redirected { .. }
                | Self::NotGitHub { .. }
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
mod tests;
