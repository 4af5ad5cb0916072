//! The mistakes that were found in one file, in order of their place, each once.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::diagnostic::{Diagnostic, Severity, Span};
use spectra_model::id::fold;

use crate::code::Code;

/// How many pairs of names are compared for "did you mean", over a whole report. Each mistake compares with all names
/// there are, and a file may hold thousands of both.
const MAX_COMPARISONS: usize = 500_000;

/// The most characters of a message and of its help: what an author wrote stands in both, however long it is.
const MAX_CHARACTERS: usize = 1_000;

/// What follows from a declaration wherever it is used: names that aren't declared, values that a field can't hold.
const OF_A_DECLARATION: [Code; 7] = [
    Code::UnknownLabel,
    Code::UnknownField,
    Code::UnknownOption,
    Code::UnknownStage,
    Code::UnknownMilestone,
    Code::UnknownIteration,
    Code::WrongValue,
];

/// How many of the lines are named in which such a name is used.
const LINES: usize = 5;

/// Collects mistakes.
#[derive(Debug)]
pub(crate) struct Report {
    file: String,
    found: BTreeSet<Diagnostic>,
    comparisons: usize,
}

impl Report {
    /// A report without mistakes.
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: BTreeSet::new(), comparisons: 0 }
    }

    /// Adds a mistake.
    pub(crate) fn say(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let help = cut(help.into());
        self.found.insert(Diagnostic {
            file: self.file.clone(),
            span,
            code: code.as_str(),
            severity: code.severity(),
            message: cut(message.into()),
            help: (!help.is_empty()).then_some(help),
        });
    }

    /// Whether a plan must not be written.
    pub(crate) fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The mistakes, by place. A name that isn't declared is one mistake however often it is used, and in whatever case:
    /// it is told where it is used first, with the other lines.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut told: Vec<(Diagnostic, Vec<usize>, usize)> = Vec::with_capacity(self.found.len());
        let mut first: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        for diagnostic in self.found {
            if OF_A_DECLARATION.iter().any(|code| code.as_str() == diagnostic.code) {
                // What comes of one template is one mistake too.
                if let Some((last, _, more)) = told.last_mut()
                    && (last.code, last.span) == (diagnostic.code, diagnostic.span)
                {
                    *more += 1;
                    continue;
                }
                let name = fold(&diagnostic.message);
                let place = *first.entry((diagnostic.code, name)).or_insert(told.len());
                if let Some((_, lines, _)) = told.get_mut(place) {
                    lines.push(diagnostic.span.line);
                    continue;
                }
            }
            told.push((diagnostic, Vec::new(), 0));
        }
        let told = told.into_iter();
        told.map(|(diagnostic, lines, more)| with_more(with_lines(diagnostic, &lines), more)).collect()
    }

    /// The first name that is meant, looking at no more of them than the report has comparisons left.
    pub(crate) fn first<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<&'n str> {
        for name in names {
            if self.comparisons >= MAX_COMPARISONS {
                break;
            }
            self.comparisons += 1;
            if is_meant(name) {
                return Some(name);
            }
        }
        None
    }

    /// "did you mean …?" where one of the names is near, else the other text.
    pub(crate) fn did_you_mean<'n>(
        &mut self,
        wrong: &str,
        names: impl IntoIterator<Item = &'n str>,
        otherwise: &str,
    ) -> String {
        self.nearest(wrong, names)
            .map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
    }

    /// The name that is near enough to be meant.
    pub(crate) fn nearest<'n>(
        &mut self,
        wrong: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        let folded = wrong.to_lowercase();
        let length = folded.chars().count();
        let allowed = (length / 3).max(1);
        let mut best: Option<(usize, &str)> = None;
        for name in names {
            if self.comparisons >= MAX_COMPARISONS {
                break;
            }
            self.comparisons += 1;
            if name.chars().count().abs_diff(length) > allowed {
                continue;
            }
            let distance = strsim::osa_distance(&folded, &name.to_lowercase());
            if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, name));
            }
        }
        best.map(|(_, name)| name)
    }
}

