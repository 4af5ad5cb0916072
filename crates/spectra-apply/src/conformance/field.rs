//! Fields: names, types, what can be deleted, what an update takes.

use serde_json::{Value, json};

use super::answer::{Checked, Trouble, Verdict};
use super::bench::{Bench, id_of};
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "field/types",
        "Text, number, date, single select and iteration fields can be made and say what they are",
        "documented: GitHub's schema, ProjectV2CustomFieldType",
        types
    ),
    question!(
        "field/multi-select",
        "Whether a multi select field can be made, and an item hold two of its options",
        "documented: GitHub's schema, since 2026-07-27",
        multi_select
    ),
    question!(
        "field/multi-select-with-ids",
        "Whether options of a multi select field sent with their ids keep ids and values, one that is left out aside",
        "documented: GitHub's schema, since 2026-07-27; no live test is known",
        multi_select_with_ids
    ),
    check!(
        "field/name-taken",
        "A second field of the same name is refused: `Name has already been taken`",
        "observed: field reports of 2026",
        name_taken
    ),
    check!(
        "field/name-reserved",
        "A field called like a built-in one is refused: `Name cannot have a reserved value`",
        "observed: field reports of 2026",
        name_reserved
    ),
    question!(
        "field/name-reserved-words",
        "Which words that are no field's name are reserved",
        "observed: Type and Repo, by reports",
        reserved_words
    ),
    question!(
        "field/name-case",
        "Whether two fields may differ in case only, and whether field(name:) minds the case",
        "unknown",
        name_case
    ),
    question!(
        "field/absent-name",
        "What field(name:) answers for a name that is not there",
        "unknown",
        absent_name
    ),
    check!(
        "field/built-in-delete",
        "Deleting a built-in field is refused: `Only custom fields can be deleted.`",
        "observed: field reports of 2026",
        built_in_delete
    ),
    check!(
        "field/delete",
        "A deleted field is gone from the list at once",
        "documented: GitHub's schema, deleteProjectV2Field",
        delete
    ),
    check!(
        "field/select-needs-an-option",
        "A single select field without options is refused",
        "documented: GitHub's schema, CreateProjectV2FieldInput",
        select_needs_an_option
    ),
    check!(
        "field/update-input",
        "updateProjectV2Field takes no project and no type; options and iterations take ids",
        "documented: GitHub's schema of 2026-10-26",
        update_input
    ),
    check!("field/rename", "A field keeps its id when it is renamed", "documented: GitHub's schema", rename),
];

async fn types(bench: &mut Bench) -> Checked {
    let mut verdict = Verdict::Holds(String::new());
    let option = json!({ "singleSelectOptions": [super::bench::option(None, "One")] });
    let iterations =
        json!({ "iterationConfiguration": { "startDate": "2030-01-07", "duration": 14, "iterations": [] } });
    for (data_type, kind, more) in [
        ("TEXT", "ProjectV2Field", json!({})),
        ("NUMBER", "ProjectV2Field", json!({})),
        ("DATE", "ProjectV2Field", json!({})),
        ("SINGLE_SELECT", "ProjectV2SingleSelectField", option),
        ("ITERATION", "ProjectV2IterationField", iterations),
    ] {
        let name = bench.field_name("Type");
        let answer = bench.create_field(&name, data_type, more).await?;
        let field = answer.at("/data/createProjectV2Field/projectV2Field");
        let is_so =
            field.get("dataType") == Some(&json!(data_type)) && field.get("__typename") == Some(&json!(kind));
        verdict =
            verdict.and(|| Verdict::expect(is_so, format!("a {kind} of type {data_type}"), answer.shown()));
    }
    Ok(verdict)
}

