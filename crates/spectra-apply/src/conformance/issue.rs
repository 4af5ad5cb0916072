//! Issues: texts kept as they are, limits, what an update replaces, states.

use serde_json::json;

use super::answer::{Checked, Verdict};
use super::bench::Bench;
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "issue/title-256",
        "A title of 256 characters is taken; 257 are refused: `title is too long (maximum is 256 characters)`",
        "observed: field reports of 2026",
        title_256
    ),
    check!(
        "issue/body-65536",
        "A body of 65,536 characters is taken; 65,537 are refused: `body is too long (maximum is 65536 characters)`",
        "observed: field reports of 2026",
        body_65536
    ),
    check!(
        "issue/body-crlf",
        "CRLF in a body is kept",
        "observed: bodies edited on GitHub's pages come back with CRLF",
        body_crlf
    ),
    check!(
        "issue/marker",
        "HTML comments in a body are kept to the byte",
        "observed: live notes of a third-party client",
        marker
    ),
    check!(
        "issue/create-input",
        "createIssue takes labels, parent and milestone in one call, and no state",
        "documented: GitHub's schema, CreateIssueInput",
        create_input
    ),
    check!(
        "issue/create-parent",
        "createIssue.parentIssueId makes a sub-issue, and the parent shows it at once",
        "documented: GitHub's schema, CreateIssueInput",
        create_parent
    ),
    check!(
        "issue/label-ids",
        "updateIssue.labelIds replaces the labels",
        "inferred: REST says replace",
        label_ids
    ),
    check!(
        "issue/closing",
        "An issue is closed by stateInput with NOT_PLANNED, and reopened",
        "documented: GitHub's schema, IssueStateUpdateInput",
        closing
    ),
    check!(
        "issue/exclusive-inputs",
        "state and stateInput in one call are refused",
        "documented: GitHub's schema, UpdateIssueInput",
        exclusive_inputs
    ),
    check!(
        "issue/node-is-current",
        "`node` shows a change at once",
        "observed: live notes of a third-party client",
        node_is_current
    ),
    check!(
        "issue/delete",
        "A deleted issue is gone at once: `node` answers NOT_FOUND",
        "documented: GitHub's schema",
        delete
    ),
    question!(
        "issue/types",
        "Which issue types the repository has",
        "observed: null on a repository of a user",
        types
    ),
];

async fn title_256(bench: &mut Bench) -> Checked {
    let title = bench.title("long ");
    let filled =
        |length: usize| format!("{title}{}", "t".repeat(length.saturating_sub(title.chars().count())));
    let fits = bench.create_issue("long", json!({ "title": filled(256) })).await?;
    let over = bench.create_issue("long", json!({ "title": filled(257) })).await?;
    Ok(Verdict::expect(!fits.is_refused(), "256 characters are taken", fits.shown())
        .and(|| refuses_any_case(&over, "title is too long (maximum is 256 characters)")))
}

async fn body_65536(bench: &mut Bench) -> Checked {
    let fits = bench.create_issue("long body", json!({ "body": "b".repeat(65_536) })).await?;
    let over = bench.create_issue("longer body", json!({ "body": "b".repeat(65_537) })).await?;
    Ok(Verdict::expect(!fits.is_refused(), "65,536 characters are taken", fits.shown())
        .and(|| refuses_any_case(&over, "body is too long (maximum is 65536 characters)")))
}

/// The reports differ in the case of the first letter.
fn refuses_any_case(answer: &super::answer::Answer, words: &str) -> Verdict {
    let says = answer.is_refused() && answer.message().to_lowercase().contains(words);
    Verdict::expect(says, format!("refused with `{words}`"), answer.shown()).noting(answer.refusal())
}

/// Makes an issue with this body; whether it is kept to the byte.
async fn keeps_body(bench: &mut Bench, body: &str) -> Checked {
    let made = bench.create_issue("body", json!({ "body": body })).await?.done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let read = bench.done(documents::ISSUE, json!({ "issue": issue })).await?;
    let found = read.at("/data/node/body");
    Ok(Verdict::expect(found.as_str() == Some(body), json!(body).to_string(), found.to_string()))
}

async fn body_crlf(bench: &mut Bench) -> Checked {
    keeps_body(bench, "One\r\n\r\n- [ ] two\r\n- [x] three\n").await
}

async fn marker(bench: &mut Bench) -> Checked {
    keeps_body(bench, "Before\n\n<!-- spectra:begin {\"key\":\"a/b\",\"hash\":\"\\u002d->\"} -->\nText\n<!-- spectra:end -->\n\nAfter  ")
        .await
}

async fn create_input(bench: &mut Bench) -> Checked {
    let members = bench.schema_names(documents::INPUT_FIELDS, "CreateIssueInput").await?;
    let has = |name: &str| members.iter().any(|member| member == name);
    let is_so =
        has("labelIds") && has("parentIssueId") && has("milestoneId") && !has("state") && !has("stateInput");
    Ok(Verdict::expect(is_so, "labelIds, parentIssueId, milestoneId, no state", format!("{members:?}")))
}

