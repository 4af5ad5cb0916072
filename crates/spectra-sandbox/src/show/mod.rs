//! Boards as text: what a person sees in the web's place.
//!
//! Pure: a world in, text out, no line wider than asked for, and no control character of anybody's title in it. Shows
//! the world as it is, lagging lists and permissions aside.

mod text;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use self::text::{clip, plain, wrap};
use crate::world::World;
use crate::world::field::{Field, FieldType};
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::item::{Content, Item};
use crate::world::project::Project;
use crate::world::same_name;
use crate::world::value::Data;
use crate::world::view::{Layout, View};

/// How wide a line is at most, unless asked otherwise.
pub const WIDTH: usize = 100;

/// The project that `OWNER/NUMBER` names.
pub fn find(world: &World, name: &str) -> Option<NodeId> {
    let (login, number) = name.rsplit_once('/')?;
    let owner = world.owner_by_login(login)?;
    owner.projects.get(&number.parse().ok()?).cloned()
}

/// All projects, in the order of their making.
pub fn projects(world: &World) -> Vec<NodeId> {
    let mut rows: Vec<&Project> = world.projects.values().collect();
    rows.sort_by_key(|row| (row.created_at, row.database_id));
    rows.into_iter().map(|row| row.id.clone()).collect()
}

/// All boards one after another.
pub fn boards(world: &World, width: usize) -> String {
    let all: Vec<String> = projects(world).iter().filter_map(|id| board(world, id, width)).collect();
    if all.is_empty() { "No projects.\n".to_owned() } else { all.join("\n") }
}

/// All projects, a line each.
pub fn list(world: &World, width: usize) -> String {
    let mut out = String::new();
    for row in projects(world).iter().filter_map(|id| world.projects.get(id)) {
        line(&mut out, width, &format!("{}  {} ({} items)", name(world, row), row.title, row.items.len()));
    }
    if out.is_empty() { "No projects.\n".to_owned() } else { out }
}

/// A board: its head, views, columns with cards, and the tree of its issues. `None` when there is no such project.
pub fn board(world: &World, project: &NodeId, width: usize) -> Option<String> {
    let row = world.projects.get(project)?;
    let board = Board::new(world, row, width);
    let mut out = String::new();
    board.head(&mut out);
    board.views(&mut out);
    board.columns(&mut out);
    board.hierarchy(&mut out);
    Some(out)
}

struct Board<'w> {
    world: &'w World,
    project: &'w Project,
    width: usize,
    /// Issues are named with their repository when there is more than one of those.
    long_names: bool,
    fields: Vec<&'w Field>,
    items: Vec<&'w Item>,
}

impl<'w> Board<'w> {
    fn new(world: &'w World, project: &'w Project, width: usize) -> Self {
        let items: Vec<&Item> = project.items.iter().filter_map(|id| world.items.get(id)).collect();
        let issues = items.iter().filter_map(|item| issue_of(world, item));
        let repositories: BTreeSet<&NodeId> = issues.map(|issue| &issue.repository).collect();
        let fields = project.fields.iter().filter_map(|id| world.fields.get(id)).collect();
        Self { world, project, width, long_names: repositories.len() > 1, fields, items }
    }

    fn head(&self, out: &mut String) {
        let row = self.project;
        line(out, self.width, &format!("{}  {}", name(self.world, row), row.title));
        if let Some(text) = &row.short_description {
            line(out, self.width, text);
        }
        let state = if row.closed_at.is_some() { "closed, " } else { "" };
        let sight = if row.public { "public" } else { "private" };
        let linked: Vec<String> = row
            .repositories
            .iter()
            .filter_map(|id| self.world.repositories.get(id))
            .map(|repository| self.world.name_with_owner(repository))
            .collect();
        let linked =
            if linked.is_empty() { String::new() } else { format!(", linked to {}", linked.join(", ")) };
        line(out, self.width, &format!("{state}{sight}, {} items{linked}", self.items.len()));
    }

