//! Who is named for what, and above all where nobody is.

use serde_json::json;
use spectra_model::id::{LabelName, MilestoneTitle, ProjectSlug, RepoSlug, RunId};
use spectra_model::marker::Marker;
use spectra_model::plan::{IssueRef, IssueState};
use spectra_model::step::IssueBinding;

use super::*;

const SPECTRA: &str = "spectra[bot]";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn id(id: &str) -> NodeId {
    NodeId::new(id)
}

/// A timeline, one entry a second.
fn events(entries: Vec<(&str, Happening)>) -> Vec<Event> {
    let actor = |name: &str| (!name.is_empty()).then(|| Login::new(name));
    let entries = (1_i64..).zip(entries);
    entries.map(|(second, (name, what))| Event { at: at(second), actor: actor(name), what }).collect()
}

/// Who is named, and at which second.
fn check(
    member: &str,
    old: Value,
    new: Value,
    entries: Vec<(&str, Happening)>,
    expected: Option<(&str, i64)>,
) {
    let events = events(entries);
    let member = Member { name: member.to_owned(), old, new };
    let (asked, now, planned) = of_member(&member, Some(&id("P"))).remove(0);
    let is_own = |login: &Login| account(login) == "spectra";
    let found = History::of(&asked, &events).who_brought(&now, &planned, is_own);
    let found = found.map(|(who, when)| (who.as_str(), when.as_second()));
    assert_eq!(found, expected, "{member:?} {events:?}");
}

fn retitled(from: &str, to: &str) -> Happening {
    Happening::Retitled { from: from.to_owned(), to: to.to_owned() }
}

fn status(board: &str, from: &str, to: &str) -> Happening {
    Happening::StatusChanged { board: id(board), from: from.to_owned(), to: to.to_owned() }
}

fn retyped(from: Option<&str>, to: Option<&str>) -> Happening {
    Happening::Retyped { from: from.map(IssueTypeName::new), to: to.map(IssueTypeName::new) }
}

#[test]
fn a_title_is_put_down_to_who_changed_it_last() {
    let table = [
        (vec![("octocat", retitled("plan", "now"))], Some(("octocat", 1))),
        (vec![("mona", retitled("plan", "x")), ("octocat", retitled("x", "now"))], Some(("octocat", 2))),
        // Spectra wrote it, under either name of its account: what differs is the plan's doing.
        (vec![(SPECTRA, retitled("plan", "now"))], None),
        (vec![("spectra", retitled("plan", "now"))], None),
        (vec![("octocat", retitled("plan", "x")), (SPECTRA, retitled("x", "now"))], None),
        // The plan never was what they changed it from.
        (vec![("octocat", retitled("x", "now"))], None),
        (
            vec![
                ("octocat", retitled("plan", "x")),
                (SPECTRA, retitled("x", "y")),
                ("octocat", retitled("y", "now")),
            ],
            None,
        ),
        // It holds something else by now than the timeline tells.
        (vec![("octocat", retitled("plan", "x"))], None),
        (vec![("", retitled("plan", "now"))], None),
        (vec![("", retitled("plan", "x")), ("octocat", retitled("x", "now"))], None),
        (vec![("octocat", Happening::Reopened)], None),
        (vec![], None),
    ];
    for (entries, expected) in table {
        check("title", json!("now"), json!("plan"), entries, expected);
    }
}

#[test]
fn a_label_or_a_person_is_put_down_to_who_took_it_off() {
    let (on, off) = (
        |name: &str| Happening::Labelled(LabelName::new(name)),
        |name: &str| Happening::Unlabelled(LabelName::new(name)),
    );
    let table = [
        (vec![("octocat", off("BUG"))], Some(("octocat", 1))),
        (vec![("octocat", off("bug")), ("mona", off("other"))], Some(("octocat", 1))),
        (vec![("octocat", off("other"))], None),
        (vec![("octocat", off("bug")), ("mona", on("bug"))], None),
        (vec![(SPECTRA, off("bug"))], None),
    ];
    for (entries, expected) in table {
        check("labels", json!(["x"]), json!(["x", "bug"]), entries, expected);
    }
    let off = |name: &str| Happening::Unassigned(Login::new(name));
    check("assignees", json!([]), json!(["Mona"]), vec![("octocat", off("mona"))], Some(("octocat", 1)));
    check("assignees", json!([]), json!(["Mona"]), vec![("octocat", off("other"))], None);
}

