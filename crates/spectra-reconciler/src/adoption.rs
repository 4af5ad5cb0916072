//! Issues that people made and a maintainer hands over: same title and repository, the same parent or none. And issues
//! that were the plan's until somebody took their marker out, rewrote or broke it.
//!
//! Nothing is taken unasked. What is taken counts as found from then on, with an empty region below people's text, or, where
//! its history tells of its marker, with that marker around the text that it stood around.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::{IssueKey, NodeId, fold};
use spectra_model::marker::{Origin, holds_a_marker};
use spectra_model::observation::{self, Observation, foreign_key};
use spectra_model::plan::{Issue, IssueRef, Link, Plan};

use crate::history::{Formerly, Histories};
use crate::identity::{Drafts, Issues, Marked, unmarked};
use crate::{Adoption, Options, Refusal};

impl Adoption {
    /// The address that was named for a key.
    pub(crate) fn named(&self, key: &str) -> Option<&str> {
        self.addresses()?.get(&IssueKey::new(key)).map(String::as_str)
    }

    fn addresses(&self) -> Option<&BTreeMap<IssueKey, String>> {
        match self {
            Self::All(named) | Self::These(named) => Some(named),
            Self::Refuse | Self::MakeNew => None,
        }
    }

    /// Whether a board is handed over that has the record of another manifest.
    pub(crate) fn takes_board(&self, plan: &Plan, url: &str) -> bool {
        let named = self.named(plan.slug.as_str());
        match self {
            Self::All(_) => named.is_none_or(|named| named == url),
            Self::These(_) => named == Some(url),
            Self::Refuse | Self::MakeNew => false,
        }
    }
}

/// Adds the issues that are handed over to those that are found; why it can't be done where a person must decide.
pub(crate) fn adopt<'a>(
    plan: &Plan,
    observation: &'a Observation,
    options: &Options,
    issues: &mut Issues<'a>,
    drafts: &Drafts<'_>,
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut taken: BTreeSet<&NodeId> = BTreeSet::new();
    let histories = Histories::of(plan, observation, issues);
    for (key, url) in options.adoption.addresses().into_iter().flatten() {
        match by_address(plan, observation, issues, &histories, key, url) {
            Ok(Some(issue)) => {
                taken.insert(&issue.id);
                match histories.of_issue(&issue.id, key) {
                    Some(formerly) => take_back(issues, key, formerly),
                    None => take(plan, options, issues, key, issue),
                }
            }
            Ok(None) => {}
            Err(because) => {
                let (key, url) = (key.to_string(), url.clone());
                refusals.push(Refusal::NotToBeAdopted { key, url, because });
            }
        }
    }
    if options.adoption == Adoption::MakeNew || observation.issues.is_empty() {
        return refusals;
    }
    let by_title = by_title(issues);
    let parents: BTreeMap<&IssueKey, &IssueRef> =
        plan.links.iter().filter_map(Link::sub_issue).map(|(parent, child)| (child, parent)).collect();
    // Whichever of the plan's issues it was: one of which nothing is told is told of once.
    let mut told: BTreeSet<&NodeId> = BTreeSet::new();
    for issue in &plan.issues {
        if issues.found.contains_key(&issue.key) || drafts.becoming.contains_key(&issue.key) {
            continue;
        }
        let formerly = histories.of_key(&issue.key, &issue.renamed_from);
        let formerly: Vec<&Formerly<'a>> =
            formerly.into_iter().filter(|it| !taken.contains(&it.issue.id)).collect();
        match (&options.adoption, formerly.as_slice()) {
            (_, []) => {}
            (Adoption::All(_), [only]) => {
                taken.insert(&only.issue.id);
                take_back(issues, &issue.key, only);
                continue;
            }
            (Adoption::All(_), several) => {
                let urls: Vec<&str> = several.iter().map(|it| it.issue.url.as_str()).collect();
                let urls = urls.join(", ");
                refusals.push(Refusal::SeveralCandidates { key: issue.key.to_string(), urls });
                continue;
            }
            (_, several) => {
                refusals.extend(
                    several.iter().map(|it| Refusal::LostMarker {
                        url: it.issue.url.clone(),
                        key: issue.key.to_string(),
                    }),
                );
                continue;
            }
        }
        let parent = parents.get(&issue.key).and_then(|parent| node(observation, issues, parent));
        let namesakes = by_title.get(&name(issue.repository.as_str(), &issue.title)).into_iter().flatten();
        let is_candidate = |it: &&&observation::Issue| {
            (it.parent.is_none() || it.parent.as_ref() == parent) && !taken.contains(&it.id)
        };
        let candidates: Vec<&observation::Issue> = namesakes.filter(is_candidate).copied().collect();
        match (&options.adoption, candidates.as_slice()) {
            (_, []) => {
                let key = issue.key.to_string();
                let half = half_marked(plan, issues, &issue.key);
                let mut untold =
                    || histories.untold_in(&issue.repository, &taken).filter(|it| told.insert(&it.id));
                refusals.extend(match half.filter(|it| !taken.contains(&it.id)) {
                    Some(half) => Some(Refusal::DamagedMarker { url: half.url.clone(), key }),
                    None => untold().map(|it| Refusal::UntoldMarker { url: it.url.clone(), key }),
                });
            }
            (Adoption::MakeNew, _) => {}
            (Adoption::All(_), [only]) if has_one_claimant(plan, issues, issue) || only.parent.is_some() => {
                taken.insert(&only.id);
                take(plan, options, issues, &issue.key, only);
            }
            (Adoption::All(_), several) => {
                let urls: Vec<&str> = several.iter().map(|it| it.url.as_str()).collect();
                let urls = urls.join(", ");
                refusals.push(Refusal::SeveralCandidates { key: issue.key.to_string(), urls });
            }
            (Adoption::Refuse | Adoption::These(_), several) => {
                refusals.extend(several.iter().map(|it| Refusal::SameTitle {
                    what: "an issue",
                    key: issue.key.to_string(),
                    title: issue.title.clone(),
                    url: it.url.clone(),
                }));
            }
        }
    }
    refusals
}

