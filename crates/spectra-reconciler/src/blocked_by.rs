//! Dependencies: the edges from an issue to those that it is blocked by.
//!
//! Edges are added; one is taken away only if Spectra made it, which the issue's marker says.

use spectra_model::change::{Action, Change, Kind, change_id};
use spectra_model::id::IssueKey;
use spectra_model::plan::{IssueRef, Link};
use spectra_model::step::Step;

use crate::claim::{Standing, claims};
use crate::context::Context;
use crate::foreign::{edge_end, out_of_reach};
use crate::identity::Marked;

pub(crate) fn changes(context: &Context<'_>) -> Vec<Change> {
    context
        .plan
        .links
        .iter()
        .filter_map(Link::blocked_by)
        .filter_map(|(issue, by)| edge(context, issue, by))
        .collect()
}

/// The issues that an issue's marker shall name: edges of the plan that Spectra made or is about to make. One to another
/// board that can't be found now stays named, so that it can be taken away once it is found.
pub(crate) fn set_by_spectra(
    context: &Context<'_>,
    issue: &IssueKey,
    marked: Option<&Marked<'_>>,
) -> Vec<IssueRef> {
    let wanted = context.blockers.get(issue).into_iter().flatten().copied();
    let standing = |by: &IssueRef| match marked {
        Some(marked) if is_there(context, marked, by) => Standing::There,
        Some(_) | None if can_be_made(context, by) => Standing::ToBeSet,
        Some(_) | None => Standing::Unseen,
    };
    let is_claimed = |by: &IssueRef| marked.is_some_and(|marked| made_by_spectra(context, marked, by));
    let is_spectras = |by: &&IssueRef| claims(standing(by), is_claimed(by));
    let mut named: Vec<IssueRef> = wanted.filter(is_spectras).cloned().collect();
    let before = marked.into_iter().flat_map(|marked| &marked.body.marker.blocked_by);
    let unseen: Vec<IssueRef> = before
        .filter(|by| by.own().is_none() && context.bindings.issue(by).is_none())
        .filter(|by| !named.iter().any(|known| known.key() == by.key()))
        .cloned()
        .collect();
    named.extend(unseen);
    named
}

fn can_be_made(context: &Context<'_>, by: &IssueRef) -> bool {
    context.observation.features.dependencies && out_of_reach(context, by).is_none()
}

/// Keys are the same on whichever board of the manifest an issue stands, so one that moved to another board is known.
fn made_by_spectra(context: &Context<'_>, marked: &Marked<'_>, by: &IssueRef) -> bool {
    marked.body.marker.blocked_by.iter().any(|made| context.current_key(made.key()) == by.key())
}

fn is_there(context: &Context<'_>, marked: &Marked<'_>, by: &IssueRef) -> bool {
    context.bindings.issue(by).is_some_and(|by| marked.issue.blocked_by.contains(by))
}

fn edge(context: &Context<'_>, issue: &IssueKey, by: &IssueRef) -> Option<Change> {
    if context.issues.found.get(issue).is_some_and(|marked| is_there(context, marked, by)) {
        return None;
    }
    let key = key(issue, by);
    if !context.observation.features.dependencies {
        let mut change = Change::new(Action::Blocked, Kind::BlockedBy, key);
        change.reason = Some("this GitHub has no dependencies between issues".to_owned());
        return Some(change);
    }
    if let Some(reason) = out_of_reach(context, by) {
        let mut change = Change::new(Action::Blocked, Kind::BlockedBy, key);
        change.reason = Some(reason);
        return Some(change);
    }
    let mut change = Change::new(Action::Create, Kind::BlockedBy, key);
    for key in std::iter::once(issue).chain(by.own()) {
        change.requires.extend(context.making(Kind::Issue, key.as_str()));
    }
    // The marker claims it first.
    let marked = context.issues.found.get(issue);
    let is_claimed = marked.is_none_or(|marked| made_by_spectra(context, marked, by));
    if !is_claimed && context.does(Action::Update, Kind::Issue, issue.as_str()) {
        change.requires.push(change_id(Action::Update, Kind::Issue, issue.as_str()));
    }
    // One place each: a large plan has tens of thousands of them.
    change.steps = vec![Step::AddBlockedBy { issue: issue.clone(), by: by.clone() }];
    Some(change)
}

/// Edges that Spectra made and the plan no longer has. They go before the markers that name them are rewritten, as
/// [`crate::claim`] says.
pub(crate) fn dropped(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (issue, marked) in &context.issues.found {
        for made in &marked.body.marker.blocked_by {
            let by = context.current_ref(made);
            let mut wanted = context.blockers.get(issue).into_iter().flatten();
            if wanted.any(|wanted| wanted.key() == by.key()) || !is_there(context, marked, &by) {
                continue;
            }
            let mut change = Change::new(Action::Delete, Kind::BlockedBy, key(issue, &by));
            change.reason = Some("the plan no longer has this dependency".to_owned());
            change.steps.push(Step::RemoveBlockedBy { issue: issue.clone(), by });
            changes.push((issue.clone(), change));
        }
    }
    for (issue, change) in &changes {
        context.before_marker.entry(issue.clone()).or_default().push(change.id.clone());
    }
    changes.into_iter().map(|(_, change)| change).collect()
}

fn key(issue: &IssueKey, by: &IssueRef) -> String {
    [issue.as_str(), "<-", &edge_end(by)].concat()
}
