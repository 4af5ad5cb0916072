//! Start in sync, change one thing, look at the change set; and the laws, by property.

mod adoption;
mod baseline;
mod board_laws;
mod claims;
mod destroy;
mod fields;
mod history;
mod history_laws;
mod kind_laws;
mod kinds;
mod laws;
mod moves;
mod owners;
mod ownership;
mod people;
mod replacement;
mod views;
mod world;

use serde_json::json;
use spectra_model::Setting;
use spectra_model::board_record::Readme;
use spectra_model::change::{Action, Change, Kind};
use spectra_model::id::{LabelName, Login, NodeId, OptionId, OptionName};
use spectra_model::observation::{SelectOption, Value};
use spectra_model::plan::{Colour, FieldInput, IssueRef, IssueState, Plan};
use spectra_model::step::Step;

use self::world::{World, options};
use crate::{Adoption, Edits, Options, Refusal, preview, reconcile};

/// A small plan of every kind that this version has.
pub(crate) fn plan() -> Plan {
    let issue = |key: &str, level: &str, more: serde_json::Value| {
        let mut issue = json!({
            "key": key, "level": level, "title": key.rsplit('/').next().unwrap(), "repository": "o/r",
            "labels": ["project:voice"], "fields": {},
        });
        for (name, value) in more.as_object().unwrap() {
            issue[name] = value.clone();
        }
        issue
    };
    let label =
        |name: &str| json!({"repository": "o/r", "name": name, "color": "ededed", "description": "d"});
    let plan = json!({
        "schemaVersion": 1, "slug": "voice", "manifest": "alana", "baseline": null,
        "source": {"manifest": "m.yml", "files": []},
        "project": {
            "title": "Voice", "description": "Backlog", "readme": "Read me.", "visibility": "private",
            "owner": {"type": "org", "slug": "o"}, "managedLabel": "project:voice", "onRemove": "close",
            "body": "managedRegion",
        },
        "labels": [label("project:voice"), label("type:task")],
        "milestones": [], "views": [],
        "fields": [
            {"name": "Status", "type": "singleSelect", "manage": "onCreate", "options": [
                {"name": "Backlog", "color": "gray", "renamedFrom": ["Todo"]},
                {"name": "In progress", "color": "yellow"}, {"name": "Done", "color": "purple"}]},
            {"name": "Stage", "type": "singleSelect", "manage": "always", "options": [
                {"name": "Discover", "color": "blue"}, {"name": "Source", "color": "green"}]},
            {"name": "Estimate", "type": "number", "manage": "always"},
            {"name": "Target", "type": "date", "manage": "always"},
            {"name": "Owner", "type": "text", "manage": "onCreate"},
        ],
        "issues": [
            issue("voice/initiative", "initiative", json!({})),
            issue("voice/discover", "activity", json!({"fields": {"Stage": "Discover"}})),
            issue("voice/discover/scope", "task", json!({
                "body": "## Done when\n- [ ] Scope agreed", "labels": ["project:voice", "type:task"],
                "fields": {"Stage": "Discover", "Estimate": 3, "Target": "2026-02-27", "Status": "In progress",
                           "Owner": "Data"}})),
            issue("voice/source", "activity", json!({"fields": {"Stage": "Source"}})),
        ],
        "links": [
            {"type": "subIssue", "parent": "voice/initiative", "child": "voice/discover"},
            {"type": "subIssue", "parent": "voice/discover", "child": "voice/discover/scope"},
            {"type": "subIssue", "parent": "voice/initiative", "child": "voice/source"},
            {"type": "blockedBy", "issue": "voice/source", "by": "voice/discover/scope"},
        ],
        "operations": [], "forecast": {"contentCreations": 0, "seconds": 0},
    });
    Plan::parse(plan.to_string().as_bytes()).unwrap()
}

fn in_sync() -> (Plan, World) {
    let plan = plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    (plan, world)
}

/// Ids and members, a line each.
fn shown(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        // Written with sorted keys, whatever order other crates make `serde_json` keep.
        let value = |value: &serde_json::Value| spectra_model::json::to_line(value).unwrap();
        let members =
            change.members.iter().map(|it| format!(" {}: {} -> {}", it.name, value(&it.old), value(&it.new)));
        format!("{}{}", change.id, members.collect::<String>())
    };
    changes.iter().map(line).collect()
}

