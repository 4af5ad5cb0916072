//! The manifest as its author wrote it: typed, each piece with its place.
//!
//! It is read from a tree whose shape was checked. A piece with a mistake is absent here, so that nothing more is
//! said about it; what is missing altogether was reported too. No reference is followed yet.

use spectra_model::Setting;
use spectra_model::plan::{
    BodyPolicy, Colour, FieldType, IssueState, Level, Manage, OnRemove, OwnerType, Visibility,
};

use crate::span::Span;
use crate::yaml::{Kind, Node, Scalar};

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Span,
}

/// A list and whether all of it could be read: where not, a name that is missing from it may be the unreadable one.
#[derive(Debug, Clone)]
pub(crate) struct Declared<T> {
    pub(crate) items: Vec<T>,
    pub(crate) complete: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) id: Option<Text>,
    pub(crate) owner: Option<Owner>,
    pub(crate) repository: Option<Text>,
    /// False where a repository is written that can't be read.
    pub(crate) repository_readable: bool,
    pub(crate) stages: Declared<Text>,
    pub(crate) labels: Declared<Label>,
    pub(crate) projects: Vec<Project>,
}

#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) kind: OwnerType,
    pub(crate) slug: Text,
}

#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) name: Text,
    pub(crate) color: Option<Text>,
    pub(crate) description: Setting<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) id: Option<Text>,
    pub(crate) span: Span,
    pub(crate) title: Option<Text>,
    pub(crate) description: Setting<Text>,
    pub(crate) readme: Setting<Text>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) managed_label: Option<Text>,
    pub(crate) fields: Declared<Field>,
    pub(crate) derive: Derive,
    pub(crate) on_remove: OnRemove,
    pub(crate) body: BodyPolicy,
    pub(crate) initiative: Option<Issue>,
    pub(crate) activities: Declared<Issue>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: Text,
    pub(crate) kind: Option<FieldType>,
    pub(crate) manage: Option<Manage>,
    /// None where no options are written.
    pub(crate) options: Option<Declared<SelectOption>>,
    pub(crate) renamed_from: Vec<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct SelectOption {
    pub(crate) name: Text,
    pub(crate) color: Option<Colour>,
    pub(crate) description: Option<Text>,
    pub(crate) renamed_from: Vec<Text>,
}

/// Defaults by level.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derive {
    pub(crate) initiative: Defaults,
    pub(crate) activity: Defaults,
    pub(crate) task: Defaults,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Defaults {
    pub(crate) labels: Vec<Text>,
    pub(crate) fields: Vec<Input>,
}

/// A value as written, under the name of its field.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) field: Text,
    pub(crate) scalar: Scalar,
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub(crate) level: Level,
    /// Where it begins.
    pub(crate) span: Span,
    pub(crate) id: Option<Text>,
    pub(crate) title: Option<Text>,
    pub(crate) body: Option<Text>,
    pub(crate) stage: Option<Text>,
    /// False where a stage is written that can't be read.
    pub(crate) stage_readable: bool,
    pub(crate) labels: Vec<Text>,
    pub(crate) state: Option<IssueState>,
    pub(crate) repository: Option<Text>,
    /// False where a repository is written that can't be read.
    pub(crate) repository_readable: bool,
    pub(crate) fields: Vec<Input>,
    pub(crate) depends_on: Vec<Text>,
    pub(crate) renamed_from: Vec<Text>,
    pub(crate) tasks: Declared<Issue>,
}

impl Issue {
    /// Where to point when the issue as a whole is meant.
    pub(crate) fn place(&self) -> Span {
        self.id.as_ref().map_or(self.span, |id| id.span)
    }
}

impl Derive {
    pub(crate) fn of(&self, level: Level) -> &Defaults {
        match level {
            Level::Initiative => &self.initiative,
            Level::Activity => &self.activity,
            Level::Task => &self.task,
        }
    }
}

/// Reads a tree whose shape was checked.
pub(crate) fn read(root: &Node) -> Manifest {
    // A fragment may declare more.
    let alone = root.readable("includes");
    let mut stages = declared(root, "stages", whole);
    let mut labels = declared(root, "labels", label);
    stages.complete &= alone;
    labels.complete &= alone;
    Manifest {
        id: text(root, "id"),
        owner: root.get("owner").and_then(owner),
        repository: text(root, "repository"),
        repository_readable: root.readable("repository"),
        stages,
        labels,
        projects: list(root, "projects", |node| Some(project(node, alone))),
    }
}

fn owner(node: &Node) -> Option<Owner> {
    Some(Owner { kind: word(node, "type")?, slug: text(node, "slug")? })
}

