//! Iterations: like options they are written as a whole set, and what that does to values is less well known.

use serde_json::{Value, json};

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::{Bench, id_of, needed};
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "iteration/create",
        "A field made with iterations has them, past ones apart as completed",
        "documented: GitHub's schema; observed: recorded responses of gr2m/github-project",
        create
    ),
    question!(
        "iteration/empty-list",
        "Which iterations a field has that was made with an empty list",
        "unknown; GitHub's own pages make three",
        empty_list
    ),
    check!(
        "iteration/value",
        "An item holds the iteration that it was set to, by its id",
        "documented: GitHub's schema, ProjectV2FieldValue.iterationId",
        value
    ),
    check!(
        "iteration/without-ids",
        "Iterations sent without ids get new ones, and the items' values are gone",
        "observed: GitHub's MCP server",
        without_ids
    ),
    question!(
        "iteration/with-ids",
        "Whether iterations sent with ids keep them, and the items' values",
        "documented: GitHub's schema of 2026-10-26; no live test is known",
        with_ids
    ),
    question!(
        "iteration/completed-left-out",
        "What becomes of completed iterations, and of values in them, when only the others are sent",
        "unknown",
        completed_left_out
    ),
];

struct Made {
    field: String,
    name: String,
    item: String,
    /// The completed one, then two to come.
    iterations: Vec<Value>,
}

fn iteration(id: Option<&str>, title: &str, start: &str) -> Value {
    let mut iteration = json!({ "title": title, "startDate": start, "duration": 14 });
    if let (Some(iteration), Some(id)) = (iteration.as_object_mut(), id) {
        iteration.insert("id".to_owned(), json!(id));
    }
    iteration
}

const STARTS: [(&str, &str); 3] = [("Past", "2020-01-06"), ("First", "2030-01-07"), ("Second", "2030-01-21")];

fn configuration(iterations: &[Value]) -> Value {
    json!({ "iterationConfiguration": { "startDate": "2020-01-06", "duration": 14, "iterations": iterations } })
}

/// Iterations of a field as they are, completed ones first.
fn all(answer: &Answer, field: &str) -> Vec<Value> {
    let list = |name: &str| answer.list(&format!("{field}/configuration/{name}")).to_vec();
    [list("completedIterations"), list("iterations")].concat()
}

/// A field with three iterations and an item that holds one of them.
async fn make(bench: &mut Bench, held: &str) -> Result<Made, Trouble> {
    let name = bench.field_name("Iteration");
    let sent = STARTS.map(|(title, start)| iteration(None, title, start));
    let (answer, field) = bench.field(&name, "ITERATION", configuration(&sent)).await?;
    let iterations = all(&answer, "/data/createProjectV2Field/projectV2Field");
    let (_, item) = bench.any_item().await?;
    let value = json!({ "iterationId": id_of(&iterations, held) });
    bench.set(&item, &field, value).await?.done("set the iteration").map_err(needed)?;
    Ok(Made { field, name, item, iterations })
}

async fn write(bench: &mut Bench, made: &Made, iterations: &[Value]) -> Result<Answer, Trouble> {
    let mut input = configuration(iterations);
    if let Some(input) = input.as_object_mut() {
        input.insert("fieldId".to_owned(), json!(made.field));
    }
    bench.ask(documents::UPDATE_FIELD, json!({ "input": input })).await
}

async fn read(bench: &mut Bench, made: &Made) -> Result<(Vec<Value>, Value), Trouble> {
    let field = bench.done(documents::FIELD, json!({ "field": made.field })).await?;
    let value = bench.value(&made.item, &made.name).await?;
    Ok((all(&field, "/data/node"), value))
}

async fn create(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Iteration");
    let sent = STARTS.map(|(title, start)| iteration(None, title, start));
    let answer =
        bench.create_field(&name, "ITERATION", configuration(&sent)).await?.done("createProjectV2Field")?;
    let field = "/data/createProjectV2Field/projectV2Field/configuration";
    let to_come = answer.column(&format!("{field}/iterations"), "title");
    let past = answer.column(&format!("{field}/completedIterations"), "title");
    let is_so = past == ["Past"] && to_come == ["First", "Second"];
    Ok(Verdict::expect(is_so, "completed: Past; to come: First, Second", answer.shown()))
}

async fn empty_list(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Iteration");
    let answer = bench.create_field(&name, "ITERATION", configuration(&[])).await?;
    if answer.is_refused() {
        return Ok(Verdict::Answer(answer.refusal()));
    }
    let made = all(&answer, "/data/createProjectV2Field/projectV2Field");
    Ok(Verdict::Answer(format!("{} iterations: {}", made.len(), Value::Array(made))))
}

async fn value(bench: &mut Bench) -> Checked {
    let made = make(bench, "Second").await?;
    let id = id_of(&made.iterations, "Second");
    let (_, value) = read(bench, &made).await?;
    Ok(Verdict::expect(value.get("iterationId") == Some(&json!(id)), id, value.to_string()))
}

async fn without_ids(bench: &mut Bench) -> Checked {
    let made = make(bench, "First").await?;
    let sent = STARTS.map(|(title, start)| iteration(None, title, start));
    write(bench, &made, &sent).await?.done("write the iterations without ids")?;
    let (iterations, value) = read(bench, &made).await?;
    let old = id_of(&made.iterations, "First");
    let is_so = id_of(&iterations, "First") != old && value.is_null();
    let shown = format!("{} {value}", Value::Array(iterations.clone()));
    Ok(Verdict::expect(is_so, format!("another id than {old}, and no value"), shown))
}

async fn with_ids(bench: &mut Bench) -> Checked {
    let made = make(bench, "First").await?;
    let id = |title: &str| id_of(&made.iterations, title);
    let sent = STARTS.map(|(title, start)| iteration(Some(&id(title)), title, start));
    let third = iteration(None, "Third", "2030-02-04");
    let answer = write(bench, &made, &[&sent[..], &[third]].concat()).await?;
    if answer.is_refused() {
        return Ok(Verdict::Answer(answer.refusal()));
    }
    let (iterations, value) = read(bench, &made).await?;
    let kept = STARTS.iter().all(|(title, _)| id_of(&iterations, title) == id(title));
    let ids = if kept { "the ids are kept" } else { "ids are made anew" };
    let value = if value.get("iterationId") == Some(&json!(id("First"))) {
        "the value too"
    } else {
        "the value is gone"
    };
    Ok(Verdict::Answer(format!("{ids}, {value}")))
}

async fn completed_left_out(bench: &mut Bench) -> Checked {
    let made = make(bench, "Past").await?;
    let id = |title: &str| id_of(&made.iterations, title);
    let to_come = STARTS.iter().skip(1);
    let sent: Vec<Value> = to_come.map(|(title, start)| iteration(Some(&id(title)), title, start)).collect();
    let answer = write(bench, &made, &sent).await?;
    if answer.is_refused() {
        return Ok(Verdict::Answer(answer.refusal()));
    }
    let (iterations, value) = read(bench, &made).await?;
    let stays = id_of(&iterations, "Past") == id("Past");
    let past = if stays { "completed iterations stay" } else { "completed iterations are gone" };
    let value = if value.is_null() { "values in them are gone" } else { "values in them stay" };
    Ok(Verdict::Answer(format!("{past}, {value}")))
}
