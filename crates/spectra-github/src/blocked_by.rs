//! Dependencies: edges from an issue to those that it is blocked by.

use spectra_model::id::NodeId;

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::operations::{
    AddBlockedBy, IssueBlockers, RemoveBlockedBy, add_blocked_by, issue_blockers, issues_by_id,
    remove_blocked_by, repository_issues,
};
use crate::page::{Page, page};
use crate::reader::{Reader, another_type};

batch_op!(AddBlockedBy, add_blocked_by, "addBlockedBy", AddBlockedByInput, AddBlockedBySel);
batch_op!(RemoveBlockedBy, remove_blocked_by, "removeBlockedBy", RemoveBlockedByInput, RemoveBlockedBySel);

/// An issue that another one is blocked by, as a list has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Blocker(pub(crate) NodeId);

impl From<issues_by_id::IssueSelBlockedByNodes> for Blocker {
    fn from(issue: issues_by_id::IssueSelBlockedByNodes) -> Self {
        Self(NodeId::new(issue.id))
    }
}

impl From<repository_issues::IssueSelBlockedByNodes> for Blocker {
    fn from(issue: repository_issues::IssueSelBlockedByNodes) -> Self {
        Self(NodeId::new(issue.id))
    }
}

impl From<issue_blockers::IssueBlockersNodeOnIssueBlockedByNodes> for Blocker {
    fn from(issue: issue_blockers::IssueBlockersNodeOnIssueBlockedByNodes) -> Self {
        Self(NodeId::new(issue.id))
    }
}

impl Reader {
    pub(crate) async fn blockers_page(
        &self,
        issue: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<Blocker>, Failure> {
        let variables = issue_blockers::Variables { issue: issue.as_str().to_owned(), first, after };
        match self.client().whole::<IssueBlockers>(variables).await?.node {
            Some(issue_blockers::IssueBlockersNode::Issue(it)) => {
                let page = it.blocked_by;
                Ok(page!(page))
            }
            Some(_) | None => Err(another_type(issue, "an issue")),
        }
    }
}

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
