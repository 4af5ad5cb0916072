//! The planner: manifests' text in, the plans of their boards out, or every mistake that they hold.
//!
//! Pure: it opens no file, reads no clock and no environment, so the same text gives the same bytes anywhere. Where it
//! needs another file it says so and waits ([`Outcome::Needs`]). The way through it: text → tree with places (`yaml`) →
//! shape (`schema`) → fragments gathered and joined (`include`, `merge`) → `spectra.toml`, texts and templates taken
//! over (`config`, `linked`) → typed manifest (`manifest`) → backlog with keys (`backlog`) → plan (`board`) → files
//! (`render`). The preview in a plan is the reconciler's own change set.

mod backlog;
mod board;
mod code;
mod config;
mod files;
mod glob;
mod include;
mod join;
mod json;
pub mod limits;
mod link;
mod linked;
mod manifest;
mod merge;
mod path;
mod render;
mod report;
mod schema;
mod sources;
mod span;
mod text;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::forecast::PlanForecast;
use spectra_model::json::sha256;
use spectra_model::plan::{Plan, Source, SourceFile};

use self::board::Shared;
pub use self::code::Code;
use self::config::BoardNumber;
pub use self::glob::{Listed, ListedKind};
use self::join::Joined;
pub use self::schema::{
    CONFIG as CONFIG_SCHEMA, FIELDS as FIELDS_SCHEMA, FRAGMENT as FRAGMENT_SCHEMA,
    MANIFEST as MANIFEST_SCHEMA, PLAN as PLAN_SCHEMA,
};
pub use self::sources::{Answer, Need, Needs, Refusal, RootId, SourceText, Sources, Wanted};
use self::span::Span;

/// What came of it.
pub enum Outcome {
    /// More must be known first.
    Needs(Box<Needs>),
    /// Every manifest is sound.
    Planned {
        /// The boards, in the order of the manifests and of the projects in them.
        boards: Vec<Board>,
        /// What the author should know all the same.
        warnings: Vec<Diagnostic>,
        /// The files that were read.
        texts: Vec<SourceText>,
    },
    /// A manifest holds mistakes: there is a plan for none.
    Refused {
        /// All mistakes and warnings, by file and place.
        diagnostics: Vec<Diagnostic>,
        /// The files that were read.
        texts: Vec<SourceText>,
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

/// Plans every board of the manifests, or says what it needs for that.
pub fn plan(mut sources: Sources) -> Outcome {
    let mut needs = BTreeSet::new();
    let joined = join::join(&mut sources, &mut needs);
    if !needs.is_empty() {
        return Outcome::Needs(Box::new(Needs::new(needs, sources)));
    }
    let mut diagnostics = BTreeSet::new();
    let mut plans = Vec::new();
    let mut slugs = BTreeMap::new();
    for mut joined in joined {
        plans.extend(manifest(&mut joined, &sources, &mut slugs));
        diagnostics.extend(joined.report.into_diagnostics());
    }
    diagnostics.extend(sources.files.said().cloned());
    let diagnostics: Vec<Diagnostic> = diagnostics.into_iter().collect();
    let project = sources.project.take();
    let texts = sources.into_texts();
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Outcome::Refused { diagnostics, texts };
    }
    let wanted = |plan: &Plan| project.as_ref().is_none_or(|id| plan.slug.as_str() == id);
    let boards = plans.into_iter().filter(wanted).filter_map(finish).collect();
    Outcome::Planned { boards, warnings: diagnostics, texts }
}

/// Where each slug was first used.
type Slugs = BTreeMap<String, Span>;

fn manifest(joined: &mut Joined, sources: &Sources, slugs: &mut Slugs) -> Vec<Plan> {
    let Joined { tree, report, number, used, file } = joined;
    let Some(tree) = tree.take() else { return Vec::new() };
    let manifest = manifest::read(&tree);
    drop(tree);
    let shared = Shared::of(&manifest, report);
    let files = &sources.files;
    let read: BTreeMap<&str, &[u8]> =
        used.iter().map(|file| (files.path(*file), files.bytes(*file))).collect();
    let origin = Source {
        manifest: files.path(*file).to_owned(),
        files: read
            .into_iter()
            .map(|(path, bytes)| SourceFile { path: path.to_owned(), sha256: sha256(bytes) })
            .collect(),
    };
    let mut plans = Vec::new();
    for project in &manifest.projects {
        if let Some(id) = &project.id {
            if let Some(other) = slugs.get(&id.value) {
                let help = format!("the other one stands in {}", report.line(*other, id.span));
                report.say(
                    Code::RepeatedSlug,
                    id.span,
                    format!("two boards have the slug `{}`", id.value),
                    help,
                );
            } else {
                slugs.insert(id.value.clone(), id.span);
            }
        }
        plans.extend(board::plan(&shared, project, &origin, report));
    }
    if let Some(BoardNumber { number, span }) = number {
        match plans.as_mut_slice() {
            [only] if manifest.projects.len() == 1 => only.project.number = Some(*number),
            _ => {
                // A project without its board was reported, and may be a part of another.
                let is_whole =
                    manifest.projects.iter().all(|project| project.id.is_some() && project.title.is_some());
                let count = manifest.projects.len();
                if is_whole && count > 1 {
                    report.say(
                        Code::BadProjectNumber,
                        *span,
                        format!("`projectNumber` names one board, and the manifest makes {count}"),
                        "split the manifest, or leave the number out",
                    );
                }
            }
        }
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
