//! Looking at GitHub: everything that a decision needs, read whole before anything is decided.
//!
//! Issues are found from three sides: the managed label's listing, the board's items, and the ids that this run knows
//! already. The board's side lags behind by minutes, so it gives ids only; values are read from the issue's side.
//! Where a key of the plan is not among them, every issue of the repository is looked at: a lost answer may have made
//! it, a person may have taken its label off, or may have made one of the same title.

use std::collections::{BTreeMap, BTreeSet};

use spectra_github::{Failure, Reader};
use spectra_model::board_record::Readme;
use spectra_model::id::{IssueKey, NodeId, RepoSlug};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{Board, BoardSummary, Issue, Observation, Owner, Repository};
use spectra_model::plan::Plan;
use spectra_reconciler::{Adoption, BoardMatch, board_of};

use crate::error::Error;

/// What a run knows of GitHub from one look to the next.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The board that this run made or found. The list of an owner's boards may not show it yet.
    pub(crate) board: Option<NodeId>,
    /// Issues with a marker of this board.
    pub(crate) issues: BTreeSet<NodeId>,
    /// Whether the repositories have been read whole since the last answer was lost.
    pub(crate) read_whole: bool,
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
    let board = board(reader, plan, &boards, adoption, known).await?;
    let repositories = repositories(reader, plan, board.as_ref(), &owner).await?;
    let issues = issues(reader, plan, board.as_ref(), &repositories, known).await?;
    known.board = board.as_ref().map(|board| board.summary.id.clone());
    Ok(Observation { viewer, owner: Some(owner), boards, board, repositories, issues })
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
    let Some(summary) = reader.board_summary(&id).await.map(Some).or_else(absent).map_err(Error::GitHub)?
    else {
        return Err(Error::Stopped(format!("board {id} was there a moment ago and is gone")));
    };
    let parts = Readme::read(&summary.readme)
        .map_err(|problem| Error::Locked(format!("{}: {problem}", summary.url)))?;
    let fields = reader.fields(&id).await.map_err(Error::GitHub)?;
    Ok(Some(Board { summary, parts, fields }))
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
) -> Result<Vec<Issue>, Error> {
    let project = board.map(|board| &board.summary.id);
    let mut found = Found::default();
    for slug in repositories.keys() {
        found.add(reader.labelled_issues(slug, &plan.project.managed_label, project).await)?;
    }
    let mut by_id: BTreeSet<NodeId> = known.issues.clone();
    if let Some(project) = project {
        let items = reader.board_items(project).await.map_err(Error::GitHub)?;
        by_id.extend(items.into_iter().filter_map(|item| item.issue));
    }
    let by_id: Vec<NodeId> = by_id.into_iter().filter(|id| !found.by_id.contains_key(id)).collect();
    if !by_id.is_empty() {
        found.add(reader.issues_by_id(&by_id, project).await)?;
    }
    if !known.read_whole {
        for slug in plan.repositories() {
            if found.lacks(plan, slug) {
                found.add(reader.newest_issues(slug, None, project).await)?;
            }
        }
        known.read_whole = true;
    }
    known.issues.extend(found.marked(plan).map(|(_, issue)| issue.id.clone()));
    let mut issues: Vec<Issue> = found.by_id.into_values().collect();
    issues.sort_by(|a, b| (&a.repository, a.number).cmp(&(&b.repository, b.number)));
    Ok(issues)
}

/// Issues, each once.
#[derive(Default)]
struct Found {
    by_id: BTreeMap<NodeId, Issue>,
}

impl Found {
    fn add(&mut self, issues: Result<Vec<Issue>, Failure>) -> Result<(), Error> {
        let issues = issues.map_err(Error::GitHub)?;
        self.by_id.extend(issues.into_iter().map(|issue| (issue.id.clone(), issue)));
        Ok(())
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
