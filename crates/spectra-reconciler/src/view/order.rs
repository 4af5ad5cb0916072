//! The order of the fields that a view shows.
//!
//! GitHub's schema has it kept; it was also seen to take the set and to give it back in another order. So the order that
//! GitHub shows decides nothing by itself: a view in another order is asked once for the plan's, and the record keeps which
//! order that was. What GitHub, or a person, makes of it from then on is left until the plan's order changes.

use spectra_model::id::{FieldName, NodeId, fold};
use spectra_model::json::short_sha256;
use spectra_model::observation;
use spectra_model::plan::View;

use super::arrangement::id_of;
use crate::context::Context;

/// An order of fields, as the record keeps it.
pub fn field_order(fields: &[FieldName]) -> String {
    let names: Vec<String> = fields.iter().map(|name| fold(name.as_str())).collect();
    short_sha256(names.join("\n").as_bytes())
}

/// Whether the fields stand in the plan's order, or have been asked to.
pub(super) fn is_in_order(
    context: &Context<'_>,
    view: &View,
    fields: &[FieldName],
    found: &observation::View,
) -> bool {
    let wanted: Vec<&NodeId> = fields.iter().filter_map(|name| id_of(context, name)).collect();
    // The title is shown whether or not it is asked for.
    let shown: Vec<&NodeId> = found.fields.iter().filter(|id| wanted.contains(id)).collect();
    let asked = context.record().and_then(|record| record.made.orders.get(&view.name));
    shown == wanted || asked == Some(&field_order(fields))
}
