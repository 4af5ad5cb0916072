//! Objections to a document, in GitHub's shape: path, extensions with a code, locations, message; no data, no type.
//!
//! GitHub: the shape and `argumentLiteralsIncompatible` were observed in recorded responses; the other codes and
//! messages follow graphql-ruby, which GitHub runs on.

use apollo_compiler::ast::{self, Definition, Selection};
use apollo_compiler::parser::{LineColumn, SourceMap};
use apollo_compiler::validation::{DiagnosticList, Valid, WithErrors};
use apollo_compiler::{ExecutableDocument, Node, Schema};
use serde_json::{Value, json};

use super::errors::location;
use super::{literals, syntax, wording};

/// What the engine calls the objections that `literals` words better.
const ABOUT_LITERALS: [&str; 6] = [
    "UnsupportedValueType",
    "IntCoercionError",
    "FloatCoercionError",
    "UndefinedEnumValue",
    "UndefinedInputValue",
    "RequiredField",
];

/// The engine's objection to fields of one name and different types. GitHub doesn't make it where the fields stand on
/// different types of object: its own command line selects `state` of an issue and of a pull request side by side
/// (cli/cli, `IssueByNumber`).
const CONFLICTING_TYPES: &str = "ConflictingFieldType";

/// The document, where the engine's validator objects only to what GitHub lets through.
pub(super) fn let_through(
    refused: WithErrors<ExecutableDocument>,
) -> Result<Valid<ExecutableDocument>, Box<WithErrors<ExecutableDocument>>> {
    let passes = refused.errors.iter().all(|it| it.error.unstable_error_name() == Some(CONFLICTING_TYPES));
    if passes { Ok(Valid::assume_valid(refused.partial)) } else { Err(Box::new(refused)) }
}

/// The answer to a document that the engine's validator refuses.
pub(super) fn answer(schema: &Schema, text: &str, refused: &WithErrors<ExecutableDocument>) -> Value {
    let mut errors = Vec::new();
    let tree = match ast::Document::parse(text, "request.graphql") {
        Ok(tree) => tree,
        Err(broken) => {
            let errors =
                syntax::find(text).map_or_else(|| unread(&broken.errors), |found| vec![said(&found)]);
            return json!({ "errors": errors });
        }
    };
    let literals = literals::check(schema, &refused.partial);
    for diagnostic in refused.errors.iter() {
        let class = diagnostic.error.unstable_error_name().unwrap_or("SyntaxError");
        let is_better_said = ABOUT_LITERALS.contains(&class) && !literals.is_empty();
        if is_better_said || class == CONFLICTING_TYPES {
            continue;
        }
        let place = diagnostic.line_column_range().map(|range| range.start);
        let path = place.map(|place| path_to(&tree, place)).unwrap_or_default();
        // The engine drops what it doesn't know and then misses it.
        if class == "MissingSubselection" && place.is_some_and(|place| selects(&tree, place)) {
            continue;
        }
        let text = diagnostic.error.to_string();
        let compat = diagnostic.error.unstable_compat_message().unwrap_or_default();
        let (message, extensions) =
            wording::words(class, &text, &compat).unwrap_or_else(|| words(class, &text, &path));
        let locations: Vec<Value> = place.into_iter().map(location).collect();
        errors.push(json!({
            "path": path,
            "extensions": extensions,
            "locations": locations,
            "message": message,
        }));
    }
    errors.extend(literals);
    json!({ "errors": errors })
}

/// Literals that the engine's validator lets through and GitHub does not, such as a malformed date.
pub(super) fn check_literals(schema: &Schema, document: &Valid<ExecutableDocument>) -> Result<(), Value> {
    let errors = literals::check(schema, document);
    if errors.is_empty() { Ok(()) } else { Err(json!({ "errors": errors })) }
}

/// The first step of a path: `query`, `mutation NAME`.
pub(super) fn operation_step(kind: &str, name: Option<&str>) -> String {
    name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"))
}

