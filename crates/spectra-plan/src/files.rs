//! Reading manifests and writing plans.

use std::fs::{self, File};
use std::io::{Read, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::Error;

/// The most bytes of a manifest. Ten thousand issues with bodies need about four million.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a manifest. A folder, a pipe or a device is refused before it is opened, so that nothing waits.
pub(crate) fn read(path: &Utf8Path) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let kind = fs::metadata(path).map_err(failed)?.file_type();
    if kind.is_dir() {
        return Err(Error::NotAFile { path: path.to_owned(), what: "this is a folder" });
    }
    if !kind.is_file() {
        return Err(Error::NotAFile { path: path.to_owned(), what: "this is a pipe or a device" });
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).map_or(true, |length| length > MAX_BYTES) {
        return Err(Error::TooLarge { path: path.to_owned(), limit: MAX_BYTES });
    }
    Ok(bytes)
}

/// A file that shall hold a text.
#[derive(Debug)]
pub(crate) struct Wanted<'t> {
    pub(crate) path: Utf8PathBuf,
    pub(crate) text: &'t str,
}

impl Wanted<'_> {
    /// Whether the file holds the text already.
    pub(crate) fn is_there(&self) -> bool {
        fs::read(&self.path).is_ok_and(|bytes| bytes == self.text.as_bytes())
    }
}

/// Writes files.
///
/// # Guarantees
/// Every text is on disk under another name before the first file is replaced, and each is replaced at once: a reader
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

fn write_one(path: &Utf8Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The name under which a file is written first: of this process alone, in the same folder.
fn unfinished(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or("file");
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
