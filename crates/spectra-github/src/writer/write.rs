//! The writes: what each is called on GitHub, what it counts as, and what its answer holds.

use serde_json::Value as Json;
use spectra_model::id::{FieldName, LabelName, NodeId};
use spectra_model::observation::{Field, Value};
use spectra_model::plan::{FieldType, IssueState};
use spectra_model::step::{IssueBinding, OptionWrite, ProjectBinding, ProjectUpdate};

use crate::batch::{Batch, BatchOp};
use crate::failure::Failure;
use crate::operations::{
    AddBlockedBy, AddItem, AddLabels, AddSubIssue, ClearValue, CreateField, CreateIssue, CreateLabel,
    CreateProject, DeleteProject, RemoveBlockedBy, RemoveLabels, SetValue, UpdateField, UpdateIssue,
    UpdateLabel, UpdateProject,
};
use crate::{blocked_by, field, issue, item, label, project, sub_issue};

/// One write, its ids resolved. What is None is left as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// `createProjectV2`.
    CreateProject {
        /// The owner.
        owner: NodeId,
        /// The title.
        title: String,
    },
    /// `updateProjectV2`. The readme goes as it is given, record and all.
    UpdateProject {
        /// The board.
        project: NodeId,
        /// What becomes of it.
        update: ProjectUpdate,
    },
    /// `deleteProjectV2`.
    DeleteProject {
        /// The board.
        project: NodeId,
    },
    /// `createLabel`.
    CreateLabel {
        /// The repository.
        repository: NodeId,
        /// Its name.
        name: LabelName,
        /// Six hexadecimal digits.
        colour: String,
        /// Its description.
        description: Option<String>,
    },
    /// `updateLabel`.
    UpdateLabel {
        /// The label.
        label: NodeId,
        /// Its new name.
        name: Option<LabelName>,
        /// Six hexadecimal digits.
        colour: Option<String>,
        /// Its new description; empty clears it.
        description: Option<String>,
    },
    /// `createProjectV2Field`.
    CreateField {
        /// The board.
        project: NodeId,
        /// Its name.
        name: FieldName,
        /// Its type.
        r#type: FieldType,
        /// The options of a single select field, at least one.
        options: Vec<OptionWrite>,
    },
    /// `updateProjectV2Field`.
    UpdateField {
        /// The field.
        field: NodeId,
        /// Its new name.
        name: Option<FieldName>,
        /// All its options: what has no id is made anew, what isn't there goes with its values.
        options: Option<Vec<OptionWrite>>,
    },
    /// `createIssue`.
    CreateIssue {
        /// The repository.
        repository: NodeId,
        /// The title.
        title: String,
        /// The body.
        body: String,
        /// Its labels.
        labels: Vec<NodeId>,
        /// Its parent.
        parent: Option<NodeId>,
    },
    /// `updateIssue`, title and body.
    UpdateIssue {
        /// The issue.
        issue: NodeId,
        /// The new title.
        title: Option<String>,
        /// The new body.
        body: Option<String>,
    },
    /// `updateIssue`, state.
    SetState {
        /// The issue.
        issue: NodeId,
        /// The new state.
        state: IssueState,
        /// Why it is closed; without meaning where it is opened.
        reason: CloseAs,
    },
    /// `addLabelsToLabelable`.
    AddLabels {
        /// The issue.
        issue: NodeId,
        /// The labels.
        labels: Vec<NodeId>,
    },
    /// `removeLabelsFromLabelable`.
    RemoveLabels {
        /// The issue.
        issue: NodeId,
        /// The labels.
        labels: Vec<NodeId>,
    },
    /// `addProjectV2ItemById`.
    AddItem {
        /// The board.
        project: NodeId,
        /// The issue.
        issue: NodeId,
    },
    /// `updateProjectV2ItemFieldValue`.
    SetValue {
        /// The board.
        project: NodeId,
        /// The item.
        item: NodeId,
        /// The field.
        field: NodeId,
        /// The value.
        value: Value,
    },
    /// `clearProjectV2ItemFieldValue`.
    ClearValue {
        /// The board.
        project: NodeId,
        /// The item.
        item: NodeId,
        /// The field.
        field: NodeId,
    },
    /// `addBlockedBy`.
    AddBlockedBy {
        /// The issue that waits.
        issue: NodeId,
        /// The issue that it waits for.
        by: NodeId,
    },
    /// `removeBlockedBy`. Of an edge that isn't there it takes nothing away.
    RemoveBlockedBy {
        /// The issue that waited.
        issue: NodeId,
        /// The issue that it waited for.
        by: NodeId,
    },
    /// `addSubIssue`.
    AddSubIssue {
        /// The parent.
        parent: NodeId,
        /// The sub-issue.
        child: NodeId,
        /// Whether it leaves another parent for this one.
        replace_parent: bool,
    },
}

