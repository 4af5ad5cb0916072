//! Root fields that are held back: they answer with a refusal and do nothing.
//!
//! Who may do what, limits and faults that hit single aliases come through here. Knows nothing of why.

use std::collections::BTreeMap;

use apollo_compiler::resolvers::ResolveInfo;

use super::Prepared;
use crate::world::Refusal;

/// Refusals by the root field's name in the answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(BTreeMap<String, Refusal>);

impl Gate {
    /// Everything passes.
    pub(crate) fn open() -> Self {
        Self::default()
    }

    /// Only so many root fields pass, from the first on.
    pub(crate) fn after(prepared: &Prepared, passing: usize, refusal: &Refusal) -> Self {
        let mut keys: Vec<&String> = Vec::new();
        for key in &prepared.root_keys {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Self(keys.into_iter().skip(passing).map(|key| (key.clone(), refusal.clone())).collect())
    }

    /// Root fields of these names don't pass.
    pub(crate) fn fields(prepared: &Prepared, held_back: impl Fn(&str) -> bool, refusal: &Refusal) -> Self {
        let roots = prepared.root_fields.iter().zip(&prepared.root_keys);
        let held = roots.filter(|(name, _)| held_back(name));
        Self(held.map(|(_, key)| (key.clone(), refusal.clone())).collect())
    }

    /// Both gates one behind the other.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether a root field passes.
    pub(super) fn pass(&self, info: &ResolveInfo<'_>) -> Result<(), Refusal> {
        let held =
            info.field_selections().first().and_then(|field| self.0.get(field.response_key().as_str()));
        held.map_or(Ok(()), |refusal| Err(refusal.clone()))
    }
}
