//! The hierarchy of issues.
//!
//! Invariant: a forest. Each issue has at most one parent, at most 100 parts, and lies at most eight levels deep;
//! parent and part belong to repositories of one owner.

use jiff::Timestamp;
use serde::Deserialize;

use super::World;
use super::event::Action;
use super::ids::NodeId;
use super::refusal::Refusal;
use super::repository::Permission;
use super::timeline::What;

/// GitHub: docs "Adding sub-issues".
const PART_LIMIT: usize = 100;
/// GitHub: docs "Adding sub-issues".
const LEVEL_LIMIT: usize = 8;

/// `AddSubIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddSubIssue {
    /// The parent.
    pub issue_id: NodeId,
    /// The part.
    pub sub_issue_id: Option<NodeId>,
    /// The part, by its address.
    pub sub_issue_url: Option<String>,
    /// Whether a part of another issue may be taken from it.
    pub replace_parent: Option<bool>,
}

/// `RemoveSubIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveSubIssue {
    /// The parent.
    pub issue_id: NodeId,
    /// The part.
    pub sub_issue_id: NodeId,
}

/// `ReprioritizeSubIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReprioritizeSubIssue {
    /// The parent.
    pub issue_id: NodeId,
    /// The part that moves.
    pub sub_issue_id: NodeId,
    /// The part it goes behind.
    pub after_id: Option<NodeId>,
    /// The part it goes before.
    pub before_id: Option<NodeId>,
}

impl World {
    /// `addSubIssue`; gives the part. Not idempotent. GitHub: observed in reports, with this text for a part of the
    /// same issue as well as of another one.
    pub fn add_sub_issue(&mut self, now: Timestamp, input: AddSubIssue) -> Result<NodeId, Refusal> {
        let AddSubIssue { issue_id: parent, sub_issue_id, sub_issue_url, replace_parent } = input;
        self.may_order(&parent, "AddSubIssue")?;
        let owner = self.owner_of_issue(&parent)?;
        let part = match (sub_issue_id, sub_issue_url) {
            (Some(id), _) => id,
            (None, Some(url)) => self.issue_by_url(&url)?,
            (None, None) => {
                return Err(Refusal::validation("Either subIssueId or subIssueUrl must be provided."));
            }
        };
        let part_owner = self.owner_of_issue(&part)?;
        let current = self.issues.find(&part)?.parent.clone();
        if current.is_some() && (replace_parent != Some(true) || current.as_ref() == Some(&parent)) {
            return Err(adding(
                "Issue may not contain duplicate sub-issues and Sub issue may only have one parent",
            ));
        }
        // GitHub: OpenAPI states that both must have the same repository owner; the wording is not known.
        if owner != part_owner {
            return Err(adding("Sub issue must belong to a repository of the same owner"));
        }
        // The wordings of the next two are not known.
        if self.ancestors(&parent).contains(&part) || part == parent {
            return Err(adding("Sub issue may not be an ancestor of its parent"));
        }
        self.check_room(&parent, self.height(&part))?;
        self.detach(now, &part)?;
        self.attach(now, &parent, &part)?;
        Ok(part)
    }

    /// `removeSubIssue`.
    pub fn remove_sub_issue(&mut self, now: Timestamp, input: RemoveSubIssue) -> Result<NodeId, Refusal> {
        self.may_order(&input.issue_id, "RemoveSubIssue")?;
        if self.issues.find(&input.sub_issue_id)?.parent.as_ref() != Some(&input.issue_id) {
            return Err(Refusal::unprocessable("The sub-issue does not exist under the issue"));
        }
        self.detach(now, &input.sub_issue_id)?;
        Ok(input.sub_issue_id)
    }

    /// `reprioritizeSubIssue`.
    pub fn reprioritize_sub_issue(
        &mut self,
        now: Timestamp,
        input: ReprioritizeSubIssue,
    ) -> Result<NodeId, Refusal> {
        let ReprioritizeSubIssue { issue_id, sub_issue_id, after_id, before_id } = input;
        self.may_order(&issue_id, "ReprioritizeSubIssue")?;
        let parent = self.issues.find(&issue_id)?;
        let mut order = parent.sub_issues.clone();
        let missing = || Refusal::unprocessable("The sub-issue does not exist under the issue");
        let from = order.iter().position(|id| *id == sub_issue_id).ok_or_else(missing)?;
        order.remove(from);
        let to = match (after_id, before_id) {
            (Some(_), Some(_)) | (None, None) => {
                return Err(Refusal::validation("Exactly one of afterId and beforeId must be provided."));
            }
            (Some(after), None) => 1 + order.iter().position(|id| *id == after).ok_or_else(missing)?,
            (None, Some(before)) => order.iter().position(|id| *id == before).ok_or_else(missing)?,
        };
        order.insert(to, sub_issue_id);
        self.change_issue(now, &issue_id)?.sub_issues = order;
        Ok(issue_id)
    }

