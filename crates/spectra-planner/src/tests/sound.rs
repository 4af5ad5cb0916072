//! Sound manifests, to the last byte of their files.

use std::collections::BTreeSet;

use spectra_model::plan::{Layout, Level, Plan};

use super::*;
use crate::Code;

#[test]
fn a_sound_manifest_is_planned_to_the_last_byte() {
    let (boards, warnings) = planned(DEMO);
    let [board] = boards.as_slice() else { panic!("one board") };
    let mut desired: serde_json::Value = serde_json::from_str(&board.json).unwrap();
    // The preview is the reconciler's, and its tests are there.
    desired.as_object_mut().unwrap().remove("operations");
    insta::assert_snapshot!("plan_json", spectra_model::json::to_document(&desired).unwrap());
    insta::assert_snapshot!("plan_md", board.markdown);
    let codes: Vec<_> = warnings.iter().map(|warning| (warning.code, warning.span.line)).collect();
    assert_eq!(codes, []);
}

#[test]
fn the_plan_is_whole_and_its_preview_is_the_reconcilers() {
    let (boards, _) = planned(DEMO);
    let plan = Plan::parse(boards[0].json.as_bytes()).unwrap();
    let preview = spectra_reconciler::preview(&plan);
    assert_eq!(plan.operations.len(), preview.changes.len());
    assert_eq!(plan.forecast.content_creations, preview.forecast.content_creations);
    assert!(plan.forecast.content_creations > 0);
}

#[test]
fn the_sums_are_those_of_the_files() {
    let (boards, _) = planned(DEMO);
    let sums: Vec<_> = boards[0].sums.lines().collect();
    let line = |text: &str, name| format!("{}  {name}", spectra_model::json::sha256(text.as_bytes()));
    assert_eq!(sums, [line(&boards[0].json, "plan.json"), line(&boards[0].markdown, "plan.md")]);
}

#[test]
fn one_project_can_be_asked_for_and_all_are_checked() {
    let two = format!("{DEMO}  - id: second-board\n    projectProvisioning: {{title: Second}}\n");
    assert_eq!(planned(&two).0.len(), 2);
    let ask = |text: &str| {
        let mut sources = sources(text.as_bytes());
        sources.project = Some("second-board".to_owned());
        plan(sources)
    };
    let Outcome::Planned { boards, .. } = ask(&two) else { panic!("sound") };
    assert_eq!(boards.iter().map(|board| board.plan.slug.as_str()).collect::<Vec<_>>(), ["second-board"]);
    assert!(matches!(ask(&two.replace("title: Second}", "titel: Second}")), Outcome::Refused { .. }));
}

#[test]
fn two_manifests_cannot_share_a_slug() {
    let folder = Folder::of(&[("config/again.yml", DEMO), ("config/demo.yml", DEMO)]);
    let diagnostics = folder.refused(&["config/demo.yml", "config/again.yml"]);
    let errors: Vec<_> = diagnostics.iter().filter(|one| one.code == Code::RepeatedSlug.as_str()).collect();
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].file.as_str(), errors[0].span.line), ("config/again.yml", 14));
    assert_eq!(errors[0].help.as_deref(), Some("the other one stands in line 14 of config/demo.yml"));
}

fn published(name: &str) -> Plan {
    let path = format!("{}/../../config/projects/{name}.yml", env!("CARGO_MANIFEST_DIR"));
    #[expect(clippy::disallowed_methods, reason = "the test reads the example; the crate does not")]
    let text = std::fs::read_to_string(path).unwrap();
    let (mut boards, warnings) = planned(&text);
    assert_eq!(warnings, []);
    assert_eq!(boards.len(), 1);
    boards.remove(0).plan
}

