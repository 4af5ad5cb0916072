//! Milestones, which only REST can make.

use serde_json::{Value, json};
use spectra_github::Method;

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::Bench;
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "milestone/not-in-graphql",
        "GraphQL has no mutation that makes a milestone",
        "documented: GitHub's schema",
        not_in_graphql
    ),
    check!(
        "milestone/due-on",
        "A due date sent as noon UTC comes back as the same day, stored as midnight in the Pacific",
        "observed: PowerShellForGitHub#133",
        due_on
    ),
    check!(
        "milestone/node-id",
        "REST's node_id serves as createIssue.milestoneId",
        "documented: GitHub's OpenAPI description and schema",
        node_id
    ),
    check!(
        "milestone/open-by-default",
        "A closed milestone is listed only with state=all",
        "documented: GitHub's OpenAPI description",
        open_by_default
    ),
    check!(
        "milestone/duplicate",
        "A second milestone of the same title is refused with 422 and already_exists",
        "documented: GitHub docs, \"Troubleshooting the REST API\"",
        duplicate
    ),
    question!(
        "milestone/title-case",
        "Whether two milestones may differ in case only",
        "unknown",
        title_case
    ),
];

async fn make(bench: &mut Bench, title: &str, due_on: Option<&str>) -> Result<Answer, Trouble> {
    let path = bench.repository_path("/milestones");
    let mut body = json!({ "title": title });
    if let (Some(body), Some(due_on)) = (body.as_object_mut(), due_on) {
        body.insert("due_on".to_owned(), json!(due_on));
    }
    bench.rest(Method::Post, &path, Some(&body), 1).await
}

async fn not_in_graphql(bench: &mut Bench) -> Checked {
    let mutations = bench.schema_names(documents::TYPE_FIELDS, "Mutation").await?;
    let found: Vec<&String> =
        mutations.iter().filter(|name| name.to_lowercase().contains("milestone")).collect();
    let makes = found.iter().any(|name| name.starts_with("create"));
    Ok(Verdict::expect(!mutations.is_empty() && !makes, "none", format!("{found:?}")))
}

async fn due_on(bench: &mut Bench) -> Checked {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Holds(String::new());
    // One day in winter, one in summer time.
    for (day, sent) in [("2030-01-15", "2030-01-15T12:00:00Z"), ("2030-07-15", "2030-07-15T12:00:00Z")] {
        let title = bench.title(day);
        let made = make(bench, &title, Some(sent)).await?.done("make the milestone")?;
        let stored = made.text("/due_on");
        let is_midnight = stored == format!("{day}T08:00:00Z") || stored == format!("{day}T07:00:00Z");
        notes.push(format!("{sent} becomes {stored}"));
        verdict =
            verdict.and(|| Verdict::expect(is_midnight, format!("{day} at 07:00Z or 08:00Z"), made.shown()));
    }
    Ok(verdict.noting(notes.join(", ")))
}

async fn node_id(bench: &mut Bench) -> Checked {
    let title = bench.title("milestone");
    let made = make(bench, &title, None).await?.done("make the milestone")?;
    let id = made.need("/node_id")?;
    let answer = bench.create_issue("with a milestone", json!({ "milestoneId": id })).await?;
    let found = answer.text("/data/createIssue/issue/milestone/id");
    Ok(Verdict::expect(found == id, id, answer.shown()))
}

async fn open_by_default(bench: &mut Bench) -> Checked {
    let title = bench.title("closed milestone");
    let made = make(bench, &title, None).await?.done("make the milestone")?;
    let path = bench.repository_path(&format!("/milestones/{}", made.at("/number")));
    bench
        .rest(Method::Patch, &path, Some(&json!({ "state": "closed" })), 0)
        .await?
        .done("close the milestone")?;
    let mut listed = Vec::new();
    for query in ["", "&state=all"] {
        let path = bench.repository_path(&format!("/milestones?per_page=100&direction=desc{query}"));
        let answer = bench.rest(Method::Get, &path, None, 0).await?.done("list the milestones")?;
        listed.push(answer.column("", "title").contains(&title.as_str()));
    }
    Ok(Verdict::expect(listed == [false, true], "listed with state=all only", format!("{listed:?}")))
}

async fn duplicate(bench: &mut Bench) -> Checked {
    let title = bench.title("twin milestone");
    make(bench, &title, None).await?.done("make the milestone")?;
    let again = make(bench, &title, None).await?;
    let codes: Vec<&Value> = again.errors().iter().filter_map(|error| error.get("code")).collect();
    let is_so = again.status == 422 && codes.contains(&&json!("already_exists"));
    Ok(Verdict::expect(is_so, "422, already_exists", again.shown()))
}

async fn title_case(bench: &mut Bench) -> Checked {
    let title = bench.title("case milestone");
    make(bench, &title, None).await?.done("make the milestone")?;
    Ok(make(bench, &title.to_uppercase(), None).await?.outcome("both can be made"))
}
