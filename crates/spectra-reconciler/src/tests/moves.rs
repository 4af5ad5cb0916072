//! Issues that move between the boards of their project: found by their keys on whichever board they stood.

use jiff::Timestamp;
use serde_json::json;
use spectra_model::Setting;
use spectra_model::id::{IssueKey, ProjectSlug};
use spectra_model::marker::{MarkedBody, Marker, Origin};
use spectra_model::plan::{BodyPolicy, OnRemove, Plan, Refinement};

use super::world::{World, options};
use super::{in_sync, shown};
use crate::{Options, reconcile};

/// The plan's activity `discover` on a board of its own: what the project's board has then, and what the activity's.
fn split(whole: &Plan) -> (Plan, Plan) {
    let mut own = serde_json::to_value(whole).unwrap();
    let is_moved = |key: &str| key.starts_with("voice/discover");
    let mut activity = own.clone();
    own["issues"].as_array_mut().unwrap().retain(|issue| !is_moved(issue["key"].as_str().unwrap()));
    own["links"] = json!([
        {"type": "subIssue", "parent": "voice/initiative", "child": "voice/source"},
        {"type": "blockedBy", "issue": "voice/source",
         "by": {"slug": "voice-discover", "key": "voice/discover/scope"}},
    ]);
    let neighbour = |slug: &str| json!([{"slug": slug, "managedLabel": format!("project:{slug}"), "repositories": ["o/r"]}]);
    own["neighbours"] = neighbour("voice-discover");
    activity["slug"] = json!("voice-discover");
    activity["project"]["managedLabel"] = json!("project:voice-discover");
    activity["labels"][0]["name"] = json!("project:voice-discover");
    let issues = activity["issues"].as_array_mut().unwrap();
    issues.retain(|issue| is_moved(issue["key"].as_str().unwrap()));
    for issue in issues {
        issue["labels"][0] = json!("project:voice-discover");
    }
    activity["links"] = json!([
        {"type": "subIssue", "parent": {"slug": "voice", "key": "voice/initiative"}, "child": "voice/discover"},
        {"type": "subIssue", "parent": "voice/discover", "child": "voice/discover/scope"},
    ]);
    activity["neighbours"] = neighbour("voice");
    let parse = |plan: serde_json::Value| Plan::parse(plan.to_string().as_bytes()).unwrap();
    (parse(own), parse(activity))
}

/// What is decided about the issues of a world.
fn issues(plan: &Plan, world: &World) -> Vec<String> {
    let decision = reconcile(plan, &world.github, &Options { since: None, ..options() });
    assert_eq!(decision.refusals, []);
    let of_issues = shown(&decision.change_set.changes).into_iter().filter(|line| line.contains(":issue:"));
    of_issues.map(|line| line.split(' ').take(4).collect::<Vec<_>>().join(" ")).collect()
}

/// The markers of a world's issues, edited.
fn remark(world: &mut World, edit: impl Fn(&mut Marker)) {
    for issue in &mut world.github.issues {
        let Some(body) = MarkedBody::read(&issue.body) else { continue };
        let mut marker = body.marker.clone();
        edit(&mut marker);
        issue.body = body.with(&marker, &body.region);
    }
}

#[test]
fn issues_that_got_a_board_of_their_own_are_left_to_it_and_taken_over_there() {
    let (whole, mut world) = in_sync();
    let (own, activity) = split(&whole);
    // The dependency is known to be Spectra's on whichever board its end stands.
    assert_eq!(issues(&own, &world), ["update:issue:voice/source blockedBy: [\"voice/discover/scope\"] ->"]);
    world.github.board = None;
    world.github.boards.clear();
    assert_eq!(
        issues(&activity, &world),
        [
            "update:issue:voice/discover slug: \"voice\" ->",
            "update:issue:voice/discover/scope slug: \"voice\" ->"
        ]
    );
}

#[test]
fn issues_whose_board_is_gone_come_back() {
    let (whole, mut world) = in_sync();
    let slug = ProjectSlug::parse("voice-discover").unwrap();
    remark(&mut world, |marker| {
        if marker.key.as_str().starts_with("voice/discover") {
            marker.slug = slug.clone();
        }
    });
    assert_eq!(
        issues(&whole, &world),
        [
            "update:issue:voice/discover slug: \"voice-discover\" ->",
            "update:issue:voice/discover/scope slug: \"voice-discover\" ->"
        ]
    );
    // One that left the manifest at the same time is dealt with as if it had stood on this board.
    let mut shorter = whole.clone();
    shorter.issues.retain(|issue| issue.key.as_str() != "voice/discover/scope");
    shorter.links.retain(|link| !serde_json::to_string(link).unwrap().contains("scope"));
    assert!(
        issues(&shorter, &world).contains(&"update:issue:voice/discover/scope state: \"open\" ->".to_owned())
    );
}

/// A world whose activity went to a board of its own and came under that board's markers, at this time.
fn taken_over(world: &World, activity: &Plan, at: Timestamp) -> World {
    let mut there = World::fresh(activity);
    there.github.issues = world.github.issues.clone();
    there.github.repositories = world.github.repositories.clone();
    for issue in &mut there.github.issues {
        issue.item = None;
    }
    there.apply_with(activity, usize::MAX, &Options { now: Some(at), ..options() });
    there
}

