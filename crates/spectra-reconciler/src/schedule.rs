//! The order in which steps are sent, and what sending them costs at least.
//!
//! What people see first goes first: an issue gets its place and its values before the next forty are made.

use spectra_model::change::{Action, Change, Kind};
use spectra_model::forecast::{Forecast, Limits, POINTS_PER_MUTATING_REQUEST, Window, least_seconds};
use spectra_model::id::ChangeId;
use spectra_model::plan::IssueState;
use spectra_model::step::{Step, ViewRoute};

/// Issues that are finished together.
const GROUP: usize = 40;
/// Creations in one request, at the start (eleven heavy aliases were seen to go through).
const HEAVY_BATCH: usize = 10;
/// Light mutations in one request, at the start (failures were seen from 76 on).
const LIGHT_BATCH: usize = 40;
/// Deletions of issues in one request, at the start (the eighth alias of eleven was seen to fail).
const DELETE_BATCH: usize = 5;

/// A step and the change that it belongs to, as an index into the change set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScheduledStep<'a> {
    /// The change's index.
    pub change: usize,
    /// The step.
    pub step: &'a Step,
}

/// Which steps may share a request, in the order of work within a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// What later steps build on, one request each.
    Alone,
    /// REST, one request each.
    Rest,
    /// Things that are made, moved to another repository, or turned from drafts into issues.
    Create,
    /// Out of the archive, and open again: before the marker forgets that it was Spectra who put it away, and before
    /// values, which an archived item doesn't take.
    Restore,
    /// What the marker forgets next: labels and assignees that are taken off. And the managed label.
    BeforeText,
    /// Titles and bodies, with their markers.
    Text,
    /// What the marker claims: labels and assignees that are put on. And what it doesn't speak of.
    AfterText,
    /// Onto the board: only then values can be written.
    File,
    Value,
    State,
    Unlink,
    Link,
    /// A place among siblings: when the sub-issue is there.
    Place,
    /// Into the archive, when all else is written.
    Archive,
    Remove,
    DeleteIssue,
}

fn phase(step: &Step) -> Phase {
    match step {
        Step::CreateProject { .. }
        | Step::UpdateProject(_)
        | Step::ReleaseProject
        | Step::DeleteProject
        | Step::CreateField { .. }
        | Step::UpdateField { .. }
        | Step::CreateView { route: ViewRoute::GraphQl, .. } => Phase::Alone,
        Step::CreateMilestone(_)
        | Step::UpdateMilestone(_)
        | Step::DeleteMilestone { .. }
        | Step::CreateView { route: ViewRoute::Rest, .. } => Phase::Rest,
        Step::CreateLabel(_)
        | Step::CreateIssue(_)
        | Step::CreateDraft { .. }
        | Step::ConvertDraft { .. }
        | Step::TransferIssue { .. } => Phase::Create,
        Step::UpdateLabel(_)
        | Step::AddManagedLabel { .. }
        | Step::RemoveLabels { .. }
        | Step::RemoveAssignees { .. } => Phase::BeforeText,
        Step::UpdateIssue { .. } | Step::UpdateDraft { .. } | Step::UpdateView { .. } => Phase::Text,
        Step::AddLabels { .. }
        | Step::AddAssignees { .. }
        | Step::SetMilestone { .. }
        | Step::SetIssueType { .. } => Phase::AfterText,
        Step::AddItem { .. } => Phase::File,
        Step::UnarchiveItem { .. } | Step::SetState { state: IssueState::Open, .. } => Phase::Restore,
        Step::SetValue { .. } | Step::ClearValue { .. } => Phase::Value,
        Step::SetState { state: IssueState::Closed, .. } => Phase::State,
        Step::RemoveBlockedBy { .. } | Step::UnlinkRepository { .. } | Step::UnlinkTeam { .. } => {
            Phase::Unlink
        }
        Step::AddSubIssue { .. }
        | Step::AddBlockedBy { .. }
        | Step::LinkRepository { .. }
        | Step::LinkTeam { .. } => Phase::Link,
        Step::MoveSubIssue { .. } => Phase::Place,
        Step::ArchiveItem { .. } => Phase::Archive,
        Step::DeleteLabel { .. }
        | Step::DeleteField { .. }
        | Step::DeleteView { .. }
        | Step::DeleteItem { .. } => Phase::Remove,
        Step::DeleteIssue { .. } => Phase::DeleteIssue,
    }
}

impl Phase {
    /// How many of its steps one request takes at the start.
    fn batch(self) -> usize {
        match self {
            Self::Alone | Self::Rest => 1,
            Self::Create | Self::Link | Self::Place => HEAVY_BATCH,
            Self::Restore
            | Self::BeforeText
            | Self::Text
            | Self::AfterText
            | Self::File
            | Self::Value
            | Self::State
            | Self::Unlink
            | Self::Archive
            | Self::Remove => LIGHT_BATCH,
            Self::DeleteIssue => DELETE_BATCH,
        }
    }
}

