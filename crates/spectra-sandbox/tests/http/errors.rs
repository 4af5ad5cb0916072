//! The shapes of errors.

use serde_json::{Value, json};

use super::support::start;

#[tokio::test]
async fn a_malformed_date_refuses_the_whole_request() {
    let github = start().await;
    let project = github.project().await;
    let query = format!("mutation Both {{ a: updateProjectV2(input: {{projectId: \"{project}\", title: \"New\"}}) {{ clientMutationId }}
        b: updateProjectV2ItemFieldValue(input: {{projectId: \"{project}\", itemId: \"i\", fieldId: \"f\", value: {{date: \"soon\"}}}}) {{ clientMutationId }} }}");
    let body = github.body(&query, json!({})).await;
    assert_eq!(body.get("data"), None);
    assert_eq!(body["errors"][0]["path"], json!(["mutation Both", "b", "input", "value", "date"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "argumentLiteralsIncompatible");
    let look = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { title } } }";
    assert_eq!(github.data(look, json!({ "id": project })).await["node"]["title"], "Board");
}

#[tokio::test]
async fn a_failed_alias_is_null_and_what_ran_before_it_stays() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let query = "mutation($r: ID!) {
        first: createLabel(input: {repositoryId: $r, name: \"one\", color: \"000000\"}) { label { name } }
        second: createLabel(input: {repositoryId: $r, name: \"ONE\", color: \"000000\"}) { label { name } }
        third: createLabel(input: {repositoryId: $r, name: \"three\", color: \"000000\"}) { label { name } } }";
    let body = github.body(query, json!({ "r": repository })).await;
    assert_eq!(
        body["data"],
        json!({
        "first": { "label": { "name": "one" } }, "second": null, "third": { "label": { "name": "three" } } })
    );
    assert_eq!(
        body["errors"],
        json!([{
        "type": "UNPROCESSABLE", "path": ["second"], "locations": [{ "line": 3, "column": 9 }],
        "message": "Name has already been taken" }])
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let github = start().await;
    let cases = [
        (
            "{ node(id: \"I_nope\") { id } }",
            json!({ "node": null }),
            "Could not resolve to a node with the global id of 'I_nope'",
        ),
        (
            "{ repository(owner: \"acme\", name: \"x\") { id } }",
            json!({ "repository": null }),
            "Could not resolve to a Repository with the name 'acme/x'.",
        ),
        (
            "{ organization(login: \"acme\") { projectV2(number: 9) { id } } }",
            json!({ "organization": { "projectV2": null } }),
            "Could not resolve to a ProjectV2 with the number 9.",
        ),
        (
            "{ user(login: \"acme\") { id } }",
            json!({ "user": null }),
            "Could not resolve to a User with the login of 'acme'.",
        ),
    ];
    for (query, data, message) in cases {
        let body = github.body(query, json!({})).await;
        assert_eq!(body["data"], data);
        assert_eq!(
            (&body["errors"][0]["type"], &body["errors"][0]["message"]),
            (&json!("NOT_FOUND"), &json!(message))
        );
    }
    let body = github.body("{ nodes(ids: [\"I_a\"]) { id } viewer { login } }", json!({})).await;
    assert_eq!(body["data"], json!({ "nodes": [null], "viewer": { "login": "octocat" } }));
    assert_eq!(body["errors"][0]["path"], json!(["nodes", 0]));
}

#[tokio::test]
async fn what_is_not_modelled_says_so() {
    let github = start().await;
    let cases = [
        (
            "{ viewer { login contributionsCollection { totalIssueContributions } } }",
            "User.contributionsCollection",
        ),
        (
            "mutation { createDiscussion(input: {repositoryId: \"R\", title: \"t\", body: \"b\", categoryId: \"C\"}) { clientMutationId } }",
            "Mutation.createDiscussion",
        ),
        (
            "mutation { createIssue(input: {repositoryId: \"R\", title: \"t\", issueTemplate: \"bug\"}) { clientMutationId } }",
            "CreateIssueInput.issueTemplate",
        ),
    ];
    for (query, what) in cases {
        let refusal = github.refusal(query, json!({})).await;
        assert_eq!(refusal, ("NOT_MODELLED".to_owned(), format!("The sandbox does not model `{what}`.")));
    }
}

#[tokio::test]
async fn pages_without_bounds_are_refused_before_anything_runs() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let query = "mutation($r: ID!) { createLabel(input: {repositoryId: $r, name: \"x\", color: \"000000\"}) {
        label { issues { nodes { id } } } } }";
    let body = github.body(query, json!({ "r": repository })).await;
    assert_eq!(body.get("data"), None);
    let error = &body["errors"][0];
    assert_eq!(error["type"], "MISSING_PAGINATION_BOUNDARIES");
    assert_eq!(error["path"], json!(["createLabel", "label", "issues"]));
    let look = "query($r: ID!) { node(id: $r) { ... on Repository { label(name: \"x\") { id } } } }";
    assert_eq!(github.data(look, json!({ "r": repository })).await["node"]["label"], Value::Null);
    let (kind, _) =
        github.refusal("{ viewer { repositories(last: 200) { nodes { id } } } }", json!({})).await;
    assert_eq!(kind, "EXCESSIVE_PAGINATION");
}

#[tokio::test]
async fn an_unknown_field_is_the_only_objection_to_it() {
    let github = start().await;
    for query in ["{ viewer { nope } }", "query { ...a } fragment a on Query { viewer { nope } }"] {
        let body = github.body(query, json!({})).await;
        let messages: Vec<_> =
            body["errors"].as_array().unwrap().iter().map(|error| &error["message"]).collect();
        assert_eq!(messages, ["Field 'nope' doesn't exist on type 'User'"], "{body:#}");
    }
    let bare = github.body("{ viewer }", json!({})).await;
    assert_eq!(bare["errors"][0]["extensions"]["code"], "selectionMismatch");
}

#[tokio::test]
async fn what_is_not_there_is_not_shown_as_empty() {
    let github = start().await;
    for (place, name) in [
        ("viewer", "followers"),
        ("viewer", "gists"),
        ("viewer", "starredRepositories"),
        ("organization(login: \"acme\")", "packages"),
        ("repository(owner: \"acme\", name: \"roadmap\")", "releases"),
        ("repository(owner: \"acme\", name: \"roadmap\")", "stargazers"),
    ] {
        let body =
            github.body(&format!("{{ {place} {{ {name}(first: 1) {{ totalCount }} }} }}"), json!({})).await;
        assert_eq!(body["errors"][0]["type"], "NOT_MODELLED", "{name}: {body:#}");
    }
    assert_eq!(github.rest("GET", "/gists", json!(null)).await.status, 501);
    assert_eq!(github.rest("GET", "/nothing-of-githubs", json!(null)).await.status, 404);
}

#[tokio::test]
async fn a_field_takes_nothing_that_is_for_other_types() {
    let github = start().await;
    let project = github.project().await;
    let option = json!({ "name": "S", "color": "RED", "description": "" });
    let sprints = json!({ "startDate": "2026-11-02", "duration": 14, "iterations": [] });
    for (kind, key, value) in [
        ("TEXT", "singleSelectOptions", json!([option])),
        ("NUMBER", "iterationConfiguration", sprints),
        ("ITERATION", "multiSelectOptions", json!([option])),
    ] {
        let mut input = json!({ "projectId": project, "name": "Size", "dataType": kind });
        input[key] = value;
        let query = "mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) { clientMutationId } }";
        let body = github.body(query, json!({ "input": input })).await;
        assert_eq!(body["data"]["createProjectV2Field"], json!(null), "{kind}");
        assert_eq!(body["errors"][0]["type"], "VALIDATION", "{kind}: {body:#}");
    }
}

/// GraphQL: an answer's fields stand in the order in which they were asked for.
#[tokio::test]
async fn fields_come_in_the_order_in_which_they_were_asked_for() {
    let github = start().await;
    let answer =
        github.send("{ b: viewer { url login id } a: rateLimit { remaining cost } }", json!({})).await;
    let text = answer.unwrap().text().await.unwrap();
    let places: Vec<_> = ["\"b\"", "\"url\"", "\"login\"", "\"id\"", "\"a\"", "\"remaining\"", "\"cost\""]
        .iter()
        .map(|key| text.find(key).unwrap())
        .collect();
    assert!(places.is_sorted(), "{text}");
}

/// GitHub: reported: a text that is no document is answered with a sentence and a place, and nothing else.
#[tokio::test]
async fn what_is_no_document_is_said_with_its_place() {
    let github = start().await;
    for (query, message, column) in [
        ("{ viewer { login }", "Expected NAME, actual: (none) (\"\") at [1, 18]", 18),
        ("{ viewer { } ) }", "Expected NAME, actual: RPAREN (\")\") at [1, 14]", 14),
        ("{ node(id: ) { id } }", "Expected VALUE, actual: RPAREN (\")\") at [1, 12]", 12),
    ] {
        let body = github.body(query, json!({})).await;
        let expected = json!({ "message": message, "locations": [{ "line": 1, "column": column }] });
        assert_eq!(body, json!({ "errors": [expected] }), "{query}");
    }
}

#[tokio::test]
async fn nobody_makes_a_board_in_another_s_account() {
    let github = start().await;
    let solo = github.data("{ user(login: \"solo\") { id } }", json!({})).await;
    let input = json!({ "ownerId": solo["user"]["id"], "title": "Not mine" });
    let (kind, message) = github.refused("createProjectV2", input).await;
    assert_eq!(kind, "FORBIDDEN");
    assert!(
        message.ends_with("does not have the correct permissions to execute `CreateProjectV2`"),
        "{message}"
    );
}
