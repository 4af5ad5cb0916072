//! Milestones, issue types, assignees, states, order, links of the board, drafts and what left the plan: each starts in
//! sync and changes one thing.

use serde_json::json;
use spectra_model::Setting;
use spectra_model::id::{
    IssueKey, IssueTypeName, LabelName, Login, MilestoneTitle, NodeId, ProjectSlug, RepoSlug, TeamSlug,
};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::StateReason;
use spectra_model::plan::{self, ForeignIssue, IssueRef, IssueState, Link, OnRemove, Plan};

use super::world::{World, options, reckless};
use super::{settles, shown};
use crate::{Options, Refusal, preview, reconcile};

/// The sample plan with something of each kind.
pub(super) fn plan() -> Plan {
    let mut plan = serde_json::to_value(super::plan()).unwrap();
    plan["milestones"] = json!([{"repository": "o/r", "title": "Discovered", "dueOn": "2026-02-27",
                                 "description": "Contracts signed"}]);
    let issues = plan["issues"].as_array_mut().unwrap();
    issues[1]["issueType"] = json!("Epic");
    issues[2]["issueType"] = json!("Task");
    issues[2]["milestone"] = json!("Discovered");
    issues[2]["assignees"] = json!(["octocat"]);
    let mut links = Vec::new();
    for name in ["one", "two", "three"] {
        issues.push(json!({"key": format!("voice/discover/{name}"), "level": "task", "title": name,
                           "repository": "o/r", "labels": ["project:voice"]}));
        links.push(json!({"type": "subIssue", "parent": "voice/discover", "child": format!("voice/discover/{name}")}));
    }
    links.push(json!({"type": "repository", "name": "o/r"}));
    links.push(json!({"type": "team", "name": "data"}));
    plan["links"].as_array_mut().unwrap().extend(links);
    plan["drafts"] = json!([{"key": "voice/discover/idea", "level": "task", "title": "idea", "body": "- [ ] think",
                             "assignees": ["octocat"], "fields": {"Stage": "Discover", "Status": "Done"}}]);
    Plan::parse(plan.to_string().as_bytes()).unwrap()
}

fn in_sync() -> (Plan, World) {
    let plan = plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    (plan, world)
}

fn decided(plan: &Plan, world: &World) -> Vec<String> {
    shown(&reconcile(plan, &world.github, &Options { since: None, ..options() }).change_set.changes)
}

fn after(edit: impl FnOnce(&mut Plan, &mut World)) -> (Vec<String>, World, Plan) {
    let (mut plan, mut world) = in_sync();
    edit(&mut plan, &mut world);
    (decided(&plan, &world), world, plan)
}

fn reason(plan: &Plan, world: &World, id: &str) -> String {
    let set = reconcile(plan, &world.github, &options()).change_set;
    let change = set.changes.into_iter().find(|change| change.id.as_str() == id);
    change.unwrap_or_else(|| panic!("no {id}")).reason.unwrap_or_default()
}

fn key(key: &str) -> IssueKey {
    IssueKey::new(key)
}

fn login(login: &str) -> Login {
    Login::new(login)
}

fn scope(plan: &mut Plan) -> &mut plan::Issue {
    &mut plan.issues[2]
}

fn repository() -> RepoSlug {
    RepoSlug::parse("o/r").unwrap()
}

fn children(world: &mut World, parent: &str) -> Vec<String> {
    let ids = world.issue(parent).sub_issues.clone();
    let title = |id: &NodeId| world.github.issues.iter().find(|issue| issue.id == *id).unwrap().title.clone();
    ids.iter().map(title).collect()
}

