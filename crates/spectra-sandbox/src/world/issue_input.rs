//! What clients send to make and change issues: the input types of GitHub's schema.

use serde::Deserialize;

use super::ids::NodeId;
use super::issue_state::{CloseReason, StateName};
use super::label::LabelRef;

/// `CreateIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateIssue {
    /// Where.
    pub repository_id: NodeId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Users.
    pub assignee_ids: Option<Vec<NodeId>>,
    /// Labels.
    pub label_ids: Option<Vec<NodeId>>,
    /// A milestone.
    pub milestone_id: Option<NodeId>,
    /// A type.
    pub issue_type_id: Option<NodeId>,
    /// The issue it is a part of.
    pub parent_issue_id: Option<NodeId>,
    /// Boards to file it on, after the answer.
    pub project_v2_ids: Option<Vec<NodeId>>,
}

impl CreateIssue {
    /// An issue with a title and nothing else.
    pub fn new(repository_id: NodeId, title: impl Into<String>) -> Self {
        Self {
            repository_id,
            title: title.into(),
            body: None,
            assignee_ids: None,
            label_ids: None,
            milestone_id: None,
            issue_type_id: None,
            parent_issue_id: None,
            project_v2_ids: None,
        }
    }
}

/// `UpdateIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateIssue {
    /// Which.
    pub id: NodeId,
    /// A new title.
    pub title: Option<String>,
    /// A new text.
    pub body: Option<String>,
    /// The whole new set of users.
    pub assignee_ids: Option<Vec<NodeId>>,
    /// The same, the newer way.
    pub assignees: Option<Vec<AssigneeRef>>,
    /// The whole new set of labels.
    pub label_ids: Option<Vec<NodeId>>,
    /// The same, the newer way.
    pub labels: Option<Vec<LabelRef>>,
    /// A milestone; null takes it away.
    #[serde(default, deserialize_with = "present")]
    pub milestone_id: Option<Option<NodeId>>,
    /// A type; null takes it away.
    #[serde(default, deserialize_with = "present")]
    pub issue_type_id: Option<Option<NodeId>>,
    /// The same, the newer way.
    pub issue_type: Option<IssueTypeRef>,
    /// A new state.
    pub state: Option<StateName>,
    /// The same with a reason.
    pub state_input: Option<StateInput>,
}

/// `AssigneeUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssigneeRef {
    /// Who.
    pub actor_id: NodeId,
}

/// `IssueTypeUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueTypeRef {
    /// Which; null for none.
    pub issue_type_id: Option<NodeId>,
}

/// `IssueStateUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StateInput {
    /// The state.
    pub value: StateName,
    /// Why, for a closed one.
    pub state_reason: Option<CloseReason>,
    /// The issue it repeats.
    pub duplicate_issue_id: Option<NodeId>,
}

/// `CloseIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Close {
    /// Which.
    pub issue_id: NodeId,
    /// Why; completed when not said.
    pub state_reason: Option<CloseReason>,
    /// The issue it repeats.
    pub duplicate_issue_id: Option<NodeId>,
}

/// `ReopenIssueInput`, `DeleteIssueInput`, `PinIssueInput`, `UnpinIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueRef {
    /// Which.
    pub issue_id: NodeId,
}

/// `TransferIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferIssue {
    /// Which.
    pub issue_id: NodeId,
    /// Where to.
    pub repository_id: NodeId,
    /// Whether labels that the other repository lacks are made there; they are lost when not.
    #[serde(default)]
    pub create_labels_if_missing: bool,
}

/// Tells an argument that was given as null from one that was not given.
#[expect(clippy::option_option, reason = "absent, null and a value are three things here")]
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
