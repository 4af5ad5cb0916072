//! Two runs at once on one board: the second refuses, from the same folder and from another machine.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use std::fs::{self, File};
use std::sync::{Arc, Mutex, Once};

use spectra_model::board_record::{Applying, Readme};
use spectra_model::id::RunId;
use spectra_sandbox::{Effect, Match, On, Rule, Wording, World};
use spectra_tests::repository::root;
use spectra_tests::scene::{Planned, Scene, duplicates};

fn plan() -> Planned {
    let manifest = fs::read_to_string(root().join("tests/cases/manifest.yml")).unwrap();
    Planned::of(&manifest, "voice").unwrap()
}

fn retitled() -> Planned {
    let manifest = fs::read_to_string(root().join("tests/cases/manifest.yml")).unwrap();
    Planned::of(&manifest.replace("title: Interview users", "title: Interview ten users"), "voice").unwrap()
}

/// Changes what the record on the only board says.
fn with_lock(world: &mut World, change: impl FnOnce(&mut Option<Applying>)) {
    let id = world.projects.values().next().unwrap().id.clone();
    let project = world.projects.get_mut(&id).unwrap();
    let mut readme = Readme::read(project.readme.as_deref().unwrap()).unwrap();
    change(&mut readme.record.as_mut().unwrap().applying);
    project.readme = Some(readme.write());
}

fn locked_by_another(scene: &Scene) {
    scene.github.sandbox().edit(|world| {
        let since = world.now;
        with_lock(world, |lock| {
            *lock = Some(Applying { run: RunId::new("another-run"), since, beat: 0, plan: None });
        });
    });
}

#[test]
fn a_lock_held_in_the_same_folder_is_respected() {
    let (scene, plan) = (Scene::set().unwrap(), plan());
    let locks = scene.folder.path().join(".spectra/locks");
    fs::create_dir_all(&locks).unwrap();
    let held = File::create(locks.join("voice.lock")).unwrap();
    held.lock().unwrap();

    let ended = scene.apply(&plan);
    assert_eq!((ended.code, scene.writes()), (78, 0), "{}", ended.told());
    assert!(ended.stderr.contains("another run is changing board `voice`"), "{}", ended.stderr);
    // A dry run changes nothing and needs no lock.
    let dry = scene.github.apply(scene.folder.path(), &[&plan.path().to_string_lossy()]);
    assert_eq!(dry.code, 0, "{}", dry.told());

    held.unlock().unwrap();
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
}

#[test]
fn a_lock_on_the_board_that_beats_is_respected() {
    let (scene, plan) = (Scene::set().unwrap(), plan());
    assert_eq!(scene.apply(&plan).code, 0);
    locked_by_another(&scene);
    let (before, world) = (scene.writes(), scene.substance());

    let sandbox = scene.github.sandbox();
    let beat = move || {
        sandbox.edit(|world| {
            with_lock(world, |lock| {
                let lock = lock.as_mut().unwrap();
                lock.beat += 1;
            });
        });
    };
    let retitled = retitled();
    let folder = retitled.path();
    let ended = scene.github.apply_while(scene.folder.path(), &[&folder.to_string_lossy(), "--apply"], beat);
    assert_eq!((ended.code, scene.writes() - before), (78, 0), "{}", ended.told());
    assert!(ended.stderr.contains("another-run"), "{}", ended.stderr);
    assert_eq!(scene.substance(), world);
}

#[test]
fn a_lock_on_the_board_that_stands_still_is_taken_over_and_said() {
    let (scene, plan) = (Scene::set().unwrap(), plan());
    assert_eq!(scene.apply(&plan).code, 0);
    locked_by_another(&scene);

    let ended = scene.apply(&retitled());
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert!(ended.stderr.contains("Takes over from run another-run"), "{}", ended.stderr);
    assert!(scene.substance().contains("state: done"));
}

#[test]
fn a_dead_lock_with_nothing_to_change_is_taken_off() {
    let (scene, plan) = (Scene::set().unwrap(), plan());
    assert_eq!(scene.apply(&plan).code, 0);
    locked_by_another(&scene);
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert!(scene.substance().contains("state: done"));
}

/// A run is stopped in the middle of its waits by another that gets all the way through: it must not go on.
#[test]
fn a_run_whose_lock_was_taken_stops() {
    let (scene, plan) = (Scene::set().unwrap(), plan());
    let sandbox = scene.github.sandbox();
    let steal = move || {
        sandbox.edit(|world| {
            with_lock(world, |lock| {
                if let Some(lock) = lock {
                    lock.run = RunId::new("a-thief");
                }
            });
        });
    };
    let ended =
        scene.github.apply_while(scene.folder.path(), &[&plan.path().to_string_lossy(), "--apply"], steal);
    assert_eq!(ended.code, 78, "{}", ended.told());
    assert!(ended.stderr.contains("a-thief"), "{}", ended.stderr);
}

/// Another run makes the board while this one waits for an answer that never comes.
#[test]
fn two_runs_that_make_the_board_at_once_end_with_one() {
    two_makers(Effect::CutBeforeCommit);
    two_makers(Effect::CutAfterCommit);
}

