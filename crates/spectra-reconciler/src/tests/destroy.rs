//! Boards that are taken away.

use spectra_model::id::{IssueKey, Login, NodeId};
use spectra_model::marker::{MarkedBody, Marker, Origin};
use spectra_model::observation::StateReason;
use spectra_model::plan::{IssueState, OnRemove, Plan};
use spectra_model::step::Step;

use super::world::{World, options, reckless};
use super::{kinds, shown};
use crate::{Decision, Options, Refusal, destroy, schedule};

fn in_sync() -> (Plan, World) {
    let plan = kinds::plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    world.board().parts.record.as_mut().unwrap().generation = 1;
    (plan, world)
}

/// Decides and executes until nothing is to be done, at most `steps` writes.
fn take_away(plan: &Plan, world: &mut World, steps: usize, options: &Options) -> Decision {
    let mut left = steps;
    for _ in 0..3 {
        let decision = destroy(plan, &world.github, options);
        assert_eq!(decision.refusals, []);
        let mut bindings = decision.bindings.clone();
        for scheduled in schedule(&decision.change_set.changes) {
            if left == 0 {
                return decision;
            }
            left -= 1;
            world.take(plan, scheduled.step, &mut bindings);
        }
        if decision.change_set.sends_nothing() {
            return decision;
        }
    }
    panic!("three passes and still not done");
}

fn decided(plan: &Plan, world: &World) -> Vec<String> {
    shown(&destroy(plan, &world.github, &options()).change_set.changes)
}

fn open_issues(world: &World) -> usize {
    world.github.issues.iter().filter(|issue| issue.state == IssueState::Open).count()
}

#[test]
fn issues_are_closed_and_the_board_goes_last() {
    let (plan, mut world) = in_sync();
    let labels = world.github.repositories.values().map(|it| it.labels.len()).collect::<Vec<_>>();
    let decision = destroy(&plan, &world.github, &options());
    let ids: Vec<&str> = decision.change_set.changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(ids.len(), plan.issues.len() + 1);
    assert_eq!(ids.last(), Some(&"delete:project:voice"));
    let last = decision.change_set.changes.last().unwrap();
    assert!(last.destructive && last.reason.as_ref().unwrap().contains("1 draft"), "{last:?}");
    assert_eq!(last.requires.len(), plan.issues.len());
    assert_eq!(schedule(&decision.change_set.changes).last().unwrap().step, &Step::DeleteProject);

    take_away(&plan, &mut world, usize::MAX, &options());
    assert_eq!((open_issues(&world), world.github.board.is_none()), (0, true));
    assert!(world.github.issues.iter().all(|it| it.state_reason == Some(StateReason::NotPlanned)));
    assert_eq!(world.github.repositories.values().map(|it| it.labels.len()).collect::<Vec<_>>(), labels);
    let sent = world.sent;
    take_away(&plan, &mut world, usize::MAX, &options());
    assert_eq!(world.sent, sent, "a second time sends nothing");
}

#[test]
fn cut_off_anywhere_and_run_again_it_ends_the_same() {
    for steps in 0..20 {
        let (plan, mut world) = in_sync();
        take_away(&plan, &mut world, steps, &options());
        take_away(&plan, &mut world, usize::MAX, &options());
        assert_eq!((open_issues(&world), world.github.board.is_none()), (0, true), "after {steps}");
    }
    // The board was deleted by hand before.
    let (plan, mut world) = in_sync();
    world.github.board = None;
    world.github.boards.clear();
    take_away(&plan, &mut world, usize::MAX, &options());
    assert_eq!(open_issues(&world), 0);
}

#[test]
fn a_later_apply_makes_a_new_board_and_opens_what_spectra_closed() {
    let (plan, mut world) = in_sync();
    world.issue("two").state = IssueState::Closed;
    take_away(&plan, &mut world, usize::MAX, &options());
    let issues = world.github.issues.len();
    super::settles(&plan, &mut world);
    assert_eq!(world.github.issues.len(), issues, "none is made anew");
    assert_eq!(open_issues(&world), issues - 1, "what a person closed stays closed");
    assert!(world.github.issues.iter().all(|issue| issue.item.is_some()));
}

