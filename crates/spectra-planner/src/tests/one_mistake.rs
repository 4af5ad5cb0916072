//! One mistake is one error: what follows from a wrong declaration is not told again wherever the thing is used.

use spectra_model::diagnostic::Severity;

use super::folder::{HEAD, manifest};
use super::*;

fn errors(text: &str) -> Vec<Diagnostic> {
    let found = refused(text.as_bytes()).into_iter();
    found.filter(|one| one.severity == Severity::Error).collect()
}

/// One thing of the demo changed: one error of this code, with these words in its help.
#[track_caller]
fn check(from: &str, to: &str, code: &str, help: &str) {
    let found = errors(&demo(&[(from, to)]));
    let [one] = found.as_slice() else { panic!("{to}: {found:#?}") };
    assert_eq!(one.code, code, "{to}: {one:#?}");
    let said = one.help.as_deref().unwrap_or_default();
    assert!(said.contains(help), "{to}: {said}");
}

#[test]
fn a_mistyped_declaration_is_told_where_it_is_used_first() {
    for (from, to, code, help) in [
        (
            "{name: bug,",
            "{name: bugg,",
            "SP015",
            "(nothing refers to `bugg` in line 7: is that what is mistyped?)",
        ),
        ("{name: \"stage:Plan\"", "{name: \"stage:Plam\"", "SP015", "`stage:Plam` in line 8"),
        ("{title: Go live", "{title: Go life", "SP037", "(nothing refers to `Go life` in line 11:"),
        ("{title: 1.10,", "{title: 1.11,", "SP037", "did you mean `1.11`?"),
        ("{name: Estimate,", "{name: Estimat,", "SP016", "(nothing refers to `Estimat` in line 29:"),
        ("{name: Note,", "{name: Notes,", "SP016", "`Notes` in line 31"),
        ("{name: Phase", "{name: Phases", "SP016", ""),
        ("{name: Backlog,", "{name: Backlogs,", "SP017", "(nothing refers to `Backlogs` in line 26:"),
        ("{name: Speech,", "{name: Spech,", "SP017", "`Spech` in line 32"),
        ("{title: Early,", "{title: Earlier,", "SP038", ""),
        ("count: 3", "count: 1", "SP038", "the iterations are `Sprint 1`"),
        ("stages: [Plan, Build]", "stages: [Plan, Built]", "SP018", "(nothing refers to `Built` in line 5:"),
        ("stages: [Plan, Build]", "stages: []", "SP018", "list them in order under `stages`"),
        ("- id: first\n", "- id: frist\n", "SP019", "(nothing refers to `frist` in line"),
        ("- id: plan\n", "- id: plam\n", "SP019", "(nothing refers to `plam` in line"),
        ("{id: sketch,", "{id: skecth,", "SP019", "did you mean `plan/skecth`?"),
    ] {
        let from = if from == "{name: Phase" { "name: Phase\n" } else { from };
        let to = if to == "{name: Phases" { "name: Phases\n" } else { to };
        check(from, to, code, help);
    }
}

