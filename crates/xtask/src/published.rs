//! `xtask schema`: the published schemas that follow from another one.
//!
//! An editor reads one file and fetches nothing, so each published schema is whole. What several share is written once:
//! the schemas of fragments and of field templates are made from the manifest's; those of `spectra.toml`, of evidence and
//! of a comparison keep copies of the definitions that they share with the manifest's, the plan's and each other.

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};

use crate::Generated;

const MANIFEST: &str = "schemas/manifest.schema.json";
const FRAGMENT: &str = "schemas/fragment.schema.json";
const FIELDS: &str = "schemas/fields.schema.json";
const CONFIG: &str = "schemas/config.schema.json";
const PLAN: &str = "schemas/plan.schema.json";
const DIFF: &str = "schemas/diff.schema.json";
const EVIDENCE: &str = "schemas/evidence.schema.json";

/// What a fragment must hold of each definition that is joined across files: the id that its items are joined by, and
/// else nothing.
const NEEDED_IN_A_FRAGMENT: &[(&str, &[&str])] = &[
    ("manifest", &[]),
    ("project", &["id"]),
    ("provisioning", &[]),
    ("initiative", &[]),
    ("activity", &["id"]),
    ("task", &["id"]),
];

/// Keywords by which a field may lack what its template gives.
const WITH_A_TEMPLATE: &[&str] = &["anyOf", "oneOf", "if", "then", "else"];

/// Why a published schema could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishedError {
    /// A schema could not be read.
    #[error("{path} could not be read")]
    Read {
        path: &'static str,
        #[source]
        source: std::io::Error,
    },
    /// A schema isn't JSON.
    #[error("{path} is not JSON")]
    Json {
        path: &'static str,
        #[source]
        source: serde_json::Error,
    },
    /// A schema lacks a definition that another one is made from.
    #[error("{path} has no definition `{name}`")]
    Definition { path: &'static str, name: &'static str },
}

/// A schema, its members in the order of its author.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Schema {
    Object(IndexMap<String, Schema>),
    List(Vec<Schema>),
    Scalar(serde_json::Value),
}

/// The published schemas that follow from others.
pub(crate) fn generate(root: &Path) -> Result<Vec<Generated>, PublishedError> {
    let manifest = read(root, MANIFEST)?;
    let plan = read(root, PLAN)?;
    let evidence = copied(read(root, EVIDENCE)?, &plan);
    let diff = copied(copied(read(root, DIFF)?, &plan), &evidence);
    let made = [
        (FRAGMENT, fragment(manifest.clone())?),
        (FIELDS, fields(&manifest)?),
        (CONFIG, copied(read(root, CONFIG)?, &manifest)),
        (DIFF, diff),
        (EVIDENCE, evidence),
    ];
    made.into_iter()
        .map(|(path, schema)| {
            let text = serde_json::to_string_pretty(&schema);
            let text = text.map_err(|source| PublishedError::Json { path, source })?;
            Ok(Generated { path: PathBuf::from(path), text: format!("{text}\n") })
        })
        .collect()
}

fn read(root: &Path, path: &'static str) -> Result<Schema, PublishedError> {
    let text = fs::read_to_string(root.join(path)).map_err(|source| PublishedError::Read { path, source })?;
    serde_json::from_str(&text).map_err(|source| PublishedError::Json { path, source })
}

/// A fragment has the manifest's keys, all optional but the ids that items are joined by.
fn fragment(mut schema: Schema) -> Result<Schema, PublishedError> {
    schema.name(
        "fragment",
        "Spectra manifest fragment",
        "A piece of a manifest in a file of its own, which the manifest names under `includes`. It has the manifest's \
         keys, all optional.",
    );
    for (name, needed) in NEEDED_IN_A_FRAGMENT {
        let definition = schema.definition_mut(name)?;
        if needed.is_empty() {
            definition.remove("required");
        } else {
            definition.set("required", Schema::texts(needed));
        }
    }
    if let Some(projects) = schema.definition_mut("manifest")?.at_mut(&["properties", "projects"]) {
        projects.remove("minItems");
    }
    Ok(schema)
}

