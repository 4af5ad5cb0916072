//! The documents of GitHub's own command line, `gh project …` 2.103, as its log shows them (`GH_DEBUG=api`).

use serde_json::{Value, json};

use super::support::{Fixture, start, start_with};

const FIELD: &str = "__typename,... on ProjectV2Field{id,name,dataType},... on ProjectV2IterationField{id,name,dataType},... on ProjectV2SingleSelectField{id,name,dataType,options{id,name}}";
const OWNER: &str = "owner{__typename,... on User{login},... on Organization{login}}";
const HEAD: &str = "number,url,shortDescription,public,closed,title,id,readme";
const NOTHING: &str = "$afterFields:String$afterItems:String$firstFields:Int!$firstItems:Int!";

fn item() -> String {
    let place = "body,title,number,url,repository{nameWithOwner}";
    let value =
        |name: &str, shows: &str| format!("... on ProjectV2ItemField{name}Value{{{shows},field{{{FIELD}}}}}");
    let values = [
        value("Date", "date"),
        format!(
            "... on ProjectV2ItemFieldIterationValue{{title,startDate,duration,field{{{FIELD}}},iterationId}}"
        ),
        value("Label", "labels(first: 10){nodes{name}}"),
        value("Number", "number"),
        value("SingleSelect", "name"),
        value("Text", "text"),
        value("Milestone", "milestone{title,description,dueOn}"),
        value("PullRequest", "pullRequests(first:10){nodes{url}}"),
        value("Repository", "repository{url}"),
        value("User", "users(first: 10){nodes{login}}"),
        value("Reviewer", "reviewers(first: 10){nodes{__typename,... on Team{name},... on User{login}}}"),
    ];
    format!(
        "content{{__typename,... on DraftIssue{{id,body,title}},... on PullRequest{{{place}}},... on Issue{{{place}}}}},id,fieldValues(first: 100){{nodes{{__typename,{}}}}}",
        values.join(",")
    )
}

/// A project with what it holds, as `view`, `list`, `item-list` and `field-list` ask for it.
fn whole(items: &str) -> String {
    format!(
        "{HEAD},{OWNER},fields(first: $firstFields, after: $afterFields){{totalCount,nodes{{{FIELD}}},pageInfo{{endCursor,hasNextPage}}}},items({items}){{pageInfo{{endCursor,hasNextPage}},totalCount,nodes{{{}}}}}",
        item()
    )
}

/// Runs a mutation on a project as `create`, `edit`, `copy`, `mark-template` do: with pages of nothing.
async fn on_project(github: &Fixture, name: &str, input: Value) -> Value {
    let mut kind = name.to_owned();
    kind.replace_range(..1, &name[..1].to_uppercase());
    let document = format!(
        "mutation Any({NOTHING}$input:{kind}Input!){{{name}(input:$input){{projectV2{{{HEAD},items(first: $firstItems, after: $afterItems){{totalCount}},fields(first: $firstFields, after: $afterFields){{totalCount}},{OWNER}}}}}}}"
    );
    let variables =
        json!({ "afterFields": null, "afterItems": null, "firstFields": 0, "firstItems": 0, "input": input });
    github.data(&document, variables).await[name]["projectV2"].clone()
}

async fn on_item(github: &Fixture, name: &str, field: &str, input: Value) -> Value {
    let mut kind = name.to_owned();
    kind.replace_range(..1, &name[..1].to_uppercase());
    let document =
        format!("mutation Any($input:{kind}Input!){{{name}(input:$input){{{field}{{{}}}}}}}", item());
    github.data(&document, json!({ "input": input })).await[name][field].clone()
}

async fn owner(github: &Fixture) -> Value {
    let query = "query UserOrgOwner($login:String!){user(login: $login){login,id},organization(login: $login){login,id}}";
    github.body(query, json!({ "login": "acme" })).await["data"]["organization"]["id"].clone()
}

async fn items(github: &Fixture, filter: &str) -> Value {
    let items = "first: $firstItems, after: $afterItems, query: $query";
    let query = format!(
        "query OrgProjectWithItems({NOTHING}$login:String!$number:Int!$query:String!){{organization(login: $login){{projectV2(number: $number){{{}}}}}}}",
        whole(items)
    );
    let variables = json!({ "afterFields": null, "afterItems": null, "firstFields": 100, "firstItems": 30,
        "login": "acme", "number": 1, "query": filter });
    github.data(&query, variables).await["organization"]["projectV2"]["items"].clone()
}

