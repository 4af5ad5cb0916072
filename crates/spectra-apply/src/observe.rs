//! Looking at GitHub: everything that a decision needs, read whole before anything is decided.
//!
//! Issues are found from three sides: the managed label's listing, the board's items, and the ids that this run knows
//! already. The board's side lags behind by minutes, so it gives ids only; values are read from the issue's side. An issue
//! of another owner's repository doesn't show its place there: that is read by the item's id, which the board lists, or,
//! until it does, the record and this run remember.
//! Where a key of the plan is not among them, every issue of the repository is looked at: a lost answer may have made
//! it, a person may have taken its label off, or may have made one of the same title.

mod found;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use spectra_github::{BoardItem, BoardLinked, BodyEdits, Failure, Reader};
use spectra_model::board_record::Readme;
use spectra_model::id::{IssueKey, LabelName, Login, NodeId, ProjectSlug, RepoSlug, TeamSlug, ViewName};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{
    Board, BoardSummary, BodyHistory, Draft, Issue, Observation, Owner, Repository, Version, foreign_key,
};
use spectra_model::plan::{ForeignIssue, IssueRef, IssueState, Link, Neighbour, OwnerType, Plan};
use spectra_model::step::Step;
use spectra_reconciler::{Adoption, BoardMatch, Refusal, Target, board_of, board_to_replace, doubtful};

use self::found::Found;
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
    /// Draft issues and views alike.
    pub(crate) lost_drafts: BTreeSet<IssueKey>,
    pub(crate) lost_views: BTreeSet<ViewName>,
    /// Items of draft issues that this run made: the board's list may not show them yet.
    pub(crate) drafts: BTreeSet<NodeId>,
    /// Items of issues of other owners that are there and that the board's list doesn't show yet: of this run, and of the
    /// runs before.
    pub(crate) unlisted: BTreeSet<NodeId>,
    /// Views that this run made: the board's list may not show them yet.
    pub(crate) views: BTreeSet<NodeId>,
    /// The board whose deletion was sent: where it isn't found any more, it is gone.
    pub(crate) deleting: Option<NodeId>,
    /// Whether the repositories have been read whole since the last answer was lost.
    pub(crate) read_whole: bool,
    /// From when on they are read then; None is from the beginning, which the first look does.
    pub(crate) since: Option<Timestamp>,
}

impl Known {
    /// Notes a creation whose answer doesn't say whether it was done, or the deletion of the board.
    pub(crate) fn lose(&mut self, step: &Step) {
        if let Step::CreateIssue(issue) = step {
            self.lost.insert(issue.issue.clone());
        } else if let Step::CreateDraft { draft, .. } = step {
            self.lost_drafts.insert(draft.clone());
        } else if let Step::CreateView { view, .. } = step {
            self.lost_views.insert(view.name.clone());
        } else if *step == Step::DeleteProject {
            self.deleting.clone_from(&self.board);
        }
    }
}