/// An issue of the plan's board whose marker a person damaged, and which may be the one of this key: it has the managed
/// label or is on the board, and what is left of its marker names this key or none at all.
fn half_marked<'a>(plan: &Plan, issues: &Issues<'a>, key: &IssueKey) -> Option<&'a observation::Issue> {
    let label = &plan.project.managed_label;
    let is_boards =
        |issue: &observation::Issue| issue.item.is_some() || issue.labels.iter().any(|it| it.same(label));
    let may_be = |issue: &observation::Issue| {
        let body = &issue.body;
        holds_a_marker(body) && (body.contains(&format!("\"key\":\"{key}\"")) || !body.contains("\"key\":\""))
    };
    issues.unmarked.iter().copied().find(|issue| is_boards(issue) && may_be(issue))
}

/// The issue at an address that a person named. None where it is the plan's issue of that key already, as on a second
/// run, or where the key is the board's.
fn by_address<'a>(
    plan: &Plan,
    observation: &'a Observation,
    issues: &Issues<'a>,
    histories: &Histories<'a>,
    key: &IssueKey,
    url: &str,
) -> Result<Option<&'a observation::Issue>, &'static str> {
    if key.as_str() == plan.slug.as_str() {
        return Ok(None);
    }
    let desired =
        plan.issues.iter().find(|issue| issue.key == *key).ok_or("the plan has no issue of that key")?;
    if let Some(found) = issues.found.get(key) {
        let same = found.issue.url == url;
        return if same { Ok(None) } else { Err("the plan's issue of that key is there already") };
    }
    let issue = observation.issues.iter().find(|issue| issue.url == url);
    let issue =
        issue.ok_or("there is no such issue in the plan's repositories, or the token can't see it")?;
    if issues.adopted.iter().any(|key| issues.found.get(key).is_some_and(|it| it.issue.id == issue.id)) {
        return Err("it is named for another key too");
    }
    let is_unmarked = issues.unmarked.iter().any(|unmarked| unmarked.id == issue.id);
    if !is_unmarked && histories.of_issue(&issue.id, key).is_none() {
        return Err("it has the marker of another issue");
    }
    if fold(issue.repository.as_str()) != fold(desired.repository.as_str()) {
        return Err("it is in another repository than the plan says");
    }
    Ok(Some(issue))
}

fn take<'a>(
    plan: &Plan,
    options: &Options,
    issues: &mut Issues<'a>,
    key: &IssueKey,
    issue: &'a observation::Issue,
) {
    let body = unmarked(plan, options, key, &issue.body, Origin::Adopted);
    issues.adopted.insert(key.clone());
    issues.found.insert(key.clone(), Marked { issue, body });
    issues.unmarked.retain(|unmarked| unmarked.id != issue.id);
}

/// An issue that was the plan's is its again, with what its marker said. One whose marker was rewritten gets the right one
/// as any issue does; one that has none is handed over anew.
fn take_back<'a>(issues: &mut Issues<'a>, key: &IssueKey, formerly: &Formerly<'a>) {
    let Formerly { issue, body, is_marked, .. } = formerly;
    if !is_marked {
        issues.adopted.insert(key.clone());
    }
    issues.found.insert(key.clone(), Marked { issue, body: body.clone() });
    issues.unmarked.retain(|other| other.id != issue.id);
    issues.gone.retain(|other| other.issue.id != issue.id);
    issues.copies.retain(|other| other.issue.id != issue.id);
}

/// Whether no other issue of the plan that isn't found has the same title in the same repository.
fn has_one_claimant(plan: &Plan, issues: &Issues<'_>, issue: &Issue) -> bool {
    let own = name(issue.repository.as_str(), &issue.title);
    let missing = plan.issues.iter().filter(|other| !issues.found.contains_key(&other.key));
    missing.filter(|other| name(other.repository.as_str(), &other.title) == own).count() <= 1
}

fn by_title<'a>(issues: &Issues<'a>) -> BTreeMap<(String, String), Vec<&'a observation::Issue>> {
    let mut by_title: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for issue in &issues.unmarked {
        by_title.entry(name(issue.repository.as_str(), &issue.title)).or_default().push(*issue);
    }
    by_title
}

fn name(repository: &str, title: &str) -> (String, String) {
    (fold(repository), fold(title.trim()))
}

fn node<'o>(observation: &'o Observation, issues: &Issues<'o>, issue: &IssueRef) -> Option<&'o NodeId> {
    match issue {
        IssueRef::Own(key) => issues.found.get(key).map(|marked| &marked.issue.id),
        IssueRef::Foreign(foreign) => match observation.foreign.get(&foreign_key(foreign))?.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}
