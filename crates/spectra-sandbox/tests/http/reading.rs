//! Pages, introspection, prices.

use serde_json::{Value, json};

use super::support::start;

#[tokio::test]
async fn paging_to_the_end_gives_each_once_in_both_directions() {
    let github = start().await;
    let project = github.project().await;
    for number in 0..7 {
        let input = json!({ "projectId": project, "title": format!("{number}") });
        github.mutate("addProjectV2DraftIssue", input, "projectItem { id }").await;
    }
    let titles = |page: &Value| -> Vec<String> {
        let edges = page["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["content"]["title"].as_str().unwrap().to_owned()).collect()
    };
    let parts = "totalCount edges { cursor node { content { ... on DraftIssue { title } } } }
        pageInfo { startCursor endCursor hasNextPage hasPreviousPage }";
    let forward = format!(
        "query($id: ID!, $at: String) {{ node(id: $id) {{ ... on ProjectV2 {{ items(first: 3, after: $at) {{ {parts} }} }} }} }}"
    );
    let (mut seen, mut at) = (Vec::new(), Value::Null);
    loop {
        let page = github.data(&forward, json!({ "id": project, "at": at })).await["node"]["items"].clone();
        assert_eq!(page["totalCount"], 7);
        assert_eq!(
            page["pageInfo"]["endCursor"],
            page["edges"].as_array().unwrap().last().unwrap()["cursor"]
        );
        seen.extend(titles(&page));
        at = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4", "5", "6"]);
    let backward = format!(
        "query($id: ID!, $at: String) {{ node(id: $id) {{ ... on ProjectV2 {{ items(last: 4, before: $at) {{ {parts} }} }} }} }}"
    );
    let page = github.data(&backward, json!({ "id": project, "at": at })).await["node"]["items"].clone();
    assert_eq!(titles(&page), ["2", "3", "4", "5"]);
    assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
    let (kind, _) = github.refusal("query($id: ID!) { node(id: $id) { ... on ProjectV2 { items(first: 1, after: \"x\") { totalCount } } } }", json!({ "id": project })).await;
    assert_eq!(kind, "argumentError");
}

#[tokio::test]
async fn clients_may_look_at_the_schema() {
    let github = start().await;
    let query = "{ __type(name: \"ProjectV2\") { kind fields(includeDeprecated: true) { name } }
        __schema { queryType { name } mutationType { fields { name } } } viewer { __typename } }";
    let data = github.data(query, json!({})).await;
    assert_eq!(data["__schema"]["queryType"]["name"], "Query");
    assert!(data["__type"]["fields"].as_array().unwrap().iter().any(|field| field["name"] == "readme"));
    assert!(data["__schema"]["mutationType"]["fields"].as_array().unwrap().len() > 200);
    assert_eq!(data["viewer"]["__typename"], "User");
}

#[tokio::test]
async fn the_price_is_reported_and_a_dry_run_runs_nothing() {
    let github = start().await;
    let query = "{ rateLimit { cost limit remaining used nodeCount resetAt } viewer { repositories(first: 100) { nodes { id } } } }";
    let data = github.data(query, json!({})).await;
    let rate = &data["rateLimit"];
    assert_eq!((&rate["cost"], &rate["limit"], &rate["nodeCount"]), (&json!(1), &json!(5000), &json!(100)));
    assert_eq!(rate["remaining"].as_u64().unwrap() + rate["used"].as_u64().unwrap(), 5000);
    assert_eq!(rate["resetAt"], "2026-11-01T13:00:00Z");
    let data = github.data("{ rateLimit(dryRun: true) { cost } viewer { login } }", json!({})).await;
    assert_eq!(data, json!({ "rateLimit": { "cost": 1 } }));
}

#[tokio::test]
async fn operations_are_chosen_by_name_and_fragments_are_followed() {
    let github = start().await;
    let query = "query A { viewer { ...parts } } query B { organization(login: \"ACME\") { name: login id } } fragment parts on User { me: login }";
    let post = |name: Value| {
        let body = json!({ "query": query, "operationName": name });
        let url = format!("{}/api/graphql", github.sandbox.url());
        github.client.post(url).header("user-agent", "x").bearer_auth("t").json(&body).send()
    };
    let body: Value = post(json!("A")).await.unwrap().json().await.unwrap();
    assert_eq!(body, json!({ "data": { "viewer": { "me": "octocat" } } }));
    let body: Value = post(json!("B")).await.unwrap().json().await.unwrap();
    assert_eq!(body["data"]["organization"]["name"], "acme");
    let body: Value = post(Value::Null).await.unwrap().json().await.unwrap();
    assert_eq!(body["errors"][0]["message"], "An operation name is required");
}
