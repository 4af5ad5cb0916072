//! The walk over tree and schema together: repeated and unknown keys, and scalars as the schema wants them.
//!
//! What it gives is the JSON that the validator sees. Keys that were reported are not in it; in the tree they stay,
//! marked, under the names that they may stand for, so that no absence is told that follows from one of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value as Json};

use super::{Place, Schema};
use crate::code::Code;
use crate::report::{Report, one_of};
use crate::span::Span;
use crate::yaml::{Entry, Kind, Node, Scalar, Value};

/// The largest whole number up to which a double holds every one.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// So few keys that comparing each with each takes no time.
const FEW: usize = 32;

pub(super) fn walk(root: &mut Node, schema: &Schema, report: &mut Report) -> Json {
    Walk { schema, report }.node(root, schema.start())
}

struct Walk<'a> {
    schema: &'a Schema,
    report: &'a mut Report,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, place: Option<&Place>) -> Json {
        match &mut node.value {
            Value::Scalar(scalar) => json(scalar, place),
            Value::List(items) => {
                let item = place.and_then(|place| self.schema.item(place));
                Json::Array(items.iter_mut().map(|one| self.node(one, item)).collect())
            }
            Value::Map(entries) => {
                if let Some(place) = place {
                    self.mark(entries, place);
                }
                let mut members = Map::new();
                for entry in entries.iter_mut().filter(|entry| entry.value.sound) {
                    let inner = place.and_then(|place| self.schema.property(place, &entry.key));
                    members.insert(entry.key.clone(), self.node(&mut entry.value, inner));
                }
                Json::Object(members)
            }
        }
    }

    /// Reports the keys that can't stay and marks them. One that stands for another key by mistake takes its name, so
    /// that nothing is said about the other's absence.
    fn mark(&mut self, entries: &mut Vec<Entry>, place: &Place) {
        if is_in_order(entries, place) {
            return;
        }
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        let mut unknown = Vec::new();
        for (index, entry) in entries.iter_mut().enumerate() {
            if let Some(first) = seen.get(&entry.key) {
                self.report.say(
                    Code::RepeatedKey,
                    entry.span,
                    format!("key `{}` stands there twice", entry.key),
                    format!(
                        "it stands in {} already; keep one of them",
                        self.report.line(*first, entry.span)
                    ),
                );
                entry.value.sound = false;
                continue;
            }
            seen.insert(entry.key.clone(), entry.span);
            if place.is_closed && !place.has(&entry.key) {
                entry.value.sound = false;
                unknown.push(index);
            }
        }
        let mut put = BTreeSet::new();
        for index in unknown {
            let Some(span) = entries.get(index).map(|entry| entry.span) else { continue };
            let meant = self.refuse(entries, index, place, &seen);
            // Each name is put there once, however many keys may stand for it.
            let absent = meant.into_iter().filter(|key| put.insert(key.clone()) && !seen.contains_key(key));
            entries.extend(absent.map(|key| {
                let scalar = Scalar { text: String::new(), kind: Kind::Null };
                let value = Node { sound: false, ..Node::new(span, Value::Scalar(scalar)) };
                Entry { key, span, value }
            }));
        }
    }

    /// Reports a key that the schema doesn't have. Gives the keys that it may stand for.
    fn refuse(
        &mut self,
        entries: &[Entry],
        index: usize,
        place: &Place,
        seen: &BTreeMap<String, Span>,
    ) -> Vec<String> {
        let Some(entry) = entries.get(index) else { return Vec::new() };
        let meant = self.report.nearest(&entry.key, place.keys());
        // Without a near name it may be any absent key that takes such a value.
        let maybe: Vec<&str> = match meant {
            Some(meant) => vec![meant],
            None => place
                .keys()
                .filter(|key| !seen.contains_key(*key))
                .filter(|key| {
                    self.schema.property(place, key).is_some_and(|inner| fits(&entry.value.value, inner))
                })
                .collect(),
        };
        let missing: Vec<&str> = maybe.iter().copied().filter(|key| place.requires(key)).collect();
        let help = match (meant, missing.as_slice()) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, []) => format!("known here: {}", one_of(place.keys())),
            (None, missing) => {
                format!("{} is missing here: is that what is meant?", one_of(missing.iter().copied()))
            }
        };
        self.report.say(Code::UnknownKey, entry.span, format!("unknown key `{}`", entry.key), help);
        maybe.into_iter().map(str::to_owned).collect()
    }
}

/// Whether every key may stand there and stands there once, as is usual. Not looked at where there are many.
fn is_in_order(entries: &[Entry], place: &Place) -> bool {
    entries.len() <= FEW
        && entries.iter().zip(0..).all(|(entry, before)| {
            (!place.is_closed || place.has(&entry.key))
                && !entries.iter().take(before).any(|other| other.key == entry.key)
        })
}

/// Whether a place takes a value of this kind.
fn fits(value: &Value, place: &Place) -> bool {
    match value {
        Value::List(_) => place.takes("array"),
        Value::Map(_) => place.takes("object"),
        Value::Scalar(_) => !place.takes("array") && !place.takes("object"),
    }
}

/// A scalar as the schema wants it: where it wants text it is the source text, and nothing else from then on.
fn json(scalar: &mut Scalar, place: Option<&Place>) -> Json {
    let wants_text = place.is_some_and(|place| place.wants_text);
    if wants_text && scalar.kind != Kind::Null {
        scalar.kind = Kind::Text;
    }
    if scalar.kind != Kind::Null && place.is_some_and(|place| !place.is_constant(&scalar.text)) {
        // `1.0` is not the version 1: it is read as it is written.
        return Json::String(scalar.text.clone());
    }
    match scalar.kind {
        Kind::Null => Json::Null,
        // What says nothing of the text needn't see it: bodies are long.
        Kind::Text if place.is_some_and(|place| place.is_free_text) => Json::String(String::new()),
        Kind::Text => Json::String(scalar.text.clone()),
        Kind::Bool(value) => Json::Bool(value),
        Kind::Number(value) => number(value),
    }
}

fn number(value: f64) -> Json {
    let whole = (value.fract() == 0.0 && value.abs() <= MAX_EXACT)
        .then(|| value.to_string().parse::<i64>().ok())
        .flatten();
    match whole {
        Some(whole) => Json::Number(whole.into()),
        // Infinite: the check of values says so with the field's name. Here any number will do.
        None => Json::Number(Number::from_f64(value).unwrap_or_else(|| 0.into())),
    }
}
