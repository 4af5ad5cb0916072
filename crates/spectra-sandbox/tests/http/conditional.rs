//! What stands around REST's answers: marks, versions, packing, redirections, paths by numbers.

use serde_json::{Value, json};

use super::support::{Fixture, Rest, start, start_with};

async fn ask(github: &Fixture, method: &str, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let client = reqwest::Client::builder().no_gzip().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    let request = client.request(method.parse().unwrap(), github.sandbox.url() + path).bearer_auth("t");
    let request = headers
        .iter()
        .fold(request.header("user-agent", "x"), |request, (name, value)| request.header(*name, *value));
    request.send().await.unwrap()
}

fn header(answer: &reqwest::Response, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn an_unchanged_answer_costs_nothing() {
    let github = start_with(|config| config.limits = spectra_sandbox::Limits::github()).await;
    let path = "/repos/acme/roadmap/labels";
    let first = ask(&github, "GET", path, &[]).await;
    let mark = header(&first, "etag");
    assert!(mark.starts_with("W/\"") && header(&first, "cache-control").starts_with("private"));
    let again = ask(&github, "GET", path, &[("if-none-match", &mark)]).await;
    assert_eq!((again.status().as_u16(), header(&again, "x-ratelimit-used").as_str()), (304, "1"));
    assert_eq!((header(&again, "etag"), header(&again, "content-type")), (mark.clone(), String::new()));
    assert!(again.bytes().await.unwrap().is_empty());
    github.rest("POST", path, json!({ "name": "new", "color": "ffffff" })).await.with(201);
    let changed = ask(&github, "GET", path, &[("if-none-match", &mark)]).await;
    assert_eq!(changed.status(), 200);
    assert_ne!(header(&changed, "etag"), mark);
    assert_eq!(header(&ask(&github, "GET", "/rate_limit", &[]).await, "etag"), "");
}

#[tokio::test]
async fn headers_are_those_of_the_api_that_answers() {
    let github = start().await;
    let rest = ask(&github, "GET", "/repos/acme/roadmap/labels", &[]).await;
    assert_eq!(header(&rest, "x-github-media-type"), "github.v3; format=json");
    assert_eq!(header(&rest, "x-accepted-oauth-scopes"), "repo");
    let organization = ask(&github, "GET", "/orgs/acme", &[]).await;
    assert_eq!(
        header(&organization, "x-accepted-oauth-scopes"),
        "admin:org, read:org, repo, user, write:org"
    );
    let graphql = github.send("{ viewer { login } }", json!({})).await.unwrap();
    assert_eq!(graphql.headers()["x-github-media-type"], "github.v4; format=json");
}

#[tokio::test]
async fn long_answers_are_packed_for_who_asks() {
    let github = start().await;
    let path = "/repos/acme/roadmap/labels";
    let plain = ask(&github, "GET", path, &[]).await;
    assert_eq!(header(&plain, "content-encoding"), "");
    let plain = plain.bytes().await.unwrap();
    let packed = ask(&github, "GET", path, &[("accept-encoding", "br, gzip;q=0.8")]).await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    let packed = packed.bytes().await.unwrap();
    assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() < plain.len());
    for refused in ["gzip;q=0", "identity"] {
        let answer = ask(&github, "GET", path, &[("accept-encoding", refused)]).await;
        assert_eq!(header(&answer, "content-encoding"), "", "{refused}");
    }
}

#[tokio::test]
async fn there_are_two_versions_and_no_other() {
    let github = start().await;
    github.rest("POST", "/repos/acme/roadmap/issues", json!({ "title": "T" })).await.with(201);
    let path = "/repos/acme/roadmap/issues/1";
    for (version, has_assignee) in [("2022-11-28", true), ("2026-03-10", false)] {
        let answer = ask(&github, "GET", path, &[("x-github-api-version", version)]).await;
        assert_eq!(header(&answer, "x-github-api-version-selected"), version);
        let issue: Value = answer.json().await.unwrap();
        assert_eq!(issue.get("assignee").is_some(), has_assignee, "{version}");
    }
    let answer = ask(&github, "GET", path, &[("x-github-api-version", "2020-01-01")]).await;
    assert_eq!(answer.status(), 400);
    let versions = github.rest("GET", "/versions", Value::Null).await.with(200);
    assert_eq!(versions, json!(["2026-03-10", "2022-11-28"]));
}

