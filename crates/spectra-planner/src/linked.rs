//! What a joined manifest takes from files that it names: texts of bodies and readmes, and field templates.
//!
//! A text stands in the tree in the end as if it were written there, in the place of the key that names its file. A
//! field with `use` has the template's keys in the end, with its own over them.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::files::Looked;
use crate::limits::TEXT_BYTES;
use crate::link::{self, Links};
use crate::path;
use crate::schema::Shape;
use crate::sources::Refusal;
use crate::span::{FileId, Span};
use crate::yaml::{Entry, Kind, Node, Scalar, Value};

/// Where templates lie below the root.
const TEMPLATES: &str = "config/projects/schemas";
/// The file of a template's folder.
const TEMPLATES_FILE: &str = "fields.json";

/// Asks for every file that a joined manifest names. The tree stays as it is.
pub(crate) fn ask(tree: &mut Node, links: Links<'_>) {
    Walk { links, task: Task::Ask, used: BTreeSet::new() }.manifest(tree);
}

/// Takes over what those files hold. Gives the files.
pub(crate) fn fill(tree: &mut Node, links: Links<'_>) -> BTreeSet<FileId> {
    let mut walk = Walk { links, task: Task::Fill, used: BTreeSet::new() };
    walk.manifest(tree);
    walk.used
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Ask,
    Fill,
}

struct Walk<'a> {
    links: Links<'a>,
    task: Task,
    used: BTreeSet<FileId>,
}

impl Walk<'_> {
    fn manifest(&mut self, root: &mut Node) {
        for project in root.get_mut("projects").map(Node::items_mut).unwrap_or_default() {
            if let Some(board) = project.get_mut("projectProvisioning") {
                self.board(board);
            }
            if let Some(initiative) = project.get_mut("initiative") {
                self.issue(initiative);
            }
            for activity in project.get_mut("activities").map(Node::items_mut).unwrap_or_default() {
                self.issue(activity);
            }
        }
    }

    fn issue(&mut self, issue: &mut Node) {
        self.text(issue, "body", "bodyFile", "a body");
        if let Some(board) = issue.get_mut("projectProvisioning") {
            self.board(board);
        }
        for task in issue.get_mut("tasks").map(Node::items_mut).unwrap_or_default() {
            self.issue(task);
        }
    }

    fn board(&mut self, board: &mut Node) {
        self.text(board, "readme", "readmeFile", "a readme");
        for field in board.get_mut("fields").map(Node::items_mut).unwrap_or_default() {
            self.field(field);
        }
    }

    fn text(&mut self, node: &mut Node, key: &str, file_key: &str, noun: &str) {
        let Some(entry) = node.entries().iter().find(|entry| entry.key == file_key) else { return };
        let named = entry.value.scalar().filter(|_| entry.value.sound).map(|scalar| scalar.text.clone());
        let (key_span, span) = (entry.span, entry.value.span);
        let inline = node.entries().iter().find(|entry| entry.key == key);
        if let Some(inline) = inline {
            if self.task == Task::Fill && inline.value.sound && named.is_some() {
                let place = self.links.report.line(inline.span, key_span);
                self.links.report.say(
                    Code::TextTwice,
                    key_span,
                    format!("`{key}` and `{file_key}` both give one text"),
                    format!("`{key}` stands in {place}; keep one of them"),
                );
            }
            return;
        }
        let text = named.and_then(|named| self.content(&named, span, noun));
        if self.task == Task::Ask {
            return;
        }
        let Value::Map(entries) = &mut node.value else { return };
        let (text, sound) = text.map_or((String::new(), false), |text| (text, true));
        let scalar = Value::Scalar(Scalar { text, kind: Kind::Text });
        let value = Node { sound, ..Node::new(key_span, scalar) };
        entries.push(Entry { key: key.to_owned(), span: key_span, value });
    }

    /// A file's text, with its line breaks as YAML gives them.
    fn content(&mut self, written: &str, span: Span, noun: &str) -> Option<String> {
        let path = self.links.resolve(written, span)?;
        let file = self.links.find(noun, (written, &path), span, TEXT_BYTES)?;
        if self.task == Task::Ask {
            return None;
        }
        self.used.insert(file);
        let text = self.links.files.text(file, self.links.report)?;
        let text = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        Some(text)
    }

    fn field(&mut self, field: &mut Node) {
        let written = field.get("use").and_then(|node| Some((node.scalar()?.text.clone(), node.span)));
        let Some((written, span)) = written else {
            // What can't be read may name any template.
            field.sound &= field.readable("use");
            return;
        };
        let template = self.template(&written, span);
        if self.task == Task::Ask {
            return;
        }
        let (Some(Value::Map(template)), Value::Map(own)) = (template, &mut field.value) else {
            field.sound = false;
            return;
        };
        own.retain(|entry| entry.key != "use");
        let keys: BTreeSet<String> = own.iter().map(|entry| entry.key.clone()).collect();
        for mut entry in template.into_iter().filter(|entry| !keys.contains(&entry.key)) {
            if entry.key == "name" {
                // What is wrong with the field beside its like is wrong where it is used.
                entry.value.span = span;
            }
            own.push(entry);
        }
        // What a template lacks was told in its file.
        field.sound = ["name", "type"].iter().all(|key| field.get(key).is_some() || !field.readable(key));
    }

    /// A template's keys. None where there is none, which is reported, or where its file must be asked for.
    fn template(&mut self, written: &str, span: Span) -> Option<Value> {
        let (folder, name) = written.split_once('/')?;
        let path = format!("{TEMPLATES}/{folder}/{TEMPLATES_FILE}");
        let file = match self.links.files.file(self.links.root, &path, TEXT_BYTES) {
            Looked::Found(file) => file,
            Looked::Ask(need) => {
                self.links.needs.insert(need);
                return None;
            }
            Looked::Refused(Refusal::Missing) => {
                self.no_file(written, folder, name, span);
                return None;
            }
            Looked::Refused(refusal) => {
                link::refused(&refusal, "a file of templates", &path, span, TEXT_BYTES, self.links.report);
                return None;
            }
        };
        self.used.insert(file);
        let (report, files) = (&mut *self.links.report, &mut *self.links.files);
        let tree = files.tree(file, Shape::Templates)?;
        let fields = tree.get("fields")?;
        if let Some(template) = fields.get(name) {
            return Some(template.value.clone());
        }
        if fields.readable(name) {
            let known = fields.entries().iter().map(|entry| entry.key.as_str());
            let help = match report.nearest(name, known) {
                Some(near) => format!("did you mean `{folder}/{near}`?"),
                None => format!("declare it under `fields` of {path}"),
            };
            report.say(Code::UnknownTemplate, span, format!("unknown template `{written}`"), help);
        }
        None
    }

    /// Reports a template whose file is missing, once it is known which others there are.
    fn no_file(&mut self, written: &str, folder: &str, name: &str, span: Span) {
        let help = match self.links.files.folder(self.links.root, TEMPLATES) {
            Looked::Ask(need) => {
                self.links.needs.insert(need);
                return;
            }
            Looked::Refused(_) => None,
            Looked::Found(listed) => {
                self.links.report.nearest(folder, listed.iter().map(|entry| entry.name.as_str()))
            }
        };
        let help = match help {
            Some(near) => format!("did you mean `{near}/{name}`?"),
            None => format!("declare it in {}", path::join(TEMPLATES, &format!("{folder}/{TEMPLATES_FILE}"))),
        };
        self.links.report.say(Code::UnknownTemplate, span, format!("unknown template `{written}`"), help);
    }
}
