//! Issue types: an organisation's, seen from its repositories. Read only for clients.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;

/// An issue type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueType {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The organisation.
    pub organization: NodeId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// One of `IssueTypeColor`.
    pub color: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl World {
    /// Adds an issue type to an organisation.
    pub fn add_issue_type(
        &mut self,
        organization: &NodeId,
        name: &str,
        description: Option<String>,
        color: &str,
    ) -> Result<NodeId, Refusal> {
        let (id, database_id) = self.ids.mint(Kind::IssueType);
        self.owners.find_mut(organization)?.issue_types.push(id.clone());
        let kind = IssueType {
            id: id.clone(),
            database_id,
            organization: organization.clone(),
            name: name.to_owned(),
            description,
            color: color.to_owned(),
            created_at: self.now,
        };
        self.issue_types.insert(id.clone(), kind);
        Ok(id)
    }
}
