//! `search`, and how long it takes to see what was written.

use std::time::Duration;

use serde_json::{Value, json};
use spectra_sandbox::world::Behaviour;

use super::support::{Fixture, start, start_with};

async fn search(github: &Fixture, kind: &str, text: &str) -> Vec<String> {
    let query = format!(
        "query($q: String!) {{ search(type: {kind}, first: 50, query: $q) {{ issueCount
            nodes {{ ... on Issue {{ title }} }} pageInfo {{ hasNextPage endCursor }} edges {{ cursor textMatches {{ fragment }} }} }} }}"
    );
    let found = github.data(&query, json!({ "q": text })).await["search"].clone();
    let nodes = found["nodes"].as_array().unwrap();
    assert_eq!(found["issueCount"], nodes.len());
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

async fn immediate() -> Fixture {
    start_with(|config| {
        config.seed.behaviour = Some(Behaviour { search_lag_ms: Some(0), items_lag_ms: 0 });
    })
    .await
}

#[tokio::test]
async fn the_index_lags_behind_the_issues() {
    let github = start().await;
    let issue = github.issue("Apple").await;
    assert_eq!(search(&github, "ISSUE", "repo:acme/roadmap apple").await, Vec::<String>::new());
    github.sandbox.clock().advance(Duration::from_millis(2_001));
    assert_eq!(search(&github, "ISSUE", "repo:acme/roadmap apple").await, ["Apple"]);
    github.mutate("closeIssue", json!({ "issueId": issue }), "issue { id }").await;
    github.mutate("updateIssue", json!({ "id": issue, "title": "Pear" }), "issue { id }").await;
    assert_eq!(
        search(&github, "ISSUE", "is:open apple").await,
        ["Pear"],
        "found by what it was, shown as it is"
    );
    github.sandbox.clock().advance(Duration::from_millis(2_001));
    assert_eq!(search(&github, "ISSUE", "is:open").await, Vec::<String>::new());
    assert_eq!(search(&github, "ISSUE", "is:closed pear").await, ["Pear"]);
    github.mutate("deleteIssue", json!({ "issueId": issue }), "repository { id }").await;
    assert_eq!(search(&github, "ISSUE", "pear").await, Vec::<String>::new());
}

#[tokio::test]
async fn qualifiers_narrow() {
    let github = immediate().await;
    let query = "{ viewer { id } repository(owner: \"acme\", name: \"roadmap\") { id
        bug: label(name: \"bug\") { id } help: label(name: \"help wanted\") { id } issueType(name: \"Bug\") { id } }
        other: repository(owner: \"octocat\", name: \"spoon\") { id } }";
    let known = github.data(query, json!({})).await;
    let repository = &known["repository"];
    let create = |input: Value| github.mutate("createIssue", input, "issue { id }");
    let first = create(json!({ "repositoryId": repository["id"], "title": "Crash on start", "body": "See @octocat <!-- key:a-1 -->",
        "labelIds": [repository["bug"]["id"], repository["help"]["id"]], "issueTypeId": repository["issueType"]["id"] }))
    .await;
    github.sandbox.clock().advance(Duration::from_mins(1));
    let second = create(
        json!({ "repositoryId": repository["id"], "title": "Crashes", "assigneeIds": [known["viewer"]["id"]],
        "parentIssueId": first["issue"]["id"] }),
    )
    .await;
    create(json!({ "repositoryId": known["other"]["id"], "title": "Spoon crash" })).await;
    let project = github.project().await;
    github.item(&project, second["issue"]["id"].as_str().unwrap()).await;

    for (text, expected) in [
        ("crash", vec!["Spoon crash", "Crash on start"]),
        ("crash sort:created-asc", vec!["Crash on start", "Spoon crash"]),
        ("repo:acme/roadmap", vec!["Crashes", "Crash on start"]),
        ("repo:acme/roadmap repo:octocat/spoon crash", vec!["Spoon crash", "Crash on start"]),
        ("org:acme label:bug", vec!["Crash on start"]),
        ("user:octocat", vec!["Spoon crash"]),
        ("label:\"help wanted\" label:bug", vec!["Crash on start"]),
        ("-label:bug org:acme", vec!["Crashes"]),
        ("\"on start\"", vec!["Crash on start"]),
        ("\"start on\"", vec![]),
        ("octocat in:body", vec!["Crash on start"]),
        ("octocat in:title", vec![]),
        ("\"key:a-1\" in:body", vec!["Crash on start"]),
        ("author:@me assignee:octocat", vec!["Crashes"]),
        ("no:assignee org:acme", vec!["Crash on start"]),
        ("no:label org:acme", vec!["Crashes"]),
        ("type:Bug", vec!["Crash on start"]),
        ("type:issue org:acme is:issue", vec!["Crashes", "Crash on start"]),
        ("is:pr", vec![]),
        ("project:acme/1", vec!["Crashes"]),
        ("no:project org:acme", vec!["Crash on start"]),
        ("parent-issue:acme/roadmap#1", vec!["Crashes"]),
        ("-has:parent org:acme", vec!["Crashes", "Crash on start"]),
        ("mentions:octocat", vec!["Crash on start"]),
        ("created:<2026-11-01T12:00:30Z", vec!["Crash on start"]),
        ("created:2026-11-01 user:octocat", vec!["Spoon crash"]),
        ("repo:acme/nothing", vec![]),
    ] {
        assert_eq!(search(&github, "ISSUE", text).await, expected, "{text}");
    }
    let advanced = "org:acme (label:bug OR assignee:octocat) AND NOT \"on start\"";
    assert_eq!(search(&github, "ISSUE_ADVANCED", advanced).await, ["Crashes"]);
    assert_eq!(
        search(&github, "ISSUE_ADVANCED", "repo:acme/roadmap repo:octocat/spoon").await,
        Vec::<String>::new()
    );

    let query = "query($q: String!) { search(type: ISSUE, first: 1, query: $q) { nodes { __typename } } }";
    assert_eq!(github.refusal(query, json!({ "q": "reactions:>3" })).await.0, "NOT_MODELLED");
}

#[tokio::test]
async fn pages_follow_one_another_and_other_things_are_found() {
    let github = immediate().await;
    for title in ["A", "B", "C"] {
        github.issue(title).await;
    }
    let query = "query($after: String) { search(type: ISSUE, first: 2, after: $after, query: \"repo:acme/roadmap sort:created-asc\") {
        issueCount repositoryCount nodes { ... on Issue { title } } pageInfo { hasNextPage endCursor } } }";
    let first = github.data(query, json!({})).await["search"].clone();
    assert_eq!((&first["issueCount"], &first["repositoryCount"]), (&json!(3), &json!(0)));
    let rest = github.data(query, json!({ "after": first["pageInfo"]["endCursor"] })).await["search"].clone();
    assert_eq!(rest["nodes"], json!([{ "title": "C" }]));
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    let query = "{ repositories: search(type: REPOSITORY, first: 5, query: \"org:acme road\") { repositoryCount nodes { ... on Repository { name } } }
        people: search(type: USER, first: 5, query: \"sol type:user\") { userCount nodes { ... on User { login } } } }";
    let found = github.data(query, json!({})).await;
    assert_eq!(found["repositories"], json!({ "repositoryCount": 1, "nodes": [{ "name": "roadmap" }] }));
    assert_eq!(found["people"], json!({ "userCount": 1, "nodes": [{ "login": "solo" }] }));
}
