//! Reading to the end, and telling absence from silence, over a scripted transport.

use serde_json::{Value as Json, json};
use spectra_model::id::{LabelName, RepoSlug};
use spectra_model::observation::Value;
use spectra_model::plan::FieldType::{Date, SingleSelect};

use super::*;
use crate::testing::{JumpingClock, Script, Scripted, data, ok};

fn reader(answers: Vec<Scripted>) -> (Reader, Arc<Script>) {
    let script = Script::of(answers);
    (Reader::new(script.client(&JumpingClock::new())), script)
}

fn page(nodes: &[Json], end: Option<&str>) -> Json {
    json!({"pageInfo": {"hasNextPage": end.is_some(), "endCursor": end}, "nodes": nodes})
}

fn issue(number: u64, labels: &Json, items: &Json) -> Json {
    json!({
        "id": format!("I_{number}"), "number": number, "url": "u", "title": "t", "body": "b", "state": "OPEN",
        "createdAt": format!("2026-01-{number:02}T00:00:00Z"), "author": null,
        "repository": {"nameWithOwner": "o/r"}, "parent": {"id": "I_0"}, "labels": labels,
        "blockedBy": page(&[json!({"id": "I_9"})], None), "projectItems": items,
    })
}

fn item(id: &str, project: &str, values: &Json) -> Json {
    json!({"id": id, "isArchived": true, "createdAt": "2026-01-01T00:00:00Z", "project": {"id": project},
        "fieldValues": values})
}

fn field(id: &str, data_type: &str) -> Json {
    let kind = if data_type == "SINGLE_SELECT" { "ProjectV2SingleSelectField" } else { "ProjectV2Field" };
    json!({"__typename": kind, "id": id, "dataType": data_type})
}

fn issues(nodes: &[Json], end: Option<&str>) -> Scripted {
    data(&json!({"repository": {"issues": page(nodes, end)}}))
}

fn slug() -> RepoSlug {
    RepoSlug::parse("o/r").unwrap()
}

#[tokio::test]
async fn an_absent_owner_is_none_and_a_silent_one_a_failure() {
    let owner = plan::Owner { kind: OwnerType::Org, slug: Login::new("o") };
    let absent = json!({"data": {"organization": null}, "errors": [{"type": "NOT_FOUND",
        "path": ["organization"], "message": "Could not resolve to an Organization with the login of 'o'."}]});
    let forbidden = json!({"data": {"organization": null}, "errors": [{"type": "FORBIDDEN",
        "path": ["organization"], "message": "Resource not accessible by personal access token"}]});
    let (reader, _) = reader(vec![ok(&absent), ok(&forbidden)]);
    assert_eq!(reader.owner(&owner).await.unwrap(), None);
    assert!(matches!(reader.owner(&owner).await, Err(Failure::Forbidden { .. })));
}

#[tokio::test]
async fn nested_connections_are_read_to_their_end() {
    let labels = page(&[json!({"name": "b"})], Some("l1"));
    let elsewhere = page(&[item("T_0", "P_0", &page(&[], None))], Some("i1"));
    let text =
        json!({"__typename": "ProjectV2ItemFieldTextValue", "text": "x", "field": field("F_1", "TEXT")});
    let title =
        json!({"__typename": "ProjectV2ItemFieldTextValue", "text": "t", "field": field("F_0", "TITLE")});
    let select = json!({"__typename": "ProjectV2ItemFieldSingleSelectValue", "optionId": "98236657",
        "field": field("F_2", "SINGLE_SELECT")});
    let newer = json!({"__typename": "ProjectV2ItemNewerValue"});
    let again = item("T_0", "P_0", &page(&[], None));
    let ours = item("T_1", "P_1", &page(&[title, text, newer], Some("v1")));
    let mut waiting = issue(2, &labels, &elsewhere);
    waiting["blockedBy"] = page(&[json!({"id": "I_9"})], Some("b1"));
    let (reader, script) = reader(vec![
        issues(&[waiting], Some("p1")),
        issues(&[issue(1, &page(&[], None), &page(&[], None))], None),
        data(&json!({"node": {"__typename": "Issue", "labels": page(&[json!({"name": "a"})], None)}})),
        data(&json!({"node": {"__typename": "Issue", "blockedBy": page(&[json!({"id": "I_8"})], None)}})),
        data(&json!({"node": {"__typename": "Issue", "projectItems": page(&[ours], Some("i2"))}})),
        data(&json!({"node": {"__typename": "Issue", "projectItems": page(&[again], None)}})),
        data(&json!({"node": {"__typename": "ProjectV2Item", "fieldValues": page(&[select], None)}})),
    ]);
    let project = NodeId::new("P_1");
    let issues = reader.labelled_issues(&slug(), &LabelName::new("m"), Some(&project)).await.unwrap();
    assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&issues[0].item, issues[0].boards.len()), (&None, 0));
    assert_eq!(issues[1].boards, ["P_0", "P_1"].map(NodeId::new));
    assert_eq!(issues[1].labels, [LabelName::new("a"), LabelName::new("b")]);
    assert_eq!(issues[1].blocked_by, ["I_8", "I_9"].map(NodeId::new));
    let item = issues[1].item.as_ref().unwrap();
    assert!(item.archived);
    let values: Vec<_> = item.values.iter().map(|(field, value)| (field.as_str(), value.clone())).collect();
    let done = Value::SingleSelect(spectra_model::id::OptionId::new("98236657"));
    assert_eq!(values, [("F_1", Value::Text("x".to_owned())), ("F_2", done)]);

    let asked: Vec<Json> = script.asked().iter().map(|body| body["variables"].clone()).collect();
    assert_eq!(asked[0]["labels"], json!(["m"]));
    assert_eq!(asked[1]["after"], "p1");
    assert_eq!(asked[6], json!({"item": "T_1", "first": 100, "after": "v1"}));
}

