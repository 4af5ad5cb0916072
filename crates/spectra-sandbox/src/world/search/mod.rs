//! The search index: what `search` finds, which is not yet what was written a moment ago.
//!
//! Invariant: an issue that changed is shown as it was before its first unseen change until the index has caught up.
//! GitHub: searches were observed to lag one to two seconds, while reads by id are current.

mod matching;
mod query;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::event::Action;
use super::ids::NodeId;
use super::issue::Issue;
use super::owner::OwnerKind;
use super::refusal::Refusal;

use self::query::{Expression, Sort};

/// GitHub's schema: "a maximum of 1,000 results".
pub const RESULT_LIMIT: usize = 1_000;

/// An issue that the index does not show as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unindexed {
    /// The issue as the index still shows it; nothing when it is too new.
    pub before: Option<Issue>,
}

/// How a text is read. GitHub: docs "Filtering and searching issues and pull requests": the advanced syntax knows `AND`,
/// `OR` and parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `ISSUE`.
    Plain,
    /// `ISSUE_ADVANCED`.
    Advanced,
}

impl World {
    /// Issues that fit the text, in the order that it asks for; newest first when it asks for none.
    pub fn search_issues(&self, text: &str, syntax: Syntax) -> Result<Vec<NodeId>, Refusal> {
        let query = query::parse(text, syntax)?;
        let mut found: Vec<Cow<'_, Issue>> = Vec::new();
        for issue in self.issues.values().filter_map(|issue| self.indexed(issue)) {
            let visible =
                self.repositories.get(&issue.repository).is_some_and(|row| self.permission(row).is_some());
            if visible && self.fits(&query.expression, issue)? {
                found.push(Cow::Borrowed(issue));
            }
        }
        match query.sort {
            Sort::Created => found.sort_by_key(|issue| (issue.created_at, issue.database_id)),
            Sort::Updated => found.sort_by_key(|issue| (issue.updated_at, issue.database_id)),
            Sort::Comments => found.sort_by_key(|issue| (issue.comments.len(), issue.database_id)),
        }
        if query.descending {
            found.reverse();
        }
        Ok(found.into_iter().map(|issue| issue.id.clone()).collect())
    }

    /// Repositories whose name or description fits.
    pub fn search_repositories(&self, text: &str) -> Result<Vec<NodeId>, Refusal> {
        let query = query::parse(text, Syntax::Plain)?;
        let mut found = Vec::new();
        for repository in self.repositories.values() {
            if self.permission(repository).is_some() && self.fits_repository(&query.expression, repository)? {
                found.push(repository.id.clone());
            }
        }
        Ok(found)
    }

    /// Users and organisations whose login or name fits.
    pub fn search_owners(&self, text: &str) -> Result<Vec<NodeId>, Refusal> {
        let query = query::parse(text, Syntax::Plain)?;
        let mut found = Vec::new();
        for owner in self.owners.values() {
            if fits_owner(&query.expression, owner)? {
                found.push(owner.id.clone());
            }
        }
        Ok(found)
    }

    /// The issue as the index shows it.
    fn indexed<'w>(&'w self, issue: &'w Issue) -> Option<&'w Issue> {
        match self.unindexed.get(&issue.id) {
            Some(entry) => entry.before.as_ref(),
            None => Some(issue),
        }
    }

    /// The issue for writing: it changes at this moment, and the index goes on showing what it was.
    pub(super) fn change_issue(&mut self, now: Timestamp, id: &NodeId) -> Result<&mut Issue, Refusal> {
        if !self.unindexed.contains(id) {
            let before = self.issues.find(id)?.clone();
            self.outdate(now, id, Some(before));
        }
        let issue = self.issues.find_mut(id)?;
        issue.updated_at = now;
        Ok(issue)
    }

    /// The index shows something else than the issue from now on, and catches up later.
    pub(super) fn outdate(&mut self, now: Timestamp, id: &NodeId, before: Option<Issue>) {
        let (shortest, spread) = match self.behaviour.search_lag_ms {
            Some(0) => return,
            Some(exactly) => (exactly, 0),
            None => (1_000, 1_000),
        };
        self.unindexed.insert(id.clone(), Unindexed { before });
        self.defer(now, shortest, spread, Action::Index { issue: id.clone() });
    }
}

fn fits_owner(expression: &Expression, owner: &super::owner::Owner) -> Result<bool, Refusal> {
    expression.evaluate(&mut |term| {
        use query::Term;
        Ok(match term {
            Term::Text(text) => {
                matching::says(&owner.login, text)
                    || owner.login.to_lowercase().contains(&text.to_lowercase())
                    || owner.name.as_deref().is_some_and(|name| matching::says(name, text))
            }
            Term::Qualified { name, value } => match (name.as_str(), value.to_lowercase().as_str()) {
                ("type", "user") => owner.kind == OwnerKind::User,
                ("type", "org") => owner.kind == OwnerKind::Organization,
                ("user" | "org", login) => owner.login.to_lowercase() == login,
                ("in", _) => true,
                _ => return Err(query::unknown(name)),
            },
        })
    })
}
