//! Issue types: an organisation's, seen from its repositories.
//!
//! Invariant: names are unique within an organisation without regard to case (inferred).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{Kind, NodeId};
use super::owner::OwnerKind;
use super::refusal::{Refusal, RefusalKind};
use super::timeline::What;
use super::{World, same_name};

/// GitHub: docs "Managing issue types in an organization".
const TYPE_LIMIT: usize = 25;

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
    /// Whether issues may get it.
    #[serde(default = "yes")]
    pub is_enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// `CreateIssueTypeInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateIssueType {
    /// The organisation.
    pub owner_id: NodeId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its colour.
    pub color: Option<String>,
    /// Whether issues may get it.
    pub is_enabled: bool,
}

/// `UpdateIssueTypeInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateIssueType {
    /// Which.
    pub issue_type_id: NodeId,
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// A new colour.
    pub color: Option<String>,
    /// Whether issues may get it.
    pub is_enabled: Option<bool>,
}

/// `DeleteIssueTypeInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteIssueType {
    /// Which.
    pub issue_type_id: NodeId,
}

/// `UpdateIssueIssueTypeInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetIssueType {
    /// The issue.
    pub issue_id: NodeId,
    /// The type; none takes it away.
    pub issue_type_id: Option<NodeId>,
}

impl World {
    /// `createIssueType`. GitHub's schema: the owner is an organisation.
    pub fn create_issue_type(&mut self, now: Timestamp, input: CreateIssueType) -> Result<NodeId, Refusal> {
        let CreateIssueType { owner_id, name, description, color, is_enabled } = input;
        let owner = self.owners.find(&owner_id)?;
        if owner.kind != OwnerKind::Organization {
            return Err(Refusal::no_node(&owner_id));
        }
        let count = owner.issue_types.len();
        self.administers(&owner_id, "CreateIssueType")?;
        self.check_type_name(&owner_id, None, &name)?;
        if count >= TYPE_LIMIT {
            // The wording is not known.
            return Err(Refusal::unprocessable("Organizations can have a maximum of 25 issue types"));
        }
        let id = self.add_issue_type(&owner_id, &name, description, color.as_deref().unwrap_or("GRAY"))?;
        let row = self.issue_types.find_mut(&id)?;
        row.is_enabled = is_enabled;
        row.created_at = now;
        Ok(id)
    }

    /// `updateIssueType`.
    pub fn update_issue_type(&mut self, _: Timestamp, input: UpdateIssueType) -> Result<NodeId, Refusal> {
        let UpdateIssueType { issue_type_id, name, description, color, is_enabled } = input;
        let owner = self.issue_types.find(&issue_type_id)?.organization.clone();
        self.administers(&owner, "UpdateIssueType")?;
        if let Some(name) = &name {
            self.check_type_name(&owner, Some(&issue_type_id), name)?;
        }
        let row = self.issue_types.find_mut(&issue_type_id)?;
        row.name = name.unwrap_or_else(|| row.name.clone());
        row.color = color.unwrap_or_else(|| row.color.clone());
        row.is_enabled = is_enabled.unwrap_or(row.is_enabled);
        if let Some(description) = description {
            row.description = Some(description).filter(|text| !text.is_empty());
        }
        Ok(issue_type_id)
    }

    /// `deleteIssueType`: its issues lose it (docs "Managing issue types in an organization").
    pub fn delete_issue_type(&mut self, now: Timestamp, input: DeleteIssueType) -> Result<NodeId, Refusal> {
        let id = input.issue_type_id;
        let owner = self.issue_types.find(&id)?.organization.clone();
        self.administers(&owner, "DeleteIssueType")?;
        let issues: Vec<NodeId> = self
            .issues
            .values()
            .filter(|issue| issue.issue_type.as_ref() == Some(&id))
            .map(|issue| issue.id.clone())
            .collect();
        for issue in issues {
            self.set_issue_type(now, &issue, None)?;
        }
        self.owners.find_mut(&owner)?.issue_types.retain(|kind| *kind != id);
        self.issue_types.remove(&id);
        Ok(id)
    }

    /// `updateIssueIssueType`.
    pub fn change_issue_type(&mut self, now: Timestamp, input: SetIssueType) -> Result<NodeId, Refusal> {
        let SetIssueType { issue_id, issue_type_id } = input;
        let owner = self.editable(&issue_id, "UpdateIssueIssueType")?.owner.clone();
        self.check_issue_type(&owner, issue_type_id.as_ref())?;
        self.set_issue_type(now, &issue_id, issue_type_id)?;
        Ok(issue_id)
    }

    /// Adds an issue type to an organisation without checks.
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
            description: description.filter(|text| !text.is_empty()),
            color: color.to_owned(),
            is_enabled: true,
            created_at: self.now,
        };
        self.issue_types.insert(id.clone(), kind);
        Ok(id)
    }

    /// The type is the owner's, and on. That a type that is off is refused is inferred.
    pub(super) fn check_issue_type(&self, owner: &NodeId, kind: Option<&NodeId>) -> Result<(), Refusal> {
        let Some(id) = kind else { return Ok(()) };
        let row = self.issue_types.find(id)?;
        if row.organization != *owner {
            return Err(Refusal::no_node(id));
        }
        if !row.is_enabled {
            return Err(Refusal::unprocessable("Issue type is not enabled for this repository"));
        }
        Ok(())
    }

    /// Gives an issue a checked type, or takes it away.
    pub(super) fn set_issue_type(
        &mut self,
        now: Timestamp,
        issue: &NodeId,
        kind: Option<NodeId>,
    ) -> Result<(), Refusal> {
        let before = self.issues.find(issue)?.issue_type.clone();
        if before == kind {
            return Ok(());
        }
        self.change_issue(now, issue)?.issue_type.clone_from(&kind);
        let what = match (before, kind) {
            (Some(from), Some(to)) => What::TypeChanged { from, to },
            (None, Some(to)) => What::TypeAdded { to },
            (Some(from), None) => What::TypeRemoved { from },
            (None, None) => return Ok(()),
        };
        self.happened(now, issue, what);
        Ok(())
    }

    /// The viewer owns the organisation. GitHub: docs: organisation owners manage issue types.
    fn administers(&self, organization: &NodeId, mutation: &str) -> Result<(), Refusal> {
        let owner = self.owners.find(organization)?;
        if owner.is_administered_by(&self.viewer) {
            return Ok(());
        }
        let message =
            format!("{} does not have the correct permissions to execute `{mutation}`", self.viewer_login());
        Err(Refusal::new(RefusalKind::Forbidden, message))
    }

    fn check_type_name(&self, owner: &NodeId, except: Option<&NodeId>, name: &str) -> Result<(), Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::unprocessable("Name can't be blank"));
        }
        let mut rows = self.owners.find(owner)?.issue_types.iter().filter_map(|id| self.issue_types.get(id));
        if rows.any(|row| same_name(&row.name, name) && Some(&row.id) != except) {
            return Err(Refusal::unprocessable("Name has already been taken"));
        }
        Ok(())
    }
}

fn yes() -> bool {
    true
}