#[tokio::test]
async fn a_renamed_repository_and_a_moved_issue_are_found_where_they_are() {
    let github = start().await;
    let made = github.rest("POST", "/orgs/acme/repos", json!({ "name": "old" })).await;
    let made = made.with(201);
    assert_eq!((&made["private"], &made["organization"]["login"]), (&json!(false), &json!("acme")));
    let error = github.rest("POST", "/orgs/acme/repos", json!({ "name": "OLD" })).await.with(422);
    assert_eq!(error["message"], "Repository creation failed.");
    assert_eq!(error["errors"][0]["message"], "name already exists on this account");
    github.rest("PATCH", "/repos/acme/old", json!({ "name": "new" })).await.with(200);
    let there = format!("/repositories/{}", made["id"]);
    for (method, status) in [("GET", 301), ("PATCH", 307)] {
        let answer = ask(&github, method, "/repos/acme/old", &[]).await;
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(header(&answer, "location"), github.sandbox.url() + &there);
        assert_eq!(answer.json::<Value>().await.unwrap()["message"], "Moved Permanently");
    }
    assert_eq!(github.rest("GET", "/repos/acme/old", Value::Null).await.with(200)["full_name"], "acme/new");
    let query = "{ repository(owner: \"acme\", name: \"old\") { name } }";
    assert_eq!(github.data(query, json!({})).await["repository"]["name"], "new");
    // Another one may take the name.
    github.rest("POST", "/orgs/acme/repos", json!({ "name": "old" })).await.with(201);
    assert_eq!(ask(&github, "GET", "/repos/acme/old", &[]).await.status(), 200);

    let issue = github.issue("Wanders").await;
    github.issue("Goes").await;
    let input = json!({ "issueId": issue, "repositoryId": made["node_id"] });
    github.mutate("transferIssue", input, "issue { number }").await;
    let answer = ask(&github, "GET", "/repos/acme/roadmap/issues/1/comments", &[]).await;
    assert_eq!(answer.status(), 301);
    assert_eq!(header(&answer, "location"), format!("{}{there}/issues/1/comments", github.sandbox.url()));
    let second = github.rest("GET", "/repos/acme/roadmap/issues/2", Value::Null).await.with(200);
    github.mutate("deleteIssue", json!({ "issueId": second["node_id"] }), "clientMutationId").await;
    assert_eq!(github.rest("GET", "/repos/acme/roadmap/issues/2", Value::Null).await.status, 410);
    assert_eq!(github.rest("GET", "/repos/acme/roadmap/issues/3", Value::Null).await.status, 404);
}

#[tokio::test]
async fn pages_are_linked_by_numeric_ids_and_found_there() {
    let github = start().await;
    let repository = github.rest("GET", "/repos/acme/roadmap", Value::Null).await.with(200);
    let page = github.rest("GET", "/repos/acme/roadmap/labels?per_page=5", Value::Null).await;
    let next = page.link("next").unwrap();
    assert_eq!(
        next,
        format!("{}/repositories/{}/labels?per_page=5&page=2", github.sandbox.url(), repository["id"])
    );
    assert_eq!(github.rest("GET", &next, Value::Null).await.with(200).as_array().unwrap().len(), 4);
    let user = github.rest("GET", "/user", Value::Null).await.with(200);
    let same = github.rest("GET", &format!("/user/{}", user["id"]), Value::Null).await.with(200);
    assert_eq!(same["login"], "octocat");
    let organization = github.rest("GET", "/orgs/acme", Value::Null).await.with(200);
    let path = format!("/organizations/{}/repos", organization["id"]);
    assert_eq!(github.rest("GET", &path, Value::Null).await.with(200)[0]["full_name"], "acme/roadmap");
    for path in ["/repositories/1", "/user/1", "/repos/acme/roadmap/", "/user/"] {
        assert_eq!(github.rest("GET", path, Value::Null).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn graphql_answers_a_get_with_its_schema() {
    let github = start().await;
    let answer = ask(&github, "GET", "/graphql", &[]).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "x-github-media-type").as_str()),
        (200, "github.v4; format=json")
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["data"]["__schema"]["mutationType"]["name"], "Mutation");
    let head = ask(&github, "HEAD", "/graphql", &[]).await;
    assert_eq!((head.status().as_u16(), head.bytes().await.unwrap().len()), (200, 0));
    assert_eq!(ask(&github, "PUT", "/graphql", &[]).await.status(), 404);
    let url = github.sandbox.url() + "/graphql/";
    let body = json!({ "query": "{ viewer { login } }" });
    let answer = github.client.post(url).header("user-agent", "x").bearer_auth("t").json(&body).send().await;
    assert_eq!(answer.unwrap().json::<Value>().await.unwrap()["data"]["viewer"]["login"], "octocat");
}

