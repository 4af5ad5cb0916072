//! Fields: made, renamed, made anew where their type changed, deleted where the plan dropped them. What becomes of their
//! options and iterations is decided in `option` and `iteration`.
//!
//! Only a field that Spectra made is ever deleted, and where items hold values in it that is destructive.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member, change_id, encode};
use spectra_model::id::{ChangeId, FieldName, NodeId, fold};
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
    // What goes makes room: its name may be another one's from then on.
    let mut changes = retired(context);
    for change in &changes {
        context.announce(change);
    }
    for field in &context.plan.fields {
        let of_field = match find(context, field) {
            Some(found) if found.r#type != Some(field.r#type) => vec![retype(context, field, found)],
            Some(found) => existing(context, field, found),
            None if context.board().is_none() && is_status(&field.name) => status_to_come(context, field),
            None => vec![create(context, field, None)],
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

/// By recorded id, else by a name that it had before, else by name without regard to case. One that the record knows as
/// another field of the plan's is that one, whatever people call it.
pub(crate) fn find<'a>(context: &Context<'a>, field: &Field) -> Option<&'a observation::Field> {
    let fields = &context.board()?.fields;
    let names = || std::iter::once(&field.name).chain(&field.renamed_from);
    let made = context.record().map(|record| &record.made.fields);
    let recorded = names().find_map(|name| {
        let id = made?.get(name)?;
        fields.iter().find(|candidate| candidate.id == *id)
    });
    let is_anothers = |candidate: &observation::Field| {
        let others = context.plan.fields.iter().filter(|other| other.name != field.name);
        let mut known = others.flat_map(|other| std::iter::once(&other.name).chain(&other.renamed_from));
        known.any(|name| made.and_then(|made| made.get(name)) == Some(&candidate.id))
    };
    let by_name = |name: &FieldName| {
        fields.iter().find(|candidate| candidate.name.same(name) && !is_anothers(candidate))
    };
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

fn can_be_made(context: &Context<'_>, field: &Field) -> bool {
    field.r#type != FieldType::MultiSelect || context.observation.features.multi_select
}

fn create(context: &mut Context<'_>, field: &Field, instead_of: Option<&NodeId>) -> Change {
    if !can_be_made(context, field) {
        return blocked(field, "this server has no multi select fields".to_owned());
    }
    let bearer = bearer(context, field, instead_of);
    if let Bearer::Another(reason) = bearer {
        return blocked(field, reason);
    }
    context.bindings.fields.insert(fold(field.name.as_str()), FieldBinding::default());
    let mut change = Change::new(Action::Create, Kind::Field, key(&field.name));
    change.members.push(Member { name: "type".to_owned(), old: Value::Null, new: json!(field.r#type) });
    change.members.extend(field.options.iter().map(option::member));
    change.members.extend(field.iterations.iter().map(iteration::member));
    bearer.make_room(&mut change);
    change.steps.push(Step::CreateField {
        name: field.name.clone(),
        r#type: field.r#type,
        options: field.options.iter().map(option::write).collect(),
        iterations: field.iterations.iter().map(iteration::write).collect(),
    });
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

/// The deletions of fields whose type changes: GitHub can't change a type (`updateProjectV2Field` takes none), so they
/// are made anew, if they are Spectra's.
fn retired(context: &Context<'_>) -> Vec<Change> {
    let retire = |field: &Field| {
        let found = find(context, field).filter(|found| found.r#type != Some(field.r#type))?;
        if !is_made(context, &found.id) || !can_be_made(context, field) {
            return None;
        }
        let mut deleted = delete(context, found, "its type changes, and GitHub can't change a type");
        deleted.key = key(&field.name);
        deleted.id = change_id(Action::Delete, Kind::Field, &deleted.key);
        deleted.members.push(Member { name: "type".to_owned(), old: json!(found.r#type), new: Value::Null });
        Some(deleted)
    };
    context.plan.fields.iter().filter_map(retire).collect()
}

/// A field of another type than the plan's.
fn retype(context: &mut Context<'_>, field: &Field, found: &observation::Field) -> Change {
    if !is_made(context, &found.id) {
        let reason = format!(
            "the board's field `{}` has another type than the plan's, and GitHub can't change a type: rename or \
             delete that field, or give this one another name",
            found.name
        );
        return blocked(field, reason);
    }
    let mut created = create(context, field, Some(&found.id));
    let deleted = change_id(Action::Delete, Kind::Field, &created.key);
    if created.action != Action::Blocked {
        created.requires.push(deleted);
    }
    created
}

fn existing(context: &mut Context<'_>, field: &Field, found: &observation::Field) -> Vec<Change> {
    bind(context, field, found);
    let options = option::edit(context, field, found).unwrap_or_else(Edit::nothing);
    let iterations = iteration::edit(context, field, found).unwrap_or_else(Edit::nothing);
    let mut changes = Vec::new();
    let obstacle = options.obstacle.or(iterations.obstacle);
    let mut change = Change::new(Action::Update, Kind::Field, key(&field.name));
    let mut name = (found.name != field.name && !is_status(&field.name)).then(|| field.name.clone());
    if name.is_some() {
        let member = Member { name: "name".to_owned(), old: json!(found.name), new: json!(field.name) };
        match bearer(context, field, Some(&found.id)) {
            Bearer::Another(reason) => {
                name = None;
                let mut kept = blocked(field, reason);
                kept.members.push(member);
                changes.push(kept);
            }
            bearer @ (Bearer::Nobody | Bearer::OfPlan(_) | Bearer::Leaving(_)) => {
                change.members.push(member);
                bearer.make_room(&mut change);
            }
        }
    }
    let (mut option_writes, mut iteration_writes) = (None, None);
    let members = options.members.into_iter().chain(iterations.members);
    if let Some(reason) = obstacle {
        context.stuck.insert(fold(field.name.as_str()));
        let mut stuck = changes.pop().unwrap_or_else(|| blocked(field, String::new()));
        let reasons = stuck.reason.into_iter().filter(|reason| !reason.is_empty()).chain([reason]);
        stuck.reason = Some(reasons.collect::<Vec<_>>().join("; "));
        stuck.members.extend(members);
        changes.push(stuck);
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
        change.steps.push(Step::UpdateField {
            field: field.name.clone(),
            r#type: field.r#type,
            name,
            options: option_writes,
            iterations: iteration_writes,
            claims: Claims { options: options.claims, iterations: iterations.claims },
        });
        changes.push(change);
    }
    changes
}

/// Which other field bears the name that a field is to get.
enum Bearer {
    /// None, or one that has got another name by then.
    Nobody,
    /// One of the plan's that gets another name only later: with this step it makes room.
    OfPlan(Box<Step>),
    /// One that this change deletes.
    Leaving(ChangeId),
    /// One that keeps it, and what to do about it.
    Another(String),
}

impl Bearer {
    fn make_room(self, change: &mut Change) {
        match self {
            Self::Nobody | Self::Another(_) => {}
            Self::OfPlan(step) => change.steps.push(*step),
            Self::Leaving(deletion) => change.requires.push(deletion),
        }
    }
}

/// GitHub refuses a name that another field of the board has (`Name has already been taken`), also where the two are to
/// change their names with each other.
fn bearer(context: &Context<'_>, field: &Field, own: Option<&NodeId>) -> Bearer {
    let fields = context.board().into_iter().flat_map(|board| &board.fields);
    let mut others = fields.filter(|other| own != Some(&other.id));
    let Some(other) = others.find(|other| other.name.same(&field.name)) else { return Bearer::Nobody };
    let mut of_plan = context.plan.fields.iter();
    let planned = of_plan.find(|it| find(context, it).is_some_and(|found| found.id == other.id));
    let keeps = || {
        Bearer::Another(format!(
            "another field of the board is called `{}`: rename or delete that one, or give this one another name",
            other.name
        ))
    };
    let Some(planned) = planned else { return keeps() };
    if context.does(Action::Delete, Kind::Field, &key(&planned.name)) {
        Bearer::Leaving(change_id(Action::Delete, Kind::Field, &key(&planned.name)))
    } else if !context.pending(Kind::Field, &key(&planned.name)).is_empty() {
        Bearer::Nobody
    } else if is_made(context, &other.id) {
        // By its recorded id it is known again should the run end in between.
        Bearer::OfPlan(Box::new(Step::UpdateField {
            field: planned.name.clone(),
            r#type: planned.r#type,
            name: Some(FieldName::new(format!("{} (being renamed)", planned.name))),
            options: None,
            iterations: None,
            claims: Claims::default(),
        }))
    } else {
        keeps()
    }
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