#[test]
fn a_declaration_that_is_wrong_by_itself_is_told_there_alone() {
    for (from, to, code) in [
        ("id: demo\n", "id: Demo Manifest\n", "SP010"),
        ("- id: board\n", "- id: My Board\n", "SP010"),
        ("- id: board\n", "- idd: board\n", "SP004"),
        ("owner: {type: org, slug: acme}", "owner: acme", "SP005"),
        ("owner: {type: org, slug: acme}", "owner: {type: organisation, slug: acme}", "SP007"),
        ("owner: {type: org, slug: acme}", "owner: {type: org}", "SP006"),
        ("owner: {type: org, slug: acme}", "owner: {type: org, slug: \"-a-\"}", "SP012"),
        ("owner: {type: org, slug: acme}\n", "", "SP006"),
        ("owner: {type: org,", "owner: {type: user,", "SP046"),
        ("repository: acme/demo\n", "repository: demo\n", "SP012"),
        ("stages: [Plan, Build]", "stages: Plan, Build", "SP005"),
        ("stages: [Plan, Build]", "stages: {Plan: 1}", "SP005"),
        ("stages: [Plan, Build]", "stages: [Plan, Build, Plan]", "SP014"),
        ("stages: [Plan, Build]", "stages: [Plan, [Build]]", "SP005"),
        ("{name: bug, color: 5319e7,", "{name: bug, color: red,", "SP013"),
        ("{name: bug, color: 5319e7,", "{nam: bug, color: 5319e7,", "SP004"),
        ("{name: bug, color: 5319e7,", "{name: [bug], color: 5319e7,", "SP005"),
        ("{name: bug, color: 5319e7,", "{name: \"stage:Plan\", color: 5319e7,", "SP014"),
        ("{title: Go live,", "{titel: Go live,", "SP004"),
        ("{title: Go live, dueOn: 2026-03-31", "{title: Go live, dueOn: 31.3.2026", "SP040"),
        ("type: number,", "type: numeric,", "SP007"),
        ("type: number,", "typ: number,", "SP004"),
        ("{name: Estimate, type: number,", "{name: Estimate, type: [number],", "SP007"),
        ("{name: Target, type: date}", "{name: Target, type: iteration}", "SP039"),
        ("{name: Target, type: date}", "{name: Target, type: singleSelect}", "SP026"),
        ("{name: Target, type: date}", "{name: Estimate, type: date}", "SP014"),
        ("{name: Target, type: date}", "{name: Assignees, type: date}", "SP025"),
        ("{name: Areas, type: multiSelect,", "{name: Areas, type: text,", "SP026"),
        ("{name: Speech, color: green}", "{name: Speech, color: lime}", "SP013"),
        ("{name: Speech, color: green}", "{nome: Speech, color: green}", "SP004"),
        ("start: 2026-01-05, duration: 14, count: 3", "start: 2026-13-05, duration: 14, count: 3", "SP040"),
        ("start: 2026-01-05, duration: 14, count: 3", "start: 2026-01-05, duration: 14", "SP039"),
        ("- {title: Early, start: 2026-01-01,", "- {title: Early, start: 2026-02-01,", "SP039"),
        ("- id: build\n", "- id: Build\n", "SP010"),
        ("- id: build\n", "- ids: build\n", "SP004"),
        ("- id: build\n", "- id: plan\n", "SP011"),
        ("- id: first\n", "- id: second\n", "SP011"),
        ("{id: sketch, title: Sketch}", "{id: sketch}", "SP006"),
        ("stage: Build\n", "stage: Bilt\n", "SP018"),
        ("stage: Plan\n", "stage: [Plan]\n", "SP005"),
        ("stage: Build\n", "stages: Build\n", "SP004"),
        ("          - {id: sketch, title: Sketch}", "          - sketch", "SP005"),
        (
            "        tasks:\n          - {id: sketch, title: Sketch}",
            "        task:\n          - {id: sketch, title: Sketch}",
            "SP004",
        ),
        ("    activities:\n", "    activity:\n", "SP004"),
        ("    projectProvisioning:\n", "    provisioning:\n", "SP004"),
        ("      fields:\n", "      field:\n", "SP004"),
        ("labels:\n  - {name: bug", "label:\n  - {name: bug", "SP004"),
        ("milestones:\n", "milestone:\n", "SP004"),
        ("projects:\n", "project:\n", "SP004"),
    ] {
        check(from, to, code, "");
    }
}

#[test]
fn a_missing_include_may_hold_whatever_is_not_to_be_found() {
    let uses = "    activities:
      - {id: a, title: A, stage: Gone, labels: [gone], milestone: Gone, dependsOn: [gone], fields: {Gone: 1}}
";
    for include in ["gone.yml", "'gone/*.yml'", "m.yml", "../../gone.yml"] {
        let text = manifest(&format!("includes: [{include}]")) + uses;
        let found = Folder::of(&[("m.yml", &text)]).refused(&["m.yml"]);
        assert_eq!(found.len(), 1, "{include}: {found:#?}");
    }
}

#[test]
fn a_type_that_no_value_fits_is_one_mistake() {
    let board = "projects:
  - id: board
    projectProvisioning: {title: Board, fields: [{name: Size, type: number}, {name: Day, type: date}]}
    activities:
";
    let with = |values: &[&str]| {
        let lines: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(n, value)| format!("      - {{id: a{n}, title: A{n}, fields: {{{value}}}}}\n"))
            .collect();
        errors(&format!("{HEAD}{board}{}", lines.concat()))
    };
    for (values, wrong) in [
        (["Size: small", "Size: big", "Size: huge"], 1),
        (["Size: small", "Size: big", "Size: 3"], 2),
        (["Day: soon", "Day: later", "Day: null"], 1),
        (["Day: soon", "Size: big", "Day: 2026-01-01"], 2),
        (["Size: [1]", "Size: [2]", "Size: 3"], 1),
    ] {
        let found = with(&values);
        assert_eq!(found.len(), wrong, "{values:?}: {found:#?}");
        assert!(found.iter().all(|one| one.code == "SP023"), "{found:#?}");
    }
    let help = with(&["Size: small", "Size: big"])[0].help.clone().unwrap();
    assert!(
        help.contains("or correct the field's type (line 7): no value is of it (used in line 10 too)"),
        "{help}"
    );
}