#[tokio::test]
async fn people_are_asked_for_one_by_one() {
    let github = start().await;
    let status = |answer: Rest| answer.status;
    for (path, expected) in [
        ("/repos/acme/roadmap/assignees/solo", 204),
        ("/repos/acme/roadmap/assignees/nobody", 404),
        ("/orgs/acme/members/octocat", 204),
        ("/orgs/acme/members/nobody", 404),
        ("/repos/acme/roadmap/collaborators/octocat", 204),
        ("/repos/acme/roadmap/readme", 404),
    ] {
        assert_eq!(status(github.rest("GET", path, Value::Null).await), expected, "{path}");
    }
    let get = |path: &'static str| github.rest("GET", path, Value::Null);
    let logins =
        |rows: Value| rows.as_array().unwrap().iter().map(|row| row["login"].clone()).collect::<Vec<_>>();
    assert_eq!(logins(get("/repos/acme/roadmap/assignees").await.with(200)), ["octocat", "solo"]);
    assert_eq!(logins(get("/user/orgs").await.with(200)), ["acme"]);
    let permission = get("/repos/acme/roadmap/collaborators/solo/permission").await.with(200);
    assert_eq!((&permission["permission"], &permission["user"]["login"]), (&json!("admin"), &json!("solo")));
    let names = get("/user/repos?affiliation=owner").await.with(200);
    assert_eq!(names.as_array().unwrap().len(), 1);
    assert_eq!(get("/user/memberships/orgs/acme").await.with(200)["role"], "admin");
}

#[tokio::test]
async fn an_issue_s_comments_and_events_are_listed() {
    let github = start().await;
    let body = json!({ "title": "T", "labels": ["bug"], "assignees": ["octocat"] });
    github.rest("POST", "/repos/acme/roadmap/issues", body).await.with(201);
    let path = "/repos/acme/roadmap/issues";
    let comment =
        github.rest("POST", &format!("{path}/1/comments"), json!({ "body": "one" })).await.with(201);
    let one = comment["url"].as_str().unwrap();
    let edited = github.rest("PATCH", one, json!({ "body": "two" })).await.with(200);
    assert_eq!((&edited["body"], &edited["author_association"]), (&json!("two"), &json!("MEMBER")));
    let reason = json!({ "lock_reason": "too heated" });
    assert_eq!(github.rest("PUT", &format!("{path}/1/lock"), reason).await.status, 204);
    let closed = json!({ "state": "closed", "state_reason": "not_planned" });
    let closed = github.rest("PATCH", &format!("{path}/1"), closed).await.with(200);
    assert_eq!(
        (&closed["active_lock_reason"], &closed["closed_by"]["login"]),
        (&json!("too heated"), &json!("octocat"))
    );
    let words =
        |rows: Value| rows.as_array().unwrap().iter().map(|row| row["event"].clone()).collect::<Vec<_>>();
    let timeline = github.rest("GET", &format!("{path}/1/timeline"), Value::Null).await.with(200);
    assert_eq!(words(timeline), ["labeled", "assigned", "commented", "locked", "closed"]);
    let events = github.rest("GET", &format!("{path}/1/events"), Value::Null).await.with(200);
    assert_eq!(events[4 - 1]["state_reason"], "not_planned");
    assert_eq!(events[0]["label"], json!({ "name": "bug", "color": "d73a4a" }));
    let all = github.rest("GET", &format!("{path}/events"), Value::Null).await.with(200);
    assert_eq!(words(all.clone()), ["closed", "locked", "assigned", "labeled"]);
    assert_eq!(all[0]["issue"]["number"], 1);
    let event = github.rest("GET", &format!("{path}/events/{}", all[0]["id"]), Value::Null).await.with(200);
    assert_eq!(event["event"], "closed");
    assert_eq!(github.rest("DELETE", one, Value::Null).await.status, 204);
    assert_eq!(github.rest("GET", one, Value::Null).await.status, 404);
}

#[tokio::test]
async fn who_may_not_write_a_board_may_not_over_rest() {
    let github = start_with(|config| {
        config.seed.tokens = ["octocat", "solo"]
            .map(|login| {
                let known = json!({ "token": login, "login": login });
                serde_json::from_value(known).unwrap()
            })
            .into();
    })
    .await;
    let owner = github.sandbox.edit(|world| {
        let user = world.owner_by_login("solo").unwrap().id.clone();
        world.viewer = user.clone();
        let now = world.now;
        let input = json!({ "ownerId": user, "title": "Mine" });
        world.create_project(now, serde_json::from_value(input).unwrap()).unwrap()
    });
    let path = "/users/solo/projectsV2/1";
    assert_eq!(github.rest_as("solo", "GET", path, Value::Null).await.status, 200);
    assert_eq!(github.rest_as("octocat", "GET", path, Value::Null).await.status, 404);
    assert_eq!(
        github.rest_as("octocat", "GET", "/users/solo/projectsV2", Value::Null).await.with(200),
        json!([])
    );
    github.sandbox.edit(|world| world.projects.get_mut(&owner).unwrap().public = true);
    assert_eq!(github.rest_as("octocat", "GET", path, Value::Null).await.status, 200);
    let field = json!({ "name": "F", "data_type": "text" });
    assert_eq!(github.rest_as("octocat", "POST", &format!("{path}/fields"), field.clone()).await.status, 403);
    assert_eq!(github.rest_as("solo", "POST", &format!("{path}/fields"), field).await.status, 201);
}
