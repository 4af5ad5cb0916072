//! The mistakes that were found in a manifest and its fragments, in order of their place, each once.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::id::fold;

use crate::code::Code;
use crate::span::{FileId, Span};

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

/// What the files are called, by their numbers.
pub(crate) type Names = Rc<Vec<String>>;

/// Collects mistakes.
#[derive(Debug)]
pub(crate) struct Report {
    names: Names,
    found: BTreeSet<Found>,
    comparisons: usize,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    span: Span,
    code: &'static str,
    severity: Severity,
    message: String,
    help: String,
}

impl Report {
    /// A report without mistakes.
    pub(crate) fn new(names: Names) -> Self {
        Self { names, found: BTreeSet::new(), comparisons: 0 }
    }

    /// What files are called that were read since.
    pub(crate) fn know(&mut self, names: Names) {
        self.names = names;
    }

    /// Adds a mistake.
    pub(crate) fn say(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.insert(Found {
            span,
            code: code.as_str(),
            severity: code.severity(),
            message: cut(message.into()),
            help: cut(help.into()),
        });
    }

    /// Whether a plan must not be written.
    pub(crate) fn has_errors(&self) -> bool {
        self.found.iter().any(|found| found.severity == Severity::Error)
    }

    /// A place in words, for a message that points at another: `line 3`, and of which file where that is another.
    pub(crate) fn line(&self, place: Span, pointed_at: Span) -> String {
        if place.file == pointed_at.file {
            format!("line {}", place.line)
        } else {
            format!("line {} of {}", place.line, self.name(place.file))
        }
    }

    /// What a file is called.
    pub(crate) fn name(&self, file: FileId) -> &str {
        self.names.get(file.0).map(String::as_str).unwrap_or_default()
    }

    /// The mistakes, by place. A name that isn't declared is one mistake however often it is used, and in whatever case:
    /// it is told where it is used first, with the other lines.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut told: Vec<(Found, Vec<Span>, usize)> = Vec::with_capacity(self.found.len());
        let mut first: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        for found in self.found {
            if OF_A_DECLARATION.iter().any(|code| code.as_str() == found.code) {
                // What comes of one template is one mistake too.
                if let Some((last, _, more)) = told.last_mut()
                    && (last.code, last.span) == (found.code, found.span)
                {
                    *more += 1;
                    continue;
                }
                let place = *first.entry((found.code, fold(&found.message))).or_insert(told.len());
                if let Some((_, places, _)) = told.get_mut(place) {
                    places.push(found.span);
                    continue;
                }
            }
            told.push((found, Vec::new(), 0));
        }
        let named = told.into_iter().map(|(found, places, more)| {
            let help = with_places(found.help, found.span, &places, &self.names);
            let diagnostic = Diagnostic {
                file: self.names.get(found.span.file.0).cloned().unwrap_or_default(),
                span: found.span.in_its_file(),
                code: found.code,
                severity: found.severity,
                message: found.message,
                help: (!help.is_empty()).then_some(help),
            };
            with_more(diagnostic, more)
        });
        named.collect()
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
fn with_places(help: String, told: Span, places: &[Span], names: &Names) -> String {
    let shown = places.get(..places.len().min(LINES)).unwrap_or_default();
    let (here, elsewhere): (Vec<&Span>, Vec<&Span>) = shown.iter().partition(|place| place.file == told.file);
    let lines: Vec<String> = here.iter().map(|place| place.line.to_string()).collect();
    let mut listed: Vec<String> = match lines.as_slice() {
        [] => Vec::new(),
        [only] => vec![format!("line {only}")],
        several => vec![format!("lines {}", several.join(", "))],
    };
    listed.extend(elsewhere.iter().map(|place| {
        format!("line {} of {}", place.line, names.get(place.file.0).map(String::as_str).unwrap_or_default())
    }));
    if listed.is_empty() {
        return help;
    }
    let also = match places.len() - shown.len() {
        0 => format!("used in {} too", listed.join(", ")),
        more => format!("used in {} and {more} more too", listed.join(", ")),
    };
    if help.is_empty() { also } else { format!("{help} ({also})") }
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

/// Names as a choice in a sentence: `a`, `b` or `c`.
pub(crate) fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    joined("or", names)
}

/// Names as a list in a sentence: `a`, `b` and `c`.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    joined("and", names)
}

fn joined<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report::new(Rc::new(vec!["m.yml".to_owned(), "f.yml".to_owned()]))
    }

    fn at(file: usize, line: usize) -> Span {
        Span { file: FileId(file), line, column: 1, end_line: line, end_column: 2 }
    }

    #[test]
    fn an_undeclared_name_is_one_mistake() {
        let mut report = report();
        for line in 1..=9 {
            report.say(Code::UnknownLabel, at(0, line), "unknown label `a`", "declare it");
            report.say(Code::UnknownLabel, at(0, line + 10), format!("unknown label `b{line}`"), "");
            report.say(Code::UnknownStage, at(line % 2, line), "unknown stage `c`", "");
        }
        let found = report.into_diagnostics();
        assert_eq!(found.len(), 11);
        assert_eq!(found[0].help.as_deref(), Some("declare it (used in lines 2, 3, 4, 5, 6 and 3 more too)"));
        let stage = found.iter().find(|one| one.code == Code::UnknownStage.as_str()).unwrap();
        assert_eq!(
            stage.help.as_deref(),
            Some("used in lines 4, 6, 8, line 1 of f.yml, line 3 of f.yml and 3 more too")
        );
    }

    #[test]
    fn a_place_in_another_file_is_told_with_its_file() {
        let report = report();
        assert_eq!(report.line(at(0, 3), at(0, 9)), "line 3");
        assert_eq!(report.line(at(1, 3), at(0, 9)), "line 3 of f.yml");
    }

    #[test]
    fn what_comes_of_one_template_is_one_mistake() {
        let mut report = report();
        for stage in ["A", "B", "C"] {
            report.say(Code::UnknownLabel, at(0, 3), format!("unknown label `stage:{stage}`"), "declare it");
        }
        let found = report.into_diagnostics();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].help.as_deref(), Some("declare it (2 more that come from here are unknown too)"));
    }

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let mut report = report();
        let names = ["title", "tasks", "labels"];
        assert_eq!(report.did_you_mean("titel", names, ""), "did you mean `title`?");
        assert_eq!(report.did_you_mean("Labels", names, ""), "did you mean `labels`?");
        assert_eq!(report.did_you_mean("colour", names, "no"), "no");
    }

    #[test]
    fn a_message_is_as_long_as_a_person_reads() {
        let mut report = report();
        report.say(Code::BadId, at(0, 1), format!("id `{}` is long", "é".repeat(3_000)), "");
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
