//! Includes: how files are joined, in which order, and what is said where they can't be.

use super::folder::{BOARD, HEAD, manifest};
use super::*;
use crate::limits::{FRAGMENTS, INCLUDE_DEPTH};
use crate::{Code, Refusal};

fn titles(board: &Board) -> Vec<&str> {
    board.plan.issues.iter().map(|issue| issue.title.as_str()).collect()
}

fn keys(board: &Board) -> Vec<&str> {
    board.plan.issues.iter().map(|issue| issue.key.as_str()).collect()
}

/// A manifest that includes one fragment with this text.
fn with(fragment: &str) -> Folder {
    Folder::of(&[("m.yml", &manifest("includes: [f.yml]")), ("f.yml", fragment)])
}

#[test]
fn lists_join_and_things_with_ids_are_one() {
    let folder = Folder::of(&[
        (
            "config/m.yml",
            "schemaVersion: 1
id: demo
includes: [parts/labels.yml, parts/b*.yml]
owner: {type: org, slug: acme}
stages: [Plan, Build]
labels: [{name: one, color: ededed}]
projects:
  - id: board
    projectProvisioning:
      title: Board
      fields: [{name: A, type: text}]
    activities:
      - {id: build, title: Build, stage: Build, tasks: [{id: a, title: A}]}
",
        ),
        ("config/parts/labels.yml", "labels: [{name: two, color: ededed}]\nrepository: acme/demo\n"),
        (
            "config/parts/b1.yml",
            "stages: [Plan, Build]
projects:
  - id: board
    projectProvisioning: {fields: [{name: B, type: text}], visibility: private}
    initiative: {id: top, title: Top}
    activities:
      - id: build
        labels: [two]
        tasks: [{id: b, title: B, tasks: [{id: deep, title: Deep}]}, {id: a, body: of a, fields: {B: x}}]
",
        ),
        (
            "config/parts/b0.yml",
            "projects: [{id: board, activities: [{id: plan, title: Plan, stage: Plan}, {id: build, tasks: [{id: c, title: C}]}]}]",
        ),
    ]);
    let boards = folder.planned(&["config/m.yml"]);
    let [board] = boards.as_slice() else { panic!("one board") };
    assert_eq!(
        keys(board),
        [
            "board/top",
            "board/plan",
            "board/build",
            "board/build/a",
            "board/build/c",
            "board/build/b",
            "board/build/b/deep"
        ]
    );
    let plan = &board.plan;
    assert_eq!(plan.issues[3].body.text(), "of a");
    assert_eq!(plan.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    let labels: Vec<&str> = plan.labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(labels, ["project:board", "one", "two"]);
    assert_eq!(plan.source.manifest, "config/m.yml");
    let files: Vec<&str> = plan.source.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        files,
        ["config/m.yml", "config/parts/b0.yml", "config/parts/b1.yml", "config/parts/labels.yml"]
    );
    assert_eq!(
        plan.source.files[3].sha256,
        sha256(b"labels: [{name: two, color: ededed}]\nrepository: acme/demo\n")
    );
}

fn sha256(bytes: &[u8]) -> String {
    spectra_model::json::sha256(bytes)
}

#[test]
fn fragments_stand_where_they_are_met_first_and_once() {
    let activity = |id: &str| format!("projects: [{{id: board, activities: [{{id: {id}, title: {id}}}]}}]\n");
    let including = |id: &str, paths: &str| format!("includes: [{paths}]\n{}", activity(id));
    let folder = Folder::of(&[
        ("m.yml", &manifest("includes: [x/a.yml, x/c.yml, x/d.yml]")),
        ("x/a.yml", &including("a", "b.yml")),
        ("x/b.yml", &including("b", "../y/e.yml")),
        ("x/c.yml", &including("c", "b.yml, ../link.yml")),
        ("x/d.yml", &including("d", "a.yml, a.yml")),
        ("y/e.yml", &activity("e")),
    ])
    // Another way to the same file.
    .linking("link.yml", "y/e.yml");
    let boards = folder.planned(&["m.yml"]);
    assert_eq!(titles(&boards[0]), ["a", "b", "e", "c", "d"]);
    let asked = folder.asked();
    assert_eq!(asked.iter().filter(|path| *path == "x/b.yml").count(), 1, "{asked:?}");
}

