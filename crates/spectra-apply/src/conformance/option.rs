//! Options of single select fields: what becomes of ids and of the items' values when they are written.

use serde_json::{Value, json};

use super::answer::{Checked, Trouble, Verdict};
use super::bench::{Bench, Select, id_of, needed, option};
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "option/with-ids",
        "Options sent with their ids keep ids and the items' values through append, insert and reorder",
        "observed: field reports of 2026 (draft items), a production path",
        with_ids
    ),
    question!(
        "option/renamed",
        "Whether an option that is sent with its id and another name keeps its id, and the items' values",
        "documented: GitHub's schema, ProjectV2SingleSelectFieldOptionInput.id; no report of a renaming is known",
        renamed
    ),
    check!(
        "option/without-ids",
        "Options sent without ids get new ones, and the items' values are gone",
        "observed: field reports of 2026",
        without_ids
    ),
    question!(
        "option/dropped",
        "What becomes of an option that is left out, and of the values that items hold in it",
        "documented that the set is overwritten; the loss of values is inferred",
        dropped
    ),
    check!(
        "option/empty-list",
        "An empty list of options is ignored",
        "documented: GitHub's schema, UpdateProjectV2FieldInput",
        empty_list
    ),
    check!(
        "option/wrong-id",
        "An id of another field is refused: `The single select option Id does not belong to the field`, VALIDATION",
        "observed: field reports of 2026; gr2m/github-project#79",
        wrong_id
    ),
    check!(
        "option/wrong-case",
        "Option ids are case-sensitive",
        "observed: field reports of 2026",
        wrong_case
    ),
    check!(
        "option/no-id",
        "Another kind of value is refused: `Did not receive a single select option Id to update a field of type single_select`",
        "observed: field reports of 2026",
        no_id
    ),
    check!(
        "option/of-status",
        "The options of the built-in Status can be written with ids too",
        "observed: field reports of 2026",
        of_status
    ),
    question!(
        "option/name-case",
        "Whether two options may have one name, or differ in case only",
        "unknown",
        name_case
    ),
];

async fn write(bench: &mut Bench, field: &str, options: &[Value]) -> Result<super::answer::Answer, Trouble> {
    let input = json!({ "fieldId": field, "singleSelectOptions": options });
    bench.ask(documents::UPDATE_FIELD, json!({ "input": input })).await
}

/// The options now, and the option that the item holds, as GitHub shows them.
async fn read(bench: &mut Bench, select: &Select) -> Result<(Vec<Value>, Value), Trouble> {
    let field = bench.done(documents::FIELD, json!({ "field": select.field })).await?;
    let value = bench.value(&select.item, &select.name).await?;
    Ok((field.list("/data/node/options").to_vec(), value))
}

async fn with_ids(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let id = |name: &str| id_of(&select.options, name);
    let (one, two, three) = (id("One"), id("Two"), id("Three"));
    let sent = [
        option(Some(&three), "Three"),
        option(None, "Inserted"),
        option(Some(&two), "Two"),
        option(Some(&one), "One"),
        option(None, "Four"),
    ];
    write(bench, &select.field, &sent).await?.done("write the options with ids")?;
    let (options, value) = read(bench, &select).await?;
    let kept =
        id_of(&options, "Three") == three && id_of(&options, "Two") == two && id_of(&options, "One") == one;
    let order: Vec<&str> = options.iter().filter_map(|it| it.get("name")?.as_str()).collect();
    let is_so = kept
        && order == ["Three", "Inserted", "Two", "One", "Four"]
        && value.get("optionId") == Some(&json!(two));
    let shown = format!("{} {value}", Value::Array(options.clone()));
    Ok(Verdict::expect(
        is_so,
        format!("the ids {three}, {two}, {one} and new ones in the order sent, and the value {two}"),
        shown,
    ))
}

async fn renamed(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let id = |name: &str| id_of(&select.options, name);
    let sent =
        [("One", "One"), ("Two", "Second"), ("Three", "Three")].map(|(old, new)| option(Some(&id(old)), new));
    let answer = write(bench, &select.field, &sent).await?;
    if answer.is_refused() {
        return Ok(Verdict::Answer(answer.refusal()));
    }
    let (options, value) = read(bench, &select).await?;
    let ids = if id_of(&options, "Second") == id("Two") { "the id is kept" } else { "the id is another" };
    let shown = value.get("name").and_then(Value::as_str).unwrap_or("nothing");
    Ok(Verdict::Answer(format!("{ids}, the item shows {shown}")))
}

