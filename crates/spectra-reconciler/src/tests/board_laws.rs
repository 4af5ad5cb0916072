//! The laws of fields, views and values, over generated edits of the plan, people's doings and interruptions.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;
use spectra_model::Setting;
use spectra_model::id::{FieldName, IterationId, IterationTitle, NodeId, OptionId, OptionName, ViewName};
use spectra_model::observation::{Iteration, SelectOption, Value};
use spectra_model::plan::{Colour, Field, FieldInput, FieldType, Plan};
use spectra_model::step::ValueWrite;

use super::fields::{in_sync, rich};
use super::world::{World, options, reckless};
use crate::{Options, reconcile};

/// One thing that an author does to the plan. The numbers pick which one.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    RenameOption(usize),
    DropOption(usize),
    AddOption(usize),
    ReverseOptions(usize),
    RenameIteration(usize),
    DropIteration(usize),
    MoveIteration(usize),
    AddIteration,
    DropField(usize),
    RenameField(usize),
    Retype,
    DropView(usize),
    RenameView(usize),
    RefilterView(usize),
    RegroupView(usize),
    ReverseViews,
    AddView,
    Value(usize),
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let number = 0usize..4;
    prop_oneof![
        number.clone().prop_map(Edit::RenameOption),
        number.clone().prop_map(Edit::DropOption),
        number.clone().prop_map(Edit::AddOption),
        number.clone().prop_map(Edit::ReverseOptions),
        number.clone().prop_map(Edit::RenameIteration),
        number.clone().prop_map(Edit::DropIteration),
        number.clone().prop_map(Edit::MoveIteration),
        Just(Edit::AddIteration),
        number.clone().prop_map(Edit::DropField),
        number.clone().prop_map(Edit::RenameField),
        Just(Edit::Retype),
        number.clone().prop_map(Edit::DropView),
        number.clone().prop_map(Edit::RenameView),
        number.clone().prop_map(Edit::RefilterView),
        number.clone().prop_map(Edit::RegroupView),
        Just(Edit::ReverseViews),
        Just(Edit::AddView),
        number.prop_map(Edit::Value),
    ]
}

/// Picks one of those that there are.
fn pick(length: usize, number: usize) -> Option<usize> {
    number.checked_rem(length)
}

