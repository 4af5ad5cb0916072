//! Removing what was made, of this run and of earlier ones that didn't get to it.
//!
//! Invariant: only what the title or name begins with the conformance checks' own words, and what this token's user
//! made, is removed. GitHub's lists may lag behind, so what this run knows by id is removed by id as well.
//!
//! Guarantee: one thing that can't be removed keeps no other from being removed; what stays is named.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use spectra_github::{Failure, Method};

use super::answer::{Answer, Trouble, short};
use super::bench::{Bench, LABEL, TITLE};
use super::documents::{self, Document};
use super::made::{Made, Thing};
use crate::github::told;

/// Pages of a list that are looked through.
const PAGES: usize = 10;
/// After so many things in a row that nothing was answered about, the others are only named.
const SILENT: usize = 3;

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

/// How removing one thing ended.
enum End {
    Removed,
    Closed,
    Left(String),
    /// Nothing was answered.
    Silence(String),
}

/// Removes everything that is the checks' own, as far as there is time. What stays is said.
pub(super) async fn remove(bench: &mut Bench, within: Duration) -> Removed {
    let mut removed = Removed::default();
    let work = remove_all(bench, &mut removed);
    let in_time = tokio::time::timeout(within, work).await.is_ok();
    // What is still in the books was not reached, or its lists could not be read.
    let why = if in_time { "not removed" } else { "there was no time left to remove it" };
    for made in std::mem::take(&mut bench.made) {
        removed.left.push(format!("{}: {why}", made.told()));
    }
    let lost = std::mem::take(&mut bench.lost);
    if lost > 0 {
        removed.left.push(format!(
            "{lost} creations were not answered: what they made may turn up later, and the next run removes it"
        ));
    }
    removed
}

async fn remove_all(bench: &mut Bench, removed: &mut Removed) {
    let mut silent: usize = 0;
    let mut may_delete = true;
    // The largest first: what is left of the others hurts less.
    for thing in [Thing::Project, Thing::Issue, Thing::Label, Thing::Milestone] {
        let listed = if silent < SILENT { list(bench, thing).await } else { Ok(Vec::new()) };
        let ours = listed.unwrap_or_else(|trouble| {
            let knows_some = bench.made.iter().any(|made| made.thing == thing);
            // Where milestones can't be listed, none was made.
            if knows_some || !matches!((thing, &trouble), (Thing::Milestone, Trouble::NotModelled(_))) {
                removed.left.push(format!("{}s that can't be listed: {}", thing.word(), because(&trouble)));
            }
            Vec::new()
        });
        for made in ours {
            if bench.made.iter().all(|known| known.thing != thing || known.id != made.id) {
                bench.made.push(made);
            }
        }
        let known: Vec<Made> = bench.made.iter().filter(|made| made.thing == thing).cloned().collect();
        for made in known {
            if silent >= SILENT {
                break;
            }
            let end = match thing {
                Thing::Issue => issue(bench, &made, &mut may_delete).await,
                Thing::Project | Thing::Label | Thing::Milestone => ended(deleted(bench, &made).await),
            };
            silent = if matches!(end, End::Silence(_)) { silent.saturating_add(1) } else { 0 };
            removed.count(&made, end);
            bench.made.retain(|known| *known != made);
        }
    }
}

impl Removed {
    fn count(&mut self, made: &Made, end: End) {
        let counter = match (end, made.thing) {
            (End::Left(why) | End::Silence(why), _) => {
                self.left.push(format!("{}: {why}", made.told()));
                return;
            }
            (End::Closed, _) => &mut self.closed,
            (End::Removed, Thing::Project) => &mut self.projects,
            (End::Removed, Thing::Issue) => &mut self.issues,
            (End::Removed, Thing::Label) => &mut self.labels,
            (End::Removed, Thing::Milestone) => &mut self.milestones,
        };
        *counter = counter.saturating_add(1);
    }
}

/// Deletes one thing.
async fn deleted(bench: &mut Bench, made: &Made) -> Result<Answer, Trouble> {
    let id = &made.id;
    match made.thing {
        Thing::Project => bench.ask(documents::DELETE_PROJECT, json!({ "project": id })).await,
        Thing::Issue => bench.ask(documents::DELETE_ISSUE, json!({ "issue": id })).await,
        Thing::Label => bench.ask(documents::DELETE_LABEL, json!({ "label": id })).await,
        Thing::Milestone => {
            let path = bench.repository_path(&format!("/milestones/{id}"));
            bench.rest(Method::Delete, &path, None, 0).await
        }
    }
}

/// Deletes an issue, or closes it: deleting needs more rights than making. Closed, it is at least out of the way.
async fn issue(bench: &mut Bench, made: &Made, may_delete: &mut bool) -> End {
    let refused = if *may_delete {
        match ended(deleted(bench, made).await) {
            End::Left(why) => why,
            end @ (End::Removed | End::Closed | End::Silence(_)) => return end,
        }
    } else {
        "may not be deleted".to_owned()
    };
    *may_delete = false;
    if made.is_closed {
        return End::Closed;
    }
    let variables = json!({ "issue": made.id, "reason": "NOT_PLANNED" });
    match ended(bench.ask(documents::CLOSE_ISSUE, variables).await) {
        End::Removed => End::Closed,
        End::Left(why) => End::Left(format!("{refused}; nor closed: {why}")),
        end @ (End::Closed | End::Silence(_)) => end,
    }
}

