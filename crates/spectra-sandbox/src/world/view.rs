//! Views of projects.
//!
//! Invariant: a view names fields of its own project only, each at most once in a list. What a filter says is kept as it
//! was written: a view does not read it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::field::FieldType;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;

/// How many fields a view may group by, across or down. GitHub's OpenAPI: at most one.
const GROUP_LIMIT: usize = 1;

/// How a view lays items out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Layout {
    /// A board.
    BoardLayout,
    /// A roadmap.
    RoadmapLayout,
    /// A table.
    TableLayout,
}

impl Layout {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BoardLayout => "BOARD_LAYOUT",
            Self::RoadmapLayout => "ROADMAP_LAYOUT",
            Self::TableLayout => "TABLE_LAYOUT",
        }
    }
}

/// Which way a view sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

impl Direction {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "ASC",
            Self::Desc => "DESC",
        }
    }
}

/// One field that a view sorts by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sort {
    /// The field.
    pub field: NodeId,
    /// Which way.
    pub direction: Direction,
}

/// A view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The project.
    pub project: NodeId,
    /// Its number within the project.
    pub number: u32,
    /// Its name; need not be unique.
    pub name: String,
    /// How it lays items out.
    pub layout: Layout,
    /// Which items it shows.
    pub filter: Option<String>,
    /// Which fields it shows, in order.
    pub visible_fields: Vec<NodeId>,
    /// What it sorts by, first things first.
    #[serde(default)]
    pub sort_by: Vec<Sort>,
    /// What it groups by: rows of a table, lanes of a board.
    #[serde(default)]
    pub group_by: Vec<NodeId>,
    /// What the columns of a board are.
    #[serde(default)]
    pub vertical_group_by: Vec<NodeId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A view to make: all that REST can say of one. GraphQL can say less.
#[derive(Clone, Debug)]
pub struct CreateView {
    /// Where.
    pub project: NodeId,
    /// Its name.
    pub name: String,
    /// How it lays items out.
    pub layout: Layout,
    /// Which items it shows.
    pub filter: Option<String>,
    /// Which fields it shows, in order; GitHub's choice when left out.
    pub visible_fields: Option<Vec<NodeId>>,
    /// What it sorts by.
    pub sort_by: Vec<Sort>,
    /// What it groups by.
    pub group_by: Vec<NodeId>,
    /// What the columns of a board are.
    pub vertical_group_by: Vec<NodeId>,
}

/// `ProjectV2ViewConfigurationInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ViewConfiguration {
    /// Which fields it shows, in order.
    pub visible_field_ids: Option<Vec<NodeId>>,
}

/// `CreateProjectV2ViewInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateViewInput {
    /// Where.
    pub project_id: NodeId,
    /// Its name.
    pub name: String,
    /// How it lays items out.
    pub layout: Layout,
    /// What it shows.
    pub configuration: Option<ViewConfiguration>,
}

impl From<CreateViewInput> for CreateView {
    fn from(input: CreateViewInput) -> Self {
        let CreateViewInput { project_id, name, layout, configuration } = input;
        Self {
            project: project_id,
            name,
            layout,
            filter: None,
            visible_fields: configuration.and_then(|configuration| configuration.visible_field_ids),
            sort_by: Vec::new(),
            group_by: Vec::new(),
            vertical_group_by: Vec::new(),
        }
    }
}

/// `UpdateProjectV2ViewInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateView {
    /// Which.
    pub view_id: NodeId,
    /// A new name.
    pub name: Option<String>,
    /// A new layout.
    pub layout: Option<Layout>,
    /// A new filter.
    pub filter: Option<String>,
    /// What it shows from now on.
    pub configuration: Option<ViewConfiguration>,
}

/// `DeleteProjectV2ViewInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteView {
    /// Which.
    pub view_id: NodeId,
}

impl World {
    /// `createProjectV2View` and REST's `POST …/views`. GitHub: names need not be unique and a filter is stored as it
    /// was written, both observed; a new board has no columns unless REST names them (observed).
    pub fn create_view(&mut self, now: Timestamp, input: CreateView) -> Result<NodeId, Refusal> {
        let CreateView {
            project,
            name,
            layout,
            filter,
            visible_fields,
            sort_by,
            group_by,
            vertical_group_by,
        } = input;
        self.projects.find(&project)?;
        check_name(&name)?;
        let visible_fields = match visible_fields {
            Some(fields) => self.visible(&project, layout, fields)?,
            None => self.usual_columns(&project, layout),
        };
        let sort_fields: Vec<NodeId> = sort_by.iter().map(|sort| sort.field.clone()).collect();
        self.check_fields(&project, &sort_fields)?;
        self.check_groups(&project, &group_by)?;
        self.check_groups(&project, &vertical_group_by)?;
        let (id, database_id) = self.ids.mint(Kind::View);
        let row = self.projects.find_mut(&project)?;
        let number = row.next_view;
        row.next_view = number.saturating_add(1);
        row.views.push(id.clone());
        row.updated_at = now;
        let view = View {
            id: id.clone(),
            database_id,
            project,
            number,
            name,
            layout,
            filter,
            visible_fields,
            sort_by,
            group_by,
            vertical_group_by,
            created_at: now,
            updated_at: now,
        };
        self.views.insert(id.clone(), view);
        Ok(id)
    }

