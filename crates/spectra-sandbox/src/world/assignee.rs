//! Who works on an issue.

use jiff::Timestamp;
use serde::Deserialize;

use super::ids::NodeId;
use super::issue_input::AssigneeRef;
use super::owner::{Owner, OwnerKind};
use super::refusal::Refusal;
use super::repository::{Permission, Repository};
use super::timeline::What;
use super::{World, same_name};

/// GitHub: docs state ten assignees.
const ASSIGNEE_LIMIT: usize = 10;

/// `AddAssigneesToAssignableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddAssignees {
    /// The issue.
    pub assignable_id: NodeId,
    /// Users, the older way.
    pub assignee_ids: Option<Vec<NodeId>>,
    /// Users, the newer way.
    pub assignees: Option<Vec<AssigneeRef>>,
}

/// `RemoveAssigneesFromAssignableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveAssignees {
    /// The issue.
    pub assignable_id: NodeId,
    /// Users.
    pub assignee_ids: Vec<NodeId>,
}

/// `ReplaceActorsForAssignableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplaceActors {
    /// The issue.
    pub assignable_id: NodeId,
    /// Users by id.
    pub actor_ids: Option<Vec<NodeId>>,
    /// Users by login, alone or together with ids.
    pub actor_logins: Option<Vec<String>>,
    /// Users, the newest way.
    pub assignees: Option<Vec<AssigneeRef>>,
}

impl World {
    /// `addAssigneesToAssignable`.
    pub fn add_assignees(&mut self, now: Timestamp, input: AddAssignees) -> Result<NodeId, Refusal> {
        let added = match (input.assignee_ids, input.assignees) {
            (Some(_), Some(_)) => {
                return Err(Refusal::validation("assigneeIds and assignees are mutually exclusive."));
            }
            (ids, refs) => ids.into_iter().flatten().chain(ids_of(refs)),
        };
        let mut all = self.issues.find(&input.assignable_id)?.assignees.clone();
        all.extend(added);
        self.assign(now, &input.assignable_id, all, "AddAssigneesToAssignable")
    }

    /// `removeAssigneesFromAssignable`. Who was not assigned is passed over (inferred).
    pub fn remove_assignees(&mut self, now: Timestamp, input: &RemoveAssignees) -> Result<NodeId, Refusal> {
        for user in &input.assignee_ids {
            self.owners.find(user)?;
        }
        let mut all = self.issues.find(&input.assignable_id)?.assignees.clone();
        all.retain(|user| !input.assignee_ids.contains(user));
        self.assign(now, &input.assignable_id, all, "RemoveAssigneesFromAssignable")
    }

    /// `replaceActorsForAssignable`. GitHub's schema: logins go with ids, the newest argument with neither.
    pub fn replace_actors(&mut self, now: Timestamp, input: ReplaceActors) -> Result<NodeId, Refusal> {
        let ReplaceActors { assignable_id, actor_ids, actor_logins, assignees } = input;
        if assignees.is_some() && (actor_ids.is_some() || actor_logins.is_some()) {
            return Err(Refusal::validation(
                "assignees is mutually exclusive with actorIds and actorLogins.",
            ));
        }
        let mut all: Vec<NodeId> = actor_ids.into_iter().flatten().chain(ids_of(assignees)).collect();
        for login in actor_logins.into_iter().flatten() {
            all.push(self.owner_of_kind(OwnerKind::User, &login)?.id.clone());
        }
        self.assign(now, &assignable_id, all, "ReplaceActorsForAssignable")
    }

    /// Who may be assigned in a repository. GitHub: docs "Assigning issues and pull requests to other GitHub users":
    /// whoever has access, and whoever commented.
    pub fn assignable<'w>(&'w self, repository: &'w Repository) -> impl Iterator<Item = &'w Owner> {
        let users = self.owners.values().filter(|owner| owner.kind == OwnerKind::User);
        users.filter(|user| self.is_assignable(repository, &user.id))
    }

    /// Whether the user may be assigned in the repository.
    fn is_assignable(&self, repository: &Repository, user: &NodeId) -> bool {
        let Some(named) = &repository.collaborators else { return true };
        let commented = || {
            self.comments.values().any(|comment| {
                let issue = self.issues.get(&comment.issue);
                comment.author == *user && issue.is_some_and(|issue| issue.repository == repository.id)
            })
        };
        named.contains_key(user) || repository.owner == *user || commented()
    }

    fn assign(
        &mut self,
        now: Timestamp,
        issue: &NodeId,
        mut all: Vec<NodeId>,
        mutation: &str,
    ) -> Result<NodeId, Refusal> {
        let repository = self.issues.find(issue)?.repository.clone();
        self.allowed(&repository, Permission::Triage, mutation)?;
        drop_repeats(&mut all);
        self.check_assignable(&repository, &all)?;
        self.set_assignees(now, issue, &all)?;
        Ok(issue.clone())
    }

    /// They are users, and few enough.
    pub(super) fn check_assignees(&self, assignees: &[NodeId]) -> Result<(), Refusal> {
        if assignees.len() > ASSIGNEE_LIMIT {
            return Err(Refusal::unprocessable("Issues can have up to 10 assignees"));
        }
        for id in assignees {
            if self.owners.find(id)?.kind != OwnerKind::User {
                return Err(Refusal::no_node(id));
            }
        }
        Ok(())
    }

    /// They may be assigned in the repository as well. GitHub: REST's words, "… cannot be assigned to this issue", were
    /// observed; that GraphQL says the same is inferred.
    pub(super) fn check_assignable(&self, repository: &NodeId, assignees: &[NodeId]) -> Result<(), Refusal> {
        self.check_assignees(assignees)?;
        let repository = self.repositories.find(repository)?;
        let strangers = assignees.iter().filter(|id| !self.is_assignable(repository, id));
        let logins: Vec<&str> =
            strangers.filter_map(|id| self.owners.get(id)).map(|user| user.login.as_str()).collect();
        if logins.is_empty() {
            return Ok(());
        }
        let message = format!("assignees {} cannot be assigned to this issue", logins.join(", "));
        Err(Refusal::unprocessable(message))
    }

    /// Puts a checked set in the place of the present one.
    pub(super) fn set_assignees(
        &mut self,
        now: Timestamp,
        issue: &NodeId,
        all: &[NodeId],
    ) -> Result<(), Refusal> {
        let before = self.issues.find(issue)?.assignees.clone();
        if before == all {
            return Ok(());
        }
        self.change_issue(now, issue)?.assignees = all.to_vec();
        for user in all.iter().filter(|user| !before.contains(user)) {
            self.happened(now, issue, What::Assigned { user: user.clone() });
        }
        for user in before.into_iter().filter(|user| !all.contains(user)) {
            self.happened(now, issue, What::Unassigned { user });
        }
        Ok(())
    }
}

impl Owner {
    /// Whether a client's text fits the login or the display name. GitHub's schema: "searches users by login or profile
    /// name".
    pub fn fits(&self, query: &str) -> bool {
        let wanted = query.to_lowercase();
        let name = self.name.as_deref().unwrap_or_default();
        same_name(&self.login, query)
            || self.login.to_lowercase().contains(&wanted)
            || name.to_lowercase().contains(&wanted)
    }
}

fn ids_of(refs: Option<Vec<AssigneeRef>>) -> impl Iterator<Item = NodeId> {
    refs.into_iter().flatten().map(|entry| entry.actor_id)
}

/// Keeps the first of each.
pub(super) fn drop_repeats(ids: &mut Vec<NodeId>) {
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
}