#[test]
fn places_on_a_board_that_issues_left_are_put_aside_and_come_back_with_them() {
    let (whole, mut world) = in_sync();
    let (own, activity) = split(&whole);
    let later = Timestamp::UNIX_EPOCH.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    let there = taken_over(&world, &activity, later);
    let bodies = |from: &World, to: &mut World| {
        for issue in &mut to.github.issues {
            let same = from.github.issues.iter().find(|it| it.id == issue.id).unwrap();
            issue.body.clone_from(&same.body);
            issue.labels.clone_from(&same.labels);
        }
    };
    bodies(&there, &mut world);
    let aside =
        ["update:issue:voice/discover archived: false", "update:issue:voice/discover/scope archived: false"];
    let of_places = |plan: &Plan, world: &World| {
        let changes = issues(plan, world).into_iter().filter(|line| line.contains("archived"));
        changes.collect::<Vec<_>>()
    };
    assert_eq!(of_places(&own, &world), aside.map(|line| format!("{line} ->")));
    let mut kept = own.clone();
    kept.project.on_remove = OnRemove::Keep;
    assert_eq!(of_places(&kept, &world), Vec::<String>::new());
    let strict = Options { max_deletes: Some(0), ..options() };
    assert!(!reconcile(&own, &world.github, &strict).refusals.is_empty(), "they count as removals");

    // One that a person put there since is theirs.
    let mut theirs = World::fresh(&own);
    theirs.github = world.github.clone();
    theirs.issue("scope").item.as_mut().unwrap().created_at = later;
    assert_eq!(of_places(&own, &theirs), [format!("{} ->", aside[0])]);

    world.apply(&own, usize::MAX);
    assert!(world.issue("scope").item.as_ref().unwrap().archived);
    let sent = world.sent;
    world.apply(&own, usize::MAX);
    assert_eq!(world.sent, sent);

    // Back again, wherever the run is cut off.
    for steps in 0..8 {
        let mut back = World::fresh(&whole);
        back.github = world.github.clone();
        back.apply(&whole, steps);
        back.apply(&whole, usize::MAX);
        let scope = back.issue("scope").clone();
        assert!(!scope.item.unwrap().archived, "after {steps}");
        assert!(
            MarkedBody::read(&scope.body).unwrap().marker.came_from.keys().all(|slug| *slug != whole.slug)
        );
        super::settles(&whole, &mut back);
    }
}

#[test]
fn issues_that_went_to_another_board_under_another_key_are_left_to_it() {
    let (mut plan, world) = in_sync();
    plan.issues.retain(|issue| issue.key.as_str() != "voice/discover/scope");
    plan.links.retain(|link| !serde_json::to_string(link).unwrap().contains("scope"));
    let closed = "update:issue:voice/discover/scope state: \"open\" ->".to_owned();
    assert!(issues(&plan, &world).contains(&closed));
    plan.moved_away = vec![IssueKey::new("voice/discover/scope")];
    assert!(!issues(&plan, &world).contains(&closed));
    let (_, mut activity) = split(&super::plan());
    for issue in &mut activity.issues {
        if issue.key.as_str() == "voice/discover/scope" {
            issue.renamed_from = vec![IssueKey::new("voice/source/scope")];
        }
    }
    let mut elsewhere = world;
    elsewhere.github.board = None;
    elsewhere.github.boards.clear();
    remark(&mut elsewhere, |marker| {
        if marker.key.as_str() == "voice/discover/scope" {
            marker.key = IssueKey::new("voice/source/scope");
            marker.slug = ProjectSlug::parse("voice-source").unwrap();
        }
    });
    assert!(
        issues(&activity, &elsewhere)
            .contains(&"update:issue:voice/discover/scope slug: \"voice-source\" ->".to_owned())
    );
}

#[test]
fn issues_of_other_boards_and_projects_are_nobody_elses() {
    let (whole, mut world) = in_sync();
    let (own, _) = split(&whole);
    let before = issues(&own, &world);
    for (slug, project) in [("voice-discover", "voice"), ("voice-source", "voice-source"), ("other", "other")]
    {
        remark(&mut world, |marker| {
            if marker.key.as_str().ends_with("/scope") {
                marker.slug = ProjectSlug::parse(slug).unwrap();
                marker.key = IssueKey::new(format!("{project}/discover/scope"));
            }
        });
        assert_eq!(issues(&own, &world), before, "{slug}");
    }
}

#[test]
fn an_activity_refines_what_becomes_of_its_issues() {
    let (mut plan, mut world) = in_sync();
    let refinement = Refinement { on_remove: Some(OnRemove::Keep), body: Some(BodyPolicy::CreateOnly) };
    plan.project.refinements = [(IssueKey::new("voice/discover"), refinement)].into();
    for issue in &mut plan.issues {
        issue.body = Setting::Set("Another text.".to_owned());
    }
    let bodies = |plan: &Plan, world: &World| issues(plan, world).len();
    assert_eq!(bodies(&plan, &world), 2, "those of the initiative and of the other activity");
    world.apply(&plan, usize::MAX);
    plan.issues.retain(|issue| issue.key.as_str() != "voice/discover/scope");
    plan.links.retain(|link| !serde_json::to_string(link).unwrap().contains("scope"));
    let closed = "update:issue:voice/discover/scope state: \"open\" ->".to_owned();
    assert!(!issues(&plan, &world).contains(&closed));
    plan.project.refinements.clear();
    assert!(issues(&plan, &world).contains(&closed));
}

#[test]
fn the_place_of_an_adopted_issue_is_left_where_it_is() {
    let (whole, mut world) = in_sync();
    remark(&mut world, |marker| marker.origin = Origin::Adopted);
    let (own, activity) = split(&whole);
    let later = Timestamp::UNIX_EPOCH.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    let there = taken_over(&world, &activity, later);
    for issue in &mut world.github.issues {
        let same = there.github.issues.iter().find(|it| it.id == issue.id).unwrap();
        issue.body.clone_from(&same.body);
        issue.labels.clone_from(&same.labels);
    }
    let changes = issues(&own, &world);
    assert!(changes.iter().all(|change| !change.contains("archived")), "{changes:?}");
}
