//! Hierarchy: refusals that look alike, moving a sub-issue, order.

use serde_json::{Value, json};

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::{Bench, Issue};
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "sub-issue/repeat",
        "Adding a sub-issue again is refused in words that speak of duplicates",
        "observed: field reports of 2026",
        repeat
    ),
    check!(
        "sub-issue/other-parent",
        "Adding it to another parent is refused in the same words, and Issue.parent tells the two apart",
        "observed: field reports of 2026",
        other_parent
    ),
    check!(
        "sub-issue/replace-parent",
        "replaceParent moves it in one call",
        "observed: cli/cli#13413",
        replace_parent
    ),
    check!(
        "sub-issue/order",
        "reprioritizeSubIssue puts a sub-issue behind another with afterId, before it with beforeId",
        "documented: GitHub's schema, ReprioritizeSubIssueInput",
        order
    ),
    check!(
        "sub-issue/remove",
        "removeSubIssue takes an issue from its parent",
        "documented: GitHub's schema",
        remove
    ),
    question!("sub-issue/self", "What adding an issue below itself is answered with", "unknown", itself),
    question!(
        "sub-issue/cycle",
        "What adding a parent below its own sub-issue is answered with",
        "unknown",
        cycle
    ),
];

const WORDS: &str = "Issue may not contain duplicate sub-issues";
const ALSO: &str = "Sub issue may only have one parent";

async fn add(bench: &mut Bench, parent: &Issue, child: &Issue, replace: Value) -> Result<Answer, Trouble> {
    let variables = json!({ "parent": parent.id, "child": child.id, "replace": replace });
    bench.ask(documents::ADD_SUB_ISSUE, variables).await
}

async fn pair(bench: &mut Bench) -> Result<(Issue, Issue), Trouble> {
    let parent = bench.issue("parent").await?;
    let child = bench.issue("child").await?;
    add(bench, &parent, &child, Value::Null).await?.done("addSubIssue")?;
    Ok((parent, child))
}

async fn parent_of(bench: &mut Bench, child: &Issue) -> Result<Answer, Trouble> {
    bench.done(documents::ISSUE, json!({ "issue": child.id })).await
}

async fn repeat(bench: &mut Bench) -> Checked {
    let (parent, child) = pair(bench).await?;
    let answer = add(bench, &parent, &child, Value::Null).await?;
    let note = answer.refusal();
    Ok(answer.refuses_with(WORDS).and(|| answer.refuses_with(ALSO)).noting(note))
}

async fn other_parent(bench: &mut Bench) -> Checked {
    let (parent, child) = pair(bench).await?;
    let other = bench.issue("other parent").await?;
    let answer = add(bench, &other, &child, Value::Null).await?;
    let read = parent_of(bench, &child).await?;
    let stays = read.text("/data/node/parent/id") == parent.id;
    let note = answer.refusal();
    let words = answer.message();
    let says = answer.is_refused() && (words.contains(WORDS) || words.contains(ALSO));
    Ok(Verdict::expect(says, format!("refused with `{ALSO}`"), answer.shown())
        .noting(note)
        .and(|| Verdict::expect(stays, "the first parent stays", read.shown())))
}

async fn replace_parent(bench: &mut Bench) -> Checked {
    let (_, child) = pair(bench).await?;
    let other = bench.issue("new parent").await?;
    let answer = add(bench, &other, &child, json!(true)).await?;
    let read = parent_of(bench, &child).await?;
    let moved = !answer.is_refused() && read.text("/data/node/parent/id") == other.id;
    Ok(Verdict::expect(moved, "the new parent", format!("{} {}", answer.shown(), read.shown())))
}

async fn order(bench: &mut Bench) -> Checked {
    let (parent, first) = pair(bench).await?;
    let second = bench.issue("second child").await?;
    add(bench, &parent, &second, Value::Null).await?.done("addSubIssue")?;
    let variables = json!({ "parent": parent.id, "child": first.id, "after": second.id });
    bench.done(documents::REPRIORITIZE, variables).await?;
    let read = bench.done(documents::ISSUE, json!({ "issue": parent.id })).await?;
    let list = "/data/node/subIssues/nodes";
    let behind = read.column(list, "id") == [second.id.as_str(), first.id.as_str()];
    let variables = json!({ "parent": parent.id, "child": first.id, "before": second.id });
    bench.done(documents::PUT_BEFORE, variables).await?;
    let back = bench.done(documents::ISSUE, json!({ "issue": parent.id })).await?;
    let before = back.column(list, "id") == [first.id.as_str(), second.id.as_str()];
    Ok(Verdict::expect(behind, "second, first", read.shown())
        .and(|| Verdict::expect(before, "first, second", back.shown())))
}

async fn remove(bench: &mut Bench) -> Checked {
    let (parent, child) = pair(bench).await?;
    bench.done(documents::REMOVE_SUB_ISSUE, json!({ "parent": parent.id, "child": child.id })).await?;
    let read = parent_of(bench, &child).await?;
    Ok(Verdict::expect(read.at("/data/node/parent").is_null(), "no parent", read.shown()))
}

async fn itself(bench: &mut Bench) -> Checked {
    let issue = bench.issue("below itself").await?;
    Ok(add(bench, &issue, &issue, Value::Null).await?.outcome("taken without an error"))
}

async fn cycle(bench: &mut Bench) -> Checked {
    let (parent, child) = pair(bench).await?;
    Ok(add(bench, &child, &parent, Value::Null).await?.outcome("taken without an error"))
}
