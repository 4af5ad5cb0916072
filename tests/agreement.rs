//! A published schema and the Rust type that reads and writes what it describes: whether they say the same.
//!
//! There is no reflection, and none is needed: serde names the members and the words that a type has in its refusals.
//! Full examples are bent in every place: each member left out, one too many, other words, values of other types. What
//! the schema lets through the type must read; what only the schema refuses it must refuse for being stricter about a
//! text or a number, never about the shape.

use std::collections::BTreeSet;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// A word that nothing is called by.
const NONSENSE: &str = "zzz";

/// What a type makes of a value: the value as the type writes it, or the type's refusal.
pub type Reading = Result<Value, String>;

/// Reads a value as a type and writes it again.
pub fn read_as<T: DeserializeOwned + Serialize>(value: &Value) -> Reading {
    let read: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(read).map_err(|error| error.to_string())
}

/// A schema of documents.
pub struct Documents {
    root: Value,
    validator: Validator,
}

/// A place in an example and the place in the schema that is about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    in_document: String,
    in_schema: String,
}

impl Documents {
    /// The documents that a piece of a schema, as a JSON pointer, describes.
    ///
    /// # Errors
    /// When it is no schema.
    pub fn of(schema: &Value, piece: &str) -> Result<Self, String> {
        let mut root = schema.clone();
        if !piece.is_empty()
            && let Some(members) = root.as_object_mut()
        {
            members.retain(|key, _| key == "$defs" || key == "$schema");
            members.insert("$ref".to_owned(), format!("#{piece}").into());
        }
        let validator = jsonschema::options().offline().should_validate_formats(true).build(&root);
        Ok(Self { validator: validator.map_err(|error| error.to_string())?, root })
    }

    /// What the schema says against a document.
    pub fn refusals(&self, document: &Value) -> Vec<String> {
        self.validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// Everything in which schema, type and examples disagree.
    pub fn disagreements(&self, examples: &[Value], read: fn(&Value) -> Reading) -> Vec<String> {
        let mut found = Vec::new();
        for example in examples {
            found.extend(
                self.refusals(example).into_iter().map(|why| format!("the schema refuses an example: {why}")),
            );
            if let Err(why) = read(example) {
                found.push(format!("the type refuses an example: {why}"));
            }
            for spot in self.spots(example) {
                self.bend(example, &spot, read, &mut found);
            }
        }
        found.extend(self.unseen(examples).into_iter().map(|it| format!("no example has {it}")));
        found.sort();
        found.dedup();
        found
    }

    /// The properties of the schema that none of the documents has.
    pub fn unseen(&self, documents: &[Value]) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        self.properties("", &mut BTreeSet::new(), &mut all);
        for document in documents {
            for spot in self.spots(document) {
                let Some(members) = document.pointer(&spot.in_document).and_then(Value::as_object) else {
                    continue;
                };
                for key in members.keys() {
                    all.remove(&format!("{}/properties/{key}", spot.in_schema));
                }
            }
        }
        all
    }

    fn bend(&self, example: &Value, spot: &Spot, read: fn(&Value) -> Reading, found: &mut Vec<String>) {
        let says = self.at(&spot.in_schema);
        let place = &spot.in_schema;
        if let Some(words) = says.get("enum").and_then(Value::as_array) {
            let words: BTreeSet<String> = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            match read(&with(example, &spot.in_document, NONSENSE.into())) {
                Err(why) if why.contains("unknown variant") => {
                    let known = named(&why);
                    if known != words {
                        found.push(format!("{place}: the schema has {words:?}, the type {known:?}"));
                    }
                }
                other => found.push(format!("{place}: the type takes any word: {other:?}")),
            }
        }
        let members = example.pointer(&spot.in_document).and_then(Value::as_object);
        if let (Some(members), Some(properties)) =
            (members, says.get("properties").and_then(Value::as_object))
        {
            self.bend_members(example, spot, members, properties, read, found);
        }
        for other in [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(""),
            json!([]),
            json!({}),
            json!([null]),
        ] {
            self.compare(&with(example, &spot.in_document, other), place, read, found);
        }
    }