    /// GitHub: docs "Adding sub-issues": triage is needed.
    fn may_order(&self, parent: &NodeId, mutation: &str) -> Result<(), Refusal> {
        let repository = &self.issues.find(parent)?.repository;
        self.allowed(repository, Permission::Triage, mutation).map(|_| ())
    }

    /// The parent has room for one more part that is so many levels high.
    pub(super) fn check_room(&self, parent: &NodeId, height: usize) -> Result<(), Refusal> {
        if self.issues.find(parent)?.sub_issues.len() >= PART_LIMIT {
            // GitHub: observed in reports.
            return Err(Refusal::unprocessable("Parent cannot have more than 100 sub-issues"));
        }
        if self.ancestors(parent).len() + 1 + height > LEVEL_LIMIT {
            // The wording is not known.
            return Err(adding("Sub-issues cannot be nested more than 8 levels deep"));
        }
        Ok(())
    }

    /// Makes one issue a part of another, and has the parent's boards take it in later.
    pub(super) fn attach(&mut self, now: Timestamp, parent: &NodeId, part: &NodeId) -> Result<(), Refusal> {
        let row = self.change_issue(now, parent)?;
        row.sub_issues.push(part.clone());
        let items = row.items.clone();
        self.change_issue(now, part)?.parent = Some(parent.clone());
        self.happened(now, parent, What::SubIssueAdded { issue: part.clone() });
        self.happened(now, part, What::ParentAdded { issue: parent.clone() });
        for item in items {
            if let Some(project) = self.items.get(&item).map(|item| item.project.clone()) {
                self.defer(now, 300, 1_200, Action::FileSubIssue { issue: part.clone(), project });
            }
        }
        Ok(())
    }

    fn detach(&mut self, now: Timestamp, part: &NodeId) -> Result<(), Refusal> {
        let Some(parent) = self.issues.find(part)?.parent.clone() else { return Ok(()) };
        self.change_issue(now, part)?.parent = None;
        self.change_issue(now, &parent)?.sub_issues.retain(|id| id != part);
        self.happened(now, &parent, What::SubIssueRemoved { issue: part.clone() });
        self.happened(now, part, What::ParentRemoved { issue: parent });
        Ok(())
    }

    /// From the parent upwards.
    fn ancestors(&self, issue: &NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut next = self.issues.get(issue).and_then(|row| row.parent.clone());
        while let Some(id) = next {
            next = self.issues.get(&id).and_then(|row| row.parent.clone());
            found.push(id);
        }
        found
    }

    /// How many levels lie below.
    fn height(&self, issue: &NodeId) -> usize {
        let parts = self.issues.get(issue).map_or(&[][..], |row| row.sub_issues.as_slice());
        parts.iter().map(|part| 1 + self.height(part)).max().unwrap_or(0)
    }

    pub(super) fn owner_of_issue(&self, issue: &NodeId) -> Result<NodeId, Refusal> {
        let repository = &self.issues.find(issue)?.repository;
        Ok(self.writable(repository)?.owner.clone())
    }

    /// `https://github.com/OWNER/NAME/issues/NUMBER`.
    pub(super) fn issue_by_url(&self, url: &str) -> Result<NodeId, Refusal> {
        let parts: Vec<&str> = url.trim_end_matches('/').rsplit('/').collect();
        match parts.as_slice() {
            [number, "issues", name, owner, ..] => {
                let repository = self.repository_by_name(owner, name)?;
                self.issue_by_number(repository, number.parse().unwrap_or(0))
            }
            _ => Err(Refusal::validation(format!("'{url}' is not the address of an issue."))),
        }
    }
}

/// GitHub: the first sentence was observed in reports.
fn adding(reason: &str) -> Refusal {
    Refusal::validation(format!("An error occurred while adding the sub-issue to the parent issue. {reason}"))
}
