//! Boards of activities: which issues they hold, what they inherit, and the edges between them.

use std::collections::BTreeSet;

use spectra_model::plan::{BodyPolicy, IssueRef, Link, OnRemove, Plan};

use super::folder::{HEAD, manifest};
use super::*;

const BOARDS: &str = include_str!("boards.yml");

/// The manifest with pieces of it replaced; each must be there.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(BOARDS.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

fn plans(text: &str) -> Vec<Plan> {
    planned(text).0.into_iter().map(|board| board.plan).collect()
}

fn boards(changes: &[(&str, &str)]) -> [Plan; 3] {
    plans(&changed(changes)).try_into().unwrap()
}

fn values(plan: &Plan, key: &str) -> serde_json::Value {
    let issue = plan.issues.iter().find(|issue| issue.key.as_str() == key).unwrap();
    serde_json::to_value(issue).unwrap()
}

/// The edges between issues, as they are written in the plan's operations.
fn edges(plan: &Plan) -> Vec<String> {
    let end = |end: &IssueRef| match end {
        IssueRef::Own(key) => key.to_string(),
        IssueRef::Foreign(foreign) => format!("{}:{}", foreign.slug, foreign.key),
    };
    let edges = plan.links.iter().filter_map(|link| match link {
        Link::SubIssue { parent, child } => Some(format!("{}>{child}", end(parent))),
        Link::BlockedBy { issue, by } => Some(format!("{issue}<-{}", end(by))),
        Link::Repository { .. } | Link::Team { .. } => None,
    });
    edges.collect()
}

/// The one mistake in it: its code, its line, what is said and what to do.
#[track_caller]
fn mistake(text: &str) -> (&'static str, usize, String, String) {
    let found = refused(text.as_bytes());
    let [one] = found.as_slice() else { panic!("one mistake: {found:#?}") };
    (one.code, one.span.line, one.message.clone(), one.help.clone().unwrap_or_default())
}

/// The line of the first place of a text, after the first place of another.
fn line(text: &str, after: &str, at: &str) -> usize {
    let start = text.find(after).unwrap();
    let offset = start + text[start..].find(at).unwrap();
    text[..offset].matches('\n').count() + 1
}

#[test]
fn each_board_is_planned_to_the_last_byte() {
    let (boards, warnings) = planned(BOARDS);
    assert_eq!(warnings, []);
    for (board, slug) in boards.iter().zip(["voice", "voice-build", "voice-run"]) {
        assert_eq!(board.plan.slug.as_str(), slug);
        let parsed = Plan::parse(board.json.as_bytes()).unwrap();
        assert_eq!(
            (parsed.links, parsed.neighbours),
            (board.plan.links.clone(), board.plan.neighbours.clone())
        );
        let mut desired: serde_json::Value = serde_json::from_str(&board.json).unwrap();
        desired.as_object_mut().unwrap().remove("operations");
        insta::assert_snapshot!(format!("{slug}_json"), spectra_model::json::to_document(&desired).unwrap());
        insta::assert_snapshot!(format!("{slug}_md"), board.markdown);
    }
    assert_eq!(boards.len(), 3);
}

