//! Edges between a parent and its sub-issues.

use std::collections::BTreeMap;

use spectra_model::id::NodeId;

use crate::batch::batch_op;
use crate::bulk::seen;
use crate::client::Client;
use crate::failure::Failure;
use crate::label::texts;
use crate::operations::{AddSubIssue, MoveSubIssue, Parents, add_sub_issue, move_sub_issue, parents};

batch_op!(AddSubIssue, add_sub_issue, "addSubIssue", AddSubIssueInput, AddSubIssueSel);
batch_op!(MoveSubIssue, move_sub_issue, "reprioritizeSubIssue", ReprioritizeSubIssueInput, MoveSubIssueSel);

/// A sub-issue, as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubIssue(pub(crate) NodeId);

/// Where a sub-issue goes among its parent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// Right before this one.
    Before(NodeId),
    /// Right after this one.
    After(NodeId),
}

impl Client {
    /// The parents of these issues; None for one without, or that isn't there.
    pub(crate) async fn parents(
        &self,
        issues: &[NodeId],
    ) -> Result<BTreeMap<NodeId, Option<NodeId>>, Failure> {
        use parents::ParentsNodes as Node;
        let data = seen(self.query::<Parents>(parents::Variables { ids: texts(issues) }).await?)?;
        let found = data.nodes.into_iter().flatten().filter_map(|node| {
            let Node::Issue(it) = node else { return None };
            Some((NodeId::new(it.id), it.parent.map(|parent| NodeId::new(parent.id))))
        });
        Ok(found.collect())
    }
}

/// `replace_parent` moves a sub-issue that has another parent; without it GitHub refuses.
pub(crate) fn add(parent: &NodeId, child: &NodeId, replace_parent: bool) -> add_sub_issue::AddSubIssueInput {
    add_sub_issue::AddSubIssueInput {
        issue_id: parent.as_str().to_owned(),
        sub_issue_id: Some(child.as_str().to_owned()),
        replace_parent: replace_parent.then_some(true),
        ..Default::default()
    }
}

pub(crate) fn place(
    parent: &NodeId,
    child: &NodeId,
    beside: &Beside,
) -> move_sub_issue::ReprioritizeSubIssueInput {
    let plain = move_sub_issue::ReprioritizeSubIssueInput {
        issue_id: parent.as_str().to_owned(),
        sub_issue_id: child.as_str().to_owned(),
        ..Default::default()
    };
    match beside {
        Beside::Before(other) => {
            move_sub_issue::ReprioritizeSubIssueInput { before_id: Some(other.as_str().to_owned()), ..plain }
        }
        Beside::After(other) => {
            move_sub_issue::ReprioritizeSubIssueInput { after_id: Some(other.as_str().to_owned()), ..plain }
        }
    }
}
