//! Diagnostics and results, for people and for programs.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use camino::Utf8PathBuf;
use serde_json::{Value, json};
use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::json::sha256;
use spectra_planner::{Board, SourceText};

/// The lines of the files that diagnostics point into.
pub(crate) struct Listing {
    lines: BTreeMap<String, Vec<String>>,
}

impl Listing {
    pub(crate) fn of(sources: &[SourceText]) -> Self {
        let lines = sources
            .iter()
            .map(|source| {
                let text = String::from_utf8_lossy(&source.bytes);
                (source.path.clone(), text.lines().map(harmless).collect())
            })
            .collect();
        Self { lines }
    }

    /// One diagnostic with its source line underlined.
    fn render(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let span = diagnostic.span;
        let line = self.line(&diagnostic.file, span.line);
        let start = bytes_before(line, span.column);
        let end = if span.end_line > span.line { line.len() } else { bytes_before(line, span.end_column) };
        let snippet = Snippet::source(line)
            .line_start(span.line)
            .path(diagnostic.file.as_str())
            .annotation(AnnotationKind::Primary.span(start..end.max(start)));
        let message = normalize_untrusted_str(&harmless(&diagnostic.message));
        let title = level.primary_title(message).id(diagnostic.code);
        let mut group: Group<'_> = title.element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(&harmless(help))));
        }
        let mut text = renderer.render(&[group]);
        text.push_str("\n\n");
        text
    }

    fn line(&self, file: &str, number: usize) -> &str {
        let lines = self.lines.get(file).map(Vec::as_slice).unwrap_or_default();
        number.checked_sub(1).and_then(|at| lines.get(at)).map_or("", String::as_str)
    }
}

/// Text that can't command a terminal, as long in characters as it was.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn bytes_before(line: &str, column: usize) -> usize {
    line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

/// All diagnostics, then how many there are.
pub(crate) fn diagnostics(diagnostics: &[Diagnostic], listing: &Listing, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text: String =
        diagnostics.iter().map(|diagnostic| listing.render(diagnostic, &renderer)).collect();
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
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
        format!(
            "{verb} {}: {} issues, {} fields, {} labels, {} changes on a fresh board → {folder}\n",
            plan.slug,
            plan.issues.len(),
            plan.fields.len(),
            plan.labels.len(),
            plan.operations.len()
        )
    });
    lines.collect::<Vec<_>>().concat()
}

/// The result for programs.
pub(crate) fn json(diagnostics: &[Diagnostic], written: &[Written<'_>]) -> String {
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
    let result = json!({ "diagnostics": diagnostics, "plans": plans });
    spectra_model::json::to_document(&result).unwrap_or_default()
}
