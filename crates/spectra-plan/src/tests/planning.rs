//! The planning command: files, folders and exit codes.

use std::io::{ErrorKind, Write};

use serde_json::Value;

use super::*;

const MANIFEST: &str = "config/projects/m.yml";
const OUT: &str = ".spectra/output/project/one";

#[test]
fn a_sound_manifest_gives_three_files_and_says_where() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    let ran = plan_in(&place.root, MANIFEST);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, format!("{OUT}\n").as_str()), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("planned one: 1 issue, 0 fields, 1 label, "), "{}", ran.stderr);
    let sums = place.read(&format!("{OUT}/plan.sha256"));
    for (line, name) in sums.lines().zip(["plan.json", "plan.md"]) {
        let text = place.read(&format!("{OUT}/{name}"));
        assert_eq!(line, format!("{}  {name}", spectra_model::json::sha256(text.as_bytes())));
    }
    let names: Vec<_> =
        fs::read_dir(place.root.join(OUT)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn the_folder_plays_no_part_in_the_bytes() {
    let (one, two) = (Place::with(&[(MANIFEST, SOUND)]), Place::with(&[(MANIFEST, SOUND)]));
    assert_eq!(plan_in(&one.root, MANIFEST).code, 0);
    fs::create_dir_all(two.root.join("elsewhere")).unwrap();
    let manifest = two.root.join(MANIFEST);
    assert_eq!(plan_in(&two.root.join("elsewhere"), &format!("{manifest} --out ../out")).code, 0);
    for name in ["plan.json", "plan.md", "plan.sha256"] {
        assert_eq!(one.read(&format!("{OUT}/{name}")), two.read(&format!("out/one/{name}")));
    }
}

#[test]
fn check_writes_nothing_and_tells_what_is_out_of_date() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    let check = format!("{MANIFEST} --check");
    assert_eq!(plan_in(&place.root, &check).code, 1);
    assert!(!place.has(".spectra"));
    assert_eq!(plan_in(&place.root, MANIFEST).code, 0);
    assert_eq!(plan_in(&place.root, &check).code, 0);
    fs::write(place.root.join(format!("{OUT}/plan.md")), "edited").unwrap();
    let ran = plan_in(&place.root, &check);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(&format!("out of date: {OUT}/plan.md\n")), "{}", ran.stderr);
    assert_eq!(place.read(&format!("{OUT}/plan.md")), "edited");
}

#[test]
fn one_bad_manifest_and_nothing_is_written_for_any() {
    let bad = SOUND.replace("id: one", "id: two").replace("title: Top", "titel: \u{1b}[31mTöp");
    let place = Place::with(&[(MANIFEST, SOUND), ("config/projects/bad.yml", &bad)]);
    let ran = plan_in(&place.root, "config/projects/m.yml config/projects/bad.yml");
    assert_eq!((ran.code, ran.stdout.as_str()), (65, ""));
    assert!(!place.has(".spectra"));
    let plain = Place::with(&[(MANIFEST, &SOUND.replace("title: Top", "titel: Töp"))]);
    assert_eq!(
        plan_in(&plain.root, MANIFEST).stderr,
        "error[SP004]: unknown key `titel`
 --> config/projects/m.yml:8:27
  |
8 |     initiative: {id: top, titel: Töp}
  |                           ^^^^^
  |
  = help: did you mean `title`?

1 error; nothing was written. Each code has a page: docs/diagnostics/
"
    );
}