/// GitHub: reported: an objection to the text has a message and a place and nothing else.
fn said(found: &syntax::Unexpected) -> Value {
    let place = found.place.map(|(line, column)| json!({ "line": line, "column": column }));
    json!({ "message": found.message, "locations": place.into_iter().collect::<Vec<_>>() })
}

/// The engine's own words, for what only it objects to.
fn unread(errors: &DiagnosticList) -> Vec<Value> {
    let first = errors.iter().next();
    let described = first.map(|diagnostic| {
        let place = diagnostic.line_column_range().map(|range| range.start);
        let at = place.map_or_else(String::new, |place| format!(" at [{}, {}]", place.line, place.column));
        let text = diagnostic.error.to_string();
        let text = text.strip_prefix("syntax error: ").unwrap_or(&text).to_owned();
        let locations: Vec<Value> = place.into_iter().map(location).collect();
        json!({ "message": format!("Parse error: {text}{at}"), "locations": locations })
    });
    described.into_iter().collect()
}

/// GitHub's message and extensions for one of the engine's objections.
fn words(class: &str, text: &str, path: &[String]) -> (String, Value) {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let name = |place: usize| names.get(place).copied().unwrap_or_default();
    // `Query.user(login:)` and `CreateIssueInput.title`.
    let (owner, rest) = name(names.len().saturating_sub(1)).split_once('.').unwrap_or_default();
    let (field, argument) = rest.split_once('(').unwrap_or((rest, ""));
    let argument = argument.trim_end_matches(":)");
    let root = path.first().map_or("the operation", String::as_str);
    match class {
        "UndefinedField" => (
            format!("Field '{}' doesn't exist on type '{}'", name(1), name(0)),
            json!({ "code": "undefinedField", "typeName": name(0), "fieldName": name(1) }),
        ),
        "UndefinedArgument" => (
            format!("Field '{field}' doesn't accept argument '{}'", name(0)),
            json!({
                "code": "argumentNotAccepted",
                "name": field,
                "typeName": "Field",
                "argumentName": name(0),
            }),
        ),
        "RequiredArgument" => (
            format!("Field '{field}' is missing required arguments: {argument}"),
            json!({
                "code": "missingRequiredArguments",
                "className": "Field",
                "name": field,
                "arguments": argument,
            }),
        ),
        "RequiredField" => (
            format!("Argument '{field}' on InputObject '{owner}' is required."),
            json!({
                "code": "missingRequiredInputObjectAttribute",
                "argumentName": field,
                "inputObjectType": owner,
            }),
        ),
        "UnusedVariable" => {
            let variable = name(0).trim_start_matches('$');
            (
                format!("Variable ${variable} is declared by {root} but not used"),
                json!({ "code": "variableNotUsed", "variableName": variable }),
            )
        }
        "UndefinedVariable" => {
            let variable = name(0).trim_start_matches('$');
            (
                format!("Variable ${variable} is used by {root} but not declared"),
                json!({ "code": "variableNotDefined", "variableName": variable }),
            )
        }
        "UndefinedDefinition" => (
            format!("{} isn't a defined input type", name(0)),
            json!({ "code": "variableRequiresValidType", "typeName": name(0) }),
        ),
        "UndefinedTypeInInlineFragmentTypeCondition" | "UndefinedTypeInNamedFragmentTypeCondition" => (
            format!("No such type {}, so it can't be a fragment condition", name(0)),
            json!({ "code": "undefinedType", "typeName": name(0) }),
        ),
        "MissingSubselection" => {
            let field = path.last().map_or("", String::as_str);
            (
                format!(
                    "Field must have selections (field '{field}' returns an object but has no selections. Did you mean '{field} {{ ... }}'?)"
                ),
                json!({ "code": "selectionMismatch", "nodeName": format!("field '{field}'") }),
            )
        }
        "SubselectionOnScalarType" | "SubselectionOnEnumType" => {
            let field = path.last().map_or("", String::as_str);
            (
                format!(
                    "Selections can't be made on scalars (field '{field}' returns {} but has selections)",
                    name(0)
                ),
                json!({ "code": "selectionMismatch", "nodeName": format!("field '{field}'"), "typeName": name(0) }),
            )
        }
        "UnusedFragment" => (
            format!("Fragment {} was defined, but not used", name(0)),
            json!({ "code": "useAndDefineFragment", "fragmentName": name(0) }),
        ),
        "UndefinedFragment" => (
            format!("Fragment {} was used, but not defined", name(0)),
            json!({ "code": "useAndDefineFragment", "fragmentName": name(0) }),
        ),
        other => (text.to_owned(), json!({ "code": code(other) })),
    }
}

