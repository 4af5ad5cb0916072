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
            manifest: Schema::new(&parsed(MANIFEST), parsed(FRAGMENT)),
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
    /// What it says of each place, worked out once: a large manifest asks for each of them ten thousand times.
    places: Vec<Place>,
    /// Where in the list the place of the whole is.
    start: usize,
    /// Of what a file alone must hold.
    validator: Option<Validator>,
}

/// A place in the schema.
struct Place {
    /// The name of the definition that it is; empty where it is none.
    definition: String,
    says: Value,
    /// The places of its keys, and of all other keys where those are allowed.
    properties: BTreeMap<String, usize>,
    others: Option<usize>,
    /// The place of a list's items.
    item: Option<usize>,
    /// Whether no other keys are allowed.
    is_closed: bool,
    /// Whether a scalar here is read as the text that its author wrote.
    wants_text: bool,
    /// Whether every text will do.
    is_free_text: bool,
}

/// A published schema. Its text is part of the program, and tests read it.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

impl Schema {
    /// A schema that says what a file alone must hold.
    fn of(text: &str) -> Self {
        Self::new(&parsed(text), parsed(text))
    }

    fn new(root: &Value, mut of_a_file: Value) -> Self {
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
        let definitions = root.get("$defs").and_then(Value::as_object);
        let mut places = Places { definitions, list: Vec::new(), named: BTreeMap::new() };
        let start = places.place(root);
        Self { places: places.list, start, validator: validator.ok() }
    }

    fn start(&self) -> Option<&Place> {
        self.places.get(self.start)
    }

    fn property(&self, of: &Place, key: &str) -> Option<&Place> {
        of.properties.get(key).copied().or(of.others).and_then(|at| self.places.get(at))
    }

    fn item(&self, of: &Place) -> Option<&Place> {
        of.item.and_then(|at| self.places.get(at))
    }

    /// The place that a JSON pointer into a manifest leads to.
    fn at(&self, pointer: &str) -> Option<&Place> {
        pointer.split('/').skip(1).try_fold(self.start()?, |place, step| {
            let key = step.replace("~1", "/").replace("~0", "~");
            self.item(place).or_else(|| self.property(place, &key))
        })
    }
}

/// The places of a schema while they are gathered: each definition once, however many references lead to it.
struct Places<'v> {
    definitions: Option<&'v Map<String, Value>>,
    list: Vec<Place>,
    named: BTreeMap<&'v str, usize>,
}

impl<'v> Places<'v> {
    /// The place that a part of the schema is, or refers to.
    fn place(&mut self, says: &'v Value) -> usize {
        let target = says.get("$ref").and_then(Value::as_str);
        let name = target.and_then(|target| target.strip_prefix("#/$defs/"));
        match name.and_then(|name| Some((name, self.definitions?.get(name)?))) {
            Some((name, says)) => match self.named.get(name) {
                Some(known) => *known,
                None => self.add(name, says),
            },
            None => self.add("", says),
        }
    }

    fn add(&mut self, definition: &'v str, says: &'v Value) -> usize {
        let at = self.list.len();
        self.list.push(Place::new(definition, says));
        // Before what is below it, which may refer to it.
        if !definition.is_empty() {
            self.named.insert(definition, at);
        }
        let properties = says.get("properties").and_then(Value::as_object).into_iter().flatten();
        let properties = properties.map(|(key, says)| (key.clone(), self.place(says))).collect();
        let others = says.get("additionalProperties").filter(|other| other.is_object());
        let others = others.map(|says| self.place(says));
        let item = says.get("items").map(|says| self.place(says));
        if let Some(place) = self.list.get_mut(at) {
            place.properties = properties;
            place.others = others;
            place.item = item;
        }
        at
    }
}

impl Place {
    /// A place without what is below it.
    fn new(definition: &str, says: &Value) -> Self {
        let is_limited =
            ["pattern", "enum", "const", "maxLength"].iter().any(|word| says.get(word).is_some());
        let mut place = Self {
            definition: definition.to_owned(),
            says: says.clone(),
            properties: BTreeMap::new(),
            others: None,
            item: None,
            is_closed: says.get("additionalProperties") == Some(&Value::Bool(false)),
            wants_text: false,
            is_free_text: !is_limited,
        };
        // A pattern asks for the author's text even beside numbers: `5319e7` is a number to other readers of YAML, and
        // their validators must let it through.
        place.wants_text = place.takes("string") && (!place.takes("number") || says.get("pattern").is_some());
        place
    }

    /// The known keys in alphabetical order, whatever order this build of the JSON crate keeps.
    fn keys(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }

    /// The keys that must be there, whatever else is: where there is a choice, those of its first branch.
    fn required(&self) -> impl Iterator<Item = &str> {
        let listed = self.says.get("required").or_else(|| self.says.pointer("/anyOf/0/required"));
        listed.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether a key is known there.
    fn has(&self, key: &str) -> bool {
        self.properties.contains_key(key)
    }

    fn requires(&self, key: &str) -> bool {
        self.required().any(|one| one == key)
    }

    /// Whether a text is the number that alone may stand there, where there is such a one.
    fn is_constant(&self, text: &str) -> bool {
        self.says.get("const").and_then(Value::as_u64).is_none_or(|only| only.to_string() == text)
    }

    fn takes(&self, json_type: &str) -> bool {
        match self.says.get("type") {
            Some(Value::String(only)) => only == json_type,
            Some(Value::Array(several)) => several.iter().any(|one| one == json_type),
            _ => false,
        }
    }

    /// The words that are allowed, where they are listed.
    fn words(&self) -> Option<Vec<&str>> {
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
