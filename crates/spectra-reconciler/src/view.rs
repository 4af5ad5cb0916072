//! Views: made, renamed, filtered, and replaced where GitHub can't change them.
//!
//! GitHub changes a view's name, layout, filter and visible fields over GraphQL; grouping, sorting and columns can be
//! given only when a view is made, over REST (GitHub's schema and OpenAPI description). So a view whose arrangement
//! differs is replaced: the old one gets a name that says so, a new one is made, the old one goes. What people set in it
//! besides goes along, so that is destructive. A view that the author took out of the plan goes without that: it holds
//! nothing of its own.
//!
//! A view that a person arranged otherwise is left, and its arrangement is that person's to put back, unless what loses
//! data is allowed: nobody shall be stopped by it.
//!
//! Where a view could not be given its arrangement when it was made, a replacement couldn't have it either: that is a
//! person's as long as it differs. The order of a view's fields is GitHub's to change, so it is asked for when a view is
//! made and when the plan's order changes, and what became of it is not looked at.
//!
//! GitHub's own first view of a new board is not deleted unseen: it becomes the plan's first view where it can.

mod absent;
mod arrangement;
mod found;
mod order;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::change::{Action, Change, Kind, Member, change_id, encode};
use spectra_model::id::{ChangeId, FieldName, NodeId, ViewName, fold};
use spectra_model::observation;
use spectra_model::plan::{Layout, Sort, View};
use spectra_model::step::{Step, ViewRoute, ViewWrite};

use self::absent::{as_far_as_shown, shown_by_hand};
use self::arrangement::{id_of, is_arranged, names, sorting};
pub use self::found::views_awaited;
pub(crate) use self::found::{FIRST, Views, made};
use self::found::{REPLACED, is_pristine};
pub use self::order::field_order;
use self::order::is_in_order;
use crate::Destructive;
use crate::context::Context;

/// A view's key.
pub(crate) fn key(name: &ViewName) -> String {
    encode(name.as_str())
}

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, view) in context.plan.views.iter().enumerate() {
        let (view, absent) = as_far_as_shown(context, view);
        let view = view.as_ref();
        let mut of_view = match context.views.find(view) {
            Some(found) => {
                context.bindings.views.insert(fold(view.name.as_str()), found.id.clone());
                existing(context, view, found)
            }
            None if context.board().is_none() && index == 0 && !is_arranged(view) => vec![to_come(view)],
            None => create(context, view, &Unmanaged::default()),
        };
        if !absent.is_empty() {
            shown_by_hand(&mut of_view, view, &absent);
        }
        for mut change in of_view {
            change.requires.extend(context.creation(Kind::Project, context.plan.slug.as_str()));
            change.requires.extend(
                fields_of(view).filter_map(|name| context.creation(Kind::Field, &crate::field::key(name))),
            );
            context.announce(&change);
            changes.push(change);
        }
    }
    changes
}

/// Views that go when all of the plan's are there: those that were replaced, that Spectra made and the plan no longer
/// has, and GitHub's first one.
pub(crate) fn dropped(context: &mut Context<'_>) -> Vec<Change> {
    let all = context.plan.views.iter();
    let requires: Vec<_> = all.flat_map(|view| context.pending(Kind::View, &key(&view.name))).collect();
    let mut changes = std::mem::take(&mut context.replaced_views);
    match context.board() {
        None if context.plan.views.first().is_some_and(is_arranged) => {
            let mut change = Change::new(Action::Delete, Kind::View, key(&ViewName::new(FIRST)));
            change.reason = Some(NOT_NEEDED.to_owned());
            changes.push(change);
        }
        None => {}
        Some(board) => {
            let made = context.record().map(|record| record.made.views.clone()).unwrap_or_default();
            let of_plan: BTreeSet<&NodeId> = context.views.found.values().map(|view| &view.id).collect();
            let first = context.views.first.filter(|_| !context.plan.views.is_empty());
            for view in &board.views {
                let reason = if context.views.replaced.iter().any(|it| it.id == view.id) {
                    "an interrupted run was replacing it"
                } else if first.is_some_and(|first| first.id == view.id) {
                    NOT_NEEDED
                } else if made.values().any(|id| *id == view.id) && !of_plan.contains(&view.id) {
                    "no longer in the plan"
                } else {
                    continue;
                };
                changes.push(delete(&view.name, view, reason));
            }
            keep_one(board, &requires, &mut changes);
        }
    }
    for change in &mut changes {
        change.requires.clone_from(&requires);
        change.requires.extend(context.creation(Kind::Project, context.plan.slug.as_str()));
        if !context.observation.features.views && context.board().is_some() {
            as_manual(change);
        }
        context.announce(change);
    }
    changes
}