fn two_makers(effect: Effect) {
    let (scene, plan) = (Scene::set().unwrap(), plan());
    let scene = Arc::new(scene);
    let matches = Match { on: On::Mutation, field: Some("createProjectV2".to_owned()), ..Match::default() };
    scene.github.fault(Rule { matches, effect });
    let other = {
        let (scene, plan) = (Arc::clone(&scene), Arc::new(self::plan()));
        let elsewhere = tempfile::tempdir().unwrap();
        let done = Once::new();
        move || {
            done.call_once(|| {
                // The applier has threads of its own, and refuses to be started on those of another.
                let (scene, plan) = (Arc::clone(&scene), Arc::clone(&plan));
                let folder = elsewhere.path().to_owned();
                let ended = std::thread::spawn(move || scene.apply_from(&folder, &plan)).join();
                let ended = ended.unwrap_or_else(|_| panic!("the other run panicked"));
                assert!([0, 78].contains(&ended.code), "{}", ended.told());
            });
        }
    };
    let path = plan.path();
    let ended = scene.github.apply_while(scene.folder.path(), &[&path.to_string_lossy(), "--apply"], other);
    assert!([0, 78].contains(&ended.code), "{}", ended.told());
    assert_eq!(duplicates(&scene.github.world()), [""; 0], "{}", ended.told());
    assert_eq!(scene.apply(&plan).code, 0);
    assert_eq!(scene.github.world().projects.len(), 1);
}

/// The write that takes a dead run's lock over is lost on the way: that the dead lock still stands is no other run's.
#[test]
fn a_lost_write_of_the_lock_is_no_other_run() {
    for effect in [Effect::CutBeforeCommit, Effect::CutAfterCommit] {
        let (scene, plan) = (Scene::set().unwrap(), plan());
        assert_eq!(scene.apply(&plan).code, 0);
        locked_by_another(&scene);
        let matches =
            Match { on: On::Mutation, field: Some("updateProjectV2".to_owned()), ..Match::default() };
        scene.github.fault(Rule { matches, effect });
        let ended = scene.apply(&retitled());
        assert_eq!(ended.code, 0, "{}", ended.told());
        assert!(scene.substance().contains("state: done"));
    }
}

/// GitHub silences a run for longer than a lock is watched, and another run starts meanwhile: it takes the lock over, and
/// the first one says so and stops when it may speak again.
#[test]
fn a_run_that_is_silenced_for_long_gives_way() {
    let silenced = |field: &str, nth| {
        (Match { on: On::Mutation, field: Some(field.to_owned()), nth, ..Match::default() }, field.to_owned())
    };
    let of_the_record = (1..=4).map(|nth| silenced("updateProjectV2", nth));
    let of_the_work = ["createLabel", "createProjectV2Field", "createIssue"].map(|field| silenced(field, 1));
    for (matches, what) in of_the_record.chain(of_the_work) {
        let what = format!("{what} {}", matches.nth);
        let (scene, plan) = (Arc::new(Scene::set().unwrap()), plan());
        let effect = Effect::SecondaryRateLimited {
            retry_after: Some(235),
            status: Some(403),
            wording: Wording::default(),
        };
        scene.github.fault(Rule { matches: matches.clone(), effect });
        let is_silenced = {
            let scene = Arc::clone(&scene);
            move || {
                let rules = scene.github.faults().list();
                rules.iter().any(|(rule, seen)| rule.matches == matches && *seen >= matches.nth)
            }
        };
        let other = Arc::new(Mutex::new(None));
        let meanwhile = {
            let (scene, other) = (Arc::clone(&scene), Arc::clone(&other));
            let (plan, elsewhere) = (Arc::new(self::plan()), tempfile::tempdir().unwrap());
            let once = Once::new();
            move || {
                if is_silenced() {
                    once.call_once(|| {
                        // The applier has threads of its own, and refuses to be started on those of another.
                        let (scene, plan) = (Arc::clone(&scene), Arc::clone(&plan));
                        let folder = elsewhere.path().to_owned();
                        let ended = std::thread::spawn(move || scene.apply_from(&folder, &plan)).join();
                        *other.lock().unwrap() = ended.ok();
                    });
                }
            }
        };
        let path = plan.path();
        let first =
            scene.github.apply_while(scene.folder.path(), &[&path.to_string_lossy(), "--apply"], meanwhile);
        let other = other.lock().unwrap().clone().unwrap_or_else(|| panic!("{what}: no other run started"));
        let told = format!("{what}\nthe first: {}\nthe other: {}", first.told(), other.told());
        assert_eq!((first.code, other.code), (78, 0), "{told}");
        assert!(first.stderr.contains("the lock on this board"), "{told}");
        assert!(
            other.stderr.contains("which ended before its work did") || what == "updateProjectV2 1",
            "{told}"
        );
        assert_eq!(duplicates(&scene.github.world()), [""; 0], "{told}");
        let before = scene.writes();
        let ended = scene.apply(&plan);
        assert_eq!((ended.code, scene.writes() - before), (0, 0), "{told}\nthen: {}", ended.told());
    }
}
