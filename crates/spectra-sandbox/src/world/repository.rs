//! Repositories: containers of labels, milestones and issues, and links to projects.
//!
//! Clients cannot make one here: they come from the seed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{Kind, NodeId};
use super::lock::Pin;
use super::refusal::{Refusal, RefusalKind};
use super::{World, same_name};

/// Who may see a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// Everyone.
    Public,
    /// Those who were given access.
    #[default]
    Private,
    /// The enterprise.
    Internal,
}

impl Visibility {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::Private => "PRIVATE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// What the viewer may do in a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Permission {
    /// Look.
    Read,
    /// Manage issues.
    Triage,
    /// Push.
    Write,
    /// Manage without the dangerous parts.
    Maintain,
    /// Everything.
    #[default]
    Admin,
}

impl Permission {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Triage => "TRIAGE",
            Self::Write => "WRITE",
            Self::Maintain => "MAINTAIN",
            Self::Admin => "ADMIN",
        }
    }
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Repository {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The owner.
    pub owner: NodeId,
    /// The name without the owner.
    pub name: String,
    /// One line about it.
    pub description: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it takes issues.
    pub has_issues_enabled: bool,
    /// Whether it is read only.
    pub is_archived: bool,
    /// What everyone may do, where no collaborators are named.
    pub viewer_permission: Permission,
    /// What each user may do, where it is not the same for all. Others may look at it when it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collaborators: Option<BTreeMap<NodeId, Permission>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Labels, oldest first.
    pub labels: Vec<NodeId>,
    /// Milestones, oldest first.
    pub milestones: Vec<NodeId>,
    /// The number that the next milestone gets; numbers are not reused.
    pub next_milestone: u32,
    /// Issues by number.
    pub issues: BTreeMap<u32, NodeId>,
    /// The number that the next issue gets; numbers are not reused.
    pub next_issue: u32,
    /// Issues that went to another repository, by the number that they had here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub transferred: BTreeMap<u32, NodeId>,
    /// Pinned issues, oldest pin first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// Linked projects.
    pub projects: Vec<NodeId>,
}

/// Labels that GitHub puts into every new repository. GitHub: docs "Managing labels", About default labels.
const DEFAULT_LABELS: [(&str, &str, &str); 9] = [
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("duplicate", "cfd3d7", "This issue or pull request already exists"),
    ("enhancement", "a2eeef", "New feature or request"),
    ("good first issue", "7057ff", "Good for newcomers"),
    ("help wanted", "008672", "Extra attention is needed"),
    ("invalid", "e4e669", "This doesn't seem right"),
    ("question", "d876e3", "Further information is requested"),
    ("wontfix", "ffffff", "This will not be worked on"),
];

impl World {
    /// Adds a repository with GitHub's default labels.
    pub fn add_repository(&mut self, owner: &NodeId, name: &str) -> Result<NodeId, Refusal> {
        self.owners.find(owner)?;
        let (id, database_id) = self.ids.mint(Kind::Repository);
        let repository = Repository {
            id: id.clone(),
            database_id,
            owner: owner.clone(),
            name: name.to_owned(),
            description: None,
            visibility: Visibility::default(),
            has_issues_enabled: true,
            is_archived: false,
            viewer_permission: Permission::default(),
            collaborators: None,
            created_at: self.now,
            updated_at: self.now,
            labels: Vec::new(),
            milestones: Vec::new(),
            next_milestone: 1,
            issues: BTreeMap::new(),
            next_issue: 1,
            transferred: BTreeMap::new(),
            pins: Vec::new(),
            projects: Vec::new(),
        };
        self.repositories.insert(id.clone(), repository);
        self.owners.find_mut(owner)?.repositories.push(id.clone());
        for (label, color, description) in DEFAULT_LABELS {
            self.add_label(self.now, &id, label, color, Some(description.to_owned()), true)?;
        }
        Ok(id)
    }

    /// The repository of this owner and name, in any case. GitHub: message observed in recorded responses.
    pub fn repository_by_name(&self, owner: &str, name: &str) -> Result<&Repository, Refusal> {
        self.owner_by_login(owner)
            .and_then(|owner| {
                let mut rows = owner.repositories.iter().filter_map(|id| self.repositories.get(id));
                rows.find(|row| same_name(&row.name, name))
            })
            .filter(|row| self.permission(row).is_some())
            .ok_or_else(|| {
                let message = format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
                Refusal::new(RefusalKind::NotFound, message)
            })
    }

    /// `owner/name`.
    pub fn name_with_owner(&self, repository: &Repository) -> String {
        let login = self.owners.get(&repository.owner).map_or("ghost", |owner| owner.login.as_str());
        format!("{login}/{}", repository.name)
    }

    /// The repository, if the viewer may at least do this much in it. GitHub: the wording is that of its public
    /// refusals, with the name of the mutation.
    pub(super) fn allowed(
        &self,
        id: &NodeId,
        least: Permission,
        mutation: &str,
    ) -> Result<&Repository, Refusal> {
        let repository = self.writable(id)?;
        if self.permission(repository) < Some(least) {
            let message = format!(
                "{} does not have the correct permissions to execute `{mutation}`",
                self.viewer_login()
            );
            return Err(Refusal::new(RefusalKind::Forbidden, message));
        }
        Ok(repository)
    }

    /// The repository for a write to its issues, or GitHub's refusal.
    pub(super) fn writable(&self, id: &NodeId) -> Result<&Repository, Refusal> {
        let repository = self.repositories.find(id)?;
        // GitHub: what a viewer may not see does not exist; its own workflows see everything.
        if !self.automating && self.permission(repository).is_none() {
            return Err(Refusal::no_node(id));
        }
        if repository.is_archived {
            // GitHub: wording as commonly reported for archived repositories.
            return Err(Refusal::new(
                RefusalKind::Forbidden,
                "Repository was archived so is read-only.".to_owned(),
            ));
        }
        Ok(repository)
    }
}
