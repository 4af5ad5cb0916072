//! The laws, over generated and damaged manifests.

use proptest::prelude::*;
use spectra_model::plan::Plan;

use super::*;
use crate::span::FileId;
use crate::yaml::{self, Kind, Node, Value};

/// The demo with the keys of its mappings in an order that depends on the seed.
fn shuffled(seed: u64) -> String {
    let mut out = String::new();
    write(&yaml::read(DEMO.as_bytes(), FileId(0)).unwrap(), seed, &mut out);
    out
}

fn write(node: &Node, seed: u64, out: &mut String) {
    match &node.value {
        Value::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            let shift = usize::try_from(seed % 7).unwrap() % entries.len();
            entries.rotate_left(shift);
            if seed % 2 == 1 {
                entries.reverse();
            }
            out.push('{');
            for entry in entries {
                out.extend([format!("{:?}: ", entry.key)]);
                write(&entry.value, seed / 2 + 1, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::List(items) => {
            out.push('[');
            for item in items {
                write(item, seed, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Scalar(scalar) if scalar.kind == Kind::Text => out.extend([format!("{:?}", scalar.text)]),
        Value::Scalar(scalar) => out.push_str(&scalar.text),
    }
}

fn without_source(text: &str) -> String {
    let mut plan = planned(text).0.remove(0).plan;
    plan.source.files.clear();
    plan.to_document().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_order_of_keys_does_not_matter(seed in any::<u64>()) {
        prop_assert_eq!(without_source(&shuffled(seed)), without_source(&shuffled(0)));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        drop(plan(sources(&bytes)));
    }

    #[test]
    fn a_damaged_manifest_never_panics_and_gives_the_same_answer_twice(
        at in 0..DEMO.len(), length in 0..40_usize, put in "[a-z:{}\\[\\],\n\" -]{0,12}"
    ) {
        let mut bytes = DEMO.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        let outcome = || {
            let outcome = plan(sources(&bytes));
            match outcome {
                Outcome::Planned { boards, warnings, .. } => (boards, warnings),
                Outcome::Refused { diagnostics, .. } => (Vec::new(), diagnostics),
                Outcome::Needs(needs) => panic!("{:?}", needs.needs().collect::<Vec<_>>()),
            }
        };
        let first = outcome();
        prop_assert_eq!(&first, &outcome());
        {
            for board in first.0 {
                let read = Plan::parse(board.json.as_bytes()).unwrap();
                prop_assert_eq!(read.to_document().unwrap(), board.json);
            }
        }
    }
}

#[test]
fn ten_thousand_issues_with_a_mistake_each_are_reported() {
    let mut text = "schemaVersion: 1\nid: big\nowner: {type: org, slug: acme}\nrepository: acme/big\nlabels: [{name: other, color: ededed}]\nprojects:\n  - id: big\n    projectProvisioning: {title: Big}\n    activities:\n".to_owned();
    for activity in 0..100 {
        text.extend([format!("      - id: a{activity}\n        title: A{activity}\n        tasks:\n")]);
        for task in 0..99 {
            text.extend([format!(
                "          - {{id: t{task}, title: T{task}, labels: [x{task}], dependsOn: [nothing-{activity}-{task}]}}\n"
            )]);
        }
    }
    let diagnostics = refused(text.as_bytes());
    // Each dependency, and each of the labels, which every activity uses.
    assert_eq!(diagnostics.len(), 9_900 + 99);
    assert!(diagnostics.is_sorted());
}

#[test]
fn the_number_of_cores_does_not_matter() {
    let project = |number: usize| {
        format!(
            "  - id: board-{number}\n    projectProvisioning: {{title: Board {number}}}\n    initiative: {{id: start, \
             title: Start of {number}}}\n"
        )
    };
    let projects = (0..9).map(project).collect::<Vec<_>>().concat();
    let text = format!(
        "schemaVersion: 1\nid: many\nowner: {{type: org, slug: acme}}\nrepository: acme/voice\nprojects:\n{projects}"
    );
    let boards = |cores: usize| {
        let mut sources = sources(text.as_bytes());
        sources.work_on(cores);
        match plan(sources) {
            Outcome::Planned { boards, .. } => boards,
            Outcome::Refused { .. } | Outcome::Needs(_) => Vec::new(),
        }
    };
    let one_by_one = boards(1);
    let slugs: Vec<&str> = one_by_one.iter().map(|board| board.plan.slug.as_str()).collect();
    assert_eq!(slugs, (0..9).map(|number| format!("board-{number}")).collect::<Vec<_>>());
    for cores in [0, 2, 4, 64] {
        assert_eq!(boards(cores), one_by_one, "{cores}");
    }
}
