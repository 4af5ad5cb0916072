//! Boards that are taken away, and boards that are made in place of others: cut off anywhere, the next run goes on.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::time::Duration;

use spectra_model::board_record::{BoardRecord, Readme};
use spectra_sandbox::{Effect, Match, On, Rule, World};
use spectra_tests::edit::{Edit, IssueEdit, edit};
use spectra_tests::repository::root;
use spectra_tests::run::Ended;
use spectra_tests::scene::{Planned, Scene, duplicates};

fn manifest() -> String {
    fs::read_to_string(root().join("tests/cases/manifest.yml")).unwrap()
}

fn plan() -> Planned {
    Planned::of(&manifest(), "voice").unwrap()
}

fn provisioned(plan: &Planned) -> World {
    let scene = Scene::set().unwrap();
    let ended = scene.apply(plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    scene.github.world()
}

fn run(scene: &Scene, plan: &Planned, flags: &[&str]) -> Ended {
    let folder = plan.path();
    let folder = folder.to_string_lossy();
    let arguments: Vec<&str> = std::iter::once(folder.as_ref()).chain(flags.iter().copied()).collect();
    scene.github.apply(scene.folder.path(), &arguments)
}

/// The records of the boards by number.
fn records(world: &World) -> Vec<(u32, Option<BoardRecord>)> {
    let record =
        |readme: &Option<String>| Readme::read(readme.as_deref().unwrap_or_default()).unwrap().record;
    let mut records: Vec<_> =
        world.projects.values().map(|project| (project.number, record(&project.readme))).collect();
    records.sort_by_key(|(number, _)| *number);
    records
}

fn lines(scene: &Scene, holding: &str) -> usize {
    scene.substance().lines().filter(|line| line.contains(holding)).count()
}

const DESTROY: [&str; 3] = ["--destroy", "--confirm", "voice"];
const ANEW: [&str; 2] = ["--apply", "--force-new-project"];

#[test]
fn nothing_goes_without_the_slug() {
    let plan = plan();
    let scene = Scene::with(&provisioned(&plan)).unwrap();
    let before = scene.substance();
    for flags in
        [&["--destroy"][..], &["--destroy", "--confirm", "alana"], &["--destroy", "--format", "json"]]
    {
        let ended = run(&scene, &plan, flags);
        assert_eq!(ended.code, 78, "{}", ended.told());
        assert!(ended.stdout.contains("delete") || ended.stdout.contains("- project"), "{}", ended.told());
        assert!(ended.stderr.contains("--confirm voice"), "{}", ended.told());
    }
    assert_eq!((scene.writes(), scene.substance()), (0, before));
    for wrong in [
        &["--destroy", "--apply"][..],
        &["--destroy", "--dry-run"],
        &["--confirm", "voice"],
        &["--destroy", "--detailed-exitcode"],
        &["--destroy", "--force-new-project"],
    ] {
        assert_eq!(run(&scene, &plan, wrong).code, 64, "{wrong:?}");
    }
}

#[test]
fn a_board_is_taken_away_and_made_again() {
    let plan = plan();
    let scene = Scene::with(&provisioned(&plan)).unwrap();
    let labels = lines(&scene, "  label ");
    let ended = run(&scene, &plan, &DESTROY);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert_eq!(records(&scene.github.world()), []);
    assert_eq!((lines(&scene, ", NOT_PLANNED"), lines(&scene, ", OPEN")), (6, 0), "{}", scene.substance());
    assert_eq!(lines(&scene, "  label "), labels);
    let folder = scene.folder.path().join(".spectra/evidence/project-provisioning/voice");
    let names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().any(|name| name.ends_with(".recovery.json")), "{names:?}");

    let writes = scene.writes();
    let ended = run(&scene, &plan, &DESTROY);
    assert_eq!((ended.code, scene.writes() - writes), (0, 0), "{}", ended.told());

    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert_eq!(
        (lines(&scene, ", NOT_PLANNED"), lines(&scene, ", REOPENED")),
        (0, 6),
        "{}",
        scene.substance()
    );
    assert_eq!(records(&scene.github.world()).len(), 1);
}

