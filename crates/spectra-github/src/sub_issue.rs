//! Edges between a parent and its sub-issues.

use spectra_model::id::NodeId;

use crate::batch::batch_op;
use crate::operations::{AddSubIssue, add_sub_issue};

batch_op!(AddSubIssue, add_sub_issue, "addSubIssue", AddSubIssueInput, AddSubIssueSel);

/// `replace_parent` moves a sub-issue that has another parent; without it GitHub refuses.
pub(crate) fn add(parent: &NodeId, child: &NodeId, replace_parent: bool) -> add_sub_issue::AddSubIssueInput {
    add_sub_issue::AddSubIssueInput {
        issue_id: parent.as_str().to_owned(),
        sub_issue_id: Some(child.as_str().to_owned()),
        replace_parent: replace_parent.then_some(true),
        ..Default::default()
    }
}
