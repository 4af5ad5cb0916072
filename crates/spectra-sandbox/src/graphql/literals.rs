//! Literal values in a document, checked with GitHub's words.
//!
//! The engine's validator accepts anything for a custom scalar and words its objections differently. GitHub: codes,
//! paths and messages observed in recorded responses; those not recorded follow graphql-ruby, which GitHub runs on.

use apollo_compiler::ast::{Type, Value as Literal};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use serde_json::{Value, json};

use super::errors::locations;
use super::validation::operation_step;
use super::variables::fits_time;

/// All objections to literals, fields in the order of the document.
pub(super) fn check(schema: &Schema, document: &ExecutableDocument) -> Vec<Value> {
    let mut walk = Walk { schema, document, path: Vec::new(), errors: Vec::new() };
    for operation in document.operations.iter() {
        let name = operation.name.as_ref().map(apollo_compiler::Name::as_str);
        walk.path.push(operation_step(operation.operation_type.name(), name));
        walk.set(&operation.selection_set);
        walk.path.pop();
    }
    for fragment in document.fragments.values() {
        walk.path.push(format!("fragment {}", fragment.name));
        walk.set(&fragment.selection_set);
        walk.path.pop();
    }
    walk.errors
}

/// What an argument belongs to.
#[derive(Clone, Copy)]
enum Place<'a> {
    Field(&'a str),
    InputObject(&'a str),
}

struct Walk<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    path: Vec<String>,
    errors: Vec<Value>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.path.push(field.response_key().to_string());
                    self.arguments(field);
                    self.set(&field.selection_set);
                    self.path.pop();
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.type_condition.as_ref();
                    self.path.push(on.map_or_else(|| "...".to_owned(), |on| format!("... on {on}")));
                    self.set(&fragment.selection_set);
                    self.path.pop();
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn arguments(&mut self, field: &'a Field) {
        for argument in &field.arguments {
            let Some(definition) = field.definition.argument_by_name(&argument.name) else { continue };
            self.path.push(argument.name.to_string());
            self.value(Place::Field(&field.name), &argument.name, &definition.ty, &argument.value);
            self.path.pop();
        }
    }

    fn value(&mut self, place: Place<'a>, name: &'a str, ty: &'a Type, value: &'a Node<Literal>) {
        match value.as_ref() {
            Literal::Variable(_) => {}
            Literal::Null => {
                if ty.is_non_null() {
                    self.incompatible(place, name, ty, value);
                }
            }
            Literal::List(list) => {
                if ty.is_list() {
                    for element in list {
                        self.value(place, name, ty.item_type(), element);
                    }
                } else {
                    self.incompatible(place, name, ty, value);
                }
            }
            Literal::Object(fields) => match self.schema.types.get(ty.inner_named_type()) {
                Some(ExtendedType::InputObject(object)) => {
                    for (place, (key, value)) in fields.iter().enumerate() {
                        self.path.push(key.to_string());
                        if fields.iter().take(place).any(|(earlier, _)| earlier == key) {
                            self.repeated(key, key.location());
                        }
                        match object.fields.get(key) {
                            Some(definition) => {
                                self.value(Place::InputObject(&object.name), key, &definition.ty, value);
                            }
                            None => self.unknown(&object.name, key, value.location()),
                        }
                        self.path.pop();
                    }
                    for (key, definition) in &object.fields {
                        if definition.is_required() && fields.iter().all(|(given, _)| given != key) {
                            self.missing(&object.name, key, &definition.ty, value.location());
                        }
                    }
                }
                Some(_) | None => self.incompatible(place, name, ty, value),
            },
            Literal::Enum(_)
            | Literal::String(_)
            | Literal::Float(_)
            | Literal::Int(_)
            | Literal::Boolean(_) => {
                if !self.fits(ty, value) {
                    self.incompatible(place, name, ty, value);
                }
            }
        }
    }

    fn fits(&self, ty: &Type, value: &Literal) -> bool {
        let name = ty.inner_named_type();
        match self.schema.types.get(name) {
            Some(ExtendedType::Enum(known)) => {
                matches!(value, Literal::Enum(given) if known.values.contains_key(given))
            }
            Some(ExtendedType::Scalar(_)) => match (name.as_str(), value) {
                ("Int", Literal::Int(number)) => number.try_to_i32().is_ok(),
                ("Float", Literal::Int(_) | Literal::Float(_))
                | ("ID", Literal::Int(_) | Literal::String(_))
                | ("String" | "URI", Literal::String(_))
                | ("Boolean", Literal::Boolean(_)) => true,
                ("Date" | "DateTime", Literal::String(text)) => fits_time(name, text),
                ("Int" | "Float" | "ID" | "String" | "URI" | "Boolean" | "Date" | "DateTime", _) => false,
                _ => true,
            },
            Some(_) | None => false,
        }
    }

    fn incompatible(&mut self, place: Place<'_>, name: &str, ty: &Type, value: &Node<Literal>) {
        let (kind, owner) = match place {
            Place::Field(owner) => ("Field", owner),
            Place::InputObject(owner) => ("InputObject", owner),
        };
        let value_text = value.serialize().no_indent().to_string();
        let message = format!(
            "Argument '{name}' on {kind} '{owner}' has an invalid value ({value_text}). Expected type '{ty}'."
        );
        let extensions =
            json!({ "code": "argumentLiteralsIncompatible", "typeName": kind, "argumentName": name });
        self.add(&message, &extensions, value.location());
    }

    fn unknown(&mut self, object: &str, key: &str, location: Option<SourceSpan>) {
        let message = format!("InputObject '{object}' doesn't accept argument '{key}'");
        let extensions = json!({
            "code": "argumentNotAccepted",
            "name": object,
            "typeName": "InputObject",
            "argumentName": key,
        });
        self.add(&message, &extensions, location);
    }

    /// graphql-ruby: `InputObjectNamesAreUnique`.
    fn repeated(&mut self, key: &str, location: Option<SourceSpan>) {
        let message = format!("There can be only one input field named \"{key}\"");
        let extensions = json!({ "code": "inputFieldNotUnique", "name": key });
        self.add(&message, &extensions, location);
    }

    fn missing(&mut self, object: &str, key: &str, ty: &Type, location: Option<SourceSpan>) {
        let message = format!("Argument '{key}' on InputObject '{object}' is required. Expected type {ty}");
        let extensions = json!({
            "code": "missingRequiredInputObjectAttribute",
            "argumentName": key,
            "argumentType": ty.to_string(),
            "inputObjectType": object,
        });
        self.path.push(key.to_owned());
        self.add(&message, &extensions, location);
        self.path.pop();
    }

    fn add(&mut self, message: &str, extensions: &Value, location: Option<SourceSpan>) {
        self.errors.push(json!({
            "path": self.path,
            "extensions": extensions,
            "locations": locations(location, &self.document.sources),
            "message": message,
        }));
    }
}
