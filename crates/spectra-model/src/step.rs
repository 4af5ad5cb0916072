//! Steps: the single writes that a change is made of, decided by the reconciler and sent by the applier.
//!
//! A step names things by key; the applier looks their node ids up in the [`Bindings`], which begin as what the
//! observation holds and grow with every answer. Nothing is left to choose when a step is sent.

use std::collections::BTreeMap;

use crate::id::{FieldName, IssueKey, LabelName, NodeId, OptionId, OptionName, RepoSlug, fold};
use crate::plan::{Colour, FieldInput, FieldType, IssueState};

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `createProjectV2`, under a title that says whose unfinished board it is.
    CreateProject {
        /// That title; the run's id is put behind it.
        working_title: String,
    },
    /// `updateProjectV2`. The record goes along with every write of the readme.
    UpdateProject(ProjectUpdate),
    /// `createLabel`.
    CreateLabel(LabelWrite),
    /// `updateLabel`; the label is found under the name given here, without regard to case.
    UpdateLabel(LabelWrite),
    /// `createProjectV2Field`.
    CreateField {
        /// Its name.
        name: FieldName,
        /// Its type.
        r#type: FieldType,
        /// The options of a single select field.
        options: Vec<OptionWrite>,
    },
    /// `updateProjectV2Field`.
    UpdateField {
        /// The field as the plan calls it.
        field: FieldName,
        /// Its new name.
        name: Option<FieldName>,
        /// All its options: the write replaces the whole set, and what has no id is made anew.
        options: Option<Vec<OptionWrite>>,
        /// Those of the options that count as made by Spectra from then on.
        claims: Vec<OptionName>,
    },
    /// `createIssue`.
    CreateIssue {
        /// The issue.
        issue: IssueKey,
        /// Where it goes.
        repository: RepoSlug,
        /// Its title.
        title: String,
        /// Its body, marker and all.
        body: String,
        /// Its labels, the managed one among them.
        labels: Vec<LabelName>,
        /// Its parent.
        parent: Option<IssueKey>,
    },
    /// `updateIssue`, title and body.
    UpdateIssue {
        /// The issue.
        issue: IssueKey,
        /// The new title.
        title: Option<String>,
        /// The new body.
        body: Option<String>,
    },
    /// `updateIssue`, state.
    SetState {
        /// The issue.
        issue: IssueKey,
        /// The new state.
        state: IssueState,
        /// Why it is closed.
        reason: CloseReason,
    },
    /// `addLabelsToLabelable`.
    AddLabels {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The labels.
        labels: Vec<LabelName>,
    },
    /// `removeLabelsFromLabelable`.
    RemoveLabels {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The labels.
        labels: Vec<LabelName>,
    },
    /// `addProjectV2ItemById`.
    AddItem {
        /// The issue.
        issue: IssueKey,
    },
    /// `updateProjectV2ItemFieldValue`.
    SetValue {
        /// The issue.
        issue: IssueKey,
        /// The field.
        field: FieldName,
        /// The value.
        value: ValueWrite,
    },
    /// `clearProjectV2ItemFieldValue`.
    ClearValue {
        /// The issue.
        issue: IssueKey,
        /// The field.
        field: FieldName,
    },
    /// `addSubIssue`.
    AddSubIssue {
        /// The parent.
        parent: IssueKey,
        /// The sub-issue.
        child: IssueKey,
        /// Whether it leaves another parent for this one.
        from_another_parent: bool,
    },
    /// `addBlockedBy`.
    AddBlockedBy {
        /// The issue that waits.
        issue: IssueKey,
        /// The issue that it waits for.
        by: IssueKey,
    },
    /// `removeBlockedBy`.
    RemoveBlockedBy {
        /// The issue that waited.
        issue: IssueKey,
        /// The issue that it waited for.
        by: IssueKey,
    },
}

