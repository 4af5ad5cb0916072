//! Options of select fields. They are edited by id, so that an option that stays keeps its values on all items.
//!
//! The plan's options come first, in its order; people's own are kept after them. One that Spectra made and the plan no
//! longer has goes, and where items hold it that is destructive. Where people gave the name of one of the plan's to another
//! option, neither is touched until they decide.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use spectra_model::change::Member;
use spectra_model::id::{FieldName, OptionId, OptionName, fold};
use spectra_model::observation::{self, Value as Held};
use spectra_model::plan::{Colour, Field, SelectOption};
use spectra_model::step::OptionWrite;

use crate::context::Context;
use crate::field::{Edit, is_status};
use crate::loss::Loss;

/// What becomes of a field's options. None where the plan doesn't manage them.
pub(crate) fn edit(
    context: &Context<'_>,
    field: &Field,
    found: &observation::Field,
) -> Option<Edit<OptionWrite, OptionName>> {
    if !field.r#type.has_options() || field.options.is_empty() {
        return None;
    }
    let Merged { wanted, claims, dropped } = merge(context, field, found);
    let same = wanted.iter().map(Wanted::parts).eq(found.options.iter().map(observed));
    if same {
        return Some(Edit { claims, ..Edit::nothing() });
    }
    let mut edit = Edit { members: members(found, &wanted), claims, ..Edit::nothing() };
    let colourless = wanted.iter().find(|option| option.colour.is_none()).map(|option| option.name.clone());
    edit.obstacle = if let Some(name) = colourless {
        Some(format!("option `{name}` has a colour that this version doesn't know, and would lose it"))
    } else if let Some(name) = doubled(&wanted, field.options.len()) {
        Some(format!(
            "people made another option `{name}` of this field: rename or delete that one, or give this one another \
             name"
        ))
    } else if context.observation.features.option_ids {
        None
    } else {
        let loss = Loss::of(context, &found.id, holds_any);
        (!loss.is_nothing()).then(|| {
            format!(
                "this server takes no ids with options, so a change of them would empty the field on every item \
                 ({loss}): change the options in the browser"
            )
        })
    };
    let loss = Loss::of(context, &found.id, |value| dropped.iter().filter(|id| holds(value, id)).count());
    if !dropped.is_empty() && !loss.is_nothing() {
        let names = found.options.iter().filter(|option| dropped.contains(&option.id));
        let names: Vec<String> = names.map(|option| format!("`{}`", option.name)).collect();
        edit.loss = Some(format!("without {} the field loses {loss}", names.join(", ")));
    }
    edit.writes = wanted.into_iter().map(Wanted::write).collect();
    Some(edit)
}

/// The name of an option of people's that one of the plan's is about to be given: GitHub keeps the names of a field's
/// options apart.
fn doubled(wanted: &[Wanted], of_plan: usize) -> Option<&OptionName> {
    let (planned, kept) = wanted.split_at_checked(of_plan)?;
    kept.iter().map(|option| &option.name).find(|name| planned.iter().any(|option| option.name == **name))
}

/// The ids of a field's options by folded name. A name of the plan's means the plan's option, also where people made
/// another one that differs in case only.
pub(crate) fn bindings(
    context: &Context<'_>,
    field: &Field,
    found: &observation::Field,
) -> BTreeMap<String, OptionId> {
    let mut ids: BTreeMap<String, OptionId> =
        found.options.iter().map(|option| (fold(option.name.as_str()), option.id.clone())).collect();
    let of_plan = merge(context, field, found).wanted.into_iter().take(field.options.len());
    ids.extend(of_plan.filter_map(|option| Some((fold(option.name.as_str()), option.id?))));
    ids
}

/// An option as the plan makes it.
pub(crate) fn write(option: &SelectOption) -> OptionWrite {
    OptionWrite {
        id: None,
        name: option.name.clone(),
        colour: option.color,
        description: option.description.clone().unwrap_or_default(),
    }
}

/// An option that the plan makes, as a member of its field.
pub(crate) fn member(option: &SelectOption) -> Member {
    let new = shown(&option.name, Some(option.color), option.description.as_deref().unwrap_or_default());
    Member { name: format!("option:{}", option.name), old: Value::Null, new }
}

/// An option as it shall be.
struct Wanted {
    id: Option<OptionId>,
    name: OptionName,
    /// None where GitHub's colour is newer than this program.
    colour: Option<Colour>,
    description: String,
}

type Parts<'a> = (Option<&'a OptionId>, &'a OptionName, Option<Colour>, &'a str);

