//! Whether a literal fits a type, and how it is printed.
//!
//! graphql-ruby, `StaticValidation::LiteralValidator`. What GitHub's own scalars take beyond what the schema says of
//! them is a guess, but for dates (recorded: `"Dec 31, 2023"` is no `Date`).

use apollo_compiler::ast::{Type, Value as Literal};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use super::variables::fits_time;

/// Fits, or doesn't for a reason that may have words.
pub(super) fn validate(schema: &Schema, ty: &Type, value: &Node<Literal>) -> Result<(), Option<String>> {
    match &**value {
        Literal::Variable(_) => return Ok(()),
        Literal::Null => return if ty.is_non_null() { Err(None) } else { Ok(()) },
        Literal::List(list) if ty.is_list() => {
            return list.iter().try_for_each(|element| validate(schema, ty.item_type(), element));
        }
        Literal::List(_)
        | Literal::Object(_)
        | Literal::Enum(_)
        | Literal::String(_)
        | Literal::Float(_)
        | Literal::Int(_)
        | Literal::Boolean(_) => {}
    }
    if ty.is_list() {
        return validate(schema, ty.item_type(), value);
    }
    let name = ty.inner_named_type();
    match (schema.types.get(name), &**value) {
        (Some(ExtendedType::Enum(known)), Literal::Enum(given)) => {
            if known.values.contains_key(given) {
                return Ok(());
            }
            let names: Vec<&str> = known.values.keys().map(Name::as_str).collect();
            Err(Some(format!("Expected \"{given}\" to be one of: {}", names.join(", "))))
        }
        (Some(ExtendedType::InputObject(object)), Literal::Object(fields)) => {
            let is_given = |name: &str| fields.iter().any(|(given, _)| given == name);
            if object.fields.iter().any(|(name, one)| one.is_required() && !is_given(name)) {
                return Err(None);
            }
            fields.iter().try_for_each(|(name, value)| match object.fields.get(name) {
                Some(field) => validate(schema, &field.ty, value),
                None => Err(None),
            })
        }
        (Some(ExtendedType::Scalar(_)), given) => {
            if !is_constant(given) {
                Err(None)
            } else if fits_scalar(name, given) {
                Ok(())
            } else {
                Err(Some(format!("Could not coerce value {} to {name}", printed(value))))
            }
        }
        (_, _) => Err(None),
    }
}

/// As graphql-ruby's printer writes a literal.
pub(super) fn printed(value: &Node<Literal>) -> String {
    value.serialize().no_indent().to_string()
}

/// Whether no variable stands in a literal.
fn is_constant(value: &Literal) -> bool {
    match value {
        Literal::Variable(_) => false,
        Literal::List(list) => list.iter().all(|element| is_constant(element)),
        Literal::Object(fields) => fields.iter().all(|(_, value)| is_constant(value)),
        Literal::Null
        | Literal::Enum(_)
        | Literal::String(_)
        | Literal::Float(_)
        | Literal::Int(_)
        | Literal::Boolean(_) => true,
    }
}

fn fits_scalar(name: &str, value: &Literal) -> bool {
    match (name, value) {
        ("Int", Literal::Int(number)) => number.try_to_i32().is_ok(),
        ("Float", Literal::Int(_) | Literal::Float(_))
        | ("ID", Literal::Int(_) | Literal::String(_))
        | ("String" | "URI", Literal::String(_))
        | ("Boolean", Literal::Boolean(_)) => true,
        ("Date" | "DateTime", Literal::String(text)) => fits_time(name, text),
        ("Int" | "Float" | "ID" | "String" | "URI" | "Boolean" | "Date" | "DateTime", _) => false,
        _ => true,
    }
}