    fn bend_members(
        &self,
        example: &Value,
        spot: &Spot,
        members: &Map<String, Value>,
        properties: &Map<String, Value>,
        read: fn(&Value) -> Reading,
        found: &mut Vec<String>,
    ) {
        let place = &spot.in_schema;
        for key in members.keys() {
            let mut fewer = members.clone();
            fewer.remove(key);
            let document = with(example, &spot.in_document, Value::Object(fewer));
            match (self.validator.is_valid(&document), read(&document)) {
                (true, Err(why)) => {
                    found.push(format!("{place}: `{key}` is optional in the schema alone: {why}"));
                }
                (false, Ok(_)) if !self.is_nullable(&format!("{place}/properties/{key}")) => {
                    found.push(format!("{place}: `{key}` is optional in the type alone"));
                }
                _ => {}
            }
        }
        if self.at(place).get("additionalProperties") != Some(&Value::Bool(false)) {
            found.push(format!("{place}: takes members of any name"));
        }
        // A member that tells which of several forms this is is no member of the form itself.
        let is_tag = |says: &Value| says.get("const").is_some_and(Value::is_string);
        let has: BTreeSet<String> =
            properties.iter().filter(|(_, says)| !is_tag(says)).map(|(key, _)| key.clone()).collect();
        let mut more = members.clone();
        more.insert(NONSENSE.to_owned(), Value::Null);
        let known = match read(&with(example, &spot.in_document, Value::Object(more))) {
            Err(why) if why.contains("unknown field") => named(&why),
            // Of a type with several forms serde names the members of none. That none may be left out was seen, and
            // that the schema has those of the example: what it has no example of is told apart.
            Err(why) if why.contains("untagged enum") => return,
            Err(why) => return found.push(format!("{place}: {why}")),
            // The type reads on for later versions' sake; all its members are written.
            Ok(written) => written
                .pointer(&spot.in_document)
                .and_then(Value::as_object)
                .map(|members| members.keys().cloned().collect())
                .unwrap_or_default(),
        };
        if known != has {
            found.push(format!("{place}: the schema has {has:?}, the type {known:?}"));
        }
    }

    fn compare(&self, document: &Value, place: &str, read: fn(&Value) -> Reading, found: &mut Vec<String>) {
        let errors: Vec<_> = self.validator.iter_errors(document).collect();
        let is_about_shape = errors.iter().any(|error| {
            !matches!(
                error.kind(),
                ValidationErrorKind::Pattern { .. }
                    | ValidationErrorKind::Constant { .. }
                    | ValidationErrorKind::Minimum { .. }
                    | ValidationErrorKind::MaxLength { .. }
                    | ValidationErrorKind::Format { .. }
                    | ValidationErrorKind::MaxItems { .. }
            )
        });
        match read(document) {
            Err(why) if errors.is_empty() => {
                found.push(format!("{place}: the schema alone takes {document}: {why}"));
            }
            // An optional member may be null to the type; the schema has one way to leave it out.
            Ok(written) if is_about_shape && written == *document => {
                found.push(format!("{place}: the type alone takes {document}: {}", errors.len()));
            }
            _ => {}
        }
    }

    fn at(&self, place: &str) -> &Value {
        self.root.pointer(place).unwrap_or(&Value::Null)
    }

