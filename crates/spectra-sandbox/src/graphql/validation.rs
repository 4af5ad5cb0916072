//! Whether a text is a document that may run, said in GitHub's words.
//!
//! GitHub runs graphql-ruby, whose static validation decides what a document may not say; recorded answers of GitHub
//! show its codes, paths, places and order. The rules are in `walk`, `arguments`, `merge`, `spreads` and `uses`, each
//! naming the rule of graphql-ruby that it follows. What only the engine's own validator objects to is refused with
//! the engine's words. Knows nothing of the world or of variables' values.

mod arguments;
mod directives;
mod merge;
mod names;
mod problem;
mod spreads;
mod uses;
mod walk;

use apollo_compiler::ast::{Definition, Document};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::validation::{DiagnosticList, Valid, WithErrors};
use serde_json::{Value, json};

use super::errors::location;
use super::schema::GitHub;
use super::syntax;

/// The engine's objection to fields of one name and different types. GitHub doesn't make it where the fields stand on
/// different types of object: its own command line selects `state` of an issue and of a pull request side by side
/// (cli/cli, `IssueByNumber`).
const CONFLICTING_TYPES: &str = "ConflictingFieldType";

/// The document, or the whole answer that refuses it.
pub(super) fn check(
    github: &GitHub,
    text: &str,
    operation: Option<&str>,
) -> Result<Valid<ExecutableDocument>, Value> {
    let tree = Document::parse(text, "request.graphql").map_err(|broken| {
        let errors = syntax::find(text).map_or_else(|| unread(&broken.errors), |found| vec![said(&found)]);
        json!({ "errors": errors })
    })?;
    // graphql-ruby, `Query::ValidationPipeline`: which operation runs is asked before any rule is.
    let operations = tree.definitions.iter().filter_map(Definition::as_operation_definition);
    let names: Vec<Option<&str>> = operations.map(|operation| operation.name.as_deref()).collect();
    if !names.is_empty() && !is_found(&names, operation) {
        return Err(unnamed(operation));
    }
    let problems = walk::problems(github, &tree);
    if !problems.is_empty() {
        let errors: Vec<Value> = problems.into_iter().map(problem::Problem::into_json).collect();
        return Err(json!({ "errors": errors }));
    }
    tree.to_executable_validate(&github.schema).or_else(let_through)
}

/// graphql-ruby, `Query::OperationNameMissingError`: a sentence and nothing else.
pub(super) fn unnamed(operation: Option<&str>) -> Value {
    let message = match operation {
        Some(name) => format!("No operation named \"{name}\""),
        None => "An operation name is required".to_owned(),
    };
    json!({ "errors": [{ "message": message }] })
}

/// graphql-ruby, `Query#find_operation`: the only name there is, or the one that is asked for; an operation without a
/// name is what no name asks for.
fn is_found(names: &[Option<&str>], wanted: Option<&str>) -> bool {
    let only = names.iter().all(|name| Some(name) == names.first());
    (wanted.is_none() && only) || names.contains(&wanted)
}

/// The document, where the engine's validator objects only to what GitHub lets through.
fn let_through(refused: WithErrors<ExecutableDocument>) -> Result<Valid<ExecutableDocument>, Value> {
    let objections: Vec<Value> = refused
        .errors
        .iter()
        .filter(|it| it.error.unstable_error_name() != Some(CONFLICTING_TYPES))
        .map(|it| {
            let places = it.line_column_range().map(|range| location(range.start));
            let code = it.error.unstable_error_name().map(code).unwrap_or_default();
            json!({
                "path": [],
                "extensions": { "code": code },
                "locations": places.into_iter().collect::<Vec<_>>(),
                "message": it.error.to_string(),
            })
        })
        .collect();
    if objections.is_empty() {
        Ok(Valid::assume_valid(refused.partial))
    } else {
        Err(json!({ "errors": objections }))
    }
}

/// A code for an objection that is the engine's own.
fn code(class: &str) -> String {
    let mut letters = class.chars();
    letters.next().map_or_else(String::new, |first| {
        let mut code = first.to_lowercase().to_string();
        code.push_str(letters.as_str());
        code
    })
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