/// All steps of the changes in the order in which they are sent.
pub fn schedule(changes: &[Change]) -> Vec<ScheduledStep<'_>> {
    let mut order = Vec::new();
    for (group, members) in groups(changes) {
        let first = order.len();
        for (change, index) in members.iter().zip(group..) {
            order.extend(change.steps.iter().map(|step| ScheduledStep { change: index, step }));
        }
        if let Some(steps) = order.get_mut(first..) {
            steps.sort_by_key(|scheduled| phase(scheduled.step));
        }
    }
    order
}

/// Whether a step may be sent only once it is known that an earlier one was done, so that the two share no request:
/// GitHub carries requests out in order, but not always to the end, nor without leaving one out in the middle.
///
/// So it is with a change that another one requires, unless it makes a thing: a thing that isn't there has no id that a
/// later step could name. And so it is with a marker and what it claims.
pub fn relies_on(changes: &[Change], step: ScheduledStep<'_>, earlier: ScheduledStep<'_>) -> bool {
    if step.change == earlier.change {
        return (writes_marker(step.step) && is_claimed(earlier.step))
            || (is_claimed(step.step) && writes_marker(earlier.step));
    }
    let (Some(change), Some(before)) = (changes.get(step.change), changes.get(earlier.change)) else {
        return false;
    };
    let makes_a_thing =
        before.action == Action::Create && !matches!(before.kind, Kind::SubIssue | Kind::BlockedBy);
    (!makes_a_thing || writes_marker(earlier.step)) && change.requires.contains(&before.id)
}

fn writes_marker(step: &Step) -> bool {
    matches!(step, Step::UpdateIssue { body: Some(_), .. } | Step::UpdateDraft { body: Some(_), .. })
}

/// Whether markers speak of what a step does.
fn is_claimed(step: &Step) -> bool {
    matches!(
        step,
        Step::AddLabels { .. }
            | Step::RemoveLabels { .. }
            | Step::AddAssignees { .. }
            | Step::RemoveAssignees { .. }
            | Step::SetState { .. }
            | Step::ArchiveItem { .. }
            | Step::UnarchiveItem { .. }
    )
}

/// Runs of changes that may be interleaved: of one kind, at most [`GROUP`], none requiring another.
fn groups(changes: &[Change]) -> Vec<(usize, &[Change])> {
    let mut groups = Vec::new();
    let mut rest = changes;
    let mut start: usize = 0;
    while let Some(first) = rest.first() {
        let most = rest.len().min(GROUP);
        let begins_another = |at: &usize| {
            let (before, others) = rest.split_at(*at);
            let is_before = |id: &ChangeId| before.iter().any(|other| other.id == *id);
            others
                .first()
                .is_some_and(|change| change.kind != first.kind || change.requires.iter().any(is_before))
        };
        let length = (1..most).find(begins_another).unwrap_or(most);
        let (group, after) = rest.split_at(length);
        groups.push((start, group));
        start = start.saturating_add(length);
        rest = after;
    }
    groups
}

/// What the changes cost at least: requests at the starting batch sizes, their points, and the time in which GitHub's
/// windows let them through. A REST write costs five points as well, but of a window of its own (GitHub docs, secondary
/// rate limits), which creations never fill: they have the narrower one.
pub(crate) fn forecast(changes: &[Change]) -> Forecast {
    let steps = schedule(changes);
    let limits = Limits::github();
    let creations = steps.iter().filter(|scheduled| scheduled.step.creates_content()).count();
    let content_creations = u64::try_from(creations).unwrap_or(u64::MAX);
    let (mut graphql, mut rest): (u64, u64) = (0, 0);
    let mut current: Option<(Phase, usize)> = None;
    for scheduled in &steps {
        let phase = phase(scheduled.step);
        current = match current {
            Some((same, filled)) if same == phase && filled < phase.batch() => {
                Some((same, filled.saturating_add(1)))
            }
            _ => {
                let count = if phase == Phase::Rest { &mut rest } else { &mut graphql };
                *count = count.saturating_add(requests(scheduled.step));
                Some((phase, 1))
            }
        };
    }
    let requests = graphql.saturating_add(rest);
    let points = requests.saturating_mul(POINTS_PER_MUTATING_REQUEST);
    let by_points: Vec<Window> = limits
        .points
        .iter()
        .map(|window| Window {
            count: window.count.checked_div(POINTS_PER_MUTATING_REQUEST).unwrap_or(window.count),
            seconds: window.seconds,
        })
        .collect();
    let seconds = least_seconds(content_creations, &limits.creations).max(least_seconds(graphql, &by_points));
    Forecast { requests, points, content_creations, seconds }
}

/// How many requests a step takes that opens one: a view's filter can't be given when it is made over GraphQL.
fn requests(step: &Step) -> u64 {
    let is_two =
        matches!(step, Step::CreateView { view, route: ViewRoute::GraphQl } if view.filter.is_some());
    if is_two { 2 } else { 1 }
}
