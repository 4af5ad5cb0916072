//! Issues and drafts that carry the marker of a key which an older one has.
//!
//! One that Spectra made, when two runs got through at once or an answer came late, is put away: an issue is closed as a
//! duplicate, a draft archived. One that a person copied is theirs, and reported.

use serde_json::json;
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::{IssueKey, Login};
use spectra_model::marker::Marker;
use spectra_model::plan::IssueState;
use spectra_model::step::{CloseReason, Step};

use crate::context::Context;

/// What becomes of copies of issues.
pub(crate) fn issues(context: &mut Context<'_>) -> Vec<Change> {
    let open = context.issues.copies.iter().filter(|copy| copy.issue.state == IssueState::Open);
    let (made, copied): (Vec<_>, Vec<_>) =
        open.cloned().partition(|copy| is_spectras(&copy.body.marker, copy.issue.author.as_ref()));
    let closed = made.into_iter().map(|copy| {
        let key = IssueKey::new(copy.issue.url.as_str());
        let original = context.current_key(&copy.body.marker.key).clone();
        context.bind(&key, copy.issue);
        let mut change = Change::new(Action::Update, Kind::Issue, key.as_str());
        change.members.push(Member { name: "state".to_owned(), old: json!("open"), new: json!("closed") });
        change.reason = Some(format!("a copy of `{original}` that Spectra made by mistake"));
        let reason = CloseReason::Duplicate { of: original };
        change.steps = vec![Step::SetState { issue: key, state: IssueState::Closed, reason }];
        change
    });
    let mut changes: Vec<Change> = closed.collect();
    changes
        .extend(copied.iter().map(|copy| reported(Kind::Issue, copy.issue.url.as_str(), &copy.body.marker)));
    changes
}

/// What becomes of copies of drafts.
pub(crate) fn drafts(context: &mut Context<'_>) -> Vec<Change> {
    let on_view = context.drafts.copies.iter().filter(|copy| !copy.draft.item.archived);
    let copies: Vec<_> = on_view.cloned().collect();
    let mut changes = Vec::new();
    for copy in copies {
        let marker = &copy.body.marker;
        let key = IssueKey::new(copy.draft.id.as_str());
        if !is_spectras(marker, copy.draft.author.as_ref()) {
            changes.push(reported(Kind::Draft, key.as_str(), marker));
            continue;
        }
        context.bind_draft(&key, copy.draft);
        let mut change = Change::new(Action::Update, Kind::Draft, key.as_str());
        change.members.push(Member { name: "archived".to_owned(), old: json!(false), new: json!(true) });
        let original = context.current_key(&marker.key);
        change.reason = Some(format!("a copy of `{original}` that Spectra made by mistake"));
        change.steps = vec![Step::ArchiveItem { issue: key }];
        changes.push(change);
    }
    changes
}

fn is_spectras(marker: &Marker, author: Option<&Login>) -> bool {
    author == Some(&marker.actor)
}

/// A copy that a person must decide about.
pub(crate) fn reported(kind: Kind, key: &str, marker: &Marker) -> Change {
    let mut change = Change::new(Action::Manual, kind, key);
    change.reason = Some(format!(
        "its body has the marker of `{}`, which another one has already: remove it, or take the comment \
         `<!-- spectra:begin … -->` out of its body",
        marker.key
    ));
    change
}
