//! The planner: manifests' text in, the plans of their boards out, or every mistake that they hold.
//!
//! Pure: it opens no file, reads no clock and no environment, so the same text gives the same bytes anywhere. Where it
//! needs another file it says so and waits ([`Outcome::Needs`]). The way through it: text → tree with places (`yaml`) →
//! shape (`schema`) → fragments gathered and joined (`include`, `merge`) → `spectra.toml`, texts and templates taken
//! over (`config`, `linked`) → typed manifest (`manifest`) → backlog with keys (`backlog`) → plan (`board`) → files
//! (`render`). The preview in a plan is the reconciler's own change set, against an empty GitHub or an earlier plan
//! (`baseline`).

mod backlog;
mod baseline;
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
mod near;
mod path;
mod render;
mod report;
mod schema;
mod sources;
mod span;
mod text;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use spectra_model::change::ChangeSet;
use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::forecast::PlanForecast;
use spectra_model::json::sha256;
use spectra_model::plan::{Plan, Source, SourceFile};

pub use self::baseline::{Baseline, BaselineError, Diff, PlanDiff};
use self::board::{Asked, Shared};
pub use self::code::Code;
use self::config::BoardNumber;
pub use self::glob::{Listed, ListedKind};
use self::join::Joined;
pub use self::report::Omitted;
use self::report::Report;
pub use self::schema::{
    CONFIG as CONFIG_SCHEMA, DIFF as DIFF_SCHEMA, FIELDS as FIELDS_SCHEMA, FRAGMENT as FRAGMENT_SCHEMA,
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
        /// How much more there is of that.
        omitted: Omitted,
        /// The files that were read.
        texts: Vec<SourceText>,
    },
    /// A manifest holds mistakes: there is a plan for none.
    Refused {
        /// All mistakes and warnings, by file and place; of very many the first ([`limits::MISTAKES`]).
        diagnostics: Vec<Diagnostic>,
        /// How many more there are.
        omitted: Omitted,
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
    /// What differs from its baseline, where it was compared with one.
    pub diff: Option<Diff>,
}

/// Plans every board of the manifests, or says what it needs for that.
pub fn plan(mut sources: Sources) -> Outcome {
    let mut needs = BTreeSet::new();
    let joined = join::join(&mut sources, &mut needs);
    if !needs.is_empty() {
        return Outcome::Needs(Box::new(Needs::new(needs, sources)));
    }
    let mut diagnostics = BTreeSet::new();
    let mut omitted = Omitted::default();
    let mut plans = Vec::new();
    let mut slugs = BTreeMap::new();
    for mut joined in joined {
        plans.extend(manifest(&mut joined, &sources, &mut slugs));
        let (found, more) = joined.report.into_diagnostics();
        diagnostics.extend(found);
        omitted += more;
    }
    let (said, more) = sources.files.said();
    diagnostics.extend(said.iter().cloned());
    omitted += more;
    sources.files.tell_once(&mut diagnostics);
    let mut diagnostics = diagnostics.into_iter();
    let first: Vec<Diagnostic> = diagnostics.by_ref().take(limits::MISTAKES).collect();
    // Errors among those are errors all the same.
    diagnostics.for_each(|one| omitted.add(one.severity));
    let diagnostics = first;
    let (project, cores) = (sources.project.take(), sources.cores);
    let texts = sources.into_texts();
    let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if has_errors || omitted.errors > 0 {
        return Outcome::Refused { diagnostics, omitted, texts };
    }
    let wanted = |plan: &Plan| project.as_ref().is_none_or(|id| plan.slug.as_str() == id);
    let boards = finish_all(plans.into_iter().filter(wanted).collect(), cores);
    Outcome::Planned { boards, warnings: diagnostics, omitted, texts }
}

/// Finishes boards, as many at once as there are cores: each depends on its plan alone. They stay in the plans' order.
fn finish_all(plans: Vec<Plan>, cores: usize) -> Vec<Board> {
    let others = plans.len().min(cores).saturating_sub(1);
    let queue = Mutex::new(plans.into_iter().enumerate());
    // Its lock is let go before the plan is finished.
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let finished = std::iter::from_fn(next).map(|(number, plan)| (number, finish(plan)));
        finished.collect::<Vec<(usize, Option<Board>)>>()
    };
    let mut finished = std::thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
        let mut finished = work();
        for other in others {
            finished.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        finished
    });
    finished.sort_by_key(|(number, _)| *number);
    finished.into_iter().filter_map(|(_, board)| board).collect()
}

/// Where each slug was first used.
type Slugs = BTreeMap<String, Span>;

fn manifest(joined: &mut Joined, sources: &Sources, slugs: &mut Slugs) -> Vec<Plan> {
    let Joined { tree, report, number, used, file } = joined;
    let Some(mut tree) = tree.take() else { return Vec::new() };
    let manifest = manifest::read(&mut tree);
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
    let (mut count, mut is_whole) = (0, true);
    for project in &manifest.projects {
        let boards = board::plans(&shared, project, &origin, report);
        distinct(&boards, slugs, report);
        count += boards.len();
        // A project without its board was reported, and may be a part of another.
        is_whole &= project.id.is_some() && project.board.title.is_some();
        plans.extend(boards.into_iter().filter_map(|board| board.plan));
    }
    if let Some(BoardNumber { number, span }) = number {
        match plans.as_mut_slice() {
            [only] if count == 1 => only.project.number = Some(*number),
            _ => {
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
    if report.look_again() {
        // What refers to what tells which of two names is the mistyped one.
        let shared = Shared::of(&manifest, report);
        for project in &manifest.projects {
            drop(board::plans(&shared, project, &origin, report));
        }
    }
    if report.has_errors() { Vec::new() } else { plans }
}

/// Reports slugs that another board has. Where that is the project's own, those of its activities follow from it.
fn distinct(boards: &[Asked], slugs: &mut Slugs, report: &mut Report) {
    for Asked { slug, of_activity, .. } in boards {
        let Some(slug) = slug else { continue };
        let Some(other) = slugs.get(&slug.value) else {
            slugs.insert(slug.value.clone(), slug.span);
            continue;
        };
        let mut help = format!("the other one stands in {}", report.line(*other, slug.span));
        if *of_activity {
            help.push_str("; the slug of an activity's board is made of the project's id and its own");
        }
        report.say(Code::RepeatedSlug, slug.span, format!("two boards have the slug `{}`", slug.value), help);
        if !of_activity {
            break;
        }
    }
}

/// Adds the preview and writes the files.
fn finish(plan: Plan) -> Option<Board> {
    let preview = spectra_reconciler::preview(&plan);
    // Values were checked to be finite, so a plan always has a JSON form.
    let Written { plan, json, markdown, sums } = written(plan, preview).ok()?;
    Some(Board { plan, json, markdown, sums, diff: None })
}

/// A plan with its preview and the files that every plan has.
struct Written {
    plan: Plan,
    json: String,
    markdown: String,
    sums: String,
}

fn written(mut plan: Plan, preview: ChangeSet) -> Result<Written, serde_json::Error> {
    plan.forecast = PlanForecast::of(preview.forecast.content_creations);
    plan.operations = preview.changes;
    for change in &mut plan.operations {
        // They are no part of a plan: each run decides them anew. With them go copies of all bodies.
        change.steps = Vec::new();
    }
    let json = plan.to_document()?;
    let markdown = render::plan_md(&plan);
    let sums = render::sums(&[("plan.json", &json), ("plan.md", &markdown)]);
    Ok(Written { plan, json, markdown, sums })
}

#[cfg(test)]
mod tests;