/// What the reconciler decides about a GitHub that was in sync before the edit.
fn after(edit: impl FnOnce(&mut Plan, &mut World)) -> (Vec<String>, World, Plan) {
    let (mut plan, mut world) = in_sync();
    edit(&mut plan, &mut world);
    let decision = reconcile(&plan, &world.github, &Options { since: None, ..options() });
    (shown(&decision.change_set.changes), world, plan)
}

/// Executing leaves nothing to do, and nothing is sent after that.
fn settles(plan: &Plan, world: &mut World) {
    world.apply(plan, usize::MAX);
    let sent = world.sent;
    world.apply(plan, usize::MAX);
    assert_eq!(world.sent, sent);
}

#[test]
fn a_fresh_board_is_made_in_order_of_work() {
    let set = preview(&plan());
    let ids: Vec<&str> = set.changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "create:project:voice",
            "create:label:o/r#project%3Avoice",
            "create:label:o/r#type%3Atask",
            "update:field:Status",
            "create:field:Stage",
            "create:field:Estimate",
            "create:field:Target",
            "create:field:Owner",
            "create:issue:voice/initiative",
            "create:issue:voice/discover",
            "create:issue:voice/source",
            "create:issue:voice/discover/scope",
            "create:subIssue:voice/initiative>voice/discover",
            "create:subIssue:voice/discover>voice/discover/scope",
            "create:subIssue:voice/initiative>voice/source",
            "create:blockedBy:voice/source<-voice/discover/scope",
        ]
    );
    // A project, two labels, four fields, four issues and a dependency; parents go along with the issues.
    assert_eq!(set.forecast.content_creations, 12);
    for (index, change) in set.changes.iter().enumerate() {
        for id in &change.requires {
            assert!(
                set.changes[..index].iter().any(|earlier| earlier.id == *id),
                "{} stands before {id}",
                change.id
            );
        }
    }
}

#[test]
fn applying_twice_sends_nothing_the_second_time() {
    let (plan, mut world) = in_sync();
    let sent = world.sent;
    let decision = world.apply(&plan, usize::MAX);
    assert_eq!((world.sent, decision.change_set.changes.as_slice()), (sent, [].as_slice()));
    assert_eq!(decision.change_set.counts.unchanged, 1 + 2 + 5 + 4 + 4);
}

#[test]
fn status_keeps_githubs_ids_under_the_plans_names() {
    let (_, mut world) = in_sync();
    let options = &world.named("Status").options;
    let shown: Vec<_> = options.iter().map(|option| (option.id.as_str(), option.name.as_str())).collect();
    assert_eq!(shown[..2], [("f75ad846", "Backlog"), ("47fc9ee4", "In progress")]);
    assert_eq!(shown[2].1, "Done");
}

#[test]
fn drift_is_put_back_and_peoples_own_is_left() {
    let (changes, mut world, plan) = after(|_, world| {
        let stage = world.named("Stage").id.clone();
        let status = world.named("Status").clone();
        let issue = world.issue("scope");
        issue.labels.push(LabelName::new("urgent"));
        issue.body = format!("Note.\n{}\nMore.", issue.body.replace("[ ]", "[x]"));
        let values = &mut issue.item.as_mut().unwrap().values;
        values.remove(&stage);
        values.insert(status.id, Value::SingleSelect(status.options[2].id.clone()));
        world.issue("source").title = "Sauce".to_owned();
        world.issue("discover").parent = None;
    });
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/source title: "Sauce" -> "source""#,
            r#"update:issue:voice/discover/scope value:Stage: null -> "Discover""#,
            "create:subIssue:voice/initiative>voice/discover",
            "update:subIssue:voice/initiative>voice/discover position: 2 -> 1",
        ]
    );
    settles(&plan, &mut world);
    let scope = world.issue("scope");
    assert!(
        scope.body.starts_with("Note.\n") && scope.body.ends_with("\nMore.") && scope.body.contains("[x]")
    );
    assert!(scope.labels.contains(&LabelName::new("urgent")));
}

#[test]
fn a_new_text_keeps_ticks_and_a_rewritten_region_is_a_conflict() {
    let edit = |plan: &mut Plan| {
        plan.issues[2].body = Setting::Set("## Done when\n- [ ] Scope agreed\n- [ ] Told".to_owned());
    };
    let (changes, mut world, plan) = after(|plan, world| {
        let issue = world.issue("scope");
        issue.body = issue.body.replace("[ ]", "[x]");
        edit(plan);
    });
    assert_eq!(changes.len(), 1);
    settles(&plan, &mut world);
    assert!(world.issue("scope").body.contains("- [x] Scope agreed\n- [ ] Told"));

    let (changes, world, plan) = after(|plan, world| {
        let issue = world.issue("scope");
        issue.body = issue.body.replace("Scope agreed", "Whatever");
        edit(plan);
    });
    assert_eq!(changes.len(), 1);
    assert!(changes[0].starts_with("manual:issue:voice/discover/scope body:"), "{changes:?}");
    let overwrite = Options { edits: Edits::Overwrite, ..options() };
    let set = reconcile(&plan, &world.github, &overwrite).change_set;
    assert_eq!(set.changes[0].id.as_str(), "update:issue:voice/discover/scope");
}

