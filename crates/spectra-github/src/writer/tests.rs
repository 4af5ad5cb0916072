//! What a write counts as when its answer is late, lost or a refusal.

use serde_json::json;
use spectra_model::id::NodeId;
use spectra_model::observation::Value;
use spectra_model::plan::IssueState;

use super::*;
use crate::testing::{JumpingClock, Script, Scripted, data, ok, status};

fn id(text: &str) -> NodeId {
    NodeId::new(text)
}

fn create(title: &str) -> Write {
    let issue = crate::NewIssue {
        repository: id("R_1"),
        title: title.to_owned(),
        body: String::new(),
        labels: Vec::new(),
        assignees: Vec::new(),
        milestone: None,
        issue_type: None,
        parent: None,
    };
    Write::CreateIssue { issue }
}

fn set() -> Write {
    Write::SetValue { project: id("P"), item: id("T"), field: id("F"), value: Value::Number(1.0) }
}

fn issue(number: u64) -> serde_json::Value {
    json!({"issue": {"id": format!("I_{number}"), "number": number, "url": "u"}})
}

fn item() -> serde_json::Value {
    json!({"projectV2Item": {"id": "T"}})
}

/// Sends the writes; each result as a word, how many requests it took and how many seconds.
async fn send(writes: &[Write], answers: Vec<Scripted>) -> (Vec<String>, usize, i64) {
    let (script, clock) = (Script::of(answers), JumpingClock::new());
    let writer = Writer::new(script.client(&clock));
    let words = writer.send(writes).await.iter().map(word).collect();
    (words, script.asked().len(), clock.seconds())
}

fn word(result: &WriteResult) -> String {
    let name =
        |failure: &Failure| format!("{failure:?}").split([' ', '{']).next().unwrap_or_default().to_owned();
    match result {
        WriteResult::Done(Answer::Issue(issue)) => format!("#{}", issue.number),
        WriteResult::Done(_) => "done".to_owned(),
        WriteResult::Refused(failure) => format!("refused {}", name(failure)),
        WriteResult::NotRun(failure) => format!("not run {}", name(failure)),
        WriteResult::GivenUp(failure) => format!("given up {}", name(failure)),
        WriteResult::Unknown(failure) => format!("unknown {}", name(failure)),
    }
}

#[tokio::test]
async fn results_stand_in_the_order_of_the_writes() {
    let answer = data(&json!({"m1": item(), "m0": issue(1), "m2": issue(2)}));
    let (words, requests, _) = send(&[create("a"), set(), create("b")], vec![answer]).await;
    assert_eq!((words, requests), (vec!["#1".into(), "done".into(), "#2".into()], 1));
}

#[tokio::test]
async fn an_ambiguous_answer_is_reported_and_nothing_is_sent_again() {
    let wrong = json!({"errors": [{"message": "Something went wrong while executing your query."}]});
    for lost in [status(502, &[], ""), status(504, &[], ""), Scripted::Lost, ok(&wrong)] {
        let (words, requests, _) = send(&[create("a"), set()], vec![lost]).await;
        assert_eq!((words, requests), (vec!["unknown Ambiguous".into(); 2], 1));
    }
    let (words, requests, _) = send(&[create("a")], vec![status(200, &[], "{\"data\":")]).await;
    assert_eq!((words, requests), (vec!["unknown Malformed".into()], 1));
}

#[tokio::test]
async fn what_surely_did_not_run_is_sent_again() {
    let limited = status(403, &[("retry-after", "4")], "");
    let answer = || data(&json!({"m0": issue(1)}));
    let (words, requests, seconds) = send(&[create("a")], vec![limited, answer()]).await;
    assert_eq!((words, requests, seconds), (vec!["#1".into()], 2, 4));
    let (words, requests, _) = send(&[create("a")], vec![Scripted::NotSent, answer()]).await;
    assert_eq!((words, requests), (vec!["#1".into()], 2));
    let (words, requests, _) = send(&[create("a")], (0..9).map(|_| Scripted::NotSent).collect()).await;
    assert_eq!((words, requests), (vec!["not run Unreachable".into()], 5));
}