/// Why an issue is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseAs {
    /// The work is done.
    Completed,
    /// It isn't wanted any more.
    NotPlanned,
    /// It is the same as another issue.
    DuplicateOf(NodeId),
}

/// What a write's answer holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A board.
    Project(ProjectBinding),
    /// A label.
    Label(NodeId),
    /// A field with its options.
    Field(Field),
    /// An issue.
    Issue(IssueBinding),
    /// An item of the board.
    Item(NodeId),
    /// Nothing that wasn't known.
    Nothing,
}

/// What sending a write a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// The same as sending it once.
    Safe,
    /// It is refused as already there ([`Failure::AlreadyThere`]), which then counts as done.
    RefusedAsThere,
    /// It makes another one, or undoes what others did since: look first.
    Never,
}

impl Write {
    /// Whether GitHub counts it as a content creation.
    pub fn creates_content(&self) -> bool {
        match self {
            Self::CreateProject { .. }
            | Self::CreateLabel { .. }
            | Self::CreateField { .. }
            | Self::CreateIssue { .. }
            | Self::AddSubIssue { .. }
            | Self::AddBlockedBy { .. } => true,
            Self::UpdateProject { .. }
            | Self::DeleteProject { .. }
            | Self::UpdateLabel { .. }
            | Self::UpdateField { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. }
            | Self::AddItem { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::RemoveBlockedBy { .. } => false,
        }
    }

    /// Whether it weighs like a creation in a request: creations do, and deletions were seen to fail in batches of 11.
    pub fn is_heavy(&self) -> bool {
        self.creates_content() || matches!(self, Self::DeleteProject { .. })
    }

    /// What sending it a second time does.
    pub fn replay(&self) -> Replay {
        match self {
            Self::UpdateProject { .. }
            | Self::UpdateLabel { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::RemoveBlockedBy { .. } => Replay::Safe,
            Self::AddItem { .. } | Self::AddSubIssue { .. } | Self::AddBlockedBy { .. } => {
                Replay::RefusedAsThere
            }
            // A second createLabel or createProjectV2Field is refused by name, but the thing's id is then still to be
            // looked up. A second updateProjectV2Field makes options without ids anew and loses their values.
            Self::CreateProject { .. }
            | Self::DeleteProject { .. }
            | Self::CreateLabel { .. }
            | Self::CreateField { .. }
            | Self::CreateIssue { .. } => Replay::Never,
            Self::UpdateField { options, .. } => {
                let keeps = |options: &Vec<OptionWrite>| options.iter().all(|option| option.id.is_some());
                if options.as_ref().is_none_or(keeps) { Replay::Safe } else { Replay::Never }
            }
        }
    }

    /// Adds it to a request.
    pub(crate) fn put(&self, batch: &mut Batch) -> Result<(), Failure> {
        match self {
            Self::CreateProject { owner, title } => {
                batch.push::<CreateProject>(&project::create(owner, title))
            }
            Self::UpdateProject { project, update } => {
                batch.push::<UpdateProject>(&project::update(project, update))
            }
            Self::DeleteProject { project } => batch.push::<DeleteProject>(&project::delete(project)),
            Self::CreateLabel { repository, name, colour, description } => {
                batch.push::<CreateLabel>(&label::create(repository, name, colour, description.as_deref()))
            }
            Self::UpdateLabel { label, name, colour, description } => batch.push::<UpdateLabel>(
                &label::update(label, name.as_ref(), colour.as_deref(), description.as_deref()),
            ),
            Self::CreateField { project, name, r#type, options } => {
                batch.push::<CreateField>(&field::create(project, name, *r#type, options))
            }
            Self::UpdateField { field, name, options } => {
                batch.push::<UpdateField>(&field::update(field, name.as_ref(), options.as_deref()))
            }
            Self::CreateIssue { repository, title, body, labels, parent } => {
                batch.push::<CreateIssue>(&issue::create(repository, title, body, labels, parent.as_ref()))
            }
            Self::UpdateIssue { issue, title, body } => {
                batch.push::<UpdateIssue>(&issue::update(issue, title.as_deref(), body.as_deref()))
            }
            Self::SetState { issue, state, reason } => {
                batch.push::<UpdateIssue>(&issue::set_state(issue, *state, reason))
            }
            Self::AddLabels { issue, labels } => batch.push::<AddLabels>(&label::add(issue, labels)),
            Self::RemoveLabels { issue, labels } => batch.push::<RemoveLabels>(&label::remove(issue, labels)),
            Self::AddItem { project, issue } => batch.push::<AddItem>(&item::add(project, issue)),
            Self::SetValue { project, item, field, value } => {
                batch.push::<SetValue>(&item::set(project, item, field, value))
            }
            Self::ClearValue { project, item, field } => {
                batch.push::<ClearValue>(&item::clear(project, item, field))
            }
            Self::AddBlockedBy { issue, by } => batch.push::<AddBlockedBy>(&blocked_by::add(issue, by)),
            Self::RemoveBlockedBy { issue, by } => {
                batch.push::<RemoveBlockedBy>(&blocked_by::remove(issue, by))
            }
            Self::AddSubIssue { parent, child, replace_parent } => {
                batch.push::<AddSubIssue>(&sub_issue::add(parent, child, *replace_parent))
            }
        }
    }

    /// Reads its payload.
    pub(crate) fn answer(&self, payload: Json) -> Result<Answer, Failure> {
        let answer = match self {
            Self::CreateProject { .. } => {
                project::created(decode::<CreateProject>(payload)?).map(Answer::Project)
            }
            Self::UpdateProject { .. } => {
                project::updated(decode::<UpdateProject>(payload)?).map(Answer::Project)
            }
            Self::CreateLabel { .. } => {
                decode::<CreateLabel>(payload)?.label.map(|it| Answer::Label(NodeId::new(it.id)))
            }
            Self::UpdateLabel { .. } => {
                decode::<UpdateLabel>(payload)?.label.map(|it| Answer::Label(NodeId::new(it.id)))
            }
            Self::CreateField { .. } => field::created(decode::<CreateField>(payload)?).map(Answer::Field),
            Self::UpdateField { .. } => field::updated(decode::<UpdateField>(payload)?).map(Answer::Field),
            Self::CreateIssue { .. } => issue::created(decode::<CreateIssue>(payload)?).map(Answer::Issue),
            Self::UpdateIssue { .. } | Self::SetState { .. } => {
                issue::updated(decode::<UpdateIssue>(payload)?).map(Answer::Issue)
            }
            Self::AddItem { .. } => {
                decode::<AddItem>(payload)?.item.map(|it| Answer::Item(NodeId::new(it.id)))
            }
            Self::SetValue { .. } => {
                decode::<SetValue>(payload)?.project_v2_item.map(|it| Answer::Item(NodeId::new(it.id)))
            }
            Self::ClearValue { .. } => {
                decode::<ClearValue>(payload)?.project_v2_item.map(|it| Answer::Item(NodeId::new(it.id)))
            }
            Self::AddSubIssue { .. } => decode::<AddSubIssue>(payload)?.sub_issue.map(|_| Answer::Nothing),
            Self::AddBlockedBy { .. } => decode::<AddBlockedBy>(payload)?.issue.map(|_| Answer::Nothing),
            Self::DeleteProject { .. }
            | Self::RemoveBlockedBy { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. } => Some(Answer::Nothing),
        };
        answer.ok_or_else(|| Failure::malformed("a payload without the thing that it is about"))
    }
}

fn decode<O: BatchOp>(payload: Json) -> Result<O::Payload, Failure> {
    serde_json::from_value(payload).map_err(|error| Failure::malformed(format!("{}: {error}", O::FIELD)))
}
