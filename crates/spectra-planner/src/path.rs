//! Paths as manifests write them: with `/`, relative to the file that names them, never out of the root.
//!
//! Only the text of a path is looked at. Whether a file is there, and whether a symbolic link leads out of the root, is
//! known to whoever opens it.

use crate::limits::PATH_BYTES;

/// Why a path can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathError {
    /// Nothing is written.
    Empty,
    /// It begins at the top of the file system.
    Absolute,
    /// It leads out of the root.
    Outside,
    /// It is longer than paths are.
    TooLong,
    /// It has backslashes, ends with a slash, or holds a character that no path has.
    IllFormed,
}

/// A path from the root, with `/` and without `.` and `..`.
pub(crate) fn resolve(named_in: &str, written: &str) -> Result<String, PathError> {
    if written.is_empty() {
        return Err(PathError::Empty);
    }
    if written.len() > PATH_BYTES {
        return Err(PathError::TooLong);
    }
    if written.starts_with('/') || has_drive(written) {
        return Err(PathError::Absolute);
    }
    if written.ends_with('/') || written.contains('\\') || written.chars().any(char::is_control) {
        return Err(PathError::IllFormed);
    }
    let mut parts: Vec<&str> = folder(named_in).split('/').filter(|part| !part.is_empty()).collect();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathError::Outside)?;
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

/// The folder of a file; empty where that is the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a file in its folder.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A path below a folder.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `C:` and the like, which begin at the top on other systems.
fn has_drive(written: &str) -> bool {
    let mut characters = written.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic()) && characters.next() == Some(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        for (named_in, written, found) in [
            ("config/projects/m.yml", "shared/labels.yml", "config/projects/shared/labels.yml"),
            ("config/projects/m.yml", "./a//b.yml", "config/projects/a/b.yml"),
            ("config/projects/m.yml", "../../texts/b.md", "texts/b.md"),
            ("m.yml", "b.md", "b.md"),
            ("a/m.yml", "x/../y.md", "a/y.md"),
        ] {
            assert_eq!(resolve(named_in, written).as_deref(), Ok(found), "{written}");
        }
    }

    #[test]
    fn a_path_has_so_many_bytes_and_no_more() {
        assert!(resolve("m.yml", &"x".repeat(PATH_BYTES)).is_ok());
        assert_eq!(resolve("m.yml", &"x".repeat(PATH_BYTES + 1)), Err(PathError::TooLong));
    }

    #[test]
    fn no_path_leaves_the_root() {
        for (written, error) in [
            ("", PathError::Empty),
            ("/etc/passwd", PathError::Absolute),
            ("C:/x", PathError::Absolute),
            ("../../x", PathError::Outside),
            ("b/../../../a/x", PathError::Outside),
            ("a\\b", PathError::IllFormed),
            ("a/b/", PathError::IllFormed),
            ("a\0b", PathError::IllFormed),
        ] {
            assert_eq!(resolve("a/m.yml", written), Err(error), "{written:?}");
        }
    }
}
