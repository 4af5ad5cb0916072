//! An item's values in the board's fields.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use spectra_model::change::Member;
use spectra_model::id::{FieldName, IssueKey, OptionId, OptionName, fold};
use spectra_model::limits;
use spectra_model::observation::{self, Item, Value};
use spectra_model::plan::{Field, FieldInput, IssueState, Manage};
use spectra_model::step::{FieldBinding, Step, ValueWrite};

use crate::context::Context;

/// The members and steps that bring the values of an issue or draft to what the plan says. `item` is None where it is
/// filed only by this change set.
pub(crate) fn diff(
    context: &Context<'_>,
    key: &IssueKey,
    values: &BTreeMap<FieldName, Option<FieldInput>>,
    item: Option<&Item>,
) -> Vec<(Member, Step)> {
    // The manifest's order of fields is the order of their values.
    context
        .plan
        .fields
        .iter()
        .filter_map(|field| {
            let (_, input) = values.iter().find(|(name, _)| name.same(&field.name))?;
            let input = input.as_ref().filter(|input| !is_empty(input));
            // A field that is neither there nor to be made is blocked, and so are its values.
            let binding = context.bindings.field(&field.name)?;
            let observed = item.and_then(|item| observe(context, binding, item));
            let old = observed.as_ref().map_or(Json::Null, |observed| observed.shown.clone());
            let is_there = match (&observed, input) {
                (None, None) => true,
                (Some(observed), Some(input)) => observed.is(field, input),
                (Some(_), None) | (None, Some(_)) => false,
            };
            if is_there || !is_ours(context, key, field, item, observed.as_ref()) {
                return None;
            }
            let value = input.map(|input| ValueWrite::typed(field.r#type, input));
            let step = match value {
                None => Step::ClearValue { issue: key.clone(), field: field.name.clone() },
                Some(value) => {
                    let value = value.filter(|value| can_be_named(context, field, binding, value))?;
                    Step::SetValue { issue: key.clone(), field: field.name.clone(), value }
                }
            };
            let new = input.map_or(Json::Null, shown);
            let name = ["value:", field.name.as_str()].concat();
            Some((Member { name, old, new }, step))
        })
        .collect()
}

/// No option at all is no value.
fn is_empty(input: &FieldInput) -> bool {
    match input {
        FieldInput::List(names) => names.is_empty(),
        FieldInput::Number(_) | FieldInput::Text(_) => false,
    }
}

/// Whether the options or the iteration of a value are there or come with this change set: those of a field that can't
/// be changed needn't.
fn can_be_named(context: &Context<'_>, field: &Field, binding: &FieldBinding, value: &ValueWrite) -> bool {
    let has = |name: &OptionName| binding.options.contains_key(&fold(name.as_str()));
    !context.stuck.contains(&fold(field.name.as_str()))
        || match value {
            ValueWrite::SingleSelect(name) => has(name),
            ValueWrite::MultiSelect(names) => names.iter().all(has),
            ValueWrite::Iteration(title) => binding.iterations.contains_key(&fold(title.as_str())),
            ValueWrite::Text(_) | ValueWrite::Number(_) | ValueWrite::Date(_) => true,
        }
}

/// Whether the plan decides about this value now: always, or because the item is being made, or because an unfinished
/// run still owes it, or because an issue is being adopted and has none. What a person chose after the item was made is
/// theirs.
fn is_ours(
    context: &Context<'_>,
    key: &IssueKey,
    field: &Field,
    item: Option<&Item>,
    observed: Option<&Observed<'_>>,
) -> bool {
    match (field.manage, item) {
        (Manage::Always, _) | (Manage::OnCreate, None) => true,
        (Manage::OnCreate, Some(item)) => {
            let young = context.options.since.is_some_and(|since| item.created_at >= since);
            let is_adopted_empty = context.is_being_adopted(key) && observed.is_none();
            let is_closed = context
                .plan
                .issues
                .iter()
                .any(|issue| issue.key == *key && issue.state == Some(IssueState::Closed));
            let is_the_workflows = |observed: &Observed<'_>| observed.is_the_workflows_own(field, is_closed);
            is_adopted_empty || young && observed.is_none_or(is_the_workflows)
        }
    }
}

/// A value that GitHub holds, with the field that it stands in.
struct Observed<'a> {
    value: &'a Value,
    field: &'a observation::Field,
    binding: &'a FieldBinding,
    shown: Json,
}

fn observe<'c>(context: &'c Context<'_>, binding: &'c FieldBinding, item: &'c Item) -> Option<Observed<'c>> {
    let id = binding.id.as_ref()?;
    let value = item.values.get(id)?;
    let field = context.board()?.fields.iter().find(|candidate| candidate.id == *id)?;
    let option = |id: &OptionId| {
        let option = field.options.iter().find(|candidate| candidate.id == *id);
        json!(option.map_or(id.as_str(), |option| option.name.as_str()))
    };
    let shown = match value {
        Value::Text(text) | Value::Date(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::SingleSelect(id) => option(id),
        Value::MultiSelect(ids) if ids.is_empty() => return None,
        // GitHub keeps a set: the field's order is the one to show it in.
        Value::MultiSelect(ids) => {
            let known = field.options.iter().map(|option| &option.id).filter(|id| ids.contains(id));
            let unknown = ids.iter().filter(|id| !field.options.iter().any(|option| option.id == **id));
            known.chain(unknown).map(option).collect()
        }
        Value::Iteration(id) => {
            let iteration = field.iterations.iter().find(|candidate| candidate.id == *id);
            json!(iteration.map_or(id.as_str(), |iteration| iteration.title.as_str()))
        }
    };
    Some(Observed { value, field, binding, shown })
}

impl Observed<'_> {
    fn is(&self, field: &Field, input: &FieldInput) -> bool {
        let option = |name: &OptionName| self.binding.options.get(&fold(name.as_str()));
        match (self.value, ValueWrite::typed(field.r#type, input)) {
            (Value::Text(is), Some(ValueWrite::Text(wanted)))
            | (Value::Date(is), Some(ValueWrite::Date(wanted))) => *is == wanted,
            #[expect(
                clippy::float_cmp,
                reason = "GitHub gives back the number that it was given, or it has changed"
            )]
            (Value::Number(is), Some(ValueWrite::Number(wanted))) => *is == wanted,
            (Value::SingleSelect(is), Some(ValueWrite::SingleSelect(wanted))) => option(&wanted) == Some(is),
            (Value::MultiSelect(is), Some(ValueWrite::MultiSelect(wanted))) => {
                let wanted: Option<BTreeSet<&OptionId>> = wanted.iter().map(option).collect();
                wanted == Some(is.iter().collect())
            }
            (Value::Iteration(is), Some(ValueWrite::Iteration(wanted))) => {
                self.binding.iterations.get(&fold(wanted.as_str())) == Some(is)
            }
            (
                Value::Text(_)
                | Value::Number(_)
                | Value::Date(_)
                | Value::SingleSelect(_)
                | Value::MultiSelect(_)
                | Value::Iteration(_),
                _,
            ) => false,
        }
    }

    /// Whether it is what a workflow of GitHub's puts there by itself. "Item added to project" chooses the first option
    /// of Status, which a new board calls Todo; "Item closed" the last, which it calls Done (GitHub docs, "Using the
    /// built-in automations"). The plan may have renamed both.
    fn is_the_workflows_own(&self, field: &Field, is_closed: bool) -> bool {
        let status = FieldName::new(limits::STATUS);
        let options = &self.field.options;
        match self.value {
            Value::SingleSelect(option) if field.name.same(&status) => {
                let is_at =
                    |place: Option<&observation::SelectOption>| place.is_some_and(|it| it.id == *option);
                let is_called = |wanted: &str| {
                    let name = options.iter().find(|it| it.id == *option).map(|it| &it.name);
                    name.is_some_and(|name| called(field, name).any(|it| fold(it.as_str()) == wanted))
                };
                let is_added = is_at(options.first()) || is_called("todo");
                is_added || is_closed && (is_at(options.last()) || is_called("done"))
            }
            Value::SingleSelect(_)
            | Value::Text(_)
            | Value::Number(_)
            | Value::Date(_)
            | Value::MultiSelect(_)
            | Value::Iteration(_) => false,
        }
    }
}

/// The names that an option has and had, as far as the plan says.
fn called<'a>(field: &'a Field, name: &'a OptionName) -> impl Iterator<Item = &'a OptionName> {
    let of_plan = field.options.iter().find(|option| option.name.same(name));
    std::iter::once(name).chain(of_plan.into_iter().flat_map(|option| &option.renamed_from))
}

fn shown(input: &FieldInput) -> Json {
    match input {
        FieldInput::Number(number) => json!(number),
        FieldInput::Text(text) => json!(text),
        FieldInput::List(list) => json!(list),
    }
}
