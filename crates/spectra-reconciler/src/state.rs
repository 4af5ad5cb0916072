//! Whether an issue is open or closed, and why it is closed.

use serde_json::{Value, json};
use spectra_model::change::Member;
use spectra_model::observation;
use spectra_model::plan::{Issue, IssueState, StateReason};
use spectra_model::step::{CloseReason, Step};

/// The state of an issue as it is observed; None of an issue that is being made.
pub(crate) type Observed = Option<(IssueState, Option<observation::StateReason>)>;

/// What brings an issue to the plan's state. Where only the reason differs, the issue is closed once more with the
/// plan's reason; it isn't opened in between. `reopen` is for one that Spectra closed and the plan has again.
pub(crate) fn decide(issue: &Issue, observed: Observed, reopen: bool) -> (Vec<Member>, Option<Step>) {
    let wanted = match (issue.state, observed) {
        (Some(state), _) => state,
        (None, Some(_)) if reopen => IssueState::Open,
        (None, _) => return (Vec::new(), None),
    };
    let (is, because) = observed.map_or((IssueState::Open, None), |(state, because)| (state, because));
    let mut members = Vec::new();
    if is != wanted {
        let old = observed.map_or(Value::Null, |(state, _)| json!(state));
        members.push(Member { name: "state".to_owned(), old, new: json!(wanted) });
    }
    if let (IssueState::Closed, Some(reason)) = (wanted, issue.state_reason) {
        // Issues that were closed before GitHub had reasons have none, and count as completed.
        let closed =
            (is == IssueState::Closed).then(|| because.unwrap_or(observation::StateReason::Completed));
        if closed != Some(as_observed(reason)) {
            let old = closed.map_or(Value::Null, |because| json!(because));
            members.push(Member { name: "stateReason".to_owned(), old, new: json!(reason) });
        }
    }
    if members.is_empty() {
        return (members, None);
    }
    let reason = match issue.state_reason {
        Some(StateReason::NotPlanned) => CloseReason::NotPlanned,
        Some(StateReason::Completed) | None => CloseReason::Completed,
    };
    (members, Some(Step::SetState { issue: issue.key.clone(), state: wanted, reason }))
}

fn as_observed(reason: StateReason) -> observation::StateReason {
    match reason {
        StateReason::Completed => observation::StateReason::Completed,
        StateReason::NotPlanned => observation::StateReason::NotPlanned,
    }
}
