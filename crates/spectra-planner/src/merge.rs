//! Several trees as one: a manifest and its fragments, in order.
//!
//! Lists join. Projects, activities and tasks are known by their ids across files, and joined key by key. What is there
//! once may be given twice alike; where two files differ, the first is taken and the difference reported. Everything
//! keeps its own place. Takes time in proportion to what is joined: each list is gone through once, however many files.

use std::collections::BTreeMap;

use crate::code::Code;
use crate::report::Report;
use crate::yaml::{Entry, Kind, Node, Scalar, Value};

/// Lists whose items are known by their ids.
const BY_ID: [&str; 3] = ["projects", "activities", "tasks"];
/// Lists that stand there as a whole.
const WHOLE: [&str; 1] = ["stages"];
/// What each file says for itself.
const OF_THE_FILE: &str = "includes";

/// What trees are when joined.
pub(crate) struct Merged {
    /// None where there was none.
    pub(crate) tree: Option<Node>,
    /// Whether something was left out, which was reported: what is missing may be there.
    pub(crate) left_out: bool,
}

/// Joins trees.
pub(crate) fn merge(trees: Vec<Node>, report: &mut Report) -> Merged {
    let mut merge = Merge { report, left_out: false };
    let tree = merge.nodes("", trees);
    Merged { tree, left_out: merge.left_out }
}

struct Merge<'a> {
    report: &'a mut Report,
    left_out: bool,
}

