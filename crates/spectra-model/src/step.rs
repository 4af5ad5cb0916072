//! Steps: the single writes that a change is made of, decided by the reconciler and sent by the applier.
//!
//! A step names things by key; the applier looks their node ids up in the [`Bindings`], which begin as what the
//! observation holds and grow with every answer. Nothing is left to choose when a step is sent.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::Setting;
use crate::id::{
    FieldName, IssueKey, IssueTypeName, IterationId, IterationTitle, LabelName, Login, MilestoneTitle,
    NodeId, OptionId, OptionName, RepoSlug, TeamSlug, ViewName, fold,
};
use crate::observation::foreign_key;
use crate::plan::{Colour, FieldInput, FieldType, IssueRef, IssueState, Layout, Sort};

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
    /// `deleteLabel`.
    DeleteLabel {
        /// The repository.
        repository: RepoSlug,
        /// Its node.
        id: NodeId,
        /// Its name.
        name: LabelName,
    },
    /// `POST /repos/{owner}/{repo}/milestones`: GraphQL has no mutation for it.
    CreateMilestone(MilestoneWrite),
    /// `PATCH /repos/{owner}/{repo}/milestones/{number}`; the milestone is found under the title given here.
    UpdateMilestone(MilestoneWrite),
    /// `DELETE /repos/{owner}/{repo}/milestones/{number}`.
    DeleteMilestone {
        /// The repository.
        repository: RepoSlug,
        /// Its number.
        number: u64,
        /// Its title.
        title: MilestoneTitle,
    },
    /// `createProjectV2Field`.
    CreateField {
        /// Its name.
        name: FieldName,
        /// Its type.
        r#type: FieldType,
        /// The options of a select field.
        options: Vec<OptionWrite>,
        /// The iterations of an iteration field.
        iterations: Vec<IterationWrite>,
    },
    /// `updateProjectV2Field`.
    UpdateField {
        /// The field as the plan calls it.
        field: FieldName,
        /// Its type: GitHub takes the options of single and multi select fields under different names.
        r#type: FieldType,
        /// Its new name.
        name: Option<FieldName>,
        /// All its options: the write replaces the whole set, and what has no id is made anew.
        options: Option<Vec<OptionWrite>>,
        /// All its iterations, completed ones too: the write replaces the whole set, and what has no id is made anew.
        iterations: Option<Vec<IterationWrite>>,
        /// Those of the options and iterations that count as made by Spectra from then on.
        claims: Claims,
    },
    /// `deleteProjectV2Field`.
    DeleteField {
        /// Its node.
        id: NodeId,
        /// Its name.
        name: FieldName,
    },
    /// A view: over REST where it can be had, since only there grouping, sorting and columns can be given; else
    /// `createProjectV2View` and, where there is a filter, `updateProjectV2View`.
    CreateView {
        /// The view.
        view: ViewWrite,
        /// Over which of the two.
        route: ViewRoute,
    },
    /// `updateProjectV2View`. What is None is left as it is.
    UpdateView {
        /// The view as the plan calls it.
        view: ViewName,
        /// Its new name.
        name: Option<ViewName>,
        /// Its new layout.
        layout: Option<Layout>,
        /// Its new filter; empty clears it.
        filter: Option<String>,
        /// The fields that it shows.
        fields: Option<Vec<FieldName>>,
    },
    /// `deleteProjectV2View`.
    DeleteView {
        /// Its node.
        id: NodeId,
        /// Its name.
        name: ViewName,
    },
    /// `createIssue`.
    CreateIssue(IssueWrite),
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
    /// `updateIssue`, milestone.
    SetMilestone {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The milestone; None empties it.
        milestone: Option<MilestoneTitle>,
    },
    /// `updateIssue`, issue type.
    SetIssueType {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The type; None empties it.
        issue_type: Option<IssueTypeName>,
    },
    /// `addLabelsToLabelable` with the managed label, by which an issue is found.
    AddManagedLabel {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The label.
        label: LabelName,
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
    /// `addAssigneesToAssignable`.
    AddAssignees {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The logins.
        assignees: Vec<Login>,
    },
    /// `removeAssigneesFromAssignable`.
    RemoveAssignees {
        /// The issue.
        issue: IssueKey,
        /// Where the issue is.
        repository: RepoSlug,
        /// The logins.
        assignees: Vec<Login>,
    },
    /// `deleteIssue`.
    DeleteIssue {
        /// The issue.
        issue: IssueKey,
    },
    /// `transferIssue`.
    TransferIssue {
        /// The issue.
        issue: IssueKey,
        /// Where it goes.
        repository: RepoSlug,
    },
    /// `addProjectV2DraftIssue`.
    CreateDraft {
        /// The draft.
        draft: IssueKey,
        /// Its title.
        title: String,
        /// Its body, marker and all.
        body: String,
        /// The logins that it is assigned to.
        assignees: Vec<Login>,
    },
    /// `updateProjectV2DraftIssue`. What is None is left as it is.
    UpdateDraft {
        /// The draft.
        draft: IssueKey,
        /// The new title.
        title: Option<String>,
        /// The new body.
        body: Option<String>,
        /// All its assignees: the write replaces the whole set.
        assignees: Option<Vec<Login>>,
    },
    /// `convertProjectV2DraftIssueItemToIssue`.
    ConvertDraft {
        /// The draft, by the key that it keeps as an issue.
        draft: IssueKey,
        /// Where the issue goes.
        repository: RepoSlug,
    },
    /// `addProjectV2ItemById`.
    AddItem {
        /// The issue.
        issue: IssueKey,
    },
    /// `archiveProjectV2Item`.
    ArchiveItem {
        /// The issue or draft.
        issue: IssueKey,
    },
    /// `unarchiveProjectV2Item`.
    UnarchiveItem {
        /// The issue or draft.
        issue: IssueKey,
    },
    /// `deleteProjectV2Item`.
    DeleteItem {
        /// The issue or draft.
        issue: IssueKey,
    },
    /// `updateProjectV2ItemFieldValue`.
    SetValue {
        /// The issue or draft.
        issue: IssueKey,
        /// The field.
        field: FieldName,
        /// The value.
        value: ValueWrite,
    },
    /// `clearProjectV2ItemFieldValue`.
    ClearValue {
        /// The issue or draft.
        issue: IssueKey,
        /// The field.
        field: FieldName,
    },
    /// `addSubIssue`.
    AddSubIssue {
        /// The parent.
        parent: IssueRef,
        /// The sub-issue.
        child: IssueKey,
        /// Whether it leaves another parent for this one.
        from_another_parent: bool,
    },
    /// `reprioritizeSubIssue`.
    MoveSubIssue {
        /// The parent.
        parent: IssueRef,
        /// The sub-issue.
        child: IssueKey,
        /// Where it goes.
        place: Place,
    },
    /// `addBlockedBy`.
    AddBlockedBy {
        /// The issue that waits.
        issue: IssueKey,
        /// The issue that it waits for.
        by: IssueRef,
    },
    /// `removeBlockedBy`.
    RemoveBlockedBy {
        /// The issue that waited.
        issue: IssueKey,
        /// The issue that it waited for.
        by: IssueRef,
    },
    /// `linkProjectV2ToRepository`.
    LinkRepository {
        /// The repository.
        repository: RepoSlug,
    },
    /// `unlinkProjectV2FromRepository`.
    UnlinkRepository {
        /// The repository.
        repository: RepoSlug,
    },
    /// `linkProjectV2ToTeam`.
    LinkTeam {
        /// The team.
        team: TeamSlug,
    },
    /// `unlinkProjectV2FromTeam`.
    UnlinkTeam {
        /// The team.
        team: TeamSlug,
    },
    /// `updateProjectV2`: the readme without the record, so that nothing says any more that the board is Spectra's.
    ReleaseProject,
    /// `deleteProjectV2`.
    DeleteProject,
}

