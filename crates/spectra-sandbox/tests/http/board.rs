//! Projects, fields, items and their values.

use serde_json::{Value, json};

use super::support::{Fixture, start, start_with};

#[tokio::test]
async fn a_new_project_has_githubs_defaults() {
    let github = start().await;
    let id = github.project().await;
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2 {
        number title shortDescription readme public closed url template
        owner { ... on Organization { login } } creator { login }
        fields(first: 50) { totalCount nodes { ... on ProjectV2FieldCommon { name dataType } } }
        views(first: 10) { nodes { number name layout filter } }
        workflows(first: 10) { nodes { name enabled } }
        items(first: 10) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
        repositories(first: 5) { totalCount } } } }";
    let board = github.data(query, json!({ "id": id })).await["node"].clone();
    assert_eq!(board["number"], 1);
    assert_eq!(board["url"], "https://github.com/orgs/acme/projects/1");
    assert_eq!(board["owner"], json!({ "login": "acme" }));
    assert_eq!(board["shortDescription"], Value::Null);
    let names: Vec<&str> = board["fields"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Title",
            "Assignees",
            "Status",
            "Labels",
            "Linked pull requests",
            "Milestone",
            "Repository",
            "Reviewers",
            "Parent issue",
            "Sub-issues progress",
            "Created",
            "Updated",
            "Closed"
        ]
    );
    assert_eq!(
        board["views"]["nodes"],
        json!([{ "number": 1, "name": "View 1", "layout": "TABLE_LAYOUT", "filter": null }])
    );
    assert_eq!(board["workflows"]["nodes"].as_array().unwrap().len(), 7);
    assert_eq!(board["items"]["pageInfo"], json!({ "hasNextPage": false, "endCursor": null }));
    let status = github.field(&id, "status").await;
    assert_eq!(
        status["options"][0],
        json!({
            "id": "f75ad846", "name": "Todo", "color": "GREEN", "description": "This item hasn't been started"
        })
    );
}

