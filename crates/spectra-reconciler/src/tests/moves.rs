//! Issues that move between the boards of their project: found by their keys on whichever board they stood.

use serde_json::json;
use spectra_model::id::{IssueKey, ProjectSlug};
use spectra_model::marker::{MarkedBody, Marker};
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
        issue.body = "Another text.".to_owned();
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
