//! The HTTP around it: tokens, headers, REST.

use serde_json::{Value, json};

use super::support::{start, start_with};

#[tokio::test]
async fn nobody_asks_without_a_token_and_a_name() {
    let github = start_with(|config| config.seed.tokens = vec!["good".into()]).await;
    let url = format!("{}/graphql", github.sandbox.url());
    let ask = |token: Option<&str>| {
        let request = github
            .client
            .post(&url)
            .header("user-agent", "x")
            .json(&json!({ "query": "{ viewer { login } }" }));
        token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token)).send()
    };
    let answer = ask(None).await.unwrap();
    assert_eq!(answer.status(), 401);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["message"], "This endpoint requires you to be authenticated.");
    for (token, status) in [("", 401), ("bad", 401), ("good", 200)] {
        assert_eq!(ask(Some(token)).await.unwrap().status(), status, "{token:?}");
    }
    let nameless =
        github.client.post(&url).bearer_auth("good").json(&json!({ "query": "{ viewer { login } }" }));
    assert_eq!(nameless.send().await.unwrap().status(), 403);
    let broken = github.client.post(&url).header("user-agent", "x").bearer_auth("good").body("{");
    let answer = broken.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>().await.unwrap()["message"], "Problems parsing JSON");
}

#[tokio::test]
async fn answers_carry_githubs_headers() {
    let github = start().await;
    let answer = github.send("{ viewer { login } }", json!({})).await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("date"), "Sun, 01 Nov 2026 12:00:00 GMT");
    assert_eq!(header("content-type"), "application/json; charset=utf-8");
    assert_eq!(
        (header("x-ratelimit-limit"), header("x-ratelimit-resource")),
        ("5000".to_owned(), "graphql".to_owned())
    );
    assert_eq!(header("x-ratelimit-remaining"), "4999");
    assert_eq!(header("x-ratelimit-reset"), "1793538000");
    assert!(!header("x-github-request-id").is_empty());
    assert!(header("x-oauth-scopes").contains("project"));
}

#[tokio::test]
async fn a_little_rest_is_there_with_and_without_its_prefix() {
    let github = start().await;
    let get = |path: &str| {
        let url = format!("{}{path}", github.sandbox.url());
        github.client.get(url).header("user-agent", "x").header("authorization", "token t").send()
    };
    for prefix in ["", "/api/v3"] {
        let user: Value = get(&format!("{prefix}/user")).await.unwrap().json().await.unwrap();
        assert_eq!(user["login"], "octocat");
        let repository: Value =
            get(&format!("{prefix}/repos/acme/roadmap")).await.unwrap().json().await.unwrap();
        assert_eq!(repository["full_name"], "acme/roadmap");
        let limits: Value = get(&format!("{prefix}/rate_limit")).await.unwrap().json().await.unwrap();
        assert_eq!(limits["resources"]["graphql"]["limit"], 5000);
        let answer = get(&format!("{prefix}/nothing/here")).await.unwrap();
        assert_eq!(answer.status(), 404);
        let body: Value = answer.json().await.unwrap();
        assert_eq!((&body["message"], &body["status"]), (&json!("Not Found"), &json!("404")));
    }
}
