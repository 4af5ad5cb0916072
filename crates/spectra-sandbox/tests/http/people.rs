//! Who may do what: tokens and their kinds, collaborators, assignees, organisations and teams.

use serde_json::{Value, json};
use spectra_sandbox::world::repository::Permission;
use spectra_sandbox::{KnownToken, SeedTeam, SeedToken};

use super::support::{Fixture, start_with};

fn token(text: &str, change: impl FnOnce(&mut KnownToken)) -> SeedToken {
    let mut token = KnownToken { token: text.to_owned(), ..KnownToken::default() };
    change(&mut token);
    SeedToken::Known(token)
}

async fn ask(github: &Fixture, token: &str, query: &str, variables: Value) -> Value {
    let request = github.client.post(format!("{}/graphql", github.sandbox.url())).header("user-agent", "x");
    let request = request.bearer_auth(token).json(&json!({ "query": query, "variables": variables }));
    request.send().await.unwrap().json().await.unwrap()
}

/// `mona` may triage acme/roadmap, `eve` may nothing; octocat owns acme.
async fn company() -> Fixture {
    start_with(|config| {
        let seed = &mut config.seed;
        seed.tokens = vec![
            SeedToken::from("any-token"),
            token("monas", |token| token.login = Some("mona".to_owned())),
            token("eves", |token| token.login = Some("eve".to_owned())),
            token("fine", |token| token.kind = serde_json::from_value(json!("fineGrained")).unwrap()),
            token("app", |token| token.kind = serde_json::from_value(json!("app")).unwrap()),
            token("actions", |token| token.kind = serde_json::from_value(json!("actions")).unwrap()),
            token("public", |token| token.scopes = Some(vec!["public_repo".to_owned()])),
        ];
        let acme = &mut seed.organizations[0];
        acme.members = vec!["mona".to_owned()];
        acme.teams = vec![SeedTeam { slug: "core".to_owned(), name: None, members: vec!["mona".to_owned()] }];
        let roadmap = &mut seed.repositories[0];
        roadmap.collaborators = Some([("mona".to_owned(), Permission::Triage)].into());
    })
    .await
}

#[tokio::test]
async fn what_one_may_not_see_does_not_exist() {
    let github = company().await;
    let issue = github.issue("Secret").await;
    let query = "query($id: ID!) { viewer { login } repository(owner: \"acme\", name: \"roadmap\") { viewerPermission } node(id: $id) { id } }";
    let mona = ask(&github, "monas", query, json!({ "id": issue })).await;
    assert_eq!(mona["data"]["viewer"]["login"], "mona");
    assert_eq!(mona["data"]["repository"]["viewerPermission"], "TRIAGE");
    assert_eq!(mona["data"]["node"]["id"], json!(issue));
    for stranger in ["eves", "public"] {
        let seen = ask(&github, stranger, query, json!({ "id": issue })).await;
        assert_eq!((&seen["data"]["repository"], &seen["data"]["node"]), (&Value::Null, &Value::Null));
        let errors = seen["errors"].as_array().unwrap();
        assert!(errors.iter().all(|error| error["type"] == "NOT_FOUND"), "{errors:#?}");
        assert_eq!(errors[0]["message"], "Could not resolve to a Repository with the name 'acme/roadmap'.");
    }
    let add = "mutation($i: AddCommentInput!) { addComment(input: $i) { clientMutationId } }";
    let refused = ask(&github, "eves", add, json!({ "i": { "subjectId": issue, "body": "Hi" } })).await;
    assert_eq!(refused["errors"][0]["type"], "NOT_FOUND");
    let label = "mutation($i: CreateLabelInput!) { createLabel(input: $i) { clientMutationId } }";
    let repository = github.repository("acme", "roadmap").await;
    let input = json!({ "i": { "repositoryId": repository, "name": "x", "color": "000000" } });
    let refused = ask(&github, "monas", label, input).await;
    assert_eq!(
        refused["errors"][0]["message"],
        "mona does not have the correct permissions to execute `CreateLabel`"
    );
    let close = "mutation($i: CloseIssueInput!) { closeIssue(input: $i) { issue { timelineItems(first: 5) { nodes { ... on ClosedEvent { actor { login } } } } } } }";
    let closed = ask(&github, "monas", close, json!({ "i": { "issueId": issue } })).await;
    assert_eq!(closed["data"]["closeIssue"]["issue"]["timelineItems"]["nodes"][0]["actor"]["login"], "mona");
}

