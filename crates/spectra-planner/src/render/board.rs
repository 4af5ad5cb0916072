//! The board itself in tables: fields, views, milestones, labels.

use std::collections::BTreeMap;

use spectra_model::Setting;
use spectra_model::id::fold;
use spectra_model::plan::{Direction, Field, FieldType, Layout, Manage, Milestone, Plan, View};

use super::{Table, escape, push};

/// Names and texts are cut here.
const NAME_CHARACTERS: usize = 60;
/// How many options or fields are named in a cell.
const NAMES: usize = 12;

/// The tables, none for what there is nothing of, each with its part of the room.
pub(super) fn sections(plan: &Plan, room: usize) -> String {
    let tables = [
        ("Fields", fields(plan)),
        ("Views", views(plan)),
        ("Milestones", milestones(plan)),
        ("Labels", labels(plan)),
    ];
    let count = tables.iter().filter(|(_, table)| !table.rows.is_empty()).count();
    let each = room.checked_div(count).unwrap_or(room);
    let mut sections = String::new();
    for (title, table) in tables.iter().filter(|(_, table)| !table.rows.is_empty()) {
        let heading = format!("## {title}\n\n");
        let table = table.render(each.saturating_sub(heading.len()));
        push(&mut sections, format_args!("{heading}{table}\n"));
    }
    sections
}

fn fields(plan: &Plan) -> Table {
    let rows = plan.fields.iter().map(|field| {
        let manage = match field.manage {
            Manage::Always => "put back",
            Manage::OnCreate => "set once, then people's",
        };
        format!(
            "| {} | {} | {} | {manage} |\n",
            name(field.name.as_str()),
            type_word(field.r#type),
            choices(field)
        )
    });
    Table::new(["Field", "Type", "Options or iterations", "Changed values are"], rows)
}

fn choices(field: &Field) -> String {
    let options = field.options.iter().map(|option| name(option.name.as_str()));
    let iterations = field.iterations.iter().map(|iteration| {
        let title = name(iteration.title.as_str());
        format!("{title} from {} for {} days", iteration.start, iteration.duration)
    });
    some(options.chain(iterations), field.options.len() + field.iterations.len())
}

fn views(plan: &Plan) -> Table {
    let rows = plan.views.iter().map(|view| {
        let layout = match view.layout {
            Layout::Table => "table",
            Layout::Board => "board",
            Layout::Roadmap => "roadmap",
        };
        format!("| {} | {layout} | {} | {} |\n", name(view.name.as_str()), fields_of(view), arranged(view))
    });
    Table::new(["View", "Layout", "Fields", "Arranged"], rows)
}

fn fields_of(view: &View) -> String {
    view.fields.as_ref().map_or_else(String::new, |fields| {
        some(
            fields.iter().map(|field| escape::text(&escape::cut(field.as_str(), NAME_CHARACTERS))),
            fields.len(),
        )
    })
}

fn arranged(view: &View) -> String {
    let mut parts = Vec::new();
    let mut part = |what: &str, value: Setting<String>| match value {
        Setting::Unmanaged => {}
        Setting::Clear => parts.push(format!("no {what}")),
        Setting::Set(value) => parts.push(format!("{what}: {value}")),
    };
    part("filter", map(&view.filter, |filter| name(filter)));
    part("grouping", map(&view.group_by, |field| name(field.as_str())));
    part("columns", map(&view.column_by, |field| name(field.as_str())));
    part(
        "sorting",
        map(&view.sort_by, |sorts| {
            let sorts = sorts.iter().map(|sort| {
                let direction = match sort.direction {
                    Direction::Asc => "ascending",
                    Direction::Desc => "descending",
                };
                format!("{} {direction}", name(sort.field.as_str()))
            });
            sorts.collect::<Vec<_>>().join(", ")
        }),
    );
    parts.join("; ")
}

fn map<T>(setting: &Setting<T>, shown: impl Fn(&T) -> String) -> Setting<String> {
    match setting {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(value) => Setting::Set(shown(value)),
    }
}

/// Milestones and labels are the same in every repository, so those of the first stand for all.
fn milestones(plan: &Plan) -> Table {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for title in plan.issues.iter().filter_map(|issue| issue.milestone.value()) {
        *used.entry(fold(title.as_str())).or_default() += 1;
    }
    let first = plan.milestones.first().map(|milestone| &milestone.repository);
    let rows =
        plan.milestones.iter().filter(|milestone| Some(&milestone.repository) == first).map(|milestone| {
            let count = used.get(&fold(milestone.title.as_str())).copied().unwrap_or_default();
            let title = escape::text(&escape::cut(milestone.title.as_str(), NAME_CHARACTERS));
            format!("| {title} | {} | {} | {count} |\n", due(milestone), described(&milestone.description))
        });
    Table::new(["Milestone", "Due", "Description", "Issues"], rows)
}

fn due(milestone: &Milestone) -> String {
    match &milestone.due_on {
        Setting::Unmanaged => String::new(),
        Setting::Clear => "_emptied_".to_owned(),
        Setting::Set(day) => day.to_string(),
    }
}

fn labels(plan: &Plan) -> Table {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for label in plan.issues.iter().flat_map(|issue| &issue.labels) {
        *used.entry(fold(label.as_str())).or_default() += 1;
    }
    let first = plan.labels.first().map(|label| &label.repository);
    let rows = plan.labels.iter().filter(|label| Some(&label.repository) == first).map(|label| {
        let count = used.get(&fold(label.name.as_str())).copied().unwrap_or_default();
        let color = escape::code(&label.color);
        format!("| {} | {color} | {} | {count} |\n", name(label.name.as_str()), described(&label.description))
    });
    Table::new(["Label", "Colour", "Description", "Issues"], rows)
}

fn described(text: &Setting<String>) -> String {
    match text {
        Setting::Unmanaged => String::new(),
        Setting::Clear => "_emptied_".to_owned(),
        Setting::Set(text) => escape::text(&escape::cut(text, NAME_CHARACTERS)),
    }
}

/// The first names of a list, and how many there are besides.
fn some(names: impl Iterator<Item = String>, count: usize) -> String {
    let mut shown = names.take(NAMES).collect::<Vec<_>>().join(", ");
    if count > NAMES {
        push(&mut shown, format_args!(", … {} more", count - NAMES));
    }
    shown
}

fn name(text: &str) -> String {
    escape::cell(&escape::cut(text, NAME_CHARACTERS))
}

fn type_word(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Number => "number",
        FieldType::Date => "date",
        FieldType::SingleSelect => "single select",
        FieldType::MultiSelect => "multi select",
        FieldType::Iteration => "iteration",
    }
}
