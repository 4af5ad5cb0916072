//! Interrupted after any request and run again, a run ends in the same world as one that wasn't; no thing is made
//! twice; and then nothing is left to send.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use spectra_sandbox::{Effect, Match, On, Rule, Wording, World};
use spectra_tests::scene::{Planned, Scene, duplicates};

/// Every kind of step is in it: board, labels, fields, issues with parents, values, a closed one.
const FIRST: &str = r#"
schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
labels:
  - {name: task, color: 0e8a16}
projects:
  - id: voice
    projectProvisioning:
      title: Alana
      description: Voice assistant backlog
      readme: The board.
      fields:
        - name: Status
          type: singleSelect
          options: [{name: Backlog, color: gray, renamedFrom: [Todo]}, {name: Done, color: purple}]
        - {name: Priority, type: singleSelect, options: [{name: High, color: red}, {name: Low, color: gray}]}
        - {name: Estimate, type: number, manage: onCreate}
    initiative: {id: initiative, title: Voice assistant, fields: {Status: Backlog}}
    activities:
      - id: discover
        title: Discover
        tasks:
          - {id: define-scope, title: Define the scope, labels: [task], body: "- [ ] Agreed",
             fields: {Priority: High, Estimate: 3}}
          - {id: hold-kick-off, title: Hold the kick-off, state: closed, labels: [task]}
"#;

/// The same backlog later: every kind of edit.
const SECOND: &str = r#"
schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
labels:
  - {name: task, color: 1f6feb, description: A piece of work}
  - {name: risk, color: b60205}
projects:
  - id: voice
    projectProvisioning:
      title: Alana one
      description: Voice assistant backlog
      readme: The board of the voice assistant.
      fields:
        - name: Status
          type: singleSelect
          options: [{name: Backlog, color: gray, renamedFrom: [Todo]}, {name: Done, color: purple}]
        - name: Priority
          type: singleSelect
          options: [{name: Low, color: gray}, {name: Urgent, color: red, renamedFrom: [High]}, {name: Some day, color: blue}]
        - {name: Points, type: number, manage: onCreate, renamedFrom: [Estimate]}
        - {name: Target, type: date}
    initiative: {id: initiative, title: Voice assistant, fields: {Status: Backlog, Target: 2026-06-30}}
    activities:
      - id: prepare
        title: Prepare
        tasks:
          - {id: scope, title: Define the whole scope, labels: [risk], body: "- [ ] Agreed\n- [ ] Written down",
             fields: {Priority: Urgent, Points: 5}, renamedFrom: [discover/define-scope]}
          - {id: invite-users, title: Invite users, fields: {Priority: Some day, Points: 1}}
      - {id: discover, title: Discover users}
"#;

/// A way from one world to the next.
struct Way {
    /// The world at its beginning; none: a GitHub without a board.
    begin: Option<World>,
    plan: Planned,
    /// The world at its end, when nothing goes wrong.
    end: String,
    /// Requests of any kind, and those with mutations, when nothing goes wrong.
    requests: u64,
    mutations: u64,
}

impl Way {
    fn first() -> Self {
        Self::of(None, FIRST)
    }

    fn edits() -> Self {
        Self::of(Some(FIRST), SECOND)
    }

    fn of(before: Option<&str>, manifest: &str) -> Self {
        let begin = before.map(|manifest| {
            let (scene, plan) = (Scene::set().unwrap(), Planned::of(manifest, "voice").unwrap());
            let ended = scene.apply(&plan);
            assert_eq!(ended.code, 0, "{}", ended.told());
            scene.github.world()
        });
        let plan = Planned::of(manifest, "voice").unwrap();
        let mut way = Self { begin, plan, end: String::new(), requests: 0, mutations: 0 };
        let scene = way.scene();
        let stats = scene.github.stats();
        let ended = scene.apply(&way.plan);
        assert_eq!(ended.code, 0, "{}", ended.told());
        way.requests = scene.github.stats().requests - stats.requests;
        way.mutations = scene.github.stats().mutation_requests - stats.mutation_requests;
        way.end = scene.substance();
        assert!(way.mutations > 10, "there is something to interrupt");
        way
    }

    /// A scene at its beginning.
    fn scene(&self) -> Scene {
        self.begin.as_ref().map_or_else(Scene::set, Scene::with).unwrap()
    }

    /// What must be so after an interruption, from whichever folder it is gone on with; else what isn't.
    fn ends_the_same(&self, scene: &Scene, folder: &Path) -> Vec<String> {
        scene.github.heal();
        let mut codes = Vec::new();
        for _ in 0..3 {
            codes.push(scene.apply_from(folder, &self.plan).code);
            if codes.last() == Some(&0) {
                break;
            }
        }
        let mut wrong = duplicates(&scene.github.world());
        wrong.extend(differences(&scene.substance(), &self.end));
        let before = scene.mutations();
        let ended = scene.apply_from(folder, &self.plan);
        if (ended.code, scene.mutations() - before) != (0, 0) {
            wrong.push(format!("a run after it, after codes {codes:?}: {}", ended.told()));
        }
        wrong
    }
}

