//! Interrupted after any request and run again, a run ends in the same world as one that wasn't; no thing is made
//! twice; and then nothing is left to send.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use spectra_sandbox::{Effect, Match, On, Rule, Wording, World};
use spectra_tests::github::REST_WRITES;
use spectra_tests::scene::{Planned, Scene, duplicates};

/// Every kind of thing is in it.
const FIRST: &str = r#"
schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
labels:
  - {name: task, color: 0e8a16}
milestones:
  - {title: Ground prepared, dueOn: 2026-02-27}
projects:
  - id: voice
    projectProvisioning:
      title: Alana
      description: Voice assistant backlog
      readme: The board.
      repositories: [acme/handbook]
      teams: [data-platform]
      fields:
        - name: Status
          type: singleSelect
          options: [{name: Backlog, color: gray, renamedFrom: [Todo]}, {name: Done, color: purple}]
        - {name: Priority, type: singleSelect, options: [{name: High, color: red}, {name: Low, color: gray}]}
        - {name: Areas, type: multiSelect, options: [{name: Speech, color: blue}, {name: Data, color: green}]}
        - {name: Estimate, type: number, manage: onCreate}
        - {name: Sprint, type: iteration, start: 2026-02-02, duration: 14, count: 2}
      views:
        - {name: Plan, layout: table, groupBy: Sprint}
        - {name: Work, layout: board, columnBy: Status}
    initiative: {id: initiative, title: Voice assistant, fields: {Status: Backlog}}
    activities:
      - id: discover
        title: Discover
        milestone: Ground prepared
        tasks:
          - {id: define-scope, title: Define the scope, labels: [task], body: "- [ ] Agreed", assignees: [octocat],
             issueType: Task, dependsOn: [hold-kick-off], fields: {Priority: High, Estimate: 3, Areas: [Data], Sprint: Sprint 1}}
          - {id: hold-kick-off, title: Hold the kick-off, state: closed, stateReason: notPlanned, labels: [task]}
          - {id: name-it, title: Find a name, draft: true, body: "- [ ] Short", fields: {Priority: Low}}
          - {id: draw-it, title: Draw a logo, draft: true, fields: {Sprint: Sprint 2}}
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
milestones:
  - {title: Ground ready, dueOn: 2026-03-31, renamedFrom: [Ground prepared]}
  - {title: Some day}
projects:
  - id: voice
    projectProvisioning:
      title: Alana one
      description: Voice assistant backlog
      readme: The board of the voice assistant.
      repositories: [acme/voice]
      teams: []
      fields:
        - name: Status
          type: singleSelect
          options: [{name: Backlog, color: gray, renamedFrom: [Todo]}, {name: Done, color: purple}]
        - name: Priority
          type: singleSelect
          options: [{name: Low, color: gray}, {name: Urgent, color: red, renamedFrom: [High]}, {name: Some day, color: blue}]
        - {name: Areas, type: multiSelect, options: [{name: Law, color: red}, {name: Storage, color: green, renamedFrom: [Data]}]}
        - {name: Points, type: number, manage: onCreate, renamedFrom: [Estimate]}
        - name: Sprint
          type: iteration
          iterations:
            - {title: First, start: 2026-02-02, duration: 7, renamedFrom: [Sprint 1]}
            - {title: Sprint 2, start: 2026-02-16, duration: 14}
            - {title: Third, start: 2026-03-02, duration: 14}
        - {name: Target, type: date}
      views:
        - {name: Plan, layout: table, groupBy: Sprint, filter: "is:open"}
        - {name: Roadmap, layout: roadmap}
    initiative: {id: initiative, title: Voice assistant, fields: {Status: Backlog, Target: 2026-06-30}}
    activities:
      - id: prepare
        title: Prepare
        milestone: Some day
        tasks:
          - {id: scope, title: Define the whole scope, labels: [risk], body: "- [ ] Agreed\n- [ ] Written down",
             assignees: [hubot], issueType: Feature, state: open, dependsOn: [name-people],
             fields: {Priority: Urgent, Points: 5, Areas: [Storage, Law], Sprint: Third}, renamedFrom: [discover/define-scope]}
          - {id: name-people, title: Name the people}
          - {id: invite-users, title: Invite users, dependsOn: [scope], fields: {Priority: Some day, Points: 1}}
      - id: discover
        title: Discover users
        milestone: Ground ready
        tasks:
          - {id: draw-it, title: Draw a logo, fields: {Sprint: Sprint 2}}
          - {id: name-it, title: Find a good name, draft: true, body: "- [ ] Short\n- [ ] Free", fields: {Priority: Low}}
