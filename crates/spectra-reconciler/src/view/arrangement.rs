//! How a view is arranged: grouping, sorting and columns. GitHub can't change them once the view is there.
//!
//! The record keeps with which arrangement of the plan's a view was last seen. Where the plan still wants that one and the
//! view has another, a person changed it.

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::change::Member;
use spectra_model::id::{FieldName, NodeId, fold};
use spectra_model::json::short_sha256;
use spectra_model::observation;
use spectra_model::plan::{Layout, Sort, View};

use crate::context::Context;

/// Whether the plan says something of the view that only REST can do.
pub(super) fn is_arranged(view: &View) -> bool {
    let View { group_by, sort_by, column_by, .. } = view;
    !(group_by.is_unmanaged() && sort_by.is_unmanaged() && column_by.is_unmanaged())
}

/// Whether each part of an arrangement is as the plan wants it.
struct Same {
    group_by: bool,
    column_by: bool,
    sort_by: bool,
}

impl Same {
    fn of<'i>(
        view: &View,
        found: &observation::View,
        id_of: impl Fn(&FieldName) -> Option<&'i NodeId>,
    ) -> Self {
        let is = |wanted: &Setting<FieldName>, ids: &[NodeId]| match (wanted, ids) {
            (Setting::Unmanaged, _) | (Setting::Clear, []) => true,
            (Setting::Set(field), [id]) => id_of(field) == Some(id),
            (Setting::Clear | Setting::Set(_), _) => false,
        };
        // A board has columns, whatever they are.
        let has_any_columns = view.layout == Layout::Board && view.column_by == Setting::Clear;
        let sorted = view.sort_by.value().map_or(&[][..], Vec::as_slice);
        let sorted = sorted.iter().map(|sort| (id_of(&sort.field), sort.direction));
        let sorting = found.sort_by.iter().map(|sort| (Some(&sort.field), sort.direction));
        Self {
            group_by: is(&view.group_by, &found.group_by),
            column_by: has_any_columns || is(&view.column_by, &found.column_by),
            sort_by: view.sort_by.is_unmanaged() || sorted.eq(sorting),
        }
    }
}

/// The members of a view's arrangement that differ and that GitHub can't change.
pub(super) fn diff(context: &Context<'_>, view: &View, found: &observation::View) -> Vec<Member> {
    let by = |ids: &[NodeId]| match names(context, ids).as_slice() {
        [] => Value::Null,
        [one] => json!(one),
        several => json!(several),
    };
    let sorted = if found.sort_by.is_empty() { Value::Null } else { json!(sorting(context, found)) };
    let sort_by = view.sort_by.value().filter(|sort| !sort.is_empty());
    let same = Same::of(view, found, |name| id_of(context, name));
    [
        (same.group_by, "groupBy", by(&found.group_by), json!(view.group_by)),
        (same.column_by, "columnBy", by(&found.column_by), json!(view.column_by)),
        (same.sort_by, "sortBy", sorted, json!(sort_by)),
    ]
    .into_iter()
    .filter(|(same, ..)| !same)
    .map(|(_, name, old, new)| Member { name: name.to_owned(), old, new })
    .collect()
}

/// What the plan says of a view's arrangement, as the record keeps it: by ids, since a field's name may change.
pub(super) fn short<'i>(view: &View, id_of: impl Fn(&FieldName) -> Option<&'i NodeId>) -> String {
    let id = |name: &FieldName| id_of(name).map_or_else(|| fold(name.as_str()), ToString::to_string);
    let by = |setting: &Setting<FieldName>| setting.value().map(id);
    let sorted = view.sort_by.value().into_iter().flatten();
    let sorted: Vec<_> = sorted.map(|sort| (id(&sort.field), sort.direction)).collect();
    short_sha256(json!([by(&view.group_by), by(&view.column_by), sorted]).to_string().as_bytes())
}

/// Whether a view is arranged as the plan says.
pub(super) fn is_as_planned<'i>(
    view: &View,
    found: &observation::View,
    id_of: impl Fn(&FieldName) -> Option<&'i NodeId>,
) -> bool {
    let Same { group_by, column_by, sort_by } = Same::of(view, found, id_of);
    group_by && column_by && sort_by
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
