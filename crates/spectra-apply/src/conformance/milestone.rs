//! Milestones, which only REST can make.

use serde_json::{Value, json};
use spectra_github::Method;

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::{Bench, needed};
use super::cleanup;
use super::documents;
use super::made;
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
        "milestone/pages",
        "Lists come in pages: Link names the next one, and following it gives every milestone once",
        "documented: GitHub docs, \"Using pagination in the REST API\"",
        pages
    ),
    check!(
        "milestone/update",
        "PATCH changes title, description, due date and state, and due_on null takes the date off",
        "documented: GitHub's OpenAPI description",
        update
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

pub(super) async fn make(bench: &mut Bench, title: &str, due_on: Option<&str>) -> Result<Answer, Trouble> {
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
    let path = bench.repository_path(&format!("/milestones/{}", made.plain("/number")));
    bench
        .rest(Method::Patch, &path, Some(&json!({ "state": "closed" })), 0)
        .await?
        .done("close the milestone")?;
    let all = cleanup::milestones(bench).await?;
    let of_all = all.iter().any(|it| it.get("title") == Some(&json!(title)));
    let open = bench.repository_path("/milestones?per_page=100&direction=desc");
    let open = bench.rest(Method::Get, &open, None, 0).await?.done("list the milestones")?;
    let listed = [open.column("", "title").contains(&title.as_str()), of_all];
    Ok(Verdict::expect(listed == [false, true], "listed with state=all only", format!("{listed:?}")))
}

async fn pages(bench: &mut Bench) -> Checked {
    for what in ["first of three", "second of three", "third of three"] {
        let title = bench.title(what);
        make(bench, &title, None).await?.done("make the milestone").map_err(needed)?;
    }
    let total = cleanup::milestones(bench).await?.len();
    let mut numbers = Vec::new();
    let mut path = bench.repository_path("/milestones?state=all&per_page=2");
    // More pages than the repository can have would be a circle.
    for _ in 0..=total {
        let answer = bench.rest(Method::Get, &path, None, 0).await?.done("list a page")?;
        numbers.extend(
            answer
                .list("")
                .iter()
                .map(|milestone| made::plain(milestone.get("number").unwrap_or(&Value::Null))),
        );
        let link = answer.headers.get("link").cloned().unwrap_or_default();
        let Some(next) = next_page(&link) else {
            let mut once = numbers.clone();
            once.sort();
            once.dedup();
            let is_so = once.len() == numbers.len() && numbers.len() == total && total > 2;
            let found = format!(
                "{} entries, {} different, of {total}; the last Link is {link:?}",
                numbers.len(),
                once.len()
            );
            return Ok(Verdict::expect(is_so, "each once", found));
        };
        path = bench.repository_path(&format!("/milestones{next}"));
    }
    Ok(Verdict::expect(false, "a last page", "Link goes on naming a next page"))
}

/// The query of the next page's address.
fn next_page(link: &str) -> Option<&str> {
    let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let address = part.split_once('<')?.1.split_once('>')?.0;
    address.find('?').and_then(|at| address.get(at..))
}

async fn update(bench: &mut Bench) -> Checked {
    let title = bench.title("to be changed");
    let made = make(bench, &title, Some("2030-01-15T12:00:00Z")).await?.done("make the milestone")?;
    let path = bench.repository_path(&format!("/milestones/{}", made.plain("/number")));
    let title = bench.title("changed");
    let body = json!({ "title": title, "description": "About", "due_on": null, "state": "closed" });
    let changed = bench.rest(Method::Patch, &path, Some(&body), 0).await?.done("change the milestone")?;
    let is_so = changed.text("/title") == title
        && changed.text("/description") == "About"
        && changed.at("/due_on").is_null()
        && changed.text("/state") == "closed";
    Ok(Verdict::expect(is_so, "all four changed", changed.shown()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_taken_from_the_link() {
        let link = "<https://a.example/milestones?page=1>; rel=\"prev\", \
                    <https://a.example/repositories/1/milestones?state=all&page=3>; rel=\"next\"";
        assert_eq!(next_page(link), Some("?state=all&page=3"));
        assert_eq!(next_page("<https://a.example/milestones?page=1>; rel=\"prev\""), None);
        assert_eq!(next_page(""), None);
    }
}
