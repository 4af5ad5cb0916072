//! Items of a board and their values: adding, reading from both sides, archiving, what a value takes.

use serde_json::{Value, json};

use super::answer::{Checked, Verdict};
use super::bench::Bench;
use super::documents;
use super::lag::told;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "item/add-twice",
        "addProjectV2ItemById answers the same item for an issue that is on the board",
        "documented: GitHub docs, \"Using the API to manage Projects\"; observed: recorded responses of gr2m/github-project",
        add_twice
    ),
    question!(
        "item/add-while-filing",
        "What addProjectV2ItemById answers while GitHub files the same issue by itself (createIssue.projectV2Ids)",
        "observed: sometimes `Content already exists in this project`",
        add_while_filing
    ),
    check!(
        "item/added-gets-todo",
        "An item that is added gets the status Todo by itself",
        "observed: field reports of 2026",
        added_gets_todo
    ),
    check!(
        "item/value-types",
        "Text, number and date are kept as they were set, setting again is no error, clearing empties",
        "documented: GitHub's schema, updateProjectV2ItemFieldValue",
        value_types
    ),
    check!(
        "item/text-1024",
        "A text value of 1,024 characters is taken; 1,025 are refused: `Column value must be a valid value for text column`",
        "observed: recorded responses of gr2m/github-project",
        text_1024
    ),
    question!(
        "item/text-unit",
        "Whether a text value's limit counts characters or bytes",
        "unknown",
        text_unit
    ),
    check!(
        "item/not-in-project",
        "An item of another project is refused: `The item does not exist in the project`",
        "observed: field reports of 2026",
        not_in_project
    ),
    check!(
        "item/archived-hidden",
        "An archived item is not in ProjectV2.items unless asked for, and is in Issue.projectItems",
        "documented: GitHub's schema, archivedStates and includeArchived",
        archived_hidden
    ),
    check!(
        "item/draft-of-an-url",
        "A draft whose title is an issue's URL adds that issue instead",
        "documented: GitHub's schema, addProjectV2DraftIssue",
        draft_of_an_url
    ),
    check!(
        "item/move-to-top",
        "Without afterId an item moves to the top",
        "documented: GitHub's schema, updateProjectV2ItemPosition",
        move_to_top
    ),
    check!(
        "item/delete",
        "A deleted item is gone by its id at once, its issue stays",
        "documented: GitHub's schema",
        delete
    ),
    question!(
        "item/status-and-state",
        "Whether closing an issue sets Done, and setting Done closes the issue",
        "documented: closing sets Done by default (GitHub docs, \"Using the built-in automations\"); the other way observed",
        status_and_state
    ),
];

async fn add_twice(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let issue = bench.issue("added twice").await?;
    let first = bench.add(&project, &issue).await?;
    let again = bench.ask(documents::ADD_ITEM, json!({ "project": project, "content": issue.id })).await?;
    let second = again.text("/data/addProjectV2ItemById/item/id");
    Ok(Verdict::expect(second == first, format!("the item {first}"), again.shown()))
}

async fn add_while_filing(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let made = bench
        .create_issue("filed and added", json!({ "projectV2Ids": [project] }))
        .await?
        .done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let answer = bench.ask(documents::ADD_ITEM, json!({ "project": project, "content": issue })).await?;
    Ok(answer.outcome("an item, without an error"))
}

async fn added_gets_todo(bench: &mut Bench) -> Checked {
    let (_, item) = bench.item("to be Todo").await?;
    let todo = bench.status().await?.todo;
    let variables = json!({ "item": item, "name": "Status" });
    let value = "/data/node/fieldValueByName/optionId";
    let (waited, answer) =
        bench.poll(documents::ITEM_VALUE, &variables, 30, |answer| answer.text(value) == todo).await?;
    Ok(Verdict::expect(waited.is_some(), "Todo within 30 s", answer.shown()).noting(told(waited)))
}

async fn value_types(bench: &mut Bench) -> Checked {
    let (project, item) = bench.item("values").await?;
    let mut verdict = Verdict::Holds(String::new());
    for (data_type, member, value) in [
        ("TEXT", "text", json!("a – b  c")),
        ("NUMBER", "number", json!(2.5)),
        ("DATE", "date", json!("2030-02-28")),
    ] {
        let name = bench.field_name("Value");
        let made = bench.create_field(&name, data_type, json!({})).await?.done("createProjectV2Field")?;
        let field = made.need("/data/createProjectV2Field/projectV2Field/id")?;
        for _ in 0..2 {
            bench.set(&item, &field, json!({ member: value })).await?.done("set the value")?;
        }
        let found = bench.value(&item, &name).await?;
        verdict = verdict
            .and(|| Verdict::expect(found.get(member) == Some(&value), value.to_string(), found.to_string()));
        let variables = json!({ "project": project, "item": item, "field": field });
        bench.done(documents::CLEAR_VALUE, variables).await?;
        let found = bench.value(&item, &name).await?;
        let is_empty = found.get(member).is_none_or(Value::is_null);
        verdict = verdict.and(|| Verdict::expect(is_empty, "nothing, after clearing", found.to_string()));
    }
    Ok(verdict)
}

async fn text_1024(bench: &mut Bench) -> Checked {
    let (_, item) = bench.item("a long text").await?;
    let (field, _) = bench.text_field().await?;
    let fits = bench.set(&item, &field, json!({ "text": "t".repeat(1024) })).await?;
    let over = bench.set(&item, &field, json!({ "text": "t".repeat(1025) })).await?;
    Ok(Verdict::expect(!fits.is_refused(), "1,024 characters are taken", fits.shown())
        .and(|| over.refuses_with("Column value must be a valid value for text column"))
        .and(|| Verdict::expect(over.kind() == "UNPROCESSABLE", "type UNPROCESSABLE", over.shown())))
}