#[test]
fn a_board_that_was_there_before_is_let_go_of() {
    let plan = plan();
    let scene = Scene::with(&provisioned(&plan)).unwrap();
    scene.github.sandbox().edit(|world| {
        let id = world.projects.values().next().unwrap().id.clone();
        let project = world.projects.get_mut(&id).unwrap();
        let mut readme = Readme::read(project.readme.as_deref().unwrap()).unwrap();
        readme.record.as_mut().unwrap().made.board = false;
        project.readme = Some(readme.write());
    });
    let ended = run(&scene, &plan, &DESTROY);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let world = scene.github.world();
    assert_eq!(records(&world), [(1, None)]);
    let readme = world.projects.values().next().unwrap().readme.clone();
    assert_eq!(readme.as_deref(), Some("The board of the voice assistant."));
    let writes = scene.writes();
    let ended = run(&scene, &plan, &DESTROY);
    assert_eq!((ended.code, scene.writes() - writes), (0, 0), "{}", ended.told());
}

/// What goes wrong with the nth request that writes, in each of these ways.
fn cuts() -> [Effect; 2] {
    [Effect::CutBeforeCommit, Effect::CutAfterCommit]
}

/// Plays a run with each of its writes lost, and killed at every third request.
fn cut_off(world: &World, plan: &Planned, flags: &[&str], check: impl Fn(&Scene, &str)) {
    let scene = Scene::with(world).unwrap();
    let ended = run(&scene, plan, flags);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let stats = scene.github.stats();
    assert!(stats.mutation_requests > 2);
    let lost = (1..=stats.mutation_requests).flat_map(|nth| {
        let matches = Match { on: On::Mutation, nth, ..Match::default() };
        cuts().map(|effect| Rule { matches: matches.clone(), effect })
    });
    // What a killed process looks like from GitHub's side: nothing comes any more.
    let killed = (1..=stats.requests).step_by(3).map(|nth| Rule {
        matches: Match { nth, times: u64::MAX, ..Match::default() },
        effect: Effect::CutBeforeCommit,
    });
    for rule in lost.chain(killed) {
        let scene = Scene::with(world).unwrap();
        let what = format!("{rule:?}");
        scene.github.fault(rule);
        let ended = run(&scene, plan, flags);
        assert!([0, 69, 75].contains(&ended.code), "{what}: {}", ended.told());
        scene.github.heal();
        check(&scene, &what);
    }
}

#[test]
fn taking_away_that_was_cut_off_is_gone_on_with() {
    let plan = plan();
    cut_off(&provisioned(&plan), &plan, &DESTROY, |scene, what| {
        let ended = run(scene, &plan, &DESTROY);
        assert_eq!(ended.code, 0, "{what}: {}", ended.told());
        assert_eq!(records(&scene.github.world()), [], "{what}");
        assert_eq!(lines(scene, ", OPEN"), 0, "{what}");
        let writes = scene.writes();
        let ended = run(scene, &plan, &DESTROY);
        assert_eq!((ended.code, scene.writes() - writes), (0, 0), "{what}: {}", ended.told());
    });
}

