//! A board with issues in repositories of other owners: such an issue doesn't tell its place on the board, and the board
//! lists it only minutes later.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::time::Duration;

use spectra_model::board_record::Readme;
use spectra_sandbox::World;
use spectra_sandbox::world::project::CreateProject;
use spectra_tests::edit::{Edit, IssueEdit, edit};
use spectra_tests::run::Ended;
use spectra_tests::scene::{Planned, Scene, duplicates};

const MANIFEST: &str = r"
schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
milestones:
  - {title: Ground prepared}
projects:
  - id: voice
    projectProvisioning:
      title: Alana
      repositories: [acme/voice]
      fields:
        - {name: Priority, type: singleSelect, options: [{name: High, color: red}, {name: Low, color: gray}]}
        - {name: Estimate, type: number, manage: onCreate}
      issues: {onRemove: close}
    activities:
      - id: discover
        title: Discover
        tasks:
          - {id: define-scope, title: Define the scope, fields: {Priority: High}}
      - id: tooling
        title: Tooling
        repository: labs/tools
        issueType: Chore
        dependsOn: [discover]
        tasks:
          - {id: pick, title: Pick a tool, repository: labs/tools, fields: {Priority: High, Estimate: 3}}
          - {id: buy, title: Buy it, repository: labs/tools, milestone: Ground prepared, fields: {Priority: Low}}
      - {id: notes, title: Take notes, repository: ada/notes, assignees: [ada], fields: {Priority: Low, Estimate: 1}}
";

const PICK: &str = "voice/tooling/pick";
const NOTES: &str = "voice/notes";

/// A board's list lags by so much.
const LAG: Duration = Duration::from_mins(10);

fn scene() -> Scene {
    Scene::of_several_owners().unwrap()
}

fn planned(manifest: &str) -> Planned {
    Planned::of(manifest, "voice").unwrap()
}

