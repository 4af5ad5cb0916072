//! Values of items in custom fields and in Status.
//!
//! Title, labels, assignees, milestone and repository are not here: they are read from the content.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::World;
use super::event::Action;
use super::field::{Field, FieldType};
use super::ids::{Kind, NodeId};
use super::item::Content;
use super::refusal::Refusal;
use super::repository::Permission;

/// GitHub: 1,024 were accepted and 1,025 refused, with ASCII; counted in bytes here.
const TEXT_LIMIT: usize = 1_024;

/// A value that an item holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Value {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// Who set it first.
    pub creator: NodeId,
    /// When it was first set.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The value itself.
    pub data: Data,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Data {
    /// Of a text field.
    Text(String),
    /// Of a number field.
    Number(f64),
    /// Of a date field.
    Date(Date),
    /// Of a single select: an option's id.
    SingleSelect(String),
    /// Of a multi select: options' ids.
    MultiSelect(Vec<String>),
    /// Of an iteration field: an iteration's id.
    Iteration(String),
}

impl Data {
    /// The option of a single select.
    pub fn option(&self) -> Option<&str> {
        match self {
            Self::SingleSelect(option) => Some(option),
            Self::Text(_) | Self::Number(_) | Self::Date(_) | Self::MultiSelect(_) | Self::Iteration(_) => {
                None
            }
        }
    }
}

/// `ProjectV2FieldValue`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueInput {
    /// For a text field.
    pub text: Option<String>,
    /// For a number field.
    pub number: Option<f64>,
    /// For a date field.
    #[serde(default, deserialize_with = "super::date::read")]
    pub date: Option<Date>,
    /// For a single select.
    pub single_select_option_id: Option<String>,
    /// For a multi select.
    pub multi_select_option_ids: Option<Vec<String>>,
    /// For an iteration field.
    pub iteration_id: Option<String>,
}

/// `UpdateProjectV2ItemFieldValueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetValue {
    /// The project.
    pub project_id: NodeId,
    /// The item.
    pub item_id: NodeId,
    /// The field.
    pub field_id: NodeId,
    /// The value.
    pub value: ValueInput,
}

/// `ClearProjectV2ItemFieldValueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClearValue {
    /// The project.
    pub project_id: NodeId,
    /// The item.
    pub item_id: NodeId,
    /// The field.
    pub field_id: NodeId,
}

impl World {
    /// `updateProjectV2ItemFieldValue`.
    pub fn set_value(&mut self, now: Timestamp, input: SetValue) -> Result<NodeId, Refusal> {
        let SetValue { project_id, item_id, field_id, value } = input;
        self.item_of(&project_id, &item_id)?;
        let field = self.field_of(&project_id, &field_id)?;
        let data = parse(field, value)?;
        self.put(now, &item_id, &field_id, data);
        Ok(item_id)
    }

    /// `clearProjectV2ItemFieldValue`. GitHub's schema: "only text, number, date, assignees, labels, single-select,
    /// multi-select, iteration and milestone fields are supported". An absent value is no error (not documented).
    pub fn clear_value(&mut self, now: Timestamp, input: ClearValue) -> Result<NodeId, Refusal> {
        self.item_of(&input.project_id, &input.item_id)?;
        let field = self.field_of(&input.project_id, &input.field_id)?;
        match held_by(field.data_type) {
            Holder::Item => {}
            Holder::Content => {
                let data_type = field.data_type;
                self.clear_content(now, &input.item_id, data_type)?;
                return Ok(input.item_id);
            }
            Holder::Nobody => return Err(unsupported(field)),
        }
        let before = self.option_of(&input.item_id, &input.field_id);
        let item = self.items.find_mut(&input.item_id)?;
        if item.values.remove(&input.field_id).is_some() {
            item.updated_at = now;
        }
        self.status_changed(now, &input.item_id, &input.field_id, &before);
        Ok(input.item_id)
    }

