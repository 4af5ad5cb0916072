//! Reads: pages, cursors, bounds, and what they cost.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::Bench;
use super::documents::{self, Document};
use super::table::{Check, check};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "reading/first-missing",
        "A connection without first and last is refused",
        "documented: GitHub docs, \"Rate limits and query limits for the GraphQL API\"",
        first_missing
    ),
    check!(
        "reading/first-101",
        "first: 101 is refused: `Requesting 101 records on the … connection exceeds the … limit of 100 records.`, EXCESSIVE_PAGINATION",
        "observed: field reports of 2026",
        first_101
    ),
    check!(
        "reading/forwards",
        "Following endCursor gives every node once; totalCount says how many",
        "documented: GitHub docs, \"Using pagination in the GraphQL API\"",
        forwards
    ),
    check!(
        "reading/backwards",
        "Following startCursor with last gives the same nodes from the end",
        "documented: GitHub docs, \"Using pagination in the GraphQL API\"",
        backwards
    ),
    check!(
        "reading/node-limit",
        "A query that may reach a million nodes is refused before it runs",
        "documented: at most 500,000 (GitHub docs); the wording observed",
        node_limit
    ),
    check!(
        "reading/price-of-items",
        "100 items with 20 values each: 102 requests, 1 point, 2,100 nodes",
        "observed: field reports of 2026; documented arithmetic",
        price_of_items
    ),
    check!(
        "reading/price-of-one",
        "One connection: 1 point, as many nodes as asked for, whatever is there",
        "documented: GitHub docs",
        price_of_one
    ),
    check!(
        "reading/price-of-two-levels",
        "100 issues with two connections each: 201 requests, 2 points, 1,100 nodes",
        "documented: GitHub docs, the arithmetic",
        price_of_two_levels
    ),
    check!(
        "reading/price-rounds-half-up",
        "144 requests cost 1 point, 150 cost 2",
        "observed: live notes of a third-party client",
        price_rounds_half_up
    ),
    check!(
        "reading/dry-run",
        "rateLimit(dryRun: true) prices a query without running it",
        "documented: GitHub's schema, Query.rateLimit",
        dry_run
    ),
    check!(
        "reading/rate-headers",
        "Answers name the budget in x-ratelimit headers, and GitHub's time in date",
        "observed: recorded responses of gr2m/github-project",
        rate_headers
    ),
];

async fn first_missing(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.ask(documents::WITHOUT_FIRST, json!({ "project": project })).await?;
    Ok(answer.refuses("refused"))
}

async fn first_101(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.ask(documents::FIRST_101, json!({ "project": project })).await?;
    Ok(answer
        .refuses_with("Requesting 101 records on the")
        .and(|| answer.refuses_with("limit of 100 records"))
        .and(|| {
            Verdict::expect(
                answer.kind() == "EXCESSIVE_PAGINATION",
                "type EXCESSIVE_PAGINATION",
                answer.shown(),
            )
        }))
}

/// Follows the cursors; the ids in the order in which they came, page by page, and the total that was named.
async fn pages(
    bench: &mut Bench,
    document: Document,
    cursor: &str,
    more: &str,
    next: &str,
) -> Result<(Vec<Vec<String>>, Value), Trouble> {
    let project = bench.project().await?;
    let mut pages = Vec::new();
    let mut at = Value::Null;
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let answer = bench.done(document, json!({ "project": project, cursor: at })).await?;
        let ids = answer.column("/data/node/fields/nodes", "id");
        pages.push(ids.iter().map(|id| (*id).to_owned()).collect());
        let info = |name: &str| answer.at(&format!("/data/node/fields/pageInfo/{name}")).clone();
        at = info(next);
        if info(more) != json!(true) {
            return Ok((pages, answer.at("/data/node/fields/totalCount").clone()));
        }
        if !seen.insert(at.to_string()) {
            break;
        }
    }
    Err(Trouble::Refused {
        step: "a last page".to_owned(),
        answer: format!("{more} stays true, the cursor is {at}"),
    })
}