fn applied(scene: &Scene, plan: &Planned) {
    let ended = scene.apply(plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert_eq!(duplicates(&scene.github.world()), Vec::<String>::new());
}

/// Nothing is sent any more, whether or not the board's list has caught up.
fn settled(scene: &Scene, plan: &Planned) {
    for wait in [Duration::ZERO, LAG] {
        scene.github.wait(wait);
        let writes = scene.writes();
        let ended = scene.apply(plan);
        assert_eq!((ended.code, scene.writes() - writes), (0, 0), "after {wait:?}: {}", ended.told());
    }
}

fn run(scene: &Scene, plan: &Planned, flags: &[&str]) -> Ended {
    let folder = plan.path();
    let folder = folder.to_string_lossy();
    let arguments: Vec<&str> = std::iter::once(folder.as_ref()).chain(flags.iter().copied()).collect();
    scene.github.apply(scene.folder.path(), &arguments)
}

fn people(scene: &Scene, edits: Vec<IssueEdit>) {
    scene.github.sandbox().edit(|world| edit(world, edits.into_iter().map(Edit::Issue).collect()).unwrap());
}

/// What the picture says of an issue, from its marker on.
fn told_of(scene: &Scene, key: &str) -> String {
    let picture = scene.substance();
    let (_, rest) = picture.split_once(&format!("marker: {key},")).unwrap();
    rest.split("<begin>").next().unwrap().to_owned()
}

/// How many items the board's record remembers because the board doesn't list them yet.
fn remembered(world: &World) -> usize {
    let readme = world.projects.values().next().unwrap().readme.clone().unwrap();
    Readme::read(&readme).unwrap().record.unwrap().unlisted.len()
}

fn set(key: &str, field: &str, value: &str) -> IssueEdit {
    let (issue, field) = (key.to_owned(), field.to_owned());
    IssueEdit::SetValue { issue, field, value: Some(value.to_owned()) }
}

#[test]
fn a_board_holds_issues_of_other_owners() {
    let (scene, plan) = (scene(), planned(MANIFEST));
    applied(&scene, &plan);
    let (pick, notes) = (told_of(&scene, PICK), told_of(&scene, NOTES));
    assert!(pick.contains("on acme/1: Estimate = 3, Priority = High"), "{pick}");
    assert!(pick.contains("parent: voice/tooling") && pick.contains("labels: project:voice"), "{pick}");
    assert!(notes.contains("on acme/1: Estimate = 1, Priority = Low"), "{notes}");
    assert!(notes.contains("for ada"), "{notes}");
    let tooling = told_of(&scene, "voice/tooling");
    assert!(tooling.contains("type Chore") && tooling.contains("blocked by: voice/discover"), "{tooling}");
    assert_eq!(remembered(&scene.github.world()), 4);
    settled(&scene, &plan);
}

#[test]
fn what_the_board_lists_is_no_longer_remembered() {
    let (scene, plan) = (scene(), planned(MANIFEST));
    applied(&scene, &plan);
    scene.github.wait(LAG);
    let more = MANIFEST.replace("title: Take notes", "title: Take many notes");
    applied(&scene, &planned(&more));
    assert_eq!(remembered(&scene.github.world()), 0);
    settled(&scene, &planned(&more));
}

#[test]
fn values_are_put_back_and_what_people_chose_is_left() {
    for wait in [Duration::ZERO, LAG] {
        let (scene, plan) = (scene(), planned(MANIFEST));
        applied(&scene, &plan);
        scene.github.wait(wait);
        people(&scene, vec![set(PICK, "Priority", "Low"), set(PICK, "Estimate", "8")]);
        let ended = run(&scene, &plan, &["--dry-run", "--detailed-exitcode"]);
        assert_eq!(ended.code, 2, "{}", ended.told());
        assert!(ended.stdout.contains("Priority: \"Low\" → \"High\""), "{}", ended.stdout);
        applied(&scene, &plan);
        let pick = told_of(&scene, PICK);
        assert!(pick.contains("on acme/1: Estimate = 8, Priority = High"), "{pick}");
        settled(&scene, &plan);
    }
}

#[test]
fn an_issue_taken_off_the_board_is_put_back_and_an_archived_one_is_left() {
    for wait in [Duration::ZERO, LAG] {
        let (scene, plan) = (scene(), planned(MANIFEST));
        applied(&scene, &plan);
        scene.github.wait(wait);
        let issue = PICK.to_owned();
        people(
            &scene,
            vec![IssueEdit::TakeOffBoard { issue }, IssueEdit::Archive { issue: NOTES.to_owned() }],
        );
        applied(&scene, &plan);
        let (pick, notes) = (told_of(&scene, PICK), told_of(&scene, NOTES));
        assert!(pick.contains("on acme/1: Estimate = 3, Priority = High"), "{pick}");
        assert!(notes.contains("on acme/1 (archived): Estimate = 1, Priority = Low"), "{notes}");
        settled(&scene, &plan);
    }
}

#[test]
fn an_issue_whose_label_people_took_off_is_found_by_its_item() {
    let (scene, plan) = (scene(), planned(MANIFEST));
    applied(&scene, &plan);
    let (issue, label) = (PICK.to_owned(), "project:voice".to_owned());
    people(&scene, vec![IssueEdit::RemoveLabel { issue, label }, set(PICK, "Priority", "Low")]);
    applied(&scene, &plan);
    let pick = told_of(&scene, PICK);
    assert!(pick.contains("labels: project:voice") && pick.contains("Priority = High"), "{pick}");
    settled(&scene, &plan);
}

#[test]
fn what_the_manifest_no_longer_has_is_closed_or_archived() {
    let gone = |manifest: &str| {
        let line = manifest.lines().find(|line| line.contains("{id: pick")).unwrap();
        planned(&manifest.replace(&format!("{line}\n"), ""))
    };
    let (scene, plan) = (scene(), planned(MANIFEST));
    applied(&scene, &plan);
    applied(&scene, &gone(MANIFEST));
    let picture = scene.substance();
    assert!(picture.contains("\"Pick a tool\", NOT_PLANNED"), "{picture}");
    settled(&scene, &gone(MANIFEST));
    applied(&scene, &plan);
    assert!(scene.substance().contains("\"Pick a tool\", REOPENED"), "{}", scene.substance());

    let archiving = MANIFEST.replace("onRemove: close", "onRemove: archive");
    applied(&scene, &gone(&archiving));
    let pick = told_of(&scene, PICK);
    assert!(pick.contains("on acme/1 (archived): "), "{pick}");
    settled(&scene, &gone(&archiving));
    applied(&scene, &planned(&archiving));
    let pick = told_of(&scene, PICK);
    assert!(pick.contains("on acme/1: Estimate = 3, Priority = High"), "{pick}");
    settled(&scene, &planned(&archiving));
}

#[test]
fn a_board_without_its_record_is_found_by_what_it_lists() {
    let (scene, plan) = (scene(), planned(MANIFEST));
    applied(&scene, &plan);
    scene.github.wait(LAG);
    scene.github.sandbox().edit(|world| {
        let (now, owner_id) = (world.now, world.owner_by_login("acme").unwrap().id.clone());
        let theirs =
            CreateProject { owner_id, title: "Theirs".to_owned(), repository_id: None, team_id: None };
        world.create_project(now, theirs).unwrap();
        let id = world.projects.values().find(|project| project.number == 1).unwrap().id.clone();
        world.projects.get_mut(&id).unwrap().readme = Some("Ours.".to_owned());
    });
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let world = scene.github.world();
    assert_eq!((world.projects.values().count(), duplicates(&world)), (2, Vec::new()));
    settled(&scene, &plan);
}

#[test]
fn a_board_is_taken_away_or_replaced() {
    let (scene, plan) = (scene(), planned(MANIFEST));
    applied(&scene, &plan);
    applied_anew(&scene, &plan);
    settled(&scene, &plan);
    let ended = run(&scene, &plan, &["--destroy", "--confirm", "voice"]);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let picture = scene.substance();
    let of = |state: &str| picture.lines().filter(|line| line.contains(state)).count();
    assert_eq!((of(", NOT_PLANNED, by"), of(", OPEN, by")), (6, 0), "{picture}");
}

fn applied_anew(scene: &Scene, plan: &Planned) {
    let ended = run(scene, plan, &["--apply", "--force-new-project"]);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let pick = told_of(scene, PICK);
    assert!(pick.contains("on acme/2: Estimate = 3, Priority = High"), "{pick}");
}

#[test]
fn what_the_token_may_only_read_is_named_before_anything_is_written() {
    let (scene, plan) = (scene(), planned(MANIFEST));
    scene.github.sandbox().edit(|world| {
        let id = world.repository_by_name("labs", "tools").unwrap().id.clone();
        let repository = world.repositories.get_mut(&id).unwrap();
        repository.viewer_permission = spectra_sandbox::world::repository::Permission::Read;
    });
    let ended = scene.apply(&plan);
    assert_eq!((ended.code, scene.writes()), (77, 0), "{}", ended.told());
    assert!(ended.stderr.contains("labs/tools"), "{}", ended.stderr);
}