/// Looks at GitHub.
pub(crate) async fn observe(
    reader: &Reader,
    plan: &Plan,
    (adoption, target): (&Adoption, Target),
    known: &mut Known,
) -> Result<Observation, Error> {
    let viewer = reader.viewer().await.map_err(Error::GitHub)?;
    let features = reader.features(&plan.project.owner, &viewer).await.map_err(Error::GitHub)?;
    let owner = reader.owner(&plan.project.owner).await.map_err(Error::GitHub)?;
    let Some(mut owner) = owner else {
        return Err(Error::NotSeen(vec![format!(
            "{} is not an owner of projects that the token of {viewer} can see: check `owner` in the manifest, and \
             that the token may read the organisation and its projects",
            plan.project.owner.slug
        )]));
    };
    let mut boards = reader.boards(&owner.id).await.map_err(Error::GitHub)?;
    forget_deleted(reader, &mut boards, known).await?;
    let mut board = board(reader, plan, &boards, (adoption, target), known).await?;
    // The board that a new one is made in place of leads to the issues that go along.
    let replaced = match target {
        Target::New if board.is_none() => board_to_replace(plan, &boards, adoption).ok().flatten(),
        Target::New | Target::Known => None,
    };
    let replaced = match replaced {
        Some(summary) => Some(read_board(reader, &summary.id).await?),
        None => None,
    };
    let lead = board.as_ref().or(replaced.as_ref());
    let mut repositories = repositories(reader, plan, lead, &owner).await?;
    let mut seen = issues(reader, plan, (board.as_ref(), lead), &repositories, known).await?;
    if board.is_none()
        && target == Target::Known
        && may_lack_its_record(&board_of(plan, &boards, adoption))
        && let Some(id) = board_of_issues(reader, plan, &seen, &boards).await?
    {
        board = Some(read_board(reader, &id).await?);
        let on_board = issues(reader, plan, (board.as_ref(), board.as_ref()), &repositories, known).await?;
        seen.by_id.extend(on_board.by_id);
        seen.items = on_board.items;
    }
    known.board = board.as_ref().map(|board| board.summary.id.clone());
    if let Some(board) = &mut board {
        board.drafts = drafts(reader, board, &seen, known).await?;
        board.other_items = seen.other_items();
    }
    owner.teams = teams(reader, plan, board.as_ref(), &owner).await?;
    let people = people(reader, plan, board.as_ref(), &seen, &mut repositories).await?;
    let foreign = foreign(reader, plan, &seen, &repositories).await?;
    let issues = seen.sorted();
    let mut observation = Observation {
        viewer,
        owner: Some(owner),
        people,
        boards,
        board,
        repositories,
        issues,
        foreign,
        histories: BTreeMap::new(),
        features,
    };
    observation.histories = histories(reader, &doubtful(plan, &observation)).await?;
    Ok(observation)
}

/// The histories of the bodies of issues that may have lost their marker. Where GitHub refuses to tell, nothing is known
/// of them, and that is for the decision to say.
async fn histories(reader: &Reader, issues: &[NodeId]) -> Result<BTreeMap<NodeId, BodyHistory>, Error> {
    let told = match reader.body_edits(issues).await {
        Ok(told) => told,
        Err(failure) if failure.concerns_every_request() => return Err(Error::GitHub(failure)),
        Err(failure) => {
            tracing::warn!(because = %failure, "GitHub doesn't tell the history of issues");
            BTreeMap::new()
        }
    };
    let history = |BodyEdits { edits, is_whole }: BodyEdits| {
        let versions = edits.into_iter().map(|edit| Version { editor: edit.editor, text: edit.text });
        BodyHistory { versions: versions.collect(), is_whole }
    };
    Ok(told.into_iter().map(|(id, edits)| (id, history(edits))).collect())
}

async fn board(
    reader: &Reader,
    plan: &Plan,
    boards: &[BoardSummary],
    (adoption, target): (&Adoption, Target),
    known: &Known,
) -> Result<Option<Board>, Error> {
    let id = match &known.board {
        Some(id) => id.clone(),
        None => match board_of(plan, boards, adoption) {
            BoardMatch::Found(_) if target == Target::New => return Ok(None),
            BoardMatch::Found(id) | BoardMatch::Leftover(id) => id,
            BoardMatch::Absent | BoardMatch::Refused(_) => return Ok(None),
        },
    };
    read_board(reader, &id).await.map(Some)
}

/// Leaves out the board whose deletion was sent, once it isn't found any more: the owner's list may show it for a while.
async fn forget_deleted(
    reader: &Reader,
    boards: &mut Vec<BoardSummary>,
    known: &mut Known,
) -> Result<(), Error> {
    let Some(id) = known.deleting.clone() else { return Ok(()) };
    if reader.board_summary(&id).await.map(Some).or_else(absent).map_err(Error::GitHub)?.is_none() {
        boards.retain(|board| board.id != id);
        known.board.take_if(|board| *board == id);
    }
    Ok(())
}

