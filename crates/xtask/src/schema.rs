//! `xtask schema`: GitHub's whole schema without prose, the part of it that the client uses, and the published schemas
//! that are made from others.
//!
//! The whole one is what documents are checked against and what the sandbox serves; `graphql_client` compiles the
//! client's operations against the pruned one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use apollo_compiler::ast::Document;
use apollo_compiler::{ExecutableDocument, Schema};

use crate::fragments::{FragmentError, Shared};
use crate::prune::prune;
use crate::published::{self, PublishedError};
use crate::strip::strip;
use crate::{Generated, Intent};

const WHOLE: &str = "schemas/github/schema.graphql";
const PRUNED: &str = "schemas/github/client.graphql";
const OPERATIONS: &str = "crates/spectra-github/graphql";

/// Why the schema files could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SchemaError {
    /// A file could not be read.
    #[error("{} could not be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A file could not be written.
    #[error("{} could not be written", path.display())]
    Write { path: PathBuf, source: io::Error },
    /// A file is not valid GraphQL.
    #[error("{} is not valid:\n{why}", path.display())]
    Invalid { path: PathBuf, why: String },
    /// Shared fragments could not be copied.
    #[error(transparent)]
    Fragments(#[from] FragmentError),
    /// A published schema could not be made.
    #[error(transparent)]
    Published(#[from] PublishedError),
}

/// Makes the files, and writes or compares them; the answer is what is out of date.
pub(crate) fn run(root: &Path, from: Option<&Path>, intent: Intent) -> Result<Vec<PathBuf>, SchemaError> {
    let mut stale = Vec::new();
    for file in generate(root, from)? {
        let path = root.join(&file.path);
        if fs::read_to_string(&path).ok().as_deref() == Some(file.text.as_str()) {
            continue;
        }
        match intent {
            Intent::Check => stale.push(file.path),
            Intent::Write => {
                fs::write(&path, &file.text).map_err(|source| SchemaError::Write { path, source })?;
            }
        }
    }
    Ok(stale)
}

fn generate(root: &Path, from: Option<&Path>) -> Result<Vec<Generated>, SchemaError> {
    let source = from.map_or_else(|| root.join(WHOLE), Path::to_path_buf);
    let invalid = |path: &Path, why: String| SchemaError::Invalid { path: path.to_path_buf(), why };

    let mut document = Document::parse(read(&source)?, &source)
        .map_err(|error| invalid(&source, error.errors.to_string()))?;
    strip(&mut document);
    let whole = document.serialize().to_string();
    let schema = Schema::parse_and_validate(&whole, WHOLE)
        .map_err(|error| invalid(&source, error.errors.to_string()))?;

    let mut operations = Vec::new();
    let mut files = operation_files(root)?;
    for file in &files {
        operations.push(
            ExecutableDocument::parse_and_validate(&schema, &file.text, &file.path)
                .map_err(|error| invalid(&file.path, error.errors.to_string()))?,
        );
    }
    let pruned = prune(&document, &schema, &operations).serialize().to_string();
    Schema::parse_and_validate(&pruned, PRUNED)
        .map_err(|error| invalid(Path::new(PRUNED), error.errors.to_string()))?;

    files.push(Generated { path: PathBuf::from(WHOLE), text: whole });
    files.push(Generated { path: PathBuf::from(PRUNED), text: pruned });
    files.extend(published::generate(root)?);
    Ok(files)
}

/// The client's operations, each with the shared fragments that it spreads.
fn operation_files(root: &Path) -> Result<Vec<Generated>, SchemaError> {
    let mut shared = Shared::default();
    for path in graphql_files(&root.join(OPERATIONS).join("fragments"))? {
        shared.read(&path.display().to_string(), &read(&path)?)?;
    }
    let mut files = Vec::new();
    for path in graphql_files(&root.join(OPERATIONS))? {
        let text = shared.complete(&path.display().to_string(), &read(&path)?)?;
        let path = path.strip_prefix(root).map_or_else(|_| path.clone(), Path::to_path_buf);
        files.push(Generated { path, text });
    }
    Ok(files)
}

/// The `.graphql` files of a folder, by name.
fn graphql_files(folder: &Path) -> Result<Vec<PathBuf>, SchemaError> {
    let unreadable = |source| SchemaError::Read { path: folder.to_path_buf(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "graphql") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String, SchemaError> {
    fs::read_to_string(path).map_err(|source| SchemaError::Read { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_current() {
        let stale = run(&crate::root(), None, Intent::Check).unwrap();
        assert_eq!(stale, Vec::<PathBuf>::new(), "run `cargo xtask schema`");
    }

    #[test]
    fn the_whole_schema_has_no_prose() {
        let text = read(&crate::root().join(WHOLE)).unwrap();
        assert!(
            !text.contains("\"\"\"") && !text.contains("@deprecated("),
            "run `cargo xtask schema --from`"
        );
    }
}