/// Adds to the help how many other names that come of the same template are missing.
fn with_more(mut diagnostic: Diagnostic, more: usize) -> Diagnostic {
    if more > 0 {
        let help = diagnostic.help.take().unwrap_or_default();
        diagnostic.help = Some(format!("{help} ({more} more that come from here are unknown too)"));
    }
    diagnostic
}

/// Adds to the help where else the mistake shows.
fn with_lines(mut diagnostic: Diagnostic, lines: &[usize]) -> Diagnostic {
    let Some(shown) = lines.get(..lines.len().min(LINES)).filter(|shown| !shown.is_empty()) else {
        return diagnostic;
    };
    let shown: Vec<String> = shown.iter().map(usize::to_string).collect();
    let word = if lines.len() == 1 { "line" } else { "lines" };
    let also = match lines.len() - shown.len() {
        0 => format!("used in {word} {} too", shown.join(", ")),
        more => format!("used in {word} {} and {more} more too", shown.join(", ")),
    };
    let help = diagnostic.help.take().map_or(also.clone(), |help| format!("{help} ({also})"));
    diagnostic.help = Some(help);
    diagnostic
}

/// The beginning and the end of a text that is too long.
fn cut(text: String) -> String {
    let length = text.chars().count();
    if length <= MAX_CHARACTERS {
        return text;
    }
    let half = MAX_CHARACTERS / 2;
    let begin = text.chars().take(half - 1);
    begin.chain(['…']).chain(text.chars().skip(length - half)).collect()
}

/// Names as a list in a sentence: `a`, `b` or `c`.
pub(crate) fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undeclared_name_is_one_mistake() {
        let mut report = Report::new("m.yml");
        for line in 1..=9 {
            let span = Span { line, column: 1, end_line: line, end_column: 2 };
            report.say(Code::UnknownLabel, span, "unknown label `a`", "declare it");
            let beside = Span { column: 5, end_column: 6, ..span };
            report.say(Code::UnknownLabel, beside, format!("unknown label `b{line}`"), "");
        }
        let found = report.into_diagnostics();
        assert_eq!(found.len(), 10);
        assert_eq!(found[0].help.as_deref(), Some("declare it (used in lines 2, 3, 4, 5, 6 and 3 more too)"));
    }

    #[test]
    fn what_comes_of_one_template_is_one_mistake() {
        let mut report = Report::new("m.yml");
        let span = Span { line: 3, column: 1, end_line: 3, end_column: 2 };
        for stage in ["A", "B", "C"] {
            report.say(Code::UnknownLabel, span, format!("unknown label `stage:{stage}`"), "declare it");
        }
        let found = report.into_diagnostics();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].help.as_deref(), Some("declare it (2 more that come from here are unknown too)"));
    }

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let mut report = Report::new("m.yml");
        let names = ["title", "tasks", "labels"];
        assert_eq!(report.did_you_mean("titel", names, ""), "did you mean `title`?");
        assert_eq!(report.did_you_mean("Labels", names, ""), "did you mean `labels`?");
        assert_eq!(report.did_you_mean("colour", names, "no"), "no");
    }

    #[test]
    fn a_message_is_as_long_as_a_person_reads() {
        let mut report = Report::new("m.yml");
        report.say(
            Code::BadId,
            Span { line: 1, column: 1, end_line: 1, end_column: 2 },
            format!("id `{}` is long", "é".repeat(3_000)),
            "",
        );
        let message = &report.into_diagnostics()[0].message;
        assert_eq!(message.chars().count(), MAX_CHARACTERS);
        assert!(message.starts_with("id `é") && message.contains("é…é") && message.ends_with("` is long"));
        assert_eq!(cut("é".repeat(MAX_CHARACTERS)), "é".repeat(MAX_CHARACTERS));
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(one_of(["a"]), "`a`");
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