fn label(node: &Node) -> Option<Label> {
    Some(Label {
        name: text(node, "name")?,
        color: text(node, "color"),
        description: setting(node, "description"),
    })
}

fn project(node: &Node, alone: bool) -> Project {
    // A project without it was reported; an empty one says nothing more.
    let nothing = Node::new(node.span, crate::yaml::Value::Map(Vec::new()));
    let board = node.get("projectProvisioning").unwrap_or(&nothing);
    let mut fields = declared(board, "fields", field);
    fields.complete &= node.get("projectProvisioning").is_some();
    let mut activities = declared(node, "activities", |node| Some(issue(node, Level::Activity)));
    activities.complete &= alone && node.readable("initiative");
    let issues = board.get("issues").unwrap_or(&nothing);
    let derive = issues.get("derive").unwrap_or(&nothing);
    Project {
        id: text(node, "id"),
        span: node.span,
        title: text(board, "title"),
        description: setting(board, "description"),
        readme: setting(board, "readme"),
        visibility: word(board, "visibility"),
        managed_label: text(board, "managedLabel"),
        fields,
        derive: Derive {
            initiative: defaults(derive, "initiative"),
            activity: defaults(derive, "activity"),
            task: defaults(derive, "task"),
        },
        on_remove: word(issues, "onRemove").unwrap_or_default(),
        body: word(issues, "body").unwrap_or_default(),
        initiative: node.get("initiative").map(|node| issue(node, Level::Initiative)),
        activities,
    }
}

fn field(node: &Node) -> Option<Field> {
    let options = node.entries().iter().any(|entry| entry.key == "options");
    Some(Field {
        name: text(node, "name")?,
        kind: word(node, "type"),
        manage: word(node, "manage"),
        options: options.then(|| declared(node, "options", option)),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn option(node: &Node) -> Option<SelectOption> {
    Some(SelectOption {
        name: text(node, "name")?,
        color: word(node, "color"),
        description: text(node, "description"),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn defaults(derive: &Node, level: &str) -> Defaults {
    derive.get(level).map_or_else(Defaults::default, |node| Defaults {
        labels: list(node, "labels", whole),
        fields: inputs(node),
    })
}

fn inputs(node: &Node) -> Vec<Input> {
    let entries = node.get("fields").map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry.value.sound)
        .filter_map(|entry| {
            Some(Input {
                field: Text { value: entry.key.clone(), span: entry.span },
                scalar: entry.value.scalar()?.clone(),
                span: entry.value.span,
            })
        })
        .collect()
}

fn issue(node: &Node, level: Level) -> Issue {
    Issue {
        level,
        span: node.span,
        id: text(node, "id"),
        title: text(node, "title"),
        body: text(node, "body"),
        stage: text(node, "stage"),
        stage_readable: node.readable("stage"),
        labels: list(node, "labels", whole),
        state: word(node, "state"),
        repository: text(node, "repository"),
        repository_readable: node.readable("repository"),
        fields: inputs(node),
        depends_on: list(node, "dependsOn", whole),
        renamed_from: list(node, "renamedFrom", whole),
        tasks: declared(node, "tasks", |node| Some(issue(node, Level::Task))),
    }
}

/// The text of a scalar that is not null.
fn whole(node: &Node) -> Option<Text> {
    let scalar = node.scalar().filter(|scalar| scalar.kind != Kind::Null)?;
    Some(Text { value: scalar.text.clone(), span: node.span })
}

fn text(node: &Node, key: &str) -> Option<Text> {
    node.get(key).and_then(whole)
}

fn setting(node: &Node, key: &str) -> Setting<Text> {
    match node.get(key) {
        None => Setting::Unmanaged,
        Some(node) => whole(node).map_or(Setting::Clear, Setting::Set),
    }
}

/// One of the words of an enumeration that the plan has too, spelt alike.
fn word<T: serde::de::DeserializeOwned>(node: &Node, key: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text(node, key)?.value)).ok()
}

fn list<T>(node: &Node, key: &str, read: impl Fn(&Node) -> Option<T>) -> Vec<T> {
    declared(node, key, read).items
}

fn declared<T>(node: &Node, key: &str, read: impl Fn(&Node) -> Option<T>) -> Declared<T> {
    let written = node.get(key).map(Node::items).unwrap_or_default();
    let items: Vec<T> = written.iter().filter(|item| item.sound).filter_map(read).collect();
    let complete = items.len() == written.len() && node.readable(key);
    Declared { items, complete }
}