#[tokio::test]
async fn only_what_was_limited_is_sent_again() {
    let error = json!({"type": "UNPROCESSABLE", "path": ["m1"], "message": "was submitted too quickly"});
    let first = ok(&json!({"data": {"m0": issue(1), "m1": null, "m2": item()}, "errors": [error]}));
    let script = Script::of([first, data(&json!({"m0": issue(2)}))]);
    let clock = JumpingClock::new();
    let client = script.client(&clock);
    let results = Writer::new(client.clone()).send_patiently(&[create("a"), create("b"), set()]).await;
    assert_eq!(results.iter().map(word).collect::<Vec<_>>(), ["#1", "#2", "done"]);
    let second = script.asked().pop().unwrap();
    assert_eq!(second["variables"]["i0"]["title"], "b");
    assert_eq!(second["variables"].as_object().unwrap().len(), 1);
    assert_eq!((clock.seconds(), client.http().mutations, client.http().points), (60, 4, 10));
}

#[tokio::test]
async fn a_long_limit_is_not_slept_through() {
    let (script, clock) = (Script::of([long(), data(&json!({"m0": issue(1)}))]), JumpingClock::new());
    let client = script.client(&clock);
    let writer = Writer::new(client.clone());
    let results = writer.send(&[create("a")]).await;
    assert_eq!(word(&results[0]), "not run SecondaryLimit");
    assert!(results[0].is_limited());
    assert_eq!((clock.seconds(), client.http().retries, client.http().waited_seconds), (0, 1, 0));
    for creations in [0, 1] {
        assert_eq!(client.ready_in(creations), Duration::from_secs(90));
    }
    client.wait_for_windows(Duration::from_secs(80)).await;
    assert_eq!(client.ready_in(1), Duration::from_secs(10));
    assert_eq!(word(&writer.send(&[create("a")]).await[0]), "#1");
    assert_eq!(clock.seconds(), 90);
}

fn long() -> Scripted {
    status(403, &[("retry-after", "90")], "")
}

#[tokio::test]
async fn a_server_without_limits_is_waited_for_too_when_it_asks_for_it() {
    let script = Script::of([long()]);
    let clock = JumpingClock::new();
    let limits = spectra_model::forecast::Limits::github();
    let client = script.client_paced(&clock, crate::Pacing::WhereServerLimits(limits));
    Writer::new(client.clone()).send(&[create("a")]).await;
    assert_eq!(client.ready_in(1), Duration::from_secs(90));
}

#[tokio::test]
async fn pauses_grow_from_one_request_to_the_next_until_patience_is_over() {
    let unnamed = || status(403, &[], r#"{"message": "You have exceeded a secondary rate limit."}"#);
    let viewer = || data(&json!({"viewer": {"login": "octocat"}}));
    let updated = || data(&json!({"m0": item()}));
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.extend([unnamed(), viewer(), updated()]);
    }
    answers.extend([unnamed(), unnamed(), data(&json!({"m0": issue(1)})), unnamed()]);
    let (script, clock) = (Script::of(answers), JumpingClock::new());
    let client = script.client(&clock);
    let (reader, writer) = (crate::Reader::new(client.clone()), Writer::new(client.clone()));
    for minutes in [1, 2, 4, 8, 16] {
        assert_eq!(word(&writer.send(&[create("a")]).await[0]), "not run SecondaryLimit");
        assert_eq!(client.ready_in(1), Duration::from_mins(minutes));
        // What isn't a creation goes through in between, and says nothing of creations.
        reader.viewer().await.unwrap();
        assert_eq!(word(&writer.send(&[set()]).await[0]), "done");
    }
    for _ in 0..2 {
        assert_eq!(word(&writer.send(&[create("a")]).await[0]), "given up SecondaryLimit");
    }
    assert_eq!(word(&writer.send(&[create("a")]).await[0]), "#1");
    assert_eq!(word(&writer.send(&[create("a")]).await[0]), "not run SecondaryLimit");
    assert_eq!(client.ready_in(1), Duration::from_mins(1));
}

#[tokio::test]
async fn a_limit_of_hours_is_not_waited_for() {
    let hours = status(403, &[("retry-after", "86400")], "");
    let (words, requests, seconds) = send(&[create("a"), set()], vec![hours]).await;
    assert_eq!((words, requests, seconds), (vec!["given up SecondaryLimit".into(); 2], 1, 0));
}

#[tokio::test]
async fn the_patient_wait_for_every_limit_and_still_not_for_ever() {
    let (script, clock) = (Script::of((0..9).map(|_| long())), JumpingClock::new());
    let results = Writer::new(script.client(&clock)).send_patiently(&[create("a")]).await;
    assert_eq!(word(&results[0]), "given up SecondaryLimit");
    assert_eq!((script.asked().len(), clock.seconds()), (6, 5 * 90));
}

