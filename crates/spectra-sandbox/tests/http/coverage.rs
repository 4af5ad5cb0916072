//! Every field of the types that the sandbox models answers as the schema says, or says that it is not modelled.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::support::{Fixture, start};

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
    github
        .mutate("addComment", json!({ "subjectId": issue, "body": "Hm" }), "commentEdge { node { id } }")
        .await;
    let ids = "query($p: ID!, $i: ID!, $r: ID!) { viewer { id } organization(login: \"acme\") { id }
        i: node(id: $i) { ... on Issue { comments(first: 1) { nodes { id } } } }
        r: node(id: $r) { ... on Repository { labels(first: 1) { nodes { id } } issueTypes(first: 1) { nodes { id } } } }
        p: node(id: $p) { ... on ProjectV2 { views(first: 1) { nodes { id } } workflows(first: 1) { nodes { id } }
            fields(first: 3) { nodes { ... on ProjectV2FieldCommon { id } } }
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
