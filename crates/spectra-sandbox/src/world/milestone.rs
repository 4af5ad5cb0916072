//! Milestones: read only, since GitHub's GraphQL has no mutation that makes one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;

/// A milestone of a repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Milestone {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The repository.
    pub repository: NodeId,
    /// Its number within the repository.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// When it is due.
    pub due_on: Option<Timestamp>,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// Who made it.
    pub creator: NodeId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl World {
    /// Adds a milestone to a repository.
    pub fn add_milestone(
        &mut self,
        repository: &NodeId,
        title: &str,
        description: Option<String>,
        due_on: Option<Timestamp>,
    ) -> Result<NodeId, Refusal> {
        let (id, database_id) = self.ids.mint(Kind::Milestone);
        let row = self.repositories.find_mut(repository)?;
        row.milestones.push(id.clone());
        let number = u32::try_from(row.milestones.len()).unwrap_or(u32::MAX);
        let milestone = Milestone {
            id: id.clone(),
            database_id,
            repository: repository.clone(),
            number,
            title: title.to_owned(),
            description,
            due_on,
            closed_at: None,
            creator: self.viewer.clone(),
            created_at: self.now,
            updated_at: self.now,
        };
        self.milestones.insert(id.clone(), milestone);
        Ok(id)
    }
}