impl Step {
    /// The repository that it writes to, where it names one. A repository that is linked to the board isn't written to.
    pub fn repository(&self) -> Option<&RepoSlug> {
        match self {
            Self::CreateLabel(label) | Self::UpdateLabel(label) => Some(&label.repository),
            Self::CreateMilestone(milestone) | Self::UpdateMilestone(milestone) => {
                Some(&milestone.repository)
            }
            Self::CreateIssue(issue) => Some(&issue.repository),
            Self::DeleteLabel { repository, .. }
            | Self::DeleteMilestone { repository, .. }
            | Self::SetMilestone { repository, .. }
            | Self::SetIssueType { repository, .. }
            | Self::AddManagedLabel { repository, .. }
            | Self::AddLabels { repository, .. }
            | Self::RemoveLabels { repository, .. }
            | Self::AddAssignees { repository, .. }
            | Self::RemoveAssignees { repository, .. }
            | Self::TransferIssue { repository, .. }
            | Self::ConvertDraft { repository, .. } => Some(repository),
            Self::CreateProject { .. }
            | Self::UpdateProject(_)
            | Self::CreateField { .. }
            | Self::UpdateField { .. }
            | Self::DeleteField { .. }
            | Self::CreateView { .. }
            | Self::UpdateView { .. }
            | Self::DeleteView { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::DeleteIssue { .. }
            | Self::CreateDraft { .. }
            | Self::UpdateDraft { .. }
            | Self::AddItem { .. }
            | Self::ArchiveItem { .. }
            | Self::UnarchiveItem { .. }
            | Self::DeleteItem { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::AddSubIssue { .. }
            | Self::MoveSubIssue { .. }
            | Self::AddBlockedBy { .. }
            | Self::RemoveBlockedBy { .. }
            | Self::LinkRepository { .. }
            | Self::UnlinkRepository { .. }
            | Self::LinkTeam { .. }
            | Self::UnlinkTeam { .. }
            | Self::ReleaseProject
            | Self::DeleteProject => None,
        }
    }

    /// Whether GitHub counts it as a content creation. A parent that is given in `createIssue` isn't one of its own.
    pub fn creates_content(&self) -> bool {
        match self {
            Self::CreateProject { .. }
            | Self::CreateLabel(_)
            | Self::CreateMilestone(_)
            | Self::CreateField { .. }
            | Self::CreateView { .. }
            | Self::CreateIssue(_)
            | Self::CreateDraft { .. }
            | Self::ConvertDraft { .. }
            | Self::TransferIssue { .. }
            | Self::AddSubIssue { .. }
            | Self::AddBlockedBy { .. } => true,
            Self::UpdateProject(_)
            | Self::UpdateLabel(_)
            | Self::DeleteLabel { .. }
            | Self::UpdateMilestone(_)
            | Self::DeleteMilestone { .. }
            | Self::UpdateField { .. }
            | Self::DeleteField { .. }
            | Self::UpdateView { .. }
            | Self::DeleteView { .. }
            | Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::SetMilestone { .. }
            | Self::SetIssueType { .. }
            | Self::AddManagedLabel { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. }
            | Self::AddAssignees { .. }
            | Self::RemoveAssignees { .. }
            | Self::DeleteIssue { .. }
            | Self::UpdateDraft { .. }
            | Self::AddItem { .. }
            | Self::ArchiveItem { .. }
            | Self::UnarchiveItem { .. }
            | Self::DeleteItem { .. }
            | Self::SetValue { .. }
            | Self::ClearValue { .. }
            | Self::MoveSubIssue { .. }
            | Self::RemoveBlockedBy { .. }
            | Self::LinkRepository { .. }
            | Self::UnlinkRepository { .. }
            | Self::LinkTeam { .. }
            | Self::UnlinkTeam { .. }
            | Self::ReleaseProject
            | Self::DeleteProject => false,
        }
    }
}

/// An issue as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueWrite {
    /// The issue.
    pub issue: IssueKey,
    /// Where it goes.
    pub repository: RepoSlug,
    /// Its title.
    pub title: String,
    /// Its body, marker and all.
    pub body: String,
    /// Its labels, the managed one among them.
    pub labels: Vec<LabelName>,
    /// The logins that it is assigned to.
    pub assignees: Vec<Login>,
    /// Its milestone.
    pub milestone: Option<MilestoneTitle>,
    /// Its issue type.
    pub issue_type: Option<IssueTypeName>,
    /// Its parent.
    pub parent: Option<IssueRef>,
}

/// Where a sub-issue goes among its parent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Right before this one.
    Before(IssueKey),
    /// Right after this one.
    After(IssueKey),
}

