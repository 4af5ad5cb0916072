//! The documents of GitHub's own command line, `gh project …`, as it sends them (cli/cli, `pkg/cmd/project/shared`).

use serde_json::{Value, json};

use super::support::start;

const FIELDS: &str = "fields(first: $firstFields, after: $afterFields) { totalCount nodes { __typename
    ... on ProjectV2Field { id name dataType } ... on ProjectV2IterationField { id name dataType }
    ... on ProjectV2SingleSelectField { id name dataType options { id name } } } pageInfo { endCursor hasNextPage } }";

#[tokio::test]
async fn gh_project_create_list_edit_and_delete() {
    let github = start().await;
    // The owner of `--owner acme` is looked for as a user and as an organisation at once.
    let query = "query UserOrgOwner($login: String!) { user(login: $login) { login id } organization(login: $login) { login id } }";
    let body = github.body(query, json!({ "login": "acme" })).await;
    assert_eq!(body["data"]["user"], Value::Null);
    assert_eq!(body["errors"][0]["path"], json!(["user"]));
    let owner = body["data"]["organization"]["id"].clone();

    let project = "number url shortDescription public closed title id readme
        items { totalCount } fields { totalCount }
        owner { __typename ... on User { login } ... on Organization { login } }";
    let create = format!(
        "mutation CreateProjectV2($input: CreateProjectV2Input!) {{ createProjectV2(input: $input) {{ projectV2 {{ {project} }} }} }}"
    );
    let made = github.data(&create, json!({ "input": { "ownerId": owner, "title": "Roadmap" } })).await;
    let made = &made["createProjectV2"]["projectV2"];
    assert_eq!(made["owner"], json!({ "__typename": "Organization", "login": "acme" }));
    assert_eq!(made["fields"]["totalCount"], 13);

    let list = format!("query OrgProjects($first: Int!, $after: String, $login: String!) {{ organization(login: $login) {{
        projectsV2(first: $first, after: $after) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {project} }} }} login }} }}");
    let listed = github.data(&list, json!({ "first": 30, "after": null, "login": "acme" })).await;
    assert_eq!(listed["organization"]["projectsV2"]["nodes"][0]["title"], "Roadmap");

    let edit = format!(
        "mutation UpdateProjectV2($input: UpdateProjectV2Input!) {{ updateProjectV2(input: $input) {{ projectV2 {{ {project} }} }} }}"
    );
    let input =
        json!({ "projectId": made["id"], "title": "Plan", "readme": "Read", "public": true, "closed": true });
    let edited = github.data(&edit, json!({ "input": input })).await;
    let edited = &edited["updateProjectV2"]["projectV2"];
    assert_eq!(
        (&edited["title"], &edited["public"], &edited["closed"]),
        (&json!("Plan"), &json!(true), &json!(true))
    );
    let delete = format!(
        "mutation DeleteProject($input: DeleteProjectV2Input!) {{ deleteProjectV2(input: $input) {{ projectV2 {{ {project} }} }} }}"
    );
    let gone = github.data(&delete, json!({ "input": { "projectId": made["id"] } })).await;
    assert_eq!(gone["deleteProjectV2"]["projectV2"]["title"], "Plan");
    let listed = github.data(&list, json!({ "first": 30, "login": "acme" })).await;
    assert_eq!(listed["organization"]["projectsV2"]["totalCount"], 0);
}

