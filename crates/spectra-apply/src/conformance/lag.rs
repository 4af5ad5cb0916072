//! What GitHub shows at once, and what only after a while.

use std::time::Duration;

use serde_json::json;

use super::answer::{Answer, Checked, Verdict};
use super::bench::Bench;
use super::budget::PATIENCE;
use super::documents;
use super::item::same_owner;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    question!(
        "lag/filed-later",
        "When createIssue.projectV2Ids files the issue: in its answer, or how long afterwards",
        "observed: afterwards, 0.45 to 1.84 s",
        filed_later
    ),
    check!(
        "lag/issue-side",
        "Issue.projectItems shows an added item and its values at once",
        "observed: live notes of a third-party client",
        issue_side
    ),
    question!(
        "lag/board-side",
        "How long until ProjectV2.items shows an added item",
        "observed: about 2 s, 9 minutes on a large board",
        board_side
    ),
    question!(
        "lag/label-listing",
        "Whether Repository.issues(labels:) shows an issue at once after it was made",
        "unknown",
        label_listing
    ),
    question!(
        "lag/newest-issues",
        "Whether Repository.issues, newest first, shows an issue at once after it was made",
        "observed: live notes of a third-party client",
        newest_issues
    ),
    question!(
        "lag/search",
        "How long until search finds a new issue",
        "observed: 1 to 2 s usually, up to minutes",
        search
    ),
];

/// How long something took, for people.
pub(super) fn told(waited: Option<Duration>) -> String {
    match waited {
        Some(waited) if waited < Duration::from_millis(400) => "at once".to_owned(),
        Some(waited) => format!("after {:.1} s", waited.as_secs_f64()),
        None => format!("not within {PATIENCE} s"),
    }
}

async fn filed_later(bench: &mut Bench) -> Checked {
    if !same_owner(bench) {
        return Ok(Verdict::Skipped("an issue of another owner doesn't show its items".to_owned()));
    }
    let project = bench.project().await?;
    let made =
        bench.create_issue("filed later", json!({ "projectV2Ids": [project] })).await?.done("createIssue")?;
    if !made.list("/data/createIssue/issue/projectItems/nodes").is_empty() {
        return Ok(Verdict::Answer("in the answer".to_owned()));
    }
    let variables = json!({ "issue": made.need("/data/createIssue/issue/id")?, "name": "Status" });
    let items = "/data/node/projectItems/nodes";
    let (waited, _) =
        bench.poll(documents::ISSUE_ITEMS, &variables, |answer| !answer.list(items).is_empty()).await?;
    Ok(Verdict::Answer(told(waited)))
}

async fn issue_side(bench: &mut Bench) -> Checked {
    if !same_owner(bench) {
        return Ok(Verdict::Skipped("GitHub shows no board of another owner there".to_owned()));
    }
    let project = bench.project().await?;
    let (field, name) = bench.text_field().await?;
    let issue = bench.issue("read from its side").await?;
    let item = bench.add(&project, &issue).await?;
    let variables = json!({ "issue": issue.id, "name": name });
    let added = bench.done(documents::ISSUE_ITEMS, variables.clone()).await?;
    bench.set(&item, &field, json!({ "text": "seen" })).await?.done("set the value")?;
    let valued = bench.done(documents::ISSUE_ITEMS, variables).await?;
    let ours = |answer: &Answer| {
        let items = answer.list("/data/node/projectItems/nodes").iter();
        items.filter(|it| it.get("id") == Some(&json!(item))).cloned().collect::<Vec<_>>()
    };
    let is_valued =
        ours(&valued).iter().any(|it| it.pointer("/fieldValueByName/text") == Some(&json!("seen")));
    Ok(Verdict::expect(!ours(&added).is_empty(), format!("the item {item} at once"), added.shown())
        .and(|| Verdict::expect(is_valued, "its value at once", valued.shown())))
}

async fn board_side(bench: &mut Bench) -> Checked {
    let (project, item) = bench.item("read from the board").await?;
    let listed = |answer: &Answer| answer.column("/data/node/items/nodes", "id").contains(&item.as_str());
    let (waited, _) = bench.poll(documents::BOARD_ITEMS, &json!({ "project": project }), listed).await?;
    Ok(Verdict::Answer(told(waited)))
}

async fn label_listing(bench: &mut Bench) -> Checked {
    let name = bench.label("managed");
    let input = json!({ "repositoryId": bench.repository.id, "name": name, "color": "ededed" });
    let label = bench.done(documents::CREATE_LABEL, json!({ "input": input })).await?;
    let label = label.need("/data/createLabel/label/id")?;
    let made = bench.create_issue("labelled", json!({ "labelIds": [label] })).await?.done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let variables = json!({ "repository": bench.repository.id, "label": name });
    let listed = |answer: &Answer| answer.column("/data/node/issues/nodes", "id").contains(&issue.as_str());
    let (waited, _) = bench.poll(documents::ISSUES_BY_LABEL, &variables, listed).await?;
    Ok(Verdict::Answer(told(waited)))
}

async fn newest_issues(bench: &mut Bench) -> Checked {
    let issue = bench.issue("newest").await?;
    let variables = json!({ "repository": bench.repository.id });
    let listed =
        |answer: &Answer| answer.column("/data/node/issues/nodes", "id").contains(&issue.id.as_str());
    let (waited, _) = bench.poll(documents::NEWEST_ISSUES, &variables, listed).await?;
    Ok(Verdict::Answer(told(waited)))
}

async fn search(bench: &mut Bench) -> Checked {
    // A word that is in no other issue's title, which is all that search goes by.
    let word = bench.label("search").replace('-', "");
    let title = bench.title(&word);
    let made = bench.create_issue("searched", json!({ "title": title })).await?.done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let query = format!("repo:{} is:issue in:title {word}", bench.repository.slug);
    let found = |answer: &Answer| answer.column("/data/search/nodes", "id").contains(&issue.as_str());
    let (waited, _) = bench.poll(documents::SEARCH, &json!({ "query": query }), found).await?;
    Ok(Verdict::Answer(told(waited)))
}