#[tokio::test]
async fn tokens_that_are_not_classic_do_not_reach_projects_of_users() {
    let github = company().await;
    let query = "{ user(login: \"octocat\") { id projectsV2(first: 1) { totalCount } } organization(login: \"acme\") { projectsV2(first: 1) { totalCount } } }";
    let own = github.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone();
    let create = "mutation($i: CreateProjectV2Input!) { createProjectV2(input: $i) { projectV2 { id } } }";
    let input = json!({ "i": { "ownerId": own, "title": "Mine" } });
    for (token, message) in [
        ("fine", "Resource not accessible by personal access token"),
        ("app", "Resource not accessible by integration"),
    ] {
        let seen = ask(&github, token, query, json!({})).await;
        assert_eq!(seen["data"]["organization"]["projectsV2"]["totalCount"], 0, "{seen:#}");
        assert_eq!(
            (&seen["errors"][0]["type"], &seen["errors"][0]["message"]),
            (&json!("FORBIDDEN"), &json!(message))
        );
        assert_eq!(seen["errors"][0]["path"], json!(["user", "projectsV2"]));
        let refused = ask(&github, token, create, input.clone()).await;
        assert_eq!(refused["errors"][0]["message"], message);
    }
    let seen = ask(
        &github,
        "actions",
        "{ organization(login: \"acme\") { projectsV2(first: 1) { totalCount } } }",
        json!({}),
    )
    .await;
    assert_eq!(seen["errors"][0]["message"], "Resource not accessible by integration");
    let made = github.mutate("createProjectV2", input["i"].clone(), "projectV2 { id }").await;
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let seen = ask(&github, "fine", node, json!({ "id": made["projectV2"]["id"] })).await;
    assert_eq!(seen["errors"][0]["type"], "FORBIDDEN");
}

#[tokio::test]
async fn assignees_are_added_removed_and_replaced() {
    let github = company().await;
    let issue = github.issue("One").await;
    let query = "{ mona: user(login: \"mona\") { id } eve: user(login: \"eve\") { id } me: viewer { id }
        repository(owner: \"acme\", name: \"roadmap\") {
            assignableUsers(first: 10) { nodes { login } } mentionableUsers(first: 10, query: \"mo\") { nodes { login } }
            suggestedActors(first: 10, capabilities: [CAN_BE_ASSIGNED]) { nodes { __typename login } }
            collaborators(first: 10) { edges { permission node { login } } } } }";
    let known = github.data(query, json!({})).await;
    let repository = &known["repository"];
    assert_eq!(repository["assignableUsers"]["nodes"], json!([{ "login": "octocat" }, { "login": "mona" }]));
    assert_eq!(repository["mentionableUsers"]["nodes"], json!([{ "login": "mona" }]));
    assert_eq!(
        repository["suggestedActors"]["nodes"][0],
        json!({ "__typename": "User", "login": "octocat" })
    );
    assert_eq!(
        repository["collaborators"]["edges"],
        json!([{ "permission": "ADMIN", "node": { "login": "octocat" } }, { "permission": "TRIAGE", "node": { "login": "mona" } }])
    );

    let show = "assignable { ... on Issue { assignees(first: 5) { nodes { login } } assignedActors(first: 5) { totalCount } } }";
    let both = json!({ "assignableId": issue, "assigneeIds": [known["me"]["id"], known["mona"]["id"], known["me"]["id"]] });
    let seen = github.mutate("addAssigneesToAssignable", both, show).await;
    assert_eq!(
        seen["assignable"],
        json!({ "assignees": { "nodes": [{ "login": "octocat" }, { "login": "mona" }] }, "assignedActors": { "totalCount": 2 } })
    );
    let me = json!({ "assignableId": issue, "assigneeIds": [known["me"]["id"]] });
    let seen = github.mutate("removeAssigneesFromAssignable", me, show).await;
    assert_eq!(seen["assignable"]["assignees"]["nodes"], json!([{ "login": "mona" }]));
    let replace = json!({ "assignableId": issue, "actorLogins": ["OCTOCAT"] });
    let seen = github.mutate("replaceActorsForAssignable", replace, show).await;
    assert_eq!(seen["assignable"]["assignees"]["nodes"], json!([{ "login": "octocat" }]));

    let eve = json!({ "assignableId": issue, "assigneeIds": [known["eve"]["id"]] });
    let refused = github.refused("addAssigneesToAssignable", eve).await;
    assert_eq!(
        refused,
        ("UNPROCESSABLE".to_owned(), "assignees eve cannot be assigned to this issue".to_owned())
    );
    let unknown = json!({ "assignableId": issue, "actorLogins": ["nobody"] });
    assert_eq!(github.refused("replaceActorsForAssignable", unknown).await.0, "NOT_FOUND");
    let ways = json!({ "assignableId": issue, "actorLogins": [], "assignees": [] });
    assert_eq!(github.refused("replaceActorsForAssignable", ways).await.0, "VALIDATION");
}

