//! Where GitHub does otherwise than was asked, or one way to an end is closed: the run takes another and gets there.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::BTreeMap;
use std::time::Duration;

use spectra_sandbox::{Effect, Match, On, Rule, World};
use spectra_tests::scene::{Planned, Scene};

const HEAD: &str = "
schemaVersion: 1
id: alana
owner: {type: org, slug: acme}
repository: acme/voice
projects:
  - id: voice
    projectProvisioning:
      title: Alana
";

fn plan(rest: &str) -> Planned {
    Planned::of(&format!("{}{rest}", HEAD.trim_start()), "voice").unwrap()
}

/// The next run has nothing to send.
fn settles(scene: &Scene, plan: &Planned, code: u8) {
    let before = scene.writes();
    let ended = scene.apply(plan);
    assert_eq!(ended.code, code, "{}", ended.told());
    assert_eq!(scene.writes(), before, "{}", ended.told());
}

fn views(world: &World) -> Vec<&str> {
    let project = world.projects.values().next().unwrap();
    project.views.iter().filter_map(|id| world.views.get(id)).map(|view| view.name.as_str()).collect()
}

#[test]
fn views_are_made_over_graphql_where_rest_has_no_route_for_them() {
    let plan = plan(
        r#"      views:
        - {name: Plan, layout: table, filter: "is:open", groupBy: Status}
        - {name: Plain, layout: table, fields: [Title, Labels]}
    activities:
      - {id: discover, title: Discover}
"#,
    );
    let scene = Scene::set().unwrap();
    let matches = Match {
        on: On::Rest,
        path: Some("/views".to_owned()),
        method: Some("POST".to_owned()),
        times: u64::MAX,
        ..Match::default()
    };
    let body = r#"{"message": "Not Found"}"#.to_owned();
    scene
        .github
        .fault(Rule { matches, effect: Effect::Refuse { status: 404, body, headers: BTreeMap::new() } });
    let ended = scene.apply(&plan);
    // The grouping is left to a person; everything else is there.
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert!(
        ended.stdout.contains("grouping, sorting and columns can be given over REST only"),
        "{}",
        ended.told()
    );
    let world = scene.github.world();
    assert_eq!(views(&world), ["Plan", "Plain"]);
    let filters: Vec<&str> = world.views.values().filter_map(|view| view.filter.as_deref()).collect();
    assert!(filters.contains(&"is:open"), "{filters:?}");
    assert_eq!(scene.substance().matches("Discover").count(), 1);

    // It stays a person's: another view would have no grouping either, with the route or without.
    settles(&scene, &plan, 0);
    scene.github.heal();
    settles(&scene, &plan, 0);

    // When the person has done it, nothing is left.
    let mut world = scene.github.world();
    let status = world.fields.values().find(|field| field.name == "Status").unwrap().id.clone();
    let plain = world.views.values().find(|view| view.name == "Plan").unwrap().id.clone();
    world.views.get_mut(&plain).unwrap().group_by = vec![status];
    scene.github.be(&world);
    settles(&scene, &plan, 0);
}

#[test]
fn a_run_that_is_killed_before_its_drafts_leaves_none_in_doubt() {
    let plan = plan(
        r"    activities:
      - id: discover
        title: Discover
        tasks:
          - {id: scope, title: Scope}
          - {id: idea, title: An idea, draft: true}
",
    );
    let scene = Scene::set().unwrap();
    let matches = Match {
        on: On::Mutation,
        field: Some("createIssue".to_owned()),
        times: u64::MAX,
        ..Match::default()
    };
    scene.github.fault(Rule { matches, effect: Effect::CutBeforeCommit });
    let ended = scene.apply(&plan);
    assert!([69, 75].contains(&ended.code), "{}", ended.told());
    scene.github.heal();
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert_eq!(scene.github.world().drafts.len(), 1);
    settles(&scene, &plan, 0);
}

