//! Fields and their options. Options are edited by id, so that an option that stays keeps its values on all items.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member, encode};
use spectra_model::id::{FieldName, NodeId, OptionId, OptionName, fold};
use spectra_model::limits;
use spectra_model::observation;
use spectra_model::plan::{Colour, Field, FieldType, SelectOption};
use spectra_model::step::{FieldBinding, OptionWrite, Step};

use crate::context::Context;

/// A field's key.
pub(crate) fn key(name: &FieldName) -> String {
    encode(name.as_str())
}

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in &context.plan.fields {
        let of_field = match find(context, field) {
            Some(found) => existing(context, field, found),
            None if context.board().is_none() && is_status(&field.name) => status_to_come(field),
            None => Some(create(context, field)),
        };
        if let Some(mut change) = of_field {
            change.requires.extend(context.creation(Kind::Project, context.plan.slug.as_str()));
            context.announce(&change);
            changes.push(change);
        }
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

fn create(context: &mut Context<'_>, field: &Field) -> Change {
    context.bindings.fields.insert(fold(field.name.as_str()), FieldBinding::default());
    let mut change = Change::new(Action::Create, Kind::Field, key(&field.name));
    change.members.push(Member { name: "type".to_owned(), old: Value::Null, new: json!(field.r#type) });
    change.members.extend(field.options.iter().map(member));
    change.steps = vec![Step::CreateField {
        name: field.name.clone(),
        r#type: field.r#type,
        options: field.options.iter().map(|option| write(option, None)).collect(),
    }];
    change
}

/// GitHub makes Status with the board, so its options' ids are known only then: the steps are decided when the board
/// is there.
fn status_to_come(field: &Field) -> Option<Change> {
    if field.options.is_empty() {
        return None;
    }
    let mut change = Change::new(Action::Update, Kind::Field, key(&field.name));
    change.members = field.options.iter().map(member).collect();
    Some(change)
}

fn existing(context: &mut Context<'_>, field: &Field, found: &observation::Field) -> Option<Change> {
    if found.r#type != Some(field.r#type) {
        return Some(blocked(
            field,
            format!(
                "the board's field `{}` has another type than the plan's, and GitHub can't change a type: rename or \
                 delete that field, or give this one another name",
                found.name
            ),
        ));
    }
    let merged = merge(context, field, found);
    bind(context, field, &found.id, &merged);
    let options = match merged {
        Merged::NotSelect => None,
        Merged::UnknownColour(name) => {
            return Some(blocked(
                field,
                format!("option `{name}` has a colour that this version doesn't know, and would lose it"),
            ));
        }
        Merged::Options(options) => Some(options),
    };
    let mut change = Change::new(Action::Update, Kind::Field, key(&field.name));
    let rename = (found.name != field.name && !is_status(&field.name)).then(|| field.name.clone());
    if rename.is_some() {
        change.members.push(Member {
            name: "name".to_owned(),
            old: json!(found.name),
            new: json!(field.name),
        });
    }
    let (writes, claims, held) = options.map_or((None, Vec::new(), Vec::new()), |options| {
        change.members.extend(option_members(found, &options.writes));
        let differs = options.writes.iter().map(as_held).ne(found.options.iter().map(as_observed));
        (differs.then_some(options.writes), options.claims, options.held)
    });
    if !held.is_empty() {
        change.reason = Some(format!(
            "no longer in the plan, yet kept because items hold them: {}; move those items and apply again",
            held.join(", ")
        ));
    }
    match (rename, writes) {
        (None, None) if held.is_empty() => None,
        (None, None) => Some(Change {
            id: spectra_model::change::change_id(Action::Manual, Kind::Field, &change.key),
            action: Action::Manual,
            ..change
        }),
        (name, options) => {
            change.steps = vec![Step::UpdateField { field: field.name.clone(), name, options, claims }];
            Some(change)
        }
    }
}

fn blocked(field: &Field, reason: String) -> Change {
    let mut change = Change::new(Action::Blocked, Kind::Field, key(&field.name));
    change.reason = Some(reason);
    change
}

/// The options as they shall be written.
struct Options {
    writes: Vec<OptionWrite>,
    claims: Vec<OptionName>,
    /// Options that Spectra made, that the plan dropped, and that items still hold.
    held: Vec<String>,
}

enum Merged {
    NotSelect,
    UnknownColour(OptionName),
    Options(Options),
}

/// The plan's options in its order, each with the id that it has already; then people's own, which are kept.
fn merge(context: &Context<'_>, field: &Field, found: &observation::Field) -> Merged {
    if field.r#type != FieldType::SingleSelect || field.options.is_empty() {
        return Merged::NotSelect;
    }
    let recorded = context.record().map(|record| &record.made.options).and_then(|made| made.get(&field.name));
    let mut taken: BTreeSet<&OptionId> = BTreeSet::new();
    let mut writes = Vec::new();
    let mut claims = Vec::new();
    for option in &field.options {
        let names = || std::iter::once(&option.name).chain(&option.renamed_from);
        let by_record = || names().find_map(|name| recorded?.get(name));
        let by_name = |name: &OptionName| {
            found.options.iter().find(|it| fold(it.name.as_str()) == fold(name.as_str())).map(|it| &it.id)
        };
        let is_free = |id: &&OptionId| !taken.contains(*id) && found.options.iter().any(|it| it.id == **id);
        let id = by_record()
            .filter(is_free)
            .or_else(|| option.renamed_from.iter().filter_map(by_name).find(is_free))
            .or_else(|| by_name(&option.name).filter(is_free));
        if let Some(id) = id {
            taken.insert(id);
        }
        let observed = found.options.iter().find(|it| Some(&it.id) == id);
        let known = recorded.is_some_and(|made| id.is_some_and(|id| made.values().any(|it| it == id)));
        if id.is_none() || known || context.board_is_new() {
            claims.push(option.name.clone());
        }
        writes.push(write(option, observed));
    }
    let mut held = Vec::new();
    for option in found.options.iter().filter(|option| !taken.contains(&option.id)) {
        let made = recorded.is_some_and(|made| made.values().any(|id| *id == option.id));
        let is_held = is_held(context, &found.id, &option.id);
        if (made || context.board_is_new()) && !is_held {
            continue;
        }
        if made {
            held.push(format!("`{}`", option.name));
            claims.push(option.name.clone());
        }
        let Some(colour) = option.color else { return Merged::UnknownColour(option.name.clone()) };
        writes.push(OptionWrite {
            id: Some(option.id.clone()),
            name: option.name.clone(),
            colour,
            description: option.description.clone(),
        });
    }
    Merged::Options(Options { writes, claims, held })
}

/// Whether an item holds the option, as far as can be known: items whose values aren't seen may.
fn is_held(context: &Context<'_>, field: &NodeId, option: &OptionId) -> bool {
    let holds = observation::Value::SingleSelect(option.clone());
    let unseen = context.board().is_some_and(|board| board.other_items > 0);
    unseen
        || context
            .observation
            .issues
            .iter()
            .filter_map(|issue| issue.item.as_ref())
            .any(|item| item.values.get(field) == Some(&holds))
}

fn bind(context: &mut Context<'_>, field: &Field, id: &NodeId, merged: &Merged) {
    let options = match merged {
        Merged::Options(options) => options
            .writes
            .iter()
            .filter_map(|option| Some((fold(option.name.as_str()), option.id.clone()?)))
            .collect(),
        Merged::NotSelect | Merged::UnknownColour(_) => std::collections::BTreeMap::new(),
    };
    let binding = FieldBinding { id: Some(id.clone()), options };
    context.bindings.fields.insert(fold(field.name.as_str()), binding);
}

fn write(option: &SelectOption, observed: Option<&observation::SelectOption>) -> OptionWrite {
    let kept = observed.map_or_else(String::new, |it| it.description.clone());
    OptionWrite {
        id: observed.map(|it| it.id.clone()),
        name: option.name.clone(),
        colour: option.color,
        description: option.description.clone().unwrap_or(kept),
    }
}

type Parts<'a> = (Option<&'a OptionId>, &'a OptionName, Option<Colour>, &'a str);

fn as_held(option: &OptionWrite) -> Parts<'_> {
    (option.id.as_ref(), &option.name, Some(option.colour), &option.description)
}