#[test]
fn many_mistakes_and_long_lines_are_told_by_their_place() {
    let long = SOUND.replace("title: Top", &format!("titel: \"{}\"", "x".repeat(5_000)));
    let keys: Vec<_> = (0..300).map(|n| format!("k{n}: 1\n")).collect();
    let many = keys.concat() + SOUND;
    let place = Place::with(&[(MANIFEST, &long), ("many.yml", &many)]);
    assert_eq!(
        plan_in(&place.root, MANIFEST).stderr,
        "error[SP004]: unknown key `titel`
--> config/projects/m.yml:8:27
 = help: did you mean `title`?

1 error; nothing was written. Each code has a page: docs/diagnostics/
"
    );
    let ran = plan_in(&place.root, "many.yml");
    assert_eq!(ran.stderr.lines().filter(|line| line.ends_with('^')).count(), 200, "{}", ran.stderr);
    assert!(ran.stderr.contains("\n--> many.yml:300:1\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("300 errors; nothing was written"), "{}", ran.stderr);
}

#[test]
fn text_from_a_manifest_cannot_command_the_terminal() {
    let text = SOUND.replace("repository: acme/demo", "repository: \"a\\e[31m\u{9b}31m\"");
    let place = Place::with(&[(MANIFEST, &text)]);
    let ran = plan_in(&place.root, MANIFEST);
    assert_eq!(ran.code, 65);
    assert!(!ran.stderr.contains(['\u{1b}', '\u{9b}']), "{:?}", ran.stderr);
}

#[test]
fn two_boards_of_one_slug_are_refused() {
    let place = Place::with(&[(MANIFEST, SOUND), ("config/projects/n.yml", SOUND)]);
    let ran = plan_in(&place.root, "config/projects/m.yml config/projects/n.yml");
    assert_eq!(ran.code, 65);
    assert!(ran.stderr.contains("SP035"), "{}", ran.stderr);
    assert_eq!(plan_in(&place.root, "config/projects/m.yml ./config/projects/m.yml").code, 0);
}

#[test]
fn the_command_line_has_its_own_code() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    for args in ["", "--nope", "config/projects/m.yml --project nope", "config/projects/m.yml --root bin"] {
        fs::create_dir_all(place.root.join("bin")).unwrap();
        let ran = plan_in(&place.root, args);
        assert_eq!((ran.code, ran.stdout.as_str()), (64, ""), "{args}: {}", ran.stderr);
        assert!(ran.stderr.contains("error"), "{}", ran.stderr);
    }
    let help = plan_in(&place.root, "--help");
    assert_eq!(help.code, 0);
    assert!(help.stdout.contains("Examples:") && help.stderr.is_empty());
}

#[test]
fn what_is_no_readable_file_is_told_and_not_waited_for() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    for (args, said) in [
        ("nowhere.yml", "nowhere.yml: can't be read"),
        ("config", "config: this is a folder"),
        ("/dev/null", "/dev/null: this is a pipe or a device"),
    ] {
        let ran = plan_in(&place.root, args);
        assert_eq!(ran.code, 74);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    fs::write(place.root.join("file"), "").unwrap();
    let ran = plan_in(&place.root, &format!("{MANIFEST} --out file"));
    assert_eq!(ran.code, 74, "{}", ran.stderr);
}

#[test]
fn programs_get_json() {
    let warned = SOUND.replace(
        "title: Top}",
        "title: Top}\n    activities:\n      - {id: a, title: A}\n      - {id: b, title: B, dependsOn: [a, a]}",
    );
    let place = Place::with(&[(MANIFEST, &warned)]);
    let ran = plan_in(&place.root, &format!("{MANIFEST} --format json"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let plan = place.read(&format!("{OUT}/plan.json"));
    assert_eq!(json["plans"][0]["slug"], "one");
    assert_eq!(json["plans"][0]["path"], OUT);
    assert_eq!(json["plans"][0]["sha256"], spectra_model::json::sha256(plan.as_bytes()));
    assert_eq!(json["plans"][0]["counts"]["issues"], 3);
    let diagnostic = &json["diagnostics"][0];
    assert_eq!(
        (&diagnostic["code"], &diagnostic["severity"], &diagnostic["file"]),
        (&"SP032".into(), &"warning".into(), &MANIFEST.into())
    );
    for (key, number) in [("line", 11), ("column", 42), ("endLine", 11), ("endColumn", 43)] {
        assert_eq!(diagnostic[key], number, "{key}");
    }
    assert!(diagnostic["message"].is_string() && diagnostic["help"].is_string());
}

#[test]
fn programs_get_the_mistakes_too() {
    let place = Place::with(&[(MANIFEST, "id: x\n")]);
    let ran = plan_in(&place.root, &format!("{MANIFEST} --format json"));
    assert_eq!((ran.code, ran.stderr.as_str()), (65, ""));
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["plans"], Value::Array(Vec::new()));
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 3);
}

#[test]
fn programs_get_json_when_there_is_nothing_to_tell_too() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    for (args, code) in [("nowhere.yml", 74), ("config/projects/m.yml --project nope", 64)] {
        let ran = plan_in(&place.root, &format!("{args} --format json"));
        assert_eq!(ran.code, code);
        let json: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(json, serde_json::json!({"diagnostics": [], "plans": []}));
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}

#[test]
fn columns_are_characters_and_the_shape_is_the_documented_one() {
    let place = Place::with(&[(MANIFEST, &SOUND.replace("title: Top", "title: \"Öä🚀\", titel: x"))]);
    let ran = plan_in(&place.root, &format!("{MANIFEST} --format json"));
    assert_eq!(ran.code, 65);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "diagnostics": [{
                "code": "SP004", "severity": "error", "message": "unknown key `titel`", "file": MANIFEST, "line": 8,
                "column": 41, "endLine": 8, "endColumn": 46, "help": json["diagnostics"][0]["help"],
            }],
            "plans": [],
        })
    );
}