#[test]
fn a_fresh_board_gets_everything_at_once() {
    let ids: Vec<String> =
        preview(&plan()).changes.iter().map(|change| change.id.as_str().to_owned()).collect();
    for id in [
        "create:milestone:o/r#Discovered",
        "create:draft:voice/discover/idea",
        "create:repository:o/r",
        "create:team:data",
    ] {
        assert!(ids.iter().any(|known| known == id), "{id} is not in {ids:#?}");
    }
    assert!(!ids.iter().any(|id| id.starts_with("update:subIssue") || id.starts_with("blocked")), "{ids:#?}");
    let (plan, mut world) = in_sync();
    assert_eq!(children(&mut world, "discover"), ["scope", "one", "two", "three"]);
    let issue = world.issue("scope");
    assert_eq!((issue.assignees.len(), issue.milestone.is_some()), (1, true));
    assert_eq!(issue.issue_type, Some(IssueTypeName::new("Task")));
    assert_eq!(decided(&plan, &world), Vec::<String>::new());
}

#[test]
fn a_milestone_follows_the_plan_and_keeps_its_number() {
    let (changes, mut world, plan) = after(|plan, world| {
        let milestone = &mut plan.milestones[0];
        milestone.title = MilestoneTitle::new("Found out");
        milestone.renamed_from = vec![MilestoneTitle::new("discovered")];
        milestone.due_on = Setting::Clear;
        scope(plan).milestone = Setting::Set(MilestoneTitle::new("Found out"));
        let there = &mut world.github.repositories.get_mut(&repository()).unwrap().milestones[0];
        there.state = IssueState::Closed;
        there.description = "Contracts signed\r\n".to_owned();
    });
    assert_eq!(
        changes,
        [
            "update:milestone:o/r#Found out title: \"Discovered\" -> \"Found out\" dueOn: \"2026-02-27\" -> null"
        ]
    );
    settles(&plan, &mut world);
    let milestone = &world.github.repositories[&repository()].milestones[0];
    assert_eq!((milestone.state, milestone.due_on), (IssueState::Closed, None));
}

#[test]
fn a_milestone_that_the_plan_dropped_goes_when_nothing_is_in_it() {
    let (changes, mut world, plan) = after(|plan, _| {
        plan.milestones.clear();
        scope(plan).milestone = Setting::Clear;
    });
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/discover/scope milestone: "Discovered" -> null"#,
            "delete:milestone:o/r#Discovered",
        ]
    );
    settles(&plan, &mut world);
    assert_eq!(world.github.repositories[&repository()].milestones, []);

    // A pull request is in it.
    let (changes, _, _) = after(|plan, world| {
        plan.milestones.clear();
        scope(plan).milestone = Setting::Clear;
        world.github.repositories.get_mut(&repository()).unwrap().milestones[0].issues += 1;
    });
    assert_eq!(changes[1], "manual:milestone:o/r#Discovered");

    // A person made it.
    let (changes, _, _) = after(|plan, world| {
        plan.milestones.clear();
        scope(plan).milestone = Setting::Unmanaged;
        world.board().parts.record.as_mut().unwrap().made.milestones.clear();
    });
    assert_eq!(changes, Vec::<String>::new());
}

#[test]
fn a_label_that_the_plan_dropped_goes_when_nothing_carries_it() {
    let drop = |plan: &mut Plan| {
        plan.labels.pop();
        scope(plan).labels.pop();
    };
    let (changes, mut world, plan) = after(|plan, _| drop(plan));
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/discover/scope labels: ["project:voice","type:task"] -> ["project:voice"]"#,
            "delete:label:o/r#type%3Atask",
        ]
    );
    settles(&plan, &mut world);
    for used_by in [Some(2), None] {
        let (changes, _, _) = after(|plan, world| {
            drop(plan);
            world.github.repositories.get_mut(&repository()).unwrap().labels[1].used_by = used_by;
        });
        assert_eq!(changes.len(), 1, "something else may carry it");
    }
}