    /// Follows references to the place that says something.
    fn follow(&self, place: &str) -> String {
        match self.at(place).get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#')) {
            Some(to) => self.follow(to),
            None => place.to_owned(),
        }
    }

    fn is_nullable(&self, place: &str) -> bool {
        let place = self.follow(place);
        let says = self.at(&place);
        match says.get("type") {
            Some(Value::Array(types)) => types.contains(&"null".into()),
            Some(_) => false,
            None => says.get("enum").is_none() && says.get("const").is_none(),
        }
    }

    /// Every place of a document that the schema is about.
    fn spots(&self, document: &Value) -> Vec<Spot> {
        let mut spots = Vec::new();
        self.walk(document, "", "", &mut spots);
        spots
    }

    fn walk(&self, value: &Value, in_document: &str, place: &str, spots: &mut Vec<Spot>) {
        let place = self.follow(place);
        let says = self.at(&place);
        if let Some(forms) = says.get("oneOf").and_then(Value::as_array) {
            for form in 0..forms.len() {
                let form = format!("{place}/oneOf/{form}");
                if Self::of(&self.root, &form).is_ok_and(|it| it.validator.is_valid(value)) {
                    self.walk(value, in_document, &form, spots);
                }
            }
            return;
        }
        spots.push(Spot { in_document: in_document.to_owned(), in_schema: place.clone() });
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &format!("{in_document}/{index}"), &format!("{place}/items"), spots);
                }
            }
            Value::Object(members) => {
                for (key, inner) in members {
                    let token = key.replace('~', "~0").replace('/', "~1");
                    let property = format!("{place}/properties/{token}");
                    let inside = if self.root.pointer(&property).is_some() {
                        property
                    } else {
                        format!("{place}/additionalProperties")
                    };
                    self.walk(inner, &format!("{in_document}/{token}"), &inside, spots);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Every property that the schema has below a place.
    fn properties(&self, place: &str, seen: &mut BTreeSet<String>, all: &mut BTreeSet<String>) {
        let place = self.follow(place);
        if !seen.insert(place.clone()) {
            return;
        }
        let Some(says) = self.at(&place).as_object() else { return };
        for key in says.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            all.insert(format!("{place}/properties/{key}"));
            self.properties(&format!("{place}/properties/{key}"), seen, all);
        }
        for inner in ["items", "additionalProperties"] {
            self.properties(&format!("{place}/{inner}"), seen, all);
        }
        for form in 0..says.get("oneOf").and_then(Value::as_array).map_or(0, Vec::len) {
            self.properties(&format!("{place}/oneOf/{form}"), seen, all);
        }
    }
}

/// The document with another value in one place.
fn with(document: &Value, place: &str, value: Value) -> Value {
    let mut bent = document.clone();
    if let Some(there) = bent.pointer_mut(place) {
        *there = value;
    }
    bent
}

/// The names that a refusal of serde's lists after what it found: "unknown field `a`, expected one of `b`, `c`".
fn named(refusal: &str) -> BTreeSet<String> {
    let listed = refusal.split_once("expected").map_or("", |(_, listed)| listed);
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Kind {
        Large,
        Small,
    }

    fn schema() -> Value {
        json!({
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {"name": {"type": "string"}, "kind": {"enum": ["large", "small"]}}
        })
    }

    /// What is said of a schema that differs in one place.
    fn said(change: impl FnOnce(&mut Value)) -> String {
        let mut schema = schema();
        change(&mut schema);
        let examples = [json!({"name": "a", "kind": "small"})];
        Documents::of(&schema, "").unwrap().disagreements(&examples, read_as::<Thing>).join("\n")
    }

    #[test]
    fn what_agrees_is_silent_and_each_disagreement_is_told() {
        assert_eq!(said(|_| {}), "");
        for (change, told) in [
            (json!({"required": []}), "`name` is optional in the schema alone"),
            (json!({"required": ["name", "kind"]}), "`kind` is optional in the type alone"),
            (json!({"additionalProperties": true}), "takes members of any name"),
            (
                json!({"properties": {"name": true, "kind": {"enum": ["large", "small"]}}}),
                "the schema alone takes",
            ),
            (
                json!({"properties": {"name": {"type": "string"}, "kind": {"enum": ["small"]}}}),
                r#"the type {"large", "small"}"#,
            ),
            (
                json!({"properties": {"name": {"enum": ["a"]}, "kind": {"enum": ["large", "small"]}}}),
                "takes any word",
            ),
            (
                json!({"properties": {"name": {"type": "string"}, "kind": {"enum": ["large", "small"]}, "more": true}}),
                "no example has /properties/more",
            ),
        ] {
            let said = said(|schema| {
                for (key, value) in change.as_object().unwrap() {
                    schema[key] = value.clone();
                }
            });
            assert!(said.contains(told), "{told}: {said}");
        }
    }
}
