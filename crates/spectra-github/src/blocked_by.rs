//! Dependencies: edges from an issue to those that it is blocked by.

use spectra_model::id::NodeId;

use crate::batch::batch_op;
use crate::operations::{AddBlockedBy, RemoveBlockedBy, add_blocked_by, remove_blocked_by};

batch_op!(AddBlockedBy, add_blocked_by, "addBlockedBy", AddBlockedByInput, AddBlockedBySel);
batch_op!(RemoveBlockedBy, remove_blocked_by, "removeBlockedBy", RemoveBlockedByInput, RemoveBlockedBySel);

/// An issue that another one is blocked by, as a list has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Blocker(pub(crate) NodeId);

pub(crate) fn add(issue: &NodeId, by: &NodeId) -> add_blocked_by::AddBlockedByInput {
    add_blocked_by::AddBlockedByInput {
        issue_id: issue.as_str().to_owned(),
        blocking_issue_id: by.as_str().to_owned(),
        ..Default::default()
    }
}

pub(crate) fn remove(issue: &NodeId, by: &NodeId) -> remove_blocked_by::RemoveBlockedByInput {
    remove_blocked_by::RemoveBlockedByInput {
        issue_id: issue.as_str().to_owned(),
        blocking_issue_id: by.as_str().to_owned(),
        ..Default::default()
    }
}