#[test]
fn a_renamed_label_stays_the_same_label() {
    let (changes, mut world, plan) = after(|plan, _| {
        plan.labels[1].name = LabelName::new("kind:task");
        plan.labels[1].renamed_from = vec![LabelName::new("Type:Task")];
        scope(plan).labels[1] = LabelName::new("kind:task");
    });
    // It stays on the issue, whose marker only learns its new name.
    assert_eq!(
        changes,
        [
            r#"update:label:o/r#kind%3Atask name: "type:task" -> "kind:task""#,
            "update:issue:voice/discover/scope"
        ]
    );
    let id = world.github.repositories[&repository()].labels[1].id.clone();
    settles(&plan, &mut world);
    let labels = &world.github.repositories[&repository()].labels;
    assert_eq!((labels.len(), &labels[1].id), (2, &id));
    let labels = [LabelName::new("project:voice"), LabelName::new("kind:task")];
    assert_eq!(world.issue("scope").labels, labels);
    assert_eq!(MarkedBody::read(&world.issue("scope").body).unwrap().marker.labels, labels);

    // Where a label of the new name is there already, GitHub wouldn't let another take it.
    let (changes, _, _) = after(|plan, world| {
        plan.labels[1].name = LabelName::new("kind:task");
        plan.labels[1].renamed_from = vec![LabelName::new("type:task")];
        scope(plan).labels[1] = LabelName::new("kind:task");
        let labels = &mut world.github.repositories.get_mut(&repository()).unwrap().labels;
        let theirs = labels[1].clone();
        labels.push(theirs);
        labels[2].id = NodeId::new("LA_theirs");
        labels[2].name = LabelName::new("Kind:task");
    });
    assert_eq!(changes[0], r#"update:label:o/r#kind%3Atask name: "Kind:task" -> "kind:task""#);
}

#[test]
fn an_issue_type_that_the_organisation_lacks_blocks_only_itself() {
    let (changes, mut world, plan) = after(|plan, world| {
        scope(plan).issue_type = Setting::Set(IssueTypeName::new("Story"));
        scope(plan).title = "range".to_owned();
        plan.issues[1].issue_type = Setting::Clear;
        world.issue("source").issue_type = Some(IssueTypeName::new("Theirs"));
    });
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/discover issueType: "Epic" -> null"#,
            r#"update:issue:voice/discover/scope title: "scope" -> "range""#,
            r#"blocked:issue:voice/discover/scope issueType: "Task" -> "Story""#,
        ]
    );
    assert_eq!(
        reason(&plan, &world, "blocked:issue:voice/discover/scope"),
        "o has no issue type `Story` that is switched on; it has `Epic`, `Task`"
    );
    settles(&plan, &mut world);
    assert_eq!(world.issue("range").issue_type, Some(IssueTypeName::new("Task")));
}

#[test]
fn assignees_are_added_and_only_spectras_taken_off() {
    let (changes, mut world, plan) = after(|plan, world| {
        world.issue("scope").assignees.push(login("a-person"));
        world.issue("one").assignees.push(login("a-person"));
        world
            .github
            .repositories
            .get_mut(&repository())
            .unwrap()
            .assignable
            .insert(login("Hubot"), NodeId::new("U"));
        scope(plan).assignees = vec![login("hubot")];
        plan.issues[5].assignees = vec![login("nobody"), login("hubot")];
    });
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/discover/scope assignees: ["octocat","a-person"] -> ["a-person","hubot"]"#,
            r#"update:issue:voice/discover/two assignees: [] -> ["hubot"]"#,
            r#"blocked:issue:voice/discover/two assignees: [] -> ["nobody","hubot"]"#,
        ]
    );
    settles(&plan, &mut world);
    let mut emptied = plan.clone();
    scope(&mut emptied).assignees.clear();
    settles(&emptied, &mut world);
    assert_eq!(world.issue("scope").assignees, [login("a-person")]);
}

