//! A backlog of a real one's size, and what does not depend on where or by whom a plan is made.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use spectra_sandbox::Clock;
use spectra_tests::github::START;
use spectra_tests::run::{Around, apply, plan};

/// How large a backlog is.
#[derive(Debug, Clone, Copy)]
struct Size {
    activities: usize,
    tasks: usize,
    dependencies: usize,
    milestones: usize,
    options: usize,
}

/// 1,818 issues with the initiative.
const REAL: Size = Size { activities: 37, tasks: 1780, dependencies: 700, milestones: 40, options: 23 };
const SMALL: Size = Size { activities: 3, tasks: 40, dependencies: 12, milestones: 4, options: 5 };

impl Size {
    fn issues(self) -> usize {
        1 + self.activities + self.tasks
    }
}

/// A backlog of three levels: bodies, labels, milestones, values in five fields, dependencies, views.
fn manifest(size: Size) -> String {
    let mut text = "\
schemaVersion: 1
id: large
owner: {type: org, slug: acme}
repository: acme/voice
labels: [{name: task, color: 0e8a16}]
milestones:
"
    .to_owned();
    for milestone in 1..=size.milestones {
        let (month, day) = (milestone % 12 + 1, milestone % 28 + 1);
        writeln!(text, "  - {{title: Milestone {milestone}, dueOn: 2026-{month:02}-{day:02}}}").unwrap();
    }
    text.push_str(
        "\
projects:
  - id: large
    projectProvisioning:
      title: A large backlog
      fields:
        - {name: Estimate, type: number}
        - {name: Target, type: date}
        - {name: Note, type: text}
        - {name: Iteration, type: iteration, start: 2026-01-05, duration: 14, count: 6}
        - name: Component
          type: singleSelect
          options:
",
    );
    for option in 1..=size.options {
        writeln!(text, "            - {{name: Component {option}, color: blue}}").unwrap();
    }
    text.push_str(
        "      views:
        - {name: All, layout: table, fields: [Title, Component, Estimate], groupBy: Component}
        - {name: Board, layout: board, columnBy: Status}
      issues: {derive: {task: {labels: [task], fields: {Component: Component 1}}}}
    initiative: {id: initiative, title: All of it}
    activities:
",
    );
    let mut dependencies = 0;
    for activity in 1..=size.activities {
        write!(text, "      - id: activity-{activity}\n        title: Activity {activity}\n        tasks:\n")
            .unwrap();
        // The first activities have one more where they don't share evenly.
        let more = usize::from(activity <= size.tasks % size.activities);
        for task in 1..=size.tasks / size.activities + more {
            let (day, milestone) = (task % 28 + 1, (activity + task) % size.milestones + 1);
            let depends = task > 1 && task % 5 != 0 && dependencies < size.dependencies;
            dependencies += usize::from(depends);
            let depends = if depends { format!(", dependsOn: [task-{}]", task - 1) } else { String::new() };
            writeln!(
                text,
                "          - {{id: task-{task}, title: Task {activity}.{task}, body: \"- [ ] Done\", \
                 milestone: Milestone {milestone}, fields: {{Estimate: {task}, Target: 2026-03-{day:02}, \
                 Note: Of activity {activity}, Iteration: Iteration {}}}{depends}}}",
                task % 6 + 1
            )
            .unwrap();
        }
    }
    assert_eq!(dependencies, size.dependencies);
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
fn a_real_backlog_goes_through_and_a_second_run_asks_little() {
    let issues = REAL.issues();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large.yml"), manifest(REAL)).unwrap();
    let planned = plan(folder.path(), &["large.yml"]);
    assert_eq!(planned.code, 0, "{}", planned.told());
    assert!(planned.stderr.contains(&format!("{issues} issues")), "{}", planned.stderr);

    let clock = Clock::fixed(START);
    let line = [".spectra/output/project/large", "--sandbox", "--apply"];
    let first = apply(folder.path(), &line, Around::nothing(1, &clock));
    assert_eq!(first.code, 0, "{}", first.stderr);
    let made = format!("{issues} issues, {} sub-issue links, {} dependencies", issues - 1, REAL.dependencies);
    assert!(first.stdout.contains(&made), "{}", first.stdout);
    // GitHub lets 500 creations through in an hour.
    let hours = i64::try_from((issues + REAL.dependencies) / 500).unwrap();
    assert!(clock.now().duration_since(START).as_hours() >= hours, "the windows were kept");

    let state = fs::read_to_string(folder.path().join(".spectra/sandbox/github.json")).unwrap();
    let second = apply(folder.path(), &line, Around::nothing(2, &clock));
    assert_eq!(second.code, 0, "{}", second.stderr);
    let (requests, mutations) = sent(&second.stdout);
    assert_eq!(mutations, 0);
    assert!(requests <= 60, "{requests} requests to find that nothing changes");
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
    let text = manifest(SMALL);
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
    for manifest in [fs::read_to_string(example).unwrap(), manifest(SMALL)] {
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