/// A file of field templates: the manifest's fields, each under a name.
fn fields(manifest: &Schema) -> Result<Schema, PublishedError> {
    let mut source = manifest.clone();
    let field = source.definition_mut("field")?;
    field.set("required", Schema::texts(&["name", "type"]));
    for keyword in WITH_A_TEMPLATE {
        field.remove(keyword);
    }
    if let Some(properties) = field.at_mut(&["properties"]) {
        // A template is not made from another one.
        properties.remove("use");
    }

    let mut version = Schema::empty();
    version.set("description", Schema::text("The version of the file's format."));
    version.set("const", Schema::Scalar(1.into()));
    let mut entries = Schema::empty();
    entries.set(
        "description",
        Schema::text("The templates, each under the name that follows the slash of `use`."),
    );
    entries.set("type", Schema::text("object"));
    entries.set("additionalProperties", Schema::reference("field"));
    let example = r#"[{"priority": {"name": "Priority", "type": "singleSelect",
                       "options": [{"name": "High", "color": "red"}, {"name": "Low", "color": "gray"}]}}]"#;
    let example = serde_json::from_str(example);
    entries.set("examples", example.map_err(|source| PublishedError::Json { path: FIELDS, source })?);
    let mut address = Schema::empty();
    address.set("description", Schema::text("The address of this schema, for editors."));
    address.set("type", Schema::text("string"));
    let mut properties = Schema::empty();
    properties.set("$schema", address);
    properties.set("schemaVersion", version);
    properties.set("fields", entries);

    let mut schema = Schema::empty();
    schema.set("$schema", Schema::text("https://json-schema.org/draft/2020-12/schema"));
    schema.name(
        "fields",
        "Spectra field templates",
        "Fields that several boards share, in `config/projects/schemas/<name>/fields.json`. A manifest takes one over \
         with `use: <name>/<entry>`; keys beside it win over the template's.",
    );
    schema.set("$ref", Schema::text("#/$defs/templates"));
    let mut templates = Schema::empty();
    templates.set("description", Schema::text("A file of field templates."));
    templates.set("type", Schema::text("object"));
    templates.set("additionalProperties", Schema::Scalar(false.into()));
    templates.set("required", Schema::texts(&["schemaVersion", "fields"]));
    templates.set("properties", properties);
    let mut needed = IndexSet::new();
    templates.references(&mut needed);
    let mut definitions = IndexMap::from([("templates".to_owned(), templates)]);
    let mut next = 0;
    while let Some(name) = needed.get_index(next).cloned() {
        if let Some(definition) = source.at(&["$defs", &name]).cloned() {
            definition.references(&mut needed);
            definitions.insert(name, definition);
        }
        next = next.saturating_add(1);
    }
    schema.set("$defs", Schema::Object(definitions));
    Ok(schema)
}

/// The schema with the other's definitions in place of its own ones of the same name.
fn copied(mut schema: Schema, from: &Schema) -> Schema {
    if let Some(Schema::Object(definitions)) = schema.at_mut(&["$defs"]) {
        for (name, definition) in definitions {
            if let Some(other) = from.at(&["$defs", name]) {
                definition.clone_from(other);
            }
        }
    }
    schema
}

impl Schema {
    fn empty() -> Self {
        Self::Object(IndexMap::new())
    }

    fn text(text: &str) -> Self {
        Self::Scalar(text.into())
    }

    fn texts(texts: &[&str]) -> Self {
        Self::List(texts.iter().map(|text| Self::text(text)).collect())
    }

    fn reference(name: &str) -> Self {
        Self::Object(IndexMap::from([("$ref".to_owned(), Self::text(&format!("#/$defs/{name}")))]))
    }

