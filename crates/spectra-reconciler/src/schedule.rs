//! The order in which steps are sent, and what sending them costs at least.
//!
//! What people see first goes first: an issue gets its place and its values before the next forty are made.

use spectra_model::change::Change;
use spectra_model::forecast::{Forecast, Limits, POINTS_PER_MUTATING_REQUEST, least_seconds};
use spectra_model::step::Step;

/// Issues that are finished together.
const GROUP: usize = 40;
/// Creations in one request, at the start (eleven heavy aliases were seen to go through).
const HEAVY_BATCH: usize = 10;
/// Light mutations in one request, at the start (failures were seen from 76 on).
const LIGHT_BATCH: usize = 40;

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
    Alone,
    Create,
    Labels,
    Text,
    File,
    Value,
    State,
    Unlink,
    Link,
}

fn phase(step: &Step) -> Phase {
    match step {
        Step::CreateProject { .. }
        | Step::UpdateProject(_)
        | Step::CreateField { .. }
        | Step::UpdateField { .. } => Phase::Alone,
        Step::CreateLabel(_) | Step::CreateIssue { .. } => Phase::Create,
        Step::UpdateLabel(_) | Step::AddLabels { .. } | Step::RemoveLabels { .. } => Phase::Labels,
        Step::UpdateIssue { .. } => Phase::Text,
        Step::AddItem { .. } => Phase::File,
        Step::SetValue { .. } | Step::ClearValue { .. } => Phase::Value,
        Step::SetState { .. } => Phase::State,
        Step::AddSubIssue { .. } | Step::AddBlockedBy { .. } => Phase::Link,
        Step::RemoveBlockedBy { .. } => Phase::Unlink,
    }
}

/// All steps of the changes in the order in which they are sent.
pub fn schedule(changes: &[Change]) -> Vec<ScheduledStep<'_>> {
    let mut order = Vec::new();
    for (group, members) in groups(changes) {
        let mut steps: Vec<ScheduledStep<'_>> = members
            .iter()
            .zip(group..)
            .flat_map(|(change, index)| {
                change.steps.iter().map(move |step| ScheduledStep { change: index, step })
            })
            .collect();
        steps.sort_by_key(|scheduled| phase(scheduled.step));
        order.extend(steps);
    }
    order
}

/// Runs of changes that may be interleaved: of one kind, at most [`GROUP`], none requiring another.
fn groups(changes: &[Change]) -> Vec<(usize, &[Change])> {
    let mut groups = Vec::new();
    let mut rest = changes;
    let mut start: usize = 0;
    while let Some(first) = rest.first() {
        let mut ids = std::collections::BTreeSet::new();
        let length = rest
            .iter()
            .take(GROUP)
            .take_while(|change| {
                let fits = change.kind == first.kind && !change.requires.iter().any(|id| ids.contains(id));
                ids.insert(change.id.clone());
                fits
            })
            .count()
            .max(1);
        let (group, after) = rest.split_at(length);
        groups.push((start, group));
        start = start.saturating_add(length);
        rest = after;
    }
    groups
}

/// What the changes cost at least: requests at the starting batch sizes, their points, and the time in which GitHub's
/// windows let them through.
pub(crate) fn forecast(changes: &[Change]) -> Forecast {
    let steps = schedule(changes);
    let limits = Limits::github();
    let creations = steps.iter().filter(|scheduled| scheduled.step.creates_content()).count();
    let content_creations = u64::try_from(creations).unwrap_or(u64::MAX);
    let mut requests: u64 = 0;
    let mut current: Option<(Phase, usize)> = None;
    for scheduled in &steps {
        let phase = phase(scheduled.step);
        let most = match phase {
            Phase::Alone => 1,
            Phase::Create | Phase::Link => HEAVY_BATCH,
            Phase::Labels | Phase::Text | Phase::File | Phase::Value | Phase::State | Phase::Unlink => {
                LIGHT_BATCH
            }
        };
        current = match current {
            Some((same, filled)) if same == phase && filled < most => Some((same, filled.saturating_add(1))),
            _ => {
                requests = requests.saturating_add(1);
                Some((phase, 1))
            }
        };
    }
    let points = requests.saturating_mul(POINTS_PER_MUTATING_REQUEST);
    let by_points: Vec<_> = limits
        .points
        .iter()
        .map(|window| spectra_model::forecast::Window {
            count: window.count.checked_div(POINTS_PER_MUTATING_REQUEST).unwrap_or(window.count),
            seconds: window.seconds,
        })
        .collect();
    let seconds =
        least_seconds(content_creations, &limits.creations).max(least_seconds(requests, &by_points));
    Forecast { requests, points, content_creations, seconds }
}
