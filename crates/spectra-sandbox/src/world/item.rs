//! Items of projects.
//!
//! Invariant: a project holds an issue at most once; an item and its content name each other.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::event::{Action, later};
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;
use super::timeline::What;
use super::value::Value;

/// GitHub: docs "Projects" limits.
const ITEM_LIMIT: usize = 50_000;

/// What an item stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    /// An issue of a repository.
    Issue(NodeId),
    /// A draft, which lives in the project only.
    Draft(NodeId),
}

/// An item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Item {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The project.
    pub project: NodeId,
    /// What it stands for.
    pub content: Content,
    /// Whether it was put away.
    pub archived: bool,
    /// Who added it.
    pub creator: NodeId,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When `ProjectV2.items` begins to show it.
    pub listed_at: Timestamp,
    /// Values by field: those that the item itself holds.
    pub values: BTreeMap<NodeId, Value>,
}

/// `AddProjectV2ItemByIdInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddItem {
    /// Where.
    pub project_id: NodeId,
    /// What.
    pub content_id: NodeId,
}

/// `DeleteProjectV2ItemInput`, `ArchiveProjectV2ItemInput`, `UnarchiveProjectV2ItemInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItemRef {
    /// The project.
    pub project_id: NodeId,
    /// The item.
    pub item_id: NodeId,
}

/// `UpdateProjectV2ItemPositionInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveItem {
    /// The project.
    pub project_id: NodeId,
    /// The item.
    pub item_id: NodeId,
    /// The item it goes behind; none for the top.
    pub after_id: Option<NodeId>,
}

impl World {
    /// `addProjectV2ItemById`. An issue that is there already answers with its item. GitHub: docs "Using the API to
    /// manage Projects".
    pub fn add_item_by_id(&mut self, now: Timestamp, input: AddItem) -> Result<NodeId, Refusal> {
        self.issues.find(&input.content_id)?;
        self.add_item(now, &input.project_id, Content::Issue(input.content_id))
    }

    /// `deleteProjectV2Item`.
    pub fn delete_item(&mut self, now: Timestamp, input: ItemRef) -> Result<NodeId, Refusal> {
        self.item_of(&input.project_id, &input.item_id)?;
        self.drop_item(now, &input.item_id);
        Ok(input.item_id)
    }

    /// `archiveProjectV2Item` and its opposite. Repeating either changes nothing.
    pub fn archive_item(
        &mut self,
        now: Timestamp,
        input: ItemRef,
        archived: bool,
    ) -> Result<NodeId, Refusal> {
        self.item_of(&input.project_id, &input.item_id)?;
        let item = self.items.find_mut(&input.item_id)?;
        if item.archived != archived {
            item.archived = archived;
            item.updated_at = now;
        }
        Ok(input.item_id)
    }

    /// `updateProjectV2ItemPosition`; gives the project.
    pub fn move_item(&mut self, now: Timestamp, input: &MoveItem) -> Result<NodeId, Refusal> {
        self.item_of(&input.project_id, &input.item_id)?;
        if let Some(after) = &input.after_id {
            self.item_of(&input.project_id, after)?;
            if *after == input.item_id {
                return Err(Refusal::validation("The item cannot be moved after itself"));
            }
        }
        let project = self.projects.find_mut(&input.project_id)?;
        project.items.retain(|id| *id != input.item_id);
        let place = match &input.after_id {
            None => 0,
            Some(after) => project.items.iter().position(|id| id == after).map_or(0, |place| place + 1),
        };
        project.items.insert(place, input.item_id.clone());
        project.updated_at = now;
        Ok(input.project_id.clone())
    }

    /// The item, if the project has it. GitHub: message and type observed.
    pub(super) fn item_of(&self, project: &NodeId, item: &NodeId) -> Result<&Item, Refusal> {
        self.projects.find(project)?;
        let row = self.items.find(item)?;
        if row.project != *project {
            return Err(Refusal::validation("The item does not exist in the project"));
        }
        Ok(row)
    }

    /// Puts content on a board, at its end, once.
    pub(super) fn add_item(
        &mut self,
        now: Timestamp,
        project: &NodeId,
        content: Content,
    ) -> Result<NodeId, Refusal> {
        let row = self.projects.find(project)?;
        if row.items.len() >= ITEM_LIMIT {
            // The wording is not known.
            return Err(Refusal::unprocessable("Projects can have a maximum of 50000 items"));
        }
        if let Content::Issue(issue) = &content {
            let issue = self.issues.find(issue)?;
            let here = |item: &&NodeId| self.items.get(item).is_some_and(|item| item.project == *project);
            if let Some(item) = issue.items.iter().find(here) {
                return Ok(item.clone());
            }
        }
        let (id, database_id) = self.ids.mint(Kind::Item);
        if let Content::Issue(issue) = &content {
            self.change_issue(now, issue)?.items.push(id.clone());
            self.happened(now, issue, What::AddedToProject { project: project.clone() });
        }
        let item = Item {
            id: id.clone(),
            database_id,
            project: project.clone(),
            content,
            archived: false,
            creator: self.viewer.clone(),
            created_at: now,
            updated_at: now,
            listed_at: later(now, self.behaviour.items_lag_ms),
            values: BTreeMap::new(),
        };
        self.items.insert(id.clone(), item);
        let row = self.projects.find_mut(project)?;
        row.items.push(id.clone());
        row.updated_at = now;
        self.defer(now, 100, 400, Action::ItemAdded { item: id.clone() });
        Ok(id)
    }

    /// Takes an item off its board; a draft goes with it.
    pub(super) fn drop_item(&mut self, now: Timestamp, item: &NodeId) {
        let Some(item) = self.items.remove(item) else { return };
        if let Some(project) = self.projects.get_mut(&item.project) {
            project.items.retain(|id| *id != item.id);
            project.updated_at = now;
        }
        match &item.content {
            Content::Issue(issue) => {
                if let Ok(row) = self.change_issue(now, issue) {
                    row.items.retain(|id| *id != item.id);
                    self.happened(now, issue, What::RemovedFromProject { project: item.project.clone() });
                }
            }
            Content::Draft(draft) => {
                self.drafts.remove(draft);
            }
        }
    }
}