fn ended(answer: Result<Answer, Trouble>) -> End {
    match answer {
        // What isn't there any more was removed with something else.
        Ok(answer) if answer.kind() == "NOT_FOUND" => End::Removed,
        Ok(answer) if answer.is_refused() => End::Left(answer.refusal()),
        Ok(answer) if answer.status == 200 && answer.at("/data").is_null() => End::Left(answer.shown()),
        Ok(_) => End::Removed,
        Err(Trouble::NotModelled(why)) if why.contains(" answers 404") => End::Removed,
        Err(trouble @ (Trouble::NotModelled(_) | Trouble::Refused { .. } | Trouble::Prerequisite(_))) => {
            End::Left(because(&trouble))
        }
        Err(trouble @ Trouble::NoAnswer(_)) => End::Silence(because(&trouble)),
        Err(Trouble::Failure(failure)) if failure.is_limit() || is_unauthorised(&failure) => {
            End::Silence(told(&failure))
        }
        Err(trouble @ Trouble::Failure(_)) => End::Left(because(&trouble)),
    }
}

fn is_unauthorised(failure: &Failure) -> bool {
    matches!(failure, Failure::Unauthorised { .. })
}

fn because(trouble: &Trouble) -> String {
    match trouble {
        Trouble::NotModelled(why) => format!("not modelled: {why}"),
        Trouble::NoAnswer(why) => format!("no answer: {why}"),
        Trouble::Prerequisite(why) | Trouble::Refused { answer: why, .. } => short(why),
        Trouble::Failure(failure) => short(&told(failure)),
    }
}

/// What the lists show of the checks' own things.
async fn list(bench: &mut Bench, thing: Thing) -> Result<Vec<Made>, Trouble> {
    let repository = json!({ "repository": bench.repository.id });
    let nodes = match thing {
        Thing::Project => {
            let owner = json!({ "owner": bench.owner.id });
            listed(bench, documents::OWNER_BOARDS, &owner, "/data/node/projectsV2").await?
        }
        Thing::Issue => listed(bench, documents::NEWEST_ISSUES, &repository, "/data/node/issues").await?,
        Thing::Label => listed(bench, documents::LABELS, &repository, "/data/node/labels").await?,
        Thing::Milestone => milestones(bench).await?,
    };
    let viewer = &bench.viewer;
    let is_ours = |node: &&Value| match thing {
        Thing::Project => is_by(viewer, node, "creator"),
        Thing::Issue => is_by(viewer, node, "author"),
        Thing::Label => is_called(node, "name", LABEL),
        // One of the checks writes its title in capitals.
        Thing::Milestone => is_called(node, "title", TITLE),
    };
    Ok(nodes.iter().filter(is_ours).filter_map(|node| Made::of(thing, node)).collect())
}

/// All milestones of the repository, as far as there are pages to look through.
pub(super) async fn milestones(bench: &mut Bench) -> Result<Vec<Value>, Trouble> {
    let mut nodes: Vec<Value> = Vec::new();
    for page in 1..=PAGES {
        let path = bench.repository_path(&format!("/milestones?state=all&per_page=100&page={page}"));
        let answer = bench.rest(Method::Get, &path, None, 0).await?.done("list the milestones")?;
        let more = answer.list("");
        let is_last = more.len() < 100 || more.iter().all(|node| nodes.contains(node));
        nodes.extend(more.iter().cloned());
        if is_last {
            break;
        }
    }
    Ok(nodes)
}

/// The nodes of a list, page by page. A cursor that was there before ends it.
async fn listed(
    bench: &mut Bench,
    document: Document,
    variables: &Value,
    list: &str,
) -> Result<Vec<Value>, Trouble> {
    let mut nodes = Vec::new();
    let mut seen = BTreeSet::new();
    let mut after = Value::Null;
    for _ in 0..PAGES {
        let mut variables = variables.clone();
        if let Some(variables) = variables.as_object_mut() {
            variables.insert("after".to_owned(), after);
        }
        let answer = match bench.done(document, variables).await {
            // What the pages before it showed can be removed; the next run sees what comes after that.
            Err(_) if !nodes.is_empty() => break,
            answer => answer?,
        };
        nodes.extend(answer.list(&format!("{list}/nodes")).iter().cloned());
        after = answer.at(&format!("{list}/pageInfo/endCursor")).clone();
        let goes_on = answer.at(&format!("{list}/pageInfo/hasNextPage")) == &json!(true);
        if !goes_on || !seen.insert(after.to_string()) {
            break;
        }
    }
    Ok(nodes)
}

/// By its title and by who made it. An App's login has `[bot]` behind it in one place and not in the other.
fn is_by(viewer: &str, node: &Value, maker: &str) -> bool {
    let plain = |login: &str| login.trim_end_matches("[bot]").to_lowercase();
    let by = node.get(maker).and_then(|actor| actor.get("login")).and_then(Value::as_str).unwrap_or_default();
    let title = node.get("title").and_then(Value::as_str).unwrap_or_default();
    title.starts_with(TITLE) && plain(by) == plain(viewer)
}

fn is_called(node: &Value, member: &str, beginning: &str) -> bool {
    let name = node.get(member).and_then(Value::as_str).unwrap_or_default();
    name.to_lowercase().starts_with(&beginning.to_lowercase())
}
