//! The planner: a manifest's text in, the plans of its boards out, or every mistake that it holds.
//!
//! Pure: it opens no file, reads no clock and no environment, so the same text gives the same bytes anywhere. The way
//! through it: text → tree with places (`yaml`) → shape (`schema`) → typed manifest (`manifest`) → backlog with keys
//! (`backlog`) → plan (`board`) → files (`render`). The preview in a plan is the reconciler's own change set.

mod backlog;
mod board;
mod code;
mod manifest;
mod render;
mod report;
mod schema;
mod text;
mod yaml;

use std::collections::BTreeMap;

use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::forecast::PlanForecast;
use spectra_model::json::sha256;
use spectra_model::plan::{Plan, Source, SourceFile};

use self::board::Shared;
pub use self::code::Code;
use self::report::Report;
pub use self::schema::{MANIFEST as MANIFEST_SCHEMA, PLAN as PLAN_SCHEMA};
use self::yaml::Unreadable;

/// A file that was read for the planner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// Its path, relative to the root, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What plans are made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The manifests, in the order in which they were asked for.
    pub manifests: Vec<SourceText>,
    /// The one project to plan, where not all are wanted. All are checked.
    pub project: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Every manifest is sound.
    Planned {
        /// The boards, in the order of the manifests and of the projects in them.
        boards: Vec<Board>,
        /// What the author should know all the same.
        warnings: Vec<Diagnostic>,
    },
    /// A manifest holds mistakes: there is a plan for none.
    Refused {
        /// All mistakes and warnings, by file and place.
        diagnostics: Vec<Diagnostic>,
    },
}

/// The plan of one board and the files that it is handed over in.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The plan.
    pub plan: Plan,
    /// `plan.json`.
    pub json: String,
    /// `plan.md`.
    pub markdown: String,
    /// `plan.sha256`, in the form that `sha256sum -c` reads.
    pub sums: String,
}

/// Plans every board of the manifests.
pub fn plan(sources: &Sources) -> Outcome {
    let mut diagnostics = Vec::new();
    let mut plans = Vec::new();
    let mut slugs = BTreeMap::new();
    for source in &sources.manifests {
        let mut report = Report::new(&source.path);
        plans.extend(manifest(source, &mut slugs, &mut report));
        diagnostics.extend(report.into_diagnostics());
    }
    diagnostics.sort();
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Outcome::Refused { diagnostics };
    }
    let wanted = |plan: &Plan| sources.project.as_ref().is_none_or(|id| plan.slug.as_str() == id);
    let boards = plans.into_iter().filter(wanted).filter_map(finish).collect();
    Outcome::Planned { boards, warnings: diagnostics }
}

/// Where each slug was first used: file and line.
type Slugs = BTreeMap<String, (String, usize)>;

fn manifest(source: &SourceText, slugs: &mut Slugs, report: &mut Report) -> Vec<Plan> {
    let mut tree = match yaml::read(&source.bytes) {
        Ok(tree) => tree,
        Err(Unreadable::NotText { message, span }) => {
            report.say(Code::NotText, span, message, "save the file as UTF-8 text");
            return Vec::new();
        }
        Err(Unreadable::Syntax { message, span }) => {
            report.say(Code::Syntax, span, message, "correct the YAML here or just before");
            return Vec::new();
        }
    };
    schema::check(&mut tree, report);
    let manifest = manifest::read(&tree);
    let shared = Shared::of(&manifest, report);
    let origin = Source {
        manifest: source.path.clone(),
        files: vec![SourceFile { path: source.path.clone(), sha256: sha256(&source.bytes) }],
    };
    let mut plans = Vec::new();
    for project in &manifest.projects {
        if let Some(id) = &project.id {
            let here = (source.path.clone(), id.span.line);
            if let Some((file, line)) = slugs.insert(id.value.clone(), here) {
                report.say(
                    Code::RepeatedSlug,
                    id.span,
                    format!("two boards have the slug `{}`", id.value),
                    format!("the other one stands in {file}, line {line}"),
                );
            }
        }
        plans.extend(board::plan(&shared, project, &origin, report));
    }
    if report.has_errors() { Vec::new() } else { plans }
}

/// Adds the preview and writes the files.
fn finish(mut plan: Plan) -> Option<Board> {
    let preview = spectra_reconciler::preview(&plan);
    plan.forecast = PlanForecast::of(preview.forecast.content_creations);
    plan.operations = preview.changes;
    // Values were checked to be finite, so a plan always has a JSON form.
    let json = plan.to_document().ok()?;
    let markdown = render::plan_md(&plan);
    let sums = render::sums(&[("plan.json", &json), ("plan.md", &markdown)]);
    Some(Board { plan, json, markdown, sums })
}

#[cfg(test)]
mod tests;
