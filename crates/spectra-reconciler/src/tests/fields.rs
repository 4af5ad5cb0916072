//! Fields, options, iterations and values.

use serde_json::json;
use spectra_model::change::Action;
use spectra_model::id::{FieldName, IssueKey, IterationId, IterationTitle, OptionId, OptionName};
use spectra_model::observation::{Iteration, SelectOption, Value};
use spectra_model::plan::{Colour, Field, FieldInput, FieldType, IssueState, Plan};
use spectra_model::step::Step;

use super::world::{World, options, reckless};
use super::{settles, shown};
use crate::{Options, Refusal, reconcile};

/// The sample plan with a field of each type, a view of each layout, and a draft.
pub(super) fn rich() -> Plan {
    let mut plan = super::plan();
    let field = |field: serde_json::Value| serde_json::from_value::<Field>(field).unwrap();
    plan.fields.push(field(json!({
        "name": "Areas", "type": "multiSelect", "manage": "always", "options": [
            {"name": "Speech", "color": "blue"}, {"name": "Text", "color": "red"}, {"name": "Sound", "color": "pink"}],
    })));
    plan.fields.push(field(json!({
        "name": "Sprint", "type": "iteration", "manage": "always", "iterations": [
            {"title": "Sprint 1", "start": "2026-01-05", "duration": 14},
            {"title": "Sprint 2", "start": "2026-01-19", "duration": 14},
            {"title": "Sprint 3", "start": "2026-02-02", "duration": 14}],
    })));
    let scope = &mut plan.issues[2].fields;
    scope.insert(
        FieldName::new("Areas"),
        Some(FieldInput::List(vec!["Sound".to_owned(), "Speech".to_owned()])),
    );
    scope.insert(FieldName::new("Sprint"), Some(FieldInput::Text("Sprint 2".to_owned())));
    plan.views = serde_json::from_value(json!([
        {"name": "Plan", "layout": "table", "fields": ["Title", "Status", "Stage", "Estimate"], "groupBy": "Sprint",
         "sortBy": [{"field": "Estimate", "direction": "desc"}]},
        {"name": "Board", "layout": "board", "columnBy": "Status", "filter": "is:open"},
        {"name": "Roadmap", "layout": "roadmap"},
    ]))
    .unwrap();
    plan.drafts = serde_json::from_value(json!([{
        "key": "voice/discover/idea", "level": "task", "title": "idea", "fields": {"Sprint": "Sprint 3", "Areas": ["Text"]},
    }]))
    .unwrap();
    Plan::parse(plan.to_document().unwrap().as_bytes()).unwrap()
}

pub(super) fn in_sync() -> (Plan, World) {
    let plan = rich();
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    (plan, world)
}

/// What the reconciler decides about a GitHub that was in sync before the edit, in lines, with the refusals.
pub(super) fn after(edit: impl FnOnce(&mut Plan, &mut World)) -> (Vec<String>, Vec<String>, World, Plan) {
    let (mut plan, mut world) = in_sync();
    edit(&mut plan, &mut world);
    let decision = reconcile(&plan, &world.github, &Options { since: None, ..options() });
    let refusals = decision.refusals.iter().map(ToString::to_string).collect();
    (shown(&decision.change_set.changes), refusals, world, plan)
}

fn field<'p>(plan: &'p mut Plan, name: &str) -> &'p mut Field {
    let name = FieldName::new(name);
    plan.fields.iter_mut().find(|field| field.name == name).unwrap()
}

/// Takes the values in a field out of the plan.
fn forget(plan: &mut Plan, name: &str) {
    for issue in &mut plan.issues {
        issue.fields.retain(|field, _| field.as_str() != name);
    }
    for draft in &mut plan.drafts {
        draft.fields.retain(|field, _| field.as_str() != name);
    }
}

fn allowed(plan: &Plan, world: &mut World) {
    world.apply_with(plan, usize::MAX, &reckless());
    settles(plan, world);
}