#[test]
fn a_reason_is_put_right_without_opening() {
    let closed = |plan: &mut Plan| {
        scope(plan).state = Some(IssueState::Closed);
        scope(plan).state_reason = Some(plan::StateReason::NotPlanned);
    };
    let (changes, mut world, plan) = after(|plan, _| closed(plan));
    assert_eq!(
        changes,
        [r#"update:issue:voice/discover/scope state: "open" -> "closed" stateReason: null -> "notPlanned""#]
    );
    settles(&plan, &mut world);
    world.issue("scope").state_reason = Some(StateReason::Completed);
    assert_eq!(
        decided(&plan, &world),
        [r#"update:issue:voice/discover/scope stateReason: "completed" -> "notPlanned""#]
    );
    settles(&plan, &mut world);
    // A plan that names no reason leaves it.
    let mut any = plan.clone();
    scope(&mut any).state_reason = None;
    assert_eq!(decided(&any, &world), Vec::<String>::new());
}

#[test]
fn children_stand_in_the_manifests_order_and_peoples_own_stay() {
    let (changes, mut world, plan) = after(|plan, world| {
        let theirs = world.issue("source").clone();
        let id = NodeId::new("I_theirs");
        world.github.issues.push(spectra_model::observation::Issue {
            id: id.clone(),
            number: 77,
            title: "theirs".to_owned(),
            body: String::new(),
            item: None,
            ..theirs
        });
        world.issue("discover").sub_issues.insert(1, id);
        // scope, one, two, three → three, scope, one, two
        let three = plan.issues.pop().unwrap();
        plan.issues.insert(2, three);
    });
    assert_eq!(changes, ["update:subIssue:voice/discover>voice/discover/three position: 4 -> 1"]);
    settles(&plan, &mut world);
    assert_eq!(children(&mut world, "discover"), ["three", "scope", "theirs", "one", "two"]);

    let (changes, mut world, plan) = after(|plan, _| {
        let mut new = plan.issues[4].clone();
        new.key = key("voice/discover/new");
        new.title = "new".to_owned();
        plan.issues.insert(4, new);
        let parent = IssueRef::Own(key("voice/discover"));
        plan.links.push(Link::SubIssue { parent, child: key("voice/discover/new") });
    });
    assert_eq!(changes.last().unwrap(), "update:subIssue:voice/discover>voice/discover/new position: 5 -> 2");
    settles(&plan, &mut world);
    assert_eq!(children(&mut world, "discover"), ["scope", "new", "one", "two", "three"]);
}

#[test]
fn children_that_are_made_stand_before_those_that_come_from_elsewhere() {
    let discover = || IssueRef::Own(key("voice/discover"));
    let edit = |plan: &mut Plan, new_first: bool| {
        let mut new = plan.issues[4].clone();
        new.key = key("voice/discover/new");
        new.title = "new".to_owned();
        let source = plan.issues.remove(3);
        plan.issues.extend(if new_first { [new, source] } else { [source, new] });
        plan.links.retain(|link| link.sub_issue().is_none_or(|(_, child)| child.as_str() != "voice/source"));
        plan.links.push(Link::SubIssue { parent: discover(), child: key("voice/source") });
        plan.links.push(Link::SubIssue { parent: discover(), child: key("voice/discover/new") });
    };
    for (new_first, moves) in [(true, 0), (false, 1)] {
        let (changes, mut world, plan) = after(|plan, _| edit(plan, new_first));
        let moved = changes.iter().filter(|change| change.starts_with("update:subIssue"));
        assert_eq!(moved.count(), moves, "{changes:#?}");
        settles(&plan, &mut world);
        let last = if new_first { ["new", "source"] } else { ["source", "new"] };
        assert_eq!(children(&mut world, "discover")[4..], last);
    }
}

#[test]
fn links_of_the_board_are_undone_only_if_spectra_made_them() {
    let (changes, mut world, plan) = after(|plan, world| {
        let theirs = RepoSlug::parse("o/theirs").unwrap();
        world.board().repositories.insert(theirs, NodeId::new("R_theirs"));
        world.board().teams.insert(TeamSlug::new("theirs"), NodeId::new("T_theirs"));
        plan.links.retain(|link| link.repository().is_none() && link.team().is_none());
    });
    assert_eq!(changes, ["delete:repository:o/r", "delete:team:data"]);
    settles(&plan, &mut world);
    assert_eq!((world.board().repositories.len(), world.board().teams.len()), (1, 1));

    let (changes, world, plan) = after(|plan, world| {
        world.board().repositories.clear();
        for name in ["other/x", "o/absent"] {
            plan.links.push(Link::Repository { name: RepoSlug::parse(name).unwrap() });
        }
        plan.links.push(Link::Team { name: TeamSlug::new("absent") });
    });
    assert_eq!(
        changes,
        [
            "create:repository:o/r",
            "blocked:repository:other/x",
            "blocked:repository:o/absent",
            "blocked:team:absent",
        ]
    );
    assert!(reason(&plan, &world, "blocked:repository:other/x").contains("board's owner"));
}

#[test]
fn edges_to_other_boards_wait_until_those_are_there() {
    let other = ForeignIssue { slug: ProjectSlug::parse("other").unwrap(), key: key("other/start") };
    let other = IssueRef::Foreign(other);
    let (mut plan, mut world) = in_sync();
    plan.links.push(Link::BlockedBy { issue: key("voice/discover/one"), by: other.clone() });
    plan.links.push(Link::SubIssue { parent: other.clone(), child: key("voice/initiative") });
    let blocked = [
        "blocked:subIssue:other:other/start>voice/initiative",
        "blocked:blockedBy:voice/discover/one<-other:other/start",
    ];
    assert_eq!(decided(&plan, &world), blocked);
    assert!(reason(&plan, &world, blocked[1]).contains("apply other first"));

    let foreign = |ids: &[&str]| ids.iter().map(|id| NodeId::new(*id)).collect::<Vec<_>>();
    world.github.foreign.insert("other:other/start".to_owned(), foreign(&["I_a", "I_b"]));
    assert_eq!(decided(&plan, &world), blocked);
    world.github.foreign.insert("other:other/start".to_owned(), foreign(&["I_a"]));
    let changes = decided(&plan, &world);
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/discover/one blockedBy: [] -> [{"key":"other/start","slug":"other"}]"#,
            "create:subIssue:other:other/start>voice/initiative",
            "create:blockedBy:voice/discover/one<-other:other/start",
        ]
    );
    settles(&plan, &mut world);
    // It isn't forgotten while the other board isn't seen, and goes when the plan drops it.
    plan.links.pop();
    plan.links.pop();
    world.github.foreign.clear();
    assert_eq!(decided(&plan, &world), Vec::<String>::new());
    world.github.foreign.insert("other:other/start".to_owned(), foreign(&["I_a"]));
    assert_eq!(decided(&plan, &world)[0], "delete:blockedBy:voice/discover/one<-other:other/start");
    settles(&plan, &mut world);
    assert_eq!(world.issue("one").blocked_by, []);
}

