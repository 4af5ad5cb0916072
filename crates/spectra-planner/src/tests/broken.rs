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
        Case::of(Syntax, "stages: [Plan, Build]\nlabels:", "stages: [Plan, Build\nlabels:", ":"),
        Case::of(RepeatedKey, "id: demo", "id: demo\nid: demo", "id"),
        Case::of(UnknownKey, "title: First", "titel: First", "titel"),
        Case::of(UnknownKey, "id: demo", "id: demo\nstage: [x]", "stage"),
        Case::of(UnknownKey, "color: 5319e7", "colour: 5319e7", "colour"),
        Case::of(WrongType, "stages: [Plan, Build]", "stages: Plan", "Plan"),
        Case::of(WrongType, "stages: [Plan, Build]", "stages:", "stages"),
        Case::of(WrongType, "title: Demo board", "title: [Demo]", "[Demo]"),
        Case::of(WrongType, "labels: [Bug, \"stage:Plan\"]", "labels: [[Bug]]", "[Bug]"),
        of_task(WrongType, "fields: {Note: [1]}", "[1]"),
        Case::of(MissingKey, sketch, "{id: sketch}", "{id: sketch}"),
        Case::of(MissingKey, "id: demo\n", "", ""),
        Case::of(UnknownWord, "state: open", "state: opened", "opened"),
        Case::of(UnknownWord, "type: number", "type: numbers", "numbers"),
        Case::of(NotSupportedYet, "id: demo", "id: demo\nmilestones: []", "milestones"),
        Case::of(NotSupportedYet, "type: number", "type: iteration", "iteration"),
        Case::of(NotSupportedYet, "body: createOnly", "onRemove: archive", "archive"),
        of_task(NotSupportedYet, "draft: true", "draft"),
        of_task(NotSupportedYet, "issueType: Task", "issueType"),
        Case::of(NotSupportedYet, "slug: acme", "slug: others", "").at_text("acme/demo"),
        Case::of(SchemaVersion, "schemaVersion: 1", "schemaVersion: 2", "2"),
        Case::of(BadId, "id: sketch", "id: Sketch_1", "Sketch_1"),
        Case::of(BadId, "id: board", &format!("id: {}", long(41)), "xxx").at_start("x"),
        of_task(BadId, "dependsOn: [a//b]", "a//b"),
        Case::of(RepeatedId, "- {id: second", "- {id: first", "first"),
        Case::of(RepeatedId, "id: plan\n", "id: top\n", "top"),
        Case::of(BadOwnerOrRepository, "repository: acme/demo", "repository: demo", "demo"),
        Case::of(BadOwnerOrRepository, "slug: acme", "slug: \"ac me\"", "\"ac"),
        of_task(BadOwnerOrRepository, "repository: a/..", "a/.."),
        of_task(BadOwnerOrRepository, "repository: others/demo", "others/demo"),
        Case::of(BadColour, "color: 5319e7", "color: \"#5319e7\"", "\"#"),
        Case::of(BadColour, "color: purple", "color: violet", "violet"),
        Case::of(RepeatedName, "stages: [Plan, Build]", "stages: [Plan, Build, Plan]", "Plan"),
        Case::of(RepeatedName, "{name: bug, color: 5319e7}", "{name: bug, color: 5319e7}\n  - {name: BUG, color: 5319e7}", "BUG"),
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
        Case::of(BadPlaceholder, "title: Build it\n        stage: Build\n", "title: Build it\n", "").at_text("\"stage:{stage}\""),
        Case::of(ReservedField, "{name: Target, type: date}", "{name: assignees, type: text}", "assignees").with("Target: 2026-02-28, ", ""),
        Case::of(BadOptions, "{name: Target, type: date}", "{name: Target, type: date, options: []}", "Target"),
        Case::of(BadOptions, "{name: Target, type: date}", "{name: Target, type: date}\n        - {name: Size, type: singleSelect}", "Size").with("renamedFrom: [Size]", "manage: always"),
        Case::of(BadOptions, "[{name: 1.10, color: blue}, {name: 1.2, color: red}]", "[]", "").at_text("Version, type").with("version: 1.10, ", ""),
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
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let fields = many(36, &|n| format!("        - {{name: F{n}, type: text}}\n"));
    let from = "        - {name: Target, type: date}\n";
    cases.push(Case::of(TooMany, from, &format!("{from}{fields}"), "F33"));
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
        (
            Code::NotSupportedYet,
            "{name: Target, type: date}",
            "{name: Target, type: iteration, start: 2026-01-05, duration: 14, count: 5}",
        ),
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
        assert_eq!(help.as_deref(), Some(format!("did you mean `{offered}`?").as_str()), "{to}");
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
