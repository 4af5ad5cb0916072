//! The manifest's shape: what `schemas/manifest.schema.json` allows.
//!
//! The published schema is the only description of the shape. [`check`] reports what doesn't fit and marks it in the
//! tree, so that a mistake is told once and the rest of the manifest is still checked.

mod errors;
mod later;
mod walk;

use serde_json::Value;

use crate::report::Report;
use crate::yaml::Node;

/// The published schema of manifests.
pub const MANIFEST: &str = include_str!("../../../../schemas/manifest.schema.json");

/// The published schema of `plan.json`. The plan's types are what it is read by; a test holds both together.
pub const PLAN: &str = include_str!("../../../../schemas/plan.schema.json");

/// Reports everything in the tree that is not of a manifest's shape, and marks or removes it.
pub(crate) fn check(root: &mut Node, report: &mut Report) {
    let Ok(schema) = serde_json::from_str::<Value>(MANIFEST) else { return };
    let schema = Schema { root: schema };
    let json = walk::walk(root, &schema, report);
    errors::report(&schema, &json, root, report);
}

/// The schema, with its references followed.
struct Schema {
    root: Value,
}

/// A place in the schema: the name of the definition that it is, where it is one, and what that says.
#[derive(Clone, Copy)]
struct Place<'s> {
    definition: &'s str,
    says: &'s Value,
}

impl Schema {
    fn start(&self) -> Place<'_> {
        self.follow(&self.root)
    }

    fn follow<'s>(&'s self, says: &'s Value) -> Place<'s> {
        let definition = says.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/$defs/"));
        match definition.and_then(|name| Some((name, self.root.get("$defs")?.get(name)?))) {
            Some((definition, says)) => Place { definition, says },
            None => Place { definition: "", says },
        }
    }

    fn property<'s>(&'s self, of: Place<'s>, key: &str) -> Option<Place<'s>> {
        let named = of.says.get("properties").and_then(|properties| properties.get(key));
        let says = named.or_else(|| of.says.get("additionalProperties").filter(|other| other.is_object()))?;
        Some(self.follow(says))
    }

    fn item<'s>(&'s self, of: Place<'s>) -> Option<Place<'s>> {
        of.says.get("items").map(|says| self.follow(says))
    }

    /// The place that a JSON pointer into a manifest leads to.
    fn at(&self, pointer: &str) -> Option<Place<'_>> {
        pointer.split('/').skip(1).try_fold(self.start(), |place, step| {
            let key = step.replace("~1", "/").replace("~0", "~");
            self.item(place).or_else(|| self.property(place, &key))
        })
    }
}

impl<'s> Place<'s> {
    fn keys(self) -> impl Iterator<Item = &'s str> {
        self.says
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|properties| properties.keys().map(String::as_str))
    }

    fn requires(self, key: &str) -> bool {
        let required = self.says.get("required").and_then(Value::as_array);
        required.is_some_and(|keys| keys.iter().any(|one| one == key))
    }

    fn takes(self, json_type: &str) -> bool {
        match self.says.get("type") {
            Some(Value::String(only)) => only == json_type,
            Some(Value::Array(several)) => several.iter().any(|one| one == json_type),
            _ => false,
        }
    }

    /// The words that are allowed, where they are listed.
    fn words(self) -> Option<Vec<&'s str>> {
        let listed = self.says.get("enum")?.as_array()?;
        Some(listed.iter().filter_map(Value::as_str).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use spectra_model::plan::{
        BodyPolicy, Colour, Direction, FieldType, IssueState, Layout, Manage, OnRemove, OwnerType,
        StateReason, Visibility,
    };

    use super::*;

    /// Every word that the schema lists at a place is one of the type, and no other is.
    fn check<T: DeserializeOwned + PartialEq + std::fmt::Debug>(pointer: &str, all: usize) {
        let schema: Value = serde_json::from_str(MANIFEST).unwrap();
        let words = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")).as_array().unwrap();
        let parsed: Vec<T> = words.iter().map(|word| serde_json::from_value(word.clone()).unwrap()).collect();
        assert_eq!(parsed.len(), all, "{pointer}: {parsed:?}");
    }

    /// Every part of the schema that has examples.
    fn with_examples<'s>(says: &'s Value, found: &mut Vec<&'s Value>) {
        match says {
            Value::Object(members) => {
                if members.get("examples").is_some_and(Value::is_array) {
                    found.push(says);
                }
                members
                    .iter()
                    .filter(|(key, _)| *key != "examples")
                    .for_each(|(_, one)| with_examples(one, found));
            }
            Value::Array(items) => items.iter().for_each(|item| with_examples(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn examples_and_defaults_are_of_their_shape() {
        for text in [MANIFEST, PLAN] {
            let schema: Value = serde_json::from_str(text).unwrap();
            assert!(jsonschema::meta::is_valid(&schema));
            let mut parts = Vec::new();
            with_examples(&schema, &mut parts);
            assert!(text == PLAN || parts.len() > 15, "{}", parts.len());
            for part in parts {
                let mut alone = part.clone();
                alone["$defs"] = schema["$defs"].clone();
                let validator = jsonschema::options().offline().build(&alone).unwrap();
                for example in part["examples"].as_array().unwrap().iter().chain(part.get("default")) {
                    assert!(validator.is_valid(example), "{example} of {part}");
                }
            }
        }
    }

    #[test]
    fn the_schemas_words_are_the_types() {
        check::<OwnerType>("/$defs/owner/properties/type/enum", 2);
        check::<Visibility>("/$defs/provisioning/properties/visibility/enum", 2);
        check::<FieldType>("/$defs/fieldType/enum", 6);
        check::<Manage>("/$defs/field/properties/manage/enum", 2);
        check::<Colour>("/$defs/optionColor/enum", 8);
        check::<OnRemove>("/$defs/onRemove/enum", 4);
        check::<BodyPolicy>("/$defs/issues/properties/body/enum", 3);
        check::<IssueState>("/$defs/state/enum", 2);
        check::<StateReason>("/$defs/stateReason/enum", 2);
        check::<Layout>("/$defs/view/properties/layout/enum", 3);
        check::<Direction>("/$defs/sort/properties/direction/enum", 2);
    }
}
