//! What goes wrong on purpose.

use serde_json::{Value, json};
use spectra_sandbox::{Effect, Match, On, Rule};

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
    hit(&github, Effect::SecondaryRateLimited { retry_after: Some(7) });
    let answer = create(&github, &repository, "later").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()), (403, &b"7"[..]));
    assert!(answer.text().await.unwrap().contains("secondary rate limit"));
    github.sandbox.faults().clear();
    hit(&github, Effect::PrimaryExhausted { reset_in: 90 });
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
