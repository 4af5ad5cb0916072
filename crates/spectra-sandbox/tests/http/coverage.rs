//! Every field of the types that the sandbox models answers as the schema says, or says that it is not modelled.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spectra_sandbox::SeedTeam;
use spectra_sandbox::world::NodeId;

use super::support::{Fixture, start, start_with};

const TYPE: &str = "query($name: String!) { __type(name: $name) { fields(includeDeprecated: true) { name
    args { name defaultValue type { kind } } type { ...t ofType { ...t ofType { ...t ofType { ...t } } } } } } }
    fragment t on __Type { kind name }";

#[tokio::test]
async fn no_field_answers_with_anything_but_the_schemas_type() {
    let github = start().await;
    let project = github.project().await;
    let issue = github.issue("One").await;
    let item = github.item(&project, &issue).await;
    let repository = github.repository("acme", "roadmap").await;
    let draft = json!({ "projectId": project, "title": "Draft" });
    github.mutate("addProjectV2DraftIssue", draft, "projectItem { id }").await;
    let update = json!({ "projectId": project, "body": "Fine" });
    github.mutate("createProjectV2StatusUpdate", update, "statusUpdate { id }").await;
    let iteration = json!({ "projectId": project, "name": "Sprint", "dataType": "ITERATION" });
    github.mutate("createProjectV2Field", iteration, "clientMutationId").await;
    let areas = json!({ "projectId": project, "name": "Areas", "dataType": "MULTI_SELECT",
        "multiSelectOptions": [{ "name": "Core", "color": "RED", "description": "" }] });
    github.mutate("createProjectV2Field", areas, "clientMutationId").await;
    github
        .mutate("addComment", json!({ "subjectId": issue, "body": "Hm" }), "commentEdge { node { id } }")
        .await;
    let ids = "query($p: ID!, $i: ID!, $r: ID!) { viewer { id } organization(login: \"acme\") { id }
        i: node(id: $i) { ... on Issue { comments(first: 1) { nodes { id } } } }
        r: node(id: $r) { ... on Repository { labels(first: 1) { nodes { id } } issueTypes(first: 1) { nodes { id } } } }
        p: node(id: $p) { ... on ProjectV2 { views(first: 1) { nodes { id } } workflows(first: 1) { nodes { id } }
            statusUpdates(first: 1) { nodes { id } }
            fields(first: 20) { nodes { ... on ProjectV2FieldCommon { id } } }
            items(first: 2) { nodes { content { ... on DraftIssue { id } } } } } } }";
    let found = github.data(ids, json!({ "p": project, "i": issue, "r": repository })).await;
    let at =
        |pointer: &str| found.pointer(pointer).unwrap_or_else(|| panic!("{pointer} in {found:#}")).clone();
    let nodes = [
        ("ProjectV2", json!(project)),
        ("Issue", json!(issue)),
        ("ProjectV2Item", json!(item)),
        ("Repository", json!(repository)),
        ("User", at("/viewer/id")),
        ("Organization", at("/organization/id")),
        ("IssueComment", at("/i/comments/nodes/0/id")),
        ("Label", at("/r/labels/nodes/0/id")),
        ("IssueType", at("/r/issueTypes/nodes/0/id")),
        ("ProjectV2View", at("/p/views/nodes/0/id")),
        ("ProjectV2Workflow", at("/p/workflows/nodes/0/id")),
        ("ProjectV2Field", at("/p/fields/nodes/0/id")),
        ("ProjectV2SingleSelectField", at("/p/fields/nodes/2/id")),
        ("ProjectV2StatusUpdate", at("/p/statusUpdates/nodes/0/id")),
        ("ProjectV2IterationField", at("/p/fields/nodes/13/id")),
        ("ProjectV2MultiSelectField", at("/p/fields/nodes/14/id")),
        ("DraftIssue", at("/p/items/nodes/1/content/id")),
    ];
    let mut modelled = BTreeMap::new();
    for (name, id) in nodes {
        modelled.insert(name, sweep(&github, name, &id).await);
    }
    // What the sandbox is for is answered whole.
    for (name, unmodelled) in &modelled {
        if !["User", "Organization", "Repository", "Issue", "IssueComment"].contains(name) {
            assert_eq!(unmodelled, &Vec::<String>::new(), "{name}");
        }
    }
    let issue = &modelled["Issue"];
    assert!(issue.len() < 8, "{issue:?}");
}

