//! Every mistake: said once, in its place, with its code.

use std::collections::BTreeSet;

use spectra_model::diagnostic::Severity;

use super::*;
use crate::{Code, Refusal};

/// A manifest with one mistake, and where it is said to be.
struct Case {
    name: String,
    bytes: Vec<u8>,
    code: Code,
    line: usize,
    column: usize,
}

impl Case {
    /// The demo with one piece replaced; the mistake stands at `at` within what was put there.
    fn of(code: Code, from: &str, to: &str, at: &str) -> Self {
        let text = demo(&[(from, to)]);
        let offset = text.find(to).unwrap() + to.rfind(at).unwrap();
        Self::at(code, to, text, offset)
    }

    /// The demo with something after it.
    fn after(code: Code, more: &str, at: &str) -> Self {
        let text = format!("{DEMO}{more}");
        let offset = DEMO.len() + more.rfind(at).unwrap();
        Self::at(code, at, text, offset)
    }

    fn at(code: Code, name: &str, text: String, offset: usize) -> Self {
        let before = &text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        Self { name: name.to_owned(), bytes: text.into_bytes(), code, line, column }
    }
}

#[expect(clippy::too_many_lines, reason = "a table of one line a mistake")]
fn cases() -> Vec<Case> {
    use Code::*;

    let sketch = "{id: sketch, title: Sketch}";
    let task = |with: &str| format!("{{id: sketch, title: Sketch, {with}}}");
    let of_task = |code, with: &str, at: &str| Case::of(code, sketch, &task(with), at);
    let long = |length| "x".repeat(length);
    let mut cases = vec![
        Case {
            name: "not UTF-8".to_owned(),
            bytes: b"id: a\nb: \xff".to_vec(),
            code: NotText,
            line: 2,
            column: 4,
        },
        Case { name: "NUL".to_owned(), bytes: b"id: a\0".to_vec(), code: NotText, line: 1, column: 6 },
        Case::of(Syntax, "stages: [Plan, Build]\nlabels:", "stages: [Plan, Build\nlabels:", "["),
        Case::of(RepeatedKey, "id: demo", "id: demo\nid: demo", "id"),
        Case::of(UnknownKey, "title: First", "titel: First", "titel"),
        Case::of(UnknownKey, "id: demo", "id: demo\nstage: [x]", "stage"),
        Case::of(UnknownKey, "color: 5319e7", "colour: 5319e7", "colour"),
        Case::of(WrongType, "stages: [Plan, Build]", "stages: Plan", "Plan"),
        Case::of(WrongType, "stages: [Plan, Build]", "stages:", "stages"),
        Case::of(WrongType, "title: Demo board", "title: [Demo]", "[Demo]"),
        Case::of(WrongType, "labels: [Bug, \"stage:Plan\"]", "labels: [[Bug]]", "[Bug]"),
        of_task(WrongValue, "fields: {Note: [1]}", "[1]"),
        Case::of(MissingKey, sketch, "{id: sketch}", "{id: sketch}"),
        Case::of(MissingKey, "id: demo\n", "", ""),
        Case::of(UnknownWord, "state: open", "state: opened", "opened"),
        Case::of(UnknownWord, "type: number", "type: numbers", "numbers"),
        Case::of(SchemaVersion, "schemaVersion: 1", "schemaVersion: 2", "2"),
        Case::of(BadId, "id: sketch", "id: Sketch_1", "Sketch_1"),
        Case::of(BadId, "id: board", &format!("id: {}", long(41)), "xxx").at_start("x"),
        of_task(BadId, "dependsOn: [a//b]", "a//b"),
        Case::of(RepeatedId, "- {id: second", "- {id: first", "first"),
        Case::of(RepeatedId, "id: plan\n", "id: top\n", "top"),
        Case::of(BadOwnerOrRepository, "repository: acme/demo", "repository: demo", "demo"),
        Case::of(BadOwnerOrRepository, "slug: acme", "slug: \"ac me\"", "\"ac"),
        of_task(BadOwnerOrRepository, "repository: a/..", "a/.."),
        of_task(OwnersApart, "repository: others/demo", "others/demo"),
        Case::of(BadColour, "color: 5319e7", "color: \"#5319e7\"", "\"#"),
        Case::of(BadColour, "color: purple", "color: violet", "violet"),
        Case::of(RepeatedName, "stages: [Plan, Build]", "stages: [Plan, Build, Plan]", "Plan"),
        Case::of(RepeatedName, "{name: bug, color", "{name: BUG, color: 5319e7}\n  - {name: bug, color", "bug"),
        Case::of(RepeatedName, "{name: Target, type: date}", "{name: Target, type: date}\n        - {name: target, type: date}", "target"),
        Case::of(RepeatedName, "{name: Done, color: purple,", "{name: backlog, color: purple,", "backlog"),
        of_task(RepeatedName, "fields: {Note: a, note: b}", "note"),
        of_task(UnknownLabel, "labels: [bugs]", "bugs"),
        Case::of(UnknownLabel, "[\"stage:{stage}\"]", "[\"stages:{project.id}\"]", "\"stages"),
        of_task(UnknownField, "fields: {Notes: a}", "Notes"),
        of_task(UnknownField, "fields: {Title: a}", "Title"),
        of_task(UnknownOption, "fields: {Status: done}", "done"),
        of_task(UnknownOption, "fields: {Version: 1.1}", "1.1"),
        Case::of(UnknownStage, "stage: Build\n", "stage: Built\n", "Built"),
        of_task(UnknownDependency, "dependsOn: [first]", "first"),
        of_task(UnknownDependency, "dependsOn: [build/frist]", "build"),
        Case::of(AmbiguousDependency, sketch, "{id: top, title: T}\n          - {id: x, title: X, dependsOn: [top]}", "top").with(", plan/sketch", ""),
        Case::of(DependencyCycle, sketch, &task("dependsOn: [sketch]"), "sketch"),
        Case::of(
            DependencyCycle,
            sketch,
            "{id: a, title: A, dependsOn: [b]}\n          - {id: b, title: B, dependsOn: [c]}\n          - {id: c, title: C, dependsOn: [plan/a]}",
            "b]}\n          - {id: b",
        )
        .with(", plan/sketch", ""),
        of_task(LaterStage, "dependsOn: [build/first]", "build"),
        of_task(WrongValue, "fields: {Estimate: much}", "much"),
        of_task(WrongValue, "fields: {Estimate: \"3\"}", "\"3\""),
        of_task(WrongValue, "fields: {Estimate: .inf}", ".inf"),
        of_task(WrongValue, "fields: {Estimate: 9007199254740993}", "9007199254740993"),
        of_task(WrongValue, "fields: {Target: 2026-02-30}", "2026"),
        of_task(WrongValue, "fields: {Target: 2026-2-3}", "2026"),
        of_task(WrongValue, "fields: {Note: \" \"}", "\" \""),
        of_task(WrongValue, "fields: {Note: \"a\\nb\"}", "\"a"),
        of_task(WrongValue, "fields: {Note: \" a\"}", "\" a"),
        of_task(WrongValue, "fields: {Target: 0000-01-01}", "0000"),
        Case::of(BadPlaceholder, "[\"stage:{stage}\"]", "[\"stage:{stages}\"]", "\"stage"),
        Case::of(BadPlaceholder, "        body: createOnly", "          initiative: {labels: [\"{stage}\"]}", "\"{stage"),
        Case::of(BadPlaceholder, "title: Build it\n        stage: Build\n", "title: Build it\n", "").at_text("build\n        title: Build it"),
        Case::of(ReservedField, "{name: Target, type: date}", "{name: assignees, type: text}", "assignees").with("Target: 2026-02-28, ", ""),
        Case::of(BadOptions, "{name: Target, type: date}", "{name: Target, type: date, options: []}", "options"),
        Case::of(BadOptions, "{name: Target, type: date}", "{name: Target, type: date}\n        - {name: Size, type: singleSelect}", "Size").with("renamedFrom: [Size]", "manage: always"),
        Case::of(BadOptions, "[{name: 1.10, color: blue}, {name: 1.2, color: red}]", "[]", "").at_text("options: []").with("version: 1.10, ", ""),
        of_task(TooLong, &format!("fields: {{Note: \"{}\"}}", "ä".repeat(513)), "\"ä"),
        Case::of(TooLong, "title: Sketch", &format!("title: {}", long(257)), "title: ").shift(7),
        of_task(TooLong, &format!("body: {}", long(65_300)), "body: ").shift(6),
        Case::of(TooLong, "title: Demo board", &format!("title: Demo\n      description: {}", long(301)), "description: ").shift(13),
        Case::of(TooLong, "title: Demo board", &format!("title: Demo\n      managedLabel: {}", long(51)), "managedLabel: ").shift(14),
        Case::of(TooLong, "{name: bug,", &format!("{{name: bug, description: {},", long(101)), "description: ").shift(13),
        Case::of(RepeatedTitle, "id: second, title: Second", "id: second, title: First", "First"),
        of_task(HoldsMarker, "body: \"<!-- spectra:end -->\"", "\"<!--"),
        Case::of(HoldsMarker, "title: Sketch", "title: \"a <!-- spectra:x\"", "\"a"),
        Case::of(BadText, "title: Sketch", "title: \" \"", "\" \""),
        Case::of(BadText, "title: Sketch", "title: \"a\\nb\"", "\"a"),
        Case::of(BadText, "title: Sketch", "title: \"a \"", "\"a"),
        of_task(BadRename, "renamedFrom: [build]", "build"),
        of_task(BadRename, "renamedFrom: [design]", "design"),
        Case::of(BadRename, "renamedFrom: [Size]", "renamedFrom: [target]", "target"),
        Case::of(BadRename, "renamedFrom: [Todo]", "renamedFrom: [Done]", "Done"),
        Case::after(RepeatedSlug, "  - id: board\n    projectProvisioning: {title: Again}\n", "board"),
        Case::of(NoRepository, "repository: acme/demo\n", "", "").at_text("top, title"),
    ];
    cases.extend(board_cases());
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let fields = many(36, &|n| format!("        - {{name: F{n}, type: text}}\n"));
    let from = "        - {name: Target, type: date}\n";
    cases.push(Case::of(TooMany, from, &format!("{from}{fields}"), "F34"));
    let options = many(51, &|n| format!("{{name: O{n}, color: red}}, "));
    cases.push(
        Case::of(
            TooMany,
            "{name: Target, type: date}",
            &format!("{{name: T2, type: singleSelect, options: [{options}]}}"),
            "O50",
        )
        .with("Target: 2026-02-28, ", ""),
    );
    let tasks = many(101, &|n| format!("          - {{id: t{n}, title: T{n}}}\n"));
    cases.push(Case::after(TooMany, &tasks, "t99"));
    let nested = |depth: usize| {
        let open = many(depth, &|n| format!("{{id: n{n}, title: N{n}, tasks: ["));
        format!("          - {open}{}\n", "]}".repeat(depth))
    };
    cases.push(Case::after(TooMany, &nested(7), "n6"));
    let labels = many(100, &|n| format!("  - {{name: l{n}, color: ededed}}\n"));
    let names = many(100, &|n| format!("l{n}, "));
    cases.push(
        of_task(TooMany, &format!("labels: [{names}]"), "sketch")
            .with("labels:\n", &format!("labels:\n{labels}"))
            .down(100),
    );
    let labels = many(400, &|n| format!("  - {{name: \"label number {n}\", color: ededed}}\n"));
    cases.push(Case::of(RecordTooLarge, "labels:\n", &format!("labels:\n{labels}"), "").at_text("id: board"));
    cases.push(Case::of(MissingKey, "projects:\n", "projects: []\nx-rest:\n", "[]").cut("x-rest"));
    cases
}

