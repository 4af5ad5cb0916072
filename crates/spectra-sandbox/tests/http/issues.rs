//! Issues, labels and the hierarchy.

use serde_json::{Value, json};

use spectra_sandbox::world::repository::Permission;

use super::support::{start, start_with};

const LOOK: &str = "query($id: ID!) { node(id: $id) { ... on Issue { number title body state stateReason closed url
    labels(first: 10) { nodes { name } } assignees(first: 5) { nodes { login } }
    parent { title } subIssues(first: 10) { nodes { title } } subIssuesSummary { total completed percentCompleted }
    blockedBy(first: 1) { totalCount } author { login } repository { nameWithOwner } } } }";

#[tokio::test]
async fn an_issue_is_made_changed_closed_and_reopened() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let query = "query($id: ID!) { viewer { id } node(id: $id) { ... on Repository { labels(first: 20) { nodes { id name color isDefault } } } } }";
    let data = github.data(query, json!({ "id": repository })).await;
    let labels = data["node"]["labels"]["nodes"].clone();
    assert_eq!(
        labels[0],
        json!({ "id": labels[0]["id"], "name": "bug", "color": "d73a4a", "isDefault": true })
    );
    let input = json!({ "repositoryId": repository, "title": "One", "body": "Text",
        "labelIds": [labels[0]["id"], labels[3]["id"]], "assigneeIds": [data["viewer"]["id"]] });
    let made =
        github.mutate("createIssue", input, "issue { id projectItems(first: 5) { totalCount } }").await;
    let id = made["issue"]["id"].clone();
    let seen = github.data(LOOK, json!({ "id": id })).await["node"].clone();
    assert_eq!(seen["url"], "https://github.com/acme/roadmap/issues/1");
    assert_eq!(seen["labels"]["nodes"], json!([{ "name": "bug" }, { "name": "enhancement" }]));
    assert_eq!(seen["assignees"]["nodes"], json!([{ "login": "octocat" }]));
    assert_eq!((&seen["state"], &seen["stateReason"]), (&json!("OPEN"), &Value::Null));

    let input = json!({ "id": id, "title": "Two", "labelIds": [labels[8]["id"]], "assigneeIds": [] });
    github.mutate("updateIssue", input, "issue { id } actor { login }").await;
    github.mutate("closeIssue", json!({ "issueId": id, "stateReason": "NOT_PLANNED" }), "issue { id }").await;
    let seen = github.data(LOOK, json!({ "id": id })).await["node"].clone();
    assert_eq!(seen["title"], "Two");
    assert_eq!(seen["body"], "Text");
    assert_eq!(seen["labels"]["nodes"], json!([{ "name": "wontfix" }]));
    assert_eq!(seen["assignees"]["nodes"], json!([]));
    assert_eq!((&seen["state"], &seen["stateReason"]), (&json!("CLOSED"), &json!("NOT_PLANNED")));
    github.mutate("reopenIssue", json!({ "issueId": id }), "issue { id }").await;
    let seen = github.data(LOOK, json!({ "id": id })).await["node"].clone();
    assert_eq!((&seen["state"], &seen["stateReason"]), (&json!("OPEN"), &json!("REOPENED")));

    let both = json!({ "id": id, "labelIds": [], "labels": [] });
    assert_eq!(github.refused("updateIssue", both).await.0, "VALIDATION");
    let long = json!({ "repositoryId": repository, "title": "x".repeat(257) });
    assert_eq!(github.refused("createIssue", long).await.1, "title is too long (maximum is 256 characters)");
    let long = json!({ "repositoryId": repository, "title": "x", "body": "x".repeat(65_537) });
    assert_eq!(github.refused("createIssue", long).await.1, "Body is too long (maximum is 65536 characters)");
    github.mutate("deleteIssue", json!({ "issueId": id }), "repository { id }").await;
    let next = github.issue("After").await;
    let seen = github.data(LOOK, json!({ "id": next })).await["node"].clone();
    assert_eq!(seen["number"], 2, "numbers are not reused");
}

