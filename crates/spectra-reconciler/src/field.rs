//! Fields: made, renamed, made anew where their type changed, deleted where the plan dropped them. What becomes of their
//! options and iterations is decided in `option` and `iteration`.
//!
//! Only a field that Spectra made is ever deleted, and where items hold values in it that is destructive.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member, encode};
use spectra_model::id::{FieldName, NodeId, fold};
use spectra_model::limits;
use spectra_model::observation;
use spectra_model::plan::{Field, FieldType};
use spectra_model::step::{Claims, FieldBinding, Step};

use crate::context::Context;
use crate::loss::Loss;
use crate::{iteration, option};

/// A field's key.
pub(crate) fn key(name: &FieldName) -> String {
    encode(name.as_str())
}

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in &context.plan.fields {
        let of_field = match find(context, field) {
            Some(found) if found.r#type != Some(field.r#type) => retype(context, field, found),
            Some(found) => existing(context, field, found),
            None if context.board().is_none() && is_status(&field.name) => status_to_come(context, field),
            None => vec![create(context, field)],
        };
        for mut change in of_field {
            change.requires.extend(context.creation(Kind::Project, context.plan.slug.as_str()));
            context.announce(&change);
            changes.push(change);
        }
    }
    bind_others(context);
    changes
}

/// Fields that Spectra made and the plan no longer has. Archived items and drafts count as holders of values, and so do
/// people's views that are arranged by the field.
pub(crate) fn dropped(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for found in dropped_fields(context) {
        let mut change = delete(context, found, "no longer in the plan");
        let arranged = arranged_by(context, &found.id);
        if !arranged.is_empty() {
            change.destructive = true;
            let reason = change.reason.unwrap_or_default();
            change.reason =
                Some(format!("{reason}; views that are arranged by it lose that: {}", arranged.join(", ")));
        }
        context.announce(&change);
        changes.push(change);
    }
    changes
}

pub(crate) fn is_status(name: &FieldName) -> bool {
    name.same(&FieldName::new(limits::STATUS))
}

/// By recorded id, else by a name that it had before, else by name without regard to case.
pub(crate) fn find<'a>(context: &Context<'a>, field: &Field) -> Option<&'a observation::Field> {
    let fields = &context.board()?.fields;
    let names = || std::iter::once(&field.name).chain(&field.renamed_from);
    let made = context.record().map(|record| &record.made.fields);
    let recorded = names().find_map(|name| {
        let id = made?.get(name)?;
        fields.iter().find(|candidate| candidate.id == *id)
    });
    let by_name = |name: &FieldName| fields.iter().find(|candidate| candidate.name.same(name));
    recorded.or_else(|| field.renamed_from.iter().find_map(by_name)).or_else(|| by_name(&field.name))
}

/// What becomes of a field's options or iterations.
pub(crate) struct Edit<W, N> {
    /// All of them as they shall be; empty where they are so already.
    pub(crate) writes: Vec<W>,
    pub(crate) members: Vec<Member>,
    /// Those that count as made by Spectra from then on.
    pub(crate) claims: Vec<N>,
    /// What is lost by it.
    pub(crate) loss: Option<String>,
    /// Why it can't be written.
    pub(crate) obstacle: Option<String>,
}

impl<W, N> Edit<W, N> {
    pub(crate) fn nothing() -> Self {
        Self { writes: Vec::new(), members: Vec::new(), claims: Vec::new(), loss: None, obstacle: None }
    }
}