#[test]
fn fields_of_all_types_and_their_values_are_in_sync_after_one_apply() {
    let (plan, mut world) = in_sync();
    settles(&plan, &mut world);
    let (areas, sprint) = (world.named("Areas").clone(), world.named("Sprint").clone());
    let values = &world.issue("scope").item.as_ref().unwrap().values;
    let ids = [0, 2].map(|index: usize| areas.options[index].id.clone());
    assert_eq!(values[&areas.id], Value::MultiSelect(ids.to_vec()));
    assert_eq!(values[&sprint.id], Value::Iteration(sprint.iterations[1].id.clone()));
    let draft = &world.draft("idea").item.values;
    assert_eq!(draft[&sprint.id], Value::Iteration(sprint.iterations[2].id.clone()));
}

#[test]
fn the_order_of_a_multi_select_value_is_no_difference_and_one_more_is() {
    let (changes, _, _, _) = after(|_, world| {
        let areas = world.named("Areas").clone();
        let values = &mut world.issue("scope").item.as_mut().unwrap().values;
        let Some(Value::MultiSelect(ids)) = values.get_mut(&areas.id) else { panic!() };
        ids.reverse();
    });
    assert_eq!(changes, Vec::<String>::new());
    let (changes, _, mut world, plan) = after(|_, world| {
        let areas = world.named("Areas").clone();
        let values = &mut world.issue("scope").item.as_mut().unwrap().values;
        let all = areas.options.iter().map(|option| option.id.clone()).collect();
        values.insert(areas.id, Value::MultiSelect(all));
    });
    assert_eq!(
        changes,
        [r#"update:issue:voice/discover/scope value:Areas: ["Speech","Text","Sound"] -> ["Sound","Speech"]"#]
    );
    settles(&plan, &mut world);
}

#[test]
fn what_closing_a_new_issue_puts_into_status_is_put_right_and_what_people_choose_is_not() {
    let (mut plan, mut world) = in_sync();
    let choose = |world: &mut World, name: &str| {
        let status = world.named("Status").clone();
        let option = status.options.iter().find(|option| option.name.as_str() == name).unwrap();
        let values = &mut world.issue("scope").item.as_mut().unwrap().values;
        values.insert(status.id, Value::SingleSelect(option.id.clone()));
    };
    let since = |since: Option<jiff::Timestamp>, plan: &Plan, world: &World| {
        shown(&reconcile(plan, &world.github, &Options { since, ..options() }).change_set.changes)
    };
    let young = |plan: &Plan, world: &World| since(options().since, plan, world);
    plan.issues[2].state = Some(IssueState::Closed);
    settles(&plan, &mut world);

    choose(&mut world, "Done");
    let put_right = r#"update:issue:voice/discover/scope value:Status: "Done" -> "In progress""#;
    assert_eq!(young(&plan, &world), [put_right]);
    // Of an item that was there before the run it is a person's choice.
    assert_eq!(since(None, &plan, &world), Vec::<String>::new());
    // So it is where the workflow has no cause: the plan doesn't close the issue.
    plan.issues[2].state = None;
    assert_eq!(young(&plan, &world), Vec::<String>::new());

    plan.issues[2].state = Some(IssueState::Closed);
    settles(&plan, &mut world);
    assert_eq!(young(&plan, &world), Vec::<String>::new());
}

#[test]
fn the_workflows_option_is_known_by_the_name_that_it_had() {
    let (mut plan, mut world) = in_sync();
    let done = &mut plan.fields[0].options[2];
    done.name = OptionName::new("Accepted");
    done.renamed_from = vec![OptionName::new("Done")];
    plan.fields[0].options.swap(1, 2);
    plan.issues[2].state = Some(IssueState::Closed);
    settles(&plan, &mut world);
    let status = world.named("Status").clone();
    let accepted = status.options.iter().find(|option| option.name.as_str() == "Accepted").unwrap();
    let values = &mut world.issue("scope").item.as_mut().unwrap().values;
    values.insert(status.id, Value::SingleSelect(accepted.id.clone()));
    let changes = reconcile(&plan, &world.github, &options()).change_set.changes;
    let put_right = r#"update:issue:voice/discover/scope value:Status: "Accepted" -> "In progress""#;
    assert_eq!(shown(&changes), [put_right]);
}

#[test]
fn no_option_at_all_empties_a_multi_select_value() {
    let (changes, _, mut world, plan) = after(|plan, _| {
        let values = &mut plan.issues[2].fields;
        values.insert(FieldName::new("Areas"), Some(FieldInput::List(Vec::new())));
    });
    assert_eq!(changes, [r#"update:issue:voice/discover/scope value:Areas: ["Speech","Sound"] -> null"#]);
    settles(&plan, &mut world);
}

#[test]
fn iterations_keep_their_ids_through_renames_and_moves_and_peoples_own_and_completed_ones_stay() {
    let theirs = Iteration {
        id: IterationId::new("theirs"),
        title: IterationTitle::new("Off-site"),
        start: "2026-01-12".parse().unwrap(),
        duration: 3,
        completed: false,
    };
    let (changes, refusals, mut world, plan) = after(|plan, world| {
        let sprint = world.named("Sprint");
        sprint.iterations.insert(1, theirs.clone());
        sprint.iterations[0].completed = true;
        let iterations = &mut field(plan, "Sprint").iterations;
        iterations.remove(0);
        iterations[0].title = IterationTitle::new("Second");
        iterations[0].renamed_from = vec![IterationTitle::new("Sprint 2")];
        iterations[1].start = "2026-02-09".parse().unwrap();
        let value = Some(FieldInput::Text("Second".to_owned()));
        plan.issues[2].fields.insert(FieldName::new("Sprint"), value);
    });
    assert_eq!(
        changes,
        [
            "update:field:Sprint iteration:Second: {\"duration\":14,\"start\":\"2026-01-19\",\"title\":\"Sprint 2\"} -> \
          {\"duration\":14,\"start\":\"2026-01-19\",\"title\":\"Second\"} iteration:Sprint 3: \
          {\"duration\":14,\"start\":\"2026-02-02\",\"title\":\"Sprint 3\"} -> \
          {\"duration\":14,\"start\":\"2026-02-09\",\"title\":\"Sprint 3\"}"
        ]
    );
    assert_eq!(refusals, Vec::<String>::new());
    let before = world.named("Sprint").iterations.clone();
    let values = world.issue("scope").item.clone().unwrap().values;
    settles(&plan, &mut world);
    let after = world.named("Sprint").iterations.clone();
    let ids = |all: &[Iteration]| all.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after));
    assert_eq!(
        (&after[0], &after[1]),
        (&before[0], &theirs),
        "a completed one and people's own are as they were"
    );
    assert_eq!(world.issue("scope").item.clone().unwrap().values, values, "no value was lost");
}

/// Sprint 1 gets another title that says nothing of the old one, on days that an iteration of these properties has.
fn in_the_way(completed: bool, theirs: bool) -> (Vec<String>, Vec<String>, World, Plan) {
    after(|plan, world| {
        field(plan, "Sprint").iterations[0].title = IterationTitle::new("First");
        if theirs {
            field(plan, "Sprint").iterations[0].renamed_from = vec![IterationTitle::new("Sprint 1")];
            let iterations = &mut world.named("Sprint").iterations;
            let id = IterationId::new("theirs");
            iterations.push(Iteration {
                id,
                title: IterationTitle::new("Off-site"),
                ..iterations[0].clone()
            });
        }
        world.named("Sprint").iterations[0].completed = completed;
    })
}

#[test]
fn what_has_days_in_common_with_the_plans_iterations_goes_if_it_is_spectras_and_is_peoples_to_move() {
    let (changes, refusals, mut world, plan) = in_the_way(true, false);
    assert_eq!((changes.len(), refusals.len()), (1, 0), "{changes:?}");
    settles(&plan, &mut world);
    let titles: Vec<&str> = world.named("Sprint").iterations.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["First", "Sprint 2", "Sprint 3"]);
    let (changes, refusals, _, _) = in_the_way(false, true);
    assert_eq!((changes.len(), refusals.len()), (1, 0), "{changes:?}");
    assert!(changes[0].starts_with("blocked:field:Sprint"), "{changes:?}");
}

