//! What the history of an issue's body says of a marker that somebody took out, broke or rewrote.
//!
//! The marker alone proves what an issue is, so nothing is taken for the plan's by its history: who was it is told to a
//! person, who hands it over or doesn't. History is asked for only where the plan lacks an issue and something is there
//! that may be it. Where GitHub doesn't tell it, that is not taken for "never had a marker".

use std::collections::BTreeSet;

use spectra_model::id::{IssueKey, Login, NodeId, ProjectSlug, RepoSlug, fold};
use spectra_model::marker::{Closing, MarkedBody, without_remnants};
use spectra_model::observation::{BodyHistory, Issue, Observation, Version};
use spectra_model::plan::{Link, Plan};

use crate::identity::{self, Issues, account, slugs};

/// Of issues without the managed label the history of so many is asked for at most.
const UNLABELLED: usize = 50;

/// Issues whose history is to be read before anything is decided: the plan lacks an issue, and each of these may be it.
pub fn doubtful(plan: &Plan, observation: &Observation) -> Vec<NodeId> {
    let issues = identity::issues(plan, observation);
    let accounts = accounts(observation, &issues);
    let mut doubtful = doubted(plan, observation, &issues);
    doubtful.sort_by_key(|issue| {
        let is_by_spectra = issue.author.as_ref().is_some_and(|author| accounts.contains(&account(author)));
        (!is_labelled(plan, issue), !is_by_spectra, issue.item.is_none())
    });
    let mut unlabelled = 0;
    let is_asked = |issue: &&Issue| {
        unlabelled += usize::from(!is_labelled(plan, issue));
        unlabelled <= UNLABELLED
    };
    doubtful.into_iter().take_while(is_asked).map(|issue| issue.id.clone()).collect()
}

/// What a history tells of an issue that the plan lacks.
#[derive(Debug, Clone)]
pub(crate) struct Formerly<'a> {
    pub(crate) issue: &'a Issue,
    /// The key that its marker had.
    pub(crate) key: IssueKey,
    /// Its body as if the marker still stood there.
    pub(crate) body: MarkedBody,
    /// Whether a marker stands there still, another one.
    pub(crate) is_marked: bool,
}

/// What becomes of issues of the plan that aren't found by their marker.
#[derive(Debug, Default)]
pub(crate) struct Histories<'a> {
    /// Issues that were ones of the plan.
    pub(crate) formerly: Vec<Formerly<'a>>,
    /// Issues of which GitHub doesn't tell whether they were.
    pub(crate) untold: Vec<&'a Issue>,
}

impl<'a> Histories<'a> {
    /// Reads what there is.
    pub(crate) fn of(plan: &Plan, observation: &'a Observation, issues: &Issues<'a>) -> Self {
        let mut histories = Self::default();
        let accounts = accounts(observation, issues);
        for issue in doubted(plan, observation, issues) {
            match observation.histories.get(&issue.id) {
                Some(BodyHistory { versions, is_whole }) => {
                    match formerly(plan, issue, versions, &accounts) {
                        Some(found) => histories.formerly.push(found),
                        None if *is_whole && (!versions.is_empty() || !is_in_place(plan, issues, issue)) => {}
                        None => histories.untold.push(issue),
                    }
                }
                None => histories.untold.push(issue),
            }
        }
        // Without a word from GitHub it is the label that says that an issue is Spectra's.
        histories.untold.retain(|issue| is_labelled(plan, issue) && MarkedBody::read(&issue.body).is_none());
        histories
    }

    /// The issues that were the one of this key, or of one that it had before.
    pub(crate) fn of_key(&self, key: &IssueKey, before: &[IssueKey]) -> Vec<&Formerly<'a>> {
        self.formerly.iter().filter(|it| it.key == *key || before.contains(&it.key)).collect()
    }

    /// What this issue was, if it was the one of this key or is named for it.
    pub(crate) fn of_issue(&self, id: &NodeId, key: &IssueKey) -> Option<&Formerly<'a>> {
        self.formerly.iter().find(|it| it.issue.id == *id && (it.key == *key || !it.is_marked))
    }

    /// An issue in this repository of which nothing is told, and that isn't handed over.
    pub(crate) fn untold_in(&self, repository: &RepoSlug, taken: &BTreeSet<&NodeId>) -> Option<&'a Issue> {
        let wanted = fold(repository.as_str());
        let mut there = self.untold.iter().copied().filter(|issue| !taken.contains(&issue.id));
        there.find(|issue| fold(issue.repository.as_str()) == wanted)
    }
}

