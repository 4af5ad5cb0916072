//! A plan against an earlier one: what is made up of the earlier one is what a GitHub looks like that it was applied to.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use spectra_model::Setting;
use spectra_model::id::{FieldName, IssueKey, LabelName, Login, NodeId, ProjectSlug, RepoSlug, ViewName};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::Observation;
use spectra_model::plan::{ForeignIssue, IssueRef, Link, OnRemove, Plan};

use super::fields::rich;
use super::world::{World, reckless};
use super::{board_laws, kind_laws, kinds, laws, shown};
use crate::{Options, preview, preview_since, reconcile};

fn since(before: &Plan, after: &Plan) -> Vec<String> {
    shown(&preview_since(before, after).changes)
}

/// What the reconciler decides about a GitHub that the earlier plan was really applied to.
fn applied(before: &Plan, after: &Plan) -> Vec<String> {
    let mut world = World::fresh(before);
    let Observation { repositories, people, owner, .. } = Observation::fresh(after);
    let teams = owner.into_iter().flat_map(|owner| owner.teams.into_keys());
    let there = world.github.owner.as_mut().unwrap();
    there.teams.extend(teams.map(|team| (team.clone(), NodeId::new(format!("T_{team}")))));
    for (slug, there) in repositories {
        let Some(it) = world.github.repositories.get_mut(&slug) else { continue };
        for (login, _) in there.assignable {
            it.assignable.entry(login.clone()).or_insert(NodeId::new(format!("U_{login}")));
        }
        for (name, _) in there.issue_types {
            it.issue_types.entry(name.clone()).or_insert(NodeId::new(format!("IT_{name}")));
        }
    }
    for (login, _) in people {
        world.github.people.entry(login.clone()).or_insert(NodeId::new(format!("U_{login}")));
    }
    world.apply_with(before, usize::MAX, &reckless());
    // A plan knows no addresses.
    for issue in &mut world.github.issues {
        issue.url = MarkedBody::read(&issue.body).unwrap().marker.key.to_string();
    }
    // Nor does it know what GitHub says of the options that it gave to Status.
    for option in &mut world.named("Status").options {
        option.description.clear();
    }
    // Nor in which order GitHub gives back a view's fields.
    let ids: BTreeMap<FieldName, NodeId> =
        world.board().fields.iter().map(|field| (field.name.clone(), field.id.clone())).collect();
    for view in &before.views {
        let wanted: Vec<&NodeId> = view.fields.iter().flatten().filter_map(|name| ids.get(name)).collect();
        let found = world.board().views.iter_mut().find(|it| it.name == view.name).unwrap();
        found.fields.sort_by_key(|id| wanted.iter().position(|it| *it == id));
    }
    shown(&reconcile(after, &world.github, &Options::preview()).change_set.changes)
}

fn check(before: &Plan, after: &Plan) {
    assert_eq!(since(before, before), Vec::<String>::new());
    assert_eq!(since(before, after), applied(before, after));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_of_issues_are_seen_as_on_github(before in laws::edit(), after in laws::edit()) {
        check(&laws::edited(&before), &laws::edited(&after));
    }

    #[test]
    fn edits_of_every_kind_are_seen_as_on_github(before in kind_laws::edit(), after in kind_laws::edit()) {
        check(&kind_laws::edited(&before), &kind_laws::edited(&after));
    }

    #[test]
    fn edits_of_the_board_are_seen_as_on_github(
        before in proptest::collection::vec(board_laws::edit(), 0..3),
        after in proptest::collection::vec(board_laws::edit(), 0..5),
    ) {
        let before = board_laws::edited(&rich(), &before);
        check(&before, &board_laws::edited(&before, &after));
    }
}

fn after(edit: impl FnOnce(&mut Plan)) -> Vec<String> {
    let before = kinds::plan();
    let mut after = before.clone();
    edit(&mut after);
    since(&before, &after)
}