#[tokio::test]
async fn gh_project_field_list_item_add_and_item_edit() {
    let github = start().await;
    let project = github.project().await;
    let query = format!("query OrgProjectWithFields($login: String!, $number: Int!, $firstFields: Int!, $afterFields: String) {{
        organization(login: $login) {{ project: projectV2(number: $number) {{ id number title {FIELDS} }} }} }}");
    let variables = json!({ "login": "acme", "number": 1, "firstFields": 100, "afterFields": null });
    let fields = github.data(&query, variables).await["organization"]["project"]["fields"].clone();
    assert_eq!(fields["totalCount"], 13);
    let status = fields["nodes"][2].clone();
    assert_eq!(status["__typename"], "ProjectV2SingleSelectField");

    let issue = github.issue("From gh").await;
    let query = "query GetIssueOrPullRequest($url: URI!) { resource(url: $url) { __typename ... on Issue { id } ... on PullRequest { id } } }";
    let found = github.data(query, json!({ "url": "https://github.com/acme/roadmap/issues/1" })).await;
    assert_eq!(found["resource"], json!({ "__typename": "Issue", "id": issue }));
    let add = "mutation AddItem($input: AddProjectV2ItemByIdInput!) { addProjectV2ItemById(input: $input) { item { id
        content { __typename ... on DraftIssue { id title body } ... on PullRequest { title number }
        ... on Issue { title number repository { nameWithOwner } url } } } } }";
    let added = github.data(add, json!({ "input": { "projectId": project, "contentId": issue } })).await;
    let item = added["addProjectV2ItemById"]["item"]["id"].clone();

    let edit = "mutation UpdateItemValues($input: UpdateProjectV2ItemFieldValueInput!) { updateProjectV2ItemFieldValue(input: $input) {
        projectV2Item { id content { __typename ... on Issue { title } } } } }";
    let input = json!({ "projectId": project, "itemId": item, "fieldId": status["id"], "value": { "singleSelectOptionId": "47fc9ee4" } });
    github.data(edit, json!({ "input": input })).await;

    let query = "query OrgProjectWithItems($firstItems: Int!, $afterItems: String, $firstFields: Int!, $login: String!, $number: Int!) {
        organization(login: $login) { login project: projectV2(number: $number) { items(first: $firstItems, after: $afterItems) {
        pageInfo { endCursor hasNextPage } totalCount nodes { id content { __typename
            ... on Issue { title body number url repository { nameWithOwner } } ... on DraftIssue { id title body } }
        fieldValues(first: 100) { nodes { __typename
            ... on ProjectV2ItemFieldSingleSelectValue { name field { ... on ProjectV2FieldCommon { name } __typename } }
            ... on ProjectV2ItemFieldLabelValue { labels(first: 10) { nodes { name } } field { ... on ProjectV2FieldCommon { name } } }
            ... on ProjectV2ItemFieldUserValue { users(first: 10) { nodes { login } } }
            ... on ProjectV2ItemFieldReviewerValue { reviewers(first: 10) { nodes { __typename ... on User { login } } } }
            ... on ProjectV2ItemFieldTextValue { text field { ... on ProjectV2FieldCommon { name } } } } } } }
        fields(first: $firstFields) { nodes { ... on ProjectV2FieldCommon { name } } } } } }";
    let variables = json!({ "firstItems": 30, "firstFields": 100, "login": "acme", "number": 1 });
    let items = github.data(query, variables).await["organization"]["project"]["items"].clone();
    assert_eq!(items["totalCount"], 1);
    let values = items["nodes"][0]["fieldValues"]["nodes"].as_array().unwrap();
    assert!(values.iter().any(|value| value["name"] == "In Progress"), "{items:#}");
}

/// `gh issue view` selects `state` of both kinds, whose types differ, and `gh project item-edit --date` sends a moment.
#[tokio::test]
async fn gh_issue_view_of_either_kind_and_item_edit_with_a_date() {
    let github = start().await;
    let project = github.project().await;
    let issue = github.issue("From gh").await;
    let query = "query IssueByNumber($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) {
        issue: issueOrPullRequest(number: $number) { __typename ... on Issue { state title } ... on PullRequest { state title } } } }";
    let variables = json!({ "owner": "acme", "repo": "roadmap", "number": 1 });
    let found = github.data(query, variables).await;
    assert_eq!(found["repository"]["issue"]["state"], "OPEN");

    let field = "mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) { projectV2Field { ... on ProjectV2Field { id } } } }";
    let input = json!({ "projectId": project, "name": "Due", "dataType": "DATE" });
    let made = github.data(field, json!({ "input": input })).await;
    let field = made["createProjectV2Field"]["projectV2Field"]["id"].clone();
    let add = "mutation($input: AddProjectV2ItemByIdInput!) { addProjectV2ItemById(input: $input) { item { id } } }";
    let added = github.data(add, json!({ "input": { "projectId": project, "contentId": issue } })).await;
    let item = added["addProjectV2ItemById"]["item"]["id"].clone();
    let set = "mutation($input: UpdateProjectV2ItemFieldValueInput!) { updateProjectV2ItemFieldValue(input: $input) {
        projectV2Item { fieldValueByName(name: \"Due\") { ... on ProjectV2ItemFieldDateValue { date } } } } }";
    let input = json!({ "projectId": project, "itemId": item, "fieldId": field, "value": { "date": "2030-02-28T00:00:00Z" } });
    let set = github.data(set, json!({ "input": input })).await;
    let value = &set["updateProjectV2ItemFieldValue"]["projectV2Item"]["fieldValueByName"];
    assert_eq!(value["date"], "2030-02-28");
}