impl Step {
    /// The repository that it writes to, where it names one.
    pub fn repository(&self) -> Option<&RepoSlug> {
        match self {
            Self::CreateLabel(label) | Self::UpdateLabel(label) => Some(&label.repository),
            Self::CreateIssue { repository, .. }
            | Self::AddLabels { repository, .. }
            | Self::RemoveLabels { repository, .. } => Some(repository),
            Self::CreateProject { .. }
            | Self::UpdateProject(_)
            | Self::CreateField { .. }
            | Self::UpdateField { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::AddItem { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::AddSubIssue { .. }
            | Self::AddBlockedBy { .. }
            | Self::RemoveBlockedBy { .. } => None,
        }
    }

    /// Whether GitHub counts it as a content creation. A parent that is given in `createIssue` isn't one of its own.
    pub fn creates_content(&self) -> bool {
        match self {
            Self::CreateProject { .. }
            | Self::CreateLabel(_)
            | Self::CreateField { .. }
            | Self::CreateIssue { .. }
            | Self::AddSubIssue { .. }
            | Self::AddBlockedBy { .. } => true,
            Self::UpdateProject(_)
            | Self::UpdateLabel(_)
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
}

/// What becomes of the board itself. What is None is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectUpdate {
    /// The new title.
    pub title: Option<String>,
    /// The new short description; empty clears it.
    pub description: Option<String>,
    /// The new text of the readme, without the record.
    pub readme: Option<String>,
    /// Whether everybody sees it.
    pub public: Option<bool>,
}

/// A label as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelWrite {
    /// The repository.
    pub repository: RepoSlug,
    /// Its name.
    pub name: LabelName,
    /// Six lower-case hexadecimal digits.
    pub colour: String,
    /// Its description; None leaves it as it is.
    pub description: Option<String>,
}

/// An option as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionWrite {
    /// The id of the option that it is already: with it the option keeps its values on all items.
    pub id: Option<OptionId>,
    /// Its name.
    pub name: OptionName,
    /// Its colour.
    pub colour: Colour,
    /// Its description.
    pub description: String,
}

/// A value as it is written: typed by its field.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueWrite {
    /// Of a text field.
    Text(String),
    /// Of a number field.
    Number(f64),
    /// Of a date field, `YYYY-MM-DD`.
    Date(String),
    /// Of a single select field: the option by name.
    SingleSelect(OptionName),
}

impl ValueWrite {
    /// Types an input by its field; None where the two don't fit, which a checked plan rules out.
    pub fn typed(r#type: FieldType, input: &FieldInput) -> Option<Self> {
        match (r#type, input) {
            (FieldType::Text, FieldInput::Text(text)) => Some(Self::Text(text.clone())),
            (FieldType::Number, FieldInput::Number(number)) => Some(Self::Number(*number)),
            (FieldType::Date, FieldInput::Text(date)) => Some(Self::Date(date.clone())),
            (FieldType::SingleSelect, FieldInput::Text(name)) => {
                Some(Self::SingleSelect(OptionName::new(name)))
            }
            (FieldType::Text | FieldType::Date | FieldType::SingleSelect, FieldInput::Number(_))
            | (FieldType::Number, FieldInput::Text(_)) => None,
        }
    }
}

/// Why an issue is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseReason {
    /// The work is done.
    Completed,
    /// The plan no longer has it.
    NotPlanned,
    /// It is the same as another issue.
    Duplicate {
        /// The other.
        of: IssueKey,
    },
}

/// An issue on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueBinding {
    /// Its node id.
    pub id: NodeId,
    /// Its number in its repository.
    pub number: u64,
    /// Its page.
    pub url: String,
}

/// A field on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldBinding {
    /// Its node id.
    pub id: Option<NodeId>,
    /// Its options by name, the names folded.
    pub options: BTreeMap<String, OptionId>,
}

/// A board on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectBinding {
    /// Its node id.
    pub id: NodeId,
    /// Its number with its owner.
    pub number: u64,
    /// Its page.
    pub url: String,
}

/// Which node is which thing of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bindings {
    /// The board's owner.
    pub owner: Option<NodeId>,
    /// The board.
    pub project: Option<ProjectBinding>,
    /// The repositories.
    pub repositories: BTreeMap<RepoSlug, NodeId>,
    /// Labels by repository and folded name.
    pub labels: BTreeMap<(RepoSlug, String), NodeId>,
    /// Fields by the plan's folded name.
    pub fields: BTreeMap<String, FieldBinding>,
    /// Issues by key.
    pub issues: BTreeMap<IssueKey, IssueBinding>,
    /// The board's items by their issue's key.
    pub items: BTreeMap<IssueKey, NodeId>,
}

impl Bindings {
    /// The label's node.
    pub fn label(&self, repository: &RepoSlug, name: &LabelName) -> Option<&NodeId> {
        self.labels.get(&(repository.clone(), fold(name.as_str())))
    }

    /// The field.
    pub fn field(&self, name: &FieldName) -> Option<&FieldBinding> {
        self.fields.get(&fold(name.as_str()))
    }

    /// The option of a field.
    pub fn option(&self, field: &FieldName, name: &OptionName) -> Option<&OptionId> {
        self.field(field)?.options.get(&fold(name.as_str()))
    }
}
