//! Markers under people's hands: taken out, rewritten or broken, with the title changed besides. Whatever they do, no issue
//! is made twice, and what was the plan's is taken back when somebody says so.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use spectra_model::marker::MarkedBody;
use spectra_tests::edit::{Edit, IssueEdit, edit};
use spectra_tests::run::Ended;
use spectra_tests::scene::{Planned, Scene, duplicates};

const MANIFEST: &str = "schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
projects:
  - id: voice
    projectProvisioning:
      title: Alana
    activities:
      - id: discover
        title: Discover
        tasks:
          - {id: scope, title: Scope, body: \"- [ ] Scope agreed\"}
          - {id: sources, title: Sources}
";

fn plan(manifest: &str) -> Planned {
    Planned::of(manifest, "voice").unwrap()
}

fn run(scene: &Scene, plan: &Planned, flags: &[&str]) -> Ended {
    let folder = plan.path();
    let folder = folder.to_string_lossy();
    let arguments: Vec<&str> = std::iter::once(folder.as_ref()).chain(flags.iter().copied()).collect();
    scene.github.apply(scene.folder.path(), &arguments)
}

/// A person edits the title of the issue with this key, and its body; its address.
fn rewrite(scene: &Scene, key: &str, change: impl Fn(&str) -> String) -> String {
    scene.github.sandbox().edit(|world| {
        let has_key = |body: &str| MarkedBody::read(body).is_some_and(|it| it.marker.key.as_str() == key);
        let found = world.issues.values().find(|issue| has_key(&issue.body)).unwrap();
        let (number, old) = (found.number, found.body.clone());
        let issue = || key.to_owned();
        let edits = [
            IssueEdit::Retitle { issue: issue(), title: "Another title".to_owned() },
            IssueEdit::ReplaceInBody { issue: issue(), new: change(&old), old },
        ];
        edit(world, edits.map(Edit::Issue).into()).unwrap();
        format!("https://github.com/acme/voice/issues/{number}")
    })
}

/// Applied, and then rewritten by a person.
fn rewritten(edit: impl Fn(&str) -> String) -> (Scene, Planned, String) {
    let (scene, plan) = (Scene::set().unwrap(), plan(MANIFEST));
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let url = rewrite(&scene, "voice/discover/scope", edit);
    (scene, plan, url)
}

fn issues(scene: &Scene) -> usize {
    scene.github.world().issues.len()
}

fn without_marker(body: &str) -> String {
    format!("Mine.\n\n{}\n", MarkedBody::read(body).unwrap().region)
}

#[test]
fn an_issue_that_lost_its_marker_is_not_made_again_and_can_be_taken_back() {
    type Edit = fn(&str) -> String;
    let edits: [Edit; 4] = [
        without_marker,
        |body| body.replace("\"slug\":\"voice\"", "\"slug\":\"choice\""),
        |body| body.replace("voice/discover/scope", "voice/discover/scape"),
        |body| body.replace("spectra:begin {", "spectra:begin {{"),
    ];
    for edit in edits {
        let (scene, plan, url) = rewritten(edit);
        let (writes, before) = (scene.writes(), issues(&scene));
        let ended = scene.apply(&plan);
        assert_eq!((ended.code, scene.writes()), (78, writes), "{}", ended.told());
        let named = format!("--adopt voice/discover/scope={url}");
        assert!(ended.stderr.contains(&format!("{url} was `voice/discover/scope`")), "{}", ended.told());
        assert!(ended.stderr.contains(&named), "{}", ended.told());

        let ended = run(&scene, &plan, &["--apply", "--adopt", &format!("voice/discover/scope={url}")]);
        assert_eq!(ended.code, 0, "{}", ended.told());
        assert_eq!((issues(&scene), duplicates(&scene.github.world())), (before, Vec::new()));
        let world = scene.github.world();
        let found = world.issues.values().find(|issue| url.ends_with(&format!("/{}", issue.number))).unwrap();
        assert_eq!((found.title.as_str(), found.body.matches("Scope agreed").count()), ("Scope", 1));
        let writes = scene.writes();
        let ended = scene.apply(&plan);
        assert_eq!((ended.code, scene.writes()), (0, writes), "{}", ended.told());
    }
}

#[test]
fn all_that_lost_their_markers_are_taken_back_at_once_and_a_new_one_is_made_on_demand() {
    let (scene, plan, _) = rewritten(without_marker);
    rewrite(&scene, "voice/discover/sources", |_| "Quite another text.".to_owned());
    let before = issues(&scene);
    let ended = run(&scene, &plan, &["--apply", "--adopt"]);
    assert_eq!((ended.code, issues(&scene)), (0, before), "{}", ended.told());

    let (scene, plan, _) = rewritten(without_marker);
    let ended = run(&scene, &plan, &["--apply", "--no-adopt"]);
    assert_eq!((ended.code, issues(&scene)), (0, before + 1), "{}", ended.told());
    let writes = scene.writes();
    let ended = scene.apply(&plan);
    assert_eq!((ended.code, scene.writes()), (0, writes), "{}", ended.told());
}

#[test]
fn where_github_tells_no_history_an_issue_in_the_place_of_the_lacking_one_is_asked_about() {
    let (scene, plan, url) = rewritten(|_| "Quite another text.".to_owned());
    scene.github.sandbox().edit(|world| {
        let ids: Vec<_> = world.issues.values().map(|issue| issue.id.clone()).collect();
        for id in &ids {
            world.issues.get_mut(id).unwrap().edits.clear();
        }
    });
    let before = issues(&scene);
    let ended = scene.apply(&plan);
    assert_eq!((ended.code, issues(&scene)), (78, before), "{}", ended.told());
    assert!(ended.stderr.contains(&format!("{url} has the managed label and no marker")), "{}", ended.told());
}

#[test]
fn an_issue_that_a_person_labelled_stops_no_new_one() {
    let scene = Scene::set().unwrap();
    assert_eq!(scene.apply(&plan(MANIFEST)).code, 0);
    scene.github.sandbox().edit(|world| {
        let number = world.issues.len() + 1;
        let (repository, text) = ("acme/voice".to_owned(), || "By hand".to_owned());
        let edits = [
            IssueEdit::CreateIssue { repository, title: text(), body: text() },
            IssueEdit::AddLabel { issue: format!("acme/voice#{number}"), label: "project:voice".to_owned() },
        ];
        edit(world, edits.map(Edit::Issue).into()).unwrap();
    });
    let before = issues(&scene);
    let more = plan(&format!("{MANIFEST}          - {{id: more, title: More}}\n"));
    let ended = scene.apply(&more);
    assert_eq!((ended.code, issues(&scene)), (0, before + 1), "{}", ended.told());
}
