//! An item's values in the board's fields.

use serde_json::{Value as Json, json};
use spectra_model::change::Member;
use spectra_model::id::{FieldName, IssueKey, fold};
use spectra_model::limits;
use spectra_model::observation::{self, Item, Value};
use spectra_model::plan::{Field, FieldInput, Issue, Manage};
use spectra_model::step::{FieldBinding, Step, ValueWrite};

use crate::context::Context;

/// The members and steps that bring an issue's values to what the plan says. `item` is None where the issue is filed
/// only by this change set.
pub(crate) fn diff(context: &Context<'_>, issue: &Issue, item: Option<&Item>) -> Vec<(Member, Step)> {
    // The manifest's order of fields is the order of their values.
    context
        .plan
        .fields
        .iter()
        .filter_map(|field| {
            let (_, input) = issue.fields.iter().find(|(name, _)| name.same(&field.name))?;
            // On a board that is there, a field that is neither bound nor to be made is blocked, and so are its values.
            if context.board().is_some() && context.bindings.field(&field.name).is_none() {
                return None;
            }
            let input = input.as_ref();
            let observed = item.and_then(|item| observe(context, field, item));
            let old = observed.as_ref().map_or(Json::Null, |observed| observed.shown.clone());
            let is_there = match (&observed, input) {
                (None, None) => true,
                (Some(observed), Some(input)) => observed.is(field, input),
                (Some(_), None) | (None, Some(_)) => false,
            };
            if is_there || !is_ours(context, field, item, observed.as_ref()) {
                return None;
            }
            let step = write(&issue.key, field, input)?;
            let new = input.map_or(Json::Null, shown);
            Some((Member { name: format!("value:{}", field.name), old, new }, step))
        })
        .collect()
}

/// Whether the plan decides about this value now: always, or because the item is being made, or because an unfinished
/// run still owes it. What a person chose after the item was made is theirs.
fn is_ours(
    context: &Context<'_>,
    field: &Field,
    item: Option<&Item>,
    observed: Option<&Observed<'_>>,
) -> bool {
    match (field.manage, item) {
        (Manage::Always, _) | (Manage::OnCreate, None) => true,
        (Manage::OnCreate, Some(item)) => {
            let young = context.options.since.is_some_and(|since| item.created_at >= since);
            young && observed.is_none_or(|observed| observed.is_the_workflows_own(field))
        }
    }
}

/// A value that GitHub holds, with the field that it stands in.
struct Observed<'a> {
    value: &'a Value,
    field: &'a observation::Field,
    binding: Option<FieldBinding>,
    shown: Json,
}

fn observe<'a>(context: &Context<'a>, field: &Field, item: &'a Item) -> Option<Observed<'a>> {
    let binding = context.bindings.field(&field.name)?.clone();
    let id = binding.id.clone()?;
    let value = item.values.get(&id)?;
    let field = context.board()?.fields.iter().find(|candidate| candidate.id == id)?;
    let shown = match value {
        Value::Text(text) | Value::Date(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::SingleSelect(option) => {
            let name =
                field.options.iter().find(|candidate| candidate.id == *option).map(|option| &option.name);
            json!(name.map_or(option.as_str(), |name| name.as_str()))
        }
    };
    Some(Observed { value, field, binding: Some(binding), shown })
}

impl Observed<'_> {
    fn is(&self, field: &Field, input: &FieldInput) -> bool {
        match (self.value, ValueWrite::typed(field.r#type, input)) {
            (Value::Text(is), Some(ValueWrite::Text(wanted)))
            | (Value::Date(is), Some(ValueWrite::Date(wanted))) => *is == wanted,
            #[expect(
                clippy::float_cmp,
                reason = "GitHub gives back the number that it was given, or it has changed"
            )]
            (Value::Number(is), Some(ValueWrite::Number(wanted))) => *is == wanted,
            (Value::SingleSelect(is), Some(ValueWrite::SingleSelect(wanted))) => {
                let wanted =
                    self.binding.as_ref().and_then(|binding| binding.options.get(&fold(wanted.as_str())));
                wanted == Some(is)
            }
            (Value::Text(_) | Value::Number(_) | Value::Date(_) | Value::SingleSelect(_), _) => false,
        }
    }

    /// Whether it is what GitHub's "Item added to project" workflow puts there by itself: the first option of Status,
    /// which a new board calls Todo.
    fn is_the_workflows_own(&self, field: &Field) -> bool {
        let status = FieldName::new(limits::STATUS);
        let first = self.field.options.first().map(|option| &option.id);
        match self.value {
            Value::SingleSelect(option) => {
                let named_todo =
                    self.field.options.iter().any(|it| it.id == *option && fold(it.name.as_str()) == "todo");
                field.name.same(&status) && (first == Some(option) || named_todo)
            }
            Value::Text(_) | Value::Number(_) | Value::Date(_) => false,
        }
    }
}

fn write(issue: &IssueKey, field: &Field, input: Option<&FieldInput>) -> Option<Step> {
    let (issue, name) = (issue.clone(), field.name.clone());
    Some(match input {
        None => Step::ClearValue { issue, field: name },
        Some(input) => Step::SetValue { issue, field: name, value: ValueWrite::typed(field.r#type, input)? },
    })
}

fn shown(input: &FieldInput) -> Json {
    match input {
        FieldInput::Number(number) => json!(number),
        FieldInput::Text(text) => json!(text),
    }
}
