//! Five hundred issues, and what does not depend on where or by whom a plan is made.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use spectra_sandbox::Clock;
use spectra_tests::github::START;
use spectra_tests::run::{Around, apply, plan};

const ACTIVITIES: usize = 9;
const TASKS: usize = 54;
const ISSUES: usize = 1 + ACTIVITIES * (1 + TASKS);

/// A backlog of about five hundred issues, with bodies, labels and values.
fn manifest() -> String {
    let mut text = "\
schemaVersion: 1
id: large
owner: {type: org, slug: acme}
repository: acme/voice
labels: [{name: task, color: 0e8a16}]
projects:
  - id: large
    projectProvisioning:
      title: A large backlog
      fields:
        - {name: Priority, type: singleSelect, options: [{name: High, color: red}, {name: Low, color: gray}]}
        - {name: Estimate, type: number}
      issues: {derive: {task: {labels: [task], fields: {Priority: Low}}}}
    initiative: {id: initiative, title: All of it}
    activities:
"
    .to_owned();
    for activity in 1..=ACTIVITIES {
        write!(text, "      - id: activity-{activity}\n        title: Activity {activity}\n        tasks:\n")
            .unwrap();
        for task in 1..=TASKS {
            writeln!(
                text,
                "          - {{id: task-{task}, title: Task {activity}.{task}, body: \"- [ ] Done\", fields: {{Estimate: {task}}}}}"
            )
            .unwrap();
        }
    }
    text
}

/// The numbers before these words in the line that begins with `Sent:`.
fn sent(stdout: &str) -> (u64, u64) {
    let line = stdout.lines().find(|line| line.starts_with("Sent:")).unwrap();
    let number = |what: &str| {
        let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
        let at = words.iter().position(|word| *word == what).unwrap();
        words.get(at - 1).unwrap().parse().unwrap()
    };
    (number("requests"), number("mutations"))
}

#[test]
fn five_hundred_issues_go_through_and_a_second_run_asks_little() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large.yml"), manifest()).unwrap();
    let planned = plan(folder.path(), &["large.yml"]);
    assert_eq!(planned.code, 0, "{}", planned.told());
    assert!(planned.stderr.contains(&format!("{ISSUES} issues")), "{}", planned.stderr);

    let clock = Clock::fixed(START);
    let line = [".spectra/output/project/large", "--sandbox", "--apply"];
    let first = apply(folder.path(), &line, Around::nothing(1, &clock));
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stdout.contains(&format!("{ISSUES} issues, {} sub-issue links", ISSUES - 1)));
    // GitHub lets 500 creations through in an hour: the board, its fields, its labels and the issues are more.
    assert!(clock.now().duration_since(START).as_hours() >= 1, "the windows were kept");

    let state = fs::read_to_string(folder.path().join(".spectra/sandbox/github.json")).unwrap();
    let second = apply(folder.path(), &line, Around::nothing(2, &clock));
    assert_eq!(second.code, 0, "{}", second.stderr);
    let (requests, mutations) = sent(&second.stdout);
    assert_eq!(mutations, 0);
    assert!(requests <= 40, "{requests} requests to find that nothing changes");
    let after = fs::read_to_string(folder.path().join(".spectra/sandbox/github.json")).unwrap();
    assert_eq!(without_time(&state), without_time(&after), "GitHub holds the same, to the byte");
}

/// A world without what passes by itself: the time, and what was due.
fn without_time(state: &str) -> Value {
    let mut world: Value = serde_json::from_str(state).unwrap();
    let world_of = world.as_object_mut().unwrap();
    for member in ["now", "queue"] {
        world_of.remove(member).unwrap();
    }
    world
}

#[test]
fn plans_are_the_same_bytes_in_any_folder() {
    let text = manifest();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deep = other.path().join("über all/das Verzeichnis");
    fs::create_dir_all(deep.join("config/projects")).unwrap();
    fs::create_dir_all(one.path().join("config/projects")).unwrap();
    for folder in [one.path(), &deep] {
        fs::write(folder.join("config/projects/large.yml"), &text).unwrap();
    }
    // From the root, from beside it with another spelling, and from the manifest's own folder.
    let far = tempfile::tempdir().unwrap();
    let ended = [
        plan(one.path(), &["config/projects/large.yml"]),
        plan(&deep.join("config"), &["../config/./projects/large.yml", "--out", "out"]),
        plan(far.path(), &[deep.join("config/projects/large.yml").to_string_lossy()]),
    ];
    for ended in &ended {
        assert_eq!(ended.code, 0, "{}", ended.told());
    }
    for name in ["plan.json", "plan.md", "plan.sha256"] {
        let read = |folder: &Path| fs::read(folder.join("large").join(name)).unwrap();
        let expected = read(&one.path().join(".spectra/output/project"));
        assert!(expected == read(&deep.join("config/out")), "{name}");
        assert!(expected == read(&far.path().join(".spectra/output/project")), "{name}");
    }
}

/// The reviewer's preview is what the applier decides on a GitHub that is fresh.
#[test]
fn the_preview_is_the_change_set_of_a_fresh_github() {
    let folder = tempfile::tempdir().unwrap();
    let example = spectra_tests::repository::root().join("config/projects/alana.yml");
    for manifest in [fs::read_to_string(example).unwrap(), manifest()] {
        fs::write(folder.path().join("manifest.yml"), manifest).unwrap();
        let planned = plan(folder.path(), &["manifest.yml"]);
        assert_eq!(planned.code, 0, "{}", planned.told());
        let plan_folder = planned.stdout.trim_end();
        let line = [plan_folder, "--sandbox", "--format", "json"];
        let shown = apply(folder.path(), &line, Around::nothing(1, &Clock::fixed(START)));
        assert_eq!(shown.code, 0, "{}", shown.told());

        let plan: Value =
            serde_json::from_slice(&fs::read(folder.path().join(plan_folder).join("plan.json")).unwrap())
                .unwrap();
        let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
        assert_eq!(shown.get("changes"), plan.get("operations"));
        let forecast = |of: &Value, name: &str| of.get("forecast").unwrap().get(name).unwrap().clone();
        for name in ["contentCreations", "seconds"] {
            assert_eq!(forecast(&shown, name), forecast(&plan, name), "{name}");
        }
    }
}