#[test]
fn a_fragment_of_several_manifests_is_read_once_and_its_mistakes_are_told_once() {
    let other =
        manifest("includes: [f.yml]").replace("id: demo", "id: other").replace("id: board", "id: other");
    let folder = with("labels: [{name: a, color: red}]\n").with("n.yml", other);
    let found = folder.refused(&["m.yml", "n.yml"]);
    assert_eq!(
        found.iter().map(|one| (one.code, one.file.as_str())).collect::<Vec<_>>(),
        [("SP013", "f.yml")]
    );
    assert_eq!(folder.asked(), ["f.yml"]);
    let sound = folder.with("f.yml", "labels: [{name: a, color: ededed}]\n");
    assert_eq!(sound.planned(&["m.yml", "n.yml"]).len(), 2);
}

#[test]
fn what_is_there_once_may_be_given_twice_alike() {
    with(&format!("{HEAD}projects: [{{id: board, projectProvisioning: {{title: \"Board\"}}}}]\n"))
        .planned(&["m.yml"]);
    for (fragment, place, message) in [
        ("id: demos\n", "SP060 f.yml:1:5", "`id` is `demos` here and `demo` in line 2 of m.yml"),
        ("owner: {type: user}\n", "", ""),
        (
            "owner: {type: user, slug: acme}\n",
            "SP060 f.yml:1:15",
            "`type` is `user` here and `org` in line 3 of m.yml",
        ),
        (
            "projects:\n  - id: board\n    projectProvisioning: {title: Other}\n",
            "SP060 f.yml:3:34",
            "`title` is `Other` here and `Board` in line 8 of m.yml",
        ),
    ] {
        if !place.is_empty() {
            with(fragment).says(place, message, "give it once, or twice alike");
        }
    }
    let stages = with("stages: [Plan]\n").with("m.yml", manifest("includes: [f.yml]\nstages: [Plan, Build]"));
    stages.says(
        "SP060 f.yml:1:9",
        "`stages` is [Plan] here and [Plan, Build] in line 6 of m.yml",
        "give it once, or twice alike",
    );
    let null = with("projects: [{id: board, projectProvisioning: {description: null}}]\n").with(
        "m.yml",
        manifest("includes: [f.yml]").replace("{title: Board}", "{title: Board, description: x}"),
    );
    assert_eq!(null.mistake(&["m.yml"]).1, "`description` is null here and `x` in line 8 of m.yml");
}

#[test]
fn mistakes_in_fragments_are_told_in_their_place() {
    for (fragment, place) in [
        ("label: []\n", "SP004 f.yml:1:1"),
        ("labels: {}\n", "SP005 f.yml:1:9"),
        ("labels:\n  - {name: a}\n", "SP006 f.yml:2:5"),
        ("labels: [\n", "SP002 f.yml:1:9"),
        ("", "SP005 f.yml:1:1"),
        ("- a\n", "SP005 f.yml:1:1"),
        ("labels: [{name: a, color: ededed}, {name: A, color: ededed}]\n", "SP014 f.yml:1:43"),
        ("projects: [{id: board, activities: [{id: a, title: A}, {id: a, title: B}]}]\n", "SP011 f.yml:1:61"),
        ("projects: [{id: board, activities: [{id: a}]}]\n", "SP006 f.yml:1:37"),
        ("projects: [{id: board, activities: [{title: a}]}]\n", "SP006 f.yml:1:37"),
        ("projects: [{id: other}]\n", "SP006 f.yml:1:12"),
        ("projects: [{id: board, activities: [{id: a, title: A, dependsOn: [b]}]}]\n", "SP019 f.yml:1:67"),
        ("projects: [{id: board, initiative: {id: t, title: T, labels: [gone]}}]\n", "SP015 f.yml:1:63"),
        ("includes: [gone.yml]\n", "SP062 f.yml:1:12"),
    ] {
        assert_eq!(with(fragment).mistake(&["m.yml"]).0, place, "{fragment}");
    }
}