#[test]
fn what_people_made_copied_or_handed_over_stays() {
    let (plan, mut world) = in_sync();
    let adopted = world.issue("two");
    let body = MarkedBody::read(&adopted.body).unwrap();
    adopted.body = body.with(&Marker { origin: Origin::Adopted, ..body.marker.clone() }, &body.region);
    adopted.author = Some(Login::new("a-person"));
    let mut copy = world.issue("one").clone();
    copy.id = NodeId::new("I_copy");
    copy.title = "copy".to_owned();
    copy.url = "https://github.test/copy".to_owned();
    copy.author = Some(Login::new("a-person"));
    world.github.issues.push(copy);
    take_away(&plan, &mut world, usize::MAX, &options());
    let open: Vec<&str> = world
        .github
        .issues
        .iter()
        .filter(|issue| issue.state == IssueState::Open)
        .map(|issue| issue.title.as_str())
        .collect();
    assert_eq!(open, ["two", "copy"]);
}

#[test]
fn a_copy_that_spectra_made_by_mistake_goes_too() {
    let (plan, mut world) = in_sync();
    let mut copy = world.issue("one").clone();
    copy.id = NodeId::new("I_copy");
    copy.url = "https://github.test/copy".to_owned();
    copy.number = 99;
    world.github.issues.push(copy);
    take_away(&plan, &mut world, usize::MAX, &options());
    assert_eq!(open_issues(&world), 0);
}

#[test]
fn deleting_issues_needs_leave_and_the_board_does_not() {
    let (mut plan, mut world) = in_sync();
    plan.project.on_remove = OnRemove::Delete;
    let refusals = destroy(&plan, &world.github, &options()).refusals;
    assert_eq!(refusals.len(), plan.issues.len());
    assert!(refusals.iter().all(|it| matches!(it, Refusal::Destructive { change, .. }
        if change.as_str().starts_with("delete:issue:"))));
    take_away(&plan, &mut world, usize::MAX, &reckless());
    assert_eq!(world.github.issues, []);
    for on_remove in [OnRemove::Keep, OnRemove::Archive] {
        let (mut plan, world) = in_sync();
        plan.project.on_remove = on_remove;
        assert_eq!(decided(&plan, &world), ["delete:project:voice"]);
    }
}

#[test]
fn a_board_that_spectra_did_not_make_is_let_go_of() {
    let (mut plan, mut world) = in_sync();
    world.board().parts.record.as_mut().unwrap().made.board = false;
    world.board().parts.text = "Ours.".to_owned();
    plan.project.on_remove = OnRemove::Archive;
    let changes = decided(&plan, &world);
    assert_eq!(changes.last().unwrap(), "update:project:voice record: true -> false");
    assert!(changes.contains(&"update:draft:voice/discover/idea archived: false -> true".to_owned()));
    take_away(&plan, &mut world, usize::MAX, &options());
    assert_eq!(world.board().summary.readme, "Ours.");
    assert!(world.issue("scope").item.as_ref().unwrap().archived);
    assert_eq!(open_issues(&world), plan.issues.len());
    assert_eq!(decided(&plan, &world), ["manual:project:voice"], "nothing says any more whose it is");
}

#[test]
fn a_board_that_a_run_left_behind_goes() {
    let plan = kinds::plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, 1);
    assert_eq!(decided(&plan, &world), ["delete:project:voice"]);
}

#[test]
fn the_board_of_another_manifest_is_not_touched() {
    let (mut plan, mut world) = in_sync();
    plan.manifest = spectra_model::id::ManifestId::new("other");
    world.github.board = None;
    let refusals = destroy(&plan, &world.github, &options()).refusals;
    assert!(matches!(refusals.as_slice(), [Refusal::OtherManifest { .. }]), "{refusals:?}");
    // A board that the plan names by number and that is gone is what is wanted.
    plan.project.number = Some(9);
    assert_eq!(destroy(&plan, &world.github, &options()).refusals, []);
}

#[test]
fn what_left_the_plan_goes_too() {
    let (mut plan, mut world) = in_sync();
    let gone = IssueKey::new("voice/discover/two");
    plan.issues.retain(|issue| issue.key != gone);
    plan.links.retain(|link| link.sub_issue().is_none_or(|(_, child)| *child != gone));
    take_away(&plan, &mut world, usize::MAX, &options());
    assert_eq!(open_issues(&world), 0);
}
