//! What belongs to a project beside its fields, items and views.

use serde_json::{Value, json};

use super::support::{Fixture, start, start_with};

async fn with_teams() -> (Fixture, String, Vec<String>) {
    let github = start_with(|config| {
        for slug in ["core", "web"] {
            let team = serde_json::from_value(json!({ "slug": slug })).unwrap();
            config.seed.organizations[0].teams.push(team);
        }
    })
    .await;
    let project = github.project().await;
    let query = "{ organization(login: \"acme\") { teams(first: 5) { nodes { id } } } }";
    let teams = github.data(query, json!({})).await["organization"]["teams"]["nodes"].clone();
    let teams = teams.as_array().unwrap().iter().map(|team| team["id"].as_str().unwrap().to_owned());
    let teams = teams.collect();
    (github, project, teams)
}

#[tokio::test]
async fn status_updates_are_appended_changed_and_deleted() {
    let github = start().await;
    let project = github.project().await;
    let selection =
        "statusUpdate { id body bodyHTML status startDate targetDate creator { login } project { id } }";
    let input = json!({ "projectId": project, "status": "ON_TRACK", "body": "Fine",
        "startDate": "2026-11-01", "targetDate": "2026-12-01" });
    let first =
        github.mutate("createProjectV2StatusUpdate", input.clone(), selection).await["statusUpdate"].clone();
    assert_eq!(first["creator"]["login"], "octocat");
    assert_eq!((&first["status"], &first["targetDate"]), (&json!("ON_TRACK"), &json!("2026-12-01")));
    let second =
        github.mutate("createProjectV2StatusUpdate", json!({ "projectId": project }), selection).await;
    let second = second["statusUpdate"].clone();
    assert_eq!(
        (&second["status"], &second["body"], &second["bodyHTML"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );

    let input = json!({ "statusUpdateId": second["id"], "status": "AT_RISK", "body": "Hm" });
    let changed =
        github.mutate("updateProjectV2StatusUpdate", input, selection).await["statusUpdate"].clone();
    assert_eq!((&changed["status"], &changed["body"]), (&json!("AT_RISK"), &json!("Hm")));
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2 {
        statusUpdates(first: 5) { totalCount nodes { status } }
        oldest: statusUpdates(first: 1, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { status } } } } }";
    let listed = github.data(query, json!({ "id": project })).await["node"].clone();
    assert_eq!(listed["statusUpdates"]["nodes"], json!([{ "status": "AT_RISK" }, { "status": "ON_TRACK" }]));
    assert_eq!(listed["oldest"]["nodes"], json!([{ "status": "ON_TRACK" }]));

    let input = json!({ "statusUpdateId": first["id"] });
    let gone = github
        .mutate("deleteProjectV2StatusUpdate", input.clone(), "deletedStatusUpdateId projectV2 { id }")
        .await;
    assert_eq!(gone, json!({ "deletedStatusUpdateId": first["id"], "projectV2": { "id": project } }));
    assert_eq!(github.refused("deleteProjectV2StatusUpdate", input).await.0, "NOT_FOUND");
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2StatusUpdate { body } } }";
    assert_eq!(github.data(query, json!({ "id": second["id"] })).await["node"]["body"], "Hm");
    let backwards =
        json!({ "statusUpdateId": second["id"], "startDate": "2026-12-02", "targetDate": "2026-12-01" });
    assert_eq!(github.refused("updateProjectV2StatusUpdate", backwards).await.0, "UNPROCESSABLE");
}

