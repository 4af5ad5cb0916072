//! REST: issues, their parts and what blocks them.

use serde_json::{Value, json};

use super::rest::has;
use super::support::{Fixture, start};

const ISSUE: &str = "id node_id url repository_url labels_url comments_url events_url html_url number state title user \
                     labels assignee milestone locked comments closed_at created_at updated_at type sub_issues_summary \
                     issue_dependencies_summary";

async fn create(github: &Fixture, title: &str) -> Value {
    github.rest("POST", "/repos/acme/roadmap/issues", json!({ "title": title })).await.with(201)
}

fn path(issue: &Value, rest: &str) -> String {
    format!("/repos/acme/roadmap/issues/{}{rest}", issue["number"])
}

fn numbers(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn an_issue_is_made_and_changed_with_everything_on_it() {
    let github = start().await;
    github.rest("POST", "/repos/acme/roadmap/milestones", json!({ "title": "M" })).await.with(201);
    let body = json!({
        "title": "T", "body": "B", "labels": ["BUG", { "name": "fresh" }], "assignees": ["octocat"], "milestone": 1,
        "type": "task",
    });
    let made = github.rest("POST", "/api/v3/repos/acme/roadmap/issues", body).await.with(201);
    has(&made, ISSUE);
    assert_eq!((&made["labels"][0]["name"], &made["labels"][1]["color"]), (&json!("bug"), &json!("ededed")));
    assert_eq!((&made["assignee"]["login"], &made["type"]["name"]), (&json!("octocat"), &json!("Task")));
    assert_eq!(made["milestone"]["open_issues"], 1);
    let plain = create(&github, "plain").await;
    assert_eq!((&plain["body"], &plain["state_reason"]), (&Value::Null, &Value::Null));
    let change = json!({ "state": "closed", "state_reason": "not_planned", "milestone": null, "labels": [], "body": "" });
    let changed = github.rest("PATCH", &path(&made, ""), change).await.with(200);
    assert_eq!((&changed["state"], &changed["state_reason"]), (&json!("closed"), &json!("not_planned")));
    assert_eq!(
        (&changed["milestone"], &changed["labels"], &changed["body"]),
        (&Value::Null, &json!([]), &Value::Null)
    );
    assert_eq!(changed["assignee"]["login"], "octocat", "what isn't named stays");
    let reopened =
        github.rest("PATCH", &path(&made, ""), json!({ "state": "open", "type": null })).await.with(200);
    assert_eq!((&reopened["state_reason"], &reopened["type"]), (&json!("reopened"), &Value::Null));
}

#[tokio::test]
async fn a_refused_issue_leaves_nothing_behind() {
    let github = start().await;
    let before = github.rest("GET", "/repos/acme/roadmap/labels?per_page=100", Value::Null).await.with(200);
    for (body, field, code) in [
        (json!({ "body": "no title" }), "title", "missing_field"),
        (json!({ "title": "T", "milestone": 9 }), "milestone", "invalid"),
        (json!({ "title": "T", "labels": ["fresh"], "assignees": ["nobody"] }), "assignees", "invalid"),
        (json!({ "title": "T", "type": "Saga" }), "type", "invalid"),
        (json!({ "title": "x".repeat(257), "labels": ["fresh"] }), "title", "custom"),
    ] {
        let refused = github.rest("POST", "/repos/acme/roadmap/issues", body).await.with(422);
        assert_eq!(
            (
                &refused["errors"][0]["resource"],
                &refused["errors"][0]["field"],
                &refused["errors"][0]["code"]
            ),
            (&json!("Issue"), &json!(field), &json!(code)),
            "{refused:#}"
        );
    }
    assert_eq!(
        github.rest("GET", "/repos/acme/roadmap/labels?per_page=100", Value::Null).await.with(200),
        before
    );
    assert_eq!(
        github.rest("GET", "/repos/acme/roadmap/issues?state=all", Value::Null).await.with(200),
        json!([])
    );
}

#[tokio::test]
async fn lists_are_filtered() {
    let github = start().await;
    for (title, labels) in
        [("one", json!(["bug"])), ("two", json!(["bug", "question"])), ("three", json!([]))]
    {
        let body = json!({ "title": title, "labels": labels });
        github.rest("POST", "/repos/acme/roadmap/issues", body).await.with(201);
    }
    github.rest("PATCH", "/repos/acme/roadmap/issues/1", json!({ "state": "closed" })).await.with(200);
    for (query, expected) in [
        ("", vec![3, 2]),
        ("?state=closed", vec![1]),
        ("?state=all&direction=asc", vec![1, 2, 3]),
        ("?state=all&labels=bug", vec![2, 1]),
        ("?labels=bug,question", vec![2]),
        ("?labels=bug,absent", vec![]),
        ("?assignee=none&milestone=none&type=none", vec![3, 2]),
        ("?creator=octocat", vec![3, 2]),
        ("?creator=solo", vec![]),
    ] {
        let found =
            github.rest("GET", &format!("/repos/acme/roadmap/issues{query}"), Value::Null).await.with(200);
        assert_eq!(numbers(&found), expected, "{query}");
    }
    let bad = github.rest("GET", "/repos/acme/roadmap/issues?state=odd", Value::Null).await.with(422);
    assert_eq!(bad["errors"][0]["field"], "state");
}

#[tokio::test]
async fn labels_of_an_issue_are_added_replaced_and_taken_off() {
    let github = start().await;
    let issue = create(&github, "T").await;
    let names =
        |list: Value| list.as_array().unwrap().iter().map(|row| row["name"].clone()).collect::<Vec<_>>();
    let labels = path(&issue, "/labels");
    assert_eq!(names(github.rest("POST", &labels, json!({ "labels": ["bug"] })).await.with(200)), ["bug"]);
    assert_eq!(names(github.rest("POST", &labels, json!(["question"])).await.with(200)), ["bug", "question"]);
    let off = github.rest("DELETE", &path(&issue, "/labels/bug"), Value::Null).await.with(200);
    assert_eq!(names(off), ["question"]);
    assert_eq!(github.rest("DELETE", &path(&issue, "/labels/bug"), Value::Null).await.status, 404);
    assert_eq!(names(github.rest("PUT", &labels, json!({ "labels": ["bug"] })).await.with(200)), ["bug"]);
    assert_eq!(github.rest("DELETE", &labels, Value::Null).await.status, 204);
    assert_eq!(github.rest("GET", &labels, Value::Null).await.with(200), json!([]));
}

#[tokio::test]
async fn parts_go_by_database_id() {
    let github = start().await;
    let (parent, one, two) =
        (create(&github, "P").await, create(&github, "1").await, create(&github, "2").await);
    let parts = path(&parent, "/sub_issues");
    for part in [&one, &two] {
        github.rest("POST", &parts, json!({ "sub_issue_id": part["id"] })).await.with(201);
    }
    let refused = github.rest("POST", &parts, json!({ "sub_issue_id": one["id"] })).await.with(422);
    assert!(
        refused["message"].as_str().unwrap().contains("may not contain duplicate sub-issues"),
        "{refused:#}"
    );
    assert_eq!(numbers(&github.rest("GET", &parts, Value::Null).await.with(200)), [2, 3]);
    let order = json!({ "sub_issue_id": two["id"], "before_id": one["id"] });
    github.rest("PATCH", &format!("{parts}/priority"), order).await.with(200);
    assert_eq!(numbers(&github.rest("GET", &parts, Value::Null).await.with(200)), [3, 2]);
    let shown = github.rest("GET", &path(&one, ""), Value::Null).await.with(200);
    assert!(shown["parent_issue_url"].as_str().unwrap().ends_with("/repos/acme/roadmap/issues/1"));
    assert_eq!(github.rest("GET", &path(&one, "/parent"), Value::Null).await.with(200)["number"], 1);
    let other = create(&github, "other").await;
    let moved = json!({ "sub_issue_id": one["id"], "replace_parent": true });
    github.rest("POST", &path(&other, "/sub_issues"), moved).await.with(201);
    let off = json!({ "sub_issue_id": two["id"] });
    let left = github.rest("DELETE", &path(&parent, "/sub_issue"), off).await.with(200);
    assert_eq!(left["sub_issues_summary"], json!({ "total": 0, "completed": 0, "percent_completed": 0 }));
    assert_eq!(github.rest("POST", &parts, json!({ "sub_issue_id": 1 })).await.status, 404);
}

#[tokio::test]
async fn dependencies_have_two_sides_and_their_refusal_is_github_s() {
    let github = start().await;
    let (waits, blocks) = (create(&github, "waits").await, create(&github, "blocks").await);
    let blocked_by = path(&waits, "/dependencies/blocked_by");
    let body = json!({ "issue_id": blocks["id"] });
    github.rest("POST", &blocked_by, body.clone()).await.with(201);
    let refused = github.rest("POST", &blocked_by, body).await.with(422);
    assert_eq!(
        refused["message"],
        "An error occurred while adding the blocking issue to the issue. Validation failed: Target issue has already \
         been taken"
    );
    assert_eq!(numbers(&github.rest("GET", &blocked_by, Value::Null).await.with(200)), [2]);
    let other_side = path(&blocks, "/dependencies/blocking");
    assert_eq!(numbers(&github.rest("GET", &other_side, Value::Null).await.with(200)), [1]);
    let shown = github.rest("GET", &path(&waits, ""), Value::Null).await.with(200);
    assert_eq!(shown["issue_dependencies_summary"]["blocked_by"], 1);
    let edge = format!("{blocked_by}/{}", blocks["id"]);
    // Taking away what isn't there is no error; observed.
    for _ in 0..2 {
        github.rest("DELETE", &edge, Value::Null).await.with(200);
    }
    assert_eq!(github.rest("GET", &blocked_by, Value::Null).await.with(200), json!([]));
}

#[tokio::test]
async fn search_counts_what_it_finds() {
    let github = start().await;
    for title in ["alpha", "beta"] {
        create(&github, title).await;
    }
    github.sandbox.clock().advance(std::time::Duration::from_mins(2));
    let found =
        github.rest("GET", "/search/issues?q=repo:acme/roadmap+is:issue+alpha", Value::Null).await.with(200);
    assert_eq!((&found["total_count"], &found["incomplete_results"]), (&json!(1), &json!(false)));
    assert_eq!(numbers(&found["items"]), [1]);
    let all = "/search/issues?q=repo:acme/roadmap&sort=created&order=asc&per_page=1";
    let answer = github.rest("GET", all, Value::Null).await;
    assert!(answer.link("next").unwrap().contains("page=2"));
    assert_eq!(numbers(&answer.with(200)["items"]), [1]);
    assert_eq!(github.rest("GET", "/search/issues", Value::Null).await.status, 422);
}
