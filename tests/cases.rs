//! The end-to-end cases below `tests/cases`: each is played, and none is forgotten. `spectra_tests::case` says what a
//! case is; `INSTA_UPDATE=always` writes what came of it, which a reviewer then reads.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use spectra_tests::case::{Case, OWN_FILES, Played, cases};

/// What differs from one machine, or one manifest's wording, to the next. The only place where it is taken out.
const REDACTED: [(&str, &str); 4] = [
    (r"\b[0-9a-f]{64}\b", "[sha256]"),
    (r"(\d{8}T\d{6}Z)-[0-9a-f]{8}\b", "$1-[digest]"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
    (r"(?:/[\w.-]+)*/\.tmp\w+", "[folder]"),
];

#[test]
fn every_case_ends_as_it_should() {
    let cases = cases().unwrap();
    assert!(cases.len() > 20, "the cases are found");
    let (open, wrong) = (Mutex::new(cases.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = { open.lock().unwrap().next() } {
                    // The report is on stderr already; the other cases are to be seen too.
                    if catch_unwind(AssertUnwindSafe(|| check(case))).is_err() {
                        wrong.lock().unwrap().push(case.name.clone());
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "these cases ended otherwise: {}", wrong.join(", "));
}

fn check(case: &Case) {
    let Played { transcript, world } = case.play().unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&case.folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, shown) in REDACTED {
        settings.add_filter(pattern, shown);
    }
    settings.bind(|| {
        insta::assert_snapshot!("transcript", transcript);
        insta::assert_snapshot!("world", world);
    });
}

#[test]
fn a_case_has_all_its_files_and_no_other() {
    let mut wrong = Vec::new();
    for case in cases().unwrap() {
        let commands = case.commands().unwrap_or_default();
        let names: Vec<String> = std::fs::read_dir(&case.folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        for own in OWN_FILES.iter().filter(|own| !names.iter().any(|name| name == *own)) {
            wrong.push(format!("{}: {own} is missing", case.name));
        }
        for name in names.iter().filter(|name| !OWN_FILES.contains(&name.as_str())) {
            if !commands.split_whitespace().any(|word| word == name) {
                wrong.push(format!("{}: no command names {name}", case.name));
            }
        }
        if !commands.starts_with("# ") {
            wrong.push(format!("{}: its commands don't begin with what is to be seen", case.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