#[test]
fn plans_of_activities_are_as_their_schema_says() {
    let schema = serde_json::from_str(crate::PLAN_SCHEMA).unwrap();
    let validator = jsonschema::options().offline().build(&schema).unwrap();
    for board in planned(BOARDS).0 {
        let plan = serde_json::from_str(&board.json).unwrap();
        let errors: Vec<_> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn an_issue_stands_on_one_board_and_edges_lead_between_them() {
    let [own, build, run] = boards(&[]);
    let keys = |plan: &Plan| plan.issues.iter().map(|issue| issue.key.to_string()).collect::<Vec<_>>();
    assert_eq!(keys(&own), ["voice/top", "voice/plan", "voice/plan/sketch", "voice/close"]);
    assert_eq!(
        keys(&build),
        ["voice/build", "voice/build/first", "voice/build/first/inner", "voice/build/second"]
    );
    assert_eq!(keys(&run), ["voice/run", "voice/run/watch"]);
    assert_eq!(build.drafts[0].key.as_str(), "voice/build/idea");
    assert!(own.drafts.is_empty());
    assert_eq!(
        edges(&own),
        [
            "voice/top>voice/plan",
            "voice/plan>voice/plan/sketch",
            "voice/top>voice/close",
            "voice/close<-voice-build:voice/build",
            "voice/close<-voice-run:voice/run/watch",
        ]
    );
    assert_eq!(
        edges(&build),
        [
            "voice:voice/top>voice/build",
            "voice/build>voice/build/first",
            "voice/build/first>voice/build/first/inner",
            "voice/build>voice/build/second",
            "voice/build<-voice:voice/plan",
            "voice/build/first<-voice:voice/plan/sketch",
            "voice/build/first<-voice/build/second",
        ]
    );
    assert_eq!(
        edges(&run),
        [
            "voice:voice/top>voice/run",
            "voice/run>voice/run/watch",
            "voice/run<-voice-build:voice/build/first",
            "voice/run/watch<-voice:voice/top",
            "voice/run/watch<-voice-build:voice/build",
        ]
    );
    let neighbours = |plan: &Plan| {
        let shown = plan
            .neighbours
            .iter()
            .map(|it| format!("{} {} {:?}", it.slug, it.managed_label, it.repositories));
        shown.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        neighbours(&run),
        "voice project:voice [RepoSlug(\"acme/demo\")]; voice-build building [RepoSlug(\"acme/demo\"), \
         RepoSlug(\"acme/other\")]"
    );
}

#[test]
fn a_board_has_its_own_things_and_the_projects_fields_where_it_says_none() {
    let [own, build, run] = boards(&[]);
    let names = |plan: &Plan| plan.fields.iter().map(|field| field.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&own), ["Stage", "Estimate"]);
    assert_eq!(names(&build), ["Size"]);
    assert_eq!(names(&run), ["Stage", "Estimate"]);
    let views = [&own, &build, &run].map(|plan| plan.views.len());
    assert_eq!(views, [1, 1, 0]);
    assert_eq!(run.project.visibility, None);
    assert_eq!(run.project.managed_label.as_str(), "project:voice-run");
    assert!(run.issues.iter().all(|issue| issue.labels[0].as_str() == "project:voice-run"));
    assert!(build.issues.iter().all(|issue| issue.labels[0].as_str() == "building"));
    let policies = |plan: &Plan| (plan.project.on_remove, plan.project.body);
    assert_eq!(policies(&own), (OnRemove::Archive, BodyPolicy::ManagedRegion));
    assert_eq!(policies(&build), (OnRemove::Keep, BodyPolicy::ManagedRegion));
    assert_eq!(policies(&run), (OnRemove::Archive, BodyPolicy::Overwrite));
    // Labels are those of the repositories that the board's own issues use.
    let labelled = |plan: &Plan| {
        let all: BTreeSet<_> = plan.labels.iter().map(|label| label.repository.to_string()).collect();
        all.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(labelled(&own), ["acme/demo"]);
    assert_eq!(labelled(&build), ["acme/demo", "acme/other"]);
    // Without fields of its own it may still say that it has none.
    let [_, _, bare] = boards(&[
        ("{title: Running,", "{title: Running, fields: [],"),
        ("{id: watch, title: Watch,", "{id: watch, title: Watch, fields: {},"),
    ]);
    assert_eq!(
        (bare.fields.len(), &values(&bare, "voice/run/watch")["fields"]),
        (0, &serde_json::Value::Null)
    );
}

#[test]
fn defaults_of_an_activity_refine_the_projects() {
    let [own, build, run] = boards(&[]);
    let sketch = values(&own, "voice/plan/sketch");
    assert_eq!(sketch["labels"], serde_json::json!(["project:voice", "task", "speech"]));
    assert_eq!(sketch["assignees"], serde_json::json!(["octocat", "hubot", "monalisa"]));
    assert_eq!(sketch["issueType"], serde_json::Value::Null);
    assert!(sketch.as_object().unwrap().contains_key("issueType"));
    assert_eq!(sketch["fields"], serde_json::json!({"Estimate": 2.0, "Stage": "Plan"}));
    // What the project says of fields that the board lacks doesn't concern it.
    let inner = values(&build, "voice/build/first/inner");
    assert_eq!(inner["fields"], serde_json::json!({"Size": "voice-build"}));
    assert_eq!(inner["issueType"], "Task");
    assert_eq!(
        values(&run, "voice/run/watch")["fields"],
        serde_json::json!({"Estimate": 1.0, "Stage": "Run"})
    );
    assert_eq!(values(&own, "voice/close")["labels"], serde_json::json!(["project:voice"]));
}

#[test]
fn an_activity_without_a_board_refines_what_becomes_of_its_issues() {
    let [own, ..] = boards(&[]);
    let key = |text: &str| spectra_model::id::IssueKey::new(text);
    for (there, on_remove, body) in [
        ("voice/plan", OnRemove::Delete, BodyPolicy::CreateOnly),
        ("voice/plan/gone", OnRemove::Delete, BodyPolicy::CreateOnly),
        ("voice/design/gone", OnRemove::Delete, BodyPolicy::CreateOnly),
        ("speech/plan/gone", OnRemove::Delete, BodyPolicy::CreateOnly),
        ("voice/planning", OnRemove::Archive, BodyPolicy::ManagedRegion),
        ("voice/close", OnRemove::Archive, BodyPolicy::ManagedRegion),
    ] {
        assert_eq!(own.project.on_remove_of(&key(there)), on_remove, "{there}");
        assert_eq!(own.project.body_of(&key(there)), body, "{there}");
    }
    let [own, ..] = boards(&[("            onRemove: delete\n            body: createOnly\n", "")]);
    assert!(own.project.refinements.is_empty());
}

#[test]
fn boards_keep_their_issues_and_their_name_when_ids_change() {
    let [own, build, run] = boards(&[]);
    let slugs = |plan: &Plan| plan.renamed_from.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(slugs(&own), "speech");
    assert_eq!(slugs(&build), "speech-build");
    assert_eq!(slugs(&run), "voice-operate speech-run speech-operate");
    assert_eq!(
        values(&run, "voice/run/watch")["renamedFrom"],
        serde_json::json!(["voice/operate/watch", "speech/run/watch", "speech/operate/watch"])
    );
}

#[test]
fn a_plan_says_which_of_its_issues_went_to_another_board() {
    let [own, build, run] = boards(&[
        ("{id: second, title: Second,", "{id: second, title: Second, renamedFrom: [plan/second],"),
        ("{id: watch, title: Watch,", "{id: watch, title: Watch, renamedFrom: [build/guard],"),
    ]);
    let moved = |plan: &Plan| plan.moved_away.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(moved(&own), ["voice/plan/second", "speech/plan/second"]);
    assert_eq!(moved(&build), ["voice/build/guard", "speech/build/guard"]);
    assert_eq!(moved(&run), [""; 0]);
}

#[test]
fn one_board_of_an_activity_can_be_asked_for() {
    let ask = |slug: &str| {
        let mut sources = sources(BOARDS.as_bytes());
        sources.project = Some(slug.to_owned());
        let Outcome::Planned { boards, .. } = plan(sources) else { panic!("sound") };
        boards.into_iter().map(|board| board.plan.slug.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ask("voice-run"), ["voice-run"]);
    assert_eq!(ask("voice"), ["voice"]);
    assert_eq!(ask("voice-plan"), [""; 0]);
}

#[test]
fn a_slug_is_unique_and_keeps_its_length() {
    let other = "  - id: voice-run\n    projectProvisioning: {title: Other}\n";
    let (code, at, message, help) = mistake(&format!("{BOARDS}{other}"));
    let two = line(BOARDS, "- id: run", "id: run");
    assert_eq!((code, at), ("SP035", BOARDS.lines().count() + 1));
    assert_eq!(message, "two boards have the slug `voice-run`");
    assert_eq!(help, format!("the other one stands in line {two}"));

    let first = changed(&[("projects:\n", &format!("projects:\n{other}"))]);
    let (code, at, _, help) = mistake(&first);
    assert_eq!((code, at), ("SP035", two + 2));
    assert_eq!(
        help,
        "the other one stands in line 10; the slug of an activity's board is made of the project's id and its own"
    );

    // The edge: 40 characters.
    let long = |length: usize| "r".repeat(length - "voice-".len());
    let with = |length: usize| {
        changed(&[
            ("- id: run", &format!("- id: {}", long(length))),
            ("run/watch", &format!("{}/watch", long(length))),
        ])
    };
    assert_eq!(plans(&with(40)).len(), 3);
    let (code, at, message, _) = mistake(&with(41));
    assert_eq!((code, at), ("SP074", two));
    assert!(message.ends_with("has 41 characters"), "{message}");
    // An activity without a board of its own may have any id.
    let (from, to) = ("projectProvisioning: {title: Running, issues: {body: overwrite}}", "body: Text");
    assert_eq!(plans(&with(41).replace(from, to)).len(), 2);
}

#[test]
fn two_manifests_with_the_same_boards_are_one_mistake() {
    let folder = Folder::of(&[("a.yml", BOARDS), ("b.yml", BOARDS)]);
    let found = folder.refused(&["a.yml", "b.yml"]);
    let slugs: Vec<_> = found.iter().filter(|one| one.code == "SP035").collect();
    assert_eq!(slugs.len(), 1, "{found:#?}");
    assert_eq!(
        (slugs[0].file.as_str(), slugs[0].help.as_deref()),
        ("b.yml", Some("the other one stands in line 10 of a.yml"))
    );
}

#[test]
fn what_belongs_to_a_board_needs_one() {
    let titled = "          title: Building\n";
    let text = changed(&[(titled, "")]);
    let (code, at, message, help) = mistake(&text);
    assert_eq!((code, at), ("SP075", line(&text, "- id: build", "description:")));
    assert_eq!(
        message,
        "`description`, `readme`, `visibility`, `managedLabel`, `repositories`, `teams`, `fields` and `views` belong to \
         a board, and this activity has none of its own"
    );
    assert!(help.contains("`title`"));
    // A file's text stands there once.
    let folder = Folder::of(&[
        ("r.md", "Text"),
        (
            "m.yml",
            &manifest("").replace(
                "{title: Board}",
                "{title: B}\n    activities:\n      - {id: a, title: A, projectProvisioning: {readmeFile: r.md}}",
            ),
        ),
    ]);
    folder.says(
        "SP075 m.yml:10:49",
        "`readmeFile` belongs to a board, and this activity has none of its own",
        "write `title` beside it, which makes a board of the activity, or leave everything but `issues` out",
    );
}

#[test]
fn mistakes_below_an_activitys_board_are_told_once_in_their_place() {
    for (from, to, code, at) in [
        ("title: Building", "titel: Building", "SP004", "titel"),
        ("title: Building", "title: [Building]", "SP005", "[Building]"),
        ("title: Building", "title: \" \"", "SP033", "\" \""),
        ("description: What is being built", "descripton: What is being built", "SP004", "descripton"),
        ("visibility: public", "visibility: open", "SP007", "visibility: open"),
        ("managedLabel: building", "managedLabel: \"a \"", "SP033", "managedLabel"),
        ("repositories: [acme/other]", "repositories: [others/other]", "SP046", "others/other"),
        ("{name: Size, type: text}", "{name: Size, type: txt}", "SP007", "txt"),
        (
            "{name: Size, type: text}",
            "{name: Size, type: text}\n            - {name: size, type: text}",
            "SP014",
            "size,",
        ),
        ("columnBy: Status", "columnBy: Statu", "SP016", "Statu}"),
        ("fields: {Size: large}", "fields: {Sise: large}", "SP016", "Sise"),
        // A field of the project's board is none of the activity's, unless it declares none itself.
        ("fields: {Size: large}", "fields: {Estimate: 1}", "SP016", "Estimate: 1}"),
        ("labels: [speech], fields: {Size", "labels: [speach], fields: {Size", "SP015", "speach"),
        ("onRemove: keep", "onRemove: close it", "SP007", "close it"),
        ("onRemove: keep", "onRemoved: keep", "SP004", "onRemoved"),
        ("onRemove: delete", "initiative: {}", "SP004", "initiative: {}"),
        (
            "derive:\n              task: {issueType: null",
            "derive:\n              initiative: {labels: [task]}\n              task: {issueType: null",
            "SP004",
            "initiative: {labels",
        ),
        ("dependsOn: [plan/sketch, second]", "dependsOn: [plan/sketch, secund]", "SP019", "secund"),
        ("dependsOn: [plan]\n", "dependsOn: [run/watch]\n", "SP022", "[run/watch]"),
        ("{id: second, title: Second", "{id: second, title: Second, dependsOn: [first]", "SP021", "first"),
        ("renamedFrom: [speech]", "renamedFrom: [voice-run]", "SP034", "voice-run]"),
        ("title: Running,", "title: Running, use: core/x,", "SP004", "use"),
        (
            "projectProvisioning: {title: Running, issues: {body: overwrite}}",
            "projectProvisioning: Running",
            "SP005",
            "Running",
        ),
    ] {
        let text = changed(&[(from, to)]);
        let found = refused(text.as_bytes());
        let [one] = found.as_slice() else { panic!("{to}: {found:#?}") };
        assert_eq!(one.code, code, "{to}: {one:#?}");
        let begin = text.find(to).unwrap();
        let from = if code == "SP021" { 0 } else { begin };
        let place = from + text[from..].find(at).unwrap();
        let expected = text[..place].matches('\n').count() + 1;
        let expected = if code == "SP021" { line(&text, "- id: first", "dependsOn") } else { expected };
        assert_eq!(one.span.line, expected, "{to}: {one:#?}");
    }
}

#[test]
fn the_hierarchy_is_held_to_its_limits_across_boards() {
    let nested = |depth: usize| {
        let open = (0..depth).map(|n| format!("{{id: n{n}, title: N{n}, tasks: ["));
        let open = open.collect::<Vec<_>>().concat();
        format!("{{id: watch, title: Watch, tasks: [{open}{}]}}", "]}".repeat(depth))
    };
    // The initiative, the activity and the task stand above.
    let with = |depth| changed(&[("{id: watch, title: Watch, dependsOn: [top, build]}", &nested(depth))]);
    assert_eq!(plans(&with(5)).len(), 3);
    assert_eq!(mistake(&with(6)).0, "SP028");

    let activities = |count: usize| {
        let more = (0..count).map(|n| {
            format!("      - {{id: a{n}, title: A{n}, stage: Run, projectProvisioning: {{title: B{n}}}}}\n")
        });
        format!("{BOARDS}{}", more.collect::<Vec<_>>().concat())
    };
    assert_eq!(plans(&activities(96)).len(), 99);
    assert_eq!(mistake(&activities(97)).0, "SP028");

    // Siblings are told apart by their titles on whichever boards they stand.
    let text = changed(&[("title: Close it", "title: Run it")]);
    assert_eq!(mistake(&text).0, "SP029");
}

#[test]
fn a_number_of_a_board_is_for_one_board() {
    let activity = "{title: B}\n    activities:\n      - {id: a, title: A, projectProvisioning: {title: C}}";
    let config = "[manifests.demo]\nprojectNumber = 7\n";
    let text = manifest("").replace("{title: Board}", activity);
    let folder = Folder::of(&[("m.yml", &text)]).configured(config);
    let (place, message, _) = folder.mistake(&["m.yml"]);
    assert_eq!(place, "SP073 spectra.toml:2:17");
    assert_eq!(message, "`projectNumber` names one board, and the manifest makes 2");
    let one = text.replace("{title: C}", "{issues: {}}");
    assert_eq!(
        Folder::of(&[("m.yml", &one)]).configured(config).planned(&["m.yml"])[0].plan.project.number,
        Some(7)
    );
}

#[test]
fn a_board_of_an_activity_is_joined_across_files_and_takes_texts_and_templates() {
    let board = "projects:
  - id: board
    projectProvisioning: {title: Board}
    activities:
      - {id: a, title: A, projectProvisioning: {title: Own, readmeFile: texts/r.md, fields: [{use: core/size}]}}
";
    let fragment = "projects:
  - id: board
    activities:
      - id: a
        projectProvisioning: {views: [{name: V, layout: table}], issues: {derive: {task: {fields: {Size: s}}}}}
        tasks: [{id: t, title: T}]
";
    let template = r#"{"schemaVersion": 1, "fields": {"size": {"name": "Size", "type": "text"}}}"#;
    let folder = Folder::of(&[
        ("m.yml", &format!("{HEAD}includes: [f.yml]\n{board}")),
        ("f.yml", fragment),
        ("texts/r.md", "A readme.\n"),
        ("config/projects/schemas/core/fields.json", template),
    ]);
    let boards = folder.planned(&["m.yml"]);
    let plan = &boards[1].plan;
    assert_eq!((plan.slug.as_str(), plan.views.len(), plan.fields.len()), ("board-a", 1, 1));
    assert_eq!(plan.project.readme.value().map(String::as_str), Some("A readme."));
    assert_eq!(values(plan, "board/a/t")["fields"], serde_json::json!({"Size": "s"}));
    assert_eq!(plan.source.files.len(), 4);
}
