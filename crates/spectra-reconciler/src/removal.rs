//! Issues and drafts that Spectra made and the plan no longer has.
//!
//! Only what Spectra created is dealt with, never what was adopted. A draft can't be closed: it is put aside instead,
//! which loses nothing.

use serde_json::json;
use spectra_model::change::{Action, Change, Counts, Kind, Member};
use spectra_model::marker::{Marker, Origin};
use spectra_model::plan::{IssueState, OnRemove};
use spectra_model::step::{CloseReason, Step};

use crate::context::Context;
use crate::identity::{Marked, MarkedDraft};
use crate::{Refusal, view};

const REASON: &str = "no longer in the plan";

pub(crate) fn changes(context: &Context<'_>) -> Vec<Change> {
    let policy = |marker: &Marker| context.plan.project.on_remove_of(&marker.key);
    let issues = context.issues.gone.iter().filter(|it| it.body.marker.origin == Origin::Created);
    let drafts = context.drafts.gone.iter().filter(|it| it.body.marker.origin == Origin::Created);
    let of_issues = issues.filter_map(|issue| match policy(&issue.body.marker) {
        OnRemove::Keep => None,
        OnRemove::Close => close(issue),
        OnRemove::Archive => archive(issue),
        OnRemove::Delete => Some(delete(issue)),
    });
    let of_drafts = drafts.filter_map(|draft| match policy(&draft.body.marker) {
        OnRemove::Keep => None,
        OnRemove::Close | OnRemove::Archive => archive_draft(draft),
        OnRemove::Delete => Some(delete_draft(draft)),
    });
    of_issues.chain(of_drafts).collect()
}

// Each notes in the marker that it was Spectra's doing before it does it: should the plan have the thing again, what
// Spectra did is undone, and what a person did is not.

fn close(marked: &Marked<'_>) -> Option<Change> {
    if marked.issue.state != IssueState::Open {
        return None;
    }
    let old = &marked.body.marker;
    let mut change = leaving(Kind::Issue, old);
    change.members.push(Member { name: "state".to_owned(), old: json!("open"), new: json!("closed") });
    change.steps.extend(remark(marked, &Marker { closed: true, ..old.clone() }));
    change.steps.push(Step::SetState {
        issue: old.key.clone(),
        state: IssueState::Closed,
        reason: CloseReason::NotPlanned,
    });
    Some(change)
}

fn archive(marked: &Marked<'_>) -> Option<Change> {
    marked.issue.item.as_ref().filter(|item| !item.archived)?;
    let old = &marked.body.marker;
    let mut change = leaving(Kind::Issue, old);
    change.members.push(Member { name: "archived".to_owned(), old: json!(false), new: json!(true) });
    change.steps.extend(remark(marked, &Marker { archived: true, ..old.clone() }));
    change.steps.push(Step::ArchiveItem { issue: old.key.clone() });
    Some(change)
}

fn delete(marked: &Marked<'_>) -> Change {
    let key = &marked.body.marker.key;
    let mut change = Change::new(Action::Delete, Kind::Issue, key.as_str());
    change.destructive = true;
    change.reason = Some(format!("{REASON}: {} is lost with its comments", marked.issue.url));
    change.steps.push(Step::DeleteIssue { issue: key.clone() });
    change
}

fn archive_draft(marked: &MarkedDraft<'_>) -> Option<Change> {
    if marked.draft.item.archived {
        return None;
    }
    let old = &marked.body.marker;
    let mut change = leaving(Kind::Draft, old);
    change.members.push(Member { name: "archived".to_owned(), old: json!(false), new: json!(true) });
    if !old.archived {
        let marker = Marker { archived: true, ..old.clone() };
        let body = Some(marked.body.with(&marker, &marked.body.region));
        let draft = old.key.clone();
        change.steps.push(Step::UpdateDraft { draft, title: None, body, assignees: None });
    }
    change.steps.push(Step::ArchiveItem { issue: old.key.clone() });
    Some(change)
}

fn delete_draft(marked: &MarkedDraft<'_>) -> Change {
    let key = &marked.body.marker.key;
    let mut change = Change::new(Action::Delete, Kind::Draft, key.as_str());
    change.destructive = true;
    change.reason = Some(format!("{REASON}: the draft `{}` is lost with its text", marked.draft.title));
    change.steps.push(Step::DeleteItem { issue: key.clone() });
    change
}

fn leaving(kind: Kind, marker: &Marker) -> Change {
    let mut change = Change::new(Action::Update, kind, marker.key.as_str());
    change.reason = Some(REASON.to_owned());
    change
}

/// The step that writes another marker; None where it stands there already.
fn remark(marked: &Marked<'_>, marker: &Marker) -> Option<Step> {
    let differs = *marker != marked.body.marker;
    differs.then(|| Step::UpdateIssue {
        issue: marker.key.clone(),
        title: None,
        body: Some(marked.body.with(marker, &marked.body.region)),
    })
}

/// Whether a change takes away something that was among the plan's things: deletes it, or closes or archives it because
/// the plan no longer has it.
pub fn is_removal(change: &Change) -> bool {
    (change.action == Action::Delete && !view::is_githubs_own(change))
        || change.reason.as_deref() == Some(REASON)
}

/// Refuses more removals than a slip of the pen explains: max(10, 10 % of the managed things), unless told otherwise.
pub(crate) fn too_many(changes: &[Change], counts: Counts, max_deletes: Option<usize>) -> Option<Refusal> {
    let removals = changes.iter().filter(|change| is_removal(change)).count();
    let Counts { update, delete, unchanged, .. } = counts;
    let managed: usize = [update, delete, unchanged].into_iter().sum();
    let allowed = max_deletes.unwrap_or_else(|| managed.div_euclid(10).max(10));
    (removals > allowed).then_some(Refusal::TooManyRemovals { removals, allowed })
}
