//! `--baseline`: files, folders and exit codes.

use serde_json::Value;

use super::*;

const MANIFEST: &str = "config/projects/m.yml";
const OUT: &str = ".spectra/output/project";
const DIFFS: [&str; 2] = ["plan.diff.json", "plan.diff.md"];

/// Two boards, planned into `before`; then the first gets another title.
fn edited() -> Place {
    let two = format!(
        "{SOUND}  - id: two\n    projectProvisioning: {{title: Two}}\n    initiative: {{id: top, title: Top}}\n"
    );
    let place = Place::with(&[(MANIFEST, &two)]);
    assert_eq!(plan_in(&place.root, &format!("{MANIFEST} --out before")).code, 0);
    edit(&place, "title: Top}\n  -", "title: Peak}\n  -");
    place
}

fn edit(place: &Place, from: &str, to: &str) {
    let text = place.read(MANIFEST);
    assert!(text.contains(from), "{from}");
    fs::write(place.root.join(MANIFEST), text.replacen(from, to, 1)).unwrap();
}

fn plan(place: &Place, more: &str) -> Ran {
    plan_in(&place.root, &format!("{MANIFEST} {more}"))
}

fn operations(place: &Place, slug: &str) -> Vec<String> {
    let plan: Value = serde_json::from_str(&place.read(&format!("{OUT}/{slug}/plan.json"))).unwrap();
    let changes = plan["operations"].as_array().unwrap().iter();
    changes.map(|change| change["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_folder_of_plans_is_the_baseline_of_each_board() {
    let place = edited();
    let ran = plan(&place, "--baseline before");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("planned one: 1 issue, 0 fields, 1 label, 1 change since its baseline → "),
        "{}",
        ran.stderr
    );
    assert_eq!(operations(&place, "one"), ["update:issue:one/top"]);
    assert_eq!(operations(&place, "two"), Vec::<String>::new());
    for slug in ["one", "two"] {
        let diff: Value = serde_json::from_str(&place.read(&format!("{OUT}/{slug}/plan.diff.json"))).unwrap();
        let sha256 = spectra_model::json::sha256(place.read(&format!("before/{slug}/plan.json")).as_bytes());
        assert_eq!(diff["baseline"]["sha256"], sha256);
    }
    assert!(place.read(&format!("{OUT}/one/plan.diff.md")).contains("  - `title`: Top → Peak\n"));
    let sums = place.read(&format!("{OUT}/one/plan.sha256"));
    assert!(!sums.contains("diff"), "{sums}");
}

#[test]
fn a_plan_is_named_by_its_file_or_its_folder() {
    for named in ["before/one/plan.json", "before/one"] {
        let place = edited();
        let ran = plan(&place, &format!("--baseline {named}"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(operations(&place, "one"), ["update:issue:one/top"]);
        assert!(ran.stderr.contains("two: no baseline: planned as new\n"), "{}", ran.stderr);
        assert!(operations(&place, "two").contains(&"create:project:two".to_owned()));
        assert!(!place.has(&format!("{OUT}/two/plan.diff.md")));
        let both = plan(&place, &format!("--baseline before/two --baseline={named} --project one"));
        assert_eq!(both.code, 65, "{}", both.stderr);
        assert!(
            both.stderr
                .contains("is a plan of board `two`, and none of the boards is or was that one: `one`"),
            "{}",
            both.stderr
        );
        assert_eq!(plan(&place, &format!("--baseline before/two --baseline={named}")).code, 0);
        assert_eq!(operations(&place, "two"), Vec::<String>::new());
    }
}

#[test]
fn a_board_without_a_plan_there_is_new_and_that_is_said() {
    let place = edited();
    fs::remove_dir_all(place.root.join("before/two")).unwrap();
    let ran = plan(&place, "--baseline before --format json");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("two: no baseline in before: planned as new\n"), "{}", ran.stderr);
    assert!(serde_json::from_str::<Value>(&ran.stdout).is_ok());
    assert!(operations(&place, "two").contains(&"create:project:two".to_owned()));
    assert!(operations(&place, "one").contains(&"update:issue:one/top".to_owned()));
}

#[test]
fn a_renamed_board_finds_its_plan_under_the_old_name() {
    let place = edited();
    edit(&place, "- id: one\n", "- id: uno\n    renamedFrom: [one]\n");
    let ran = plan(&place, "--baseline before");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        operations(&place, "uno").iter().any(|id| id == "update:project:uno"),
        "{:?}",
        operations(&place, "uno")
    );
    assert!(!operations(&place, "uno").iter().any(|id| id.starts_with("create:issue")));
    assert_eq!(plan(&place, "--baseline before/one/plan.json").code, 0);
    assert!(operations(&place, "uno").iter().any(|id| id == "update:project:uno"));
    // Under a folder's name there may be another board's plan.
    fs::copy(place.root.join("before/two/plan.json"), place.root.join("before/one/plan.json")).unwrap();
    let ran = plan(&place, "--baseline before");
    assert_eq!(ran.code, 65);
    assert!(
        ran.stderr
            .contains("before/one/plan.json: is not this board's baseline: this is a plan of board `two`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_is_no_baseline_is_refused_and_nothing_is_written() {
    let place = edited();
    let json = place.read("before/one/plan.json");
    let write = |name: &str, text: &str| fs::write(place.root.join(name), text).unwrap();
    write("newer.json", &json.replacen("\"schemaVersion\": 1", "\"schemaVersion\": 2", 1));
    write("torn.json", &json[..100]);
    write("broken.json", &json.replacen("\"labels\": [\n        \"", "\"labels\": [\n        \"x", 1));
    fs::create_dir_all(place.root.join("odd/plan.json")).unwrap();
    for (named, code, says) in [
        ("nowhere", 74, "nowhere: can't be read"),
        ("nowhere/plan.json", 74, "can't be read"),
        ("odd", 74, "odd/plan.json: this is a folder, and a file is wanted"),
        (MANIFEST, 65, "is no baseline: plan.json is not a plan"),
        ("newer.json", 65, "newer.json: is no baseline: plan.json has schemaVersion 2"),
        ("torn.json", 65, "torn.json: is no baseline"),
        ("broken.json", 65, "broken.json: is no baseline: plan.json is not whole"),
        ("before --baseline before/one", 64, "board `one` has two baselines, before/one/plan.json and "),
    ] {
        let named =
            if named.starts_with("before ") { format!("{named} --baseline copy") } else { named.to_owned() };
        fs::create_dir_all(place.root.join("copy/one")).unwrap();
        write("copy/one/plan.json", &json);
        let ran = plan(&place, &format!("--baseline {named}"));
        assert_eq!(ran.code, code, "{named}: {}", ran.stderr);
        assert!(ran.stderr.contains(says), "{named}: {}", ran.stderr);
        assert_eq!(ran.stdout, "");
        assert!(!place.has(".spectra"), "{named}");
    }
    // A file that can't be read comes before any work; what is in it, after the manifest's mistakes.
    edit(&place, "title: Peak", "titel: Peak");
    assert_eq!(plan(&place, "--baseline nowhere").code, 74);
    let ran = plan(&place, "--baseline torn.json");
    assert!(ran.stderr.contains("SP004") && !ran.stderr.contains("torn"), "{}", ran.stderr);
}

#[test]
fn the_same_plan_twice_is_one_baseline() {
    let place = edited();
    assert_eq!(
        plan(&place, "--baseline before --baseline before/one --baseline before/one/plan.json").code,
        0
    );
    assert_eq!(operations(&place, "one"), ["update:issue:one/top"]);
}

#[test]
fn check_covers_the_comparison_and_a_plan_without_one_takes_its_files_away() {
    let place = edited();
    let with = "--baseline before";
    let ran = plan(&place, &format!("{with} --check"));
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(&format!("missing: {OUT}/one/plan.diff.md\n")), "{}", ran.stderr);
    assert!(!place.has(".spectra"));
    assert_eq!(plan(&place, with).code, 0);
    assert_eq!(plan(&place, &format!("{with} --check")).code, 0);
    fs::write(place.root.join(format!("{OUT}/one/plan.diff.md")), "edited").unwrap();
    let ran = plan(&place, &format!("{with} --check"));
    assert!(ran.stderr.contains(&format!("out of date: {OUT}/one/plan.diff.md\n")), "{}", ran.stderr);
    let ran = plan(&place, "--check");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(&format!("superfluous: {OUT}/two/plan.diff.json\n")), "{}", ran.stderr);
    assert_eq!(plan(&place, "").code, 0);
    for name in DIFFS {
        assert!(!place.has(&format!("{OUT}/one/{name}")) && !place.has(&format!("{OUT}/two/{name}")));
    }
    assert_eq!(plan(&place, "--check").code, 0);
}

#[test]
fn the_front_door_compares_too() {
    let place = edited();
    let ran = spectra_in(&place, &format!("project plan {MANIFEST} --baseline before"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(operations(&place, "one"), ["update:issue:one/top"]);
}