#[test]
fn a_draft_is_kept_like_an_issue() {
    let (changes, mut world, plan) = after(|plan, world| {
        plan.drafts[0].title = "thought".to_owned();
        plan.drafts[0].body = Setting::Set("- [ ] think\n- [ ] write".to_owned());
        plan.drafts[0].assignees = vec![login("hubot")];
        for name in ["hubot", "a-person"] {
            world.github.people.insert(login(name), NodeId::new(name));
        }
        let draft = world.draft("idea");
        draft.body = format!("Mine.\n{}", draft.body.replace("[ ]", "[x]"));
        draft.assignees.push(login("a-person"));
    });
    assert_eq!(
        changes,
        ["update:draft:voice/discover/idea title: \"idea\" -> \"thought\" body: \"- [x] think\" -> \
          \"- [ ] think\\n- [ ] write\" assignees: [\"octocat\",\"a-person\"] -> [\"a-person\",\"hubot\"]"]
    );
    settles(&plan, &mut world);
    let draft = world.draft("thought");
    assert!(draft.body.starts_with("Mine.\n") && draft.body.contains("- [x] think\n- [ ] write"));

    // Without its marker it is known by its item.
    world.draft("thought").body = "Rewritten.".to_owned();
    settles(&plan, &mut world);
    assert_eq!(world.board().drafts.len(), 1);
    assert!(world.draft("thought").body.starts_with("Rewritten.\n\n<!-- spectra:begin"));

    // A person whose node isn't known would be lost by the write.
    world.draft("thought").assignees.push(login("unseen"));
    let mut other = plan.clone();
    other.drafts[0].assignees = vec![login("octocat")];
    let changes = decided(&other, &world);
    assert_eq!(changes.len(), 1);
    assert!(changes[0].starts_with("blocked:draft:voice/discover/idea assignees"), "{changes:?}");
}

