//! Labels of repositories, and their places on issues.
//!
//! Invariant: names are unique within a repository without regard to case (inferred; REST refuses a duplicate with
//! `already_exists`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::assignee::drop_repeats;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;
use super::repository::Permission;
use super::timeline::What;
use super::{World, same_name};

/// A label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Label {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The repository.
    pub repository: NodeId,
    /// Its name.
    pub name: String,
    /// Six hex digits, lower case, without `#`.
    pub color: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether GitHub put it there.
    pub is_default: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// `CreateLabelInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateLabel {
    /// Where.
    pub repository_id: NodeId,
    /// Its name.
    pub name: String,
    /// Six hex digits without `#`.
    pub color: String,
    /// What it is for.
    pub description: Option<String>,
}

/// `UpdateLabelInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateLabel {
    /// Which.
    pub id: NodeId,
    /// A new name.
    pub name: Option<String>,
    /// A new colour.
    pub color: Option<String>,
    /// A new description.
    pub description: Option<String>,
}

/// `DeleteLabelInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteLabel {
    /// Which.
    pub id: NodeId,
}

/// `LabelUpdateInput`, an entry of the newer `labels` arguments.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelRef {
    /// Which.
    pub label_id: NodeId,
}

/// `AddLabelsToLabelableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddLabels {
    /// The issue.
    pub labelable_id: NodeId,
    /// The labels, the older way.
    pub label_ids: Option<Vec<NodeId>>,
    /// The labels, the newer way.
    pub labels: Option<Vec<LabelRef>>,
}

/// `RemoveLabelsFromLabelableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoveLabels {
    /// The issue.
    pub labelable_id: NodeId,
    /// The labels.
    pub label_ids: Vec<NodeId>,
}

/// `ClearLabelsFromLabelableInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClearLabels {
    /// The issue.
    pub labelable_id: NodeId,
}

impl World {
    /// `createLabel`.
    pub fn create_label(&mut self, now: Timestamp, input: CreateLabel) -> Result<NodeId, Refusal> {
        self.allowed(&input.repository_id, Permission::Write, "CreateLabel")?;
        self.check_name(&input.repository_id, None, &input.name)?;
        check_color(&input.color)?;
        check_description(input.description.as_deref())?;
        let color = input.color.to_lowercase();
        self.add_label(now, &input.repository_id, &input.name, &color, input.description, false)
    }

    /// `updateLabel`.
    pub fn update_label(&mut self, now: Timestamp, input: UpdateLabel) -> Result<NodeId, Refusal> {
        let repository = self.labels.find(&input.id)?.repository.clone();
        self.allowed(&repository, Permission::Write, "UpdateLabel")?;
        if let Some(name) = &input.name {
            self.check_name(&repository, Some(&input.id), name)?;
        }
        if let Some(color) = &input.color {
            check_color(color)?;
        }
        check_description(input.description.as_deref())?;
        let label = self.labels.find_mut(&input.id)?;
        if let Some(name) = input.name {
            label.name = name;
        }
        if let Some(color) = input.color {
            label.color = color.to_lowercase();
        }
        if let Some(description) = input.description {
            label.description = Some(description).filter(|text| !text.is_empty());
        }
        label.updated_at = now;
        Ok(input.id)
    }

    /// `deleteLabel`: the label leaves its issues too.
    pub fn delete_label(&mut self, now: Timestamp, input: &DeleteLabel) -> Result<(), Refusal> {
        let repository = self.labels.find(&input.id)?.repository.clone();
        self.allowed(&repository, Permission::Write, "DeleteLabel")?;
        let row = self.repositories.find_mut(&repository)?;
        row.labels.retain(|label| *label != input.id);
        let issues: Vec<NodeId> = row.issues.values().cloned().collect();
        for issue in issues {
            let worn = self.issues.get(&issue).map(|row| row.labels.clone()).unwrap_or_default();
            if worn.contains(&input.id) {
                let left: Vec<NodeId> = worn.into_iter().filter(|label| *label != input.id).collect();
                self.set_labels(now, &issue, &left)?;
            }
        }
        self.labels.remove(&input.id);
        Ok(())
    }

    /// `addLabelsToLabelable`.
    pub fn add_labels(&mut self, now: Timestamp, input: AddLabels) -> Result<NodeId, Refusal> {
        let added = match (input.label_ids, input.labels) {
            (Some(_), Some(_)) => {
                return Err(Refusal::validation("labelIds and labels are mutually exclusive."));
            }
            (ids, labels) => ids
                .into_iter()
                .flatten()
                .chain(labels.into_iter().flatten().map(|label| label.label_id))
                .collect::<Vec<_>>(),
        };
        let repository = self.issues.find(&input.labelable_id)?.repository.clone();
        self.allowed(&repository, Permission::Triage, "AddLabelsToLabelable")?;
        self.check_labels(&repository, &added)?;
        let mut all = self.issues.find(&input.labelable_id)?.labels.clone();
        all.extend(added);
        drop_repeats(&mut all);
        self.set_labels(now, &input.labelable_id, &all)?;
        Ok(input.labelable_id)
    }

