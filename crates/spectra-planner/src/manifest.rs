//! The manifest as its author wrote it: typed, each piece with its place.
//!
//! It is read from a tree whose shape was checked. A piece with a mistake is absent here, so that nothing more is
//! said about it; what is missing altogether was reported too. No reference is followed yet. Texts are taken out of the
//! tree, which is of no more use then.

use spectra_model::Setting;
use spectra_model::plan::{
    BodyPolicy, Colour, Direction, FieldType, IssueState, Layout, Level, Manage, OnRemove, OwnerType,
    StateReason, Visibility,
};

use crate::span::Span;
use crate::yaml::{Kind, Node, Scalar, Value};

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
    pub(crate) milestones: Declared<Milestone>,
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
    pub(crate) renamed_from: Vec<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct Milestone {
    pub(crate) title: Text,
    pub(crate) due_on: Setting<Text>,
    pub(crate) description: Setting<Text>,
    pub(crate) renamed_from: Vec<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) id: Option<Text>,
    pub(crate) span: Span,
    pub(crate) renamed_from: Vec<Text>,
    pub(crate) board: Provisioning,
    pub(crate) initiative: Option<Issue>,
    pub(crate) activities: Declared<Issue>,
}

/// A `projectProvisioning`: a project's, or that of an activity.
#[derive(Debug, Clone)]
pub(crate) struct Provisioning {
    pub(crate) title: Option<Text>,
    /// False where a title is written that can't be read.
    pub(crate) title_readable: bool,
    pub(crate) description: Setting<Text>,
    pub(crate) readme: Setting<Text>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) managed_label: Option<Text>,
    pub(crate) repositories: Vec<Text>,
    pub(crate) teams: Vec<Text>,
    /// None where no fields are written.
    pub(crate) fields: Option<Declared<Field>>,
    pub(crate) views: Vec<View>,
    pub(crate) derive: Derive,
    pub(crate) on_remove: Option<OnRemove>,
    pub(crate) body: Option<BodyPolicy>,
    /// Its keys that only a board can have.
    pub(crate) of_a_board: Vec<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: Text,
    pub(crate) kind: Option<FieldType>,
    /// Where its type stands, and the key of its options: in the field's own file, else where the field is.
    pub(crate) kind_at: Span,
    pub(crate) options_at: Span,
    pub(crate) manage: Option<Manage>,
    /// None where no options are written.
    pub(crate) options: Option<Declared<SelectOption>>,
    pub(crate) iterations: Iterations,
    pub(crate) renamed_from: Vec<Text>,
}

/// Both ways in which iterations can be written; a field has one of them.
#[derive(Debug, Clone)]
pub(crate) struct Iterations {
    pub(crate) start: Option<Text>,
    pub(crate) duration: Option<Text>,
    pub(crate) count: Option<Text>,
    /// None where no list is written.
    pub(crate) list: Option<Declared<Iteration>>,
    /// The first of the four keys.
    pub(crate) key: Option<Text>,
    /// False where one of the four can't be read.
    pub(crate) readable: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Iteration {
    pub(crate) title: Text,
    pub(crate) start: Option<Text>,
    pub(crate) duration: Option<Text>,
    pub(crate) renamed_from: Vec<Text>,
}

#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) name: Text,
    /// None where it can't be read.
    pub(crate) layout: Option<Layout>,
    pub(crate) filter: Setting<Text>,
    /// None where no fields are written. Where the list begins.
    pub(crate) fields: Option<(Vec<Text>, Span)>,
    pub(crate) group_by: Setting<Text>,
    pub(crate) sort_by: Setting<Vec<(Text, Direction)>>,
    pub(crate) column_by: Setting<Text>,
    /// Where the key stands, whatever its value.
    pub(crate) column_by_key: Option<Span>,
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
    pub(crate) assignees: Vec<Text>,
    pub(crate) milestone: Setting<Text>,
    pub(crate) issue_type: Setting<Text>,
    pub(crate) fields: Vec<Input>,
}

/// A value as written, under the name of its field.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) field: Text,
    pub(crate) value: Written,
    pub(crate) span: Span,
}

/// One value or several.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    One(Scalar),
    Several(Vec<Text>),
}