#[tokio::test]
async fn collaborators_are_merged_and_none_takes_out() {
    let (github, project, teams) = with_teams().await;
    let query = "{ user(login: \"solo\") { id } }";
    let solo = github.data(query, json!({})).await["user"]["id"].clone();
    let selection = "collaborators(first: 10) { totalCount nodes { __typename ... on User { login } ... on Team { slug } } }";
    let update = |entries: Value| json!({ "projectId": project, "collaborators": entries });
    let one = update(json!([{ "userId": solo, "role": "WRITER" }]));
    let all = github.mutate("updateProjectV2Collaborators", one.clone(), selection).await;
    assert_eq!(all["collaborators"]["nodes"], json!([{ "__typename": "User", "login": "solo" }]));
    let team = update(json!([{ "teamId": teams[0], "role": "ADMIN" }]));
    let all = github.mutate("updateProjectV2Collaborators", team, selection).await;
    assert_eq!(all["collaborators"]["totalCount"], 2);
    let out = update(json!([{ "userId": solo, "role": "NONE" }]));
    let all = github.mutate("updateProjectV2Collaborators", out, selection).await;
    assert_eq!(all["collaborators"]["nodes"], json!([{ "__typename": "Team", "slug": "core" }]));

    let both = update(json!([{ "userId": solo, "teamId": teams[0], "role": "READER" }]));
    assert_eq!(github.refused("updateProjectV2Collaborators", both).await.0, "UNPROCESSABLE");
    let document =
        "mutation($input: UpdateProjectV2CollaboratorsInput!) { updateProjectV2Collaborators(input: $input) {
        collaborators { nodes { __typename } } } }";
    let unbounded = github.refusal(document, json!({ "input": one })).await;
    assert_eq!(unbounded.0, "MISSING_PAGINATION_BOUNDARIES");
}

#[tokio::test]
async fn teams_are_linked_at_creation_and_later() {
    let (github, _, teams) = with_teams().await;
    let owner = github.data("{ organization(login: \"acme\") { id } }", json!({})).await;
    let input = json!({ "ownerId": owner["organization"]["id"], "title": "T", "teamId": teams[0] });
    let made =
        github.mutate("createProjectV2", input, "projectV2 { id teams(first: 5) { nodes { slug } } }").await;
    assert_eq!(made["projectV2"]["teams"]["nodes"], json!([{ "slug": "core" }]));
    let link = json!({ "projectId": made["projectV2"]["id"], "teamId": teams[1] });
    let selection = "team { slug projectsV2(first: 5) { nodes { title } } }";
    for _ in 0..2 {
        let linked = github.mutate("linkProjectV2ToTeam", link.clone(), selection).await;
        assert_eq!(linked["team"], json!({ "slug": "web", "projectsV2": { "nodes": [{ "title": "T" }] } }));
    }
    // Whoever lists it may read it.
    let none = json!({ "projectId": made["projectV2"]["id"], "collaborators": [] });
    let all =
        github.mutate("updateProjectV2Collaborators", none, "collaborators(first: 5) { totalCount }").await;
    assert_eq!(all["collaborators"]["totalCount"], 2);
    let unlinked = github.mutate("unlinkProjectV2FromTeam", link, selection).await;
    assert_eq!(unlinked["team"]["projectsV2"]["nodes"], json!([]));
}

#[tokio::test]
async fn only_an_organisation_s_project_becomes_a_template() {
    let github = start().await;
    let project = github.project().await;
    let input = json!({ "projectId": project });
    let marked = github.mutate("markProjectV2AsTemplate", input.clone(), "projectV2 { template }").await;
    assert_eq!(marked["projectV2"]["template"], true);
    let unmarked = github.mutate("unmarkProjectV2AsTemplate", input, "projectV2 { template }").await;
    assert_eq!(unmarked["projectV2"]["template"], false);
    let viewer = github.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
    let own = json!({ "ownerId": viewer, "title": "Mine" });
    let own = github.mutate("createProjectV2", own, "projectV2 { id }").await["projectV2"]["id"].clone();
    let refused = github.refused("markProjectV2AsTemplate", json!({ "projectId": own })).await;
    let message = "Only projects owned by an Organization can be marked as a template.";
    assert_eq!(refused, ("UNPROCESSABLE".to_owned(), message.to_owned()));
}

