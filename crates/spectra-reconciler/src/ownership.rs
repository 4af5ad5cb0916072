//! What counts as made by Spectra, by the plan's own names.
//!
//! The record is written before and after the things themselves, so it may be behind: an answer that was lost leaves a
//! thing without its id there, and a rename that went through leaves an old name. What the record says and what GitHub
//! holds together tell what is so.

use std::collections::BTreeSet;

use spectra_model::board_record::{Made, Making};
use spectra_model::change::Change;
use spectra_model::id::{FieldName, OptionId, fold};
use spectra_model::observation;
use spectra_model::plan::{Field, FieldType};
use spectra_model::step::Step;

use crate::context::Context;
use crate::{field, label};

/// What Spectra made of the things that are there.
pub(crate) fn made(context: &Context<'_>) -> Made {
    let Some(record) = context.record() else { return Made::default() };
    let mut made = record.made.clone();
    for label in &context.plan.labels {
        let Some(found) = label::find(context, label) else { continue };
        let key = label::key(&label.repository, &label.name);
        if record.made.labels.get(&key) == Some(&found.id) || record.making.labels.contains(&key) {
            made.labels.insert(key, found.id.clone());
        } else {
            made.labels.remove(&key);
        }
    }
    for field in &context.plan.fields {
        let Some(found) = field::find(context, field) else { continue };
        let is_ours = record.made.fields.values().any(|id| *id == found.id)
            || record.making.fields.contains(&field.name)
            || (context.board_is_new() && !field::is_status(&field.name));
        made.fields.retain(|_, id| *id != found.id);
        made.fields.remove(&field.name);
        if is_ours {
            made.fields.insert(field.name.clone(), found.id.clone());
        }
        if found.r#type == Some(FieldType::SingleSelect) {
            options(context, &mut made, field, found);
        } else {
            made.options.remove(&field.name);
        }
    }
    made
}

fn options(context: &Context<'_>, made: &mut Made, field: &Field, found: &observation::Field) {
    let Some(record) = context.record() else { return };
    let by_id = record.made.fields.iter().find(|(_, id)| **id == found.id).map(|(name, _)| name);
    let names: BTreeSet<&FieldName> =
        std::iter::once(&field.name).chain(by_id).chain(&field.renamed_from).collect();
    let ids: BTreeSet<&OptionId> = names
        .iter()
        .filter_map(|name| record.made.options.get(*name))
        .flat_map(|made| made.values())
        .collect();
    let making = record.making.options.get(&field.name);
    let is_ours = |option: &&observation::SelectOption| {
        let is_of_plan =
            || field.options.iter().any(|it| fold(it.name.as_str()) == fold(option.name.as_str()));
        ids.contains(&option.id)
            || making.is_some_and(|making| making.contains(&option.name))
            || (context.board_is_new() && is_of_plan())
    };
    let ours = found.options.iter().filter(is_ours).map(|it| (it.name.clone(), it.id.clone())).collect();
    for name in names {
        made.options.remove(name);
    }
    made.options.insert(field.name.clone(), ours);
    made.options.retain(|_, options| !options.is_empty());
}

/// What the changes make that will have an id only when GitHub has answered.
pub fn making(changes: &[Change]) -> Making {
    let mut making = Making::default();
    for step in changes.iter().flat_map(|change| &change.steps) {
        if let Step::CreateLabel(label) = step {
            making.labels.insert(label::key(&label.repository, &label.name));
        } else if let Step::CreateField { name, options, .. } = step {
            making.fields.insert(name.clone());
            let names = options.iter().map(|option| option.name.clone());
            making.options.entry(name.clone()).or_default().extend(names);
        } else if let Step::UpdateField { field, options: Some(options), claims, .. } = step {
            let new = options.iter().filter(|option| option.id.is_none()).map(|option| &option.name);
            let names = new.filter(|name| claims.contains(name)).cloned();
            making.options.entry(field.clone()).or_default().extend(names);
        }
    }
    making.options.retain(|_, names| !names.is_empty());
    making
}
