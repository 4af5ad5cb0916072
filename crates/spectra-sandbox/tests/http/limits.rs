//! GitHub's limits, enforced on the sandbox's clock.

use std::time::Duration;

use serde_json::{Value, json};
use spectra_sandbox::{Hourly, Limits, Window};

use super::support::{Fixture, start_with};

const LABELS: &str = "/repos/acme/roadmap/labels";

async fn limited(limits: Limits) -> Fixture {
    start_with(|config| config.limits = limits).await
}

async fn label(github: &Fixture, number: u32) -> super::support::Rest {
    github.rest("POST", LABELS, json!({ "name": format!("label {number}"), "color": "000000" })).await
}

#[tokio::test]
async fn eighty_creations_a_minute_and_the_next_when_there_is_room() {
    let github = limited(Limits::github()).await;
    for number in 0..80 {
        label(&github, number).await.with(201);
    }
    let refused = label(&github, 80).await;
    assert_eq!((refused.status, refused.header("retry-after")), (403, "60"));
    assert!(refused.body["message"].as_str().unwrap().contains("secondary rate limit"));
    // GraphQL pays from the same window, reading does not.
    let repository = github.repository("acme", "roadmap").await;
    let query =
        "mutation($r: ID!) { createIssue(input: { repositoryId: $r, title: \"T\" }) { issue { id } } }";
    let answer = github.send(query, json!({ "r": repository })).await.unwrap();
    assert_eq!(answer.status(), 403);
    github.sandbox.clock().advance(Duration::from_millis(59_999));
    assert_eq!(label(&github, 80).await.status, 403);
    github.sandbox.clock().advance(Duration::from_millis(1));
    for number in 80..160 {
        label(&github, number).await.with(201);
    }
    assert_eq!(label(&github, 160).await.status, 403);
}

#[tokio::test]
async fn each_alias_is_a_creation() {
    let limits = Limits { creations: vec![Window { count: 10, seconds: 60 }], ..Limits::none() };
    let github = limited(limits).await;
    let repository = github.repository("acme", "roadmap").await;
    let create = |count: usize| {
        let fields: Vec<String> = (0..count)
            .map(|alias| {
                format!(
                    "a{alias}: createIssue(input: {{repositoryId: $r, title: \"T\"}}) {{ issue {{ id }} }}"
                )
            })
            .collect();
        let query = format!("mutation($r: ID!) {{ {} }}", fields.join(" "));
        let variables = json!({ "r": repository });
        let github = &github;
        async move { github.send(&query, variables).await.unwrap().status().as_u16() }
    };
    assert_eq!(create(6).await, 200);
    assert_eq!(create(5).await, 403, "six and five are more than ten");
    assert_eq!(create(4).await, 200);
    assert_eq!(github.sandbox.world().issues.values().count(), 10);
}

#[tokio::test]
async fn two_thousand_points_a_minute() {
    let limits = Limits { points: vec![Window { count: 12, seconds: 60 }], ..Limits::none() };
    let github = limited(limits).await;
    let mutation = "mutation { updateIssue(input: { id: \"I_x\", title: \"T\" }) { issue { id } } }";
    for _ in 0..2 {
        assert_eq!(github.send(mutation, json!({})).await.unwrap().status(), 200);
    }
    for expected in [200, 200, 403] {
        assert_eq!(github.send("{ viewer { login } }", json!({})).await.unwrap().status(), expected);
    }
    github.sandbox.clock().advance(Duration::from_mins(1));
    assert_eq!(github.send(mutation, json!({})).await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_hour_s_budget_runs_out_and_comes_back() {
    let limits = Limits { hourly: Hourly { graphql: Some(3), core: Some(2) }, ..Limits::none() };
    let github = limited(limits).await;
    for left in ["2", "1", "0"] {
        let answer = github.send("{ viewer { login } rateLimit { remaining } }", json!({})).await.unwrap();
        assert_eq!(answer.headers()["x-ratelimit-remaining"], left);
        assert_eq!(answer.headers()["x-ratelimit-limit"], "3");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["data"]["rateLimit"]["remaining"].to_string(), left);
    }
    let answer = github.send("{ viewer { login } }", json!({})).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["x-ratelimit-remaining"].as_bytes()),
        (200, &b"0"[..])
    );
    let reset: i64 = answer.headers()["x-ratelimit-reset"].to_str().unwrap().parse().unwrap();
    assert_eq!(reset, github.sandbox.clock().now().as_second() + 3_600);
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["errors"][0]["type"], body.get("data")), (&json!("RATE_LIMITED"), None));
    for status in [200, 200, 403] {
        assert_eq!(github.rest("GET", "/user", Value::Null).await.status, status);
    }
    assert_eq!(github.rest("GET", "/rate_limit", Value::Null).await.status, 200, "asking is free");
    github.sandbox.clock().advance(Duration::from_hours(1));
    assert_eq!(github.rest("GET", "/user", Value::Null).await.status, 200);
    let answer = github.send("{ viewer { login } }", json!({})).await.unwrap();
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_at_once_are_refused() {
    let github = limited(Limits { concurrent: Some(1), ..Limits::none() }).await;
    let rule = json!({ "match": { "on": "query" }, "effect": { "slow": { "ms": 1_500 } } });
    github.rest("POST", "/_sandbox/faults", rule).await.with(200);
    let slow = github.send("{ viewer { login } }", json!({}));
    let fast = async {
        // Until the slow one is under way.
        while github.rest("GET", "/_sandbox/faults", Value::Null).await.body[0]["seen"] == 0 {
            tokio::task::yield_now().await;
        }
        github.rest("GET", "/user", Value::Null).await
    };
    let (slow, fast) = tokio::join!(slow, fast);
    assert_eq!((slow.unwrap().status().as_u16(), fast.status), (200, 403));
    assert_eq!(github.rest("GET", "/user", Value::Null).await.status, 200);
}

#[tokio::test]
async fn a_run_inside_the_windows_is_never_refused() {
    let github = limited(Limits::github()).await;
    let clock = github.sandbox.clock();
    let mut sent: Vec<jiff::Timestamp> = Vec::new();
    for number in 0..600 {
        // The pace of a client that knows the windows and nothing else.
        loop {
            let now = clock.now();
            let within =
                |seconds: i64| sent.iter().filter(|at| now.duration_since(**at).as_secs() < seconds).count();
            if within(60) < 80 && within(3_600) < 500 {
                break;
            }
            clock.advance(Duration::from_secs(1));
        }
        sent.push(clock.now());
        label(&github, number).await.with(201);
        clock.advance(Duration::from_millis(100));
    }
}
