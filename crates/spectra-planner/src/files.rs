//! All files that were read, and what is known of them.
//!
//! A file is known by its real path: however many ways lead to it, it is read once, and parsed once for each thing that
//! it is to be. What is wrong with a file by itself is found here, once, whoever names it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use spectra_model::diagnostic::Diagnostic;

use crate::code::Code;
use crate::config;
use crate::glob::Listed;
use crate::json;
use crate::limits::{FILES, FOLDER_ENTRIES, GLOB_LOOKS, MANIFEST_BYTES, MISTAKES, TEXT_BYTES, TOTAL_BYTES};
use crate::link;
use crate::report::{Names, Omitted, Report};
use crate::schema::{Shape, Shapes};
use crate::sources::{Answer, Need, Refusal, RootId, SourceText, Wanted};
use crate::span::{FileId, Span};
use crate::yaml::{self, Aliases, Node, Unreadable};

/// All files that were read, and all answers.
pub(crate) struct Files {
    list: Vec<File>,
    by_path: BTreeMap<(RootId, String), FileId>,
    answers: BTreeMap<Need, Known>,
    trees: BTreeMap<(FileId, Shape), Option<Node>>,
    shapes: Shapes,
    /// Of the files that have aliases.
    aliases: BTreeMap<FileId, Aliases>,
    /// What is wrong with a file by itself.
    said: BTreeSet<Diagnostic>,
    /// How much more is wrong.
    omitted: Omitted,
    bytes: u64,
    most: Most,
    /// The files that globs mean, once that is known.
    followed: BTreeMap<(RootId, String), Vec<String>>,
    /// How many entries of folders globs may still look at.
    pub(crate) glob_looks: usize,
}

/// How much is read in all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub(crate) bytes: u64,
    pub(crate) files: usize,
}

struct File {
    text: SourceText,
    name: String,
}

enum Known {
    File(FileId),
    Folder(Vec<Listed>),
    Refused(Refusal),
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Looked<T> {
    /// It is there.
    Found(T),
    /// It must be asked for.
    Ask(Need),
    /// It is not to be had.
    Refused(Refusal),
}

impl Files {
    /// No file.
    pub(crate) fn new() -> Self {
        Self {
            list: Vec::new(),
            by_path: BTreeMap::new(),
            answers: BTreeMap::new(),
            trees: BTreeMap::new(),
            shapes: Shapes::new(),
            aliases: BTreeMap::new(),
            said: BTreeSet::new(),
            omitted: Omitted::default(),
            bytes: 0,
            most: Most { bytes: TOTAL_BYTES, files: FILES },
            followed: BTreeMap::new(),
            glob_looks: GLOB_LOOKS,
        }
    }

    /// Lets no more be read than this.
    #[cfg(test)]
    pub(crate) fn read_at_most(&mut self, most: Most) {
        self.most = most;
    }

    /// The texts of all files, by the name that messages call them by.
    pub(crate) fn into_texts(self) -> Vec<SourceText> {
        self.list.into_iter().map(|file| SourceText { shown: Some(file.name), ..file.text }).collect()
    }

    /// Adds a file under its path.
    pub(crate) fn add(&mut self, root: RootId, text: SourceText) -> FileId {
        let key = (root, text.path.clone());
        if let Some(known) = self.by_path.get(&key) {
            return *known;
        }
        let file = self.add_apart(text);
        self.by_path.insert(key, file);
        file
    }

    /// Adds a file that no path leads to.
    pub(crate) fn add_apart(&mut self, text: SourceText) -> FileId {
        self.bytes = self.bytes.saturating_add(size(&text));
        let name = text.shown.clone().unwrap_or_else(|| text.path.clone());
        self.list.push(File { text, name });
        FileId(self.list.len() - 1)
    }

    /// Reports a file that can't be read at its own beginning, there being no other place that names it.
    pub(crate) fn spoil(&mut self, file: FileId, refusal: &Refusal) {
        let mut report = Report::new(self.names());
        let name = self.get(file).map(|file| file.name.clone()).unwrap_or_default();
        link::refused(refusal, "the file", &name, Span::start(file), TEXT_BYTES, &mut report);
        self.hear(report);
        self.trees.insert((file, Shape::Config), None);
    }

