//! The walk over tree and schema together: repeated, unknown and future keys, and scalars as the schema wants them.
//!
//! What it gives is the JSON that the validator sees. Keys that were reported are taken out of tree and JSON alike.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value as Json};
use spectra_model::diagnostic::Span;

use super::{Place, Schema, later};
use crate::code::Code;
use crate::report::{Report, one_of};
use crate::yaml::{Entry, Kind, Node, Scalar, Value};

/// The largest whole number up to which a double holds every one.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

pub(super) fn walk(root: &mut Node, schema: &Schema, report: &mut Report) -> (Json, Excused) {
    let mut walk = Walk { schema, report, excused: Excused::default() };
    let json = walk.node(root, Some(schema.start()));
    (json, walk.excused)
}

/// Keys that are missing only because another key was refused: mappings by their place.
#[derive(Default)]
pub(super) struct Excused(BTreeMap<Span, Vec<Excuse>>);

enum Excuse {
    /// The key was misspelt.
    Key(String),
    /// A key of a later version may stand for any.
    Every,
}

impl Excused {
    /// Whether nothing is to be said about this key's absence.
    pub(super) fn holds(&self, mapping: Span, key: &str) -> bool {
        self.0.get(&mapping).into_iter().flatten().any(|excuse| match excuse {
            Excuse::Key(meant) => meant == key,
            Excuse::Every => true,
        })
    }
}

struct Walk<'a> {
    schema: &'a Schema,
    report: &'a mut Report,
    excused: Excused,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, place: Option<Place<'_>>) -> Json {
        match &mut node.value {
            Value::Scalar(scalar) => json(scalar, place),
            Value::List(items) => {
                let item = place.and_then(|place| self.schema.item(place));
                Json::Array(items.iter_mut().map(|one| self.node(one, item)).collect())
            }
            Value::Map(entries) => {
                if let Some(place) = place {
                    let excuses = take_out(entries, place, self.report);
                    if !excuses.is_empty() {
                        self.excused.0.entry(node.span).or_default().extend(excuses);
                    }
                }
                let mut members = Map::new();
                for entry in entries {
                    let inner = place.and_then(|place| self.schema.property(place, &entry.key));
                    members.insert(entry.key.clone(), self.node(&mut entry.value, inner));
                }
                Json::Object(members)
            }
        }
    }
}

/// Reports and removes the keys that can't stay.
fn take_out(entries: &mut Vec<Entry>, place: Place<'_>, report: &mut Report) -> Vec<Excuse> {
    let closed = place.says.get("additionalProperties") == Some(&Json::Bool(false));
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut excuses = Vec::new();
    entries.retain(|entry| {
        if let Some(first) = seen.get(&entry.key) {
            report.say(
                Code::RepeatedKey,
                entry.span,
                format!("key `{}` stands there twice", entry.key),
                format!("it stands in line {} already; keep one of them", first.line),
            );
            return false;
        }
        seen.insert(entry.key.clone(), entry.span);
        let known = !closed || place.keys().any(|known| known == entry.key);
        if !known {
            excuses.extend(refuse(entry, place, report));
        }
        known
    });
    excuses
}

/// Reports a key that the schema doesn't have.
fn refuse(entry: &Entry, place: Place<'_>, report: &mut Report) -> Option<Excuse> {
    if later::key(place.definition, &entry.key) {
        report.say(
            Code::NotSupportedYet,
            entry.span,
            format!("`{}` is not supported by this version yet", entry.key),
            "leave it out until a version supports it",
        );
        return Some(Excuse::Every);
    }
    let meant = report.nearest(&entry.key, place.keys());
    let help = meant.map_or_else(
        || format!("known here: {}", one_of(place.keys())),
        |meant| format!("did you mean `{meant}`?"),
    );
    report.say(Code::UnknownKey, entry.span, format!("unknown key `{}`", entry.key), help);
    meant.map(|meant| Excuse::Key(meant.to_owned()))
}

/// A scalar as the schema wants it: where it wants text, the source text.
fn json(scalar: &Scalar, place: Option<Place<'_>>) -> Json {
    let wants_text = place.is_some_and(|place| place.takes("string") && !place.takes("number"));
    match scalar.kind {
        Kind::Null => Json::Null,
        Kind::Text => Json::String(scalar.text.clone()),
        Kind::Bool(_) | Kind::Number(_) if wants_text => Json::String(scalar.text.clone()),
        Kind::Bool(value) => Json::Bool(value),
        Kind::Number(value) => number(value),
    }
}

fn number(value: f64) -> Json {
    let whole = (value.fract() == 0.0 && value.abs() <= MAX_EXACT)
        .then(|| format!("{value:.0}").parse::<i64>().ok())
        .flatten();
    match whole {
        Some(whole) => Json::Number(whole.into()),
        // Infinite: the check of values says so with the field's name. Here any number will do.
        None => Json::Number(Number::from_f64(value).unwrap_or_else(|| 0.into())),
    }
}