async fn without_ids(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let two = id_of(&select.options, "Two");
    let sent = ["One", "Two", "Three"].map(|name| option(None, name));
    write(bench, &select.field, &sent).await?.done("write the options without ids")?;
    let (options, value) = read(bench, &select).await?;
    let is_so = id_of(&options, "Two") != two && value.is_null();
    let shown = format!("{} {value}", Value::Array(options.clone()));
    Ok(Verdict::expect(is_so, format!("another id than {two}, and no value"), shown))
}

async fn dropped(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let id = |name: &str| id_of(&select.options, name);
    let sent = [option(Some(&id("One")), "One"), option(Some(&id("Three")), "Three")];
    let answer = write(bench, &select.field, &sent).await?;
    if answer.is_refused() {
        return Ok(Verdict::Answer(answer.refusal()));
    }
    let (options, value) = read(bench, &select).await?;
    let option = if id_of(&options, "Two").is_empty() { "the option is gone" } else { "the option stays" };
    let value = if value.is_null() {
        "its values with it".to_owned()
    } else {
        format!("the item still shows {value}")
    };
    Ok(Verdict::Answer(format!("{option}, {value}")))
}

async fn empty_list(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let answer = write(bench, &select.field, &[]).await?;
    let (options, value) = read(bench, &select).await?;
    let is_so = !answer.is_refused() && options.len() == 3 && !value.is_null();
    Ok(Verdict::expect(
        is_so,
        "three options and the value",
        format!("{} {}", answer.shown(), Value::Array(options)),
    ))
}

async fn wrong_id(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let answer =
        bench.set(&select.item, &select.field, json!({ "singleSelectOptionId": "00000000" })).await?;
    let words = answer.refuses_with("The single select option Id does not belong to the field");
    Ok(words.and(|| Verdict::expect(answer.kind() == "VALIDATION", "type VALIDATION", answer.shown())))
}

async fn wrong_case(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    // An id of digits alone would say nothing.
    let ids = select.options.iter().filter_map(|option| option.get("id")?.as_str());
    let Some(upper) = ids.map(|id| (id, id.to_uppercase())).find(|(id, upper)| id != upper).map(|(_, it)| it)
    else {
        return Ok(Verdict::Skipped("none of the ids has a lower-case letter".to_owned()));
    };
    let answer = bench.set(&select.item, &select.field, json!({ "singleSelectOptionId": upper })).await?;
    Ok(answer.refuses_with("The single select option Id does not belong to the field"))
}

async fn no_id(bench: &mut Bench) -> Checked {
    let select = bench.select().await?;
    let answer = bench.set(&select.item, &select.field, json!({ "text": "Two" })).await?;
    Ok(answer
        .refuses_with("Did not receive a single select option Id to update a field of type single_select"))
}

async fn of_status(bench: &mut Bench) -> Checked {
    let project = bench.new_project("its status").await?;
    let before = bench.done(documents::PROJECT_STATUS, json!({ "project": project })).await?;
    let field = before.need("/data/node/field/id").map_err(needed)?;
    let was = before.list("/data/node/field/options");
    let name = |option: &Value| option.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut sent: Vec<Value> =
        was.iter().map(name).map(|name| option(Some(&id_of(was, &name)), &name)).collect();
    sent.push(option(None, "Blocked"));
    write(bench, &field, &sent).await?.done("write Status's options")?;
    let after = bench.done(documents::PROJECT_STATUS, json!({ "project": project })).await?;
    let is = after.list("/data/node/field/options");
    let kept = was.iter().map(name).all(|name| id_of(is, &name) == id_of(was, &name));
    let is_so = kept && is.len() == sent.len() && !id_of(is, "Blocked").is_empty();
    Ok(Verdict::expect(is_so, "the same ids, and Blocked beside them", after.shown()))
}

async fn name_case(bench: &mut Bench) -> Checked {
    let mut outcomes = Vec::new();
    for (what, second) in [("same name", "One"), ("other case", "ONE")] {
        let name = bench.field_name("Case");
        let options = json!({ "singleSelectOptions": [option(None, "One"), option(None, second)] });
        let answer = bench.create_field(&name, "SINGLE_SELECT", options).await?;
        let outcome = if answer.is_refused() { answer.refusal() } else { "taken".to_owned() };
        outcomes.push(format!("{what}: {outcome}"));
    }
    Ok(Verdict::Answer(outcomes.join("; ")))
}
