//! GitHub Apps: their tokens, their installations, and what those may do.

use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use spectra_sandbox::{KnownToken, SeedApp, SeedInstallation, SeedToken};

use super::rest::has;
use super::support::{Fixture, start, start_with};

/// A key that opens nothing but this test's sandbox.
const KEY: &str = include_str!("keys/app.pem");
const PUBLIC: &str = include_str!("keys/app.pub.pem");

fn jwt(github: &Fixture, issuer: &Value, lasts: i64) -> String {
    let now = github.sandbox.clock().now().as_second();
    let claims = json!({ "iat": now - 60, "exp": now + lasts, "iss": issuer });
    encode(&Header::new(Algorithm::RS256), &claims, &EncodingKey::from_rsa_pem(KEY.as_bytes()).unwrap())
        .unwrap()
}

fn installation(id: u64, account: &str, permissions: &[(&str, &str)]) -> SeedInstallation {
    let permissions = permissions.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned()));
    SeedInstallation {
        id,
        account: account.to_owned(),
        permissions: permissions.collect(),
        repositories: None,
    }
}

async fn start_app(permissions: &[(&str, &str)]) -> Fixture {
    let app = SeedApp {
        id: 7,
        slug: "spectra".to_owned(),
        client_id: Some("Iv1.test".to_owned()),
        public_key: Some(PUBLIC.to_owned()),
        installations: vec![installation(70, "acme", permissions)],
    };
    start_with(|config| config.seed.apps = vec![app]).await
}

async fn token(github: &Fixture, body: Value) -> Value {
    let jwt = jwt(github, &json!(7), 600);
    github.rest_as(&jwt, "POST", "/app/installations/70/access_tokens", body).await.with(201)
}

#[tokio::test]
async fn an_app_finds_its_installations() {
    let github = start_app(&[("issues", "write")]).await;
    let jwt = jwt(&github, &json!("Iv1.test"), 600);
    let get = async |path: &'static str| github.rest_as(&jwt, "GET", path, Value::Null).await;
    has(&get("/app").await.with(200), "id slug node_id owner name permissions events installations_count");
    let all = get("/app/installations").await.with(200);
    assert_eq!(all.as_array().unwrap().len(), 1);
    for path in
        ["/orgs/acme/installation", "/api/v3/repos/acme/roadmap/installation", "/users/acme/installation"]
    {
        let found = get(path).await.with(200);
        has(
            &found,
            "id account access_tokens_url repository_selection app_id target_type permissions app_slug",
        );
        assert_eq!((&found["id"], &found["target_type"]), (&json!(70), &json!("Organization")));
    }
    assert_eq!(get("/users/octocat/installation").await.status, 404);
    assert_eq!(get("/app/installations/71").await.status, 404);
    assert_eq!(get("/user").await.status, 403, "an App is nobody");
}

#[tokio::test]
async fn a_bad_token_is_told_why() {
    let github = start_app(&[]).await;
    let ask = async |token: String| github.rest_as(&token, "GET", "/app", Value::Null).await;
    let good = jwt(&github, &json!(7), 600);
    assert_eq!(ask(good.clone()).await.status, 200);
    let (signed, _) = good.rsplit_once('.').unwrap();
    let mut forged = ask(format!("{signed}.{}", "A".repeat(342))).await;
    assert_eq!(forged.body["message"].take(), "A JSON web token could not be decoded");
    assert_eq!(forged.status, 401);
    let too_far = ask(jwt(&github, &json!(7), 601)).await;
    assert_eq!(too_far.with(401)["message"], "'Expiration time' claim ('exp') is too far in the future");
    assert_eq!(ask(jwt(&github, &json!(8), 60)).await.with(404)["message"], "Integration not found");
    assert_eq!(ask("ghp_person".to_owned()).await.status, 401);
    github.sandbox.clock().advance(Duration::from_secs(601));
    assert_eq!(ask(good).await.status, 401);
}

