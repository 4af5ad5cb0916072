//! Laws over any history: whatever is edited in the manifest and on GitHub, and wherever runs are cut off in between,
//! no thing is ever there twice, the end is what the manifest says, and a run after it sends nothing.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use spectra_model::marker::MarkedBody;
use spectra_sandbox::{Effect, Match, On, Rule, Wording, World};
use spectra_tests::edit::{Edit, IssueEdit, edit};
use spectra_tests::scene::{Planned, Scene, duplicates};

/// Histories that are tried. The same ones each time: a failure is not to come and go.
const HISTORIES: u32 = 16;

/// What happens to a backlog. An index picks one of what there is.
#[derive(Debug, Clone)]
enum Event {
    AddTask {
        activity: Index,
    },
    RemoveTask(Index),
    Retitle(Index),
    /// To another activity, under another id.
    Move(Index),
    ChangeBody(Index),
    ReverseOptions,
    PeopleRetitle(Index),
    PeopleTakeLabelOff(Index),
    PeopleTakeOffBoard(Index),
    PeopleLetGoOfParent(Index),
    PeopleChoose(Index),
    Apply,
    CutOff {
        mutation: u64,
        effect: Effect,
    },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let index = any::<Index>;
    let effect = prop_oneof![
        Just(Effect::CutBeforeCommit),
        Just(Effect::CutAfterCommit),
        Just(Effect::BadGatewayAfterCommit),
        Just(Effect::MalformedBody),
        Just(Effect::SecondaryRateLimited { retry_after: None, status: None, wording: Wording::default() }),
    ];
    let event = prop_oneof![
        2 => index().prop_map(|activity| Event::AddTask { activity }),
        1 => index().prop_map(Event::RemoveTask),
        1 => index().prop_map(Event::Retitle),
        2 => index().prop_map(Event::Move),
        1 => index().prop_map(Event::ChangeBody),
        1 => Just(Event::ReverseOptions),
        1 => index().prop_map(Event::PeopleRetitle),
        1 => index().prop_map(Event::PeopleTakeLabelOff),
        1 => index().prop_map(Event::PeopleTakeOffBoard),
        1 => index().prop_map(Event::PeopleLetGoOfParent),
        1 => index().prop_map(Event::PeopleChoose),
        2 => Just(Event::Apply),
        4 => (1..14_u64, effect).prop_map(|(mutation, effect)| Event::CutOff { mutation, effect }),
    ];
    prop::collection::vec(event, 3..12)
}

const ACTIVITIES: [&str; 2] = ["discover", "prepare"];

#[derive(Debug, Clone)]
struct Task {
    activity: usize,
    id: usize,
    title: String,
    boxes: usize,
    /// Paths that it had.
    before: Vec<String>,
}

impl Task {
    fn path(&self) -> String {
        format!("{}/task-{}", ACTIVITIES[self.activity], self.id)
    }
}

/// The backlog that the manifest describes.
#[derive(Debug, Clone)]
struct Backlog {
    tasks: Vec<Task>,
    next: usize,
    reversed: bool,
}

impl Backlog {
    fn new() -> Self {
        let mut backlog = Self { tasks: Vec::new(), next: 0, reversed: false };
        backlog.add(0);
        backlog.add(1);
        backlog
    }

