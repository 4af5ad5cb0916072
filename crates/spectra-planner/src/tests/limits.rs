//! GitHub's limits, on both sides of the edge: what is allowed is planned, one more is one mistake.

use spectra_model::limits::*;

use super::*;
use crate::Code;

/// A manifest of one activity with one task, with these lines in its places.
#[derive(Default)]
struct Small {
    top: String,
    board: String,
    issues: String,
    task: String,
    tasks: String,
}

impl Small {
    fn text(&self) -> String {
        let Self { top, board, issues, task, tasks } = self;
        format!(
            "schemaVersion: 1
id: small
owner: {{type: org, slug: acme}}
repository: acme/small
{top}projects:
  - id: small
    projectProvisioning:
      title: Small
{board}{issues}    initiative: {{id: top, title: Top}}
    activities:
      - id: one
        title: One
        tasks:
          - id: task
            title: Task
{task}{tasks}"
        )
    }
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (1..=count).map(one).collect()
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

/// What is allowed is planned; one more is refused once, for this reason.
fn check(name: &str, limit: usize, code: Code, small: impl Fn(usize) -> Small) {
    let at = small(limit).text();
    let found = refused(at.as_bytes());
    assert_eq!(found, [], "{name}: {limit} is allowed");
    let past = small(limit + 1).text();
    let found = refused(past.as_bytes());
    let codes: Vec<_> = found.iter().map(|one| one.code).collect();
    assert_eq!(codes, [code.as_str()], "{name}: {} is too much: {found:#?}", limit + 1);
}

#[test]
fn fields_and_options() {
    let field = |n| format!("        - {{name: F{n}, type: text}}\n");
    check("fields", FIELDS_PER_PROJECT - BUILT_IN_FIELDS, Code::TooMany, |n| Small {
        board: format!("      fields:\n{}", many(n, field)),
        ..Small::default()
    });
    for kind in ["singleSelect", "multiSelect"] {
        let option = |n| format!("{{name: O{n}, color: red}}, ");
        check(kind, OPTIONS_PER_FIELD, Code::TooMany, |n| Small {
            board: format!("      fields: [{{name: F, type: {kind}, options: [{}]}}]\n", many(n, option)),
            ..Small::default()
        });
    }
    check("count", 500, Code::BadIterations, |n| Small {
        board: format!(
            "      fields: [{{name: I, type: iteration, start: 2026-01-05, duration: 7, count: {n}}}]\n"
        ),
        ..Small::default()
    });
}

#[test]
fn status_is_no_field_more() {
    let own =
        many(FIELDS_PER_PROJECT - BUILT_IN_FIELDS, |n| format!("        - {{name: F{n}, type: text}}\n"));
    let status = "        - {name: Status, type: singleSelect, options: [{name: A, color: red}]}\n";
    let small = Small { board: format!("      fields:\n{status}{own}"), ..Small::default() };
    assert_eq!(planned(&small.text()).0[0].plan.fields.len(), 38);
}

#[test]
fn the_hierarchy() {
    check("sub-issues", SUB_ISSUES_PER_PARENT, Code::TooMany, |n| Small {
        tasks: many(n - 1, |n| format!("          - {{id: t{n}, title: T{n}}}\n")),
        ..Small::default()
    });
    // Initiative, activity and task stand above.
    check("chain", ISSUES_IN_A_CHAIN, Code::TooMany, |n| {
        let below = n - 3;
        let open = many(below, |n| format!("tasks: [{{id: n{n}, title: N{n}, "));
        Small {
            tasks: format!("          - {{id: deep, title: Deep, {open}{}}}\n", "}]".repeat(below)),
            ..Small::default()
        }
    });
}

#[test]
fn dependencies() {
    let others = |n| many(n, |n| format!("          - {{id: t{n}, title: T{n}}}\n"));
    check("blocked by", LINKS_PER_RELATIONSHIP, Code::TooMany, |n| Small {
        task: format!("            dependsOn: [{}]\n", many(n, |n| format!("t{n}, "))),
        tasks: others(n),
        ..Small::default()
    });
    check("blocking", LINKS_PER_RELATIONSHIP, Code::TooMany, |n| Small {
        tasks: many(n, |n| format!("          - {{id: t{n}, title: T{n}, dependsOn: [task]}}\n")),
        ..Small::default()
    });
}

#[test]
fn texts() {
    let note = "      fields: [{name: Note, type: text}]\n".to_owned();
    check("text value", TEXT_VALUE_BYTES, Code::TooLong, |n| Small {
        board: note.clone(),
        task: format!("            fields: {{Note: {}}}\n", long(n)),
        ..Small::default()
    });
    check("bytes, not characters", TEXT_VALUE_BYTES, Code::TooLong, |n| Small {
        board: note.clone(),
        task: format!("            fields: {{Note: é{}}}\n", long(n - 2)),
        ..Small::default()
    });
    check("description", DESCRIPTION_CHARACTERS, Code::TooLong, |n| Small {
        board: format!("      description: {}\n", "é".repeat(n)),
        ..Small::default()
    });
    for draft in ["", ", draft: true"] {
        check("title", ISSUE_TITLE_CHARACTERS, Code::TooLong, |n| Small {
            tasks: format!("          - {{id: t, title: {}{draft}}}\n", "é".repeat(n)),
            ..Small::default()
        });
    }
    let label = |name: &str, description: &str| {
        format!("labels: [{{name: {name}, color: ededed, description: {description}}}]\n")
    };
    check("label name", LABEL_NAME_CHARACTERS, Code::TooLong, |n| Small {
        top: label(&long(n), "x"),
        ..Small::default()
    });
    check("label description", LABEL_DESCRIPTION_CHARACTERS, Code::TooLong, |n| Small {
        top: label("x", &long(n)),
        ..Small::default()
    });
}

#[test]
fn bodies_with_their_marker() {
    let with = |length: usize, waits: usize| Small {
        task: format!(
            "            body: {}\n            dependsOn: [{}]\n",
            long(length),
            many(waits, |n| format!("t{n}, "))
        ),
        tasks: many(50, |n| format!("          - {{id: t{n}, title: T{n}}}\n")),
        ..Small::default()
    };
    for waits in [0, 50] {
        // The marker's length isn't written down here: the edge is where the message says so.
        let (mut least, mut most) = (0, ISSUE_BODY_CHARACTERS);
        while most - least > 1 {
            let middle = usize::midpoint(least, most);
            if refused(with(middle, waits).text().as_bytes()).is_empty() {
                least = middle;
            } else {
                most = middle;
            }
        }
        let found = refused(with(most, waits).text().as_bytes());
        let want = format!("the body has {} characters", ISSUE_BODY_CHARACTERS + 1);
        assert!(found[0].message.starts_with(&want), "{found:#?}");
        check("body", least, Code::TooLong, |n| with(n, waits));
    }
}

#[test]
fn the_boards_own() {
    check("managed label", LABEL_NAME_CHARACTERS, Code::TooLong, |n| Small {
        board: format!("      managedLabel: {}\n", "é".repeat(n)),
        ..Small::default()
    });
    let with_id =
        |text: &str, length: usize| text.replacen("  - id: small", &format!("  - id: {}", long(length)), 1);
    let slug = |length: usize| refused(with_id(&Small::default().text(), length).as_bytes());
    let most = spectra_model::id::ProjectSlug::MAX_CHARACTERS;
    assert_eq!(slug(most), []);
    assert_eq!(slug(most + 1)[0].code, Code::BadId.as_str());
    // The longest slug's label is none too long.
    assert!("project:".len() + most <= LABEL_NAME_CHARACTERS);
}

#[test]
fn the_boards_record() {
    // How much one label needs isn't written down here: the edge is where the message says so.
    let label = |n| format!("  - {{name: label-{n}, color: ededed}}\n");
    let with = |count: usize, longer: usize| Small {
        top: format!("labels:\n{}  - {{name: {}, color: ededed}}\n", many(count, label), long(longer)),
        ..Small::default()
    };
    let found = |small: Small| refused(small.text().as_bytes());
    let (mut least, mut most) = (1, 2_000);
    while most - least > 1 {
        let middle = usize::midpoint(least, most);
        if found(with(middle, 1)).is_empty() { least = middle } else { most = middle }
    }
    let bytes = |one: &Diagnostic| {
        let words = one.message.strip_prefix("the record on the board would need ").unwrap();
        words.split(' ').next().unwrap().parse::<usize>().unwrap()
    };
    let past = found(with(most, 1));
    assert_eq!((past.len(), past[0].code), (1, Code::RecordTooLarge.as_str()));
    // A name that is one longer needs one byte more: the last one that fits has exactly the most.
    let over = bytes(&past[0]) - spectra_model::board_record::MAX_BYTES;
    let each = bytes(&found(with(most + 1, 1))[0]) - bytes(&past[0]);
    let room = each - over;
    assert_eq!(found(with(least, 1 + room)), []);
    let past = found(with(least, 2 + room));
    assert_eq!((past.len(), bytes(&past[0])), (1, spectra_model::board_record::MAX_BYTES + 1));
}

#[test]
fn the_pages_have_the_numbers() {
    let (long, many) = (
        include_str!("../../../../docs/diagnostics/SP027.md"),
        include_str!("../../../../docs/diagnostics/SP028.md"),
    );
    for words in [
        format!("titles {ISSUE_TITLE_CHARACTERS} characters"),
        "bodies 65,536 ".to_owned(),
        format!("description {DESCRIPTION_CHARACTERS}"),
        format!("label names {LABEL_NAME_CHARACTERS}"),
        format!("label descriptions {LABEL_DESCRIPTION_CHARACTERS}"),
        "text values 1,024 bytes".to_owned(),
    ] {
        assert!(long.contains(&words), "{words}");
    }
    assert_eq!((ISSUE_BODY_CHARACTERS, TEXT_VALUE_BYTES, ITEMS_PER_PROJECT), (65_536, 1_024, 50_000));
    for words in [
        format!("{FIELDS_PER_PROJECT} fields on a board with its own {BUILT_IN_FIELDS}"),
        format!("{OPTIONS_PER_FIELD} options in a field"),
        format!("{SUB_ISSUES_PER_PARENT} sub-issues of a parent"),
        format!("{ISSUES_IN_A_CHAIN} issues in a chain"),
        format!("{LINKS_PER_RELATIONSHIP} issues that one waits for and {LINKS_PER_RELATIONSHIP} that wait"),
        format!("{ASSIGNEES_PER_ISSUE} assignees"),
        format!("{ISSUE_TYPES_PER_ORGANISATION} issue types"),
        "50,000 items on a board".to_owned(),
    ] {
        assert!(many.contains(&words), "{words}");
    }
}

#[test]
fn people_types_and_labels_of_an_issue() {
    check("assignees", ASSIGNEES_PER_ISSUE, Code::TooMany, |n| Small {
        task: format!("            assignees: [{}]\n", many(n, |n| format!("u{n}, "))),
        ..Small::default()
    });
    check("assignees with the level's", ASSIGNEES_PER_ISSUE, Code::TooMany, |n| Small {
        issues: "      issues: {derive: {task: {assignees: [U1, a, b]}}}\n".to_owned(),
        task: format!("            assignees: [{}]\n", many(n - 2, |n| format!("u{n}, "))),
        ..Small::default()
    });
    check("login", 39, Code::BadAssignee, |n| Small {
        task: format!("            assignees: [{}]\n", long(n)),
        ..Small::default()
    });
    check("issue types", ISSUE_TYPES_PER_ORGANISATION, Code::TooMany, |n| Small {
        tasks: many(n, |n| format!("          - {{id: t{n}, title: T{n}, issueType: I{n}}}\n")),
        ..Small::default()
    });
    check("labels", 99, Code::TooMany, |n| Small {
        top: format!("labels:\n{}", many(n, |n| format!("  - {{name: l{n}, color: ededed}}\n"))),
        task: format!("            labels: [{}]\n", many(n, |n| format!("l{n}, "))),
        ..Small::default()
    });
}
