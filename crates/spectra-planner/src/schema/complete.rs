//! What is missing once a manifest and its fragments are joined: each file alone may leave out what another gives.

use super::{Place, Schema, errors};
use crate::code::Code;
use crate::report::Report;
use crate::yaml::{Entry, Node, Value};

/// What a manifest was joined from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// The manifest alone.
    One,
    /// Several files, all of which were read.
    Several,
    /// Several files, one of which can't be read: it may hold whatever is not to be found.
    NotAll,
}

/// The definitions whose mappings are joined across files, key by key.
const JOINED: [&str; 12] = [
    "manifest",
    "project",
    "provisioning",
    "issues",
    "derive",
    "level",
    "initiative",
    "activity",
    "refinement",
    "refinedIssues",
    "refinedDerive",
    "task",
];

/// Whether mappings of a definition are joined across files.
pub(super) fn is_joined(definition: &str) -> bool {
    JOINED.contains(&definition)
}

/// Reports what is missing. Where a part can't be read nothing is missed, and every list is marked as unfinished.
pub(super) fn complete(schema: &Schema, root: &mut Node, parts: Parts, report: &mut Report) {
    let Some(start) = schema.start() else { return };
    let mut walk = Walk { schema, parts, report, astray: false, near: None };
    walk.node(root, start);
    if walk.astray {
        walk.parts = Parts::NotAll;
        walk.node(root, start);
    }
}

struct Walk<'a> {
    schema: &'a Schema,
    parts: Parts,
    report: &'a mut Report,
    /// Whether something was found that may be a part of something else: references into it lead nowhere.
    astray: bool,
    /// The id of a sibling that the one that is looked at may be meant to have.
    near: Option<String>,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, place: &Place) {
        if !node.sound {
            return;
        }
        let span = node.span;
        match &mut node.value {
            Value::Scalar(_) => {}
            Value::List(items) => {
                if items.is_empty() && place.says.get("minItems").is_some() && self.parts != Parts::NotAll {
                    self.report.say(
                        Code::MissingKey,
                        span,
                        "`projects` is empty",
                        "a manifest has at least one project",
                    );
                }
                if let Some(item) = self.schema.item(place) {
                    self.near_siblings(items, item);
                }
            }
            Value::Map(entries) => {
                let near = self.near.take();
                let is_inner = |entry: &&mut Entry| !matches!(entry.value.value, Value::Scalar(_));
                for entry in entries.iter_mut().filter(is_inner) {
                    if let Some(inner) = self.schema.property(place, &entry.key) {
                        self.node(&mut entry.value, inner);
                    }
                }
                self.near = near;
                self.mapping(node, place);
            }
        }
    }

    /// The items of a list. One that lacks what it must have may be meant to be a part of a sibling.
    fn near_siblings(&mut self, items: &mut [Node], place: &Place) {
        let is_joined_by_id =
            self.parts == Parts::Several && is_joined(&place.definition) && place.requires("id");
        let id = |node: &Node| node.get("id").and_then(Node::scalar).map(|scalar| scalar.text.clone());
        let mut ids: Option<Vec<String>> = None;
        let parts = self.parts;
        if is_joined_by_id && items.iter().any(|item| id(item).is_none()) {
            // Any of the others may be a part of the one whose id can't be read.
            self.parts = Parts::NotAll;
            self.astray = true;
        }
        for index in 0..items.len() {
            let Some(item) = items.get(index) else { break };
            self.near = None;
            if is_joined_by_id && self.parts == parts {
                let own = id(item);
                let lacks =
                    item.sound && place.required().any(|key| item.get(key).is_none() && item.readable(key));
                if let Some(own) = own.filter(|_| lacks) {
                    let ids = ids.get_or_insert_with(|| items.iter().filter_map(id).collect());
                    let others = ids.iter().map(String::as_str).filter(|other| **other != *own);
                    self.near = self.report.nearest(&own, others).map(str::to_owned);
                }
            }
            if let Some(item) = items.get_mut(index) {
                self.node(item, place);
            }
        }
        self.near = None;
        self.parts = parts;
    }

    fn mapping(&mut self, node: &mut Node, place: &Place) {
        if self.parts == Parts::NotAll && is_joined(&place.definition) {
            place.keys().for_each(|key| node.put_unreadable(key));
            return;
        }
        let is_of_a_file = !is_joined(&place.definition) && place.says.get("anyOf").is_none();
        let is_item = ["project", "activity", "task"].contains(&place.definition.as_str());
        // Without its id an item of one file finds no counterpart in another, and that was told.
        let is_lost = self.parts == Parts::Several && is_item && node.get("id").is_none();
        if is_of_a_file || is_lost {
            return;
        }
        let is_missing =
            |key: &&str| node.get(key).is_none() && node.readable(key) && !(is_item && *key == "id");
        for key in place.required().filter(is_missing) {
            let message = format!("{} needs the key `{key}`", errors::named(&place.definition, node));
            let help = match &self.near {
                Some(near) => format!("add `{key}:`, or did you mean `{near}`?"),
                None => format!("add `{key}:`"),
            };
            self.report.say(Code::MissingKey, node.span, message, help);
            self.astray |= self.parts == Parts::Several;
        }
    }
}
