//! Issues that move to another repository.
//!
//! Invariant: whatever named the issue names it under its new id afterwards; the old id leads to the new one.

use jiff::Timestamp;

use super::ids::{Kind, NodeId};
use super::issue::Issue;
use super::issue_input::TransferIssue;
use super::item::Content;
use super::refusal::Refusal;
use super::repository::Permission;
use super::timeline::What;
use super::{World, same_name};

impl World {
    /// `transferIssue`; gives the issue under its new id. GitHub: docs "Transferring an issue to another repository":
    /// comments and assignees stay, labels and milestones stay where the other repository has them by name (a milestone
    /// by its due date too), and both repositories have one owner. That boards, parents and parts stay, that the issue
    /// gets a new id, and that the old id goes on working is inferred.
    pub fn transfer_issue(&mut self, now: Timestamp, input: &TransferIssue) -> Result<NodeId, Refusal> {
        let TransferIssue { issue_id, repository_id, create_labels_if_missing } = input;
        let issue = self.issues.find(issue_id)?.clone();
        let source = self.allowed(&issue.repository, Permission::Write, "TransferIssue")?;
        let target = self.allowed(repository_id, Permission::Write, "TransferIssue")?;
        // The wordings of the refusals are not known.
        if target.id == source.id {
            return Err(Refusal::unprocessable(
                "New repository must be different from the current repository",
            ));
        }
        if target.owner != source.owner {
            return Err(Refusal::unprocessable(
                "New repository must have the same owner as the current repository",
            ));
        }
        if !target.has_issues_enabled {
            return Err(Refusal::unprocessable("New repository must have issues enabled"));
        }
        let number = target.next_issue;
        let labels = self.labels_over_there(now, &issue, repository_id, *create_labels_if_missing)?;
        let milestone = self.milestone_over_there(&issue, repository_id);

        let (id, database_id) = self.ids.mint(Kind::Issue);
        let moved = Issue {
            id: id.clone(),
            database_id,
            repository: repository_id.clone(),
            number,
            labels,
            milestone,
            updated_at: now,
            ..issue.clone()
        };
        self.issues.insert(id.clone(), moved);
        self.repoint(&issue, &id);
        self.outdate(now, &id, None);
        self.unindexed.remove(issue_id);
        self.issues.remove(issue_id);
        let row = self.repositories.find_mut(&issue.repository)?;
        row.issues.remove(&issue.number);
        row.pins.retain(|pin| pin.issue != *issue_id);
        row.transferred.insert(issue.number, id.clone());
        let row = self.repositories.find_mut(repository_id)?;
        row.issues.insert(number, id.clone());
        row.next_issue = number.saturating_add(1);
        self.moved.insert(issue_id.clone(), id.clone());
        self.happened(now, &id, What::Transferred { from: issue.repository });
        Ok(id)
    }

    /// What an id stands for now: the issue that it became, or itself.
    pub fn current_id<'w>(&'w self, id: &'w NodeId) -> &'w NodeId {
        let mut id = id;
        // A chain is as long as the issue was moved often; ids are never used twice, so it ends.
        while let Some(next) = self.moved.get(id) {
            id = next;
        }
        id
    }

    fn labels_over_there(
        &mut self,
        now: Timestamp,
        issue: &Issue,
        target: &NodeId,
        make: bool,
    ) -> Result<Vec<NodeId>, Refusal> {
        let mut kept = Vec::new();
        for label in &issue.labels {
            let label = self.labels.find(label)?.clone();
            if let Some(there) = self.label_by_name(target, &label.name) {
                kept.push(there.id.clone());
            } else if make {
                kept.push(self.add_label(
                    now,
                    target,
                    &label.name,
                    &label.color,
                    label.description,
                    false,
                )?);
            }
        }
        Ok(kept)
    }

    fn milestone_over_there(&self, issue: &Issue, target: &NodeId) -> Option<NodeId> {
        let here = self.milestones.get(issue.milestone.as_ref()?)?;
        let mut there =
            self.repositories.get(target)?.milestones.iter().filter_map(|id| self.milestones.get(id));
        let same = there.find(|row| same_name(&row.title, &here.title) && row.due_on == here.due_on)?;
        Some(same.id.clone())
    }

    /// Whatever names the issue names it under the new id.
    fn repoint(&mut self, issue: &Issue, id: &NodeId) {
        let swap = |list: &mut Vec<NodeId>| {
            for entry in list.iter_mut().filter(|entry| **entry == issue.id) {
                entry.clone_from(id);
            }
        };
        if let Some(parent) = issue.parent.as_ref().and_then(|parent| self.issues.get_mut(parent)) {
            swap(&mut parent.sub_issues);
        }
        for part in &issue.sub_issues {
            if let Some(part) = self.issues.get_mut(part) {
                part.parent = Some(id.clone());
            }
        }
        for other in issue.blocked_by.iter().chain(&issue.blocking).chain(&issue.relates_to) {
            if let Some(other) = self.issues.get_mut(other) {
                swap(&mut other.blocked_by);
                swap(&mut other.blocking);
                swap(&mut other.relates_to);
            }
        }
        let twins: Vec<NodeId> = self
            .issues
            .values()
            .filter(|row| row.duplicate_of.as_ref() == Some(&issue.id))
            .map(|row| row.id.clone())
            .collect();
        for twin in twins {
            if let Some(twin) = self.issues.get_mut(&twin) {
                twin.duplicate_of = Some(id.clone());
            }
        }
        for item in &issue.items {
            if let Some(item) = self.items.get_mut(item) {
                item.content = Content::Issue(id.clone());
            }
        }
        for comment in &issue.comments {
            if let Some(comment) = self.comments.get_mut(comment) {
                comment.issue = id.clone();
            }
        }
        for entry in &issue.timeline {
            if let Some(entry) = self.happenings.get_mut(entry) {
                entry.issue = id.clone();
            }
        }
    }
}
