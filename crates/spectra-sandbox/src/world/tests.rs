//! Laws of the world, over histories of random requests.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::*;
use crate::seed::Seed;

/// A request that names what it is about by its place among what there is.
#[derive(Clone, Debug)]
enum Step {
    CreateIssue { board: bool, parent: Option<usize> },
    CreateProject,
    AddItem(usize, usize),
    AddDraft(usize),
    ConvertDraft(usize),
    CopyProject(usize, bool),
    CreateView(usize, Vec<usize>),
    DeleteView(usize),
    DropItem(usize),
    Archive(usize, bool),
    Move(usize, Option<usize>),
    SetStatus(usize, usize),
    RewriteOptions(usize, Vec<Option<usize>>),
    CreateField(usize, usize),
    DeleteField(usize),
    AddPart { parent: usize, part: usize, replace: bool },
    RemovePart(usize),
    Close(usize),
    Reopen(usize),
    DeleteIssue(usize),
    CreateLabel(usize),
    DeleteLabel(usize),
    PutLabel(usize, usize),
    Block(usize, usize),
    Unblock(usize, usize),
    Transfer(usize, bool),
    Comment(usize),
    DeleteProject(usize),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let place = 0..64_usize;
    prop_oneof![
        4 => (proptest::bool::ANY, proptest::option::of(place.clone())).prop_map(|(board, parent)| Step::CreateIssue { board, parent }),
        1 => Just(Step::CreateProject),
        3 => (place.clone(), place.clone()).prop_map(|(project, issue)| Step::AddItem(project, issue)),
        1 => place.clone().prop_map(Step::AddDraft),
        1 => place.clone().prop_map(Step::ConvertDraft),
        1 => (place.clone(), proptest::bool::ANY).prop_map(|(project, drafts)| Step::CopyProject(project, drafts)),
        1 => (place.clone(), proptest::collection::vec(place.clone(), 0..4))
            .prop_map(|(project, fields)| Step::CreateView(project, fields)),
        1 => place.clone().prop_map(Step::DeleteView),
        1 => place.clone().prop_map(Step::DropItem),
        1 => (place.clone(), proptest::bool::ANY).prop_map(|(item, archived)| Step::Archive(item, archived)),
        1 => (place.clone(), proptest::option::of(place.clone())).prop_map(|(item, after)| Step::Move(item, after)),
        3 => (place.clone(), place.clone()).prop_map(|(item, option)| Step::SetStatus(item, option)),
        2 => (place.clone(), proptest::collection::vec(proptest::option::of(0..5_usize), 0..6))
            .prop_map(|(project, options)| Step::RewriteOptions(project, options)),
        1 => (place.clone(), 0..6_usize).prop_map(|(project, name)| Step::CreateField(project, name)),
        1 => place.clone().prop_map(Step::DeleteField),
        3 => (place.clone(), place.clone(), proptest::bool::ANY)
            .prop_map(|(parent, part, replace)| Step::AddPart { parent, part, replace }),
        1 => place.clone().prop_map(Step::RemovePart),
        1 => place.clone().prop_map(Step::Close),
        1 => place.clone().prop_map(Step::Reopen),
        1 => place.clone().prop_map(Step::DeleteIssue),
        1 => (0..8_usize).prop_map(Step::CreateLabel),
        1 => place.clone().prop_map(Step::DeleteLabel),
        1 => (place.clone(), place.clone()).prop_map(|(issue, label)| Step::PutLabel(issue, label)),
        2 => (place.clone(), place.clone()).prop_map(|(issue, blocker)| Step::Block(issue, blocker)),
        1 => (place.clone(), place.clone()).prop_map(|(issue, blocker)| Step::Unblock(issue, blocker)),
        1 => (place.clone(), proptest::bool::ANY).prop_map(|(issue, labels)| Step::Transfer(issue, labels)),
        1 => place.clone().prop_map(Step::Comment),
        1 => place.prop_map(Step::DeleteProject),
        2 => (0..3_000_u64).prop_map(Step::Wait),
    ]
}

fn start() -> World {
    let now = "2026-11-01T12:00:00Z".parse().unwrap();
    Seed::new("octocat").repository("acme", "roadmap").repository("acme", "other").world(now).unwrap()
}

fn input<T: DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn pick<T>(table: &Table<T>, place: usize) -> NodeId {
    let known = table.iter().nth(place.checked_rem(table.len()).unwrap_or(0));
    known.map_or_else(|| NodeId::new("nothing"), |(id, _)| id.clone())
}

