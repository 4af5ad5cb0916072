//! From the command line's manifests to plans: finds each root and its `spectra.toml`, and reads what the planner asks
//! for until it asks no more.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use spectra_planner::limits::{MANIFEST_BYTES, TEXT_BYTES};
use spectra_planner::{Answer, Board, Outcome, RootId, SourceText, Sources};

use crate::error::Error;
use crate::files;
use crate::root;
use crate::show::{Found, Listing};

/// What is read, and from where.
pub(crate) struct Reading<'c> {
    /// The root, where the command line names one.
    pub(crate) root: Option<&'c Utf8Path>,
    /// The `spectra.toml`, where the command line names one.
    pub(crate) config: Option<&'c Utf8Path>,
    /// The working folder.
    pub(crate) folder: &'c Utf8Path,
    /// How many boards are worked on at once.
    pub(crate) cores: usize,
}

/// What came of reading.
pub(crate) struct Read {
    /// The boards; None where a manifest was refused.
    pub(crate) boards: Option<Vec<Board>>,
    /// What is wrong, or worth knowing all the same.
    pub(crate) found: Found,
    /// What was read, for showing the lines of mistakes.
    pub(crate) listing: Listing,
    /// Where the files lie that diagnostics name.
    pub(crate) places: BTreeMap<String, Utf8PathBuf>,
}

impl Reading<'_> {
    /// Plans manifests; one that is named twice is planned once.
    ///
    /// # Failure
    /// A file that the command line names can't be read, or lies outside of the root that it names. Whatever is the
    /// matter with a file that a manifest names is among the mistakes.
    pub(crate) fn plan(&self, manifests: &[Utf8PathBuf], project: Option<String>) -> Result<Read, Error> {
        let mut sources = Sources::new(project);
        sources.work_on(self.cores);
        let mut roots = Roots::default();
        let named_root = self.root.map(|root| self.folder.join(root));
        let config = self.config.map(|config| self.read_config(config)).transpose()?;
        let mut seen = BTreeSet::new();
        for manifest in manifests {
            let named = self.folder.join(manifest);
            let bytes = files::read(&named, MANIFEST_BYTES)?;
            let real = root::real(&named)?;
            if !seen.insert(real.clone()) {
                continue;
            }
            let folder = root::of(&named, &real, named_root.as_deref())?;
            let id = roots.id(&folder, config.as_ref(), &mut sources);
            let text = SourceText { path: files::relative(&folder, &real), shown: None, bytes };
            sources.add_manifest(id, roots.named(&folder, text));
        }
        let (boards, found, texts) = loop {
            match spectra_planner::plan(sources) {
                Outcome::Needs(needs) => {
                    sources = needs.answered_by(|need| {
                        let Some(folder) = roots.folder(need.root) else {
                            return Answer::Refused(spectra_planner::Refusal::Missing);
                        };
                        match files::answer(&folder, need) {
                            Answer::File(text) => Answer::File(roots.named(&folder, text)),
                            other @ (Answer::Folder(_) | Answer::Refused(_)) => other,
                        }
                    });
                }
                Outcome::Planned { boards, warnings, omitted, texts } => {
                    break (Some(boards), Found { shown: warnings, omitted }, texts);
                }
                Outcome::Refused { diagnostics, omitted, texts } => {
                    break (None, Found { shown: diagnostics, omitted }, texts);
                }
            }
        };
        Ok(Read {
            boards,
            found,
            listing: Listing::of(texts.into_iter().map(as_counted).collect()),
            places: roots.places,
        })
    }

    fn read_config(&self, config: &Utf8Path) -> Result<Config, Error> {
        let named = self.folder.join(config);
        let bytes = files::read(&named, TEXT_BYTES)?;
        Ok(Config { real: root::real(&named)?, bytes })
    }
}

/// The `spectra.toml` that the command line names.
struct Config {
    real: Utf8PathBuf,
    bytes: Vec<u8>,
}

/// The roots of the manifests, and what files below them are called.
#[derive(Default)]
struct Roots {
    ids: BTreeMap<Utf8PathBuf, RootId>,
    places: BTreeMap<String, Utf8PathBuf>,
}

impl Roots {
    /// The root of that folder; a new one brings its `spectra.toml` along.
    fn id(&mut self, folder: &Utf8Path, config: Option<&Config>, sources: &mut Sources) -> RootId {
        if let Some(id) = self.ids.get(folder) {
            return *id;
        }
        let id = sources.add_root();
        self.ids.insert(folder.to_owned(), id);
        let own = match config {
            Some(config) => {
                // A plan holds no path of a machine: of a file elsewhere it holds the name.
                let is_below = config.real.starts_with(folder);
                let path = if is_below {
                    files::relative(folder, &config.real)
                } else {
                    config.real.file_name().unwrap_or(root::CONFIG).to_owned()
                };
                let text = SourceText { path, shown: None, bytes: config.bytes.clone() };
                Some(Ok(self.called(&config.real, text)))
            }
            None if folder.join(root::CONFIG).symlink_metadata().is_ok() => Some(
                files::file(folder, root::CONFIG, TEXT_BYTES)
                    .map(|text| self.named(folder, text))
                    .map_err(|refusal| (root::CONFIG.to_owned(), refusal)),
            ),
            None => None,
        };
        if let Some(own) = own {
            sources.add_config(id, own);
        }
        id
    }

    fn folder(&self, root: RootId) -> Option<Utf8PathBuf> {
        self.ids.iter().find(|(_, id)| **id == root).map(|(folder, _)| folder.clone())
    }

    /// A text below a root with a name of its own.
    fn named(&mut self, folder: &Utf8Path, text: SourceText) -> SourceText {
        let real = folder.join(&text.path);
        self.called(&real, text)
    }

    /// Its path is its name, unless a file elsewhere has that already.
    fn called(&mut self, real: &Utf8Path, text: SourceText) -> SourceText {
        let taken = self.places.get(&text.path).is_some_and(|other| other != real);
        let shown = taken.then(|| real.as_str().to_owned());
        let name = shown.clone().unwrap_or_else(|| text.path.clone());
        self.places.insert(name, real.to_owned());
        SourceText { shown, ..text }
    }
}

/// A text as its lines and columns are counted: without a byte order mark, and with each of YAML's line breaks as one
/// that everybody knows.
fn as_counted(text: SourceText) -> SourceText {
    let SourceText { path, shown, bytes } = text;
    let mut bytes = match bytes.strip_prefix("\u{feff}".as_bytes()) {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    let alone = |at: &usize| bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n');
    let breaks: Vec<usize> =
        if bytes.contains(&b'\r') { (0..bytes.len()).filter(alone).collect() } else { Vec::new() };
    for at in breaks {
        if let Some(byte) = bytes.get_mut(at) {
            *byte = b'\n';
        }
    }
    SourceText { path: shown.unwrap_or(path), shown: None, bytes }
}