/// Mistakes in fields, views, milestones, links and the members of issues.
#[expect(clippy::too_many_lines, reason = "a table of one line a mistake")]
fn board_cases() -> Vec<Case> {
    use Code::*;

    let sketch = "{id: sketch, title: Sketch}";
    let of_task = |code, with: &str, at: &str| {
        Case::of(code, sketch, &format!("{{id: sketch, title: Sketch, {with}}}"), at)
    };
    let sprint = "start: 2026-01-05, duration: 14, count: 3";
    let of_sprint = |code, to: &str, at: &str| Case::of(code, sprint, to, at).with(", Sprint: Sprint 2", "");
    let late = "{title: Late, start: 2026-02-10, duration: 20}";
    let of_phase = |code, to: &str, at: &str| Case::of(code, late, to, at);
    let road = "{name: Road, layout: roadmap}";
    let of_view = |code, to: &str, at: &str| Case::of(code, road, to, at);
    let idea = "draft: true, body: Later.,";
    let of_draft = |with: &str, at: &str| Case::of(BadDraft, idea, &format!("{idea} {with},"), at);
    vec![
        // Milestones.
        of_task(UnknownMilestone, "milestone: Go alive", "Go alive"),
        Case::of(UnknownMilestone, "milestone: Go live", "milestone: \"Go {stage}\"", "\"Go"),
        Case::of(BadDate, "dueOn: 2026-03-31", "dueOn: 2026-02-30", "2026"),
        Case::of(BadDate, "dueOn: 2026-03-31", "dueOn: 31.3.2026", "31"),
        Case::of(RepeatedName, "{title: 1.10,", "{title: 1.10}\n  - {title: go Live,", "go Live"),
        Case::of(BadText, "{title: 1.10,", "{title: 1.10}\n  - {title: \" \",", "\" \""),
        Case::of(BadRename, "renamedFrom: [Alpha]", "renamedFrom: [1.10]", "1.10"),
        Case::of(HoldsMarker, "description: It runs", "description: \"<!-- spectra:x -->\"", "\"<"),
        Case::of(MissingKey, "{title: 1.10, dueOn: null,", "{title: 1.10}\n  - {dueOn: null,", "{dueOn"),
        Case::of(BadRename, "renamedFrom: [defect]", "renamedFrom: [\"stage:plan\"]", "\"stage"),
        // Iterations.
        of_task(UnknownIteration, "fields: {Sprint: Sprint 4}", "Sprint 4"),
        of_task(UnknownIteration, "fields: {Phase: early}", "early"),
        Case::of(BadDate, "start: 2026-01-05", "start: 2026-02-29", "2026"),
        Case::of(BadDate, "start: 2026-01-05", "start: 5 January", "5"),
        of_sprint(BadIterations, "start: 2026-01-05, duration: 0, count: 3", "0,"),
        of_sprint(BadIterations, "start: 2026-01-05, duration: 14, count: 501", "501"),
        of_sprint(BadIterations, "start: 2026-01-05, duration: 9999999, count: 3", "9999999"),
        of_sprint(BadIterations, "start: 2026-01-05, duration: 3000000, count: 1", "3000000"),
        of_sprint(WrongType, "start: 2026-01-05, duration: 14.5, count: 3", "14.5"),
        of_sprint(WrongType, "start: 2026-01-05, duration: two, count: 3", "two"),
        of_sprint(BadIterations, "start: 2026-01-05, duration: 14", "").at_text("Sprint, type"),
        of_sprint(BadIterations, "manage: always", "").at_text("Sprint, type"),
        of_sprint(BadIterations, "iterations: []", "").at_text("Sprint, type"),
        of_sprint(
            BadIterations,
            "start: 2026-01-05, iterations: [{title: A, start: 2026-01-05, duration: 1}]",
            "",
        )
        .at_text("2026-01-05, iterations"),
        Case::of(
            BadIterations,
            "{name: Target, type: date}",
            "{name: Target, type: date, count: 3}",
            "count",
        ),
        of_phase(BadIterations, "{title: Late, start: 2026-01-30, duration: 20}", "2026"),
        of_phase(BadIterations, "{title: Late, start: 2025-12-01, duration: 20}", "2025"),
        of_phase(BadIterations, "{title: Late, start: 9999-12-30, duration: 20}", "20}"),
        of_phase(RepeatedName, "{title: early, start: 2026-02-10, duration: 20}", "early"),
        of_phase(BadRename, "{title: Late, start: 2026-02-10, duration: 20, renamedFrom: [Early]}", "Early"),
        of_phase(MissingKey, "{title: Late, start: 2026-02-10}", "{title"),
        of_phase(UnknownKey, "{title: Late, start: 2026-02-10, duration: 20, lenght: 2}", "lenght"),
        // Multi select.
        of_task(UnknownOption, "fields: {Areas: [Data, speech]}", "speech"),
        of_task(WrongValue, "fields: {Areas: Data}", "Data"),
        of_task(WrongValue, "fields: {Estimate: [1]}", "[1]"),
        of_task(WrongValue, "fields: {Areas: []}", "[]"),
        of_task(WrongValue, "fields: {Areas: [Data, Data]}", "Data"),
        of_task(WrongType, "fields: {Areas: [[Data]]}", "[Data]"),
        of_task(WrongType, "fields: {Areas: [null]}", "null"),
        Case::of(
            BadOptions,
            "{name: Target, type: date}",
            "{name: Target, type: date}\n        - {name: Tags, type: multiSelect}",
            "Tags",
        ),
        // Views.
        of_view(BadView, "{name: Road, layout: roadmap, fields: [Title]}", "[Title]"),
        of_view(BadView, "{name: Road, layout: roadmap, columnBy: Status}", "columnBy"),
        of_view(BadView, "{name: Road, layout: table, columnBy: null}", "columnBy"),
        of_view(BadView, "{name: Road, layout: table, fields: []}", "[]"),
        of_view(BadGrouping, "{name: Road, layout: roadmap, groupBy: title}", "title"),
        of_view(BadGrouping, "{name: Road, layout: table, groupBy: Tracks}", "Tracks"),
        of_view(BadGrouping, "{name: Road, layout: board, columnBy: Estimate}", "Estimate"),
        of_view(BadGrouping, "{name: Road, layout: board, columnBy: Areas}", "Areas"),
        of_view(BadGrouping, "{name: Road, layout: board, columnBy: Labels}", "Labels"),
        of_view(UnknownField, "{name: Road, layout: table, fields: [Title, Estimat]}", "Estimat"),
        of_view(UnknownField, "{name: Road, layout: table, groupBy: Sprints}", "Sprints"),
        of_view(UnknownField, "{name: Road, layout: table, sortBy: [{field: Assigned}]}", "Assigned"),
        of_view(RepeatedName, "{name: board, layout: roadmap}", "board"),
        of_view(RepeatedName, "{name: Road, layout: table, fields: [Title, title]}", "title"),
        of_view(
            RepeatedName,
            "{name: Road, layout: table, sortBy: [{field: Title}, {field: TITLE}]}",
            "TITLE",
        ),
        of_view(BadRename, "{name: Road, layout: roadmap, renamedFrom: [Plan]}", "Plan"),
        of_view(MissingKey, "{name: Road}", "{name"),
        of_view(UnknownWord, "{name: Road, layout: kanban}", "kanban"),
        of_view(UnknownWord, "{name: Road, layout: table, sortBy: [{field: Title, direction: up}]}", "up"),
        of_view(UnknownKey, "{name: Road, layout: roadmap, groupedBy: Status}", "groupedBy"),
        of_view(BadText, "{name: Road, layout: roadmap, filter: \" \"}", "\" \""),
        // Members of issues.
        of_task(BadAssignee, "assignees: [\"@octocat\"]", "\"@"),
        of_task(BadAssignee, "assignees: [octocat, hubot, Octocat]", "Octocat"),
        of_task(BadText, "issueType: \" \"", "\" \""),
        of_task(BadStateReason, "stateReason: completed", "completed"),
        of_task(BadStateReason, "state: open, stateReason: notPlanned", "notPlanned"),
        of_task(UnknownWord, "state: closed, stateReason: duplicate", "duplicate"),
        // Drafts.
        of_draft("labels: [bug]", "labels"),
        of_draft("repository: acme/demo", "repository"),
        of_draft("milestone: null", "milestone"),
        of_draft("issueType: Task", "issueType"),
        of_draft("state: open", "state"),
        of_draft("dependsOn: [first]", "dependsOn"),
        of_draft("tasks: [{id: below, title: Below}]", "tasks"),
        of_task(BadDraft, "dependsOn: [build/idea]", "build"),
        Case::of(BadDraft, "title: An idea", "title: https://github.com/acme/demo/issues/7", "https"),
        Case::of(WrongType, "draft: true", "draft: yes", "yes"),
        Case::of(UnknownKey, "    initiative: {", "    initiative: {draft: true, ", "draft"),
        // Links.
        Case::of(BadLink, "Acme/site", "other/site", "other"),
        Case::of(RepeatedName, "Acme/site", "Acme/Demo", "Acme"),
        Case::of(BadLink, "teams: [data-platform]", "teams: [acme/data]", "acme"),
        Case::of(RepeatedName, "teams: [data-platform]", "teams: [a, A]", "A]"),
        Case::of(BadLink, "type: org,", "type: user,", "").at_text("data-platform"),
        Case::of(NoIssueTypes, "      teams: [data-platform]\n", "", "")
            .with("type: org,", "type: user,")
            .at_text("Epic"),
        Case::of(BadRename, "renamedFrom: [panel]", "renamedFrom: [board]", "board"),
        Case::of(BadRename, "renamedFrom: [panel]", "renamedFrom: [panel, panel]", "panel]"),
        Case::of(BadId, "renamedFrom: [panel]", "renamedFrom: [Panel]", "Panel"),
        Case::of(BadOwnerOrRepository, "Acme/site", "site", "site"),
        // Boards of activities.
        Case::of(
            LongSlug,
            "id: build\n",
            &format!("id: {}\n        projectProvisioning: {{title: B}}\n", "b".repeat(35)),
            "bbb",
        )
        .at_start("b"),
        Case::of(
            NoBoard,
            "title: Build it\n",
            "title: Build it\n        projectProvisioning: {teams: [x]}\n",
            "teams",
        ),
    ]
}

