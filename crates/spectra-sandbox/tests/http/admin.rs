//! The sandbox's own door.

use serde_json::{Value, json};

use super::support::start;

#[tokio::test]
async fn it_is_open_without_a_token_and_is_no_path_of_github_s() {
    let github = start().await;
    let url = |path: &str| format!("{}{path}", github.sandbox.url());
    let help = reqwest::get(url("/_sandbox")).await.unwrap();
    assert_eq!(help.status(), 200);
    assert!(help.text().await.unwrap().contains("POST   /_sandbox/faults"));
    assert_eq!(reqwest::get(url("/_sandbox/nothing")).await.unwrap().status(), 404);
    assert_eq!(github.rest("POST", "/_sandbox/stats", Value::Null).await.status, 405);
    assert_eq!(github.rest("GET", "/_sandboxes", Value::Null).await.with(404)["message"], "Not Found");
}

#[tokio::test]
async fn faults_are_added_counted_replaced_and_cleared() {
    let github = start().await;
    let rule = json!({ "match": { "on": "rest", "path": "/labels", "method": "get", "nth": 2 }, "effect": "tokenExpired" });
    let there = github.rest("POST", "/_sandbox/faults", rule.clone()).await.with(200);
    assert_eq!((there.as_array().unwrap().len(), &there[0]["seen"]), (1, &json!(0)));
    let labels = "/api/v3/repos/acme/roadmap/labels";
    for status in [200, 401, 200] {
        github.rest("GET", "/user", Value::Null).await.with(200);
        assert_eq!(github.rest("GET", labels, Value::Null).await.status, status);
    }
    assert_eq!(github.rest("GET", "/_sandbox/faults", Value::Null).await.body[0]["seen"], 3);
    let many = json!([{ "match": {}, "effect": { "refuse": { "status": 500 } } }]);
    let there = github.rest("PUT", "/_sandbox/faults", many).await.with(200);
    assert_eq!(there.as_array().unwrap().len(), 1);
    let broken = github.rest("POST", "/_sandbox/faults", json!({ "match": {}, "effect": "explode" })).await;
    assert!(broken.with(400)["sandbox"].is_string());
    assert_eq!(github.rest("DELETE", "/_sandbox/faults", Value::Null).await.with(200), json!([]));
    assert_eq!(github.rest("GET", "/user", Value::Null).await.status, 200);
}

#[tokio::test]
async fn limits_clock_and_behaviour_change_while_it_runs() {
    let github = start().await;
    let limits = json!({ "restPoints": [{ "count": 1, "seconds": 60 }] });
    let set = github.rest("PUT", "/_sandbox/limits", limits).await.with(200);
    assert_eq!(set["restPoints"][0]["count"], 1);
    github.rest("GET", "/user", Value::Null).await.with(200);
    assert_eq!(github.rest("GET", "/user", Value::Null).await.status, 403);
    let now = github.rest("POST", "/_sandbox/clock", json!({ "advanceSeconds": 60 })).await.with(200);
    assert_eq!(now["now"], "2026-11-01T12:01:00Z");
    github.rest("GET", "/user", Value::Null).await.with(200);
    let none = github.rest("PUT", "/_sandbox/limits", json!("none")).await.with(200);
    assert_eq!(none["restPoints"], json!([]));
    let all = github.rest("PUT", "/_sandbox/limits", json!("github")).await.with(200);
    assert_eq!((&all["concurrent"], &all["creations"][0]["count"]), (&json!(100), &json!(80)));
    assert_eq!(github.rest("PUT", "/_sandbox/limits", json!("odd")).await.status, 400);

    let project = github.project().await;
    let changed = github.rest("POST", "/_sandbox/behaviour", json!({ "itemsLagMs": 60_000 })).await.with(200);
    assert_eq!(changed["itemsLagMs"], 60_000);
    let issue = github.issue("T").await;
    github.item(&project, &issue).await;
    let count = async || {
        let query = "query($p: ID!) { node(id: $p) { ... on ProjectV2 { items(first: 5) { totalCount } } } }";
        github.data(query, json!({ "p": project })).await["node"]["items"]["totalCount"].clone()
    };
    assert_eq!(count().await, 0);
    github.rest("POST", "/_sandbox/clock", json!({ "advanceMs": 60_000 })).await.with(200);
    assert_eq!(count().await, 1);
    assert_eq!(github.rest("POST", "/_sandbox/behaviour", json!({ "moods": 1 })).await.status, 400);
}

#[tokio::test]
async fn the_world_is_shown_as_it_is() {
    let github = start().await;
    let project = github.project().await;
    let issue = github.issue("A card").await;
    github.item(&project, &issue).await;
    let world = github.rest("GET", "/_sandbox/world", Value::Null).await.with(200);
    assert_eq!(world["issues"][&issue]["title"], "A card");
    let stats = github.rest("GET", "/_sandbox/stats", Value::Null).await.with(200);
    assert_eq!(stats["mutationFields"], 3);
    let boards = reqwest::get(format!("{}/_sandbox/boards", github.sandbox.url())).await.unwrap();
    let text = boards.text().await.unwrap();
    assert!(text.contains("acme/1  Board") && text.contains("#1  A card"), "{text}");
}
