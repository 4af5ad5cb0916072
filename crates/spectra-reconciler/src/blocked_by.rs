//! Dependencies: the edges from an issue to those that it is blocked by.
//!
//! Edges are added; one is taken away only if Spectra made it, which the issue's marker says.

use std::collections::BTreeMap;

use spectra_model::change::{Action, Change, Kind};
use spectra_model::id::{IssueKey, NodeId};
use spectra_model::plan::Link;
use spectra_model::step::Step;

use crate::context::Context;
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

/// The keys that an issue's marker shall name: edges of the plan that Spectra made or is about to make.
pub(crate) fn set_by_spectra(
    context: &Context<'_>,
    issue: &IssueKey,
    marked: Option<&Marked<'_>>,
) -> Vec<IssueKey> {
    let wanted = context.blockers.get(issue).into_iter().flatten();
    let is_spectras = |by: &&&IssueKey| {
        marked.is_none_or(|marked| made_by_spectra(context, marked, by) || !is_there(context, marked, by))
    };
    wanted.filter(is_spectras).map(|by| (*by).clone()).collect()
}

fn made_by_spectra(context: &Context<'_>, marked: &Marked<'_>, by: &IssueKey) -> bool {
    marked.body.marker.blocked_by.iter().any(|made| context.current_key(made) == by)
}

fn is_there(context: &Context<'_>, marked: &Marked<'_>, by: &IssueKey) -> bool {
    context.bindings.issues.get(by).is_some_and(|by| marked.issue.blocked_by.contains(&by.id))
}

fn edge(context: &Context<'_>, issue: &IssueKey, by: &IssueKey) -> Option<Change> {
    if context.issues.found.get(issue).is_some_and(|marked| is_there(context, marked, by)) {
        return None;
    }
    let mut change = Change::new(Action::Create, Kind::BlockedBy, key(issue, by));
    for key in [issue, by] {
        if context.creates(Kind::Issue, key.as_str()) {
            change.requires.extend(context.pending(Kind::Issue, key.as_str()));
        }
    }
    change.steps.push(Step::AddBlockedBy { issue: issue.clone(), by: by.clone() });
    Some(change)
}

/// Edges that Spectra made and the plan no longer has. They go before the markers that name them are rewritten: a run
/// that ends in between still knows whose they are.
pub(crate) fn dropped(context: &mut Context<'_>) -> Vec<Change> {
    let keys: BTreeMap<&NodeId, &IssueKey> =
        context.bindings.issues.iter().map(|(key, binding)| (&binding.id, key)).collect();
    let mut changes = Vec::new();
    for (issue, marked) in &context.issues.found {
        for by in marked.issue.blocked_by.iter().filter_map(|id| keys.get(id)) {
            let wanted = context.blockers.get(issue).is_some_and(|wanted| wanted.contains(by));
            if wanted || !made_by_spectra(context, marked, by) {
                continue;
            }
            let mut change = Change::new(Action::Delete, Kind::BlockedBy, key(issue, by));
            change.reason = Some("the plan no longer has this dependency".to_owned());
            change.steps.push(Step::RemoveBlockedBy { issue: issue.clone(), by: (*by).clone() });
            changes.push((issue.clone(), change));
        }
    }
    for (issue, change) in &changes {
        context.before_marker.entry(issue.clone()).or_default().push(change.id.clone());
    }
    changes.into_iter().map(|(_, change)| change).collect()
}

fn key(issue: &IssueKey, by: &IssueKey) -> String {
    format!("{issue}<-{by}")
}
