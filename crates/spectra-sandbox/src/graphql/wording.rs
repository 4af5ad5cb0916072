//! GitHub's words for what the engine's validator says about the build of a document: fragments, variables,
//! directives, operations.
//!
//! GitHub: codes, messages and extensions follow the static validation of graphql-ruby, which GitHub runs on. Knows
//! the engine's sentences, in which names stand between backticks, and nothing of the world.

use serde_json::{Value, json};

/// GitHub's message and extensions for an objection of this class, or nothing where it has none here.
///
/// `text` is the engine's sentence and `compat` its other one, where names stand between double quotes.
pub(super) fn words(class: &str, text: &str, compat: &str) -> Option<(String, Value)> {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let name = |place: usize| names.get(place).copied().unwrap_or_default();
    let bare = name(0).trim_start_matches(['$', '@']);
    Some(match class {
        "RecursiveFragmentDefinition" => (
            format!("Fragment {bare} contains an infinite loop"),
            json!({ "code": "infiniteLoop", "fragmentName": bare }),
        ),
        "FragmentNameCollision" => (
            format!("Fragment name \"{bare}\" must be unique"),
            json!({ "code": "fragmentNotUnique", "fragmentName": bare }),
        ),
        "InvalidFragmentSpread" => spread(&names),
        "ConflictingFieldName" => {
            let quoted: Vec<&str> = compat.split('"').skip(1).step_by(2).collect();
            let conflicts = quoted.get(1..).unwrap_or_default().join(" or ");
            (
                format!("Field '{bare}' has a field conflict: {conflicts}?"),
                json!({ "code": "fieldConflict", "fieldName": bare, "conflicts": conflicts }),
            )
        }
        "ConflictingFieldArgument" => (
            format!("Field '{bare}' has an argument conflict"),
            json!({ "code": "fieldConflict", "fieldName": bare }),
        ),
        "UniqueArgument" => (
            format!("There can be only one argument named \"{bare}\""),
            json!({ "code": "argumentNotUnique", "name": bare }),
        ),
        "UniqueVariable" => (
            format!("There can only be one variable named \"{bare}\""),
            json!({ "code": "variableNotUnique", "variableName": bare }),
        ),
        "DisallowedVariableUsage" => {
            let (variable_type, argument, argument_type) = (name(1), name(2), name(3));
            let what = mismatch(variable_type, argument_type);
            (
                format!(
                    "{what} on variable ${bare} and argument {argument} ({variable_type} / {argument_type})"
                ),
                json!({
                    "code": "variableMismatch",
                    "variableName": bare,
                    "typeName": variable_type,
                    "argumentName": argument,
                    "errorMessage": what,
                }),
            )
        }
        "VariableInputType" => (
            format!("${bare} isn't of a valid input type"),
            json!({ "code": "variableRequiresValidType", "variableName": bare }),
        ),
        "UndefinedDirective" => (
            format!("Directive @{bare} is not defined"),
            json!({ "code": "undefinedDirective", "directiveName": bare }),
        ),
        "UniqueDirective" => {
            // The engine puts this name between no marks.
            let bare = text.split(' ').skip_while(|word| *word != "directive").nth(1).unwrap_or_default();
            (
                format!("The directive \"{bare}\" can only be used once at this location."),
                json!({ "code": "directiveNotUniqueForLocation", "directiveName": bare }),
            )
        }
        // `@include(if:)`
        "RequiredArgument" if name(0).starts_with('@') => {
            let (directive, argument) = bare.split_once('(').unwrap_or_default();
            let argument = argument.trim_end_matches(":)");
            (
                format!("Directive '{directive}' is missing required arguments: {argument}"),
                json!({
                    "code": "missingRequiredArguments",
                    "className": "Directive",
                    "name": directive,
                    "arguments": argument,
                }),
            )
        }
        "UndefinedArgument" if name(1).starts_with('@') => {
            let directive = name(1).trim_start_matches('@').split('(').next().unwrap_or_default();
            (
                format!("Directive '{directive}' doesn't accept argument '{bare}'"),
                json!({
                    "code": "argumentNotAccepted",
                    "name": directive,
                    "typeName": "Directive",
                    "argumentName": bare,
                }),
            )
        }
        _ => return of_operations(class, bare),
    })
}

/// The same for objections to the operations of a document.
fn of_operations(class: &str, bare: &str) -> Option<(String, Value)> {
    Some(match class {
        "OperationNameCollision" => (
            format!("Operation name \"{bare}\" must be unique"),
            json!({ "code": "uniquelyNamedOperations", "operationName": bare }),
        ),
        "AmbiguousAnonymousOperation" => (
            "Operation name is required when multiple operations are present".to_owned(),
            json!({ "code": "uniquelyNamedOperations" }),
        ),
        "UndefinedRootOperation" if bare == "subscription" => (
            "Schema is not configured for subscriptions".to_owned(),
            json!({ "code": "missingSubscriptionConfiguration" }),
        ),
        _ => return None,
    })
}

/// ``fragment `F` with type condition `A` cannot be applied to `B` ``, or the same of an inline fragment.
fn spread(names: &[&str]) -> (String, Value) {
    let (fragment, on, parent) = match names {
        [fragment, on, parent] => (Some(*fragment), *on, *parent),
        [on, parent] => (None, *on, *parent),
        _ => (None, "", ""),
    };
    let called = fragment.map_or_else(String::new, |name| format!(" {name}"));
    (
        format!("Fragment{called} on {on} can't be spread inside {parent}"),
        json!({
            "code": "cannotSpreadFragment",
            "typeName": on,
            "fragmentName": fragment.unwrap_or("unknown"),
            "parentName": parent,
        }),
    )
}

/// In what two types differ.
fn mismatch(variable: &str, argument: &str) -> &'static str {
    let inner = |ty: &str| ty.replace(['[', ']', '!'], "");
    let depth = |ty: &str| ty.matches('[').count();
    if inner(variable) != inner(argument) {
        "Type mismatch"
    } else if depth(variable) != depth(argument) {
        "List dimension mismatch"
    } else {
        "Nullability mismatch"
    }
}