    fn views(&self, out: &mut String) {
        out.push_str("\nViews\n");
        for view in self.project.views.iter().filter_map(|id| self.world.views.get(id)) {
            let layout = match view.layout {
                Layout::TableLayout => "table",
                Layout::BoardLayout => "board",
                Layout::RoadmapLayout => "roadmap",
            };
            let mut notes = vec![layout.to_owned()];
            let mut note = |what: &str, ids: Vec<&NodeId>| {
                if !ids.is_empty() {
                    notes.push(format!("{what} {}", self.field_names(ids)));
                }
            };
            note("columns", view.vertical_group_by.iter().collect());
            note("grouped by", view.group_by.iter().collect());
            note("sorted by", view.sort_by.iter().map(|sort| &sort.field).collect());
            if let Some(filter) = view.filter.as_ref().filter(|filter| !filter.is_empty()) {
                notes.push(format!("filter {filter}"));
            }
            line(out, self.width, &format!("  {}  {}: {}", view.number, view.name, notes.join("; ")));
        }
    }

    /// Cards by the field that the first board's columns are, else by Status.
    fn columns(&self, out: &mut String) {
        let column = self.column_field();
        let mut cards: BTreeMap<Option<&str>, Vec<&Item>> = BTreeMap::new();
        for item in self.items.iter().filter(|item| !item.archived) {
            let value = column.and_then(|field| item.values.get(&field.id));
            cards.entry(value.and_then(|value| choice(&value.data))).or_default().push(item);
        }
        let chosen = column.map(choices).unwrap_or_default();
        for (id, title) in &chosen {
            let cards = cards.get(&Some(*id)).map(Vec::as_slice).unwrap_or_default();
            self.cards(out, title, cards, column);
        }
        if let Some(rest) = cards.get(&None) {
            let title = column.map_or_else(|| "Items".to_owned(), |field| format!("No {}", field.name));
            self.cards(out, &title, rest, column);
        }
        let archived: Vec<&Item> = self.items.iter().filter(|item| item.archived).copied().collect();
        if !archived.is_empty() {
            self.cards(out, "Archived", &archived, None);
        }
    }

