//! Teams of organisations, and their links to projects.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;

/// A team of an organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Team {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The organisation.
    pub organization: NodeId,
    /// The team's name in addresses.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// Its members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<NodeId>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// `LinkProjectV2ToTeamInput`, `UnlinkProjectV2FromTeamInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamLink {
    /// The project.
    pub project_id: NodeId,
    /// The team.
    pub team_id: NodeId,
}

impl World {
    /// Adds a team to an organisation.
    pub fn add_team(&mut self, organization: &NodeId, slug: &str, name: &str) -> Result<NodeId, Refusal> {
        let (id, database_id) = self.ids.mint(Kind::Team);
        let owner = self.owners.find_mut(organization)?;
        owner.teams.push(id.clone());
        let team = Team {
            id: id.clone(),
            database_id,
            organization: organization.clone(),
            slug: slug.to_owned(),
            name: name.to_owned(),
            members: Vec::new(),
            created_at: self.now,
        };
        self.teams.insert(id.clone(), team);
        Ok(id)
    }

    /// `linkProjectV2ToTeam`. GitHub: docs "Adding your project to a team": the team may then read it. A repeated link
    /// changes nothing (not documented).
    pub fn link_team(&mut self, now: Timestamp, input: TeamLink) -> Result<NodeId, Refusal> {
        let TeamLink { project_id, team_id } = input;
        let owner = self.projects.find(&project_id)?.owner.clone();
        self.check_team(&owner, &team_id)?;
        let project = self.projects.find_mut(&project_id)?;
        project.add_team(team_id.clone());
        project.updated_at = now;
        Ok(team_id)
    }

    /// `unlinkProjectV2FromTeam`. An absent link is no error, and what the team may do stays (neither is documented).
    pub fn unlink_team(&mut self, now: Timestamp, input: TeamLink) -> Result<NodeId, Refusal> {
        let TeamLink { project_id, team_id } = input;
        self.teams.find(&team_id)?;
        let project = self.projects.find_mut(&project_id)?;
        project.teams.retain(|id| *id != team_id);
        project.updated_at = now;
        Ok(team_id)
    }
}