#[test]
fn an_iteration_that_items_hold_goes_only_when_that_is_allowed() {
    let (_, refusals, mut world, plan) = after(|plan, _| {
        field(plan, "Sprint").iterations.pop();
        forget(plan, "Sprint");
    });
    assert_eq!(
        refusals,
        [
            "update:field:Sprint: without `Sprint 3` the field loses 1 value on 1 item; pass --allow-destructive to go \
          through with it"
        ]
    );
    allowed(&plan, &mut world);
    assert_eq!(world.named("Sprint").iterations.len(), 2);

    let (_, refusals, mut world, plan) = after(|plan, _| {
        field(plan, "Sprint").iterations.remove(0);
    });
    assert_eq!(refusals, Vec::<String>::new(), "nobody holds it");
    settles(&plan, &mut world);
}

#[test]
fn an_option_that_items_hold_goes_only_when_that_is_allowed() {
    let (changes, refusals, mut world, plan) = after(|plan, _| {
        field(plan, "Stage").options.remove(0);
        field(plan, "Areas").options.remove(2);
        forget(plan, "Stage");
        forget(plan, "Areas");
    });
    assert_eq!(changes.len(), 2);
    assert_eq!(
        refusals,
        [
            "update:field:Stage: without `Discover` the field loses 2 values on 2 items; pass --allow-destructive to \
             go through with it",
            "update:field:Areas: without `Sound` the field loses 1 value on 1 item; pass --allow-destructive to go \
             through with it",
        ]
    );
    allowed(&plan, &mut world);
    assert_eq!(world.named("Stage").options.len(), 1);
    let areas = world.named("Areas").clone();
    let values = &world.issue("scope").item.as_ref().unwrap().values;
    assert_eq!(values[&areas.id], Value::MultiSelect(vec![areas.options[0].id.clone()]));
}