    fn name(&mut self, file: &str, title: &str, description: &str) {
        let id = format!("https://github.com/SPECTRADataSolutions/spectra/schemas/{file}.schema.json");
        self.set("$id", Self::text(&id));
        self.set("title", Self::text(title));
        self.set("description", Self::text(description));
    }

    fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |schema, key| match schema {
            Self::Object(members) => members.get(*key),
            Self::List(_) | Self::Scalar(_) => None,
        })
    }

    fn at_mut(&mut self, keys: &[&str]) -> Option<&mut Self> {
        keys.iter().try_fold(self, |schema, key| match schema {
            Self::Object(members) => members.get_mut(*key),
            Self::List(_) | Self::Scalar(_) => None,
        })
    }

    fn definition_mut(&mut self, name: &'static str) -> Result<&mut Self, PublishedError> {
        self.at_mut(&["$defs", name]).ok_or(PublishedError::Definition { path: MANIFEST, name })
    }

    fn set(&mut self, key: &str, value: Self) {
        if let Self::Object(members) = self {
            members.insert(key.to_owned(), value);
        }
    }

    fn remove(&mut self, key: &str) {
        if let Self::Object(members) = self {
            members.shift_remove(key);
        }
    }

    /// The names of the definitions that it refers to.
    fn references(&self, into: &mut IndexSet<String>) {
        match self {
            Self::Object(members) => {
                if let Some(Self::Scalar(serde_json::Value::String(target))) = members.get("$ref") {
                    into.extend(target.strip_prefix("#/$defs/").map(str::to_owned));
                }
                members.values().for_each(|inner| inner.references(into));
            }
            Self::List(items) => items.iter().for_each(|inner| inner.references(into)),
            Self::Scalar(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(text: &str) -> Schema {
        serde_json::from_str(text).unwrap()
    }

    fn manifest() -> Schema {
        schema(
            r##"{"$id": "m", "$defs": {
                "manifest": {"required": ["id"], "properties": {"projects": {"minItems": 1, "type": "array"}}},
                "project": {"required": ["id", "title"]}, "provisioning": {"required": ["title"]},
                "initiative": {"required": ["id"]}, "activity": {"required": ["id", "title"]},
                "task": {"required": ["id", "title"]}, "id": {"type": "string"}, "name": {"type": "string"},
                "field": {"properties": {"use": {"$ref": "#/$defs/path"}, "name": {"$ref": "#/$defs/name"}},
                          "anyOf": [{"required": ["use"]}]},
                "path": {"type": "string"}
            }}"##,
        )
    }

    #[test]
    fn a_fragment_needs_ids_only() {
        let made = fragment(manifest()).unwrap();
        let required = |name| made.at(&["$defs", name, "required"]);
        assert_eq!(required("manifest"), None);
        assert_eq!(required("provisioning"), None);
        assert_eq!(required("task"), Some(&schema(r#"["id"]"#)));
        let projects = made.at(&["$defs", "manifest", "properties", "projects"]);
        assert_eq!(projects, Some(&schema(r#"{"type": "array"}"#)));
    }

    #[test]
    fn templates_have_the_manifests_fields_and_what_those_refer_to() {
        let made = fields(&manifest()).unwrap();
        let Some(Schema::Object(definitions)) = made.at(&["$defs"]) else { panic!("definitions") };
        assert_eq!(definitions.keys().collect::<Vec<_>>(), ["templates", "field", "name"]);
        assert_eq!(made.at(&["$defs", "field", "properties", "use"]), None);
        assert_eq!(made.at(&["$defs", "field", "anyOf"]), None);
        assert_eq!(made.at(&["$defs", "field", "required"]), Some(&schema(r#"["name", "type"]"#)));
    }

    #[test]
    fn shared_definitions_are_copied_and_others_stay() {
        let own = schema(r#"{"$defs": {"id": 1, "other": 2}}"#);
        let made = copied(own, &manifest());
        assert_eq!(made, schema(r#"{"$defs": {"id": {"type": "string"}, "other": 2}}"#));
    }
}
