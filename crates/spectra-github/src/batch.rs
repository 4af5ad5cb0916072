//! Several mutations in one request, composed from the typed single ones.
//!
//! The document is made of compile-time constants and integers; everything that came from outside goes as variables.
//! GitHub runs the mutations of a request in order and keeps what succeeded when a later one fails, so the answer is
//! taken apart slot by slot.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::graphql::{GraphQlError, PathSegment, Response};

/// The name of a batch in documents and logs.
pub(crate) const NAME: &str = "Batch";

/// A mutation that can be part of a batch.
pub(crate) trait BatchOp {
    /// Its input as the schema has it.
    type Input: Serialize;
    /// What is selected of its payload.
    type Payload: DeserializeOwned;
    /// The mutation's field.
    const FIELD: &'static str;
    /// The input's type.
    const INPUT_TYPE: &'static str;
    /// The name of the fragment on its payload.
    const FRAGMENT: &'static str;
    /// The single operation's document, which defines the fragment and those that it spreads.
    const DOCUMENT: &'static str;
}

/// Makes a derived operation a [`BatchOp`].
macro_rules! batch_op {
    ($operation:ident, $module:ident, $field:literal, $input:ident, $fragment:ident) => {
        impl $crate::batch::BatchOp for $operation {
            type Input = $module::$input;
            type Payload = $module::$fragment;
            const FIELD: &'static str = $field;
            const INPUT_TYPE: &'static str = stringify!($input);
            const FRAGMENT: &'static str = stringify!($fragment);
            const DOCUMENT: &'static str = $module::QUERY;
        }
    };
}
pub(crate) use batch_op;

/// A request under composition.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    field: &'static str,
    input_type: &'static str,
    fragment: &'static str,
    document: &'static str,
    input: Value,
}

/// What an answer says of one mutation.
#[derive(Debug, Clone)]
pub(crate) enum Slot {
    /// It ran; its payload.
    Ran(Value),
    /// GitHub refused it; it did nothing.
    Refused(Failure),
    /// It did not run, for a reason that isn't its own.
    NotRun(Failure),
    /// It may have run.
    Unknown(Failure),
}

impl Batch {
    /// Adds a mutation.
    pub(crate) fn push<O: BatchOp>(&mut self, input: &O::Input) -> Result<(), Failure> {
        self.push_clearing::<O>(input, &[])
    }

    /// Adds a mutation that clears a member of its input. What is None isn't sent, and so is left as it is; what is to
    /// be cleared must be sent as null. The path leads from the input to the member.
    pub(crate) fn push_clearing<O: BatchOp>(
        &mut self,
        input: &O::Input,
        cleared: &[&str],
    ) -> Result<(), Failure> {
        let mut input = serde_json::to_value(input)
            .map_err(|error| Failure::Validation { message: error.to_string() })?;
        if let Some((member, holders)) = cleared.split_last() {
            let holder = holders.iter().try_fold(&mut input, |value, key| value.get_mut(*key));
            if let Some(Value::Object(holder)) = holder {
                holder.insert((*member).to_owned(), Value::Null);
            }
        }
        self.parts.push(Part {
            field: O::FIELD,
            input_type: O::INPUT_TYPE,
            fragment: O::FRAGMENT,
            document: O::DOCUMENT,
            input,
        });
        Ok(())
    }

    /// How many mutations it holds.
    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The document.
    pub(crate) fn document(&self) -> String {
        let mut variables = Vec::new();
        let mut fields = Vec::new();
        let mut fragments = BTreeMap::new();
        for (index, part) in self.parts.iter().enumerate() {
            variables.push(format!("$i{index}: {}!", part.input_type));
            fields.push(format!("  m{index}: {}(input: $i{index}) {{ ...{} }}", part.field, part.fragment));
            fragments.extend(fragments_of(part.document));
        }
        let operation = format!("mutation {NAME}({}) {{\n{}\n}}", variables.join(", "), fields.join("\n"));
        let mut definitions = vec![operation.as_str()];
        definitions.extend(fragments.into_values());
        format!("{}\n", definitions.join("\n\n"))
    }

    /// The variables.
    pub(crate) fn variables(&self) -> Value {
        let inputs = self.parts.iter().enumerate();
        Value::Object(inputs.map(|(index, part)| (format!("i{index}"), part.input.clone())).collect())
    }

    /// The request's body, in what the server understands.
    pub(crate) fn body(&self, dialect: Dialect) -> String {
        serde_json::json!({
            "query": dialect.adapt(&self.document()),
            "variables": self.variables(),
            "operationName": NAME,
        })
        .to_string()
    }
}