/// A multi select field with the options One, Two, Three: its name, id and options.
async fn multi_select_field(
    bench: &mut Bench,
) -> Result<Result<(String, String, Vec<Value>), Verdict>, Trouble> {
    let name = bench.field_name("Multi");
    let options = ["One", "Two", "Three"].map(|name| super::bench::option(None, name));
    let input = json!({ "projectId": bench.project().await?, "name": name, "dataType": "MULTI_SELECT",
        "multiSelectOptions": options });
    let answer = bench.ask(documents::CREATE_MULTI_SELECT, json!({ "input": input })).await?;
    if answer.is_refused() {
        return Ok(Err(Verdict::Answer(answer.refusal())));
    }
    let field = answer.need("/data/createProjectV2Field/projectV2Field/id")?;
    let options = answer.list("/data/createProjectV2Field/projectV2Field/multiSelectOptions").to_vec();
    Ok(Ok((name, field, options)))
}

/// The names of the options that an item holds.
async fn held(bench: &mut Bench, item: &str, name: &str) -> Result<String, Trouble> {
    let read = bench.done(documents::MULTI_SELECT_VALUE, json!({ "item": item, "name": name })).await?;
    let names = read.column("/data/node/fieldValueByName/options", "name");
    Ok(if names.is_empty() { "nothing".to_owned() } else { names.join(", ") })
}

async fn multi_select(bench: &mut Bench) -> Checked {
    let (name, field, options) = match multi_select_field(bench).await? {
        Ok(made) => made,
        Err(verdict) => return Ok(verdict),
    };
    let (_, item) = bench.any_item().await?;
    let ids = ["Three", "One"].map(|name| id_of(&options, name));
    let set = bench.set(&item, &field, json!({ "multiSelectOptionIds": ids })).await?;
    if set.is_refused() {
        return Ok(Verdict::Answer(format!("made; setting Three, One is {}", set.refusal())));
    }
    let both = held(bench, &item, &name).await?;
    let set = bench.set(&item, &field, json!({ "multiSelectOptionIds": [] })).await?;
    let none = if set.is_refused() { set.refusal() } else { held(bench, &item, &name).await? };
    Ok(Verdict::Answer(format!("made; set to Three, One it holds {both}; set to an empty list: {none}")))
}

async fn multi_select_with_ids(bench: &mut Bench) -> Checked {
    let (name, field, options) = match multi_select_field(bench).await? {
        Ok(made) => made,
        Err(verdict) => return Ok(verdict),
    };
    let (_, item) = bench.any_item().await?;
    let id = |name: &str| id_of(&options, name);
    let value = json!({ "multiSelectOptionIds": [id("One"), id("Two")] });
    bench.set(&item, &field, value).await?.done("set the value")?;
    let sent =
        [super::bench::option(Some(&id("Two")), "Second"), super::bench::option(Some(&id("Three")), "Three")];
    let input = json!({ "fieldId": field, "multiSelectOptions": sent });
    let answer = bench.ask(documents::UPDATE_MULTI_SELECT, json!({ "input": input })).await?;
    if answer.is_refused() {
        return Ok(Verdict::Answer(answer.refusal()));
    }
    let after = answer.list("/data/updateProjectV2Field/projectV2Field/multiSelectOptions");
    let kept = id_of(after, "Second") == id("Two") && id_of(after, "Three") == id("Three");
    let ids = if kept { "ids are kept" } else { "ids are made anew" };
    Ok(Verdict::Answer(format!(
        "{ids}; an item with One and Two, of which One was left out, holds {}",
        held(bench, &item, &name).await?
    )))
}

async fn name_taken(bench: &mut Bench) -> Checked {
    let (_, name) = bench.text_field().await?;
    let answer = bench.create_field(&name, "TEXT", json!({})).await?;
    Ok(answer.refuses_with("Name has already been taken"))
}

async fn name_reserved(bench: &mut Bench) -> Checked {
    let answer = bench.create_field("Status", "TEXT", json!({})).await?;
    let note = answer.refusal();
    Ok(answer.refuses_with("Name cannot have a reserved value").noting(note))
}