#[expect(clippy::too_many_lines, reason = "one arm a step")]
fn apply(world: &mut World, step: &Step) -> Result<(), Refusal> {
    let now = world.now;
    let acme = world.owner_by_login("acme").unwrap().id.clone();
    let repository = world.repository_by_name("acme", "roadmap").unwrap().id.clone();
    let item_and_project = |world: &World, place: usize| {
        let item = pick(&world.items, place);
        let project = world.items.get(&item).map_or_else(|| item.clone(), |item| item.project.clone());
        (item, project)
    };
    match step {
        Step::CreateIssue { board, parent } => {
            let boards: Vec<NodeId> =
                world.projects.values().take(1).filter(|_| *board).map(|row| row.id.clone()).collect();
            let parent =
                parent.filter(|_| !world.issues.is_empty()).map(|parent| pick(&world.issues, parent));
            let made = json!({ "repositoryId": repository, "title": "t", "projectV2Ids": boards, "parentIssueId": parent });
            world.create_issue(now, input(made)).map(drop)
        }
        Step::CreateProject => {
            let made = json!({ "ownerId": acme, "title": "p", "repositoryId": repository });
            world.create_project(now, input(made)).map(drop)
        }
        Step::AddItem(project, issue) => {
            let (project, issue) = (pick(&world.projects, *project), pick(&world.issues, *issue));
            world.add_item_by_id(now, input(json!({ "projectId": project, "contentId": issue }))).map(drop)
        }
        Step::AddDraft(project) => {
            let project = pick(&world.projects, *project);
            world.add_draft(now, input(json!({ "projectId": project, "title": "d" }))).map(drop)
        }
        Step::ConvertDraft(item) => {
            let item = pick(&world.items, *item);
            world.convert_draft(now, input(json!({ "itemId": item, "repositoryId": repository }))).map(drop)
        }
        Step::CopyProject(project, drafts) => {
            let project = pick(&world.projects, *project);
            let copy =
                json!({ "projectId": project, "ownerId": acme, "title": "c", "includeDraftIssues": drafts });
            world.copy_project(now, input(copy)).map(drop)
        }
        Step::CreateView(project, fields) => {
            let project = pick(&world.projects, *project);
            let known = world.projects.get(&project).map_or(&[][..], |row| row.fields.as_slice());
            let fields: Vec<&NodeId> = fields.iter().filter_map(|place| known.get(*place)).collect();
            let made = json!({ "projectId": project, "name": "v", "layout": "TABLE_LAYOUT",
                "configuration": { "visibleFieldIds": fields } });
            world.create_view(now, input::<view::CreateViewInput>(made).into()).map(drop)
        }
        Step::DeleteView(view) => {
            let view = pick(&world.views, *view);
            world.delete_view(now, &input(json!({ "viewId": view }))).map(drop)
        }
        Step::DropItem(item) => {
            let (item, project) = item_and_project(world, *item);
            world.delete_item(now, input(json!({ "projectId": project, "itemId": item }))).map(drop)
        }
        Step::Archive(item, archived) => {
            let (item, project) = item_and_project(world, *item);
            world
                .archive_item(now, input(json!({ "projectId": project, "itemId": item })), *archived)
                .map(drop)
        }
        Step::Move(item, after) => {
            let (item, project) = item_and_project(world, *item);
            let after = after.map(|after| pick(&world.items, after));
            let moved = input(json!({ "projectId": project, "itemId": item, "afterId": after }));
            world.move_item(now, &moved).map(drop)
        }
        Step::SetStatus(item, option) => {
            let (item, project) = item_and_project(world, *item);
            let status = world.field_by_name(&project, "Status");
            let field = status.map_or_else(|| NodeId::new("nothing"), |field| field.id.clone());
            let options = status.map_or(&[][..], |field| field.options.as_slice());
            let option = options.get(*option).map_or("none", |option| option.id.as_str());
            let set = json!({ "projectId": project, "itemId": item, "fieldId": field,
                "value": { "singleSelectOptionId": option } });
            world.set_value(now, input(set)).map(drop)
        }
        Step::RewriteOptions(project, options) => {
            let project = pick(&world.projects, *project);
            let Some(status) = world.field_by_name(&project, "Status") else { return Ok(()) };
            let known = |place: usize| status.options.get(place).map(|option| option.id.clone());
            let options: Vec<_> = options
                .iter()
                .enumerate()
                .map(|(place, kept)| {
                    json!({ "id": kept.and_then(known), "name": format!("{place}"), "color": "RED", "description": "" })
                })
                .collect();
            let field = status.id.clone();
            world
                .update_field(now, input(json!({ "fieldId": field, "singleSelectOptions": options })))
                .map(drop)
        }
        Step::CreateField(project, name) => {
            let project = pick(&world.projects, *project);
            let name = ["a", "A", "b", "Status", "Repo", "c"].get(*name).copied().unwrap_or("d");
            world
                .create_field(now, input(json!({ "projectId": project, "name": name, "dataType": "TEXT" })))
                .map(drop)
        }
        Step::DeleteField(field) => {
            let field = pick(&world.fields, *field);
            world.delete_field(now, &input(json!({ "fieldId": field }))).map(drop)
        }
        Step::AddPart { parent, part, replace } => {
            let (parent, part) = (pick(&world.issues, *parent), pick(&world.issues, *part));
            let add = json!({ "issueId": parent, "subIssueId": part, "replaceParent": replace });
            world.add_sub_issue(now, input(add)).map(drop)
        }
        Step::RemovePart(part) => {
            let part = pick(&world.issues, *part);
            let parent =
                world.issues.get(&part).and_then(|row| row.parent.clone()).unwrap_or_else(|| part.clone());
            world.remove_sub_issue(now, input(json!({ "issueId": parent, "subIssueId": part }))).map(drop)
        }
        Step::Close(issue) => {
            let issue = pick(&world.issues, *issue);
            world.close_issue(now, input(json!({ "issueId": issue }))).map(drop)
        }
        Step::Reopen(issue) => {
            let issue = pick(&world.issues, *issue);
            world.reopen_issue(now, input(json!({ "issueId": issue }))).map(drop)
        }
        Step::DeleteIssue(issue) => {
            let issue = pick(&world.issues, *issue);
            world.delete_issue(now, &input(json!({ "issueId": issue }))).map(drop)
        }
        Step::CreateLabel(name) => {
            let name = if name % 2 == 0 { format!("L{name}") } else { format!("l{}", name - 1) };
            let made = json!({ "repositoryId": repository, "name": name, "color": "00ff00" });
            world.create_label(now, input(made)).map(drop)
        }
        Step::DeleteLabel(label) => {
            let label = pick(&world.labels, *label);
            world.delete_label(now, &input(json!({ "id": label })))
        }
        Step::PutLabel(issue, label) => {
            let (issue, label) = (pick(&world.issues, *issue), pick(&world.labels, *label));
            world.add_labels(now, input(json!({ "labelableId": issue, "labelIds": [label] }))).map(drop)
        }
        Step::Block(issue, blocker) => {
            let (issue, blocker) = (pick(&world.issues, *issue), pick(&world.issues, *blocker));
            let link = json!({ "issueId": issue, "blockingIssueId": blocker });
            world.add_blocked_by(now, input(link)).map(drop)
        }
        Step::Unblock(issue, blocker) => {
            let (issue, blocker) = (pick(&world.issues, *issue), pick(&world.issues, *blocker));
            let link = json!({ "issueId": issue, "blockingIssueId": blocker });
            world.remove_blocked_by(now, input(link)).map(drop)
        }
        Step::Transfer(issue, labels) => {
            let issue = pick(&world.issues, *issue);
            let other = world.repository_by_name("acme", "other").unwrap().id.clone();
            let home = world.issues.get(&issue).map(|row| row.repository.clone());
            let target = if home.as_ref() == Some(&other) { repository } else { other };
            let moved = json!({ "issueId": issue, "repositoryId": target, "createLabelsIfMissing": labels });
            world.transfer_issue(now, &input(moved)).map(drop)
        }
        Step::Comment(issue) => {
            let issue = pick(&world.issues, *issue);
            world.add_comment(now, input(json!({ "subjectId": issue, "body": "c" }))).map(drop)
        }
        Step::DeleteProject(project) => {
            let project = pick(&world.projects, *project);
            world.delete_project(now, &input(json!({ "projectId": project }))).map(drop)
        }
        Step::Wait(ms) => {
            world.advance_to(event::later(now, *ms));
            Ok(())
        }
    }
}

