//! The writes, in node ids.

use jiff::civil::Date;
use spectra_model::Setting;
use spectra_model::id::{FieldName, LabelName, MilestoneTitle, NodeId, RepoSlug, ViewName};
use spectra_model::observation::Value;
use spectra_model::plan::{FieldType, IssueState, Layout, Owner};
use spectra_model::step::{IterationWrite, OptionWrite, ProjectUpdate};

use crate::issue::NewIssue;
use crate::sub_issue::Beside;
use crate::view::RestView;

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
    /// `deleteLabel`.
    DeleteLabel {
        /// The label.
        label: NodeId,
    },
    /// `POST /repos/{owner}/{repo}/milestones`.
    CreateMilestone {
        /// The repository.
        repository: RepoSlug,
        /// Its title.
        title: MilestoneTitle,
        /// Its description.
        description: Setting<String>,
        /// The day on which it is due, in Pacific time.
        due_on: Setting<Date>,
    },
    /// `PATCH /repos/{owner}/{repo}/milestones/{number}`.
    UpdateMilestone {
        /// The repository.
        repository: RepoSlug,
        /// Its number there.
        number: u64,
        /// Its title.
        title: MilestoneTitle,
        /// Its description.
        description: Setting<String>,
        /// The day on which it is due, in Pacific time.
        due_on: Setting<Date>,
    },
    /// `DELETE /repos/{owner}/{repo}/milestones/{number}`.
    DeleteMilestone {
        /// The repository.
        repository: RepoSlug,
        /// Its number there.
        number: u64,
    },
    /// `createProjectV2Field`.
    CreateField {
        /// The board.
        project: NodeId,
        /// Its name.
        name: FieldName,
        /// Its type.
        r#type: FieldType,
        /// The options of a select field, at least one.
        options: Vec<OptionWrite>,
        /// The iterations of an iteration field, at least one.
        iterations: Vec<IterationWrite>,
    },
    /// `updateProjectV2Field`.
    UpdateField {
        /// The field.
        field: NodeId,
        /// Its type, which can't be changed.
        r#type: FieldType,
        /// Its new name.
        name: Option<FieldName>,
        /// All its options: what has no id is made anew, what isn't there goes with its values.
        options: Option<Vec<OptionWrite>>,
        /// All its iterations, completed ones too: what has no id is made anew, what isn't there goes with its values.
        iterations: Option<Vec<IterationWrite>>,
    },
    /// `deleteProjectV2Field`.
    DeleteField {
        /// The field.
        field: NodeId,
    },
    /// `createProjectV2View` and, where there is a filter, `updateProjectV2View`.
    CreateView {
        /// The board.
        project: NodeId,
        /// Its name.
        name: ViewName,
        /// Its layout.
        layout: Layout,
        /// The fields that it shows, in order; None is GitHub's choice. A roadmap takes none.
        fields: Option<Vec<NodeId>>,
        /// Its filter.
        filter: Option<String>,
    },
    /// `POST /orgs/{org}/projectsV2/{number}/views`, or the like for a user's board.
    CreateRestView {
        /// Whose board it is.
        owner: Owner,
        /// The board's number.
        number: u64,
        /// The view.
        view: RestView,
    },
    /// `updateProjectV2View`.
    UpdateView {
        /// The view.
        view: NodeId,
        /// Its new name.
        name: Option<ViewName>,
        /// Its new layout.
        layout: Option<Layout>,
        /// Its new filter; empty clears it.
        filter: Option<String>,
        /// The fields that it shows, in order.
        fields: Option<Vec<NodeId>>,
    },
    /// `deleteProjectV2View`.
    DeleteView {
        /// The view.
        view: NodeId,
    },
    /// `createIssue`.
    CreateIssue {
        /// The issue.
        issue: NewIssue,
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
    /// `updateIssue`, milestone.
    SetMilestone {
        /// The issue.
        issue: NodeId,
        /// The milestone; None empties it.
        milestone: Option<NodeId>,
    },
    /// `updateIssue`, issue type.
    SetIssueType {
        /// The issue.
        issue: NodeId,
        /// The type; None empties it.
        issue_type: Option<NodeId>,
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
    /// `addAssigneesToAssignable`.
    AddAssignees {
        /// The issue.
        issue: NodeId,
        /// The people.
        assignees: Vec<NodeId>,
    },
    /// `removeAssigneesFromAssignable`.
    RemoveAssignees {
        /// The issue.
        issue: NodeId,
        /// The people.
        assignees: Vec<NodeId>,
    },
    /// `deleteIssue`.
    DeleteIssue {
        /// The issue.
        issue: NodeId,
    },
    /// `transferIssue`.
    TransferIssue {
        /// The issue.
        issue: NodeId,
        /// Where it goes.
        repository: NodeId,
    },
    /// `addProjectV2DraftIssue`.
    CreateDraft {
        /// The board.
        project: NodeId,
        /// The title.
        title: String,
        /// The body.
        body: String,
        /// Whom it is assigned to.
        assignees: Vec<NodeId>,
    },
    /// `updateProjectV2DraftIssue`.
    UpdateDraft {
        /// The draft's own node.
        draft: NodeId,
        /// The new title.
        title: Option<String>,
        /// The new body.
        body: Option<String>,
        /// All its assignees.
        assignees: Option<Vec<NodeId>>,
    },
    /// `convertProjectV2DraftIssueItemToIssue`.
    ConvertDraft {
        /// The draft's item.
        item: NodeId,
        /// Where the issue goes.
        repository: NodeId,
    },
    /// `addProjectV2ItemById`.
    AddItem {
        /// The board.
        project: NodeId,
        /// The issue.
        issue: NodeId,
    },
    /// `archiveProjectV2Item`.
    ArchiveItem {
        /// The board.
        project: NodeId,
        /// The item.
        item: NodeId,
    },
    /// `unarchiveProjectV2Item`.
    UnarchiveItem {
        /// The board.
        project: NodeId,
        /// The item.
        item: NodeId,
    },
    /// `deleteProjectV2Item`.
    DeleteItem {
        /// The board.
        project: NodeId,
        /// The item.
        item: NodeId,
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
    /// `reprioritizeSubIssue`.
    MoveSubIssue {
        /// The parent.
        parent: NodeId,
        /// The sub-issue.
        child: NodeId,
        /// Where it goes.
        beside: Beside,
    },
    /// `linkProjectV2ToRepository`.
    LinkRepository {
        /// The board.
        project: NodeId,
        /// The repository.
        repository: NodeId,
    },
    /// `unlinkProjectV2FromRepository`.
    UnlinkRepository {
        /// The board.
        project: NodeId,
        /// The repository.
        repository: NodeId,
    },
    /// `linkProjectV2ToTeam`.
    LinkTeam {
        /// The board.
        project: NodeId,
        /// The team.
        team: NodeId,
    },
    /// `unlinkProjectV2FromTeam`.
    UnlinkTeam {
        /// The board.
        project: NodeId,
        /// The team.
        team: NodeId,
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