fn as_observed(option: &observation::SelectOption) -> Parts<'_> {
    (Some(&option.id), &option.name, option.color, &option.description)
}

fn option_members(found: &observation::Field, writes: &[OptionWrite]) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for option in writes {
        let observed = found.options.iter().find(|it| Some(&it.id) == option.id.as_ref());
        let old = observed.map_or(Value::Null, |it| shown(&it.name, it.color, &it.description));
        let new = shown(&option.name, Some(option.colour), &option.description);
        if old != new {
            members.push(Member { name: format!("option:{}", option.name), old, new });
        }
    }
    let kept =
        |option: &&observation::SelectOption| writes.iter().any(|it| it.id.as_ref() == Some(&option.id));
    for option in found.options.iter().filter(|option| !kept(option)) {
        let old = shown(&option.name, option.color, &option.description);
        members.push(Member { name: format!("option:{}", option.name), old, new: Value::Null });
    }
    let before: Vec<_> = found.options.iter().filter(kept).map(|option| &option.id).collect();
    let after: Vec<_> = writes.iter().filter_map(|option| option.id.as_ref()).collect();
    if before != after {
        let old: Vec<_> = found.options.iter().map(|option| &option.name).collect();
        let new: Vec<_> = writes.iter().map(|option| &option.name).collect();
        members.push(Member { name: "options".to_owned(), old: json!(old), new: json!(new) });
    }
    members
}

fn member(option: &SelectOption) -> Member {
    let new = shown(&option.name, Some(option.color), option.description.as_deref().unwrap_or_default());
    Member { name: format!("option:{}", option.name), old: Value::Null, new }
}

fn shown(name: &OptionName, colour: Option<Colour>, description: &str) -> Value {
    let mut shown = json!({"name": name, "color": colour});
    if let (Some(members), false) = (shown.as_object_mut(), description.is_empty()) {
        members.insert("description".to_owned(), json!(description));
    }
    shown
}