fn create(context: &mut Context<'_>, field: &Field) -> Change {
    if field.r#type == FieldType::MultiSelect && !context.observation.features.multi_select {
        return blocked(field, "this server has no multi select fields".to_owned());
    }
    context.bindings.fields.insert(fold(field.name.as_str()), FieldBinding::default());
    let mut change = Change::new(Action::Create, Kind::Field, key(&field.name));
    change.members.push(Member { name: "type".to_owned(), old: Value::Null, new: json!(field.r#type) });
    change.members.extend(field.options.iter().map(option::member));
    change.members.extend(field.iterations.iter().map(iteration::member));
    change.steps = vec![Step::CreateField {
        name: field.name.clone(),
        r#type: field.r#type,
        options: field.options.iter().map(option::write).collect(),
        iterations: field.iterations.iter().map(iteration::write).collect(),
    }];
    change
}

/// GitHub makes Status with the board, so its options' ids are known only then: the steps are decided when the board
/// is there.
fn status_to_come(context: &mut Context<'_>, field: &Field) -> Vec<Change> {
    context.bindings.fields.insert(fold(field.name.as_str()), FieldBinding::default());
    if field.options.is_empty() {
        return Vec::new();
    }
    let mut change = Change::new(Action::Update, Kind::Field, key(&field.name));
    change.members = field.options.iter().map(option::member).collect();
    vec![change]
}

/// A field of another type than the plan's. GitHub can't change a type (`updateProjectV2Field` takes none), so the field
/// is deleted and made anew, if it is Spectra's.
fn retype(context: &mut Context<'_>, field: &Field, found: &observation::Field) -> Vec<Change> {
    if !is_made(context, &found.id) {
        let reason = format!(
            "the board's field `{}` has another type than the plan's, and GitHub can't change a type: rename or \
             delete that field, or give this one another name",
            found.name
        );
        return vec![blocked(field, reason)];
    }
    let created = create(context, field);
    if created.action == Action::Blocked {
        return vec![created];
    }
    let mut deleted = delete(context, found, "its type changes, and GitHub can't change a type");
    deleted.id = spectra_model::change::change_id(Action::Delete, Kind::Field, &created.key);
    deleted.key.clone_from(&created.key);
    deleted.members.push(Member { name: "type".to_owned(), old: json!(found.r#type), new: Value::Null });
    let mut created = created;
    created.requires.push(deleted.id.clone());
    vec![deleted, created]
}

fn existing(context: &mut Context<'_>, field: &Field, found: &observation::Field) -> Vec<Change> {
    bind(context, field, found);
    let options = option::edit(context, field, found).unwrap_or_else(Edit::nothing);
    let iterations = iteration::edit(context, field, found).unwrap_or_else(Edit::nothing);
    let mut changes = Vec::new();
    let obstacle = options.obstacle.or(iterations.obstacle);
    let mut change = Change::new(Action::Update, Kind::Field, key(&field.name));
    let name = (found.name != field.name && !is_status(&field.name)).then(|| field.name.clone());
    if name.is_some() {
        change.members.push(Member {
            name: "name".to_owned(),
            old: json!(found.name),
            new: json!(field.name),
        });
    }
    let (mut option_writes, mut iteration_writes) = (None, None);
    let members = options.members.into_iter().chain(iterations.members);
    if let Some(reason) = obstacle {
        context.stuck.insert(fold(field.name.as_str()));
        let mut blocked = blocked(field, reason);
        blocked.members.extend(members);
        changes.push(blocked);
    } else {
        change.members.extend(members);
        option_writes = Some(options.writes).filter(|writes| !writes.is_empty());
        iteration_writes = Some(iterations.writes).filter(|writes| !writes.is_empty());
        let losses: Vec<String> = options.loss.into_iter().chain(iterations.loss).collect();
        if !losses.is_empty() {
            change.destructive = true;
            change.reason = Some(losses.join("; "));
        }
    }
    if name.is_some() || option_writes.is_some() || iteration_writes.is_some() {
        change.steps = vec![Step::UpdateField {
            field: field.name.clone(),
            r#type: field.r#type,
            name,
            options: option_writes,
            iterations: iteration_writes,
            claims: Claims { options: options.claims, iterations: iterations.claims },
        }];
        changes.push(change);
    }
    changes
}

fn delete(context: &Context<'_>, found: &observation::Field, because: &str) -> Change {
    let mut change = Change::new(Action::Delete, Kind::Field, key(&found.name));
    let mut reason = because.to_owned();
    let loss = Loss::of(context, &found.id, |_| 1);
    if !loss.is_nothing() {
        change.destructive = true;
        reason = format!("{reason}; it holds {loss}");
    }
    let theirs = theirs(context, found);
    if !theirs.is_empty() {
        change.destructive = true;
        reason = format!("{reason}; what people added to it is lost: {}", theirs.join(", "));
    }
    change.reason = Some(reason);
    change.steps = vec![Step::DeleteField { id: found.id.clone(), name: found.name.clone() }];
    change
}

fn blocked(field: &Field, reason: String) -> Change {
    let mut change = Change::new(Action::Blocked, Kind::Field, key(&field.name));
    change.reason = Some(reason);
    change
}

fn is_made(context: &Context<'_>, id: &NodeId) -> bool {
    context.record().is_some_and(|record| record.made.fields.values().any(|made| made == id))
}

fn dropped_fields<'a>(context: &Context<'a>) -> Vec<&'a observation::Field> {
    let of_plan: BTreeSet<&NodeId> =
        context.plan.fields.iter().filter_map(|field| find(context, field)).map(|found| &found.id).collect();
    let fields = context.board().into_iter().flat_map(|board| &board.fields);
    fields.filter(|field| is_made(context, &field.id) && !of_plan.contains(&field.id)).collect()
}

/// The options and iterations of a field that Spectra didn't make.
fn theirs(context: &Context<'_>, found: &observation::Field) -> Vec<String> {
    let Some(made) = context.record().map(|record| &record.made) else { return Vec::new() };
    let name = made.fields.iter().find(|(_, id)| **id == found.id).map(|(name, _)| name);
    let options = name.and_then(|name| made.options.get(name));
    let iterations = name.and_then(|name| made.iterations.get(name));
    let options = found
        .options
        .iter()
        .filter(|option| !options.is_some_and(|made| made.values().any(|id| *id == option.id)));
    let iterations = found
        .iterations
        .iter()
        .filter(|iteration| !iterations.is_some_and(|made| made.values().any(|id| *id == iteration.id)));
    let options = options.map(|option| format!("`{}`", option.name));
    options.chain(iterations.map(|iteration| format!("`{}`", iteration.title))).collect()
}

/// Views that people made and that are grouped, sorted or split into columns by the field.
fn arranged_by(context: &Context<'_>, field: &NodeId) -> Vec<String> {
    let made = context.record().map(|record| &record.made.views);
    let is_theirs =
        |view: &&observation::View| !made.is_some_and(|made| made.values().any(|id| *id == view.id));
    let views = context.board().into_iter().flat_map(|board| &board.views).filter(is_theirs);
    let uses = |view: &&observation::View| {
        view.group_by.contains(field)
            || view.column_by.contains(field)
            || view.sort_by.iter().any(|sort| sort.field == *field)
    };
    views.filter(uses).map(|view| format!("`{}`", view.name)).collect()
}

fn bind(context: &mut Context<'_>, field: &Field, found: &observation::Field) {
    let binding = FieldBinding {
        id: Some(found.id.clone()),
        database_id: found.database_id,
        options: option::bindings(context, field, found),
        iterations: iteration::bindings(context, field, found),
    };
    context.bindings.fields.insert(fold(field.name.as_str()), binding);
}

/// Views name fields that the plan doesn't have, the built-in ones: they are bound under GitHub's names. A name of the
/// plan's means the plan's field, also where that one can't be had.
fn bind_others(context: &mut Context<'_>) {
    let going: BTreeSet<&NodeId> = dropped_fields(context).into_iter().map(|field| &field.id).collect();
    for found in context.board().into_iter().flat_map(|board| &board.fields) {
        let name = fold(found.name.as_str());
        if going.contains(&found.id) || context.fields.contains_key(&name) {
            continue;
        }
        if context.bindings.fields.values().any(|binding| binding.id.as_ref() == Some(&found.id)) {
            continue;
        }
        let binding = FieldBinding {
            id: Some(found.id.clone()),
            database_id: found.database_id,
            ..FieldBinding::default()
        };
        context.bindings.fields.insert(name, binding);
    }
}