#[tokio::test]
async fn values_of_every_type_are_set_read_and_cleared() {
    let github = start().await;
    let project = github.project().await;
    let item = github.item(&project, &github.issue("First").await).await;
    let option = |name: &str| json!({ "name": name, "color": "RED", "description": "" });
    let iteration = json!({ "startDate": "2026-10-01", "duration": 14, "iterations": [
        { "title": "Old", "startDate": "2026-10-01", "duration": 14 },
        { "title": "Now", "startDate": "2026-10-29", "duration": 14 } ] });
    let fields = [
        ("Notes", "TEXT", json!({})),
        ("Points", "NUMBER", json!({})),
        ("Due", "DATE", json!({})),
        ("Size", "SINGLE_SELECT", json!({ "singleSelectOptions": [option("S"), option("L")] })),
        ("Areas", "MULTI_SELECT", json!({ "multiSelectOptions": [option("Core"), option("Web")] })),
        ("Sprint", "ITERATION", json!({ "iterationConfiguration": iteration })),
    ];
    let mut ids = Vec::new();
    for (name, kind, more) in fields {
        let mut input = json!({ "projectId": project, "name": name, "dataType": kind });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let selection = "projectV2Field { ... on ProjectV2FieldCommon { id }
            ... on ProjectV2SingleSelectField { options { id } }
            ... on ProjectV2MultiSelectField { multiSelectOptions { id name } }
            ... on ProjectV2IterationField { configuration { startDay
                iterations { id title } completedIterations { id title } } } }";
        ids.push(github.mutate("createProjectV2Field", input, selection).await["projectV2Field"].clone());
    }
    assert_eq!(ids[5]["configuration"]["completedIterations"][0]["title"], "Old");
    assert_eq!(ids[5]["configuration"]["startDay"], 4);
    let values = [
        json!({ "text": "a note" }),
        json!({ "number": 3 }),
        json!({ "date": "2026-12-24" }),
        json!({ "singleSelectOptionId": ids[3]["options"][1]["id"] }),
        json!({ "multiSelectOptionIds": [ids[4]["multiSelectOptions"][1]["id"], ids[4]["multiSelectOptions"][0]["id"]] }),
        json!({ "iterationId": ids[5]["configuration"]["iterations"][0]["id"] }),
    ];
    for (field, value) in ids.iter().zip(values) {
        let input = json!({ "projectId": project, "itemId": item, "fieldId": field["id"], "value": value });
        github.mutate("updateProjectV2ItemFieldValue", input, "projectV2Item { id }").await;
    }
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValues(first: 30) { nodes { __typename
        ... on ProjectV2ItemFieldValueCommon { field { ... on ProjectV2FieldCommon { name } } }
        ... on ProjectV2ItemFieldTextValue { text } ... on ProjectV2ItemFieldNumberValue { number }
        ... on ProjectV2ItemFieldDateValue { date } ... on ProjectV2ItemFieldSingleSelectValue { name optionId }
        ... on ProjectV2ItemFieldMultiSelectValue { value options { name } }
        ... on ProjectV2ItemFieldIterationValue { title startDate duration }
        ... on ProjectV2ItemFieldRepositoryValue { repository { nameWithOwner } } } } } } }";
    let all = github.data(query, json!({ "id": item })).await["node"]["fieldValues"]["nodes"].clone();
    let expected = json!([
        { "__typename": "ProjectV2ItemFieldTextValue", "field": { "name": "Title" }, "text": "First" },
        { "__typename": "ProjectV2ItemFieldRepositoryValue", "repository": { "nameWithOwner": "acme/roadmap" } },
        { "__typename": "ProjectV2ItemFieldTextValue", "field": { "name": "Notes" }, "text": "a note" },
        { "__typename": "ProjectV2ItemFieldNumberValue", "field": { "name": "Points" }, "number": 3.0 },
        { "__typename": "ProjectV2ItemFieldDateValue", "field": { "name": "Due" }, "date": "2026-12-24" },
        { "__typename": "ProjectV2ItemFieldSingleSelectValue", "field": { "name": "Size" }, "name": "L",
          "optionId": ids[3]["options"][1]["id"] },
        { "__typename": "ProjectV2ItemFieldMultiSelectValue", "field": { "name": "Areas" }, "value": "Web, Core",
          "options": [{ "name": "Web" }, { "name": "Core" }] },
        { "__typename": "ProjectV2ItemFieldIterationValue", "field": { "name": "Sprint" }, "title": "Now",
          "startDate": "2026-10-29", "duration": 14 },
    ]);
    assert_eq!(all, expected, "{all:#}");
    let input = json!({ "projectId": project, "itemId": item, "fieldId": ids[0]["id"] });
    github.mutate("clearProjectV2ItemFieldValue", input, "projectV2Item { id }").await;
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValueByName(name: \"Notes\") { __typename } } } }";
    assert_eq!(github.data(query, json!({ "id": item })).await["node"]["fieldValueByName"], Value::Null);
}

#[tokio::test]
async fn field_and_value_refusals_are_githubs() {
    let github = start().await;
    let project = github.project().await;
    let item = github.item(&project, &github.issue("First").await).await;
    let status = github.field(&project, "Status").await;
    let field = |name: &str| json!({ "projectId": project, "name": name, "dataType": "TEXT" });
    github.mutate("createProjectV2Field", field("Notes"), "clientMutationId").await;
    let unprocessable = |message: &str| ("UNPROCESSABLE".to_owned(), message.to_owned());
    let validation = |message: &str| ("VALIDATION".to_owned(), message.to_owned());
    let create = |name: &'static str| github.refused("createProjectV2Field", field(name));
    assert_eq!(create("notes").await, unprocessable("Name has already been taken"));
    assert_eq!(create("Type").await, unprocessable("Name cannot have a reserved value"));
    assert_eq!(
        create("Status").await,
        unprocessable("Name has already been taken, Name cannot have a reserved value")
    );
    let delete = github.refused("deleteProjectV2Field", json!({ "fieldId": status["id"] })).await;
    assert_eq!(delete, unprocessable("Only custom fields can be deleted."));
    let set = |field: Value, value: Value| {
        let input = json!({ "projectId": project, "itemId": item, "fieldId": field, "value": value });
        async { github.refused("updateProjectV2ItemFieldValue", input).await }
    };
    let wrong = set(status["id"].clone(), json!({ "singleSelectOptionId": "F75AD846" })).await;
    assert_eq!(wrong, validation("The single select option Id does not belong to the field"));
    let missing = set(status["id"].clone(), json!({ "text": "Todo" })).await;
    let message = "Did not receive a single select option Id to update a field of type single_select";
    assert_eq!(missing, validation(message));
    let notes = github.field(&project, "Notes").await;
    let long = set(notes["id"].clone(), json!({ "text": "x".repeat(1025) })).await;
    assert_eq!(long, unprocessable("Column value must be a valid value for text column"));
    let other = github.project().await;
    let input = json!({ "projectId": other, "itemId": item });
    let stranger = github.refused("archiveProjectV2Item", input).await;
    assert_eq!(stranger, validation("The item does not exist in the project"));
    let unknown = github.refused("updateProjectV2", json!({ "projectId": "PVT_none", "title": "x" })).await;
    let message = "Could not resolve to a node with the global id of 'PVT_none'";
    assert_eq!(unknown, ("NOT_FOUND".to_owned(), message.to_owned()));
}

