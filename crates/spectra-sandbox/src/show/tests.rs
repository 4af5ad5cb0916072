//! A board as text.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::columns;
use super::*;
use crate::seed::Seed;

fn now() -> Timestamp {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

fn input<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Three issues of one tree, one of them closed, a draft, and two fields.
fn world() -> (World, NodeId) {
    let seed = Seed::new("octocat").organization("acme").repository("acme", "roadmap");
    let mut world = seed.world(now()).unwrap();
    let owner = world.owner_by_login("acme").unwrap().id.clone();
    let repository = world.repository_by_name("acme", "roadmap").unwrap().id.clone();
    let project = world
        .create_project(now(), input(json!({ "ownerId": owner, "title": "Road\u{1b}[31mmap" })))
        .unwrap();
    let field = json!({
        "projectId": project,
        "name": "Priority",
        "dataType": "SINGLE_SELECT",
        "singleSelectOptions": [
            { "name": "High", "color": "RED", "description": "" },
            { "name": "Low", "color": "GRAY", "description": "" },
        ],
    });
    let priority = world.create_field(now(), input(field)).unwrap();
    let high = world.fields.get(&priority).unwrap().options[0].id.clone();
    let points = json!({ "projectId": project, "name": "Points", "dataType": "NUMBER" });
    let points = world.create_field(now(), input(points)).unwrap();
    let bug = world.label_by_name(&repository, "bug").unwrap().id.clone();
    let mut parent: Option<NodeId> = None;
    for title in ["Voice", "Microphone", "A long title ".repeat(12).trim()] {
        let issue = json!({
            "repositoryId": repository,
            "title": title,
            "labelIds": [bug],
            "parentIssueId": parent,
        });
        let id = world.create_issue(now(), input(issue)).unwrap();
        let item =
            world.add_item_by_id(now(), input(json!({ "projectId": project, "contentId": id }))).unwrap();
        if parent.is_none() {
            for (field, value) in
                [(&priority, json!({ "singleSelectOptionId": high })), (&points, json!({ "number": 3.5 }))]
            {
                let value = json!({ "projectId": project, "itemId": item, "fieldId": field, "value": value });
                world.set_value(now(), input(value)).unwrap();
            }
        }
        parent.get_or_insert(id);
    }
    let part = world.issues.get(&parent.unwrap()).unwrap().sub_issues[0].clone();
    world.close_issue(now(), input(json!({ "issueId": part, "stateReason": "NOT_PLANNED" }))).unwrap();
    world.add_draft(now(), input(json!({ "projectId": project, "title": "Think" }))).unwrap();
    world.advance_to("2026-11-01T13:00:00Z".parse().unwrap());
    (world, project)
}

#[test]
fn a_board_has_columns_cards_values_and_a_tree() {
    let (world, project) = world();
    let expected = "\
acme/1  Road [31mmap
private, 4 items

Views
  1  View 1: table

Todo (3)
  #1  Voice
      Labels: bug; Priority: High; Points: 3.5
  #3  A long title A long title A long title A long title A long title A long title A long title A …
      Labels: bug; Parent issue: #1
  draft  Think

In Progress (0)

Done (1)
  #2  Microphone  [closed: not planned]
      Labels: bug; Parent issue: #1

Hierarchy
  #1  Voice  (1 of 2 done)
    #2  Microphone  [closed: not planned]
    #3  A long title A long title A long title A long title A long title A long title A long title …
";
    assert_eq!(board(&world, &project, WIDTH).unwrap(), expected);
    assert_eq!(find(&world, "ACME/1"), Some(project));
    assert_eq!(find(&world, "acme/2"), None);
    assert_eq!(list(&world, WIDTH), "acme/1  Road [31mmap (4 items)\n");
}

#[test]
fn no_line_is_wider_than_asked_for() {
    let (mut world, project) = world();
    let issue = world.issues.values().next().unwrap().id.clone();
    world.issues.get_mut(&issue).unwrap().title = "音声アシスタント🎤".repeat(20);
    for width in [20, 40, 100] {
        let text = board(&world, &project, width).unwrap();
        assert!(text.lines().all(|line| columns(line) <= width && !line.contains('\u{1b}')), "{text}");
    }
    let empty = Seed::new("octocat").world(now()).unwrap();
    assert_eq!(boards(&empty, WIDTH), "No projects.\n");
}
