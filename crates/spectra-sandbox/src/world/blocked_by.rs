//! Dependencies of issues: what blocks what, and what is related to what.
//!
//! Invariant: the two ends of a link name each other. One write makes both (observed).

use jiff::Timestamp;
use serde::Deserialize;

use super::World;
use super::ids::NodeId;
use super::issue::Issue;
use super::refusal::Refusal;
use super::repository::Permission;
use super::timeline::What;

/// GitHub: changelog of 2025-08-21: fifty issues per type of relationship.
const LINK_LIMIT: usize = 50;

/// `AddBlockedByInput`, `RemoveBlockedByInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockedBy {
    /// The issue that waits.
    pub issue_id: NodeId,
    /// The issue that it waits for.
    pub blocking_issue_id: NodeId,
}

/// `AddRelatesToInput`, `RemoveRelatesToInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelatesTo {
    /// One issue.
    pub issue_id: NodeId,
    /// The other.
    pub related_issue_id: NodeId,
}

impl World {
    /// `addBlockedBy`. A closed blocker is accepted (observed).
    pub fn add_blocked_by(&mut self, now: Timestamp, input: BlockedBy) -> Result<NodeId, Refusal> {
        let BlockedBy { issue_id: issue, blocking_issue_id: blocker } = input;
        self.check_dependency(&issue, &blocker, "AddBlockedBy")?;
        if self.issues.find(&issue)?.blocked_by.contains(&blocker) {
            // GitHub: observed in REST, and reported for GraphQL with this type.
            return Err(blocking("Target issue has already been taken"));
        }
        // Whether GitHub takes an issue that waits for itself, or a ring, is not known: both are refused here, so that
        // a client meets the refusal.
        if issue == blocker {
            return Err(blocking("Target issue cannot be the same as the source issue"));
        }
        if self.waits_for(&blocker, &issue) {
            return Err(blocking("Target issue would create a circular dependency"));
        }
        // The wordings of the limits are not known.
        if self.issues.find(&issue)?.blocked_by.len() >= LINK_LIMIT {
            return Err(blocking("Issue cannot be blocked by more than 50 issues"));
        }
        if self.issues.find(&blocker)?.blocking.len() >= LINK_LIMIT {
            return Err(blocking("Issue cannot block more than 50 issues"));
        }
        self.change_issue(now, &issue)?.blocked_by.push(blocker.clone());
        self.change_issue(now, &blocker)?.blocking.push(issue.clone());
        self.happened(now, &issue, What::BlockedByAdded { issue: blocker.clone() });
        self.happened(now, &blocker, What::BlockingAdded { issue });
        Ok(blocker)
    }

    /// `removeBlockedBy`. A link that is not there is no error: REST answers 200 (observed), GraphQL is taken to do the
    /// same.
    pub fn remove_blocked_by(&mut self, now: Timestamp, input: BlockedBy) -> Result<NodeId, Refusal> {
        let BlockedBy { issue_id: issue, blocking_issue_id: blocker } = input;
        self.check_dependency(&issue, &blocker, "RemoveBlockedBy")?;
        if self.issues.find(&issue)?.blocked_by.contains(&blocker) {
            self.change_issue(now, &issue)?.blocked_by.retain(|id| *id != blocker);
            self.change_issue(now, &blocker)?.blocking.retain(|id| *id != issue);
            self.happened(now, &issue, What::BlockedByRemoved { issue: blocker.clone() });
            self.happened(now, &blocker, What::BlockingRemoved { issue });
        }
        Ok(blocker)
    }

    /// `addRelatesTo`. The refusals are those of `addBlockedBy` by analogy (not known).
    pub fn add_relates_to(&mut self, now: Timestamp, input: RelatesTo) -> Result<NodeId, Refusal> {
        let RelatesTo { issue_id: issue, related_issue_id: other } = input;
        self.check_dependency(&issue, &other, "AddRelatesTo")?;
        let row = self.issues.find(&issue)?;
        if row.relates_to.contains(&other) {
            return Err(relating("Target issue has already been taken"));
        }
        if issue == other {
            return Err(relating("Target issue cannot be the same as the source issue"));
        }
        if row.relates_to.len().max(self.issues.find(&other)?.relates_to.len()) >= LINK_LIMIT {
            return Err(relating("Issue cannot relate to more than 50 issues"));
        }
        self.change_issue(now, &issue)?.relates_to.push(other.clone());
        self.change_issue(now, &other)?.relates_to.push(issue);
        Ok(other)
    }

    /// `removeRelatesTo`.
    pub fn remove_relates_to(&mut self, now: Timestamp, input: RelatesTo) -> Result<NodeId, Refusal> {
        let RelatesTo { issue_id: issue, related_issue_id: other } = input;
        self.check_dependency(&issue, &other, "RemoveRelatesTo")?;
        if self.issues.find(&issue)?.relates_to.contains(&other) {
            self.change_issue(now, &issue)?.relates_to.retain(|id| *id != other);
            self.change_issue(now, &other)?.relates_to.retain(|id| *id != issue);
        }
        Ok(other)
    }

    /// Takes an issue that goes away out of every link.
    pub(super) fn drop_links(&mut self, issue: &Issue) {
        let ends = issue.blocked_by.iter().chain(&issue.blocking).chain(&issue.relates_to);
        for other in ends {
            if let Some(row) = self.issues.get_mut(other) {
                row.blocked_by.retain(|id| *id != issue.id);
                row.blocking.retain(|id| *id != issue.id);
                row.relates_to.retain(|id| *id != issue.id);
            }
        }
    }

    fn check_dependency(&self, issue: &NodeId, other: &NodeId, mutation: &str) -> Result<(), Refusal> {
        for id in [issue, other] {
            let repository = &self.issues.find(id)?.repository;
            self.allowed(repository, Permission::Triage, mutation)?;
        }
        Ok(())
    }

    /// Whether the first issue is blocked by the second, at any distance.
    fn waits_for(&self, issue: &NodeId, other: &NodeId) -> bool {
        let mut seen = std::collections::BTreeSet::new();
        let mut open = vec![issue];
        while let Some(id) = open.pop() {
            let blockers = self.issues.get(id).map_or(&[][..], |row| row.blocked_by.as_slice());
            for blocker in blockers {
                if blocker == other {
                    return true;
                }
                if seen.insert(blocker) {
                    open.push(blocker);
                }
            }
        }
        false
    }
}

fn blocking(reason: &str) -> Refusal {
    let sentence = "An error occurred while adding the blocking issue to the issue.";
    Refusal::validation(format!("{sentence} Validation failed: {reason}"))
}

fn relating(reason: &str) -> Refusal {
    let sentence = "An error occurred while adding the related issue to the issue.";
    Refusal::validation(format!("{sentence} Validation failed: {reason}"))
}