async fn read_board(reader: &Reader, id: &NodeId) -> Result<Board, Error> {
    let summary = reader.board_summary(id).await.map_err(Error::GitHub)?;
    let parts = Readme::of(id, &summary.readme)
        .map_err(|problem| Error::Locked(format!("{}: {problem}", summary.url)))?;
    let fields = reader.fields(id).await.map_err(Error::GitHub)?;
    let views = reader.views(id).await.map_err(Error::GitHub)?;
    let BoardLinked { repositories, teams } = reader.links(id).await.map_err(Error::GitHub)?;
    Ok(Board { summary, parts, fields, views, repositories, teams, drafts: Vec::new(), other_items: 0 })
}

/// The board's draft issues. Its list of items lags, so those that the record or this run knows are asked for by id.
async fn drafts(reader: &Reader, board: &Board, seen: &Found, known: &Known) -> Result<Vec<Draft>, Error> {
    let recorded = board.parts.record.iter().flat_map(|record| record.made.drafts.values());
    let listed = seen.items.iter().filter(|item| item.is_draft()).map(|item| &item.id);
    let ids: BTreeSet<&NodeId> = recorded.chain(listed).chain(&known.drafts).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<NodeId> = ids.into_iter().cloned().collect();
    let mut drafts = reader.drafts(&ids).await.map_err(Error::GitHub)?;
    drafts.sort_by(|one, other| {
        (one.item.created_at, &one.item.id).cmp(&(other.item.created_at, &other.item.id))
    });
    Ok(drafts)
}

/// Those of the teams that the plan or the record names and that are seen.
async fn teams(
    reader: &Reader,
    plan: &Plan,
    board: Option<&Board>,
    owner: &Owner,
) -> Result<BTreeMap<TeamSlug, NodeId>, Error> {
    let recorded = board.and_then(|board| board.parts.record.as_ref()).into_iter();
    let named = plan.links.iter().filter_map(Link::team);
    let slugs: BTreeSet<&TeamSlug> = named.chain(recorded.flat_map(|record| &record.made.teams)).collect();
    if slugs.is_empty() || owner.kind == OwnerType::User {
        return Ok(BTreeMap::new());
    }
    let slugs: Vec<TeamSlug> = slugs.into_iter().cloned().collect();
    reader.teams(&owner.login, &slugs).await.map_err(Error::GitHub)
}

/// Who can be assigned where, and the accounts of the others whom a write may have to name: whom drafts are assigned to
/// and whom Spectra assigned earlier.
async fn people(
    reader: &Reader,
    plan: &Plan,
    board: Option<&Board>,
    seen: &Found,
    repositories: &mut BTreeMap<RepoSlug, Repository>,
) -> Result<BTreeMap<Login, NodeId>, Error> {
    for (slug, repository) in repositories.iter_mut() {
        let of_plan = plan.issues.iter().filter(|issue| issue.repository == *slug);
        let logins: BTreeSet<&Login> = of_plan.flat_map(|issue| &issue.assignees).collect();
        if !logins.is_empty() {
            let logins: Vec<Login> = logins.into_iter().cloned().collect();
            repository.assignable = reader.assignable(slug, &logins).await.map_err(Error::GitHub)?;
        }
    }
    let marked = seen.marked(plan).filter_map(|(_, issue)| MarkedBody::read(&issue.body));
    let mut logins: BTreeSet<Login> = marked.flat_map(|body| body.marker.assignees).collect();
    logins.extend(plan.drafts.iter().flat_map(|draft| draft.assignees.iter().cloned()));
    if !plan.drafts.is_empty() {
        let drafts = board.iter().flat_map(|board| &board.drafts);
        logins.extend(drafts.flat_map(|draft| draft.assignees.iter().cloned()));
    }
    logins.retain(|login| !repositories.values().any(|it| it.assignable.contains_key(login)));
    if logins.is_empty() {
        return Ok(BTreeMap::new());
    }
    let logins: Vec<Login> = logins.into_iter().collect();
    reader.people(&logins).await.map_err(Error::GitHub)
}

