//! Comments of issues.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::issue::check_body;
use super::refusal::{Refusal, RefusalKind};
use super::repository::Permission;
use super::timeline::What;

/// A comment on an issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comment {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The issue.
    pub issue: NodeId,
    /// Who wrote it.
    pub author: NodeId,
    /// Its text.
    pub body: String,
    /// Who last edited its text.
    #[serde(default)]
    pub editor: Option<NodeId>,
    /// When the text was last edited.
    #[serde(default)]
    pub last_edited_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// `AddCommentInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddComment {
    /// The issue.
    pub subject_id: NodeId,
    /// The text.
    pub body: String,
}

/// `UpdateIssueCommentInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateComment {
    /// Which.
    pub id: NodeId,
    /// The new text.
    pub body: String,
}

/// `DeleteIssueCommentInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteComment {
    /// Which.
    pub id: NodeId,
}

impl World {
    /// `addComment`. GitHub: docs "Locking conversations": a locked one is open to those with write access only; the
    /// wording is not known.
    pub fn add_comment(&mut self, now: Timestamp, input: AddComment) -> Result<NodeId, Refusal> {
        let issue = self.issues.find(&input.subject_id)?;
        let repository = self.writable(&issue.repository)?;
        if issue.lock.is_some() && self.permission(repository) < Some(Permission::Write) {
            return Err(Refusal::new(
                RefusalKind::Forbidden,
                "Unable to create comment because issue is locked.",
            ));
        }
        check_text(&input.body)?;
        let (id, database_id) = self.ids.mint(Kind::Comment);
        let comment = Comment {
            id: id.clone(),
            database_id,
            issue: input.subject_id.clone(),
            author: self.viewer.clone(),
            body: input.body,
            editor: None,
            last_edited_at: None,
            created_at: now,
            updated_at: now,
        };
        let issue = self.change_issue(now, &input.subject_id)?;
        issue.comments.push(id.clone());
        issue.timeline.push(id.clone());
        self.comments.insert(id.clone(), comment);
        Ok(id)
    }

    /// `updateIssueComment`.
    pub fn update_comment(&mut self, now: Timestamp, input: UpdateComment) -> Result<NodeId, Refusal> {
        let issue = self.may_change_comment(&input.id, "UpdateIssueComment")?;
        check_text(&input.body)?;
        self.change_issue(now, &issue)?;
        let viewer = self.viewer.clone();
        let comment = self.comments.find_mut(&input.id)?;
        if comment.body != input.body {
            comment.body = input.body;
            comment.editor = Some(viewer);
            comment.last_edited_at = Some(now);
        }
        comment.updated_at = now;
        Ok(input.id)
    }

    /// `deleteIssueComment`.
    pub fn delete_comment(&mut self, now: Timestamp, input: &DeleteComment) -> Result<(), Refusal> {
        let issue = self.may_change_comment(&input.id, "DeleteIssueComment")?;
        let row = self.change_issue(now, &issue)?;
        row.comments.retain(|id| *id != input.id);
        row.timeline.retain(|id| *id != input.id);
        if let Some(comment) = self.comments.remove(&input.id) {
            let what = What::CommentDeleted { author: comment.author, database_id: comment.database_id };
            self.happened(now, &issue, what);
        }
        Ok(())
    }

    /// The comment's issue, if the viewer wrote the comment or may write.
    fn may_change_comment(&self, comment: &NodeId, mutation: &str) -> Result<NodeId, Refusal> {
        let comment = self.comments.find(comment)?;
        let issue = self.issues.find(&comment.issue)?;
        let mine = comment.author == self.viewer;
        let least = if mine { Permission::Read } else { Permission::Write };
        self.allowed(&issue.repository, least, mutation)?;
        Ok(comment.issue.clone())
    }
}

fn check_text(body: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(Refusal::unprocessable("Body can't be blank"));
    }
    check_body(body)
}
