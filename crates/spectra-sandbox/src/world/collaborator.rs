//! Who may do what in a project, and the teams that list it.
//!
//! Invariant: no one is kept with no role; a team that lists a project may at least read it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::NodeId;
use super::owner::OwnerKind;
use super::project::Project;
use super::refusal::{Refusal, RefusalKind};

/// `ProjectV2PermissionLevel`: what someone may do in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// See it.
    Read,
    /// Change its items, fields and views.
    Write,
    /// Change its settings too.
    Admin,
}

impl Level {
    /// The level that the schema's word names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "READ" => Some(Self::Read),
            "WRITE" => Some(Self::Write),
            "ADMIN" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// `ProjectV2Roles`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// View, edit, and manage the settings.
    Admin,
    /// No direct access.
    None,
    /// View.
    Reader,
    /// View and edit.
    Writer,
}

impl Role {
    fn level(self) -> Option<Level> {
        match self {
            Self::Admin => Some(Level::Admin),
            Self::None => None,
            Self::Reader => Some(Level::Read),
            Self::Writer => Some(Level::Write),
        }
    }
}

/// `ProjectV2Collaborator`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Collaborator {
    /// A person.
    pub user_id: Option<NodeId>,
    /// Or a team.
    pub team_id: Option<NodeId>,
    /// What they may do from now on.
    pub role: Role,
}

/// `UpdateProjectV2CollaboratorsInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateCollaborators {
    /// Where.
    pub project_id: NodeId,
    /// Who.
    pub collaborators: Vec<Collaborator>,
}

impl World {
    /// `updateProjectV2Collaborators`. Entries are merged into the list, and `NONE` takes out (inferred: the schema says
    /// of `NONE` that it ends direct access, which a replaced list would not need). Gives the whole list.
    pub fn update_collaborators(
        &mut self,
        now: Timestamp,
        input: UpdateCollaborators,
    ) -> Result<Vec<NodeId>, Refusal> {
        let UpdateCollaborators { project_id, collaborators } = input;
        let owner = self.projects.find(&project_id)?.owner.clone();
        let mut changes = Vec::new();
        for Collaborator { user_id, team_id, role } in collaborators {
            let who = match (user_id, team_id) {
                (Some(user), None) => self.person(user)?,
                (None, Some(team)) => {
                    self.check_team(&owner, &team)?;
                    team
                }
                // GitHub's schema: only one of them should be given. The wording is not known.
                (Some(_), Some(_)) | (None, None) => {
                    return Err(Refusal::unprocessable("Only one of userId or teamId should be provided"));
                }
            };
            changes.push((who, role));
        }
        let project = self.projects.find_mut(&project_id)?;
        for (who, role) in changes {
            match role.level() {
                Some(level) => project.collaborators.insert(who, level),
                None => project.collaborators.remove(&who),
            };
        }
        project.updated_at = now;
        Ok(project.collaborators.keys().cloned().collect())
    }

    /// What the viewer may do in a project; nothing when it is hidden. GitHub: docs "Managing access to your projects":
    /// who made it and the owners of its organisation administer it, and members may write unless they are told
    /// otherwise.
    pub fn viewer_level(&self, project: &Project) -> Option<Level> {
        let viewer = &self.viewer;
        let owner = self.owners.get(&project.owner);
        if project.creator == *viewer || owner.is_some_and(|owner| owner.is_administered_by(viewer)) {
            return Some(Level::Admin);
        }
        let is_member = |id: &NodeId| self.teams.get(id).is_some_and(|team| team.members.contains(viewer));
        let given = project.collaborators.iter().filter(|(id, _)| *id == viewer || is_member(id));
        let given = given.map(|(_, level)| *level).max();
        let belongs = owner.is_some_and(|owner| match owner.kind {
            OwnerKind::User => false,
            OwnerKind::Organization => owner.has_member(viewer),
        });
        given.max(belongs.then_some(Level::Write)).max(project.public.then_some(Level::Read))
    }

    /// Whether the viewer may run the mutation on the project that the id names or is a part of.
    pub fn may_change(&self, id: &NodeId, mutation: &str) -> Result<(), Refusal> {
        let Some(project) = self.board(id) else { return Ok(()) };
        if self.viewer_level(project) >= Some(needed(mutation)) {
            return Ok(());
        }
        Err(self.not_permitted(mutation))
    }

    /// GitHub: the wording is that of its public refusals.
    pub(super) fn not_permitted(&self, mutation: &str) -> Refusal {
        let mut letters = mutation.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let message =
            format!("{} does not have the correct permissions to execute `{name}`", self.viewer_login());
        Refusal::new(RefusalKind::Forbidden, message)
    }

    fn person(&self, user: NodeId) -> Result<NodeId, Refusal> {
        match self.owners.find(&user)?.kind {
            OwnerKind::User => Ok(user),
            OwnerKind::Organization => Err(Refusal::no_node(user)),
        }
    }

    /// Only a team of the project's organisation. The wording is not known.
    pub(super) fn check_team(&self, owner: &NodeId, team: &NodeId) -> Result<(), Refusal> {
        if self.teams.find(team)?.organization == *owner {
            Ok(())
        } else {
            Err(Refusal::unprocessable("Only teams of the project's organization can be added."))
        }
    }
}

/// GitHub: docs "Managing access to your projects": settings are for administrators; which mutations those are is a
/// guess.
fn needed(mutation: &str) -> Level {
    match mutation {
        "copyProjectV2" => Level::Read,
        "deleteProjectV2"
        | "updateProjectV2Collaborators"
        | "markProjectV2AsTemplate"
        | "unmarkProjectV2AsTemplate" => Level::Admin,
        _ => Level::Write,
    }
}

impl Project {
    /// Lists the project with a team. GitHub's schema, of `createProjectV2.teamId`: the team gets read permissions.
    pub(super) fn add_team(&mut self, team: NodeId) {
        self.collaborators.entry(team.clone()).or_insert(Level::Read);
        if !self.teams.contains(&team) {
            self.teams.push(team);
        }
    }
}
