//! Issues in repositories of other owners than the board's: what counts is their own repository's and owner's.

use serde_json::json;
use spectra_model::change::Action;
use spectra_model::id::{IssueTypeName, RepoSlug};
use spectra_model::plan::Plan;

use super::world::{World, options, reckless};
use super::{settles, shown};
use crate::{Options, preview, reconcile};

const PICK: &str = "voice/tooling/pick";

/// The sample plan with an activity in a repository of another owner.
fn plan() -> Plan {
    let mut plan = serde_json::to_value(super::plan()).unwrap();
    let issue = |key: &str, level: &str, more: serde_json::Value| {
        json!({"key": key, "level": level, "title": key.rsplit('/').next().unwrap(), "repository": "p/s",
               "labels": ["project:voice"], "issueType": "Task", "fields": more})
    };
    plan["issues"].as_array_mut().unwrap().extend([
        issue("voice/tooling", "activity", json!({})),
        issue(PICK, "task", json!({"Stage": "Source", "Estimate": 1, "Owner": "Tools"})),
    ]);
    let label = json!({"repository": "p/s", "name": "project:voice", "color": "ededed", "description": "d"});
    plan["labels"].as_array_mut().unwrap().push(label);
    plan["links"].as_array_mut().unwrap().extend([
        json!({"type": "subIssue", "parent": "voice/tooling", "child": PICK}),
        json!({"type": "blockedBy", "issue": "voice/tooling", "by": "voice/discover/scope"}),
    ]);
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

#[test]
fn whatever_a_run_is_cut_off_after_the_next_one_ends_the_same() {
    let (plan, whole) = in_sync();
    let steps: usize = preview(&plan).changes.iter().map(|change| change.steps.len()).sum();
    for cut in 0..=steps {
        let mut world = World::fresh(&plan);
        world.apply(&plan, cut);
        settles(&plan, &mut world);
        let titles = |world: &World| {
            let placed =
                |it: &spectra_model::observation::Issue| it.item.as_ref().map(|item| item.values.len());
            let mut titles: Vec<_> = world
                .github
                .issues
                .iter()
                .map(|it| (it.repository.clone(), it.title.clone(), placed(it)))
                .collect();
            titles.sort();
            titles
        };
        assert_eq!(titles(&world), titles(&whole), "after {cut} steps");
    }
}

#[test]
fn an_issue_type_must_be_the_other_owners() {
    let plan = plan();
    let mut world = World::fresh(&plan);
    let types = |world: &mut World, slug: &str| {
        let repository = world.github.repositories.get_mut(&RepoSlug::parse(slug).unwrap()).unwrap();
        std::mem::take(&mut repository.issue_types)
    };
    // The board's own owner has it, which doesn't help.
    let theirs = types(&mut world, "p/s");
    assert!(theirs.contains_key(&IssueTypeName::new("Task")));
    world.github.repositories.get_mut(&RepoSlug::parse("o/r").unwrap()).unwrap().issue_types = theirs;
    let set = reconcile(&plan, &world.github, &options()).change_set;
    let blocked = set.changes.iter().filter(|change| change.action == Action::Blocked);
    let reasons: Vec<&str> = blocked.filter_map(|change| change.reason.as_deref()).collect();
    let reason = "p has no issue types: only organisations have them, and they can be switched off";
    assert_eq!(reasons, [reason, reason]);
}

#[test]
fn a_place_and_values_are_put_back_as_on_any_issue() {
    let (plan, mut world) = in_sync();
    assert_eq!(decided(&plan, &world), Vec::<String>::new());
    world.issue("pick").item = None;
    assert_eq!(
        decided(&plan, &world),
        [
            r#"update:issue:voice/tooling/pick board: false -> true value:Stage: null -> "Source" value:Estimate: null -> 1 value:Owner: null -> "Tools""#
        ]
    );
    settles(&plan, &mut world);
}

#[test]
fn nothing_is_transferred_from_owner_to_owner() {
    let (mut plan, mut world) = in_sync();
    let pick = plan.issues.iter_mut().find(|issue| issue.key.as_str() == PICK).unwrap();
    pick.repository = RepoSlug::parse("o/r").unwrap();
    let blocked = r#"blocked:issue:voice/tooling/pick repository: "p/s" -> "o/r""#;
    assert_eq!(decided(&plan, &world), [blocked]);
    world.apply_with(&plan, usize::MAX, &reckless());
    assert_eq!(world.issue("pick").repository.as_str(), "p/s");
}
