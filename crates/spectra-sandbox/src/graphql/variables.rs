//! Values of variables, checked with GitHub's words.
//!
//! GitHub: `Variable $input of type T! was provided invalid value for F (Field is not defined on T)` was observed in a
//! live run; value, problems and places are reported (open-sauced#524). The rest follows graphql-ruby, which GitHub runs
//! on: `Query::VariableValidationError`, `Schema::InputObject`, `Schema::List`, `Schema::Enum`, `Schema::Scalar`.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::Operation;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use serde_json::{Value, json};

use super::errors::locations;

/// All variables fit their types, or the whole answer.
pub(super) fn check(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    values: &JsonMap,
) -> Result<(), Value> {
    let mut errors = Vec::new();
    for variable in &operation.variables {
        let given = values.get(variable.name.as_str());
        let mut problems = Problems { schema, path: Vec::new(), found: Vec::new() };
        match given {
            Some(value) => problems.value(&variable.ty, value),
            None if variable.ty.is_non_null() && variable.default_value.is_none() => {
                problems.add("Expected value to not be null".to_owned());
            }
            None => {}
        }
        if problems.found.is_empty() {
            continue;
        }
        let details: Vec<String> = problems
            .found
            .iter()
            .filter(|(path, _)| !path.is_empty())
            .map(|(path, explanation)| format!("{} ({explanation})", joined(path)))
            .collect();
        let mut message =
            format!("Variable ${} of type {} was provided invalid value", variable.name, variable.ty);
        if !details.is_empty() {
            message.push_str(" for ");
            message.push_str(&details.join(", "));
        }
        let problems: Vec<Value> = problems
            .found
            .iter()
            .map(|(path, explanation)| json!({ "path": path, "explanation": explanation }))
            .collect();
        errors.push(json!({
            "message": message,
            "locations": locations(variable.location(), &document.sources),
            "extensions": { "value": given, "problems": problems },
        }));
    }
    if errors.is_empty() { Ok(()) } else { Err(json!({ "errors": errors })) }
}

struct Problems<'a> {
    schema: &'a Schema,
    path: Vec<Value>,
    found: Vec<(Vec<Value>, String)>,
}

impl Problems<'_> {
    fn add(&mut self, explanation: String) {
        self.found.push((self.path.clone(), explanation));
    }

    fn at(&mut self, step: Value, check: impl FnOnce(&mut Self)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }

    fn value(&mut self, ty: &Type, value: &JsonValue) {
        if value.is_null() {
            if ty.is_non_null() {
                self.add("Expected value to not be null".to_owned());
            }
            return;
        }
        match ty {
            // GitHub: reported (erk, `[IssueState!]!`): what is no list is its only element, and has its place.
            Type::List(inner) | Type::NonNullList(inner) => {
                let elements = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for (place, value) in elements.iter().enumerate() {
                    self.at(json!(place), |problems| problems.value(inner, value));
                }
            }
            Type::Named(name) | Type::NonNullNamed(name) => match self.schema.types.get(name) {
                Some(ExtendedType::InputObject(object)) => {
                    let Some(map) = value.as_object() else {
                        self.add(format!("Expected {value} to be a key-value object."));
                        return;
                    };
                    for (key, value) in map {
                        self.at(json!(key.as_str()), |problems| match object.fields.get(key.as_str()) {
                            Some(definition) => problems.value(&definition.ty, value),
                            None => problems.add(format!("Field is not defined on {name}")),
                        });
                    }
                    for (field, definition) in &object.fields {
                        if definition.is_required() && !map.contains_key(field.as_str()) {
                            self.at(json!(field.as_str()), |problems| {
                                problems.add("Expected value to not be null".to_owned());
                            });
                        }
                    }
                }
                // GitHub names values in the order of its own definition, which the published schema doesn't keep.
                Some(ExtendedType::Enum(values)) => {
                    let known = value.as_str().is_some_and(|text| values.values.contains_key(text));
                    if !known {
                        let names: Vec<&str> =
                            values.values.keys().map(apollo_compiler::Name::as_str).collect();
                        self.add(format!("Expected {value} to be one of: {}", names.join(", ")));
                    }
                }
                Some(_) | None => {
                    if !fits_scalar(name, value) {
                        self.add(format!("Could not coerce value {value} to {name}"));
                    }
                }
            },
        }
    }
}

/// `items.0.title`.
fn joined(path: &[Value]) -> String {
    let steps: Vec<String> =
        path.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
    steps.join(".")
}

/// Whether a JSON value is one of a scalar's.
fn fits_scalar(name: &str, value: &JsonValue) -> bool {
    match name {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => value.is_number(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64(),
        "String" | "URI" | "HTML" | "GitObjectID" | "Base64String" => value.is_string(),
        "Date" | "DateTime" => value.as_str().is_some_and(|text| fits_time(name, text)),
        _ => true,
    }
}

/// Whether a text is a `Date` or a `DateTime`, both in ISO 8601.
pub(super) fn fits_time(name: &str, text: &str) -> bool {
    if name == "Date" {
        crate::world::date::parse(text).is_some()
    } else {
        text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::Date>().is_ok()
    }
}