#[tokio::test]
async fn a_copy_has_fields_views_and_drafts_but_neither_items_nor_links() {
    let (github, project, teams) = with_teams().await;
    let readme = json!({ "projectId": project, "readme": "Read me", "public": true });
    github.mutate("updateProjectV2", readme, "clientMutationId").await;
    let repository = github.repository("acme", "roadmap").await;
    let link = json!({ "projectId": project, "repositoryId": repository });
    github.mutate("linkProjectV2ToRepository", link, "clientMutationId").await;
    let link = json!({ "projectId": project, "teamId": teams[0] });
    github.mutate("linkProjectV2ToTeam", link, "clientMutationId").await;
    let option = |name: &str| json!({ "name": name, "color": "RED", "description": "d" });
    let input = json!({ "projectId": project, "name": "Size", "dataType": "SINGLE_SELECT", "singleSelectOptions": [option("S"), option("L")] });
    let selection = "projectV2Field { ... on ProjectV2SingleSelectField { id options { id } } }";
    let size = github.mutate("createProjectV2Field", input, selection).await["projectV2Field"].clone();
    let input = json!({ "projectId": project, "name": "Sizes", "layout": "TABLE_LAYOUT",
        "configuration": { "visibleFieldIds": [size["id"]] } });
    let view =
        github.mutate("createProjectV2View", input, "projectV2View { id }").await["projectV2View"]["id"]
            .clone();
    let input = json!({ "viewId": view, "filter": "is:open" });
    github.mutate("updateProjectV2View", input, "clientMutationId").await;
    github.item(&project, &github.issue("Not copied").await).await;
    let draft = json!({ "projectId": project, "title": "Idea", "body": "Why not" });
    let draft =
        github.mutate("addProjectV2DraftIssue", draft, "projectItem { id }").await["projectItem"]["id"]
            .clone();
    let set = json!({ "projectId": project, "itemId": draft, "fieldId": size["id"],
        "value": { "singleSelectOptionId": size["options"][1]["id"] } });
    github.mutate("updateProjectV2ItemFieldValue", set, "clientMutationId").await;

    let viewer = github.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
    let selection = "projectV2 { id number title readme public template owner { ... on User { login } }
        fields(first: 50) { totalCount nodes { ... on ProjectV2FieldCommon { id name } ... on ProjectV2SingleSelectField { options { name color description } } } }
        views(first: 5) { nodes { number name filter fields(first: 5) { nodes { ... on ProjectV2FieldCommon { id name } } } } }
        items(first: 5) { nodes { content { ... on DraftIssue { title body } } fieldValueByName(name: \"Size\") { ... on ProjectV2ItemFieldSingleSelectValue { name } } } }
        workflows(first: 10) { totalCount } repositories(first: 1) { totalCount } teams(first: 1) { totalCount } }";
    let input = json!({ "projectId": project, "ownerId": viewer, "title": "Copy" });
    let bare = github.mutate("copyProjectV2", input.clone(), selection).await["projectV2"].clone();
    assert_eq!((&bare["number"], &bare["owner"]["login"]), (&json!(1), &json!("octocat")));
    assert_eq!(bare["items"]["nodes"], json!([]));
    let mut input = input;
    input["includeDraftIssues"] = json!(true);
    let copy = github.mutate("copyProjectV2", input, selection).await["projectV2"].clone();
    assert_eq!(
        (&copy["title"], &copy["readme"], &copy["public"]),
        (&json!("Copy"), &json!("Read me"), &json!(false))
    );
    assert_eq!(copy["fields"]["totalCount"], 14);
    let fields = copy["fields"]["nodes"].as_array().unwrap();
    let copied = fields.iter().find(|field| field["name"] == "Size").unwrap();
    assert_ne!(copied["id"], size["id"]);
    assert_eq!(copied["options"][0], json!({ "name": "S", "color": "RED", "description": "d" }));
    let views = &copy["views"]["nodes"];
    assert_eq!((&views[1]["name"], &views[1]["filter"]), (&json!("Sizes"), &json!("is:open")));
    assert_eq!(views[1]["fields"]["nodes"], json!([{ "id": copied["id"], "name": "Size" }]));
    let expected =
        json!([{ "content": { "title": "Idea", "body": "Why not" }, "fieldValueByName": { "name": "L" } }]);
    assert_eq!(copy["items"]["nodes"], expected);
    assert_eq!(copy["workflows"]["totalCount"], 6);
    assert_eq!((&copy["repositories"]["totalCount"], &copy["teams"]["totalCount"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_draft_is_edited_and_becomes_an_issue_under_the_same_item() {
    let github = start().await;
    let project = github.project().await;
    let viewer = github.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
    let input = json!({ "projectId": project, "title": "Idea", "body": "Text", "assigneeIds": [viewer] });
    let made = github
        .mutate(
            "addProjectV2DraftIssue",
            input,
            "projectItem { id type content { ... on DraftIssue { id } } }",
        )
        .await;
    let (item, draft) = (made["projectItem"]["id"].clone(), made["projectItem"]["content"]["id"].clone());
    assert_eq!(made["projectItem"]["type"], "DRAFT_ISSUE");
    let selection = "draftIssue { title body assignees(first: 5) { nodes { login } } }";
    let edited = json!({ "draftIssueId": draft, "title": "Better idea" });
    let edited = github.mutate("updateProjectV2DraftIssue", edited, selection).await["draftIssue"].clone();
    assert_eq!(
        edited,
        json!({ "title": "Better idea", "body": "Text", "assignees": { "nodes": [{ "login": "octocat" }] } })
    );
    let status = github.field(&project, "Status").await["id"].clone();
    let set = json!({ "projectId": project, "itemId": item, "fieldId": status, "value": { "singleSelectOptionId": "47fc9ee4" } });
    github.mutate("updateProjectV2ItemFieldValue", set, "clientMutationId").await;

    let repository = github.repository("acme", "roadmap").await;
    let input = json!({ "itemId": item, "repositoryId": repository });
    let selection =
        "item { id type content { ... on Issue { number title body assignees(first: 5) { nodes { login } }
        projectItems(first: 5) { nodes { id } } } }
        fieldValueByName(name: \"Status\") { ... on ProjectV2ItemFieldSingleSelectValue { name } } }";
    let issue =
        github.mutate("convertProjectV2DraftIssueItemToIssue", input.clone(), selection).await["item"]
            .clone();
    let expected = json!({ "id": item, "type": "ISSUE", "fieldValueByName": { "name": "In Progress" }, "content": {
        "number": 1, "title": "Better idea", "body": "Text", "assignees": { "nodes": [{ "login": "octocat" }] },
        "projectItems": { "nodes": [{ "id": item }] } } });
    assert_eq!(issue, expected);
    let query = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(github.refusal(query, json!({ "id": draft })).await.0, "NOT_FOUND");
    assert_eq!(github.refused("convertProjectV2DraftIssueItemToIssue", input).await.0, "UNPROCESSABLE");
}

#[tokio::test]
async fn lists_of_projects_are_ordered_and_narrowed() {
    let github = start().await;
    let owner =
        github.data("{ organization(login: \"acme\") { id } }", json!({})).await["organization"]["id"]
            .clone();
    let mut ids = Vec::new();
    for title in ["Beta", "alpha", "Gamma board"] {
        let input = json!({ "ownerId": owner, "title": title });
        ids.push(
            github.mutate("createProjectV2", input, "projectV2 { id }").await["projectV2"]["id"].clone(),
        );
    }
    let close = json!({ "projectId": ids[0], "closed": true });
    let closed = "projectV2 { closed closedAt viewerCanClose viewerCanReopen viewerCanUpdate }";
    let closed = github.mutate("updateProjectV2", close, closed).await["projectV2"].clone();
    assert_eq!(closed["closedAt"], "2026-11-01T12:00:00Z");
    assert_eq!((&closed["viewerCanClose"], &closed["viewerCanReopen"]), (&json!(false), &json!(true)));
    github.mutate("markProjectV2AsTemplate", json!({ "projectId": ids[1] }), "clientMutationId").await;
    for (arguments, expected) in [
        ("", vec!["Gamma board", "alpha", "Beta"]),
        (", orderBy: { field: TITLE, direction: ASC }", vec!["alpha", "Beta", "Gamma board"]),
        (", orderBy: { field: CREATED_AT, direction: ASC }", vec!["Beta", "alpha", "Gamma board"]),
        (", query: \"is:open\"", vec!["Gamma board", "alpha"]),
        (", query: \"is:closed\"", vec!["Beta"]),
        (", query: \"board\"", vec!["Gamma board"]),
        (", query: \"-is:template is:open\"", vec!["Gamma board"]),
        (", query: \"creator:@me is:template\"", vec!["alpha"]),
        (", query: \"is:public\"", vec![]),
        (", minPermissionLevel: ADMIN", vec!["Gamma board", "alpha", "Beta"]),
    ] {
        let query = format!(
            "{{ organization(login: \"acme\") {{ projectsV2(first: 10{arguments}) {{ nodes {{ title }} }} }} }}"
        );
        let nodes = github.data(&query, json!({})).await["organization"]["projectsV2"]["nodes"].clone();
        let titles: Vec<&str> =
            nodes.as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap()).collect();
        assert_eq!(titles, expected, "{arguments}");
    }
}

#[tokio::test]
async fn lists_of_items_are_narrowed_by_the_filter_of_views() {
    let github = start().await;
    let project = github.project().await;
    let (one, two) = (github.issue("Login fails").await, github.issue("Docs").await);
    for issue in [&one, &two] {
        github.item(&project, issue).await;
    }
    github.mutate("closeIssue", json!({ "issueId": two }), "clientMutationId").await;
    github
        .mutate(
            "addProjectV2DraftIssue",
            json!({ "projectId": project, "title": "Idea" }),
            "clientMutationId",
        )
        .await;
    let query = "query($id: ID!, $q: String!) { node(id: $id) { ... on ProjectV2 { items(first: 10, query: $q) { totalCount nodes {
        content { ... on Issue { title } ... on DraftIssue { title } } } } } } }";
    for (filter, expected) in [
        ("", vec!["Login fails", "Docs", "Idea"]),
        ("is:open", vec!["Login fails"]),
        ("-is:draft", vec!["Login fails", "Docs"]),
        ("repo:acme/roadmap login", vec!["Login fails"]),
    ] {
        let items = github.data(query, json!({ "id": project, "q": filter })).await["node"]["items"].clone();
        let titles: Vec<&str> = items["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["content"]["title"].as_str().unwrap())
            .collect();
        assert_eq!(titles, expected, "{filter}");
        assert_eq!(items["totalCount"], expected.len());
    }
    let refused = github.refusal(query, json!({ "id": project, "q": "reviewers:octocat" })).await;
    assert_eq!(refused.0, "NOT_MODELLED");
}

