//! The shapes of GitHub's refusals, and what each counts as.

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
    let of = |status, headers: &[(&str, &str)], body| Failure::of_status(&response(status, headers, body));
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
    assert!(matches!(of(400, r#"{"errors":[{"message":"Parse error on x"}]}"#), Failure::Validation { .. }));
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