    fn id(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn add(&mut self, activity: usize) {
        let id = self.id();
        self.tasks.push(Task { activity, id, title: format!("Task {id}"), boxes: 1, before: Vec::new() });
    }

    fn manifest(&self) -> String {
        let mut options = ["{name: High, color: red}", "{name: Low, color: gray}"];
        if self.reversed {
            options.reverse();
        }
        let mut text = format!(
            "schemaVersion: 1\nid: alana\nowner: {{type: org, slug: acme}}\nrepository: acme/voice\n\
             labels: [{{name: task, color: 0e8a16}}]\nprojects:\n  - id: voice\n    projectProvisioning:\n      \
             title: Alana\n      fields:\n        - {{name: Priority, type: singleSelect, options: [{}]}}\n      \
             issues: {{derive: {{task: {{labels: [task], fields: {{Priority: Low}}}}}}}}\n    activities:\n",
            options.join(", ")
        );
        for (number, activity) in ACTIVITIES.iter().enumerate() {
            writeln!(text, "      - id: {activity}\n        title: {activity}").unwrap();
            let tasks: Vec<_> = self.tasks.iter().filter(|task| task.activity == number).collect();
            if !tasks.is_empty() {
                text.push_str("        tasks:\n");
            }
            for task in tasks {
                let before: Vec<_> =
                    task.before.iter().filter(|path| **path != task.path()).cloned().collect();
                writeln!(
                    text,
                    "          - {{id: task-{}, title: {}, body: \"{}\", renamedFrom: [{}]}}",
                    task.id,
                    task.title,
                    "- [ ] A box\\n".repeat(task.boxes),
                    before.join(", ")
                )
                .unwrap();
            }
        }
        text
    }

    fn plan(&self) -> Planned {
        Planned::of(&self.manifest(), "voice")
            .unwrap_or_else(|problem| panic!("{problem}\n{}", self.manifest()))
    }
}

/// A managed issue that is there already, by its number.
fn some_issue(scene: &Scene, index: Index) -> Option<String> {
    let world = scene.github.world();
    let mut numbers: Vec<u32> = world.issues.values().map(|issue| issue.number).collect();
    numbers.sort_unstable();
    (!numbers.is_empty()).then(|| format!("acme/voice#{}", index.get(&numbers)))
}

fn people(scene: &Scene, edit_of: impl FnOnce(String) -> IssueEdit, index: Index) {
    if let Some(issue) = some_issue(scene, index) {
        // What can't be done there, such as taking off a label that isn't on, is not done.
        drop(scene.github.sandbox().edit(|world| edit(world, vec![Edit::Issue(edit_of(issue))])));
    }
}

fn happen(scene: &Scene, backlog: &mut Backlog, event: &Event) {
    let pick = |index: Index, backlog: &Backlog| {
        (!backlog.tasks.is_empty()).then(|| index.index(backlog.tasks.len()))
    };
    match event.clone() {
        Event::AddTask { activity } => backlog.add(activity.index(ACTIVITIES.len())),
        Event::RemoveTask(index) => {
            if let Some(at) = pick(index, backlog) {
                backlog.tasks.remove(at);
            }
        }
        Event::Retitle(index) => {
            if let Some(at) = pick(index, backlog) {
                backlog.tasks[at].title.push('!');
            }
        }
        Event::Move(index) => {
            if let Some(at) = pick(index, backlog) {
                let id = backlog.id();
                let task = &mut backlog.tasks[at];
                task.before.insert(0, task.path());
                (task.activity, task.id) = (1 - task.activity, id);
            }
        }
        Event::ChangeBody(index) => {
            if let Some(at) = pick(index, backlog) {
                backlog.tasks[at].boxes += 1;
            }
        }
        Event::ReverseOptions => backlog.reversed = !backlog.reversed,
        Event::PeopleRetitle(index) => {
            people(scene, |issue| IssueEdit::Retitle { issue, title: "Ours".to_owned() }, index);
        }
        Event::PeopleTakeLabelOff(index) => {
            people(scene, |issue| IssueEdit::RemoveLabel { issue, label: "project:voice".to_owned() }, index);
        }
        Event::PeopleTakeOffBoard(index) => people(scene, |issue| IssueEdit::TakeOffBoard { issue }, index),
        Event::PeopleLetGoOfParent(index) => {
            people(scene, |issue| IssueEdit::SetParent { issue, parent: None }, index);
        }
        Event::PeopleChoose(index) => {
            let (field, value) = ("Priority".to_owned(), Some("High".to_owned()));
            people(scene, |issue| IssueEdit::SetValue { issue, field, value }, index);
        }
        Event::Apply => drop(scene.apply(&backlog.plan())),
        Event::CutOff { mutation, effect } => {
            let matches = Match { on: On::Mutation, nth: mutation, ..Match::default() };
            scene.github.fault(Rule { matches, effect });
            drop(scene.apply(&backlog.plan()));
            scene.github.heal();
        }
    }
}

/// Each task's issue is there, once, with the manifest's title, on the board, below its activity.
fn as_the_manifest_says(world: &World, backlog: &Backlog) -> Result<(), TestCaseError> {
    for task in &backlog.tasks {
        let key = format!("voice/{}", task.path());
        let of_key: Vec<_> = world
            .issues
            .values()
            .filter(|issue| MarkedBody::read(&issue.body).is_some_and(|body| body.marker.key.as_str() == key))
            .collect();
        prop_assert_eq!(of_key.len(), 1, "{}", key);
        let issue = of_key[0];
        prop_assert_eq!(&issue.title, &task.title);
        prop_assert_eq!(issue.items.len(), 1, "{} is on the board", key);
        let parent = issue.parent.as_ref().and_then(|parent| world.issues.get(parent));
        prop_assert_eq!(parent.map(|parent| parent.title.as_str()), Some(ACTIVITIES[task.activity]));
    }
    Ok(())
}

#[test]
fn no_history_makes_anything_twice() {
    let config =
        Config { cases: HISTORIES, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let law = runner.run(&events(), |events| {
        let scene = Scene::set().unwrap();
        let mut backlog = Backlog::new();
        for event in &events {
            happen(&scene, &mut backlog, event);
            prop_assert_eq!(duplicates(&scene.github.world()), [""; 0], "after {:?}", event);
        }
        let plan = backlog.plan();
        let mut told = String::new();
        for _ in 0..3 {
            let ended = scene.apply(&plan);
            told.push_str(&ended.told());
            if ended.code == 0 {
                break;
            }
        }
        let world = scene.github.world();
        prop_assert_eq!(duplicates(&world), [""; 0], "{}", told);
        as_the_manifest_says(&world, &backlog)?;
        let before = scene.mutations();
        let ended = scene.apply(&plan);
        prop_assert_eq!((ended.code, scene.mutations() - before), (0, 0), "{}\n{}", told, ended.told());
        Ok(())
    });
    if let Err(error) = law {
        panic!("{error}");
    }
}
