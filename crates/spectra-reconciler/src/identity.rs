//! Which thing on GitHub is which thing of the plan.
//!
//! Boards are known by their record, issues and drafts by their marker, never by a title. A title that agrees is a reason
//! to ask a person, not a match; what a person then handed over is in `adoption`.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::{BoardRecord, Readme};
use spectra_model::id::{IssueKey, Login, NodeId, ProjectSlug, fold};
use spectra_model::marker::{Closing, MarkedBody, Marker, Origin, holds_a_marker, without_remnants};
use spectra_model::observation::{BoardSummary, Draft, Issue, Observation};
use spectra_model::plan::{Place, Plan};

use crate::replacement::leftover;
use crate::{Adoption, Options, Refusal, Target};

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

/// Finds the plan's board among its owner's. A board that bears an earlier slug of the project is it only where none bears
/// the slug that it has now; one that a new board was made in place of is it no longer.
pub fn board_of(plan: &Plan, boards: &[BoardSummary], adoption: &Adoption) -> BoardMatch {
    // A new board that was asked for takes the old one's place also where the run that made it did not come that far.
    if let Some(board) = first_leftover(plan, boards, Target::New) {
        return BoardMatch::Leftover(board.id.clone());
    }
    if let Some(number) = plan.project.number {
        return match boards.iter().find(|board| board.number == number) {
            Some(board) => recorded(plan, board, adoption),
            None => BoardMatch::Refused(vec![Refusal::NoSuchNumber { number }]),
        };
    }
    let mut ours: BTreeMap<&ProjectSlug, Vec<&BoardSummary>> = BTreeMap::new();
    let mut damaged = Vec::new();
    for board in boards {
        match Readme::read(&board.readme) {
            Ok(Readme { record: Some(record), .. }) if record.stands_on(&board.id) => {
                if let Some(slug) = slugs(plan).find(|slug| **slug == record.slug) {
                    ours.entry(slug).or_default().push(board);
                }
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
    let found = slugs(plan).find_map(|slug| ours.get(slug)).map(Vec::as_slice).unwrap_or_default();
    match found {
        [board] => recorded(plan, board, adoption),
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

/// The slug that the board has in the plan, then those that it had before.
pub(crate) fn slugs(plan: &Plan) -> impl Iterator<Item = &ProjectSlug> {
    std::iter::once(&plan.slug).chain(&plan.renamed_from)
}

fn recorded(plan: &Plan, board: &BoardSummary, adoption: &Adoption) -> BoardMatch {
    match Readme::of(&board.id, &board.readme) {
        Ok(Readme { record: Some(BoardRecord { superseded_by: Some(_), .. }), .. }) => {
            BoardMatch::Refused(vec![Refusal::Superseded { url: board.url.clone() }])
        }
        Ok(Readme { record: Some(record), .. })
            if record.manifest != plan.manifest && !adoption.takes_board(plan, &board.url) =>
        {
            BoardMatch::Refused(vec![Refusal::OtherManifest {
                url: board.url.clone(),
                theirs: record.manifest.to_string(),
                ours: plan.manifest.to_string(),
            }])
        }
        // By a title alone nobody hands over the board of another project.
        Ok(Readme { record: Some(record), .. })
            if slugs(plan).all(|slug| *slug != record.slug)
                && adoption.named(plan.slug.as_str()) != Some(&board.url) =>
        {
            BoardMatch::Refused(vec![Refusal::OtherProject {
                url: board.url.clone(),
                theirs: record.slug.to_string(),
                ours: plan.slug.to_string(),
            }])
        }
        Ok(_) => BoardMatch::Found(board.id.clone()),
        Err(problem) => BoardMatch::Refused(vec![Refusal::DamagedRecord {
            url: board.url.clone(),
            problem: problem.to_string(),
        }]),
    }
}

fn unrecorded(plan: &Plan, boards: &[BoardSummary], adoption: &Adoption) -> BoardMatch {
    if let Some(board) = first_leftover(plan, boards, Target::Known) {
        return BoardMatch::Leftover(board.id.clone());
    }
    if let Some(url) = adoption.named(plan.slug.as_str()) {
        return match boards.iter().find(|board| board.url == url) {
            Some(board) => recorded(plan, board, adoption),
            None => BoardMatch::Refused(vec![Refusal::NotToBeAdopted {
                key: plan.slug.to_string(),
                url: url.to_owned(),
                because: "the owner has no such board, or the token can't see it",
            }]),
        };
    }
    let is_superseded = |board: &BoardSummary| {
        let record = Readme::of(&board.id, &board.readme).ok().and_then(|readme| readme.record);
        record.is_some_and(|record| record.superseded_by.is_some())
    };
    let open =
        boards.iter().filter(|board| same_title(plan, board) && !board.closed && !is_superseded(board));
    let same: Vec<&BoardSummary> = open.collect();
    match (adoption, same.as_slice()) {
        (_, []) | (Adoption::MakeNew, _) => BoardMatch::Absent,
        (Adoption::All(_), [board]) => recorded(plan, board, adoption),
        (Adoption::All(_), several) => BoardMatch::Refused(vec![Refusal::SeveralCandidates {
            key: plan.slug.to_string(),
            urls: several.iter().map(|board| board.url.clone()).collect::<Vec<_>>().join(", "),
        }]),
        (Adoption::Refuse | Adoption::These(_), several) => {
            let refusal = |board: &&BoardSummary| Refusal::SameTitle {
                what: "a board",
                key: plan.slug.to_string(),
                title: board.title.clone(),
                url: board.url.clone(),
            };
            BoardMatch::Refused(several.iter().map(refusal).collect())
        }
    }
}

fn first_leftover<'b>(plan: &Plan, boards: &'b [BoardSummary], target: Target) -> Option<&'b BoardSummary> {
    let made =
        boards.iter().filter(|board| leftover(&plan.slug, board).is_some_and(|it| it.target == target));
    made.min_by_key(|board| board.number)
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
    /// The plan's issues that are there, by the plan's key; those that are being adopted too.
    pub(crate) found: BTreeMap<IssueKey, Marked<'a>>,
    /// Those of them that are being adopted.
    pub(crate) adopted: BTreeSet<IssueKey>,
    /// Issues that carry the marker of a key which an older issue has already.
    pub(crate) copies: Vec<Marked<'a>>,
    /// Issues that the plan has as drafts.
    pub(crate) drafted: BTreeMap<IssueKey, Marked<'a>>,
    /// Issues of the board that the plan no longer has.
    pub(crate) gone: Vec<Marked<'a>>,
    /// Issues that went to another board and whose items here were Spectra's.
    pub(crate) moved: Vec<Marked<'a>>,
    /// Issues without a marker of any board.
    pub(crate) unmarked: Vec<&'a Issue>,
}

/// An account, whatever it is called: GitHub names that of an App with `[bot]` behind it or without, depending on where
/// one asks.
pub(crate) fn account(login: &Login) -> String {
    let login = fold(login.as_str());
    login.strip_suffix("[bot]").map(str::to_owned).unwrap_or(login)
}

/// Whether Spectra itself made what bears the marker: its author is the marker's actor. What was adopted it never made.
pub(crate) fn is_spectras(marker: &Marker, author: Option<&Login>) -> bool {
    marker.origin == Origin::Created && author.is_some_and(|author| account(author) == account(&marker.actor))
}

/// Which of several issues with one marker comes first: before all others the one that the marker was written for, as
/// far as that shows, since a person may have copied it to an issue that is older; else the oldest.
fn precedence(marked: &Marked<'_>) -> (bool, jiff::Timestamp, u64) {
    let Marked { issue, body } = marked;
    let is_original = match body.marker.origin {
        Origin::Created => is_spectras(&body.marker, issue.author.as_ref()),
        Origin::Adopted => issue.item.is_some(),
    };
    (!is_original, issue.created_at, issue.number)
}

/// Tells the observation's issues apart. Of several issues with one key all but one are copies, see [`precedence`].
///
/// An issue may have moved between the boards of its project: keys are the same on all of them. Where the plan's board has
/// no issue of a key, one of another board that has it comes over; one that another board has the place for is left to
/// that board.
pub(crate) fn issues<'a>(plan: &Plan, observation: &'a Observation) -> Issues<'a> {
    let mut by_key: BTreeMap<IssueKey, Vec<Marked<'a>>> = BTreeMap::new();
    let mut elsewhere: BTreeMap<IssueKey, Vec<Marked<'a>>> = BTreeMap::new();
    let mut issues = Issues::default();
    for issue in &observation.issues {
        match MarkedBody::read(&issue.body) {
            Some(body) if slugs(plan).any(|slug| *slug == body.marker.slug) => {
                by_key.entry(body.marker.key.clone()).or_default().push(Marked { issue, body });
            }
            Some(body) if plan.may_come_over(&body.marker) => {
                elsewhere.entry(body.marker.key.clone()).or_default().push(Marked { issue, body });
            }
            Some(body) if has_left(plan, issue, &body.marker) => issues.moved.push(Marked { issue, body }),
            Some(_) => {}
            None => issues.unmarked.push(issue),
        }
    }
    let mut take = |key: &IssueKey, before: &[IssueKey]| {
        let keys = || std::iter::once(key).chain(before);
        let mut here = keys().find_map(|key| by_key.remove(key)).unwrap_or_default();
        let mut there = keys().find_map(|key| elsewhere.remove(key)).unwrap_or_default();
        for candidates in [&mut here, &mut there] {
            candidates.sort_by_key(precedence);
        }
        let mut candidates = here.into_iter().chain(there);
        let oldest = candidates.next();
        issues.copies.extend(candidates);
        oldest
    };
    for desired in &plan.issues {
        if let Some(oldest) = take(&desired.key, &desired.renamed_from) {
            issues.found.insert(desired.key.clone(), oldest);
        }
    }
    for desired in &plan.drafts {
        if let Some(oldest) = take(&desired.key, &desired.renamed_from) {
            issues.drafted.insert(desired.key.clone(), oldest);
        }
    }
    let moved_away: BTreeSet<&IssueKey> = plan.moved_away.iter().collect();
    by_key.retain(|key, _| plan.place_of(key) != Some(Place::OtherBoard) && !moved_away.contains(key));
    let has_left = |marked: &Marked<'_>| has_left(plan, marked.issue, &marked.body.marker);
    let of_others = elsewhere.values().flatten().filter(|marked| has_left(marked));
    issues.moved.extend(of_others.cloned());
    elsewhere.retain(|key, _| plan.place_of(key) == Some(Place::Here));
    for mut candidates in by_key.into_values().chain(elsewhere.into_values()) {
        candidates.sort_by_key(precedence);
        let mut candidates = candidates.into_iter();
        issues.gone.extend(candidates.next());
        issues.copies.extend(candidates);
    }
    issues
}

/// Whether another board has taken an issue over from this one, where its item was filed before.
fn has_left(plan: &Plan, issue: &Issue, marker: &Marker) -> bool {
    let taken_over = slugs(plan).filter_map(|slug| marker.came_from.get(slug)).max();
    issue.item.as_ref().zip(taken_over).is_some_and(|(item, at)| item.created_at < *at)
}

/// A draft issue of the plan's board.
#[derive(Debug, Clone)]
pub(crate) struct MarkedDraft<'a> {
    pub(crate) draft: &'a Draft,
    /// Its body; where a person took the marker out, as one whose region is yet to be written.
    pub(crate) body: MarkedBody,
}

