//! What GitHub refuses and lets through of a request: its operation, its size, values of variables, bodies, credentials.

use serde_json::{Value, json};

use super::support::{Fixture, start};

/// GitHub: reported: value and problems in the extensions (open-sauced#524), a list's place in a path (erk); the rest
/// as graphql-ruby's `Query::VariableValidationError`.
#[tokio::test]
async fn values_of_variables_are_refused_as_by_graphql_ruby() {
    let github = start().await;
    let create = "mutation($v: CreateIssueInput!) { createIssue(input: $v) { clientMutationId } }";
    let issues = "query($v: [IssueState!]!) { viewer { issues(first: 1, states: $v) { totalCount } } }";
    let page = "query($v: Int) { viewer { issues(first: $v) { totalCount } } }";
    let node = "query($v: ID!) { node(id: $v) { id } }";
    let date = "mutation($v: UpdateProjectV2ItemFieldValueInput!) { updateProjectV2ItemFieldValue(input: $v) { clientMutationId } }";
    for (query, ty, value, problems, rest) in [
        (
            create,
            "CreateIssueInput!",
            json!({ "colour": 1, "repositoryId": null, "labelIds": ["a", 1.5] }),
            json!([
                { "path": ["colour"], "explanation": "Field is not defined on CreateIssueInput" },
                { "path": ["repositoryId"], "explanation": "Expected value to not be null" },
                { "path": ["labelIds", 1], "explanation": "Could not coerce value 1.5 to ID" },
                { "path": ["title"], "explanation": "Expected value to not be null" },
            ]),
            " for colour (Field is not defined on CreateIssueInput), repositoryId (Expected value to not be null), labelIds.1 \
             (Could not coerce value 1.5 to ID), title (Expected value to not be null)",
        ),
        (
            create,
            "CreateIssueInput!",
            json!("x"),
            json!([{ "path": [], "explanation": "Expected \"x\" to be a key-value object." }]),
            "",
        ),
        (
            create,
            "CreateIssueInput!",
            json!(null),
            json!([{ "path": [], "explanation": "Expected value to not be null" }]),
            "",
        ),
        (
            issues,
            "[IssueState!]!",
            json!("[\"OPEN\"]"),
            json!([{ "path": [0], "explanation": "Expected \"[\\\"OPEN\\\"]\" to be one of: CLOSED, OPEN" }]),
            " for 0 (Expected \"[\\\"OPEN\\\"]\" to be one of: CLOSED, OPEN)",
        ),
        (
            page,
            "Int",
            json!(3_000_000_000_u64),
            json!([{ "path": [], "explanation": "Could not coerce value 3000000000 to Int" }]),
            "",
        ),
        (
            node,
            "ID!",
            json!({}),
            json!([{ "path": [], "explanation": "Could not coerce value {} to ID" }]),
            "",
        ),
        (
            date,
            "UpdateProjectV2ItemFieldValueInput!",
            json!({ "projectId": "p", "itemId": "i", "fieldId": "f", "value": { "when": 1 } }),
            json!([{ "path": ["value", "when"], "explanation": "Field is not defined on ProjectV2FieldValue" }]),
            " for value.when (Field is not defined on ProjectV2FieldValue)",
        ),
    ] {
        let body = github.body(query, json!({ "v": value })).await;
        let column = query.find('$').unwrap() + 1;
        let error = json!({
            "extensions": { "value": value, "problems": problems },
            "locations": [{ "line": 1, "column": column }],
            "message": format!("Variable $v of type {ty} was provided invalid value{rest}"),
        });
        assert_eq!(body, json!({ "errors": [error] }), "{query} {value}");
    }
    let absent = github.body(node, json!({})).await;
    assert_eq!(absent["errors"][0]["message"], "Variable $v of type ID! was provided invalid value");
}