#[test]
fn items_that_cannot_be_seen_may_hold_values() {
    let (_, refusals, _, _) = after(|plan, world| {
        world.board().other_items = 2;
        field(plan, "Sprint").iterations.remove(0);
    });
    assert_eq!(
        refusals,
        [
            "update:field:Sprint: without `Sprint 1` the field loses 0 values on 0 items, and perhaps more on 2 items \
          whose values this token can't see; pass --allow-destructive to go through with it"
        ]
    );
}

#[test]
fn options_and_iterations_without_ids_are_left_where_items_hold_them() {
    let edit = |plan: &mut Plan, world: &mut World| {
        world.github.features.option_ids = false;
        world.github.features.iteration_ids = false;
        field(plan, "Stage").options[0].color = Colour::Red;
        field(plan, "Sprint").iterations[0].duration = 7;
    };
    let (changes, refusals, world, plan) = after(edit);
    let ids: Vec<&str> = changes.iter().filter_map(|change| change.split(' ').next()).collect();
    assert_eq!(ids, ["blocked:field:Stage", "blocked:field:Sprint"]);
    assert_eq!(refusals, Vec::<String>::new());
    let set = reconcile(&plan, &world.github, &options()).change_set;
    assert!(set.sends_nothing());

    // Where nobody holds a value, nothing is lost.
    let (changes, _, mut world, plan) = after(|plan, world| {
        edit(plan, world);
        forget(plan, "Stage");
        forget(plan, "Sprint");
        let (stage, sprint) = (world.named("Stage").id.clone(), world.named("Sprint").id.clone());
        let items = world.github.issues.iter_mut().filter_map(|issue| issue.item.as_mut());
        items.for_each(|item| item.values.retain(|field, _| *field != stage && *field != sprint));
        world.draft("idea").item.values.remove(&sprint);
    });
    assert_eq!(changes.len(), 2);
    settles(&plan, &mut world);
}

