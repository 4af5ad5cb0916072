//! Entries of timelines and versions of bodies, over a scripted transport.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::testing::{JumpingClock, Script, Scripted, data, ok};

fn reader(answers: Vec<Scripted>) -> (Reader, Arc<Script>) {
    let script = Script::of(answers);
    (Reader::new(script.client(&JumpingClock::new())), script)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn entry(kind: &str, second: i64, rest: &Value) -> Value {
    let mut entry = json!({"__typename": kind, "createdAt": at(second),
        "actor": {"__typename": "User", "login": "octocat"}});
    entry.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    entry
}

fn issue(id: &str, entries: &[Value]) -> Value {
    json!({"__typename": "Issue", "id": id, "timelineItems": {"nodes": entries}})
}

fn ids(ids: &[&str]) -> Vec<NodeId> {
    ids.iter().map(|id| NodeId::new(*id)).collect()
}

#[tokio::test]
async fn every_entry_is_read() {
    let user = json!({"assignee": {"__typename": "User", "login": "mona"}});
    let gone = json!({"assignee": null});
    let label = json!({"label": {"name": "bug"}});
    let milestone = json!({"milestoneTitle": "M"});
    let board = json!({"project": {"id": "P"}});
    let kind = json!({"issueType": {"name": "Task"}});
    let none = json!({});
    let task = || Some(IssueTypeName::new("Task"));
    let status = json!({"project": {"id": "P"}, "previousStatus": "", "status": "Done"});
    let entries = [
        (
            "RenamedTitleEvent",
            &json!({"previousTitle": "s", "currentTitle": "t"}),
            Some(Happening::Retitled { from: "s".to_owned(), to: "t".to_owned() }),
        ),
        ("LabeledEvent", &label, Some(Happening::Labelled(LabelName::new("bug")))),
        ("UnlabeledEvent", &label, Some(Happening::Unlabelled(LabelName::new("bug")))),
        ("AssignedEvent", &user, Some(Happening::Assigned(Login::new("mona")))),
        ("AssignedEvent", &gone, None),
        ("UnassignedEvent", &user, Some(Happening::Unassigned(Login::new("mona")))),
        ("MilestonedEvent", &milestone, Some(Happening::Milestoned(MilestoneTitle::new("M")))),
        ("DemilestonedEvent", &milestone, Some(Happening::Demilestoned(MilestoneTitle::new("M")))),
        (
            "ClosedEvent",
            &json!({"stateReason": "NOT_PLANNED"}),
            Some(Happening::Closed(Some(StateReason::NotPlanned))),
        ),
        ("ClosedEvent", &json!({"stateReason": "NEWER"}), Some(Happening::Closed(None))),
        ("ReopenedEvent", &none, Some(Happening::Reopened)),
        ("IssueTypeAddedEvent", &kind, Some(Happening::Retyped { from: None, to: task() })),
        (
            "IssueTypeChangedEvent",
            &json!({"prevIssueType": {"name": "Task"}, "issueType": null}),
            Some(Happening::Retyped { from: task(), to: None }),
        ),
        ("IssueTypeRemovedEvent", &kind, Some(Happening::Retyped { from: task(), to: None })),
        (
            "ParentIssueAddedEvent",
            &json!({"parent": {"id": "I"}}),
            Some(Happening::ParentAdded(NodeId::new("I"))),
        ),
        ("ParentIssueRemovedEvent", &json!({"parent": null}), None),
        (
            "BlockedByAddedEvent",
            &json!({"blockingIssue": {"id": "I"}}),
            Some(Happening::BlockerAdded(NodeId::new("I"))),
        ),
        (
            "BlockedByRemovedEvent",
            &json!({"blockingIssue": {"id": "I"}}),
            Some(Happening::BlockerRemoved(NodeId::new("I"))),
        ),
        ("AddedToProjectV2Event", &board, Some(Happening::Filed(NodeId::new("P")))),
        ("RemovedFromProjectV2Event", &board, Some(Happening::TakenOff(NodeId::new("P")))),
        (
            "ProjectV2ItemStatusChangedEvent",
            &status,
            Some(Happening::StatusChanged {
                board: NodeId::new("P"),
                from: String::new(),
                to: "Done".to_owned(),
            }),
        ),
        ("NewerThanThisProgramEvent", &none, None),
    ];
    let answer: Vec<Value> =
        (1_i64..).zip(&entries).map(|(second, (kind, rest, _))| entry(kind, second, rest)).collect();
    let (reader, script) = reader(vec![data(&json!({"nodes": [issue("I_1", &answer), null]}))]);
    let timelines = reader.timelines(&ids(&["I_1", "I_2"])).await.unwrap();
    let expected: Vec<Event> = (1_i64..)
        .zip(entries)
        .filter_map(|(second, (_, _, what))| {
            Some(Event { at: at(second), actor: Some(Login::new("octocat")), what: what? })
        })
        .collect();
    assert_eq!(timelines, BTreeMap::from([(NodeId::new("I_1"), expected)]));
    let asked = &script.asked()[0]["variables"]["types"];
    assert_eq!(asked.as_array().unwrap().len(), 19);
}

#[tokio::test]
async fn an_issue_that_is_not_told_of_in_full_is_left_out() {
    let whole = || issue("I_1", &[entry("ReopenedEvent", 1, &json!({}))]);
    let holed = issue("I_2", &[entry("ReopenedEvent", 1, &json!({})), Value::Null]);
    let failed = issue("I_3", &[entry("ReopenedEvent", 1, &json!({}))]);
    let errors = json!([{"type": "FORBIDDEN", "message": "no", "path": ["nodes", 2, "timelineItems", "nodes", 0, "actor"]}]);
    let (it, _) = reader(vec![ok(&json!({"data": {"nodes": [whole(), holed, failed]}, "errors": errors}))]);
    let timelines = it.timelines(&ids(&["I_1", "I_2", "I_3"])).await.unwrap();
    assert_eq!(timelines.into_keys().collect::<Vec<_>>(), ids(&["I_1"]));

    let errors = json!([{"type": "FORBIDDEN", "message": "no"}]);
    let (it, _) = reader(vec![ok(&json!({"data": {"nodes": [whole()]}, "errors": errors}))]);
    assert!(matches!(it.timelines(&ids(&["I_1"])).await, Err(Failure::Forbidden { .. })));
}

#[tokio::test]
async fn fifty_issues_are_one_request_and_none_is_none() {
    let many: Vec<String> = (0..100).map(|n| format!("I_{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (it, script) = reader(vec![data(&json!({"nodes": []})), data(&json!({"nodes": []}))]);
    it.timelines(&ids(&many)).await.unwrap();
    assert_eq!(script.asked().len(), 2);
    it.timelines(&[]).await.unwrap();
    it.body_edits(&[]).await.unwrap();
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test]
async fn a_server_is_asked_for_no_event_that_it_lacks() {
    let (it, script) = reader(vec![data(&json!({"nodes": []}))]);
    let events = Events { dependencies: false, boards: false, ..Events::ALL };
    it.client().learn(crate::dialect::Dialect { timeline: Some(events), ..Default::default() });
    it.timelines(&ids(&["I_1"])).await.unwrap();
    let asked = script.asked()[0].to_string();
    assert!(asked.contains("PARENT_ISSUE_ADDED_EVENT") && asked.contains("ParentIssueAddedEvent"));
    for lacking in ["BlockedBy", "BLOCKED_BY", "ProjectV2", "PROJECT_V2"] {
        assert!(!asked.contains(lacking), "{lacking}");
    }
    let (it, script) = reader(vec![]);
    it.client().learn(crate::dialect::Dialect { timeline: None, ..Default::default() });
    assert!(it.timelines(&ids(&["I_1"])).await.unwrap().is_empty());
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn versions_of_a_body_come_newest_first() {
    let edit = |second: i64, text: Value| json!({"editedAt": at(second), "editor": {"__typename": "User", "login": "mona"}, "diff": text});
    let edits = |nodes: Value, more: bool| json!({"nodes": nodes, "pageInfo": {"hasNextPage": more}});
    let issue = |id: &str, begins: bool, edits: Value| json!({"__typename": "Issue", "id": id, "includesCreatedEdit": begins, "lastEditedAt": at(2), "userContentEdits": edits});
    let mut untouched = issue("I_2", false, Value::Null);
    untouched["lastEditedAt"] = Value::Null;
    let (it, _) = reader(vec![data(&json!({"nodes": [
        issue("I_1", true, edits(json!([edit(1, json!("a")), edit(2, Value::Null)]), false)),
        untouched,
        issue("I_3", false, edits(json!([edit(1, json!("a"))]), false)),
        issue("I_4", true, edits(json!([edit(1, json!("a"))]), true)),
        issue("I_5", true, edits(json!([edit(1, json!("a"))]), false)),
    ]}))]);
    let edit = |second: i64, text: Option<&str>| BodyEdit {
        at: at(second),
        editor: Some(Login::new("mona")),
        text: text.map(str::to_owned),
    };
    let one = || vec![edit(1, Some("a"))];
    let expected = [
        ("I_1", vec![edit(2, None), edit(1, Some("a"))], false),
        ("I_2", vec![], true),
        ("I_3", one(), false),
        ("I_4", one(), false),
        ("I_5", one(), true),
    ];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(id, edits, is_whole)| (NodeId::new(id), BodyEdits { edits, is_whole }))
        .collect();
    assert_eq!(it.body_edits(&ids(&["I_1", "I_2", "I_3", "I_4", "I_5"])).await.unwrap(), expected);
}