/// The fragments of a document by name. Each begins at the beginning of a line and ends with the next brace that
/// does.
pub(crate) fn fragments_of(document: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    document.split("\nfragment ").skip(1).filter_map(|rest| {
        let name = rest.split_whitespace().next()?;
        let from = document.find(&format!("\nfragment {name} "))?.checked_add(1)?;
        let text = document.get(from..)?;
        let end = text.find("\n}")?.checked_add(2)?;
        Some((name, text.get(..end)?))
    })
}

/// Takes the answer to a batch of so many mutations apart.
pub(crate) fn slots(count: usize, answer: Result<Response<Value>, Failure>) -> Vec<Slot> {
    let response = match answer {
        Ok(response) => response,
        Err(failure) => return vec![undone(failure); count],
    };
    // Without data the document itself may have been refused, and then nothing of it ran.
    let ran = response.data.is_some();
    let mut own: Vec<Option<&GraphQlError>> = vec![None; count];
    let mut data = match response.data {
        Some(Value::Object(data)) => data,
        Some(_) | None => Map::new(),
    };
    let mut whole = None;
    let mut invalid = false;
    for error in &response.errors {
        let refused_document = !ran && matches!(Failure::of_error(error), Failure::Validation { .. });
        invalid |= refused_document;
        let place = if refused_document { culprit(error, count) } else { alias(error.root(), count) };
        match place.and_then(|index| own.get_mut(index)) {
            Some(slot) => *slot = slot.or(Some(error)),
            None => whole = whole.or(Some(error)),
        }
    }
    // A refused document ran nothing; where no mutation is to blame, all of them are, lest it be sent again for ever.
    let blamed = own.iter().any(Option::is_some);
    let first = response.errors.first().map(Failure::of_error);
    own.iter()
        .enumerate()
        .map(|(index, error)| {
            let payload = data.remove(&format!("m{index}")).filter(|payload| !payload.is_null());
            match (error, payload, whole) {
                (None, Some(payload), _) => Slot::Ran(payload),
                // An error below the payload: it ran, and its answer has a hole.
                (Some(error), Some(payload), _) if error.path.len() > 1 => Slot::Ran(payload),
                (Some(error), _, _) => refused(Failure::of_error(error)),
                (None, None, _) if invalid => {
                    let failure = first.clone().unwrap_or_else(|| Failure::malformed("no errors"));
                    if blamed { Slot::NotRun(failure) } else { Slot::Refused(failure) }
                }
                (None, None, Some(error)) => undone(Failure::of_error(error)),
                (None, None, None) => {
                    Slot::Unknown(Failure::malformed(format!("m{index} has neither payload nor error")))
                }
            }
        })
        .collect()
}

/// What an error at a mutation's own place means for it.
fn refused(failure: Failure) -> Slot {
    if failure.is_limit() {
        Slot::NotRun(failure)
    } else if failure.is_oversize() || matches!(failure, Failure::Malformed { .. }) {
        Slot::Unknown(failure)
    } else {
        Slot::Refused(failure)
    }
}

/// What a failure of the whole request means for a mutation that it says nothing of.
pub(crate) fn undone(failure: Failure) -> Slot {
    match failure {
        Failure::Ambiguous { .. }
        | Failure::Malformed { .. }
        | Failure::NotGitHub { .. }
        | Failure::ResourceLimits { .. }
        | Failure::TemporaryConflict { .. } => Slot::Unknown(failure),
        Failure::RateLimited { .. }
        | Failure::SecondaryLimit { .. }
        | Failure::Redirected { .. }
        | Failure::Unreachable { .. } => Slot::NotRun(failure),
        Failure::Unauthorised { .. }
        | Failure::InsufficientScopes { .. }
        | Failure::Forbidden { .. }
        | Failure::NotFound { .. }
        | Failure::Validation { .. }
        | Failure::AlreadyThere { .. }
        | Failure::Refused { .. } => Slot::Refused(failure),
    }
}

/// The mutation that a refused document's error is about: its alias in the path, or its variable in the message.
fn culprit(error: &GraphQlError, count: usize) -> Option<usize> {
    let in_path = error.path.iter().find_map(|step| match step {
        PathSegment::Key(key) => alias(Some(key), count),
        PathSegment::Index(_) => None,
    });
    in_path.or_else(|| {
        let (_, after) = error.message.split_once("$i")?;
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|index| *index < count)
    })
}

fn alias(key: Option<&str>, count: usize) -> Option<usize> {
    key?.strip_prefix('m')?.parse().ok().filter(|index| *index < count)
}

#[cfg(test)]
mod tests;