    /// Why no more may be read, where that is so.
    pub(crate) fn refuse_more(&self) -> Option<Refusal> {
        if self.bytes > self.most.bytes {
            Some(Refusal::TooMuchInAll)
        } else {
            (self.list.len() >= self.most.files).then_some(Refusal::TooManyFiles)
        }
    }

    /// Takes an answer.
    pub(crate) fn answer(&mut self, need: Need, answer: Answer) {
        let known = match answer {
            Answer::File(text) if self.bytes.saturating_add(size(&text)) > self.most.bytes => {
                Known::Refused(Refusal::TooMuchInAll)
            }
            Answer::File(text) => Known::File(self.add(need.root, text)),
            Answer::Folder(listed) => Known::Folder(listed),
            Answer::Refused(refusal) => Known::Refused(refusal),
        };
        self.answers.insert(need, known);
    }

    /// The file at a path.
    pub(crate) fn file(&self, root: RootId, path: &str, most: u64) -> Looked<FileId> {
        let known = self.by_path.get(&(root, path.to_owned())).copied();
        let need = || Need { root, path: path.to_owned(), wanted: Wanted::File { most } };
        let found = known.map(Known::File);
        match found.as_ref().or_else(|| self.answers.get(&need())) {
            None => Looked::Ask(need()),
            Some(Known::File(file)) if self.get(*file).is_none_or(|file| size(&file.text) > most) => {
                Looked::Refused(Refusal::TooLarge)
            }
            Some(Known::File(file)) => Looked::Found(*file),
            Some(Known::Refused(refusal)) => Looked::Refused(refusal.clone()),
            Some(Known::Folder(_)) => Looked::Refused(Refusal::NotAFile("a folder")),
        }
    }

    /// The entries of a folder.
    pub(crate) fn folder(&self, root: RootId, path: &str) -> Looked<&[Listed]> {
        let need = Need { root, path: path.to_owned(), wanted: Wanted::Folder { most: FOLDER_ENTRIES } };
        match self.answers.get(&need) {
            None => Looked::Ask(need),
            Some(Known::Folder(listed)) => Looked::Found(listed),
            Some(Known::Refused(refusal)) => Looked::Refused(refusal.clone()),
            Some(Known::File(_)) => Looked::Refused(Refusal::NotAFile("a file")),
        }
    }

    /// The files that a glob means, where it was followed to its end.
    pub(crate) fn followed(&self, root: RootId, glob: &str) -> Option<&[String]> {
        self.followed.get(&(root, glob.to_owned())).map(Vec::as_slice)
    }

    /// Remembers the files that a glob means.
    pub(crate) fn follow(&mut self, root: RootId, glob: String, files: Vec<String>) {
        self.followed.insert((root, glob), files);
    }

    /// A file's tree, its shape checked. None where it can't be read, which was reported.
    pub(crate) fn tree(&mut self, file: FileId, shape: Shape) -> Option<&Node> {
        if !self.trees.contains_key(&(file, shape)) {
            let tree = self.parse(file, shape);
            self.trees.insert((file, shape), tree);
        }
        self.trees.get(&(file, shape)).and_then(Option::as_ref)
    }

    /// The same, given away where nobody else will ask for it.
    pub(crate) fn take_tree(&mut self, file: FileId, shape: Shape, is_last: bool) -> Option<Node> {
        if is_last {
            self.trees.get_mut(&(file, shape)).and_then(Option::take)
        } else {
            self.tree(file, shape).cloned()
        }
    }

    /// Puts back what was taken.
    pub(crate) fn put_tree(&mut self, file: FileId, shape: Shape, tree: Node) {
        self.trees.insert((file, shape), Some(tree));
    }

    fn parse(&mut self, file: FileId, shape: Shape) -> Option<Node> {
        let mut report = Report::new(self.names());
        let bytes = self.get(file).map(|file| file.text.bytes.as_slice()).unwrap_or_default();
        let read = match shape {
            Shape::Manifest | Shape::Fragment => {
                yaml::read_with_aliases(bytes, file).map(|(tree, aliases)| {
                    if !aliases.is_empty() {
                        self.aliases.insert(file, aliases);
                    }
                    tree
                })
            }
            Shape::Templates => json::read(bytes, file),
            Shape::Config => config::read(bytes, file),
        };
        let mut tree = match read {
            Ok(tree) => Some(tree),
            Err(error) => {
                unreadable(error, shape, &mut report);
                None
            }
        };
        if let Some(tree) = &mut tree {
            if shape == Shape::Config {
                config::check(tree, &mut report);
            }
            self.shapes.check(tree, shape, &mut report);
        }
        self.hear(report);
        tree.filter(|tree| tree.sound)
    }

