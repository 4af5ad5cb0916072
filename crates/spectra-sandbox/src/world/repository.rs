//! Repositories: containers of labels, milestones and issues, and links to projects.
//!
//! They hold no code.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{Kind, NodeId};
use super::lock::Pin;
use super::owner::OwnerKind;
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
    /// What it was called before, oldest first. GitHub: docs "Renaming a repository": those names lead to it until another
    /// repository takes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
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

/// `CreateRepositoryInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRepository {
    /// Whose; the viewer's when absent.
    pub owner_id: Option<NodeId>,
    /// Its name.
    pub name: String,
    /// One line about it.
    pub description: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Whether it takes issues; it does unless told otherwise.
    pub has_issues_enabled: Option<bool>,
    /// There is no wiki either way.
    pub has_wiki_enabled: Option<bool>,
    /// There is no page either way.
    pub homepage_url: Option<String>,
    /// Templates are not modelled.
    pub template: Option<bool>,
}

/// `UpdateRepositoryInput`, and what REST can set besides.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateRepository {
    /// Which.
    pub repository_id: NodeId,
    /// A new name.
    pub name: Option<String>,
    /// A new line about it.
    pub description: Option<String>,
    /// Whether it takes issues.
    pub has_issues_enabled: Option<bool>,
    /// REST only: who may see it.
    #[serde(skip)]
    pub visibility: Option<Visibility>,
    /// REST only: whether it is read only. GraphQL has mutations of their own for it.
    #[serde(skip)]
    pub archived: Option<bool>,
}

impl World {
    /// `createRepository`. GitHub: docs "Repository roles for an organization": members may, unless the organisation says
    /// otherwise; in a user's account only that user.
    pub fn create_repository(&mut self, now: Timestamp, input: CreateRepository) -> Result<NodeId, Refusal> {
        let owner_id = input.owner_id.unwrap_or_else(|| self.viewer.clone());
        let owner = self.owners.find(&owner_id)?;
        let may = match owner.kind {
            OwnerKind::User => owner.id == self.viewer,
            OwnerKind::Organization => owner.has_member(&self.viewer),
        };
        if !may {
            return Err(self.not_permitted("createRepository"));
        }
        self.check_repository_name(&owner_id, None, &input.name)?;
        if input.template == Some(true) {
            return Err(Refusal::not_modelled("CreateRepositoryInput.template"));
        }
        let id = self.add_repository(&owner_id, &input.name)?;
        let row = self.repositories.find_mut(&id)?;
        row.description = input.description.filter(|text| !text.is_empty());
        row.visibility = input.visibility;
        row.has_issues_enabled = input.has_issues_enabled.unwrap_or(true);
        row.created_at = now;
        row.updated_at = now;
        Ok(id)
    }

    /// `updateRepository`, and REST's `PATCH`. GitHub: docs "Repository roles for an organization": settings are for
    /// administrators. An archived repository takes nothing but its being opened again.
    pub fn update_repository(&mut self, now: Timestamp, input: UpdateRepository) -> Result<NodeId, Refusal> {
        let UpdateRepository { repository_id, name, description, has_issues_enabled, visibility, archived } =
            input;
        if archived == Some(false) {
            self.repositories.find_mut(&repository_id)?.is_archived = false;
        }
        let row = self.allowed(&repository_id, Permission::Admin, "UpdateRepository")?;
        let (owner, before) = (row.owner.clone(), row.name.clone());
        if let Some(name) = &name {
            self.check_repository_name(&owner, Some(&repository_id), name)?;
        }
        let row = self.repositories.find_mut(&repository_id)?;
        if let Some(name) = name.filter(|name| *name != before) {
            row.former_names.retain(|former| !same_name(former, &name));
            if !same_name(&before, &name) {
                row.former_names.push(before);
            }
            row.name = name;
        }
        if let Some(description) = description {
            row.description = Some(description).filter(|text| !text.is_empty());
        }
        row.has_issues_enabled = has_issues_enabled.unwrap_or(row.has_issues_enabled);
        row.visibility = visibility.unwrap_or(row.visibility);
        row.is_archived = archived.unwrap_or(row.is_archived);
        row.updated_at = now;
        Ok(repository_id)
    }

    /// GitHub: letters, digits, `.`, `-` and `_`, at most 100, each once in an account; the second wording is common
    /// knowledge, the first is not known.
    fn check_repository_name(
        &self,
        owner: &NodeId,
        except: Option<&NodeId>,
        name: &str,
    ) -> Result<(), Refusal> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
        if name.is_empty() {
            return Err(Refusal::unprocessable("Name can't be blank"));
        }
        if name.len() > 100 || !name.chars().all(fits) || name == "." || name == ".." {
            return Err(Refusal::unprocessable("Name is invalid"));
        }
        let ids = &self.owners.find(owner)?.repositories;
        let mut rows = ids.iter().filter_map(|id| self.repositories.get(id));
        if rows.any(|row| same_name(&row.name, name) && Some(&row.id) != except) {
            return Err(Refusal::unprocessable("Name already exists on this account"));
        }
        Ok(())
    }

    /// Adds a repository with GitHub's default labels.
    pub fn add_repository(&mut self, owner: &NodeId, name: &str) -> Result<NodeId, Refusal> {
        self.owners.find(owner)?;
        let (id, database_id) = self.ids.mint(Kind::Repository);
        let repository = Repository {
            id: id.clone(),
            database_id,
            owner: owner.clone(),
            name: name.to_owned(),
            former_names: Vec::new(),
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
                let rows = || owner.repositories.iter().filter_map(|id| self.repositories.get(id));
                let was = |row: &&Repository| row.former_names.iter().any(|former| same_name(former, name));
                rows().find(|row| same_name(&row.name, name)).or_else(|| rows().find(was))
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
