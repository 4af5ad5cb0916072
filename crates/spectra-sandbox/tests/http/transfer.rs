//! Issues that move to another repository.

use serde_json::{Value, json};

use super::support::{Fixture, start_with};

async fn two_repositories() -> Fixture {
    start_with(|config| config.seed = std::mem::take(&mut config.seed).repository("acme", "other")).await
}

#[tokio::test]
async fn an_issue_moves_with_what_belongs_to_it() {
    let github = two_repositories().await;
    let (here, there) =
        (github.repository("acme", "roadmap").await, github.repository("acme", "other").await);
    let own = json!({ "repositoryId": here, "name": "only-here", "color": "123456" });
    let own = github.mutate("createLabel", own, "label { id }").await["label"]["id"].clone();
    let query = "query($r: ID!) { node(id: $r) { ... on Repository { label(name: \"bug\") { id } } } }";
    let bug = github.data(query, json!({ "r": here })).await["node"]["label"]["id"].clone();
    let project = github.project().await;
    let (top, part) = (github.issue("Top").await, github.issue("Part").await);
    let input = json!({ "id": part, "labelIds": [own, bug] });
    github.mutate("updateIssue", input, "issue { id }").await;
    github.mutate("addComment", json!({ "subjectId": part, "body": "Hm" }), "subject { id }").await;
    github.mutate("addSubIssue", json!({ "issueId": top, "subIssueId": part }), "issue { id }").await;
    github.mutate("addBlockedBy", json!({ "issueId": top, "blockingIssueId": part }), "issue { id }").await;
    let item = github.item(&project, &part).await;

    let shown = "issue { id number url labels(first: 5) { nodes { name } } comments(first: 5) { nodes { body issue { number } } }
        parent { title } projectItems(first: 5) { nodes { id } } timelineItems(last: 1) { nodes { ... on TransferredEvent { fromRepository { name } } } } }";
    let moved = github
        .mutate("transferIssue", json!({ "issueId": part, "repositoryId": there }), shown)
        .await["issue"]
        .clone();
    assert_ne!(moved["id"], json!(part));
    assert_eq!(moved["url"], "https://github.com/acme/other/issues/1");
    assert_eq!(moved["labels"]["nodes"], json!([{ "name": "bug" }]));
    assert_eq!(moved["comments"]["nodes"], json!([{ "body": "Hm", "issue": { "number": 1 } }]));
    assert_eq!(moved["parent"]["title"], "Top");
    assert_eq!(moved["projectItems"]["nodes"], json!([{ "id": item }]));
    assert_eq!(moved["timelineItems"]["nodes"], json!([{ "fromRepository": { "name": "roadmap" } }]));

    let query = "query($old: ID!, $top: ID!, $item: ID!) { node(id: $old) { id }
        top: node(id: $top) { ... on Issue { subIssues(first: 5) { nodes { id } } blockedBy(first: 5) { nodes { id } } } }
        item: node(id: $item) { ... on ProjectV2Item { content { ... on Issue { number } } } }
        repository(owner: \"acme\", name: \"roadmap\") { issues(first: 5) { nodes { title } } } }";
    let seen = github.data(query, json!({ "old": part, "top": top, "item": item })).await;
    assert_eq!(seen["node"]["id"], moved["id"], "the old id leads to the issue");
    assert_eq!(seen["top"]["subIssues"]["nodes"], json!([{ "id": moved["id"] }]));
    assert_eq!(seen["top"]["blockedBy"]["nodes"], json!([{ "id": moved["id"] }]));
    assert_eq!(seen["item"]["content"]["number"], 1);
    assert_eq!(seen["repository"]["issues"]["nodes"], json!([{ "title": "Top" }]));
    let closed = github.mutate("closeIssue", json!({ "issueId": part }), "issue { number closed }").await;
    assert_eq!(closed["issue"], json!({ "number": 1, "closed": true }));

    let back = json!({ "issueId": moved["id"], "repositoryId": here, "createLabelsIfMissing": true });
    let back = github.mutate("transferIssue", back, "issue { number }").await;
    assert_eq!(back["issue"]["number"], 3, "numbers are not used twice");
}

#[tokio::test]
async fn missing_labels_are_made_when_asked_for_and_strangers_get_nothing() {
    let github = two_repositories().await;
    let (here, there) =
        (github.repository("acme", "roadmap").await, github.repository("acme", "other").await);
    let own = json!({ "repositoryId": here, "name": "only-here", "color": "123456" });
    let own = github.mutate("createLabel", own, "label { id }").await["label"]["id"].clone();
    let input = json!({ "repositoryId": here, "title": "One", "labelIds": [own] });
    let issue = github.mutate("createIssue", input, "issue { id }").await["issue"]["id"].clone();
    for target in [github.repository("solo", "notes").await, here] {
        let input = json!({ "issueId": issue, "repositoryId": target });
        assert_eq!(github.refused("transferIssue", input).await.0, "UNPROCESSABLE");
    }
    let input = json!({ "issueId": issue, "repositoryId": there, "createLabelsIfMissing": true });
    let moved =
        github.mutate("transferIssue", input, "issue { labels(first: 5) { nodes { name color } } }").await;
    let labels: &Value = &moved["issue"]["labels"]["nodes"];
    assert_eq!(*labels, json!([{ "name": "only-here", "color": "123456" }]));
}
