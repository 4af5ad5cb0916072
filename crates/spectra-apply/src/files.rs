//! Writing files so that a reader sees the old one or the new one, never half of it.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::error::Error;

/// Writes a file, making its folder if need be.
///
/// # Guarantees
/// The file holds the old bytes or the new ones at any moment, also when the machine stops.
///
/// # Errors
/// When the folder or the file can't be written.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = folder.join(name);
    let mut file = fs::File::create(&temporary).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&temporary, path).map_err(failed)
}
