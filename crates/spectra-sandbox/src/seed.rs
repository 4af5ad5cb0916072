//! What a world starts with.
//!
//! Invariant: [`Seed::ensure`] only adds what is missing, so that it may run on a world that is in use.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::{SeedApp, SeedToken};
use crate::world::ids::NodeId;
use crate::world::owner::{Member, OwnerKind};
use crate::world::repository::{Permission, Visibility};
use crate::world::{Behaviour, Refusal, World, same_name};

/// Owners, repositories, and whose token is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Seed {
    /// The login of the user behind every token.
    pub viewer: String,
    /// Tokens that are accepted; any is when none is named.
    pub tokens: Vec<SeedToken>,
    /// GitHub Apps; any is taken for one that is installed everywhere when none is named.
    pub apps: Vec<SeedApp>,
    /// Organisations.
    pub organizations: Vec<SeedOrganization>,
    /// Users beside the viewer.
    pub users: Vec<SeedUser>,
    /// Repositories. An owner that is named nowhere else becomes an organisation.
    pub repositories: Vec<SeedRepository>,
    /// Which of GitHub's optional unpleasantnesses are switched on.
    pub behaviour: Option<Behaviour>,
}

/// An organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedOrganization {
    /// Its name in addresses.
    pub login: String,
    /// Its display name.
    #[serde(default)]
    pub name: Option<String>,
    /// Names of repositories.
    #[serde(default)]
    pub repositories: Vec<String>,
    /// Teams.
    #[serde(default)]
    pub teams: Vec<SeedTeam>,
    /// Logins of members; the seed's viewer owns it besides. Without any, and without the viewer, it is everyone's.
    #[serde(default)]
    pub members: Vec<String>,
    /// Issue types; GitHub's three when left out.
    #[serde(default)]
    pub issue_types: Option<Vec<SeedIssueType>>,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedTeam {
    /// Its name in addresses.
    pub slug: String,
    /// Its display name; the slug when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// Logins of its members.
    #[serde(default)]
    pub members: Vec<String>,
}

/// An issue type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedIssueType {
    /// Its name.
    pub name: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// One of `IssueTypeColor`; `GRAY` when left out.
    #[serde(default)]
    pub color: Option<String>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedUser {
    /// Its name in addresses.
    pub login: String,
    /// Its display name.
    #[serde(default)]
    pub name: Option<String>,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedRepository {
    /// The owner's login.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// One line about it.
    #[serde(default)]
    pub description: Option<String>,
    /// Who may see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// What everyone may do in it, or only the seed's viewer where collaborators are named.
    #[serde(default)]
    pub viewer_permission: Permission,
    /// What others may do, by login: they, the owner and the viewer are the ones who can be assigned. Without it everyone
    /// may do what the viewer may.
    #[serde(default)]
    pub collaborators: Option<BTreeMap<String, Permission>>,
    /// Whether it takes issues.
    #[serde(default = "yes")]
    pub has_issues_enabled: bool,
    /// Labels in the place of GitHub's default ones.
    #[serde(default)]
    pub labels: Option<Vec<SeedLabel>>,
    /// Milestones.
    #[serde(default)]
    pub milestones: Vec<SeedMilestone>,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedLabel {
    /// Its name.
    pub name: String,
    /// Six hex digits.
    pub color: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
}

/// A milestone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedMilestone {
    /// Its title.
    pub title: String,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// When it is due.
    #[serde(default)]
    pub due_on: Option<Timestamp>,
}

/// Why a seed does not fit a world.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The login belongs to an account of the other kind.
    #[error("'{login}' cannot be {wanted}: the world knows it as the other kind of account")]
    OtherKind {
        /// The login.
        login: String,
        /// What the seed says it is.
        wanted: &'static str,
    },
    /// The world refused.
    #[error("the world refused the seed's '{what}'")]
    Refused {
        /// What was being added.
        what: String,
        /// Why.
        #[source]
        source: Refusal,
    },
}

/// GitHub: the issue types that a new organisation has; docs "Managing issue types in an organization".
const DEFAULT_ISSUE_TYPES: [(&str, &str, &str); 3] = [
    ("Task", "A specific piece of work", "YELLOW"),
    ("Bug", "An unexpected problem or behavior", "RED"),
    ("Feature", "A request, idea, or new functionality", "BLUE"),
];

impl Default for Seed {
    fn default() -> Self {
        Self::new("octocat")
    }
}

impl Seed {
    /// A seed with nothing but a viewer.
    pub fn new(viewer: &str) -> Self {
        Self {
            viewer: viewer.to_owned(),
            tokens: Vec::new(),
            apps: Vec::new(),
            organizations: Vec::new(),
            users: Vec::new(),
            repositories: Vec::new(),
            behaviour: None,
        }
    }

    /// Adds an organisation.
    #[must_use]
    pub fn organization(mut self, login: &str) -> Self {
        self.organizations.push(SeedOrganization { login: login.to_owned(), ..SeedOrganization::default() });
        self
    }

    /// Adds a user.
    #[must_use]
    pub fn user(mut self, login: &str) -> Self {
        self.users.push(SeedUser { login: login.to_owned(), name: None });
        self
    }

    /// Adds a private repository with GitHub's default labels.
    #[must_use]
    pub fn repository(mut self, owner: &str, name: &str) -> Self {
        self.repositories.push(SeedRepository {
            owner: owner.to_owned(),
            name: name.to_owned(),
            description: None,
            visibility: Visibility::default(),
            viewer_permission: Permission::default(),
            collaborators: None,
            has_issues_enabled: true,
            labels: None,
            milestones: Vec::new(),
        });
        self
    }

