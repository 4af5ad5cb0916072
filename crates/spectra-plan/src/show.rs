//! Diagnostics and results, for people and for programs.

use std::collections::{BTreeMap, BTreeSet};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use camino::Utf8PathBuf;
use serde_json::{Value, json};
use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::json::sha256;
use spectra_planner::{Board, Omitted, SourceText};

/// How many diagnostics are shown to people, and as annotations. Programs get ten times as many.
const SHOWN: usize = 1_000;
/// How many of them are shown with their source line; of the others the place is told.
const SHOWN_WITH_SOURCE: usize = 200;
/// The longest source line that is shown, in characters.
const LONGEST_LINE: usize = 2_000;

/// What the planner found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// By file and place; of very many the first.
    pub(crate) shown: Vec<Diagnostic>,
    /// How many more there are.
    pub(crate) omitted: Omitted,
}

impl Found {
    /// What people are shown.
    pub(crate) fn in_text(&self) -> &[Diagnostic] {
        self.shown.get(..SHOWN).unwrap_or(&self.shown)
    }

    /// How many there are of a severity.
    fn count(&self, severity: Severity) -> usize {
        let shown = self.shown.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        let omitted = match severity {
            Severity::Error => self.omitted.errors,
            Severity::Warning => self.omitted.warnings,
        };
        shown.saturating_add(omitted)
    }
}

/// The files that diagnostics point into.
pub(crate) struct Listing {
    files: BTreeMap<String, Vec<u8>>,
}

/// Lines by file and number. Those that are too long to show are not among them.
type Lines<'d> = BTreeMap<(&'d str, usize), String>;

impl Listing {
    pub(crate) fn of(sources: Vec<SourceText>) -> Self {
        Self { files: sources.into_iter().map(|source| (source.path, source.bytes)).collect() }
    }

    /// The lines that diagnostics point at, and no others: a file may have very many.
    fn lines<'d>(&self, diagnostics: &'d [Diagnostic]) -> Lines<'d> {
        let mut wanted: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for diagnostic in diagnostics {
            wanted.entry(diagnostic.file.as_str()).or_default().insert(diagnostic.span.line);
        }
        let mut lines = Lines::new();
        for (file, numbers) in wanted {
            let bytes = self.files.get(file).map(Vec::as_slice).unwrap_or_default();
            let text = String::from_utf8_lossy(bytes);
            let mut rest = numbers.into_iter().peekable();
            for (number, line) in (1..).zip(text.lines()) {
                if rest.peek().is_none() {
                    break;
                }
                if rest.next_if_eq(&number).is_some() && line.chars().nth(LONGEST_LINE).is_none() {
                    lines.insert((file, number), harmless(line));
                }
            }
        }
        lines
    }
}

/// One diagnostic, with its source line underlined where there is one to show.
fn told(diagnostic: &Diagnostic, line: Option<&str>, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let span = diagnostic.span;
    let file = diagnostic.file.as_str();
    let message = normalize_untrusted_str(&harmless(&diagnostic.message));
    let title = level.primary_title(message).id(diagnostic.code);
    let mut group: Group<'_> = match line {
        Some(line) => {
            let start = bytes_before(line, span.column);
            let end =
                if span.end_line > span.line { line.len() } else { bytes_before(line, span.end_column) };
            let annotation = AnnotationKind::Primary.span(start..end.max(start));
            title.element(Snippet::source(line).line_start(span.line).path(file).annotation(annotation))
        }
        None => title.element(Origin::path(file).line(span.line).char_column(span.column)),
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(&harmless(help))));
    }
    let mut text = renderer.render(&[group]);
    text.push_str("\n\n");
    text
}

/// Text that can't command a terminal, as long in characters as it was.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn bytes_before(line: &str, column: usize) -> usize {
    line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

/// The diagnostics, then how many there are.
pub(crate) fn diagnostics(found: &Found, listing: &Listing, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let in_text = found.in_text();
    let (shown, others) = in_text.split_at(in_text.len().min(SHOWN_WITH_SOURCE));
    let lines = listing.lines(shown);
    let mut text: String = shown
        .iter()
        .map(|one| {
            let line = lines.get(&(one.file.as_str(), one.span.line));
            told(one, line.map(String::as_str), &renderer)
        })
        .collect();
    text.extend(others.iter().map(|one| told(one, None, &renderer)));
    let (errors, warnings) = (found.count(Severity::Error), found.count(Severity::Warning));
    let more = errors.saturating_add(warnings).saturating_sub(in_text.len());
    if more > 0 {
        let count = format!("… and {more} more");
        let with_json = found.shown.len().saturating_sub(in_text.len());
        let rest = match with_json {
            0 => String::new(),
            all if all == more => "; --format json has them all".to_owned(),
            some => format!("; --format json has the next {some}"),
        };
        text.extend([count, rest, "\n\n".to_owned()]);
    }
    if errors > 0 {
        let noun = if errors == 1 { "error" } else { "errors" };
        let also = match warnings {
            0 => String::new(),
            1 => " and 1 warning".to_owned(),
            more => format!(" and {more} warnings"),
        };
        text.extend([format!(
            "{errors} {noun}{also}; nothing was written. Each code has a page: docs/diagnostics/\n"
        )]);
    }
    text
}

/// A board and the folder that its files are in.
pub(crate) struct Written<'b> {
    pub(crate) board: &'b Board,
    pub(crate) folder: Utf8PathBuf,
}

/// One line a board.
pub(crate) fn summary(written: &[Written<'_>], verb: &str) -> String {
    let lines = written.iter().map(|Written { board, folder }| {
        let plan = &board.plan;
        let counts = [
            (plan.issues.len(), "issue"),
            (plan.fields.len(), "field"),
            (plan.labels.len(), "label"),
            (plan.operations.len(), "change"),
        ];
        let counts = counts.map(|(count, noun)| counted(count, noun)).join(", ");
        let since = if board.diff.is_some() { "since its baseline" } else { "on a fresh board" };
        format!("{verb} {}: {counts} {since} → {folder}\n", plan.slug)
    });
    lines.collect::<Vec<_>>().concat()
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The result for programs.
pub(crate) fn json(found: &Found, written: &[Written<'_>]) -> String {
    let plans: Vec<Value> = written
        .iter()
        .map(|Written { board, folder }| {
            let plan = &board.plan;
            json!({
                "slug": plan.slug,
                "path": folder.as_str(),
                "sha256": sha256(board.json.as_bytes()),
                "counts": {
                    "labels": plan.labels.len(),
                    "milestones": plan.milestones.len(),
                    "fields": plan.fields.len(),
                    "views": plan.views.len(),
                    "issues": plan.issues.len(),
                    "links": plan.links.len(),
                    "operations": plan.operations.len(),
                },
            })
        })
        .collect();
    let mut result = json!({ "diagnostics": found.shown, "plans": plans });
    let Omitted { errors, warnings } = found.omitted;
    if let (Some(members), true) = (result.as_object_mut(), found.omitted != Omitted::default()) {
        members.insert("omitted".to_owned(), json!({ "errors": errors, "warnings": warnings }));
    }
    // GitHub Actions obeys `##[…]` anywhere in a log; to a reader of JSON this is the same text.
    spectra_model::json::to_document(&result).unwrap_or_default().replace("##[", "#\\u0023[")
}
