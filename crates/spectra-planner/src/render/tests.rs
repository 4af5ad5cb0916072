//! `plan.md` at every size, and what a diagram may hold.

use spectra_model::limits::{MERMAID_CHARACTERS, MERMAID_EDGES};
use spectra_model::plan::{Level, Plan};

use super::{Table, mermaid, plan_md};
use crate::{Outcome, SourceText, Sources, plan};

/// A board of so many activities with so many tasks, whose every name would like to be syntax.
fn backlog(activities: usize, tasks: usize, title: &str) -> Plan {
    let mut text =
        "schemaVersion: 1\nid: big\nowner: {type: org, slug: acme}\nrepository: acme/big\n".to_owned();
    text.extend([format!("milestones: [{{title: '{title} m', dueOn: 2026-01-05}}]\n")]);
    text.extend([format!(
        "projects:\n  - id: big\n    projectProvisioning:\n      title: Big\n      fields:\n        - {{name: I, \
         type: iteration, start: 2026-01-05, duration: 7, count: 20}}\n        - {{name: '{title} f', type: text}}\n"
    )]);
    // GitHub allows an initiative 100 activities.
    if activities <= 100 {
        text.push_str("    initiative: {id: top, title: Top}\n");
    }
    if activities > 0 {
        text.push_str("    activities:\n");
    }
    for activity in 0..activities {
        text.extend([format!("      - id: a{activity}\n        title: '{title} {activity}'\n")]);
        if tasks > 0 {
            text.push_str("        tasks:\n");
        }
        for task in 0..tasks {
            let depends = if task > 0 { format!(", dependsOn: [t{}]", task - 1) } else { String::new() };
            text.extend([format!("          - {{id: t{task}, title: '{title} {task}'{depends}}}\n")]);
        }
    }
    let mut sources = Sources::new(None);
    let root = sources.add_root();
    sources
        .add_manifest(root, SourceText { path: "m.yml".to_owned(), shown: None, bytes: text.into_bytes() });
    match plan(sources) {
        Outcome::Planned { mut boards, .. } => boards.remove(0).plan,
        Outcome::Refused { diagnostics, .. } => panic!("{:#?}", diagnostics.first()),
        Outcome::Needs(_) => panic!("nothing is needed"),
    }
}

fn diagrams(page: &str) -> Vec<&str> {
    page.split("```mermaid\n").skip(1).map(|rest| rest.split("```\n").next().unwrap()).collect()
}

#[test]
fn a_page_of_any_size_fits_and_keeps_its_counts() {
    let (plain, hostile) = ("Plain words", "@a #1 | <b> `c` \"d\": e; [f](g) %% h");
    let sizes = [(0, 0), (1, 1), (3, 30), (10, 99), (600, 0)];
    let both = sizes.into_iter().flat_map(|size| [(size, plain), (size, hostile)]);
    for ((activities, tasks), title) in both.chain([((100, 99), hostile), ((1_000, 9), plain)]) {
        let plan = backlog(activities, tasks, title);
        let page = plan_md(&plan);
        let length = page.chars().count();
        let name = format!("{activities} × {tasks} {title}: {length}");
        assert!(length <= plan_md::MAX_CHARACTERS, "{name}");
        assert!(page.contains(&format!("| Issues | {} |\n", plan.issues.len())), "{name}");
        let all = page.contains(&format!("`big/a{}`", activities.saturating_sub(1))) || activities == 0;
        assert!(all || page.contains("left out here"), "{name}");
        assert!(activities * tasks < 3_000 || page.contains("left out here"), "{name}");
        for diagram in diagrams(&page) {
            assert!(diagram.matches("-->").count() <= MERMAID_EDGES, "{name}");
            assert!(diagram.chars().count() <= MERMAID_CHARACTERS, "{name}");
        }
        assert_eq!(diagrams(&page).len(), 2, "{name}");
    }
}

#[test]
fn a_diagram_has_as_many_edges_as_mermaid_draws() {
    for (activities, shown, more) in
        [(MERMAID_EDGES, MERMAID_EDGES, 0), (MERMAID_EDGES + 1, MERMAID_EDGES, 1)]
    {
        // More than GitHub's hierarchy allows: the diagram doesn't rely on it.
        let mut plan = backlog(activities, 0, "A");
        let mut top = plan.issues.first().cloned().unwrap();
        top.level = Level::Initiative;
        plan.issues.insert(0, top);
        let diagram = mermaid::flowchart(&plan, usize::MAX).unwrap();
        assert_eq!(diagram.matches("-->").count(), shown);
        assert_eq!(diagram.contains(&format!("more[\"{more} more activities\"]")), more > 0);
    }
}

#[test]
fn a_diagram_has_as_many_characters_as_it_has_room() {
    let plan = backlog(400, 0, &"@".repeat(60));
    for room in [usize::MAX, MERMAID_CHARACTERS, 8_000, 400, 1] {
        for diagram in [mermaid::flowchart(&plan, room), mermaid::gantt(&plan, room)] {
            let length = diagram.map_or(0, |diagram| diagram.chars().count());
            assert!(length <= room.clamp(200, MERMAID_CHARACTERS), "{length} > {room}");
        }
    }
    let whole = mermaid::gantt(&plan, usize::MAX).unwrap();
    assert!(!whole.contains("left out") && whole.contains("    I 20 :2026-05-18, 7d\n"), "{whole}");
    let part = mermaid::gantt(&plan, whole.chars().count()).unwrap();
    assert!(part.ends_with("more are left out of the diagram._\n"), "{part}");
}

#[test]
fn a_plan_without_days_has_no_timeline() {
    let mut plan = backlog(1, 1, "A");
    plan.milestones.clear();
    plan.fields.clear();
    assert_eq!(mermaid::gantt(&plan, usize::MAX), None);
    assert!(!plan_md(&plan).contains("## Timeline"));
}

#[test]
fn a_table_without_room_says_what_it_leaves_out() {
    let rows = || (0..100).map(|row| format!("| {row} | b |\n"));
    let table = Table::new(["A", "B"], rows());
    assert_eq!(table.render(usize::MAX).lines().count(), 102);
    let shown = table.render(200);
    assert!(shown.chars().count() <= 200, "{shown}");
    assert!(shown.starts_with("| A | B |\n| --- | --- |\n| 0 | b |\n"), "{shown}");
    assert!(shown.contains(" rows are left out here | |\n") && shown.ends_with("| 99 | b |\n"), "{shown}");
}
