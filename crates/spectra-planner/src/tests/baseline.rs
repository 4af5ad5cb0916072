//! Plans against earlier plans: the laws, a page to the last byte, and what is no baseline.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;
use spectra_model::change::{Action, Kind};
use spectra_model::json::sha256;
use spectra_model::plan::{Plan, PlanError};

use super::*;
use crate::{Baseline, BaselineError, render};

type Edit = (&'static str, bool, &'static [(&'static str, &'static str)]);

/// Each an edit of the demo that can be made with any of the others: its name, whether it only renames or moves, and what
/// is replaced by what.
const EDITS: &[Edit] = &[
    ("retitled project", false, &[("title: Demo board", "title: Demo <board> @acme/all")]),
    (
        "readme",
        false,
        &[("What it is for.\n", "What it is for.\n\n        ```sh\n        rm *\n        ```\n")],
    ),
    (
        "body",
        false,
        &[(
            "- [x] two",
            "- [x] two\n              - [ ] three\n\n              ````\n              @octocat #1\n              ````",
        )],
    ),
    (
        "label renamed",
        true,
        &[
            (
                "name: bug, color: 5319e7, renamedFrom: [defect]",
                "name: flaw, color: 5319e7, renamedFrom: [bug]",
            ),
            ("labels: [bug]", "labels: [flaw]"),
            ("labels: [Bug, ", "labels: [flaw, "),
        ],
    ),
    ("label recoloured", false, &[("color: 123e45", "color: aaaaaa")]),
    (
        "milestone renamed",
        true,
        &[
            ("title: Go live, dueOn", "title: Launch, dueOn"),
            ("renamedFrom: [Alpha]", "renamedFrom: [Go live]"),
            ("milestone: Go live", "milestone: Launch"),
        ],
    ),
    (
        "field renamed",
        true,
        &[
            (
                "name: Estimate, type: number, renamedFrom: [Size]",
                "name: Effort, type: number, renamedFrom: [Estimate]",
            ),
            ("STATUS, Estimate", "STATUS, Effort"),
            ("field: Estimate", "field: Effort"),
            ("1.10, Estimate: 2.50", "1.10, Effort: 2.50"),
            ("fields: {Estimate: 1}", "fields: {Effort: 1}"),
        ],
    ),
    ("option renamed", true, &[("{name: Done, color", "{renamedFrom: [Done], name: Shipped, color")]),
    ("option dropped", false, &[(", {name: 1.2, color: red}", "")]),
    ("iteration renamed", true, &[("{title: Late,", "{renamedFrom: [Late], title: Later,")]),
    ("iterations added", false, &[("count: 3", "count: 4")]),
    ("view renamed", true, &[("name: Road,", "renamedFrom: [Road], name: Way,")]),
    ("view regrouped", false, &[("groupBy: sprint", "groupBy: phase")]),
    ("view refiltered", false, &[("is:open", "is:open label:bug")]),
    ("field dropped", false, &[("        - {name: Target, type: date}\n", ""), ("Target: 2026-02-28, ", "")]),
    ("team dropped", false, &[("teams: [data-platform]", "teams: []")]),
    ("issue retitled", false, &[("title: Inner", "title: Deep *inside*")]),
    ("value changed", false, &[("Areas: [Data, Speech]", "Areas: [Data]")]),
    (
        "issue moved",
        true,
        &[
            ("          - {id: second, title: Second, state: open, dependsOn: [first, plan/sketch]}\n", ""),
            (
                "- {id: sketch, title: Sketch}",
                "- {id: sketch, title: Sketch}\n          - {id: second, title: Second, state: open, \
             dependsOn: [sketch], renamedFrom: [build/second], labels: []}",
            ),
        ],
    ),
    ("issue renamed", true, &[("{id: dropped,", "{renamedFrom: [build/dropped], id: left,")]),
    (
        "draft gone",
        false,
        &[(
            "          - {id: idea, title: An idea, draft: true",
            "          - {id: ideas, title: An idea, draft: true",
        )],
    ),
    (
        "new issue",
        false,
        &[("- {id: sketch,", "- {id: draw, title: Draw, dependsOn: [sketch]}\n          - {id: sketch,")],
    ),
];