#[tokio::test]
async fn options_with_ids_keep_values_and_options_without_lose_them() {
    let github = start().await;
    let project = github.project().await;
    let item = github.item(&project, &github.issue("First").await).await;
    let status = github.field(&project, "Status").await;
    let set = json!({ "projectId": project, "itemId": item, "fieldId": status["id"],
        "value": { "singleSelectOptionId": "47fc9ee4" } });
    github.mutate("updateProjectV2ItemFieldValue", set, "projectV2Item { id }").await;

    let mut options = status["options"].as_array().unwrap().clone();
    options.reverse();
    options.insert(1, json!({ "name": "Review", "color": "BLUE", "description": "" }));
    let input = json!({ "fieldId": status["id"], "singleSelectOptions": options });
    github.mutate("updateProjectV2Field", input, "clientMutationId").await;
    assert_eq!(status_of(&github, &item).await, json!({ "name": "In Progress", "optionId": "47fc9ee4" }));
    let names: Vec<Value> = github.field(&project, "Status").await["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| option["name"].clone())
        .collect();
    assert_eq!(names, ["Done", "Review", "In Progress", "Todo"]);

    let input = json!({ "fieldId": status["id"], "singleSelectOptions": [] });
    github.mutate("updateProjectV2Field", input, "clientMutationId").await;
    assert_eq!(github.field(&project, "Status").await["options"].as_array().unwrap().len(), 4);

    for option in &mut options {
        option.as_object_mut().unwrap().remove("id");
    }
    let input = json!({ "fieldId": status["id"], "singleSelectOptions": options });
    github.mutate("updateProjectV2Field", input, "clientMutationId").await;
    assert_eq!(status_of(&github, &item).await, Value::Null);
    let fresh = github.field(&project, "Status").await;
    assert!(fresh["options"].as_array().unwrap().iter().all(|option| option["id"] != "47fc9ee4"));
}

#[tokio::test]
async fn items_are_added_once_moved_archived_and_deleted() {
    let github = start().await;
    let project = github.project().await;
    let mut items = Vec::new();
    for title in ["A", "B", "C"] {
        items.push(github.item(&project, &github.issue(title).await).await);
    }
    let again = github
        .data(
            "query($p: ID!) { node(id: $p) { ... on ProjectV2Item { content { ... on Issue { id } } } } }",
            json!({ "p": items[1] }),
        )
        .await;
    let content = again["node"]["content"]["id"].as_str().unwrap().to_owned();
    assert_eq!(github.item(&project, &content).await, items[1]);

    let input = json!({ "projectId": project, "itemId": items[2], "afterId": items[0] });
    let moved =
        github.mutate("updateProjectV2ItemPosition", input, "items(first: 10) { nodes { id } }").await;
    assert_eq!(moved["items"]["nodes"], json!([{ "id": items[0] }, { "id": items[2] }, { "id": items[1] }]));

    let input = json!({ "projectId": project, "itemId": items[2] });
    github.mutate("archiveProjectV2Item", input.clone(), "item { isArchived }").await;
    assert_eq!(listed(&github, &project, "").await, [items[0].as_str(), items[1].as_str()]);
    let archived = listed(&github, &project, ", archivedStates: [ARCHIVED]").await;
    assert_eq!(archived, [items[2].as_str()]);
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { content { ... on Issue {
        projectItems(first: 5) { totalCount } rest: projectItems(first: 5, includeArchived: false) { totalCount } } } } } }";
    let content = github.data(query, json!({ "id": items[2] })).await["node"]["content"].clone();
    assert_eq!(content, json!({ "projectItems": { "totalCount": 1 }, "rest": { "totalCount": 0 } }));
    github.mutate("unarchiveProjectV2Item", input.clone(), "item { isArchived }").await;
    let gone = github.mutate("deleteProjectV2Item", input, "deletedItemId").await;
    assert_eq!(gone["deletedItemId"], items[2].as_str());
    assert_eq!(listed(&github, &project, "").await.len(), 2);
}

