//! Reading what manifests are made of, and writing plans.
//!
//! Only regular files are opened: a pipe or a device is refused before anything could wait for it, and no file is read
//! further than was asked for.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};

use camino::{Utf8Path, Utf8PathBuf};
use spectra_planner::{Answer, Listed, ListedKind, Need, Refusal, SourceText, Wanted as NeedOf};

use crate::error::Error;

/// Reads a file that the command line names.
pub(crate) fn read(path: &Utf8Path, most: u64) -> Result<Vec<u8>, Error> {
    let named = || path.to_owned();
    bytes(path, most).map_err(|why| match why {
        Unread::Io(source) => Error::Read { path: named(), source },
        Unread::NotAFile(what) => Error::NotAFile { path: named(), what },
        Unread::TooLarge => Error::TooLarge { path: named(), limit: most },
    })
}

/// Answers what the planner needs below a root, which is a real path.
///
/// # Guarantees
/// Nothing outside of the root is opened, wherever symbolic links lead.
pub(crate) fn answer(root: &Utf8Path, need: &Need) -> Answer {
    match need.wanted {
        NeedOf::File { most } => file(root, &need.path, most).map_or_else(Answer::Refused, Answer::File),
        NeedOf::Folder { most } => list(root, &need.path, most).map_or_else(Answer::Refused, Answer::Folder),
    }
}

/// Reads a file below a root.
pub(crate) fn file(root: &Utf8Path, path: &str, most: u64) -> Result<SourceText, Refusal> {
    let real = real(root, path)?;
    let bytes = bytes(&real, most).map_err(|why| match why {
        Unread::Io(error) => refusal(&error),
        Unread::NotAFile(what) => Refusal::NotAFile(what),
        Unread::TooLarge => Refusal::TooLarge,
    })?;
    Ok(SourceText { path: relative(root, &real), shown: None, bytes })
}

/// A real path relative to a root that it is below, with `/`.
pub(crate) fn relative(root: &Utf8Path, real: &Utf8Path) -> String {
    let inside = real.strip_prefix(root).unwrap_or(real);
    inside.components().map(|component| component.as_str()).collect::<Vec<_>>().join("/")
}

/// Why bytes aren't there.
enum Unread {
    Io(io::Error),
    NotAFile(&'static str),
    TooLarge,
}

fn bytes(path: &Utf8Path, most: u64) -> Result<Vec<u8>, Unread> {
    let metadata = fs::metadata(path).map_err(Unread::Io)?;
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Err(Unread::NotAFile("a folder"));
    }
    if !kind.is_file() {
        return Err(Unread::NotAFile("a pipe or a device"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(most)).unwrap_or_default());
    let file = File::open(path).map_err(Unread::Io)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(Unread::Io)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        Ok(bytes)
    } else {
        Err(Unread::TooLarge)
    }
}

/// The real path of what stands below a root.
fn real(root: &Utf8Path, path: &str) -> Result<Utf8PathBuf, Refusal> {
    let real = root.join(path).canonicalize_utf8().map_err(|error| refusal(&error))?;
    if real.starts_with(root) { Ok(real) } else { Err(Refusal::Outside) }
}

fn refusal(error: &io::Error) -> Refusal {
    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
        Refusal::Missing
    } else {
        Refusal::Unreadable(error.to_string())
    }
}

/// The entries of a folder whose names are UTF-8: no other can stand in a plan.
fn list(root: &Utf8Path, path: &str, most: usize) -> Result<Vec<Listed>, Refusal> {
    let real = real(root, path)?;
    let mut listed = Vec::new();
    for entry in fs::read_dir(&real).map_err(|error| refusal(&error))? {
        let entry = entry.map_err(|error| refusal(&error))?;
        if listed.len() >= most {
            return Err(Refusal::TooLarge);
        }
        let Ok(name) = entry.file_name().into_string() else { continue };
        let own = entry.file_type().map_err(|error| refusal(&error))?;
        let is_folder = own.is_dir() || (own.is_symlink() && real.join(&name).is_dir());
        let kind = match (is_folder, own.is_symlink()) {
            (true, false) => ListedKind::Folder,
            (true, true) => ListedKind::LinkToFolder,
            (false, _) => ListedKind::Other,
        };
        listed.push(Listed { name, kind });
    }
    // Folders have no order of their own.
    listed.sort();
    Ok(listed)
}

/// A file that shall hold a text.
#[derive(Debug)]
pub(crate) struct Wanted<'t> {
    pub(crate) path: Utf8PathBuf,
    pub(crate) text: &'t str,
}

/// Writes files.
///
/// # Guarantees
/// Every text is written under another name before the first file is replaced, and each is replaced at once: a reader
/// sees the old file or the new one.
///
/// # Failure
/// When a text can't be written no file was replaced. When a replacement fails those before it have been made.
pub(crate) fn write(files: &[Wanted<'_>]) -> Result<(), Error> {
    let mut ready: Vec<(Utf8PathBuf, &Utf8PathBuf)> = Vec::new();
    let result = files.iter().try_for_each(|file| {
        let unfinished = unfinished(&file.path);
        let written = write_one(&unfinished, file.text);
        ready.push((unfinished, &file.path));
        written.map_err(|source| Error::Write { path: file.path.clone(), source })
    });
    let result = result.and_then(|()| {
        ready.iter().try_for_each(|(unfinished, path)| {
            fs::rename(unfinished, path).map_err(|source| Error::Write { path: (*path).clone(), source })
        })
    });
    if result.is_err() {
        for (unfinished, _) in &ready {
            // Those that were renamed are gone; an error is no news here.
            drop(fs::remove_file(unfinished));
        }
    }
    result
}

/// Removes files, where they are there.
pub(crate) fn remove(paths: impl Iterator<Item = Utf8PathBuf>) -> Result<(), Error> {
    for path in paths {
        match fs::remove_file(&path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                return Err(Error::Remove { path, source });
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn write_one(path: &Utf8Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Not synced to the disk, which takes longer than all the rest: a plan that a power failure cut short is known by its
    // sums and made again.
    fs::write(path, text)
}

/// The name under which a file is written first: of this process alone, in the same folder.
fn unfinished(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or("file");
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
