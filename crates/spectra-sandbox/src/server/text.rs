//! The world's JSON, row by row.
//!
//! The text of a row is kept until the row is written to, so that saving costs what changed. One row stands on one
//! line: a person can read it and a line-wise comparison of two states says what happened between them.

use std::collections::BTreeMap;

use crate::world::{NodeId, World};

/// The rows' texts, by table.
#[derive(Debug, Default)]
pub(super) struct Text {
    tables: BTreeMap<&'static str, BTreeMap<NodeId, String>>,
    filled: bool,
}

impl Text {
    /// The whole world as text.
    pub(super) fn render(&mut self, world: &mut World) -> Result<String, serde_json::Error> {
        let mut text = String::from("{");
        for (name, value) in world.head()? {
            text.push_str(&format_key(name)?);
            text.push_str(&value);
            text.push_str(",\n");
        }
        let all = !std::mem::replace(&mut self.filled, true);
        let mut first = true;
        for (name, table) in world.tables_mut() {
            let rows = self.tables.entry(name).or_default();
            let mut changed = table.take_touched();
            if all {
                changed = table.all_ids();
            }
            for id in changed {
                match table.row(&id) {
                    Some(row) => {
                        rows.insert(id, row?);
                    }
                    None => {
                        rows.remove(&id);
                    }
                }
            }
            if !std::mem::replace(&mut first, false) {
                text.push_str(",\n");
            }
            text.push_str(&format_key(name)?);
            text.push('{');
            let mut separator = "\n";
            for (id, row) in rows {
                text.push_str(separator);
                text.push_str(&format_key(id.as_str())?);
                text.push_str(row);
                separator = ",\n";
            }
            text.push('}');
        }
        text.push_str("}\n");
        Ok(text)
    }
}

fn format_key(key: &str) -> Result<String, serde_json::Error> {
    Ok(format!("{}: ", serde_json::to_string(key)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    #[test]
    fn the_text_is_the_world_before_and_after_a_change() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut world = Seed::new("octocat").repository("acme", "roadmap").world(now).unwrap();
        let mut text = Text::default();
        let check = |world: &World, text: String| {
            let read: World = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(world).unwrap());
        };
        let rendered = text.render(&mut world).unwrap();
        check(&world, rendered);
        let repository = world.repository_by_name("acme", "roadmap").unwrap().clone();
        let label = repository.labels.first().unwrap().clone();
        world.delete_label(now, &crate::world::label::DeleteLabel { id: label }).unwrap();
        let issue = serde_json::json!({ "repositoryId": repository.id, "title": "A" });
        world.create_issue(now, serde_json::from_value(issue).unwrap()).unwrap();
        let rendered = text.render(&mut world).unwrap();
        check(&world, rendered);
    }
}
