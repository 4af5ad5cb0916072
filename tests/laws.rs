//! Laws over any history: whatever is edited in the manifest and on GitHub, and wherever runs are cut off in between,
//! no thing is ever there twice, the end is what the manifest says, and a run after it sends nothing.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use spectra_model::marker::MarkedBody;
use spectra_sandbox::world::view::Layout;
use spectra_sandbox::{Effect, Match, On, Rule, Wording, World};
use spectra_tests::edit::{BoardEdit, Edit, IssueEdit, MilestoneEdit, ViewEdit, edit};
use spectra_tests::scene::{Planned, Scene, duplicates};

/// Histories that are tried. The same ones each time: a failure is not to come and go.
const HISTORIES: u32 = 24;

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
    AddDraft {
        activity: Index,
    },
    /// A draft becomes an issue.
    Settle(Index),
    /// One task goes where another is.
    Swap(Index, Index),
    Assign(Index),
    RetitleMilestone,
    RenameIteration,
    RefilterView,
    /// A view comes, or goes again.
    OtherView,
    PeopleMoveFirst(Index),
    PeopleAssign(Index),
    PeopleMoveToIteration(Index),
    PeopleRename(Theirs),
    PeopleAddView,
    PeopleDeleteView,
    Apply,
    CutOff {
        mutation: u64,
        effect: Effect,
    },
}

/// What people give a name of their own.
#[derive(Debug, Clone, Copy)]
enum Theirs {
    Option,
    Iteration,
    Milestone,
    View,
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
        2 => index().prop_map(|activity| Event::AddDraft { activity }),
        1 => index().prop_map(Event::Settle),
        1 => (index(), index()).prop_map(|(one, other)| Event::Swap(one, other)),
        1 => index().prop_map(Event::Assign),
        1 => Just(Event::RetitleMilestone),
        1 => Just(Event::RenameIteration),
        1 => Just(Event::RefilterView),
        1 => Just(Event::OtherView),
        1 => index().prop_map(Event::PeopleMoveFirst),
        1 => index().prop_map(Event::PeopleAssign),
        1 => index().prop_map(Event::PeopleMoveToIteration),
        2 => prop_oneof![
            Just(Theirs::Option),
            Just(Theirs::Iteration),
            Just(Theirs::Milestone),
            Just(Theirs::View)
        ]
        .prop_map(Event::PeopleRename),
        1 => Just(Event::PeopleAddView),
        1 => Just(Event::PeopleDeleteView),
        3 => Just(Event::Apply),
        5 => (1..20_u64, effect).prop_map(|(mutation, effect)| Event::CutOff { mutation, effect }),
    ];
    prop::collection::vec(event, 4..16)
}

const BOARD: &str = "acme/1";

const ACTIVITIES: [&str; 2] = ["discover", "prepare"];

#[derive(Debug, Clone)]
struct Task {
    activity: usize,
    id: usize,
    title: String,
    boxes: usize,
    draft: bool,
    assigned: bool,
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
    /// How often the milestone was retitled, the iteration renamed, the view given another filter.
    milestones: usize,
    iterations: usize,
    filters: usize,
    other_view: bool,
}

impl Backlog {
    fn new() -> Self {
        let mut backlog = Self {
            tasks: Vec::new(),
            next: 0,
            reversed: false,
            milestones: 0,
            iterations: 0,
            filters: 0,
            other_view: false,
        };
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
        let title = format!("Task {id}");
        let (draft, assigned) = (false, false);
        self.tasks.push(Task { activity, id, title, boxes: 1, draft, assigned, before: Vec::new() });
    }

    fn milestone(&self) -> String {
        format!("Goal {}", self.milestones)
    }

    fn iteration(&self) -> String {
        format!("Sprint {}", self.iterations)
    }

    fn filter(&self) -> String {
        format!("is:open no:label {}", self.filters)
    }

