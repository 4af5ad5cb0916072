//! Views, and GitHub's own first one.

use serde_json::json;
use spectra_model::Setting;
use spectra_model::change::Kind;
use spectra_model::id::{FieldName, NodeId, ViewName};
use spectra_model::plan::{Layout, Plan, View};
use spectra_model::step::{Step, ViewRoute};

use super::fields::{after, in_sync, rich};
use super::world::{World, options, reckless};
use super::{settles, shown};
use crate::{Options, preview, reconcile, views_awaited};

fn views(world: &mut World) -> Vec<String> {
    world.board().views.iter().map(|view| view.name.to_string()).collect()
}

fn view(world: &mut World, name: &str) -> spectra_model::observation::View {
    world.board().views.iter().find(|view| view.name.as_str() == name).unwrap().clone()
}

/// The sample plan with other views.
fn with(views: serde_json::Value) -> Plan {
    let views: Vec<View> = serde_json::from_value(views).unwrap();
    Plan { views, ..rich() }
}

fn decided(plan: &Plan, world: &World, options: &Options) -> (Vec<String>, usize) {
    let decision = reconcile(plan, &world.github, options);
    (shown(&decision.change_set.changes), decision.refusals.len())
}

fn ids_of_views(plan: &Plan) -> Vec<String> {
    let changes = preview(plan).changes;
    let views = changes.iter().filter(|change| change.id.as_str().contains(":view:"));
    views.map(|change| change.id.to_string()).collect()
}

#[test]
fn githubs_first_view_becomes_the_first_one_if_that_is_not_arranged() {
    let plan = with(json!([
        {"name": "All", "layout": "board", "filter": "is:open", "fields": ["Title", "Stage"]},
        {"name": "More", "layout": "table"}]));
    assert_eq!(ids_of_views(&plan), ["update:view:All", "create:view:More"]);
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    assert_eq!(views(&mut world), ["All", "More"]);
    let all = view(&mut world, "All");
    assert_eq!((all.number, all.layout, all.filter.as_str()), (1, Some(Layout::Board), "is:open"));
    settles(&plan, &mut world);
    // It is Spectra's from then on.
    let plan = with(json!([{"name": "More", "layout": "table"}]));
    settles(&plan, &mut world);
    assert_eq!(views(&mut world), ["More"]);
}

#[test]
fn githubs_first_view_goes_when_all_others_are_there() {
    let plan = rich();
    assert_eq!(
        ids_of_views(&plan),
        ["create:view:Plan", "create:view:Board", "create:view:Roadmap", "delete:view:View 1"]
    );
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    assert_eq!(views(&mut world), ["Plan", "Board", "Roadmap"]);
    let sprint = world.named("Sprint").id.clone();
    assert_eq!(view(&mut world, "Plan").group_by, [sprint]);
    settles(&plan, &mut world);
}

#[test]
fn the_preview_holds_the_changes_of_the_board_once_it_is_there() {
    for plan in
        [rich(), with(json!([{"name": "All", "layout": "table"}, {"name": "View 1", "layout": "board"}]))]
    {
        let mut world = World::fresh(&plan);
        world.apply(&plan, 2);
        let changes = reconcile(&plan, &world.github, &options()).change_set.changes;
        let there = changes.iter().filter(|change| change.id.as_str().contains(":view:"));
        assert_eq!(there.map(|change| change.id.to_string()).collect::<Vec<_>>(), ids_of_views(&plan));
        let deletion = changes.iter().find(|change| change.id.as_str() == "delete:view:View 1");
        for change in &changes {
            let is_view = change.id.as_str().starts_with("create:view:");
            assert!(!is_view || deletion.is_none_or(|it| it.requires.contains(&change.id)));
        }
    }
}

#[test]
fn a_first_view_that_someone_used_is_theirs() {
    let plan = rich();
    let mut world = World::fresh(&plan);
    world.apply(&plan, 2);
    world.board().views[0].filter = "is:open".to_owned();
    world.apply(&plan, usize::MAX);
    assert_eq!(views(&mut world), ["View 1", "Plan", "Board", "Roadmap"]);
}

