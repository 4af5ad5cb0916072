//! From the manifest to the plan of one board: every reference followed, every value typed, every limit held.
//!
//! One file a kind of thing. Each reports what is wrong with it and gives its part of the plan; the parts are only
//! used when nothing was wrong. It knows nothing of what GitHub holds.

mod assignee;
mod blocked_by;
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

use spectra_model::forecast::PlanForecast;
use spectra_model::id::{IssueKey, ManifestId, ProjectSlug};
use spectra_model::plan::{Plan, SCHEMA_VERSION, Source};

use self::field::Fields;
use self::label::Labels;
use self::milestone::Milestones;
use crate::backlog::{Backlog, Stages};
use crate::manifest::{Manifest, Project};
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

/// The plan of one board without its preview. None where something that it needs was refused.
pub(crate) fn plan(
    shared: &Shared<'_>,
    project: &Project,
    source: &Source,
    report: &mut Report,
) -> Option<Plan> {
    let Shared { manifest, stages, labels, milestones } = shared;
    let fields = Fields::of(project, report);
    let views = view::views(project, &fields, report);
    let board = project::project(manifest, project, report);
    let renamed_from = project::renamed_from(manifest, project, report);
    let repositories = repository::links(manifest, project, report);
    let teams = team::links(manifest, project, report);
    let backlog = Backlog::of(manifest, project, stages, report);
    sub_issue::check(&backlog, project.span, report);
    let dependencies = blocked_by::check(&backlog, report);
    let slug = project.id.as_ref().and_then(|id| ProjectSlug::parse(&id.value).ok());
    let renames = rename::renames(slug.as_ref(), &renamed_from, &backlog, report);
    let keys: Vec<Option<IssueKey>> = backlog
        .entries
        .iter()
        .map(|entry| slug.as_ref().filter(|_| !entry.issue.draft).map(|slug| entry.key(slug)))
        .collect();
    let managed = project::managed_label(project)?;
    let items = issue::items(
        &issue::Board {
            project,
            slug: slug.as_ref(),
            managed: &managed,
            labels,
            milestones,
            fields: &fields,
        },
        &issue::Parts { backlog: &backlog, dependencies: &dependencies, keys: &keys },
        renames,
        report,
    );
    let links =
        [sub_issue::links(&backlog, &keys), blocked_by::links(&dependencies, &keys), repositories, teams];
    let mut plan = Plan {
        schema_version: SCHEMA_VERSION,
        slug: slug?,
        renamed_from,
        manifest: ManifestId::new(manifest.id.as_ref()?.value.clone()),
        baseline: None,
        source: source.clone(),
        project: board?,
        labels: Vec::new(),
        milestones: Vec::new(),
        fields: fields.planned(),
        views,
        issues: items.issues,
        drafts: items.drafts,
        links: links.concat(),
        neighbours: Vec::new(),
        operations: Vec::new(),
        forecast: PlanForecast::default(),
    };
    plan.labels = labels.planned(&plan);
    plan.milestones = milestones.planned(&plan);
    project::record_fits(&plan, project.span, report);
    Some(plan)
}
