//! The mistakes that were found in a manifest and its fragments, in order of their place, each once.
//!
//! What nothing declares is one mistake however often it is used: it is told where it is used first, with the other
//! places. However many mistakes there are, so many are kept as anybody can use; the others are counted.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::ops::AddAssign;
use std::rc::Rc;

use spectra_model::diagnostic::{Diagnostic, Severity};
use spectra_model::id::fold;

use crate::code::Code;
use crate::limits::MISTAKES;
use crate::near::Near;
use crate::span::{FileId, Span};

/// The most characters of a message and of its help: what an author wrote stands in both, however long it is.
const MAX_CHARACTERS: usize = 1_000;

/// How many of the places are named where such a name is used too.
const PLACES: usize = 5;

/// What the files are called, by their numbers.
pub(crate) type Names = Rc<Vec<String>>;

/// How many mistakes were counted and not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Omitted {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Omitted {
    /// Counts one more.
    pub(crate) fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
    }
}

impl AddAssign for Omitted {
    fn add_assign(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
    }
}

/// Where names of one kind are looked up: a manifest's labels, a board's fields, a field's options. Kind and, where a
/// manifest may have several such, the place of one.
pub(crate) type Scope = (Code, Option<Span>);

/// A name that nothing declares.
pub(crate) struct Unknown<'n> {
    /// Where it was looked up.
    pub(crate) scope: Scope,
    /// The name that is one mistake wherever it is used.
    pub(crate) name: &'n str,
    /// Where it is used.
    pub(crate) span: Span,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do where no other name is near.
    pub(crate) otherwise: &'n str,
}

/// Collects mistakes.
#[derive(Debug)]
pub(crate) struct Report {
    names: Names,
    near: Near,
    kept: BTreeMap<Key, Found>,
    omitted: Omitted,
    has_errors: bool,
    /// Whatever was said, so that it is counted once.
    seen: BTreeSet<u64>,
    /// The mistakes that may have several places; None where they are not kept.
    groups: BTreeMap<u64, Option<Box<Key>>>,
    /// Whether all was said and it is asked only what refers to what.
    looks_again: bool,
    used: BTreeSet<(Scope, String)>,
}