async fn reserved_words(bench: &mut Bench) -> Checked {
    let mut reserved = Vec::new();
    let mut free = Vec::new();
    for word in ["Type", "Repo", "Id", "State", "Parent", "Tracks", "Issue", "Created"] {
        let answer = bench.create_field(word, "TEXT", json!({})).await?;
        if answer.is_refused() { reserved.push(word) } else { free.push(word) }
    }
    Ok(Verdict::Answer(format!("refused: {}; taken: {}", reserved.join(", "), free.join(", "))))
}

async fn name_case(bench: &mut Bench) -> Checked {
    let (id, name) = bench.text_field().await?;
    let upper = name.to_uppercase();
    let second = bench.create_field(&upper, "TEXT", json!({})).await?;
    let outcome = if second.is_refused() { second.refusal() } else { "both can be made".to_owned() };
    let variables = json!({ "project": bench.project().await?, "name": name.to_lowercase() });
    let found = bench.ask(documents::FIELD_BY_NAME, variables).await?;
    let lookup = if found.text("/data/node/field/id") == id {
        "field(name:) finds it in lower case"
    } else if found.at("/data/node/field").is_null() {
        "field(name:) minds the case"
    } else {
        "field(name:) finds the other one"
    };
    Ok(Verdict::Answer(format!("{outcome}; {lookup}")))
}

async fn absent_name(bench: &mut Bench) -> Checked {
    let variables = json!({ "project": bench.project().await?, "name": "No such field" });
    let answer = bench.ask(documents::FIELD_BY_NAME, variables).await?;
    Ok(answer.outcome(&format!("{} without an error", answer.at("/data/node/field"))))
}

async fn built_in_delete(bench: &mut Bench) -> Checked {
    let field = bench.status().await?.field;
    let answer = bench.ask(documents::DELETE_FIELD, json!({ "field": field })).await?;
    Ok(answer.refuses_with("Only custom fields can be deleted."))
}

async fn delete(bench: &mut Bench) -> Checked {
    let (id, _) = bench.text_field().await?;
    bench.done(documents::DELETE_FIELD, json!({ "field": id })).await?;
    let project = bench.project().await?;
    let fields = bench.done(documents::PROJECT_FIELDS, json!({ "project": project })).await?;
    let is_gone = !fields.column("/data/node/fields/nodes", "id").contains(&id.as_str());
    Ok(Verdict::expect(is_gone, "no such field any more", fields.shown()))
}

async fn select_needs_an_option(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Empty");
    let answer = bench.create_field(&name, "SINGLE_SELECT", json!({})).await?;
    Ok(answer.refuses("refused without options"))
}

async fn update_input(bench: &mut Bench) -> Checked {
    let update = bench.schema_names(documents::INPUT_FIELDS, "UpdateProjectV2FieldInput").await?;
    let option = bench.schema_names(documents::INPUT_FIELDS, "ProjectV2SingleSelectFieldOptionInput").await?;
    let iteration = bench.schema_names(documents::INPUT_FIELDS, "ProjectV2Iteration").await?;
    let has = |names: &[String], name: &str| names.iter().any(|it| it == name);
    let is_so = has(&update, "fieldId")
        && !has(&update, "projectId")
        && !has(&update, "dataType")
        && has(&option, "id")
        && has(&iteration, "id");
    Ok(Verdict::expect(
        is_so,
        "fieldId alone; ids in both inputs",
        format!("{update:?} {option:?} {iteration:?}"),
    ))
}

async fn rename(bench: &mut Bench) -> Checked {
    let (id, _) = bench.text_field().await?;
    let name = bench.field_name("Renamed");
    let input = json!({ "input": { "fieldId": id, "name": name } });
    bench.done(documents::UPDATE_FIELD, input).await?;
    let read = bench.done(documents::FIELD, json!({ "field": id })).await?;
    let found = read.at("/data/node/name");
    Ok(Verdict::expect(*found == Value::String(name), "the new name under the old id", read.shown()))
}