#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub(crate) level: Level,
    /// Where it begins.
    pub(crate) span: Span,
    pub(crate) id: Option<Text>,
    pub(crate) title: Option<Text>,
    pub(crate) body: Setting<Text>,
    pub(crate) stage: Option<Text>,
    /// False where a stage is written that can't be read.
    pub(crate) stage_readable: bool,
    /// Whether it is a draft of the board.
    pub(crate) draft: bool,
    /// Its keys that a draft can't have.
    pub(crate) not_of_a_draft: Vec<Text>,
    pub(crate) labels: Vec<Text>,
    pub(crate) assignees: Vec<Text>,
    pub(crate) milestone: Setting<Text>,
    /// Its issue type.
    pub(crate) type_name: Setting<Text>,
    pub(crate) state: Option<IssueState>,
    /// Why it is closed; None beside a state that can't be read.
    pub(crate) state_reason: Option<(StateReason, Span)>,
    pub(crate) repository: Option<Text>,
    /// False where a repository is written that can't be read.
    pub(crate) repository_readable: bool,
    pub(crate) fields: Vec<Input>,
    pub(crate) depends_on: Vec<Text>,
    pub(crate) renamed_from: Vec<Text>,
    /// An activity's own `projectProvisioning`.
    pub(crate) board: Option<Box<Provisioning>>,
    pub(crate) tasks: Declared<Issue>,
}

impl Issue {
    /// Where to point when the issue as a whole is meant.
    pub(crate) fn place(&self) -> Span {
        self.id.as_ref().map_or(self.span, |id| id.span)
    }
}