/// A code for an objection that has no words of its own here.
fn code(class: &str) -> String {
    let mut letters = class.chars();
    letters.next().map_or_else(String::new, |first| {
        let mut code = first.to_lowercase().to_string();
        code.push_str(letters.as_str());
        code
    })
}

/// The names from the operation down to what stands at a place.
fn path_to(tree: &ast::Document, place: LineColumn) -> Vec<String> {
    let sources = &tree.sources;
    for definition in &tree.definitions {
        if let Definition::OperationDefinition(operation) = definition
            && holds(operation, sources, place)
        {
            let name = operation.name.as_ref().map(apollo_compiler::Name::as_str);
            let mut path = vec![operation_step(operation.operation_type.name(), name)];
            descend(&operation.selection_set, sources, place, &mut path);
            return path;
        }
        if let Definition::FragmentDefinition(fragment) = definition
            && holds(fragment, sources, place)
        {
            let mut path = vec![format!("fragment {}", fragment.name)];
            descend(&fragment.selection_set, sources, place, &mut path);
            return path;
        }
    }
    Vec::new()
}

fn descend(set: &[Selection], sources: &SourceMap, place: LineColumn, path: &mut Vec<String>) {
    for selection in set {
        match selection {
            Selection::Field(field) if holds(field, sources, place) => {
                path.push(field.response_name().to_string());
                if let Some(argument) =
                    field.arguments.iter().find(|argument| holds(argument, sources, place))
                {
                    path.push(argument.name.to_string());
                }
                return descend(&field.selection_set, sources, place, path);
            }
            Selection::InlineFragment(fragment) if holds(fragment, sources, place) => {
                let on = fragment.type_condition.as_ref();
                path.push(on.map_or_else(|| "...".to_owned(), |on| format!("... on {on}")));
                return descend(&fragment.selection_set, sources, place, path);
            }
            Selection::FragmentSpread(spread) if holds(spread, sources, place) => {
                path.push(format!("... {}", spread.fragment_name));
                return;
            }
            Selection::Field(_) | Selection::InlineFragment(_) | Selection::FragmentSpread(_) => {}
        }
    }
}

/// Whether the field that begins at a place selects anything.
fn selects(tree: &ast::Document, place: LineColumn) -> bool {
    let mut open: Vec<&[Selection]> = Vec::new();
    for definition in &tree.definitions {
        if let Definition::OperationDefinition(operation) = definition {
            open.push(&operation.selection_set);
        } else if let Definition::FragmentDefinition(fragment) = definition {
            open.push(&fragment.selection_set);
        }
    }
    while let Some(set) = open.pop() {
        for selection in set {
            match selection {
                Selection::Field(field) => {
                    let start = field.line_column_range(&tree.sources).map(|range| range.start);
                    if start.is_some_and(|start| (start.line, start.column) == (place.line, place.column)) {
                        return !field.selection_set.is_empty();
                    }
                    open.push(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => open.push(&fragment.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    false
}

fn holds<T>(node: &Node<T>, sources: &SourceMap, place: LineColumn) -> bool {
    let order = |at: LineColumn| (at.line, at.column);
    node.line_column_range(sources)
        .is_some_and(|range| order(range.start) <= order(place) && order(place) <= order(range.end))
}
