//! The recovery file: what changes are about to lose, as GitHub holds it now.
//!
//! It is written before the first mutation, so that a person can put back by hand what turns out to be missed. Values
//! stand with the whole field that they are in: an option's id means nothing without it.

use serde_json::{Value as Json, json};
use spectra_model::change::{Change, ChangeSet};
use spectra_model::id::NodeId;
use spectra_model::observation::{Item, Observation};
use spectra_model::step::{Bindings, Step};

/// The version of the file's form.
const SCHEMA_VERSION: u32 = 1;

/// What the destructive ones of the changes lose, and what a rewrite of iterations puts at risk: that GitHub keeps
/// the values of iterations that are written with their ids is documented, and was not seen. None where there is nothing.
pub(crate) fn recovery(set: &ChangeSet, bindings: &Bindings, observation: &Observation) -> Option<Json> {
    let risky = set.changes.iter().filter(|change| change.destructive || rewrites_iterations(change));
    let lost: Vec<Json> = risky.flat_map(|change| lost_by(change, bindings, observation)).collect();
    (!lost.is_empty()).then(|| {
        json!({
            "schemaVersion": SCHEMA_VERSION,
            "project": observation.board.as_ref().map(|board| &board.summary.url),
            "lost": lost,
        })
    })
}

fn rewrites_iterations(change: &Change) -> bool {
    change.steps.iter().any(|step| matches!(step, Step::UpdateField { iterations: Some(_), .. }))
}

fn lost_by(change: &Change, bindings: &Bindings, observation: &Observation) -> Vec<Json> {
    let board = observation.board.as_ref();
    let of_step = |step: &Step| -> Option<Json> {
        let thing = match step {
            Step::DeleteField { id, .. } => field(observation, id)?,
            Step::UpdateField { field: name, .. } => field(observation, bindings.field(name)?.id.as_ref()?)?,
            Step::DeleteView { id, .. } => {
                json!({"view": board?.views.iter().find(|view| view.id == *id)?})
            }
            Step::DeleteLabel { repository, id, .. } => {
                let labels = &observation.repositories.get(repository)?.labels;
                json!({"label": labels.iter().find(|label| label.id == *id)?, "repository": repository})
            }
            Step::DeleteMilestone { repository, number, .. } => {
                let milestones = &observation.repositories.get(repository)?.milestones;
                let found = milestones.iter().find(|milestone| milestone.number == *number)?;
                json!({"milestone": found, "repository": repository})
            }
            Step::DeleteIssue { issue } | Step::TransferIssue { issue, .. } => {
                let id = &bindings.issues.get(issue)?.id;
                json!({"issue": observation.issues.iter().find(|issue| issue.id == *id)?})
            }
            Step::DeleteItem { issue } => {
                let id = bindings.items.get(issue)?;
                json!({"draft": board?.drafts.iter().find(|draft| draft.item.id == *id)?})
            }
            Step::DeleteProject => json!({"board": board?, "issues": observation.issues}),
            _ => return None,
        };
        Some(json!({"change": change.id, "reason": change.reason, "was": thing}))
    };
    change.steps.iter().filter_map(of_step).collect()
}

/// A field with every value that is known in it; None where there are none.
fn field(observation: &Observation, id: &NodeId) -> Option<Json> {
    let board = observation.board.as_ref()?;
    let field = board.fields.iter().find(|field| field.id == *id)?;
    let value = |item: &Item| item.values.get(id).map(|value| json!(value));
    let issues = observation.issues.iter().filter_map(|issue| {
        let item = issue.item.as_ref()?;
        Some(json!({"issue": issue.url, "item": item.id, "value": value(item)?}))
    });
    let drafts = board.drafts.iter().filter_map(|draft| {
        Some(json!({"draft": draft.title, "item": draft.item.id, "value": value(&draft.item)?}))
    });
    let values: Vec<Json> = issues.chain(drafts).collect();
    (!values.is_empty()).then(|| json!({"field": field, "values": values}))
}