#[test]
fn a_renamed_project_keeps_the_keys_of_its_issues() {
    let plan = planned(DEMO).0.remove(0).plan;
    let keys = |key: &str| {
        let issues = plan.issues.iter().map(|issue| (&issue.key, &issue.renamed_from));
        let all = issues.chain(plan.drafts.iter().map(|draft| (&draft.key, &draft.renamed_from)));
        let (_, old) = all.into_iter().find(|(own, _)| own.as_str() == key).unwrap();
        old.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(keys("board/top"), ["panel/top"]);
    assert_eq!(keys("board/plan"), ["board/design", "panel/plan", "panel/design"]);
    assert_eq!(
        keys("board/plan/sketch"),
        ["board/design/sketch", "panel/plan/sketch", "panel/design/sketch"]
    );
    assert_eq!(keys("board/build/idea"), ["panel/build/idea"]);
}

#[test]
fn the_small_example_is_read_in_a_minute() {
    let plan = published("hello");
    assert_eq!((plan.slug.as_str(), plan.issues.len()), ("hello", 6));
}

#[test]
fn the_published_example_is_planned() {
    let plan = published("alana");
    let of = |level| plan.issues.iter().filter(|issue| issue.level == level).count();
    assert_eq!((of(Level::Initiative), of(Level::Activity)), (1, 9));
    assert!(of(Level::Task) >= 45);
    assert_eq!(plan.fields.iter().map(|field| field.r#type).collect::<BTreeSet<_>>().len(), 6);
    assert_eq!((plan.milestones.len(), plan.views.len()), (3, 3));
    assert_eq!(plan.fields.iter().map(|field| field.iterations.len()).sum::<usize>(), 5);
    let layouts: BTreeSet<Layout> = plan.views.iter().map(|view| view.layout).collect();
    assert_eq!(layouts.len(), 3);
    assert!(plan.links.iter().any(|link| link.team().is_some()));
    assert!(plan.links.iter().any(|link| link.repository().is_some()));
    assert!(plan.issues.iter().all(|issue| issue.issue_type.value().is_some()));
}

#[test]
fn plans_are_as_their_schema_says() {
    let schema = serde_json::from_str(crate::PLAN_SCHEMA).unwrap();
    let validator = jsonschema::options().offline().build(&schema).unwrap();
    let closed = demo(&[
        ("state: open", "state: closed"),
        ("title: Demo board", "title: D\n      visibility: public\n      description: null"),
    ]);
    for text in [DEMO, &closed] {
        let mut plan = serde_json::from_str(&planned(text).0[0].json).unwrap();
        let errors: Vec<_> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        plan["issues"][0]["surplus"] = true.into();
        assert!(!validator.is_valid(&plan));
    }
}

#[test]
fn a_page_that_would_be_too_long_says_what_it_leaves_out() {
    let mut text = DEMO.to_owned();
    for activity in 0..90 {
        text.extend([format!(
            "      - id: a{activity}\n        title: \"{}{activity}\"\n        tasks:\n",
            "@|#".repeat(40)
        )]);
        for task in 0..90 {
            text.extend([format!("          - {{id: t{task}, title: \"{} {task}\"}}\n", "<b>".repeat(40))]);
        }
    }
    // Without a stage there is nothing for `{stage}` to stand for.
    let text = text.replace("activity: {labels: [\"stage:{stage}\"], ", "activity: {");
    let (boards, _) = planned(&text);
    let page = &boards[0].markdown;
    assert!(page.chars().count() <= 48_000, "{}", page.chars().count());
    assert!(page.contains("| Issues | 8198 |"), "{page}");
    assert!(page.contains("left out here"), "{page}");
    assert!(page.contains("`board/top`") && page.contains("`board/a89`"));
}

#[test]
fn dependencies_become_links_and_one_named_twice_is_one() {
    let twice = DEMO.replace("dependsOn: [plan]", "dependsOn: [plan, plan]");
    assert_ne!(twice, DEMO);
    let (boards, warnings) = planned(&twice);
    let codes: Vec<_> = warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::RepeatedDependency.as_str()]);
    let plan = Plan::parse(boards[0].json.as_bytes()).unwrap();
    let links: Vec<String> = plan
        .links
        .iter()
        .filter_map(|link| link.blocked_by())
        .map(|(issue, by)| format!("{issue} waits for {}", by.key()))
        .collect();
    insta::assert_debug_snapshot!(links);
}
