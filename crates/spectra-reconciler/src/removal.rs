//! What becomes of issues and drafts that Spectra made and that are to go: those that the plan no longer has, and all of
//! them when the board is taken away.
//!
//! Only what Spectra created is dealt with, never what was adopted or what a person copied. A draft can't be closed: it is
//! put aside instead, which loses nothing; and so is the place of an issue that went to another board of the manifest.

use serde_json::json;
use spectra_model::change::{Action, Change, Counts, Kind, Member};
use spectra_model::id::IssueKey;
use spectra_model::marker::Marker;
use spectra_model::plan::{IssueState, OnRemove};
use spectra_model::step::{CloseReason, Step};

use crate::context::Context;
use crate::identity::{Marked, MarkedDraft, is_spectras};
use crate::{Refusal, view};

const REASON: &str = "no longer in the plan";
const MOVED: &str = "it stands on board ";

pub(crate) fn changes(context: &Context<'_>) -> Vec<Change> {
    let policy = |marker: &Marker| context.plan.project.on_remove_of(&marker.key);
    let issues = context.issues.gone.iter().filter(|it| is_ours(it));
    let issues = issues.filter_map(|it| issue(policy(&it.body.marker), &it.body.marker.key, it, REASON));
    let drafts = context.drafts.gone.iter().filter(|it| is_our_draft(it));
    let drafts = drafts.filter_map(|it| draft(policy(&it.body.marker), &it.body.marker.key, it, REASON));
    let moved = context.issues.moved.iter().filter_map(|it| moved(policy(&it.body.marker), it));
    issues.chain(drafts).chain(moved).collect()
}

/// What becomes of the place on this board of an issue that has another board now. It is put aside with its values, which
/// loses nothing; the issue itself is the other board's, and so is its marker.
fn moved(on_remove: OnRemove, marked: &Marked<'_>) -> Option<Change> {
    let Marker { key, slug, .. } = &marked.body.marker;
    let is_aside = marked.issue.item.as_ref().is_none_or(|item| item.archived);
    if is_aside || on_remove == OnRemove::Keep || !is_ours(marked) {
        return None;
    }
    let mut change = leaving(Kind::Issue, key, MOVED);
    change.reason = Some(format!("{MOVED}`{slug}` now, and its place here is put aside with its values"));
    change.members.push(Member { name: "archived".to_owned(), old: json!(false), new: json!(true) });
    change.steps.push(Step::ArchiveItem { issue: key.clone() });
    Some(change)
}

/// Whether Spectra created the issue.
pub(crate) fn is_ours(marked: &Marked<'_>) -> bool {
    is_spectras(&marked.body.marker, marked.issue.author.as_ref())
}

/// Whether Spectra created the draft.
pub(crate) fn is_our_draft(marked: &MarkedDraft<'_>) -> bool {
    is_spectras(&marked.body.marker, marked.draft.author.as_ref())
}

/// What becomes of an issue that is to go, if anything; `key` is the one that it is bound to.
pub(crate) fn issue(
    on_remove: OnRemove,
    key: &IssueKey,
    marked: &Marked<'_>,
    because: &str,
) -> Option<Change> {
    match on_remove {
        OnRemove::Keep => None,
        OnRemove::Close => close(key, marked, because),
        OnRemove::Archive => archive(key, marked, because),
        OnRemove::Delete => Some(delete(key, marked, because)),
    }
}

/// What becomes of a draft that is to go, if anything; `key` is the one that it is bound to.
pub(crate) fn draft(
    on_remove: OnRemove,
    key: &IssueKey,
    marked: &MarkedDraft<'_>,
    because: &str,
) -> Option<Change> {
    match on_remove {
        OnRemove::Keep => None,
        OnRemove::Close | OnRemove::Archive => archive_draft(key, marked, because),
        OnRemove::Delete => Some(delete_draft(key, marked, because)),
    }
}

// Each notes in the marker that it was Spectra's doing before it does it: should the plan have the thing again, what
// Spectra did is undone, and what a person did is not.

