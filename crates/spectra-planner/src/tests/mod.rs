//! The planner as a whole: one sound manifest to the last byte, every mistake once, and the laws.

mod baseline;
mod boards;
mod broken;
mod folder;
mod fragments;
mod hostile;
mod laws;
mod laws_of_files;
mod limits;
mod limits_of_input;
mod one_mistake;
mod owners;
mod settings;
mod sound;
mod templates;
mod texts;
mod where_it_was_made;

use spectra_model::diagnostic::Diagnostic;

use self::folder::Folder;
use crate::{Board, Outcome, SourceText, Sources, plan};

/// A sound manifest that uses every key.
const DEMO: &str = include_str!("demo.yml");
/// Where it lies.
const PATH: &str = "config/demo.yml";

fn sources(bytes: &[u8]) -> Sources {
    let mut sources = Sources::new(None);
    let root = sources.add_root();
    sources.add_manifest(root, SourceText { path: PATH.to_owned(), shown: None, bytes: bytes.to_vec() });
    sources
}

fn planned(text: &str) -> (Vec<Board>, Vec<Diagnostic>) {
    match plan(sources(text.as_bytes())) {
        Outcome::Planned { boards, warnings, .. } => (boards, warnings),
        Outcome::Refused { diagnostics, .. } => panic!("{diagnostics:#?}"),
        Outcome::Needs(_) => panic!("nothing is needed"),
    }
}

fn refused(bytes: &[u8]) -> Vec<Diagnostic> {
    match plan(sources(bytes)) {
        Outcome::Planned { .. } => Vec::new(),
        Outcome::Refused { diagnostics, .. } => diagnostics,
        Outcome::Needs(_) => panic!("nothing is needed"),
    }
}

/// The demo with pieces of it replaced; each must be there.
fn demo(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(DEMO.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}