#[test]
fn a_draft_becomes_an_issue_and_never_back() {
    let (changes, mut world, plan) = after(|plan, _| {
        let draft = plan.drafts.pop().unwrap();
        let mut issue = plan.issues[4].clone();
        issue.key = draft.key.clone();
        issue.title = draft.title;
        issue.body = draft.body;
        issue.fields = draft.fields;
        plan.issues.push(issue);
        plan.links.push(Link::SubIssue { parent: IssueRef::Own(key("voice/discover")), child: draft.key });
    });
    assert_eq!(
        changes,
        [
            "create:issue:voice/discover/idea draft: true -> false labels: [] -> [\"project:voice\"] \
             assignees: [\"octocat\"] -> []",
            "create:subIssue:voice/discover>voice/discover/idea",
        ]
    );
    let item = world.draft("idea").item.clone();
    settles(&plan, &mut world);
    assert_eq!(world.issue("idea").item, Some(item), "the item stays, and with it the values");
    assert_eq!(world.board().drafts.len(), 0);

    let back = self::plan();
    let changes = decided(&back, &world);
    assert_eq!(changes, ["blocked:draft:voice/discover/idea draft: false -> true"]);
}

#[test]
fn what_left_the_plan_is_dealt_with_as_it_says() {
    let leave = |plan: &mut Plan, on_remove| {
        plan.project.on_remove = on_remove;
        plan.issues.retain(|issue| issue.key != key("voice/discover/two"));
        plan.links
            .retain(|link| link.sub_issue().is_none_or(|(_, child)| *child != key("voice/discover/two")));
        plan.drafts.clear();
    };
    let draft = "update:draft:voice/discover/idea archived: false -> true";
    for (on_remove, expected) in [
        (OnRemove::Keep, vec![]),
        (OnRemove::Close, vec![r#"update:issue:voice/discover/two state: "open" -> "closed""#, draft]),
        (OnRemove::Archive, vec!["update:issue:voice/discover/two archived: false -> true", draft]),
        (OnRemove::Delete, vec!["delete:issue:voice/discover/two", "delete:draft:voice/discover/idea"]),
    ] {
        let (changes, mut world, plan) = after(|plan, _| leave(plan, on_remove));
        assert_eq!(changes, expected);
        if on_remove == OnRemove::Delete {
            let refusals = reconcile(&plan, &world.github, &options()).refusals;
            assert!(refusals.iter().all(|it| matches!(it, Refusal::Destructive { .. })));
            assert_eq!(refusals.len(), 2);
            world.apply_with(&plan, usize::MAX, &reckless());
            assert!(world.by_key(&key("voice/discover/two")).is_none());
            assert_eq!(world.board().drafts, []);
            continue;
        }
        settles(&plan, &mut world);
        // The plan has it again: as it was. What a person puts away after that stays there.
        let again = Plan { project: plan.project.clone(), ..self::plan() };
        settles(&again, &mut world);
        assert_eq!(world.issue("two").state, IssueState::Open);
        assert!(!world.issue("two").item.as_ref().unwrap().archived && !world.draft("idea").item.archived);
        world.issue("two").item.as_mut().unwrap().archived = true;
        world.draft("idea").item.archived = true;
        settles(&again, &mut world);
        assert!(world.issue("two").item.as_ref().unwrap().archived && world.draft("idea").item.archived);
    }
}

#[test]
fn what_is_taken_back_is_back_wherever_the_runs_were_interrupted() {
    for on_remove in [OnRemove::Close, OnRemove::Archive] {
        for (away, back) in (0..6).chain([usize::MAX]).flat_map(|away| (0..6).map(move |back| (away, back))) {
            let (mut plan, mut world) = in_sync();
            plan.project.on_remove = on_remove;
            let whole = plan.clone();
            plan.issues.pop();
            let three = key("voice/discover/three");
            plan.links.retain(|link| link.sub_issue().is_none_or(|(_, child)| *child != three));
            plan.drafts.clear();
            world.apply(&plan, away);
            world.apply(&whole, back);
            world.apply(&whole, usize::MAX);
            let issue = world.issue("three").clone();
            let archived = issue.item.as_ref().unwrap().archived || world.draft("idea").item.archived;
            assert!(issue.state == IssueState::Open && !archived, "{on_remove:?} after {away}, {back}");
        }
    }
}

#[test]
fn an_issue_beside_the_draft_of_its_key_is_reported() {
    let (changes, _, _) = after(|_, world| {
        let body = world.draft("idea").body.clone();
        let mut copy = world.issue("three").clone();
        copy.id = NodeId::new("I_copy");
        copy.url = "https://github.test/copy".to_owned();
        copy.body = body;
        world.github.issues.push(copy);
    });
    assert_eq!(changes, ["manual:issue:https://github.test/copy"]);
}

#[test]
fn a_list_that_still_shows_a_converted_draft_is_behind() {
    let (changes, _, _) = after(|_, world| {
        let item = world.issue("scope").item.clone().unwrap();
        let mut stale = world.draft("idea").clone();
        stale.body = world.issue("scope").body.clone();
        stale.item = item;
        world.board().drafts.push(stale);
    });
    assert_eq!(changes, Vec::<String>::new());
}

#[test]
fn a_copy_of_a_draft_is_put_aside_if_spectra_made_it() {
    for (author, expected) in [
        ("spectra-bot", "update:draft:DI_copy archived: false -> true"),
        ("a-person", "manual:draft:DI_copy"),
    ] {
        let (changes, _, _) = after(|_, world| {
            let mut copy = world.draft("idea").clone();
            copy.id = NodeId::new("DI_copy");
            copy.item.id = NodeId::new("PVTI_copy");
            copy.item.created_at = jiff::Timestamp::MAX;
            copy.author = Some(login(author));
            world.board().drafts.push(copy);
        });
        assert_eq!(changes, [expected]);
    }
}

#[test]
fn a_project_that_was_renamed_keeps_its_board_and_issues() {
    let (plan, mut world) = in_sync();
    let mut renamed = plan.clone();
    renamed.slug = ProjectSlug::parse("speech").unwrap();
    renamed.renamed_from = vec![plan.slug.clone()];
    let boards = &world.github.boards;
    assert!(matches!(
        crate::board_of(&renamed, boards, &crate::Adoption::Refuse),
        crate::BoardMatch::Found(_)
    ));
    let changes = decided(&renamed, &world);
    assert_eq!(changes[0], r#"update:project:speech slug: "voice" -> "speech""#);
    assert!(
        changes[1..].iter().all(|change| change.contains(r#" slug: "voice" -> "speech""#)),
        "{changes:#?}"
    );
    let issues = world.github.issues.len();
    settles(&renamed, &mut world);
    assert_eq!(world.github.issues.len(), issues);
}

#[test]
fn an_issue_that_belongs_elsewhere_is_transferred_when_loss_is_allowed() {
    let (changes, mut world, plan) = after(|plan, _| {
        let other = RepoSlug::parse("o/s").unwrap();
        scope(plan).repository = other.clone();
        scope(plan).milestone = Setting::Unmanaged;
        scope(plan).assignees.clear();
        for label in plan.labels.clone() {
            plan.labels.push(plan::Label { repository: other.clone(), ..label });
        }
    });
    let moved = r#"update:issue:voice/discover/scope repository: "o/r" -> "o/s""#;
    assert_eq!(changes[2..], [moved]);
    let refusals = reconcile(&plan, &world.github, &options()).refusals;
    assert!(matches!(refusals.as_slice(), [Refusal::Destructive { .. }]), "{refusals:?}");
    world.apply_with(&plan, usize::MAX, &reckless());
    settles(&plan, &mut world);
    assert_eq!(world.issue("scope").repository.as_str(), "o/s");
    assert_eq!(children(&mut world, "discover"), ["scope", "one", "two", "three"]);

    world.issue("scope").repository = RepoSlug::parse("p/s").unwrap();
    let mut elsewhere = plan.clone();
    scope(&mut elsewhere).repository = repository();
    let blocked = r#"blocked:issue:voice/discover/scope repository: "p/s" -> "o/r""#;
    assert!(decided(&elsewhere, &world).contains(&blocked.to_owned()));
}
