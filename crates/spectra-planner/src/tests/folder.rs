//! Files in memory, for a planner that asks for them: regular files, folders, and things that can't be read.

use std::collections::BTreeMap;

use super::*;
use crate::files::Most;
use crate::{Answer, Listed, ListedKind, Need, Refusal, Wanted};

/// Files by their path from the root.
#[derive(Clone, Default)]
pub(super) struct Folder {
    files: BTreeMap<String, Vec<u8>>,
    refusals: BTreeMap<String, Refusal>,
    links: BTreeMap<String, String>,
    config: Option<String>,
    most: Option<Most>,
    asked: std::rc::Rc<std::cell::RefCell<Vec<String>>>,
}

impl Folder {
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect(), ..Self::default() }
    }

    pub(super) fn with(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), text.into());
        self
    }

    pub(super) fn refusing(mut self, path: &str, refusal: Refusal) -> Self {
        self.refusals.insert(path.to_owned(), refusal);
        self
    }

    /// A symbolic link to a file.
    pub(super) fn linking(mut self, path: &str, to: &str) -> Self {
        self.links.insert(path.to_owned(), to.to_owned());
        self
    }

    pub(super) fn configured(mut self, text: &str) -> Self {
        self.config = Some(text.to_owned());
        self
    }

    /// No more is read than this.
    pub(super) fn read_at_most(mut self, bytes: u64, files: usize) -> Self {
        self.most = Some(Most { bytes, files });
        self
    }

    /// What was asked for so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }

    fn answer(&self, need: &Need) -> Answer {
        let asked = match need.wanted {
            Wanted::File { .. } => need.path.clone(),
            Wanted::Folder { .. } => format!("{}/", need.path),
        };
        self.asked.borrow_mut().push(asked.clone());
        if let Some(refusal) = self.refusals.get(&asked) {
            return Answer::Refused(refusal.clone());
        }
        match need.wanted {
            Wanted::File { most } => {
                let path = self.links.get(&need.path).unwrap_or(&need.path).clone();
                match self.files.get(&path) {
                    Some(bytes) if u64::try_from(bytes.len()).unwrap() > most => {
                        Answer::Refused(Refusal::TooLarge)
                    }
                    Some(bytes) => Answer::File(SourceText { path, shown: None, bytes: bytes.clone() }),
                    None => Answer::Refused(Refusal::Missing),
                }
            }
            Wanted::Folder { .. } => {
                let listed = self.list(&asked);
                if listed.is_empty() { Answer::Refused(Refusal::Missing) } else { Answer::Folder(listed) }
            }
        }
    }

    fn list(&self, folder: &str) -> Vec<Listed> {
        let folder = folder.trim_start_matches('/');
        let paths = self.files.keys().chain(self.links.keys());
        let refused = self.refusals.keys().filter(|path| !path.ends_with('/'));
        let below = paths.chain(refused).filter_map(|path| path.strip_prefix(folder));
        let mut listed: BTreeMap<String, ListedKind> = BTreeMap::new();
        for path in below {
            match path.split_once('/') {
                Some((name, _)) => listed.insert(name.to_owned(), ListedKind::Folder),
                None => listed.insert(path.to_owned(), ListedKind::Other),
            };
        }
        listed.into_iter().map(|(name, kind)| Listed { name, kind }).collect()
    }

    pub(super) fn plan(&self, manifests: &[&str]) -> Outcome {
        let mut sources = Sources::new(None);
        if let Some(most) = self.most {
            sources.read_at_most(most);
        }
        let root = sources.add_root();
        if let Some(text) = &self.config {
            let bytes = text.clone().into_bytes();
            sources.add_config(root, Ok(SourceText { path: "spectra.toml".to_owned(), shown: None, bytes }));
        }
        for path in manifests {
            let bytes = self.files[*path].clone();
            sources.add_manifest(root, SourceText { path: (*path).to_owned(), shown: None, bytes });
        }
        let mut rounds = 0;
        loop {
            match plan(sources) {
                Outcome::Needs(needs) => sources = needs.answered_by(|need| self.answer(need)),
                other @ (Outcome::Planned { .. } | Outcome::Refused { .. }) => return other,
            }
            rounds += 1;
            assert!(rounds < 100, "it asks for ever: {:?}", self.asked());
        }
    }

    pub(super) fn planned(&self, manifests: &[&str]) -> Vec<Board> {
        match self.plan(manifests) {
            Outcome::Planned { boards, .. } => boards,
            Outcome::Refused { diagnostics, .. } => panic!("{diagnostics:#?}"),
            Outcome::Needs(_) => unreachable!(),
        }
    }

    pub(super) fn refused(&self, manifests: &[&str]) -> Vec<Diagnostic> {
        match self.plan(manifests) {
            Outcome::Planned { .. } => Vec::new(),
            Outcome::Refused { diagnostics, .. } => diagnostics,
            Outcome::Needs(_) => unreachable!(),
        }
    }

    /// The one mistake in it, as `code file:line:column`, with what is said.
    #[track_caller]
    pub(super) fn mistake(&self, manifests: &[&str]) -> (String, String, String) {
        let found = self.refused(manifests);
        let [one] = found.as_slice() else { panic!("one mistake: {found:#?}") };
        let place = format!("{} {}:{}:{}", one.code, one.file, one.span.line, one.span.column);
        (place, one.message.clone(), one.help.clone().unwrap_or_default())
    }

    /// Fails unless there is this one mistake, which says so, with something to do.
    #[track_caller]
    pub(super) fn says(&self, place: &str, message: &str, help: &str) {
        let found = self.mistake(&["m.yml"]);
        assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), (place, message, help));
    }
}

/// A manifest of one board, before what differs.
pub(super) const HEAD: &str = "schemaVersion: 1
id: demo
owner: {type: org, slug: acme}
repository: acme/demo
";
/// Its board.
pub(super) const BOARD: &str = "projects:
  - id: board
    projectProvisioning: {title: Board}
";

/// The head with a line after it, and the board.
pub(super) fn manifest(line: &str) -> String {
    format!("{HEAD}{line}\n{BOARD}")
}