#[test]
fn a_name_that_people_gave_to_another_option_is_left_to_them() {
    let (changes, refusals, mut world, plan) = after(|_, world| {
        let stage = world.named("Stage");
        let name = std::mem::replace(&mut stage.options[0].name, OptionName::new("Theirs"));
        stage.options.push(SelectOption { id: OptionId::new("people"), name, ..stage.options[0].clone() });
    });
    assert_eq!((changes.len(), refusals.len()), (1, 0), "{changes:?}");
    assert!(changes[0].starts_with("blocked:field:Stage"), "{changes:?}");
    // Once they decided, the plan's is called so again.
    world.named("Stage").options.pop();
    settles(&plan, &mut world);
    assert_eq!(world.named("Stage").options[0].name.as_str(), "Discover");
}

#[test]
fn a_value_whose_option_cannot_be_made_waits_for_it() {
    let (changes, _, _, _) = after(|plan, world| {
        world.github.features.option_ids = false;
        field(plan, "Stage")
            .options
            .push(serde_json::from_value(json!({"name": "Late", "color": "red"})).unwrap());
        let late = Some(FieldInput::Text("Late".to_owned()));
        plan.issues[3].fields.insert(FieldName::new("Stage"), late);
    });
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(changes[0].starts_with("blocked:field:Stage"));
}

