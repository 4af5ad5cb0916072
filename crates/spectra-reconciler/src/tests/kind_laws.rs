//! The laws, over generated edits of milestones, types, assignees, states, order, links, drafts and of what left the
//! plan.

use std::collections::BTreeSet;

use proptest::prelude::*;
use spectra_model::Setting;
use spectra_model::id::{IssueKey, IssueTypeName, Login, MilestoneTitle, NodeId, RepoSlug};
use spectra_model::marker::MarkedBody;
use spectra_model::plan::{IssueRef, IssueState, Link, OnRemove, Plan, StateReason};

use super::world::{World, reckless};

/// What becomes of the sample plan's draft.
#[derive(Debug, Clone, Copy)]
enum DraftEdit {
    Kept,
    Retitled,
    Gone,
    Issue,
}

#[derive(Debug, Clone)]
pub(super) struct Edit {
    milestone: Setting<()>,
    milestone_renamed: bool,
    issue_type: Setting<&'static str>,
    assignees: Vec<&'static str>,
    closed: Option<StateReason>,
    order: Vec<usize>,
    gone: bool,
    on_remove: OnRemove,
    linked: bool,
    draft: DraftEdit,
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let milestone = prop_oneof![Just(Setting::Unmanaged), Just(Setting::Clear), Just(Setting::Set(()))];
    let issue_type = prop_oneof![
        Just(Setting::Unmanaged),
        Just(Setting::Clear),
        Just(Setting::Set("task")),
        Just(Setting::Set("Epic"))
    ];
    let assignees = proptest::sample::subsequence(vec!["octocat", "hubot", "nobody"], 0..=3);
    let closed =
        prop_oneof![Just(None), Just(Some(StateReason::Completed)), Just(Some(StateReason::NotPlanned))];
    let order = Just((0..4).collect::<Vec<usize>>()).prop_shuffle();
    let on_remove = prop_oneof![
        Just(OnRemove::Close),
        Just(OnRemove::Archive),
        Just(OnRemove::Keep),
        Just(OnRemove::Delete)
    ];
    let draft = prop_oneof![
        Just(DraftEdit::Kept),
        Just(DraftEdit::Retitled),
        Just(DraftEdit::Gone),
        Just(DraftEdit::Issue)
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (milestone, issue_type, assignees, closed, order, on_remove, draft, flags).prop_map(
        |(milestone, issue_type, assignees, closed, order, on_remove, draft, flags)| Edit {
            milestone,
            issue_type,
            assignees,
            closed,
            order,
            on_remove,
            draft,
            milestone_renamed: flags.0,
            gone: flags.1,
            linked: flags.2,
        },
    )
}

pub(super) fn edited(edit: &Edit) -> Plan {
    let mut plan = super::kinds::plan();
    plan.project.on_remove = edit.on_remove;
    let mut title = MilestoneTitle::new("Discovered");
    if edit.milestone_renamed {
        plan.milestones[0].renamed_from = vec![title];
        title = MilestoneTitle::new("Found out");
        plan.milestones[0].title = title.clone();
    }
    let scope = &mut plan.issues[2];
    scope.milestone = match edit.milestone {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(()) => Setting::Set(title),
    };
    scope.issue_type = match edit.issue_type {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(name) => Setting::Set(IssueTypeName::new(name)),
    };
    scope.assignees = edit.assignees.iter().map(|login| Login::new(*login)).collect();
    scope.state = edit.closed.map(|_| IssueState::Closed);
    scope.state_reason = edit.closed;
    if edit.milestone.is_unmanaged() && !edit.milestone_renamed {
        plan.milestones.clear();
    }
    // The four children of `discover` are issues 2, 4, 5 and 6.
    let children: Vec<_> = [2, 4, 5, 6].iter().map(|index| plan.issues[*index].clone()).collect();
    for (place, index) in [2, 4, 5, 6].iter().zip(&edit.order) {
        plan.issues[*place] = children[*index].clone();
    }
    let draft = plan.drafts[0].clone();
    match edit.draft {
        DraftEdit::Kept => {}
        DraftEdit::Retitled => plan.drafts[0].title = "thought".to_owned(),
        DraftEdit::Gone => plan.drafts.clear(),
        DraftEdit::Issue => {
            plan.drafts.clear();
            let mut issue = children[3].clone();
            issue.key = draft.key.clone();
            issue.title = draft.title;
            issue.fields = draft.fields;
            plan.issues.push(issue);
            plan.links.push(Link::SubIssue {
                parent: IssueRef::Own(IssueKey::new("voice/discover")),
                child: draft.key,
            });
        }
    }
    if edit.gone {
        let gone = IssueKey::new("voice/discover/two");
        plan.issues.retain(|issue| issue.key != gone);
        plan.links.retain(|link| link.sub_issue().is_none_or(|(_, child)| *child != gone));
    }
    if !edit.linked {
        plan.links.retain(|link| link.repository().is_none() && link.team().is_none());
    }
    plan
}

fn world() -> World {
    let plan = super::kinds::plan();
    let mut world = World::fresh(&plan);
    let repository = RepoSlug::parse("o/r").unwrap();
    let assignable = &mut world.github.repositories.get_mut(&repository).unwrap().assignable;
    assignable.insert(Login::new("hubot"), NodeId::new("U_hubot"));
    world
}

/// A body but for what the marker remembers of labels and assignees: they are put on before it is written, so that a run
/// that ends in between leaves them to people.
fn body(text: &str) -> String {
    let Some(MarkedBody { before, marker, region, after, closing: _ }) = MarkedBody::read(text) else {
        return text.to_owned();
    };
    let (key, blocked_by) = (&marker.key, &marker.blocked_by);
    format!("{before}|{key} {blocked_by:?} {} {}|{region}|{after}", marker.closed, marker.archived)
}

/// Everything that is the plan's, without ids.
fn shown(world: &mut World) -> Vec<String> {
    let titles = |id: &NodeId, world: &World| {
        world.github.issues.iter().find(|issue| issue.id == *id).map(|issue| issue.title.clone())
    };
    let mut shown: Vec<String> = Vec::new();
    for issue in &world.github.issues {
        let children: Vec<_> = issue.sub_issues.iter().map(|id| titles(id, world)).collect();
        let parent = issue.parent.as_ref().and_then(|id| titles(id, world));
        let archived = issue.item.as_ref().is_some_and(|item| item.archived);
        shown.push(format!(
            "{} {} {:?} {:?} {:?} {:?} {:?} {:?} {parent:?} {children:?} {archived}",
            issue.title,
            body(&issue.body),
            issue.labels,
            issue.assignees,
            issue.milestone.is_some(),
            issue.issue_type,
            issue.state,
            issue.state_reason
        ));
    }
    shown.sort();
    let board = world.board();
    for draft in &board.drafts {
        shown.push(format!(
            "{} {} {:?} {}",
            draft.title,
            body(&draft.body),
            draft.assignees,
            draft.item.archived
        ));
    }
    shown.push(format!("{:?} {:?}", board.repositories.keys(), board.teams.keys()));
    for milestone in world.github.repositories.values().flat_map(|it| &it.milestones) {
        shown.push(format!("{} {}", milestone.title, milestone.issues));
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_interrupted_anywhere_ends_in_the_same_world(steps in 0usize..30, edit in edit()) {
        let before = super::kinds::plan();
        let after = edited(&edit);
        let mut whole = world();
        whole.apply(&before, usize::MAX);
        whole.apply_with(&after, usize::MAX, &reckless());
        let mut cut = world();
        cut.apply(&before, usize::MAX);
        cut.apply_with(&after, steps, &reckless());
        cut.apply_with(&after, usize::MAX, &reckless());
        prop_assert_eq!(shown(&mut whole), shown(&mut cut));
    }

    #[test]
    fn a_first_apply_interrupted_anywhere_ends_in_the_same_world(steps in 0usize..60, edit in edit()) {
        let plan = edited(&edit);
        let mut whole = world();
        whole.apply_with(&plan, usize::MAX, &reckless());
        let mut cut = world();
        cut.apply_with(&plan, steps, &reckless());
        cut.apply_with(&plan, usize::MAX, &reckless());
        prop_assert_eq!(shown(&mut whole), shown(&mut cut));
    }

    #[test]
    fn edits_between_runs_settle_and_never_make_a_duplicate(
        edits in proptest::collection::vec((edit(), 0usize..60), 1..4)
    ) {
        let mut world = world();
        for (edit, steps) in &edits {
            world.apply_with(&edited(edit), *steps, &reckless());
        }
        let last = edited(&edits.last().unwrap().0);
        world.apply_with(&last, usize::MAX, &reckless());
        let sent = world.sent;
        world.apply_with(&last, usize::MAX, &reckless());
        prop_assert_eq!(world.sent, sent, "the run after sends nothing");
        let bodies = world.github.issues.iter().map(|issue| issue.body.clone());
        let bodies: Vec<String> = bodies.chain(world.github.board.iter().flat_map(|it| &it.drafts).map(|it| it.body.clone())).collect();
        let keys: Vec<IssueKey> = bodies.iter().filter_map(|body| MarkedBody::read(body)).map(|it| it.marker.key).collect();
        prop_assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }
}