#[tokio::test]
async fn labels_are_unique_in_any_case_and_leave_issues_when_deleted() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let input = json!({ "repositoryId": repository, "name": "Area: core", "color": "ABCDEF" });
    let label =
        github.mutate("createLabel", input.clone(), "label { id name color description }").await["label"]
            .clone();
    assert_eq!(label["color"], "abcdef");
    let mut twin = input;
    twin["name"] = json!("AREA: core");
    assert_eq!(github.refused("createLabel", twin).await.1, "Name has already been taken");
    let odd = json!({ "repositoryId": repository, "name": "x", "color": "#abcdef" });
    assert_eq!(github.refused("createLabel", odd).await.0, "UNPROCESSABLE");
    let input = json!({ "id": label["id"], "name": "area: core", "description": "The middle" });
    let renamed = github.mutate("updateLabel", input, "label { name description color }").await;
    assert_eq!(
        renamed["label"],
        json!({ "name": "area: core", "description": "The middle", "color": "abcdef" })
    );
    let issue = github.issue("One").await;
    let add = json!({ "labelableId": issue, "labelIds": [label["id"], label["id"]] });
    let added =
        github.mutate("addLabelsToLabelable", add, "labelable { labels(first: 5) { nodes { name } } }").await;
    assert_eq!(added["labelable"]["labels"]["nodes"], json!([{ "name": "area: core" }]));
    github.mutate("deleteLabel", json!({ "id": label["id"] }), "clientMutationId").await;
    let seen = github.data(LOOK, json!({ "id": issue })).await["node"].clone();
    assert_eq!(seen["labels"]["nodes"], json!([]));
}

#[tokio::test]
async fn the_hierarchy_is_a_forest() {
    let github = start().await;
    let (top, part, other) =
        (github.issue("Top").await, github.issue("Part").await, github.issue("Other").await);
    let add = |parent: &str, part: &str| json!({ "issueId": parent, "subIssueId": part });
    let added = github.mutate("addSubIssue", add(&top, &part), "issue { title } subIssue { title }").await;
    assert_eq!(added, json!({ "issue": { "title": "Top" }, "subIssue": { "title": "Part" } }));
    let taken = "An error occurred while adding the sub-issue to the parent issue. \
                 Issue may not contain duplicate sub-issues and Sub issue may only have one parent";
    assert_eq!(github.refused("addSubIssue", add(&top, &part)).await.1, taken);
    assert_eq!(github.refused("addSubIssue", add(&other, &part)).await.1, taken);
    assert_eq!(github.refused("addSubIssue", add(&part, &top)).await.0, "VALIDATION");
    let mut take = add(&other, &part);
    take["replaceParent"] = json!(true);
    github.mutate("addSubIssue", take, "issue { id }").await;
    let seen = github.data(LOOK, json!({ "id": part })).await["node"].clone();
    assert_eq!(seen["parent"], json!({ "title": "Other" }));
    github.mutate("addSubIssue", add(&other, &top), "issue { id }").await;
    let swap = json!({ "issueId": other, "subIssueId": top, "beforeId": part });
    let swapped = github
        .mutate("reprioritizeSubIssue", swap, "issue { subIssues(first: 5) { nodes { title } } }")
        .await;
    assert_eq!(swapped["issue"]["subIssues"]["nodes"], json!([{ "title": "Top" }, { "title": "Part" }]));
    github.mutate("closeIssue", json!({ "issueId": part }), "issue { id }").await;
    let seen = github.data(LOOK, json!({ "id": other })).await["node"].clone();
    assert_eq!(seen["subIssuesSummary"], json!({ "total": 2, "completed": 1, "percentCompleted": 50 }));
    github.mutate("removeSubIssue", add(&other, &part), "issue { id } subIssue { id }").await;
    assert_eq!(github.data(LOOK, json!({ "id": part })).await["node"]["parent"], Value::Null);
    let far = github.repository("solo", "notes").await;
    let far =
        github.mutate("createIssue", json!({ "repositoryId": far, "title": "Far" }), "issue { id }").await;
    let far = far["issue"]["id"].as_str().unwrap().to_owned();
    assert_eq!(github.refused("addSubIssue", add(&top, &far)).await.0, "VALIDATION");
}