#[test]
fn milestones_change_places_in_either_order() {
    let (on, off) = (
        |title: &str| Happening::Milestoned(MilestoneTitle::new(title)),
        |title: &str| Happening::Demilestoned(MilestoneTitle::new(title)),
    );
    let (x, plan) = (json!("x"), json!("plan"));
    let table = [
        (
            json!(null),
            plan.clone(),
            vec![(SPECTRA, on("plan")), ("octocat", off("plan"))],
            Some(("octocat", 2)),
        ),
        (json!(null), plan.clone(), vec![("octocat", off("plan"))], Some(("octocat", 1))),
        (json!(null), plan.clone(), vec![("octocat", off("x"))], None),
        (
            x.clone(),
            plan.clone(),
            vec![(SPECTRA, on("plan")), ("octocat", off("plan")), ("octocat", on("x"))],
            Some(("octocat", 3)),
        ),
        (
            x.clone(),
            plan.clone(),
            vec![(SPECTRA, on("plan")), ("octocat", on("x")), ("octocat", off("plan"))],
            Some(("octocat", 2)),
        ),
        (x.clone(), plan.clone(), vec![("octocat", on("x"))], None),
        (x.clone(), json!(null), vec![("octocat", on("x"))], Some(("octocat", 1))),
        (x, plan, vec![(SPECTRA, on("plan"))], None),
    ];
    for (old, new, entries, expected) in table {
        check("milestone", old, new, entries, expected);
    }
}

#[test]
fn state_type_board_and_status_are_put_down_too() {
    let closed = |reason| Happening::Closed(Some(reason));
    let (done, dropped) = (closed(StateReason::Completed), closed(StateReason::NotPlanned));
    let (open, shut) = (json!("open"), json!("closed"));
    check("state", shut, open.clone(), vec![("octocat", done.clone())], Some(("octocat", 1)));
    let reopened = vec![(SPECTRA, done.clone()), ("octocat", Happening::Reopened)];
    check("state", open.clone(), json!("closed"), reopened.clone(), Some(("octocat", 2)));
    check("stateReason", json!(null), json!("completed"), reopened, Some(("octocat", 2)));
    check("state", open, json!("closed"), vec![], None);
    let again = vec![(SPECTRA, done.clone()), ("octocat", dropped.clone())];
    check("stateReason", json!("notPlanned"), json!("completed"), again, Some(("octocat", 2)));
    check("stateReason", json!("notPlanned"), json!("completed"), vec![("octocat", dropped)], None);

    let task = vec![("octocat", retyped(Some("Task"), Some("Bug")))];
    check("issueType", json!("bug"), json!("Task"), task.clone(), Some(("octocat", 1)));
    check("issueType", json!("bug"), json!("Epic"), task, None);
    let untyped = vec![("octocat", retyped(Some("Task"), None))];
    check("issueType", json!(null), json!("Task"), untyped, Some(("octocat", 1)));

    let off = vec![("octocat", Happening::TakenOff(id("P")))];
    check("board", json!(false), json!(true), off, Some(("octocat", 1)));
    check("board", json!(false), json!(true), vec![("octocat", Happening::TakenOff(id("Q")))], None);

    let set = vec![(SPECTRA, status("P", "", "Backlog")), ("octocat", status("P", "Backlog", "Done"))];
    check(STATUS, json!("Done"), json!("Backlog"), set.clone(), Some(("octocat", 2)));
    check(STATUS, json!("Done"), json!("In progress"), set, None);
    let elsewhere = vec![("octocat", status("Q", "Backlog", "Done"))];
    check(STATUS, json!("Done"), json!("Backlog"), elsewhere, None);
    let cleared = vec![("octocat", status("P", "Backlog", ""))];
    check(STATUS, json!(null), json!("Backlog"), cleared, Some(("octocat", 1)));
}

