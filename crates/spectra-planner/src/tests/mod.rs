//! The planner as a whole: one sound manifest to the last byte, every mistake once, and the laws.

mod broken;
mod laws;
mod limits;
mod sound;

use spectra_model::diagnostic::Diagnostic;

use crate::{Board, Outcome, SourceText, Sources, plan};

/// A sound manifest that uses every key.
const DEMO: &str = include_str!("demo.yml");

fn sources(bytes: &[u8]) -> Sources {
    Sources {
        manifests: vec![SourceText { path: "config/demo.yml".to_owned(), bytes: bytes.to_vec() }],
        project: None,
    }
}

fn planned(text: &str) -> (Vec<Board>, Vec<Diagnostic>) {
    match plan(&sources(text.as_bytes())) {
        Outcome::Planned { boards, warnings } => (boards, warnings),
        Outcome::Refused { diagnostics } => panic!("{diagnostics:#?}"),
    }
}

fn refused(bytes: &[u8]) -> Vec<Diagnostic> {
    match plan(&sources(bytes)) {
        Outcome::Planned { .. } => Vec::new(),
        Outcome::Refused { diagnostics } => diagnostics,
    }
}

/// The demo with pieces of it replaced; each must be there.
fn demo(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(DEMO.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}
