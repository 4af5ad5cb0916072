//! The files that plans are made from, and what is still wanted of them.
//!
//! The planner opens nothing. It says what it needs, by path from the root, and somebody answers.

use std::collections::BTreeSet;

use crate::files::Files;
use crate::glob::Listed;
use crate::span::FileId;

/// A file that was read for the planner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceText {
    /// Its real path, symbolic links followed: relative to the root, with `/`.
    pub path: String,
    /// What to call it in messages, where that is not its path: two roots may have files of one path.
    pub shown: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One of the roots: paths of one mean nothing under another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootId(usize);

/// What plans are made from.
pub struct Sources {
    pub(crate) project: Option<String>,
    pub(crate) cores: usize,
    pub(crate) files: Files,
    pub(crate) manifests: Vec<(RootId, FileId)>,
    configs: Vec<Option<FileId>>,
}

/// Something that the planner must know before it can go on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The root that the path is relative to.
    pub root: RootId,
    /// The path, with `/`, without `.` and `..`. Empty is the root itself.
    pub path: String,
    /// What is wanted of it.
    pub wanted: Wanted,
}

/// What is wanted of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// The bytes of a file.
    File {
        /// How many there may be.
        most: u64,
    },
    /// What stands in a folder.
    Folder {
        /// How many entries there may be.
        most: usize,
    },
}

/// What came of a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The file.
    File(SourceText),
    /// The folder's entries.
    Folder(Vec<Listed>),
    /// It is not to be had.
    Refused(Refusal),
}

/// Why something is not to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is there.
    Missing,
    /// A symbolic link leads out of the root.
    Outside,
    /// It is something else, such as `a folder`.
    NotAFile(&'static str),
    /// It holds more than was asked for.
    TooLarge,
    /// All files together hold more than is read.
    TooMuchInAll,
    /// There are more files than are read.
    TooManyFiles,
    /// The system's words for why it can't be read.
    Unreadable(String),
}

/// A planner that waits for answers.
pub struct Needs {
    needs: BTreeSet<Need>,
    sources: Sources,
}

impl Needs {
    pub(crate) fn new(needs: BTreeSet<Need>, sources: Sources) -> Self {
        Self { needs, sources }
    }

    /// What is needed.
    pub fn needs(&self) -> impl Iterator<Item = &Need> {
        self.needs.iter()
    }

    /// Answers each need in turn. Once more was read than may be, nobody is asked any more.
    pub fn answered_by(self, mut answer: impl FnMut(&Need) -> Answer) -> Sources {
        let Self { needs, mut sources } = self;
        for need in needs {
            let answer = match sources.files.refuse_more() {
                Some(refusal) => Answer::Refused(refusal),
                None => answer(&need),
            };
            sources.files.answer(need, answer);
        }
        sources
    }
}

impl Sources {
    /// Sources without a file. Where one project is named, it alone is planned; all are checked.
    pub fn new(project: Option<String>) -> Self {
        Self { project, cores: 1, files: Files::new(), manifests: Vec::new(), configs: Vec::new() }
    }

    /// Has as many boards worked on at once; one by one without this. The result is the same.
    pub fn work_on(&mut self, cores: usize) {
        self.cores = cores;
    }

    /// Adds a root.
    pub fn add_root(&mut self) -> RootId {
        self.configs.push(None);
        RootId(self.configs.len() - 1)
    }

    /// Adds the `spectra.toml` that counts for a root, or what is the matter with it.
    pub fn add_config(&mut self, root: RootId, config: Result<SourceText, (String, Refusal)>) {
        let file = match config {
            Ok(config) => self.files.add_apart(config),
            Err((path, refusal)) => {
                let file = self.files.add_apart(SourceText { path, ..SourceText::default() });
                self.files.spoil(file, &refusal);
                file
            }
        };
        if let Some(own) = self.configs.get_mut(root.0) {
            *own = Some(file);
        }
    }

    /// Adds a manifest to plan.
    pub fn add_manifest(&mut self, root: RootId, manifest: SourceText) {
        let file = self.files.add(root, manifest);
        self.manifests.push((root, file));
    }

    /// Lets no more be read than this, for tests that would take long otherwise.
    #[cfg(test)]
    pub(crate) fn read_at_most(&mut self, most: crate::files::Most) {
        self.files.read_at_most(most);
    }

    pub(crate) fn config(&self, root: RootId) -> Option<FileId> {
        self.configs.get(root.0).copied().flatten()
    }

    /// The texts of all files, by the name that messages call them by.
    pub fn into_texts(self) -> Vec<SourceText> {
        self.files.into_texts()
    }
}
