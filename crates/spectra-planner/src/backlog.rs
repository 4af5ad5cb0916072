//! The backlog of one project as a list: every issue with its path, its parent, its stage, its repository and the board
//! that it stands on.
//!
//! A project has a board of its own, and each activity may have one too, for itself and what is below it. What is true
//! of the hierarchy and of dependencies is true across boards. Order: the initiative, then the activities by stage and appearance, each followed by what is below it. So each
//! issue stands after its parent and siblings keep the manifest's order.

use std::collections::BTreeMap;

use spectra_model::id::{IssueKey, ProjectSlug, RepoSlug, fold};
use spectra_model::plan::Level;

use crate::code::Code;
use crate::manifest::{Issue, Manifest, Project, Provisioning, Text};
use crate::report::{Report, Scope, Unknown};
use crate::span::Span;

/// All issues of one project.
pub(crate) struct Backlog<'m> {
    pub(crate) entries: Vec<Entry<'m>>,
    /// The activities that have a board of their own, by their places in the list. The board of number n, where the
    /// project's own is number 0, is that of the activity at n - 1.
    pub(crate) activity_boards: Vec<usize>,
    /// Issues by their path from the project.
    pub(crate) by_path: BTreeMap<String, usize>,
    /// Whether every issue is there and has a path: where not, a reference may mean one without.
    pub(crate) complete: bool,
}

/// One issue in its place.
pub(crate) struct Entry<'m> {
    pub(crate) issue: &'m Issue,
    /// The path from the project, which is the key without the project's id.
    pub(crate) path: String,
    pub(crate) parent: Option<usize>,
    /// How many issues the chain of parents holds, this one included.
    pub(crate) depth: usize,
    /// The id of the activity that it is or belongs to.
    pub(crate) activity: Option<&'m str>,
    /// Where to point when that activity is meant.
    pub(crate) activity_place: Option<Span>,
    pub(crate) stage: Stage<'m>,
    pub(crate) repository: Option<RepoSlug>,
    /// The number of its board.
    pub(crate) board: usize,
    /// The `projectProvisioning` of the activity that it is or belongs to.
    pub(crate) refinement: Option<&'m Provisioning>,
}

impl Entry<'_> {
    /// The issue's key on a board.
    pub(crate) fn key(&self, slug: &ProjectSlug) -> IssueKey {
        IssueKey::new([slug.as_str(), "/", &self.path].concat())
    }

    /// The name of its stage.
    pub(crate) fn stage_name(&self) -> Option<&str> {
        match self.stage {
            Stage::Known(_, name) => Some(name),
            Stage::Absent | Stage::Broken => None,
        }
    }
}

/// The stage of an issue's activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage<'m> {
    /// The one with this number in the manifest's list.
    Known(usize, &'m str),
    /// None is written.
    Absent,
    /// One is written that can't be used; that was reported.
    Broken,
}

/// The manifest's stages by name.
pub(crate) struct Stages<'m> {
    /// The number of each, and where it stands.
    numbers: BTreeMap<&'m str, (usize, Span)>,
    complete: bool,
}

impl<'m> Stages<'m> {
    /// Where stages are looked up: a manifest has one list of them.
    const SCOPE: Scope = (Code::UnknownStage, None);

    /// Checks and numbers the stages.
    pub(crate) fn of(manifest: &'m Manifest, report: &mut Report) -> Self {
        let mut numbers = BTreeMap::new();
        let mut complete = manifest.stages.complete;
        let mut seen: BTreeMap<String, &Text> = BTreeMap::new();
        for (number, stage) in manifest.stages.items.iter().enumerate() {
            crate::text::one_line(stage, "a stage", report);
            if let Some(first) = seen.get(&fold(&stage.value)) {
                report.say(
                    Code::RepeatedName,
                    stage.span,
                    format!("stage `{}` is declared twice", stage.value),
                    format!(
                        "`{}` stands in {} already; keep one of them",
                        first.value,
                        report.line(first.span, stage.span)
                    ),
                );
                // What names the stage that one of the two should be is no mistake of its own.
                complete = false;
                continue;
            }
            seen.insert(fold(&stage.value), stage);
            numbers.insert(stage.value.as_str(), (number, stage.span));
        }
        Self { numbers, complete }
    }

