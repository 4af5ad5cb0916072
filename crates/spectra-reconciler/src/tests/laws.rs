//! The laws, over generated plans, edits and interruptions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use spectra_model::Setting;
use spectra_model::id::IssueKey;
use spectra_model::marker::MarkedBody;
use spectra_model::plan::{FieldInput, IssueRef, Link, Plan};

use super::world::World;

/// What can be different about the sample plan.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the sample plan that differs or not")]
pub(super) struct Edit {
    title: String,
    body: String,
    estimate: Option<u8>,
    swapped: bool,
    dropped: bool,
    closed: bool,
    reparented: bool,
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    ("[a-c ]{1,4}x", "(- \\[ \\] [ab]\n){0,3}", proptest::option::of(0u8..3), flags).prop_map(
        |(title, body, estimate, (swapped, dropped, closed, reparented))| Edit {
            title,
            body,
            estimate,
            swapped,
            dropped,
            closed,
            reparented,
        },
    )
}

pub(super) fn edited(edit: &Edit) -> Plan {
    let mut plan = super::plan();
    let scope = &mut plan.issues[2];
    scope.title.clone_from(&edit.title);
    scope.body = Setting::Set(edit.body.clone());
    let estimate = edit.estimate.map(|number| FieldInput::Number(f64::from(number)));
    scope.fields.insert(spectra_model::id::FieldName::new("Estimate"), estimate);
    scope.state = edit.closed.then_some(spectra_model::plan::IssueState::Closed);
    if edit.reparented {
        let source = plan.issues.pop().unwrap();
        plan.issues.insert(2, source);
        plan.links[1] = Link::SubIssue {
            parent: IssueRef::Own(IssueKey::new("voice/source")),
            child: IssueKey::new("voice/discover/scope"),
        };
    } else if edit.dropped {
        plan.issues.pop();
        plan.links.truncate(2);
    }
    if edit.swapped {
        plan.fields[1].options.reverse();
    }
    plan
}

fn keys(world: &World) -> Vec<IssueKey> {
    world
        .github
        .issues
        .iter()
        .filter_map(|issue| MarkedBody::read(&issue.body))
        .map(|body| body.marker.key)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn interrupted_anywhere_and_run_again_ends_in_the_same_world(steps in 0usize..45, edit in edit()) {
        let plan = edited(&edit);
        let mut whole = World::fresh(&plan);
        whole.apply(&plan, usize::MAX);
        let mut cut = World::fresh(&plan);
        cut.apply(&plan, steps);
        cut.apply(&plan, usize::MAX);
        let shown = |world: &World| {
            let mut issues: Vec<_> = world
                .github
                .issues
                .iter()
                .map(|issue| {
                    let values: Vec<_> = issue.item.iter().flat_map(|item| item.values.values()).collect();
                    format!("{} {} {:?} {:?}", issue.title, issue.body, issue.labels, values.len())
                })
                .collect();
            issues.sort();
            issues
        };
        prop_assert_eq!(shown(&whole), shown(&cut));
    }

    #[test]
    fn an_edit_between_runs_never_makes_a_duplicate(edits in proptest::collection::vec((edit(), 0usize..60), 1..4)) {
        let mut world = World::fresh(&super::plan());
        let mut last = None;
        for (edit, steps) in &edits {
            let plan = edited(edit);
            world.apply(&plan, *steps);
            last = Some(plan);
        }
        let last = last.unwrap();
        world.apply(&last, usize::MAX);
        let sent = world.sent;
        world.apply(&last, usize::MAX);
        prop_assert_eq!(world.sent, sent, "the run after sends nothing");
        let all = keys(&world);
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