#[test]
fn a_users_repository_has_no_issue_types_and_that_is_said_once() {
    let text = |owner: &str, repository: &str, top: &str| {
        format!(
            "schemaVersion: 1\nid: demo\nowner: {owner}\nrepository: {repository}\nprojects:\n  - id: board\n    \
             projectProvisioning:\n      title: Board\n      issues: {{derive: {{activity: {{issueType: Epic}}}}}}\n    \
             initiative: {{id: top, title: Top{top}}}\n    activities:\n      - {{id: a, title: A, issueType: Bug}}\n      \
             - {{id: b, title: B}}\n      - {{id: c, title: C, issueType: null}}\n"
        )
    };
    let user = "{type: user, slug: Ada}";
    assert_eq!(errors(&text("{type: org, slug: Ada}", "ada/voice", "")), []);
    let found = errors(&text(user, "ada/voice", ""));
    let [one] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((one.code, one.span.line), ("SP076", 9));
    assert_eq!(one.message, "`Ada` is a user, and only organisations have issue types");
    assert!(one.help.as_deref().unwrap().ends_with("(used in line 12 too)"), "{one:#?}");
    // Nobody can tell whose other repositories are.
    let codes = |text: &str| errors(text).into_iter().map(|one| one.code).collect::<Vec<_>>();
    let mut plain = text(user, "ada/voice", "").replace("issueType: Bug", "state: open");
    plain = plain.replace("activity: {issueType: Epic}", "");
    assert_eq!(codes(&plain), [""; 0]);
}

#[test]
fn a_view_names_every_field_that_a_board_may_have() {
    let with = |view: &str| {
        format!(
            "{HEAD}projects:\n  - id: board\n    projectProvisioning:\n      title: Board\n      views:\n        - \
             {{name: V, layout: table, {view}}}\n"
        )
    };
    for view in
        ["fields: [Title, Type, tracks, Tracked by, Closed]", "groupBy: Type", "sortBy: [{field: Tracks}]"]
    {
        assert_eq!(errors(&with(view)), [], "{view}");
    }
    let (boards, _) = planned(&with("fields: [Title, tracked By]"));
    let fields = boards[0].plan.views[0].fields.clone().unwrap();
    assert_eq!(
        fields.iter().map(spectra_model::id::FieldName::as_str).collect::<Vec<_>>(),
        ["Title", "Tracked by"]
    );
    let made: Vec<_> = boards[0].plan.operations.iter().map(|one| one.id.to_string()).collect();
    assert!(made.contains(&"manual:view:V".to_owned()), "a new board doesn't have it: {made:?}");
    for (view, code, help) in [
        ("fields: [Tracs]", "SP016", "did you mean `Tracks`?"),
        (
            "fields: [Iteration]",
            "SP016",
            "name a field of the board, or one of GitHub's own such as Title or Assignees",
        ),
        ("groupBy: Tracks", "SP042", "choose another field"),
    ] {
        let found = errors(&with(view));
        assert_eq!((found.len(), found[0].code), (1, code), "{view}");
        assert!(found[0].help.as_deref().unwrap().starts_with(help), "{found:?}");
    }
}

#[test]
fn an_id_is_one_mistake_whatever_path_leads_through_it() {
    let text = manifest("stages: []").replace("stages: []\n", "")
        + "    activities:
      - id: discovr
        title: Discover
        tasks:
          - {id: scope, title: Scope, tasks: [{id: interviews, title: Interviews}]}
      - {id: prepare, title: Prepare, dependsOn: [discover, discover/scope]}
      - {id: extract, title: Extract, dependsOn: [discover/scope/interviews]}
      - {id: other, title: Other, dependsOn: [nowhere]}
";
    let found = errors(&text);
    let told: Vec<_> = found.iter().map(|one| (one.span.line, one.message.as_str())).collect();
    assert_eq!(told, [(13, "no issue is called `discover` here"), (15, "no issue is called `nowhere` here")]);
    assert_eq!(
        found[0].help.as_deref(),
        Some(
            "did you mean `discovr`? (nothing refers to `discovr` in line 9: is that what is mistyped?) (used in \
             lines 13, 14 too)"
        )
    );
}