/// What counts as made by Spectra from a write on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// Options.
    pub options: Vec<OptionName>,
    /// Iterations.
    pub iterations: Vec<IterationTitle>,
}

/// A milestone as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneWrite {
    /// The repository.
    pub repository: RepoSlug,
    /// Its title.
    pub title: MilestoneTitle,
    /// Its description.
    pub description: Setting<String>,
    /// The day on which it is due, in Pacific time.
    pub due_on: Setting<Date>,
}

/// An iteration as it shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IterationWrite {
    /// The id of the iteration that it is already: with it the iteration keeps its values on all items.
    pub id: Option<IterationId>,
    /// Its title.
    pub title: IterationTitle,
    /// Its first day.
    pub start: Date,
    /// How many days it takes.
    pub duration: u32,
}

/// A view as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewWrite {
    /// Its name.
    pub name: ViewName,
    /// Its layout.
    pub layout: Layout,
    /// Its filter.
    pub filter: Option<String>,
    /// The fields that it shows, in order; None is GitHub's choice.
    pub fields: Option<Vec<FieldName>>,
    /// The field that rows are grouped by.
    pub group_by: Option<FieldName>,
    /// The field whose options are its columns.
    pub column_by: Option<FieldName>,
    /// What items are sorted by, the weightiest first.
    pub sort_by: Vec<Sort>,
}

