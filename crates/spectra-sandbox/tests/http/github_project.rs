//! The documents of the npm package `github-project` 5 (gr2m/github-project, `api/lib/queries.js`), as it sends them.

use serde_json::{Value, json};

use super::support::{Fixture, start};

const CONTENT: &str = "id databaseId number title url createdAt author { login } assignees(first: 10) { nodes { login } }
    labels(first: 10) { nodes { name } } closed closedAt milestone { number title state } repository { name }";

const PROJECT: &str = "id title url databaseId fields(first: 50) { nodes {
    ... on ProjectV2FieldCommon { id dataType name }
    ... on ProjectV2SingleSelectField { options { id name } }
    ... on ProjectV2IterationField { configuration {
        iterations { id title duration startDate } completedIterations { id title duration startDate }
        duration startDay } } } }";

fn item() -> String {
    format!(
        "id createdAt type isArchived content {{
            ... on DraftIssue {{ id title createdAt updatedAt author: creator {{ login }} assignees(first: 10) {{ nodes {{ login }} }} }}
            ... on Issue {{ {CONTENT} }} ... on PullRequest {{ {CONTENT} merged }} }}
        fieldValues(first: 20) {{ nodes {{ __typename
            ... on ProjectV2ItemFieldDateValue {{ date field {{ ... on ProjectV2Field {{ id }} }} }}
            ... on ProjectV2ItemFieldIterationValue {{ title iterationId startDate duration field {{ ... on ProjectV2IterationField {{ id }} }} }}
            ... on ProjectV2ItemFieldNumberValue {{ number field {{ ... on ProjectV2Field {{ id }} }} }}
            ... on ProjectV2ItemFieldSingleSelectValue {{ optionId field {{ ... on ProjectV2SingleSelectField {{ id }} }} }}
            ... on ProjectV2ItemFieldTextValue {{ text field {{ ... on ProjectV2Field {{ id }} }} }} }} }}"
    )
}

fn on_content() -> String {
    let selection =
        format!("title url projectItems(first: 10) {{ nodes {{ project {{ number }} {} }} }}", item());
    format!("... on Issue {{ {selection} }} ... on PullRequest {{ {selection} }}")
}

async fn board() -> (Fixture, String) {
    let github = start().await;
    let project = github.project().await;
    for (name, kind) in [("Text", "TEXT"), ("Number", "NUMBER"), ("Date", "DATE")] {
        let input = json!({ "projectId": project, "name": name, "dataType": kind });
        github.mutate("createProjectV2Field", input, "clientMutationId").await;
    }
    (github, project)
}

async fn add_draft(github: &Fixture, project: &str, title: &str) -> Value {
    let document = format!(
        "mutation addProjectV2DraftIssue($projectId: ID!, $title: String!, $body: String, $assigneeIds: [ID!]) {{
            addProjectV2DraftIssue(input: {{projectId: $projectId, title: $title, body: $body, assigneeIds: $assigneeIds}}) {{
                projectItem {{ {} }} }} }}",
        item()
    );
    let made = github.data(&document, json!({ "projectId": project, "title": title })).await;
    made["addProjectV2DraftIssue"]["projectItem"].clone()
}

#[tokio::test]
async fn a_project_is_read_with_its_items_page_by_page() {
    let (github, project) = board().await;
    let (first, second) =
        (add_draft(&github, &project, "One").await, add_draft(&github, &project, "Two").await);
    assert_eq!(first["content"]["author"]["login"], "octocat");
    let document = format!(
        "query getProjectWithItems($owner: String!, $number: Int!) {{ userOrOrganization: repositoryOwner(login: $owner) {{
            ... on ProjectV2Owner {{ projectV2(number: $number) {{ {PROJECT} items(first: 100) {{
                pageInfo {{ endCursor hasNextPage }} nodes {{ {} }} }} }} }} }} }}",
        item()
    );
    let whole = github.data(&document, json!({ "owner": "acme", "number": 1 })).await;
    let whole = &whole["userOrOrganization"]["projectV2"];
    assert_eq!(whole["fields"]["nodes"].as_array().unwrap().len(), 16);
    assert_eq!(whole["items"]["nodes"], json!([first, second]));
    let document = format!(
        "query getPaginatedProjectItems($owner: String!, $number: Int!, $first: Int, $after: String) {{
            userOrOrganization: repositoryOwner(login: $owner) {{ ... on ProjectV2Owner {{ projectV2(number: $number) {{
                items(first: $first, after: $after) {{ pageInfo {{ endCursor hasNextPage }} nodes {{ {} }} }} }} }} }} }}",
        item()
    );
    let page = |after: Value| {
        github.data(&document, json!({ "owner": "acme", "number": 1, "first": 1, "after": after }))
    };
    let one = page(Value::Null).await["userOrOrganization"]["projectV2"]["items"].clone();
    assert_eq!(one["pageInfo"]["hasNextPage"], true);
    let two =
        page(one["pageInfo"]["endCursor"].clone()).await["userOrOrganization"]["projectV2"]["items"].clone();
    assert_eq!((&one["nodes"][0]["id"], &two["nodes"][0]["id"]), (&first["id"], &second["id"]));
    assert_eq!(two["pageInfo"]["hasNextPage"], false);
    // It tells a missing project by this path and type.
    let body = github.body(&document, json!({ "owner": "acme", "number": 99, "first": 1 })).await;
    let error = &body["errors"][0];
    assert_eq!(
        (&error["type"], &error["path"]),
        (&json!("NOT_FOUND"), &json!(["userOrOrganization", "projectV2"]))
    );
    assert_eq!(error["message"], "Could not resolve to a ProjectV2 with the number 99.");
}