fn close(key: &IssueKey, marked: &Marked<'_>, because: &str) -> Option<Change> {
    if marked.issue.state != IssueState::Open {
        return None;
    }
    let mut change = leaving(Kind::Issue, key, because);
    change.members.push(Member { name: "state".to_owned(), old: json!("open"), new: json!("closed") });
    change.steps.extend(remark(key, marked, &Marker { closed: true, ..marked.body.marker.clone() }));
    change.steps.push(Step::SetState {
        issue: key.clone(),
        state: IssueState::Closed,
        reason: CloseReason::NotPlanned,
    });
    Some(change)
}

fn archive(key: &IssueKey, marked: &Marked<'_>, because: &str) -> Option<Change> {
    marked.issue.item.as_ref().filter(|item| !item.archived)?;
    let mut change = leaving(Kind::Issue, key, because);
    change.members.push(Member { name: "archived".to_owned(), old: json!(false), new: json!(true) });
    change.steps.extend(remark(key, marked, &Marker { archived: true, ..marked.body.marker.clone() }));
    change.steps.push(Step::ArchiveItem { issue: key.clone() });
    Some(change)
}

fn delete(key: &IssueKey, marked: &Marked<'_>, because: &str) -> Change {
    let mut change = Change::new(Action::Delete, Kind::Issue, key.as_str());
    change.destructive = true;
    change.reason = Some(format!("{because}: {} is lost with its comments", marked.issue.url));
    change.steps.push(Step::DeleteIssue { issue: key.clone() });
    change
}

fn archive_draft(key: &IssueKey, marked: &MarkedDraft<'_>, because: &str) -> Option<Change> {
    if marked.draft.item.archived {
        return None;
    }
    let old = &marked.body.marker;
    let mut change = leaving(Kind::Draft, key, because);
    change.members.push(Member { name: "archived".to_owned(), old: json!(false), new: json!(true) });
    if !old.archived {
        let marker = Marker { archived: true, ..old.clone() };
        let body = Some(marked.body.with(&marker, &marked.body.region));
        let draft = key.clone();
        change.steps.push(Step::UpdateDraft { draft, title: None, body, assignees: None });
    }
    change.steps.push(Step::ArchiveItem { issue: key.clone() });
    Some(change)
}

fn delete_draft(key: &IssueKey, marked: &MarkedDraft<'_>, because: &str) -> Change {
    let mut change = Change::new(Action::Delete, Kind::Draft, key.as_str());
    change.destructive = true;
    change.reason = Some(format!("{because}: the draft `{}` is lost with its text", marked.draft.title));
    change.steps.push(Step::DeleteItem { issue: key.clone() });
    change
}

fn leaving(kind: Kind, key: &IssueKey, because: &str) -> Change {
    let mut change = Change::new(Action::Update, kind, key.as_str());
    change.reason = Some(because.to_owned());
    change
}

/// The step that writes another marker; None where it stands there already.
fn remark(key: &IssueKey, marked: &Marked<'_>, marker: &Marker) -> Option<Step> {
    let differs = *marker != marked.body.marker;
    differs.then(|| Step::UpdateIssue {
        issue: key.clone(),
        title: None,
        body: Some(marked.body.with(marker, &marked.body.region)),
    })
}

/// Whether a change takes away something that was among the plan's things: deletes it, or closes or archives it because
/// the plan no longer has it.
pub fn is_removal(change: &Change) -> bool {
    let is_put_away = |reason: &str| reason == REASON || reason.starts_with(MOVED);
    (change.action == Action::Delete && !view::is_githubs_own(change))
        || change.reason.as_deref().is_some_and(is_put_away)
}

/// Refuses more removals than a slip of the pen explains: max(10, 10 % of the managed things), unless told otherwise.
pub(crate) fn too_many(changes: &[Change], counts: Counts, max_deletes: Option<usize>) -> Option<Refusal> {
    let removals = changes.iter().filter(|change| is_removal(change)).count();
    let Counts { update, delete, unchanged, .. } = counts;
    let managed: usize = [update, delete, unchanged].into_iter().sum();
    let allowed = max_deletes.unwrap_or_else(|| managed.div_euclid(10).max(10));
    (removals > allowed).then_some(Refusal::TooManyRemovals { removals, allowed })
}