#[tokio::test]
async fn what_surrounds_an_issue_is_answered_whole() {
    let github = start_with(|config| {
        let team = SeedTeam { slug: "core".to_owned(), name: None, members: Vec::new() };
        config.seed.organizations[0].teams.push(team);
    })
    .await;
    let repository = NodeId::new(github.repository("acme", "roadmap").await);
    let due = "2026-12-01T12:00:00Z".parse().ok();
    let milestone =
        github.sandbox.edit(|world| world.add_milestone(&repository, "v1", None, due)).unwrap().to_string();
    let (one, two) = (github.issue("One").await, github.issue("Two").await);
    let known = "{ organization(login: \"acme\") { team(slug: \"core\") { id } } viewer { id }
        repository(owner: \"acme\", name: \"roadmap\") { label(name: \"bug\") { id } issueType(name: \"Bug\") { id } } }";
    let known = github.data(known, json!({})).await;
    let change = json!({ "id": one, "title": "Uno", "body": "New", "labelIds": [known["repository"]["label"]["id"]],
        "assigneeIds": [known["viewer"]["id"]], "milestoneId": milestone, "issueTypeId": known["repository"]["issueType"]["id"] });
    github.mutate("updateIssue", change, "issue { id }").await;
    let empty =
        json!({ "id": one, "labelIds": [], "assigneeIds": [], "milestoneId": null, "issueTypeId": null });
    github.mutate("updateIssue", empty, "issue { id }").await;
    let project = github.project().await;
    let item = github.item(&project, &one).await;
    github
        .mutate("deleteProjectV2Item", json!({ "projectId": project, "itemId": item }), "deletedItemId")
        .await;
    let pair = json!({ "issueId": one, "subIssueId": two });
    for name in ["addSubIssue", "removeSubIssue"] {
        github.mutate(name, pair.clone(), "issue { id }").await;
    }
    let pair = json!({ "issueId": one, "blockingIssueId": two });
    for name in ["addBlockedBy", "removeBlockedBy"] {
        github.mutate(name, pair.clone(), "issue { id }").await;
    }
    for name in ["lockLockable", "unlockLockable"] {
        github.mutate(name, json!({ "lockableId": one }), "clientMutationId").await;
    }
    let close = json!({ "issueId": one, "stateReason": "DUPLICATE", "duplicateIssueId": two });
    github.mutate("closeIssue", close, "issue { id }").await;
    github.mutate("reopenIssue", json!({ "issueId": one }), "issue { id }").await;
    for name in ["pinIssue", "unpinIssue", "pinIssue"] {
        github.mutate(name, json!({ "issueId": one }), "issue { id }").await;
    }
    let comment = github
        .mutate("addComment", json!({ "subjectId": one, "body": "Hm" }), "commentEdge { node { id } }")
        .await;
    github
        .mutate(
            "deleteIssueComment",
            json!({ "id": comment["commentEdge"]["node"]["id"] }),
            "clientMutationId",
        )
        .await;

    let mut all = vec![
        ("Team".to_owned(), known["organization"]["team"]["id"].clone()),
        ("Milestone".to_owned(), json!(milestone)),
    ];
    let query = "query($one: ID!, $two: ID!) {
        one: node(id: $one) { ... on Issue { timelineItems(first: 100) { nodes { __typename ... on Node { id } } } repository { pinnedIssues(first: 1) { nodes { id } } } } }
        two: node(id: $two) { ... on Issue { timelineItems(first: 100) { nodes { __typename ... on Node { id } } } } } }";
    let seen = github.data(query, json!({ "one": one, "two": two })).await;
    all.push(("PinnedIssue".to_owned(), seen["one"]["repository"]["pinnedIssues"]["nodes"][0]["id"].clone()));
    for timeline in [&seen["one"]["timelineItems"]["nodes"], &seen["two"]["timelineItems"]["nodes"]] {
        for event in timeline.as_array().unwrap() {
            all.push((event["__typename"].as_str().unwrap().to_owned(), event["id"].clone()));
        }
    }
    assert!(all.len() > 28, "{all:#?}");
    for (name, id) in &all {
        assert_eq!(sweep(&github, name, id).await, Vec::<String>::new(), "{name}");
    }
}

/// Asks for each field alone; gives the names of those that are not modelled.
async fn sweep(github: &Fixture, name: &str, id: &Value) -> Vec<String> {
    let described = github.data(TYPE, json!({ "name": name })).await;
    let (mut unmodelled, mut defects) = (Vec::new(), Vec::new());
    for field in described["__type"]["fields"].as_array().unwrap() {
        let arguments = field["args"].as_array().unwrap();
        if arguments.iter().any(|one| one["type"]["kind"] == "NON_NULL" && one["defaultValue"].is_null()) {
            continue;
        }
        let mut kind = &field["type"];
        while kind["ofType"].is_object() {
            kind = &kind["ofType"];
        }
        let field = field["name"].as_str().unwrap();
        let connection = arguments.iter().any(|one| one["name"] == "first");
        let selection = match kind["kind"].as_str().unwrap() {
            "SCALAR" | "ENUM" => field.to_owned(),
            _ if connection => {
                format!("{field}(first: 2) {{ totalCount nodes {{ __typename }} pageInfo {{ endCursor }} }}")
            }
            _ => format!("{field} {{ __typename }}"),
        };
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {selection} }} }} }}");
        let body = github.body(&query, json!({ "id": id })).await;
        for error in body["errors"].as_array().into_iter().flatten() {
            if error["type"] == "NOT_MODELLED" {
                unmodelled.push(field.to_owned());
            } else {
                defects.push(format!("{name}.{field}: {}", error["message"]));
            }
        }
    }
    assert_eq!(defects, Vec::<String>::new());
    unmodelled
}