#[test]
fn a_field_of_another_type_is_made_anew_if_it_is_spectras() {
    let edit = |plan: &mut Plan| {
        field(plan, "Estimate").r#type = FieldType::Text;
        let value = Some(FieldInput::Text("three".to_owned()));
        plan.issues[2].fields.insert(FieldName::new("Estimate"), value);
    };
    let (changes, refusals, mut world, plan) = after(|plan, _| edit(plan));
    assert_eq!(
        changes[..2],
        [r#"delete:field:Estimate type: "number" -> null"#, r#"create:field:Estimate type: null -> "text""#]
    );
    assert_eq!(refusals.len(), 2, "the field's value, and a view that is sorted by it: {refusals:?}");
    assert!(refusals[0].contains("it holds 1 value on 1 item"), "{refusals:?}");
    allowed(&plan, &mut world);
    assert_eq!(world.named("Estimate").r#type, Some(FieldType::Text));

    let (changes, refusals, _, _) = after(|plan, world| {
        edit(plan);
        let estimate = FieldName::new("Estimate");
        world.board().parts.record.as_mut().unwrap().made.fields.remove(&estimate);
    });
    assert!(changes.contains(&"blocked:field:Estimate".to_owned()), "{changes:?}");
    assert_eq!(refusals, Vec::<String>::new());
}

#[test]
fn a_field_that_the_plan_dropped_goes_if_nothing_is_lost_and_it_is_spectras() {
    let dropped = |plan: &mut Plan, name: &str| {
        forget(plan, name);
        plan.fields.retain(|field| field.name.as_str() != name);
        plan.views.truncate(0);
    };
    let (changes, refusals, mut world, plan) = after(|plan, world| {
        dropped(plan, "Target");
        let target = world.named("Target").id.clone();
        world.issue("scope").item.as_mut().unwrap().values.remove(&target);
        world.board().views.truncate(1);
    });
    assert!(changes.contains(&"delete:field:Target".to_owned()), "{changes:?}");
    assert_eq!(refusals, Vec::<String>::new());
    world.apply(&plan, usize::MAX);
    assert!(!world.board().fields.iter().any(|field| field.name.as_str() == "Target"));

    // An archived item and a draft hold values too.
    let (_, refusals, _, _) = after(|plan, world| {
        dropped(plan, "Sprint");
        world.issue("scope").item.as_mut().unwrap().archived = true;
    });
    assert_eq!(
        refusals,
        [
            "delete:field:Sprint: no longer in the plan; it holds 2 values on 2 items; pass --allow-destructive to go \
          through with it"
        ]
    );

    let (changes, _, _, _) = after(|plan, world| {
        dropped(plan, "Target");
        world.board().parts.record.as_mut().unwrap().made.fields.remove(&FieldName::new("Target"));
    });
    assert!(!changes.iter().any(|change| change.contains("Target")), "people's own: {changes:?}");
}

#[test]
fn a_field_that_a_persons_view_is_arranged_by_goes_only_when_that_is_allowed() {
    let (_, refusals, _, _) = after(|plan, world| {
        forget(plan, "Owner");
        plan.fields.retain(|field| field.name.as_str() != "Owner");
        let owner = world.named("Owner").id.clone();
        world.github.issues.iter_mut().filter_map(|issue| issue.item.as_mut()).for_each(|item| {
            item.values.remove(&owner);
        });
        let mut theirs = world.board().views[0].clone();
        theirs.id = spectra_model::id::NodeId::new("theirs");
        theirs.name = spectra_model::id::ViewName::new("By owner");
        theirs.group_by = vec![owner];
        world.board().views.push(theirs);
    });
    assert_eq!(refusals.len(), 1);
    assert!(refusals[0].contains("views that are arranged by it lose that: `By owner`"), "{refusals:?}");
}

#[test]
fn a_server_without_multi_select_fields_blocks_the_field_and_its_values() {
    let plan = rich();
    let mut world = World::fresh(&plan);
    world.github.features.multi_select = false;
    let set = reconcile(&plan, &world.github, &options()).change_set;
    let areas: Vec<_> = set.changes.iter().filter(|change| change.key == "Areas").collect();
    assert_eq!((areas.len(), areas[0].action), (1, Action::Blocked));
    let steps = set.changes.iter().flat_map(|change| &change.steps);
    let in_areas = |step: &&Step| matches!(step, Step::SetValue { field, .. } if field.as_str() == "Areas");
    assert_eq!(steps.filter(in_areas).count(), 0);
    world.apply(&plan, usize::MAX);
}

#[test]
fn a_colour_that_is_newer_than_this_program_is_kept_and_stops_only_what_would_lose_it() {
    let odd = SelectOption {
        id: OptionId::new("odd"),
        name: OptionName::new("Odd"),
        color: None,
        description: String::new(),
    };
    let (changes, _, _, _) = after(|_, world| world.named("Stage").options.push(odd.clone()));
    assert_eq!(changes, Vec::<String>::new());
    let (changes, _, _, _) = after(|plan, world| {
        world.named("Stage").options.push(odd.clone());
        field(plan, "Stage").options[0].color = Colour::Red;
    });
    assert_eq!(changes.len(), 1);
    assert!(changes[0].starts_with("blocked:field:Stage"), "{changes:?}");
}

#[test]
fn a_draft_keeps_what_people_chose_where_the_plan_sets_it_once() {
    let (changes, _, _, _) = after(|plan, world| {
        let status = world.named("Status").clone();
        let done = Value::SingleSelect(status.options[2].id.clone());
        world.draft("idea").item.values.insert(status.id, done);
        let backlog = Some(FieldInput::Text("Backlog".to_owned()));
        plan.drafts[0].fields.insert(FieldName::new("Status"), backlog);
    });
    assert_eq!(changes, Vec::<String>::new());
    assert_eq!(rich().drafts[0].key, IssueKey::new("voice/discover/idea"));
}

#[test]
fn what_is_refused_says_which_change() {
    let (mut plan, world) = in_sync();
    field(&mut plan, "Sprint").iterations.pop();
    forget(&mut plan, "Sprint");
    let decision = reconcile(&plan, &world.github, &options());
    let destructive = decision.change_set.changes.iter().find(|change| change.destructive).unwrap();
    let [Refusal::Destructive { change, .. }] = decision.refusals.as_slice() else {
        panic!("{:?}", decision.refusals)
    };
    assert_eq!(*change, destructive.id);
    assert_eq!(reconcile(&plan, &world.github, &reckless()).refusals, []);
}