#[test]
fn drift_is_put_back_and_the_order_of_fields_is_no_difference() {
    let (changes, _, mut world, plan) = after(|_, world| {
        let views = &mut world.board().views;
        views[0].fields.reverse();
        views[1].filter = "is:closed".to_owned();
        views[1].layout = Some(Layout::Table);
        views[2].name = ViewName::new("Road map");
    });
    assert_eq!(
        changes,
        [
            r#"update:view:Board layout: "table" -> "board" filter: "is:closed" -> "is:open""#,
            r#"update:view:Roadmap name: "Road map" -> "Roadmap""#,
        ]
    );
    settles(&plan, &mut world);

    let (changes, _, mut world, plan) = after(|plan, _| {
        let fields = ["Title", "Milestone", "Sprint"].map(FieldName::new);
        plan.views[0].fields = Some(fields.to_vec());
    });
    assert_eq!(
        changes,
        [
            r#"update:view:Plan fields: ["Status","Title","Stage","Estimate"] -> ["Title","Milestone","Sprint"]"#
        ]
    );
    settles(&plan, &mut world);
}

#[test]
fn another_order_of_the_plan_is_asked_for_once() {
    let (changes, _, mut world, plan) = after(|plan, _| plan.views[0].fields.as_mut().unwrap().reverse());
    // GitHub shows them in an order of its own, as it did before.
    assert_eq!(
        changes,
        [
            r#"update:view:Plan fields: ["Status","Title","Stage","Estimate"] -> ["Estimate","Stage","Status","Title"]"#
        ]
    );
    settles(&plan, &mut world);
    settles(&plan, &mut world);
    // With a new name too.
    let mut renamed = plan.clone();
    renamed.views[0].renamed_from = vec![plan.views[0].name.clone()];
    renamed.views[0].name = ViewName::new("All of it");
    let set = reconcile(&renamed, &world.github, &options()).change_set;
    assert_eq!(shown(&set.changes), [r#"update:view:All of it name: "Plan" -> "All of it""#]);
    settles(&renamed, &mut world);
}

#[test]
fn a_rename_that_is_declared_or_in_case_only_keeps_the_view() {
    let (changes, _, mut world, plan) = after(|plan, _| {
        plan.views[0].renamed_from = vec![plan.views[0].name.clone()];
        plan.views[0].name = ViewName::new("All of it");
        plan.views[1].name = ViewName::new("BOARD");
    });
    assert_eq!(
        changes,
        [
            r#"update:view:All of it name: "Plan" -> "All of it""#,
            r#"update:view:BOARD name: "Board" -> "BOARD""#
        ]
    );
    let ids: Vec<NodeId> = world.board().views.iter().map(|view| view.id.clone()).collect();
    settles(&plan, &mut world);
    assert_eq!(world.board().views.iter().map(|view| view.id.clone()).collect::<Vec<_>>(), ids);
}

#[test]
fn another_arrangement_replaces_the_view_when_that_is_allowed() {
    let (changes, refusals, mut world, plan) = after(|plan, world| {
        plan.views[0].group_by = Setting::Set(FieldName::new("Stage"));
        world.board().views[0].filter = "mine".to_owned();
    });
    assert_eq!(
        changes,
        [
            r#"update:view:Plan name: "Plan" -> "Plan (replaced by Spectra)""#,
            "create:view:Plan name: null -> \"Plan\" layout: null -> \"table\" fields: null -> \
             [\"Title\",\"Status\",\"Stage\",\"Estimate\"] groupBy: null -> \"Stage\" sortBy: null -> \
             [{\"direction\":\"desc\",\"field\":\"Estimate\"}]",
            r#"delete:view:Plan groupBy: "Sprint" -> "Stage""#,
        ]
    );
    assert_eq!(refusals.len(), 1);
    assert!(refusals[0].contains("delete:view:Plan") && refusals[0].contains("--allow-destructive"));
    for steps in 0..4 {
        let (_, _, mut cut, _) = after(|_, world| world.board().views[0].filter = "mine".to_owned());
        cut.forgetful = steps == 2;
        cut.apply_with(&plan, steps, &reckless());
        cut.forgetful = false;
        cut.apply_with(&plan, usize::MAX, &reckless());
        assert_eq!(views(&mut cut).len(), 3, "{:?}", views(&mut cut));
        settles(&plan, &mut cut);
    }
    world.apply_with(&plan, usize::MAX, &reckless());
    settles(&plan, &mut world);
    assert_eq!(view(&mut world, "Plan").filter, "mine", "what the plan doesn't say is taken over");
}

#[test]
fn a_view_that_a_person_arranged_otherwise_stops_nobody() {
    let (mut plan, mut world) = in_sync();
    let stage = world.board().fields.iter().find(|field| field.name.as_str() == "Stage").unwrap().id.clone();
    world.board().views[0].group_by = vec![stage];
    plan.issues[0].title = "Another".to_owned();
    let (changes, refusals) = decided(&plan, &world, &options());
    let manual = r#"manual:view:Plan groupBy: "Stage" -> "Sprint""#.to_owned();
    assert!(changes.len() > 1 && changes.contains(&manual), "{changes:?}");
    assert_eq!(refusals, 0);
    // What is said of it is the same run after run, whatever else the plan brings.
    world.apply(&plan, usize::MAX);
    assert_eq!(decided(&plan, &world, &options()), (vec![manual], 0));
    // Where losses are allowed it is made anew; a plan that wants another arrangement must be allowed to.
    let (changes, _) = decided(&plan, &world, &reckless());
    assert!(changes.iter().any(|change| change.starts_with("create:view:Plan")), "{changes:?}");
    plan.views[0].group_by = Setting::Clear;
    assert_eq!(decided(&plan, &world, &options()).1, 1);
}

#[test]
fn a_persons_view_is_arranged_by_that_person() {
    let (changes, refusals, _, _) = after(|plan, world| {
        plan.views[0].group_by = Setting::Set(FieldName::new("Stage"));
        world.board().parts.record.as_mut().unwrap().made.views.remove(&ViewName::new("Plan"));
    });
    assert_eq!(changes, [r#"manual:view:Plan groupBy: "Sprint" -> "Stage""#]);
    assert_eq!(refusals, Vec::<String>::new());
}

#[test]
fn where_rest_cannot_be_had_a_person_arranges_the_view() {
    let plan = rich();
    let mut world = World::fresh(&plan);
    world.github.features.rest_views = false;
    let left = world.apply(&plan, usize::MAX).change_set.changes;
    assert_eq!(views(&mut world), ["Plan", "Board", "Roadmap"]);
    let shown = shown(&left);
    assert_eq!(
        shown,
        [
            "manual:view:Plan groupBy: null -> \"Sprint\" sortBy: null -> \
             [{\"direction\":\"desc\",\"field\":\"Estimate\"}]",
            r#"manual:view:Board columnBy: null -> "Status""#,
        ]
    );
    let (_, mut world) = (plan.clone(), World::fresh(&plan));
    world.github.features.rest_views = false;
    let steps = reconcile(&plan, &world.github, &options()).change_set.changes;
    let over_graphql = |step: &&Step| matches!(step, Step::CreateView { route: ViewRoute::GraphQl, .. });
    assert_eq!(steps.iter().flat_map(|change| &change.steps).filter(over_graphql).count(), 3);
}

#[test]
fn a_view_that_could_not_be_arranged_is_a_persons_also_where_rest_seems_to_be_had() {
    let mut plan = rich();
    let mut world = World::fresh(&plan);
    // Its route was missing when the view was made, which no schema says beforehand.
    world.github.features.rest_views = false;
    world.apply(&plan, usize::MAX);
    world.github.features.rest_views = true;
    let ids = |world: &mut World| world.board().views.iter().map(|view| view.id.clone()).collect::<Vec<_>>();
    let before = ids(&mut world);
    for _ in 0..2 {
        let decision = reconcile(&plan, &world.github, &options());
        assert_eq!(decision.refusals, []);
        let left = decision.change_set.changes;
        assert_eq!(
            left.iter().map(|change| change.id.as_str()).collect::<Vec<_>>(),
            ["manual:view:Plan", "manual:view:Board"]
        );
        assert!(left[0].reason.as_deref().unwrap().contains("delete the view and apply again"));
        settles(&plan, &mut world);
    }
    assert_eq!(ids(&mut world), before);
    // Renamed, it still is.
    plan.views[0].renamed_from = vec![plan.views[0].name.clone()];
    plan.views[0].name = ViewName::new("All of it");
    settles(&plan, &mut world);
    assert_eq!(ids(&mut world), before);
    let record = world.board().parts.record.clone().unwrap();
    let unarranged: Vec<&str> = record.made.unarranged.iter().map(ViewName::as_str).collect();
    assert_eq!(unarranged, ["All of it", "Board"]);
    // Where a person deleted it, it is made anew, by the way that there is now.
    world.board().views.remove(0);
    world.apply(&plan, usize::MAX);
    let sprint = world.named("Sprint").id.clone();
    assert_eq!(view(&mut world, "All of it").group_by, [sprint]);
    settles(&plan, &mut world);
}

#[test]
fn what_the_plan_dropped_goes_if_spectra_made_it_and_the_last_view_stays() {
    let (changes, refusals, mut world, plan) = after(|plan, world| {
        plan.views.truncate(1);
        let mut theirs = world.board().views[0].clone();
        theirs.id = NodeId::new("theirs");
        theirs.name = ViewName::new("Theirs");
        world.board().views.push(theirs);
    });
    assert_eq!(changes, ["delete:view:Board", "delete:view:Roadmap"]);
    assert_eq!(refusals, Vec::<String>::new());
    settles(&plan, &mut world);
    assert_eq!(views(&mut world), ["Plan", "Theirs"]);

    let (changes, _, mut world, plan) = after(|plan, _| plan.views.clear());
    assert_eq!(changes, ["delete:view:Plan", "delete:view:Board", "manual:view:Roadmap"]);
    settles(&plan, &mut world);
}

#[test]
fn of_two_views_of_one_name_the_recorded_one_is_meant_and_the_other_is_left() {
    let twin = |world: &mut World, number| {
        let mut twin = world.board().views[0].clone();
        twin.id = NodeId::new("twin");
        twin.number = number;
        twin.filter = "theirs".to_owned();
        world.board().views.insert(0, twin);
    };
    let (changes, _, _, _) = after(|_, world| twin(world, 1));
    assert_eq!(changes, Vec::<String>::new());
    let (changes, _, _, _) = after(|plan, world| {
        plan.views[0].filter = Setting::Set("is:open".to_owned());
        twin(world, 1);
        world.board().parts.record.as_mut().unwrap().made.views.clear();
    });
    assert_eq!(
        changes,
        [r#"update:view:Plan filter: "theirs" -> "is:open""#],
        "else that of the lowest number"
    );
}

#[test]
fn a_view_that_is_not_seen_yet_is_named() {
    let (plan, mut world) = in_sync();
    assert_eq!(views_awaited(&plan, &world.github), []);
    let late = world.board().views.remove(1);
    assert_eq!(views_awaited(&plan, &world.github), [], "a person deleted it: no run is unfinished");
    let record = world.board().parts.record.as_mut().unwrap();
    record.made.views.remove(&late.name).unwrap();
    record.making.views.insert(late.name.clone());
    assert_eq!(views_awaited(&plan, &world.github), std::slice::from_ref(&late.name));
    let without = Plan { views: Vec::new(), ..plan.clone() };
    assert_eq!(views_awaited(&without, &world.github), []);
    world.board().views.push(late);
    assert_eq!(views_awaited(&plan, &world.github), []);
}

#[test]
fn a_view_that_is_arranged_by_a_field_that_is_not_there_is_blocked() {
    let (changes, _, _, _) = after(|plan, _| {
        plan.views[0].group_by = Setting::Set(FieldName::new("Nowhere"));
    });
    assert_eq!(changes, ["blocked:view:Plan"]);
}

#[test]
fn githubs_first_view_is_no_removal_of_the_plans() {
    let plan = rich();
    let world = World::fresh(&plan);
    let strict = Options { max_deletes: Some(0), ..options() };
    assert_eq!(reconcile(&plan, &world.github, &strict).refusals, []);
}

#[test]
fn fields_that_a_new_board_lacks_are_left_to_a_person_from_the_beginning() {
    let plan = with(json!([
        {"name": "Plan", "layout": "table", "fields": ["Title", "Type", "Tracked by"]},
        {"name": "By type", "layout": "table", "groupBy": "Type"}]));
    let mut world = World::fresh(&plan);
    world.github.features.rest_views = true;
    let of_views = |world: &World| -> Vec<String> {
        let changes = reconcile(&plan, &world.github, &options()).change_set.changes.into_iter();
        changes.filter(|change| change.kind == Kind::View).map(|change| change.id.to_string()).collect()
    };
    let before = of_views(&world);
    assert!(before.contains(&"manual:view:Plan".to_owned()), "{before:?}");
    assert!(before.contains(&"blocked:view:By type".to_owned()), "{before:?}");
    world.apply(&plan, usize::MAX);
    assert_eq!(view(&mut world, "Plan").fields, [world.named("Title").id.clone()]);
    assert_eq!(of_views(&world), ["manual:view:Plan", "blocked:view:By type"]);
}

#[test]
fn a_view_shows_what_the_board_has_and_the_rest_is_left_to_a_person() {
    let plan = with(json!([
        {"name": "Plan", "layout": "table", "fields": ["Title", "Estimate", "Sub-issues progress"],
         "groupBy": "Stage"},
        {"name": "Bare", "layout": "table", "fields": ["Sub-issues progress"]},
        {"name": "By parent", "layout": "table", "groupBy": "Parent issue"}]));
    let mut world = World::fresh(&plan);
    world.github.features.rest_views = true;
    world.apply(&plan, usize::MAX);
    world
        .board()
        .fields
        .retain(|field| !["Sub-issues progress", "Parent issue"].contains(&field.name.as_str()));
    world.board().views.clear();
    world.apply(&plan, usize::MAX);
    assert_eq!(views(&mut world), ["Plan", "Bare"]);
    let shown = ["Title", "Estimate"].map(|name| world.named(name).id.clone());
    let made = view(&mut world, "Plan");
    assert_eq!((made.fields, made.group_by), (shown.to_vec(), vec![world.named("Stage").id.clone()]));
    settles(&plan, &mut world);

    let set = reconcile(&plan, &world.github, &options()).change_set;
    let left: Vec<&str> = set.changes.iter().map(|change| change.id.as_str()).collect();
    assert_eq!(left, ["manual:view:Plan", "manual:view:Bare", "blocked:view:By parent"]);
    let reason = set.changes[0].reason.as_deref().unwrap();
    assert!(reason.starts_with("this board doesn't have `Sub-issues progress`"), "{reason}");

    world.github.features.rest_views = false;
    world.board().views[0].group_by.clear();
    let set = reconcile(&plan, &world.github, &options()).change_set;
    let of_plan: Vec<_> = set.changes.iter().filter(|change| change.key == "Plan").collect();
    assert_eq!(of_plan.len(), 1, "{of_plan:?}");
    assert_eq!(of_plan[0].members.len(), 2);
}

#[test]
fn a_board_without_declared_columns_is_as_planned_whatever_its_columns() {
    let plan = with(json!([{"name": "B", "layout": "board", "columnBy": null, "groupBy": "Stage"}]));
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    let [status, sprint] = ["Status", "Sprint"].map(|name| world.named(name).id.clone());
    // GitHub's boards have columns always.
    world.board().views[0].column_by = vec![status];
    world.board().parts.record.as_mut().unwrap().made.arranged.clear();
    let mut edited = plan.clone();
    edited.issues[0].title = "Another".to_owned();
    world.apply(&edited, usize::MAX);
    world.board().views[0].group_by = vec![sprint];
    let manual = r#"manual:view:B groupBy: "Sprint" -> "Stage""#.to_owned();
    assert_eq!(decided(&edited, &world, &options()), (vec![manual], 0));
}

#[test]
fn a_field_that_is_renamed_is_no_other_arrangement() {
    let (mut plan, mut world) = in_sync();
    let stage = world.named("Stage").id.clone();
    world.board().views[0].group_by = vec![stage];
    let (old, new) = (FieldName::new("Sprint"), FieldName::new("Cycle"));
    let field = plan.fields.iter_mut().find(|field| field.name == old).unwrap();
    field.name = new.clone();
    field.renamed_from = vec![old.clone()];
    let of_issues = plan.issues.iter_mut().map(|issue| &mut issue.fields);
    for values in of_issues.chain(plan.drafts.iter_mut().map(|draft| &mut draft.fields)) {
        if let Some(value) = values.remove(&old) {
            values.insert(new.clone(), value);
        }
    }
    plan.views[0].group_by = Setting::Set(new);
    let (changes, refusals) = decided(&plan, &world, &options());
    assert!(changes.contains(&r#"manual:view:Plan groupBy: "Stage" -> "Cycle""#.to_owned()), "{changes:?}");
    assert_eq!(refusals, 0);
}