#[tokio::test]
async fn a_parent_has_room_for_a_hundred_and_eight_levels() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let top = github.issue("Top").await;
    for number in 0..100 {
        let input = json!({ "repositoryId": repository, "title": format!("{number}"), "parentIssueId": top });
        github.mutate("createIssue", input, "issue { id }").await;
    }
    let input = json!({ "repositoryId": repository, "title": "One too many", "parentIssueId": top });
    assert_eq!(github.refused("createIssue", input).await.1, "Parent cannot have more than 100 sub-issues");
    let query = "query($id: ID!) { node(id: $id) { ... on Repository { issues { totalCount } } } }";
    let count = github.data(query, json!({ "id": repository })).await["node"]["issues"]["totalCount"].clone();
    assert_eq!(count, 101, "a refused creation creates nothing");
    let mut deepest = github.issue("0").await;
    for level in 1..=8 {
        let input =
            json!({ "repositoryId": repository, "title": format!("{level}"), "parentIssueId": deepest });
        let made = github.mutate("createIssue", input, "issue { id }").await;
        deepest = made["issue"]["id"].as_str().unwrap().to_owned();
    }
    let input = json!({ "repositoryId": repository, "title": "9", "parentIssueId": deepest });
    assert_eq!(github.refused("createIssue", input).await.0, "VALIDATION");
}

#[tokio::test]
async fn lists_of_issues_are_filtered_and_ordered() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    for title in ["A", "B", "C"] {
        github.issue(title).await;
    }
    let query = "query($id: ID!) { node(id: $id) { ... on Repository {
        open: issues(first: 5, states: OPEN, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { title } }
        closed: issues(first: 5, states: [CLOSED]) { nodes { title } }
        labelled: issues(first: 5, labels: [\"BUG\"]) { nodes { title } }
        mine: issues(first: 5, filterBy: {createdBy: \"octocat\", assignee: null}) { totalCount }
        one: issue(number: 2) { title } } } }";
    let seen = github.data(query, json!({ "id": repository })).await["node"].clone();
    assert_eq!(seen["open"]["nodes"], json!([{ "title": "C" }, { "title": "B" }, { "title": "A" }]));
    assert_eq!(seen["closed"]["nodes"], json!([]));
    assert_eq!(seen["labelled"]["nodes"], json!([]));
    assert_eq!(seen["mine"]["totalCount"], 3);
    assert_eq!(seen["one"]["title"], "B");
}

#[tokio::test]
async fn a_reader_may_not_label_and_is_not_told_when_labels_are_dropped() {
    let github = start_with(|config| {
        for repository in &mut config.seed.repositories {
            repository.viewer_permission = Permission::Read;
        }
    })
    .await;
    let repository = github.repository("acme", "roadmap").await;
    let input = json!({ "repositoryId": repository, "name": "x", "color": "000000" });
    let message = "octocat does not have the correct permissions to execute `CreateLabel`";
    assert_eq!(github.refused("createLabel", input).await, ("FORBIDDEN".to_owned(), message.to_owned()));
    let query = "query($id: ID!) { node(id: $id) { ... on Repository { label(name: \"bug\") { id } } } }";
    let bug = github.data(query, json!({ "id": repository })).await["node"]["label"]["id"].clone();
    let input = json!({ "repositoryId": repository, "title": "One", "labelIds": [bug] });
    let made = github.mutate("createIssue", input, "issue { id labels(first: 5) { totalCount } }").await;
    assert_eq!(made["issue"]["labels"]["totalCount"], 0);
}
