//! What `Issue.timelineItems` tells.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Fixture, start};

async fn timeline(github: &Fixture, issue: &str, arguments: &str) -> Value {
    let query = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on Issue {{ timelineItems(first: 100{arguments}) {{
            totalCount filteredCount pageCount updatedAt nodes {{ __typename
            ... on LabeledEvent {{ actor {{ login }} createdAt label {{ name }} labelable {{ __typename }} }}
            ... on UnlabeledEvent {{ label {{ name }} }}
            ... on RenamedTitleEvent {{ previousTitle currentTitle }}
            ... on ClosedEvent {{ stateReason closer {{ ... on ProjectV2 {{ title }} }} duplicateOf {{ ... on Issue {{ title }} }} }}
            ... on ReopenedEvent {{ stateReason }}
            ... on AssignedEvent {{ assignee {{ ... on User {{ login }} }} }}
            ... on MilestonedEvent {{ milestoneTitle }}
            ... on AddedToProjectV2Event {{ project {{ title }} wasAutomated actor {{ login }} }}
            ... on ProjectV2ItemStatusChangedEvent {{ previousStatus status wasAutomated actor {{ __typename login }} }}
            ... on SubIssueAddedEvent {{ subIssue {{ title }} }}
            ... on ParentIssueAddedEvent {{ parent {{ title }} }}
            ... on BlockedByAddedEvent {{ blockingIssue {{ title }} }}
            ... on IssueTypeAddedEvent {{ issueType {{ name }} }}
            ... on LockedEvent {{ lockReason }}
            ... on IssueComment {{ body }} }} }} }} }} }}"
    );
    github.data(&query, json!({ "id": issue })).await["node"]["timelineItems"].clone()
}

fn kinds(timeline: &Value) -> Vec<&str> {
    timeline["nodes"].as_array().unwrap().iter().map(|node| node["__typename"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn everything_that_happens_is_written_down_in_order() {
    let github = start().await;
    let query =
        "{ viewer { id } repository(owner: \"acme\", name: \"roadmap\") { id bug: label(name: \"bug\") { id }
        issueType(name: \"Bug\") { id } } }";
    let known = github.data(query, json!({})).await;
    let (one, two) = (github.issue("One").await, github.issue("Two").await);
    let change = |input: Value| github.mutate("updateIssue", input, "issue { id }");
    change(json!({ "id": one, "title": "Uno", "body": "New", "labelIds": [known["repository"]["bug"]["id"]],
        "assigneeIds": [known["viewer"]["id"]], "issueTypeId": known["repository"]["issueType"]["id"] }))
    .await;
    github
        .mutate(
            "addComment",
            json!({ "subjectId": one, "body": "Hm" }),
            "timelineEdge { node { __typename } }",
        )
        .await;
    github.mutate("addSubIssue", json!({ "issueId": one, "subIssueId": two }), "issue { id }").await;
    change(json!({ "id": one, "stateInput": { "value": "CLOSED", "stateReason": "DUPLICATE", "duplicateIssueId": two } })).await;
    github.mutate("reopenIssue", json!({ "issueId": one }), "issue { id }").await;
    change(json!({ "id": one, "labels": [], "issueType": { "issueTypeId": null } })).await;
    let lock = json!({ "lockableId": one, "lockReason": "RESOLVED" });
    github.mutate("lockLockable", lock, "lockedRecord { locked activeLockReason }").await;

    let seen = timeline(&github, &one, "").await;
    assert_eq!(
        kinds(&seen),
        [
            "RenamedTitleEvent",
            "LabeledEvent",
            "AssignedEvent",
            "IssueTypeAddedEvent",
            "IssueComment",
            "SubIssueAddedEvent",
            "MarkedAsDuplicateEvent",
            "ClosedEvent",
            "UnmarkedAsDuplicateEvent",
            "ReopenedEvent",
            "UnlabeledEvent",
            "IssueTypeRemovedEvent",
            "LockedEvent",
        ]
    );
    let nodes = &seen["nodes"];
    assert_eq!(nodes[0]["previousTitle"], "One");
    assert_eq!(
        nodes[1],
        json!({ "__typename": "LabeledEvent", "actor": { "login": "octocat" },
        "createdAt": "2026-11-01T12:00:00Z", "label": { "name": "bug" }, "labelable": { "__typename": "Issue" } })
    );
    assert_eq!(nodes[2]["assignee"], json!({ "login": "octocat" }));
    assert_eq!(nodes[7]["stateReason"], "DUPLICATE");
    assert_eq!(nodes[7]["duplicateOf"], json!({ "title": "Two" }));
    assert_eq!(nodes[12]["lockReason"], "RESOLVED");
    assert_eq!(kinds(&timeline(&github, &two, "").await), ["ParentIssueAddedEvent"]);

    let some =
        timeline(&github, &one, ", itemTypes: [LABELED_EVENT, ISSUE_COMMENT, PARENT_ISSUE_ADDED_EVENT]")
            .await;
    assert_eq!(kinds(&some), ["LabeledEvent", "IssueComment"]);
    assert_eq!((&some["totalCount"], &some["pageCount"]), (&json!(2), &json!(2)));
    let some = timeline(&github, &one, ", skip: 11").await;
    assert_eq!(kinds(&some), ["IssueTypeRemovedEvent", "LockedEvent"]);
    assert_eq!((&some["totalCount"], &some["filteredCount"]), (&json!(13), &json!(2)));

    let query = "query($id: ID!) { node(id: $id) { ... on Issue { includesCreatedEdit editor { login }
        userContentEdits(first: 5) { nodes { diff editor { login } } } } } }";
    let edits = github.data(query, json!({ "id": one })).await["node"]["userContentEdits"]["nodes"].clone();
    assert_eq!(edits[0]["diff"], "New");
    assert_eq!(edits[1]["diff"], "");
}

#[tokio::test]
async fn workflows_are_told_from_people() {
    let github = start().await;
    let project = github.project().await;
    let issue = github.issue("One").await;
    let item = github.item(&project, &issue).await;
    github.sandbox.clock().advance(Duration::from_secs(3));
    let status = github.field(&project, "Status").await;
    let done = status["options"].as_array().unwrap().iter().find(|option| option["name"] == "Done").unwrap();
    let input = json!({ "projectId": project, "itemId": item, "fieldId": status["id"],
        "value": { "singleSelectOptionId": done["id"] } });
    github.mutate("updateProjectV2ItemFieldValue", input, "projectV2Item { id }").await;
    github.sandbox.clock().advance(Duration::from_secs(3));
    let seen = timeline(&github, &issue, "").await;
    assert_eq!(
        kinds(&seen),
        [
            "AddedToProjectV2Event",
            "ProjectV2ItemStatusChangedEvent",
            "ProjectV2ItemStatusChangedEvent",
            "ClosedEvent"
        ]
    );
    let nodes = &seen["nodes"];
    assert_eq!(nodes[0]["wasAutomated"], false);
    let first = json!({ "__typename": "ProjectV2ItemStatusChangedEvent", "previousStatus": "", "status": "Todo",
        "wasAutomated": true, "actor": { "__typename": "Bot", "login": "github-project-automation" } });
    assert_eq!(nodes[1], first);
    assert_eq!((&nodes[2]["previousStatus"], &nodes[2]["status"]), (&json!("Todo"), &json!("Done")));
    assert_eq!(nodes[2]["actor"]["login"], "octocat");
    assert_eq!(nodes[3]["closer"], json!({ "title": "Board" }));
}