async fn forwards(bench: &mut Bench) -> Checked {
    let (pages, total) = pages(bench, documents::FIELDS_PAGE, "after", "hasNextPage", "endCursor").await?;
    let mut ids = pages.concat();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    let is_so = ids.len() == count && total == json!(count) && pages.len() > 1;
    Ok(Verdict::expect(
        is_so,
        "each once, as many as totalCount",
        format!("{count} nodes, {} different, totalCount {total}", ids.len()),
    )
    .noting(format!("{count} nodes on {} pages", pages.len())))
}

async fn backwards(bench: &mut Bench) -> Checked {
    let (there, _) = pages(bench, documents::FIELDS_PAGE, "after", "hasNextPage", "endCursor").await?;
    let (mut back, _) =
        pages(bench, documents::FIELDS_BACK, "before", "hasPreviousPage", "startCursor").await?;
    back.reverse();
    let (there, back) = (there.concat(), back.concat());
    Ok(Verdict::expect(there == back, "the same nodes", format!("{there:?} {back:?}")))
}

async fn node_limit(bench: &mut Bench) -> Checked {
    let variables = json!({ "repository": bench.repository.id });
    let answer = bench.ask(documents::TOO_MANY_NODES, variables).await?;
    let words = "possible nodes which exceeds the maximum limit of 500,000";
    let note = answer.refusal();
    Ok(answer.refuses_with(words).noting(note))
}

fn price(answer: &Answer, cost: u64, nodes: Option<u64>) -> Verdict {
    let is_so = answer.at("/data/rateLimit/cost") == &json!(cost)
        && nodes.is_none_or(|nodes| answer.at("/data/rateLimit/nodeCount") == &json!(nodes));
    let nodes = nodes.map(|nodes| format!(", nodeCount {nodes}")).unwrap_or_default();
    Verdict::expect(is_so, format!("cost {cost}{nodes}"), answer.at("/data/rateLimit").to_string())
}

async fn price_of_items(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.done(documents::PRICE_ITEMS, json!({ "project": project })).await?;
    Ok(price(&answer, 1, Some(2_100)))
}

async fn price_of_one(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.done(documents::PRICE_ONE, json!({ "project": project })).await?;
    Ok(price(&answer, 1, Some(50)))
}

async fn price_of_two_levels(bench: &mut Bench) -> Checked {
    let variables = json!({ "repository": bench.repository.id });
    let answer = bench.done(documents::PRICE_DEEP, variables).await?;
    Ok(price(&answer, 2, Some(1_100)))
}

async fn price_rounds_half_up(bench: &mut Bench) -> Checked {
    let issue = bench.issue("priced").await?;
    let mut verdict = Verdict::Holds(String::new());
    for (nodes, cost) in [(24, 1), (25, 2)] {
        let document = documents::six_connections(nodes);
        let weight = spectra_github::Weight::default();
        let answer =
            bench.ask_text(&document, weight, json!({ "issue": issue.id })).await?.done("price the query")?;
        verdict = verdict.and(|| price(&answer, cost, None));
    }
    Ok(verdict)
}

async fn dry_run(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.done(documents::PRICE_ONE, json!({ "project": project })).await?;
    let ran = !answer.at("/data/node/fields").is_null();
    Ok(Verdict::expect(!ran, "no data beside the price", answer.shown()))
}

async fn rate_headers(bench: &mut Bench) -> Checked {
    let answer = bench.done(documents::VIEWER, json!({})).await?;
    let names = ["limit", "remaining", "used", "reset", "resource"].map(|name| format!("x-ratelimit-{name}"));
    let missing: Vec<&String> = names.iter().filter(|name| !answer.headers.contains_key(*name)).collect();
    if missing.len() == names.len() {
        return Ok(Verdict::Skipped(
            "no such header: limits are switched off, as on GitHub Enterprise Server".to_owned(),
        ));
    }
    let is_so = missing.is_empty() && answer.headers.contains_key("date");
    Ok(Verdict::expect(is_so, "all five, and date", format!("missing: {missing:?}")))
}
