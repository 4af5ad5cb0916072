//! Reading coerced arguments.

use apollo_compiler::resolvers::ResolveInfo;
use apollo_compiler::response::JsonValue;

use crate::world::NodeId;

/// The argument, unless it is absent or null.
pub(super) fn get<'a>(info: &'a ResolveInfo<'_>, name: &str) -> Option<&'a JsonValue> {
    info.arguments().get(name).filter(|value| !value.is_null())
}

/// A string argument.
pub(super) fn text<'a>(info: &'a ResolveInfo<'_>, name: &str) -> Option<&'a str> {
    get(info, name).and_then(JsonValue::as_str)
}

/// A whole number.
pub(super) fn int(info: &ResolveInfo<'_>, name: &str) -> Option<i64> {
    get(info, name).and_then(JsonValue::as_i64)
}

/// An id. The specification lets a client write one as a number.
pub(super) fn id(value: &JsonValue) -> NodeId {
    match value.as_str() {
        Some(text) => NodeId::new(text),
        None => NodeId::new(value.to_string()),
    }
}

/// A list of strings, if it was given.
pub(super) fn texts(value: Option<&JsonValue>) -> Option<Vec<String>> {
    // The specification lets a client write one element for a list of one; the engine leaves a variable's default so.
    match value? {
        JsonValue::Array(list) => {
            Some(list.iter().filter_map(JsonValue::as_str).map(str::to_owned).collect())
        }
        JsonValue::String(single) => Some(vec![single.as_str().to_owned()]),
        JsonValue::Null | JsonValue::Bool(_) | JsonValue::Number(_) | JsonValue::Object(_) => None,
    }
}

/// What `orderBy` asks for: the field's name and whether the direction is descending.
pub(super) fn order<'a>(info: &'a ResolveInfo<'_>) -> Option<(&'a str, bool)> {
    let order = get(info, "orderBy")?.as_object()?;
    let field = order.get("field")?.as_str()?;
    let descending = order.get("direction").and_then(JsonValue::as_str) == Some("DESC");
    Some((field, descending))
}

/// Sorts by a key and turns the order round when the direction is descending. Stable in both directions.
pub(super) fn sort_by<T, K: Ord>(rows: &mut [T], descending: bool, key: impl Fn(&T) -> K) {
    if descending {
        rows.sort_by_cached_key(|row| std::cmp::Reverse(key(row)));
    } else {
        rows.sort_by_cached_key(key);
    }
}