#[test]
fn a_new_board_takes_the_issues_and_the_old_one_is_superseded() {
    let plan = plan();
    let scene = Scene::with(&provisioned(&plan)).unwrap();
    let ended = run(&scene, &plan, &["--force-new-project"]);
    assert_eq!((ended.code, scene.writes()), (0, 0), "{}", ended.told());
    assert!(ended.stdout.contains("+ project    voice"), "{}", ended.stdout);

    let ended = run(&scene, &plan, &ANEW);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert_eq!(lines(&scene, "on acme/2"), 6, "{}", scene.substance());
    assert_eq!(lines(&scene, "  issue voice/"), 6);
    let writes = scene.writes();
    let ended = scene.apply(&plan);
    assert_eq!((ended.code, scene.writes() - writes), (0, 0), "{}", ended.told());
    let world = scene.github.world();
    let [(1, Some(old)), (2, Some(new))] = &records(&world)[..] else { panic!("{:?}", records(&world)) };
    assert_eq!(old.superseded_by.as_ref(), Some(&new.project));
    assert_eq!((new.superseded_by.as_ref(), old.applying.as_ref()), (None, None));
    assert_eq!(new.made.labels, old.made.labels);

    // With the flag once more it is yet another.
    assert_eq!(run(&scene, &plan, &ANEW).code, 0);
    assert_eq!(lines(&scene, "on acme/3"), 6);
    let in_force = |records: Vec<(u32, Option<BoardRecord>)>| {
        let live =
            records.into_iter().filter(|(_, it)| it.as_ref().is_some_and(|it| it.superseded_by.is_none()));
        live.map(|(number, _)| number).collect::<Vec<_>>()
    };
    assert_eq!(in_force(records(&scene.github.world())), [3]);
    // Taking the board away takes the one in force only.
    assert_eq!(run(&scene, &plan, &DESTROY).code, 0);
    assert_eq!(records(&scene.github.world()).len(), 2);
}

#[test]
fn a_new_board_that_was_cut_off_is_finished_without_the_flag() {
    let plan = plan();
    cut_off(&provisioned(&plan), &plan, &ANEW, |scene, what| {
        let ended = scene.apply(&plan);
        assert_eq!(ended.code, 0, "{what}: {}", ended.told());
        let records = records(&scene.github.world());
        assert!(records.iter().all(|(_, record)| record.is_some()), "{what}: {records:?}");
        let live = records.iter().filter(|(_, it)| it.as_ref().is_some_and(|it| it.superseded_by.is_none()));
        let live: Vec<u32> = live.map(|(number, _)| *number).collect();
        assert_eq!(live, [records.last().unwrap().0], "{what}");
        assert!(records.len() <= 2, "{what}: {records:?}");
        assert_eq!(lines(scene, &format!("on acme/{}", live[0])), 6, "{what}: {}", scene.substance());
        let writes = scene.writes();
        let ended = scene.apply(&plan);
        assert_eq!((ended.code, scene.writes() - writes), (0, 0), "{what}: {}", ended.told());
    });
}

/// A project with an activity, that has a board of its own or hasn't; under this id.
fn with_activity(project: &str, before: &str, title: &str) -> String {
    let own = if title.is_empty() {
        String::new()
    } else {
        format!("        projectProvisioning: {{title: {title}}}\n")
    };
    format!(
        "schemaVersion: 1
id: alana
owner: {{type: org, slug: acme}}
repository: acme/voice
projects:
  - id: {project}
    renamedFrom: [{before}]
    projectProvisioning:
      title: Alana
      fields: [{{name: Estimate, type: number}}]
    activities:
      - {{id: provision, title: Provision}}
      - id: discover
        title: Discover
{own}        tasks:
          - {{id: scope, title: Scope, fields: {{Estimate: 3}}}}
"
    )
}

fn applied(scene: &Scene, manifest: &str, slug: &str) {
    let plan = Planned::of(manifest, slug).unwrap();
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
}

/// Applies each of a manifest's boards until none has anything to send.
fn settled(scene: &Scene, manifest: &str, slugs: &[&str]) {
    for slug in slugs.iter().chain(slugs) {
        applied(scene, manifest, slug);
    }
    let writes = scene.writes();
    for slug in slugs {
        applied(scene, manifest, slug);
    }
    assert_eq!(scene.writes(), writes, "{}", scene.substance());
    assert_eq!(duplicates(&scene.github.world()), Vec::<String>::new());
    assert_eq!(scene.github.world().issues.len(), 3);
}

/// The places on boards of an issue, by the board's number: whether each is archived.
fn places(scene: &Scene, title: &str) -> Vec<(u32, bool)> {
    let world = scene.github.world();
    let issue = world.issues.values().find(|issue| issue.title == title).unwrap();
    let items = issue.items.iter().filter_map(|id| world.items.get(id));
    let place = |item: &spectra_sandbox::world::item::Item| {
        (world.projects.get(&item.project).unwrap().number, item.archived)
    };
    let mut places: Vec<_> = items.map(place).collect();
    places.sort_unstable();
    places
}

