//! Input that is meant to do harm: it ends in an error, soon.

use super::folder::manifest;
use super::*;
use crate::limits::{FILES, TOTAL_BYTES};

fn codes(bytes: &[u8]) -> Vec<String> {
    let place = |one: &Diagnostic| format!("{} {}:{}", one.code, one.span.line, one.span.column);
    refused(bytes).iter().map(place).collect()
}

#[test]
fn aliases_nodes_and_nesting_have_an_end() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        bomb.extend([format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "))]);
    }
    assert_eq!(codes(bomb.as_bytes()).len(), 1);
    assert!(codes(bomb.as_bytes())[0].starts_with("SP067 "));
    let nested = |depth: usize| format!("x-: {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(codes(nested(39).as_bytes()).iter().all(|code| !code.starts_with("SP067")));
    assert_eq!(codes(nested(40).as_bytes()), ["SP067 1:44"]);
    assert_eq!(codes("[".repeat(100_000).as_bytes()), ["SP067 1:41"]);
    assert_eq!(codes("{a: ".repeat(100_000).as_bytes()).len(), 1);
    let block = (0..200).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n");
    assert_eq!(codes(block.as_bytes()).len(), 1);
    let aliases = |count: usize| format!("x-: [&a b, {}]", "*a, ".repeat(count));
    assert!(codes(aliases(1_000).as_bytes()).iter().all(|code| !code.starts_with("SP067")));
    assert!(codes(aliases(1_001).as_bytes())[0].starts_with("SP067 "));
}

#[test]
fn encodings_other_than_utf_8_are_named() {
    let utf_16 = |big: bool| {
        let text = "\u{feff}id: demo\n".encode_utf16();
        let bytes = text.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        bytes.collect::<Vec<u8>>()
    };
    for bytes in [utf_16(true), utf_16(false)] {
        let found = refused(&bytes);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "this is UTF-16, and only UTF-8 is read");
    }
    assert_eq!(codes(b"id: a\xff\n"), ["SP001 1:6"]);
    assert_eq!(codes(b"id: \"a\\0\"\n"), ["SP001 1:5"]);
}

#[test]
fn marks_and_line_breaks_change_nothing() {
    let (plain, _) = planned(DEMO);
    for text in [format!("\u{feff}{DEMO}"), DEMO.replace('\n', "\r\n"), DEMO.replace('\n', "\r")] {
        let (mut boards, _) = planned(&text);
        boards[0].plan.source = plain[0].plan.source.clone();
        assert_eq!(boards[0].plan, plain[0].plan);
        let wrong = text.replace("title: Sketch", "titel: Sketch");
        assert_eq!(codes(wrong.as_bytes()), codes(DEMO.replace("title: Sketch", "titel: Sketch").as_bytes()));
    }
    // The mark is no character of the first line.
    assert_eq!(codes(format!("\u{feff}idd: x{}", &DEMO[DEMO.find('\n').unwrap()..]).as_bytes()).len(), 2);
}

#[test]
fn all_files_together_have_an_end() {
    let text = manifest("includes: ['f/*.yml']");
    let bytes = u64::try_from(text.len()).unwrap() + 3 * 11;
    let mut folder = Folder::of(&[("m.yml", &text)]);
    for number in 0..3 {
        folder = folder.with(&format!("f/{number}.yml"), "labels: []\n");
    }
    assert_eq!(folder.clone().read_at_most(bytes, FILES).planned(&["m.yml"]).len(), 1);
    assert_eq!(folder.clone().read_at_most(TOTAL_BYTES, 4).planned(&["m.yml"]).len(), 1);
    folder.clone().read_at_most(bytes - 1, FILES).says(
        "SP067 m.yml:5:12",
        "with `f/2.yml` the files have more than 134217728 bytes in all",
        "plan fewer manifests at once, or split them",
    );
    let few = folder.read_at_most(TOTAL_BYTES, 3);
    few.says(
        "SP067 m.yml:5:12",
        "with `f/2.yml` there are more than 51000 files",
        "plan fewer manifests at once, or put texts into the manifest",
    );
    // The other three calls asked for it.
    assert_eq!(
        few.asked().iter().filter(|path| *path == "f/2.yml").count(),
        3,
        "what is too much is not read"
    );
}

#[test]
fn globs_that_stand_for_very_many_ways_end() {
    let pattern = "**/*/".repeat(200);
    let folder = Folder::of(&[("m.yml", &manifest(&format!("includes: ['{pattern}*.yml']")))]);
    // As deep as a test may ask; a real folder may be deeper still.
    let deep = folder.with(&format!("{}f.yml", "d/".repeat(90)), "labels: []\n");
    assert_eq!(deep.refused(&["m.yml"])[0].code, "SP063");
    let mut wide = Folder::of(&[("m.yml", &manifest(&format!("includes: ['{}*.yml']", "**/".repeat(300))))]);
    for number in 0..900 {
        wide = wide.with(&format!("{number}/x"), "");
    }
    assert_eq!(wide.refused(&["m.yml"]).len(), 1);
}

#[test]
fn names_that_nobody_could_mistype_are_not_compared() {
    // Each of a thousand long names with each of a thousand others would take minutes.
    let name = |letter: &str, number: usize| format!("{number:04}{}", letter.repeat(5_000));
    let labels: Vec<String> =
        (0..300).map(|n| format!("  - {{name: {}, color: ededed}}\n", name("a", n))).collect();
    let uses: Vec<String> = (0..300).map(|n| name("b", n)).collect();
    let text = manifest(&format!("labels:\n{}", labels.concat()))
        + &format!("    initiative: {{id: top, title: Top, labels: [{}]}}\n", uses.join(", "));
    let found = refused(text.as_bytes());
    assert_eq!(found.iter().filter(|one| one.code == "SP015").count(), 300);
    assert!(found.iter().all(|one| one.message.chars().count() <= 1_000));
}

#[test]
fn ten_thousand_fragments_worth_of_issues_take_no_more_time_than_one_file() {
    // A thousand fragments that each add to the same list: joining looks at each item once.
    let mut folder = Folder::of(&[("m.yml", &manifest("includes: ['f/*.yml']"))]);
    for number in 0..1_000 {
        let tasks: Vec<String> =
            (0..10).map(|task| format!("{{id: t{number}-{task}, title: T{number}-{task}}}")).collect();
        let activity = format!("{{id: a{number}, title: A{number}, tasks: [{}]}}", tasks.join(", "));
        folder = folder.with(
            &format!("f/{number:04}.yml"),
            format!("projects: [{{id: board, activities: [{activity}]}}]\n"),
        );
    }
    assert_eq!(folder.planned(&["m.yml"])[0].plan.issues.len(), 11_000);
}