/// Over which of GitHub's two interfaces a view is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewRoute {
    /// REST.
    Rest,
    /// GraphQL: without grouping, sorting and columns.
    GraphQl,
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
    /// Of a multi select field: the options by name.
    MultiSelect(Vec<OptionName>),
    /// Of an iteration field: the iteration by title.
    Iteration(IterationTitle),
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
            (FieldType::MultiSelect, FieldInput::List(names)) => {
                Some(Self::MultiSelect(names.iter().map(OptionName::new).collect()))
            }
            (FieldType::Iteration, FieldInput::Text(title)) => {
                Some(Self::Iteration(IterationTitle::new(title)))
            }
            (
                FieldType::Text
                | FieldType::Date
                | FieldType::SingleSelect
                | FieldType::MultiSelect
                | FieldType::Iteration,
                FieldInput::Number(_),
            )
            | (FieldType::Number | FieldType::MultiSelect, FieldInput::Text(_))
            | (
                FieldType::Text
                | FieldType::Number
                | FieldType::Date
                | FieldType::SingleSelect
                | FieldType::Iteration,
                FieldInput::List(_),
            ) => None,
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
    /// Its number, by which REST knows it.
    pub database_id: Option<u64>,
    /// Its options by name, the names folded.
    pub options: BTreeMap<String, OptionId>,
    /// Its iterations by title, the titles folded.
    pub iterations: BTreeMap<String, IterationId>,
}

/// A milestone on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneBinding {
    /// Its node id.
    pub id: NodeId,
    /// Its number in its repository.
    pub number: u64,
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
    /// Milestones by repository and the plan's folded title.
    pub milestones: BTreeMap<(RepoSlug, String), MilestoneBinding>,
    /// Issue types by repository and folded name.
    pub issue_types: BTreeMap<(RepoSlug, String), NodeId>,
    /// People by folded login.
    pub people: BTreeMap<String, NodeId>,
    /// Teams of the board's owner by folded slug.
    pub teams: BTreeMap<String, NodeId>,
    /// Fields by the plan's folded name; the built-in ones by GitHub's.
    pub fields: BTreeMap<String, FieldBinding>,
    /// Views by the plan's folded name.
    pub views: BTreeMap<String, NodeId>,
    /// Issues by key.
    pub issues: BTreeMap<IssueKey, IssueBinding>,
    /// Issues of other boards by [`foreign_key`].
    pub foreign: BTreeMap<String, NodeId>,
    /// Draft issues by key: their own nodes, not their items'.
    pub drafts: BTreeMap<IssueKey, NodeId>,
    /// The board's items by their issue's or draft's key.
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

    /// The iteration of a field.
    pub fn iteration(&self, field: &FieldName, title: &IterationTitle) -> Option<&IterationId> {
        self.field(field)?.iterations.get(&fold(title.as_str()))
    }

    /// The milestone.
    pub fn milestone(&self, repository: &RepoSlug, title: &MilestoneTitle) -> Option<&MilestoneBinding> {
        self.milestones.get(&(repository.clone(), fold(title.as_str())))
    }

    /// The issue type's node.
    pub fn issue_type(&self, repository: &RepoSlug, name: &IssueTypeName) -> Option<&NodeId> {
        self.issue_types.get(&(repository.clone(), fold(name.as_str())))
    }

    /// The person's node.
    pub fn person(&self, login: &Login) -> Option<&NodeId> {
        self.people.get(&fold(login.as_str()))
    }

    /// The team's node.
    pub fn team(&self, slug: &TeamSlug) -> Option<&NodeId> {
        self.teams.get(&fold(slug.as_str()))
    }

    /// The view's node.
    pub fn view(&self, name: &ViewName) -> Option<&NodeId> {
        self.views.get(&fold(name.as_str()))
    }

    /// The issue's node, of this board or of another one.
    pub fn issue(&self, issue: &IssueRef) -> Option<&NodeId> {
        match issue {
            IssueRef::Own(key) => self.issues.get(key).map(|binding| &binding.id),
            IssueRef::Foreign(foreign) => self.foreign.get(&foreign_key(foreign)),
        }
    }
}
