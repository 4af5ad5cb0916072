//! What goes wrong on purpose.

use serde_json::{Value, json};
use spectra_sandbox::{Effect, Match, On, Rule, Wording};

use super::support::{Fixture, start};

fn hit(github: &Fixture, effect: Effect) {
    let matches = Match { on: On::Mutation, field: Some("createLabel".to_owned()), ..Match::default() };
    github.sandbox.faults().add(Rule { matches, effect });
}

async fn create(github: &Fixture, repository: &str, name: &str) -> reqwest::Result<reqwest::Response> {
    let query = "mutation($input: CreateLabelInput!) { createLabel(input: $input) { label { id } } }";
    let input = json!({ "repositoryId": repository, "name": name, "color": "000000" });
    github.send(query, json!({ "input": input })).await
}

async fn exists(github: &Fixture, repository: &str, name: &str) -> bool {
    let query =
        "query($r: ID!, $n: String!) { node(id: $r) { ... on Repository { label(name: $n) { id } } } }";
    github.data(query, json!({ "r": repository, "n": name })).await["node"]["label"] != Value::Null
}

#[tokio::test]
async fn a_cut_connection_tells_nothing_of_what_was_done() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    for (name, effect, done) in
        [("before", Effect::CutBeforeCommit, false), ("after", Effect::CutAfterCommit, true)]
    {
        hit(&github, effect);
        let answer = create(&github, &repository, name).await;
        assert!(answer.is_err(), "{name}: {answer:?}");
        assert_eq!(exists(&github, &repository, name).await, done, "{name}");
    }
    let stats = github.sandbox.stats();
    assert_eq!((stats.mutation_requests, stats.mutation_fields), (1, 1));
}

#[tokio::test]
async fn answers_that_are_not_what_they_should_be() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    hit(&github, Effect::BadGatewayAfterCommit);
    let answer = create(&github, &repository, "gateway").await.unwrap();
    assert_eq!(answer.status(), 502);
    assert!(exists(&github, &repository, "gateway").await);
    github.sandbox.faults().clear();
    hit(&github, Effect::MalformedBody);
    let answer = create(&github, &repository, "broken").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.json::<Value>().await.is_err());
    assert!(exists(&github, &repository, "broken").await);
    github.sandbox.faults().clear();
    hit(
        &github,
        Effect::SecondaryRateLimited { retry_after: Some(7), status: None, wording: Wording::SecondaryLimit },
    );
    let answer = create(&github, &repository, "later").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()), (403, &b"7"[..]));
    assert!(answer.text().await.unwrap().contains("secondary rate limit"));
    github.sandbox.faults().clear();
    hit(
        &github,
        Effect::PrimaryExhausted { reset_in: 90, status: None, error_type: Some("RATE_LIMITED".to_owned()) },
    );
    let answer = create(&github, &repository, "later").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["x-ratelimit-remaining"].as_bytes()),
        (200, &b"0"[..])
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["errors"][0]["type"], "RATE_LIMITED");
    github.sandbox.faults().clear();
    hit(
        &github,
        Effect::Refuse {
            status: 503,
            body: "<p>down</p>".to_owned(),
            headers: [("x-why".to_owned(), "test".to_owned())].into(),
        },
    );
    let answer = create(&github, &repository, "later").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["x-why"].as_bytes()), (503, &b"test"[..]));
    assert!(!exists(&github, &repository, "later").await);
}

/// `count` labels in one request, as `a0`, `a1`, …
async fn create_many(github: &Fixture, repository: &str, count: usize) -> reqwest::Result<reqwest::Response> {
    let fields: Vec<String> = (0..count)
        .map(|alias| {
            let input = format!("{{repositoryId: $r, name: \"many {alias}\", color: \"000000\"}}");
            format!("a{alias}: createLabel(input: {input}) {{ label {{ name }} }}")
        })
        .collect();
    let query = format!("mutation($r: ID!) {{ {} }}", fields.join(" "));
    github.send(&query, json!({ "r": repository })).await
}

async fn made(github: &Fixture, repository: &str, count: usize) -> Vec<bool> {
    let mut there = Vec::new();
    for alias in 0..count {
        there.push(exists(github, repository, &format!("many {alias}")).await);
    }
    there
}