async fn text_unit(bench: &mut Bench) -> Checked {
    let (_, item) = bench.item("a long text of two-byte letters").await?;
    let (field, _) = bench.text_field().await?;
    let answer = bench.set(&item, &field, json!({ "text": "é".repeat(1024) })).await?;
    Ok(answer.outcome("characters: 1,024 of two bytes each are taken"))
}

async fn not_in_project(bench: &mut Bench) -> Checked {
    let other = bench.other_project().await?;
    let issue = bench.issue("on another board").await?;
    let item = bench.add(&other, &issue).await?;
    let (field, _) = bench.text_field().await?;
    let answer = bench.set(&item, &field, json!({ "text": "a" })).await?;
    Ok(answer.refuses_with("The item does not exist in the project"))
}

async fn archived_hidden(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let issue = bench.issue("archived").await?;
    let item = bench.add(&project, &issue).await?;
    bench.done(documents::ARCHIVE_ITEM, json!({ "project": project, "item": item })).await?;
    let variables = json!({ "project": project });
    let items = "/data/node/items/nodes";
    let (all, shown) = bench
        .poll(documents::BOARD_ITEMS_ALL, &variables, 60, |answer| {
            answer.column(items, "id").contains(&item.as_str())
        })
        .await?;
    let default = bench.done(documents::BOARD_ITEMS, variables).await?;
    let side = bench.done(documents::ISSUE_ITEMS, json!({ "issue": issue.id, "name": "Status" })).await?;
    let on_issue = side.at("/data/node/projectItems/nodes/0/isArchived") == &json!(true);
    Ok(Verdict::expect(all.is_some(), "listed when archived ones are asked for", shown.shown())
        .and(|| {
            let hidden = !default.column(items, "id").contains(&item.as_str());
            Verdict::expect(hidden, "not listed by default", default.shown())
        })
        .and(|| Verdict::expect(on_issue, "in Issue.projectItems, archived", side.shown())))
}

async fn draft_of_an_url(bench: &mut Bench) -> Checked {
    let project = bench.other_project().await?;
    let issue = bench.issue("by its URL").await?;
    let answer = bench.ask(documents::ADD_DRAFT, json!({ "project": project, "title": issue.url })).await?;
    let is_issue = answer.text("/data/addProjectV2DraftIssue/projectItem/content/id") == issue.id;
    Ok(Verdict::expect(is_issue, "the issue itself", answer.shown()))
}

async fn move_to_top(bench: &mut Bench) -> Checked {
    let project = bench.other_project().await?;
    let mut last = String::new();
    for what in ["first", "second"] {
        let issue = bench.issue(what).await?;
        last = bench.add(&project, &issue).await?;
    }
    let answer = bench.done(documents::MOVE_ITEM, json!({ "project": project, "item": last })).await?;
    let top = answer.text("/data/updateProjectV2ItemPosition/items/nodes/0/id");
    Ok(Verdict::expect(top == last, format!("{last} at the top"), answer.shown()))
}

async fn delete(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let issue = bench.issue("taken off").await?;
    let item = bench.add(&project, &issue).await?;
    let deleted = bench.done(documents::DELETE_ITEM, json!({ "project": project, "item": item })).await?;
    let read = bench.ask(documents::NODE, json!({ "id": item })).await?;
    let issue = bench.done(documents::ISSUE, json!({ "issue": issue.id })).await?;
    let is_so = deleted.text("/data/deleteProjectV2Item/deletedItemId") == item
        && read.at("/data/node").is_null()
        && issue.text("/data/node/__typename") == "Issue";
    Ok(Verdict::expect(is_so, "no such item, the issue there", read.shown()))
}

async fn status_and_state(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let status = bench.status().await?;
    let closed = bench.issue("closed").await?;
    let item = bench.add(&project, &closed).await?;
    let done = bench.issue("done").await?;
    let done_item = bench.add(&project, &done).await?;
    let variables = json!({ "item": item, "name": "Status" });
    let value = "/data/node/fieldValueByName/optionId";
    // The item's own Todo first, so that it doesn't come after the Done that is waited for.
    bench.poll(documents::ITEM_VALUE, &variables, 10, |answer| !answer.text(value).is_empty()).await?;
    bench.done(documents::CLOSE_ISSUE, json!({ "issue": closed.id, "reason": "COMPLETED" })).await?;
    bench
        .set(&done_item, &status.field, json!({ "singleSelectOptionId": status.done }))
        .await?
        .done("set Done")?;
    let (sets, _) =
        bench.poll(documents::ITEM_VALUE, &variables, 20, |answer| answer.text(value) == status.done).await?;
    let issue = json!({ "issue": done.id });
    let (closes, _) = bench
        .poll(documents::ISSUE, &issue, 20, |answer| answer.text("/data/node/state") == "CLOSED")
        .await?;
    let say = |waited: Option<_>, yes: &str, no: &str| {
        if waited.is_some() { format!("{yes} ({})", told(waited)) } else { no.to_owned() }
    };
    Ok(Verdict::Answer(format!(
        "{}; {}",
        say(sets, "closing sets Done", "closing leaves the status"),
        say(closes, "Done closes the issue", "Done leaves the issue open")
    )))
}