    /// Empties what the field shows of the item's content. A draft has neither labels nor a milestone.
    fn clear_content(&mut self, now: Timestamp, item: &NodeId, data_type: FieldType) -> Result<(), Refusal> {
        match self.items.find(item)?.content.clone() {
            Content::Draft(draft) => {
                let draft = self.drafts.find_mut(&draft)?;
                if data_type == FieldType::Assignees {
                    draft.assignees.clear();
                    draft.updated_at = now;
                }
            }
            Content::Issue(issue) => {
                let repository = self.issues.find(&issue)?.repository.clone();
                self.allowed(&repository, Permission::Triage, "ClearProjectV2ItemFieldValue")?;
                match data_type {
                    FieldType::Assignees => self.set_assignees(now, &issue, &[])?,
                    FieldType::Labels => self.set_labels(now, &issue, &[])?,
                    FieldType::Milestone => self.set_milestone(now, &issue, None)?,
                    FieldType::Title
                    | FieldType::LinkedPullRequests
                    | FieldType::Repository
                    | FieldType::Reviewers
                    | FieldType::ParentIssue
                    | FieldType::SubIssuesProgress
                    | FieldType::Created
                    | FieldType::Updated
                    | FieldType::Closed
                    | FieldType::Text
                    | FieldType::Number
                    | FieldType::Date
                    | FieldType::SingleSelect
                    | FieldType::MultiSelect
                    | FieldType::Iteration => {}
                }
            }
        }
        Ok(())
    }

    /// Sets a status, as a workflow does: an option that is gone is not set.
    pub(super) fn set_status(&mut self, now: Timestamp, item: &NodeId, field: &NodeId, option: &str) {
        let known =
            self.fields.get(field).is_some_and(|field| field.options.iter().any(|known| known.id == option));
        let there = self.items.get(item).and_then(|item| item.values.get(field)).map(|value| &value.data);
        if known && there.and_then(Data::option) != Some(option) {
            self.put(now, item, field, Data::SingleSelect(option.to_owned()));
        }
    }

    /// Takes away the values whose option or iteration is gone.
    pub(super) fn drop_stale_values(&mut self, project: &NodeId, field: &NodeId) {
        let (Some(row), Some(project)) = (self.fields.get(field), self.projects.get(project)) else { return };
        let option = |id: &String| row.offers(id);
        let iteration = |id: &String| row.iteration(id).is_some();
        let mut changes: Vec<(NodeId, Option<Data>)> = Vec::new();
        for id in &project.items {
            let Some(value) = self.items.get(id).and_then(|item| item.values.get(field)) else { continue };
            match &value.data {
                Data::SingleSelect(chosen) if !option(chosen) => changes.push((id.clone(), None)),
                Data::Iteration(chosen) if !iteration(chosen) => changes.push((id.clone(), None)),
                Data::MultiSelect(chosen) if !chosen.iter().all(option) => {
                    let left: Vec<String> = chosen.iter().filter(|id| option(id)).cloned().collect();
                    changes.push((id.clone(), (!left.is_empty()).then_some(Data::MultiSelect(left))));
                }
                Data::Text(_)
                | Data::Number(_)
                | Data::Date(_)
                | Data::SingleSelect(_)
                | Data::MultiSelect(_)
                | Data::Iteration(_) => {}
            }
        }
        for (id, data) in changes {
            let Some(item) = self.items.get_mut(&id) else { continue };
            match data {
                None => {
                    item.values.remove(field);
                }
                Some(data) => {
                    if let Some(value) = item.values.get_mut(field) {
                        value.data = data;
                    }
                }
            }
        }
    }

    fn put(&mut self, now: Timestamp, item: &NodeId, field: &NodeId, data: Data) {
        let (id, database_id) = self.ids.mint(Kind::Value);
        let creator = self.viewer.clone();
        let is_choice = data.option().is_some();
        let before = self.option_of(item, field);
        let Some(row) = self.items.get_mut(item) else { return };
        row.updated_at = now;
        if let Some(value) = row.values.get_mut(field) {
            value.data = data;
            value.updated_at = now;
        } else {
            let value = Value { id, database_id, creator, created_at: now, updated_at: now, data };
            row.values.insert(field.clone(), value);
        }
        self.status_changed(now, item, field, &before);
        if is_choice {
            self.defer(now, 200, 800, Action::StatusSet { item: item.clone() });
        }
    }

