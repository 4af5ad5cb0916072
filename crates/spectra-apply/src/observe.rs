//! Looking at GitHub: everything that a decision needs, read whole before anything is decided.
//!
//! Issues are found from three sides: the managed label's listing, the board's items, and the ids that this run knows
//! already. The board's side lags behind by minutes, so it gives ids only; values are read from the issue's side.
//! Where a key of the plan is not among them, every issue of the repository is looked at: a lost answer may have made
//! it, a person may have taken its label off, or may have made one of the same title.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use spectra_github::{Failure, Reader};
use spectra_model::board_record::Readme;
use spectra_model::id::{IssueKey, NodeId, RepoSlug};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{Board, BoardSummary, Issue, Observation, Owner, Repository};
use spectra_model::plan::{IssueState, Plan};
use spectra_reconciler::{Adoption, BoardMatch, Refusal, board_of};

use crate::error::Error;

/// What a run knows of GitHub from one look to the next.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The board that this run made or found. The list of an owner's boards may not show it yet.
    pub(crate) board: Option<NodeId>,
    /// Issues with a marker of this board.
    pub(crate) issues: BTreeSet<NodeId>,
    /// Issues whose creation was not answered, until a look shows them or they have had their time.
    pub(crate) lost: BTreeSet<IssueKey>,
    /// Whether the repositories have been read whole since the last answer was lost.
    pub(crate) read_whole: bool,
    /// From when on they are read then; None is from the beginning, which the first look does.
    pub(crate) since: Option<Timestamp>,
}

/// Looks at GitHub.
pub(crate) async fn observe(
    reader: &Reader,
    plan: &Plan,
    adoption: Adoption,
    known: &mut Known,
) -> Result<Observation, Error> {
    let viewer = reader.viewer().await.map_err(Error::GitHub)?;
    let owner = reader.owner(&plan.project.owner).await.map_err(Error::GitHub)?;
    let Some(owner) = owner else {
        return Err(Error::NotSeen(vec![format!(
            "{} is not an owner of projects that the token of {viewer} can see: check `owner` in the manifest, and \
             that the token may read the organisation and its projects",
            plan.project.owner.slug
        )]));
    };
    let boards = reader.boards(&owner.id).await.map_err(Error::GitHub)?;
    let mut board = board(reader, plan, &boards, adoption, known).await?;
    let repositories = repositories(reader, plan, board.as_ref(), &owner).await?;
    let mut seen = issues(reader, plan, board.as_ref(), &repositories, known).await?;
    if board.is_none()
        && may_lack_its_record(&board_of(plan, &boards, adoption))
        && let Some(id) = board_of_issues(reader, plan, &seen).await?
    {
        board = Some(read_board(reader, &id).await?);
        let on_board = issues(reader, plan, board.as_ref(), &repositories, known).await?;
        seen.by_id.extend(on_board.by_id);
        seen.items = on_board.items;
    }
    known.board = board.as_ref().map(|board| board.summary.id.clone());
    if let Some(board) = &mut board {
        board.other_items = seen.other_items();
    }
    Ok(Observation { viewer, owner: Some(owner), boards, board, repositories, issues: seen.sorted() })
}

async fn board(
    reader: &Reader,
    plan: &Plan,
    boards: &[BoardSummary],
    adoption: Adoption,
    known: &Known,
) -> Result<Option<Board>, Error> {
    let id = match &known.board {
        Some(id) => id.clone(),
        None => match board_of(plan, boards, adoption) {
            BoardMatch::Found(id) | BoardMatch::Leftover(id) => id,
            BoardMatch::Absent | BoardMatch::Refused(_) => return Ok(None),
        },
    };
    read_board(reader, &id).await.map(Some)
}

async fn read_board(reader: &Reader, id: &NodeId) -> Result<Board, Error> {
    let summary = reader.board_summary(id).await.map_err(Error::GitHub)?;
    let parts = Readme::read(&summary.readme)
        .map_err(|problem| Error::Locked(format!("{}: {problem}", summary.url)))?;
    let fields = reader.fields(id).await.map_err(Error::GitHub)?;
    Ok(Board { summary, parts, fields, other_items: 0 })
}

/// Whether the plan's board may be among the owner's without its record, or not be in their list yet.
fn may_lack_its_record(found: &BoardMatch) -> bool {
    match found {
        BoardMatch::Absent => true,
        BoardMatch::Refused(refusals) => {
            refusals.iter().all(|refusal| matches!(refusal, Refusal::SameTitle { .. }))
        }
        BoardMatch::Found(_) | BoardMatch::Leftover(_) => false,
    }
}