#[test]
fn what_a_workflow_writes_behind_a_closed_issue_is_put_right_in_the_same_run() {
    let tasks = |state: &str| {
        plan(&format!(
            r"      fields:
        - name: Status
          type: singleSelect
          manage: always
          options: [{{name: Backlog, color: gray, renamedFrom: [Todo]}}, {{name: Done, color: purple}}]
    activities:
      - id: discover
        title: Discover
        tasks:
          - {{id: scope, title: Scope, state: {state}, fields: {{Status: Backlog}}}}
"
        ))
    };
    let scene = Scene::set().unwrap();
    for state in ["open", "closed"] {
        let plan = tasks(state);
        let ended = scene.apply(&plan);
        assert_eq!(ended.code, 0, "{}", ended.told());
        scene.github.wait(Duration::from_mins(1));
        settles(&scene, &plan, 0);
        assert!(scene.substance().contains("Status = Backlog"), "{}", scene.substance());
    }
}

#[test]
fn a_new_issue_that_is_closed_has_the_status_that_the_plan_gives() {
    let plan = plan(
        r"      fields:
        - name: Status
          type: singleSelect
          options: [{name: Backlog, color: gray, renamedFrom: [Todo]}, {name: Done, color: purple}]
    activities:
      - {id: discover, title: Discover, state: closed, fields: {Status: Backlog}}
",
    );
    let scene = Scene::set().unwrap();
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    scene.github.wait(Duration::from_mins(1));
    assert!(scene.substance().contains("Status = Backlog"), "{}", scene.substance());
    settles(&scene, &plan, 0);
}

#[test]
fn a_place_among_siblings_is_given_when_the_issue_is_there() {
    let before = plan(
        "    activities:
      - {id: discover, title: Discover, tasks: [{id: scope, title: Scope}]}
      - {id: prepare, title: Prepare, tasks: [{id: rooms, title: Rooms}, {id: desks, title: Desks}]}
",
    );
    let after = plan(
        "    activities:
      - {id: discover, title: Discover}
      - id: prepare
        title: Prepare
        tasks:
          - {id: scope, title: Scope, renamedFrom: [discover/scope]}
          - {id: desks, title: Desks}
          - {id: rooms, title: Rooms}
",
    );
    for effect in [
        Effect::ResourceLimitsExceeded { from: 1 },
        Effect::ResourceLimitsExceeded { from: 2 },
        Effect::GatewayAfter { status: 502, after: Some(0) },
        Effect::GatewayAfter { status: 502, after: Some(1) },
        Effect::TemporaryConflict,
    ] {
        let scene = Scene::set().unwrap();
        assert_eq!(scene.apply(&before).code, 0);
        let matches = Match { field: Some("addSubIssue".to_owned()), ..Match::default() };
        scene.github.fault(Rule { matches, effect: effect.clone() });
        let ended = scene.apply(&after);
        assert_eq!(ended.code, 0, "{effect:?}: {}", ended.told());
        let order = "sub-issues: voice/prepare/scope, voice/prepare/desks, voice/prepare/rooms";
        assert!(scene.substance().contains(order), "{effect:?}: {}", scene.substance());
        settles(&scene, &after, 0);
    }
}

#[test]
fn an_issue_that_was_moved_and_taken_off_the_board_is_found_below_its_parent() {
    let plan = plan(
        r"    activities:
      - id: discover
        title: Discover
        tasks:
          - {id: scope, title: Scope}
          - {id: handbook, title: Write it down, repository: acme/handbook}
",
    );
    let scene = Scene::set().unwrap();
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    let mut world = scene.github.world();
    let (id, number) =
        world.issues.values().find(|it| it.title == "Scope").map(|it| (it.id.clone(), it.number)).unwrap();
    for name in ["voice", "handbook"] {
        let repository = world.repositories.values().find(|it| it.name == name).unwrap().id.clone();
        let repository = world.repositories.get_mut(&repository).unwrap();
        if name == "voice" {
            repository.issues.remove(&number);
        } else {
            repository.issues.insert(99, id.clone());
            let repository = repository.id.clone();
            let issue = world.issues.get_mut(&id).unwrap();
            (issue.repository, issue.number) = (repository, 99);
        }
    }
    let issue = world.issues.get_mut(&id).unwrap();
    issue.labels.clear();
    let items = std::mem::take(&mut issue.items);
    for item in &items {
        world.items.remove(item);
    }
    let project = world.projects.values().next().unwrap().id.clone();
    world.projects.get_mut(&project).unwrap().items.retain(|id| !items.contains(id));
    scene.github.be(&world);
    let ended = scene.apply(&plan);
    assert_eq!(ended.code, 0, "{}", ended.told());
    assert_eq!(scene.substance().matches("Scope").count(), 1, "{}", scene.substance());
    settles(&scene, &plan, 0);
}