/// Place, code and message: the order in which mistakes are told.
type Key = (Span, &'static str, String);

#[derive(Debug)]
struct Found {
    severity: Severity,
    help: String,
    /// What it is known by where it has several places: its group, and where its name was looked up.
    group: Option<(u64, Scope)>,
    /// Where else it shows, the first of them.
    places: BTreeSet<Span>,
    /// Where else it shows, all of them.
    more_places: usize,
    /// How many other names come of the same template.
    of_template: usize,
    /// Declared names that are near.
    near: Vec<(String, Span)>,
}

impl Report {
    /// A report without mistakes.
    pub(crate) fn new(names: Names) -> Self {
        Self {
            names,
            near: Near::new(),
            kept: BTreeMap::new(),
            omitted: Omitted::default(),
            has_errors: false,
            seen: BTreeSet::new(),
            groups: BTreeMap::new(),
            looks_again: false,
            used: BTreeSet::new(),
        }
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
        let message = message.into();
        if self.is_new(code, span, &message) {
            self.keep((span, code.as_str(), cut(message)), Found::new(code, help.into(), None));
        }
    }

    /// Adds a name that nothing declares; "did you mean …?" where one of the declared is near.
    pub(crate) fn unknown<'n>(
        &mut self,
        unknown: Unknown<'_>,
        declared: impl IntoIterator<Item = (&'n str, Option<Span>)>,
    ) {
        let Unknown { scope, name, span, message, otherwise } = unknown;
        self.of_several_places(scope, name, span, message, |near| {
            let found = near.neighbours(name, declared);
            let help = found
                .nearest
                .map_or_else(|| otherwise.to_owned(), |(nearest, _)| format!("did you mean `{nearest}`?"));
            let places = found.all.into_iter().filter_map(|(near, place)| Some((near.to_owned(), place?)));
            (help, places.collect())
        });
    }

    /// Adds a mistake that is the same wherever this is written. `help` gives what to do, and the declared names that
    /// may be mistyped in its place.
    pub(crate) fn of_several_places(
        &mut self,
        scope: Scope,
        name: &str,
        span: Span,
        message: String,
        help: impl FnOnce(&mut Near) -> (String, Vec<(String, Span)>),
    ) {
        let (code, _) = scope;
        let group = hash(&(scope, fold(name)));
        if self.looks_again {
            if let Some(Some(key)) = self.groups.get(&group)
                && let Some(found) = self.kept.get_mut(key)
                && found.near.is_empty()
            {
                found.near = help(&mut self.near).1;
            }
            return;
        }
        if !self.is_new(code, span, &message) {
            return;
        }
        let key = (span, code.as_str(), cut(message));
        match self.groups.get(&group) {
            Some(None) => {}
            Some(Some(first)) => {
                let first = Key::clone(first);
                let Some(mut found) = self.kept.remove(&first) else { return };
                found.more_places += 1;
                let (first, other) = if key < first { (key, first.0) } else { (first, key.0) };
                found.places.insert(other);
                if found.places.len() > PLACES {
                    found.places.pop_last();
                }
                self.groups.insert(group, Some(Box::new(first.clone())));
                self.kept.insert(first, found);
            }
            None => {
                // What comes of one template is one mistake too.
                let end = (span, code.as_str(), String::new());
                let here = self.kept.range_mut(end..).next();
                if let Some((_, found)) = here.filter(|((at, other, _), _)| (*at, *other) == (span, key.1)) {
                    found.of_template += 1;
                    return;
                }
                let (help, _) = help(&mut self.near);
                self.groups.insert(group, Some(Box::new(key.clone())));
                self.keep(key, Found::new(code, help, Some((group, scope))));
            }
        }
    }

    /// Notes that a declared name is used, or that a field has a value that fits.
    pub(crate) fn refers(&mut self, scope: Scope, name: &str) {
        if self.looks_again {
            self.used.insert((scope, fold(name)));
        }
    }

    /// Whether it is worth looking again at what refers to what: something is undeclared. From then on nothing new is said.
    pub(crate) fn look_again(&mut self) -> bool {
        self.looks_again = self.groups.values().any(Option::is_some);
        self.looks_again
    }

    /// Whether a plan must not be written.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// A place in words, for a message that points at another: `line 3`, and of which file where that is another.
    pub(crate) fn line(&self, place: Span, pointed_at: Span) -> String {
        line(place, pointed_at, &self.names)
    }

    /// What a file is called.
    pub(crate) fn name(&self, file: FileId) -> &str {
        self.names.get(file.0).map(String::as_str).unwrap_or_default()
    }

    /// The mistakes by place, and how many there are besides.
    pub(crate) fn into_diagnostics(mut self) -> (Vec<Diagnostic>, Omitted) {
        self.join_unfit();
        let told = self.kept.into_iter().map(|((span, code, message), found)| {
            let help = found.help(span, &self.used, &self.names);
            Diagnostic {
                file: self.names.get(span.file.0).cloned().unwrap_or_default(),
                span: span.in_its_file(),
                code,
                severity: found.severity,
                message,
                help: (!help.is_empty()).then(|| cut(help)),
            }
        });
        (told.collect(), self.omitted)
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
        let names = names.into_iter().map(|name| (name, ()));
        self.near.neighbours(wrong, names).nearest.map(|(name, ())| name)
    }

    fn is_new(&mut self, code: Code, span: Span, message: &str) -> bool {
        let is_new = !self.looks_again && self.seen.insert(hash(&(code, span, message)));
        self.has_errors |= is_new && code.severity() == Severity::Error;
        is_new
    }

    /// Keeps a mistake, and in its place lets the last one go where there are enough.
    fn keep(&mut self, key: Key, found: Found) {
        self.kept.insert(key, found);
        if self.kept.len() <= MISTAKES {
            return;
        }
        let Some((_, last)) = self.kept.pop_last() else { return };
        self.omitted.add(last.severity);
        if let Some((group, _)) = last.group {
            self.groups.insert(group, None);
        }
    }

    /// Where no value of a field fits, its type is what is wrong, once.
    fn join_unfit(&mut self) {
        let mut first: BTreeMap<Scope, Key> = BTreeMap::new();
        let mut others: Vec<(Key, Key)> = Vec::new();
        for (key, found) in &self.kept {
            let Some((_, scope)) = found.group.filter(|(_, scope)| scope.0 == Code::WrongValue) else {
                continue;
            };
            if self.used.contains(&(scope, String::new())) {
                continue;
            }
            match first.get(&scope) {
                None => {
                    first.insert(scope, key.clone());
                }
                Some(first) => others.push((first.clone(), key.clone())),
            }
        }
        let mut said = BTreeSet::new();
        for (first, other) in others {
            let Some(joined) = self.kept.remove(&other) else { continue };
            let Some(found) = self.kept.get_mut(&first) else { continue };
            found.more_places += 1 + joined.more_places;
            found.places.insert(other.0);
            found.places.extend(joined.places);
            while found.places.len() > PLACES {
                found.places.pop_last();
            }
            let declared = found.group.and_then(|(_, (_, declared))| declared);
            if let Some(declared) = declared.filter(|_| said.insert(first.clone())) {
                let place = line(declared, first.0, &self.names);
                found.help.extend([format!(", or correct the field's type ({place}): no value is of it")]);
            }
        }
    }
}

impl Found {
    fn new(code: Code, help: String, group: Option<(u64, Scope)>) -> Self {
        Self {
            severity: code.severity(),
            help: cut(help),
            group,
            places: BTreeSet::new(),
            more_places: 0,
            of_template: 0,
            near: Vec::new(),
        }
    }

    /// What to do, and where else the mistake shows.
    fn help(&self, told: Span, used: &BTreeSet<(Scope, String)>, names: &Names) -> String {
        let mut help = self.help.clone();
        let add = |help: &mut String, text: &str| {
            if !help.is_empty() {
                help.push(' ');
            }
            help.push_str(text);
        };
        let is_unused =
            |name: &str| self.group.is_some_and(|(_, scope)| !used.contains(&(scope, fold(name))));
        let mut unused = self.near.iter().filter(|(name, _)| is_unused(name));
        if let (Some((name, place)), None) = (unused.next(), unused.next()) {
            let place = line(*place, told, names);
            add(&mut help, &format!("(nothing refers to `{name}` in {place}: is that what is mistyped?)"));
        }
        if let Some(also) = also(&self.places, self.more_places, told, names) {
            let also = if help.is_empty() { also } else { format!("({also})") };
            add(&mut help, &also);
        }
        if self.of_template > 0 {
            add(&mut help, &format!("({} more that come from here are unknown too)", self.of_template));
        }
        help
    }
}

/// Where else a mistake shows.
fn also(places: &BTreeSet<Span>, all: usize, told: Span, names: &Names) -> Option<String> {
    let (here, elsewhere): (Vec<&Span>, Vec<&Span>) =
        places.iter().partition(|place| place.file == told.file);
    let lines: Vec<String> = here.iter().map(|place| place.line.to_string()).collect();
    let mut listed: Vec<String> = match lines.as_slice() {
        [] => Vec::new(),
        [only] => vec![format!("line {only}")],
        several => vec![format!("lines {}", several.join(", "))],
    };
    listed.extend(elsewhere.iter().map(|place| line(**place, told, names)));
    match all.checked_sub(places.len())? {
        _ if listed.is_empty() => None,
        0 => Some(format!("used in {} too", listed.join(", "))),
        more => Some(format!("used in {} and {more} more too", listed.join(", "))),
    }
}

fn line(place: Span, pointed_at: Span, names: &Names) -> String {
    if place.file == pointed_at.file {
        return format!("line {}", place.line);
    }
    let name = names.get(place.file.0).map(String::as_str).unwrap_or_default();
    format!("line {} of {name}", place.line)
}

/// A number in the place of what may be long and of which there may be many: two that share one are told apart by
/// nobody, and that is as likely as a broken machine. Nothing is ordered by it.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The beginning and the end of a text that is too long.
fn cut(text: String) -> String {
    if text.len() <= MAX_CHARACTERS {
        return text;
    }
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
mod tests;