impl Case {
    /// Further changes that the mistake needs, on or below its line.
    fn with(mut self, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.bytes).unwrap();
        assert!(text.contains(from), "{from}");
        self.bytes = text.replacen(from, to, 1).into_bytes();
        self
    }

    fn down(mut self, lines: usize) -> Self {
        self.line += lines;
        self
    }

    fn shift(mut self, columns: usize) -> Self {
        self.column += columns;
        self
    }

    /// The mistake is said to be at the first place of this text.
    fn at_text(self, at: &str) -> Self {
        let text = String::from_utf8(self.bytes).unwrap();
        let offset = text.find(at).unwrap();
        Self::at(self.code, &self.name, text, offset)
    }

    /// The mistake is said to be where the run of this character begins.
    fn at_start(self, character: &str) -> Self {
        let run = character.repeat(10);
        self.at_text(&run)
    }

    /// What follows is left out.
    fn cut(mut self, from: &str) -> Self {
        let text = String::from_utf8(self.bytes).unwrap();
        self.bytes = text.as_bytes()[..text.find(from).unwrap()].to_vec();
        self
    }
}

#[test]
fn each_mistake_is_said_once_and_in_its_place() {
    let mut wrong = Vec::new();
    for case in cases() {
        let name: String = case.name.chars().take(60).collect();
        let found: Vec<_> = refused(&case.bytes)
            .into_iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| (one.code, one.span.line, one.span.column, one.message, one.help))
            .collect();
        let want = (case.code.as_str(), case.line, case.column);
        match found.as_slice() {
            [(code, line, column, ..)] if (*code, *line, *column) == want => {}
            other => wrong.push(format!("{name:?}: want {want:?}, found {other:#?}")),
        }
        for (.., message, help) in &found {
            if message.is_empty() || help.is_none() {
                wrong.push(format!("{name:?}: nothing to do is said"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_said_about_what_follows_from_a_mistake() {
    let sketch = "{id: sketch, title: Sketch}";
    let mut wrong = Vec::new();
    for (code, from, to) in [
        // Whoever misspells a section meant it.
        (Code::UnknownKey, "\nlabels:", "\nlabelz:"),
        (Code::UnknownKey, "\nlabels:", "\ntags:"),
        (Code::UnknownKey, "\nstages:", "\nphases:"),
        (Code::UnknownKey, "\nmilestones:", "\nmilestons:"),
        (Code::UnknownKey, "      views:\n", "      view:\n"),
        (Code::UnknownWord, "type: iteration, start", "type: iteraton, start"),
        (Code::UnknownField, "{name: Sprint,", "{name: Sprints,"),
        (Code::UnknownKey, "{title: Late, start", "{title: Late, begin"),
        (
            Code::BadOptions,
            "type: iteration, start: 2026-01-05, duration: 14, count: 3",
            "type: iteration, options: []",
        ),
        (Code::BadIterations, "type: iteration, start", "type: singleSelect, start"),
        (Code::BadIterations, "type: iteration, start", "type: text, start"),
        (Code::BadOptions, "type: multiSelect, options", "type: iteration, options"),
        (Code::BadOptions, "          type: singleSelect\n", "          type: text\n"),
        (Code::BadIterations, "count: 3}", "count: 0}"),
        (Code::WrongValue, "type: multiSelect", "type: singleSelect"),
        (Code::BadIterations, "start: 2026-02-10, duration: 20", "start: 2026-01-10, duration: 20"),
        (Code::RepeatedName, "- {title: Go live,", "- {title: go live}\n  - {title: Go live,"),
        (Code::BadOwnerOrRepository, "repository: acme/demo\n", "repository: \"acme demo\"\n"),
        (Code::UnknownKey, "\nrepository:", "\nrepo:"),
        (Code::UnknownKey, "\nowner:", "\norganisation:"),
        (Code::UnknownKey, "\nprojects:", "\nboards:"),
        (Code::UnknownKey, "projectProvisioning:", "provisioning:"),
        (Code::UnknownKey, "      fields:\n", "      feilds:\n"),
        (Code::UnknownKey, "      fields:\n", "      columns:\n"),
        (Code::UnknownKey, "          options:\n", "          choices:\n"),
        (Code::UnknownKey, "        stage: Build\n", "        phase: Build\n"),
        (
            Code::UnknownKey,
            "        tasks:\n          - {id: sketch",
            "        steps:\n          - {id: sketch",
        ),
        (Code::UnknownKey, sketch, "{name: sketch, title: Sketch}"),
        (Code::UnknownKey, "color: 5319e7", "tint: 5319e7"),
        // What can't be read may be what others mean.
        (Code::WrongType, sketch, "sketch"),
        (Code::WrongType, "        stage: Build\n", "        stage:\n"),
        (Code::MissingKey, "    projectProvisioning:\n      title: Demo board\n", "    x-rest:\n"),
        (Code::RepeatedKey, "projects:\n", "labels: [{name: more, color: ededed}]\nprojects:\n"),
        (Code::RepeatedId, sketch, "{id: sketch, title: Sketch}\n          - {id: sketch, title: Sketch}"),
        // A part of the contract that comes later is named once.
    ] {
        let mut text = demo(&[(from, to)]);
        if to == "    x-rest:\n" {
            text = text.replacen(
                &text[text.find("    x-rest").unwrap()..text.find("    initiative").unwrap()],
                "",
                1,
            );
        }
        let found: Vec<_> =
            refused(text.as_bytes()).into_iter().filter(|one| one.severity == Severity::Error).collect();
        if !matches!(found.as_slice(), [one] if one.code == code.as_str()) {
            wrong.push(format!("{to:?}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_unknown_key_does_not_hide_other_mistakes() {
    let text = demo(&[
        ("{id: sketch, title: Sketch}", "{id: sketch, title: Sketch, foo: x, labels: [bugs]}"),
        ("dependsOn: [plan]", "dependsOn: [nowhere]"),
        ("stage: Plan\n", "stage: Plans\n"),
    ]);
    let found = refused(text.as_bytes());
    let codes: Vec<_> =
        found.iter().filter(|one| one.severity == Severity::Error).map(|one| one.code).collect();
    assert_eq!(codes, ["SP019", "SP018", "SP004", "SP015"]);
}

/// Mistakes that are between files: the demo, called `m.yml`, with others beside it.
fn between_files() -> Vec<(Code, Folder)> {
    use Code::*;

    let with = |from: &str, to: &str| Folder::of(&[("m.yml", &demo(&[(from, to)]))]);
    let including = |path: &str| with("id: demo\n", &format!("id: demo\nincludes: [{path}]\n"));
    let sketch = "{id: sketch, title: Sketch}";
    let using = |name: &str| {
        with("{name: Target, type: date}", &format!("{{use: {name}, name: Target, type: date}}"))
            .with("config/projects/schemas/core/fields.json", r#"{"schemaVersion": 1, "fields": {}}"#)
    };
    vec![
        (Conflict, including("f.yml").with("f.yml", "id: other\n")),
        (IncludeCycle, including("m.yml")),
        (MissingFile, including("gone.yml")),
        (EmptyGlob, including("'f/*.yml'").with("f/x.json", "")),
        (OutsideRoot, including("../f.yml")),
        (NotAFile, including("f").refusing("f", Refusal::NotAFile("a folder"))),
        (UnreadableFile, including("f.yml").refusing("f.yml", Refusal::Unreadable("no".to_owned()))),
        (TooMuchInput, including("f.yml").refusing("f.yml", Refusal::TooLarge)),
        (BadPath, including("''")),
        (TextTwice, with(sketch, "{id: sketch, title: Sketch, body: x, bodyFile: b.md}").with("b.md", "x")),
        (UnknownTemplate, using("core/target")),
        (NotJson, using("core/target").with("config/projects/schemas/core/fields.json", "fields: {}")),
        (NotToml, with("id: demo\n", "id: demo\n").configured("a =")),
        (
            BadProjectNumber,
            with("id: demo\n", "id: demo\n").configured("[manifests.demo]\nprojectNumber = 0\n"),
        ),
    ]
}

#[test]
fn each_mistake_between_files_is_said_once() {
    for (code, folder) in between_files() {
        let (place, message, help) = folder.mistake(&["m.yml"]);
        assert!(place.starts_with(code.as_str()), "{code:?}: {place} {message}");
        assert!(!message.is_empty() && !help.is_empty());
    }
}

#[test]
fn each_code_comes_up() {
    let mut seen: BTreeSet<Code> = cases().into_iter().map(|case| case.code).collect();
    seen.extend(between_files().into_iter().map(|(code, _)| code));
    // The only warning; it refuses nothing.
    seen.insert(Code::RepeatedDependency);
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn all_mistakes_are_said_at_once_by_place() {
    let text = demo(&[
        ("title: Demo board", "titel: Demo board"),
        ("color: 5319e7", "color: red"),
        ("stage: Build\n", "stage: Bild\n"),
        ("Estimate: 2.50", "Estimate: many"),
        ("dependsOn: [first, ", "dependsOn: [frist, "),
    ]);
    let codes: Vec<_> = refused(text.as_bytes())
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| one.code)
        .collect();
    assert_eq!(codes, ["SP013", "SP004", "SP018", "SP023", "SP019"]);
}

#[test]
fn what_is_near_is_offered() {
    for (from, to, offered) in [
        ("title: First", "titel: First", "title"),
        ("stage: Build\n", "stage: Bild\n", "Build"),
        ("dependsOn: [plan]", "dependsOn: [plam]", "plan"),
        ("dependsOn: [plan]", "dependsOn: [sketch]", "plan/sketch"),
        ("Status: Backlog", "Status: backlog", "Backlog"),
    ] {
        let help = refused(demo(&[(from, to)]).as_bytes())
            .iter()
            .find_map(|one| one.help.clone().filter(|_| one.severity == Severity::Error));
        let help = help.unwrap_or_default();
        let (offer, unused) = help.split_once(" (").unwrap_or((&help, ""));
        assert_eq!(offer, format!("did you mean `{offered}`?"), "{to}");
        // Nothing else is of that stage, so that may be the mistyped name.
        assert_eq!(unused.starts_with("nothing refers to `Build` in line 5"), offered == "Build", "{help}");
    }
}

#[test]
fn a_cycle_is_shown_as_a_chain() {
    let text = demo(&[
        (
            "{id: sketch, title: Sketch}",
            "{id: a, title: A, dependsOn: [b]}\n          - {id: b, title: B, dependsOn: [a]}",
        ),
        (", plan/sketch", ""),
    ]);
    let messages: Vec<_> = refused(text.as_bytes()).into_iter().map(|one| one.message).collect();
    assert!(
        messages.contains(&"these wait for each other: plan/a → plan/b → plan/a".to_owned()),
        "{messages:?}"
    );
}
