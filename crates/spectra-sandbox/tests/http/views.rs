//! Views: made, changed, read in every order, deleted.

use serde_json::{Value, json};

use super::support::{Fixture, start};

const VIEW: &str = "projectV2View { id number name layout filter
    configuration { visibleFields(first: 20) { nodes { ... on ProjectV2FieldCommon { name } } } }
    fields(first: 20) { nodes { ... on ProjectV2FieldCommon { name } } }
    groupByFields(first: 5) { totalCount } verticalGroupByFields(first: 5) { totalCount }
    sortByFields(first: 5) { nodes { direction field { ... on ProjectV2FieldCommon { name } } } } }";

fn names(connection: &Value) -> Vec<&str> {
    connection["nodes"].as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect()
}

async fn ids(github: &Fixture, project: &str, wanted: &[&str]) -> Vec<Value> {
    let mut found = Vec::new();
    for name in wanted {
        found.push(github.field(project, name).await["id"].clone());
    }
    found
}

#[tokio::test]
async fn a_view_keeps_the_order_it_was_given_and_shows_it_where_github_does() {
    let github = start().await;
    let project = github.project().await;
    let wanted = ["Labels", "Title", "Status"];
    let fields = ids(&github, &project, &wanted).await;
    let input = json!({ "projectId": project, "name": "Everything", "layout": "TABLE_LAYOUT",
        "configuration": { "visibleFieldIds": fields } });
    let made = github.mutate("createProjectV2View", input.clone(), VIEW).await["projectV2View"].clone();
    assert_eq!(made["number"], 2);
    assert_eq!(made["filter"], Value::Null);
    assert_eq!(names(&made["configuration"]["visibleFields"]), wanted);
    assert_eq!(names(&made["fields"]), ["Title", "Status", "Labels"]);
    assert_eq!(made["groupByFields"]["totalCount"], 0);

    // The same name makes a second view.
    let again = github.mutate("createProjectV2View", input, VIEW).await["projectV2View"].clone();
    assert_eq!((&again["name"], &again["number"]), (&json!("Everything"), &json!(3)));

    let filter = "  is:open  nonsense:(";
    let input = json!({ "viewId": made["id"], "name": "Board", "layout": "BOARD_LAYOUT", "filter": filter,
        "configuration": { "visibleFieldIds": [fields[2], fields[0]] } });
    let changed = github.mutate("updateProjectV2View", input, VIEW).await["projectV2View"].clone();
    assert_eq!((&changed["name"], &changed["layout"]), (&json!("Board"), &json!("BOARD_LAYOUT")));
    assert_eq!(changed["filter"], filter);
    assert_eq!(names(&changed["configuration"]["visibleFields"]), ["Status", "Labels"]);

    let gone = github.mutate("deleteProjectV2View", json!({ "viewId": made["id"] }), VIEW).await;
    assert_eq!(gone["projectV2View"]["name"], "Board");
    let query =
        "query($id: ID!) { node(id: $id) { ... on ProjectV2 { views(first: 10) { nodes { number name } }
        view(number: 3) { name } gone: view(number: 2) { name } } } }";
    let left = github.data(query, json!({ "id": project })).await["node"].clone();
    assert_eq!(
        left["views"]["nodes"],
        json!([{ "number": 1, "name": "View 1" }, { "number": 3, "name": "Everything" }])
    );
    assert_eq!((&left["view"]["name"], &left["gone"]), (&json!("Everything"), &Value::Null));
    let next = json!({ "projectId": project, "name": "Next", "layout": "ROADMAP_LAYOUT" });
    assert_eq!(github.mutate("createProjectV2View", next, VIEW).await["projectV2View"]["number"], 4);
}

#[tokio::test]
async fn a_view_of_github_s_choice_and_its_refusals() {
    let github = start().await;
    let project = github.project().await;
    let fields = ids(&github, &project, &["Title"]).await;
    let board = json!({ "projectId": project, "name": "Kanban", "layout": "BOARD_LAYOUT" });
    let made = github.mutate("createProjectV2View", board, VIEW).await["projectV2View"].clone();
    assert_eq!(names(&made["fields"]), ["Title", "Assignees", "Status"]);
    assert_eq!(made["verticalGroupByFields"]["totalCount"], 0);

    let roadmap = json!({ "projectId": project, "name": "Road", "layout": "ROADMAP_LAYOUT",
        "configuration": { "visibleFieldIds": fields } });
    let refused = github.refused("createProjectV2View", roadmap).await;
    assert_eq!(refused.1, "Roadmap views do not support visible fields.");
    let roadmap = json!({ "viewId": made["id"], "layout": "ROADMAP_LAYOUT", "configuration": { "visibleFieldIds": fields } });
    assert_eq!(github.refused("updateProjectV2View", roadmap).await, refused);

    let other = github.project().await;
    let stranger = json!({ "projectId": other, "name": "X", "layout": "TABLE_LAYOUT",
        "configuration": { "visibleFieldIds": fields } });
    assert_eq!(github.refused("createProjectV2View", stranger).await.0, "VALIDATION");
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { views(first: 10) { totalCount } } } }";
    assert_eq!(github.data(query, json!({ "id": other })).await["node"]["views"]["totalCount"], 1);
    let unknown = json!({ "projectId": project, "name": "X", "layout": "TABLE_LAYOUT", "filter": "is:open" });
    let query = "mutation($input: CreateProjectV2ViewInput!) { createProjectV2View(input: $input) { clientMutationId } }";
    let body = github.body(query, json!({ "input": unknown })).await;
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("filter (Field is not defined on CreateProjectV2ViewInput)"), "{message}");
}

