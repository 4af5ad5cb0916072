//! Items of projects, and draft issues.
//!
//! Invariant: a project holds an issue at most once; an item and its content name each other.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::event::{Action, later};
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;
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

/// A draft issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    /// Node id.
    pub id: NodeId,
    /// The item that stands for it.
    pub item: NodeId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Assigned users.
    pub assignees: Vec<NodeId>,
    /// Who wrote it.
    pub creator: NodeId,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
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

/// `AddProjectV2DraftIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddDraft {
    /// Where.
    pub project_id: NodeId,
    /// Its title, or the address of an issue to add instead.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Users.
    pub assignee_ids: Option<Vec<NodeId>>,
}

/// `UpdateProjectV2DraftIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateDraft {
    /// Which.
    pub draft_issue_id: NodeId,
    /// A new title.
    pub title: Option<String>,
    /// A new text.
    pub body: Option<String>,
    /// The whole new set of users.
    pub assignee_ids: Option<Vec<NodeId>>,
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

    /// `addProjectV2DraftIssue`. GitHub's schema: a title that is an issue's address adds that issue instead.
    pub fn add_draft(&mut self, now: Timestamp, input: AddDraft) -> Result<NodeId, Refusal> {
        let AddDraft { project_id, title, body, assignee_ids } = input;
        self.projects.find(&project_id)?;
        if title.starts_with("https://github.com/")
            && let Ok(issue) = self.issue_by_url(&title)
        {
            return self.add_item(now, &project_id, Content::Issue(issue));
        }
        if title.trim().is_empty() {
            return Err(Refusal::unprocessable("Title can't be blank"));
        }
        let body = body.unwrap_or_default();
        super::issue::check_body(&body)?;
        let assignees = assignee_ids.unwrap_or_default();
        self.check_assignees(&assignees)?;
        let (draft, _) = self.ids.mint(Kind::Draft);
        let item = self.add_item(now, &project_id, Content::Draft(draft.clone()))?;
        let row = Draft {
            id: draft.clone(),
            item: item.clone(),
            title,
            body,
            assignees,
            creator: self.viewer.clone(),
            created_at: now,
            updated_at: now,
        };
        self.drafts.insert(draft, row);
        Ok(item)
    }

    /// `updateProjectV2DraftIssue`.
    pub fn update_draft(&mut self, now: Timestamp, input: UpdateDraft) -> Result<NodeId, Refusal> {
        let UpdateDraft { draft_issue_id, title, body, assignee_ids } = input;
        if title.as_ref().is_some_and(|title| title.trim().is_empty()) {
            return Err(Refusal::unprocessable("Title can't be blank"));
        }
        if let Some(body) = &body {
            super::issue::check_body(body)?;
        }
        self.check_assignees(assignee_ids.as_deref().unwrap_or_default())?;
        let draft = self.drafts.find_mut(&draft_issue_id)?;
        if let Some(title) = title {
            draft.title = title;
        }
        if let Some(body) = body {
            draft.body = body;
        }
        if let Some(assignees) = assignee_ids {
            draft.assignees = assignees;
        }
        draft.updated_at = now;
        Ok(draft_issue_id)
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
            self.issues.find_mut(issue)?.items.push(id.clone());
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
                if let Some(issue) = self.issues.get_mut(issue) {
                    issue.items.retain(|id| *id != item.id);
                }
            }
            Content::Draft(draft) => {
                self.drafts.remove(draft);
            }
        }
    }
}