const NOT_NEEDED: &str = "GitHub's own first view; the plan's views are there";

/// Whether a change takes GitHub's own first view away, which was never among the plan's things.
pub fn is_githubs_own(change: &Change) -> bool {
    change.kind == Kind::View && change.reason.as_deref() == Some(NOT_NEEDED)
}

/// The web offers no way to delete a board's only view, so whether GitHub would is not known: the last one stays.
fn keep_one(board: &observation::Board, made: &[ChangeId], changes: &mut Vec<Change>) {
    let are_made = made.iter().any(|id| id.as_str().starts_with("create:"));
    if are_made || changes.len() < board.views.len() {
        return;
    }
    if changes.last().is_some_and(|last| last.reason.as_deref() == Some(NOT_NEEDED)) {
        changes.pop();
    } else if let Some(last) = changes.last_mut() {
        as_manual(last);
        last.reason =
            Some("no longer in the plan, but the board's only view: give the board another one".to_owned());
    }
}

fn as_manual(change: &mut Change) {
    change.action = Action::Manual;
    change.id = change_id(Action::Manual, Kind::View, &change.key);
    change.steps.clear();
    change.destructive = false;
}

/// GitHub's first view becomes the plan's; its id is known only when the board is there.
fn to_come(view: &View) -> Change {
    let mut change = Change::new(Action::Update, Kind::View, key(&view.name));
    change.members = members_of_new(view);
    if let Some(name) = change.members.first_mut() {
        name.old = json!(FIRST);
    }
    change
}

fn members_of_new(view: &View) -> Vec<Member> {
    let mut members = Vec::new();
    let mut member = |name: &str, new: Value| {
        members.push(Member { name: name.to_owned(), old: Value::Null, new });
    };
    member("name", json!(view.name));
    member("layout", json!(view.layout));
    if let Some(filter) = view.filter.value() {
        member("filter", json!(filter));
    }
    if let Some(fields) = shown_fields(view) {
        member("fields", json!(fields));
    }
    members.extend(arrangement(view));
    members
}

fn arrangement(view: &View) -> Vec<Member> {
    let wanted = [
        ("groupBy", view.group_by.value().map(|field| json!(field))),
        ("columnBy", view.column_by.value().map(|field| json!(field))),
        ("sortBy", view.sort_by.value().map(|sort| json!(sort))),
    ];
    let member = |(name, new): (&str, Option<Value>)| {
        Some(Member { name: name.to_owned(), old: Value::Null, new: new? })
    };
    wanted.into_iter().filter_map(member).collect()
}

/// The fields that the plan wants shown. GitHub: "Roadmap views do not support visible fields."
fn shown_fields(view: &View) -> Option<&Vec<FieldName>> {
    match view.layout {
        Layout::Roadmap => None,
        Layout::Table | Layout::Board => view.fields.as_ref(),
    }
}

fn fields_of(view: &View) -> impl Iterator<Item = &FieldName> {
    let sorted = view.sort_by.value().into_iter().flatten().map(|sort| &sort.field);
    let shown = shown_fields(view).into_iter().flatten();
    view.group_by.value().into_iter().chain(view.column_by.value()).chain(sorted).chain(shown)
}

/// What the plan doesn't say of a view that is replaced: it is taken over from the old one.
#[derive(Debug, Default)]
struct Unmanaged {
    filter: Option<String>,
    fields: Option<Vec<FieldName>>,
    group_by: Option<FieldName>,
    column_by: Option<FieldName>,
    sort_by: Vec<Sort>,
}

