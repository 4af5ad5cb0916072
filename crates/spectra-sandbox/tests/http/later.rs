//! What GitHub does after it has answered.

use std::time::Duration;

use serde_json::{Value, json};
use spectra_sandbox::world::Behaviour;

use super::support::{Fixture, start, start_with};

fn pass(github: &Fixture, ms: u64) {
    github.sandbox.clock().advance(Duration::from_millis(ms));
}

async fn status(github: &Fixture, issue: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Issue { state projectItems(first: 5) { nodes {
        fieldValueByName(name: \"Status\") { ... on ProjectV2ItemFieldSingleSelectValue { name } } } } } } }";
    let node = github.data(query, json!({ "id": issue })).await["node"].clone();
    let items = node["projectItems"]["nodes"].as_array().unwrap().clone();
    json!([
        node["state"],
        items.iter().map(|item| item["fieldValueByName"]["name"].clone()).collect::<Vec<_>>()
    ])
}

#[tokio::test]
async fn an_issue_reaches_the_boards_of_its_creation_later_and_is_to_do() {
    let github = start().await;
    let project = github.project().await;
    let repository = github.repository("acme", "roadmap").await;
    let input = json!({ "repositoryId": repository, "title": "One", "projectV2Ids": [project] });
    let made =
        github.mutate("createIssue", input, "issue { id projectItems(first: 1) { totalCount } }").await;
    assert_eq!(made["issue"]["projectItems"]["totalCount"], 0);
    let issue = made["issue"]["id"].as_str().unwrap();
    pass(&github, 400);
    assert_eq!(status(&github, issue).await, json!(["OPEN", []]));
    pass(&github, 1_500);
    assert_eq!(status(&github, issue).await[1].as_array().unwrap().len(), 1);
    pass(&github, 600);
    assert_eq!(status(&github, issue).await, json!(["OPEN", ["Todo"]]));
}

#[tokio::test]
async fn closing_means_done_and_done_means_closing_unless_the_workflow_is_gone() {
    let github = start().await;
    let project = github.project().await;
    let (one, two, three) = (github.issue("1").await, github.issue("2").await, github.issue("3").await);
    let mut items = Vec::new();
    for issue in [&one, &two, &three] {
        items.push(github.item(&project, issue).await);
    }
    pass(&github, 2_000);
    let field = github.field(&project, "Status").await["id"].clone();
    let done = |item: &str| {
        json!({ "projectId": project, "itemId": item, "fieldId": field,
        "value": { "singleSelectOptionId": "98236657" } })
    };
    github.mutate("closeIssue", json!({ "issueId": one }), "issue { id }").await;
    github.mutate("updateProjectV2ItemFieldValue", done(&items[1]), "projectV2Item { id }").await;
    assert_eq!(status(&github, &one).await, json!(["CLOSED", ["Todo"]]));
    assert_eq!(status(&github, &two).await, json!(["OPEN", ["Done"]]));
    pass(&github, 3_000);
    assert_eq!(status(&github, &one).await, json!(["CLOSED", ["Done"]]));
    assert_eq!(status(&github, &two).await, json!(["CLOSED", ["Done"]]));

    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { workflows(first: 10) { nodes { id name } } } } }";
    let flows = github.data(query, json!({ "id": project })).await["node"]["workflows"]["nodes"].clone();
    let auto = flows.as_array().unwrap().iter().find(|flow| flow["name"] == "Auto-close issue").unwrap();
    let gone = github
        .mutate(
            "deleteProjectV2Workflow",
            json!({ "workflowId": auto["id"] }),
            "deletedWorkflowId projectV2 { id }",
        )
        .await;
    assert_eq!(gone["deletedWorkflowId"], auto["id"]);
    github.mutate("updateProjectV2ItemFieldValue", done(&items[2]), "projectV2Item { id }").await;
    pass(&github, 3_000);
    assert_eq!(status(&github, &three).await, json!(["OPEN", ["Done"]]));
}

#[tokio::test]
async fn a_part_follows_its_parent_onto_the_board() {
    let github = start().await;
    let project = github.project().await;
    let (top, part) = (github.issue("Top").await, github.issue("Part").await);
    github.item(&project, &top).await;
    github.mutate("addSubIssue", json!({ "issueId": top, "subIssueId": part }), "issue { id }").await;
    assert_eq!(status(&github, &part).await, json!(["OPEN", []]));
    pass(&github, 3_000);
    assert_eq!(status(&github, &part).await, json!(["OPEN", ["Todo"]]));
}

#[tokio::test]
async fn a_lagging_list_hides_what_is_there() {
    let github = start_with(|config| {
        config.seed.behaviour = Some(Behaviour { items_lag_ms: 60_000, ..Behaviour::default() });
    })
    .await;
    let project = github.project().await;
    let issue = github.issue("One").await;
    let item = github.item(&project, &issue).await;
    let query =
        "query($p: ID!, $i: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 5) { totalCount } } }
        item: node(id: $i) { id } }";
    let ask = || github.data(query, json!({ "p": project, "i": item }));
    let early = ask().await;
    assert_eq!((&early["node"]["items"]["totalCount"], &early["item"]["id"]), (&json!(0), &json!(item)));
    pass(&github, 60_001);
    assert_eq!(ask().await["node"]["items"]["totalCount"], 1);
}

#[tokio::test]
async fn a_new_item_is_listed_two_seconds_later_where_lists_lag_so() {
    let behaviour = Behaviour { items_lag_ms: 2_000, ..Behaviour::default() };
    let github = start_with(|config| config.seed.behaviour = Some(behaviour)).await;
    let project = github.project().await;
    let issue = github.issue("One").await;
    github.item(&project, &issue).await;
    let query =
        "query($p: ID!, $i: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 5) { totalCount } } }
        issue: node(id: $i) { ... on Issue { projectItems(first: 5) { totalCount } } } }";
    let ask = || github.data(query, json!({ "p": project, "i": issue }));
    let early = ask().await;
    assert_eq!(
        (&early["node"]["items"]["totalCount"], &early["issue"]["projectItems"]["totalCount"]),
        (&json!(0), &json!(1))
    );
    pass(&github, 2_001);
    assert_eq!(ask().await["node"]["items"]["totalCount"], 1);
}
