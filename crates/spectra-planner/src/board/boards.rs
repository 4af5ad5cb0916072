//! The boards of a project: its own, and one for each activity whose `projectProvisioning` has a title.
//!
//! An issue stands on one of them: its activity's, where that has one, else the project's. Its key begins with the
//! project's id on whichever board it stands, so it is the same issue should it move from one to another.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::{IssueKey, ProjectSlug};
use spectra_model::plan::{ForeignIssue, IssueRef, Level, Link, Neighbour, Plan, Refinement};

use crate::backlog::Backlog;
use crate::code::Code;
use crate::manifest::{Manifest, Project, Provisioning, Text};
use crate::report::{Report, listed};
use crate::span::Span;

/// A board that a manifest asks for.
pub(super) struct BoardOf<'m> {
    pub(super) project: &'m Project,
    /// What is written of it.
    pub(super) says: &'m Provisioning,
    /// The activity whose board it is, by its place in the backlog.
    pub(super) activity: Option<usize>,
    /// None where it can't be told; that was reported.
    pub(super) slug: Option<ProjectSlug>,
    /// Where to point when the board as a whole is meant.
    pub(super) span: Span,
    /// Where the id stands that its slug ends with.
    pub(super) id: Option<Span>,
}

/// All boards of a project, its own first and then those of activities in the backlog's order: a board's place among them
/// is its number.
pub(super) fn boards<'m>(
    project: &'m Project,
    backlog: &Backlog<'m>,
    report: &mut Report,
) -> Vec<BoardOf<'m>> {
    let id = project.id.as_ref();
    let mut boards = vec![BoardOf {
        project,
        says: &project.board,
        activity: None,
        slug: id.and_then(|id| ProjectSlug::parse(&id.value).ok()),
        span: project.span,
        id: id.map(|id| id.span),
    }];
    for at in &backlog.activity_boards {
        let Some(entry) = backlog.entries.get(*at) else { continue };
        let Some(says) = entry.refinement else { continue };
        let activity = entry.issue.id.as_ref().filter(|id| id.value == entry.path);
        let slug = id.zip(activity).and_then(|(project, activity)| composed(project, activity, report));
        let (span, id) = (entry.issue.place(), entry.issue.id.as_ref().map(|id| id.span));
        boards.push(BoardOf { project, says, activity: Some(*at), slug, span, id });
    }
    boards
}

fn composed(project: &Text, activity: &Text, report: &mut Report) -> Option<ProjectSlug> {
    let slug = format!("{}-{}", project.value, activity.value);
    let parsed = ProjectSlug::parse(&slug);
    if parsed.is_err() {
        let (most, length) = (ProjectSlug::MAX_CHARACTERS, slug.chars().count());
        report.say(
            Code::LongSlug,
            activity.span,
            format!("the board of this activity has the slug `{slug}`, which has {length} characters"),
            format!(
                "at most {most} are allowed for the ids of project and activity with a hyphen: shorten one of them, or \
                 leave the board to the project"
            ),
        );
    }
    parsed.ok()
}

/// Reports what only a board can have where there is no title that makes one.
pub(super) fn check(project: &Project, report: &mut Report) {
    for activity in &project.activities.items {
        let Some(says) = activity.board.as_deref().filter(|says| says.title.is_none() && says.title_readable)
        else {
            continue;
        };
        let Some(first) = says.of_a_board.first() else { continue };
        // A text of a file stands there under two keys.
        let mut keys: Vec<&str> = Vec::new();
        let mut places: Vec<Span> = Vec::new();
        for key in &says.of_a_board {
            if !places.contains(&key.span) {
                keys.push(&key.value);
                places.push(key.span);
            }
        }
        let verb = if keys.len() == 1 { "belongs" } else { "belong" };
        report.say(
            Code::NoBoard,
            first.span,
            format!("{} {verb} to a board, and this activity has none of its own", listed(keys)),
            "write `title` beside it, which makes a board of the activity, or leave everything but `issues` out",
        );
    }
}

/// The slugs that a manifest's projects and a project's boards have now.
pub(super) fn taken(manifest: &Manifest, boards: &[BoardOf<'_>]) -> BTreeSet<String> {
    let ids = manifest.projects.iter().filter_map(|project| Some(project.id.as_ref()?.value.clone()));
    ids.chain(boards.iter().filter_map(|board| Some(board.slug.as_ref()?.to_string()))).collect()
}

impl BoardOf<'_> {
    /// The slugs that the board had before: those of the project, and what follows from the old ids of project and
    /// activity for the board of an activity.
    pub(super) fn renamed_from(
        &self,
        of_project: &[ProjectSlug],
        taken: &BTreeSet<String>,
        backlog: &Backlog<'_>,
    ) -> Vec<ProjectSlug> {
        let Some(entry) = self.activity.and_then(|at| backlog.entries.get(at)) else {
            return of_project.to_vec();
        };
        let current = self.project.id.as_ref().map(|id| id.value.as_str());
        let before = entry.issue.renamed_from.iter().map(|old| old.value.as_str());
        let activities: Vec<&str> = std::iter::once(entry.path.as_str()).chain(before).collect();
        let mut slugs: Vec<ProjectSlug> = Vec::new();
        for project in current.into_iter().chain(of_project.iter().map(ProjectSlug::as_str)) {
            // What has slashes or is too long never was a slug.
            let all = activities.iter().filter_map(|id| ProjectSlug::parse(&format!("{project}-{id}")).ok());
            slugs.extend(all.filter(|slug| !taken.contains(slug.as_str())));
        }
        let mut seen = BTreeSet::new();
        slugs.retain(|slug| seen.insert(slug.clone()));
        slugs
    }
}

