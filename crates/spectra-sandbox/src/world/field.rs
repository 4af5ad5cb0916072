//! Fields of projects: GitHub's own and the custom ones.
//!
//! Invariant: within a project names are unique without regard to case; option ids are unique within a field; no item
//! holds an option or iteration that its field does not have.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{Kind, NodeId};
use super::iteration::{Iteration, Iterations, IterationsInput};
use super::option::{Color, OptionInput, SelectOption};
use super::refusal::Refusal;
use super::{World, same_name};

/// GitHub: docs "Managing issue fields": 50 with the system's own.
const FIELD_LIMIT: usize = 50;
/// Names that a custom field may not take, beside those of the fields there are. GitHub: observed in reports.
const RESERVED: [&str; 17] = [
    "Title",
    "Assignees",
    "Status",
    "Labels",
    "Linked pull requests",
    "Milestone",
    "Repository",
    "Reviewers",
    "Parent issue",
    "Sub-issues progress",
    "Created",
    "Updated",
    "Closed",
    "Tracks",
    "Tracked by",
    "Type",
    "Repo",
];

/// `ProjectV2FieldType`, as far as fields of that type can exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are GitHub's own")]
pub enum FieldType {
    Title,
    Assignees,
    Labels,
    LinkedPullRequests,
    Milestone,
    Repository,
    Reviewers,
    ParentIssue,
    SubIssuesProgress,
    Created,
    Updated,
    Closed,
    Text,
    Number,
    Date,
    SingleSelect,
    MultiSelect,
    Iteration,
}

impl FieldType {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "TITLE",
            Self::Assignees => "ASSIGNEES",
            Self::Labels => "LABELS",
            Self::LinkedPullRequests => "LINKED_PULL_REQUESTS",
            Self::Milestone => "MILESTONE",
            Self::Repository => "REPOSITORY",
            Self::Reviewers => "REVIEWERS",
            Self::ParentIssue => "PARENT_ISSUE",
            Self::SubIssuesProgress => "SUB_ISSUES_PROGRESS",
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Closed => "CLOSED",
            Self::Text => "TEXT",
            Self::Number => "NUMBER",
            Self::Date => "DATE",
            Self::SingleSelect => "SINGLE_SELECT",
            Self::MultiSelect => "MULTI_SELECT",
            Self::Iteration => "ITERATION",
        }
    }
}

/// `ProjectV2CustomFieldType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are GitHub's own")]
pub enum CustomType {
    Text,
    Number,
    Date,
    SingleSelect,
    MultiSelect,
    Iteration,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The project.
    pub project: NodeId,
    /// Its name.
    pub name: String,
    /// What its values are.
    pub data_type: FieldType,
    /// Whether GitHub made it with the project.
    pub built_in: bool,
    /// Options of a select field.
    pub options: Vec<SelectOption>,
    /// The set-up of an iteration field.
    pub iterations: Option<Iterations>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Field {
    /// Whether it has this option.
    pub fn offers(&self, option: &str) -> bool {
        self.options.iter().any(|known| known.id == option)
    }

    /// The iteration of this id.
    pub fn iteration(&self, id: &str) -> Option<&Iteration> {
        self.iterations.iter().flat_map(|setup| &setup.all).find(|iteration| iteration.id == id)
    }
}

/// `CreateProjectV2FieldInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateField {
    /// Where.
    pub project_id: NodeId,
    /// Its name.
    pub name: String,
    /// What its values are.
    pub data_type: CustomType,
    /// For a single select.
    pub single_select_options: Option<Vec<OptionInput>>,
    /// For a multi select.
    pub multi_select_options: Option<Vec<OptionInput>>,
    /// For iterations.
    pub iteration_configuration: Option<IterationsInput>,
}

/// `UpdateProjectV2FieldInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateField {
    /// Which.
    pub field_id: NodeId,
    /// A new name.
    pub name: Option<String>,
    /// The whole new list.
    pub single_select_options: Option<Vec<OptionInput>>,
    /// The whole new list.
    pub multi_select_options: Option<Vec<OptionInput>>,
    /// The whole new set-up.
    pub iteration_configuration: Option<IterationsInput>,
}

/// `DeleteProjectV2FieldInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteField {
    /// Which.
    pub field_id: NodeId,
}

/// The fields of a new project.
pub(super) struct DefaultFields {
    pub(super) all: Vec<NodeId>,
    pub(super) status: NodeId,
    pub(super) todo: String,
    pub(super) doing: String,
    pub(super) done: String,
}

impl DefaultFields {
    /// What a new view shows: title, assignees, status.
    pub(super) fn first_columns(&self) -> Vec<NodeId> {
        self.all.iter().take(3).cloned().collect()
    }
}