    /// The views, by name, that GitHub shall hold.
    fn views(&self) -> Vec<&'static str> {
        if self.other_view { vec!["Plan", "Other"] } else { vec!["Plan"] }
    }

    fn manifest(&self) -> String {
        let mut options = ["{name: High, color: red}", "{name: Low, color: gray}"];
        if self.reversed {
            options.reverse();
        }
        let before = |name: &str, times: usize| -> String {
            let names: Vec<String> = (0..times).map(|time| format!("{name} {time}")).collect();
            names.join(", ")
        };
        let mut text = format!(
            "schemaVersion: 1\nid: alana\nowner: {{type: org, slug: acme}}\nrepository: acme/voice\n\
             labels: [{{name: task, color: 0e8a16}}]\n\
             milestones: [{{title: {}, dueOn: 2026-03-31, renamedFrom: [{}]}}]\nprojects:\n  - id: voice\n    \
             projectProvisioning:\n      title: Alana\n      fields:\n        \
             - {{name: Priority, type: singleSelect, options: [{}]}}\n        \
             - {{name: Sprint, type: iteration, iterations: [\
             {{title: {}, start: 2026-02-02, duration: 14, renamedFrom: [{}]}}]}}\n      views:\n        \
             - {{name: Plan, layout: table, groupBy: Sprint, filter: \"{}\"}}\n{}      \
             issues: {{derive: {{task: {{labels: [task], fields: {{Priority: Low}}}}}}}}\n    activities:\n",
            self.milestone(),
            before("Goal", self.milestones),
            options.join(", "),
            self.iteration(),
            before("Sprint", self.iterations),
            self.filter(),
            if self.other_view { "        - {name: Other, layout: board}\n" } else { "" },
        );
        for (number, activity) in ACTIVITIES.iter().enumerate() {
            let milestone = self.milestone();
            writeln!(
                text,
                "      - id: {activity}\n        title: {activity}\n        milestone: {milestone}"
            )
            .unwrap();
            let tasks: Vec<_> = self.tasks.iter().filter(|task| task.activity == number).collect();
            if !tasks.is_empty() {
                text.push_str("        tasks:\n");
            }
            for task in tasks {
                let before: Vec<_> =
                    task.before.iter().filter(|path| **path != task.path()).cloned().collect();
                let draft = if task.draft { "draft: true, " } else { "" };
                let assignees = if task.assigned { "assignees: [octocat], " } else { "" };
                writeln!(
                    text,
                    "          - {{id: task-{}, title: {}, {draft}{assignees}fields: {{Sprint: {}}}, \
                     body: \"{}\", renamedFrom: [{}]}}",
                    task.id,
                    task.title,
                    self.iteration(),
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

/// What can't be done there, such as renaming what isn't there yet, is not done.
fn one(scene: &Scene, what: Edit) {
    drop(scene.github.sandbox().edit(|world| edit(world, vec![what])));
}

fn rename(scene: &Scene, backlog: &Backlog, theirs: Theirs) {
    let board = BOARD.to_owned();
    let text = str::to_owned;
    let what = match theirs {
        Theirs::Option => {
            let (field, name, new_name) = (text("Priority"), text("High"), text("Ours"));
            Edit::Board(BoardEdit::RenameOption { board, field, name, new_name })
        }
        Theirs::Iteration => {
            let (field, title, new_title) = (text("Sprint"), backlog.iteration(), text("Ours"));
            Edit::Board(BoardEdit::RenameIteration { board, field, title, new_title })
        }
        Theirs::Milestone => {
            let (repository, title) = (text("acme/voice"), backlog.milestone());
            let (new_title, due_on) = (Some(text("Ours")), None);
            Edit::Milestone(MilestoneEdit::ChangeMilestone { repository, title, new_title, due_on })
        }
        Theirs::View => Edit::View(ViewEdit::RenameView { board, view: text("Plan"), name: text("Ours") }),
    };
    one(scene, what);
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
        Event::AddDraft { activity } => {
            backlog.add(activity.index(ACTIVITIES.len()));
            if let Some(task) = backlog.tasks.last_mut() {
                task.draft = true;
            }
        }
        Event::Settle(index) => {
            if let Some(at) = pick(index, backlog) {
                backlog.tasks[at].draft = false;
            }
        }
        Event::Swap(one, other) => {
            if let (Some(one), Some(other)) = (pick(one, backlog), pick(other, backlog)) {
                backlog.tasks.swap(one, other);
            }
        }
        Event::Assign(index) => {
            if let Some(at) = pick(index, backlog) {
                backlog.tasks[at].assigned = !backlog.tasks[at].assigned;
            }
        }
        Event::RetitleMilestone => backlog.milestones += 1,
        Event::RenameIteration => backlog.iterations += 1,
        Event::RefilterView => backlog.filters += 1,
        Event::OtherView => backlog.other_view = !backlog.other_view,
        Event::PeopleMoveFirst(index) => people(scene, |issue| IssueEdit::MoveFirst { issue }, index),
        Event::PeopleAssign(index) => {
            let people_of = |issue| IssueEdit::Assign { issue, people: vec!["hubot".to_owned()] };
            people(scene, people_of, index);
        }
        Event::PeopleMoveToIteration(index) => {
            let (field, value) = ("Sprint".to_owned(), None);
            people(scene, |issue| IssueEdit::SetValue { issue, field, value }, index);
        }
        Event::PeopleRename(theirs) => rename(scene, backlog, theirs),
        Event::PeopleAddView => {
            let (board, name) = (BOARD.to_owned(), "Theirs".to_owned());
            one(scene, Edit::View(ViewEdit::AddView { board, name, layout: Layout::TableLayout }));
        }
        Event::PeopleDeleteView => {
            let (board, view) = (BOARD.to_owned(), "Plan".to_owned());
            one(scene, Edit::View(ViewEdit::DeleteView { board, view }));
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

/// Each task's issue or draft is there, once, with the manifest's title, on the board; issues stand below their activity
/// in the manifest's order; milestone, iteration and views have the manifest's names, and people's view is there still.
fn as_the_manifest_says(world: &World, backlog: &Backlog, theirs: bool) -> Result<(), TestCaseError> {
    let has_key =
        |body: &str, key: &str| MarkedBody::read(body).is_some_and(|body| body.marker.key.as_str() == key);
    let mut last_of = [None; ACTIVITIES.len()];
    for task in &backlog.tasks {
        let key = format!("voice/{}", task.path());
        let drafts: Vec<_> = world.drafts.values().filter(|draft| has_key(&draft.body, &key)).collect();
        if task.draft {
            let titles: Vec<_> = drafts.iter().map(|draft| &draft.title).collect();
            prop_assert_eq!(titles, [&task.title], "{}", key);
            continue;
        }
        prop_assert_eq!(drafts.len(), 0, "{} is a draft", key);
        let of_key: Vec<_> = world.issues.values().filter(|issue| has_key(&issue.body, &key)).collect();
        prop_assert_eq!(of_key.len(), 1, "{}", key);
        let issue = of_key[0];
        prop_assert_eq!(&issue.title, &task.title);
        prop_assert_eq!(issue.items.len(), 1, "{} is on the board", key);
        let parent = issue.parent.as_ref().and_then(|parent| world.issues.get(parent));
        prop_assert_eq!(parent.map(|parent| parent.title.as_str()), Some(ACTIVITIES[task.activity]));
        let place = parent.and_then(|parent| parent.sub_issues.iter().position(|child| *child == issue.id));
        prop_assert!(place > last_of[task.activity], "{} stands where it should", key);
        last_of[task.activity] = place;
        let logins: Vec<&str> =
            issue.assignees.iter().map(|id| world.owners.get(id).unwrap().login.as_str()).collect();
        prop_assert_eq!(logins.contains(&"octocat"), task.assigned, "{}", key);
    }
    let milestones: Vec<_> = world.milestones.values().map(|milestone| milestone.title.clone()).collect();
    prop_assert_eq!(milestones, [backlog.milestone()]);
    let iterations = world.fields.values().filter_map(|field| field.iterations.as_ref());
    let titles: Vec<_> = iterations.flat_map(|it| &it.all).map(|iteration| iteration.title.clone()).collect();
    prop_assert_eq!(titles, [backlog.iteration()]);
    let mut views: Vec<_> = world.views.values().map(|view| view.name.as_str()).collect();
    let mut expected = backlog.views();
    expected.extend(theirs.then_some("Theirs"));
    views.sort_unstable();
    expected.sort_unstable();
    prop_assert_eq!(views, expected);
    let plan = world.views.values().find(|view| view.name == "Plan");
    prop_assert_eq!(plan.and_then(|view| view.filter.clone()), Some(backlog.filter()));
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
        let theirs = scene.github.world().views.values().any(|view| view.name == "Theirs");
        for _ in 0..3 {
            let ended = scene.apply(&plan);
            told.push_str(&ended.told());
            if ended.code == 0 {
                break;
            }
            // A draft whose creation was not answered may show that late.
            scene.github.wait(Duration::from_mins(15));
        }
        let world = scene.github.world();
        prop_assert_eq!(duplicates(&world), [""; 0], "{}", told);
        as_the_manifest_says(&world, &backlog, theirs)?;
        let before = scene.writes();
        let ended = scene.apply(&plan);
        prop_assert_eq!((ended.code, scene.writes() - before), (0, 0), "{}\n{}", told, ended.told());
        Ok(())
    });
    if let Err(error) = law {
        panic!("{error}");
    }
}
