//! `--check`: what is on disk against what would be written. Nothing is written.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::files::Wanted;

/// The names that a plan's files have.
const NAMES: [&str; 5] = ["plan.json", "plan.md", "plan.sha256", "plan.diff.json", "plan.diff.md"];

/// A file that is not as it would be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stale {
    pub(crate) path: Utf8PathBuf,
    pub(crate) why: Why,
}

/// What is the matter with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    Missing,
    OutOfDate,
    /// A plan's file that nothing would write: of a board that its manifest has no more, or of a baseline.
    Superfluous,
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Missing => "missing",
            Self::OutOfDate => "out of date",
            Self::Superfluous => "superfluous",
        })
    }
}

/// Whose plans in a folder would be written anew.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'s> {
    /// All of these manifests, by id: a plan of theirs that isn't expected has no board any more.
    Manifests(&'s BTreeSet<String>),
    /// Those that are expected, and no others.
    Expected,
}

/// What is out of date below `out`, in the order of the paths.
pub(crate) fn stale(expected: &[Wanted<'_>], out: &Utf8Path, scope: Scope<'_>) -> Vec<Stale> {
    let mut found: BTreeSet<Stale> = BTreeSet::new();
    let mut folders: BTreeSet<&Utf8Path> = BTreeSet::new();
    let paths: BTreeSet<&Utf8Path> = expected.iter().map(|one| one.path.as_path()).collect();
    for Wanted { path, text } in expected {
        folders.extend(path.parent());
        let why = match fs::read(path) {
            Ok(bytes) if bytes == text.as_bytes() => continue,
            Ok(_) => Why::OutOfDate,
            // What can't be read can't be said to be up to date.
            Err(_) if path.exists() => Why::OutOfDate,
            Err(_) => Why::Missing,
        };
        found.insert(Stale { path: path.clone(), why });
    }
    let gone = match scope {
        Scope::Manifests(manifests) => of_these(out, manifests),
        Scope::Expected => Vec::new(),
    };
    for folder in folders.into_iter().chain(gone.iter().map(Utf8PathBuf::as_path)) {
        for path in NAMES.map(|name| folder.join(name)) {
            if !paths.contains(path.as_path()) && path.exists() {
                found.insert(Stale { path, why: Why::Superfluous });
            }
        }
    }
    found.into_iter().collect()
}

/// The folders below `out` that hold a plan of one of these manifests.
fn of_these(out: &Utf8Path, manifests: &BTreeSet<String>) -> Vec<Utf8PathBuf> {
    let entries = out.read_dir_utf8().into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path().to_owned());
    let is_theirs = |folder: &Utf8PathBuf| {
        let plan = fs::read(folder.join("plan.json")).ok()?;
        let plan: Value = serde_json::from_slice(&plan).ok()?;
        Some(manifests.contains(plan.get("manifest")?.as_str()?))
    };
    folders.filter(|folder| is_theirs(folder) == Some(true)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_named_with_what_is_the_matter() {
        let folder = tempfile::tempdir().unwrap();
        let out = Utf8Path::from_path(folder.path()).unwrap();
        let write = |path: &str, text: &str| {
            let path = out.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("one/plan.json", "same");
        write("one/plan.md", "old");
        write("one/plan.diff.md", "of a baseline");
        write("one/notes.txt", "a person's");
        write("gone/plan.json", r#"{"manifest": "m"}"#);
        write("gone/plan.md", "");
        write("other/plan.json", r#"{"manifest": "n"}"#);
        write("broken/plan.json", "{");
        let expected: Vec<_> = ["plan.json", "plan.md", "plan.sha256"]
            .map(|name| Wanted { path: out.join("one").join(name), text: "same" })
            .into();
        let named = |scope| -> Vec<String> {
            let stale = stale(&expected, out, scope);
            stale.iter().map(|one| format!("{} {}", one.why, one.path.strip_prefix(out).unwrap())).collect()
        };
        let of_one = ["superfluous one/plan.diff.md", "out of date one/plan.md", "missing one/plan.sha256"];
        assert_eq!(named(Scope::Expected), of_one);
        let manifests = BTreeSet::from(["m".to_owned()]);
        let all = ["superfluous gone/plan.json", "superfluous gone/plan.md"].into_iter().chain(of_one);
        assert_eq!(named(Scope::Manifests(&manifests)), all.collect::<Vec<_>>());
    }
}
