//! The log's events: one line for each change that GitHub took, in words that programs can rely on.
//!
//! `provision.project.event` says what happened to which kind of thing; `issue-linked=true` stands where an issue got its
//! parent. No body and no token is ever in them.

use spectra_model::change::{Action, Change, Kind};
use spectra_model::step::Step;

/// A write went through. The first one of a change is its event; those that follow, such as a new issue's values, stand
/// in the log for whoever looks closer.
pub(crate) fn done(change: &Change, step: &Step) {
    if change.steps.first() != Some(step) {
        tracing::debug!(change = change.id.as_str(), "went on");
        return;
    }
    let event = name(change);
    let (id, key) = (change.id.as_str(), change.key.as_str());
    let linked = matches!(step, Step::AddSubIssue { .. })
        || matches!(step, Step::CreateIssue(issue) if issue.parent.is_some());
    if linked {
        tracing::info!("provision.project.event" = event, "issue-linked" = true, change = id, key);
    } else {
        tracing::info!("provision.project.event" = event, change = id, key);
    }
}

/// `project-created`, `field-updated`, `sub-issue-created`…
fn name(change: &Change) -> String {
    let kind = match change.kind {
        Kind::Project => "project",
        Kind::Label => "label",
        Kind::Milestone => "milestone",
        Kind::Field => "field",
        Kind::View => "view",
        Kind::Issue => "issue",
        Kind::Draft => "draft",
        Kind::SubIssue => "sub-issue",
        Kind::BlockedBy => "dependency",
        Kind::Repository => "repository",
        Kind::Team => "team",
    };
    let what = match change.action {
        Action::Create => "created",
        Action::Update => "updated",
        Action::Delete => "deleted",
        Action::Manual | Action::Blocked => "left",
    };
    format!("{kind}-{what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_names_kind_and_what_happened() {
        assert_eq!(name(&Change::new(Action::Create, Kind::Project, "voice")), "project-created");
        assert_eq!(name(&Change::new(Action::Update, Kind::SubIssue, "a>b")), "sub-issue-updated");
    }
}