/// What must hold of links between issues and of what is told of them.
fn audit_links(world: &World) {
    for (id, issue) in world.issues.iter() {
        let row = |id: &NodeId| world.issues.get(id).unwrap();
        assert!(issue.blocked_by.iter().all(|other| other != id && row(other).blocking.contains(id)));
        assert!(issue.blocking.iter().all(|other| row(other).blocked_by.contains(id)));
        assert_eq!(world.repositories.get(&issue.repository).unwrap().issues.get(&issue.number), Some(id));
        for entry in &issue.timeline {
            let of_comment = world.comments.get(entry).map(|comment| &comment.issue);
            let of_entry = world.happenings.get(entry).map(|entry| &entry.issue);
            assert_eq!(of_comment.or(of_entry), Some(id));
        }
        let labels = issue.labels.iter().filter_map(|label| world.labels.get(label));
        assert!(labels.into_iter().all(|label| label.repository == issue.repository));
    }
    for entry in world.happenings.values() {
        assert!(world.issues.get(&entry.issue).unwrap().timeline.contains(&entry.id), "no timeline is lost");
    }
    for id in world.unindexed.iter().map(|(id, _)| id) {
        assert!(world.issues.contains(id), "the index forgets what is gone");
        let caught_up =
            |action: &event::Action| matches!(action, event::Action::Index { issue } if issue == id);
        assert!(world.queue.iter().any(|event| caught_up(&event.action)), "the index catches up");
    }
}

