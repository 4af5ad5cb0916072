//! An apply that is bound to a review does what was reviewed and nothing else, also when it goes on with one that was
//! cut off.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;

use spectra_sandbox::world::issue::Issue;
use spectra_sandbox::{Effect, Match, On, Rule, World};
use spectra_tests::repository::root;
use spectra_tests::run::Ended;
use spectra_tests::scene::{Planned, Scene};

/// The example's plan, and one with other titles.
fn plans() -> (Planned, Planned) {
    let manifest = fs::read_to_string(root().join("tests/cases/manifest.yml")).unwrap();
    let edited = manifest
        .replace("title: Interview users", "title: Interview ten users")
        .replace("Estimate: 3", "Estimate: 8");
    (Planned::of(&manifest, "voice").unwrap(), Planned::of(&edited, "voice").unwrap())
}

/// A board that holds the first plan, the second plan, and its review.
fn reviewed() -> (Scene, Planned, String) {
    let (first, second) = plans();
    let scene = Scene::set().unwrap();
    assert_eq!(scene.apply(&first).code, 0);
    let review = scene.review(&second);
    (scene, second, review)
}

fn apply(scene: &Scene, plan: &Planned, review: &str) -> Ended {
    scene.apply_with(plan, &["--reviewed", review])
}

fn titled<'w>(world: &'w mut World, title: &str) -> Option<&'w mut Issue> {
    let id = world.issues.values().find(|issue| issue.title == title)?.id.clone();
    world.issues.get_mut(&id)
}

fn retitle(scene: &Scene, from: &str, to: &str) {
    scene.github.sandbox().edit(|world| to.clone_into(&mut titled(world, from).unwrap().title));
}

/// Kills the apply after this many requests that write: the lock, and then changes.
fn cut_off(scene: &Scene, plan: &Planned, review: &str, after: u64) {
    let matches = Match { on: On::Mutation, nth: after + 1, times: u64::MAX, ..Match::default() };
    scene.github.fault(Rule { matches, effect: Effect::CutBeforeCommit });
    let ended = apply(scene, plan, review);
    assert!([69, 75].contains(&ended.code), "{}", ended.told());
    scene.github.heal();
}

#[test]
fn what_is_left_is_done_and_what_people_did_meanwhile_is_refused() {
    let (scene, plan, review) = reviewed();
    cut_off(&scene, &plan, &review, 1);
    retitle(&scene, "Provision", "Provision!");
    let writes = scene.writes();
    let ended = apply(&scene, &plan, &review);
    assert_eq!((ended.code, scene.writes()), (78, writes), "{}", ended.told());
    assert!(ended.stderr.contains("update:issue:voice/provision is to be done now"), "{}", ended.stderr);

    retitle(&scene, "Provision!", "Provision");
    let ended = apply(&scene, &plan, &review);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert!(scene.substance().contains("Interview ten users"));
}

#[test]
fn what_people_made_of_something_that_is_left_is_refused() {
    let (scene, plan, review) = reviewed();
    cut_off(&scene, &plan, &review, 1);
    retitle(&scene, "Interview users", "Interview nobody");
    let ended = apply(&scene, &plan, &review);
    assert_eq!(ended.code, 78, "{}", ended.told());
    let told = r#"title: GitHub held "Interview users" and holds "Interview nobody""#;
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
}

#[test]
fn an_apply_of_another_plan_is_no_part_of_the_review() {
    let (scene, plan, review) = reviewed();
    let (first, _) = plans();
    retitle(&scene, "Provision", "Provision!");
    let other = scene.review(&first);
    cut_off(&scene, &first, &other, 1);
    let ended = apply(&scene, &plan, &review);
    assert_eq!(ended.code, 78, "{}", ended.told());
}

#[test]
fn what_people_do_during_the_run_is_left_and_said() {
    let (scene, plan, review) = reviewed();
    // An answer is lost, so that the run looks again; then somebody has been there.
    let matches = Match { on: On::Mutation, nth: 2, ..Match::default() };
    scene.github.fault(Rule { matches, effect: Effect::CutAfterCommit });
    let sandbox = scene.github.sandbox();
    let meanwhile = move || {
        sandbox.edit(|world| {
            let is_done = titled(world, "Interview ten users").is_some();
            if let Some(issue) = titled(world, "Provision").filter(|_| is_done) {
                issue.title = "Provision!".to_owned();
            }
        });
    };
    let path = plan.path();
    let arguments = [&*path.to_string_lossy(), "--apply", "--reviewed", &review];
    let ended = scene.github.apply_while(scene.folder.path(), &arguments, meanwhile);
    assert_eq!(ended.code, 78, "{}", ended.told());
    assert!(ended.stderr.contains("beyond what was reviewed was left"), "{}", ended.stderr);
    let substance = scene.substance();
    assert!(substance.contains("Provision!") && substance.contains("Interview ten users"), "{substance}");
}

#[test]
fn a_review_of_another_plan_is_refused_with_evidence() {
    let (scene, _, review) = reviewed();
    let (first, _) = plans();
    let (evidence, writes) = (scene.evidence(), scene.writes());
    let ended = apply(&scene, &first, &review);
    assert_eq!((ended.code, scene.writes()), (78, writes), "{}", ended.told());
    let reviewed: serde_json::Value =
        serde_json::from_slice(&fs::read(scene.folder.path().join(&review)).unwrap()).unwrap();
    let sha256 = reviewed["planSha256"].as_str().unwrap();
    assert!(ended.stderr.contains(&format!("the review is of board voice, plan.json with SHA-256 {sha256}")));
    assert_eq!(scene.evidence(), evidence + 1);
}