#[tokio::test]
async fn projects_are_linked_within_one_owner_and_deleted_with_their_last_look() {
    let github = start().await;
    let project = github.project().await;
    let near = github.repository("acme", "roadmap").await;
    let far = github.repository("solo", "notes").await;
    let input = json!({ "projectId": project, "repositoryId": near });
    let linked = github
        .mutate("linkProjectV2ToRepository", input, "repository { projectsV2(first: 5) { nodes { id } } }")
        .await;
    assert_eq!(linked["repository"]["projectsV2"]["nodes"], json!([{ "id": project }]));
    let refused = github
        .refused("linkProjectV2ToRepository", json!({ "projectId": project, "repositoryId": far }))
        .await;
    assert_eq!(refused.1, "Only projects owned by the same owner as the repository can be linked.");
    let update = json!({ "projectId": project, "shortDescription": "x".repeat(301) });
    assert_eq!(github.refused("updateProjectV2", update).await.0, "UNPROCESSABLE");
    let selection = "clientMutationId projectV2 { title fields(first: 50) { totalCount } }";
    let input = json!({ "projectId": project, "clientMutationId": "mine" });
    let gone = github.mutate("deleteProjectV2", input, selection).await;
    assert_eq!(
        gone,
        json!({ "clientMutationId": "mine", "projectV2": { "title": "Board", "fields": { "totalCount": 13 } } })
    );
    let (kind, _) =
        github.refusal("query($id: ID!) { node(id: $id) { id } }", json!({ "id": project })).await;
    assert_eq!(kind, "NOT_FOUND");
}

async fn status_of(github: &Fixture, item: &str) -> Value {
    let query =
        "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValueByName(name: \"Status\") {
        ... on ProjectV2ItemFieldSingleSelectValue { name optionId } } } } }";
    github.data(query, json!({ "id": item })).await["node"]["fieldValueByName"].clone()
}

async fn listed(github: &Fixture, project: &str, more: &str) -> Vec<String> {
    let query = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on ProjectV2 {{ items(first: 50{more}) {{ nodes {{ id }} }} }} }} }}"
    );
    let nodes = github.data(&query, json!({ "id": project })).await["node"]["items"]["nodes"].clone();
    nodes.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_issue_does_not_tell_of_boards_of_another_owner() {
    let github = start_with(|config| {
        config.seed = config.seed.clone().organization("elsewhere").repository("elsewhere", "apart");
    })
    .await;
    let board = github.project().await;
    let repository = github.repository("elsewhere", "apart").await;
    let input = json!({ "repositoryId": repository, "title": "apart" });
    let made = github.mutate("createIssue", input, "issue { id }").await;
    let issue = made["issue"]["id"].as_str().unwrap();
    let item = github.item(&board, issue).await;
    let query = "query($issue: ID!, $board: ID!) {
        issue: node(id: $issue) { ... on Issue { projectItems(first: 5) { totalCount } } }
        board: node(id: $board) { ... on ProjectV2 { items(first: 5) { nodes { id } } } } }";
    let seen = github.data(query, json!({ "issue": issue, "board": board })).await;
    assert_eq!(seen["issue"]["projectItems"]["totalCount"], 0);
    assert_eq!(seen["board"]["items"]["nodes"], json!([{ "id": item }]));
}
