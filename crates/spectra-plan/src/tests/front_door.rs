//! The front door: what it hands on, and to whom.

use super::*;

const MANIFEST: &str = "config/projects/m.yml";

/// Three boards in one manifest.
fn three() -> String {
    let more = |id: &str| format!("  - id: {id}\n    projectProvisioning: {{title: {id}}}\n");
    format!("{SOUND}{}{}", more("two"), more("three"))
}

fn launched(ran: &Ran) -> Vec<String> {
    let line = |launch: &Launch| {
        let args: Vec<_> = launch.args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        args.join(" ")
    };
    ran.launched.iter().map(line).collect()
}

#[test]
fn up_plans_and_hands_the_plan_to_the_applier_with_its_flags() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    let ran = spectra_in(&place, "project up config/projects/m.yml --sandbox --apply --limits none", &[2]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(launched(&ran), [".spectra/output/project/one --sandbox --apply --limits none"]);
    assert!(ran.launched[0].last, "nothing is left to do");
    assert!(place.has(".spectra/output/project/one/plan.json"));
    // What the applier prints is the data.
    assert_eq!(ran.stdout, "");
}

#[test]
fn the_planners_flags_may_stand_anywhere() {
    for args in [
        "project up --out o --project two config/projects/m.yml --apply",
        "project up config/projects/m.yml --apply --project two --out=o",
        "project up config/projects/m.yml --project=two --apply --out o --root .",
    ] {
        let place = Place::with(&[(MANIFEST, &three())]);
        let ran = spectra_in(&place, args, &[]);
        assert_eq!(
            (ran.code, launched(&ran)),
            (0, vec!["o/two --apply".to_owned()]),
            "{args}: {}",
            ran.stderr
        );
    }
    let place = Place::with(&[(MANIFEST, SOUND)]);
    let ran = spectra_in(&place, "project up config/projects/m.yml --project", &[]);
    assert_eq!((ran.code, ran.launched.len()), (64, 0));
}

#[test]
fn several_boards_go_in_turn_and_the_worst_code_is_the_end() {
    let place = Place::with(&[(MANIFEST, &three())]);
    let ran = spectra_in(&place, "project up config/projects/m.yml --apply", &[1, 77, 0]);
    assert_eq!((ran.code, ran.launched.len()), (77, 3));
    assert!(ran.launched.iter().all(|launch| !launch.last));
    let stopped = spectra_in(&place, "project up config/projects/m.yml --apply", &[75]);
    assert_eq!((stopped.code, stopped.launched.len()), (75, 1));
    assert!(stopped.stderr.contains("not begun: two, three"), "{}", stopped.stderr);
}

/// The project's board, and one of an activity, each with a dependency on the other.
const BOTH_WAYS: &str = "schemaVersion: 1
id: m
owner: {type: org, slug: acme}
repository: acme/app
projects:
  - id: one
    projectProvisioning: {title: One}
    initiative: {id: initiative, title: All}
    activities:
      - id: first
        title: First
        tasks: [{id: a, title: A}, {id: b, title: B, dependsOn: [second/x]}]
      - id: second
        title: Second
        projectProvisioning: {title: Two}
        tasks: [{id: x, title: X, dependsOn: [first/a]}]
";

#[test]
fn a_board_whose_edges_lead_to_later_boards_is_applied_once_more() {
    let place = Place::with(&[(MANIFEST, BOTH_WAYS)]);
    let up = |codes: &[u8]| spectra_in(&place, "project up config/projects/m.yml --apply", codes);
    let folders = |ran: &Ran| {
        launched(ran).iter().map(|line| line.replace(".spectra/output/project/", "")).collect::<Vec<_>>()
    };
    let ran = up(&[1, 0, 0]);
    assert_eq!(
        (ran.code, folders(&ran)),
        (0, ["one --apply", "one-second --apply", "one --apply"].map(str::to_owned).to_vec())
    );
    assert!(ran.stderr.contains("one once more"), "{}", ran.stderr);
    assert!(ran.launched.iter().all(|launch| !launch.last));
    // What fails again is the end; what failed for other reasons than an edge to a later board isn't tried again.
    assert_eq!((up(&[1, 0, 1]).code, up(&[1, 0, 1]).launched.len()), (1, 3));
    assert_eq!((up(&[0, 1]).code, up(&[0, 1]).launched.len()), (1, 2));
    assert_eq!((up(&[78, 0]).code, up(&[78, 0]).launched.len()), (78, 2));
    assert_eq!((up(&[1, 75]).code, up(&[1, 75]).launched.len()), (75, 2));
}

#[test]
fn a_refused_manifest_starts_nothing() {
    let place = Place::with(&[(MANIFEST, "id: x\n")]);
    let ran = spectra_in(&place, "project up config/projects/m.yml --apply", &[]);
    assert_eq!((ran.code, ran.launched.len()), (65, 0));
    assert_eq!(spectra_in(&place, "project up nowhere.yml --apply", &[]).code, 74);
}

#[test]
fn plan_and_apply_are_the_commands_of_that_name() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    let ran = spectra_in(&place, "project plan config/projects/m.yml", &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ".spectra/output/project/one\n"));
    let ran = spectra_in(&place, "project apply some/plan --dry-run --help", &[78]);
    assert_eq!((ran.code, launched(&ran)), (78, vec!["some/plan --dry-run --help".to_owned()]));
}

#[test]
fn a_missing_applier_is_told() {
    let place = Place::with(&[]);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let surroundings = surroundings(&place.root);
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    let code = spectra(words("spectra", "project apply x"), &mut terminal, &mut Pretend::default());
    assert_eq!(code, 1);
    assert!(String::from_utf8(stderr).unwrap().contains("`spectra-apply` is neither beside"));
}

#[test]
fn schemas_and_completions_are_printed() {
    let place = Place::with(&[]);
    let ran = spectra_in(&place, "schema manifest", &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, spectra_planner::MANIFEST_SCHEMA));
    for name in ["fragment", "fields", "config", "plan", "evidence"] {
        let ran = spectra_in(&place, &format!("schema {name}"), &[]);
        let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!(schema["$id"].as_str().unwrap().ends_with(&format!("/{name}.schema.json")));
    }
    let refused = spectra_in(&place, "schema nope", &[]);
    assert!(refused.code == 64 && refused.stderr.contains("evidence"), "{}", refused.stderr);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        for command in ["spectra", "spectra-plan"] {
            let ran = spectra_in(&place, &format!("completions {shell} --command {command}"), &[]);
            assert!(ran.code == 0 && ran.stdout.contains(command) && ran.stdout.contains("check"), "{shell}");
        }
    }
    assert_eq!(spectra_in(&place, "", &[]).code, 64);
    assert_eq!(spectra_in(&place, "--version", &[]).code, 0);
}

#[test]
fn manual_pages_of_all_commands_are_written_where_they_are_wanted() {
    let place = Place::with(&[]);
    let ran = spectra_in(&place, "man share/man1", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for page in ["spectra.1", "spectra-plan.1", "spectra-apply.1", "spectra-project-up.1"] {
        assert!(ran.stdout.contains(&format!("share/man1/{page}\n")));
        assert!(place.read(&format!("share/man1/{page}")).contains(".SH NAME"), "{page}");
    }
    fs::write(place.root.join("file"), "").unwrap();
    assert_eq!(spectra_in(&place, "man file", &[]).code, 74);
}
