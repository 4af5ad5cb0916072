//! REST: projects, their fields, items and views.

use serde_json::{Value, json};

use super::rest::has;
use super::support::{Fixture, start};

const BOARD: &str = "/orgs/acme/projectsV2/1";

async fn fields(github: &Fixture) -> Vec<Value> {
    let list = github.rest("GET", &format!("{BOARD}/fields?per_page=100"), Value::Null).await.with(200);
    list.as_array().unwrap().clone()
}

async fn field(github: &Fixture, name: &str) -> Value {
    fields(github).await.into_iter().find(|field| field["name"] == name).unwrap()
}

#[tokio::test]
async fn projects_are_paged_by_cursor() {
    let github = start().await;
    for _ in 0..5 {
        github.project().await;
    }
    let mut next = Some("/orgs/acme/projectsV2?per_page=2".to_owned());
    let (mut seen, mut back) = (Vec::new(), None);
    while let Some(path) = next {
        let answer = github.rest("GET", &path, Value::Null).await;
        (next, back) = (answer.link("next"), answer.link("prev"));
        assert!(next.as_ref().is_none_or(|link| link.contains("after=") && link.contains("per_page=2")));
        for row in answer.with(200).as_array().unwrap() {
            has(
                row,
                "id node_id owner creator title description public closed_at number short_description state",
            );
            seen.push(row["number"].as_u64().unwrap());
        }
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
    let before = github.rest("GET", &back.unwrap(), Value::Null).await.with(200);
    assert_eq!(
        before.as_array().unwrap().iter().map(|row| row["number"].clone()).collect::<Vec<_>>(),
        [3, 4]
    );
    assert_eq!(github.rest("GET", "/orgs/acme/projectsV2/6", Value::Null).await.status, 404);
    let bad = github.rest("GET", "/orgs/acme/projectsV2?after=x", Value::Null).await.with(422);
    assert_eq!(bad["errors"][0]["field"], "after");
}

#[tokio::test]
async fn fields_are_listed_and_made() {
    let github = start().await;
    github.project().await;
    // Created, Updated and Closed are no words of the list.
    assert_eq!(fields(&github).await.len(), 10);
    let status = field(&github, "Status").await;
    has(&status, "id node_id project_url name data_type created_at updated_at options");
    assert_eq!(status["options"][0]["name"], json!({ "raw": "Todo", "html": "Todo" }));
    let path = format!("{BOARD}/fields");
    let body =
        json!({ "name": "Size", "data_type": "single_select", "single_select_options": [{ "name": "S" }] });
    let made = github.rest("POST", &path, body).await.with(201);
    assert_eq!((&made["data_type"], &made["options"][0]["color"]), (&json!("single_select"), &json!("GRAY")));
    let setup = json!({
        "start_date": "2026-10-05", "duration": 14,
        "iterations": [{ "title": "One", "start_date": "2026-10-05", "duration": 14 },
                       { "title": "Two", "start_date": "2026-11-02", "duration": 14 }],
    });
    let body = json!({ "name": "Sprint", "data_type": "iteration", "iteration_configuration": setup });
    let made = github.rest("POST", &path, body).await.with(201);
    let iterations = &made["configuration"]["iterations"];
    assert_eq!((&iterations[0]["completed"], &iterations[1]["completed"]), (&json!(true), &json!(false)));
    let one = github.rest("GET", &format!("{path}/{}", made["id"]), Value::Null).await.with(200);
    assert_eq!(one, made);
    let taken = github.rest("POST", &path, json!({ "name": "size", "data_type": "text" })).await.with(422);
    assert_eq!(taken["errors"][0]["code"], "already_exists");
    assert_eq!(github.rest("POST", &path, json!({ "name": "x", "data_type": "odd" })).await.status, 422);
}

#[tokio::test]
async fn items_are_added_set_read_and_deleted() {
    let github = start().await;
    github.project().await;
    let issue = github.rest("POST", "/repos/acme/roadmap/issues", json!({ "title": "T" })).await.with(201);
    let items = format!("{BOARD}/items");
    let by_number = json!({ "type": "Issue", "owner": "acme", "repo": "roadmap", "number": 1 });
    let made = github.rest("POST", &items, by_number).await.with(201);
    has(&made, "id node_id content content_type created_at updated_at archived_at project_url item_url");
    let by_id = json!({ "type": "Issue", "id": issue["id"] });
    assert_eq!(
        github.rest("POST", &items, by_id).await.with(201)["id"],
        made["id"],
        "a second add finds the first"
    );
    let draft = github.rest("POST", &format!("{BOARD}/drafts"), json!({ "title": "D" })).await.with(201);
    assert_eq!((&draft["content_type"], &draft["content"]["title"]), (&json!("DraftIssue"), &json!("D")));

    let points = json!({ "name": "Points", "data_type": "number" });
    let points = github.rest("POST", &format!("{BOARD}/fields"), points).await.with(201);
    let status = field(&github, "Status").await;
    let done = &status["options"][2]["id"];
    let item = format!("{items}/{}?fields={},{}", made["id"], status["id"], points["id"]);
    let change =
        json!({ "fields": [{ "id": status["id"], "value": done }, { "id": points["id"], "value": 3.5 }] });
    let changed = github.rest("PATCH", &item, change).await.with(200);
    assert_eq!(changed["fields"][0]["value"]["name"]["raw"], "Done");
    assert_eq!(changed["fields"][1]["value"], 3.5);
    // One value that does not fit: none is set.
    let change =
        json!({ "fields": [{ "id": points["id"], "value": 5 }, { "id": status["id"], "value": "nope" }] });
    assert_eq!(github.rest("PATCH", &item, change).await.status, 422);
    assert_eq!(github.rest("GET", &item, Value::Null).await.with(200), changed);
    let cleared = json!({ "fields": [{ "id": points["id"], "value": null }] });
    assert_eq!(github.rest("PATCH", &item, cleared).await.with(200)["fields"][1]["value"], Value::Null);
    let listed = github.rest("GET", &format!("{items}?q=is:draft"), Value::Null).await.with(200);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(
        listed[0]["fields"][0]["value"]["raw"], "D",
        "the title is shown unless other fields are named"
    );
    assert_eq!(github.rest("DELETE", &item, Value::Null).await.status, 204);
    assert_eq!(github.rest("GET", &item, Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_view_is_made_with_filter_order_and_groups() {
    let github = start().await;
    github.project().await;
    let (status, title) = (field(&github, "Status").await, field(&github, "Title").await);
    let body = json!({
        "name": "By status", "layout": "board", "filter": "is:open", "visible_fields": [title["id"], status["id"]],
        "sort_by": [[title["id"], "desc"]], "group_by": [status["id"]], "vertical_group_by": [status["id"]],
    });
    let made = github.rest("POST", &format!("{BOARD}/views"), body).await.with(201);
    has(&made, "id number name layout node_id project_url html_url creator created_at updated_at filter");
    assert_eq!((&made["number"], &made["layout"]), (&json!(2), &json!("board")));
    assert_eq!(made["sort_by"], json!([[title["id"], "desc"]]));
    assert_eq!(made["vertical_group_by"], json!([status["id"]]));
    let shown = "query($v: ID!) { node(id: $v) { ... on ProjectV2View { filter layout
        verticalGroupByFields(first: 5) { nodes { ... on ProjectV2FieldCommon { name } } } } } }";
    let view = github.data(shown, json!({ "v": made["node_id"] })).await["node"].clone();
    assert_eq!(view["filter"], "is:open");
    assert_eq!(view["verticalGroupByFields"]["nodes"][0]["name"], "Status");
    for body in [
        json!({ "name": "x", "layout": "roadmap", "visible_fields": [title["id"]] }),
        json!({ "name": "x", "layout": "table", "group_by": [title["id"]] }),
        json!({ "name": "x", "layout": "table", "group_by": [status["id"], status["id"]] }),
        json!({ "name": "x", "layout": "table", "visible_fields": [1] }),
        json!({ "name": "x", "layout": "list" }),
        json!({ "layout": "table" }),
    ] {
        let refused = github.rest("POST", &format!("{BOARD}/views"), body.clone()).await;
        assert_eq!(refused.status, 422, "{body}");
    }
    let issue = json!({ "title": "open one" });
    github.rest("POST", "/repos/acme/roadmap/issues", issue).await.with(201);
    let item = json!({ "type": "Issue", "owner": "acme", "repo": "roadmap", "number": 1 });
    github.rest("POST", &format!("{BOARD}/items"), item).await.with(201);
    let items = github.rest("GET", &format!("{BOARD}/views/2/items"), Value::Null).await.with(200);
    assert_eq!(items.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_s_view_goes_by_numeric_id() {
    let github = start().await;
    let user = github.rest("GET", "/user", Value::Null).await.with(200);
    let input = json!({ "ownerId": user["node_id"], "title": "Mine" });
    github.mutate("createProjectV2", input, "projectV2 { id }").await;
    let body = json!({ "name": "V", "layout": "table" });
    let path = format!("/users/{}/projectsV2/1/views", user["id"]);
    let made = github.rest("POST", &path, body.clone()).await.with(201);
    assert!(made["project_url"].as_str().unwrap().ends_with("/users/octocat/projectsV2/1"));
    assert_eq!(github.rest("POST", "/users/octocat/projectsV2/1/views", body).await.status, 404);
    let list = github.rest("GET", "/users/octocat/projectsV2", Value::Null).await.with(200);
    assert_eq!(list[0]["title"], "Mine");
}
