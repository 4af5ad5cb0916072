//! Issues that Spectra made and the plan no longer has.

use serde_json::json;
use spectra_model::change::{Action, Change, Counts, Kind, Member};
use spectra_model::marker::{Marker, Origin};
use spectra_model::plan::{IssueState, OnRemove};
use spectra_model::step::{CloseReason, Step};

use crate::Refusal;
use crate::context::Context;

const REASON: &str = "no longer in the plan";

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    match context.plan.project.on_remove {
        OnRemove::Keep => Vec::new(),
        OnRemove::Close => context
            .issues
            .gone
            .iter()
            .filter(|marked| {
                marked.body.marker.origin == Origin::Created && marked.issue.state == IssueState::Open
            })
            .map(|marked| {
                let key = marked.body.marker.key.clone();
                let mut change = Change::new(Action::Update, Kind::Issue, key.as_str());
                change.members.push(Member {
                    name: "state".to_owned(),
                    old: json!("open"),
                    new: json!("closed"),
                });
                change.reason = Some(REASON.to_owned());
                if !marked.body.marker.closed {
                    // Should the plan have it again, it is opened again: nobody else closed it.
                    let marker = Marker { closed: true, ..marked.body.marker.clone() };
                    let body = Some(marked.body.with(&marker, &marked.body.region));
                    change.steps.push(Step::UpdateIssue { issue: key.clone(), title: None, body });
                }
                change.steps.push(Step::SetState {
                    issue: key,
                    state: IssueState::Closed,
                    reason: CloseReason::NotPlanned,
                });
                change
            })
            .collect(),
    }
}

/// Refuses more removals than a slip of the pen explains: max(10, 10 % of the managed things), unless told otherwise.
pub(crate) fn too_many(changes: &[Change], counts: Counts, max_deletes: Option<usize>) -> Option<Refusal> {
    let is_removal =
        |change: &&Change| change.action == Action::Delete || change.reason.as_deref() == Some(REASON);
    let removals = changes.iter().filter(is_removal).count();
    let Counts { update, delete, unchanged, .. } = counts;
    let managed: usize = [update, delete, unchanged].into_iter().sum();
    let allowed = max_deletes.unwrap_or_else(|| managed.div_euclid(10).max(10));
    (removals > allowed).then_some(Refusal::TooManyRemovals { removals, allowed })
}