#[test]
fn of_what_no_timeline_tells_nothing_is_asked() {
    for name in ["value:Estimate", "value:Priority", "position", "archived", "repository", "blockedBy", "key"]
    {
        let member = Member { name: name.to_owned(), old: json!(1), new: json!(2) };
        assert_eq!(of_member(&member, Some(&id("P"))), [], "{name}");
    }
    // What is there beyond the plan, and a board that isn't there yet.
    let member = Member { name: "labels".to_owned(), old: json!(["a", "B"]), new: json!(["b"]) };
    assert_eq!(of_member(&member, None), []);
    let member = Member { name: "board".to_owned(), old: json!(false), new: json!(true) };
    assert_eq!(of_member(&member, None), []);
}

fn marker(region: &str) -> String {
    let marker = Marker::created(
        ProjectSlug::parse("voice").unwrap(),
        IssueKey::new("voice/a"),
        RunId::new("run"),
        Login::new("deployer"),
        region,
        Vec::new(),
    );
    marker.around("- [ ] ours")
}

#[test]
fn a_region_is_put_down_to_who_rewrote_it() {
    let region = |text: &str| marker("- [ ] ours").replace("- [ ] ours", text);
    let edit = |second: i64, editor: &str, text: &str| BodyEdit {
        at: at(second),
        editor: (!editor.is_empty()).then(|| Login::new(editor)),
        text: Some(text.to_owned()),
    };
    let (ours, theirs) = (region("- [ ] ours"), region("- [ ] theirs"));
    let ticked = region("- [x] theirs");
    let below = format!("{theirs}\n\nMore.");
    let check = |edits: &[BodyEdit], body: &str, expected: Option<(&str, i64)>| {
        let found = who_wrote(edits, body, |login| login.as_str() == SPECTRA);
        assert_eq!(found.map(|(who, when)| (who.as_str(), when.as_second())), expected, "{edits:?}");
    };
    let first = edit(1, SPECTRA, &ours);
    check(&[edit(2, "octocat", &theirs), first.clone()], &theirs, Some(("octocat", 2)));
    check(&[edit(2, "octocat", &theirs), first.clone()], &theirs.replace('\n', "\r\n"), Some(("octocat", 2)));
    // Who ticked a box, or wrote below the region, didn't rewrite it.
    let used =
        [edit(4, "mona", &ticked), edit(3, "mona", &theirs), edit(2, "octocat", &theirs), first.clone()];
    check(&used, &ticked, Some(("octocat", 2)));
    check(
        &[edit(3, "mona", &below), edit(2, "octocat", &theirs), first.clone()],
        &below,
        Some(("octocat", 2)),
    );
    check(&[edit(2, SPECTRA, &theirs), first.clone()], &theirs, None);
    check(&[edit(2, "", &theirs), first.clone()], &theirs, None);
    // No version is known from before, one was deleted, or the versions aren't whole texts.
    check(&[edit(2, "octocat", &theirs)], &theirs, None);
    check(&[edit(2, "octocat", &theirs), BodyEdit { text: None, ..first.clone() }], &theirs, None);
    check(&[edit(2, "octocat", "+ theirs"), first], &theirs, None);
    check(&[], &theirs, None);
}

fn issue(node: &str) -> observation::Issue {
    observation::Issue {
        id: id(node),
        number: 1,
        url: "u".to_owned(),
        repository: RepoSlug::parse("o/r").unwrap(),
        title: "now".to_owned(),
        body: marker("- [ ] ours"),
        state: IssueState::Open,
        state_reason: None,
        author: None,
        created_at: at(0),
        labels: Vec::new(),
        assignees: Vec::new(),
        milestone: None,
        issue_type: None,
        parent: None,
        sub_issues: Vec::new(),
        blocked_by: Vec::new(),
        boards: Vec::new(),
        item: None,
    }
}

