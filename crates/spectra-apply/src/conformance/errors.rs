//! Refusals: their three shapes, their words, and what of a request has run beside them.

use std::future::{Ready, ready};

use serde_json::{Value, json};

use super::answer::{Answer, Checked, Verdict};
use super::bench::Bench;
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "errors/unknown-id",
        "An unknown id: `Could not resolve to a node with the global id of '…'`, NOT_FOUND, with its path",
        "observed: recorded responses of gr2m/github-project",
        unknown_id
    ),
    check!(
        "errors/unknown-project",
        "An unknown number: `Could not resolve to a ProjectV2 with the number N.`, NOT_FOUND",
        "observed: recorded responses of gr2m/github-project",
        unknown_project
    ),
    check!(
        "errors/unknown-repository",
        "An unknown repository: `Could not resolve to a Repository with the name 'o/r'.`, NOT_FOUND",
        "observed: recorded responses of gr2m/github-project",
        unknown_repository
    ),
    check!(
        "errors/partial",
        "One unknown node leaves the others' data: null and an error for the one, the other beside it",
        "documented: GraphQL specification; observed: recorded responses of gr2m/github-project",
        partial
    ),
    check!(
        "errors/execution-shape",
        "A refused mutation: status 200, data null under its alias, an error with type, path, locations, message",
        "observed: recorded responses of gr2m/github-project",
        execution_shape
    ),
    check!(
        "errors/aliases",
        "Mutations of one request run in order; one that fails doesn't undo the others, and its error names its alias",
        "documented: GraphQL specification (serial order); observed: live notes of a third-party client",
        aliases
    ),
    check!(
        "errors/validation-shape",
        "A document with an unknown field: no data, no type, extensions.code, a path that begins with the operation",
        "observed: recorded responses of gr2m/github-project",
        validation_shape
    ),
    check!(
        "errors/unknown-argument",
        "An unknown argument is refused likewise",
        "observed: recorded responses of gr2m/github-project",
        unknown_argument
    ),
    check!(
        "errors/literal-input",
        "An unknown member of a literal input is refused before anything runs",
        "observed: recorded responses of gr2m/github-project",
        literal_input
    ),
    check!(
        "errors/literal-date",
        "A literal of the wrong kind is refused before anything runs: argumentLiteralsIncompatible",
        "observed: recorded responses of gr2m/github-project",
        literal_date
    ),
    check!(
        "errors/variables",
        "An unknown member of a variable: `Variable $input of type T! was provided invalid value for F (Field is not defined on T)`",
        "observed: live notes of a third-party client",
        variables
    ),
    question!("errors/parse", "What a document that doesn't parse is answered with", "unknown", parse),
    question!(
        "errors/types",
        "The type that each refusal met by the other checks came with",
        "unknown for most messages",
        types
    ),
];

async fn unknown_id(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::NODE, json!({ "id": "PVT_kwDONoSuchNode" })).await?;
    let path = answer.at("/errors/0/path") == &json!(["node"]);
    Ok(answer
        .refuses_with("Could not resolve to a node with the global id of 'PVT_kwDONoSuchNode'")
        .and(|| Verdict::expect(answer.kind() == "NOT_FOUND", "type NOT_FOUND", answer.shown()))
        .and(|| Verdict::expect(path, "path [\"node\"]", answer.shown())))
}

async fn unknown_project(bench: &mut Bench) -> Checked {
    let document =
        if bench.owner.is_organization { documents::ORGANIZATION_PROJECT } else { documents::USER_PROJECT };
    let answer = bench.ask(document, json!({ "login": bench.owner.login, "number": 987_654 })).await?;
    Ok(answer
        .refuses_with("Could not resolve to a ProjectV2 with the number 987654.")
        .and(|| Verdict::expect(answer.kind() == "NOT_FOUND", "type NOT_FOUND", answer.shown())))
}

async fn unknown_repository(bench: &mut Bench) -> Checked {
    let owner = bench.repository.owner.clone();
    let name = "spectra-no-such-repository";
    let answer = bench.ask(documents::REPOSITORY, json!({ "owner": owner, "name": name })).await?;
    let words = format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
    Ok(answer
        .refuses_with(&words)
        .and(|| Verdict::expect(answer.kind() == "NOT_FOUND", "type NOT_FOUND", answer.shown())))
}

async fn partial(bench: &mut Bench) -> Checked {
    let known = bench.repository.id.clone();
    let answer =
        bench.ask(documents::TWO_NODES, json!({ "known": known, "unknown": "I_kwDONoSuchNode" })).await?;
    let is_so = answer.at("/data/a").is_null()
        && answer.text("/data/b/id") == known
        && answer.at("/errors/0/path") == &json!(["a"]);
    Ok(Verdict::expect(is_so, "null for a, b whole, one error at a", answer.body.to_string()))
}