#[test]
fn check_names_what_is_missing_and_what_nothing_would_write() {
    let two = format!("{SOUND}  - id: two\n    projectProvisioning: {{title: Two}}\n");
    let other = SOUND.replace("id: demo", "id: other").replace("id: one", "id: third");
    let place = Place::with(&[(MANIFEST, &two), ("config/projects/n.yml", &other)]);
    let both = "config/projects/m.yml config/projects/n.yml";
    assert_eq!(plan_in(&place.root, both).code, 0);
    assert_eq!(plan_in(&place.root, &format!("{both} --check")).code, 0);
    fs::write(place.root.join(MANIFEST), SOUND).unwrap();
    fs::remove_file(place.root.join(format!("{OUT}/plan.md"))).unwrap();
    fs::write(place.root.join(format!("{OUT}/plan.diff.md")), "").unwrap();
    let said = |args: &str| -> (u8, Vec<String>) {
        let ran = plan_in(&place.root, args);
        let named =
            ran.stderr.lines().filter(|line| line.contains(": .spectra") && !line.contains("checked"));
        (ran.code, named.map(str::to_owned).collect())
    };
    let of_one = [
        format!("out of date: {OUT}/plan.json"),
        format!("out of date: {OUT}/plan.sha256"),
        format!("missing: {OUT}/plan.md"),
        format!("superfluous: {OUT}/plan.diff.md"),
    ];
    let of_two = ["plan.json", "plan.md", "plan.sha256"]
        .map(|name| format!("superfluous: .spectra/output/project/two/{name}"));
    for args in [format!("{both} --check"), format!("{MANIFEST} --check --format json")] {
        let (code, mut named) = said(&args);
        let mut wanted: Vec<_> = of_one.iter().chain(&of_two).cloned().collect();
        named.sort();
        wanted.sort();
        assert_eq!((code, named), (1, wanted), "{args}");
    }
    // Asked about one project, it says nothing of others; the other manifest's plan is as it was.
    let (code, named) = said(&format!("{MANIFEST} --check --project one"));
    assert_eq!((code, named.len()), (1, 4), "{named:?}");
    assert_eq!(said("config/projects/n.yml --check").0, 0);
    assert!(place.has(".spectra/output/project/two/plan.json"), "nothing is removed");
}

/// Runs `spectra-plan` as GitHub Actions does, with the repository checked out in `workspace`.
fn in_actions(place: &Place, workspace: &str, args: &str) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let surroundings =
        Surroundings { actions: Some(place.root.join(workspace)), ..surroundings(&place.root) };
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    let code = run(words("spectra-plan", args), &mut terminal);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code, stdout: text(stdout), stderr: text(stderr), launched: Vec::new() }
}

#[test]
fn in_actions_mistakes_are_annotated_and_nothing_else_changes() {
    let place = Place::with(&[(MANIFEST, &SOUND.replace("title: Top", "titel: Top"))]);
    let command = "line=8,col=27,endLine=8,endColumn=32,title=SP004::unknown key `titel`%0Ahelp: did you mean `title`?\n";
    for format in ["text", "json"] {
        let args = format!("{MANIFEST} --format {format}");
        let (plain, annotated) = (plan_in(&place.root, &args), in_actions(&place, ".", &args));
        assert_eq!((annotated.code, &annotated.stdout), (65, &plain.stdout));
        assert_eq!(annotated.stderr, format!("{}::error file={MANIFEST},{command}", plain.stderr));
    }
    // Paths are those of the repository, wherever the root is.
    let deeper = in_actions(&place, "config", MANIFEST);
    assert!(deeper.stderr.ends_with(&format!("::error file=projects/m.yml,{command}")), "{}", deeper.stderr);
}

#[test]
fn in_actions_the_same_files_are_written_and_no_text_commands_the_runner() {
    let (one, two) = (Place::with(&[(MANIFEST, SOUND)]), Place::with(&[(MANIFEST, SOUND)]));
    assert_eq!(plan_in(&one.root, MANIFEST).stdout, in_actions(&two, ".", MANIFEST).stdout);
    for name in ["plan.json", "plan.md", "plan.sha256"] {
        assert_eq!(one.read(&format!("{OUT}/{name}")), two.read(&format!("{OUT}/{name}")));
    }
    let hostile = SOUND.replace("title: Top", "title: Top, \"::add-mask::x ##[add-mask]y\": 1");
    let place = Place::with(&[(MANIFEST, &hostile)]);
    for format in ["text", "json"] {
        let ran = in_actions(&place, ".", &format!("{MANIFEST} --format {format}"));
        assert_eq!(ran.code, 65);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        let commands: Vec<&str> = said.lines().filter(|line| line.trim_start().starts_with("::")).collect();
        assert!(commands.iter().all(|line| line.starts_with("::error file=")), "{said}");
        let others = said.lines().filter(|line| !commands.contains(line));
        assert!(others.into_iter().all(|line| !line.contains("##[")), "{said}");
        if format == "json" {
            let json: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert!(json["diagnostics"][0]["message"].as_str().unwrap().contains("##[add-mask]"));
        }
    }
}

/// A reader that went away.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_is_silent() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    let (mut stdout, mut stderr) = (Closed, Vec::new());
    let surroundings = surroundings(&place.root);
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    assert_eq!(run(words("spectra-plan", MANIFEST), &mut terminal), 0);
    assert!(!String::from_utf8(stderr).unwrap().contains("error"));
}

#[test]
fn colour_is_for_terminals() {
    let place = Place::with(&[(MANIFEST, "id: x\n")]);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let surroundings = Surroundings { colour: true, ..surroundings(&place.root) };
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    assert_eq!(run(words("spectra-plan", MANIFEST), &mut terminal), 65);
    assert!(stderr.contains(&0x1b));
    assert!(!plan_in(&place.root, MANIFEST).stderr.contains('\u{1b}'));
}
