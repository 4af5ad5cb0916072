//! Items of a board and their values: adding, reading from both sides, archiving, what a value takes.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::Bench;
use super::budget::PATIENCE;
use super::documents;
use super::lag::told;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    question!(
        "item/add-twice",
        "What addProjectV2ItemById answers for an issue that is on the board: its item, or an error",
        "documented: the item's id (GitHub docs, \"Using the API to manage Projects\"); observed: also `Content already exists in this project`",
        add_twice
    ),
    question!(
        "item/add-while-filing",
        "What addProjectV2ItemById answers while GitHub files the same issue by itself (createIssue.projectV2Ids)",
        "observed: sometimes `Content already exists in this project`",
        add_while_filing
    ),
    question!(
        "item/added-gets-todo",
        "Whether an item that is added gets a status by itself, and when",
        "observed: Todo; documented workflows that are on by default would not do it",
        added_gets_todo
    ),
    check!(
        "item/value-types",
        "Text, number and date are kept as they were set, and clearing empties them",
        "documented: GitHub's schema, updateProjectV2ItemFieldValue",
        value_types
    ),
    question!(
        "item/set-again",
        "What setting a value that an item has already is answered with",
        "not described as an error",
        set_again
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
        "item/unarchive",
        "An item can be archived and brought back, with its values",
        "documented: GitHub's schema, archiveProjectV2Item and unarchiveProjectV2Item",
        unarchive
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
        "item/move-after",
        "With afterId an item moves behind that one",
        "documented: GitHub's schema, updateProjectV2ItemPosition",
        move_after
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
    let is_same = again.text("/data/addProjectV2ItemById/item/id") == first;
    Ok(again.outcome(if is_same { "the same item" } else { "another item" }))
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
    let (_, item) = bench.item("to get a status").await?;
    let variables = json!({ "item": item, "name": "Status" });
    let name = "/data/node/fieldValueByName/name";
    let (waited, answer) =
        bench.poll(documents::ITEM_VALUE, &variables, |answer| !answer.text(name).is_empty()).await?;
    let status = if waited.is_some() { answer.text(name) } else { "no status" };
    Ok(Verdict::Answer(format!("{status}, {}", told(waited))))
}

