//! How a view is arranged: grouping, sorting and columns. GitHub can't change them once the view is there.
//!
//! The record keeps with which arrangement of the plan's a view was last seen. Where the plan still wants that one and the
//! view has another, a person changed it.

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::change::Member;
use spectra_model::id::{FieldName, NodeId, fold};
use spectra_model::json::sha256;
use spectra_model::observation::{self, Board};
use spectra_model::plan::{Direction, Layout, Sort, View};

use crate::context::Context;

/// Whether the plan says something of the view that only REST can do.
pub(super) fn is_arranged(view: &View) -> bool {
    let View { group_by, sort_by, column_by, .. } = view;
    !(group_by.is_unmanaged() && sort_by.is_unmanaged() && column_by.is_unmanaged())
}

/// The members of a view's arrangement that differ and that GitHub can't change.
pub(super) fn diff(context: &Context<'_>, view: &View, found: &observation::View) -> Vec<Member> {
    let mut members = Vec::new();
    let mut member = |name: &str, old: Value, new: Value| {
        members.push(Member { name: name.to_owned(), old, new });
    };
    let is = |field: &FieldName, ids: &[NodeId]| match ids {
        [id] => id_of(context, field) == Some(id),
        _ => false,
    };
    let by = |ids: &[NodeId]| match names(context, ids).as_slice() {
        [] => Value::Null,
        [one] => json!(one),
        several => json!(several),
    };
    match &view.group_by {
        Setting::Set(field) if !is(field, &found.group_by) => {
            member("groupBy", by(&found.group_by), json!(field));
        }
        Setting::Clear if !found.group_by.is_empty() => member("groupBy", by(&found.group_by), Value::Null),
        Setting::Unmanaged | Setting::Clear | Setting::Set(_) => {}
    }
    match &view.column_by {
        Setting::Set(field) if !is(field, &found.column_by) => {
            member("columnBy", by(&found.column_by), json!(field));
        }
        // A board has columns, whatever they are.
        Setting::Clear if !found.column_by.is_empty() && view.layout != Layout::Board => {
            member("columnBy", by(&found.column_by), Value::Null);
        }
        Setting::Unmanaged | Setting::Clear | Setting::Set(_) => {}
    }
    let wanted: Option<&[Sort]> = match &view.sort_by {
        Setting::Unmanaged => None,
        Setting::Clear => Some(&[]),
        Setting::Set(sort) => Some(sort),
    };
    if let Some(wanted) = wanted {
        let is: Vec<(Option<&NodeId>, Direction)> =
            found.sort_by.iter().map(|sort| (Some(&sort.field), sort.direction)).collect();
        let shall: Vec<(Option<&NodeId>, Direction)> =
            wanted.iter().map(|sort| (id_of(context, &sort.field), sort.direction)).collect();
        if is != shall {
            let old = if found.sort_by.is_empty() { Value::Null } else { json!(sorting(context, found)) };
            let new = if wanted.is_empty() { Value::Null } else { json!(wanted) };
            member("sortBy", old, new);
        }
    }
    members
}

/// What the plan says of a view's arrangement, as the record keeps it.
pub(super) fn short(view: &View) -> String {
    let line = serde_json::json!([view.group_by, view.column_by, view.sort_by]).to_string();
    sha256(fold(&line).as_bytes()).chars().take(8).collect()
}

/// Whether a view is arranged as the plan says, by the names that its fields have now.
pub(super) fn is_as_planned(board: &Board, view: &View, found: &observation::View) -> bool {
    let has = |id: &NodeId, name: &FieldName| {
        board.fields.iter().any(|field| field.id == *id && field.name.same(name))
    };
    let is = |wanted: &Setting<FieldName>, ids: &[NodeId]| match (wanted, ids) {
        (Setting::Unmanaged, _) | (Setting::Clear, []) => true,
        (Setting::Set(name), [id]) => has(id, name),
        (Setting::Clear | Setting::Set(_), _) => false,
    };
    let is_sorted = view.sort_by.is_unmanaged() || {
        let wanted = view.sort_by.value().map_or(&[][..], Vec::as_slice);
        wanted.len() == found.sort_by.len()
            && wanted
                .iter()
                .zip(&found.sort_by)
                .all(|(wanted, sort)| has(&sort.field, &wanted.field) && sort.direction == wanted.direction)
    };
    is(&view.group_by, &found.group_by) && is(&view.column_by, &found.column_by) && is_sorted
}

pub(super) fn id_of<'c>(context: &'c Context<'_>, name: &FieldName) -> Option<&'c NodeId> {
    context.bindings.field(name)?.id.as_ref()
}

/// Fields by the plan's names, else by GitHub's. One that goes has none.
pub(super) fn names(context: &Context<'_>, ids: &[NodeId]) -> Vec<FieldName> {
    let name = |id: &NodeId| {
        let (bound, _) = context.bindings.fields.iter().find(|(_, it)| it.id.as_ref() == Some(id))?;
        let of_plan = context.fields.get(bound).map(|field| field.name.clone());
        let observed = || context.board()?.fields.iter().find(|field| field.id == *id);
        of_plan.or_else(|| Some(observed()?.name.clone()))
    };
    ids.iter().filter_map(name).collect()
}

pub(super) fn sorting(context: &Context<'_>, found: &observation::View) -> Vec<Sort> {
    let sort = |sort: &observation::Sort| {
        let field = names(context, std::slice::from_ref(&sort.field)).into_iter().next()?;
        Some(Sort { field, direction: sort.direction })
    };
    found.sort_by.iter().filter_map(sort).collect()
}