async fn create_parent(bench: &mut Bench) -> Checked {
    let parent = bench.issue("parent").await?;
    let made =
        bench.create_issue("child", json!({ "parentIssueId": parent.id })).await?.done("createIssue")?;
    let child = made.need("/data/createIssue/issue/id")?;
    let read = bench.done(documents::ISSUE, json!({ "issue": parent.id })).await?;
    let is_there = read.column("/data/node/subIssues/nodes", "id").contains(&child.as_str());
    let names_it = made.text("/data/createIssue/issue/parent/id") == parent.id;
    Ok(Verdict::expect(names_it, "the parent in the answer", made.shown())
        .and(|| Verdict::expect(is_there, "the child below the parent", read.shown())))
}

async fn label_ids(bench: &mut Bench) -> Checked {
    let mut labels = Vec::new();
    for what in ["a", "b"] {
        let input =
            json!({ "repositoryId": bench.repository.id, "name": bench.label(what), "color": "ededed" });
        let made = bench.done(documents::CREATE_LABEL, json!({ "input": input })).await?;
        labels.push(made.need("/data/createLabel/label/id")?);
    }
    let made =
        bench.create_issue("labels", json!({ "labelIds": labels.first() })).await?.done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let input = json!({ "id": issue, "labelIds": labels.last().map(|label| [label]) });
    let updated = bench.done(documents::UPDATE_ISSUE, json!({ "input": input })).await?;
    let found = updated.column("/data/updateIssue/issue/labels/nodes", "id");
    let wanted: Vec<&str> = labels.last().into_iter().map(String::as_str).collect();
    Ok(Verdict::expect(found == wanted, "the second label alone", updated.shown()))
}

async fn closing(bench: &mut Bench) -> Checked {
    let issue = bench.issue("closed and reopened").await?;
    let close = json!({ "id": issue.id, "stateInput": { "value": "CLOSED", "stateReason": "NOT_PLANNED" } });
    let closed = bench.done(documents::UPDATE_ISSUE, json!({ "input": close })).await?;
    let open = json!({ "id": issue.id, "stateInput": { "value": "OPEN" } });
    let opened = bench.done(documents::UPDATE_ISSUE, json!({ "input": open })).await?;
    let at = |answer: &super::answer::Answer, member: &str| {
        answer.text(&format!("/data/updateIssue/issue/{member}")).to_owned()
    };
    let is_closed = at(&closed, "state") == "CLOSED" && at(&closed, "stateReason") == "NOT_PLANNED";
    let reason = at(&opened, "stateReason");
    Ok(Verdict::expect(is_closed, "CLOSED, NOT_PLANNED", closed.shown())
        .and(|| Verdict::expect(at(&opened, "state") == "OPEN", "OPEN", opened.shown()))
        .noting(format!("reopened with the reason \"{reason}\"")))
}

async fn exclusive_inputs(bench: &mut Bench) -> Checked {
    let issue = bench.issue("two states").await?;
    let input = json!({ "id": issue.id, "state": "CLOSED", "stateInput": { "value": "CLOSED" } });
    let answer = bench.ask(documents::UPDATE_ISSUE, json!({ "input": input })).await?;
    Ok(answer.refuses("refused"))
}

async fn node_is_current(bench: &mut Bench) -> Checked {
    let issue = bench.issue("before").await?;
    let title = bench.title("after");
    let input = json!({ "input": { "id": issue.id, "title": title } });
    bench.done(documents::UPDATE_ISSUE, input).await?;
    let read = bench.done(documents::ISSUE, json!({ "issue": issue.id })).await?;
    Ok(Verdict::expect(read.text("/data/node/title") == title, title, read.shown()))
}

async fn delete(bench: &mut Bench) -> Checked {
    let issue = bench.issue("deleted").await?;
    let deleted = bench.ask(documents::DELETE_ISSUE, json!({ "issue": issue.id })).await?;
    if deleted.is_refused() {
        return Ok(Verdict::Skipped(format!("this token may not delete issues: {}", deleted.refusal())));
    }
    let read = bench.ask(documents::ISSUE, json!({ "issue": issue.id })).await?;
    let is_gone = read.at("/data/node").is_null() && read.kind() == "NOT_FOUND";
    Ok(Verdict::expect(is_gone, "no such node, NOT_FOUND", read.shown()))
}

async fn types(bench: &mut Bench) -> Checked {
    let answer = bench.ask(documents::ISSUE_TYPES, json!({ "repository": bench.repository.id })).await?;
    let names = answer.column("/data/node/issueTypes/nodes", "name");
    let shown =
        if names.is_empty() { answer.at("/data/node/issueTypes").to_string() } else { names.join(", ") };
    Ok(answer.outcome(&shown))
}