#[tokio::test]
async fn what_was_too_much_is_sent_in_smaller_requests_unless_it_may_make_two() {
    let error = |slot: usize| json!({"type": "RESOURCE_LIMITS_EXCEEDED", "path": [format!("m{slot}")], "message": "x"});
    let first = json!({"data": {"m0": item(), "m1": null, "m2": null, "m3": null, "m4": null},
        "errors": [error(1), error(2), error(3), error(4)]});
    let script = Script::of([ok(&first), data(&json!({"m0": item(), "m1": item(), "m2": item()}))]);
    let writer = Writer::new(script.client(&JumpingClock::new()));
    let results = writer.send(&[set(), set(), set(), create("a"), set()]).await;
    let words: Vec<_> = results.iter().map(word).collect();
    assert_eq!(words, ["done", "done", "done", "unknown ResourceLimits", "done"]);
    let sizes: Vec<_> =
        script.asked().iter().map(|body| body["variables"].as_object().unwrap().len()).collect();
    assert_eq!(sizes, [5, 3]);
}

#[tokio::test]
async fn a_request_that_was_too_much_is_halved_when_it_is_sent_again() {
    let errors: Vec<_> = (0..4)
        .map(|slot| json!({"type": "RESOURCE_LIMITS_EXCEEDED", "path": [format!("m{slot}")], "message": "x"}))
        .collect();
    let nulls = json!({"m0": null, "m1": null, "m2": null, "m3": null});
    let two = || data(&json!({"m0": item(), "m1": item()}));
    let (words, requests, _) =
        send(&vec![set(); 4], vec![ok(&json!({"data": nulls, "errors": errors})), two(), two()]).await;
    assert_eq!((words, requests), (vec!["done".into(); 4], 3));
}