/// The board's draft issues, told apart.
#[derive(Debug, Default)]
pub(crate) struct Drafts<'a> {
    /// The plan's drafts that are there, by the plan's key.
    pub(crate) found: BTreeMap<IssueKey, MarkedDraft<'a>>,
    /// Drafts that the plan has as issues, by the plan's key.
    pub(crate) becoming: BTreeMap<IssueKey, MarkedDraft<'a>>,
    /// Drafts that carry the marker of a key which an older draft or an issue has already.
    pub(crate) copies: Vec<MarkedDraft<'a>>,
    /// Drafts of the board that the plan no longer has.
    pub(crate) gone: Vec<MarkedDraft<'a>>,
}

/// Tells the board's draft issues apart: by their marker, else by the item that the record names.
pub(crate) fn drafts<'a>(
    plan: &Plan,
    observation: &'a Observation,
    options: &Options,
    issues: &Issues<'_>,
) -> Drafts<'a> {
    let Some(board) = &observation.board else { return Drafts::default() };
    let recorded = board.parts.record.iter().flat_map(|record| &record.made.drafts);
    let by_item: BTreeMap<&NodeId, &IssueKey> = recorded.map(|(key, item)| (item, key)).collect();
    let mut by_key: BTreeMap<IssueKey, Vec<MarkedDraft<'a>>> = BTreeMap::new();
    let filed: BTreeSet<&NodeId> =
        observation.issues.iter().filter_map(|issue| issue.item.as_ref()).map(|item| &item.id).collect();
    // The list of items lags behind: it may still show the draft that an issue's item was before it was converted.
    for draft in board.drafts.iter().filter(|draft| !filed.contains(&draft.item.id)) {
        let body = match MarkedBody::read(&draft.body) {
            Some(body) if slugs(plan).any(|slug| *slug == body.marker.slug) => Some(body),
            Some(_) => None,
            None => by_item
                .get(&draft.item.id)
                .map(|key| unmarked(plan, options, key, &draft.body, Origin::Created)),
        };
        if let Some(body) = body {
            by_key.entry(body.marker.key.clone()).or_default().push(MarkedDraft { draft, body });
        }
    }
    let mut drafts = Drafts::default();
    let mut take = |key: &IssueKey, before: &[IssueKey]| {
        let mut candidates = std::iter::once(key).chain(before).find_map(|key| by_key.remove(key))?;
        candidates.sort_by_key(|marked| (marked.draft.item.created_at, &marked.draft.id));
        let mut candidates = candidates.into_iter();
        let oldest = candidates.next();
        drafts.copies.extend(candidates);
        oldest
    };
    for desired in &plan.drafts {
        if let Some(oldest) = take(&desired.key, &desired.renamed_from) {
            drafts.found.insert(desired.key.clone(), oldest);
        }
    }
    let mut beside_issues = Vec::new();
    for desired in &plan.issues {
        let Some(oldest) = take(&desired.key, &desired.renamed_from) else { continue };
        if issues.found.contains_key(&desired.key) {
            beside_issues.push(oldest);
        } else {
            drafts.becoming.insert(desired.key.clone(), oldest);
        }
    }
    drafts.copies.extend(beside_issues);
    for mut candidates in by_key.into_values() {
        candidates.sort_by_key(|marked| (marked.draft.item.created_at, &marked.draft.id));
        let mut candidates = candidates.into_iter();
        drafts.gone.extend(candidates.next());
        drafts.copies.extend(candidates);
    }
    drafts
}

/// A body without a marker, taken apart as if Spectra had written an empty region below it.
pub(crate) fn unmarked(
    plan: &Plan,
    options: &Options,
    key: &IssueKey,
    body: &str,
    origin: Origin,
) -> MarkedBody {
    let (slug, run, actor) = (plan.slug.clone(), options.run.clone(), options.actor.clone());
    let marker = Marker { origin, ..Marker::created(slug, key.clone(), run, actor, "", Vec::new()) };
    // A marker that can't be read would be found before the new one.
    let body = if holds_a_marker(body) { without_remnants(body) } else { body.to_owned() };
    let before = if body.trim().is_empty() { String::new() } else { format!("{}\n\n", body.trim_end()) };
    MarkedBody { before, marker, region: String::new(), after: String::new(), closing: Closing::There }
}
