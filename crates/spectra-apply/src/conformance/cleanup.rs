//! Removing what was made, of this run and of earlier ones that didn't get to it.
//!
//! Invariant: only what the title or name begins with the conformance checks' own words, and what this token's user
//! made, is removed. GitHub's lists may lag behind, so what this run knows by id is removed by id as well.

use serde_json::{Value, json};
use spectra_github::Method;

use super::answer::{Answer, Trouble};
use super::bench::{Bench, LABEL, TITLE};
use super::documents::{self, Document};

/// Pages of the newest issues that are looked through.
const PAGES: usize = 10;

/// What was removed and what stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Removed {
    pub(super) projects: usize,
    pub(super) issues: usize,
    /// Issues that could only be closed.
    pub(super) closed: usize,
    pub(super) labels: usize,
    pub(super) milestones: usize,
    /// What couldn't be removed, each with the reason.
    pub(super) left: Vec<String>,
}

impl Removed {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Removes everything that is the checks' own. What can't be listed is left, and said.
pub(super) async fn remove(bench: &mut Bench) -> Result<Removed, Trouble> {
    let mut removed = Removed::default();
    let parts = [
        ("projects", projects(bench, &mut removed).await),
        ("issues", issues(bench, &mut removed).await),
        ("labels", labels(bench, &mut removed).await),
        ("milestones", milestones(bench, &mut removed).await),
    ];
    for (what, part) in parts {
        match part {
            Ok(()) => {}
            // Where milestones can't be listed, none was made.
            Err(Trouble::NotModelled(_)) if what == "milestones" => {}
            Err(Trouble::NotModelled(because) | Trouble::Refused { answer: because, .. }) => {
                removed.left.push(format!("{what}, which can't be listed or removed: {because}"));
            }
            Err(trouble @ Trouble::Failure(_)) => return Err(trouble),
        }
    }
    Ok(removed)
}

async fn projects(bench: &mut Bench, removed: &mut Removed) -> Result<(), Trouble> {
    let owner = json!({ "owner": bench.owner.id });
    let projects = listed(bench, documents::OWNER_BOARDS, &owner, "/data/node/projectsV2").await?;
    let ours: Vec<&Value> =
        projects.iter().filter(|project| is_ours(&bench.viewer, project, "creator")).collect();
    for project in ours {
        let answer = bench.ask(documents::DELETE_PROJECT, json!({ "project": id(project) })).await?;
        count(&mut removed.projects, &mut removed.left, &answer, &format!("project \"{}\"", title(project)));
    }
    Ok(())
}

async fn issues(bench: &mut Bench, removed: &mut Removed) -> Result<(), Trouble> {
    let repository = json!({ "repository": bench.repository.id });
    let listed = listed(bench, documents::NEWEST_ISSUES, &repository, "/data/node/issues").await;
    let (listed, trouble) = match listed {
        Ok(listed) => (listed, None),
        // What is known by id is removed all the same.
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    let mut ours: Vec<Value> =
        listed.into_iter().filter(|issue| is_ours(&bench.viewer, issue, "author")).collect();
    for known in std::mem::take(&mut bench.issues) {
        if ours.iter().all(|issue| id(issue) != known) {
            ours.push(json!({ "id": known, "title": known, "state": "OPEN" }));
        }
    }
    let mut may_delete = true;
    for issue in ours {
        let is_closed = text(&issue, "state") == "CLOSED";
        if !may_delete && is_closed {
            continue;
        }
        let answer = bench.ask(documents::DELETE_ISSUE, json!({ "issue": id(&issue) })).await?;
        if !answer.is_refused() {
            removed.issues = removed.issues.saturating_add(1);
        } else if answer.kind() != "NOT_FOUND" {
            may_delete = false;
            if !is_closed {
                // Deleting needs more rights than making: closed, it is at least out of the way.
                let variables = json!({ "issue": id(&issue), "reason": "NOT_PLANNED" });
                let answer = bench.ask(documents::CLOSE_ISSUE, variables).await?;
                count(
                    &mut removed.closed,
                    &mut removed.left,
                    &answer,
                    &format!("issue \"{}\"", title(&issue)),
                );
            }
        }
    }
    trouble.map_or(Ok(()), Err)
}

async fn labels(bench: &mut Bench, removed: &mut Removed) -> Result<(), Trouble> {
    let repository = json!({ "repository": bench.repository.id });
    let labels = listed(bench, documents::LABELS, &repository, "/data/node/labels").await?;
    for label in labels.iter().filter(|label| text(label, "name").to_lowercase().starts_with(LABEL)) {
        let answer = bench.ask(documents::DELETE_LABEL, json!({ "label": id(label) })).await?;
        count(&mut removed.labels, &mut removed.left, &answer, &format!("label \"{}\"", text(label, "name")));
    }
    Ok(())
}

async fn milestones(bench: &mut Bench, removed: &mut Removed) -> Result<(), Trouble> {
    let mut listed = Vec::new();
    for page in 1..=PAGES {
        let path = bench.repository_path(&format!("/milestones?state=all&per_page=100&page={page}"));
        let answer = bench.rest(Method::Get, &path, None, 0).await?.done("list the milestones")?;
        listed.extend(answer.list("").iter().cloned());
        if answer.list("").len() < 100 {
            break;
        }
    }
    // One of the checks writes its title in capitals.
    let ours: Vec<(u64, String)> = listed
        .iter()
        .filter(|milestone| title(milestone).to_lowercase().starts_with(&TITLE.to_lowercase()))
        .filter_map(|milestone| Some((milestone.get("number")?.as_u64()?, title(milestone).to_owned())))
        .collect();
    for (number, title) in ours {
        let path = bench.repository_path(&format!("/milestones/{number}"));
        let answer = bench.rest(Method::Delete, &path, None, 0).await?;
        count(&mut removed.milestones, &mut removed.left, &answer, &format!("milestone \"{title}\""));
    }
    Ok(())
}

/// The nodes of a list, page by page.
async fn listed(
    bench: &mut Bench,
    document: Document,
    variables: &Value,
    list: &str,
) -> Result<Vec<Value>, Trouble> {
    let mut nodes = Vec::new();
    let mut after = Value::Null;
    for _ in 0..PAGES {
        let mut variables = variables.clone();
        if let Some(variables) = variables.as_object_mut() {
            variables.insert("after".to_owned(), after);
        }
        let answer = bench.done(document, variables).await?;
        nodes.extend(answer.list(&format!("{list}/nodes")).iter().cloned());
        if answer.at(&format!("{list}/pageInfo/hasNextPage")) != &json!(true) {
            break;
        }
        after = answer.at(&format!("{list}/pageInfo/endCursor")).clone();
    }
    Ok(nodes)
}

fn count(counter: &mut usize, left: &mut Vec<String>, answer: &Answer, what: &str) {
    // What isn't there any more was removed with something else.
    let is_gone = answer.status == 404 || answer.kind() == "NOT_FOUND";
    if answer.is_refused() && !is_gone {
        left.push(format!("{what}: {}", answer.refusal()));
    } else {
        *counter = counter.saturating_add(1);
    }
}

/// By its title and by who made it. An App's login has `[bot]` behind it in one place and not in the other.
fn is_ours(viewer: &str, node: &Value, maker: &str) -> bool {
    let plain = |login: &str| login.trim_end_matches("[bot]").to_lowercase();
    let by = node.get(maker).and_then(|actor| actor.get("login")).and_then(Value::as_str).unwrap_or_default();
    title(node).starts_with(TITLE) && plain(by) == plain(viewer)
}

fn id(node: &Value) -> &str {
    text(node, "id")
}

fn title(node: &Value) -> &str {
    text(node, "title")
}

fn text<'a>(node: &'a Value, member: &str) -> &'a str {
    node.get(member).and_then(Value::as_str).unwrap_or_default()
}
