//! The repository's own files, as the tests that read it see them.
//!
//! What is generated, cached or written by a run (`target`, `.spectra`, `.git`) is not part of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const NOT_OURS: [&str; 3] = [".git", ".spectra", "target"];

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let member = Path::new(env!("CARGO_MANIFEST_DIR"));
    member.parent().unwrap_or(member).to_path_buf()
}

/// A text file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextFile {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

impl TextFile {
    /// Whether its name ends so.
    pub fn is_a(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|own| own == extension)
    }
}

/// Every text file below the root, by path.
///
/// # Errors
/// When a folder or a file can't be read.
pub fn text_files() -> io::Result<Vec<TextFile>> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() && !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            } else if kind.is_file()
                && let Ok(text) = String::from_utf8(fs::read(&path)?)
            {
                let path = path.strip_prefix(&root).map_err(io::Error::other)?;
                files.push(TextFile { path: path.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    files.sort();
    Ok(files)
}
