//! From the manifest to the plan of one board: every reference followed, every value typed, every limit held.
//!
//! One file a kind of thing. Each reports what is wrong with it and gives its part of the plan; the parts are only
//! used when nothing was wrong. It knows nothing of what GitHub holds.

mod blocked_by;
mod field;
mod issue;
mod label;
mod placeholder;
mod project;
mod rename;
mod sub_issue;
mod value;

use spectra_model::forecast::PlanForecast;
use spectra_model::id::{ManifestId, ProjectSlug};
use spectra_model::plan::{Plan, SCHEMA_VERSION, Source};

use self::field::Fields;
use self::label::Labels;
use crate::backlog::{Backlog, Stages};
use crate::manifest::{Manifest, Project};
use crate::report::Report;

/// What all boards of a manifest share.
pub(crate) struct Shared<'m> {
    pub(crate) manifest: &'m Manifest,
    pub(crate) stages: Stages<'m>,
    pub(crate) labels: Labels<'m>,
}

impl<'m> Shared<'m> {
    /// Checks what stands once in a manifest.
    pub(crate) fn of(manifest: &'m Manifest, report: &mut Report) -> Self {
        Self { manifest, stages: Stages::of(manifest, report), labels: Labels::of(manifest, report) }
    }
}

/// The plan of one board without its preview. None where something that it needs was refused.
pub(crate) fn plan(
    shared: &Shared<'_>,
    project: &Project,
    source: &Source,
    report: &mut Report,
) -> Option<Plan> {
    let Shared { manifest, stages, labels } = shared;
    let fields = Fields::of(project, report);
    let board = project::project(manifest, project, report);
    let backlog = Backlog::of(manifest, project, stages, report);
    sub_issue::check(&backlog, project.span, report);
    let dependencies = blocked_by::check(&backlog, report);
    let slug = project.id.as_ref().and_then(|id| ProjectSlug::parse(&id.value).ok());
    let renames = rename::renames(slug.as_ref(), &backlog, report);
    let managed = project::managed_label(project)?;
    let issues = issue::issues(
        &issue::Board { project, slug: slug.as_ref(), managed: &managed, labels, fields: &fields },
        &backlog,
        renames,
        report,
    );
    let mut plan = Plan {
        schema_version: SCHEMA_VERSION,
        slug: slug?,
        manifest: ManifestId::new(manifest.id.as_ref()?.value.clone()),
        baseline: None,
        source: source.clone(),
        project: board?,
        labels: Vec::new(),
        milestones: Vec::new(),
        fields: fields.planned(),
        views: Vec::new(),
        links: [sub_issue::links(&backlog, &issues), blocked_by::links(&dependencies, &issues)].concat(),
        issues,
        operations: Vec::new(),
        forecast: PlanForecast::default(),
    };
    plan.labels = labels.planned(&plan);
    project::record_fits(&plan, project.span, report);
    Some(plan)
}
