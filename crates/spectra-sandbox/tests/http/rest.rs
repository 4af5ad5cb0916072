//! REST: milestones, labels, owners, pages, refusals.

use serde_json::{Value, json};

use super::support::{Rest, start, start_with};

/// The error of a 422.
fn error(answer: Rest) -> Value {
    let body = answer.with(422);
    assert_eq!(body["message"], "Validation Failed");
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body:#}");
    body["errors"][0].clone()
}

/// GitHub: OpenAPI: what is required of a shape is there.
pub(crate) fn has(value: &Value, members: &str) {
    for member in members.split_whitespace() {
        assert!(value.get(member).is_some(), "{member} is missing in {value:#}");
    }
}

const MILESTONE: &str = "url html_url labels_url id node_id number state title description creator open_issues \
                         closed_issues created_at updated_at closed_at due_on";

#[tokio::test]
async fn milestones_are_made_listed_changed_and_deleted() {
    let github = start().await;
    let path = "/repos/acme/roadmap/milestones";
    for (title, due) in
        [("Later", Value::Null), ("B", json!("2026-12-02T12:00:00Z")), ("A", json!("2026-12-01T12:00:00Z"))]
    {
        let made =
            github.rest("POST", path, json!({ "title": title, "due_on": due, "description": "d" })).await;
        let place = made.header("location").to_owned();
        let made = made.with(201);
        has(&made, MILESTONE);
        assert_eq!(github.rest("GET", &place, Value::Null).await.with(200), made);
    }
    // GitHub keeps midnight in California.
    let first = github.rest("GET", "/api/v3/repos/acme/roadmap/milestones/3", Value::Null).await.with(200);
    assert_eq!((&first["due_on"], &first["state"]), (&json!("2026-12-01T08:00:00Z"), &json!("open")));
    assert!(first["url"].as_str().unwrap().contains("/api/v3/repos/acme/roadmap/milestones/3"));
    let titles = |answer: Rest| {
        answer.with(200).as_array().unwrap().iter().map(|row| row["title"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(github.rest("GET", path, Value::Null).await), ["A", "B", "Later"]);
    let closed =
        github.rest("PATCH", &format!("{path}/2"), json!({ "state": "closed", "due_on": null })).await;
    let closed = closed.with(200);
    assert_eq!((&closed["due_on"], &closed["closed_at"]), (&Value::Null, &json!("2026-11-01T12:00:00Z")));
    assert_eq!(titles(github.rest("GET", path, Value::Null).await), ["A", "Later"]);
    let query = format!("{path}?state=all&direction=desc");
    assert_eq!(titles(github.rest("GET", &query, Value::Null).await), ["B", "Later", "A"]);
    let taken = error(github.rest("POST", path, json!({ "title": "A" })).await);
    assert_eq!(taken, json!({ "resource": "Milestone", "field": "title", "code": "already_exists" }));
    let missing = error(github.rest("POST", path, json!({ "description": "no title" })).await);
    assert_eq!((&missing["field"], &missing["code"]), (&json!("title"), &json!("missing_field")));
    assert_eq!(github.rest("DELETE", &format!("{path}/3"), Value::Null).await.status, 204);
    assert_eq!(github.rest("GET", &format!("{path}/3"), Value::Null).await.with(404)["message"], "Not Found");
}

#[tokio::test]
async fn labels_are_found_in_any_case_and_refused_twice() {
    let github = start().await;
    let path = "/repos/acme/roadmap/labels";
    let made = github.rest("POST", path, json!({ "name": "area/ü b", "color": "ABCDEF" })).await.with(201);
    has(&made, "id node_id url name description color default");
    assert_eq!(made["color"], "abcdef");
    let again = github.rest("GET", made["url"].as_str().unwrap(), Value::Null).await.with(200);
    assert_eq!(again, made);
    let taken = error(github.rest("POST", path, json!({ "name": "BUG", "color": "ffffff" })).await);
    assert_eq!(taken, json!({ "resource": "Label", "field": "name", "code": "already_exists" }));
    let color = error(github.rest("POST", path, json!({ "name": "x", "color": "#fff" })).await);
    assert_eq!((&color["field"], &color["code"]), (&json!("color"), &json!("invalid")));
    let renamed =
        github.rest("PATCH", &format!("{path}/Bug"), json!({ "new_name": "defect" })).await.with(200);
    assert_eq!((&renamed["name"], &renamed["default"]), (&json!("defect"), &json!(true)));
    assert_eq!(github.rest("DELETE", &format!("{path}/defect"), Value::Null).await.status, 204);
    assert_eq!(github.rest("GET", &format!("{path}/defect"), Value::Null).await.status, 404);
}

#[tokio::test]
async fn pages_lead_from_one_to_the_next() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    for batch in 0..5 {
        let fields: Vec<String> = (0..25)
            .map(|number| format!("a{number}: createIssue(input: {{repositoryId: $r, title: \"{batch}.{number}\"}}) {{ issue {{ id }} }}"))
            .collect();
        let query = format!("mutation($r: ID!) {{ {} }}", fields.join(" "));
        github.data(&query, json!({ "r": repository })).await;
    }
    for (prefix, query, pages) in
        [("", "", 5), ("/api/v3", "?per_page=500&state=open", 2), ("", "?per_page=0", 5)]
    {
        let mut next = Some(format!("{prefix}/repos/acme/roadmap/issues{query}"));
        let (mut seen, mut asked) = (Vec::new(), 0);
        while let Some(path) = next {
            let answer = github.rest("GET", &path, Value::Null).await;
            next = answer.link("next");
            asked += 1;
            assert_eq!(answer.link("prev").is_some(), asked > 1);
            assert_eq!(answer.link("last").is_some(), next.is_some());
            let rows = answer.with(200);
            seen.extend(rows.as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap()));
        }
        assert_eq!(asked, pages, "{prefix}{query}");
        assert_eq!(seen, (1..=125).rev().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn owners_types_and_the_unknown() {
    let github = start().await;
    let get = |path: &'static str| github.rest("GET", path, Value::Null);
    has(&get("/user").await.with(200), "login id node_id type name two_factor_authentication created_at");
    has(
        &get("/orgs/acme").await.with(200),
        "login id node_id repos_url has_organization_projects type archived_at",
    );
    assert_eq!(get("/orgs/octocat").await.status, 404);
    assert_eq!(get("/users/ACME").await.with(200)["type"], "Organization");
    has(&get("/repos/acme/roadmap").await.with(200), "id node_id full_name owner permissions has_issues");
    let kinds = get("/orgs/acme/issue-types").await.with(200);
    assert_eq!(kinds, get("/repos/acme/roadmap/issue-types").await.with(200));
    assert_eq!((&kinds[0]["name"], &kinds[0]["color"]), (&json!("Task"), &json!("yellow")));
    let body = json!({ "name": "Epic", "is_enabled": true, "color": "purple" });
    // GitHub: OpenAPI names 200 for this creation.
    let made = github.rest("POST", "/orgs/acme/issue-types", body).await.with(200);
    let path = format!("/orgs/acme/issue-types/{}", made["id"]);
    let changed = github.rest("PUT", &path, json!({ "name": "Saga", "is_enabled": false })).await.with(200);
    assert_eq!((&changed["name"], &changed["is_enabled"]), (&json!("Saga"), &json!(false)));
    assert_eq!(github.rest("DELETE", &path, Value::Null).await.status, 204);
    let error = error(github.rest("POST", "/orgs/acme/issue-types", json!({ "name": "x" })).await);
    assert_eq!((&error["field"], &error["code"]), (&json!("is_enabled"), &json!("missing_field")));
    // What GitHub has and the sandbox hasn't says so.
    let unmodelled = get("/repos/acme/roadmap/pulls").await.with(501);
    assert!(unmodelled["message"].as_str().unwrap().contains("does not model GET /repos/acme/roadmap/pulls"));
    assert_eq!(get("/repos/acme/nothing/pulls").await.status, 404);
    let url = format!("{}/repos/acme/roadmap/labels", github.sandbox.url());
    for (text, message) in [("{", "Problems parsing JSON"), ("[]", "Body should be a JSON object")] {
        let request = github.client.post(&url).header("user-agent", "x").bearer_auth("t").body(text);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.json::<Value>().await.unwrap()["message"], message);
    }
}

#[tokio::test]
async fn without_push_access_nothing_is_managed_and_sets_are_dropped() {
    use spectra_sandbox::world::repository::Permission;
    let github = start().await;
    github.rest("POST", "/repos/acme/roadmap/milestones", json!({ "title": "M" })).await.with(201);
    github.sandbox.edit(|world| {
        let id = world.repository_by_name("acme", "roadmap").unwrap().id.clone();
        world.repositories.get_mut(&id).unwrap().viewer_permission = Permission::Read;
    });
    let body =
        json!({ "title": "T", "labels": ["bug"], "assignees": ["octocat"], "milestone": 1, "type": "Bug" });
    let made = github.rest("POST", "/repos/acme/roadmap/issues", body).await.with(201);
    assert_eq!((&made["labels"], &made["assignees"]), (&json!([]), &json!([])));
    assert_eq!((&made["milestone"], &made["type"]), (&Value::Null, &Value::Null));
    assert_eq!(github.rest("POST", "/repos/acme/roadmap/labels", json!({ "name": "x" })).await.status, 404);
    assert_eq!(
        github.rest("POST", "/repos/acme/roadmap/milestones", json!({ "title": "x" })).await.status,
        404
    );
}

#[tokio::test]
async fn a_request_for_the_limits_costs_nothing() {
    let github = start_with(|config| config.limits = spectra_sandbox::Limits::github()).await;
    github.rest("GET", "/user", Value::Null).await.with(200);
    for _ in 0..3 {
        let answer = github.rest("GET", "/rate_limit", Value::Null).await;
        assert_eq!(
            (answer.header("x-ratelimit-remaining"), answer.header("x-ratelimit-resource")),
            ("4999", "core")
        );
        let body = answer.with(200);
        has(&body["resources"]["graphql"], "limit used remaining reset");
        assert_eq!((&body["rate"]["used"], &body["resources"]["graphql"]["used"]), (&json!(1), &json!(0)));
    }
}
