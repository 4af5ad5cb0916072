//! Draft issues: items that live in one project and in no repository.
//!
//! Invariant: a draft and its item name each other.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::issue_input::CreateIssue;
use super::item::Content;
use super::refusal::Refusal;
use super::timeline::What;

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

/// `ConvertProjectV2DraftIssueItemToIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConvertDraft {
    /// The draft's item.
    pub item_id: NodeId,
    /// Where the issue is to live.
    pub repository_id: NodeId,
}

impl World {
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

    /// `updateProjectV2DraftIssue`: absent arguments leave alone.
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
        let item = draft.item.clone();
        if let Some(item) = self.items.get_mut(&item) {
            item.updated_at = now;
        }
        Ok(draft_issue_id)
    }

    /// `convertProjectV2DraftIssueItemToIssue`. The item keeps its id, place and values, and title, text and assignees
    /// go to the issue. GitHub: title and text are reported to be kept; the rest is a guess.
    pub fn convert_draft(&mut self, now: Timestamp, input: ConvertDraft) -> Result<NodeId, Refusal> {
        let ConvertDraft { item_id, repository_id } = input;
        let Content::Draft(id) = self.items.find(&item_id)?.content.clone() else {
            // The wording is not known.
            return Err(Refusal::unprocessable("The item is not a draft issue"));
        };
        let draft = self.drafts.find(&id)?.clone();
        let issue = CreateIssue {
            body: Some(draft.body),
            assignee_ids: Some(draft.assignees),
            ..CreateIssue::new(repository_id, draft.title)
        };
        let issue = self.create_issue(now, issue)?;
        let project = self.items.find(&item_id)?.project.clone();
        self.change_issue(now, &issue)?.items.push(item_id.clone());
        self.happened(now, &issue, What::ConvertedFromDraft { project });
        let item = self.items.find_mut(&item_id)?;
        item.content = Content::Issue(issue);
        item.updated_at = now;
        self.drafts.remove(&id);
        Ok(item_id)
    }
}