#[test]
fn a_renamed_project_keeps_its_issues() {
    let changes = after(|plan| {
        plan.renamed_from = vec![plan.slug.clone()];
        plan.slug = ProjectSlug::parse("speech").unwrap();
        let renamed = |key: &IssueKey| IssueKey::new(key.as_str().replacen("voice", "speech", 1));
        for issue in &mut plan.issues {
            issue.renamed_from = vec![issue.key.clone()];
            issue.key = renamed(&issue.key);
        }
        for draft in &mut plan.drafts {
            draft.renamed_from = vec![draft.key.clone()];
            draft.key = renamed(&draft.key);
        }
        for link in &mut plan.links {
            match link {
                Link::SubIssue { parent: IssueRef::Own(parent), child } => {
                    (*parent, *child) = (renamed(parent), renamed(child));
                }
                Link::BlockedBy { issue, by: IssueRef::Own(by) } => {
                    (*issue, *by) = (renamed(issue), renamed(by));
                }
                Link::SubIssue { .. }
                | Link::BlockedBy { .. }
                | Link::Repository { .. }
                | Link::Team { .. } => {}
            }
        }
    });
    assert_eq!(changes.len(), 1 + 7 + 1, "{changes:#?}");
    assert_eq!(changes[0], r#"update:project:speech slug: "voice" -> "speech""#);
    assert!(changes.iter().all(|change| change.starts_with("update:")), "{changes:#?}");
}

#[test]
fn what_left_the_plan_is_dealt_with_as_it_says_and_named_by_its_key() {
    let before = kinds::plan();
    let gone = IssueKey::new("voice/discover/two");
    for (on_remove, id) in [
        (OnRemove::Close, Some("update:issue:voice/discover/two")),
        (OnRemove::Archive, Some("update:issue:voice/discover/two")),
        (OnRemove::Delete, Some("delete:issue:voice/discover/two")),
        (OnRemove::Keep, None),
    ] {
        let mut after = before.clone();
        after.project.on_remove = on_remove;
        after.issues.retain(|issue| issue.key != gone);
        after.links.retain(|link| link.sub_issue().is_none_or(|(_, child)| *child != gone));
        let changes = preview_since(&before, &after).changes;
        assert_eq!(changes.iter().map(|change| change.id.as_str()).collect::<Vec<_>>(), id.as_slice());
        for change in changes {
            assert_eq!(change.destructive, on_remove == OnRemove::Delete);
            assert!(crate::is_removal(&change));
            let reason = change.reason.unwrap();
            assert!(reason.starts_with("no longer in the plan"), "{reason}");
            assert!(!change.destructive || reason.contains("voice/discover/two is lost"), "{reason}");
        }
    }
}

#[test]
fn a_board_of_another_owner_is_made_anew_and_gets_the_issues() {
    let changes = after(|plan| plan.project.owner.slug = Login::new("elsewhere"));
    assert!(changes[0].starts_with("create:project:voice"), "{changes:#?}");
    assert!(!changes.iter().any(|change| change.starts_with("create:issue")), "{changes:#?}");
    assert!(changes.iter().any(|change| change.contains("board: false -> true")), "{changes:#?}");
    let another_number = |number: Option<u64>| {
        let mut before = kinds::plan();
        before.project.number = Some(1);
        let mut after = kinds::plan();
        after.project.number = number;
        since(&before, &after)
    };
    assert_eq!(another_number(None), Vec::<String>::new());
    assert!(another_number(Some(2))[0].starts_with("create:project"));
}

#[test]
fn a_repository_in_another_case_is_the_same() {
    let changes = after(|plan| {
        let repository = RepoSlug::parse("O/R").unwrap();
        plan.issues.iter_mut().for_each(|issue| issue.repository = repository.clone());
        plan.labels.iter_mut().for_each(|label| label.repository = repository.clone());
        plan.milestones.iter_mut().for_each(|milestone| milestone.repository = repository.clone());
    });
    assert_eq!(changes, Vec::<String>::new());
}

#[test]
fn edges_to_other_boards_come_and_go() {
    let foreign = |key: &str| {
        let slug = ProjectSlug::parse("other").unwrap();
        IssueRef::Foreign(ForeignIssue { slug, key: IssueKey::new(key) })
    };
    let waiting = |key: &str| {
        let mut plan = kinds::plan();
        plan.links.push(Link::BlockedBy { issue: IssueKey::new("voice/source"), by: foreign(key) });
        plan
    };
    let (one, two) = (waiting("other/one"), waiting("other/two"));
    assert_eq!(since(&one, &one), Vec::<String>::new());
    let changes = since(&one, &two);
    assert_eq!(changes[0], "delete:blockedBy:voice/source<-other:other/one");
    assert_eq!(changes[2], "create:blockedBy:voice/source<-other:other/two");
}

#[test]
fn what_the_plan_began_to_say_is_compared_with_what_github_makes() {
    let before = kinds::plan();
    let mut bare = before.clone();
    bare.fields.remove(0);
    bare.issues.iter_mut().for_each(|issue| drop(issue.fields.remove(&FieldName::new("Status"))));
    bare.drafts.iter_mut().for_each(|draft| drop(draft.fields.remove(&FieldName::new("Status"))));
    bare.project.description = Setting::Unmanaged;
    let view = json!({"name": "Plan", "layout": "table", "filter": "is:open"});
    let mut after = before.clone();
    after.views = vec![serde_json::from_value(view).unwrap()];
    let changes = since(&bare, &after);
    assert_eq!(changes[0], r#"update:project:voice description: "" -> "Backlog""#);
    let status = changes.iter().find(|change| change.starts_with("update:field:Status")).unwrap();
    assert!(status.contains(r#"option:Backlog: {"color":"green","description""#), "{status}");
    let view = changes.iter().find(|change| change.contains(":view:")).unwrap();
    assert_eq!(view, r#"update:view:Plan name: "View 1" -> "Plan" filter: "" -> "is:open""#);
    let mut gone = after.clone();
    gone.views.clear();
    assert_eq!(since(&after, &gone), ["manual:view:Plan"], "a board has a view");
    assert_eq!(after.views[0].name, ViewName::new("Plan"));
}

#[test]
fn the_forecast_is_that_of_the_changes() {
    let before = kinds::plan();
    let mut after = before.clone();
    let mut label = after.labels[1].clone();
    label.name = LabelName::new("new");
    after.labels.push(label);
    assert_eq!(preview_since(&before, &after).forecast.content_creations, 1);
    assert!(preview(&after).forecast.content_creations > 1);
}