#[tokio::test]
async fn what_stays_too_much_is_reported_in_the_end() {
    let whole = json!({"errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "x"}]});
    let (words, requests, _) = send(&[set(), set()], (0..9).map(|_| ok(&whole)).collect()).await;
    assert_eq!((words, requests), (vec!["unknown ResourceLimits".into(); 2], 5));
}

#[tokio::test]
async fn a_page_or_a_redirect_in_place_of_an_answer_is_a_clear_failure() {
    let page = status(200, &[("content-type", "text/html")], "<html>");
    let (words, requests, _) = send(&[create("a"), set()], vec![page]).await;
    assert_eq!((words, requests), (vec!["unknown NotGitHub".into(); 2], 1));
    let (words, requests, _) = send(&[create("a"), set()], vec![status(301, &[], "")]).await;
    assert_eq!((words, requests), (vec!["not run Redirected".into(); 2], 1));
}

#[tokio::test]
async fn an_issue_is_closed_with_its_reason() {
    let close = |reason| Write::SetState { issue: id("I_1"), state: IssueState::Closed, reason };
    let answer = data(&json!({"m0": issue(1), "m1": issue(1), "m2": issue(1)}));
    let script = Script::of([answer]);
    let duplicate = close(CloseAs::DuplicateOf(id("I_2")));
    let open = Write::SetState {
        issue: id("I_1"),
        state: IssueState::Open,
        reason: CloseAs::DuplicateOf(id("I_2")),
    };
    Writer::new(script.client(&JumpingClock::new()))
        .send(&[close(CloseAs::NotPlanned), duplicate, open])
        .await;
    let body = script.asked().pop().unwrap();
    let state = |alias: &str| body["variables"][alias]["stateInput"].clone();
    assert_eq!(state("i0"), json!({"value": "CLOSED", "stateReason": "NOT_PLANNED"}));
    let expected = json!({"value": "CLOSED", "stateReason": "DUPLICATE", "duplicateIssueId": "I_2"});
    assert_eq!(state("i1"), expected);
    assert_eq!(state("i2"), json!({"value": "OPEN"}));
}

#[tokio::test]
async fn a_conflict_is_tried_again_unless_it_may_make_two() {
    let error = |alias: &str| {
        json!({"type": "UNPROCESSABLE", "path": [alias],
        "message": "Your attempt to move this item created a temporary conflict. Please try again."})
    };
    let first = ok(&json!({"data": {"m0": null, "m1": null}, "errors": [error("m0"), error("m1")]}));
    let (words, requests, _) = send(&[create("a"), set()], vec![first, data(&json!({"m0": item()}))]).await;
    assert_eq!((words, requests), (vec!["unknown TemporaryConflict".into(), "done".into()], 2));
}

#[tokio::test]
async fn a_request_that_was_too_much_is_never_sent_at_that_size_again() {
    let (script, clock) = (Script::of([status(502, &[], "")]), JumpingClock::new());
    let writer = Writer::new(script.client(&clock));
    let writes = vec![create("a"); 20];
    assert_eq!(writer.batch_len(&writes), 10);
    writer.send(&writes[..10]).await;
    assert_eq!(writer.batch_len(&writes), 5);
}

#[tokio::test]
async fn five_hundred_creations_take_the_forecast_s_time() {
    let answers = |count: u64| {
        (0..count).map(|n| {
            let payloads = (0..10).map(|slot| (format!("m{slot}"), issue(n * 10 + slot)));
            data(&serde_json::Value::Object(payloads.collect()))
        })
    };
    let (script, clock) = (Script::of(answers(60)), JumpingClock::new());
    let client = script.client(&clock);
    let writer = Writer::new(client.clone());
    let writes: Vec<Write> = (0..505).map(|n| create(&n.to_string())).collect();
    let mut rest = writes.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(writer.batch_len(rest));
        assert!(writer.send(now).await.iter().all(|result| matches!(result, WriteResult::Done(_))));
        rest = later;
    }
    let limits = spectra_model::forecast::Limits::github();
    let least = spectra_model::forecast::least_seconds(505, &limits.creations);
    assert_eq!(u64::try_from(clock.seconds()).unwrap(), least);
    assert_eq!((client.http().mutations, client.http().waited_seconds), (505, least));
}

#[tokio::test]
async fn null_is_sent_where_something_is_emptied() {
    let (script, clock) =
        (Script::of([data(&json!({"m0": issue(1), "m1": issue(1), "m2": issue(1)}))]), JumpingClock::new());
    let writes = [
        Write::SetMilestone { issue: id("I"), milestone: None },
        Write::SetIssueType { issue: id("I"), issue_type: None },
        Write::SetMilestone { issue: id("I"), milestone: Some(id("M")) },
    ];
    Writer::new(script.client(&clock)).send(&writes).await;
    let variables = &script.asked()[0]["variables"];
    assert_eq!(variables["i0"], json!({"id": "I", "milestoneId": null}));
    assert_eq!(variables["i1"], json!({"id": "I", "issueType": {"issueTypeId": null}}));
    assert_eq!(variables["i2"], json!({"id": "I", "milestoneId": "M"}));
}

fn milestone() -> Write {
    Write::CreateMilestone {
        repository: spectra_model::id::RepoSlug::parse("o/r").unwrap(),
        title: spectra_model::id::MilestoneTitle::new("M"),
        description: spectra_model::Setting::Unmanaged,
        due_on: spectra_model::Setting::Unmanaged,
    }
}

#[tokio::test]
async fn what_goes_over_rest_is_a_request_of_its_own() {
    let made = status(201, &[], r#"{"node_id": "M_1", "number": 3, "title": "M"}"#);
    let script =
        Script::of([data(&json!({"m0": item(), "m1": item()})), made, data(&json!({"m0": issue(1)}))]);
    let writer = Writer::new(script.client(&JumpingClock::new()));
    let writes = [set(), set(), milestone(), create("a")];
    assert_eq!((writer.batch_len(&writes), writer.batch_len(&writes[2..])), (2, 1));
    let results = writer.send(&writes).await;
    let WriteResult::Done(Answer::Milestone(made)) = &results[2] else { panic!("{results:?}") };
    assert_eq!((made.id.as_str(), made.number), ("M_1", 3));
    assert_eq!(results.iter().map(word).collect::<Vec<_>>(), ["done", "done", "done", "#1"]);
    assert_eq!(script.urls()[1], "https://api.github.com/repos/o/r/milestones");
}

#[tokio::test]
async fn a_milestone_whose_answer_was_lost_is_not_made_again() {
    for (lost, expected) in [
        (status(502, &[], ""), "unknown Ambiguous"),
        (Scripted::Lost, "unknown Ambiguous"),
        (status(201, &[], "{"), "unknown Malformed"),
        (status(404, &[], r#"{"message": "Not Found"}"#), "refused NotFound"),
    ] {
        let (words, requests, _) = send(&[milestone()], vec![lost]).await;
        assert_eq!((words, requests), (vec![expected.to_owned()], 1));
    }
    let made = || status(201, &[], r#"{"node_id": "M_1", "number": 3, "title": "M"}"#);
    let limited = status(403, &[("retry-after", "4")], "{}");
    let (words, requests, seconds) = send(&[milestone()], vec![limited, made()]).await;
    assert_eq!((words, requests, seconds), (vec!["done".into()], 2, 4));
    let (words, requests, _) = send(&[milestone()], vec![Scripted::NotSent, made()]).await;
    assert_eq!((words, requests), (vec!["done".into()], 2));
}

fn rest_view(kind: OwnerType) -> Write {
    let owner = spectra_model::plan::Owner { kind, slug: spectra_model::id::Login::new("o") };
    let view = crate::RestView {
        name: spectra_model::id::ViewName::new("Plan"),
        layout: spectra_model::plan::Layout::Table,
        filter: None,
        fields: None,
        group_by: Some(7),
        column_by: None,
        sort_by: Vec::new(),
    };
    Write::CreateRestView { owner, number: 2, view }
}

#[tokio::test]
async fn a_view_over_rest_goes_to_its_owner_s_route() {
    let made = || status(201, &[], r#"{"node_id": "PVTV_1", "number": 5, "id": 9}"#);
    let user = data(&json!({"a0": {"id": "U_1", "login": "o", "databaseId": 42}}));
    let script = Script::of([made(), user, made(), status(404, &[], r#"{"message": "Not Found"}"#)]);
    let client = script.client(&JumpingClock::new());
    let writer = Writer::new(client.clone());
    for kind in [OwnerType::Org, OwnerType::User] {
        let results = writer.send(&[rest_view(kind)]).await;
        assert!(matches!(&results[0], WriteResult::Done(Answer::View { number: 5, .. })), "{results:?}");
    }
    assert!(!client.misses_rest_views());
    assert_eq!(word(&writer.send(&[rest_view(OwnerType::Org)]).await[0]), "refused NotFound");
    assert!(client.misses_rest_views(), "the route isn't there");
    let urls = script.urls();
    assert_eq!(urls[0], "https://api.github.com/orgs/o/projectsV2/2/views");
    assert_eq!(urls[2], "https://api.github.com/users/42/projectsV2/2/views");
}

#[tokio::test]
async fn a_view_over_graphql_gets_its_filter_behind() {
    let view = |filter: Option<&str>| Write::CreateView {
        project: id("P"),
        name: spectra_model::id::ViewName::new("Plan"),
        layout: spectra_model::plan::Layout::Board,
        fields: None,
        filter: filter.map(str::to_owned),
    };
    let made = || data(&json!({"m0": {"projectV2View": {"id": "V", "number": 1}}}));
    let script = Script::of([made(), made(), made(), status(502, &[], ""), made()]);
    let writer = Writer::new(script.client(&JumpingClock::new()));
    assert_eq!(word(&writer.send(&[view(Some("is:open"))]).await[0]), "done");
    assert_eq!(script.asked()[1]["variables"]["i0"], json!({"viewId": "V", "filter": "is:open"}));
    assert_eq!(word(&writer.send(&[view(Some("is:open"))]).await[0]), "unknown Ambiguous");
    assert_eq!(word(&writer.send(&[view(None)]).await[0]), "done");
    assert_eq!(script.asked().len(), 5);
}

fn there(aliases: &[(&str, &str)]) -> Scripted {
    let errors: Vec<_> = aliases
        .iter()
        .map(|(alias, message)| json!({"type": "VALIDATION", "path": [alias], "message": message}))
        .collect();
    let nulls: serde_json::Map<_, _> =
        aliases.iter().map(|(alias, _)| ((*alias).to_owned(), json!(null))).collect();
    ok(&json!({"data": nulls, "errors": errors}))
}

#[tokio::test]
async fn an_item_that_its_issue_does_not_list_is_looked_for_on_the_board() {
    let none = json!({"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": []});
    let silent = json!({"nodes": [{"__typename": "Issue", "id": "I_1", "projectItems": none},
        {"__typename": "Issue", "id": "I_2", "projectItems": none}]});
    let item = json!({"id": "T_7", "isArchived": false, "createdAt": "2026-01-01T00:00:00Z",
        "content": {"__typename": "Issue", "id": "I_1"}});
    let head = json!({"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": [item]});
    let tail = json!({"pageInfo": {"hasPreviousPage": false, "startCursor": null}, "nodes": [item]});
    let board = json!({"node": {"__typename": "ProjectV2", "head": head, "tail": tail}});
    let taken = "Content already exists in this project";
    let script = Script::of([there(&[("m0", taken), ("m1", taken)]), data(&silent), data(&board)]);
    let add = |issue: &str| Write::AddItem { project: id("P"), issue: id(issue) };
    let results = Writer::new(script.client(&JumpingClock::new())).send(&[add("I_1"), add("I_2")]).await;
    assert!(matches!(&results[0], WriteResult::Done(Answer::Item(item)) if item.as_str() == "T_7"));
    // The board doesn't list it yet either.
    assert_eq!(word(&results[1]), "refused AlreadyThere");
}

#[tokio::test]
async fn what_is_there_as_wanted_is_done() {
    let duplicate = "An error occurred while adding the sub-issue to the parent issue. Issue may not contain duplicate \
                     sub-issues and Sub issue may only have one parent";
    let refusals = there(&[
        ("m0", "Validation failed: Target issue has already been taken"),
        ("m1", "Content already exists in this project"),
        ("m2", duplicate),
        ("m3", duplicate),
        ("m4", "Repository has already been taken"),
        ("m5", "Name has already been taken"),
    ]);
    let parents = json!({"nodes": [
        {"__typename": "Issue", "id": "C_1", "parent": {"id": "I_1"}},
        {"__typename": "Issue", "id": "C_2", "parent": {"id": "I_9"}},
    ]});
    let values = json!({"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": []});
    let place = json!({"id": "T_7", "isArchived": false, "createdAt": "2026-01-01T00:00:00Z",
        "project": {"id": "P"}, "fieldValues": values});
    let places = json!({"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": [place]});
    let places = json!({"nodes": [{"__typename": "Issue", "id": "I_1", "projectItems": places}]});
    let script = Script::of([refusals, data(&parents), data(&places)]);
    let child =
        |child: &str| Write::AddSubIssue { parent: id("I_1"), child: id(child), replace_parent: false };
    let label = Write::CreateLabel {
        repository: id("R"),
        name: spectra_model::id::LabelName::new("a"),
        colour: "ededed".to_owned(),
        description: None,
    };
    let results = Writer::new(script.client(&JumpingClock::new()))
        .send(&[
            Write::AddBlockedBy { issue: id("I_1"), by: id("I_2") },
            Write::AddItem { project: id("P"), issue: id("I_1") },
            child("C_1"),
            child("C_2"),
            Write::LinkRepository { project: id("P"), repository: id("R") },
            label,
        ])
        .await;
    let words: Vec<_> = results.iter().map(word).collect();
    let there = "refused AlreadyThere";
    assert_eq!(words, ["done", "done", "done", there, "done", there]);
    assert!(matches!(&results[1], WriteResult::Done(Answer::Item(item)) if item.as_str() == "T_7"));
}

#[tokio::test]
async fn what_a_long_limit_kept_from_being_sent_is_limited_too() {
    // Too much at once, then a limit for the first half: the second half was never sent.
    let errors: Vec<_> = (0..4)
        .map(|slot| json!({"type": "RESOURCE_LIMITS_EXCEEDED", "path": [format!("m{slot}")], "message": "x"}))
        .collect();
    let nulls = json!({"m0": null, "m1": null, "m2": null, "m3": null});
    let too_much = ok(&json!({"data": nulls, "errors": errors}));
    let (words, requests, _) = send(&vec![set(); 4], vec![too_much, long()]).await;
    assert_eq!(requests, 2);
    assert_eq!(words[..2], vec!["not run SecondaryLimit".to_owned(); 2]);
    // They are told by their own last answer: it did a part or nothing.
    assert!(words[2..].iter().all(|word| word == "unknown ResourceLimits"), "{words:?}");
    // What was never sent at all is limited like the rest.
    let mut writes = vec![milestone()];
    writes.extend(vec![set(); 2]);
    let (words, requests, _) = send(&writes, vec![long()]).await;
    assert_eq!((words, requests), (vec!["not run SecondaryLimit".into(); 3], 1));
}
