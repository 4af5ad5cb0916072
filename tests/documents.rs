//! What the documents say about the repository is so, and its files keep the house's form.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use spectra_tests::repository::{TextFile, root, text_files};

const LINES_OF_A_FILE: usize = 800;

fn documents() -> Vec<TextFile> {
    let mut files = text_files().unwrap();
    files.retain(|file| file.path == "README.md" || (file.path.starts_with("docs/") && file.is_a("md")));
    assert!(files.len() > 5, "the documents are found");
    files
}

fn rust_files() -> Vec<TextFile> {
    let mut files = text_files().unwrap();
    files.retain(|file| file.is_a("rs"));
    assert!(files.len() > 50, "the sources are found");
    files
}

/// Fails with everything that is wrong, so that one run shows it all.
fn nothing_of(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn paths_that_documents_name_exist() {
    let mut wrong = Vec::new();
    for file in documents() {
        for span in code_spans(&prose(&file.text)) {
            if repository_path(&span).is_some_and(|path| !root().join(path).exists()) {
                wrong.push(format!("{} names `{span}`, which is not there", file.path));
            }
        }
    }
    nothing_of(&wrong);
}

#[test]
fn documents_that_sources_name_exist() {
    let mut wrong = Vec::new();
    for file in text_files().unwrap() {
        if !(file.is_a("rs") || file.is_a("toml") || file.is_a("yml")) {
            continue;
        }
        let words = file.text.split(|c: char| !(c.is_ascii_alphanumeric() || "/-_.{}".contains(c)));
        for word in words.map(|word| word.trim_end_matches('.')) {
            let names_one = word.starts_with("docs/") && is_markdown(word) && !word.contains('{');
            if names_one && !root().join(word).is_file() {
                wrong.push(format!("{} names {word}, which is not there", file.path));
            }
        }
    }
    nothing_of(&wrong);
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for file in documents() {
        let folder = root().join(&file.path).parent().unwrap().to_path_buf();
        for target in links(&prose(&file.text)) {
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            if is_elsewhere {
                continue;
            }
            let path = if path.is_empty() { root().join(&file.path) } else { folder.join(path) };
            let leads_there = if anchor.is_empty() {
                path.exists()
            } else {
                std::fs::read_to_string(&path).is_ok_and(|text| anchors(&text).iter().any(|it| it == anchor))
            };
            if !leads_there {
                wrong.push(format!("{} links to {target}, which is not there", file.path));
            }
        }
    }
    nothing_of(&wrong);
}

#[test]
fn decisions_are_numbered_without_gaps_and_have_one_form() {
    let records: Vec<TextFile> = documents()
        .into_iter()
        .filter(|file| file.path.starts_with("docs/decisions/") && !file.path.ends_with("/README.md"))
        .collect();
    assert!(!records.is_empty());
    for (number, record) in (1..).zip(&records) {
        let start = format!("docs/decisions/{number:04}-");
        assert!(record.path.starts_with(&start), "{} has number {number:04}", record.path);
        assert!(
            record.text.starts_with(&format!("# {number:04}: ")),
            "{} has its number above it",
            record.path
        );
        for part in ["\n## Context\n", "\n## Decision\n", "\n## Consequences\n"] {
            assert!(record.text.contains(part), "{} has no part {}", record.path, part.trim());
        }
    }
}

#[test]
fn no_source_file_is_longer_than_a_reader_holds() {
    let long = rust_files().into_iter().map(|file| (file.text.lines().count(), file.path));
    let wrong: Vec<String> = long
        .filter(|(lines, _)| *lines > LINES_OF_A_FILE)
        .map(|(lines, path)| format!("{path} has {lines} lines: split it"))
        .collect();
    nothing_of(&wrong);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = rust_files().into_iter().filter(|file| !file.text.starts_with("//! "));
    let wrong: Vec<String> =
        silent.map(|file| format!("{} opens with `//!`: its purpose", file.path)).collect();
    nothing_of(&wrong);
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let places = ["home", "root", "Users", "work"].map(|folder| format!("/{folder}/"));
    let mut wrong = Vec::new();
    for file in text_files().unwrap() {
        for place in &places {
            for (at, _) in file.text.match_indices(place) {
                let before = file.text[..at].chars().next_back();
                if before.is_none_or(|c| c.is_whitespace() || "\"'`(=:".contains(c)) {
                    wrong.push(format!("{} names a folder below {place}", file.path));
                }
            }
        }
    }
    nothing_of(&wrong);
}

fn is_markdown(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "md")
}

/// A document without its fenced blocks.
fn prose(text: &str) -> String {
    let mut is_fenced = false;
    let lines = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_fenced ^= is_fence;
        !is_fence && !is_fenced
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn code_spans(prose: &str) -> Vec<String> {
    prose.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The path in a code span, up to the first part that stands for several; None where the span is something else.
fn repository_path(span: &str) -> Option<String> {
    const TOP: [&str; 8] = ["crates", "docs", "tests", "schemas", "config", ".ci", ".cargo", ".github"];
    let has_other_marks = span.contains(|c: char| c.is_whitespace() || "$\"'()=;|".contains(c));
    let (first, _) = span.split_once('/')?;
    if has_other_marks || !TOP.contains(&first) {
        return None;
    }
    let parts = span.trim_end_matches('/').split('/');
    let known = parts.take_while(|part| !part.contains(['*', '<', '{', '…']));
    Some(known.collect::<Vec<_>>().join("/"))
}

/// The targets of inline links.
fn links(prose: &str) -> Vec<String> {
    let after = prose.split("](").skip(1);
    after.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
}

/// The anchors that GitHub gives to a document's headings.
fn anchors(text: &str) -> Vec<String> {
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn paths_and_links_are_recognised() {
    assert_eq!(repository_path("crates/*/src/lib.rs").as_deref(), Some("crates"));
    assert_eq!(repository_path("docs/decisions/").as_deref(), Some("docs/decisions"));
    assert_eq!(repository_path("project/close"), None);
    assert_eq!(code_spans("a `b` c `d/e`"), ["b", "d/e"]);
    assert_eq!(links("see [this](a.md#b) and [that](https://c)"), ["a.md#b", "https://c"]);
    assert_eq!(anchors("# What it's for\ntext"), ["what-its-for"]);
}
