//! Iterations of iteration fields. They are edited by id, so that an iteration that stays keeps its values on all items.
//!
//! Each write holds the whole set: the plan's iterations, people's own, and completed ones, which are history and are
//! altered only where the plan still declares them. An iteration is known by its recorded id, by a title that it had
//! before, or by its title, never by its dates: two that start on one day needn't be one. One that Spectra made and that the
//! plan no longer has goes if it is not completed or stands in the way of one of the plan's, and where items hold it that
//! is destructive. Where one of people's stands in the way, nothing is touched until they decide.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use spectra_model::change::Member;
use spectra_model::id::{FieldName, IterationId, IterationTitle, fold};
use spectra_model::observation::{self, Value as Held};
use spectra_model::plan::{Field, FieldType, Iteration};
use spectra_model::step::IterationWrite;

use crate::context::Context;
use crate::field::Edit;
use crate::loss::Loss;

/// What becomes of a field's iterations. None where the plan doesn't manage them.
pub(crate) fn edit(
    context: &Context<'_>,
    field: &Field,
    found: &observation::Field,
) -> Option<Edit<IterationWrite, IterationTitle>> {
    if field.r#type != FieldType::Iteration || field.iterations.is_empty() {
        return None;
    }
    let Merged { wanted, claims, dropped, of_plan } = merge(context, field, found);
    // GitHub orders iterations by their start, whatever order they came in.
    let as_wanted: BTreeSet<Parts<'_>> = wanted.iter().map(parts).collect();
    let as_observed: BTreeSet<Parts<'_>> = found.iterations.iter().map(observed).collect();
    if as_wanted == as_observed {
        return Some(Edit { claims, ..Edit::nothing() });
    }
    let mut edit = Edit { members: members(found, &wanted), claims, ..Edit::nothing() };
    if !context.observation.features.iteration_ids {
        let loss = Loss::of(context, &found.id, |value| usize::from(matches!(value, Held::Iteration(_))));
        if found.iterations.iter().any(|iteration| iteration.completed) || !loss.is_nothing() {
            edit.obstacle = Some(format!(
                "this server takes no ids with iterations, so a change of them would empty the field on every item \
                 and make the completed iterations anew ({loss}): change the iterations in the browser"
            ));
        }
    }
    let kept = found.iterations.iter().filter(|it| wanted.iter().any(|w| w.id.as_ref() == Some(&it.id)));
    let mut peoples = kept.filter(|it| !of_plan.values().any(|id| *id == it.id));
    if let Some(theirs) = peoples.find(|it| field.iterations.iter().any(|planned| overlap(it, planned))) {
        edit.obstacle = edit.obstacle.or_else(|| Some(format!(
            "iteration `{}` of people's has days in common with the plan's, and GitHub allows no overlap: move or \
             delete it, or move the plan's",
            theirs.title
        )));
    }
    let loss = Loss::of(context, &found.id, |value| match value {
        Held::Iteration(id) => usize::from(dropped.contains(id)),
        Held::Text(_) | Held::Number(_) | Held::Date(_) | Held::SingleSelect(_) | Held::MultiSelect(_) => 0,
    });
    if !dropped.is_empty() && !loss.is_nothing() {
        let titles = found.iterations.iter().filter(|iteration| dropped.contains(&iteration.id));
        let titles: Vec<String> = titles.map(|iteration| format!("`{}`", iteration.title)).collect();
        edit.loss = Some(format!("without {} the field loses {loss}", titles.join(", ")));
    }
    edit.writes = wanted;
    Some(edit)
}

/// The ids of a field's iterations by folded title. A title of the plan's means the plan's iteration, also where people
/// made another one of that title.
pub(crate) fn bindings(
    context: &Context<'_>,
    field: &Field,
    found: &observation::Field,
) -> BTreeMap<String, IterationId> {
    let mut ids: BTreeMap<String, IterationId> =
        found.iterations.iter().map(|it| (fold(it.title.as_str()), it.id.clone())).collect();
    ids.extend(merge(context, field, found).of_plan);
    ids
}

/// An iteration as the plan makes it.
pub(crate) fn write(iteration: &Iteration) -> IterationWrite {
    let Iteration { title, start, duration, renamed_from: _ } = iteration;
    IterationWrite { id: None, title: title.clone(), start: *start, duration: *duration }
}

/// An iteration that the plan makes, as a member of its field.
pub(crate) fn member(iteration: &Iteration) -> Member {
    let new = shown(&iteration.title, iteration.start, iteration.duration);
    Member { name: format!("iteration:{}", iteration.title), old: Value::Null, new }
}

