//! What happened to an issue: the entries of its timeline that are no comments.
//!
//! Invariant: an issue's timeline names entries and comments that exist and belong to it, oldest first. An entry whose
//! actor is nobody was made by a workflow.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::issue_state::CloseReason;

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Happening {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id; none in a world that was kept before it had them.
    #[serde(default)]
    pub database_id: u32,
    /// The issue.
    pub issue: NodeId,
    /// Who did it; a workflow when nobody.
    pub actor: Option<NodeId>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened: a member of `IssueTimelineItems` each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each variant is GitHub's event of that name, each field the event's")]
pub enum What {
    AddedToProject { project: NodeId },
    Assigned { user: NodeId },
    BlockedByAdded { issue: NodeId },
    BlockedByRemoved { issue: NodeId },
    BlockingAdded { issue: NodeId },
    BlockingRemoved { issue: NodeId },
    Closed { reason: CloseReason, duplicate_of: Option<NodeId>, closer: Option<NodeId> },
    ConvertedFromDraft { project: NodeId },
    CommentDeleted { author: NodeId, database_id: u32 },
    Demilestoned { title: String },
    Labeled { label: NodeId },
    Locked { reason: Option<String> },
    MarkedAsDuplicate { canonical: NodeId },
    Milestoned { title: String },
    ParentAdded { issue: NodeId },
    ParentRemoved { issue: NodeId },
    Pinned,
    RemovedFromProject { project: NodeId },
    Renamed { from: String, to: String },
    Reopened,
    StatusChanged { project: NodeId, from: String, to: String },
    SubIssueAdded { issue: NodeId },
    SubIssueRemoved { issue: NodeId },
    Transferred { from: NodeId },
    TypeAdded { to: NodeId },
    TypeChanged { from: NodeId, to: NodeId },
    TypeRemoved { from: NodeId },
    Unassigned { user: NodeId },
    Unlabeled { label: NodeId },
    Unlocked,
    UnmarkedAsDuplicate { canonical: NodeId },
    Unpinned,
}

impl World {
    /// Writes down what happened to an issue. An issue that is gone has no timeline.
    pub(super) fn happened(&mut self, now: Timestamp, issue: &NodeId, what: What) {
        if !self.issues.contains(issue) {
            return;
        }
        let (id, database_id) = self.ids.mint(Kind::Happening);
        let actor = (!self.automating).then(|| self.viewer.clone());
        let entry = Happening { id: id.clone(), database_id, issue: issue.clone(), actor, at: now, what };
        self.happenings.insert(id.clone(), entry);
        if let Some(issue) = self.issues.get_mut(issue) {
            issue.timeline.push(id);
        }
    }

    /// Writes down that an item's status became another one. GitHub's schema has an event for the status only, and
    /// gives the names as they were then.
    pub(super) fn status_changed(&mut self, now: Timestamp, item: &NodeId, field: &NodeId, from: &str) {
        let Some(row) = self.items.get(item) else { return };
        let super::item::Content::Issue(issue) = row.content.clone() else { return };
        let Some(column) = self.fields.get(field).filter(|field| field.name == "Status") else { return };
        let to = column.option_name(row.values.get(field));
        if to != from {
            let what = What::StatusChanged { project: row.project.clone(), from: from.to_owned(), to };
            self.happened(now, &issue, what);
        }
    }

    /// Whether the entry can still be shown. GitHub's schema wants the label of an event, and this one is gone. What GitHub
    /// does then is not known.
    pub fn is_whole(&self, entry: &Happening) -> bool {
        let (What::Labeled { label } | What::Unlabeled { label }) = &entry.what else { return true };
        self.labels.contains(label)
    }

    /// Who closed an issue that is closed; nobody when a workflow did.
    pub fn closed_by(&self, issue: &super::issue::Issue) -> Option<&NodeId> {
        if issue.is_open() {
            return None;
        }
        let mut entries = issue.timeline.iter().rev().filter_map(|id| self.happenings.get(id));
        entries.find(|entry| matches!(entry.what, What::Closed { .. }))?.actor.as_ref()
    }

    /// The name of an item's option in a field, empty when it has none.
    pub(super) fn option_of(&self, item: &NodeId, field: &NodeId) -> String {
        let value = self.items.get(item).and_then(|item| item.values.get(field));
        self.fields.get(field).map_or_else(String::new, |field| field.option_name(value))
    }
}

impl super::field::Field {
    fn option_name(&self, value: Option<&super::value::Value>) -> String {
        let chosen = value.and_then(|value| value.data.option());
        let found = self.options.iter().find(|option| Some(option.id.as_str()) == chosen);
        found.map_or_else(String::new, |option| option.name.clone())
    }
}