#[tokio::test]
async fn the_boards_of_an_issue_are_known_before_the_plan_s_board_is() {
    let on = |project: &str, end| page(&[item(&format!("T_{project}"), project, &page(&[], None))], end);
    let none = page(&[], None);
    let listed = || issue(3, &none, &on("P_2", Some("i1")));
    let rest = || data(&json!({"node": {"__typename": "Issue", "projectItems": on("P_1", None)}}));
    let mut found = listed();
    found["__typename"] = json!("Issue");
    let (reader, _) = reader(vec![
        issues(&[listed()], None),
        rest(),
        issues(&[listed()], None),
        rest(),
        data(&json!({"nodes": [found]})),
        rest(),
    ]);
    let label = LabelName::new("m");
    for found in [
        reader.labelled_issues(&slug(), &label, None).await.unwrap(),
        reader.newest_issues(&slug(), None, None).await.unwrap(),
        reader.issues_by_id(&[NodeId::new("I_3")], None).await.unwrap(),
    ] {
        assert_eq!(
            (found[0].boards.as_slice(), &found[0].item),
            (&["P_1", "P_2"].map(NodeId::new)[..], &None)
        );
    }
}

#[tokio::test]
async fn an_item_whose_content_is_hidden_does_not_hide_the_others() {
    let item = |id: &str, content: &Json| json!({"id": id, "isArchived": false, "createdAt": "2026-01-01T00:00:00Z", "content": content});
    let items = [item("T_1", &json!(null)), item("T_2", &json!({"__typename": "Issue", "id": "I_2"}))];
    let answer = |r#type: &str, path: Json| {
        let error = json!({"type": r#type, "path": path, "message": "x"});
        let node = json!({"__typename": "ProjectV2", "items": page(&items, None)});
        ok(&json!({"data": {"node": node}, "errors": [error]}))
    };
    let content = || json!(["node", "items", "nodes", 0, "content"]);
    for r#type in ["FORBIDDEN", "NOT_FOUND"] {
        for path in [content(), json!(["node", "items", "nodes", 0, "content", "id"])] {
            let (reader, _) = reader(vec![answer(r#type, path)]);
            let items = reader.board_items(&NodeId::new("P")).await.unwrap();
            let issues: Vec<_> = items.iter().map(|item| item.issue.as_ref().map(NodeId::as_str)).collect();
            assert_eq!(issues, [None, Some("I_2")]);
        }
    }
    for (r#type, path) in [
        ("FORBIDDEN", json!(["node", "items"])),
        ("NOT_FOUND", json!(["node"])),
        ("FORBIDDEN", json!(["node", "items", "nodes", 0])),
        ("INSUFFICIENT_SCOPES", content()),
    ] {
        let (reader, _) = reader(vec![answer(r#type, path)]);
        assert!(reader.board_items(&NodeId::new("P")).await.is_err(), "{}", r#type);
    }
}

#[tokio::test]
async fn the_newest_are_read_back_to_a_time() {
    let none = page(&[], None);
    let (reader, script) = reader(vec![issues(
        &[issue(9, &none, &none), issue(8, &none, &none), issue(7, &none, &none)],
        Some("p1"),
    )]);
    let since = "2026-01-08T00:00:00Z".parse().unwrap();
    let issues = reader.newest_issues(&slug(), Some(since), None).await.unwrap();
    assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [8, 9]);
    let variables = &script.asked()[0]["variables"];
    assert_eq!(variables["direction"], "DESC");
    assert!(variables.get("labels").is_none(), "an absent filter isn't sent as null");
}

#[tokio::test]
async fn ids_that_lead_nowhere_are_left_out_and_other_errors_are_not() {
    let none = page(&[], None);
    let mut found = issue(3, &none, &none);
    found["__typename"] = json!("Issue");
    let nodes = json!([found, null, {"__typename": "PullRequest"}, {"__typename": "NewerThing"}]);
    let missing =
        json!({"type": "NOT_FOUND", "path": ["nodes", 1], "message": "Could not resolve to a node"});
    let broken = json!({"path": ["nodes", 0, "projectItems"], "message": "something"});
    let (reader, _) = reader(vec![
        ok(&json!({"data": {"nodes": nodes}, "errors": [missing]})),
        ok(&json!({"data": {"nodes": nodes}, "errors": [missing, broken]})),
    ]);
    let ids: Vec<NodeId> = ["I_3", "I_4", "PR_1", "X_1"].map(NodeId::new).to_vec();
    assert_eq!(reader.issues_by_id(&ids, None).await.unwrap().len(), 1);
    assert!(matches!(reader.issues_by_id(&ids, None).await, Err(Failure::Refused { .. })));
}

#[tokio::test]
async fn fields_keep_their_order_and_unknown_kinds_are_left_out() {
    let fields = [
        json!({"__typename": "ProjectV2Field", "id": "F_0", "name": "Title", "dataType": "TITLE", "isIssueField": false}),
        json!({"__typename": "ProjectV2NewerField"}),
        json!({"__typename": "ProjectV2SingleSelectField", "id": "F_1", "name": "Status",
            "dataType": "SINGLE_SELECT", "isIssueField": false,
            "options": [{"id": "1", "name": "Todo", "color": "GREEN", "description": ""},
                {"id": "2", "name": "Odd", "color": "TEAL", "description": "d"}]}),
        json!({"__typename": "ProjectV2Field", "id": "F_2", "name": "Due", "dataType": "DATE", "isIssueField": false}),
        json!({"__typename": "ProjectV2Field", "id": "F_3", "name": "Org", "dataType": "TEXT", "isIssueField": true}),
    ];
    let (reader, _) =
        reader(vec![data(&json!({"node": {"__typename": "ProjectV2", "fields": page(&fields, None)}}))]);
    let fields = reader.fields(&NodeId::new("P")).await.unwrap();
    let types: Vec<_> = fields.iter().map(|field| (field.id.as_str(), field.r#type)).collect();
    assert_eq!(types, [("F_0", None), ("F_1", Some(SingleSelect)), ("F_2", Some(Date)), ("F_3", None)]);
    let colours: Vec<_> = fields[1].options.iter().map(|option| option.color).collect();
    assert_eq!(colours, [Some(plan::Colour::Green), None]);
}

#[tokio::test]
async fn boards_are_sorted_and_their_items_are_listed_with_the_archived() {
    let board = |number: u64| {
        json!({"id": format!("P_{number}"), "number": number, "url": "u", "title": "t",
            "shortDescription": null, "readme": null, "public": false, "closed": true, "viewerCanUpdate": true})
    };
    let owner = |boards: Json| data(&json!({"node": {"__typename": "User", "projectsV2": boards}}));
    let items = [
        json!({"id": "T_2", "isArchived": true, "createdAt": "2026-01-01T00:00:00Z", "content": null}),
        json!({"id": "T_1", "isArchived": false, "createdAt": "2026-01-01T00:00:00Z",
            "content": {"__typename": "Issue", "id": "I_1"}}),
        json!({"id": "T_3", "isArchived": false, "createdAt": "2026-01-01T00:00:00Z",
            "content": {"__typename": "DraftIssue"}}),
    ];
    let (reader, _) = reader(vec![
        owner(page(&[board(7)], Some("a"))),
        owner(page(&[board(2)], None)),
        data(&json!({"node": {"__typename": "ProjectV2", "items": page(&items, None)}})),
        data(&json!({"node": {"__typename": "Repository"}})),
    ]);
    let boards = reader.boards(&NodeId::new("U")).await.unwrap();
    assert_eq!(boards.iter().map(|board| board.number).collect::<Vec<_>>(), [2, 7]);
    let items = reader.board_items(&NodeId::new("P")).await.unwrap();
    let issues: Vec<_> = items.iter().map(|item| item.issue.as_ref().map(NodeId::as_str)).collect();
    assert_eq!(issues, [Some("I_1"), None, None]);
    assert!(matches!(reader.board_summary(&NodeId::new("R")).await, Err(Failure::NotFound { .. })));
}

#[tokio::test]
async fn a_repository_comes_with_all_its_labels() {
    let label =
        |name: &str| json!({"id": format!("L_{name}"), "name": name, "color": "ededed", "description": null});
    let answer = |labels: Json| data(&json!({"repository": {"id": "R", "labels": labels}}));
    let absent = json!({"data": {"repository": null}, "errors": [{"type": "NOT_FOUND", "path": ["repository"],
        "message": "Could not resolve to a Repository with the name 'o/r'."}]});
    let (reader, _) =
        reader(vec![answer(page(&[label("b")], Some("a"))), answer(page(&[label("a")], None)), ok(&absent)]);
    let found = reader.repository(&slug()).await.unwrap().unwrap();
    assert_eq!(found.labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(reader.repository(&slug()).await.unwrap(), None);
}