/// The demo, bodies managed, with these edits made.
fn edited(edits: &[usize]) -> String {
    let all = edits.iter().flat_map(|edit| EDITS[*edit].2.iter().copied());
    let changes: Vec<(&str, &str)> =
        std::iter::once(("body: createOnly", "body: managedRegion")).chain(all).collect();
    demo(&changes)
}

fn board(text: &str) -> Board {
    planned(text).0.remove(0)
}

fn since(before: &str, after: &str) -> Board {
    let baseline = Baseline::read(board(before).json.as_bytes()).unwrap();
    board(after).since(&baseline).unwrap()
}

fn ids(board: &Board) -> Vec<&str> {
    board.plan.operations.iter().map(|change| change.id.as_str()).collect()
}

#[test]
fn a_renamed_field_takes_its_generated_iterations_along() {
    let before = edited(&[]);
    let after = before
        .replace("name: Sprint, type: iteration,", "name: Cycle, renamedFrom: [Sprint], type: iteration,")
        .replace("groupBy: sprint", "groupBy: cycle")
        .replace("Sprint: Sprint 2", "Cycle: Cycle 2");
    let board = since(&before, &after);
    assert_eq!(ids(&board), ["update:field:Cycle"]);
    let change = board.plan.operations.first().unwrap();
    let titles: Vec<_> =
        change.members.iter().skip(1).map(|it| (it.old["title"].clone(), it.new["title"].clone())).collect();
    let pair = |number: u32| (format!("Sprint {number}").into(), format!("Cycle {number}").into());
    assert_eq!((titles, change.destructive), (vec![pair(1), pair(2), pair(3)], false));
}

fn subset() -> impl Strategy<Value = Vec<usize>> {
    proptest::sample::subsequence((0..EDITS.len()).collect::<Vec<_>>(), 0..=EDITS.len())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_same_plan_has_no_operations_and_any_other_says_what_differs(before in subset(), after in subset()) {
        let (old, new) = (edited(&before), edited(&after));
        let same = since(&old, &old);
        prop_assert_eq!(ids(&same), Vec::<&str>::new());
        prop_assert_eq!(same.plan.forecast.content_creations, 0);
        let one = since(&old, &new);
        prop_assert_eq!(&one, &since(&old, &new));
        prop_assert_eq!(ids(&one).is_empty(), before == after, "{:?}", ids(&one));
        // What the applier works on is the plan that it is without a baseline.
        let mut plan = Plan::parse(one.json.as_bytes()).unwrap();
        let fresh = board(&new);
        plan.operations.clone_from(&fresh.plan.operations);
        plan.operations.iter_mut().for_each(|change| change.steps.clear());
        (plan.forecast, plan.baseline) = (fresh.plan.forecast, None);
        prop_assert_eq!(plan.to_document().unwrap(), fresh.json);
        // Each change stands once, after what it requires.
        let mut seen = BTreeSet::new();
        for change in &one.plan.operations {
            prop_assert!(change.requires.iter().all(|id| seen.contains(id)), "{}", change.id);
            prop_assert!(seen.insert(change.id.clone()), "{}", change.id);
        }
        let diff = one.diff.unwrap();
        let document: Value = serde_json::from_str(&diff.json).unwrap();
        let plan: Value = serde_json::from_str(&one.json).unwrap();
        prop_assert_eq!(&document["changes"], &plan["operations"]);
        prop_assert!(diff.markdown.chars().count() <= 48_000);
    }
}

#[test]
fn each_edit_alone_is_seen_and_what_is_renamed_is_only_changed() {
    let old = edited(&[]);
    for (index, (name, is_renaming, _)) in EDITS.iter().enumerate() {
        let board = since(&old, &edited(&[index]));
        assert!(!board.plan.operations.is_empty(), "{name}");
        let is_edge = |kind: Kind| matches!(kind, Kind::SubIssue | Kind::BlockedBy);
        let others = board.plan.operations.iter().filter(|change| !is_edge(change.kind));
        let is_only_changed =
            others.clone().all(|change| change.action == Action::Update && !change.destructive);
        assert!(!is_renaming || is_only_changed, "{name}: {:#?}", ids(&board));
    }
}