#[test]
fn places_on_a_board_that_issues_left_are_put_aside_and_taken_back() {
    let scene = Scene::set().unwrap();
    let (together, apart) =
        (with_activity("voice", "sound", ""), with_activity("voice", "sound", "Discovery"));
    settled(&scene, &together, &["voice"]);
    scene.github.wait(Duration::from_mins(10));
    settled(&scene, &apart, &["voice", "voice-discover"]);
    assert_eq!(places(&scene, "Scope"), [(1, true), (2, false)]);
    assert_eq!(places(&scene, "Provision"), [(1, false)]);
    // What a person files on the other board afterwards is theirs.
    scene.github.wait(Duration::from_mins(10));
    scene.github.sandbox().edit(|world| {
        let issue = "voice/discover/scope".to_owned();
        let edits = [
            IssueEdit::TakeOffBoard { issue: issue.clone() },
            IssueEdit::PutOnBoard { issue, board: "acme/1".to_owned() },
        ];
        edit(world, edits.map(Edit::Issue).into()).unwrap();
    });
    settled(&scene, &apart, &["voice", "voice-discover"]);
    assert_eq!(places(&scene, "Scope"), [(1, false), (2, false)]);
    scene.github.wait(Duration::from_mins(10));
    settled(&scene, &together, &["voice"]);
    assert_eq!(places(&scene, "Scope"), [(1, false), (2, false)], "the other board is nobody's any more");
    assert_eq!(places(&scene, "Discover"), [(1, false), (2, false)]);
    scene.github.wait(Duration::from_mins(10));
    settled(&scene, &apart, &["voice-discover", "voice"]);
    assert_eq!(places(&scene, "Discover"), [(1, true), (2, false)]);
}

#[test]
fn a_project_with_boards_of_activities_is_renamed_while_issues_are_closed_and_opened() {
    let scene = Scene::set().unwrap();
    settled(&scene, &with_activity("voice", "sound", ""), &["voice"]);
    scene.github.wait(Duration::from_mins(10));
    settled(&scene, &with_activity("voice", "sound", "Discovery"), &["voice-discover", "voice"]);
    let close = |issue: &str| Edit::Issue(IssueEdit::Close { issue: issue.to_owned() });
    let open = |issue: &str| Edit::Issue(IssueEdit::Reopen { issue: issue.to_owned() });
    scene.github.sandbox().edit(|world| {
        edit(world, vec![close("voice/discover/scope"), close("voice/discover"), open("voice/discover")])
            .unwrap();
    });
    scene.github.wait(Duration::from_mins(10));
    // The project has another id, whichever board is applied first.
    let renamed = with_activity("speech", "voice", "Discovery");
    settled(&scene, &renamed, &["speech", "speech-discover"]);
    assert_eq!(records(&scene.github.world()).len(), 2, "{}", scene.substance());
    assert_eq!(places(&scene, "Scope"), [(1, true), (2, false)]);
    assert_eq!(lines(&scene, "issue speech/"), 3, "{}", scene.substance());
    // A state that the manifest doesn't speak of is people's.
    assert_eq!(lines(&scene, "\"Scope\", COMPLETED"), 1, "{}", scene.substance());
    assert_eq!(lines(&scene, "\"Discover\", REOPENED"), 1, "{}", scene.substance());
    // Renamed and without the activity's board at once.
    scene.github.sandbox().edit(|world| edit(world, vec![open("speech/discover/scope")]).unwrap());
    scene.github.wait(Duration::from_mins(10));
    settled(&scene, &with_activity("sound", "speech", ""), &["sound"]);
    assert_eq!(places(&scene, "Scope"), [(1, false), (2, false)]);
    assert_eq!(lines(&scene, "issue sound/"), 3, "{}", scene.substance());
}