/// The lines that one has and the other has not.
fn differences(one: &str, other: &str) -> Vec<String> {
    let missing = |from: &str, of: &str, mark: char| -> Vec<String> {
        let lines = of.lines().filter(|line| !from.lines().any(|it| it == *line));
        lines.map(|line| format!("{mark} {}", line.trim())).collect()
    };
    let mut lines = missing(other, one, '+');
    lines.extend(missing(one, other, '-'));
    if lines.is_empty() && one != other {
        lines.push("the same lines in another order".to_owned());
    }
    lines
}

/// Plays scenes on two threads; fails with everything that went wrong in any of them.
fn each<T: Sync>(scenes: &[T], play: impl Fn(&T) -> Result<(), String> + Sync) {
    let (open, wrong) = (Mutex::new(scenes.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(scene) = { open.lock().unwrap().next() } {
                    if let Err(problem) = play(scene) {
                        wrong.lock().unwrap().push(problem);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} scenes ended otherwise\n{}",
        wrong.len(),
        scenes.len(),
        wrong.join("\n")
    );
}

/// One thing goes wrong with one request that has mutations.
fn struck(way: &Way) {
    let scenes: Vec<(Effect, u64)> = effects()
        .into_iter()
        .flat_map(|effect| (1..=way.mutations).map(move |nth| (effect.clone(), nth)))
        .collect();
    each(&scenes, |(effect, nth)| {
        let scene = way.scene();
        let evidence = scene.evidence();
        let matches = Match { on: On::Mutation, nth: *nth, ..Match::default() };
        scene.github.fault(Rule { matches, effect: effect.clone() });
        let ended = scene.apply(&way.plan);
        let mut wrong = way.ends_the_same(&scene, scene.folder.path());
        if ![0, 69, 75].contains(&ended.code) {
            wrong.push(format!("it ended with {}: {}", ended.code, ended.stderr));
        }
        if scene.evidence() == evidence {
            wrong.push("it left no evidence".to_owned());
        }
        told(&format!("{effect:?} of mutation {nth}, {}:", ended.code), &wrong)
    });
}

/// What a killed process looks like from GitHub's side: nothing comes any more.
fn killed(way: &Way, next_run: NextRun) {
    let scenes: Vec<u64> = (1..=way.requests).step_by(next_run.step()).collect();
    each(&scenes, |nth| {
        let scene = way.scene();
        let matches = Match { nth: *nth, times: u64::MAX, ..Match::default() };
        scene.github.fault(Rule { matches, effect: Effect::CutBeforeCommit });
        let ended = scene.apply(&way.plan);
        let elsewhere = tempfile::tempdir().unwrap();
        let folder = match next_run {
            NextRun::SameMachine => scene.folder.path(),
            NextRun::AnotherMachine => elsewhere.path(),
        };
        let mut wrong = way.ends_the_same(&scene, folder);
        if ended.code != 69 && ended.code != 75 {
            wrong.push(format!("it ended with {}: {}", ended.code, ended.stderr));
        }
        told(&format!("killed at request {nth}, {}:", ended.code), &wrong)
    });
}

fn told(what: &str, wrong: &[String]) -> Result<(), String> {
    if wrong.is_empty() { Ok(()) } else { Err(format!("{what}\n    {}", wrong.join("\n    "))) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextRun {
    SameMachine,
    AnotherMachine,
}

impl NextRun {
    /// From every how many requests: the way in is the same, only the lock is taken over in another manner.
    fn step(self) -> usize {
        match self {
            Self::SameMachine => 1,
            Self::AnotherMachine => 3,
        }
    }
}

/// What may become of a mutation.
fn effects() -> Vec<Effect> {
    let refuse = Effect::Refuse { status: 500, body: "{}".to_owned(), headers: BTreeMap::new() };
    vec![
        Effect::CutBeforeCommit,
        Effect::CutAfterCommit,
        Effect::BadGatewayAfterCommit,
        Effect::MalformedBody,
        Effect::SecondaryRateLimited { retry_after: Some(60), status: None, wording: Wording::default() },
        Effect::SubmittedTooQuickly { from: 2 },
        Effect::ResourceLimitsExceeded { from: 2 },
        Effect::TemporaryConflict,
        Effect::SomethingWentWrong { after: Some(1) },
        Effect::CutAfter { after: 1 },
        refuse,
    ]
}

#[test]
fn a_first_apply_survives_every_answer_to_every_mutation() {
    struck(&Way::first());
}

#[test]
fn an_apply_of_edits_survives_every_answer_to_every_mutation() {
    struck(&Way::edits());
}

#[test]
fn a_first_apply_that_is_killed_is_gone_on_with() {
    killed(&Way::first(), NextRun::SameMachine);
}

#[test]
fn a_first_apply_that_is_killed_is_gone_on_with_elsewhere() {
    killed(&Way::first(), NextRun::AnotherMachine);
}

#[test]
fn an_apply_of_edits_that_is_killed_is_gone_on_with() {
    killed(&Way::edits(), NextRun::SameMachine);
}

#[test]
fn an_apply_of_edits_that_is_killed_is_gone_on_with_elsewhere() {
    killed(&Way::edits(), NextRun::AnotherMachine);
}