impl Merge<'_> {
    /// The nodes of all files that stand under one key.
    fn nodes(&mut self, key: &str, mut nodes: Vec<Node>) -> Option<Node> {
        if nodes.len() < 2 {
            return nodes.pop();
        }
        let (span, is_map, is_list) = {
            let first = nodes.first()?;
            (first.span, matches!(first.value, Value::Map(_)), matches!(first.value, Value::List(_)))
        };
        if is_map && nodes.iter().all(|node| matches!(node.value, Value::Map(_))) {
            return Some(Node::new(span, Value::Map(self.maps(nodes))));
        }
        if is_list && !WHOLE.contains(&key) {
            let lists = nodes.into_iter().filter_map(|node| match node.value {
                Value::List(items) => Some(items),
                Value::Map(_) | Value::Scalar(_) => None,
            });
            let items: Vec<Node> = lists.flatten().collect();
            let items = if BY_ID.contains(&key) { self.by_id(key, items) } else { items };
            return Some(Node::new(span, Value::List(items)));
        }
        let mut nodes = nodes.into_iter();
        let mut first = nodes.next()?;
        let mut sound = first.sound;
        for other in nodes.filter(|other| !alike(&first, other)) {
            self.differ(key, &first, &other, "give it once, or twice alike");
            // Which of them is meant is not known: nothing more is said about either.
            sound = false;
        }
        first.sound = sound;
        Some(first)
    }

    fn differ(&mut self, key: &str, first: &Node, other: &Node, help: &str) {
        let place = self.report.line(first.span, other.span);
        let (one, two) = (shown(first), shown(other));
        let message = format!("`{key}` is {two} here and {one} in {place}");
        self.report.say(Code::Conflict, other.span, message, help);
    }

    /// The keys of all mappings, in the order in which they come up. What was reported stays apart, so that it is known
    /// to be there.
    fn maps(&mut self, nodes: Vec<Node>) -> Vec<Entry> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut grouped: Vec<(Entry, Vec<Node>)> = Vec::new();
        let mut unsound = Vec::new();
        for node in nodes {
            let Value::Map(entries) = node.value else { continue };
            for mut entry in entries {
                if entry.key == OF_THE_FILE {
                    continue;
                }
                if !entry.value.sound {
                    // What can't be read may be a part of what the other files hold.
                    self.left_out |= BY_ID.contains(&entry.key.as_str());
                    unsound.push(entry);
                    continue;
                }
                if let Some((_, others)) = places.get(&entry.key).and_then(|at| grouped.get_mut(*at)) {
                    others.push(entry.value);
                    continue;
                }
                places.insert(entry.key.clone(), grouped.len());
                let nothing = Value::List(Vec::new());
                let value = std::mem::replace(&mut entry.value, Node::new(entry.span, nothing));
                grouped.push((entry, vec![value]));
            }
        }
        let joined = grouped.into_iter().filter_map(|(entry, values)| {
            let value = self.nodes(&entry.key, values)?;
            Some(Entry { value, ..entry })
        });
        let mut joined: Vec<Entry> = joined.collect();
        joined.extend(unsound);
        joined
    }

    /// Items of one id from several files are one.
    fn by_id(&mut self, key: &str, items: Vec<Node>) -> Vec<Node> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut grouped: Vec<Vec<Node>> = Vec::with_capacity(items.len());
        for item in items {
            let id = item.get("id").and_then(Node::scalar).map(|scalar| scalar.text.clone());
            let Some(id) = id.filter(|_| item.sound) else {
                grouped.push(vec![item]);
                continue;
            };
            if let Some(others) = places.get(&id).and_then(|at| grouped.get_mut(*at)) {
                others.push(item);
            } else {
                places.insert(id, grouped.len());
                grouped.push(vec![item]);
            }
        }
        grouped.into_iter().filter_map(|items| self.items(key, items)).collect()
    }

    /// Items of one id. Two of one file are a mistake. So is one that says other things than the first: it is another
    /// thing with the id of the first, which is one mistake, and none of what it holds is looked at.
    fn items(&mut self, key: &str, items: Vec<Node>) -> Option<Node> {
        if items.len() < 2 {
            return self.nodes("", items);
        }
        let mut kept: Vec<Node> = Vec::with_capacity(items.len());
        let mut repeated = false;
        for item in items {
            if let Some(first) = kept.last().filter(|last| last.span.file == item.span.file) {
                self.repeated(key, first, &item);
                repeated = true;
            } else {
                kept.push(item);
            }
        }
        self.left_out |= repeated;
        let mut joined: Vec<Node> = Vec::with_capacity(kept.len());
        for item in kept {
            let differing = joined.first_mut().and_then(|first| {
                let sound = item.entries().iter().filter(|entry| entry.value.sound);
                let scalars = sound.filter(|entry| entry.value.scalar().is_some());
                let mut both = scalars.filter_map(|entry| Some((entry, first.get(&entry.key)?)));
                let (entry, own) = both.find(|(entry, own)| !alike(own, &entry.value))?;
                let own = own.clone();
                // Which of the two is meant is not known.
                first.make_unreadable(&entry.key);
                Some((entry, own))
            });
            let Some((entry, own)) = differing else {
                joined.push(item);
                continue;
            };
            self.left_out = true;
            if !repeated {
                let id = item.get("id").map(shown).unwrap_or_default();
                let help =
                    format!("both have the id {id}: give one another id, or say it once or twice alike");
                self.differ(&entry.key, &own, &entry.value, &help);
            }
        }
        self.nodes("", joined)
    }

    fn repeated(&mut self, key: &str, first: &Node, item: &Node) {
        let Some(id) = item.get("id") else { return };
        let line = self.report.line(first.get("id").map_or(first.span, |id| id.span), id.span);
        let (code, message) = if key == "projects" {
            (Code::RepeatedSlug, format!("two boards have the slug {}", shown(id)))
        } else {
            (Code::RepeatedId, format!("id {} is used twice", shown(id)))
        };
        let help = format!("it stands in {line} already; ids are unique among siblings");
        self.report.say(code, id.span, message, help);
    }
}

/// Whether two files say the same.
fn alike(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(one), Value::Scalar(other)) => same(one, other),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Scalar(_) | Value::List(_) | Value::Map(_), _) => false,
    }
}

fn same(one: &Scalar, other: &Scalar) -> bool {
    match (one.kind, other.kind) {
        (Kind::Number(number), Kind::Number(same)) => {
            number.to_bits() == same.to_bits() || one.text == other.text
        }
        (kind, other_kind) => kind == other_kind && (kind == Kind::Null || one.text == other.text),
    }
}

/// A value in a message.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == Kind::Null => "null".to_owned(),
        Value::Scalar(scalar) => format!("`{}`", first_line(&scalar.text)),
        Value::List(items) => {
            let items: Vec<&str> =
                items.iter().filter_map(Node::scalar).map(|one| one.text.as_str()).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(_) => "a mapping".to_owned(),
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(60).collect();
    if short.len() < text.trim_end().len() { format!("{short}…") } else { short }
}