#[tokio::test]
async fn organisations_have_members_and_teams() {
    let github = company().await;
    let query = "{ organization(login: \"acme\") { viewerCanAdminister
        membersWithRole(first: 5) { totalCount edges { role node { login } } }
        teams(first: 5, query: \"co\") { nodes { slug members(first: 5) { edges { role node { login } } } } }
        none: teams(first: 5, userLogins: [\"eve\"]) { totalCount }
        team(slug: \"core\") { combinedSlug privacy viewerCanAdminister } }
        viewer { organizations(first: 5) { nodes { login } } } }";
    let seen = github.data(query, json!({})).await;
    let acme = &seen["organization"];
    assert_eq!(
        acme["membersWithRole"],
        json!({ "totalCount": 2, "edges": [
        { "role": "ADMIN", "node": { "login": "octocat" } }, { "role": "MEMBER", "node": { "login": "mona" } }] })
    );
    assert_eq!(
        acme["teams"]["nodes"],
        json!([{ "slug": "core", "members": { "edges": [{ "role": "MEMBER", "node": { "login": "mona" } }] } }])
    );
    assert_eq!((&acme["none"]["totalCount"], &acme["viewerCanAdminister"]), (&json!(0), &json!(true)));
    assert_eq!(acme["team"]["combinedSlug"], "acme/core");
    assert_eq!(seen["viewer"]["organizations"]["nodes"], json!([{ "login": "acme" }]));
    let eve = ask(&github, "eves", "{ viewer { organizations(first: 5) { totalCount } } organization(login: \"acme\") { viewerIsAMember } }", json!({})).await;
    assert_eq!(
        eve["data"],
        json!({ "viewer": { "organizations": { "totalCount": 0 } }, "organization": { "viewerIsAMember": false } })
    );
}

#[tokio::test]
async fn issue_types_are_the_organisations() {
    let github = company().await;
    let owner = github.data("{ organization(login: \"acme\") { id } me: viewer { id } }", json!({})).await;
    let acme = &owner["organization"]["id"];
    let create = json!({ "ownerId": acme, "name": "Epic", "isEnabled": true, "color": "PURPLE", "description": "Large" });
    let shown = "issueType { id name color description isEnabled }";
    let made = github.mutate("createIssueType", create.clone(), shown).await["issueType"].clone();
    assert_eq!((&made["name"], &made["color"]), (&json!("Epic"), &json!("PURPLE")));
    assert_eq!(github.refused("createIssueType", create.clone()).await.1, "Name has already been taken");
    let mut of_user = create.clone();
    of_user["ownerId"] = owner["me"]["id"].clone();
    assert_eq!(github.refused("createIssueType", of_user).await.0, "NOT_FOUND");
    let as_member = "mutation($i: CreateIssueTypeInput!) { createIssueType(input: $i) { clientMutationId } }";
    let refused = ask(&github, "monas", as_member, json!({ "i": create })).await;
    assert_eq!(refused["errors"][0]["type"], "FORBIDDEN");

    let issue = github.issue("One").await;
    let set = json!({ "issueId": issue, "issueTypeId": made["id"] });
    let seen = github.mutate("updateIssueIssueType", set, "issue { issueType { name } }").await;
    assert_eq!(seen["issue"]["issueType"]["name"], "Epic");
    let both = json!({ "id": issue, "issueTypeId": null, "issueType": { "issueTypeId": null } });
    assert_eq!(github.refused("updateIssue", both).await.0, "VALIDATION");
    let clear = json!({ "id": issue, "issueType": { "issueTypeId": null } });
    let seen = github.mutate("updateIssue", clear, "issue { issueType { name } }").await;
    assert_eq!(seen["issue"]["issueType"], Value::Null);

    let off = json!({ "issueTypeId": made["id"], "isEnabled": false, "name": "Saga" });
    github.mutate("updateIssueType", off, shown).await;
    let query = "{ organization(login: \"acme\") { issueTypes(first: 9, orderBy: {field: NAME, direction: DESC}) { nodes { name isEnabled } } }
        repository(owner: \"acme\", name: \"roadmap\") { issueTypes(first: 9) { nodes { name } } }
        solo: repository(owner: \"solo\", name: \"notes\") { issueTypes(first: 9) { totalCount } } }";
    let seen = github.data(query, json!({})).await;
    assert_eq!(seen["organization"]["issueTypes"]["nodes"][1], json!({ "name": "Saga", "isEnabled": false }));
    assert_eq!(seen["repository"]["issueTypes"]["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(seen["solo"]["issueTypes"], Value::Null, "an owner that is a user has none");
    let gone =
        github.mutate("deleteIssueType", json!({ "issueTypeId": made["id"] }), "deletedIssueTypeId").await;
    assert_eq!(gone["deletedIssueTypeId"], made["id"]);
}

#[tokio::test]
async fn more_than_ten_assignees_are_refused() {
    let github = start_with(|config| {
        for number in 0..11 {
            config.seed = std::mem::take(&mut config.seed).user(&format!("user-{number}"));
        }
    })
    .await;
    let issue = github.issue("One").await;
    let logins: Vec<String> = (0..11).map(|number| format!("user-{number}")).collect();
    let input = json!({ "assignableId": issue, "actorLogins": logins });
    assert_eq!(
        github.refused("replaceActorsForAssignable", input).await.1,
        "Issues can have up to 10 assignees"
    );
    let input = json!({ "assignableId": issue, "actorLogins": logins[..10] });
    let seen = github
        .mutate("replaceActorsForAssignable", input, "assignable { assignees(first: 1) { totalCount } }")
        .await;
    assert_eq!(seen["assignable"]["assignees"]["totalCount"], 10);
}

#[tokio::test]
async fn each_field_that_lacks_a_scope_is_named() {
    let github = company().await;
    let query = "{ organization(login: \"acme\") { login projectsV2(first: 1) { totalCount } } }";
    let seen = ask(&github, "public", query, json!({})).await;
    assert_eq!(seen.get("data"), None);
    let messages: Vec<&str> =
        seen["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap()).collect();
    assert!(
        messages[0].contains("The 'projectsV2' field requires one of the following scopes: ['read:project']")
    );
    assert!(messages[1].contains("The 'totalCount' field") && messages.len() == 2, "{messages:#?}");
    let team = "{ organization(login: \"acme\") { team(slug: \"core\") { slug } } }";
    let seen = ask(&github, "public", team, json!({})).await;
    let message = seen["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(
        "['read:org', 'read:discussion'], but your token has only been granted the: ['public_repo'] scopes."
    ));
}

#[tokio::test]
async fn an_item_whose_issue_is_hidden_is_redacted() {
    let github = company().await;
    let project = github.project().await;
    let public = json!({ "projectId": project, "public": true });
    github.mutate("updateProjectV2", public, "clientMutationId").await;
    github
        .mutate("updateProjectV2", json!({ "projectId": project, "public": true }), "projectV2 { id }")
        .await;
    let issue = github.issue("Secret").await;
    let item = github.item(&project, &issue).await;
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { type content { __typename }
        fieldValueByName(name: \"Title\") { __typename } fieldValues(first: 5) { totalCount } } } }";
    let eve = ask(&github, "eves", query, json!({ "id": item })).await;
    let hidden = json!({ "type": "REDACTED", "content": null, "fieldValueByName": null, "fieldValues": { "totalCount": 0 } });
    assert_eq!(eve["data"]["node"], hidden, "{eve:#}");
    let mona = ask(&github, "monas", query, json!({ "id": item })).await;
    assert_eq!(mona["data"]["node"]["type"], "ISSUE");
}
