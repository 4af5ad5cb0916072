//! Owners: users, organisations, and the teams of organisations.
//!
//! Logins are compared without regard to case, as GitHub does.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{Kind, NodeId};
use super::refusal::{Refusal, RefusalKind};
use super::{World, same_name};

/// Which kind of account an owner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnerKind {
    /// A person.
    User,
    /// An organisation.
    Organization,
}

/// A user or an organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Owner {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// User or organisation.
    pub kind: OwnerKind,
    /// The account's name in addresses.
    pub login: String,
    /// The display name.
    pub name: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Its repositories, oldest first.
    pub repositories: Vec<NodeId>,
    /// Its projects by number.
    pub projects: BTreeMap<u32, NodeId>,
    /// The number that the next project gets; numbers are not reused.
    pub next_project: u32,
    /// Its teams, in the order of their making.
    pub teams: Vec<NodeId>,
    /// Its issue types, in the order of their making.
    pub issue_types: Vec<NodeId>,
    /// Its members, in the order of their joining. An organisation that names none is everyone's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
}

impl Owner {
    /// Its address on the web.
    pub fn url(&self) -> String {
        format!("https://github.com/{}", self.login)
    }

    /// Whether the user belongs to it.
    pub fn has_member(&self, user: &NodeId) -> bool {
        self.members.is_empty() || self.members.iter().any(|member| member.user == *user)
    }

    /// Whether the user owns it or is it.
    pub fn is_administered_by(&self, user: &NodeId) -> bool {
        let owns = || self.members.iter().any(|member| member.user == *user && member.admin);
        match self.kind {
            OwnerKind::User => self.id == *user,
            OwnerKind::Organization => self.members.is_empty() || owns(),
        }
    }

    /// The path under which its projects live: organisations and users differ.
    pub fn projects_path(&self) -> String {
        match self.kind {
            OwnerKind::User => format!("/users/{}/projects", self.login),
            OwnerKind::Organization => format!("/orgs/{}/projects", self.login),
        }
    }
}

/// A member of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub user: NodeId,
    /// Whether they own it.
    pub admin: bool,
}

impl World {
    /// Adds a user or an organisation and gives its id.
    pub fn add_owner(&mut self, kind: OwnerKind, login: &str, name: Option<String>) -> NodeId {
        let (id, database_id) = self.ids.mint(match kind {
            OwnerKind::User => Kind::User,
            OwnerKind::Organization => Kind::Organization,
        });
        self.owners.insert(
            id.clone(),
            Owner {
                id: id.clone(),
                database_id,
                kind,
                login: login.to_owned(),
                name,
                created_at: self.now,
                repositories: Vec::new(),
                projects: BTreeMap::new(),
                next_project: 1,
                teams: Vec::new(),
                issue_types: Vec::new(),
                members: Vec::new(),
            },
        );
        id
    }

    /// The owner with this login.
    pub fn owner_by_login(&self, login: &str) -> Option<&Owner> {
        self.owners.values().find(|owner| same_name(&owner.login, login))
    }

    /// The owner of this kind and login. GitHub: messages observed in recorded responses.
    pub fn owner_of_kind(&self, kind: OwnerKind, login: &str) -> Result<&Owner, Refusal> {
        self.owner_by_login(login).filter(|owner| owner.kind == kind).ok_or_else(|| {
            let (article, noun) = match kind {
                OwnerKind::User => ("a", "User"),
                OwnerKind::Organization => ("an", "Organization"),
            };
            let message = format!("Could not resolve to {article} {noun} with the login of '{login}'.");
            Refusal::new(RefusalKind::NotFound, message)
        })
    }

    /// The owner's project of this number. GitHub: message observed in recorded responses.
    pub fn project_by_number(&self, owner: &Owner, number: i64) -> Result<NodeId, Refusal> {
        u32::try_from(number).ok().and_then(|number| owner.projects.get(&number)).cloned().ok_or_else(|| {
            let message = format!("Could not resolve to a ProjectV2 with the number {number}.");
            Refusal::new(RefusalKind::NotFound, message)
        })
    }
}
