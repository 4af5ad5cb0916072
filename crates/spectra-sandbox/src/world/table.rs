//! Rows of one resource, by node id.
//!
//! Invariant: every row handed out for writing is remembered until the next save, so that saving costs what changed
//! and not what exists. Knows nothing of files.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::NodeId;
use super::refusal::Refusal;

/// Rows by id, with the ids written since the last save.
#[derive(Clone, Debug)]
pub struct Table<T> {
    rows: BTreeMap<NodeId, T>,
    touched: BTreeSet<NodeId>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), touched: BTreeSet::new() }
    }
}

impl<T> Table<T> {
    /// The row, if there is one.
    pub fn get(&self, id: &NodeId) -> Option<&T> {
        self.rows.get(id)
    }

    /// The row for writing, if there is one.
    pub fn get_mut(&mut self, id: &NodeId) -> Option<&mut T> {
        let row = self.rows.get_mut(id)?;
        self.touched.insert(id.clone());
        Some(row)
    }

    /// The row, or GitHub's answer to an unknown id.
    pub fn find(&self, id: &NodeId) -> Result<&T, Refusal> {
        self.get(id).ok_or_else(|| Refusal::no_node(id))
    }

    /// The row for writing, or GitHub's answer to an unknown id.
    pub fn find_mut(&mut self, id: &NodeId) -> Result<&mut T, Refusal> {
        self.get_mut(id).ok_or_else(|| Refusal::no_node(id))
    }

    /// Whether the id names a row.
    pub fn contains(&self, id: &NodeId) -> bool {
        self.rows.contains_key(id)
    }

    /// Puts a row in, in the place of one with the same id.
    pub fn insert(&mut self, id: NodeId, row: T) {
        self.touched.insert(id.clone());
        self.rows.insert(id, row);
    }

    /// Takes a row out.
    pub fn remove(&mut self, id: &NodeId) -> Option<T> {
        let row = self.rows.remove(id)?;
        self.touched.insert(id.clone());
        Some(row)
    }

    /// All rows, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&NodeId, &T)> {
        self.rows.iter()
    }

    /// All rows.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.rows.values()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<T: Serialize> Serialize for Table<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { rows: BTreeMap::deserialize(deserializer)?, touched: BTreeSet::new() })
    }
}

/// A table whose rows' type does not matter.
pub(crate) trait AnyTable {
    /// The ids written since the last call.
    fn take_touched(&mut self) -> BTreeSet<NodeId>;
    /// All ids.
    fn all_ids(&self) -> BTreeSet<NodeId>;
    /// A row as JSON, if it is there.
    fn row(&self, id: &NodeId) -> Option<Result<String, serde_json::Error>>;
}

impl<T: Serialize> AnyTable for Table<T> {
    fn take_touched(&mut self) -> BTreeSet<NodeId> {
        std::mem::take(&mut self.touched)
    }

    fn all_ids(&self) -> BTreeSet<NodeId> {
        self.rows.keys().cloned().collect()
    }

    fn row(&self, id: &NodeId) -> Option<Result<String, serde_json::Error>> {
        self.get(id).map(serde_json::to_string)
    }
}