/// Issues that may be ones that the plan lacks: with the managed label, on the board, or below an issue of the plan's;
/// without a marker, or with one that says something else than any of the plan's issues.
fn doubted<'o>(plan: &Plan, observation: &'o Observation, issues: &Issues<'o>) -> Vec<&'o Issue> {
    let lacks = plan.issues.iter().any(|issue| !issues.found.contains_key(&issue.key));
    if !lacks || observation.board.is_none() && issues.found.is_empty() {
        return Vec::new();
    }
    let ids = issues.found.values().map(|marked| &marked.issue.id);
    let found: BTreeSet<&NodeId> = ids.clone().collect();
    let known: BTreeSet<&NodeId> =
        ids.chain(issues.drafted.values().map(|marked| &marked.issue.id)).collect();
    let is_neighbours = |slug: &ProjectSlug| {
        plan.neighbours.iter().any(|it| it.slug == *slug || it.renamed_from.contains(slug))
    };
    let may_be = |issue: &&Issue| {
        if known.contains(&issue.id) {
            return false;
        }
        let is_near = || issue.item.is_some() || issue.parent.as_ref().is_some_and(|id| found.contains(id));
        match MarkedBody::read(&issue.body).map(|body| body.marker) {
            None => is_labelled(plan, issue) || is_near(),
            // What Spectra itself put aside bears its own marker.
            Some(marker) if slugs(plan).any(|slug| *slug == marker.slug) => {
                !marker.closed && !marker.archived
            }
            Some(marker) => is_labelled(plan, issue) && !is_neighbours(&marker.slug),
        }
    };
    observation.issues.iter().filter(may_be).collect()
}

/// The accounts that Spectra writes with: the token's, and those that markers name.
fn accounts(observation: &Observation, issues: &Issues<'_>) -> BTreeSet<String> {
    let actors = issues.found.values().map(|marked| &marked.body.marker.actor);
    std::iter::once(&observation.viewer).chain(actors).map(account).collect()
}

fn is_labelled(plan: &Plan, issue: &Issue) -> bool {
    issue.labels.iter().any(|label| label.same(&plan.project.managed_label))
}

/// Whether an issue that was never edited stands where one that the plan lacks belongs: made by Spectra's account, below
/// its parent. A GitHub that forgets the history of a body can't be told from a person who did all of that by hand.
fn is_in_place(plan: &Plan, issues: &Issues<'_>, issue: &Issue) -> bool {
    let actors: BTreeSet<String> =
        issues.found.values().map(|marked| account(&marked.body.marker.actor)).collect();
    let is_by_spectra = issue.author.as_ref().is_some_and(|author| actors.contains(&account(author)));
    let is_lacking = |key: &IssueKey| !issues.found.contains_key(key);
    let mut edges = plan.links.iter().filter_map(Link::sub_issue);
    is_by_spectra
        && edges.any(|(parent, child)| {
            let parent = parent.own().and_then(|parent| issues.found.get(parent));
            is_lacking(child) && parent.is_some_and(|parent| issue.parent.as_ref() == Some(&parent.issue.id))
        })
}

/// The last version whose marker said that the issue is another one of the plan's than it says now. Where Spectra's own
/// account wrote what came after, the plan had renamed it.
fn formerly<'a>(
    plan: &Plan,
    issue: &'a Issue,
    versions: &[Version],
    accounts: &BTreeSet<String>,
) -> Option<Formerly<'a>> {
    let now = MarkedBody::read(&issue.body);
    let is_own = |login: &Login| accounts.contains(&account(login));
    let mut later: Option<&Version> = None;
    for version in versions {
        let then = version.text.as_deref().and_then(MarkedBody::read);
        let then = then.filter(|body| slugs(plan).any(|slug| *slug == body.marker.slug));
        let is_other = |then: &MarkedBody| {
            now.as_ref().is_none_or(|now| {
                (&now.marker.slug, &now.marker.key) != (&then.marker.slug, &then.marker.key)
            })
        };
        match then.filter(is_other) {
            Some(then) => {
                let by_spectra = later.and_then(|later| later.editor.as_ref()).is_some_and(is_own);
                let key = then.marker.key.clone();
                return match now {
                    Some(_) if by_spectra => None,
                    Some(now) => Some(Formerly { issue, key, body: now, is_marked: true }),
                    None => {
                        Some(Formerly { issue, key, body: put_back(then, &issue.body), is_marked: false })
                    }
                };
            }
            None => later = Some(version),
        }
    }
    None
}

/// A body whose marker is gone, taken apart as the version that had it: around the text that stood in the region, where
/// that is still there; else with an empty region below all of it.
fn put_back(then: MarkedBody, body: &str) -> MarkedBody {
    let lf = |text: &str| text.replace("\r\n", "\n");
    let body = lf(&without_remnants(body));
    let region = lf(&then.region);
    // As long as the text itself: boxes may have been ticked since.
    let unticked = |text: &str| text.replace("[x]", "[ ]").replace("[X]", "[ ]");
    let found = (!region.trim().is_empty()).then(|| unticked(&body).find(&unticked(&region))).flatten();
    let split = found.and_then(|start| {
        let (before, rest) = body.split_at_checked(start)?;
        let (region, after) = rest.split_at_checked(region.len())?;
        Some((before.trim_end_matches('\n'), region.to_owned(), after))
    });
    let (before, region, after) = split.unwrap_or((body.trim_end(), String::new(), ""));
    let before = if before.trim().is_empty() { String::new() } else { format!("{before}\n\n") };
    MarkedBody { before, region, after: after.to_owned(), closing: Closing::Missing, ..then }
}