#[test]
fn a_renamed_project_is_the_same_board() {
    let old = demo(&[]);
    let new = demo(&[
        ("id: board\n    renamedFrom: [panel]", "id: table\n    renamedFrom: [board]"),
        ("      title: Demo", "      managedLabel: \"project:board\"\n      title: Demo"),
    ]);
    let board = since(&old, &new);
    assert!(board.plan.operations.iter().all(|change| change.action == Action::Update), "{:#?}", ids(&board));
    assert_eq!(ids(&board)[0], "update:project:table");
    // Without the word it is another board.
    let stranger = demo(&[("id: board\n    renamedFrom: [panel]", "id: table")]);
    let baseline = Baseline::read(baseline::board(&old).json.as_bytes()).unwrap();
    let refused = baseline::board(&stranger).since(&baseline);
    assert!(
        matches!(&refused, Err(BaselineError::OtherBoard { theirs, ours })
        if theirs.as_str() == "board" && ours.as_str() == "table"),
        "{refused:?}"
    );
}

#[test]
fn the_files_of_a_comparison_are_as_they_are() {
    let everything: Vec<usize> = (0..EDITS.len()).collect();
    let old = edited(&[]);
    let board = since(&old, &edited(&everything));
    let baseline = sha256(baseline::board(&old).json.as_bytes());
    assert_eq!(board.plan.baseline.as_ref().map(|baseline| baseline.sha256.clone()), Some(baseline.clone()));
    let diff = board.diff.as_ref().unwrap();
    insta::assert_snapshot!("plan_diff_md", diff.markdown);
    let document: Value = serde_json::from_str(&diff.json).unwrap();
    let counts = diff.counts;
    assert_eq!(document["schemaVersion"], 1);
    assert_eq!(document["slug"], "board");
    assert_eq!(document["baseline"]["sha256"], baseline);
    assert_eq!(document["counts"], serde_json::to_value(counts).unwrap());
    let of = |action| board.plan.operations.iter().filter(|change| change.action == action).count();
    assert_eq!(
        (counts.create, counts.update, counts.delete),
        (of(Action::Create), of(Action::Update), of(Action::Delete))
    );
    assert!(diff.json.ends_with("}\n") && !diff.json.contains("\"steps\""));
    // The sums cover what the applier reads.
    assert_eq!(board.sums.lines().count(), 2);
    assert!(board.markdown.contains(&format!("Seen against the plan with the digest `{baseline}`")));
    assert!(board.markdown.contains("Changes that lose data: "), "{}", board.markdown);
}

#[test]
fn a_plan_that_was_compared_is_a_baseline_as_well() {
    let (one, two) = (edited(&[]), edited(&[0]));
    let compared = since(&one, &two);
    let baseline = Baseline::read(compared.json.as_bytes()).unwrap();
    let board = board(&two).since(&baseline).unwrap();
    assert_eq!(ids(&board), Vec::<&str>::new());
    let markdown = board.diff.unwrap().markdown;
    assert!(markdown.ends_with("\n\nNothing: both plans want the same of GitHub.\n"), "{markdown}");
    assert!(board.markdown.contains("Nothing: both plans want the same of GitHub."));
}

#[test]
fn what_is_not_a_plan_of_this_version_is_no_baseline() {
    let json = board(DEMO).json;
    let newer = json.replacen("\"schemaVersion\": 1", "\"schemaVersion\": 2", 1);
    let torn = &json[..json.len() / 2];
    let unknown = json.replacen("\"slug\": \"board\"", "\"slug\": \"board\", \"more\": 1", 1);
    let broken = json.replacen("\"Sprint\": \"Sprint 2\"", "\"Sprint\": \"Sprint 9\"", 1);
    for text in ["", "[]", torn, &newer, &unknown, &broken] {
        assert!(Baseline::read(text.as_bytes()).is_err(), "{text}");
    }
    assert!(matches!(Baseline::read(newer.as_bytes()), Err(PlanError::Version { .. })));
    assert!(matches!(Baseline::read(broken.as_bytes()), Err(PlanError::Broken(_))));
}