#[tokio::test]
async fn options_without_ids_stop_the_workflows_that_named_them() {
    let github = start().await;
    let project = github.project().await;
    let query =
        "query($id: ID!) { node(id: $id) { ... on ProjectV2 { workflows(first: 10) { nodes { name enabled } }
        newest: workflows(first: 1, orderBy: { field: NUMBER, direction: DESC }) { nodes { number } } } } }";
    let flows = github.data(query, json!({ "id": project })).await["node"].clone();
    let nodes = flows["workflows"]["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|flow| flow["enabled"] == true));
    // The schema's default order is by name.
    assert!(nodes.is_sorted_by_key(|flow| flow["name"].as_str().unwrap().to_lowercase()));
    assert_eq!(flows["newest"]["nodes"], json!([{ "number": 7 }]));
    let status = github.field(&project, "Status").await;
    let mut options = status["options"].as_array().unwrap().clone();
    let input = json!({ "fieldId": status["id"], "singleSelectOptions": options });
    github.mutate("updateProjectV2Field", input, "clientMutationId").await;
    let enabled = |flows: &Value| {
        let nodes = flows["node"]["workflows"]["nodes"].as_array().unwrap();
        nodes.iter().filter(|flow| flow["enabled"] == true).count()
    };
    assert_eq!(enabled(&github.data(query, json!({ "id": project })).await), 7);
    for option in &mut options {
        option.as_object_mut().unwrap().remove("id");
    }
    let input = json!({ "fieldId": status["id"], "singleSelectOptions": options });
    github.mutate("updateProjectV2Field", input, "clientMutationId").await;
    assert_eq!(enabled(&github.data(query, json!({ "id": project })).await), 2);
}

