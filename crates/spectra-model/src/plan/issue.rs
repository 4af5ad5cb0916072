//! Issues and the edges between them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FieldInput;
use crate::id::{FieldName, IssueKey, LabelName, RepoSlug};

/// An issue as it shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issue {
    /// Its identity.
    pub key: IssueKey,
    /// Where it stands in the backlog.
    pub level: Level,
    /// Its title.
    pub title: String,
    /// Where it goes.
    pub repository: RepoSlug,
    /// The text of the managed region; empty where the author wrote none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Its labels, the managed one first.
    pub labels: Vec<LabelName>,
    /// Open or closed; None is not managed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<IssueState>,
    /// Its values; null empties one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldName, Option<FieldInput>>,
    /// The stage of its activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Keys that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<IssueKey>,
}

/// Where an issue stands in the backlog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// The whole endeavour.
    Initiative,
    /// A part of it, in one stage.
    Activity,
    /// A piece of work, or a piece of one.
    Task,
}

/// Open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IssueState {
    /// Open.
    Open,
    /// Closed.
    Closed,
}

/// An edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type", deny_unknown_fields)]
pub enum Link {
    /// From a parent to its sub-issue.
    SubIssue {
        /// The parent.
        parent: IssueKey,
        /// The sub-issue.
        child: IssueKey,
    },
    /// From an issue to one that it is blocked by.
    BlockedBy {
        /// The issue that waits.
        issue: IssueKey,
        /// The issue that it waits for.
        by: IssueKey,
    },
}

impl Link {
    /// Parent and child, where it is that edge.
    pub fn sub_issue(&self) -> Option<(&IssueKey, &IssueKey)> {
        match self {
            Self::SubIssue { parent, child } => Some((parent, child)),
            Self::BlockedBy { .. } => None,
        }
    }

    /// The issue that waits and the one that it waits for, where it is that edge.
    pub fn blocked_by(&self) -> Option<(&IssueKey, &IssueKey)> {
        match self {
            Self::BlockedBy { issue, by } => Some((issue, by)),
            Self::SubIssue { .. } => None,
        }
    }
}
