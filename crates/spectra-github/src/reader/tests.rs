//! Reading to the end, and telling absence from silence, over a scripted transport.

use serde_json::{Value as Json, json};
use spectra_model::id::{
    IssueTypeName, IterationId, LabelName, OptionId, OptionName, RepoSlug, TeamSlug, ViewName,
};
use spectra_model::observation::{Sort, StateReason, Value};
use spectra_model::plan::FieldType::{Date, Iteration, MultiSelect, SingleSelect};
use spectra_model::plan::{Direction, Layout};

use super::*;
use crate::Content;
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
        "stateReason": null, "milestone": null, "issueType": {"name": "Task"},
        "repository": {"nameWithOwner": "o/r"}, "parent": {"id": "I_0"}, "labels": labels,
        "assignees": page(&[], None), "subIssues": page(&[], None), "blockedBy": page(&[json!({"id": "I_9"})], None), "projectItems": items,
    })
}

fn item(id: &str, project: &str, values: &Json) -> Json {
    json!({"id": id, "isArchived": true, "createdAt": "2026-01-01T00:00:00Z", "project": {"id": project},
        "fieldValues": values})
}

fn field(id: &str, data_type: &str) -> Json {
    let kind = match data_type {
        "SINGLE_SELECT" => "ProjectV2SingleSelectField",
        "MULTI_SELECT" => "ProjectV2MultiSelectField",
        "ITERATION" => "ProjectV2IterationField",
        _ => "ProjectV2Field",
    };
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

/// An answer to `nodes(ids:)`: each of these issues with one connection.
fn nodes(kind: &str, key: &str, pages: &[(&str, Json)]) -> Scripted {
    let nodes = pages.iter().map(|(id, page)| json!({"__typename": kind, "id": id, key: page}));
    data(&json!({"nodes": nodes.collect::<Vec<_>>()}))
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
    let many = json!({"__typename": "ProjectV2ItemFieldMultiSelectValue", "options": [{"id": "a"}, {"id": "b"}],
        "field": field("F_3", "MULTI_SELECT")});
    let none = json!({"__typename": "ProjectV2ItemFieldMultiSelectValue", "options": [],
        "field": field("F_4", "MULTI_SELECT")});
    let sprint = json!({"__typename": "ProjectV2ItemFieldIterationValue", "iterationId": "s1",
        "field": field("F_5", "ITERATION")});
    let newer = json!({"__typename": "ProjectV2ItemNewerValue"});
    let other = item("T_0", "P_0", &page(&[], None));
    let ours = item("T_1", "P_1", &page(&[title.clone(), text.clone(), newer.clone()], Some("v1")));
    let all = [title, text, newer, select, many, none, sprint];
    let mut waiting = issue(2, &labels, &elsewhere);
    waiting["blockedBy"] = page(&[json!({"id": "I_9"})], Some("b1"));
    waiting["assignees"] = page(&[json!({"login": "a"})], Some("a1"));
    waiting["subIssues"] = page(&[json!({"id": "I_5"})], Some("s1"));
    waiting["state"] = json!("CLOSED");
    waiting["stateReason"] = json!("NOT_PLANNED");
    waiting["milestone"] = json!({"id": "M_1"});
    let both = [json!({"name": "b"}), json!({"name": "a"})];
    let ids = |ids: &[&str]| ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>();
    let (reader, script) = reader(vec![
        issues(&[waiting], Some("p1")),
        issues(&[issue(1, &page(&[], None), &page(&[], None))], None),
        nodes("Issue", "labels", &[("I_2", page(&both, None))]),
        nodes("Issue", "assignees", &[("I_2", page(&[json!({"login": "b"}), json!({"login": "a"})], None))]),
        nodes("Issue", "subIssues", &[("I_2", page(&ids(&["I_5", "I_4"]), Some("s2")))]),
        nodes("Issue", "subIssues", &[("I_2", page(&ids(&["I_3"]), None))]),
        nodes("Issue", "blockedBy", &[("I_2", page(&ids(&["I_9", "I_8"]), None))]),
        nodes("Issue", "projectItems", &[("I_2", page(&[other, ours], None))]),
        nodes("ProjectV2Item", "fieldValues", &[("T_1", page(&all, None))]),
    ]);
    let project = NodeId::new("P_1");
    let issues = reader.labelled_issues(&slug(), &LabelName::new("m"), Some(&project)).await.unwrap();
    assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&issues[0].item, issues[0].boards.len(), issues[0].state_reason), (&None, 0, None));
    assert_eq!(issues[1].boards, ["P_0", "P_1"].map(NodeId::new));
    assert_eq!(issues[1].labels, [LabelName::new("a"), LabelName::new("b")]);
    assert_eq!(issues[1].assignees, ["a", "b"].map(Login::new));
    assert_eq!(issues[1].sub_issues, ["I_5", "I_4", "I_3"].map(NodeId::new), "in their order");
    assert_eq!(issues[1].blocked_by, ["I_8", "I_9"].map(NodeId::new));
    assert_eq!(issues[1].state_reason, Some(StateReason::NotPlanned));
    assert_eq!(issues[1].milestone, Some(NodeId::new("M_1")));
    assert_eq!(issues[1].issue_type, Some(IssueTypeName::new("Task")));
    let item = issues[1].item.as_ref().unwrap();
    assert!(item.archived);
    let values: Vec<_> = item.values.iter().map(|(field, value)| (field.as_str(), value.clone())).collect();
    assert_eq!(
        values,
        [
            ("F_1", Value::Text("x".to_owned())),
            ("F_2", Value::SingleSelect(OptionId::new("98236657"))),
            ("F_3", Value::MultiSelect(["a", "b"].map(OptionId::new).to_vec())),
            ("F_5", Value::Iteration(IterationId::new("s1"))),
        ]
    );

    let asked: Vec<Json> = script.asked().iter().map(|body| body["variables"].clone()).collect();
    assert_eq!(asked[0]["labels"], json!(["m"]));
    assert_eq!(asked[1]["after"], "p1");
    assert_eq!(asked[2], json!({"ids": ["I_2"], "first": 100}));
    assert_eq!(asked[5], json!({"ids": ["I_2"], "first": 100, "after": "s2"}));
    assert_eq!(asked[8], json!({"ids": ["T_1"], "first": 100}));
}