#[test]
fn labels_are_taken_away_only_if_spectra_put_them_there() {
    let (changes, mut world, plan) = after(|plan, world| {
        world.issue("scope").labels.push(LabelName::new("mine"));
        plan.issues[2].labels.pop();
    });
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/discover/scope labels: ["project:voice","type:task","mine"] -> ["project:voice","mine"]"#
        ]
    );
    settles(&plan, &mut world);
}

#[test]
fn options_keep_their_ids_through_rename_reorder_and_peoples_own() {
    let (changes, mut world, plan) = after(|plan, world| {
        world.named("Stage").options.push(SelectOption {
            id: OptionId::new("theirs"),
            name: OptionName::new("Theirs"),
            color: Some(Colour::Red),
            description: String::new(),
        });
        let options = &mut plan.fields[1].options;
        options.reverse();
        options[1].name = OptionName::new("Explore");
        options[1].renamed_from = vec![OptionName::new("Discover")];
        for issue in &mut plan.issues {
            for value in issue.fields.values_mut().flatten() {
                if *value == FieldInput::Text("Discover".to_owned()) {
                    *value = FieldInput::Text("Explore".to_owned());
                }
            }
        }
    });
    assert_eq!(
        changes,
        ["update:field:Stage option:Explore: {\"color\":\"blue\",\"name\":\"Discover\"} -> \
          {\"color\":\"blue\",\"name\":\"Explore\"} options: [\"Discover\",\"Source\",\"Theirs\"] -> \
          [\"Source\",\"Explore\",\"Theirs\"]"]
    );
    let values = world.issue("scope").item.clone().unwrap().values;
    settles(&plan, &mut world);
    assert_eq!(world.issue("scope").item.clone().unwrap().values, values, "no value was lost");
}