    /// The text of a file. None where it isn't text, which is reported.
    pub(crate) fn text(&self, file: FileId, report: &mut Report) -> Option<&str> {
        let bytes = &self.get(file)?.text.bytes;
        match yaml::text(bytes, file) {
            Ok(text) => Some(text),
            Err(error) => {
                unreadable(error, Shape::Manifest, report);
                None
            }
        }
    }

    pub(crate) fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// A file's path from its root.
    pub(crate) fn path(&self, file: FileId) -> &str {
        self.get(file).map(|file| file.text.path.as_str()).unwrap_or_default()
    }

    /// A file's bytes.
    pub(crate) fn bytes(&self, file: FileId) -> &[u8] {
        self.get(file).map(|file| file.text.bytes.as_slice()).unwrap_or_default()
    }

    /// What all files are called.
    pub(crate) fn names(&self) -> Names {
        Rc::new(self.list.iter().map(|file| file.name.clone()).collect())
    }

    /// What was found wrong with files by themselves, and how much more is.
    pub(crate) fn said(&self) -> (&BTreeSet<Diagnostic>, Omitted) {
        (&self.said, self.omitted)
    }

    /// Takes away what is said of an alias and of what it stands for alike: that is one mistake, where it is written.
    pub(crate) fn tell_once(&self, diagnostics: &mut BTreeSet<Diagnostic>) {
        for (file, aliases) in &self.aliases {
            let Some(file) = self.get(*file) else { continue };
            let here = |one: &&Diagnostic| one.file == file.name;
            let told: BTreeSet<(&str, usize, usize)> = diagnostics
                .iter()
                .filter(here)
                .map(|one| (one.code, one.span.line, one.span.column))
                .collect();
            let is_told = |one: &Diagnostic| {
                let meant = aliases.meant((one.span.line, one.span.column));
                one.file == file.name
                    && meant.iter().any(|(line, column)| told.contains(&(one.code, *line, *column)))
            };
            let again: Vec<Diagnostic> = diagnostics.iter().filter(|one| is_told(one)).cloned().collect();
            for one in again {
                diagnostics.remove(&one);
            }
        }
    }

    fn hear(&mut self, report: Report) {
        let (found, more) = report.into_diagnostics();
        self.said.extend(found);
        self.omitted += more;
        while self.said.len() > MISTAKES {
            let Some(last) = self.said.pop_last() else { break };
            self.omitted.add(last.severity);
        }
    }

    fn get(&self, file: FileId) -> Option<&File> {
        self.list.get(file.0)
    }
}

fn size(text: &SourceText) -> u64 {
    u64::try_from(text.bytes.len()).unwrap_or(u64::MAX)
}

/// Reports bytes that can't be read as what they are to be.
fn unreadable(error: Unreadable, shape: Shape, report: &mut Report) {
    let (code, help) = match (&error, shape) {
        (Unreadable::NotText { .. }, _) => (Code::NotText, "save the file as UTF-8 text"),
        (Unreadable::TooMuch { .. }, _) => (Code::TooMuchInput, "split it, or write less deeply nested"),
        (Unreadable::Syntax { .. }, Shape::Manifest | Shape::Fragment) => {
            (Code::Syntax, "correct the YAML here or just before")
        }
        (Unreadable::Syntax { .. }, Shape::Templates) => {
            (Code::NotJson, "correct the JSON here or just before")
        }
        (Unreadable::Syntax { .. }, Shape::Config) => (Code::NotToml, "correct the TOML here or just before"),
    };
    let (Unreadable::NotText { message, span }
    | Unreadable::Syntax { message, span }
    | Unreadable::TooMuch { message, span }) = error;
    report.say(code, span, message, help);
}

/// The most bytes of a file that is to be this.
pub(crate) fn most(shape: Shape) -> u64 {
    match shape {
        Shape::Manifest | Shape::Fragment => MANIFEST_BYTES,
        Shape::Templates | Shape::Config => TEXT_BYTES,
    }
}
