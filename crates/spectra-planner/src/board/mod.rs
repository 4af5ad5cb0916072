//! From the manifest to the plans of a project's boards: every reference followed, every value typed, every limit held.
//!
//! One file a kind of thing. Each reports what is wrong with it and gives its part of the plan; the parts are only
//! used when nothing was wrong. It knows nothing of what GitHub holds.

mod assignee;
mod blocked_by;
mod boards;
mod draft;
mod field;
mod issue;
mod issue_type;
mod iteration;
mod label;
mod milestone;
mod name;
mod option;
mod placeholder;
mod project;
mod rename;
mod repository;
mod sub_issue;
mod team;
mod value;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::forecast::PlanForecast;
use spectra_model::id::{IssueKey, LabelName, ManifestId, ProjectSlug};
use spectra_model::plan::{Plan, SCHEMA_VERSION, Source};

use self::blocked_by::Edges;
use self::boards::{BoardOf, Keys};
use self::field::Fields;
use self::issue_type::IssueTypes;
use self::label::Labels;
use self::milestone::Milestones;
use crate::backlog::{Backlog, Stages};
use crate::manifest::{Manifest, Project, Provisioning, Text};
use crate::report::Report;

/// What all boards of a manifest share.
pub(crate) struct Shared<'m> {
    pub(crate) manifest: &'m Manifest,
    pub(crate) stages: Stages<'m>,
    pub(crate) labels: Labels<'m>,
    pub(crate) milestones: Milestones<'m>,
}

impl<'m> Shared<'m> {
    /// Checks what stands once in a manifest.
    pub(crate) fn of(manifest: &'m Manifest, report: &mut Report) -> Self {
        Self {
            manifest,
            stages: Stages::of(manifest, report),
            labels: Labels::of(manifest, report),
            milestones: Milestones::of(manifest, report),
        }
    }
}

/// A board that a manifest asks for.
pub(crate) struct Asked {
    /// Its slug, where the id stands that it ends with. None where it can't be told; that was reported.
    pub(crate) slug: Option<Text>,
    /// Whether it is an activity's.
    pub(crate) of_activity: bool,
    /// Its plan without the preview. None where something that it needs was refused.
    pub(crate) plan: Option<Plan>,
}

/// The boards of a project, its own first.
pub(crate) fn plans(
    shared: &Shared<'_>,
    project: &Project,
    source: &Source,
    report: &mut Report,
) -> Vec<Asked> {
    let Shared { manifest, stages, .. } = shared;
    boards::check(project, report);
    let backlog = Backlog::of(manifest, project, stages, report);
    let boards = boards::boards(project, &backlog, report);
    let renamed_from = project::renamed_from(manifest, project, &boards, report);
    sub_issue::check(&backlog, report);
    draft::check(&backlog, report);
    let dependencies = blocked_by::check(&backlog, report);
    let slug = boards.first().and_then(|board| board.slug.as_ref());
    let whole = Whole {
        shared,
        source,
        fields: fields(&project.board, report).unwrap_or_default(),
        renames: rename::renames(slug, &renamed_from, &backlog, report),
        renamed_from,
        taken: boards::taken(manifest, &boards),
        keys: Keys::of(&boards, &backlog),
        backlog: &backlog,
        dependencies: &dependencies,
    };
    let mut types = IssueTypes::of(manifest);
    let mut plans: Vec<Option<Plan>> = boards
        .iter()
        .enumerate()
        .map(|(number, board)| whole.plan(number, board, slug, &mut types, report))
        .collect();
    boards::introduce(&mut plans);
    boards
        .iter()
        .zip(plans)
        .map(|(board, plan)| Asked {
            slug: board
                .slug
                .as_ref()
                .zip(board.id)
                .map(|(slug, span)| Text { value: slug.to_string(), span }),
            of_activity: board.activity.is_some(),
            plan,
        })
        .collect()
}

/// The fields that a board declares itself.
fn fields<'m>(board: &'m Provisioning, report: &mut Report) -> Option<Fields<'m>> {
    board.fields.as_ref().map(|written| Fields::of(written, report))
}

/// What the boards of a project have in common.
struct Whole<'b, 'm> {
    shared: &'b Shared<'m>,
    source: &'b Source,
    backlog: &'b Backlog<'m>,
    dependencies: &'b Edges<'m>,
    fields: Fields<'m>,
    renamed_from: Vec<ProjectSlug>,
    /// The slugs that boards have now.
    taken: BTreeSet<String>,
    renames: Vec<Vec<IssueKey>>,
    keys: Keys<'b>,
}

impl<'m> Whole<'_, 'm> {
    /// The plan of one board.
    fn plan(
        &self,
        number: usize,
        board: &BoardOf<'m>,
        project: Option<&ProjectSlug>,
        types: &mut IssueTypes<'_>,
        report: &mut Report,
    ) -> Option<Plan> {
        let Self { shared, source, backlog, dependencies, keys, .. } = self;
        let Shared { manifest, labels, milestones, .. } = shared;
        let own = board.activity.and_then(|_| fields(board.says, report));
        let fields = own.as_ref().unwrap_or(&self.fields);
        let views = view::views(board.says, fields, report);
        let refinements = if board.activity.is_none() {
            boards::refinements(backlog, keys, &self.renames)
        } else {
            BTreeMap::new()
        };
        let described = project::project(manifest, board, refinements, report);
        let repositories = repository::links(manifest, board.says, report);
        let teams = team::links(manifest, board.says, report);
        sub_issue::items(keys.places(number).len(), board.span, report);
        // Without its id a board has no label, and what its issues hold is looked at all the same.
        let unnamed = LabelName::new("");
        let managed = project::managed_label(board);
        let items = issue::items(
            &issue::Board {
                project: board.project,
                number,
                slug: board.slug.as_ref(),
                managed: managed.as_ref().unwrap_or(&unnamed),
                labels,
                milestones,
                fields,
                of_project: &self.fields,
            },
            &issue::Parts { project, backlog, dependencies, keys, renames: &self.renames },
            types,
            report,
        );
        let links = [
            sub_issue::links(backlog, keys, number),
            blocked_by::links(dependencies, keys, number),
            repositories,
            teams,
        ];
        let mut plan = Plan {
            schema_version: SCHEMA_VERSION,
            slug: board.slug.clone()?,
            renamed_from: board.renamed_from(&self.renamed_from, &self.taken, backlog),
            manifest: ManifestId::new(manifest.id.as_ref()?.value.clone()),
            baseline: None,
            source: Source::clone(source),
            project: described?,
            labels: Vec::new(),
            milestones: Vec::new(),
            fields: fields.planned(),
            views,
            issues: items.issues,
            drafts: items.drafts,
            links: links.concat(),
            neighbours: Vec::new(),
            moved_away: Vec::new(),
            operations: Vec::new(),
            forecast: PlanForecast::default(),
        };
        plan.labels = labels.planned(&plan);
        plan.milestones = milestones.planned(&plan);
        project::record_fits(&plan, board.span, report);
        Some(plan)
    }
}
