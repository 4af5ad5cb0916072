//! Fields that a view is to show and the board doesn't have.
//!
//! GitHub's own fields differ from board to board: new ones were seen with 13, earlier ones with 8, and some have none
//! by themselves, such as Type. A view is made
//! without those that are absent, and they are left to a person. The plan's own fields are none of this: a view waits for
//! them.

use std::borrow::Cow;

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Member};
use spectra_model::id::FieldName;
use spectra_model::limits::BUILT_IN_FIELD_NAMES;
use spectra_model::plan::View;

use super::{by_hand, shown_fields};
use crate::context::Context;

/// A view without those of GitHub's own fields that this board doesn't have, and these: an older board lacks some that
/// new ones come with.
pub(super) fn as_far_as_shown<'v>(context: &Context<'_>, view: &'v View) -> (Cow<'v, View>, Vec<FieldName>) {
    let is_absent = |name: &FieldName| {
        let is_githubs = context.plan.fields.iter().all(|field| !field.name.same(name));
        is_githubs && is_missing(context, name)
    };
    let absent: Vec<FieldName> =
        shown_fields(view).into_iter().flatten().filter(|name| is_absent(name)).cloned().collect();
    if absent.is_empty() {
        return (Cow::Borrowed(view), absent);
    }
    let rest = view.fields.iter().flatten().filter(|name| !is_absent(name)).cloned();
    let fields = Some(rest.collect()).filter(|rest: &Vec<FieldName>| !rest.is_empty());
    (Cow::Owned(View { fields, ..view.clone() }), absent)
}

/// Whether the board doesn't have a field of this name; one that is yet to be made has what new ones have and what the
/// plan gives it.
pub(super) fn is_missing(context: &Context<'_>, name: &FieldName) -> bool {
    if context.board().is_some() {
        return context.bindings.field(name).is_none();
    }
    let mut names = BUILT_IN_FIELD_NAMES.into_iter().map(FieldName::new);
    !context.plan.fields.iter().any(|field| field.name.same(name)) && !names.any(|own| own.same(name))
}

/// GitHub's API has nothing that shows a built-in field on a board which hides it.
pub(super) fn shown_by_hand(of_view: &mut Vec<Change>, view: &View, absent: &[FieldName]) {
    let member = Member { name: "fields".to_owned(), old: Value::Null, new: json!(absent) };
    let names: Vec<String> = absent.iter().map(|name| format!("`{name}`")).collect();
    let reason = format!(
        "this board doesn't have {}: add it in the browser, or leave it out of the view",
        names.join(", ")
    );
    match of_view.iter_mut().find(|change| change.action == Action::Manual) {
        Some(change) => {
            change.members.push(member);
            change.reason = Some(match change.reason.take() {
                Some(other) => format!("{other}; {reason}"),
                None => reason,
            });
        }
        None => of_view.push(by_hand(view, vec![member], &reason)),
    }
}