async fn execution_shape(bench: &mut Bench) -> Checked {
    let (_, item) = bench.any_item().await?;
    let status = bench.status().await?;
    let answer = bench.set(&item, &status.field, json!({ "singleSelectOptionId": "00000000" })).await?;
    let alias = "/data/updateProjectV2ItemFieldValue";
    let is_so = answer.status == 200
        && answer.body.pointer(alias).is_some_and(Value::is_null)
        && answer.at("/errors/0/path/0") == &json!("updateProjectV2ItemFieldValue")
        && answer.at("/errors/0/type").is_string()
        && answer.at("/errors/0/message").is_string()
        && answer.at("/errors/0/locations/0/line").is_u64();
    Ok(Verdict::expect(is_so, "null data; type, path, locations, message", answer.body.to_string()))
}

async fn aliases(bench: &mut Bench) -> Checked {
    let (project, item) = bench.any_item().await?;
    let (first, first_name) = bench.text_field().await?;
    let (second, second_name) = bench.text_field().await?;
    let write = |field: &str, text: &str| json!({ "projectId": project, "itemId": item, "fieldId": field, "value": { "text": text } });
    let long = "t".repeat(1025);
    let variables =
        json!({ "a": write(&first, "one"), "b": write(&second, &long), "c": write(&second, "three") });
    let answer = bench.ask(documents::THREE_WRITES, variables).await?;
    let one = bench.value(&item, &first_name).await?;
    let three = bench.value(&item, &second_name).await?;
    let ran = !answer.at("/data/m0").is_null()
        && answer.at("/data/m1").is_null()
        && !answer.at("/data/m2").is_null();
    let named = answer.errors().len() == 1 && answer.at("/errors/0/path/0") == &json!("m1");
    let kept = one.get("text") == Some(&json!("one")) && three.get("text") == Some(&json!("three"));
    Ok(Verdict::expect(ran && named, "m0 and m2 ran, one error at m1", answer.body.to_string())
        .and(|| Verdict::expect(kept, "both values are kept", format!("{one} {three}"))))
}

/// No data, no type, a code.
fn is_validation(answer: &Answer) -> bool {
    answer.status == 200
        && answer.body.get("data").is_none()
        && answer.at("/errors/0/type").is_null()
        && answer.at("/errors/0/extensions/code").is_string()
}

fn refused_as_invalid(answer: &Answer, operation: &str) -> Verdict {
    let names_it = answer.text("/errors/0/path/0") == operation;
    let expected = format!("no data, no type, extensions.code, path [\"{operation}\", …]");
    Verdict::expect(is_validation(answer) && names_it, expected, answer.body.to_string())
        .noting(format!("code {}", answer.text("/errors/0/extensions/code")))
}

async fn validation_shape(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::UNKNOWN_FIELD, json!({})).await?;
    Ok(refused_as_invalid(&answer, "query Unknown"))
}

async fn unknown_argument(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::UNKNOWN_ARGUMENT, json!({})).await?;
    Ok(refused_as_invalid(&answer, "query Unknown"))
}

async fn literal_input(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::BAD_LITERAL, json!({})).await?;
    Ok(refused_as_invalid(&answer, "mutation Bad"))
}

async fn literal_date(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::BAD_DATE, json!({})).await?;
    let code = answer.text("/errors/0/extensions/code") == "argumentLiteralsIncompatible";
    Ok(refused_as_invalid(&answer, "mutation Bad")
        .and(|| Verdict::expect(code, "code argumentLiteralsIncompatible", answer.shown())))
}

async fn variables(bench: &mut Bench) -> Checked {
    let input = json!({ "input": { "ownerId": bench.owner.id, "title": "none", "readme": "none" } });
    let answer =
        bench.ask_text(documents::CREATE_PROJECT.text, documents::CREATE_PROJECT.weight, input).await?;
    let words = "Variable $input of type CreateProjectV2Input! was provided invalid value for readme (Field is not \
                 defined on CreateProjectV2Input)";
    let no_data = answer.body.get("data").is_none();
    Ok(answer.refuses_with(words).and(|| Verdict::expect(no_data, "no data", answer.body.to_string())))
}

async fn parse(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::NOT_GRAPHQL, json!({})).await?;
    let data = if answer.body.get("data").is_none() { "no data" } else { "data" };
    Ok(answer.outcome(&format!("HTTP {}, {data}, no errors", answer.status)))
}

fn types(bench: &mut Bench) -> Ready<Checked> {
    let lines = bench
        .refusals
        .iter()
        .map(|(message, kind)| format!("{}: {message}", if kind.is_empty() { "(none)" } else { kind }));
    let met = lines.collect::<Vec<_>>().join(" | ");
    ready(Ok(Verdict::Answer(if met.is_empty() { "no refusal was met".to_owned() } else { met })))
}