#[tokio::test]
async fn an_installation_token_lives_an_hour() {
    let github = start_app(&[("issues", "write"), ("organization_projects", "write")]).await;
    let made = token(&github, Value::Null).await;
    assert_eq!(
        (&made["expires_at"], &made["repository_selection"]),
        (&json!("2026-11-01T13:00:00Z"), &json!("all"))
    );
    let token = made["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("ghs_"));
    let labels = "/repos/acme/roadmap/labels";
    let answer = github.rest_as(&token, "GET", labels, Value::Null).await;
    assert_eq!((answer.status, answer.header("x-oauth-scopes")), (200, ""));
    github.sandbox.clock().advance(Duration::from_secs(3_599));
    assert_eq!(github.rest_as(&token, "GET", labels, Value::Null).await.status, 200);
    github.sandbox.clock().advance(Duration::from_secs(1));
    let expired = github.rest_as(&token, "GET", labels, Value::Null).await;
    assert_eq!(expired.with(401)["message"], "Bad credentials");
}

#[tokio::test]
async fn an_installation_does_what_it_was_given() {
    let github = start_app(&[("issues", "write"), ("organization_projects", "read")]).await;
    let made =
        token(&github, json!({ "permissions": { "issues": "read" }, "repositories": ["roadmap"] })).await;
    assert_eq!(
        (&made["permissions"], &made["repositories"][0]["name"]),
        (&json!({ "issues": "read" }), &json!("roadmap"))
    );
    let narrow = made["token"].as_str().unwrap();
    let issues = "/repos/acme/roadmap/issues";
    assert_eq!(github.rest_as(narrow, "GET", issues, Value::Null).await.status, 200);
    let refused = github.rest_as(narrow, "POST", issues, json!({ "title": "T" })).await;
    assert_eq!(refused.with(403)["message"], "Resource not accessible by integration");
    assert_eq!(github.rest_as(narrow, "GET", "/repos/octocat/spoon", Value::Null).await.status, 404);
    assert_eq!(github.rest_as(narrow, "GET", "/orgs/acme/projectsV2", Value::Null).await.status, 403);
    let listed = github.rest_as(narrow, "GET", "/installation/repositories", Value::Null).await.with(200);
    assert_eq!(listed["total_count"], 1);
    let whole = token(&github, Value::Null).await["token"].as_str().unwrap().to_owned();
    github.rest_as(&whole, "POST", issues, json!({ "title": "T" })).await.with(201);
    assert_eq!(github.rest_as(&whole, "GET", "/orgs/acme/projectsV2", Value::Null).await.status, 200);
    let jwt = jwt(&github, &json!(7), 60);
    let wide = json!({ "permissions": { "contents": "write" } });
    let refused = github.rest_as(&jwt, "POST", "/app/installations/70/access_tokens", wide).await;
    assert_eq!(refused.status, 422, "what the installation lacks can't be asked for");

    let owner =
        github.data("{ organization(login: \"acme\") { id } }", json!({})).await["organization"]["id"]
            .clone();
    let query =
        "mutation($o: ID!) { createProjectV2(input: { ownerId: $o, title: \"T\" }) { projectV2 { id } } }";
    let request = github.client.post(format!("{}/graphql", github.sandbox.url()));
    let request = request.header("user-agent", "x").bearer_auth(&whole);
    let answer = request.json(&json!({ "query": query, "variables": { "o": owner } })).send().await.unwrap();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["data"], json!({ "createProjectV2": null }));
    assert_eq!(body["errors"][0]["type"], "FORBIDDEN");
    assert_eq!(body["errors"][0]["message"], "Resource not accessible by integration");
}

#[tokio::test]
async fn without_apps_in_the_seed_any_app_is_installed_everywhere() {
    let github = start().await;
    let jwt = jwt(&github, &json!(12), 60);
    let found = github.rest_as(&jwt, "GET", "/orgs/acme/installation", Value::Null).await.with(200);
    let path = format!("/app/installations/{}/access_tokens", found["id"]);
    let made = github.rest_as(&jwt, "POST", &path, Value::Null).await.with(201);
    let issues =
        github.rest_as(made["token"].as_str().unwrap(), "GET", "/repos/acme/roadmap/issues", Value::Null);
    assert_eq!(issues.await.status, 200);
}

#[tokio::test]
async fn a_classic_token_does_what_its_scopes_say() {
    let known = |token: &str, scopes: &[&str]| {
        let scopes = Some(scopes.iter().map(|scope| (*scope).to_owned()).collect());
        SeedToken::Known(KnownToken { token: token.to_owned(), scopes, ..KnownToken::default() })
    };
    let github = start_with(|config| {
        config.seed.tokens =
            vec![known("reads", &["repo", "read:project"]), known("none", &["repo"]), "any-token".into()];
    })
    .await;
    github.project().await;
    let ask = async |token: &str, query: &str| -> Value {
        let request = github.client.post(format!("{}/graphql", github.sandbox.url()));
        let request = request.header("user-agent", "x").bearer_auth(token).json(&json!({ "query": query }));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(
            token == "any-token" || !answer.headers()["x-oauth-scopes"].to_str().unwrap().contains("admin")
        );
        answer.json().await.unwrap()
    };
    let read = "{ organization(login: \"acme\") { projectV2(number: 1) { title } } }";
    assert_eq!(ask("reads", read).await["data"]["organization"]["projectV2"]["title"], "Board");
    let refused = ask("none", read).await;
    assert_eq!(refused["errors"][0]["type"], "INSUFFICIENT_SCOPES");
    assert_eq!(
        refused["errors"][0]["message"],
        "Your token has not been granted the required scopes to execute this query. The 'projectV2' field requires one \
         of the following scopes: ['read:project'], but your token has only been granted the: ['repo'] scopes. Please \
         modify your token's scopes at: https://github.com/settings/tokens."
    );
    assert_eq!(refused.get("data"), None);
    let write =
        "mutation { updateProjectV2(input: { projectId: \"x\", title: \"T\" }) { projectV2 { id } } }";
    let refused = ask("reads", write).await;
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("['project']"), "{refused:#}");
    assert_eq!(github.rest_as("none", "GET", "/orgs/acme/projectsV2", Value::Null).await.status, 403);
    assert_eq!(github.rest_as("reads", "GET", "/orgs/acme/projectsV2", Value::Null).await.status, 200);
}
