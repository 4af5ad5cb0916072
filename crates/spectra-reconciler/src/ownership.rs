//! What counts as made by Spectra, by the plan's own names.
//!
//! The record is written before and after the things themselves, so it may be behind: an answer that was lost leaves a
//! thing without its id there, and a rename that went through leaves an old name. What the record says and what GitHub
//! holds together tell what is so.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::{BoardRecord, Made, Making};
use spectra_model::change::Change;
use spectra_model::id::{FieldName, IterationId, IterationTitle, OptionId, OptionName, fold};
use spectra_model::observation;
use spectra_model::plan::Field;
use spectra_model::step::Step;

use crate::context::Context;
use crate::{draft, field, label, milestone, repository, team, view};

/// What Spectra made of the things that are there.
pub(crate) fn made(context: &Context<'_>) -> Made {
    let Some(record) = context.record() else { return Made::default() };
    let mut made = record.made.clone();
    label::made(context, record, &mut made);
    milestone::made(context, record, &mut made);
    draft::made(context, &mut made);
    repository::made(context, record, &mut made);
    team::made(context, record, &mut made);
    view::made(context, record, &mut made);
    fields(context, record, &mut made);
    made
}

fn fields(context: &Context<'_>, record: &BoardRecord, made: &mut Made) {
    for field in &context.plan.fields {
        let Some(found) = field::find(context, field) else { continue };
        // On a new board the plan's fields are Spectra's; one of another type isn't the plan's.
        let is_ours = record.made.fields.values().any(|id| *id == found.id)
            || record.making.fields.contains(&field.name)
            || (context.board_is_new()
                && !field::is_status(&field.name)
                && found.r#type == Some(field.r#type));
        made.fields.retain(|_, id| *id != found.id);
        made.fields.remove(&field.name);
        if is_ours {
            made.fields.insert(field.name.clone(), found.id.clone());
        }
        let names = names(record, field, found);
        let options = options(context, record, field, found, &names);
        let iterations = iterations(context, record, field, found, &names);
        for name in names {
            made.options.remove(name);
            made.iterations.remove(name);
        }
        made.options.insert(field.name.clone(), options);
        made.iterations.insert(field.name.clone(), iterations);
    }
    let Some(board) = context.board() else { return };
    made.fields.retain(|_, id| board.fields.iter().any(|field| field.id == *id));
    let is_there = |name: &FieldName| board.fields.iter().any(|field| field.name.same(name));
    let is_known = |name: &FieldName| {
        is_there(name) || context.fields.contains_key(&fold(name.as_str())) || made.fields.contains_key(name)
    };
    made.options.retain(|name, options| !options.is_empty() && is_known(name));
    made.iterations.retain(|name, iterations| !iterations.is_empty() && is_known(name));
}

/// The names under which the record may know what is in a field.
fn names<'c>(
    record: &'c BoardRecord,
    field: &'c Field,
    found: &observation::Field,
) -> BTreeSet<&'c FieldName> {
    let by_id = record.made.fields.iter().find(|(_, id)| **id == found.id).map(|(name, _)| name);
    std::iter::once(&field.name).chain(by_id).chain(&field.renamed_from).collect()
}

/// What of a field's options or iterations is Spectra's: what the record knows, what a run set out to make, and on a new
/// board what the plan has.
fn ours<N: Ord + Clone, I: Ord + Clone>(
    there: impl Iterator<Item = (N, I)>,
    recorded: &[&BTreeMap<N, I>],
    making: Option<&BTreeSet<N>>,
    is_of_plan: impl Fn(&N) -> bool,
) -> BTreeMap<N, I> {
    let ids: BTreeSet<&I> = recorded.iter().flat_map(|made| made.values()).collect();
    let is_ours = |(name, id): &(N, I)| {
        ids.contains(id) || making.is_some_and(|making| making.contains(name)) || is_of_plan(name)
    };
    there.filter(is_ours).collect()
}

fn options(
    context: &Context<'_>,
    record: &BoardRecord,
    field: &Field,
    found: &observation::Field,
    names: &BTreeSet<&FieldName>,
) -> BTreeMap<OptionName, OptionId> {
    let recorded: Vec<_> = names.iter().filter_map(|name| record.made.options.get(*name)).collect();
    ours(
        found.options.iter().map(|option| (option.name.clone(), option.id.clone())),
        &recorded,
        record.making.options.get(&field.name),
        |name| context.board_is_new() && field.options.iter().any(|option| option.name.same(name)),
    )
}

fn iterations(
    context: &Context<'_>,
    record: &BoardRecord,
    field: &Field,
    found: &observation::Field,
    names: &BTreeSet<&FieldName>,
) -> BTreeMap<IterationTitle, IterationId> {
    let recorded: Vec<_> = names.iter().filter_map(|name| record.made.iterations.get(*name)).collect();
    ours(
        found.iterations.iter().map(|iteration| (iteration.title.clone(), iteration.id.clone())),
        &recorded,
        record.making.iterations.get(&field.name),
        |title| {
            context.board_is_new() && field.iterations.iter().any(|iteration| iteration.title.same(title))
        },
    )
}

/// What the changes make that will have an id only when GitHub has answered.
pub fn making(changes: &[Change]) -> Making {
    let mut making = Making::default();
    for step in changes.iter().flat_map(|change| &change.steps) {
        if let Step::CreateLabel(label) = step {
            making.labels.insert(label::key(&label.repository, &label.name));
        } else if let Step::CreateMilestone(milestone) = step {
            making.milestones.insert(milestone::key(&milestone.repository, &milestone.title));
        } else if let Step::CreateDraft { draft, .. } = step {
            making.drafts.insert(draft.clone());
        } else if let Step::LinkRepository { repository } = step {
            making.linked.insert(repository.clone());
        } else if let Step::LinkTeam { team } = step {
            making.teams.insert(team.clone());
        } else if let Step::CreateView { view, .. } = step {
            making.views.insert(view.name.clone());
        } else if let Step::CreateField { name, options, iterations, .. } = step {
            making.fields.insert(name.clone());
            let names = options.iter().map(|option| option.name.clone());
            making.options.entry(name.clone()).or_default().extend(names);
            let titles = iterations.iter().map(|iteration| iteration.title.clone());
            making.iterations.entry(name.clone()).or_default().extend(titles);
        } else if let Step::UpdateField { field, options, iterations, claims, .. } = step {
            let new = options.iter().flatten().filter(|option| option.id.is_none());
            let names = new.map(|option| &option.name).filter(|name| claims.options.contains(name));
            making.options.entry(field.clone()).or_default().extend(names.cloned());
            let new = iterations.iter().flatten().filter(|iteration| iteration.id.is_none());
            let titles = new.map(|it| &it.title).filter(|title| claims.iterations.contains(title));
            making.iterations.entry(field.clone()).or_default().extend(titles.cloned());
        }
    }
    making.iterations.retain(|_, titles| !titles.is_empty());
    making.options.retain(|_, names| !names.is_empty());
    making
}
