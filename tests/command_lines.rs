//! The documents that are made from the command lines are current: `docs/cli/`, `docs/man/` and `docs/completions/`.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::BTreeMap;
use std::fs;

use spectra_tests::reference::{applier_completions, cli_pages, manual_pages, programs};
use spectra_tests::repository::{root, text_files};

/// Compares a folder with its pages, or writes them where `SPECTRA_WRITE_DOCS` asks for it.
fn check(folder: &str, pages: &BTreeMap<String, String>) {
    let place = root().join(folder);
    if std::env::var_os("SPECTRA_WRITE_DOCS").is_some() {
        fs::create_dir_all(&place).unwrap();
        for (name, text) in pages {
            fs::write(place.join(name), text).unwrap();
        }
        return;
    }
    let mut wrong: Vec<String> = fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !pages.contains_key(name))
        .map(|name| format!("superfluous: {folder}/{name}"))
        .collect();
    for (name, text) in pages {
        if fs::read_to_string(place.join(name)).ok().as_ref() != Some(text) {
            wrong.push(format!("out of date: {folder}/{name}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nwrite them anew: SPECTRA_WRITE_DOCS=1 cargo test -p spectra-tests --test command_lines",
        wrong.join("\n")
    );
}

#[test]
fn the_reference_is_current() {
    check("docs/cli", &cli_pages());
}

#[test]
fn the_manual_pages_are_current() {
    check("docs/man", &manual_pages().unwrap());
}

#[test]
fn the_appliers_completions_are_current() {
    check("docs/completions", &applier_completions());
}

#[test]
fn every_command_has_examples() {
    for (name, page) in manual_pages().unwrap() {
        assert!(page.contains("\nExamples:\n"), "{name}");
    }
}

const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A command as it is written for a shell, without what the shell does with it; None where it is none of ours.
fn words(line: &str) -> Option<Vec<&str>> {
    let line = [" #", " > ", " >> ", " | ", " && "]
        .iter()
        .fold(line, |line, mark| line.split(mark).next().unwrap_or(line));
    let is_setting = |word: &&str| word.contains('=') && !word.starts_with('-');
    // What a variable holds is in its name.
    let held = |word| if word == "\"$REVIEWED_SHA256\"" { SHA256 } else { word };
    let words: Vec<&str> = line.split_whitespace().skip_while(is_setting).map(held).collect();
    words
        .first()
        .is_some_and(|word| ["spectra", "spectra-plan", "spectra-apply"].contains(word))
        .then_some(words)
}

/// What is wrong with a command that a text shows.
fn mistake(line: &str) -> Option<String> {
    let words = words(line)?;
    let program = programs().into_iter().find(|program| Some(&program.get_name()) == words.first())?;
    let error = program.try_get_matches_from(&words).err().filter(clap::Error::use_stderr)?;
    Some(format!("{line}: {error}"))
}

#[test]
fn the_examples_of_every_command_are_taken() {
    let pages = cli_pages();
    let lines = pages.values().flat_map(|page| page.lines().map(str::trim));
    // A usage's further lines begin with the command too, and have placeholders.
    let examples: Vec<&str> =
        lines.filter(|line| line.starts_with("spectra") && !line.contains('<')).collect();
    assert!(examples.len() > 30, "the examples are found");
    let wrong: Vec<String> = examples.into_iter().filter_map(mistake).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_commands_in_the_documents_are_taken() {
    let mut found = 0;
    let mut wrong = Vec::new();
    for file in text_files().unwrap() {
        let is_document = file.path == "README.md" || (file.path.starts_with("docs/") && file.is_a("md"));
        if !is_document {
            continue;
        }
        for block in file.text.split("```sh\n").skip(1) {
            let block = block.split("```").next().unwrap_or_default().replace("\\\n", " ");
            for line in block.lines() {
                found += usize::from(words(line).is_some());
                wrong.extend(mistake(line).map(|why| format!("{}: {why}", file.path)));
            }
        }
    }
    assert!(found > 10, "the commands are found: {found}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_example_is_noticed() {
    assert!(mistake("GH_TOKEN=x spectra-apply plan --aply   # apply").is_some());
    assert!(mistake("spectra schema nope > file").is_some());
    assert_eq!(mistake("spectra-plan m.yml --check"), None);
    assert_eq!(mistake("cargo build"), None);
}
