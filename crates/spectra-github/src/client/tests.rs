//! What is waited out, what is sent again and what is not, over a scripted transport.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::operations::{Viewer, viewer};
use crate::testing::{JumpingClock, Script, Scripted, data, ok, status};

fn answer() -> Scripted {
    data(&json!({"viewer": {"login": "octocat"}}))
}

/// Asks who the viewer is; what came of it, how many requests it took and how many seconds.
async fn ask(answers: Vec<Scripted>) -> (Result<String, Failure>, usize, i64, Arc<Client>) {
    let (script, clock) = (Script::of(answers), JumpingClock::new());
    let client = script.client(&clock);
    let login = client.whole::<Viewer>(viewer::Variables).await.map(|data| data.viewer.login);
    (login, script.asked().len(), clock.seconds(), client)
}

#[tokio::test]
async fn a_limit_with_retry_after_is_waited_out() {
    let body = r#"{"message": "You have exceeded a secondary rate limit."}"#;
    let (login, requests, seconds, client) =
        ask(vec![status(403, &[("retry-after", "42")], body), answer()]).await;
    assert_eq!((login.unwrap().as_str(), requests, seconds), ("octocat", 2, 42));
    assert_eq!((client.http().waited_seconds, client.http().retries), (42, 1));
}

#[tokio::test]
async fn a_limit_inside_a_good_answer_is_waited_out_too() {
    let errors = json!({"errors": [{"message": "You have exceeded a secondary rate limit."}]}).to_string();
    let named = status(200, &[("retry-after", "7")], &errors);
    let (login, requests, seconds, _) =
        ask(vec![named, ok(&serde_json::from_str(&errors).unwrap()), answer()]).await;
    assert!(login.is_ok());
    assert_eq!((requests, seconds), (3, 7 + 120));
}

#[tokio::test]
async fn a_spent_budget_that_is_told_by_words_alone_is_waited_out() {
    let body = r#"{"message": "API rate limit exceeded for user ID 1."}"#;
    let (login, requests, seconds, _) = ask(vec![status(403, &[], body), answer()]).await;
    assert!(login.is_ok());
    assert_eq!((requests, seconds), (2, 60));
}

#[tokio::test]
async fn a_spent_budget_is_waited_for_by_the_server_s_clock() {
    let headers = [
        ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "784111877"),
    ];
    let errors = r#"{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit already exceeded for user ID 1."}]}"#;
    let (login, requests, seconds, client) = ask(vec![status(200, &headers, errors), answer()]).await;
    assert!(login.is_ok());
    assert_eq!((requests, seconds), (2, 101));
    assert_eq!(client.server_time().unwrap().as_second(), 784_111_777);
}

#[tokio::test]
async fn the_last_allowed_answer_is_kept_and_the_next_request_waits() {
    let headers = [
        ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "784111877"),
    ];
    let body = json!({"data": {"viewer": {"login": "octocat"}}}).to_string();
    let (script, clock) = (Script::of([status(200, &headers, &body), answer()]), JumpingClock::new());
    let client = script.client(&clock);
    client.whole::<Viewer>(viewer::Variables).await.unwrap();
    assert_eq!(clock.seconds(), 0);
    client.whole::<Viewer>(viewer::Variables).await.unwrap();
    assert_eq!((clock.seconds(), client.http().requests, client.http().points), (101, 2, 2));
}

#[tokio::test]
async fn a_query_outlives_what_passes() {
    let html = "<html>502</html>";
    for passing in [status(502, &[], html), Scripted::Lost, Scripted::NotSent, status(200, &[], "{\"data\":")]
    {
        let (login, requests, seconds, _) = ask(vec![passing, answer()]).await;
        assert!(login.is_ok());
        assert_eq!(requests, 2);
        assert!((1..=2).contains(&seconds), "{seconds}");
    }
}

#[tokio::test]
async fn nothing_is_tried_for_ever() {
    let (login, requests, _, _) = ask((0..9).map(|_| status(502, &[], "")).collect()).await;
    assert!(matches!(login, Err(Failure::Ambiguous { .. })));
    assert_eq!(requests, 5);
    let limited = || status(429, &[("retry-after", "1")], "");
    let (login, requests, _, _) = ask((0..9).map(|_| limited()).collect()).await;
    assert!(matches!(login, Err(Failure::SecondaryLimit { .. })));
    assert_eq!(requests, 6);
}

#[tokio::test]
async fn what_will_not_pass_is_not_repeated() {
    let (login, requests, _, _) = ask(vec![status(401, &[], r#"{"message": "Bad credentials"}"#)]).await;
    assert!(matches!(login, Err(Failure::Unauthorised { message }) if message == "HTTP 401 Bad credentials"));
    assert_eq!(requests, 1);
    let (login, requests, _, _) = ask(vec![status(200, &[], "<html>")]).await;
    assert!(matches!(login, Err(Failure::NotGitHub { .. })));
    assert_eq!(requests, 1);
    let (login, requests, _, _) = ask(vec![status(307, &[("location", "https://example.org/x")], "")]).await;
    assert!(matches!(login, Err(Failure::Redirected { message }) if message == "HTTP 307 to example.org"));
    assert_eq!(requests, 1);
    let scopes = json!({"data": null, "errors": [{"type": "INSUFFICIENT_SCOPES", "message": "x"}]});
    let (login, requests, _, _) = ask(vec![ok(&scopes)]).await;
    assert!(matches!(login, Err(Failure::InsufficientScopes { .. })));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn null_beside_an_error_is_not_absence() {
    let partial =
        json!({"data": {"viewer": {"login": "x"}}, "errors": [{"path": ["viewer", "id"], "message": "x"}]});
    let (login, _, _, _) = ask(vec![ok(&partial)]).await;
    assert!(matches!(login, Err(Failure::Refused { .. })));
}