/// The keys of a project's issues, as edges of its boards name them.
pub(super) struct Keys<'b> {
    /// By place in the backlog; a draft has none.
    issues: Vec<Option<IssueKey>>,
    /// The number of the board of each.
    boards: Vec<usize>,
    /// By number of the board, the places in the backlog of what stands on it.
    places: Vec<Vec<usize>>,
    slugs: Vec<Option<&'b ProjectSlug>>,
}

impl<'b> Keys<'b> {
    pub(super) fn of(boards: &'b [BoardOf<'_>], backlog: &Backlog<'_>) -> Self {
        let slugs: Vec<Option<&ProjectSlug>> = boards.iter().map(|board| board.slug.as_ref()).collect();
        let project = slugs.first().copied().flatten();
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); slugs.len()];
        for (at, entry) in backlog.entries.iter().enumerate() {
            if let Some(places) = places.get_mut(entry.board) {
                places.push(at);
            }
        }
        let entries = backlog.entries.iter();
        Self {
            issues: entries
                .map(|entry| project.filter(|_| !entry.issue.draft).map(|project| entry.key(project)))
                .collect(),
            boards: backlog.entries.iter().map(|entry| entry.board).collect(),
            places,
            slugs,
        }
    }

    /// The places in the backlog of what stands on a board, drafts too.
    pub(super) fn places(&self, board: usize) -> &[usize] {
        self.places.get(board).map(Vec::as_slice).unwrap_or_default()
    }

    /// The issues of a board, each with its place in the backlog.
    pub(super) fn on(&self, board: usize) -> impl Iterator<Item = (usize, &IssueKey)> {
        self.places(board).iter().filter_map(|at| Some((*at, self.issues.get(*at)?.as_ref()?)))
    }

    /// An issue as the plan of a board names it.
    pub(super) fn seen_from(&self, board: usize, at: usize) -> Option<IssueRef> {
        let (key, on) = (self.issues.get(at)?.clone()?, *self.boards.get(at)?);
        if on == board {
            return Some(IssueRef::Own(key));
        }
        let slug = ProjectSlug::clone((*self.slugs.get(on)?)?);
        Some(IssueRef::Foreign(ForeignIssue { slug, key }))
    }
}

/// What is other for the issues of activities without a board than for the board's, under each key that the activity has
/// or had.
pub(super) fn refinements(
    backlog: &Backlog<'_>,
    keys: &Keys<'_>,
    renames: &[Vec<IssueKey>],
) -> BTreeMap<IssueKey, Refinement> {
    let mut refinements = BTreeMap::new();
    for (at, key) in keys.on(0) {
        let Some(entry) = backlog.entries.get(at).filter(|entry| entry.issue.level == Level::Activity) else {
            continue;
        };
        let Some(Provisioning { on_remove, body, .. }) = entry.refinement else { continue };
        if on_remove.is_none() && body.is_none() {
            continue;
        }
        let refinement = Refinement { on_remove: *on_remove, body: *body };
        let before = renames.get(at).into_iter().flatten();
        refinements.extend(std::iter::once(key).chain(before).map(|key| (key.clone(), refinement)));
    }
    refinements
}

/// Tells each of a project's plans of the other boards: the project's of all, since issues may go to any of them; an
/// activity's of the project's and of those that edges lead to. And of the issues that went to another board under
/// another key.
pub(super) fn introduce(plans: &mut [Option<Plan>]) {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Option<Neighbour>> = Vec::with_capacity(plans.len());
    for (number, plan) in plans.iter().enumerate() {
        all.push(plan.as_ref().map(|plan| Neighbour {
            slug: plan.slug.clone(),
            renamed_from: plan.renamed_from.clone(),
            managed_label: plan.project.managed_label.clone(),
            repositories: plan.repositories().into_iter().cloned().collect(),
        }));
        for slug in plan.iter().flat_map(|plan| std::iter::once(&plan.slug).chain(&plan.renamed_from)) {
            numbers.entry(slug.to_string()).or_insert(number);
        }
    }
    let mut moved: BTreeMap<usize, Vec<IssueKey>> = BTreeMap::new();
    for (number, plan) in plans.iter_mut().enumerate() {
        let Some(plan) = plan else { continue };
        for before in plan.issues.iter().flat_map(|issue| &issue.renamed_from) {
            let place = before.boards().find_map(|slug| numbers.get(&slug).copied());
            if let Some(place) = place.filter(|place| *place != number) {
                moved.entry(place).or_default().push(before.clone());
            }
        }
        let foreign = plan.links.iter().filter_map(Link::foreign).map(|issue| issue.slug.as_str());
        let led_to: BTreeSet<usize> = foreign.filter_map(|slug| numbers.get(slug).copied()).collect();
        let known: BTreeSet<usize> =
            if number == 0 { (1..all.len()).collect() } else { std::iter::once(0).chain(led_to).collect() };
        plan.neighbours = known.into_iter().filter_map(|other| all.get(other)?.clone()).collect();
    }
    for (place, keys) in moved {
        if let Some(Some(plan)) = plans.get_mut(place) {
            plan.moved_away = keys;
        }
    }
}
