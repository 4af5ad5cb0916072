//! The shapes of errors.

use serde_json::{Value, json};

use super::support::start;

#[tokio::test]
async fn an_unknown_field_is_a_validation_error() {
    let github = start().await;
    let body = github.body("query Mine { viewer { login nope } }", json!({})).await;
    assert_eq!(
        body,
        json!({ "errors": [{
        "path": ["query Mine", "viewer", "nope"],
        "extensions": { "code": "undefinedField", "typeName": "User", "fieldName": "nope" },
        "locations": [{ "line": 1, "column": 29 }],
        "message": "Field 'nope' doesn't exist on type 'User'",
    }] })
    );
}

#[tokio::test]
async fn validation_messages_are_githubs() {
    let github = start().await;
    let cases = [
        ("{ viewer(x: 1) { login } }", "argumentNotAccepted", "Field 'viewer' doesn't accept argument 'x'"),
        (
            "{ user { login } }",
            "missingRequiredArguments",
            "Field 'user' is missing required arguments: login",
        ),
        (
            "query($x: Int) { viewer { login } }",
            "variableNotUsed",
            "Variable $x is declared by query but not used",
        ),
        (
            "{ viewer { repositories(first: $x) { totalCount } } }",
            "variableNotDefined",
            "Variable $x is used by query but not declared",
        ),
        (
            "{ viewer { repositories(first: \"1\") { totalCount } } }",
            "argumentLiteralsIncompatible",
            "Argument 'first' on Field 'repositories' has an invalid value (\"1\"). Expected type 'Int'.",
        ),
        (
            "mutation { closeIssue(input: {issueId: \"x\", stateReason: NO}) { clientMutationId } }",
            "argumentLiteralsIncompatible",
            "Argument 'stateReason' on InputObject 'CloseIssueInput' has an invalid value (NO). Expected type 'IssueClosedStateReason'.",
        ),
        (
            "mutation { closeIssue(input: {issueId: \"x\", why: 1}) { clientMutationId } }",
            "argumentNotAccepted",
            "InputObject 'CloseIssueInput' doesn't accept argument 'why'",
        ),
        (
            "mutation { closeIssue(input: {}) { clientMutationId } }",
            "missingRequiredInputObjectAttribute",
            "Argument 'issueId' on InputObject 'CloseIssueInput' is required. Expected type ID!",
        ),
    ];
    for (query, code, message) in cases {
        let body = github.body(query, json!({})).await;
        assert_eq!(body.get("data"), None, "{query}");
        let error = &body["errors"][0];
        assert_eq!(error.get("type"), None, "{query}");
        assert_eq!(
            (&error["extensions"]["code"], &error["message"]),
            (&json!(code), &json!(message)),
            "{query}\n{body:#}"
        );
    }
}

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
async fn variables_are_refused_in_githubs_words() {
    let github = start().await;
    let query = "mutation($input: CreateIssueInput!) { createIssue(input: $input) { clientMutationId } }";
    let body = github.body(query, json!({ "input": { "repositoryId": "R_1", "colour": 1 } })).await;
    assert_eq!(body.get("data"), None);
    assert_eq!(
        body["errors"][0]["message"],
        "Variable $input of type CreateIssueInput! was provided invalid value for colour (Field is not defined on \
         CreateIssueInput), title (Expected value to not be null)"
    );
    let body = github.body(query, json!({})).await;
    assert_eq!(
        body["errors"][0]["message"],
        "Variable $input of type CreateIssueInput! was provided invalid value"
    );
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
async fn documents_that_are_not_sound_are_refused_in_githubs_words() {
    let github = start().await;
    let cases = [
        (
            "{ viewer { ...A } } fragment A on User { login ...A }",
            "infiniteLoop",
            "Fragment A contains an infinite loop",
        ),
        (
            "{ viewer { ...Z } } fragment Z on Repository { name }",
            "cannotSpreadFragment",
            "Fragment Z on Repository can't be spread inside User",
        ),
        (
            "{ viewer { ... on Repository { name } } }",
            "cannotSpreadFragment",
            "Fragment on Repository can't be spread inside User",
        ),
        ("{ viewer { a: login a: id } }", "fieldConflict", "Field 'a' has a field conflict: login or id?"),
        ("{ viewer { login @foo } }", "undefinedDirective", "Directive @foo is not defined"),
        (
            "{ viewer { login @include } }",
            "missingRequiredArguments",
            "Directive 'include' is missing required arguments: if",
        ),
        (
            "{ viewer { login @include(if: true, on: 1) } }",
            "argumentNotAccepted",
            "Directive 'include' doesn't accept argument 'on'",
        ),
        (
            "{ viewer { login @skip(if: true) @skip(if: true) } }",
            "directiveNotUniqueForLocation",
            "The directive \"skip\" can only be used once at this location.",
        ),
        (
            "{ repository(owner: \"a\", owner: \"b\", name: \"x\") { id } }",
            "argumentNotUnique",
            "There can be only one argument named \"owner\"",
        ),
        (
            "query($a: Int, $a: Int) { viewer { repositories(first: $a) { totalCount } } }",
            "variableNotUnique",
            "There can only be one variable named \"a\"",
        ),
        (
            "query($o: String!) { viewer { repositories(first: $o) { totalCount } } }",
            "variableMismatch",
            "Type mismatch on variable $o and argument first (String! / Int)",
        ),
        (
            "query($o: String) { user(login: $o) { id } }",
            "variableMismatch",
            "Nullability mismatch on variable $o and argument login (String / String!)",
        ),
        (
            "query A { viewer { login } } query A { viewer { id } }",
            "uniquelyNamedOperations",
            "Operation name \"A\" must be unique",
        ),
        (
            "{ viewer { login } } query A { viewer { id } }",
            "uniquelyNamedOperations",
            "Operation name is required when multiple operations are present",
        ),
        (
            "subscription { x }",
            "missingSubscriptionConfiguration",
            "Schema is not configured for subscriptions",
        ),
        (
            "mutation { createProjectV2(input: {ownerId: \"a\", title: \"b\", title: \"c\"}) { projectV2 { id } } }",
            "inputFieldNotUnique",
            "There can be only one input field named \"title\"",
        ),
    ];
    for (query, code, message) in cases {
        let body = github.body(query, json!({})).await;
        assert_eq!(body.get("data"), None, "{query}");
        let error = &body["errors"][0];
        assert_eq!(
            (&error["extensions"]["code"], &error["message"]),
            (&json!(code), &json!(message)),
            "{query}\n{body:#}"
        );
    }
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