#[tokio::test]
async fn what_an_issue_holds_is_cleared_through_its_item() {
    let github = start().await;
    let project = github.project().await;
    let issue = github.issue("One").await;
    let item = github.item(&project, &issue).await;
    let viewer = github.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
    let input = json!({ "id": issue, "assigneeIds": [viewer] });
    github.mutate("updateIssue", input, "clientMutationId").await;
    let clear = |field: Value| json!({ "projectId": project, "itemId": item, "fieldId": field });
    let assignees = github.field(&project, "Assignees").await["id"].clone();
    let selection = "projectV2Item { content { ... on Issue { assignees(first: 5) { totalCount } } } }";
    let cleared = github.mutate("clearProjectV2ItemFieldValue", clear(assignees), selection).await;
    assert_eq!(cleared["projectV2Item"]["content"]["assignees"]["totalCount"], 0);
    let title = github.field(&project, "Title").await["id"].clone();
    assert_eq!(github.refused("clearProjectV2ItemFieldValue", clear(title)).await.0, "VALIDATION");
}

async fn ask(github: &Fixture, token: &str, query: &str, variables: Value) -> Value {
    let request = github.client.post(format!("{}/graphql", github.sandbox.url())).header("user-agent", "x");
    let request = request.bearer_auth(token).json(&json!({ "query": query, "variables": variables }));
    request.send().await.unwrap().json().await.unwrap()
}

