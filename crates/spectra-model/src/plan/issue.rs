//! Issues and the edges between them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FieldInput;
use crate::Setting;
use crate::id::{
    FieldName, IssueKey, IssueTypeName, LabelName, Login, MilestoneTitle, ProjectSlug, RepoSlug, TeamSlug,
};

/// An issue as it shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issue {
    /// The logins that it is assigned to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<Login>,
    /// The text of the managed region.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub body: Setting<String>,
    /// Its values; null empties one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldName, Option<FieldInput>>,
    /// Its issue type.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub issue_type: Setting<IssueTypeName>,
    /// Its identity.
    pub key: IssueKey,
    /// Its labels, the managed one first.
    pub labels: Vec<LabelName>,
    /// Where it stands in the backlog.
    pub level: Level,
    /// Its milestone.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub milestone: Setting<MilestoneTitle>,
    /// Keys that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<IssueKey>,
    /// Where it goes.
    pub repository: RepoSlug,
    /// The stage of its activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Open or closed; None is not managed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<IssueState>,
    /// Why it is closed; None is not managed. Only with the state `closed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<StateReason>,
    /// Its title.
    pub title: String,
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

/// Why an issue is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StateReason {
    /// The work is done.
    Completed,
    /// It won't be done.
    NotPlanned,
}

/// An issue that an edge leads to: of this board, or of another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IssueRef {
    /// Of this board.
    Own(IssueKey),
    /// Of another board; it is found by its marker.
    Foreign(ForeignIssue),
}

impl IssueRef {
    /// The key, where it is of this board.
    pub fn own(&self) -> Option<&IssueKey> {
        match self {
            Self::Own(key) => Some(key),
            Self::Foreign(_) => None,
        }
    }

    /// The issue of another board that it is.
    pub fn foreign(&self) -> Option<&ForeignIssue> {
        match self {
            Self::Own(_) => None,
            Self::Foreign(issue) => Some(issue),
        }
    }

    /// The same, taken out.
    pub fn into_foreign(self) -> Option<ForeignIssue> {
        match self {
            Self::Own(_) => None,
            Self::Foreign(issue) => Some(issue),
        }
    }

    /// The key that it has on whichever board it stands.
    pub fn key(&self) -> &IssueKey {
        match self {
            Self::Own(key) => key,
            Self::Foreign(foreign) => &foreign.key,
        }
    }
}

/// An issue of another board.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignIssue {
    /// That board.
    pub slug: ProjectSlug,
    /// Its key there.
    pub key: IssueKey,
}

/// An edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type", deny_unknown_fields)]
pub enum Link {
    /// From a parent to its sub-issue.
    SubIssue {
        /// The parent.
        parent: IssueRef,
        /// The sub-issue.
        child: IssueKey,
    },
    /// From an issue to one that it is blocked by.
    BlockedBy {
        /// The issue that waits.
        issue: IssueKey,
        /// The issue that it waits for.
        by: IssueRef,
    },
    /// From the board to a repository that is linked to it.
    Repository {
        /// The repository.
        name: RepoSlug,
    },
    /// From the board to a team of its owner that is linked to it.
    Team {
        /// The team.
        name: TeamSlug,
    },
}

impl Link {
    /// Parent and child, where it is that edge.
    pub fn sub_issue(&self) -> Option<(&IssueRef, &IssueKey)> {
        match self {
            Self::SubIssue { parent, child } => Some((parent, child)),
            Self::BlockedBy { .. } | Self::Repository { .. } | Self::Team { .. } => None,
        }
    }

    /// The issue that waits and the one that it waits for, where it is that edge.
    pub fn blocked_by(&self) -> Option<(&IssueKey, &IssueRef)> {
        match self {
            Self::BlockedBy { issue, by } => Some((issue, by)),
            Self::SubIssue { .. } | Self::Repository { .. } | Self::Team { .. } => None,
        }
    }

    /// The issue of another board that it leads to.
    pub fn foreign(&self) -> Option<&ForeignIssue> {
        match self {
            Self::SubIssue { parent: IssueRef::Foreign(issue), .. }
            | Self::BlockedBy { by: IssueRef::Foreign(issue), .. } => Some(issue),
            Self::SubIssue { .. } | Self::BlockedBy { .. } | Self::Repository { .. } | Self::Team { .. } => {
                None
            }
        }
    }

    /// The linked repository, where it is that edge.
    pub fn repository(&self) -> Option<&RepoSlug> {
        match self {
            Self::Repository { name } => Some(name),
            Self::SubIssue { .. } | Self::BlockedBy { .. } | Self::Team { .. } => None,
        }
    }

    /// The linked team, where it is that edge.
    pub fn team(&self) -> Option<&TeamSlug> {
        match self {
            Self::Team { name } => Some(name),
            Self::SubIssue { .. } | Self::BlockedBy { .. } | Self::Repository { .. } => None,
        }
    }
}