fn create(context: &Context<'_>, view: &View, old: &Unmanaged) -> Vec<Change> {
    if let Some(change) = without_fields(context, view) {
        return vec![change];
    }
    let features = context.observation.features;
    let route = if features.rest_views {
        ViewRoute::Rest
    } else if features.views {
        ViewRoute::GraphQl
    } else {
        return vec![blocked(view, "this server has no views that a program can make".to_owned())];
    };
    let setting = |setting: &Setting<FieldName>, old: &Option<FieldName>| match setting {
        Setting::Unmanaged => old.clone(),
        Setting::Clear => None,
        Setting::Set(field) => Some(field.clone()),
    };
    let fields = match view.layout {
        Layout::Roadmap => None,
        Layout::Table | Layout::Board => view.fields.clone().or_else(|| old.fields.clone()),
    };
    let write = ViewWrite {
        name: view.name.clone(),
        layout: view.layout,
        filter: match &view.filter {
            Setting::Unmanaged => old.filter.clone(),
            Setting::Clear => None,
            Setting::Set(filter) => Some(filter.clone()).filter(|filter| !filter.is_empty()),
        },
        fields,
        group_by: setting(&view.group_by, &old.group_by),
        column_by: setting(&view.column_by, &old.column_by),
        sort_by: match &view.sort_by {
            Setting::Unmanaged => old.sort_by.clone(),
            Setting::Clear => Vec::new(),
            Setting::Set(sort) => sort.clone(),
        },
    };
    let mut change = Change::new(Action::Create, Kind::View, key(&view.name));
    change.members = members_of_new(view);
    let arranged = arrangement(view);
    let mut manual = None;
    if route == ViewRoute::GraphQl && !arranged.is_empty() {
        change.members.retain(|member| !arranged.contains(member));
        manual = Some(by_hand(view, arranged, NO_REST));
    }
    change.steps = vec![Step::CreateView { view: write, route }];
    std::iter::once(change).chain(manual).collect()
}

const NO_REST: &str = "grouping, sorting and columns can be given over REST only, which this board can't have with this \
                       token: set them in the browser";
const NO_WAY: &str = "GitHub made this view without the grouping, sorting or columns that were asked for: set them in the \
                      browser, or delete the view and apply again";
const BY_PEOPLE: &str = "someone changed the grouping, sorting or columns, and GitHub can't change them back: set them in the \
                         browser, or apply with --allow-destructive to have the view made anew";
const NOT_OURS: &str = "GitHub can't change the grouping, sorting or columns of a view, and Spectra didn't make this one: set them in the \
     browser, or delete the view and apply again";

fn by_hand(view: &View, members: Vec<Member>, reason: &str) -> Change {
    let mut change = Change::new(Action::Manual, Kind::View, key(&view.name));
    change.members = members;
    change.reason = Some(reason.to_owned());
    change
}

fn blocked(view: &View, reason: String) -> Change {
    let mut change = Change::new(Action::Blocked, Kind::View, key(&view.name));
    change.reason = Some(reason);
    change
}

/// A view that names a field which the board hasn't got and doesn't get.
fn without_fields(context: &Context<'_>, view: &View) -> Option<Change> {
    let missing = fields_of(view).find(|name| absent::is_missing(context, name))?;
    let board = if context.board().is_some() { "this board" } else { "a new board" };
    Some(blocked(view, format!("it names field `{missing}`, which {board} doesn't have")))
}

fn existing(context: &mut Context<'_>, view: &View, found: &observation::View) -> Vec<Change> {
    if let Some(change) = without_fields(context, view) {
        return vec![change];
    }
    let arrangement = arrangement::diff(context, view, found);
    let features = context.observation.features;
    let made = context.record().map(|record| &record.made);
    let is_made = made.is_some_and(|made| made.views.values().any(|id| *id == found.id));
    let is_unarranged = made.is_some_and(|made| made.unarranged.contains(&view.name));
    let arranged = arrangement::short(view, |name| id_of(context, name));
    let is_by_people = made.is_some_and(|made| made.arranged.get(&view.name) == Some(&arranged));
    let is_left = is_by_people && context.options.destructive == Destructive::Refuse;
    let can_be_replaced = is_made && !is_unarranged && !is_left && features.rest_views && features.views;
    if !arrangement.is_empty() && can_be_replaced {
        return replace(context, view, found, arrangement);
    }
    let mut changes = Vec::new();
    let (members, step) = update(context, view, found);
    if !members.is_empty() {
        if features.views {
            let mut change = Change::new(Action::Update, Kind::View, key(&view.name));
            change.members = members;
            change.steps = vec![step];
            changes.push(change);
        } else {
            let reason = "this server has no way to change a view by program: change it in the browser";
            return vec![by_hand(view, members.into_iter().chain(arrangement).collect(), reason)];
        }
    }
    if !arrangement.is_empty() {
        let reason = if !is_made {
            NOT_OURS
        } else if !features.rest_views {
            NO_REST
        } else if is_unarranged {
            NO_WAY
        } else {
            BY_PEOPLE
        };
        changes.push(by_hand(view, arrangement, reason));
    }
    changes
}