type Parts<'a> = (Date, u32, &'a IterationTitle, Option<&'a IterationId>);

fn parts(iteration: &IterationWrite) -> Parts<'_> {
    (iteration.start, iteration.duration, &iteration.title, iteration.id.as_ref())
}

fn observed(iteration: &observation::Iteration) -> Parts<'_> {
    (iteration.start, iteration.duration, &iteration.title, Some(&iteration.id))
}

struct Merged {
    wanted: Vec<IterationWrite>,
    claims: Vec<IterationTitle>,
    /// Iterations that Spectra made and the plan no longer has.
    dropped: BTreeSet<IterationId>,
    /// The ids that the plan's iterations have already, by folded title.
    of_plan: BTreeMap<String, IterationId>,
}

/// The plan's iterations, each with the id that it has already, and those that are kept; by start.
fn merge(context: &Context<'_>, field: &Field, found: &observation::Field) -> Merged {
    let recorded = made(context, &field.name);
    let is_made = |id: &IterationId| recorded.is_some_and(|made| made.values().any(|it| it == id));
    let mut taken: BTreeSet<&IterationId> = BTreeSet::new();
    let mut merged =
        Merged { wanted: Vec::new(), claims: Vec::new(), dropped: BTreeSet::new(), of_plan: BTreeMap::new() };
    for iteration in &field.iterations {
        let titles = || std::iter::once(&iteration.title).chain(&iteration.renamed_from);
        let by_record = || titles().find_map(|title| recorded?.get(title));
        let is_free =
            |id: &&IterationId| !taken.contains(*id) && found.iterations.iter().any(|it| it.id == **id);
        let by_title = |title: &IterationTitle| {
            let mut same = found.iterations.iter().filter(|it| it.title.same(title)).map(|it| &it.id);
            same.find(is_free)
        };
        let id = by_record()
            .filter(is_free)
            .or_else(|| iteration.renamed_from.iter().find_map(by_title))
            .or_else(|| by_title(&iteration.title));
        if let Some(id) = id {
            taken.insert(id);
            merged.of_plan.insert(fold(iteration.title.as_str()), id.clone());
        }
        if id.is_none_or(is_made) {
            merged.claims.push(iteration.title.clone());
        }
        merged.wanted.push(IterationWrite { id: id.cloned(), ..write(iteration) });
    }
    for iteration in found.iterations.iter().filter(|iteration| !taken.contains(&iteration.id)) {
        let made = is_made(&iteration.id);
        if made && (!iteration.completed || field.iterations.iter().any(|it| overlap(iteration, it))) {
            merged.dropped.insert(iteration.id.clone());
            continue;
        }
        if made {
            merged.claims.push(iteration.title.clone());
        }
        merged.wanted.push(IterationWrite {
            id: Some(iteration.id.clone()),
            title: iteration.title.clone(),
            start: iteration.start,
            duration: iteration.duration,
        });
    }
    merged.wanted.sort_by_key(|iteration| iteration.start);
    merged
}

/// Whether two iterations have a day in common, which GitHub refuses (GitHub docs, "About iteration fields").
fn overlap(found: &observation::Iteration, planned: &Iteration) -> bool {
    let ends =
        |start: Date, duration: u32| start.checked_add(i64::from(duration).days()).unwrap_or(Date::MAX);
    found.start < ends(planned.start, planned.duration) && planned.start < ends(found.start, found.duration)
}

fn made<'c>(
    context: &'c Context<'_>,
    field: &FieldName,
) -> Option<&'c BTreeMap<IterationTitle, IterationId>> {
    context.record()?.made.iterations.get(field)
}

fn members(found: &observation::Field, wanted: &[IterationWrite]) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for iteration in wanted {
        let observed = found.iterations.iter().find(|it| Some(&it.id) == iteration.id.as_ref());
        let old = observed.map_or(Value::Null, |it| shown(&it.title, it.start, it.duration));
        let new = shown(&iteration.title, iteration.start, iteration.duration);
        if old != new {
            members.push(Member { name: format!("iteration:{}", iteration.title), old, new });
        }
    }
    let stays = |id: &IterationId| wanted.iter().any(|it| it.id.as_ref() == Some(id));
    for iteration in found.iterations.iter().filter(|iteration| !stays(&iteration.id)) {
        let old = shown(&iteration.title, iteration.start, iteration.duration);
        members.push(Member { name: format!("iteration:{}", iteration.title), old, new: Value::Null });
    }
    members
}

fn shown(title: &IterationTitle, start: Date, duration: u32) -> Value {
    json!({"title": title, "start": start, "duration": duration})
}
