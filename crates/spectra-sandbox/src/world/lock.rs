//! Conversations that are locked, and issues that are pinned.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::issue_input::IssueRef;
use super::refusal::Refusal;
use super::repository::Permission;
use super::timeline::What;

/// GitHub: docs "Pinning an issue to your repository": up to three.
const PIN_LIMIT: usize = 3;

/// That a conversation is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lock {
    /// `LockReason`, if one was given.
    pub reason: Option<String>,
}

/// An issue at the head of its repository's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pin {
    /// Node id of the pin.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The issue.
    pub issue: NodeId,
    /// Who pinned it.
    pub pinned_by: NodeId,
}

/// `LockLockableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockIssue {
    /// The issue.
    pub lockable_id: NodeId,
    /// `LockReason`.
    pub lock_reason: Option<String>,
}

/// `UnlockLockableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockIssue {
    /// The issue.
    pub lockable_id: NodeId,
}

impl World {
    /// `lockLockable`. A locked conversation can be locked again for another reason (inferred).
    pub fn lock_issue(&mut self, now: Timestamp, input: LockIssue) -> Result<NodeId, Refusal> {
        self.may_moderate(&input.lockable_id, "LockLockable")?;
        let lock = Some(Lock { reason: input.lock_reason.clone() });
        if self.issues.find(&input.lockable_id)?.lock != lock {
            self.change_issue(now, &input.lockable_id)?.lock = lock;
            self.happened(now, &input.lockable_id, What::Locked { reason: input.lock_reason });
        }
        Ok(input.lockable_id)
    }

    /// `unlockLockable`.
    pub fn unlock_issue(&mut self, now: Timestamp, input: UnlockIssue) -> Result<NodeId, Refusal> {
        self.may_moderate(&input.lockable_id, "UnlockLockable")?;
        if self.issues.find(&input.lockable_id)?.lock.is_some() {
            self.change_issue(now, &input.lockable_id)?.lock = None;
            self.happened(now, &input.lockable_id, What::Unlocked);
        }
        Ok(input.lockable_id)
    }

    /// `pinIssue`. The wording of the limit is that of GitHub's pages (not observed here).
    pub fn pin_issue(&mut self, now: Timestamp, input: IssueRef) -> Result<NodeId, Refusal> {
        let repository = self.may_moderate(&input.issue_id, "PinIssue")?;
        let pins = &self.repositories.find(&repository)?.pins;
        if pins.iter().any(|pin| pin.issue == input.issue_id) {
            return Ok(input.issue_id);
        }
        if pins.len() >= PIN_LIMIT {
            return Err(Refusal::unprocessable("Maximum of 3 pinned issues per repository"));
        }
        let (id, database_id) = self.ids.mint(Kind::Pin);
        let pin = Pin { id, database_id, issue: input.issue_id.clone(), pinned_by: self.viewer.clone() };
        self.repositories.find_mut(&repository)?.pins.push(pin);
        self.happened(now, &input.issue_id, What::Pinned);
        Ok(input.issue_id)
    }

    /// `unpinIssue`; gives the id of the pin, if there was one.
    pub fn unpin_issue(&mut self, now: Timestamp, input: &IssueRef) -> Result<Option<NodeId>, Refusal> {
        let repository = self.may_moderate(&input.issue_id, "UnpinIssue")?;
        let pins = &mut self.repositories.find_mut(&repository)?.pins;
        let place = pins.iter().position(|pin| pin.issue == input.issue_id);
        let pin = place.map(|place| pins.remove(place).id);
        if pin.is_some() {
            self.happened(now, &input.issue_id, What::Unpinned);
        }
        Ok(pin)
    }

    /// The pin of this id, with its repository.
    pub fn pin(&self, id: &NodeId) -> Option<(&super::repository::Repository, &Pin)> {
        self.repositories.values().find_map(|row| {
            let pin = row.pins.iter().find(|pin| pin.id == *id)?;
            Some((row, pin))
        })
    }

    /// GitHub: docs "Repository roles for an organization": locking and pinning need triage and more; write is asked
    /// for here as the docs "Locking conversations" do.
    fn may_moderate(&self, issue: &NodeId, mutation: &str) -> Result<NodeId, Refusal> {
        let repository = self.issues.find(issue)?.repository.clone();
        self.allowed(&repository, Permission::Write, mutation)?;
        Ok(repository)
    }
}
