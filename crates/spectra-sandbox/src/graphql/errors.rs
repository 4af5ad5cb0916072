//! The body of an answer: GitHub's order of keys, GitHub's `type` on each error.

use std::collections::BTreeMap;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::parser::{LineColumn, SourceMap, SourceSpan};
use apollo_compiler::response::{ExecutionResponse, GraphQLError};
use serde_json::{Value, json};

use super::context::MARK;
use crate::world::{Refusal, RefusalKind};

/// Data and errors of an execution. GitHub: execution errors carry type, path, locations, message; observed in
/// recorded responses.
pub(super) fn body(document: &ExecutableDocument, answer: ExecutionResponse, refusals: &[Refusal]) -> Value {
    let mut body = serde_json::Map::new();
    body.insert("data".to_owned(), answer.data.map_or(Value::Null, |data| json!(data)));
    if !answer.errors.is_empty() {
        let starts = Starts::of(document);
        let errors = answer.errors.into_iter().map(|error| typed(error, refusals, &starts)).collect();
        body.insert("errors".to_owned(), Value::Array(errors));
    }
    Value::Object(body)
}

fn typed(error: GraphQLError, refusals: &[Refusal], starts: &Starts) -> Value {
    let place = error.message.rsplit_once(MARK).and_then(|(_, rest)| {
        let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
        digits.parse::<usize>().ok()
    });
    let (kind, message) = match place.and_then(|place| refusals.get(place)) {
        Some(refusal) => (refusal.kind, refusal.message.clone()),
        None => (RefusalKind::Internal, error.message),
    };
    let locations: Vec<Value> =
        error.locations.into_iter().map(|place| location(starts.start(place))).collect();
    if kind == RefusalKind::Untyped {
        return json!({ "path": error.path, "locations": locations, "message": message });
    }
    json!({ "type": kind.as_str(), "path": error.path, "locations": locations, "message": message })
}

/// A place as GitHub writes it.
pub(super) fn location(place: LineColumn) -> Value {
    json!({ "line": place.line, "column": place.column })
}

/// Where something stands, as a list of one or none.
pub(super) fn locations(span: Option<SourceSpan>, sources: &SourceMap) -> Vec<Value> {
    span.and_then(|span| span.line_column(sources)).into_iter().map(location).collect()
}

/// Where a field begins: at its alias if it has one.
pub(super) fn field_start(field: &Field) -> Option<SourceSpan> {
    field.alias.as_ref().unwrap_or(&field.name).location()
}

/// The engine points at a field's name; GitHub points at where the field begins, which is its alias.
struct Starts(BTreeMap<(usize, usize), LineColumn>);

impl Starts {
    fn of(document: &ExecutableDocument) -> Self {
        let mut starts = Self(BTreeMap::new());
        for operation in document.operations.iter() {
            starts.walk(&operation.selection_set, &document.sources);
        }
        for fragment in document.fragments.values() {
            starts.walk(&fragment.selection_set, &document.sources);
        }
        starts
    }

    fn walk(&mut self, set: &SelectionSet, sources: &SourceMap) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let at = |span: Option<SourceSpan>| span.and_then(|span| span.line_column(sources));
                    if field.alias.is_some()
                        && let (Some(name), Some(start)) = (at(field.name.location()), at(field_start(field)))
                    {
                        self.0.insert((name.line, name.column), start);
                    }
                    self.walk(&field.selection_set, sources);
                }
                Selection::InlineFragment(fragment) => self.walk(&fragment.selection_set, sources),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn start(&self, name: LineColumn) -> LineColumn {
        self.0.get(&(name.line, name.column)).copied().unwrap_or(name)
    }
}
