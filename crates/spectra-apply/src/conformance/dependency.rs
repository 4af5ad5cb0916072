//! Dependencies between issues: both sides, repeats, circles.

use serde_json::json;

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::{Bench, Issue};
use super::documents::{self, Document};
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "dependency/both-sides",
        "One addBlockedBy shows in blockedBy of the one issue and in blocking of the other",
        "observed: live notes of a third-party client, over REST",
        both_sides
    ),
    check!(
        "dependency/repeat",
        "Adding it again is refused: `Target issue has already been taken`",
        "observed over REST; the GraphQL form by report",
        repeat
    ),
    check!(
        "dependency/remove",
        "removeBlockedBy takes the edge from both sides",
        "documented: GitHub's schema",
        remove
    ),
    question!(
        "dependency/remove-absent",
        "What removing an edge that isn't there is answered with",
        "observed over REST: 200",
        remove_absent
    ),
    question!("dependency/self", "What an issue blocked by itself is answered with", "unknown", itself),
    question!(
        "dependency/cycle",
        "What two issues that block each other are answered with",
        "unknown",
        cycle
    ),
];

async fn edge(bench: &mut Bench, document: Document, issue: &Issue, by: &Issue) -> Result<Answer, Trouble> {
    bench.ask(document, json!({ "issue": issue.id, "by": by.id })).await
}

async fn pair(bench: &mut Bench) -> Result<(Issue, Issue), Trouble> {
    let issue = bench.issue("blocked").await?;
    let by = bench.issue("blocking").await?;
    edge(bench, documents::ADD_BLOCKED_BY, &issue, &by).await?.done("addBlockedBy")?;
    Ok((issue, by))
}

async fn both_sides(bench: &mut Bench) -> Checked {
    let (issue, by) = pair(bench).await?;
    let read = edge(bench, documents::BLOCKING, &issue, &by).await?.done("read both sides")?;
    let is_so = read.column("/data/issue/blockedBy/nodes", "id") == [by.id.as_str()]
        && read.column("/data/by/blocking/nodes", "id") == [issue.id.as_str()];
    Ok(Verdict::expect(is_so, "each in the other's list", read.shown()))
}

async fn repeat(bench: &mut Bench) -> Checked {
    let (issue, by) = pair(bench).await?;
    let answer = edge(bench, documents::ADD_BLOCKED_BY, &issue, &by).await?;
    let note = answer.refusal();
    Ok(answer.refuses_with("Target issue has already been taken").noting(note))
}

async fn remove(bench: &mut Bench) -> Checked {
    let (issue, by) = pair(bench).await?;
    edge(bench, documents::REMOVE_BLOCKED_BY, &issue, &by).await?.done("removeBlockedBy")?;
    let read = edge(bench, documents::BLOCKING, &issue, &by).await?.done("read both sides")?;
    let lists = ["/data/issue/blockedBy/nodes", "/data/by/blocking/nodes"];
    Ok(Verdict::expect(lists.iter().all(|list| read.list(list).is_empty()), "neither", read.shown()))
}

async fn remove_absent(bench: &mut Bench) -> Checked {
    let issue = bench.issue("not blocked").await?;
    let by = bench.issue("not blocking").await?;
    Ok(edge(bench, documents::REMOVE_BLOCKED_BY, &issue, &by).await?.outcome("done without an error"))
}

async fn itself(bench: &mut Bench) -> Checked {
    let issue = bench.issue("blocked by itself").await?;
    Ok(edge(bench, documents::ADD_BLOCKED_BY, &issue, &issue).await?.outcome("taken without an error"))
}

async fn cycle(bench: &mut Bench) -> Checked {
    let (issue, by) = pair(bench).await?;
    Ok(edge(bench, documents::ADD_BLOCKED_BY, &by, &issue).await?.outcome("taken without an error"))
}
