//! What GitHub does after it has answered.
//!
//! Invariant: the queue is sorted by due time, ties in the order of their arrival. An event checks the world as it is
//! when it runs, not as it was when it was put in.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::ids::NodeId;
use super::issue_input::Close;
use super::issue_state::CloseReason;
use super::workflow::WorkflowKind;
use super::{World, item::Content};

/// One piece of deferred work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// When it runs.
    pub due: Timestamp,
    /// What it does.
    pub action: Action,
}

/// What deferred work does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// Files an issue on a board that `createIssue.projectV2Ids` named.
    FileIssue {
        /// The issue.
        issue: NodeId,
        /// The board.
        project: NodeId,
    },
    /// Files a sub-issue on a board of its parent, if the board's workflow is on.
    FileSubIssue {
        /// The sub-issue.
        issue: NodeId,
        /// The parent's board.
        project: NodeId,
    },
    /// Gives a new item its first status, if the board's workflow is on.
    ItemAdded {
        /// The item.
        item: NodeId,
    },
    /// Sets the status of a closed issue's items, where the board's workflow is on.
    IssueClosed {
        /// The issue.
        issue: NodeId,
    },
    /// Lets the search index show an issue as it is.
    Index {
        /// The issue.
        issue: NodeId,
    },
    /// Closes the issue whose item got the final status, if the board's workflow is on.
    StatusSet {
        /// The item.
        item: NodeId,
    },
}

impl World {
    /// Puts work into the queue, due after the shortest time plus some of the spread, both in milliseconds.
    pub(super) fn defer(&mut self, now: Timestamp, shortest_ms: u64, spread_ms: u64, action: Action) {
        let delay = shortest_ms.saturating_add(self.ids.draw_below(spread_ms.saturating_add(1)));
        let due = later(now, delay);
        let place = self.queue.partition_point(|event| event.due <= due);
        self.queue.insert(place, Event { due, action });
    }

    pub(super) fn run(&mut self, now: Timestamp, action: Action) {
        let before = std::mem::replace(&mut self.automating, true);
        match action {
            Action::Index { issue } => {
                self.unindexed.remove(&issue);
            }
            Action::FileIssue { issue, project } => self.file_later(now, &project, issue),
            Action::FileSubIssue { issue, project } => {
                if self.enabled_workflow(&project, WorkflowKind::AutoAddSubIssues).is_some() {
                    self.file_later(now, &project, issue);
                }
            }
            Action::ItemAdded { item } => self.give_first_status(now, &item),
            Action::IssueClosed { issue } => self.give_last_status(now, &issue),
            Action::StatusSet { item } => self.close_by_status(now, &item),
        }
        self.automating = before;
    }

    fn file_later(&mut self, now: Timestamp, project: &NodeId, issue: NodeId) {
        if let Err(refusal) = self.add_item(now, project, Content::Issue(issue)) {
            // GitHub says nothing to anyone when deferred work fails, for instance since the issue is gone.
            tracing::debug!(%refusal, "deferred filing did nothing");
        }
    }

    fn give_first_status(&mut self, now: Timestamp, item: &NodeId) {
        let Some(row) = self.items.get(item) else { return };
        let Some(flow) = self.enabled_workflow(&row.project, WorkflowKind::ItemAdded) else { return };
        let (Some(field), Some(option)) = (flow.field.clone(), flow.option.clone()) else { return };
        if !row.values.contains_key(&field) {
            self.set_status(now, item, &field, &option);
        }
    }

    fn give_last_status(&mut self, now: Timestamp, issue: &NodeId) {
        let Some(row) = self.issues.get(issue) else { return };
        if row.is_open() {
            return;
        }
        for item in row.items.clone() {
            let Some(project) = self.items.get(&item).map(|item| item.project.clone()) else { continue };
            let Some(flow) = self.enabled_workflow(&project, WorkflowKind::ItemClosed) else { continue };
            if let (Some(field), Some(option)) = (flow.field.clone(), flow.option.clone()) {
                self.set_status(now, &item, &field, &option);
            }
        }
    }

    fn close_by_status(&mut self, now: Timestamp, item: &NodeId) {
        let Some(row) = self.items.get(item) else { return };
        let Content::Issue(issue) = row.content.clone() else { return };
        let Some(flow) = self.enabled_workflow(&row.project, WorkflowKind::AutoClose) else { return };
        let closer = row.project.clone();
        let still_final = flow
            .field
            .as_ref()
            .and_then(|field| row.values.get(field))
            .is_some_and(|value| value.data.option() == flow.option.as_deref() && flow.option.is_some());
        let open = self.issues.get(&issue).is_some_and(super::issue::Issue::is_open);
        if still_final && open {
            let close = Close {
                issue_id: issue,
                state_reason: Some(CloseReason::Completed),
                duplicate_issue_id: None,
            };
            if let Err(refusal) = self.close(now, close, Some(closer)) {
                tracing::debug!(%refusal, "the auto-close workflow did nothing");
            }
        }
    }
}

/// The moment so many milliseconds after another.
pub(super) fn later(from: Timestamp, ms: u64) -> Timestamp {
    let delay = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
    from.checked_add(delay).unwrap_or(Timestamp::MAX)
}
