//! An objection to a document.

use apollo_compiler::parser::LineColumn;
use serde_json::{Value, json};

use super::super::errors::location;

/// An objection, before it is JSON: other rules look at where earlier ones objected.
#[derive(Debug)]
pub(super) struct Problem {
    /// The names from the operation down to what is objected to; a place in a list is its number.
    pub(super) path: Vec<Value>,
    pub(super) message: String,
    pub(super) extensions: Value,
    /// Where everything stands that takes part.
    pub(super) places: Vec<LineColumn>,
}

impl Problem {
    /// GitHub: recorded: members in this order; no type.
    pub(super) fn into_json(self) -> Value {
        let locations: Vec<Value> = self.places.into_iter().map(location).collect();
        json!({
            "path": self.path,
            "extensions": self.extensions,
            "locations": locations,
            "message": self.message,
        })
    }
}