fn update(context: &Context<'_>, view: &View, found: &observation::View) -> (Vec<Member>, Step) {
    let mut members = Vec::new();
    let mut differs = |name: &str, old: Value, new: Value| {
        let differs = old != new;
        if differs {
            members.push(Member { name: name.to_owned(), old, new });
        }
        differs
    };
    let name = differs("name", json!(found.name), json!(view.name)).then(|| view.name.clone());
    let layout = differs("layout", json!(found.layout), json!(view.layout)).then_some(view.layout);
    let filter = match &view.filter {
        Setting::Unmanaged => None,
        Setting::Clear => Some(String::new()),
        Setting::Set(filter) => Some(filter.clone()),
    };
    let filter = filter.filter(|filter| differs("filter", json!(found.filter), json!(filter)));
    let is_as_planned =
        |fields: &[FieldName]| shows(context, fields, found) && is_in_order(context, view, fields, found);
    let fields = shown_fields(view).filter(|fields| !is_as_planned(fields)).cloned();
    if let Some(fields) = &fields {
        differs("fields", json!(names(context, &found.fields)), json!(fields));
    }
    (members, Step::UpdateView { view: view.name.clone(), name, layout, filter, fields })
}

/// Whether a view shows these fields, in whatever order; and a view shows the title whether or not it is asked for.
fn shows(context: &Context<'_>, fields: &[FieldName], found: &observation::View) -> bool {
    let title = id_of(context, &FieldName::new("Title"));
    let wanted: Option<BTreeSet<&NodeId>> = fields.iter().map(|name| id_of(context, name)).collect();
    let shown: BTreeSet<&NodeId> = found.fields.iter().collect();
    wanted.is_some_and(|mut wanted| {
        wanted.extend(title.filter(|title| shown.contains(title)));
        wanted == shown
    })
}

/// The old one gets another name, the new one is made, the old one goes: so the board is never without a view, and a run
/// that ends in between leaves a name that says what was under way.
fn replace(
    context: &mut Context<'_>,
    view: &View,
    found: &observation::View,
    arrangement: Vec<Member>,
) -> Vec<Change> {
    let aside = ViewName::new(format!("{}{REPLACED}", found.name));
    let mut renamed = Change::new(Action::Update, Kind::View, key(&view.name));
    renamed.members = vec![Member { name: "name".to_owned(), old: json!(found.name), new: json!(aside) }];
    renamed.steps = vec![Step::UpdateView {
        view: view.name.clone(),
        name: Some(aside),
        layout: None,
        filter: None,
        fields: None,
    }];
    let old = Unmanaged {
        filter: Some(found.filter.clone()).filter(|filter| !filter.is_empty()),
        fields: (found.layout != Some(Layout::Roadmap)).then(|| names(context, &found.fields)),
        group_by: names(context, &found.group_by).into_iter().next(),
        column_by: names(context, &found.column_by).into_iter().next(),
        sort_by: sorting(context, found),
    };
    let mut changes = create(context, view, &old);
    for change in &mut changes {
        change.requires.push(renamed.id.clone());
    }
    let mut deleted =
        delete(&view.name, found, "GitHub can't change the grouping, sorting or columns of a view");
    if !is_pristine(found) {
        deleted.destructive = true;
        deleted.reason = Some(
            "GitHub can't change the grouping, sorting or columns of a view, so 1 view is made anew; what people set \
             in the old one besides is lost"
                .to_owned(),
        );
    }
    deleted.members = arrangement;
    context.replaced_views.push(deleted);
    changes.insert(0, renamed);
    changes
}

fn delete(name: &ViewName, found: &observation::View, reason: &str) -> Change {
    let mut change = Change::new(Action::Delete, Kind::View, key(name));
    change.reason = Some(reason.to_owned());
    change.steps = vec![Step::DeleteView { id: found.id.clone(), name: found.name.clone() }];
    change
}