#[tokio::test]
async fn a_field_that_is_deleted_leaves_its_views() {
    let github = start().await;
    let project = github.project().await;
    let field = json!({ "projectId": project, "name": "Notes", "dataType": "TEXT" });
    let field =
        github.mutate("createProjectV2Field", field, "projectV2Field { ... on ProjectV2Field { id } }").await;
    let field = field["projectV2Field"]["id"].clone();
    let input = json!({ "projectId": project, "name": "V", "layout": "TABLE_LAYOUT",
        "configuration": { "visibleFieldIds": [field] } });
    let view = github.mutate("createProjectV2View", input, VIEW).await["projectV2View"].clone();
    assert_eq!(names(&view["fields"]), ["Notes"]);
    github.mutate("deleteProjectV2Field", json!({ "fieldId": field }), "clientMutationId").await;
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2View { fields(first: 5) { totalCount }
        configuration { visibleFields(first: 5) { totalCount } } } } }";
    let left = github.data(query, json!({ "id": view["id"] })).await["node"].clone();
    assert_eq!(left["fields"]["totalCount"], 0);
    assert_eq!(left["configuration"]["visibleFields"]["totalCount"], 0);
}

#[tokio::test]
async fn grouping_and_sorting_come_from_rest_and_are_read_over_graphql() {
    let github = start().await;
    let project = github.project().await;
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { fields(first: 50) { nodes {
        ... on ProjectV2FieldCommon { name databaseId } } } } } }";
    let fields = github.data(query, json!({ "id": project })).await["node"]["fields"]["nodes"].clone();
    let number = |name: &str| {
        let mut all = fields.as_array().unwrap().iter();
        all.find(|field| field["name"] == name).unwrap()["databaseId"].clone()
    };
    let post = |body: Value| {
        let url = format!("{}/orgs/acme/projectsV2/1/views", github.sandbox.url());
        github
            .client
            .post(url)
            .header("user-agent", "plain-client")
            .bearer_auth("any-token")
            .json(&body)
            .send()
    };
    let body = json!({ "name": "Kanban", "layout": "board", "filter": "is:open", "visible_fields": [number("Title"), number("Status")],
        "sort_by": [[number("Status"), "desc"], [number("Created"), "asc"]],
        "group_by": [number("Milestone")], "vertical_group_by": [number("Status")] });
    let answer = post(body).await.unwrap();
    assert_eq!(answer.status(), 201);
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { view(number: 2) { name layout filter
        fields(first: 5) { nodes { ...name } } visibleFields(first: 5) { nodes { name } }
        groupByFields(first: 5) { nodes { ...name } } groupBy(first: 5) { nodes { name } }
        verticalGroupByFields(first: 5) { nodes { ...name } } verticalGroupBy(first: 5) { nodes { name } }
        sortByFields(first: 5) { totalCount edges { cursor node { direction field { ...name } } } }
        sortBy(first: 5) { nodes { direction field { name } } } } } } }
        fragment name on ProjectV2FieldCommon { name }";
    let view = github.data(query, json!({ "id": project })).await["node"]["view"].clone();
    assert_eq!((&view["layout"], &view["filter"]), (&json!("BOARD_LAYOUT"), &json!("is:open")));
    assert_eq!(names(&view["fields"]), ["Title", "Status"]);
    assert_eq!(names(&view["groupByFields"]), ["Milestone"]);
    assert_eq!(names(&view["verticalGroupByFields"]), ["Status"]);
    // The older connections know fields without options only.
    assert_eq!(names(&view["visibleFields"]), ["Title"]);
    assert_eq!(names(&view["groupBy"]), ["Milestone"]);
    assert_eq!(names(&view["verticalGroupBy"]), Vec::<&str>::new());
    let sorts: Vec<&Value> =
        view["sortByFields"]["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
    assert_eq!(
        sorts,
        [
            &json!({ "direction": "DESC", "field": { "name": "Status" } }),
            &json!({ "direction": "ASC", "field": { "name": "Created" } })
        ]
    );
    assert_eq!(view["sortBy"]["nodes"], json!([{ "direction": "ASC", "field": { "name": "Created" } }]));

    for refused in [
        json!({ "name": "X", "layout": "table", "group_by": [number("Title")] }),
        json!({ "name": "X", "layout": "board", "vertical_group_by": [number("Reviewers")] }),
        json!({ "name": "X", "layout": "roadmap", "visible_fields": [number("Title")] }),
    ] {
        let answer = post(refused.clone()).await.unwrap();
        assert_eq!(answer.status(), 422, "{refused}");
    }
}