#[tokio::test]
async fn a_request_may_run_out_of_resources_half_way() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    hit(&github, Effect::ResourceLimitsExceeded { from: 3 });
    let body: Value = create_many(&github, &repository, 4).await.unwrap().json().await.unwrap();
    assert_eq!((&body["data"]["a1"]["label"]["name"], &body["data"]["a2"]), (&json!("many 1"), &Value::Null));
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2);
    for (error, alias) in errors.iter().zip(["a2", "a3"]) {
        assert_eq!((&error["type"], &error["path"]), (&json!("RESOURCE_LIMITS_EXCEEDED"), &json!([alias])));
    }
    assert_eq!(made(&github, &repository, 4).await, [true, true, false, false]);
}

#[tokio::test]
async fn an_ambiguous_answer_may_follow_any_part_of_the_work() {
    for (effect, status) in [
        (Effect::SomethingWentWrong { after: Some(2) }, Some(200)),
        (Effect::GatewayAfter { status: 504, after: Some(2) }, Some(504)),
        (Effect::CutAfter { after: 2 }, None),
    ] {
        let github = start().await;
        let repository = github.repository("acme", "roadmap").await;
        hit(&github, effect.clone());
        let answer = create_many(&github, &repository, 3).await;
        assert_eq!(answer.as_ref().ok().map(|answer| answer.status().as_u16()), status, "{effect:?}");
        if status == Some(200) {
            let body: Value = answer.unwrap().json().await.unwrap();
            let message = body["errors"][0]["message"].as_str().unwrap();
            assert!(message.starts_with("Something went wrong while executing your query."), "{message}");
            assert_eq!((&body["data"], body["errors"][0].get("type")), (&Value::Null, None));
        }
        assert_eq!(made(&github, &repository, 3).await, [true, true, false], "{effect:?}");
    }
}

#[tokio::test]
async fn a_conflict_does_nothing_and_says_try_again() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    hit(&github, Effect::TemporaryConflict);
    let body: Value = create(&github, &repository, "conflict").await.unwrap().json().await.unwrap();
    assert_eq!(body["data"], json!({ "createLabel": null }));
    assert_eq!(
        body["errors"][0]["message"],
        "Your attempt to move this item created a temporary conflict. Please try again."
    );
    assert!(!exists(&github, &repository, "conflict").await);
    create(&github, &repository, "conflict").await.unwrap();
    assert!(exists(&github, &repository, "conflict").await);
}

#[tokio::test]
async fn limits_are_met_in_each_of_githubs_ways() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let secondary = |status, wording| Effect::SecondaryRateLimited { retry_after: None, status, wording };
    for (effect, status, text) in [
        (secondary(Some(429), Wording::SecondaryLimit), 429, "You have exceeded a secondary rate limit. "),
        (secondary(Some(200), Wording::SecondaryLimit), 200, "You have exceeded a secondary rate limit. "),
        (secondary(None, Wording::ContentCreation), 403, "temporarily blocked from content creation"),
        (secondary(None, Wording::AbuseDetection), 403, "abuse detection"),
        (secondary(None, Wording::SubmittedTooQuickly), 200, "was submitted too quickly"),
        (Effect::SubmittedTooQuickly { from: 1 }, 200, "was submitted too quickly"),
        (Effect::TokenExpired, 401, "Bad credentials"),
        (
            Effect::PrimaryExhausted { reset_in: 9, status: None, error_type: None },
            200,
            "API rate limit already",
        ),
    ] {
        github.sandbox.faults().clear();
        hit(&github, effect.clone());
        let answer = create(&github, &repository, "limited").await.unwrap();
        assert_eq!(answer.status(), status, "{effect:?}");
        assert!(answer.headers().get("retry-after").is_none());
        let body = answer.text().await.unwrap();
        assert!(body.contains(text), "{effect:?}: {body}");
        assert!(!body.contains("RATE_LIMITED"), "{effect:?}: {body}");
        assert!(!exists(&github, &repository, "limited").await, "{effect:?}");
    }
}

#[tokio::test]
async fn lists_lag_from_the_moment_of_the_fault() {
    let github = start().await;
    let project = github.project().await;
    let issue = github.issue("T").await;
    let matches = Match { on: On::Mutation, ..Match::default() };
    github.sandbox.faults().add(Rule { matches, effect: Effect::LaggingLists { ms: 5_000 } });
    github.item(&project, &issue).await;
    let listed = async || {
        let query = "query($p: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 5) { totalCount } } } }";
        github.data(query, json!({ "p": project })).await["node"]["items"]["totalCount"].clone()
    };
    assert_eq!(listed().await, 0);
    github.sandbox.clock().advance(std::time::Duration::from_secs(5));
    assert_eq!(listed().await, 1);
}