    /// `removeLabelsFromLabelable`.
    pub fn remove_labels(&mut self, now: Timestamp, input: RemoveLabels) -> Result<NodeId, Refusal> {
        let repository = self.issues.find(&input.labelable_id)?.repository.clone();
        self.allowed(&repository, Permission::Triage, "RemoveLabelsFromLabelable")?;
        self.check_labels(&repository, &input.label_ids)?;
        let mut all = self.issues.find(&input.labelable_id)?.labels.clone();
        all.retain(|label| !input.label_ids.contains(label));
        self.set_labels(now, &input.labelable_id, &all)?;
        Ok(input.labelable_id)
    }

    /// `clearLabelsFromLabelable`.
    pub fn clear_labels(&mut self, now: Timestamp, input: ClearLabels) -> Result<NodeId, Refusal> {
        let repository = self.issues.find(&input.labelable_id)?.repository.clone();
        self.allowed(&repository, Permission::Triage, "ClearLabelsFromLabelable")?;
        self.set_labels(now, &input.labelable_id, &[])?;
        Ok(input.labelable_id)
    }

    /// The repository's label of this name, in any case.
    pub fn label_by_name(&self, repository: &NodeId, name: &str) -> Option<&Label> {
        let repository = self.repositories.get(repository)?;
        let mut labels = repository.labels.iter().filter_map(|id| self.labels.get(id));
        labels.find(|label| same_name(&label.name, name))
    }

    /// Adds a label without checks.
    pub(crate) fn add_label(
        &mut self,
        now: Timestamp,
        repository: &NodeId,
        name: &str,
        color: &str,
        description: Option<String>,
        is_default: bool,
    ) -> Result<NodeId, Refusal> {
        let (id, database_id) = self.ids.mint(Kind::Label);
        self.repositories.find_mut(repository)?.labels.push(id.clone());
        let label = Label {
            id: id.clone(),
            database_id,
            repository: repository.clone(),
            name: name.to_owned(),
            color: color.to_owned(),
            description: description.filter(|text| !text.is_empty()),
            is_default,
            created_at: now,
            updated_at: now,
        };
        self.labels.insert(id.clone(), label);
        Ok(id)
    }

    /// Puts a checked set in the place of the present one.
    pub(super) fn set_labels(
        &mut self,
        now: Timestamp,
        issue: &NodeId,
        all: &[NodeId],
    ) -> Result<(), Refusal> {
        let before = self.issues.find(issue)?.labels.clone();
        if before == all {
            return Ok(());
        }
        self.change_issue(now, issue)?.labels = all.to_vec();
        for label in all.iter().filter(|label| !before.contains(label)) {
            self.happened(now, issue, What::Labeled { label: label.clone() });
        }
        for label in before.into_iter().filter(|label| !all.contains(label)) {
            self.happened(now, issue, What::Unlabeled { label });
        }
        Ok(())
    }

    /// All of them exist and belong to the repository.
    pub(super) fn check_labels(&self, repository: &NodeId, labels: &[NodeId]) -> Result<(), Refusal> {
        for id in labels {
            if self.labels.find(id)?.repository != *repository {
                return Err(Refusal::no_node(id));
            }
        }
        Ok(())
    }

    fn check_name(&self, repository: &NodeId, except: Option<&NodeId>, name: &str) -> Result<(), Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::unprocessable("Name can't be blank"));
        }
        // GitHub: 50 characters, as reported (github/docs#32156).
        if name.chars().count() > 50 {
            return Err(Refusal::unprocessable("Name is too long (maximum is 50 characters)"));
        }
        match self.label_by_name(repository, name) {
            Some(label) if Some(&label.id) != except => {
                Err(Refusal::unprocessable("Name has already been taken"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// GitHub's schema: "a 6 character hex code, without the leading #".
fn check_color(color: &str) -> Result<(), Refusal> {
    if color.len() == 6 && color.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(Refusal::unprocessable("Color is invalid"))
}

/// GitHub: OpenAPI states "Must be 100 characters or fewer".
fn check_description(description: Option<&str>) -> Result<(), Refusal> {
    if description.is_some_and(|text| text.chars().count() > 100) {
        return Err(Refusal::unprocessable("Description is too long (maximum is 100 characters)"));
    }
    Ok(())
}
