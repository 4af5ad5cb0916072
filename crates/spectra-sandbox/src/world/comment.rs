//! Comments of issues.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::issue::check_body;
use super::refusal::Refusal;

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

impl World {
    /// `addComment`.
    pub fn add_comment(&mut self, now: Timestamp, input: AddComment) -> Result<NodeId, Refusal> {
        let repository = self.issues.find(&input.subject_id)?.repository.clone();
        self.writable(&repository)?;
        if input.body.trim().is_empty() {
            return Err(Refusal::unprocessable("Body can't be blank"));
        }
        check_body(&input.body)?;
        let (id, database_id) = self.ids.mint(Kind::Comment);
        let comment = Comment {
            id: id.clone(),
            database_id,
            issue: input.subject_id.clone(),
            author: self.viewer.clone(),
            body: input.body,
            created_at: now,
            updated_at: now,
        };
        self.comments.insert(id.clone(), comment);
        let issue = self.issues.find_mut(&input.subject_id)?;
        issue.comments.push(id.clone());
        issue.updated_at = now;
        Ok(id)
    }
}
