//! What a token may reach.
//!
//! GitHub: docs "About authentication to GitHub" and "Managing your personal access tokens". A token acts for a viewer;
//! its kind narrows what the viewer may do. Scopes are compared with documents before they
//! run; nothing here knows of headers or documents.

use serde::{Deserialize, Serialize};

use super::World;
use super::ids::NodeId;
use super::owner::{Owner, OwnerKind};
use super::project::Project;
use super::refusal::{Refusal, RefusalKind};
use super::repository::{Permission, Repository, Visibility};

/// Which kind a token is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// A classic personal access token or an OAuth token: it has scopes.
    #[default]
    Classic,
    /// A fine-grained personal access token.
    FineGrained,
    /// An installation token of a GitHub App.
    App,
    /// The `GITHUB_TOKEN` of a workflow run.
    Actions,
}

/// A request's token, as far as it narrows what the viewer may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Its kind.
    pub kind: TokenKind,
    /// Whether it sees nothing but public repositories.
    pub public_only: bool,
}

impl World {
    /// Who asks from now on, and with what token. A login that the world does not know leaves the viewer as it was.
    pub fn act_as(&mut self, login: &str, access: Access) {
        let known = self.owner_by_login(login).map(|owner| owner.id.clone());
        if let Some(viewer) = known.filter(|viewer| *viewer != self.viewer) {
            self.viewer = viewer;
        }
        self.access = access;
    }

    /// What the viewer may do in a repository; nothing when it cannot even be seen.
    pub fn permission(&self, repository: &Repository) -> Option<Permission> {
        let granted = self.permission_of(repository, &self.viewer);
        // GitHub: docs "Scopes for OAuth apps": without `repo` a token sees public repositories only.
        let hidden = self.access.public_only && repository.visibility != Visibility::Public;
        granted.filter(|_| !hidden)
    }

    /// What a user may do in a repository. A repository that names no collaborators treats all alike.
    pub fn permission_of(&self, repository: &Repository, user: &NodeId) -> Option<Permission> {
        let Some(named) = &repository.collaborators else { return Some(repository.viewer_permission) };
        let open = || (repository.visibility == Visibility::Public).then_some(Permission::Read);
        named
            .get(user)
            .copied()
            .or_else(|| (repository.owner == *user).then_some(Permission::Admin))
            .or_else(open)
    }

    /// Whether this token may look at what the id names. GitHub: what a viewer may not see does not exist.
    pub fn reach(&self, id: &NodeId) -> Result<(), Refusal> {
        if let Some(project) = self.board(id) {
            if self.viewer_level(project).is_none() {
                return Err(Refusal::no_node(id));
            }
            return self.owners.get(&project.owner).map_or(Ok(()), |owner| self.reach_boards(owner));
        }
        match self.repository_of(id) {
            Some(repository) if self.permission(repository).is_none() => Err(Refusal::no_node(id)),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether this token may touch projects of the owner. GitHub: docs and reports: a fine-grained token and an
    /// installation cannot reach projects of a user, a workflow's token none at all.
    pub fn reach_boards(&self, owner: &Owner) -> Result<(), Refusal> {
        let of_user = owner.kind == OwnerKind::User;
        let whose = match self.access.kind {
            TokenKind::FineGrained if of_user => "personal access token",
            TokenKind::App if of_user => "integration",
            TokenKind::Actions => "integration",
            TokenKind::Classic | TokenKind::FineGrained | TokenKind::App => return Ok(()),
        };
        Err(Refusal::new(RefusalKind::Forbidden, format!("Resource not accessible by {whose}")))
    }

    /// The project that the id names or is a part of.
    pub(super) fn board(&self, id: &NodeId) -> Option<&Project> {
        let project = match id.prefix()? {
            "PVT" => id,
            "PVTF" | "PVTSSF" | "PVTMSF" | "PVTIF" => &self.fields.get(id)?.project,
            "PVTV" => &self.views.get(id)?.project,
            "PWF" => &self.workflows.get(id)?.project,
            "PVTSU" => &self.status_updates.get(id)?.project,
            "PVTI" => &self.items.get(id)?.project,
            "DI" => &self.items.get(&self.drafts.get(id)?.item)?.project,
            _ => return None,
        };
        self.projects.get(project)
    }

    /// The repository that the id names or that holds what it names.
    fn repository_of(&self, id: &NodeId) -> Option<&Repository> {
        let repository = match id.prefix()? {
            "R" => id,
            "I" => &self.issues.get(self.current_id(id))?.repository,
            "LA" => &self.labels.get(id)?.repository,
            "MI" => &self.milestones.get(id)?.repository,
            "IC" => &self.issues.get(&self.comments.get(id)?.issue)?.repository,
            _ => return None,
        };
        self.repositories.get(repository)
    }
}