async fn value_types(bench: &mut Bench) -> Checked {
    let (project, item) = bench.any_item().await?;
    let mut verdict = Verdict::Holds(String::new());
    for (data_type, member, value) in [
        ("TEXT", "text", json!("a – b  c")),
        ("NUMBER", "number", json!(2.5)),
        ("DATE", "date", json!("2030-02-28")),
    ] {
        let name = bench.field_name("Value");
        let (_, field) = bench.field(&name, data_type, json!({})).await?;
        bench.set(&item, &field, json!({ member: value })).await?.done("set the value")?;
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
    let (_, item) = bench.any_item().await?;
    let (field, _) = bench.text_field().await?;
    let fits = bench.set(&item, &field, json!({ "text": "t".repeat(1024) })).await?;
    let over = bench.set(&item, &field, json!({ "text": "t".repeat(1025) })).await?;
    Ok(Verdict::expect(!fits.is_refused(), "1,024 characters are taken", fits.shown())
        .and(|| over.refuses_with("Column value must be a valid value for text column"))
        .and(|| Verdict::expect(over.kind() == "UNPROCESSABLE", "type UNPROCESSABLE", over.shown())))
}

async fn text_unit(bench: &mut Bench) -> Checked {
    let (_, item) = bench.any_item().await?;
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

async fn set_again(bench: &mut Bench) -> Checked {
    let (_, item) = bench.any_item().await?;
    let (field, _) = bench.text_field().await?;
    bench.set(&item, &field, json!({ "text": "same" })).await?.done("set the value")?;
    Ok(bench.set(&item, &field, json!({ "text": "same" })).await?.outcome("done without an error"))
}

async fn archived_hidden(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let issue = bench.issue("archived").await?;
    let item = bench.add(&project, &issue).await?;
    bench.done(documents::ARCHIVE_ITEM, json!({ "project": project, "item": item })).await?;
    let variables = json!({ "project": project });
    let items = "/data/node/items/nodes";
    let has = |answer: &Answer| answer.column(items, "id").contains(&item.as_str());
    let (all, shown) = bench.poll(documents::BOARD_ITEMS_ALL, &variables, has).await?;
    if all.is_none() {
        // GitHub's own list lags behind by minutes on some boards.
        let why = format!("the board's list doesn't show the item, {}: {}", told(all), shown.shown());
        return Ok(Verdict::Skipped(why));
    }
    let (hidden, default) = bench.poll(documents::BOARD_ITEMS, &variables, |answer| !has(answer)).await?;
    let hides = Verdict::expect(hidden.is_some(), "not listed by default", default.shown());
    if !same_owner(bench) {
        return Ok(hides.noting("an issue of another owner doesn't show its items"));
    }
    let side = bench.done(documents::ISSUE_ITEMS, json!({ "issue": issue.id, "name": "Status" })).await?;
    let listed = side.list("/data/node/projectItems/nodes");
    let on_issue = listed
        .iter()
        .any(|it| it.get("id") == Some(&json!(item)) && it.get("isArchived") == Some(&json!(true)));
    Ok(hides.and(|| Verdict::expect(on_issue, "in Issue.projectItems, archived", side.shown())))
}

/// GitHub was seen to leave a board of another owner out of Issue.projectItems.
pub(super) fn same_owner(bench: &Bench) -> bool {
    bench.owner.login.eq_ignore_ascii_case(&bench.repository.owner)
}

async fn unarchive(bench: &mut Bench) -> Checked {
    let (project, item) = bench.item("archived and back").await?;
    let (field, name) = bench.text_field().await?;
    bench.set(&item, &field, json!({ "text": "kept" })).await?.done("set the value")?;
    let both = json!({ "project": project, "item": item });
    let archived = bench.done(documents::ARCHIVE_ITEM, both.clone()).await?;
    let back = bench.done(documents::UNARCHIVE_ITEM, both).await?;
    let value = bench.value(&item, &name).await?;
    let went = archived.at("/data/archiveProjectV2Item/item/isArchived") == &json!(true);
    let came = back.at("/data/unarchiveProjectV2Item/item/isArchived") == &json!(false);
    Ok(Verdict::expect(went, "archived", archived.shown())
        .and(|| Verdict::expect(came, "not archived any more", back.shown()))
        .and(|| Verdict::expect(value.get("text") == Some(&json!("kept")), "its value", value.to_string())))
}

async fn draft_of_an_url(bench: &mut Bench) -> Checked {
    let project = bench.other_project().await?;
    let issue = bench.issue("by its URL").await?;
    let answer = bench.ask(documents::ADD_DRAFT, json!({ "project": project, "title": issue.url })).await?;
    let is_issue = answer.text("/data/addProjectV2DraftIssue/projectItem/content/id") == issue.id;
    Ok(Verdict::expect(is_issue, "the issue itself", answer.shown()))
}

/// Two new items of a project of their own.
async fn two_items(bench: &mut Bench) -> Result<(String, [String; 2]), Trouble> {
    let project = bench.new_project("to be moved in").await?;
    let first = bench.issue("first").await?;
    let first = bench.add(&project, &first).await?;
    let second = bench.issue("second").await?;
    let second = bench.add(&project, &second).await?;
    Ok((project, [first, second]))
}

/// Whether the items stand in this order: in the answer to the move, or in the board's list, which may lag behind.
async fn in_order(bench: &mut Bench, project: &str, moved: &Answer, order: [&str; 2]) -> Checked {
    let is_so = |answer: &Answer, list: &str| answer.column(list, "id") == order;
    if is_so(moved, "/data/updateProjectV2ItemPosition/items/nodes") {
        return Ok(Verdict::Holds(String::new()));
    }
    let list = "/data/node/items/nodes";
    let variables = json!({ "project": project });
    let (waited, listed) =
        bench.poll(documents::BOARD_ITEMS, &variables, |answer| is_so(answer, list)).await?;
    if waited.is_none() && listed.list(list).len() < 2 {
        return Ok(Verdict::Skipped(format!("the board's list doesn't show both items: {}", listed.shown())));
    }
    let expected = order.join(" before ");
    Ok(Verdict::expect(waited.is_some(), expected, format!("{} {}", moved.shown(), listed.shown())))
}

async fn move_to_top(bench: &mut Bench) -> Checked {
    let (project, [first, second]) = two_items(bench).await?;
    let moved = bench.done(documents::MOVE_ITEM, json!({ "project": project, "item": second })).await?;
    in_order(bench, &project, &moved, [&second, &first]).await
}

async fn move_after(bench: &mut Bench) -> Checked {
    let (project, [first, second]) = two_items(bench).await?;
    let variables = json!({ "project": project, "item": first, "after": second });
    let moved = bench.done(documents::MOVE_ITEM, variables).await?;
    in_order(bench, &project, &moved, [&second, &first]).await
}

async fn delete(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let issue = bench.issue("taken off").await?;
    let item = bench.add(&project, &issue).await?;
    let deleted = bench.done(documents::DELETE_ITEM, json!({ "project": project, "item": item })).await?;
    let read = bench.ask(documents::NODE, json!({ "id": item })).await?;
    let issue = bench.done(documents::NODE, json!({ "id": issue.id })).await?;
    let is_so = deleted.text("/data/deleteProjectV2Item/deletedItemId") == item
        && read.at("/data/node").is_null()
        && issue.text("/data/node/__typename") == "Issue";
    Ok(Verdict::expect(is_so, "no such item, the issue there", read.shown()))
}

async fn status_and_state(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let status = bench.status().await?;
    if status.done.is_empty() {
        return Ok(Verdict::Skipped("Status has no option Done".to_owned()));
    }
    let closed = bench.issue("closed").await?;
    let item = bench.add(&project, &closed).await?;
    let done = bench.issue("done").await?;
    let done_item = bench.add(&project, &done).await?;
    let variables = json!({ "item": item, "name": "Status" });
    let value = "/data/node/fieldValueByName/optionId";
    // The item's own Todo first, so that it doesn't come after the Done that is waited for.
    bench.poll(documents::ITEM_VALUE, &variables, |answer| !answer.text(value).is_empty()).await?;
    bench.done(documents::CLOSE_ISSUE, json!({ "issue": closed.id, "reason": "COMPLETED" })).await?;
    bench
        .set(&done_item, &status.field, json!({ "singleSelectOptionId": status.done }))
        .await?
        .done("set Done")?;
    let issue = json!({ "issue": done.id });
    let (closes, _) =
        bench.poll(documents::ISSUE, &issue, |answer| answer.text("/data/node/state") == "CLOSED").await?;
    // Both had the same time: where the one took all of it, the other is only looked at.
    let left = Duration::from_secs(if closes.is_some() { PATIENCE } else { 0 });
    let (sets, _) = bench
        .poll_for(left, documents::ITEM_VALUE, &variables, |answer| answer.text(value) == status.done)
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
