//! What counts as made by Spectra, by the plan's own names.
//!
//! The record is written before and after the things themselves, so it may be behind: an answer that was lost leaves a
//! thing without its id there, and a rename that went through leaves an old name. What the record says and what GitHub
//! holds together tell what is so.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::{BoardRecord, Made, Making};
use spectra_model::change::Change;
use spectra_model::id::{
    FieldName, IterationId, IterationTitle, NodeId, OptionId, OptionName, RepoSlug, ViewName, fold,
};
use spectra_model::observation;
use spectra_model::plan::Field;
use spectra_model::step::{Step, ViewRoute, ViewWrite};

use crate::context::Context;
use crate::{draft, field, label, milestone, repository, team, view};

/// What Spectra made of the things that are there.
pub(crate) fn made(context: &Context<'_>) -> Made {
    let Some(record) = context.record() else { return Made::default() };
    let mut made = record.made.clone();
    label::made(context, record, &mut made);
    milestone::made(context, record, &mut made);
    for (slug, repository) in &context.observation.repositories {
        let labels: BTreeSet<&NodeId> = repository.labels.iter().map(|label| &label.id).collect();
        made.labels.retain(|key, id| !is_of(key, slug) || labels.contains(id));
        let milestones: BTreeSet<&NodeId> = repository.milestones.iter().map(|it| &it.id).collect();
        made.milestones.retain(|key, id| !is_of(key, slug) || milestones.contains(id));
    }
    draft::made(context, &mut made);
    repository::made(context, record, &mut made);
    team::made(context, record, &mut made);
    view::made(context, record, &mut made);
    fields(context, record, &mut made);
    made
}

/// Whether a label or a milestone with this key is in a repository.
fn is_of(key: &str, slug: &RepoSlug) -> bool {
    key.split_once('#').is_some_and(|(of, _)| fold(of) == fold(slug.as_str()))
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
) -> BTreeMap<I, N> {
    let ids: BTreeSet<&I> = recorded.iter().flat_map(|made| made.values()).collect();
    let is_ours = |(name, id): &(N, I)| {
        ids.contains(id) || making.is_some_and(|making| making.contains(name)) || is_of_plan(name)
    };
    there.filter(is_ours).map(|(name, id)| (id, name)).collect()
}

/// The same by name. What the record knows by a name that the plan's thing has or had goes by the plan's name, whatever
/// people call it now: by that name it is found again.
fn named<'p, N: Ord + Clone + 'p, I: Ord + Clone>(
    mut ours: BTreeMap<I, N>,
    recorded: &[&BTreeMap<N, I>],
    of_plan: impl Iterator<Item = (&'p N, &'p [N])>,
) -> BTreeMap<N, I> {
    let mut named = BTreeMap::new();
    for (name, before) in of_plan {
        let ids = std::iter::once(name).chain(before);
        let mut ids = ids.flat_map(|name| recorded.iter().filter_map(move |made| made.get(name)));
        if let Some(id) = ids.find(|id| ours.contains_key(*id)) {
            ours.remove(id);
            named.insert(name.clone(), id.clone());
        }
    }
    // What the plan no longer has goes by the name that the record has for it: people may have given it one of the plan's.
    for (id, name) in ours {
        let mut known = recorded.iter().flat_map(|made| made.iter());
        let before = known.find(|(_, made)| **made == id).map(|(before, _)| before.clone());
        let names = before.into_iter().chain([name]);
        if let Some(free) = names.into_iter().find(|name| !named.contains_key(name)) {
            named.insert(free, id);
        }
    }
    named
}

fn options(
    context: &Context<'_>,
    record: &BoardRecord,
    field: &Field,
    found: &observation::Field,
    names: &BTreeSet<&FieldName>,
) -> BTreeMap<OptionName, OptionId> {
    let recorded: Vec<_> = names.iter().filter_map(|name| record.made.options.get(*name)).collect();
    let ours = ours(
        found.options.iter().map(|option| (option.name.clone(), option.id.clone())),
        &recorded,
        record.making.options.get(&field.name),
        |name| context.board_is_new() && field.options.iter().any(|option| option.name.same(name)),
    );
    let of_plan = field.options.iter().map(|option| (&option.name, option.renamed_from.as_slice()));
    named(ours, &recorded, of_plan)
}

fn iterations(
    context: &Context<'_>,
    record: &BoardRecord,
    field: &Field,
    found: &observation::Field,
    names: &BTreeSet<&FieldName>,
) -> BTreeMap<IterationTitle, IterationId> {
    let recorded: Vec<_> = names.iter().filter_map(|name| record.made.iterations.get(*name)).collect();
    let ours = ours(
        found.iterations.iter().map(|iteration| (iteration.title.clone(), iteration.id.clone())),
        &recorded,
        record.making.iterations.get(&field.name),
        |title| {
            context.board_is_new() && field.iterations.iter().any(|iteration| iteration.title.same(title))
        },
    );
    let of_plan = field.iterations.iter().map(|it| (&it.title, it.renamed_from.as_slice()));
    named(ours, &recorded, of_plan)
}

/// The views that the changes make without their grouping, sorting or columns, because there is no way to give them.
pub fn unarranged(changes: &[Change]) -> BTreeSet<ViewName> {
    let is_arranged =
        |view: &ViewWrite| view.group_by.is_some() || view.column_by.is_some() || !view.sort_by.is_empty();
    let of_step = |step: &Step| {
        let Step::CreateView { view, route: ViewRoute::GraphQl } = step else { return None };
        is_arranged(view).then(|| view.name.clone())
    };
    changes.iter().flat_map(|change| &change.steps).filter_map(of_step).collect()
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