"#;

/// A backlog under three owners: the board lists what it is given ten minutes later, and the issues don't say.
const OTHER_OWNERS: &str = r"
schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
projects:
  - id: voice
    projectProvisioning:
      title: Alana
      fields:
        - {name: Priority, type: singleSelect, options: [{name: High, color: red}, {name: Low, color: gray}]}
        - {name: Estimate, type: number, manage: onCreate}
    activities:
      - {id: discover, title: Discover, fields: {Priority: High}}
      - id: tooling
        title: Tooling
        repository: labs/tools
        dependsOn: [discover]
        tasks:
          - {id: pick, title: Pick a tool, repository: labs/tools, state: closed, fields: {Priority: High, Estimate: 3}}
      - {id: notes, title: Take notes, repository: ada/notes, fields: {Priority: Low, Estimate: 1}}
";

/// A way from one world to the next.
struct Way {
    /// The world at its beginning; none: a GitHub without a board.
    begin: Option<World>,
    plan: Planned,
    /// The world at its end, when nothing goes wrong.
    end: String,
    /// Requests of any kind, when nothing goes wrong.
    requests: u64,
    /// Those that write.
    writes: Vec<Match>,
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
        Self::from(begin, manifest)
    }

    fn of_several_owners() -> Self {
        Self::from(Some(Scene::of_several_owners().unwrap().github.world()), OTHER_OWNERS)
    }

    fn from(begin: Option<World>, manifest: &str) -> Self {
        let plan = Planned::of(manifest, "voice").unwrap();
        let mut way = Self { begin, plan, end: String::new(), requests: 0, writes: Vec::new() };
        let scene = way.scene();
        let stats = scene.github.stats();
        let ended = scene.apply(&way.plan);
        assert_eq!(ended.code, 0, "{}", ended.told());
        way.requests = scene.github.stats().requests - stats.requests;
        let mutations = scene.github.stats().mutation_requests - stats.mutation_requests;
        way.writes = (1..=mutations).map(|nth| Match { on: On::Mutation, nth, ..Match::default() }).collect();
        for method in REST_WRITES {
            let nths = 1..=scene.github.rest_writes(method);
            let of = |nth| Match { on: On::Rest, method: Some(method.to_owned()), nth, ..Match::default() };
            way.writes.extend(nths.map(of));
        }
        way.end = scene.substance();
        let is_rest = |matches: &&Match| matches.on == On::Rest;
        assert!(
            mutations > 10 && (way.writes.iter().any(|it| is_rest(&it)) || manifest == OTHER_OWNERS),
            "there is something to interrupt"
        );
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
            let ended = scene.apply_from(folder, &self.plan);
            codes.push(ended.code);
            if ended.code == 0 {
                break;
            }
            if ended.stderr.contains("Run again in a quarter of an hour") {
                scene.github.wait(Duration::from_mins(15));
            }
        }
        let mut wrong = duplicates(&scene.github.world());
        wrong.extend(differences(&scene.substance(), &self.end));
        let before = scene.writes();
        let ended = scene.apply_from(folder, &self.plan);
        if (ended.code, scene.writes() - before) != (0, 0) {
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

/// One thing goes wrong with one request that writes.
///
/// Every request is lost once before and once after it was carried out; of the other effects each request meets every
/// [`SAMPLE`]th and each effect every [`SAMPLE`]th request, since the whole takes minutes.
fn struck(way: &Way) {
    let scenes: Vec<(Effect, &Match)> = effects()
        .into_iter()
        .enumerate()
        .flat_map(|(turn, effect)| {
            let points = way.writes.iter().enumerate().filter(move |(point, matches)| {
                (turn < 2 || (turn + point) % SAMPLE == 0) && (matches.on == On::Mutation || turn < OF_REST)
            });
            points.map(move |(_, matches)| (effect.clone(), matches))
        })
        .collect();
    each(&scenes, |(effect, matches)| {
        let scene = way.scene();
        let evidence = scene.evidence();
        scene.github.fault(Rule { matches: (*matches).clone(), effect: effect.clone() });
        let ended = scene.apply(&way.plan);
        let mut wrong = way.ends_the_same(&scene, scene.folder.path());
        if ![0, 69, 75].contains(&ended.code) {
            wrong.push(format!("it ended with {}: {}", ended.code, ended.stderr));
        }
        if scene.evidence() == evidence {
            wrong.push("it left no evidence".to_owned());
        }
        let what = matches.method.as_deref().unwrap_or("mutation");
        told(&format!("{effect:?} of {what} {}, {}:", matches.nth, ended.code), &wrong)
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

/// Killed between two mutations of one request, of which GitHub carries out what it has read: once after each of them.
fn killed_within(way: &Way) {
    let requests = way.writes.iter().filter(|matches| matches.on == On::Mutation).count();
    let dead = |nth: u64| Rule {
        matches: Match { on: On::Mutation, nth, times: u64::MAX, ..Match::default() },
        effect: Effect::CutBeforeCommit,
    };
    let mut before = 0;
    let mut scenes: Vec<(u64, usize)> = Vec::new();
    for nth in 1..=u64::try_from(requests).unwrap() {
        let scene = way.scene();
        let stats = scene.github.stats();
        scene.github.fault(dead(nth + 1));
        scene.apply(&way.plan);
        let fields = scene.github.stats().mutation_fields - stats.mutation_fields;
        scenes.extend((1..usize::try_from(fields - before).unwrap()).map(|after| (nth, after)));
        before = fields;
    }
    assert!(scenes.len() > 10, "there are requests of several mutations");
    each(&scenes, |(nth, after)| {
        let scene = way.scene();
        let matches = Match { on: On::Mutation, nth: *nth, ..Match::default() };
        scene.github.fault(Rule { matches, effect: Effect::CutAfter { after: *after } });
        scene.github.fault(dead(nth + 1));
        let ended = scene.apply(&way.plan);
        let mut wrong = way.ends_the_same(&scene, scene.folder.path());
        if ended.code != 69 && ended.code != 75 {
            wrong.push(format!("it ended with {}: {}", ended.code, ended.stderr));
        }
        told(&format!("killed after mutation {after} of request {nth}:"), &wrong)
    });
}

/// Killed from every third request on, and gone on with under the review that it was bound to.
fn killed_under_review(way: &Way) {
    let scenes: Vec<u64> = (1..=way.requests).step_by(3).collect();
    each(&scenes, |nth| {
        let scene = way.scene();
        let review = scene.review(&way.plan);
        let apply = || scene.apply_with(&way.plan, &["--reviewed", &review]);
        let matches = Match { nth: *nth, times: u64::MAX, ..Match::default() };
        scene.github.fault(Rule { matches, effect: Effect::CutBeforeCommit });
        apply();
        scene.github.heal();
        let mut wrong = Vec::new();
        for _ in 0..3 {
            let ended = apply();
            match ended.code {
                0 => break,
                75 => scene.github.wait(Duration::from_mins(15)),
                code => wrong.push(format!("under the same review {code}: {}", ended.stderr)),
            }
        }
        wrong.extend(differences(&scene.substance(), &way.end));
        told(&format!("killed under review at request {nth}:"), &wrong)
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
    /// From every how many requests, since the whole takes minutes. On another machine the way is the same, only the lock
    /// is taken over in another manner.
    fn step(self) -> usize {
        match self {
            Self::SameMachine => 2,
            Self::AnotherMachine => 5,
        }
    }
}

/// Of how many effects one is tried on a request, see [`struck`].
const SAMPLE: usize = 4;

/// How many of the effects befall REST too: the others are of GraphQL's several mutations in a request.
const OF_REST: usize = 6;

/// What may become of a request that writes.
fn effects() -> Vec<Effect> {
    let refuse = Effect::Refuse { status: 500, body: "{}".to_owned(), headers: BTreeMap::new() };
    vec![
        Effect::CutBeforeCommit,
        Effect::CutAfterCommit,
        Effect::BadGatewayAfterCommit,
        Effect::MalformedBody,
        Effect::SecondaryRateLimited { retry_after: Some(60), status: None, wording: Wording::default() },
        refuse,
        Effect::SubmittedTooQuickly { from: 2 },
        Effect::ResourceLimitsExceeded { from: 2 },
        Effect::TemporaryConflict,
        Effect::SomethingWentWrong { after: Some(1) },
        Effect::CutAfter { after: 1 },
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
fn an_apply_under_several_owners_survives_every_answer_to_every_mutation() {
    struck(&Way::of_several_owners());
}

#[test]
fn an_apply_under_several_owners_that_is_killed_is_gone_on_with() {
    killed(&Way::of_several_owners(), NextRun::SameMachine);
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

#[test]
fn an_apply_of_edits_that_is_killed_between_two_mutations_is_gone_on_with() {
    killed_within(&Way::edits());
}

#[test]
fn a_first_apply_that_is_killed_is_gone_on_with_under_its_review() {
    killed_under_review(&Way::first());
}

#[test]
fn an_apply_of_edits_that_is_killed_is_gone_on_with_under_its_review() {
    killed_under_review(&Way::edits());
}