#[test]
fn what_is_missing_may_stand_in_a_fragment() {
    let bare = "schemaVersion: 1\nid: demo\nincludes: [f.yml]\n";
    let folder =
        Folder::of(&[("m.yml", bare), ("f.yml", &format!("owner: {{type: org, slug: acme}}\n{BOARD}"))]);
    assert_eq!(folder.planned(&["m.yml"]).len(), 1);
    let without = Folder::of(&[("m.yml", bare), ("f.yml", "owner: {type: org, slug: acme}\n")]);
    without.says("SP006 m.yml:1:1", "a manifest needs the key `projects`", "add `projects:`");
    let empty = Folder::of(&[("m.yml", bare), ("f.yml", "owner: {type: org, slug: acme}\nprojects: []\n")]);
    assert_eq!(empty.mistake(&["m.yml"]).0, "SP006 f.yml:2:11");
}

#[test]
fn what_cannot_be_included_is_told_once_and_nothing_that_follows_from_it() {
    // Everything in this manifest may be declared in the fragment that is missing.
    let text = |includes: &str| {
        format!(
            "includes: [{includes}]
schemaVersion: 1
projects:
  - id: board
    projectProvisioning:
      issues: {{derive: {{activity: {{labels: [\"stage:{{stage}}\"]}}}}}}
    activities:
      - {{id: a, title: A, labels: [gone], fields: {{Gone: 1}}, dependsOn: [b, c/d]}}
      - {{id: e, tasks: [{{id: f, stage: x}}]}}
"
        )
        .replace(", stage: x", "")
    };
    for (includes, place, message, help) in [
        ("shard/a.yml", "SP062", "there is no file `shard/a.yml`", "there is no folder shard"),
        ("shared/lables.yml", "SP062", "there is no file `shared/lables.yml`", "did you mean `labels.yml`?"),
        (
            "shared/*.yaml",
            "SP063",
            "`shared/*.yaml` matches no file",
            "put a file there, or leave the glob out",
        ),
        ("shard/*.yml", "SP063", "`shard/*.yml` matches no file", "there is no folder shard"),
        (
            "../a.yml",
            "SP064",
            "`../a.yml` leaves the root",
            "name a file below the root, or name a higher folder with --root",
        ),
        ("/etc/passwd", "SP064", "`/etc/passwd` is an absolute path", "write it relative to m.yml"),
        (
            "out.yml",
            "SP064",
            "`out.yml` is a symbolic link that leads out of the root",
            "put the file itself below the root, or name a higher folder with --root",
        ),
        ("shared", "SP065", "`shared` is a folder", "a fragment must be a file"),
        ("pipe", "SP065", "`pipe` is a pipe or a device", "a fragment must be a file"),
        ("locked.yml", "SP066", "`locked.yml` can't be read: no", "see to it that whoever plans may read it"),
        (
            "large.yml",
            "SP067",
            "`large.yml` has more than 33554432 bytes",
            "a fragment may have 33554432 bytes at most: split it",
        ),
        ("''", "SP068", "the path is empty", "write the path of a file"),
        (
            "a\\b.yml",
            "SP068",
            "`a\\b.yml` is not a path",
            "write names with `/` between them, and a file's at the end",
        ),
        (
            "'x/*.{yml,yaml}'",
            "SP068",
            "`x/*.{yml,yaml}` is not a glob that is read here",
            "braces are not read in a glob; write an entry for each",
        ),
        ("'x/[a'", "SP068", "`x/[a` is not a glob that is read here", "a `[` has no `]`"),
    ] {
        let folder = Folder::of(&[("m.yml", &text(includes)), ("shared/labels.yml", "labels: []\n")])
            .refusing("out.yml", Refusal::Outside)
            .refusing("shared", Refusal::NotAFile("a folder"))
            .refusing("pipe", Refusal::NotAFile("a pipe or a device"))
            .refusing("locked.yml", Refusal::Unreadable("no".to_owned()))
            .refusing("large.yml", Refusal::TooLarge);
        folder.says(&format!("{place} m.yml:1:12"), message, help);
    }
    // A fragment that can't be parsed hides as much.
    Folder::of(&[("m.yml", &text("a.yml")), ("a.yml", "labels: [")]).mistake(&["m.yml"]);
    Folder::of(&[("m.yml", &text("a.yml")), ("a.yml", "includes: 5\n")]).mistake(&["m.yml"]);
    Folder::of(&[("m.yml", &text("a.yml")), ("a.yml", "includes: [[]]\n")]).mistake(&["m.yml"]);
    Folder::of(&[("m.yml", &text("a.yml")), ("a.yml", "include: [b.yml]\n")]).mistake(&["m.yml"]);
    Folder::of(&[("m.yml", &text("a.yml")), ("a.yml", "labels: []\nid: Bad_Id\n")])
        .refused(&["m.yml"])
        .iter()
        .for_each(|one| assert_ne!(one.message, "a manifest needs the key `id`"));
}

/// A manifest and a fragment, each with an activity that the other refers to; one piece of one of them replaced.
#[track_caller]
fn between(from: &str, to: &str, place: &str, help: &str) {
    let main = format!(
        "{HEAD}includes: [f.yml]
stages: [Plan, Build]
labels: [{{name: one, color: ededed}}]
projects:
  - id: board
    projectProvisioning: {{title: Board, fields: [{{name: A, type: text}}]}}
    activities:
      - {{id: plan, title: Plan, stage: Plan, labels: [one], tasks: [{{id: t, title: T, fields: {{A: x}}}}]}}
"
    );
    let fragment = "projects:
  - id: board
    activities:
      - id: build
        title: Build
        dependsOn: [plan, plan/t]
        tasks: [{id: u, title: U, labels: [one]}]
      - id: plan
        tasks: [{id: v, title: V, dependsOn: [t]}]
";
    let sound = Folder::of(&[("m.yml", &main), ("f.yml", fragment)]);
    assert_eq!(sound.planned(&["m.yml"])[0].plan.issues.len(), 5);
    assert!(main.contains(from) || fragment.contains(from), "{from}");
    let folder =
        Folder::of(&[("m.yml", &main.replacen(from, to, 1)), ("f.yml", &fragment.replacen(from, to, 1))]);
    let found = folder.mistake(&["m.yml"]);
    assert_eq!((found.0.as_str(), found.2.as_str()), (place, help), "{from}: {}", found.1);
}

#[test]
fn what_may_be_a_part_of_something_else_is_one_mistake() {
    let bad_id = "use lower-case letters and digits, joined by single hyphens, such as ";
    between("{id: plan, title", "{id: Plan_, title", "SP010 m.yml:12:14", &format!("{bad_id}plan"));
    between("{id: plan, title", "{title", "SP006 m.yml:12:9", "add `id:`");
    between("- id: plan\n", "- id: plam\n", "SP006 f.yml:8:9", "add `title:`, or did you mean `plan`?");
    between("{id: t, title", "{id: T_, title", "SP010 m.yml:12:74", &format!("{bad_id}t"));
    between(
        "    activities:\n      - {",
        "    activites:\n      - {",
        "SP004 m.yml:11:5",
        "did you mean `activities`?",
    );
    between(
        "projects:\n  - id: board\n    projectProv",
        "project:\n  - id: board\n    projectProv",
        "SP004 m.yml:8:1",
        "did you mean `projects`?",
    );
    between(
        "labels: [{name: one, color: ededed}]",
        "labels: [{name: one}]",
        "SP006 m.yml:7:10",
        "add `color:`",
    );
    between(
        "id: build\n",
        "id: plan\n",
        "SP011 f.yml:8:13",
        "it stands in line 4 already; ids are unique among siblings",
    );
    between(
        "id: build\n        title: Build\n",
        "id: board\n        title: Build\n      - id: plan\n        title: Other\n",
        "SP011 f.yml:10:13",
        "it stands in line 6 already; ids are unique among siblings",
    );
    between(
        "      - id: plan\n        tasks",
        "      - id: plan\n        title: Other\n        tasks",
        "SP060 f.yml:9:16",
        "both have the id `plan`: give one another id, or say it once or twice alike",
    );
    between(
        "stages: [Plan, Build]\n",
        "",
        "SP018 m.yml:11:40",
        "list them in order under `stages` of the manifest",
    );
}

#[test]
fn a_cycle_is_shown_from_where_it_begins() {
    let folder = Folder::of(&[
        ("m.yml", &manifest("includes: [a.yml]")),
        ("a.yml", "includes: [x/b.yml]\n"),
        ("x/b.yml", "includes: [c.yml]\n"),
        ("x/c.yml", "includes: [../a.yml]\n"),
    ]);
    folder.says(
        "SP061 x/c.yml:1:12",
        "these include each other: a.yml → x/b.yml → x/c.yml → a.yml",
        "take one of the includes out",
    );
    let own = Folder::of(&[("m.yml", &manifest("includes: ['*.yml']"))]);
    own.says("SP061 m.yml:5:12", "these include each other: m.yml → m.yml", "let the glob match less");
}

#[test]
fn globs_join_in_the_order_of_bytes() {
    let one = |id: &str| format!("projects: [{{id: board, activities: [{{id: {id}, title: {id}}}]}}]\n");
    let mut folder = Folder::of(&[("m.yml", &manifest("includes: ['parts/**/*.yml']"))]);
    for (path, id) in [
        ("parts/b.yml", "b"),
        ("parts/B.yml", "big"),
        ("parts/a/z.yml", "z"),
        ("parts/é.yml", "e"),
        ("parts/.hidden.yml", "h"),
    ] {
        folder = folder.with(path, one(id));
    }
    assert_eq!(titles(&folder.planned(&["m.yml"])[0]), ["big", "z", "b", "e"]);
}

#[test]
fn a_chain_of_fragments_has_an_end() {
    let chain = |length: usize| {
        let mut folder = Folder::of(&[("m.yml", &manifest("includes: [f1.yml]"))]);
        for number in 1..length {
            folder = folder.with(&format!("f{number}.yml"), format!("includes: [f{}.yml]\n", number + 1));
        }
        folder.with(&format!("f{length}.yml"), "labels: []\n")
    };
    assert_eq!(chain(INCLUDE_DEPTH).planned(&["m.yml"]).len(), 1);
    let (place, message, _) = chain(INCLUDE_DEPTH + 1).mistake(&["m.yml"]);
    assert_eq!(place, "SP067 f16.yml:1:12");
    assert_eq!(message, "this is number 17 in its chain of fragments, and 16 are read");
}

#[test]
fn a_manifest_has_so_many_fragments_and_no_more() {
    let many = |count: usize| {
        let mut folder = Folder::of(&[("m.yml", &manifest("includes: ['f/*.yml']"))]);
        for number in 0..count {
            folder = folder.with(&format!("f/{number}.yml"), "labels: []\n");
        }
        folder
    };
    assert_eq!(many(FRAGMENTS).planned(&["m.yml"]).len(), 1);
    many(FRAGMENTS + 1).says(
        "SP067 m.yml:5:12",
        "the manifest has more than 1000 fragments",
        "put several into one file",
    );
}

#[test]
fn an_undeclared_name_is_one_mistake_across_files() {
    let activities = |ids: [&str; 2]| {
        let one = |id: &str| format!("{{id: {id}, title: {id}, labels: [gone]}}");
        format!("projects: [{{id: board, activities: [{}, {}]}}]\n", one(ids[0]), one(ids[1]))
    };
    let folder = Folder::of(&[
        (
            "m.yml",
            &format!(
                "{HEAD}includes: [f.yml]\n{BOARD}    activities: [{{id: z, title: Z, labels: [gone]}}]\n"
            ),
        ),
        ("f.yml", &activities(["a", "b"])),
    ]);
    let (place, _, help) = folder.mistake(&["m.yml"]);
    assert_eq!(place, "SP015 m.yml:9:45");
    assert!(help.ends_with("(used in line 1 of f.yml, line 1 of f.yml too)"), "{help}");
    assert_eq!(Code::UnknownLabel.as_str(), "SP015");
}
