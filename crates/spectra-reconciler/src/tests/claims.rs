//! Claims hold wherever a run is cut off: what Spectra set is taken away again, what people set is not.

use spectra_model::id::{IssueKey, LabelName, Login, NodeId};
use spectra_model::marker::{MarkedBody, Marker};
use spectra_model::plan::{IssueRef, Link, Plan};

use super::world::{World, options};
use super::{plan, settles};
use crate::{ScheduledStep, reconcile, relies_on, schedule};

const SCOPE: &str = "voice/discover/scope";

fn labels(names: &[&str]) -> Vec<LabelName> {
    names.iter().map(|name| LabelName::new(*name)).collect()
}

/// What the plan has of one issue.
fn with(names: &[&str], assignees: &[&str], blockers: &[&str]) -> Plan {
    let mut plan = plan();
    for name in ["risk", "late"] {
        let mut label = plan.labels[1].clone();
        label.name = LabelName::new(name);
        plan.labels.push(label);
    }
    let scope = plan.issues.iter_mut().find(|issue| issue.key.as_str() == SCOPE).unwrap();
    scope.labels = labels(&[&["project:voice"], names].concat());
    scope.assignees = assignees.iter().map(|login| Login::new(*login)).collect();
    plan.links.retain(|link| link.blocked_by().is_none());
    plan.links.extend(
        blockers
            .iter()
            .map(|by| Link::BlockedBy { issue: IssueKey::new(SCOPE), by: IssueRef::Own(IssueKey::new(*by)) }),
    );
    plan
}

fn before() -> Plan {
    with(&["type:task"], &["octocat"], &["voice/source"])
}

/// One of each is taken away, one comes, and one comes that people have set already.
fn edited() -> Plan {
    with(&["risk", "late"], &["hubot", "mona"], &["voice/discover", "voice/initiative"])
}

fn in_sync() -> World {
    let plan = before();
    let mut world = World::fresh(&plan);
    for repository in world.github.repositories.values_mut() {
        for login in ["octocat", "hubot", "mona"] {
            repository.assignable.insert(Login::new(login), NodeId::new(format!("U_{login}")));
        }
    }
    world.apply(&plan, usize::MAX);
    let initiative = world.issue("initiative").id.clone();
    let scope = world.issue("scope");
    scope.labels.push(LabelName::new("late"));
    scope.assignees.push(Login::new("mona"));
    scope.blocked_by.push(initiative);
    world
}

fn marker(world: &mut World) -> Marker {
    MarkedBody::read(&world.issue("scope").body).unwrap().marker
}

/// What is on the issue, and what of it the marker claims.
fn stands(world: &mut World) -> [Vec<String>; 4] {
    let text = |one: &dyn ToString| one.to_string();
    let Marker { labels, assignees, blocked_by, .. } = marker(world);
    let claims = labels.iter().map(|it| text(it)).chain(assignees.iter().map(|it| text(it)));
    let claims = claims.chain(blocked_by.iter().map(|by| by.key().to_string())).collect();
    let scope = world.issue("scope");
    let mut all = [
        scope.labels.iter().map(|it| text(it)).collect::<Vec<_>>(),
        scope.assignees.iter().map(|it| text(it)).collect(),
        scope.blocked_by.iter().map(|it| text(it)).collect(),
        claims,
    ];
    for list in &mut all {
        list.sort();
    }
    all
}

fn steps(plan: &Plan, world: &World) -> usize {
    schedule(&reconcile(plan, &world.github, &options()).change_set.changes).len()
}

#[test]
fn cut_off_after_any_step_the_claims_are_the_same_in_the_end() {
    let mut whole = in_sync();
    let steps = steps(&edited(), &whole);
    assert!(steps >= 7, "there is something to cut");
    settles(&edited(), &mut whole);
    let expected = stands(&mut whole);
    assert_eq!(expected[3], ["hubot", "project:voice", "risk", "voice/discover"]);
    for cut in 0..steps {
        let mut world = in_sync();
        world.apply(&edited(), cut);
        settles(&edited(), &mut world);
        assert_eq!(stands(&mut world), expected, "after {cut} steps");
    }
}

#[test]
fn cut_off_after_any_step_and_taken_back_nothing_of_it_is_left() {
    let mut whole = in_sync();
    let steps = steps(&edited(), &whole);
    let expected = stands(&mut whole);
    for cut in 0..=steps {
        let mut world = in_sync();
        world.apply(&edited(), cut);
        settles(&before(), &mut world);
        assert_eq!(stands(&mut world), expected, "after {cut} steps");
    }
}

#[test]
fn what_people_took_off_is_put_on_again_under_the_same_claim() {
    let mut world = in_sync();
    let expected = stands(&mut world);
    let scope = world.issue("scope");
    scope.labels.retain(|label| label.as_str() != "type:task");
    scope.assignees.retain(|login| login.as_str() != "octocat");
    settles(&before(), &mut world);
    assert_eq!(stands(&mut world), expected);
}

#[test]
fn a_marker_shares_no_request_with_what_it_claims() {
    let world = in_sync();
    let set = reconcile(&edited(), &world.github, &options()).change_set;
    let steps = schedule(&set.changes);
    let at = |what: &str| -> ScheduledStep<'_> {
        *steps
            .iter()
            .find(|it| format!("{:?}", it.step).starts_with(what))
            .unwrap_or_else(|| panic!("no {what}"))
    };
    let relies = |later: &str, earlier: &str| relies_on(&set.changes, at(later), at(earlier));
    let text = "UpdateIssue";
    for earlier in ["RemoveLabels", "RemoveAssignees", "RemoveBlockedBy"] {
        assert!(relies(text, earlier), "{earlier}");
    }
    for later in ["AddLabels", "AddAssignees", "AddBlockedBy"] {
        assert!(relies(later, text), "{later}");
    }
    assert!(!relies("AddAssignees", "AddLabels"));
}
