//! A mistake is told where it was made and by the name of the thing, and what follows from it is not told.

use super::folder::{Folder, HEAD};
use super::*;

/// One piece of the demo replaced: one mistake, in this line of what was put there, with these words.
#[track_caller]
fn check(from: &str, to: &str, code: &str, at: &str, words: &[&str]) {
    let text = demo(&[(from, to)]);
    let offset = text.find(to).unwrap() + to.find(at).unwrap();
    let (line, column) = place(&text, offset);
    let found = refused(text.as_bytes());
    let [one] = found.as_slice() else { panic!("{to}: {found:#?}") };
    assert_eq!((one.code, one.span.line, one.span.column), (code, line, column), "{to}: {one:#?}");
    let said = format!("{} {}", one.message, one.help.as_deref().unwrap_or_default());
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
}

fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap().chars().count() + 1)
}

const SHARED: &str = "
projects:
  - id: board
    projectProvisioning:
      title: Board
      fields:
        - {name: Size, type: singleSelect, options: &sizes [{name: S, color: red}, {name: L, color: blue}]}
        - {name: Other, type: singleSelect, options: *sizes}
    activities:
      - {id: a, title: A, tasks: &tasks [{id: x, title: X}, {id: y, title: Y, dependsOn: [x], fields: {Size: S}}]}
      - {id: b, title: B, tasks: *tasks}
      - {id: c, title: C, tasks: *tasks}
";

#[test]
fn a_mistake_that_aliases_repeat_is_one_where_it_is_written() {
    let sound = format!("{HEAD}{SHARED}");
    assert!(refused(sound.as_bytes()).is_empty());
    for (from, to, code, at) in [
        ("color: blue", "color: bleu", "SP013", "bleu"),
        ("{name: L, color", "{nam: L, color", "SP004", "nam"),
        ("{name: L,", "{name: s,", "SP014", "s,"),
        ("color: blue}", "color: blue, color: red}", "SP003", "color: red"),
        ("title: Y", "title: \"\"", "SP033", "\"\""),
        ("dependsOn: [x]", "dependsOn: [z]", "SP019", "z"),
        ("dependsOn: [x]", "dependsOn: [y]", "SP021", "y"),
        ("{Size: S}", "{Size: XL}", "SP017", "XL"),
        ("{Size: S}", "{Size: {a: S}}", "SP005", "{a"),
    ] {
        let text = sound.replacen(from, to, 1);
        let (line, column) = place(&text, text.find(to).unwrap() + to.find(at).unwrap());
        let found = refused(text.as_bytes());
        let [one] = found.as_slice() else { panic!("{to}: {found:#?}") };
        assert_eq!((one.code, one.span.line, one.span.column), (code, line, column), "{to}: {one:#?}");
    }
}

#[test]
fn what_only_an_alias_does_wrong_is_told_there() {
    let text = format!("{HEAD}labels: [&l {{name: l, color: ededed}}, *l]\n{SHARED}");
    let found = refused(text.as_bytes());
    let [one] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((one.code, one.span.line, one.span.column), ("SP014", 5, 39));
}

