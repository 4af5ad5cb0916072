//! Issues: texts kept as they are, limits, what an update replaces, states.

use serde_json::json;

use super::answer::{Checked, Trouble, Verdict};
use super::bench::{Bench, needed};
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
    question!(
        "issue/body-crlf",
        "Whether CRLF, and spaces at the end, are kept in a body",
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
        "createIssue.parentIssueId makes a sub-issue, and `node` shows it below its parent",
        "documented: GitHub's schema, CreateIssueInput",
        create_parent
    ),
    question!(
        "issue/label-ids",
        "Whether updateIssue.labelIds replaces the labels",
        "inferred: REST says replace",
        label_ids
    ),
    check!(
        "issue/labels-added",
        "addLabelsToLabelable adds a label and leaves the others, removeLabelsFromLabelable takes one off",
        "documented: GitHub's schema",
        labels_added
    ),
    check!(
        "issue/assignees",
        "createIssue.assigneeIds assigns, and updateIssue.assigneeIds with an empty list takes it back",
        "documented: GitHub's schema, CreateIssueInput and UpdateIssueInput",
        assignees
    ),
    check!(
        "issue/milestone-cleared",
        "updateIssue with milestoneId null takes the milestone off, and without the member leaves it",
        "documented: GitHub's schema, UpdateIssueInput",
        milestone_cleared
    ),
    check!(
        "issue/closing",
        "An issue is closed by stateInput with NOT_PLANNED, and reopened",
        "documented: GitHub's schema, IssueStateUpdateInput",
        closing
    ),
    question!(
        "issue/exclusive-inputs",
        "What state and stateInput in one call are answered with",
        "documented as mutually exclusive: GitHub's schema, UpdateIssueInput",
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
    check!(
        "issue/type-set",
        "updateIssue.issueType sets an issue's type, and with issueTypeId null takes it off",
        "documented: GitHub's schema, IssueTypeUpdateInput",
        type_set
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
    Ok(match keeps_body(bench, "One\r\n\r\n- [ ] two\r\n- [x] three\n\n  ").await? {
        Verdict::Holds(_) => Verdict::Answer("kept to the byte".to_owned()),
        Verdict::Differs { answer, .. } => Verdict::Answer(format!("changed: {answer}")),
        other @ (Verdict::Answer(_) | Verdict::Skipped(_)) => other,
    })
}

async fn marker(bench: &mut Bench) -> Checked {
    keeps_body(bench, "Before\n\n<!-- spectra:begin {\"key\":\"a/b\",\"hash\":\"\\u002d->\"} -->\nText\n<!-- spectra:end -->\n\nAfter")
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

/// New labels of the repository.
async fn labels<const N: usize>(bench: &mut Bench) -> Result<[String; N], Trouble> {
    let mut labels = std::array::from_fn(|_| String::new());
    for label in &mut labels {
        let input =
            json!({ "repositoryId": bench.repository.id, "name": bench.label("issue"), "color": "ededed" });
        let made = bench.done(documents::CREATE_LABEL, json!({ "input": input })).await.map_err(needed)?;
        *label = made.need("/data/createLabel/label/id").map_err(needed)?;
    }
    Ok(labels)
}

async fn label_ids(bench: &mut Bench) -> Checked {
    let [first, second] = labels(bench).await?;
    let made = bench.create_issue("labels", json!({ "labelIds": [first] })).await?.done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let input = json!({ "id": issue, "labelIds": [second] });
    let updated = bench.ask(documents::UPDATE_ISSUE, json!({ "input": input })).await?;
    let found = updated.column("/data/updateIssue/issue/labels/nodes", "id");
    let replaced = found == [second.as_str()];
    Ok(updated.outcome(if replaced { "replaced by the second label" } else { "the labels are joined" }))
}

async fn labels_added(bench: &mut Bench) -> Checked {
    let [first, second] = labels(bench).await?;
    let made = bench.create_issue("labels", json!({ "labelIds": [first] })).await?.done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let variables = json!({ "issue": issue, "label": second });
    bench.done(documents::ADD_LABEL, variables).await?;
    let both = bench.done(documents::ISSUE, json!({ "issue": issue })).await?;
    bench.done(documents::REMOVE_LABEL, json!({ "issue": issue, "label": first })).await?;
    let one = bench.done(documents::ISSUE, json!({ "issue": issue })).await?;
    let list = "/data/node/labels/nodes";
    let has_both = [&first, &second].iter().all(|id| both.column(list, "id").contains(&id.as_str()));
    Ok(Verdict::expect(has_both, "both labels", both.shown()).and(|| {
        Verdict::expect(one.column(list, "id") == [second.as_str()], "the second alone", one.shown())
    }))
}

async fn assignees(bench: &mut Bench) -> Checked {
    let viewer =
        bench.done(documents::VIEWER_ID, json!({})).await?.need("/data/viewer/id").map_err(needed)?;
    let made = bench.create_issue("assigned", json!({ "assigneeIds": [viewer] })).await?;
    if made.is_refused() || bench.viewer.ends_with("[bot]") {
        return Ok(Verdict::Skipped(format!("the token's user can't be assigned: {}", made.shown())));
    }
    let issue = made.need("/data/createIssue/issue/id")?;
    let variables = json!({ "issue": issue });
    let list = "/data/node/assignees/nodes";
    let assigned = bench.done(documents::ISSUE_PARTS, variables.clone()).await?;
    if assigned.list(list).is_empty() {
        return Ok(Verdict::Skipped("the token's user can't be assigned in this repository".to_owned()));
    }
    let input = json!({ "id": issue, "assigneeIds": [] });
    bench.done(documents::UPDATE_ISSUE, json!({ "input": input })).await?;
    let none = bench.done(documents::ISSUE_PARTS, variables).await?;
    Ok(Verdict::expect(
        assigned.column(list, "id") == [viewer.as_str()],
        "the token's user",
        assigned.shown(),
    )
    .and(|| Verdict::expect(none.list(list).is_empty(), "nobody", none.shown())))
}

async fn milestone_cleared(bench: &mut Bench) -> Checked {
    let title = bench.title("taken off");
    let made =
        super::milestone::make(bench, &title, None).await?.done("make the milestone").map_err(needed)?;
    let milestone = made.need("/node_id").map_err(needed)?;
    let made = bench
        .create_issue("with a milestone", json!({ "milestoneId": milestone }))
        .await?
        .done("createIssue")?;
    let issue = made.need("/data/createIssue/issue/id")?;
    let mut found = Vec::new();
    for input in
        [json!({ "id": issue, "title": bench.title("kept") }), json!({ "id": issue, "milestoneId": null })]
    {
        bench.done(documents::UPDATE_ISSUE, json!({ "input": input })).await?;
        let read = bench.done(documents::ISSUE_PARTS, json!({ "issue": issue })).await?;
        found.push(read.text("/data/node/milestone/id").to_owned());
    }
    let expected = format!("{milestone}, then none");
    Ok(Verdict::expect(found == [milestone, String::new()], expected, format!("{found:?}")))
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
    Ok(answer.outcome("done without an error"))
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
    bench.forget(&issue.id);
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

async fn type_set(bench: &mut Bench) -> Checked {
    let types = bench.done(documents::ISSUE_TYPES, json!({ "repository": bench.repository.id })).await?;
    let nodes = types.list("/data/node/issueTypes/nodes");
    let enabled = nodes.iter().find(|node| node.get("isEnabled") != Some(&json!(false)));
    let Some(id) = enabled.and_then(|node| node.get("id")?.as_str()).map(str::to_owned) else {
        return Ok(Verdict::Skipped("the repository has no issue types".to_owned()));
    };
    let issue = bench.issue("of a type").await?;
    let mut found = Vec::new();
    for id in [json!(id), json!(null)] {
        let input = json!({ "id": issue.id, "issueType": { "issueTypeId": id } });
        bench.done(documents::UPDATE_ISSUE, json!({ "input": input })).await?;
        let read = bench.done(documents::ISSUE_TYPE, json!({ "issue": issue.id })).await?;
        found.push(read.text("/data/node/issueType/id").to_owned());
    }
    let expected = format!("{id}, then none");
    Ok(Verdict::expect(found == [id, String::new()], expected, format!("{found:?}")))
}