async fn post(github: &Fixture, body: &str) -> (u16, Value) {
    let request = github.client.post(format!("{}/graphql", github.sandbox.url()));
    let request = request.header("user-agent", "plain-client").bearer_auth("any").body(body.to_owned());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// GitHub: reported: a body that is no JSON (f/graphql.js#35), a body without a document (ghgql).
#[tokio::test]
async fn bodies_are_refused_in_githubs_words() {
    let github = start().await;
    let parsing = json!({
        "message": "Problems parsing JSON",
        "documentation_url": "https://docs.github.com/graphql",
        "status": "400",
    });
    for body in ["", "{", "query=%7B%7D", "[\"{ viewer { login } }\"]", "\"{ viewer { login } }\""] {
        assert_eq!(post(&github, body).await, (400, parsing.clone()), "{body}");
    }
    let message = "A query attribute must be specified and must be a string.";
    for body in ["{}", r#"{"query":""}"#, r#"{"query":null}"#, r#"{"query":1}"#, r#"{"query":{"a":1}}"#] {
        let expected = json!({ "errors": [{ "message": message }] });
        assert_eq!(post(&github, body).await, (200, expected), "{body}");
    }
}

/// GitHub: reported: who doesn't say who they are gets the page of GraphQL (tap-github), who says it wrongly gets its
/// start (github/docs#11071).
#[tokio::test]
async fn credentials_are_refused_in_githubs_words() {
    let github = start().await;
    let ask = |credentials: Option<&'static str>, agent: &'static str| {
        let request = github.client.post(format!("{}/graphql", github.sandbox.url()));
        let request = request.header("user-agent", agent).json(&json!({ "query": "{ viewer { login } }" }));
        let request = match credentials {
            Some(credentials) => request.header("authorization", credentials),
            None => request,
        };
        async move { request.send().await.unwrap() }
    };
    let unknown = ask(None, "plain-client").await;
    assert_eq!(unknown.status(), 401);
    assert_eq!(
        unknown.json::<Value>().await.unwrap(),
        json!({
            "message": "This endpoint requires you to be authenticated.",
            "documentation_url":
                "https://docs.github.com/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql",
            "status": "401",
        })
    );
    let wrong = ask(Some("bearer"), "plain-client").await;
    assert_eq!(wrong.status(), 401);
    assert_eq!(
        wrong.json::<Value>().await.unwrap(),
        json!({
            "message": "Bad credentials",
            "documentation_url": "https://docs.github.com/graphql",
            "status": "401",
        })
    );
    let nameless = ask(Some("bearer x"), "").await;
    assert_eq!(nameless.status(), 403);
    let text = nameless.text().await.unwrap();
    assert!(text.contains("Request forbidden by administrative rules."), "{text}");
}

/// graphql-ruby, `Query::OperationNameMissingError`: asked before any rule is. GitHub: reported for an empty name
/// (apollo-client#1760).
#[tokio::test]
async fn an_operation_that_is_not_there_is_the_only_objection() {
    let github = start().await;
    let two = "query A { nope } query B { viewer { login } }";
    for (query, name, message) in [
        (two, json!(null), "An operation name is required"),
        (two, json!("C"), "No operation named \"C\""),
        (two, json!(""), "No operation named \"\""),
        ("{ viewer { login } }", json!(""), "No operation named \"\""),
    ] {
        let body = json!({ "query": query, "operationName": name });
        let answer = github.rest("POST", "/graphql", body).await;
        assert_eq!(answer.with(200), json!({ "errors": [{ "message": message }] }), "{query} {name}");
    }
    let one = json!({ "query": "query A { viewer { login } }", "operationName": null });
    assert_eq!(github.rest("POST", "/graphql", one).await.body["data"]["viewer"]["login"], "octocat");
}

/// What GitHub lets through is not refused.
#[tokio::test]
async fn sound_documents_pass() {
    let github = start().await;
    for query in [
        // Of different objects: different fields, arguments and types under one name.
        "{ node(id: \"x\") { ... on Issue { a: title state } ... on PullRequest { a: number state } } }",
        "query($n: Int! = 1) { viewer { repositories(first: $n) { totalCount } } }",
        "query($i: ID!) { nodes(ids: [$i, \"b\"]) { __typename } }",
        "query($i: ID!) { nodes(ids: \"b\") { __typename } node(id: $i) { ... on Node { id } } }",
        "{ viewer { ...A ...A } } fragment A on Actor { login ... @skip(if: false) { ...B } } fragment B on Actor { url }",
        "{ __schema { queryType { name } } __type(name: \"User\") { name } }",
        "query A($a: Int = null) { viewer { repositories(first: 1, last: $a) { totalCount } } }",
    ] {
        let body = github.body(query, json!({ "i": "x" })).await;
        let errors = body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        assert!(errors.iter().all(|error| error.get("extensions").is_none()), "{query}\n{body:#}");
    }
}

/// Neither deep documents nor long chains of fragments end the sandbox.
#[tokio::test]
async fn deep_documents_are_answered() {
    let github = start().await;
    let nested = format!("{}id{}", "parent { ".repeat(300), " }".repeat(300));
    let deep = format!("{{ node(id: \"x\") {{ ... on Issue {{ {nested} {nested} }} }} }}");
    let links: Vec<String> =
        (0..2000).map(|place| format!("fragment F{place} on User {{ id ...F{} }}", place + 1)).collect();
    let chain = format!("{{ viewer {{ id ...F0 }} }} {} fragment F2000 on User {{ login }}", links.join(" "));
    for query in [deep, chain] {
        let body = github.body(&query, json!({})).await;
        assert!(body.is_object(), "{body:#}");
    }
    assert_eq!(github.data("{ viewer { login } }", json!({})).await["viewer"]["login"], "octocat");
}
