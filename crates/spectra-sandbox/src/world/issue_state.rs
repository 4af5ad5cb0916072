//! Whether work on an issue is over, and why.
//!
//! Invariant: only a closed issue has a reason, and only one closed as a duplicate names another issue.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::event::Action;
use super::ids::NodeId;
use super::issue::Issue;
use super::issue_input::{Close, IssueRef};
use super::refusal::Refusal;
use super::timeline::What;

/// `IssueClosedStateReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CloseReason {
    /// Done.
    Completed,
    /// Another issue stands for it.
    Duplicate,
    /// Will not be done.
    NotPlanned,
}

impl CloseReason {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::Duplicate => "DUPLICATE",
            Self::NotPlanned => "NOT_PLANNED",
        }
    }
}

/// Whether work on an issue is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum State {
    /// It is not.
    Open {
        /// It was over once.
        reopened: bool,
    },
    /// It is.
    Closed {
        /// Why.
        reason: CloseReason,
        /// Since when.
        at: Timestamp,
    },
}

/// `IssueState`, `MilestoneState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StateName {
    /// Open.
    Open,
    /// Closed.
    Closed,
}

impl Issue {
    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// When it was closed.
    pub fn closed_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Open { .. } => None,
            State::Closed { at, .. } => Some(at),
        }
    }

    /// `IssueStateReason`. GitHub's schema: since 2025-10-01 a duplicate is called one without being asked to.
    pub fn state_reason(&self) -> Option<&'static str> {
        match self.state {
            State::Open { reopened: false } => None,
            State::Open { reopened: true } => Some("REOPENED"),
            State::Closed { reason, .. } => Some(reason.as_str()),
        }
    }
}

impl World {
    /// `closeIssue`. The items follow through the `Item closed` workflow, later. A closed issue may be given another
    /// reason (inferred).
    pub fn close_issue(&mut self, now: Timestamp, input: Close) -> Result<NodeId, Refusal> {
        self.editable(&input.issue_id, "CloseIssue")?;
        self.close(now, input, None)
    }

    /// Closes without asking whether the viewer may; `closer` is the board whose workflow does it.
    pub(super) fn close(
        &mut self,
        now: Timestamp,
        input: Close,
        closer: Option<NodeId>,
    ) -> Result<NodeId, Refusal> {
        let Close { issue_id, state_reason, duplicate_issue_id } = input;
        if let Some(duplicate) = &duplicate_issue_id {
            self.check_duplicate(&issue_id, duplicate)?;
        }
        let reason = state_reason.unwrap_or(CloseReason::Completed);
        let canonical = duplicate_issue_id.filter(|_| reason == CloseReason::Duplicate);
        let before = self.issues.find(&issue_id)?;
        let (was_open, was_reason) = (before.is_open(), before.state_reason());
        let marked = canonical.is_some() && before.duplicate_of != canonical;
        let issue = self.change_issue(now, &issue_id)?;
        let at = issue.closed_at().unwrap_or(now);
        issue.state = State::Closed { reason, at };
        issue.duplicate_of.clone_from(&canonical);
        if marked && let Some(canonical) = canonical.clone() {
            self.happened(now, &issue_id, What::MarkedAsDuplicate { canonical });
        }
        if was_open || was_reason != Some(reason.as_str()) {
            let what = What::Closed { reason, duplicate_of: canonical, closer };
            self.happened(now, &issue_id, what);
        }
        if was_open {
            self.defer(now, 200, 800, Action::IssueClosed { issue: issue_id.clone() });
        }
        Ok(issue_id)
    }

    /// The other issue is there, and another one. The wording is not known.
    pub(super) fn check_duplicate(&self, issue: &NodeId, other: &NodeId) -> Result<(), Refusal> {
        self.issues.find(other)?;
        if issue == other {
            return Err(Refusal::unprocessable("An issue cannot be a duplicate of itself"));
        }
        Ok(())
    }

    /// `reopenIssue`. An open issue stays as it is.
    pub fn reopen_issue(&mut self, now: Timestamp, input: IssueRef) -> Result<NodeId, Refusal> {
        self.editable(&input.issue_id, "ReopenIssue")?;
        if self.issues.find(&input.issue_id)?.is_open() {
            return Ok(input.issue_id);
        }
        let issue = self.change_issue(now, &input.issue_id)?;
        issue.state = State::Open { reopened: true };
        let canonical = issue.duplicate_of.take();
        if let Some(canonical) = canonical {
            self.happened(now, &input.issue_id, What::UnmarkedAsDuplicate { canonical });
        }
        self.happened(now, &input.issue_id, What::Reopened);
        Ok(input.issue_id)
    }
}