impl World {
    /// `createProjectV2Field`.
    pub fn create_field(&mut self, now: Timestamp, input: CreateField) -> Result<NodeId, Refusal> {
        let CreateField {
            project_id,
            name,
            data_type,
            single_select_options,
            multi_select_options,
            iteration_configuration,
        } = input;
        let count = self.projects.find(&project_id)?.fields.len();
        self.check_field_name(&project_id, None, &name)?;
        if count >= FIELD_LIMIT {
            // The wording is not known.
            return Err(Refusal::unprocessable("Projects can have a maximum of 50 fields"));
        }
        let foreign = (single_select_options.is_some() && data_type != CustomType::SingleSelect)
            || (multi_select_options.is_some() && data_type != CustomType::MultiSelect)
            || (iteration_configuration.is_some() && data_type != CustomType::Iteration);
        if foreign {
            // GitHub's schema: each is for its own data type. The wording is not known.
            return Err(Refusal::validation("The field's data type does not take such options"));
        }
        let (data_type, kind, options, iterations) = match data_type {
            CustomType::Text => (FieldType::Text, Kind::Field, None, None),
            CustomType::Number => (FieldType::Number, Kind::Field, None, None),
            CustomType::Date => (FieldType::Date, Kind::Field, None, None),
            CustomType::SingleSelect => {
                let options = single_select_options.filter(|options| !options.is_empty());
                let options = options.ok_or_else(|| needs_options("single"))?;
                (FieldType::SingleSelect, Kind::SingleSelectField, Some(options), None)
            }
            CustomType::MultiSelect => {
                let options = multi_select_options.filter(|options| !options.is_empty());
                let options = options.ok_or_else(|| needs_options("multi"))?;
                (FieldType::MultiSelect, Kind::MultiSelectField, Some(options), None)
            }
            CustomType::Iteration => {
                let start = IterationsInput {
                    start_date: now.to_zoned(jiff::tz::TimeZone::UTC).date(),
                    duration: 14,
                    iterations: Vec::new(),
                };
                let setup = iteration_configuration.unwrap_or(start);
                (FieldType::Iteration, Kind::IterationField, None, Some(setup))
            }
        };
        let options = self.new_options(&[], options.unwrap_or_default())?;
        let iterations = iterations.map(|setup| self.new_iterations(&[], setup)).transpose()?;
        let id = self.add_field(now, &project_id, (kind, data_type, &name), options, false);
        if let Some(field) = self.fields.get_mut(&id) {
            field.iterations = iterations;
        }
        let project = self.projects.find_mut(&project_id)?;
        project.fields.push(id.clone());
        project.updated_at = now;
        Ok(id)
    }

    /// `updateProjectV2Field`. A given list overwrites; an empty one is ignored. GitHub's schema for both; that an
    /// option without id gets a new one and takes the values of its namesake with it was observed.
    pub fn update_field(&mut self, now: Timestamp, input: UpdateField) -> Result<NodeId, Refusal> {
        let UpdateField {
            field_id,
            name,
            single_select_options,
            multi_select_options,
            iteration_configuration,
        } = input;
        let field = self.fields.find(&field_id)?;
        let (project, built_in) = (field.project.clone(), field.built_in);
        if let Some(name) = &name
            && *name != field.name
        {
            if built_in {
                // The wording is not known.
                return Err(Refusal::unprocessable("Only custom fields can be renamed."));
            }
            self.check_field_name(&project, Some(&field_id), name)?;
        }
        let (is_single, is_multi) =
            (field.data_type == FieldType::SingleSelect, field.data_type == FieldType::MultiSelect);
        if (single_select_options.is_some() && !is_single) || (multi_select_options.is_some() && !is_multi) {
            // The wording is not known.
            return Err(Refusal::validation("The field does not have such options"));
        }
        let options = single_select_options.or(multi_select_options);
        let options = options.filter(|options| !options.is_empty());
        let known = field.options.clone();
        let known_iterations =
            field.iterations.as_ref().map_or_else(Vec::new, |iterations| iterations.all.clone());
        if iteration_configuration.is_some() && field.data_type != FieldType::Iteration {
            return Err(Refusal::validation("The field does not have iterations"));
        }
        let options = options.map(|options| self.new_options(&known, options)).transpose()?;
        let iterations =
            iteration_configuration.map(|setup| self.new_iterations(&known_iterations, setup)).transpose()?;

        let field = self.fields.find_mut(&field_id)?;
        if let Some(name) = name {
            field.name = name;
        }
        let rewritten = options.is_some() || iterations.is_some();
        if let Some(options) = options {
            field.options = options;
        }
        if let Some(iterations) = iterations {
            field.iterations = Some(iterations);
        }
        field.updated_at = now;
        if rewritten {
            self.drop_stale_values(&project, &field_id);
        }
        let mut flows = Vec::new();
        if let Some(project) = self.projects.get_mut(&project) {
            project.updated_at = now;
            flows.clone_from(&project.workflows);
        }
        self.stop_stale_workflows(&flows);
        Ok(field_id)
    }

