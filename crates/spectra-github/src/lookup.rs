//! Things looked up by name, many in one request.
//!
//! As with a batch of mutations, the document is made of compile-time constants and integers; the names go as variables.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::batch::fragments_of;
use crate::client::Client;
use crate::failure::Failure;
use crate::graphql::PathSegment;

/// So many names a request.
const KEYS_A_REQUEST: usize = 50;

/// A query that finds one thing by its name.
pub(crate) trait LookUp {
    /// What is selected of the thing.
    type Found: DeserializeOwned;
    /// The query's name.
    const NAME: &'static str;
    /// The variables that are the same for all names, declared.
    const COMMON: &'static str;
    /// The field in which the things are looked up; empty where that is the root.
    const WITHIN: &'static str;
    /// The field of a thing; `$key` stands for its name.
    const FIELD: &'static str;
    /// The name of the fragment on it.
    const FRAGMENT: &'static str;
    /// The single query's document, which defines the fragment.
    const DOCUMENT: &'static str;
}

/// The document that looks so many things up.
pub(crate) fn document<L: LookUp>(count: usize) -> String {
    let keys = (0..count).map(|index| format!("$k{index}: String!"));
    let common = (!L::COMMON.is_empty()).then(|| L::COMMON.to_owned());
    let variables: Vec<String> = common.into_iter().chain(keys).collect();
    let fields = (0..count).map(|index| {
        let field = L::FIELD.replace("$key", &format!("$k{index}"));
        format!("  a{index}: {field} {{ ...{} }}", L::FRAGMENT)
    });
    let fields = fields.collect::<Vec<_>>().join("\n");
    let body = if L::WITHIN.is_empty() { fields } else { format!("  {} {{\n{fields}\n  }}", L::WITHIN) };
    let fragments: BTreeMap<&str, &str> = fragments_of(L::DOCUMENT).collect();
    let fragments: Vec<&str> = fragments.into_values().collect();
    format!("query {}({}) {{\n{body}\n}}\n\n{}\n", L::NAME, variables.join(", "), fragments.join("\n\n"))
}

impl Client {
    /// Looks things up; each stands at its name's place, and None for one that isn't there.
    pub(crate) async fn look_up<L: LookUp>(
        &self,
        common: &[(&str, &str)],
        keys: &[&str],
    ) -> Result<Vec<Option<L::Found>>, Failure> {
        let mut found = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(KEYS_A_REQUEST) {
            let mut variables: Map<String, Value> =
                common.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
            for (index, key) in chunk.iter().enumerate() {
                variables.insert(format!("k{index}"), Value::from(*key));
            }
            found.extend(self.look_up_some::<L>(&variables, chunk.len()).await?);
        }
        Ok(found)
    }

    async fn look_up_some<L: LookUp>(
        &self,
        variables: &Map<String, Value>,
        count: usize,
    ) -> Result<Vec<Option<L::Found>>, Failure> {
        let answer = self.ask(L::NAME, &document::<L>(count), variables).await?;
        // Where the holder of the things isn't there, none of them is.
        let deepest = if L::WITHIN.is_empty() { 1 } else { 2 };
        for error in &answer.errors {
            let failure = Failure::of_error(error);
            let of_a_thing = (1..=deepest).contains(&error.path.len())
                && error.path.iter().all(|step| matches!(step, PathSegment::Key(_)));
            if !of_a_thing || !matches!(failure, Failure::NotFound { .. }) {
                return Err(failure);
            }
        }
        let mut data = answer.data.unwrap_or_default();
        if !L::WITHIN.is_empty() {
            let holder = L::WITHIN.split('(').next().unwrap_or_default();
            data = data.get_mut(holder).map(Value::take).unwrap_or_default();
        }
        (0..count)
            .map(|index| {
                let thing = data.get_mut(format!("a{index}")).map(Value::take).unwrap_or_default();
                serde_json::from_value(thing)
                    .map_err(|error| Failure::malformed(format!("{}: {error}", L::NAME)))
            })
            .collect()
    }
}