#[tokio::test]
async fn create_view_list_edit_close_copy_mark_and_delete() {
    let github = start().await;
    let acme = owner(&github).await;
    let made = on_project(&github, "createProjectV2", json!({ "ownerId": acme, "title": "Roadmap" })).await;
    assert_eq!(
        (&made["number"], &made["items"]["totalCount"], &made["fields"]["totalCount"]),
        (&json!(1), &json!(0), &json!(13))
    );

    let query = format!(
        "query OrgProject({NOTHING}$login:String!$number:Int!){{organization(login: $login){{projectV2(number: $number){{{}}},login}}}}",
        whole("first: $firstItems, after: $afterItems")
    );
    let variables = json!({ "afterFields": null, "afterItems": null, "firstFields": 100, "firstItems": 0, "login": "acme", "number": 1 });
    let seen = github.data(&query, variables).await["organization"]["projectV2"].clone();
    assert_eq!(seen["fields"]["nodes"][2]["options"][0], json!({ "id": "f75ad846", "name": "Todo" }));
    assert_eq!(seen["items"]["nodes"], json!([]));

    let edit = json!({ "projectId": made["id"], "title": "Plan", "shortDescription": "D", "readme": "R", "public": true });
    assert_eq!(on_project(&github, "updateProjectV2", edit).await["shortDescription"], "D");
    let copy =
        json!({ "projectId": made["id"], "ownerId": acme, "title": "Copy", "includeDraftIssues": false });
    let copy = on_project(&github, "copyProjectV2", copy).await;
    assert_eq!((&copy["number"], &copy["readme"], &copy["public"]), (&json!(2), &json!("R"), &json!(false)));
    let this = json!({ "projectId": made["id"] });
    on_project(&github, "markProjectV2AsTemplate", this.clone()).await;
    on_project(&github, "unmarkProjectV2AsTemplate", this.clone()).await;
    let close = json!({ "projectId": made["id"], "closed": true });
    assert_eq!(on_project(&github, "updateProjectV2", close).await["closed"], true);

    let query = format!(
        "query OrgProjects($after:String$afterFields:String$afterItems:String$first:Int!$firstFields:Int!$firstItems:Int!$login:String!){{organization(login: $login){{projectsV2(first: $first, after: $after){{totalCount,pageInfo{{endCursor,hasNextPage}},nodes{{{}}}}},login}}}}",
        whole("first: $firstItems, after: $afterItems")
    );
    let variables = json!({ "after": null, "afterFields": null, "afterItems": null, "first": 30, "firstFields": 0, "firstItems": 0, "login": "acme" });
    let all = github.data(&query, variables).await["organization"]["projectsV2"].clone();
    let titles: Vec<&Value> = all["nodes"].as_array().unwrap().iter().map(|node| &node["title"]).collect();
    assert_eq!(titles, ["Copy", "Plan"]);
    let gone = on_project(&github, "deleteProjectV2", this).await;
    assert_eq!(gone["title"], "Plan");
}

#[tokio::test]
async fn field_create_list_and_delete() {
    let github = start().await;
    let project = github.project().await;
    let create = format!(
        "mutation CreateField($input:CreateProjectV2FieldInput!){{createProjectV2Field(input:$input){{projectV2Field{{{FIELD}}}}}}}"
    );
    let option = |name: &str| json!({ "name": name, "color": "GRAY", "description": "" });
    let input = json!({ "projectId": project, "dataType": "SINGLE_SELECT", "name": "Size", "singleSelectOptions": [option("S"), option("M")] });
    let made =
        github.data(&create, json!({ "input": input })).await["createProjectV2Field"]["projectV2Field"]
            .clone();
    assert_eq!(
        (&made["__typename"], &made["options"][1]["name"]),
        (&json!("ProjectV2SingleSelectField"), &json!("M"))
    );
    let query = format!(
        "query OrgProjectWithFields({NOTHING}$login:String!$number:Int!){{organization(login: $login){{projectV2(number: $number){{{}}}}}}}",
        whole("first: $firstItems, after: $afterItems")
    );
    let variables = json!({ "afterFields": null, "afterItems": null, "firstFields": 30, "firstItems": 100, "login": "acme", "number": 1 });
    let fields = github.data(&query, variables).await["organization"]["projectV2"]["fields"].clone();
    assert_eq!((&fields["totalCount"], &fields["nodes"][13]), (&json!(14), &made));
    let delete = format!(
        "mutation DeleteField($input:DeleteProjectV2FieldInput!){{deleteProjectV2Field(input:$input){{projectV2Field{{{FIELD}}}}}}}"
    );
    let gone = github.data(&delete, json!({ "input": { "fieldId": made["id"] } })).await;
    assert_eq!(gone["deleteProjectV2Field"]["projectV2Field"], made);
}