/// A backlog of 1,818 issues in three levels: 40 parents of more sub-issues than a page shows, 60 issues with more
/// blockers than that.
#[tokio::test]
async fn a_large_backlog_takes_few_requests() {
    let none = page(&[], None);
    let on = page(&[item("T", "P_1", &none)], None);
    let listed = |number: usize| {
        let mut one = issue(1, &none, &on);
        one["id"] = json!(format!("I_{number:04}"));
        one["number"] = json!(number);
        one["projectItems"]["nodes"][0]["id"] = json!(format!("T_{number:04}"));
        if number < 40 {
            one["subIssues"]["pageInfo"] = json!({"hasNextPage": true, "endCursor": "s"});
        }
        if number < 60 {
            one["blockedBy"]["pageInfo"] = json!({"hasNextPage": true, "endCursor": "b"});
        }
        one
    };
    let rest = |key: &str, range: std::ops::Range<usize>| {
        let ids: Vec<String> = range.map(|number| format!("I_{number:04}")).collect();
        let pages: Vec<_> = ids.iter().map(|id| (id.as_str(), none.clone())).collect();
        nodes("Issue", key, &pages)
    };
    let all: Vec<Json> = (0..1_818).map(listed).collect();
    let mut answers: Vec<Scripted> = Vec::new();
    for (index, chunk) in all.chunks(100).enumerate() {
        let end = format!("p{index}");
        answers.push(issues(chunk, (index < 18).then_some(end.as_str())));
    }
    answers.push(rest("subIssues", 0..40));
    answers.push(rest("blockedBy", 0..50));
    answers.push(rest("blockedBy", 50..60));
    let (reader, script) = reader(answers);
    let project = NodeId::new("P_1");
    let issues = reader.labelled_issues(&slug(), &LabelName::new("m"), Some(&project)).await.unwrap();
    assert!(issues.iter().all(|issue| issue.item.is_some()));
    assert_eq!((issues.len(), script.asked().len()), (1_818, 22));
}

