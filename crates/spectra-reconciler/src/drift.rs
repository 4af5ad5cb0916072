//! Drift: what GitHub was changed into since the plan was applied, told from what the plan brings.

use spectra_model::change::{Action, Change};

use crate::context::Context;

/// Why a change is asked for that the last apply of the same plan left done.
const DRIFT: &str = "changed on GitHub since this plan was applied";

/// Says of each change whether it is drift. Where another plan was applied last, or that apply left something to do, a
/// change may be the plan's own, and nothing is said.
pub(crate) fn mark(context: &Context<'_>, changes: &mut [Change]) {
    let Some(record) = context.record() else { return };
    let (Some(applied), Some(plan)) = (&record.applied, &context.options.plan_sha256) else { return };
    if applied.plan != *plan || !applied.left.is_nothing() || record.unfinished_since().is_some() {
        return;
    }
    for change in changes {
        let is_put_back = match change.action {
            Action::Create | Action::Update => true,
            Action::Delete | Action::Manual | Action::Blocked => false,
        };
        if is_put_back && change.reason.is_none() {
            change.reason = Some(DRIFT.to_owned());
        }
    }
}
