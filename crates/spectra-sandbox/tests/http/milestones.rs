//! Milestones as GraphQL shows them. They are made over REST; here the world makes them.

use serde_json::json;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::issue_state::StateName;
use spectra_sandbox::world::milestone::{CreateMilestone, UpdateMilestone};

use super::support::{Fixture, start};

fn create(github: &Fixture, repository: &str, title: &str, due: Option<&str>) -> Result<NodeId, String> {
    let input = CreateMilestone {
        repository: NodeId::new(repository),
        title: title.to_owned(),
        description: Some(format!("About {title}")),
        due_on: due.map(|due| due.parse().unwrap()),
        state: None,
    };
    let made = github.sandbox.edit(|world| world.create_milestone(world.now, input));
    made.map_err(|refusal| refusal.message)
}

#[tokio::test]
async fn milestones_are_listed_filtered_and_counted() {
    let github = start().await;
    let repository = github.repository("acme", "roadmap").await;
    let one = create(&github, &repository, "v1", Some("2026-12-24T12:00:00Z")).unwrap();
    let two = create(&github, &repository, "v2", Some("2026-07-04T00:00:00Z")).unwrap();
    let three = create(&github, &repository, "Later", None).unwrap();
    assert_eq!(create(&github, &repository, "v1", None).unwrap_err(), "Title has already been taken");

    let issue = github.issue("One").await;
    let other = github.issue("Two").await;
    for id in [&issue, &other] {
        let input = json!({ "id": id, "milestoneId": one.as_str() });
        github.mutate("updateIssue", input, "issue { milestone { title number } }").await;
    }
    github.mutate("closeIssue", json!({ "issueId": other }), "issue { id }").await;
    let query = "query($r: ID!) { node(id: $r) { ... on Repository {
        milestones(first: 9, orderBy: {field: DUE_DATE, direction: ASC}) { totalCount nodes { title dueOn } }
        some: milestones(first: 9, query: \"V\") { nodes { title } }
        open: milestones(first: 9, states: [OPEN]) { nodes { title state } }
        milestone(number: 1) { id title description openIssueCount closedIssueCount progressPercentage
            issues(first: 5, states: OPEN) { nodes { title } } creator { login } url }
        none: milestone(number: 9) { id }
        mine: issues(first: 5, filterBy: {milestoneNumber: \"1\"}) { totalCount }
        without: issues(first: 5, filterBy: {milestone: null}) { totalCount }
        with: issues(first: 5, filterBy: {milestone: \"*\"}) { totalCount } } } }";
    let seen = github.data(query, json!({ "r": repository })).await["node"].clone();
    assert_eq!(
        seen["milestones"],
        json!({ "totalCount": 3, "nodes": [
        { "title": "v2", "dueOn": "2026-07-03T07:00:00Z" },
        { "title": "v1", "dueOn": "2026-12-24T08:00:00Z" },
        { "title": "Later", "dueOn": null } ] })
    );
    assert_eq!(seen["some"]["nodes"], json!([{ "title": "v1" }, { "title": "v2" }]));
    assert_eq!(
        seen["milestone"],
        json!({ "id": one.as_str(), "title": "v1", "description": "About v1",
        "openIssueCount": 1, "closedIssueCount": 1, "progressPercentage": 50.0,
        "issues": { "nodes": [{ "title": "One" }] }, "creator": { "login": "octocat" },
        "url": "https://github.com/acme/roadmap/milestone/1" })
    );
    assert_eq!(seen["none"], json!(null));
    assert_eq!(
        json!([seen["mine"]["totalCount"], seen["with"]["totalCount"], seen["without"]["totalCount"]]),
        json!([2, 2, 0])
    );

    let close = UpdateMilestone {
        milestone: two.clone(),
        title: None,
        description: Some(None),
        due_on: Some(None),
        state: Some(StateName::Closed),
    };
    github.sandbox.edit(|world| world.update_milestone(world.now, close)).unwrap();
    let clash = UpdateMilestone {
        milestone: three,
        title: Some("v1".to_owned()),
        description: None,
        due_on: None,
        state: None,
    };
    assert!(github.sandbox.edit(|world| world.update_milestone(world.now, clash)).is_err());
    let seen = github.data(query, json!({ "r": repository })).await["node"].clone();
    assert_eq!(
        seen["open"]["nodes"],
        json!([{ "title": "v1", "state": "OPEN" }, { "title": "Later", "state": "OPEN" }])
    );

    github.sandbox.edit(|world| world.delete_milestone(world.now, &one)).unwrap();
    let seen = github.data(query, json!({ "r": repository })).await["node"].clone();
    assert_eq!(seen["without"]["totalCount"], 2);
    create(&github, &repository, "v1", None).unwrap();
    let query = "query($r: ID!) { node(id: $r) { ... on Repository { milestone(number: 4) { title } } } }";
    let seen = github.data(query, json!({ "r": repository })).await;
    assert_eq!(seen["node"]["milestone"]["title"], "v1", "numbers are not used twice");
}