    fn find(&self, issue: &'m Issue, report: &mut Report) -> Stage<'m> {
        let Some(stage) = &issue.stage else {
            return if issue.stage_readable { Stage::Absent } else { Stage::Broken };
        };
        if let Some((number, _)) = self.numbers.get(stage.value.as_str()) {
            report.refers(Self::SCOPE, &stage.value);
            return Stage::Known(*number, &stage.value);
        }
        let unknown = |name, message, otherwise| Unknown {
            scope: Self::SCOPE,
            name,
            span: stage.span,
            message,
            otherwise,
        };
        if self.complete && self.numbers.is_empty() {
            // One mistake, whichever stage is named.
            let message = "the manifest declares no stages".to_owned();
            let help = "list them in order under `stages` of the manifest";
            report.unknown(unknown("", message, help), []);
        } else if self.complete {
            let message = format!("unknown stage `{}`", stage.value);
            let help = "declare it under `stages` of the manifest";
            let names = self.numbers.iter().map(|(name, (_, span))| (*name, Some(*span)));
            report.unknown(unknown(&stage.value, message, help), names);
        }
        Stage::Broken
    }
}

impl<'m> Backlog<'m> {
    /// Lists the issues of a project, and reports ids that are used twice.
    pub(crate) fn of(
        manifest: &'m Manifest,
        project: &'m Project,
        stages: &Stages<'m>,
        report: &mut Report,
    ) -> Self {
        let complete = project.activities.complete;
        let mut walk = Walk {
            manifest,
            backlog: Self {
                entries: Vec::new(),
                activity_boards: Vec::new(),
                by_path: BTreeMap::new(),
                complete,
            },
            without_repository: None,
            report,
        };
        let above = Above {
            index: None,
            path: "",
            depth: 0,
            activity: None,
            activity_place: None,
            stage: Stage::Absent,
            board: 0,
            refinement: None,
        };
        let top = project.initiative.as_ref().map(|issue| walk.add(issue, &above));
        let mut activities: Vec<(Stage<'_>, &Issue)> =
            project.activities.items.iter().map(|issue| (stages.find(issue, walk.report), issue)).collect();
        activities.sort_by_key(|(stage, _)| stage.number());
        for (stage, issue) in activities {
            let activity = issue.id.as_ref().map(|id| id.value.as_str());
            let depth = usize::from(top.is_some());
            let refinement = issue.board.as_deref();
            let board = if refinement.is_some_and(Provisioning::is_a_board) {
                walk.backlog.activity_boards.push(walk.backlog.entries.len());
                walk.backlog.activity_boards.len()
            } else {
                0
            };
            let activity_place = Some(issue.place());
            let above =
                Above { index: top, path: "", depth, activity, activity_place, stage, board, refinement };
            walk.add(issue, &above);
        }
        walk.finish()
    }

    /// The chain of parents, nearest first.
    pub(crate) fn ancestors(&self, entry: &Entry<'m>) -> impl Iterator<Item = &Entry<'m>> {
        let mut next = entry.parent;
        std::iter::from_fn(move || {
            let found = self.entries.get(next?)?;
            next = found.parent;
            Some(found)
        })
    }
}

impl Stage<'_> {
    /// The number in the manifest's list; what has none comes last.
    fn number(self) -> usize {
        match self {
            Self::Known(number, _) => number,
            Self::Absent | Self::Broken => usize::MAX,
        }
    }
}

/// What an issue inherits from where it stands.
struct Above<'a, 'm> {
    index: Option<usize>,
    path: &'a str,
    depth: usize,
    activity: Option<&'m str>,
    activity_place: Option<Span>,
    stage: Stage<'m>,
    board: usize,
    refinement: Option<&'m Provisioning>,
}

struct Walk<'a, 'm> {
    manifest: &'m Manifest,
    backlog: Backlog<'m>,
    /// The first issue without a repository, and how many there are.
    without_repository: Option<(Span, usize)>,
    report: &'a mut Report,
}

impl<'m> Walk<'_, 'm> {
    fn add(&mut self, issue: &'m Issue, above: &Above<'_, 'm>) -> usize {
        let index = self.backlog.entries.len();
        let path = self.path(issue, above, index);
        // A draft lives on the board, in no repository.
        let repository = if issue.draft { None } else { self.repository(issue) };
        self.backlog.by_path.insert(path.clone(), index);
        self.backlog.entries.push(Entry {
            issue,
            path: path.clone(),
            parent: above.index,
            depth: above.depth + 1,
            activity: above.activity,
            activity_place: above.activity_place,
            stage: above.stage,
            repository,
            board: above.board,
            refinement: above.refinement,
        });
        let below = Above {
            index: Some(index),
            path: &path,
            depth: above.depth + 1,
            activity: above.activity,
            activity_place: above.activity_place,
            stage: above.stage,
            board: above.board,
            refinement: above.refinement,
        };
        self.backlog.complete &= issue.tasks.complete;
        for task in &issue.tasks.items {
            self.add(task, &below);
        }
        index
    }

    /// The issue's path; one that no reference can mean where the id is absent or taken.
    fn path(&mut self, issue: &Issue, above: &Above<'_, 'm>, index: usize) -> String {
        let join = |id: &str| match above.path {
            "" => id.to_owned(),
            before => [before, "/", id].concat(),
        };
        let Some(id) = &issue.id else {
            self.backlog.complete = false;
            return join(&format!("?{index}"));
        };
        let path = join(&id.value);
        let Some(first) = self.backlog.by_path.get(&path).and_then(|at| self.backlog.entries.get(*at)) else {
            return path;
        };
        let line = self.report.line(first.issue.place(), id.span);
        // What names the id that one of the two should have is no mistake of its own.
        self.backlog.complete = false;
        self.report.say(
            Code::RepeatedId,
            id.span,
            format!("id `{}` is used twice", id.value),
            format!("`{path}` stands in {line} already; ids are unique among siblings"),
        );
        join(&format!("?{index}"))
    }

    /// The repository that an issue goes to. A sub-issue's owner is compared with its parent's elsewhere.
    fn repository(&mut self, issue: &Issue) -> Option<RepoSlug> {
        let text = issue.repository.as_ref().or(self.manifest.repository.as_ref());
        if let Some(text) = text {
            let parsed = RepoSlug::parse(&text.value);
            if parsed.is_err() {
                let message = format!("`{}` is not a repository", text.value);
                self.report.say(Code::BadOwnerOrRepository, text.span, message, "write `owner/name`");
            }
            return parsed.ok();
        }
        if issue.repository_readable && self.manifest.repository_readable {
            let (_, count) = self.without_repository.get_or_insert((issue.place(), 0));
            *count += 1;
        }
        None
    }

    fn finish(self) -> Backlog<'m> {
        if let Some((span, count)) = self.without_repository {
            let message = match count {
                1 => "this issue has no repository".to_owned(),
                more => format!("this issue and {} others have no repository", more - 1),
            };
            let help = "write `repository: owner/name` at the manifest's top level, or on the issue";
            self.report.say(Code::NoRepository, span, message, help);
        }
        self.backlog
    }
}

/// The word for a level in messages.
pub(crate) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Initiative => "initiative",
        Level::Activity => "activity",
        Level::Task => "task",
    }
}
