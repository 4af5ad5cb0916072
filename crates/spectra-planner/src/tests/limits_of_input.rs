//! How much is read, on both sides of each edge; and the page that tells it.
//!
//! The limits of one file are tested with small numbers beside the reader (`yaml`), those of a glob in `glob`, and those
//! of files by their size where files are opened, in the command.

use std::fmt::Write as _;

use super::folder::{BOARD, HEAD, manifest};
use super::*;
use crate::limits::*;

fn told(outcome: Outcome) -> (Vec<Diagnostic>, crate::Omitted) {
    match outcome {
        Outcome::Refused { diagnostics, omitted, .. } => (diagnostics, omitted),
        Outcome::Planned { warnings, omitted, .. } => (warnings, omitted),
        Outcome::Needs(_) => panic!("nothing is needed"),
    }
}

fn codes(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|one| one.code).collect()
}

/// A number as the page writes it.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn the_page_has_every_limit() {
    let page = include_str!("../../../../docs/diagnostics/SP067.md");
    let size = |number: usize| u64::try_from(number).unwrap();
    let mut table = "| what | at most |\n| --- | --- |\n".to_owned();
    for (what, limit) in [
        ("bytes of a manifest or a fragment", MANIFEST_BYTES),
        ("bytes of any other file", TEXT_BYTES),
        ("bytes of a baseline", BASELINE_BYTES),
        ("bytes of all files of one call, baselines apart", TOTAL_BYTES),
        ("files of one call", size(FILES)),
        ("bytes of a path", size(PATH_BYTES)),
        ("fragments of one manifest", size(FRAGMENTS)),
        ("fragments in a chain of includes", size(INCLUDE_DEPTH)),
        ("folders that one glob looks into", size(GLOB_FOLDERS)),
        ("entries of a folder that a glob looks into", size(FOLDER_ENTRIES)),
        ("entries that all globs of one call look at", size(GLOB_LOOKS)),
        ("values of one YAML file", size(YAML_VALUES)),
        ("aliases of one YAML file", size(YAML_ALIASES)),
        ("anchors of one YAML file", size(YAML_ANCHORS)),
        ("values that anchors are on, and that aliases stand for", size(YAML_EVENTS_BY_ALIAS)),
        ("nesting of one YAML file", size(YAML_NESTING)),
    ] {
        writeln!(table, "| {what} | {} |", with_commas(limit)).unwrap();
    }
    assert!(page.contains(&table), "{table}");
}

#[test]
fn a_file_has_so_many_bytes_and_no_more() {
    let rest = usize::try_from(TEXT_BYTES).unwrap();
    let body = |length: usize| {
        let text = format!("{HEAD}{BOARD}    initiative: {{id: top, title: Top, bodyFile: b.md}}\n");
        Folder::of(&[("m.yml", &text)]).with("b.md", " ".repeat(length))
    };
    assert_eq!(body(rest).planned(&["m.yml"]).len(), 1);
    body(rest + 1).says(
        "SP067 m.yml:8:49",
        "`b.md` has more than 1048576 bytes",
        "a body may have 1048576 bytes at most: split it",
    );
    let fragment = |length: u64| {
        let text = "labels: []\n#".to_owned();
        let more = usize::try_from(length).unwrap() - text.len();
        Folder::of(&[("m.yml", &manifest("includes: [f.yml]"))]).with("f.yml", text + &"x".repeat(more))
    };
    assert_eq!(fragment(MANIFEST_BYTES).planned(&["m.yml"]).len(), 1);
    fragment(MANIFEST_BYTES + 1).says(
        "SP067 m.yml:5:12",
        "`f.yml` has more than 33554432 bytes",
        "a fragment may have 33554432 bytes at most: split it",
    );
}

#[test]
fn a_manifest_has_so_many_fragments_and_no_more() {
    let of = |count: usize| {
        let mut folder = Folder::of(&[("m.yml", &manifest("includes: ['f/*.yml']"))]);
        for number in 0..count {
            folder = folder.with(&format!("f/{number:05}.yml"), "labels: []\n");
        }
        folder
    };
    assert_eq!(of(FRAGMENTS).planned(&["m.yml"]).len(), 1);
    of(FRAGMENTS + 1).says(
        "SP067 m.yml:5:12",
        "the manifest has more than 1000 fragments",
        "put several into one file",
    );
}

#[test]
fn a_chain_of_includes_has_so_many_fragments_and_no_more() {
    let of = |length: usize| {
        let mut folder = Folder::of(&[("m.yml", &manifest("includes: [f1.yml]"))]);
        for number in 1..=length {
            let next = if number < length {
                format!("includes: [f{}.yml]\n", number + 1)
            } else {
                "labels: []\n".into()
            };
            folder = folder.with(&format!("f{number}.yml"), next);
        }
        folder
    };
    assert_eq!(of(INCLUDE_DEPTH).planned(&["m.yml"]).len(), 1);
    of(INCLUDE_DEPTH + 1).says(
        "SP067 f16.yml:1:12",
        "this is number 17 in its chain of fragments, and 16 are read",
        "include it further up",
    );
}

#[test]
fn all_globs_look_at_so_many_entries_and_no_more() {
    // A folder of two thousand files, looked through by as many patterns as may be.
    let of = |patterns: usize| {
        let globs: Vec<String> =
            (0..patterns).map(|n| format!("'f/*{}'", "?".repeat(n % 7) + &"*?".repeat(n / 7))).collect();
        let mut folder = Folder::of(&[("m.yml", &manifest(&format!("includes: [{}]", globs.join(", "))))]);
        for number in 0..FRAGMENTS {
            folder = folder.with(&format!("f/{number:05}-abcdefghijklmnopqrstuvwxyz.yml"), "labels: []\n");
        }
        folder
    };
    assert_eq!(of(20).planned(&["m.yml"]).len(), 1);
    let found = of(GLOB_LOOKS / FRAGMENTS + 1).refused(&["m.yml"]);
    assert!(found.iter().all(|one| one.code == "SP067"), "{found:#?}");
    assert!(found[0].message.ends_with("globs look at more than 2000000 entries of folders"), "{found:#?}");
}

#[test]
fn so_many_mistakes_are_told_and_all_are_counted() {
    let of = |count: usize| {
        let mut text = format!("{HEAD}{BOARD}");
        (0..count).for_each(|n| writeln!(text, "key{n}: 1").unwrap());
        told(plan(sources(text.as_bytes())))
    };
    let (found, omitted) = of(MISTAKES);
    assert_eq!((found.len(), omitted.errors), (MISTAKES, 0));
    let (found, omitted) = of(MISTAKES + 3);
    assert_eq!((found.len(), omitted.errors), (MISTAKES, 3));
    assert_eq!(found[MISTAKES - 1].message, format!("unknown key `key{}`", MISTAKES - 1));
    assert!(codes(&found).iter().all(|code| *code == "SP004"));
}

#[test]
fn so_many_warnings_are_told_and_refuse_nothing() {
    let waits = "a, ".repeat(MISTAKES + 2);
    let text = format!(
        "{HEAD}{BOARD}    activities:\n      - {{id: a, title: A}}\n      - {{id: b, title: B, dependsOn: [{waits}]}}\n"
    );
    let outcome = plan(sources(text.as_bytes()));
    assert!(matches!(outcome, Outcome::Planned { .. }));
    let (found, omitted) = told(outcome);
    assert_eq!((found.len(), omitted), (MISTAKES, crate::Omitted { errors: 0, warnings: 1 }));
}