fn selects(plan: &mut Plan) -> Vec<&mut Field> {
    plan.fields.iter_mut().filter(|field| field.r#type.has_options()).collect()
}

fn iterations(plan: &mut Plan) -> Option<&mut Field> {
    plan.fields.iter_mut().find(|field| field.r#type == FieldType::Iteration)
}

#[expect(clippy::too_many_lines, reason = "one arm an edit")]
fn make(plan: &mut Plan, edit: &Edit) {
    match *edit {
        Edit::RenameOption(number) => {
            let Some(field) = selects(plan).into_iter().nth(number % 3) else { return };
            let option = &mut field.options[0];
            let (old, new) = (option.name.clone(), OptionName::new(format!("{}~", option.name)));
            option.renamed_from = vec![old.clone()];
            option.name = new.clone();
            let name = field.name.clone();
            rename_value(plan, &name, old.as_str(), new.as_str());
        }
        Edit::DropOption(number) => {
            let Some(field) = selects(plan).into_iter().nth(number % 3) else { return };
            if field.options.len() > 1 {
                let index = number % field.options.len();
                field.options.remove(index);
            }
        }
        Edit::AddOption(number) => {
            let Some(field) = selects(plan).into_iter().nth(number % 3) else { return };
            let name = format!("New {}", field.options.len());
            if !field.options.iter().any(|option| option.name.as_str() == name) {
                field
                    .options
                    .insert(0, serde_json::from_value(json!({"name": name, "color": "red"})).unwrap());
            }
        }
        Edit::ReverseOptions(number) => {
            let Some(field) = selects(plan).into_iter().nth(number % 3) else { return };
            field.options.reverse();
        }
        Edit::RenameIteration(number) => {
            let Some(field) = iterations(plan) else { return };
            let Some(index) = pick(field.iterations.len(), number) else { return };
            let it = &mut field.iterations[index];
            let (old, new) = (it.title.clone(), IterationTitle::new(format!("{}~", it.title)));
            // Without its first name it would be another one, in whose way the old one stands.
            it.renamed_from.push(old.clone());
            it.title = new.clone();
            let name = field.name.clone();
            rename_value(plan, &name, old.as_str(), new.as_str());
        }
        Edit::DropIteration(number) => {
            let Some(field) = iterations(plan) else { return };
            if field.iterations.len() > 1 {
                let index = number % field.iterations.len();
                field.iterations.remove(index);
            }
        }
        Edit::MoveIteration(number) => {
            let Some(field) = iterations(plan) else { return };
            let Some(index) = pick(field.iterations.len(), number) else { return };
            // Shorter, never longer: the planner refuses iterations with days in common.
            field.iterations[index].duration = (field.iterations[index].duration - 1).max(1);
        }
        Edit::AddIteration => {
            let Some(field) = iterations(plan) else { return };
            let title = format!("New {}", field.iterations.len());
            if !field.iterations.iter().any(|it| it.title.as_str() == title) {
                let start = date(2026, 5, 4) + (7 * i64::try_from(field.iterations.len()).unwrap()).days();
                let new = json!({"title": title, "start": start, "duration": 7});
                field.iterations.push(serde_json::from_value(new).unwrap());
            }
        }
        Edit::DropField(number) => {
            let index = 1 + number;
            if plan.fields.len() > index {
                plan.fields.remove(index);
            }
        }
        Edit::RenameField(number) => {
            let Some(field) = plan.fields.get_mut(1 + number) else { return };
            let (old, new) = (field.name.clone(), FieldName::new(format!("{}~", field.name)));
            field.renamed_from = vec![old.clone()];
            field.name = new.clone();
            let of_issues = plan.issues.iter_mut().map(|issue| &mut issue.fields);
            let of_drafts = plan.drafts.iter_mut().map(|draft| &mut draft.fields);
            for values in of_issues.chain(of_drafts) {
                if let Some(value) = values.remove(&old) {
                    values.insert(new.clone(), value);
                }
            }
            let swap = |name: &mut FieldName| {
                if *name == old {
                    *name = new.clone();
                }
            };
            for view in &mut plan.views {
                view.fields.iter_mut().flatten().for_each(swap);
                for setting in [&mut view.group_by, &mut view.column_by] {
                    if let Setting::Set(name) = setting {
                        swap(name);
                    }
                }
                if let Setting::Set(sort) = &mut view.sort_by {
                    for sort in sort {
                        swap(&mut sort.field);
                    }
                }
            }
        }
        Edit::Retype => {
            for field in plan.fields.iter_mut().filter(|field| field.r#type == FieldType::Number) {
                field.r#type = FieldType::Text;
            }
        }
        Edit::DropView(number) => {
            if let Some(index) = pick(plan.views.len(), number) {
                plan.views.remove(index);
            }
        }
        Edit::RenameView(number) => {
            let Some(index) = pick(plan.views.len(), number) else { return };
            let view = &mut plan.views[index];
            view.renamed_from = vec![view.name.clone()];
            view.name = ViewName::new(format!("{}~", view.name));
        }
        Edit::RefilterView(number) => {
            let Some(index) = pick(plan.views.len(), number) else { return };
            plan.views[index].filter = Setting::Set("is:open label:x".to_owned());
        }
        Edit::RegroupView(number) => {
            let Some(index) = pick(plan.views.len(), number) else { return };
            plan.views[index].group_by =
                if number % 2 == 0 { Setting::Clear } else { Setting::Set(FieldName::new("Status")) };
        }
        Edit::ReverseViews => plan.views.reverse(),
        Edit::AddView => {
            let name = ViewName::new(format!("View {}", plan.views.len()));
            if !plan.views.iter().any(|view| view.name == name) {
                let new = json!({"name": name, "layout": "table"});
                plan.views.push(serde_json::from_value(new).unwrap());
            }
        }
        Edit::Value(number) => {
            let Some(field) = selects(plan).into_iter().nth(1) else { return };
            let (name, option) =
                (field.name.clone(), field.options[number % field.options.len()].name.to_string());
            let is_multi = field.r#type == FieldType::MultiSelect;
            let input = if is_multi { FieldInput::List(vec![option]) } else { FieldInput::Text(option) };
            plan.issues[number].fields.insert(name, Some(input));
        }
    }
}

fn rename_value(plan: &mut Plan, field: &FieldName, old: &str, new: &str) {
    let of_issues = plan.issues.iter_mut().map(|issue| &mut issue.fields);
    let of_drafts = plan.drafts.iter_mut().map(|draft| &mut draft.fields);
    for input in of_issues.chain(of_drafts).filter_map(|values| values.get_mut(field)).flatten() {
        match input {
            FieldInput::Text(text) if text == old => new.clone_into(text),
            FieldInput::List(list) => {
                list.iter_mut().filter(|name| *name == old).for_each(|name| new.clone_into(name));
            }
            FieldInput::Text(_) | FieldInput::Number(_) => {}
        }
    }
}

/// Takes out of the plan what names something that is no longer declared, as its author must.
fn mend(mut plan: Plan) -> Plan {
    let fields: BTreeMap<FieldName, Field> =
        plan.fields.iter().map(|field| (field.name.clone(), field.clone())).collect();
    let fits = |name: &FieldName, input: &Option<FieldInput>| {
        let Some(field) = fields.get(name) else { return false };
        let Some(input) = input else { return true };
        let option = |name: &OptionName| field.options.iter().any(|option| option.name == *name);
        match ValueWrite::typed(field.r#type, input) {
            None => false,
            Some(ValueWrite::SingleSelect(name)) => option(&name),
            Some(ValueWrite::MultiSelect(names)) => names.iter().all(option),
            Some(ValueWrite::Iteration(title)) => field.iterations.iter().any(|it| it.title == title),
            Some(ValueWrite::Text(_) | ValueWrite::Number(_) | ValueWrite::Date(_)) => true,
        }
    };
    plan.issues.iter_mut().for_each(|issue| issue.fields.retain(|name, input| fits(name, input)));
    plan.drafts.iter_mut().for_each(|draft| draft.fields.retain(|name, input| fits(name, input)));
    let is_there = |name: &FieldName| fields.contains_key(name) || name.as_str() == "Title";
    for view in &mut plan.views {
        view.fields.iter_mut().for_each(|fields| fields.retain(is_there));
        for setting in [&mut view.group_by, &mut view.column_by] {
            if setting.value().is_some_and(|name| !is_there(name)) {
                *setting = Setting::Unmanaged;
            }
        }
        if let Setting::Set(sort) = &mut view.sort_by {
            sort.retain(|sort| is_there(&sort.field));
        }
    }
    Plan::parse(plan.to_document().unwrap().as_bytes()).unwrap()
}

pub(super) fn edited(plan: &Plan, edits: &[Edit]) -> Plan {
    let mut plan = plan.clone();
    for edit in edits {
        make(&mut plan, edit);
    }
    mend(plan)
}

pub(super) fn unbounded(options: Options) -> Options {
    Options { max_deletes: Some(usize::MAX), ..options }
}

/// What people put on the board: an option that an item holds, an iteration, a completed one, a view.
fn people(world: &mut World) {
    let theirs = OptionId::new("theirs");
    let stage = world.named("Stage");
    stage.options.insert(
        1,
        SelectOption {
            id: theirs.clone(),
            name: OptionName::new("Theirs"),
            color: Some(Colour::Red),
            description: "Ours alone".to_owned(),
        },
    );
    let stage = stage.id.clone();
    let item = world.issue("initiative").item.as_mut().unwrap();
    item.values.insert(stage, Value::SingleSelect(theirs));
    let sprint = world.named("Sprint");
    sprint.iterations[0].completed = true;
    sprint.iterations.push(Iteration {
        id: IterationId::new("theirs"),
        title: IterationTitle::new("Off-site"),
        start: "2026-03-02".parse().unwrap(),
        duration: 3,
        completed: false,
    });
    let mut view = world.board().views[0].clone();
    view.id = NodeId::new("theirs");
    view.name = ViewName::new("Theirs");
    view.number = 99;
    world.board().views.push(view);
}

/// Whether what people put there is there still, as far as the fields of these ids are.
fn people_have_theirs(world: &mut World, [stage, sprint]: &[NodeId; 2], completed: &Iteration) -> bool {
    let board = world.board();
    let in_fields = board.fields.iter().all(|field| {
        let has_option = field.options.iter().any(|option| option.id.as_str() == "theirs");
        let has_iteration = field.iterations.iter().any(|it| it.id.as_str() == "theirs");
        let has_completed = field.iterations.iter().any(|it| it.id == completed.id);
        (field.id != *stage || has_option) && (field.id != *sprint || (has_iteration && has_completed))
    });
    in_fields && board.views.iter().any(|view| view.id.as_str() == "theirs")
}

type Values = BTreeMap<NodeId, BTreeMap<NodeId, Value>>;

fn values(world: &World) -> Values {
    let drafts = world.github.board.iter().flat_map(|board| &board.drafts).map(|draft| &draft.item);
    let issues = world.github.issues.iter().filter_map(|issue| issue.item.as_ref());
    issues.chain(drafts).map(|item| (item.id.clone(), item.values.clone())).collect()
}

/// The board without ids, which differ from run to run.
fn shown(world: &World) -> Vec<String> {
    let board = world.github.board.as_ref().unwrap();
    let name = |id: &NodeId| board.fields.iter().find(|field| field.id == *id).unwrap().name.to_string();
    let names = |ids: &[NodeId]| ids.iter().map(name).collect::<Vec<_>>();
    let mut lines: Vec<String> = Vec::new();
    for field in &board.fields {
        let options = field.options.iter().map(|it| (&it.name, it.color, &it.description));
        let iterations = field.iterations.iter().map(|it| (&it.title, it.start, it.duration, it.completed));
        let (options, iterations): (Vec<_>, Vec<_>) = (options.collect(), iterations.collect());
        lines.push(format!("{} {:?} {options:?} {iterations:?}", field.name, field.r#type));
    }
    for view in &board.views {
        let sorted: Vec<_> = view.sort_by.iter().map(|sort| (name(&sort.field), sort.direction)).collect();
        let (fields, group, column) = (names(&view.fields), names(&view.group_by), names(&view.column_by));
        // Which fields a view shows that nobody chose is GitHub's.
        let fields: Vec<_> = fields.iter().filter(|name| *name != "Milestone").collect();
        lines.push(format!(
            "{} {:?} {:?} {fields:?} {group:?} {column:?} {sorted:?}",
            view.name, view.layout, view.filter
        ));
    }
    let issues = world.github.issues.iter().map(|issue| (&issue.title, issue.item.as_ref()));
    let drafts = board.drafts.iter().map(|draft| (&draft.title, Some(&draft.item)));
    for (title, item) in issues.chain(drafts) {
        let values = item.into_iter().flat_map(|item| &item.values).map(|(field, value)| {
            let found = board.fields.iter().find(|it| it.id == *field).unwrap();
            let option =
                |id: &OptionId| found.options.iter().find(|it| it.id == *id).unwrap().name.to_string();
            let value = match value {
                Value::SingleSelect(id) => option(id),
                Value::MultiSelect(ids) => {
                    let mut names: Vec<String> = ids.iter().map(option).collect();
                    names.sort();
                    names.join("+")
                }
                Value::Iteration(id) => {
                    found.iterations.iter().find(|it| it.id == *id).unwrap().title.to_string()
                }
                Value::Text(_) | Value::Number(_) | Value::Date(_) => format!("{value:?}"),
            };
            (found.name.clone(), value)
        });
        lines.push(format!("{title} {:?}", values.collect::<BTreeMap<_, _>>()));
    }
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn interrupted_anywhere_on_a_new_board_ends_in_the_same_world(
        steps in 0usize..70, forgetful: bool, edits in proptest::collection::vec(edit(), 0..6),
    ) {
        let plan = edited(&rich(), &edits);
        let mut whole = World::fresh(&plan);
        whole.apply(&plan, usize::MAX);
        let mut cut = World::fresh(&plan);
        cut.forgetful = forgetful;
        cut.apply(&plan, steps);
        cut.forgetful = false;
        cut.apply(&plan, usize::MAX);
        prop_assert_eq!(shown(&whole), shown(&cut));
        let sent = cut.sent;
        cut.apply(&plan, usize::MAX);
        prop_assert_eq!(cut.sent, sent, "the run after sends nothing");
    }

    #[test]
    fn an_edit_interrupted_anywhere_ends_in_the_same_world(
        steps in 0usize..30, forgetful: bool, edits in proptest::collection::vec(edit(), 1..6),
    ) {
        let (plan, mut whole) = in_sync();
        people(&mut whole);
        let (_, mut cut) = in_sync();
        people(&mut cut);
        let plan = edited(&plan, &edits);
        let options = unbounded(reckless());
        whole.apply_with(&plan, usize::MAX, &options);
        cut.forgetful = forgetful;
        cut.apply_with(&plan, steps, &options);
        cut.forgetful = false;
        cut.apply_with(&plan, usize::MAX, &options);
        prop_assert_eq!(shown(&whole), shown(&cut));
    }

    #[test]
    fn people_keep_theirs_and_no_value_is_lost_unsaid(
        runs in proptest::collection::vec(proptest::collection::vec(edit(), 1..4), 1..4),
    ) {
        let (mut plan, mut world) = in_sync();
        people(&mut world);
        let completed = world.named("Sprint").iterations[0].clone();
        let fields = ["Stage", "Sprint"].map(|name| world.named(name).id.clone());
        for edits in &runs {
            plan = edited(&plan, edits);
            let before = values(&world);
            world.written.clear();
            let stood = fields.iter().all(|id| world.board().fields.iter().any(|it| it.id == *id));
            let set = reconcile(&plan, &world.github, &options()).change_set;
            let said = set.changes.iter().any(|change| change.destructive);
            prop_assert!(set.changes.iter().all(|change| !change.destructive || change.reason.is_some()));
            world.apply_with(&plan, usize::MAX, &unbounded(if said { reckless() } else { options() }));
            prop_assert!(people_have_theirs(&mut world, &fields, &completed));
            let stands = |id: &NodeId| world.github.board.as_ref().unwrap().fields.iter().any(|it| it.id == *id);
            prop_assert!(said || fields.iter().all(stands) || !stood, "a field that held something of people's went unsaid");
            let after = values(&world);
            for (item, values) in before.iter().filter(|_| !said) {
                for (field, value) in values {
                    let kept = after.get(item).and_then(|values| values.get(field)) == Some(value);
                    prop_assert!(kept || world.written.contains(&(item.clone(), field.clone())), "{:?} is lost", value);
                }
            }
            let sent = world.sent;
            world.apply_with(&plan, usize::MAX, &unbounded(reckless()));
            prop_assert_eq!(world.sent, sent, "the run after sends nothing");
        }
    }
}