#[test]
fn nothing_follows_from_a_list_that_is_empty() {
    let options = "options: [{name: Speech, color: green}, {name: Data, color: pink}]";
    check(options, "options: []", "SP026", "options", &["Areas"]);
    let phases = "iterations:
            - {title: Early, start: 2026-01-01, duration: 30, renamedFrom: [Begin]}
            - {title: Late, start: 2026-02-10, duration: 20}";
    let found = refused(demo(&[(phases, "iterations: []")]).as_bytes());
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), ["SP039"], "{found:#?}");
    let labels = "labels:
  - {name: bug, color: 5319e7, renamedFrom: [defect]}
  - {name: \"stage:Plan\", color: \"008672\", description: In planning}
  - {name: \"stage:Build\", color: 123e45, description: null}
";
    let milestones = "milestones:
  - {title: Go live, dueOn: 2026-03-31, description: It runs, renamedFrom: [Alpha]}
  - {title: 1.10, dueOn: null, description: null}
";
    for (list, code, words) in [
        (labels, "SP015", "and the manifest declares no labels"),
        (milestones, "SP037", "and the manifest declares no milestones"),
    ] {
        let found = refused(demo(&[(list, "")]).as_bytes());
        let [one] = found.as_slice() else { panic!("{found:#?}") };
        assert!(one.code == code && one.message.contains(words), "{one:#?}");
    }
}

#[test]
fn an_activity_without_a_stage_is_one_mistake_there() {
    let labels = "activity: {labels: [\"stage:{stage}\"]";
    let more = "activity: {labels: [\"stage:{stage}\", \"{stage}\"], fields: {Note: \"{stage}\"}";
    let text = demo(&[(labels, more), ("title: Build it\n        stage: Build\n", "title: Build it\n")]);
    let found = refused(text.as_bytes());
    let about: Vec<&Diagnostic> = found.iter().filter(|one| one.code == "SP024").collect();
    let [one] = about.as_slice() else { panic!("{found:#?}") };
    assert_eq!(one.message, "activity `build` has no stage for `{stage}` to stand for");
    let line = text.lines().position(|line| line.contains("- id: build")).unwrap() + 1;
    assert_eq!(one.span.line, line);
}

#[test]
fn an_unknown_key_stands_for_no_two_others() {
    let body = "{id: top, title: The demo, body: Text,";
    check("{id: top, title: The demo,", &format!("{body} draft: true,"), "SP004", "draft", &["`draft`"]);
}

#[test]
fn nothing_follows_from_what_two_files_say_differently() {
    let main = format!(
        "{HEAD}includes: [f.yml]\nstages: [Plan, Build]\nprojects:\n  - id: board\n    projectProvisioning: {{title: Board}}\n    activities:\n      - {{id: plan, title: Plan, stage: Plan}}\n      - {{id: build, title: Build, stage: Build}}\n"
    );
    let fragment =
        "projects: [{id: board, activities: [{id: plan, stage: Build}, {id: build, dependsOn: [plan]}]}]\n";
    for (main, fragment) in [
        (main.clone(), fragment.to_owned()),
        (
            main.replace("stage: Plan}", "stage: Build, dependsOn: [build]}"),
            fragment.replace("stage: Build}, {id: build, dependsOn: [plan]}", "stage: Plan}"),
        ),
    ] {
        let found = Folder::of(&[("m.yml", &main), ("f.yml", &fragment)]).mistake(&["m.yml"]);
        assert!(found.0.starts_with("SP060 f.yml:1:"), "{found:?}");
    }
}

#[test]
fn the_thing_is_named() {
    check("{name: bug,", "{name: \" bug\",", "SP033", "\" bug", &["a label's name ` bug`"]);
    check("{name: Speech,", "{name: \" Speech\",", "SP033", "\" Speech", &["` Speech`"]);
    check("{title: Early,", "{title: \"Early \",", "SP033", "\"Early", &["`Early `"]);
    check("{name: Estimate,", "{name: \"Estimate \",", "SP033", "\"Estimate", &["`Estimate `"]);
    check("{title: Go live,", "{title: \"Go live \",", "SP033", "\"Go", &["`Go live `"]);
    check("title: Sketch", "title: \"a\\nb\"", "SP033", "\"a", &["`a…b`"]);
    check(
        "{name: bug, color: 5319e7,",
        "{name: bug,",
        "SP006",
        "{name",
        &["label `bug` needs the key `color`"],
    );
    check("duration: 14", "duration: 14d", "SP005", "14d", &["`14d` is text"]);
    let block = "  - name: bug\n    color: #5319e7\n    renamedFrom: [defect]";
    let flow = "  - {name: bug, color: 5319e7, renamedFrom: [defect]}";
    check(flow, block, "SP005", "color", &["would begin a comment"]);
    check(flow, &flow.replace("5319", "#5319"), "SP002", "{", &["this `{` is not closed"]);
    check("color: 5319e7", "color: \"#5319e7\"", "SP013", "\"#", &["such as 5319e7"]);
    check("id: sketch,", "id: My_Sketch,", "SP010", "My_", &["such as my-sketch"]);
    check("dependsOn: [first, ", "dependsOn: [/first, ", "SP010", "/first", &["such as first"]);
}

#[test]
fn an_id_is_found_wherever_it_stands() {
    for (wrong, meant) in
        [("frist", "first"), ("plann", "plan"), ("skecth", "plan/sketch"), ("plan/skecth", "plan/sketch")]
    {
        let to = format!("dependsOn: [first, {wrong}]");
        let help = format!("did you mean `{meant}`?");
        check("dependsOn: [first, plan/sketch]", &to, "SP019", wrong, &[&help]);
    }
    let to = "dependsOn: [first, x]";
    check("dependsOn: [first, plan/sketch]", to, "SP019", "x", &["write a sibling's id"]);
}

#[test]
fn names_and_numbers_that_only_look_right_are_refused() {
    for version in ["1.0", "1e0", "0x1", "+1"] {
        check("schemaVersion: 1", &format!("schemaVersion: {version}"), "SP009", version, &[version]);
    }
    check("stages: [Plan, Build]", "stages: [Plan, Build, plan]", "SP014", "plan", &["`plan`", "line 5"]);
    check("dueOn: 2026-03-31", "dueOn: 0000-03-31", "SP040", "0000", &["0000-03-31"]);
    check("renamedFrom: [defect]", "renamedFrom: [bug]", "SP034", "bug", &["`bug` is the label's own name"]);
    check("renamedFrom: [Size]", "renamedFrom: [\"\"]", "SP033", "\"\"", &["an old name of a field"]);
    check("Note: 2026,", "Note: \"<!-- spectra:x -->\",", "SP030", "\"<", &["`Note`"]);
    assert!(refused(demo(&[("renamedFrom: [defect]", "renamedFrom: [Bug]")]).as_bytes()).is_empty());
}