    fn column_field(&self) -> Option<&'w Field> {
        let views = self.project.views.iter().filter_map(|id| self.world.views.get(id));
        let is_board = |view: &&View| view.layout == Layout::BoardLayout;
        let of_view = views.filter(is_board).find_map(|view| view.vertical_group_by.first());
        let field = of_view.and_then(|id| self.world.fields.get(id));
        field
            .filter(|field| !choices(field).is_empty())
            .or_else(|| self.fields.iter().find(|field| same_name(&field.name, "Status")).copied())
    }

    fn cards(&self, out: &mut String, title: &str, cards: &[&Item], column: Option<&Field>) {
        out.push('\n');
        line(out, self.width, &format!("{title} ({})", cards.len()));
        for item in cards {
            line(out, self.width, &format!("  {}", self.title(item)));
            let values = self.values(item, column);
            for text in wrap(&values, self.width.saturating_sub(6)) {
                let _written = writeln!(out, "      {text}");
            }
        }
    }

    fn title(&self, item: &Item) -> String {
        match &item.content {
            Content::Issue(id) => self.world.issues.get(id).map_or_else(String::new, |row| self.issue(row)),
            Content::Draft(id) => {
                let draft = self.world.drafts.get(id);
                format!("draft  {}", draft.map(|draft| draft.title.as_str()).unwrap_or_default())
            }
        }
    }

    fn issue(&self, row: &Issue) -> String {
        let repository = self.world.repositories.get(&row.repository).filter(|_| self.long_names);
        let place = repository.map(|repository| repository.name.as_str()).unwrap_or_default();
        let reason = row.state_reason().unwrap_or_default().to_lowercase().replace('_', " ");
        let state = if row.is_open() { String::new() } else { format!("  [closed: {reason}]") };
        format!("{place}#{}  {}{state}", row.number, row.title)
    }

    /// `Name: value` for all that the item and its issue have, in the order of the fields.
    fn values(&self, item: &Item, without: Option<&Field>) -> Vec<String> {
        let fields = self.fields.iter().filter(|field| without.is_none_or(|without| without.id != field.id));
        let shown = fields.filter_map(|field| {
            let value = match item.values.get(&field.id) {
                Some(value) => data(field, &value.data),
                None => self.of_issue(issue_of(self.world, item)?, field)?,
            };
            Some(plain(&format!("{}: {value}", field.name)))
        });
        shown.collect()
    }

    fn of_issue(&self, issue: &Issue, field: &Field) -> Option<String> {
        let world = self.world;
        let joined = |names: Vec<&str>| (!names.is_empty()).then(|| names.join(", "));
        match field.data_type {
            FieldType::Assignees => {
                let owners = issue.assignees.iter().filter_map(|id| world.owners.get(id));
                joined(owners.map(|owner| owner.login.as_str()).collect())
            }
            FieldType::Labels => {
                let labels = issue.labels.iter().filter_map(|id| world.labels.get(id));
                joined(labels.map(|label| label.name.as_str()).collect())
            }
            FieldType::Milestone => {
                world.milestones.get(issue.milestone.as_ref()?).map(|milestone| milestone.title.clone())
            }
            FieldType::ParentIssue => {
                let parent = world.issues.get(issue.parent.as_ref()?)?;
                Some(format!("#{}", parent.number))
            }
            FieldType::Title
            | FieldType::LinkedPullRequests
            | FieldType::Repository
            | FieldType::Reviewers
            | FieldType::SubIssuesProgress
            | FieldType::Created
            | FieldType::Updated
            | FieldType::Closed
            | FieldType::Text
            | FieldType::Number
            | FieldType::Date
            | FieldType::SingleSelect
            | FieldType::MultiSelect
            | FieldType::Iteration => None,
        }
    }

    /// The tree of the board's issues; parts that are not on the board are in it, since they belong to what is.
    fn hierarchy(&self, out: &mut String) {
        let on_board: Vec<&Issue> = self.items.iter().filter_map(|item| issue_of(self.world, item)).collect();
        let ids: BTreeSet<&NodeId> = on_board.iter().map(|issue| &issue.id).collect();
        let is_root = |issue: &&&Issue| {
            !issue.sub_issues.is_empty() && issue.parent.as_ref().is_none_or(|id| !ids.contains(id))
        };
        let roots: Vec<&Issue> = on_board.iter().filter(is_root).copied().collect();
        if roots.is_empty() {
            return;
        }
        out.push_str("\nHierarchy\n");
        for root in roots {
            self.branch(out, root, 1);
        }
    }

    fn branch(&self, out: &mut String, issue: &Issue, depth: usize) {
        let parts: Vec<&Issue> = issue.sub_issues.iter().filter_map(|id| self.world.issues.get(id)).collect();
        let done = parts.iter().filter(|part| !part.is_open()).count();
        let progress =
            if parts.is_empty() { String::new() } else { format!("  ({done} of {} done)", parts.len()) };
        line(out, self.width, &format!("{}{}{progress}", "  ".repeat(depth), self.issue(issue)));
        // GitHub: docs: eight levels; more cannot be.
        if depth < 10 {
            for part in parts {
                self.branch(out, part, depth + 1);
            }
        }
    }

    fn field_names(&self, ids: Vec<&NodeId>) -> String {
        let names = ids.into_iter().filter_map(|id| self.world.fields.get(id));
        names.map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// `OWNER/NUMBER`.
fn name(world: &World, project: &Project) -> String {
    let login = world.owners.get(&project.owner).map_or("ghost", |owner| owner.login.as_str());
    format!("{login}/{}", project.number)
}

fn issue_of<'w>(world: &'w World, item: &Item) -> Option<&'w Issue> {
    match &item.content {
        Content::Issue(id) => world.issues.get(id),
        Content::Draft(_) => None,
    }
}

/// The columns that a field makes, by the id of what is chosen.
fn choices(field: &Field) -> Vec<(&str, &str)> {
    let options = field.options.iter().map(|option| (option.id.as_str(), option.name.as_str()));
    let iterations = field.iterations.iter().flat_map(|setup| &setup.all);
    options.chain(iterations.map(|one| (one.id.as_str(), one.title.as_str()))).collect()
}

fn choice(data: &Data) -> Option<&str> {
    match data {
        Data::SingleSelect(id) | Data::Iteration(id) => Some(id),
        Data::Text(_) | Data::Number(_) | Data::Date(_) | Data::MultiSelect(_) => None,
    }
}

fn data(field: &Field, data: &Data) -> String {
    let named = |id: &String| {
        let found = choices(field).into_iter().find(|(known, _)| known == id);
        found.map_or_else(|| id.clone(), |(_, name)| name.to_owned())
    };
    match data {
        Data::Text(text) => text.clone(),
        Data::Number(number) => number.to_string(),
        Data::Date(date) => date.to_string(),
        Data::SingleSelect(id) | Data::Iteration(id) => named(id),
        Data::MultiSelect(ids) => ids.iter().map(named).collect::<Vec<_>>().join(", "),
    }
}

fn line(out: &mut String, width: usize, text: &str) {
    out.push_str(&clip(&plain(text), width));
    out.push('\n');
}