/// The board that the plan's issues are on, where the owner's list doesn't show it: the list lags behind, or somebody
/// took the record out of the readme. Without a record it must be the only board that holds every open one of them.
async fn board_of_issues(reader: &Reader, plan: &Plan, seen: &Found) -> Result<Option<NodeId>, Error> {
    let marked: Vec<&Issue> = seen.marked(plan).map(|(_, issue)| issue).collect();
    let candidates: BTreeSet<&NodeId> = marked.iter().flat_map(|issue| &issue.boards).collect();
    let open = || marked.iter().filter(|issue| issue.state == IssueState::Open);
    let mut unrecorded = Vec::new();
    for id in candidates {
        let summary = reader.board_summary(id).await.map(Some).or_else(absent).map_err(Error::GitHub)?;
        let Some(parts) = summary.and_then(|summary| Readme::read(&summary.readme).ok()) else { continue };
        let holds_all = open().next().is_some() && open().all(|issue| issue.boards.contains(id));
        match parts.record {
            Some(record) if record.slug == plan.slug && record.project == *id => return Ok(Some(id.clone())),
            None if holds_all => unrecorded.push(id),
            Some(_) | None => {}
        }
    }
    Ok(if let [only] = unrecorded.as_slice() { Some((*only).clone()) } else { None })
}

async fn repositories(
    reader: &Reader,
    plan: &Plan,
    board: Option<&Board>,
    owner: &Owner,
) -> Result<BTreeMap<RepoSlug, Repository>, Error> {
    let named: BTreeSet<&RepoSlug> = plan.repositories().into_iter().collect();
    let recorded = board.and_then(|board| board.parts.record.as_ref()).map(|record| &record.repositories);
    let all: BTreeSet<&RepoSlug> = named.iter().copied().chain(recorded.into_iter().flatten()).collect();
    let mut repositories = BTreeMap::new();
    let mut missing = Vec::new();
    for slug in all {
        match reader.repository(slug).await.map_err(Error::GitHub)? {
            Some(repository) => {
                repositories.insert(slug.clone(), repository);
            }
            // One that only the record names may have been deleted since.
            None if !named.contains(slug) => {}
            None => missing.push(format!(
                "repository {slug} is not there, or the token can't see it: check `repository` in the manifest, and \
                 that the token has access to it (board owner: {})",
                owner.login
            )),
        }
    }
    if missing.is_empty() { Ok(repositories) } else { Err(Error::NotSeen(missing)) }
}

async fn issues(
    reader: &Reader,
    plan: &Plan,
    board: Option<&Board>,
    repositories: &BTreeMap<RepoSlug, Repository>,
    known: &mut Known,
) -> Result<Found, Error> {
    let project = board.map(|board| &board.summary.id);
    let mut found = Found::default();
    for slug in repositories.keys() {
        found.add(reader.labelled_issues(slug, &plan.project.managed_label, project).await)?;
    }
    let mut by_id: BTreeSet<NodeId> = known.issues.clone();
    if let Some(project) = project {
        let items = reader.board_items(project).await.map_err(Error::GitHub)?;
        found.items = items.into_iter().map(|item| item.issue).collect();
        by_id.extend(found.items.iter().flatten().cloned());
    }
    let by_id: Vec<NodeId> = by_id.into_iter().filter(|id| !found.by_id.contains_key(id)).collect();
    if !by_id.is_empty() {
        found.add(reader.issues_by_id(&by_id, project).await)?;
    }
    if !known.read_whole {
        for slug in plan.repositories() {
            if found.lacks(plan, slug) {
                found.add(reader.newest_issues(slug, known.since, project).await)?;
            }
        }
        known.read_whole = true;
    }
    known.issues.extend(found.marked(plan).map(|(_, issue)| issue.id.clone()));
    Ok(found)
}

/// Issues, each once.
#[derive(Default)]
struct Found {
    by_id: BTreeMap<NodeId, Issue>,
    /// What the board's items hold; None is not an issue, or not seen.
    items: Vec<Option<NodeId>>,
}

impl Found {
    fn add(&mut self, issues: Result<Vec<Issue>, Failure>) -> Result<(), Error> {
        let issues = issues.map_err(Error::GitHub)?;
        self.by_id.extend(issues.into_iter().map(|issue| (issue.id.clone(), issue)));
        Ok(())
    }

    /// How many of the board's items hold none of the issues.
    fn other_items(&self) -> usize {
        let is_known = |item: &&Option<NodeId>| item.as_ref().is_some_and(|id| self.by_id.contains_key(id));
        self.items.len().saturating_sub(self.items.iter().filter(is_known).count())
    }

    fn sorted(self) -> Vec<Issue> {
        let mut issues: Vec<Issue> = self.by_id.into_values().collect();
        issues.sort_by(|one, other| (&one.repository, one.number).cmp(&(&other.repository, other.number)));
        issues
    }

    /// The board's own issues by key.
    fn marked<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (IssueKey, &'a Issue)> {
        self.by_id.values().filter_map(|issue| {
            let marker = MarkedBody::read(&issue.body)?.marker;
            (marker.slug == plan.slug).then_some((marker.key, issue))
        })
    }

    /// Whether an issue of the plan that belongs into this repository is not among them.
    fn lacks(&self, plan: &Plan, repository: &RepoSlug) -> bool {
        let keys: BTreeSet<IssueKey> = self.marked(plan).map(|(key, _)| key).collect();
        plan.issues.iter().filter(|issue| issue.repository == *repository).any(|issue| {
            !std::iter::once(&issue.key).chain(&issue.renamed_from).any(|key| keys.contains(key))
        })
    }
}

/// What GitHub doesn't find is absent.
fn absent<T>(failure: Failure) -> Result<Option<T>, Failure> {
    if matches!(failure, Failure::NotFound { .. }) { Ok(None) } else { Err(failure) }
}
