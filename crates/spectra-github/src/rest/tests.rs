//! Reading lists to their end over REST, and what its refusals mean.

use serde_json::json;

use super::*;
use crate::testing::{JumpingClock, Script, Scripted, status};

fn page(body: &Value, link: &str) -> Scripted {
    status(200, &[("link", link)], &body.to_string())
}

async fn list(answers: Vec<Scripted>) -> (Result<Vec<u32>, Failure>, Vec<String>) {
    let script = Script::of(answers);
    let client = script.client(&JumpingClock::new());
    (client.rest_list("numbers", "/repos/o/r/numbers?per_page=100").await, script.urls())
}

#[tokio::test]
async fn every_page_is_read_and_only_from_our_host() {
    let links = "<https://elsewhere.example/repositories/7/numbers?per_page=100&page=2>; rel=\"next\", \
                 <https://elsewhere.example/repositories/7/numbers?per_page=100&page=3>; rel=\"last\"";
    let back = "<https://elsewhere.example/repositories/7/numbers?page=1>; rel=\"first\"";
    let (numbers, urls) = list(vec![page(&json!([1, 2]), links), page(&json!([3]), back)]).await;
    assert_eq!(numbers.unwrap(), [1, 2, 3]);
    assert_eq!(
        urls,
        [
            "https://api.github.com/repos/o/r/numbers?per_page=100",
            "https://api.github.com/repositories/7/numbers?per_page=100&page=2",
        ]
    );
}

#[tokio::test]
async fn pages_that_run_in_a_circle_are_a_failure() {
    let own = "<https://api.github.com/repos/o/r/numbers?per_page=100>; rel=\"next\"";
    let (numbers, urls) = list(vec![page(&json!([1]), own)]).await;
    assert!(matches!(numbers, Err(Failure::Malformed { .. })));
    assert_eq!(urls.len(), 1);
    let one = "<https://api.github.com/a>; rel=\"next\"";
    let other = "<https://api.github.com/b>; rel=\"next\"";
    let (numbers, urls) =
        list(vec![page(&json!([1]), one), page(&json!([2]), other), page(&json!([3]), one)]).await;
    assert!(matches!(numbers, Err(Failure::Malformed { .. })));
    assert_eq!(urls.len(), 3);
}

#[tokio::test]
async fn a_read_is_repeated_after_what_passes_and_not_after_what_does_not() {
    for passing in [status(502, &[], ""), Scripted::Lost, status(429, &[("retry-after", "3")], "")] {
        let (numbers, urls) = list(vec![passing, page(&json!([1]), "")]).await;
        assert_eq!((numbers.unwrap(), urls.len()), (vec![1], 2));
    }
    let (numbers, urls) = list(vec![status(404, &[], r#"{"message": "Not Found"}"#)]).await;
    assert!(matches!(numbers, Err(Failure::NotFound { .. })));
    assert_eq!(urls.len(), 1);
}

async fn write(answer: Scripted) -> (Failure, usize) {
    let script = Script::of([answer]);
    let call = Call {
        name: "create",
        method: Method::Post,
        path: "/repos/o/r/milestones".to_owned(),
        body: Some(json!({ "title": "M" })),
        creates: true,
    };
    let failure = script.client(&JumpingClock::new()).call(&call).await.unwrap_err();
    (failure, script.asked().len())
}

#[tokio::test]
async fn refusals_are_told_apart_and_shown_with_their_details() {
    let taken = json!({ "message": "Validation Failed", "errors": [
        { "resource": "Milestone", "field": "title", "code": "already_exists" }] });
    let invalid = json!({ "message": "Validation Failed", "errors": [
        { "resource": "Milestone", "field": "due_on", "code": "invalid" },
        { "resource": "Milestone", "code": "custom", "message": "is odd" }, "and plain"] });
    let plain = json!({ "message": "Nope" });
    let quick = json!({ "message": "was submitted too quickly" });
    let cases = [
        (401, &plain, "Unauthorised", "HTTP 401 Nope"),
        (403, &plain, "Forbidden", "HTTP 403 Nope"),
        (404, &plain, "NotFound", "HTTP 404 Nope"),
        (410, &plain, "NotFound", "HTTP 410 Nope"),
        (422, &taken, "AlreadyThere", "HTTP 422 Validation Failed: title already_exists"),
        (422, &invalid, "Refused", "HTTP 422 Validation Failed: due_on invalid; is odd; and plain"),
        (422, &quick, "SecondaryLimit", "was submitted too quickly"),
        (429, &plain, "SecondaryLimit", "HTTP 429 Nope"),
        (501, &plain, "Refused", "HTTP 501 Nope"),
        (500, &plain, "Ambiguous", "HTTP 500 Nope"),
        (502, &plain, "Ambiguous", "HTTP 502 Nope"),
        (301, &plain, "Redirected", "HTTP 301 Nope"),
    ];
    for (code, body, kind, message) in cases {
        let (failure, requests) = write(status(code, &[], &body.to_string())).await;
        let shown = format!("{failure:?}");
        assert!(shown.starts_with(kind), "{code}: {shown}");
        assert!(failure.to_string().contains(message), "{code}: {failure}");
        assert_eq!(requests, 1, "a write is sent once");
    }
    let (failure, _) = write(status(403, &[("x-ratelimit-remaining", "0")], "{}")).await;
    assert!(matches!(failure, Failure::RateLimited { .. }));
    let (failure, _) = write(status(201, &[], "{\"title\":")).await;
    assert!(matches!(failure, Failure::Malformed { .. }));
    let (failure, _) = write(status(200, &[("content-type", "text/html")], "<html>")).await;
    assert!(matches!(failure, Failure::NotGitHub { .. }));
}

#[tokio::test]
async fn writes_cost_points_and_creations_of_the_shared_books() {
    let answers = (0..81).map(|_| status(201, &[], "{}"));
    let (script, clock) = (Script::of(answers), JumpingClock::new());
    let client = script.client(&clock);
    let call =
        Call { name: "create", method: Method::Post, path: "/x".to_owned(), body: None, creates: true };
    for _ in 0..81 {
        client.call(&call).await.unwrap();
    }
    assert_eq!(clock.seconds(), 60, "80 creations a minute, whichever interface they go over");
    assert_eq!((client.http().mutations, client.http().points), (81, 405));
}

#[tokio::test]
async fn a_spent_budget_of_one_interface_leaves_the_other_open() {
    let headers = [
        ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "784111877"),
    ];
    let (script, clock) = (Script::of([status(200, &headers, "[]")]), JumpingClock::new());
    let client = script.client(&clock);
    client.rest_read("x", "/x").await.unwrap();
    assert_eq!(client.ready_for(Api::GraphQl, 0).as_secs(), 0);
    assert_eq!(client.ready_for(Api::Rest, 0).as_secs(), 101);
}

#[test]
fn a_name_cannot_leave_its_part_of_the_path() {
    assert_eq!(segment("a-b_c.d"), "a-b_c.d");
    assert_eq!(segment("a/../b?é"), "a%2F..%2Fb%3F%C3%A9");
}