#[tokio::test]
async fn an_item_is_added_set_found_archived_and_removed() {
    let (github, project) = board().await;
    let issue = github.issue("One").await;
    let document = format!(
        "mutation addIssueToProject($projectId:ID!, $contentId:ID!) {{
            addProjectV2ItemById(input:{{ projectId:$projectId, contentId:$contentId }}) {{ item {{ {} }} }} }}",
        item()
    );
    let added = github.data(&document, json!({ "projectId": project, "contentId": issue })).await;
    let id = added["addProjectV2ItemById"]["item"]["id"].clone();
    let mut fields = Vec::new();
    for name in ["Text", "Number", "Date", "Status"] {
        fields.push(github.field(&project, name).await["id"].as_str().unwrap().to_owned());
    }
    let set = |alias: &str, field: &str, value: &str, selection: &str| {
        format!(
            "{alias}: updateProjectV2ItemFieldValue(input: {{projectId: $projectId, itemId: $itemId, fieldId: \"{field}\", value: {value}}}) {{ {selection} }}"
        )
    };
    let whole = format!("projectV2Item {{ {} }}", item());
    let parts = [
        set("text", &fields[0], "{text: \"say \\\"hi\\\"\"}", &whole),
        set("number", &fields[1], "{number: 1.5}", "clientMutationId"),
        set("date", &fields[2], "{date: \"2026-12-24\"}", "clientMutationId"),
        set("status", &fields[3], "{singleSelectOptionId: \"98236657\"}", "clientMutationId"),
    ];
    let document =
        format!("mutation setItemProperties($projectId: ID!, $itemId: ID!) {{ {} }}", parts.join("\n"));
    let done = github.data(&document, json!({ "projectId": project, "itemId": id })).await;
    assert_eq!(done["text"]["projectV2Item"]["id"], id);

    let document =
        format!("query getProjectItemByContentId($id: ID!) {{ node(id: $id) {{ {} }} }}", on_content());
    let found =
        github.data(&document, json!({ "id": issue })).await["node"]["projectItems"]["nodes"][0].clone();
    assert_eq!((&found["id"], &found["project"]["number"]), (&id, &json!(1)));
    let values = found["fieldValues"]["nodes"].as_array().unwrap();
    assert!(values.iter().any(|value| value["text"] == "say \"hi\""), "{values:?}");
    assert!(values.iter().any(|value| value["number"] == 1.5));
    assert!(values.iter().any(|value| value["date"] == "2026-12-24"));
    assert!(values.iter().any(|value| value["optionId"] == "98236657"));

    let document = format!(
        "query getProjectItemByContentRepositoryAndNumber($owner: String!, $repositoryName: String!, $number: Int!) {{
            repositoryOwner(login: $owner) {{ repository(name: $repositoryName) {{ issueOrPullRequest(number: $number) {{ {} }} }} }} }}",
        on_content()
    );
    let same =
        github.data(&document, json!({ "owner": "acme", "repositoryName": "roadmap", "number": 1 })).await;
    let same = &same["repositoryOwner"]["repository"]["issueOrPullRequest"]["projectItems"]["nodes"][0];
    assert_eq!(same["id"], id);

    let ids = json!({ "projectId": project, "itemId": id });
    let clear = format!(
        "mutation setItemProperties($projectId: ID!, $itemId: ID!) {{
            text: clearProjectV2ItemFieldValue(input: {{projectId: $projectId, itemId: $itemId, fieldId: \"{}\"}}) {{ {whole} }} }}",
        fields[0]
    );
    let cleared = github.data(&clear, ids.clone()).await["text"]["projectV2Item"].clone();
    let values = cleared["fieldValues"]["nodes"].as_array().unwrap();
    assert!(values.iter().all(|value| value["field"]["id"] != fields[0].as_str()), "{values:?}");

    let archive = "mutation archiveItem($projectId: ID!, $itemId: ID!) {
        archiveProjectV2Item(input:{projectId: $projectId, itemId: $itemId }) { clientMutationId } }";
    github.data(archive, ids.clone()).await;
    let document = format!(
        "query getProjectItem($id:ID!) {{ node(id:$id){{ ... on ProjectV2Item {{ {} }} }} }}",
        item()
    );
    assert_eq!(github.data(&document, json!({ "id": id })).await["node"]["isArchived"], true);
    let remove = "mutation removeItemFromProject($projectId:ID!, $itemId:ID!) {
        deleteProjectV2Item(input:{ projectId:$projectId, itemId:$itemId }) { clientMutationId } }";
    github.data(remove, ids).await;
    let (kind, message) = github.refusal(&document, json!({ "id": id })).await;
    assert_eq!(kind, "NOT_FOUND");
    assert_eq!(
        message,
        format!("Could not resolve to a node with the global id of '{}'", id.as_str().unwrap())
    );
}