    /// `deleteProjectV2Field`: the values go with it. Gives the field as it was.
    pub fn delete_field(&mut self, now: Timestamp, input: &DeleteField) -> Result<Field, Refusal> {
        let field = self.fields.find(&input.field_id)?.clone();
        if field.built_in {
            // GitHub: observed.
            return Err(Refusal::unprocessable("Only custom fields can be deleted."));
        }
        let project = self.projects.find_mut(&field.project)?;
        project.fields.retain(|id| *id != field.id);
        project.updated_at = now;
        let (items, views) = (project.items.clone(), project.views.clone());
        for item in items {
            if self.items.get(&item).is_some_and(|item| item.values.contains_key(&field.id))
                && let Some(item) = self.items.get_mut(&item)
            {
                item.values.remove(&field.id);
            }
        }
        self.drop_from_views(&views, &field.id);
        self.fields.remove(&field.id);
        Ok(field)
    }

    /// The project's field of this name. Matched without regard to case (inferred).
    pub fn field_by_name(&self, project: &NodeId, name: &str) -> Option<&Field> {
        let mut fields = self.projects.get(project)?.fields.iter().filter_map(|id| self.fields.get(id));
        fields.find(|field| same_name(&field.name, name))
    }

    /// The thirteen fields of a new project. GitHub: names and order observed in 2026.
    pub(super) fn default_fields(&mut self, now: Timestamp, project: &NodeId) -> DefaultFields {
        let option = |id: &str, name: &str, color, description: &str| SelectOption {
            id: id.to_owned(),
            name: name.to_owned(),
            color,
            description: description.to_owned(),
        };
        // GitHub: ids, colours and descriptions observed, the same in unrelated projects.
        let todo = option("f75ad846", "Todo", Color::Green, "This item hasn't been started");
        let doing = option("47fc9ee4", "In Progress", Color::Yellow, "This is actively being worked on");
        let done = option("98236657", "Done", Color::Purple, "This has been completed");
        let mut all = Vec::new();
        let mut add = |world: &mut Self, kind, data_type, name, options| {
            let id = world.add_field(now, project, (kind, data_type, name), options, true);
            all.push(id.clone());
            id
        };
        add(self, Kind::Field, FieldType::Title, "Title", Vec::new());
        add(self, Kind::Field, FieldType::Assignees, "Assignees", Vec::new());
        let ids = (todo.id.clone(), doing.id.clone(), done.id.clone());
        let options = vec![todo, doing, done];
        let status = add(self, Kind::SingleSelectField, FieldType::SingleSelect, "Status", options);
        for (data_type, name) in [
            (FieldType::Labels, "Labels"),
            (FieldType::LinkedPullRequests, "Linked pull requests"),
            (FieldType::Milestone, "Milestone"),
            (FieldType::Repository, "Repository"),
            (FieldType::Reviewers, "Reviewers"),
            (FieldType::ParentIssue, "Parent issue"),
            (FieldType::SubIssuesProgress, "Sub-issues progress"),
            (FieldType::Created, "Created"),
            (FieldType::Updated, "Updated"),
            (FieldType::Closed, "Closed"),
        ] {
            add(self, Kind::Field, data_type, name, Vec::new());
        }
        let (todo, doing, done) = ids;
        DefaultFields { all, status, todo, doing, done }
    }

    /// A custom field of the same name and type, without options and iterations.
    pub(super) fn add_field_like(&mut self, now: Timestamp, project: &NodeId, model: &Field) -> NodeId {
        let kind = match model.data_type {
            FieldType::SingleSelect => Kind::SingleSelectField,
            FieldType::MultiSelect => Kind::MultiSelectField,
            FieldType::Iteration => Kind::IterationField,
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
            | FieldType::Closed
            | FieldType::Text
            | FieldType::Number
            | FieldType::Date => Kind::Field,
        };
        self.add_field(now, project, (kind, model.data_type, &model.name), Vec::new(), model.built_in)
    }

    fn add_field(
        &mut self,
        now: Timestamp,
        project: &NodeId,
        (kind, data_type, name): (Kind, FieldType, &str),
        options: Vec<SelectOption>,
        built_in: bool,
    ) -> NodeId {
        let (id, database_id) = self.ids.mint(kind);
        let field = Field {
            id: id.clone(),
            database_id,
            project: project.clone(),
            name: name.to_owned(),
            data_type,
            built_in,
            options,
            iterations: None,
            created_at: now,
            updated_at: now,
        };
        self.fields.insert(id.clone(), field);
        id
    }

    /// GitHub: both messages and their joining by ", " were observed.
    fn check_field_name(&self, project: &NodeId, except: Option<&NodeId>, name: &str) -> Result<(), Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::unprocessable("Name can't be blank"));
        }
        let taken = self.field_by_name(project, name).is_some_and(|field| Some(&field.id) != except);
        let reserved = RESERVED.iter().any(|reserved| same_name(reserved, name));
        let complaints: Vec<&str> = [
            taken.then_some("Name has already been taken"),
            reserved.then_some("Name cannot have a reserved value"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if complaints.is_empty() { Ok(()) } else { Err(Refusal::unprocessable(complaints.join(", "))) }
    }
}

/// GitHub's schema: "at least one value is required".
fn needs_options(which: &str) -> Refusal {
    Refusal::unprocessable(format!("At least one option is required for a {which} select field"))
}
