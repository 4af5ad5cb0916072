//! Which thing on GitHub is which thing of the plan.
//!
//! Boards are known by their record, issues by their marker, never by a title. A title that agrees is a reason to ask
//! a person, not a match.

use std::collections::BTreeMap;

use spectra_model::board_record::Readme;
use spectra_model::id::{IssueKey, NodeId, ProjectSlug, fold};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{BoardSummary, Issue, Observation};
use spectra_model::plan::Plan;

use crate::{Adoption, Refusal};

/// Which of an owner's boards is the plan's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoardMatch {
    /// This one.
    Found(NodeId),
    /// One that an unfinished run made and had not named yet.
    Leftover(NodeId),
    /// None of them.
    Absent,
    /// A person must decide.
    Refused(Vec<Refusal>),
}

/// The title under which a board is made, before it gets its real one together with its record.
pub fn working_title(slug: &ProjectSlug) -> String {
    format!("Spectra is preparing {slug}, run ")
}

/// Finds the plan's board among its owner's.
pub fn board_of(plan: &Plan, boards: &[BoardSummary], adoption: Adoption) -> BoardMatch {
    if let Some(number) = plan.project.number {
        return match boards.iter().find(|board| board.number == number) {
            Some(board) => recorded(plan, board),
            None => BoardMatch::Refused(vec![Refusal::NoSuchNumber { number }]),
        };
    }
    let mut ours = Vec::new();
    let mut damaged = Vec::new();
    for board in boards {
        match Readme::read(&board.readme) {
            Ok(Readme { record: Some(record), .. })
                if record.slug == plan.slug && record.project == board.id =>
            {
                ours.push(board);
            }
            Err(problem)
                if board.readme.contains(&format!("\"slug\":\"{}\"", plan.slug))
                    || same_title(plan, board) =>
            {
                damaged.push(Refusal::DamagedRecord { url: board.url.clone(), problem: problem.to_string() });
            }
            Ok(_) | Err(_) => {}
        }
    }
    match ours.as_slice() {
        [board] => recorded(plan, board),
        [] if damaged.is_empty() => unrecorded(plan, boards, adoption),
        [] => BoardMatch::Refused(damaged),
        several => {
            let urls: Vec<&str> = several.iter().map(|board| board.url.as_str()).collect();
            BoardMatch::Refused(vec![Refusal::SeveralBoards {
                slug: plan.slug.to_string(),
                urls: urls.join(", "),
            }])
        }
    }
}

fn recorded(plan: &Plan, board: &BoardSummary) -> BoardMatch {
    match Readme::read(&board.readme) {
        Ok(Readme { record: Some(record), .. }) if record.manifest != plan.manifest => {
            BoardMatch::Refused(vec![Refusal::OtherManifest {
                url: board.url.clone(),
                theirs: record.manifest.to_string(),
                ours: plan.manifest.to_string(),
            }])
        }
        Ok(_) => BoardMatch::Found(board.id.clone()),
        Err(problem) => BoardMatch::Refused(vec![Refusal::DamagedRecord {
            url: board.url.clone(),
            problem: problem.to_string(),
        }]),
    }
}

fn unrecorded(plan: &Plan, boards: &[BoardSummary], adoption: Adoption) -> BoardMatch {
    let prefix = working_title(&plan.slug);
    let leftover = boards
        .iter()
        .filter(|board| board.title.starts_with(&prefix) && board.readme.is_empty())
        .min_by_key(|board| board.number);
    if let Some(board) = leftover {
        return BoardMatch::Leftover(board.id.clone());
    }
    let same: Vec<Refusal> = boards
        .iter()
        .filter(|board| same_title(plan, board) && !board.closed)
        .map(|board| Refusal::SameTitle {
            what: "a board",
            title: board.title.clone(),
            url: board.url.clone(),
        })
        .collect();
    match adoption {
        Adoption::Refuse if !same.is_empty() => BoardMatch::Refused(same),
        Adoption::Refuse | Adoption::MakeNew => BoardMatch::Absent,
    }
}

fn same_title(plan: &Plan, board: &BoardSummary) -> bool {
    fold(board.title.trim()) == fold(plan.project.title.trim())
}

/// An issue whose body has a marker of the plan's board.
#[derive(Debug, Clone)]
pub(crate) struct Marked<'a> {
    pub(crate) issue: &'a Issue,
    pub(crate) body: MarkedBody,
}

/// The observation's issues, told apart.
#[derive(Debug, Default)]
pub(crate) struct Issues<'a> {
    /// The plan's issues that are there, by the plan's key.
    pub(crate) found: BTreeMap<IssueKey, Marked<'a>>,
    /// Issues that carry the marker of a key which an older issue has already.
    pub(crate) copies: Vec<Marked<'a>>,
    /// Issues of the board that the plan no longer has.
    pub(crate) gone: Vec<Marked<'a>>,
    /// Issues without a marker of any board.
    pub(crate) unmarked: Vec<&'a Issue>,
}

/// Tells the observation's issues apart. Of several issues with one key the oldest is the one: a copy is younger.
pub(crate) fn issues<'a>(plan: &Plan, observation: &'a Observation) -> Issues<'a> {
    let mut by_key: BTreeMap<IssueKey, Vec<Marked<'a>>> = BTreeMap::new();
    let mut issues = Issues::default();
    for issue in &observation.issues {
        match MarkedBody::read(&issue.body) {
            Some(body) if body.marker.slug == plan.slug => {
                by_key.entry(body.marker.key.clone()).or_default().push(Marked { issue, body });
            }
            Some(_) => {}
            None => issues.unmarked.push(issue),
        }
    }
    for desired in &plan.issues {
        let keys = std::iter::once(&desired.key).chain(&desired.renamed_from);
        let Some(mut candidates) = keys.into_iter().find_map(|key| by_key.remove(key)) else { continue };
        candidates.sort_by_key(|marked| (marked.issue.created_at, marked.issue.number));
        let mut candidates = candidates.into_iter();
        if let Some(oldest) = candidates.next() {
            issues.found.insert(desired.key.clone(), oldest);
        }
        issues.copies.extend(candidates);
    }
    for mut candidates in by_key.into_values() {
        candidates.sort_by_key(|marked| (marked.issue.created_at, marked.issue.number));
        let mut candidates = candidates.into_iter();
        issues.gone.extend(candidates.next());
        issues.copies.extend(candidates);
    }
    issues
}
