//! The shape of what people write: manifests, fragments, field templates and `spectra.toml`.
//!
//! The published schemas are the only description of the shape. [`Shapes::check`] reports what doesn't fit and marks it
//! in the tree, so that a mistake is told once and the rest is still checked. It looks at one file, so it asks for
//! nothing that another file may give; [`Shapes::complete`] does, once all are joined.

mod complete;
mod errors;
mod walk;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::{Map, Value};

use crate::report::Report;
use crate::yaml::Node;

/// The published schema of manifests.
pub const MANIFEST: &str = include_str!("../../../../schemas/manifest.schema.json");

/// The published schema of fragments: the manifest's keys, of which only the ids that items are joined by must be there.
pub const FRAGMENT: &str = include_str!("../../../../schemas/fragment.schema.json");

/// The published schema of field templates.
pub const FIELDS: &str = include_str!("../../../../schemas/fields.schema.json");

/// The published schema of `spectra.toml`.
pub const CONFIG: &str = include_str!("../../../../schemas/config.schema.json");

/// The published schema of `plan.json`. The plan's types are what it is read by; a test holds both together.
pub const PLAN: &str = include_str!("../../../../schemas/plan.schema.json");

/// The published schema of `plan.diff.json`; as for a plan, a test holds it and the type together.
pub const DIFF: &str = include_str!("../../../../schemas/diff.schema.json");

/// What a file is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// The file that a plan begins with.
    Manifest,
    /// What one includes.
    Fragment,
    /// `fields.json`.
    Templates,
    /// `spectra.toml`.
    Config,
}

impl Shape {
    /// What to call such a file.
    fn noun(self) -> &'static str {
        match self {
            Self::Manifest => "the manifest",
            Self::Fragment => "the fragment",
            Self::Templates | Self::Config => "the file",
        }
    }
}

/// The schemas, made once for any number of files; those that not every manifest needs are made when they are.
pub(crate) struct Shapes {
    manifest: Schema,
    templates: OnceCell<Schema>,
    config: OnceCell<Schema>,
}

impl Shapes {
    /// The schemas as this version has them.
    pub(crate) fn new() -> Self {
        Self {
            manifest: Schema::new(parsed(MANIFEST), parsed(FRAGMENT)),
            templates: OnceCell::new(),
            config: OnceCell::new(),
        }
    }

    /// Reports everything in a file's tree that is not of its shape, and marks or removes it.
    pub(crate) fn check(&self, root: &mut Node, shape: Shape, report: &mut Report) {
        let schema = match shape {
            Shape::Manifest | Shape::Fragment => &self.manifest,
            Shape::Templates => self.templates.get_or_init(|| Schema::of(FIELDS)),
            Shape::Config => self.config.get_or_init(|| Schema::of(CONFIG)),
        };
        let json = walk::walk(root, schema, report);
        errors::report(schema, &json, root, shape.noun(), report);
    }

    /// Reports what is missing from a manifest whose fragments were joined.
    pub(crate) fn complete(&self, root: &mut Node, parts: Parts, report: &mut Report) {
        complete::complete(&self.manifest, root, parts, report);
    }
}

pub(crate) use self::complete::Parts;

/// A schema, with its references followed.
struct Schema {
    root: Value,
    /// The definitions, by the way in which they are referred to.
    definitions: BTreeMap<String, (String, Value)>,
    /// Of what a file alone must hold.
    validator: Option<Validator>,
}

/// A place in the schema: the name of the definition that it is, where it is one, and what that says.
#[derive(Clone, Copy)]
struct Place<'s> {
    definition: &'s str,
    says: &'s Value,
}

/// A published schema. Its text is part of the program, and tests read it.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

impl Schema {
    /// A schema that says what a file alone must hold.
    fn of(text: &str) -> Self {
        Self::new(parsed(text), parsed(text))
    }

    fn new(root: Value, mut of_a_file: Value) -> Self {
        // Which of several sets of keys must be there is told by what is joined in the end.
        let definitions = of_a_file.get_mut("$defs").and_then(Value::as_object_mut);
        for says in definitions.into_iter().flat_map(|definitions| definitions.values_mut()) {
            if let Some(says) = says.as_object_mut() {
                says.remove("anyOf");
            }
        }
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_pattern_options(PatternOptions::regex())
            .build(&of_a_file);
        let definitions = root.get("$defs").and_then(Value::as_object).into_iter().flatten();
        let definitions = definitions
            .map(|(name, says)| (format!("#/$defs/{name}"), (name.clone(), says.clone())))
            .collect();
        Self { root, definitions, validator: validator.ok() }
    }

    fn start(&self) -> Place<'_> {
        self.follow(&self.root)
    }

    fn follow<'s>(&'s self, says: &'s Value) -> Place<'s> {
        let target = says.get("$ref").and_then(Value::as_str);
        match target.and_then(|target| self.definitions.get(target)) {
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
    /// The known keys in alphabetical order, whatever order this build of the JSON crate keeps.
    fn keys(self) -> impl Iterator<Item = &'s str> {
        let properties = self.says.get("properties").and_then(Value::as_object);
        let mut keys: Vec<&str> = properties.into_iter().flat_map(Map::keys).map(String::as_str).collect();
        keys.sort_unstable();
        keys.into_iter()
    }

    /// The keys that must be there, whatever else is: where there is a choice, those of its first branch.
    fn required(self) -> impl Iterator<Item = &'s str> {
        let listed = self.says.get("required").or_else(|| self.says.pointer("/anyOf/0/required"));
        listed.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether a key is known there.
    fn has(self, key: &str) -> bool {
        self.says.get("properties").is_some_and(|properties| properties.get(key).is_some())
    }

    fn requires(self, key: &str) -> bool {
        self.required().any(|one| one == key)
    }

    /// Whether a text is the number that alone may stand there, where there is such a one.
    fn is_constant(self, text: &str) -> bool {
        self.says.get("const").and_then(Value::as_u64).is_none_or(|only| only.to_string() == text)
    }

    /// Whether every text will do.
    fn is_free_text(self) -> bool {
        !["pattern", "enum", "const", "maxLength"].iter().any(|keyword| self.says.get(keyword).is_some())
    }

    fn takes(self, json_type: &str) -> bool {
        match self.says.get("type") {
            Some(Value::String(only)) => only == json_type,
            Some(Value::Array(several)) => several.iter().any(|one| one == json_type),
            _ => false,
        }
    }

    /// Whether a scalar here is read as the text that its author wrote. A pattern asks for that even beside numbers:
    /// `5319e7` is a number to other readers of YAML, and their validators must let it through.
    fn wants_text(self) -> bool {
        self.takes("string") && (!self.takes("number") || self.says.get("pattern").is_some())
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