    /// `updateProjectV2View`: absent arguments leave alone.
    pub fn update_view(&mut self, now: Timestamp, input: UpdateView) -> Result<NodeId, Refusal> {
        let UpdateView { view_id, name, layout, filter, configuration } = input;
        let view = self.views.find(&view_id)?;
        let (project, layout) = (view.project.clone(), layout.unwrap_or(view.layout));
        if let Some(name) = &name {
            check_name(name)?;
        }
        let visible = configuration.and_then(|configuration| configuration.visible_field_ids);
        let visible = visible.map(|fields| self.visible(&project, layout, fields)).transpose()?;
        let view = self.views.find_mut(&view_id)?;
        if let Some(name) = name {
            view.name = name;
        }
        if let Some(filter) = filter {
            view.filter = Some(filter);
        }
        if let Some(visible) = visible {
            view.visible_fields = visible;
        }
        view.layout = layout;
        view.updated_at = now;
        self.projects.find_mut(&project)?.updated_at = now;
        Ok(view_id)
    }

    /// `deleteProjectV2View`; gives the view as it was.
    pub fn delete_view(&mut self, now: Timestamp, input: &DeleteView) -> Result<View, Refusal> {
        let view = self.views.find(&input.view_id)?.clone();
        let project = self.projects.find_mut(&view.project)?;
        if project.views.len() == 1 {
            // A guess: the web offers no way to delete a project's only view. The wording is not known.
            return Err(Refusal::unprocessable("Projects must have at least one view"));
        }
        project.views.retain(|id| *id != view.id);
        project.updated_at = now;
        self.views.remove(&view.id);
        Ok(view)
    }

    /// Some of a project's fields by their position in the project.
    pub fn by_position(&self, project: &NodeId, fields: &[NodeId]) -> Vec<NodeId> {
        let all = self.projects.get(project).map_or(&[][..], |project| project.fields.as_slice());
        all.iter().filter(|id| fields.contains(id)).cloned().collect()
    }

    /// The one view of a new project. GitHub: number 1, "View 1", reported as a table; whether its columns are these
    /// three is a guess.
    pub(super) fn default_view(
        &mut self,
        now: Timestamp,
        project: &NodeId,
        visible_fields: Vec<NodeId>,
    ) -> NodeId {
        let (id, database_id) = self.ids.mint(Kind::View);
        let view = View {
            id: id.clone(),
            database_id,
            project: project.clone(),
            number: 1,
            name: "View 1".to_owned(),
            layout: Layout::TableLayout,
            filter: None,
            visible_fields,
            sort_by: Vec::new(),
            group_by: Vec::new(),
            vertical_group_by: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        self.views.insert(id.clone(), view);
        id
    }

    /// Takes a field that is gone out of the project's views.
    pub(super) fn drop_from_views(&mut self, views: &[NodeId], field: &NodeId) {
        for view in views {
            let Some(view) = self.views.get_mut(view) else { continue };
            view.visible_fields.retain(|id| id != field);
            view.group_by.retain(|id| id != field);
            view.vertical_group_by.retain(|id| id != field);
            view.sort_by.retain(|sort| sort.field != *field);
        }
    }

    fn visible(
        &self,
        project: &NodeId,
        layout: Layout,
        mut fields: Vec<NodeId>,
    ) -> Result<Vec<NodeId>, Refusal> {
        match layout {
            // GitHub: observed; its type is a guess.
            Layout::RoadmapLayout => {
                return Err(Refusal::unprocessable("Roadmap views do not support visible fields."));
            }
            Layout::BoardLayout | Layout::TableLayout => {}
        }
        self.check_fields(project, &fields)?;
        super::assignee::drop_repeats(&mut fields);
        Ok(fields)
    }

    /// What a view shows when nobody says what. GitHub's OpenAPI: "the default visible fields will be used"; that they
    /// are those of a new project's view is a guess.
    fn usual_columns(&self, project: &NodeId, layout: Layout) -> Vec<NodeId> {
        match layout {
            Layout::RoadmapLayout => Vec::new(),
            Layout::BoardLayout | Layout::TableLayout => {
                let usual = ["Title", "Assignees", "Status"].into_iter();
                let found = usual.filter_map(|name| self.field_by_name(project, name));
                found.filter(|field| field.built_in).map(|field| field.id.clone()).collect()
            }
        }
    }

    fn check_fields(&self, project: &NodeId, fields: &[NodeId]) -> Result<(), Refusal> {
        for field in fields {
            self.field_of(project, field)?;
        }
        Ok(())
    }

    /// GitHub's OpenAPI names the fields that a view cannot group by. The wordings are not known.
    fn check_groups(&self, project: &NodeId, fields: &[NodeId]) -> Result<(), Refusal> {
        if fields.len() > GROUP_LIMIT {
            return Err(Refusal::unprocessable("A view can be grouped by one field only"));
        }
        for field in fields {
            let field = self.field_of(project, field)?;
            if !groups(field.data_type) {
                let message = format!("The field {} cannot be used to group a view", field.name);
                return Err(Refusal::unprocessable(message));
            }
        }
        Ok(())
    }
}

/// Whether a view can be grouped by such a field. GitHub's OpenAPI: all but Title, Reviewers, Linked pull requests,
/// Sub-issues progress, Tracked by and Tracks.
fn groups(data_type: FieldType) -> bool {
    match data_type {
        FieldType::Title
        | FieldType::Reviewers
        | FieldType::LinkedPullRequests
        | FieldType::SubIssuesProgress => false,
        FieldType::Assignees
        | FieldType::Labels
        | FieldType::Milestone
        | FieldType::Repository
        | FieldType::ParentIssue
        | FieldType::Created
        | FieldType::Updated
        | FieldType::Closed
        | FieldType::Text
        | FieldType::Number
        | FieldType::Date
        | FieldType::SingleSelect
        | FieldType::MultiSelect
        | FieldType::Iteration => true,
    }
}

/// The longest name is not documented.
fn check_name(name: &str) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return Err(Refusal::unprocessable("Name can't be blank"));
    }
    Ok(())
}
