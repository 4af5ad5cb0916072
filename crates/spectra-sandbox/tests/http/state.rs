//! The state file.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use spectra_sandbox::{Clock, Config, Sandbox, Seed, StartError, StateError};

use super::support::{Fixture, start_with};

async fn open(state: &Path) -> Fixture {
    start_with(|config| config.state = Some(state.to_owned())).await
}

async fn titles(github: &Fixture) -> Vec<String> {
    let query =
        "{ repository(owner: \"acme\", name: \"roadmap\") { issues(first: 100) { nodes { title } } } }";
    let data = github.data(query, json!({})).await;
    let nodes = data["repository"]["issues"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn two_sandboxes_on_one_file_see_each_others_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/github.json");
    let (one, two) = (open(&path).await, open(&path).await);
    one.issue("A").await;
    two.issue("B").await;
    one.issue("C").await;
    for github in [&one, &two] {
        assert_eq!(titles(github).await, ["A", "B", "C"]);
    }
    one.sandbox.stop().await.unwrap();
    let three = open(&path).await;
    assert_eq!(titles(&three).await, ["A", "B", "C"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("github.json");
    let writers = [Arc::new(open(&path).await), Arc::new(open(&path).await)];
    let repository = writers[0].repository("acme", "roadmap").await;
    let mut tasks = Vec::new();
    for number in 0..20 {
        let (github, repository) = (Arc::clone(&writers[number % 2]), repository.clone());
        tasks.push(tokio::spawn(async move {
            let input = json!({ "repositoryId": repository, "title": format!("{number}") });
            github.mutate("createIssue", input, "issue { id }").await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut seen = titles(&writers[0]).await;
    seen.sort_by_key(|title| title.parse::<u32>().unwrap());
    assert_eq!(seen, (0..20).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_was_answered_is_in_the_file_and_time_does_not_go_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("github.json");
    let github = open(&path).await;
    github.sandbox.clock().advance(Duration::from_hours(1));
    github.issue("A").await;
    drop(github);
    let again = open(&path).await;
    assert_eq!(titles(&again).await, ["A"]);
    assert_eq!(again.sandbox.clock().now().to_string(), "2026-11-01T13:00:00Z");
}

#[tokio::test]
async fn a_file_that_makes_no_sense_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("github.json");
    for text in ["not json", "{\"format\": 99}", "{\"format\": 1}"] {
        std::fs::write(&path, text).unwrap();
        let config = Config {
            state: Some(path.clone()),
            clock: Clock::real_with_offset(),
            ..Config::in_process(Seed::new("octocat"))
        };
        let error = Sandbox::start(config).await.unwrap_err();
        let StartError::State { source } = error else { panic!("{error:?}") };
        assert!(matches!(source, StateError::Malformed { .. } | StateError::Format { .. }), "{source:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn a_file_broken_meanwhile_is_reported_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("github.json");
    let github = open(&path).await;
    std::fs::write(&path, "broken").unwrap();
    let answer = github.send("{ viewer { login } }", json!({})).await.unwrap();
    assert_eq!(answer.status(), 500);
    assert!(answer.text().await.unwrap().contains("is not a sandbox's state"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "broken");
}

#[tokio::test]
async fn many_issues_do_not_take_long_even_with_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let github = open(&folder.path().join("github.json")).await;
    let project = github.project().await;
    let repository = github.repository("acme", "roadmap").await;
    let begun = Instant::now();
    for batch in 0..50 {
        let fields: Vec<String> = (0..20)
            .map(|number| {
                let input = format!("{{repositoryId: $r, title: \"{batch}.{number}\", projectV2Ids: [$p]}}");
                format!("a{number}: createIssue(input: {input}) {{ issue {{ id number }} }}")
            })
            .collect();
        let fields = fields.join(" ");
        let query = format!("mutation($r: ID!, $p: ID!) {{ {fields} }}");
        github.data(&query, json!({ "r": repository, "p": project })).await;
    }
    github.sandbox.clock().advance(Duration::from_secs(5));
    let query = "query($p: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 100) { totalCount nodes { fieldValues(first: 20) { nodes { __typename } } } } } } }";
    let data = github.data(query, json!({ "p": project })).await;
    assert_eq!(data["node"]["items"]["totalCount"], 1_000);
    // Generous: it guards against work that grows with the square of what is there.
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn edits_behind_the_clients_back_are_seen_and_snapshots_are_apart() {
    let folder = tempfile::tempdir().unwrap();
    let github = open(&folder.path().join("github.json")).await;
    let issue = github.issue("Before").await;
    let before = github.sandbox.world();
    github.sandbox.edit(|world| {
        let id = spectra_sandbox::world::NodeId::new(issue.as_str());
        world.issues.get_mut(&id).unwrap().title = "After".to_owned();
    });
    assert_eq!(titles(&github).await, ["After"]);
    assert_eq!(before.issues.values().next().unwrap().title, "Before");
}