/// A board of so many issues, each with a body of so many lines that says this.
fn large(issues: usize, lines: usize, says: &str) -> String {
    let mut text = "schemaVersion: 1\nid: big\nowner: {type: org, slug: acme}\nrepository: acme/big\nprojects:\n  - id: big\n    projectProvisioning: {title: Big}\n    activities:\n".to_owned();
    for activity in 0..issues.div_ceil(90) {
        text.extend([format!("      - id: a{activity}\n        title: A{activity}\n        tasks:\n")]);
        for task in 0..90 {
            let body: Vec<String> = (0..lines).map(|line| format!("{says} {line}")).collect();
            text.extend([format!(
                "          - {{id: t{task}, title: T{task} {says}, body: \"{}\"}}\n",
                body.join("\\n")
            )]);
        }
    }
    text
}

#[test]
fn a_page_of_any_size_fits_and_keeps_its_counts() {
    for (issues, lines) in [(90, 1), (90, 60), (2_700, 3)] {
        let (old, new) = (large(issues, lines, "before"), large(issues, lines, "@after `it`"));
        for board in [since(&old, &new), since(&large(1, 1, "x"), &new), since(&new, &large(1, 1, "x"))] {
            let markdown = board.diff.as_ref().unwrap().markdown.clone();
            let length = markdown.chars().count();
            assert!(length <= 48_000, "{issues} × {lines}: {length}");
            let of = |kind, action| {
                let is =
                    |change: &&spectra_model::change::Change| change.kind == kind && change.action == action;
                board.plan.operations.iter().filter(is).count()
            };
            let row = [Action::Create, Action::Update, Action::Delete].map(|action| of(Kind::Issue, action));
            assert!(
                markdown.contains(&format!("| Issues | {} | {} | {} |\n", row[0], row[1], row[2])),
                "{markdown}"
            );
            assert!(
                row.iter().sum::<usize>() < 1_000 || markdown.contains("more are left out here"),
                "{markdown}"
            );
            let is_code = |line: &str| line.starts_with("    +") || line.starts_with("    -");
            let mut mentions = markdown.lines().filter(|line| line.contains("@after") && !is_code(line));
            assert_eq!(mentions.next(), None);
        }
    }
}

#[test]
fn what_loses_data_is_the_last_to_be_left_out() {
    let views = |group: &str| -> String {
        let view =
            |number: usize| format!("        - {{name: V{number}, layout: table, groupBy: {group}}}\n");
        (0..20).map(view).collect()
    };
    let with = |text: String, group: &str| {
        let at = "projectProvisioning: {title: Big}\n";
        text.replace(at, &format!("projectProvisioning:\n      title: Big\n      views:\n{}", views(group)))
    };
    let board = since(&with(large(900, 2, "a"), "Status"), &with(large(900, 2, "b"), "Milestone"));
    let markdown = board.diff.unwrap().markdown;
    let (losses, rest) = markdown.split_once("## New").unwrap();
    assert_eq!(losses.matches("- View `V").count(), 20, "{losses}");
    assert!(rest.contains("more are left out here"));
}

#[test]
fn text_of_a_manifest_does_nothing_on_the_page() {
    let hostile = "```` </details> @octocat #1 <b>";
    let board = since(
        &edited(&[]),
        &edited(&[]).replace("- [ ] one", &format!("- [ ] one\n              {hostile}")),
    );
    let markdown = board.diff.unwrap().markdown;
    let fence = markdown.lines().find(|line| line.ends_with("diff")).unwrap().trim();
    assert_eq!(fence, "`````diff");
    assert_eq!(markdown.lines().filter(|line| line.trim() == "`````").count(), 1);
    assert_eq!(
        render::diff_md(&board.plan, spectra_model::change::Counts::default()).matches("@octocat").count(),
        1
    );
}