impl Wanted {
    fn parts(&self) -> Parts<'_> {
        (self.id.as_ref(), &self.name, self.colour, &self.description)
    }

    fn write(self) -> OptionWrite {
        let Self { id, name, colour, description } = self;
        // Without a colour nothing is written: that is the obstacle.
        OptionWrite { id, name, colour: colour.unwrap_or(Colour::Gray), description }
    }
}

fn observed(option: &observation::SelectOption) -> Parts<'_> {
    (Some(&option.id), &option.name, option.color, &option.description)
}

struct Merged {
    wanted: Vec<Wanted>,
    claims: Vec<OptionName>,
    /// Options that Spectra made and the plan no longer has.
    dropped: BTreeSet<OptionId>,
}

/// The plan's options in its order, each with the id that it has already; then people's own, which are kept.
fn merge(context: &Context<'_>, field: &Field, found: &observation::Field) -> Merged {
    let recorded = made(context, &field.name);
    let mut taken: BTreeSet<&OptionId> = BTreeSet::new();
    let mut merged = Merged { wanted: Vec::new(), claims: Vec::new(), dropped: BTreeSet::new() };
    for option in &field.options {
        let names = || std::iter::once(&option.name).chain(&option.renamed_from);
        let by_record = || names().find_map(|name| recorded?.get(name));
        let by_name = |name: &OptionName| found.options.iter().find(|it| it.name.same(name)).map(|it| &it.id);
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
            merged.claims.push(option.name.clone());
        }
        let kept = observed.map_or_else(String::new, |it| it.description.clone());
        merged.wanted.push(Wanted {
            id: id.cloned(),
            name: option.name.clone(),
            colour: Some(option.color),
            description: option.description.clone().unwrap_or(kept),
        });
    }
    for option in found.options.iter().filter(|option| !taken.contains(&option.id)) {
        if recorded.is_some_and(|made| made.values().any(|id| *id == option.id)) {
            merged.dropped.insert(option.id.clone());
            continue;
        }
        // A new board has exactly the plan's options, not GitHub's own as well, unless someone uses one already.
        let is_githubs = context.board_is_new() && is_status(&field.name);
        if is_githubs && Loss::of(context, &found.id, |it| usize::from(holds(it, &option.id))).is_nothing() {
            continue;
        }
        merged.wanted.push(Wanted {
            id: Some(option.id.clone()),
            name: option.name.clone(),
            colour: option.color,
            description: option.description.clone(),
        });
    }
    merged
}

fn made<'c>(context: &'c Context<'_>, field: &FieldName) -> Option<&'c BTreeMap<OptionName, OptionId>> {
    context.record()?.made.options.get(field)
}

fn holds(value: &Held, option: &OptionId) -> bool {
    match value {
        Held::SingleSelect(id) => id == option,
        Held::MultiSelect(ids) => ids.contains(option),
        Held::Text(_) | Held::Number(_) | Held::Date(_) | Held::Iteration(_) => false,
    }
}

fn holds_any(value: &Held) -> usize {
    match value {
        Held::SingleSelect(_) => 1,
        Held::MultiSelect(ids) => ids.len(),
        Held::Text(_) | Held::Number(_) | Held::Date(_) | Held::Iteration(_) => 0,
    }
}

fn members(found: &observation::Field, wanted: &[Wanted]) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for option in wanted {
        let observed = found.options.iter().find(|it| Some(&it.id) == option.id.as_ref());
        let old = observed.map_or(Value::Null, |it| shown(&it.name, it.color, &it.description));
        let new = shown(&option.name, option.colour, &option.description);
        if old != new {
            members.push(Member { name: format!("option:{}", option.name), old, new });
        }
    }
    let stays =
        |option: &&observation::SelectOption| wanted.iter().any(|it| it.id.as_ref() == Some(&option.id));
    for option in found.options.iter().filter(|option| !stays(option)) {
        let old = shown(&option.name, option.color, &option.description);
        members.push(Member { name: format!("option:{}", option.name), old, new: Value::Null });
    }
    let before: Vec<_> = found.options.iter().filter(stays).map(|option| &option.id).collect();
    let after: Vec<_> = wanted.iter().filter_map(|option| option.id.as_ref()).collect();
    if before != after {
        let old: Vec<_> = found.options.iter().map(|option| &option.name).collect();
        let new: Vec<_> = wanted.iter().map(|option| &option.name).collect();
        members.push(Member { name: "options".to_owned(), old: json!(old), new: json!(new) });
    }
    members
}

fn shown(name: &OptionName, colour: Option<Colour>, description: &str) -> Value {
    let mut shown = json!({"name": name, "color": colour});
    if let (Some(members), false) = (shown.as_object_mut(), description.is_empty()) {
        members.insert("description".to_owned(), json!(description));
    }
    shown
}