    /// A world with this seed in it.
    pub(crate) fn world(&self, now: Timestamp) -> Result<World, SeedError> {
        let mut world = World::new(now, &self.viewer);
        self.ensure(&mut world)?;
        Ok(world)
    }

    /// Adds what is missing and touches nothing else, but for the viewer and the behaviour, which follow the seed.
    pub fn ensure(&self, world: &mut World) -> Result<(), SeedError> {
        let viewer = owner(world, OwnerKind::User, &self.viewer, None)?;
        if world.viewer != viewer {
            world.viewer = viewer;
        }
        if let Some(behaviour) = &self.behaviour {
            world.behaviour = behaviour.clone();
        }
        for login in self.tokens.iter().filter_map(SeedToken::viewer) {
            owner(world, OwnerKind::User, login, None)?;
        }
        for user in &self.users {
            owner(world, OwnerKind::User, &user.login, user.name.clone())?;
        }
        for organization in &self.organizations {
            organization.ensure(world)?;
        }
        for repository in &self.repositories {
            repository.ensure(world)?;
        }
        Ok(())
    }
}

impl SeedOrganization {
    fn ensure(&self, world: &mut World) -> Result<(), SeedError> {
        let viewer = world.viewer_login().to_owned();
        let is_new = world.owner_by_login(&self.login).is_none();
        let id = owner(world, OwnerKind::Organization, &self.login, self.name.clone())?;
        let refused = |source| SeedError::Refused { what: self.login.clone(), source };
        match &self.issue_types {
            None if is_new => {
                for (name, description, color) in DEFAULT_ISSUE_TYPES {
                    world.add_issue_type(&id, name, Some(description.to_owned()), color).map_err(refused)?;
                }
            }
            None => {}
            Some(types) => {
                for kind in types {
                    let known = world
                        .issue_types
                        .values()
                        .any(|row| row.organization == id && same_name(&row.name, &kind.name));
                    if !known {
                        let color = kind.color.as_deref().unwrap_or("GRAY");
                        let description = kind.description.clone();
                        world.add_issue_type(&id, &kind.name, description, color).map_err(refused)?;
                    }
                }
            }
        }
        for (login, admin) in std::iter::once((viewer.as_str(), true))
            .chain(self.members.iter().map(|login| (login.as_str(), false)))
        {
            let user = owner(world, OwnerKind::User, login, None)?;
            let row = world.owners.find_mut(&id).map_err(refused)?;
            if row.members.iter().all(|member| member.user != user) {
                row.members.push(Member { user, admin });
            }
        }
        for team in &self.teams {
            if world.teams.values().all(|row| row.organization != id || row.slug != team.slug) {
                let name = team.name.as_deref().unwrap_or(&team.slug);
                let made = world.add_team(&id, &team.slug, name).map_err(refused)?;
                for login in &team.members {
                    let user = owner(world, OwnerKind::User, login, None)?;
                    world.teams.find_mut(&made).map_err(refused)?.members.push(user);
                }
            }
        }
        for name in &self.repositories {
            if world.repository_by_name(&self.login, name).is_err() {
                world.add_repository(&id, name).map_err(refused)?;
            }
        }
        Ok(())
    }
}

impl SeedRepository {
    fn ensure(&self, world: &mut World) -> Result<(), SeedError> {
        let refused = |source| SeedError::Refused { what: format!("{}/{}", self.owner, self.name), source };
        if world.repository_by_name(&self.owner, &self.name).is_ok() {
            return Ok(());
        }
        let known = world.owner_by_login(&self.owner).map(|owner| owner.id.clone());
        let holder = if let Some(id) = known {
            id
        } else {
            let organization = SeedOrganization { login: self.owner.clone(), ..SeedOrganization::default() };
            organization.ensure(world)?;
            owner(world, OwnerKind::Organization, &self.owner, None)?
        };
        let id = world.add_repository(&holder, &self.name).map_err(refused)?;
        let row = world.repositories.find_mut(&id).map_err(refused)?;
        row.description.clone_from(&self.description);
        row.visibility = self.visibility;
        row.viewer_permission = self.viewer_permission;
        row.has_issues_enabled = self.has_issues_enabled;
        if let Some(collaborators) = &self.collaborators {
            let mut named = BTreeMap::from([(world.viewer.clone(), self.viewer_permission)]);
            for (login, permission) in collaborators {
                named.insert(owner(world, OwnerKind::User, login, None)?, *permission);
            }
            world.repositories.find_mut(&id).map_err(refused)?.collaborators = Some(named);
        }
        let row = world.repositories.find_mut(&id).map_err(refused)?;
        if let Some(labels) = &self.labels {
            for label in std::mem::take(&mut row.labels) {
                world.labels.remove(&label);
            }
            let now = world.now;
            for label in labels {
                let color = label.color.to_lowercase();
                world
                    .add_label(now, &id, &label.name, &color, label.description.clone(), false)
                    .map_err(refused)?;
            }
        }
        for milestone in &self.milestones {
            world
                .add_milestone(&id, &milestone.title, milestone.description.clone(), milestone.due_on)
                .map_err(refused)?;
        }
        Ok(())
    }
}

fn owner(world: &mut World, kind: OwnerKind, login: &str, name: Option<String>) -> Result<NodeId, SeedError> {
    match world.owner_by_login(login) {
        Some(owner) if owner.kind == kind => Ok(owner.id.clone()),
        Some(_) => Err(SeedError::OtherKind {
            login: login.to_owned(),
            wanted: match kind {
                OwnerKind::User => "a user",
                OwnerKind::Organization => "an organisation",
            },
        }),
        None => Ok(world.add_owner(kind, login, name)),
    }
}

fn yes() -> bool {
    true
}