/// Everything that must hold at any moment.
fn audit(world: &World) {
    audit_links(world);
    for (id, issue) in world.issues.iter() {
        let mut boards = BTreeSet::new();
        for item in &issue.items {
            let item = world.items.get(item).unwrap();
            assert_eq!(item.content, item::Content::Issue(id.clone()));
            assert!(boards.insert(item.project.clone()), "an issue is on a board once");
        }
        for label in &issue.labels {
            assert!(world.labels.contains(label));
        }
        for part in &issue.sub_issues {
            assert_eq!(world.issues.get(part).unwrap().parent.as_ref(), Some(id));
        }
        let mut above = BTreeSet::from([id.clone()]);
        let mut next = issue.parent.clone();
        while let Some(parent) = next {
            let row = world.issues.get(&parent).unwrap();
            assert!(above.insert(parent), "no issue is above itself");
            next = row.parent.clone();
        }
        assert!(above.len() <= 9, "eight levels below the top");
        if let Some(parent) = &issue.parent {
            assert!(world.issues.get(parent).unwrap().sub_issues.contains(id));
        }
    }
    for (id, item) in world.items.iter() {
        assert!(world.projects.get(&item.project).unwrap().items.contains(id));
        for (field, value) in &item.values {
            let field = world.fields.get(field).unwrap();
            assert_eq!(field.project, item.project);
            if let Some(option) = value.data.option() {
                assert!(field.options.iter().any(|known| known.id == option), "no value outlives its option");
            }
        }
    }
    for (id, project) in world.projects.iter() {
        let names: BTreeSet<String> =
            project.fields.iter().map(|field| world.fields.get(field).unwrap().name.to_lowercase()).collect();
        assert_eq!(names.len(), project.fields.len(), "names of fields are unique");
        for item in &project.items {
            assert_eq!(world.items.get(item).unwrap().project, *id);
        }
    }
    for (id, view) in world.views.iter() {
        let project = world.projects.get(&view.project).unwrap();
        assert!(project.views.contains(id) && view.number < project.next_view);
        assert!(
            view.visible_fields.iter().all(|field| project.fields.contains(field)),
            "a view shows what there is"
        );
    }
    for (id, draft) in world.drafts.iter() {
        assert_eq!(world.items.get(&draft.item).unwrap().content, item::Content::Draft(id.clone()));
    }
    for workflow in world.workflows.values().filter(|workflow| workflow.enabled) {
        let (Some(field), Some(option)) = (&workflow.field, &workflow.option) else { continue };
        assert!(world.fields.get(field).unwrap().offers(option), "no workflow outlives its option");
    }
    assert!(world.queue.iter().is_sorted_by_key(|event| event.due));
    assert_eq!(
        world.drafts.len(),
        world.items.values().filter(|item| matches!(item.content, item::Content::Draft(_))).count()
    );
}

/// The world without its counters: a refused request may use up an id.
fn contents(world: &World) -> serde_json::Value {
    let mut value = serde_json::to_value(world).unwrap();
    value.as_object_mut().unwrap().remove("ids");
    value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_world_holds_together_and_a_refusal_changes_nothing(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = start();
        for step in &steps {
            let before = contents(&world);
            if apply(&mut world, step).is_err() {
                prop_assert_eq!(&contents(&world), &before, "{:?}", step);
            }
            audit(&world);
        }
    }

    #[test]
    fn the_same_history_gives_the_same_world_and_survives_being_written(steps in proptest::collection::vec(step(), 1..60)) {
        let (mut one, mut two) = (start(), start());
        for step in &steps {
            drop(apply(&mut one, step));
            drop(apply(&mut two, step));
            let text = serde_json::to_string(&two).unwrap();
            two = serde_json::from_str(&text).unwrap();
        }
        prop_assert_eq!(serde_json::to_value(&one).unwrap(), serde_json::to_value(&two).unwrap());
    }
}

#[test]
fn a_seed_adds_what_is_missing_and_nothing_twice() {
    let mut world = start();
    let before = serde_json::to_value(&world).unwrap();
    let seed = Seed::new("octocat").repository("acme", "roadmap");
    seed.ensure(&mut world).unwrap();
    assert_eq!(serde_json::to_value(&world).unwrap(), before);
    seed.repository("ACME", "other").ensure(&mut world).unwrap();
    assert_eq!(world.repository_by_name("acme", "Other").unwrap().name, "other");
    assert!(Seed::new("octocat").user("acme").ensure(&mut world).is_err());
}