impl Provisioning {
    /// Whether an activity's asks for a board: one with a title does, and one that has what only a board can have is
    /// meant to.
    pub(crate) fn is_a_board(&self) -> bool {
        !self.of_a_board.is_empty() || !self.title_readable
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
pub(crate) fn read(root: &mut Node) -> Manifest {
    // A fragment may declare more.
    let alone = root.readable("includes");
    let mut stages = declared(root, "stages", whole);
    let mut labels = declared(root, "labels", label);
    let mut milestones = declared(root, "milestones", milestone);
    stages.complete &= alone;
    labels.complete &= alone;
    milestones.complete &= alone;
    Manifest {
        id: text(root, "id"),
        owner: root.get_mut("owner").and_then(owner),
        repository: text(root, "repository"),
        repository_readable: root.readable("repository"),
        stages,
        labels,
        milestones,
        projects: list(root, "projects", |node| Some(project(node, alone))),
    }
}

fn owner(node: &mut Node) -> Option<Owner> {
    Some(Owner { kind: word(node, "type")?, slug: text(node, "slug")? })
}

fn label(node: &mut Node) -> Option<Label> {
    Some(Label {
        name: text(node, "name")?,
        color: text(node, "color"),
        description: setting(node, "description"),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn milestone(node: &mut Node) -> Option<Milestone> {
    Some(Milestone {
        title: text(node, "title")?,
        due_on: setting(node, "dueOn"),
        description: setting(node, "description"),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn project(node: &mut Node, alone: bool) -> Project {
    // A project without it was reported; an empty one says nothing more.
    let mut nothing = Node::new(node.span, Value::Map(Vec::new()));
    let written = node.get_mut("projectProvisioning");
    let is_written = written.is_some();
    let mut board = provisioning(written.unwrap_or(&mut nothing));
    let fields = board.fields.get_or_insert_with(|| Declared { items: Vec::new(), complete: true });
    fields.complete &= is_written;
    let mut activities = declared(node, "activities", |node| Some(issue(node, Level::Activity)));
    activities.complete &= alone && node.readable("initiative");
    Project {
        id: text(node, "id"),
        span: node.span,
        renamed_from: list(node, "renamedFrom", whole),
        board,
        initiative: node.get_mut("initiative").map(|node| issue(node, Level::Initiative)),
        activities,
    }
}

fn provisioning(board: &mut Node) -> Provisioning {
    let mut nothing = Node::new(board.span, Value::Map(Vec::new()));
    let issues = board.get_mut("issues").unwrap_or(&mut nothing);
    let (on_remove, body) = (word(issues, "onRemove"), word(issues, "body"));
    let derive = issues.get_mut("derive").map(|derive| Derive {
        initiative: defaults(derive, "initiative"),
        activity: defaults(derive, "activity"),
        task: defaults(derive, "task"),
    });
    // Of fields that can't be read nothing is known; an unreadable key is as good as an unfinished list.
    let fields = has(board, "fields").then(|| declared(board, "fields", field));
    Provisioning {
        title: text(board, "title"),
        title_readable: board.readable("title"),
        description: setting(board, "description"),
        readme: setting(board, "readme"),
        visibility: word(board, "visibility"),
        managed_label: text(board, "managedLabel"),
        repositories: list(board, "repositories", whole),
        teams: list(board, "teams", whole),
        fields,
        views: list(board, "views", view),
        derive: derive.unwrap_or_default(),
        on_remove,
        body,
        of_a_board: board
            .entries()
            .iter()
            .filter(|entry| entry.key != "issues" && entry.value.sound)
            .map(|entry| Text { value: entry.key.clone(), span: entry.span })
            .collect(),
    }
}

fn field(node: &mut Node) -> Option<Field> {
    let options = has(node, "options");
    let name = text(node, "name")?;
    let here = |found: Option<Span>| found.filter(|at| at.file == name.span.file).unwrap_or(name.span);
    let key = node.entries().iter().find(|entry| entry.key == "options");
    Some(Field {
        kind_at: here(node.get("type").map(|kind| kind.span)),
        options_at: here(key.map(|entry| entry.span)),
        kind: word(node, "type"),
        manage: word(node, "manage"),
        options: options.then(|| declared(node, "options", option)),
        iterations: iterations(node),
        renamed_from: list(node, "renamedFrom", whole),
        name,
    })
}

fn iterations(node: &mut Node) -> Iterations {
    const KEYS: [&str; 4] = ["start", "duration", "count", "iterations"];
    let key = node.entries().iter().find(|entry| KEYS.contains(&entry.key.as_str()) && entry.value.sound);
    let key = key.map(|entry| Text { value: entry.key.clone(), span: entry.span });
    Iterations {
        start: text(node, "start"),
        duration: text(node, "duration"),
        count: text(node, "count"),
        list: has(node, "iterations").then(|| declared(node, "iterations", iteration)),
        key,
        readable: KEYS.iter().all(|key| node.readable(key)),
    }
}

fn iteration(node: &mut Node) -> Option<Iteration> {
    Some(Iteration {
        title: text(node, "title")?,
        start: text(node, "start"),
        duration: text(node, "duration"),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn view(node: &mut Node) -> Option<View> {
    let sorts = node.get_mut("sortBy").map(|list| match &mut list.value {
        Value::List(items) => {
            Setting::Set(items.iter_mut().filter(|item| item.sound).filter_map(sort).collect())
        }
        Value::Scalar(_) | Value::Map(_) => Setting::Clear,
    });
    Some(View {
        name: text(node, "name")?,
        layout: word(node, "layout"),
        filter: setting(node, "filter"),
        fields: node
            .get("fields")
            .map(|written| written.span)
            .map(|span| (list(node, "fields", whole), span)),
        group_by: setting(node, "groupBy"),
        sort_by: sorts.unwrap_or_default(),
        column_by: setting(node, "columnBy"),
        column_by_key: node
            .entries()
            .iter()
            .find(|entry| entry.key == "columnBy" && entry.value.sound)
            .map(|entry| entry.span),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn sort(node: &mut Node) -> Option<(Text, Direction)> {
    Some((text(node, "field")?, word(node, "direction").unwrap_or_default()))
}

fn option(node: &mut Node) -> Option<SelectOption> {
    Some(SelectOption {
        name: text(node, "name")?,
        color: word(node, "color"),
        description: text(node, "description"),
        renamed_from: list(node, "renamedFrom", whole),
    })
}

fn defaults(derive: &mut Node, level: &str) -> Defaults {
    derive.get_mut(level).map_or_else(Defaults::default, |node| Defaults {
        labels: list(node, "labels", whole),
        assignees: list(node, "assignees", whole),
        milestone: setting(node, "milestone"),
        issue_type: setting(node, "issueType"),
        fields: inputs(node),
    })
}

fn inputs(node: &mut Node) -> Vec<Input> {
    let entries = node.get_mut("fields").map(Node::entries_mut).unwrap_or_default();
    entries
        .iter_mut()
        .filter(|entry| entry.value.sound)
        .filter_map(|entry| {
            let value = match &mut entry.value.value {
                Value::Scalar(Scalar { text, kind }) => {
                    Written::One(Scalar { text: std::mem::take(text), kind: *kind })
                }
                // What can't be read was reported.
                Value::List(items) => Written::Several(
                    items
                        .iter_mut()
                        .map(|item| if item.sound { whole(item) } else { None })
                        .collect::<Option<_>>()?,
                ),
                Value::Map(_) => return None,
            };
            Some(Input {
                field: Text { value: std::mem::take(&mut entry.key), span: entry.span },
                value,
                span: entry.value.span,
            })
        })
        .collect()
}

fn issue(node: &mut Node, level: Level) -> Issue {
    Issue {
        level,
        span: node.span,
        id: text(node, "id"),
        title: text(node, "title"),
        body: setting(node, "body"),
        stage: text(node, "stage"),
        stage_readable: node.readable("stage"),
        draft: node.get("draft").and_then(Node::scalar).is_some_and(|draft| draft.kind == Kind::Bool(true)),
        not_of_a_draft: not_of_a_draft(node),
        labels: list(node, "labels", whole),
        assignees: list(node, "assignees", whole),
        milestone: setting(node, "milestone"),
        type_name: setting(node, "issueType"),
        state: word(node, "state"),
        state_reason: word(node, "stateReason")
            .zip(node.get("stateReason").map(|node| node.span))
            .filter(|_| node.readable("state")),
        repository: text(node, "repository"),
        repository_readable: node.readable("repository"),
        fields: inputs(node),
        depends_on: list(node, "dependsOn", whole),
        renamed_from: list(node, "renamedFrom", whole),
        board: node
            .get_mut("projectProvisioning")
            .filter(|_| level == Level::Activity)
            .map(|board| Box::new(provisioning(board))),
        tasks: declared(node, "tasks", |node| Some(issue(node, Level::Task))),
    }
}

/// The keys of an issue that lives in a repository (GraphQL schema: `addProjectV2DraftIssue` takes title, body and
/// assignees alone).
fn not_of_a_draft(node: &Node) -> Vec<Text> {
    const KEYS: [&str; 8] =
        ["repository", "labels", "milestone", "issueType", "state", "stateReason", "dependsOn", "tasks"];
    let entries =
        node.entries().iter().filter(|entry| KEYS.contains(&entry.key.as_str()) && entry.value.sound);
    entries.map(|entry| Text { value: entry.key.clone(), span: entry.span }).collect()
}

/// The text of a scalar that is not null.
fn whole(node: &mut Node) -> Option<Text> {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.kind != Kind::Null => {
            Some(Text { value: std::mem::take(&mut scalar.text), span: node.span })
        }
        Value::Scalar(_) | Value::List(_) | Value::Map(_) => None,
    }
}

fn text(node: &mut Node, key: &str) -> Option<Text> {
    node.get_mut(key).and_then(whole)
}

fn has(node: &Node, key: &str) -> bool {
    node.entries().iter().any(|entry| entry.key == key)
}

fn setting(node: &mut Node, key: &str) -> Setting<Text> {
    match node.get_mut(key) {
        None => Setting::Unmanaged,
        Some(node) => whole(node).map_or(Setting::Clear, Setting::Set),
    }
}

/// One of the words of an enumeration that the plan has too, spelt alike.
fn word<T: serde::de::DeserializeOwned>(node: &mut Node, key: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text(node, key)?.value)).ok()
}

fn list<T>(node: &mut Node, key: &str, read: impl Fn(&mut Node) -> Option<T>) -> Vec<T> {
    declared(node, key, read).items
}

fn declared<T>(node: &mut Node, key: &str, read: impl Fn(&mut Node) -> Option<T>) -> Declared<T> {
    let written = node.get_mut(key).map(Node::items_mut).unwrap_or_default();
    let all = written.len();
    // Issues are large: a list of them that grows is copied more than once.
    let mut items: Vec<T> = Vec::with_capacity(all);
    items.extend(written.iter_mut().filter(|item| item.sound).filter_map(read));
    let complete = items.len() == all && node.readable(key);
    Declared { items, complete }
}
