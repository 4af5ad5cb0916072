//! Field templates: what a field takes over, and what is wrong in their files.

use super::folder::{HEAD, manifest};
use super::*;
use crate::Refusal;

const CORE: &str = r#"{
  "schemaVersion": 1,
  "fields": {
    "priority": {
      "name": "Priority",
      "type": "singleSelect",
      "options": [{"name": "High", "color": "red"}, {"name": "Low", "color": "gray", "description": "later"}]
    },
    "estimate": {"name": "Estimate", "type": "number", "manage": "onCreate"}
  }
}
"#;
const CORE_PATH: &str = "config/projects/schemas/core/fields.json";

fn with(field: &str) -> Folder {
    let text = manifest("").replace("{title: Board}", &format!("{{title: B, fields: [{field}]}}"));
    let issue = "    initiative: {id: top, title: Top, fields: {Priority: High}}\n";
    Folder::of(&[("m.yml", &format!("{text}{issue}")), (CORE_PATH, CORE)])
}

#[test]
fn a_template_gives_what_the_field_does_not_say() {
    let boards =
        with("{use: core/priority, renamedFrom: [Prio]}, {use: core/estimate, name: Effort, manage: always}")
            .planned(&["m.yml"]);
    let plan = &boards[0].plan;
    let json = serde_json::to_value(&plan.fields).unwrap();
    assert_eq!((&json[0]["name"], &json[0]["type"]), (&"Priority".into(), &"singleSelect".into()));
    assert_eq!(json[0]["renamedFrom"], serde_json::json!(["Prio"]));
    assert_eq!(json[0]["options"][1]["description"], "later");
    assert_eq!((&json[1]["name"], &json[1]["manage"]), (&"Effort".into(), &"always".into()));
    let files: Vec<&str> = plan.source.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(files, [CORE_PATH, "m.yml"]);
    let own = with("{use: core/priority, options: [{name: High, color: blue}]}").planned(&["m.yml"]);
    assert_eq!(serde_json::to_value(&own[0].plan.fields).unwrap()[0]["options"].as_array().unwrap().len(), 1);
}

#[test]
fn an_unknown_template_is_told_and_nothing_that_follows_from_it() {
    for (field, code, message, help) in [
        ("use: core/priorty", "SP070", "unknown template `core/priorty`", "did you mean `core/priority`?"),
        (
            "use: core/colour",
            "SP070",
            "unknown template `core/colour`",
            "declare it under `fields` of config/projects/schemas/core/fields.json",
        ),
        ("use: cor/priority", "SP070", "unknown template `cor/priority`", "did you mean `core/priority`?"),
        (
            "use: elsewhere/x",
            "SP070",
            "unknown template `elsewhere/x`",
            "declare it in config/projects/schemas/elsewhere/fields.json",
        ),
        (
            "use: core",
            "SP010",
            "`core` is not the name of a template",
            "write `<name>/<entry>`, such as core/priority",
        ),
        (
            "use: core/a/b",
            "SP010",
            "`core/a/b` is not the name of a template",
            "write `<name>/<entry>`, such as core/priority",
        ),
        (
            "use: ../core/x",
            "SP010",
            "`../core/x` is not the name of a template",
            "write `<name>/<entry>`, such as core/priority",
        ),
    ] {
        with(&format!("{{{field}}}")).says(&format!("{code} m.yml:8:52"), message, help);
    }
    assert_eq!(with("{uses: core/priority}").mistake(&["m.yml"]).0, "SP004 m.yml:8:47");
    let none =
        Folder::of(&[("m.yml", &manifest("").replace("{title: Board}", "{title: B, fields: [{use: a/b}]}"))]);
    none.says(
        "SP070 m.yml:8:52",
        "unknown template `a/b`",
        "declare it in config/projects/schemas/a/fields.json",
    );
    let pipe = with("{use: core/priority}").refusing(CORE_PATH, Refusal::NotAFile("a pipe or a device"));
    assert_eq!(pipe.mistake(&["m.yml"]).0, "SP065 m.yml:8:52");
}

#[test]
fn mistakes_in_the_file_are_told_there() {
    for (from, to, place) in [
        ("\"schemaVersion\": 1", "\"schemaVersion\": 2", "2:20 SP009"),
        ("\"schemaVersion\": 1,\n", "", "1:1 SP006"),
        ("\"type\": \"number\"", "\"type\": \"numbers\"", "9:46 SP007"),
        ("\"type\": \"number\", ", "", "9:17 SP006"),
        ("\"color\": \"red\"", "\"colour\": \"red\"", "7:36 SP004"),
        ("\"color\": \"red\"", "\"color\": \"crimson\"", "7:45 SP013"),
        ("\"manage\": \"onCreate\"", "\"use\": \"core/priority\"", "9:56 SP004"),
        ("\"estimate\":", "\"priority\":", "9:5 SP003"),
        ("\"fields\": {", "\"fields\": [{", "11:1 SP071"),
        ("gray", "gr\u{0}ay", "7:81 SP001"),
        ("\"High\"", "\"High\\u0000\"", "7:28 SP001"),
        ("}\n}\n", "},\n}\n", "10:4 SP071"),
    ] {
        let text = CORE.replacen(from, to, 1);
        assert_ne!(text, CORE, "{from}");
        let folder = with("{use: core/priority}").with(CORE_PATH, text);
        let found: Vec<String> = folder
            .refused(&["m.yml"])
            .iter()
            .map(|one| format!("{}:{} {} {}", one.span.line, one.span.column, one.code, one.file))
            .collect();
        assert_eq!(found, [format!("{place} {CORE_PATH}")], "{to}");
    }
    // Keys that are wrong only with those beside them.
    let typed = with("{use: core/priority, type: text}");
    assert_eq!(typed.mistake(&["m.yml"]).0, "SP026 m.yml:8:52");
}

#[test]
fn a_template_is_read_once_for_all_boards() {
    let board = |id: &str| {
        format!("  - id: {id}\n    projectProvisioning: {{title: {id}, fields: [{{use: core/priority}}]}}\n")
    };
    let text = format!("{HEAD}projects:\n{}{}", board("one"), board("two"));
    let folder = Folder::of(&[("m.yml", &text), (CORE_PATH, CORE)]);
    assert_eq!(folder.planned(&["m.yml"]).len(), 2);
    assert_eq!(folder.asked(), [CORE_PATH]);
}