/// `mona` is a member of acme, `eve` is nobody there.
#[tokio::test]
async fn members_may_write_and_strangers_see_what_is_public_or_shared() {
    let github = start_with(|config| {
        let token = |login: &str| json!({ "token": login, "login": login });
        config.seed.tokens =
            serde_json::from_value(json!(["any-token", token("mona"), token("eve")])).unwrap();
        config.seed.organizations[0].members = vec!["mona".to_owned()];
    })
    .await;
    let project = github.project().await;
    let look = "query($id: ID!) { node(id: $id) { ... on ProjectV2 { viewerCanUpdate viewerCanClose } }
        organization(login: \"acme\") { projectsV2(first: 5) { totalCount } admin: projectsV2(first: 5, minPermissionLevel: ADMIN) { totalCount } } }";
    let sees = |token: &'static str| {
        let id = json!({ "id": project });
        async {
            let seen = ask(&github, token, look, id).await["data"].clone();
            let counts = &seen["organization"];
            json!([
                seen["node"]["viewerCanUpdate"],
                counts["projectsV2"]["totalCount"],
                counts["admin"]["totalCount"]
            ])
        }
    };
    let edit =
        "mutation($input: UpdateProjectV2Input!) { updateProjectV2(input: $input) { projectV2 { title } } }";
    let edits = |token: &'static str| {
        let input = json!({ "input": { "projectId": project, "title": token } });
        async { ask(&github, token, edit, input).await["errors"][0]["type"].clone() }
    };
    assert_eq!(sees("any-token").await, json!([true, 1, 1]));
    assert_eq!(sees("mona").await, json!([true, 1, 0]));
    assert_eq!(sees("eve").await, json!([null, 0, 0]));
    assert_eq!((edits("mona").await, edits("eve").await), (Value::Null, json!("NOT_FOUND")));
    let delete =
        "mutation($input: DeleteProjectV2Input!) { deleteProjectV2(input: $input) { clientMutationId } }";
    let refused = ask(&github, "mona", delete, json!({ "input": { "projectId": project } })).await;
    assert_eq!(refused["errors"][0]["type"], "FORBIDDEN");
    let message = "mona does not have the correct permissions to execute `DeleteProjectV2`";
    assert_eq!(refused["errors"][0]["message"], message);

    let public = json!({ "projectId": project, "public": true });
    github.mutate("updateProjectV2", public, "clientMutationId").await;
    assert_eq!(sees("eve").await, json!([false, 1, 0]));
    assert_eq!(edits("eve").await, json!("FORBIDDEN"));
    let eve = github.data("{ user(login: \"eve\") { id } }", json!({})).await["user"]["id"].clone();
    let share = json!({ "projectId": project, "collaborators": [{ "userId": eve, "role": "WRITER" }] });
    github.mutate("updateProjectV2Collaborators", share, "clientMutationId").await;
    assert_eq!((sees("eve").await, edits("eve").await), (json!([true, 1, 0]), Value::Null));
}
