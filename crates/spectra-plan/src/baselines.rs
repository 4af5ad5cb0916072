//! `--baseline`: which earlier plan each board is compared with.
//!
//! What is named is a plan.json, the folder of one, or a folder with a folder for each board, such as the planner writes.
//! A board is found by its slug, else by one that it had. One that has no earlier plan there is planned as new, and that
//! is said; two for one board are refused.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use spectra_model::id::ProjectSlug;
use spectra_planner::limits::BASELINE_BYTES;
use spectra_planner::{Baseline, Board};

use crate::error::Error;
use crate::files;

const PLAN: &str = "plan.json";

/// What the command line names.
pub(crate) struct Baselines<'c> {
    /// The working folder.
    folder: &'c Utf8Path,
    named: Vec<Named>,
}

enum Named {
    /// A plan, with its bytes.
    Plan(Utf8PathBuf, Vec<u8>),
    /// A folder of plans.
    Folder(Utf8PathBuf),
}

/// The boards as they are handed over.
pub(crate) struct Compared {
    pub(crate) boards: Vec<Board>,
    /// What people should know.
    pub(crate) notes: Vec<String>,
}

impl<'c> Baselines<'c> {
    /// Looks at what is named.
    ///
    /// # Failure
    /// It isn't there, or a plan can't be read. Whether it is a plan is seen when it is needed.
    pub(crate) fn read(named: &[Utf8PathBuf], folder: &'c Utf8Path) -> Result<Self, Error> {
        let read = |path: &Utf8PathBuf| {
            let plan = if folder.join(path).is_dir() {
                let plan = path.join(PLAN);
                if !is_there(&folder.join(&plan)) {
                    return Ok(Named::Folder(path.clone()));
                }
                plan
            } else {
                path.clone()
            };
            let bytes = files::read(&folder.join(&plan), BASELINE_BYTES)?;
            Ok(Named::Plan(plan, bytes))
        };
        Ok(Self { folder, named: named.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// Compares each board with its baseline.
    ///
    /// # Failure
    /// A baseline is no plan or one of another board, a board has two, or one is two boards'.
    pub(crate) fn compare(self, boards: Vec<Board>) -> Result<Compared, Error> {
        if self.named.is_empty() {
            return Ok(Compared { boards, notes: Vec::new() });
        }
        let mut assigned = Assigned::default();
        let mut folders = Vec::new();
        for named in self.named {
            match named {
                Named::Plan(path, bytes) => assigned.plan(path, &bytes, &boards)?,
                Named::Folder(path) => folders.push(path),
            }
        }
        for board in &boards {
            for folder in &folders {
                if let Some(path) = of_board(self.folder, folder, board, &boards) {
                    let bytes = files::read(&self.folder.join(&path), BASELINE_BYTES)?;
                    assigned.give(board, path, &bytes)?;
                }
            }
        }
        assigned.compare(boards, &folders)
    }
}

fn is_there(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A board's plan in a folder of plans: under its slug, else under one that it had and that no other board has now.
fn of_board(place: &Utf8Path, folder: &Utf8Path, board: &Board, boards: &[Board]) -> Option<Utf8PathBuf> {
    let is_taken = |slug: &&ProjectSlug| boards.iter().any(|other| other.plan.slug == **slug);
    let before = board.plan.renamed_from.iter().filter(|slug| !is_taken(slug));
    let slugs = std::iter::once(&board.plan.slug).chain(before);
    let mut paths = slugs.map(|slug| folder.join(slug.as_str()).join(PLAN));
    paths.find(|path| is_there(&place.join(path)))
}

/// The boards' baselines, by slug.
#[derive(Default)]
struct Assigned {
    by_slug: BTreeMap<ProjectSlug, (Utf8PathBuf, Baseline)>,
}

impl Assigned {
    /// Finds the board that a plan is of.
    fn plan(&mut self, path: Utf8PathBuf, bytes: &[u8], boards: &[Board]) -> Result<(), Error> {
        let baseline = parse(&path, bytes)?;
        let slug = baseline.slug();
        let own = boards.iter().find(|board| board.plan.slug == *slug);
        let mut before = boards.iter().filter(|board| board.plan.renamed_from.contains(slug));
        let board = match (own, before.next(), before.next()) {
            (Some(board), _, _) | (None, Some(board), None) => board,
            (None, Some(one), Some(other)) => return Err(two_boards(path, one, &other.plan.slug)),
            (None, None, _) => {
                let slugs: Vec<String> = boards.iter().map(|it| format!("`{}`", it.plan.slug)).collect();
                let (slug, planned) = (slug.to_string(), slugs.join(", "));
                return Err(Error::BaselineOfNone { path, slug, planned });
            }
        };
        self.insert(board, path, baseline)
    }

    /// Gives a board a plan that was found for it.
    fn give(&mut self, board: &Board, path: Utf8PathBuf, bytes: &[u8]) -> Result<(), Error> {
        let baseline = parse(&path, bytes)?;
        let other =
            self.by_slug.iter().find(|(slug, (given, _))| *given == path && **slug != board.plan.slug);
        if let Some((other, _)) = other {
            return Err(two_boards(path, board, other));
        }
        self.insert(board, path, baseline)
    }

    fn insert(&mut self, board: &Board, path: Utf8PathBuf, baseline: Baseline) -> Result<(), Error> {
        let slug = &board.plan.slug;
        match self.by_slug.get(slug) {
            Some((one, _)) if *one != path => {
                Err(Error::TwoBaselines { slug: slug.to_string(), one: one.clone(), other: path })
            }
            Some(_) => Ok(()),
            None => {
                self.by_slug.insert(slug.clone(), (path, baseline));
                Ok(())
            }
        }
    }

    fn compare(mut self, boards: Vec<Board>, folders: &[Utf8PathBuf]) -> Result<Compared, Error> {
        let mut compared = Compared { boards: Vec::with_capacity(boards.len()), notes: Vec::new() };
        for board in boards {
            let Some((path, baseline)) = self.by_slug.remove(&board.plan.slug) else {
                let places: Vec<String> = folders.iter().map(|folder| format!(" in {folder}")).collect();
                let (slug, places) = (&board.plan.slug, places.join(", nor"));
                compared.notes.push(format!("{slug}: no baseline{places}: planned as new\n"));
                compared.boards.push(board);
                continue;
            };
            let board = board.since(&baseline).map_err(|source| Error::OtherBaseline { path, source })?;
            compared.boards.push(board);
        }
        Ok(compared)
    }
}

fn parse(path: &Utf8Path, bytes: &[u8]) -> Result<Baseline, Error> {
    Baseline::read(bytes).map_err(|source| Error::NoBaseline { path: path.to_owned(), source })
}

fn two_boards(path: Utf8PathBuf, one: &Board, other: &ProjectSlug) -> Error {
    Error::TwoBoards { path, one: one.plan.slug.to_string(), other: other.to_string() }
}