/// The issues of other boards that edges of the plan lead to, or edges that Spectra made earlier, by their markers.
async fn foreign(
    reader: &Reader,
    plan: &Plan,
    seen: &Found,
    observed: &BTreeMap<RepoSlug, Repository>,
) -> Result<BTreeMap<String, Vec<NodeId>>, Error> {
    let marked = seen.marked(plan).filter_map(|(_, issue)| MarkedBody::read(&issue.body));
    let blockers = marked.flat_map(|body| body.marker.blocked_by);
    let made: Vec<ForeignIssue> = blockers.filter_map(IssueRef::into_foreign).collect();
    let wanted: BTreeSet<String> =
        plan.links.iter().filter_map(Link::foreign).chain(&made).map(foreign_key).collect();
    let mut found: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    // Of a board that the plan no longer leads to the label is not known: it is taken for the usual one.
    let gone: BTreeSet<&ProjectSlug> = made.iter().map(|issue| &issue.slug).collect();
    let gone = gone.into_iter().filter(|slug| plan.neighbours.iter().all(|it| it.slug != **slug));
    let gone: Vec<Neighbour> = gone
        .map(|slug| Neighbour {
            slug: slug.clone(),
            renamed_from: Vec::new(),
            managed_label: LabelName::new(format!("project:{slug}")),
            repositories: observed.keys().cloned().collect(),
        })
        .collect();
    let slugs: BTreeSet<&ProjectSlug> =
        plan.links.iter().filter_map(Link::foreign).chain(&made).map(|issue| &issue.slug).collect();
    let neighbours = plan.neighbours.iter().filter(|it| slugs.contains(&it.slug));
    for Neighbour { managed_label, repositories, .. } in neighbours.chain(&gone) {
        for repository in repositories {
            let bodies = reader.labelled_bodies(repository, managed_label).await.map(Some).or_else(absent);
            for (id, body) in bodies.map_err(Error::GitHub)?.unwrap_or_default() {
                let Some(MarkedBody { marker, .. }) = MarkedBody::read(&body) else { continue };
                let key = foreign_key(&ForeignIssue { slug: marker.slug, key: marker.key });
                if !wanted.contains(&key) {
                    continue;
                }
                // Two boards may have one label: a project that got another id, and kept its label.
                let ids = found.entry(key).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
    }
    Ok(found)
}

/// Whether the plan's board may be among the owner's without its record, or not be in their list yet.
fn may_lack_its_record(found: &BoardMatch) -> bool {
    match found {
        BoardMatch::Absent => true,
        BoardMatch::Refused(refusals) => {
            let by_title =
                |it: &Refusal| matches!(it, Refusal::SameTitle { .. } | Refusal::SeveralCandidates { .. });
            refusals.iter().all(by_title)
        }
        BoardMatch::Found(_) | BoardMatch::Leftover(_) => false,
    }
}

/// The board that the plan's issues are on, where the owner's list doesn't show it: the list lags behind, or somebody
/// took the record out of the readme. Without a record it must be the only board that holds every open one of them.
/// Issues of other owners don't say where they are: where there are such, the owner's boards are asked.
async fn board_of_issues(
    reader: &Reader,
    plan: &Plan,
    seen: &Found,
    boards: &[BoardSummary],
) -> Result<Option<NodeId>, Error> {
    let marked: Vec<&Issue> = seen.marked(plan).map(|(_, issue)| issue).collect();
    let is_others = |issue: &&&Issue| plan.is_of_another_owner(&issue.repository);
    let open = || marked.iter().filter(|issue| issue.state == IssueState::Open);
    let others: Vec<&NodeId> = open().filter(is_others).map(|issue| &issue.id).collect();
    let mut candidates: BTreeSet<&NodeId> = marked.iter().flat_map(|issue| &issue.boards).collect();
    if !others.is_empty() {
        let is_unrecorded = |board: &&BoardSummary| {
            Readme::of(&board.id, &board.readme).is_ok_and(|parts| parts.record.is_none())
        };
        candidates.extend(boards.iter().filter(is_unrecorded).map(|board| &board.id));
    }
    let mut unrecorded = Vec::new();
    for id in candidates {
        let summary = reader.board_summary(id).await.map(Some).or_else(absent).map_err(Error::GitHub)?;
        let parts = summary.and_then(|summary| Readme::of(id, &summary.readme).ok());
        let Some(parts) = parts else { continue };
        let lists_it = |issue: &&Issue| is_others(&issue) || issue.boards.contains(id);
        match parts.record {
            Some(record) if plan.has_slug(&record.slug) && record.stands_on(id) => {
                return Ok(Some(id.clone()));
            }
            None if open().next().is_some() && open().all(lists_it) => {
                if others.is_empty() || holds(reader, id, &others).await? {
                    unrecorded.push(id);
                }
            }
            Some(_) | None => {}
        }
    }
    Ok(if let [only] = unrecorded.as_slice() { Some((*only).clone()) } else { None })
}

/// Whether a board lists all of these issues.
async fn holds(reader: &Reader, board: &NodeId, issues: &[&NodeId]) -> Result<bool, Error> {
    let items = reader.board_items(board).await.map_err(Error::GitHub)?;
    let held: BTreeSet<&NodeId> = items.iter().filter_map(BoardItem::issue).collect();
    Ok(issues.iter().all(|issue| held.contains(issue)))
}

async fn repositories(
    reader: &Reader,
    plan: &Plan,
    board: Option<&Board>,
    owner: &Owner,
) -> Result<BTreeMap<RepoSlug, Repository>, Error> {
    let named: BTreeSet<&RepoSlug> = plan.repositories().into_iter().collect();
    let recorded = board.and_then(|board| board.parts.record.as_ref()).map(|record| &record.repositories);
    let linked = plan.links.iter().filter_map(Link::repository);
    let all: BTreeSet<&RepoSlug> =
        named.iter().copied().chain(linked).chain(recorded.into_iter().flatten()).collect();
    let mut repositories = BTreeMap::new();
    let mut missing = Vec::new();
    for slug in all {
        match reader.repository(slug).await.map_err(Error::GitHub)? {
            Some(repository) => {
                repositories.insert(slug.clone(), repository);
            }
            // One that only the record names may have been deleted since; one that is only linked stops nothing else.
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
    (board, lead): (Option<&Board>, Option<&Board>),
    repositories: &BTreeMap<RepoSlug, Repository>,
    known: &mut Known,
) -> Result<Found, Error> {
    let project = board.map(|board| &board.summary.id);
    let lead = lead.map(|board| &board.summary.id);
    let mut found = Found::default();
    for slug in repositories.keys() {
        found.add(reader.labelled_issues(slug, &plan.project.managed_label, project).await)?;
    }
    let mut by_id: BTreeSet<NodeId> = known.issues.clone();
    if let Some(lead) = lead {
        found.items = reader.board_items(lead).await.map_err(Error::GitHub)?;
        by_id.extend(found.items.iter().filter_map(BoardItem::issue).cloned());
    }
    if project.is_none() {
        // They are another board's, and led to the issues only.
        found.items.clear();
    }
    let by_id: Vec<NodeId> = by_id.into_iter().filter(|id| !found.by_id.contains_key(id)).collect();
    if !by_id.is_empty() {
        found.add(reader.issues_by_id(&by_id, project).await)?;
    }
    if !known.read_whole {
        // One that people moved to another repository and took off the board is its parent's still.
        let children = found.unseen_children();
        if !children.is_empty() && plan.repositories().into_iter().any(|slug| found.lacks(plan, slug)) {
            found.add(reader.issues_by_id(&children, project).await)?;
        }
        for slug in plan.repositories() {
            if found.lacks(plan, slug) {
                found.add(reader.newest_issues(slug, known.since, project).await)?;
            }
        }
        known.read_whole = true;
    }
    if let Some(board) = board {
        found.place_those_of_others(reader, plan, board, known).await?;
    }
    known.issues.extend(found.marked(plan).map(|(_, issue)| issue.id.clone()));
    known.issues.extend(found.coming_over(plan));
    Ok(found)
}

/// What GitHub doesn't find is absent.
fn absent<T>(failure: Failure) -> Result<Option<T>, Failure> {
    if matches!(failure, Failure::NotFound { .. }) { Ok(None) } else { Err(failure) }
}