fn bindings() -> Bindings {
    let binding = |node: &str| IssueBinding { id: id(node), number: 1, url: "u".to_owned() };
    let issues = [("voice/a", "I_a"), ("voice/b", "I_b")];
    Bindings {
        issues: issues.into_iter().map(|(key, node)| (IssueKey::new(key), binding(node))).collect(),
        ..Bindings::default()
    }
}

fn update(key: &str, members: &[(&str, Value, Value)]) -> Change {
    let mut change = Change::new(Action::Update, Kind::Issue, key);
    let members = members.iter().cloned();
    change.members = members.map(|(name, old, new)| Member { name: name.to_owned(), old, new }).collect();
    change
}

/// What is said of each change.
fn sentences(changes: &[Change], timelines: Vec<(&str, Vec<Event>)>) -> BTreeMap<usize, String> {
    let (viewer, issues) = (Login::new(SPECTRA), [issue("I_a"), issue("I_b")]);
    let timelines = timelines.into_iter().map(|(node, events)| (id(node), events)).collect();
    let known = Told { timelines, edits: BTreeMap::new(), viewer: &viewer, issues: &issues };
    known.answers(&questions(changes, &bindings(), Some(&id("P"))))
}

#[test]
fn members_are_said_one_by_one_and_of_several_labels_the_last() {
    let off = |name: &str| Happening::Unlabelled(LabelName::new(name));
    let timeline = events(vec![
        ("octocat", retitled("plan", "now")),
        ("mona", off("y")),
        ("octocat", off("x")),
        ("mona", Happening::TakenOff(id("P"))),
    ]);
    let members = [
        ("title", json!("now"), json!("plan")),
        ("labels", json!([]), json!(["x", "y", "z"])),
        ("value:Estimate", json!(1), json!(2)),
        ("board", json!(false), json!(true)),
    ];
    let said = sentences(&[update("voice/b", &[]), update("voice/a", &members)], vec![("I_a", timeline)]);
    let expected = "title changed by octocat on 1970-01-01T00:00:01Z; labels changed by octocat on \
                    1970-01-01T00:00:03Z; board changed by mona on 1970-01-01T00:00:04Z";
    assert_eq!(said, BTreeMap::from([(1, expected.to_owned())]));
}

#[test]
fn edges_are_put_down_to_who_removed_them() {
    let own = |key: &str| IssueRef::Own(IssueKey::new(key));
    let mut parent = Change::new(Action::Create, Kind::SubIssue, "voice/a>voice/b");
    let (child, from_another_parent) = (IssueKey::new("voice/b"), false);
    parent.steps =
        vec![Step::AddSubIssue { parent: own("voice/a"), child: child.clone(), from_another_parent }];
    let mut blocker = Change::new(Action::Create, Kind::BlockedBy, "voice/b<-voice/a");
    blocker.steps = vec![Step::AddBlockedBy { issue: child, by: own("voice/a") }];
    let timeline = events(vec![
        ("octocat", Happening::ParentRemoved(id("I_a"))),
        ("octocat", Happening::ParentAdded(id("I_other"))),
        ("mona", Happening::BlockerRemoved(id("I_a"))),
    ]);
    let said = sentences(&[parent, blocker], vec![("I_b", timeline)]);
    let expected = ["removed by octocat on 1970-01-01T00:00:01Z", "removed by mona on 1970-01-01T00:00:03Z"];
    assert_eq!(said.into_values().collect::<Vec<_>>(), expected);
}

#[test]
fn neither_the_markers_account_nor_an_adoption_is_drift() {
    let members = [("title", json!("now"), json!("plan"))];
    let timeline = |who| vec![("I_a", events(vec![(who, retitled("plan", "now"))]))];
    let change = update("voice/a", &members);
    assert_eq!(sentences(std::slice::from_ref(&change), timeline("octocat")).len(), 1);
    assert!(sentences(std::slice::from_ref(&change), timeline("deployer")).is_empty());
    let adopted = Change { reason: Some(ADOPTED.to_owned()), ..change };
    assert!(sentences(&[adopted], timeline("octocat")).is_empty());
    assert!(sentences(&[update("voice/unknown", &members)], timeline("octocat")).is_empty());
}