    pub(super) fn field_of(&self, project: &NodeId, field: &NodeId) -> Result<&Field, Refusal> {
        let row = self.fields.find(field)?;
        if row.project != *project {
            // The wording is that of an item of another project; not observed for fields.
            return Err(Refusal::validation("The field does not exist in the project"));
        }
        Ok(row)
    }
}

/// Who holds the values of a field.
enum Holder {
    /// The item.
    Item,
    /// The item's issue or draft, and they can be taken away through the item.
    Content,
    /// GitHub works them out, or they can only be changed where they are.
    Nobody,
}

fn held_by(data_type: FieldType) -> Holder {
    match data_type {
        FieldType::Text
        | FieldType::Number
        | FieldType::Date
        | FieldType::SingleSelect
        | FieldType::MultiSelect
        | FieldType::Iteration => Holder::Item,
        FieldType::Assignees | FieldType::Labels | FieldType::Milestone => Holder::Content,
        FieldType::Title
        | FieldType::LinkedPullRequests
        | FieldType::Repository
        | FieldType::Reviewers
        | FieldType::ParentIssue
        | FieldType::SubIssuesProgress
        | FieldType::Created
        | FieldType::Updated
        | FieldType::Closed => Holder::Nobody,
    }
}

/// GitHub: docs "Using the API to manage Projects": such values are set on the issue. The wording is not known.
fn unsupported(field: &Field) -> Refusal {
    let kind = field.data_type.as_str().to_lowercase();
    Refusal::validation(format!("The field of type {kind} is currently not supported."))
}

/// The value that the field takes from the input. GitHub: messages for selects and text observed; the wording for a
/// missing value of another type follows the select's.
fn parse(field: &Field, input: ValueInput) -> Result<Data, Refusal> {
    let missing = |what: &str| {
        let kind = field.data_type.as_str().to_lowercase();
        Refusal::validation(format!("Did not receive {what} to update a field of type {kind}"))
    };
    let stranger = || Refusal::validation("The single select option Id does not belong to the field");
    let known = |id: &String| field.offers(id);
    match field.data_type {
        FieldType::Text => {
            let text = input.text.ok_or_else(|| missing("a text value"))?;
            if text.len() > TEXT_LIMIT {
                return Err(Refusal::unprocessable("Column value must be a valid value for text column"));
            }
            Ok(Data::Text(text))
        }
        FieldType::Number => Ok(Data::Number(input.number.ok_or_else(|| missing("a number value"))?)),
        FieldType::Date => Ok(Data::Date(input.date.ok_or_else(|| missing("a date value"))?)),
        FieldType::SingleSelect => {
            let option = input.single_select_option_id.ok_or_else(|| missing("a single select option Id"))?;
            if known(&option) { Ok(Data::SingleSelect(option)) } else { Err(stranger()) }
        }
        FieldType::MultiSelect => {
            let options = input.multi_select_option_ids.ok_or_else(|| missing("multi select option Ids"))?;
            let mut seen = BTreeSet::new();
            if !options.iter().all(known) {
                // The wording follows the single select's.
                return Err(Refusal::validation("The multi select option Id does not belong to the field"));
            }
            Ok(Data::MultiSelect(options.into_iter().filter(|id| seen.insert(id.clone())).collect()))
        }
        FieldType::Iteration => {
            let chosen = input.iteration_id.ok_or_else(|| missing("an iteration Id"))?;
            if field.iteration(&chosen).is_some() {
                Ok(Data::Iteration(chosen))
            } else {
                Err(Refusal::validation("The iteration Id does not belong to the field"))
            }
        }
        FieldType::Title
        | FieldType::Assignees
        | FieldType::Labels
        | FieldType::LinkedPullRequests
        | FieldType::Milestone
        | FieldType::Repository
        | FieldType::Reviewers
        | FieldType::ParentIssue
        | FieldType::SubIssuesProgress
        | FieldType::Created
        | FieldType::Updated
        | FieldType::Closed => Err(unsupported(field)),
    }
}