#[test]
fn what_the_plan_no_longer_has_is_closed_and_too_much_is_refused() {
    let (changes, mut world, plan) = after(|plan, _| {
        plan.issues.pop();
        plan.links.truncate(2);
    });
    assert_eq!(changes, [r#"update:issue:voice/source state: "open" -> "closed""#]);
    settles(&plan, &mut world);
    assert_eq!(world.issue("source").state, IssueState::Closed);
    // The plan has it again: it is open again, unless a person closes it after that.
    let whole = self::plan();
    settles(&whole, &mut world);
    assert_eq!(world.issue("source").state, IssueState::Open);
    world.issue("source").state = IssueState::Closed;
    settles(&whole, &mut world);
    assert_eq!(world.issue("source").state, IssueState::Closed);

    let (plan, world) = in_sync();
    let mut emptied = plan.clone();
    emptied.issues.truncate(1);
    emptied.links.clear();
    let strict = Options { max_deletes: Some(2), ..options() };
    let refusals = reconcile(&emptied, &world.github, &strict).refusals;
    assert_eq!(refusals, [Refusal::TooManyRemovals { removals: 3, allowed: 2 }]);
}

#[test]
fn a_moved_key_takes_its_issue_along() {
    let (changes, mut world, plan) = after(|plan, _| {
        let issue = &mut plan.issues[2];
        issue.renamed_from = vec![issue.key.clone()];
        issue.key = spectra_model::id::IssueKey::new("voice/source/scope");
        let moved = plan.issues.remove(2);
        plan.links[1] = spectra_model::plan::Link::SubIssue {
            parent: IssueRef::Own(spectra_model::id::IssueKey::new("voice/source")),
            child: moved.key.clone(),
        };
        plan.links[3] = spectra_model::plan::Link::BlockedBy {
            issue: spectra_model::id::IssueKey::new("voice/source"),
            by: IssueRef::Own(moved.key.clone()),
        };
        plan.issues.push(moved);
    });
    assert_eq!(
        changes,
        [
            r#"update:issue:voice/source blockedBy: ["voice/discover/scope"] -> ["voice/source/scope"]"#,
            r#"update:issue:voice/source/scope key: "voice/discover/scope" -> "voice/source/scope""#,
            "create:subIssue:voice/source>voice/source/scope parent: \"https://github.test/I_13\" -> \"voice/source\"",
        ]
    );
    let issues = world.github.issues.len();
    settles(&plan, &mut world);
    assert_eq!(world.github.issues.len(), issues, "no duplicate");
}

#[test]
fn things_of_the_same_title_are_not_taken_or_doubled_unasked() {
    let plan = plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, 2);
    world.board().parts = Readme { text: "By hand.".to_owned(), record: None };
    world.board().summary.readme = "By hand.".to_owned();
    world.github.boards = vec![world.board().summary.clone()];
    world.github.board = None;
    let refusals = reconcile(&plan, &world.github, &options()).refusals;
    assert!(matches!(refusals.as_slice(), [Refusal::SameTitle { what: "a board", .. }]), "{refusals:?}");
    let anew = Options { adoption: Adoption::MakeNew, ..options() };
    assert_eq!(reconcile(&plan, &world.github, &anew).refusals, []);

    let (mut plan, mut world) = in_sync();
    let issue = world.issue("scope");
    issue.body = "By hand.".to_owned();
    plan.project.on_remove = spectra_model::plan::OnRemove::Keep;
    let refusals = reconcile(&plan, &world.github, &options()).refusals;
    assert!(matches!(refusals.as_slice(), [Refusal::SameTitle { what: "an issue", .. }]), "{refusals:?}");
}

#[test]
fn a_persons_copy_is_reported_and_spectras_own_is_closed() {
    let copy = |world: &mut World, author: &str| {
        let mut copy = world.issue("scope").clone();
        copy.id = NodeId::new("I_copy");
        copy.number = 99;
        copy.url = "https://github.test/copy".to_owned();
        copy.author = Some(Login::new(author));
        world.github.issues.push(copy);
    };
    let (changes, _, _) = after(|_, world| copy(world, "a-person"));
    assert_eq!(changes, ["manual:issue:https://github.test/copy"]);

    let (changes, mut world, plan) = after(|_, world| copy(world, "spectra-bot"));
    assert_eq!(changes, [r#"update:issue:https://github.test/copy state: "open" -> "closed""#]);
    settles(&plan, &mut world);
}

#[test]
fn an_unfinished_board_is_finished_and_not_made_again() {
    let plan = plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, 1);
    let decision = reconcile(&plan, &world.github, &options());
    let first = &decision.change_set.changes[0];
    assert_eq!((first.kind, first.action), (Kind::Project, Action::Create));
    assert!(!first.steps.iter().any(|step| matches!(step, Step::CreateProject { .. })));
    settles(&plan, &mut world);
}

#[test]
fn a_dependency_is_taken_away_only_if_spectra_made_it() {
    let (changes, mut world, plan) = after(|plan, world| {
        let theirs = world.issue("discover").id.clone();
        world.issue("source").blocked_by.push(theirs);
        plan.links.pop();
    });
    assert_eq!(
        changes,
        [
            "delete:blockedBy:voice/source<-voice/discover/scope",
            r#"update:issue:voice/source blockedBy: ["voice/discover/scope"] -> []"#,
        ]
    );
    settles(&plan, &mut world);
    let theirs = world.issue("discover").id.clone();
    assert_eq!(world.issue("source").blocked_by, [theirs]);
}

#[test]
fn a_dependency_that_people_took_away_is_put_back() {
    let (changes, mut world, plan) = after(|_, world| world.issue("source").blocked_by.clear());
    assert_eq!(changes, ["create:blockedBy:voice/source<-voice/discover/scope"]);
    settles(&plan, &mut world);
}

#[test]
fn a_title_or_a_colour_that_cannot_be_changed_holds_nothing_up() {
    let (plan, mut world) = in_sync();
    world.board().summary.title = "Renamed".to_owned();
    let mut more = plan.clone();
    for label in &mut more.labels {
        label.color = "000000".to_owned();
    }
    let mut new = more.issues.last().unwrap().clone();
    new.key = spectra_model::id::IssueKey::new("voice/new");
    new.title = "new".to_owned();
    more.issues.push(new);
    let changes = reconcile(&more, &world.github, &options()).change_set.changes;
    assert!(
        changes.iter().any(|change| change.id.as_str() == "update:project:voice"),
        "{:?}",
        shown(&changes)
    );
    let issue = changes.iter().find(|change| change.id.as_str().ends_with("voice/new")).unwrap();
    assert_eq!(issue.requires, []);
}