#[tokio::test]
async fn item_create_add_edit_list_archive_and_delete() {
    let github = start().await;
    let project = github.project().await;
    let draft = json!({ "projectId": project, "title": "Draft", "body": "" });
    let draft = on_item(&github, "addProjectV2DraftIssue", "projectItem", draft).await;
    assert_eq!(draft["content"]["__typename"], "DraftIssue");
    let edit = "mutation EditDraftIssueItem($input:UpdateProjectV2DraftIssueInput!){updateProjectV2DraftIssue(input:$input){draftIssue{id,body,title}}}";
    let input = json!({ "draftIssueId": draft["content"]["id"], "title": "T", "body": "B" });
    let edited =
        github.data(edit, json!({ "input": input })).await["updateProjectV2DraftIssue"]["draftIssue"].clone();
    assert_eq!((&edited["title"], &edited["body"]), (&json!("T"), &json!("B")));

    let issue = github.issue("From gh").await;
    let added =
        on_item(&github, "addProjectV2ItemById", "item", json!({ "projectId": project, "contentId": issue }))
            .await;
    assert_eq!(added["content"]["repository"]["nameWithOwner"], "acme/roadmap");
    let status = github.field(&project, "Status").await["id"].clone();
    let set = json!({ "projectId": project, "itemId": added["id"], "fieldId": status, "value": { "singleSelectOptionId": "47fc9ee4" } });
    let set = on_item(&github, "updateProjectV2ItemFieldValue", "projectV2Item", set).await;
    let chosen = |item: &Value| {
        let values = item["fieldValues"]["nodes"].as_array().unwrap().clone();
        values.into_iter().find(|value| value["field"]["name"] == "Status").map(|value| value["name"].clone())
    };
    assert_eq!(chosen(&set), Some(json!("In Progress")));
    assert_eq!(items(&github, "").await["totalCount"], 2);
    let narrowed = items(&github, "is:issue status:\"In Progress\"").await;
    assert_eq!((&narrowed["totalCount"], &narrowed["nodes"][0]["id"]), (&json!(1), &added["id"]));
    let clear = json!({ "projectId": project, "itemId": added["id"], "fieldId": status });
    assert_eq!(chosen(&on_item(&github, "clearProjectV2ItemFieldValue", "projectV2Item", clear).await), None);

    let this = json!({ "projectId": project, "itemId": added["id"] });
    on_item(&github, "archiveProjectV2Item", "item", this.clone()).await;
    assert_eq!(items(&github, "").await["totalCount"], 1);
    on_item(&github, "unarchiveProjectV2Item", "item", this.clone()).await;
    let delete = "mutation DeleteProjectItem($input:DeleteProjectV2ItemInput!){deleteProjectV2Item(input:$input){deletedItemId}}";
    let gone = github.data(delete, json!({ "input": this })).await;
    assert_eq!(gone["deleteProjectV2Item"]["deletedItemId"], added["id"]);
}

#[tokio::test]
async fn link_and_unlink() {
    let github = start_with(|config| {
        let team = serde_json::from_value(json!({ "slug": "core" })).unwrap();
        config.seed.organizations[0].teams.push(team);
    })
    .await;
    let project = github.project().await;
    let repository = github.repository("acme", "roadmap").await;
    let query = "query OrganizationTeam($owner:String!$teamSlug:String!){organization(login: $owner){team(slug: $teamSlug){id,slug}}}";
    let team = github.data(query, json!({ "owner": "acme", "teamSlug": "core" })).await["organization"]["team"]["id"].clone();
    let linked = "query($id:ID!){node(id:$id){... on ProjectV2{teams(first:5){totalCount},repositories(first:5){totalCount}}}}";
    for (verb, count) in [("link", 1), ("unlink", 0)] {
        let preposition = if verb == "link" { "To" } else { "From" };
        for (kind, key, id) in
            [("Team", "teamId", team.clone()), ("Repository", "repositoryId", json!(repository))]
        {
            let name = format!("{verb}ProjectV2{preposition}{kind}");
            let mut input = json!({ "projectId": project });
            input[key] = id;
            github.mutate(&name, input, "clientMutationId").await;
        }
        let node = github.data(linked, json!({ "id": project })).await["node"].clone();
        assert_eq!(
            node,
            json!({ "teams": { "totalCount": count }, "repositories": { "totalCount": count } })
        );
    }
}