#[tokio::test]
async fn the_boards_of_an_issue_are_known_before_the_plan_s_board_is() {
    let on = |project: &str, end| page(&[item(&format!("T_{project}"), project, &page(&[], None))], end);
    let none = page(&[], None);
    let listed = || issue(3, &none, &on("P_2", Some("i1")));
    let both = page(&[item("T_P_2", "P_2", &none), item("T_P_1", "P_1", &none)], None);
    let rest = || nodes("Issue", "projectItems", &[("I_3", both.clone())]);
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

/// A board whose items fit one page.
fn both_ends(items: &[Json]) -> Json {
    let tail = json!({"pageInfo": {"hasPreviousPage": false, "startCursor": null}, "nodes": items});
    json!({"__typename": "ProjectV2", "head": page(items, None), "tail": tail})
}

#[tokio::test]
async fn an_item_whose_content_is_hidden_does_not_hide_the_others() {
    let item = |id: &str, content: &Json| json!({"id": id, "isArchived": false, "createdAt": "2026-01-01T00:00:00Z", "content": content});
    let items = [item("T_1", &json!(null)), item("T_2", &json!({"__typename": "Issue", "id": "I_2"}))];
    let answer = |r#type: &str, path: Json| {
        let error = json!({"type": r#type, "path": path, "message": "x"});
        ok(&json!({"data": {"node": both_ends(&items)}, "errors": [error]}))
    };
    let content = || json!(["node", "head", "nodes", 0, "content"]);
    for r#type in ["FORBIDDEN", "NOT_FOUND"] {
        for path in [content(), json!(["node", "tail", "nodes", 0, "content", "id"])] {
            let (reader, _) = reader(vec![answer(r#type, path)]);
            let items = reader.board_items(&NodeId::new("P")).await.unwrap();
            let issues: Vec<_> = items.iter().map(|item| item.issue().map(NodeId::as_str)).collect();
            assert_eq!(issues, [None, Some("I_2")]);
        }
    }
    for (r#type, path) in [
        ("FORBIDDEN", json!(["node", "head"])),
        ("NOT_FOUND", json!(["node"])),
        ("FORBIDDEN", json!(["node", "head", "nodes", 0])),
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

fn iteration(id: &str, start: &str) -> Json {
    json!({"id": id, "title": id, "startDate": start, "duration": 14})
}

#[tokio::test]
async fn fields_keep_their_order_and_unknown_kinds_are_left_out() {
    let fields = [
        json!({"__typename": "ProjectV2Field", "id": "F_0", "databaseId": 7, "name": "Title", "dataType": "TITLE", "isIssueField": false}),
        json!({"__typename": "ProjectV2NewerField"}),
        json!({"__typename": "ProjectV2SingleSelectField", "id": "F_1", "databaseId": 8, "name": "Status",
            "isIssueField": false,
            "options": [{"id": "1", "name": "Todo", "color": "GREEN", "description": ""},
                {"id": "2", "name": "Odd", "color": "TEAL", "description": "d"}]}),
        json!({"__typename": "ProjectV2Field", "id": "F_2", "databaseId": null, "name": "Due", "dataType": "DATE", "isIssueField": false}),
        json!({"__typename": "ProjectV2Field", "id": "F_3", "databaseId": null, "name": "Org", "dataType": "TEXT", "isIssueField": true}),
        json!({"__typename": "ProjectV2MultiSelectField", "id": "F_4", "databaseId": 9, "name": "Areas", "isIssueField": false,
            "multiSelectOptions": [{"id": "m", "name": "M", "color": "RED", "description": ""}]}),
        json!({"__typename": "ProjectV2IterationField", "id": "F_5", "databaseId": 10, "name": "Sprint", "configuration": {
            "iterations": [iteration("s2", "2026-01-19")],
            "completedIterations": [iteration("s1", "2026-01-05"), iteration("s0", "2025-12-22")]}}),
    ];
    let (reader, _) =
        reader(vec![data(&json!({"node": {"__typename": "ProjectV2", "fields": page(&fields, None)}}))]);
    let fields = reader.fields(&NodeId::new("P")).await.unwrap();
    let types: Vec<_> = fields.iter().map(|field| (field.id.as_str(), field.r#type)).collect();
    assert_eq!(
        types,
        [
            ("F_0", None),
            ("F_1", Some(SingleSelect)),
            ("F_2", Some(Date)),
            ("F_3", None),
            ("F_4", Some(MultiSelect)),
            ("F_5", Some(Iteration)),
        ]
    );
    assert_eq!((fields[0].database_id, fields[2].database_id), (Some(7), None));
    assert_eq!(fields[4].options[0].name, OptionName::new("M"));
    let iterations: Vec<_> =
        fields[5].iterations.iter().map(|it| (it.id.as_str(), it.duration, it.completed)).collect();
    assert_eq!(iterations, [("s0", 14, true), ("s1", 14, true), ("s2", 14, false)]);
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
            "content": {"__typename": "DraftIssue", "id": "D_1"}}),
    ];
    let (reader, _) = reader(vec![
        owner(page(&[board(7)], Some("a"))),
        owner(page(&[board(2)], None)),
        data(&json!({"node": both_ends(&items)})),
        data(&json!({"node": {"__typename": "Repository"}})),
    ]);
    let boards = reader.boards(&NodeId::new("U")).await.unwrap();
    assert_eq!(boards.iter().map(|board| board.number).collect::<Vec<_>>(), [2, 7]);
    let items = reader.board_items(&NodeId::new("P")).await.unwrap();
    let issues: Vec<_> = items.iter().map(|item| item.issue().map(NodeId::as_str)).collect();
    assert_eq!(issues, [Some("I_1"), None, None]);
    assert!(items[1].archived);
    assert_eq!(items[2].content, Content::Draft(NodeId::new("D_1")));
    assert!(matches!(reader.board_summary(&NodeId::new("R")).await, Err(Failure::NotFound { .. })));
}

#[tokio::test]
async fn a_repository_comes_with_all_its_labels() {
    let label = |name: &str| {
        json!({"id": format!("L_{name}"), "name": name, "color": "ededed", "description": null,
        "issues": {"totalCount": 2}, "pullRequests": {"totalCount": 1}})
    };
    let types = [
        json!({"id": "IT_1", "name": "Task", "isEnabled": true}),
        json!({"id": "IT_2", "name": "Bug", "isEnabled": false}),
    ];
    let types = page(&types, Some("t"));
    let answer =
        |labels: Json| data(&json!({"repository": {"id": "R", "labels": labels, "issueTypes": types}}));
    let more = page(&[json!({"id": "IT_3", "name": "Epic", "isEnabled": true})], None);
    let more = data(&json!({"repository": {"issueTypes": more}}));
    let milestones = json!([
        {"node_id": "M_2", "number": 2, "title": "Late", "description": null, "due_on": null, "state": "closed",
            "open_issues": 0, "closed_issues": 3},
        {"node_id": "M_1", "number": 1, "title": "Soon", "description": "d", "due_on": "2026-02-27T08:00:00Z",
            "state": "open", "open_issues": 1, "closed_issues": 3},
    ]);
    let absent = json!({"data": {"repository": null}, "errors": [{"type": "NOT_FOUND", "path": ["repository"],
        "message": "Could not resolve to a Repository with the name 'o/r'."}]});
    let (reader, script) = reader(vec![
        answer(page(&[label("b")], Some("a"))),
        answer(page(&[label("a")], None)),
        more,
        ok(&milestones),
        ok(&absent),
    ]);
    let found = reader.repository(&slug()).await.unwrap().unwrap();
    assert_eq!(found.labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(found.labels[0].used_by, Some(3));
    let types: Vec<_> = found.issue_types.keys().map(IssueTypeName::as_str).collect();
    assert_eq!(types, ["Epic", "Task"], "only those that are enabled");
    let [soon, late] = found.milestones.as_slice() else { panic!("{:?}", found.milestones) };
    assert_eq!((soon.number, soon.due_on, soon.issues), (1, Some(jiff::civil::date(2026, 2, 27)), 4));
    assert_eq!((late.state, late.due_on, late.description.as_str()), (plan::IssueState::Closed, None, ""));
    assert_eq!(script.urls()[3], "https://api.github.com/repos/o/r/milestones?state=all&per_page=100");
    assert_eq!(reader.repository(&slug()).await.unwrap(), None);
}

fn view(id: &str, layout: &str, shown: &[&str], by: Option<&str>) -> Json {
    let fields = |ids: &[&str]| {
        let fields: Vec<_> = ids.iter().map(|id| json!({"__typename": "ProjectV2Field", "id": id})).collect();
        page(&fields, None)
    };
    let by: Vec<&str> = by.into_iter().collect();
    let sorts = [
        json!({"direction": "DESC", "field": {"__typename": "ProjectV2IterationField", "id": "F_9"}}),
        json!({"direction": "SIDEWAYS", "field": {"__typename": "ProjectV2Field", "id": "F_8"}}),
    ];
    json!({"id": id, "number": 1, "name": id, "layout": layout, "filter": null,
        "shown": {"visibleFields": fields(shown)}, "fields": fields(&["F_1", "F_2"]), "groupByFields": fields(&by),
        "verticalGroupByFields": null, "sortByFields": page(&sorts, None)})
}

#[tokio::test]
async fn views_come_with_columns_in_order_groups_and_sorting() {
    let views =
        |nodes: &[Json], end| data(&json!({"node": {"__typename": "ProjectV2", "views": page(nodes, end)}}));
    let mut endless = view("A", "TABLE_LAYOUT", &[], None);
    endless["groupByFields"]["pageInfo"]["hasNextPage"] = json!(true);
    let (reader, _) = reader(vec![
        views(&[view("V_1", "TABLE_LAYOUT", &["F_2", "F_1"], Some("F_3"))], Some("v1")),
        views(&[view("V_2", "GALLERY_LAYOUT", &[], None)], None),
        views(&[endless], None),
    ]);
    let found = reader.views(&NodeId::new("P")).await.unwrap();
    assert_eq!(found[0].name, ViewName::new("V_1"));
    assert_eq!((found[0].layout, found[1].layout), (Some(Layout::Table), None));
    assert_eq!(found[0].fields, ["F_2", "F_1"].map(NodeId::new));
    assert_eq!(found[1].fields, ["F_1", "F_2"].map(NodeId::new), "where a server has no order");
    assert_eq!((found[0].group_by.as_slice(), found[0].column_by.len()), (&[NodeId::new("F_3")][..], 0));
    assert_eq!(found[0].sort_by, [Sort { field: NodeId::new("F_9"), direction: Direction::Desc }]);
    assert!(matches!(reader.views(&NodeId::new("P")).await, Err(Failure::Malformed { .. })));
}

#[tokio::test]
async fn the_links_of_a_board_are_read_until_both_lists_end() {
    let links = |repositories: Json, teams: Json| {
        data(&json!({"node": {"__typename": "ProjectV2", "repositories": repositories, "teams": teams}}))
    };
    let repository = |name: &str| json!({"id": name, "nameWithOwner": name});
    let team = |slug: &str| json!({"id": slug, "slug": slug});
    let none = || page(&[], None);
    let still = || links(page(&[repository("o/a")], Some("r1")), none());
    let (reader, script) = reader(vec![
        links(page(&[repository("o/a")], None), page(&[team("a")], Some("t1"))),
        links(none(), page(&[team("b")], None)),
        still(),
        still(),
    ]);
    let found = reader.links(&NodeId::new("P")).await.unwrap();
    assert_eq!(found.teams.len(), 2);
    assert_eq!(found.repositories.keys().map(RepoSlug::as_str).collect::<Vec<_>>(), ["o/a"]);
    assert_eq!(script.asked()[1]["variables"]["teamsAfter"], "t1");
    assert!(matches!(reader.links(&NodeId::new("P")).await, Err(Failure::Malformed { .. })));
}

#[tokio::test]
async fn names_are_looked_up_many_at_once() {
    let missing =
        |path: Json| json!({"type": "NOT_FOUND", "path": path, "message": "Could not resolve to a User"});
    let people = json!({"data": {"a0": {"id": "U_1", "login": "Anna", "databaseId": 1}, "a1": null},
        "errors": [missing(json!(["a1"]))]});
    let forbidden = json!({"data": {"a0": null, "a1": null},
        "errors": [{"type": "FORBIDDEN", "path": ["a0"], "message": "no"}]});
    let teams = json!({"data": {"organization": {"a0": null, "a1": {"id": "T_1", "slug": "data"}}}});
    let no_organisation =
        json!({"data": {"organization": null}, "errors": [missing(json!(["organization"]))]});
    let (reader, script) = reader(vec![ok(&people), ok(&forbidden), ok(&teams), ok(&no_organisation)]);
    let logins = ["anna", "nobody"].map(Login::new);
    let found = reader.people(&logins).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(Login::new("anna"), NodeId::new("U_1"))]);
    assert!(matches!(reader.people(&logins).await, Err(Failure::Forbidden { .. })));
    let slugs = ["gone", "data"].map(TeamSlug::new);
    let found = reader.teams(&Login::new("o"), &slugs).await.unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(TeamSlug::new("data"), NodeId::new("T_1"))]);
    assert!(reader.teams(&Login::new("o"), &slugs).await.unwrap().is_empty());
    assert_eq!(script.asked()[2]["variables"], json!({"owner": "o", "k0": "gone", "k1": "data"}));
    assert!(reader.people(&[]).await.unwrap().is_empty(), "nothing is asked for nobody");
}

#[tokio::test]
async fn assignable_is_who_has_exactly_that_login() {
    let user = |login: &str| json!({"id": format!("U_{login}"), "login": login});
    let first = json!({"repository": {
        "a0": page(&[user("ann"), user("Anna")], None),
        "a1": page(&[user("bobby")], Some("b1")),
        "a2": page(&[user("carla")], None),
    }});
    let next = json!({"repository": {"assignableUsers": page(&[user("bob")], None)}});
    let (reader, script) = reader(vec![data(&first), data(&next)]);
    let logins = ["anna", "bob", "carl"].map(Login::new);
    let found = reader.assignable(&slug(), &logins).await.unwrap();
    let found: Vec<_> = found.iter().map(|(login, id)| (login.as_str(), id.as_str())).collect();
    assert_eq!(found, [("anna", "U_Anna"), ("bob", "U_bob")]);
    assert_eq!(script.asked()[1]["variables"]["after"], "b1");
}

#[tokio::test]
async fn drafts_and_places_are_read_by_the_ids_of_items() {
    let held = |id: &str, content: Json| {
        let mut held = item(id, "P", &page(&[], None));
        held["__typename"] = json!("ProjectV2Item");
        held["content"] = content;
        held
    };
    let draft = json!({"__typename": "DraftIssue", "id": "D_1", "title": "t", "body": "b",
        "creator": {"__typename": "User", "login": "octocat"}, "assignees": page(&[json!({"login": "z"})], Some("a"))});
    let answer = || {
        let on = [
            held("T_2", json!({"__typename": "Issue", "id": "I_1"})),
            held("T_1", draft.clone()),
            held("T_3", json!(null)),
        ];
        data(&json!({"nodes": on}))
    };
    let more = page(&[json!({"login": "a"})], None);
    let more = data(&json!({"node": {"__typename": "DraftIssue", "assignees": more}}));
    let (reader, _) = reader(vec![answer(), more, answer()]);
    let ids = ["T_1", "T_2", "T_3"].map(NodeId::new);
    let drafts = reader.drafts(&ids).await.unwrap();
    assert_eq!((drafts.len(), drafts[0].id.as_str(), drafts[0].item.id.as_str()), (1, "D_1", "T_1"));
    assert_eq!(drafts[0].assignees, ["a", "z"].map(Login::new));
    let places = reader.places(&ids).await.unwrap();
    assert_eq!(places.len(), 1);
    assert_eq!(places[&NodeId::new("I_1")].id.as_str(), "T_2");
}

#[tokio::test]
async fn the_bodies_behind_a_label_are_read_to_their_end() {
    let bodies = |number: u64, end| {
        let issue = json!({"id": format!("I_{number}"), "body": format!("b{number}")});
        data(&json!({"repository": {"issues": page(&[issue], end)}}))
    };
    let (reader, _) = reader(vec![bodies(2, Some("c")), bodies(1, None)]);
    let found = reader.labelled_bodies(&slug(), &LabelName::new("m")).await.unwrap();
    let expected = [("I_1", "b1"), ("I_2", "b2")].map(|(id, body)| (NodeId::new(id), body.to_owned()));
    assert_eq!(found, expected);
}

/// An old server: what it lacks isn't asked for, and counts as none.
#[tokio::test]
async fn a_server_without_dependencies_is_read_all_the_same() {
    let fields = |names: &[&str]| json!({"fields": names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>()});
    let schema = json!({"option": null, "iteration": null, "fieldType": null, "mutation": fields(&["createIssue"]),
        "issue": fields(&["id"]), "repository": fields(&["id"]), "field": null, "multiSelectValue": null,
        "view": null});
    let none = page(&[], None);
    let mut listed = issue(1, &none, &none);
    for (key, of) in
        [("blockedBy", "Issue"), ("subIssues", "Issue"), ("parent", "Issue"), ("issueType", "Issue")]
    {
        listed[key] = json!(of);
    }
    let (reader, script) = reader(vec![data(&schema), issues(&[listed], None)]);
    let owner = plan::Owner { kind: OwnerType::Org, slug: Login::new("o") };
    assert!(!reader.features(&owner, &Login::new("octocat")).await.unwrap().dependencies);
    let issues = reader.labelled_issues(&slug(), &LabelName::new("m"), None).await.unwrap();
    assert_eq!((&issues[0].parent, &issues[0].issue_type), (&None, &None));
    assert!(issues[0].blocked_by.is_empty() && issues[0].sub_issues.is_empty());
    let query = script.asked()[1]["query"].as_str().unwrap().to_owned();
    assert!(query.contains("blockedBy: __typename") && !query.contains("blockedBy("), "{query}");
}
