//! What a world holds, as text that a reviewer reads: boards with fields, views, links and drafts; labels, milestones,
//! and issues with everything that is on them.
//!
//! Without ids and times, so that two worlds that are the same to people look the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use spectra_model::board_record::{BoardRecord, Readme};
use spectra_model::id::Login;
use spectra_model::marker::{MarkedBody, Marker};
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::field::Field;
use spectra_sandbox::world::issue::Issue;
use spectra_sandbox::world::item::{Content, Item};
use spectra_sandbox::world::iteration::Iteration;
use spectra_sandbox::world::milestone::Milestone;
use spectra_sandbox::world::project::Project;
use spectra_sandbox::world::repository::Repository;
use spectra_sandbox::world::value::Data;
use spectra_sandbox::world::view::View;

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Everything.
    Whole,
    /// Without what an interrupted run may leave different: how often the board was changed, and issues' numbers.
    Substance,
}

/// The world as text.
pub fn picture(world: &World, detail: Detail) -> String {
    let mut drawing = Drawing { world, detail, text: String::new() };
    for project in world.projects.values() {
        drawing.project(project);
    }
    let mut repositories: Vec<_> = world.repositories.values().collect();
    repositories.sort_by_key(|repository| world.name_with_owner(repository));
    for repository in repositories {
        drawing.repository(repository);
    }
    drawing.text
}

struct Drawing<'w> {
    world: &'w World,
    detail: Detail,
    text: String,
}

impl Drawing<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a `String` cannot fail.
        let _infallible = writeln!(self.text, "{:1$}{text}", "", 2 * depth);
    }

    fn paragraph(&mut self, depth: usize, text: &str) {
        for line in text.lines() {
            self.line(depth, format!("| {line}").trim_end());
        }
    }

    fn project(&mut self, project: &Project) {
        let Project { title, public, short_description, readme, closed_at, fields, .. } = project;
        let who = if *public { "public" } else { "private" };
        let closed = if closed_at.is_some() { ", closed" } else { "" };
        self.line(0, &format!("board {} {title:?}, {who}{closed}", self.board_name(project)));
        self.line(1, &format!("description: {}", short_description.as_deref().unwrap_or("(none)")));
        match Readme::read(readme.as_deref().unwrap_or_default()) {
            Ok(Readme { text, record }) => {
                self.paragraph(1, &text);
                if let Some(record) = record {
                    self.record(&record);
                }
            }
            Err(problem) => self.line(1, &format!("record: {problem}")),
        }
        for field in fields.iter().filter_map(|id| self.world.fields.get(id)) {
            if !field.built_in || field.name == "Status" {
                self.field(field);
            }
        }
        for view in project.views.iter().filter_map(|id| self.world.views.get(id)) {
            self.view(view);
        }
        let repositories = project.repositories.iter().filter_map(|id| self.world.repositories.get(id));
        let mut linked: Vec<String> = repositories.map(|it| self.world.name_with_owner(it)).collect();
        let teams = project.teams.iter().filter_map(|id| self.world.teams.get(id));
        linked.extend(teams.map(|team| format!("team {}", team.slug)));
        linked.sort();
        if !linked.is_empty() {
            self.line(1, &format!("linked: {}", linked.join(", ")));
        }
        for item in project.items.iter().filter_map(|id| self.world.items.get(id)) {
            if let Content::Draft(id) = &item.content
                && let Some(draft) = self.world.drafts.get(id)
            {
                self.line(1, &format!("draft {:?}{}", draft.title, self.people(&draft.assignees)));
                self.item(item);
                let claims = MarkedBody::read(&draft.body).map(|body| claims(&body.marker));
                if let Some(claims) = claims.as_ref().and_then(|claims| claims.strip_prefix(", ")) {
                    self.line(2, &format!("marker: {claims}"));
                }
                self.body(&draft.body);
            }
        }
    }

    fn view(&mut self, view: &View) {
        let View { name, layout, filter, visible_fields, sort_by, group_by, vertical_group_by, .. } = view;
        let name_of = |id: &NodeId| {
            self.world.fields.get(id).map_or_else(|| "(no field)".to_owned(), |field| field.name.clone())
        };
        let names = |ids: &[NodeId]| ids.iter().map(name_of).collect::<Vec<_>>().join(", ");
        let mut text = format!("view {name} ({})", layout.as_str());
        if let Some(filter) = filter.as_ref().filter(|filter| !filter.is_empty()) {
            let _infallible = write!(text, ", filter {filter:?}");
        }
        for (what, ids) in [("grouped by", group_by), ("columns by", vertical_group_by)] {
            if !ids.is_empty() {
                let _infallible = write!(text, ", {what} {}", names(ids));
            }
        }
        for sort in sort_by {
            let _infallible =
                write!(text, ", sorted by {} {}", name_of(&sort.field), sort.direction.as_str());
        }
        let shown = format!("shows {}", names(visible_fields));
        self.line(1, &text);
        self.line(2, &shown);
    }

    fn people(&self, ids: &[NodeId]) -> String {
        let logins = ids.iter().filter_map(|id| Some(self.world.owners.get(id)?.login.as_str()));
        let mut logins: Vec<&str> = logins.collect();
        logins.sort_unstable();
        if logins.is_empty() { String::new() } else { format!(", for {}", logins.join(", ")) }
    }

    fn record(&mut self, record: &BoardRecord) {
        let made = &record.made;
        let names = |names: Vec<String>| if names.is_empty() { "-".to_owned() } else { names.join(", ") };
        let options = made
            .options
            .iter()
            .flat_map(|(field, options)| options.keys().map(move |option| format!("{field}/{option}")));
        let repositories = record.repositories.iter().map(ToString::to_string);
        self.line(1, &format!("record of {} from {}", record.slug, record.manifest));
        self.line(2, &format!("made the board: {}", if made.board { "yes" } else { "no" }));
        self.line(
            2,
            &format!("made fields: {}", names(made.fields.keys().map(ToString::to_string).collect())),
        );
        self.line(2, &format!("made options: {}", names(options.collect())));
        self.line(2, &format!("made labels: {}", names(made.labels.keys().cloned().collect())));
        let iterations = made.iterations.iter();
        let iterations =
            iterations.flat_map(|(field, made)| made.keys().map(move |it| format!("{field}/{it}")));
        let more = [
            ("iterations", iterations.collect::<Vec<_>>()),
            ("views", made.views.keys().map(ToString::to_string).collect()),
            ("milestones", made.milestones.keys().cloned().collect()),
            ("drafts", made.drafts.keys().map(ToString::to_string).collect()),
            ("linked repositories", made.linked.iter().map(ToString::to_string).collect()),
            ("linked teams", made.teams.iter().map(ToString::to_string).collect()),
        ];
        for (what, made) in more.into_iter().filter(|(_, made)| !made.is_empty()) {
            self.line(2, &format!("made {what}: {}", made.join(", ")));
        }
        self.line(2, &format!("repositories: {}", names(repositories.collect())));
        let ended = (record.applying.is_none(), record.owed_since.is_none());
        self.line(
            2,
            match ended {
                (true, true) => "state: done",
                (true, false) => "state: something is owed",
                (false, _) => "state: locked",
            },
        );
        if self.detail == Detail::Whole {
            self.line(2, &format!("generation: {}", record.generation));
        }
    }

    fn field(&mut self, field: &Field) {
        self.line(1, &format!("field {} ({})", field.name, field.data_type.as_str()));
        for option in &field.options {
            let description = if option.description.is_empty() { "" } else { ": " };
            let (name, color) = (&option.name, option.color.as_str());
            self.line(2, &format!("{name} ({color}){description}{}", option.description));
        }
        for iteration in field.iterations.iter().flat_map(|iterations| &iterations.all) {
            let Iteration { title, start_date, duration, .. } = iteration;
            self.line(2, &format!("{title}: {duration} days from {start_date}"));
        }
    }

    fn repository(&mut self, repository: &Repository) {
        self.line(0, &format!("repository {}", self.world.name_with_owner(repository)));
        let mut labels: Vec<_> =
            repository.labels.iter().filter_map(|id| self.world.labels.get(id)).collect();
        labels.retain(|label| !label.is_default);
        labels.sort_by_key(|label| &label.name);
        for label in labels {
            let description = label.description.as_deref().filter(|text| !text.is_empty());
            let description = description.map_or_else(String::new, |text| format!(": {text}"));
            self.line(1, &format!("label {} ({}){description}", label.name, label.color));
        }
        let milestones = repository.milestones.iter().filter_map(|id| self.world.milestones.get(id));
        let mut milestones: Vec<&Milestone> = milestones.collect();
        milestones.sort_by_key(|milestone| &milestone.title);
        for Milestone { title, description, due_on, closed_at, .. } in milestones {
            let due = due_on.map_or_else(|| "no day".to_owned(), |due| due.to_string());
            let closed = if closed_at.is_some() { ", closed" } else { "" };
            let description = description.as_ref().filter(|text| !text.is_empty());
            let description = description.map_or_else(String::new, |text| format!(": {text}"));
            self.line(1, &format!("milestone {title} ({due}{closed}){description}"));
        }
        let mut issues: Vec<&Issue> =
            repository.issues.values().filter_map(|id| self.world.issues.get(id)).collect();
        if self.detail == Detail::Substance {
            issues.sort_by_key(|issue| (self.issue_name(issue), &issue.title));
        }
        for issue in issues {
            self.issue(issue);
        }
    }

    fn issue(&mut self, issue: &Issue) {
        let author = self.world.owners.get(&issue.author).map_or("?", |owner| owner.login.as_str());
        let state = issue.state_reason().unwrap_or("OPEN");
        let name = self.issue_name(issue);
        self.line(1, &format!("issue {name} {:?}, {state}, by {author}", issue.title));
        let marked = MarkedBody::read(&issue.body);
        if let Some(marked) = &marked {
            let labels: Vec<&str> =
                marked.marker.labels.iter().map(spectra_model::id::LabelName::as_str).collect();
            let rewritten = if marked.region_was_rewritten() { ", rewritten" } else { "" };
            let origin = &marked.marker.origin;
            let claims = claims(&marked.marker);
            let text =
                format!("marker: {}, {origin:?}{rewritten}, put on {labels:?}{claims}", marked.marker.key);
            self.line(2, &text);
        }
        if let Some(parent) = issue.parent.as_ref().and_then(|id| self.world.issues.get(id)) {
            self.line(2, &format!("parent: {}", self.issue_name(parent)));
        }
        let children = issue.sub_issues.iter().filter_map(|id| self.world.issues.get(id));
        let children: Vec<String> = children.map(|child| self.issue_name(child)).collect();
        if !children.is_empty() {
            self.line(2, &format!("sub-issues: {}", children.join(", ")));
        }
        let kind = issue.issue_type.as_ref().and_then(|id| self.world.issue_types.get(id));
        let milestone = issue.milestone.as_ref().and_then(|id| self.world.milestones.get(id));
        let mut rest: Vec<String> = kind.iter().map(|kind| format!("type {}", kind.name)).collect();
        rest.extend(milestone.map(|milestone| format!("milestone {}", milestone.title)));
        let people = self.people(&issue.assignees);
        if !rest.is_empty() || !people.is_empty() {
            self.line(2, format!("{}{people}", rest.join(", ")).trim_start_matches(", "));
        }
        for by in issue.blocked_by.iter().filter_map(|id| self.world.issues.get(id)) {
            self.line(2, &format!("blocked by: {}", self.issue_name(by)));
        }
        let mut labels: Vec<&str> =
            issue.labels.iter().filter_map(|id| Some(self.world.labels.get(id)?.name.as_str())).collect();
        labels.sort_unstable();
        self.line(2, &format!("labels: {}", labels.join(", ")));
        for item in issue.items.iter().filter_map(|id| self.world.items.get(id)) {
            self.item(item);
        }
        self.body(&issue.body);
    }

    fn body(&mut self, body: &str) {
        match MarkedBody::read(body) {
            None => self.paragraph(2, body),
            Some(MarkedBody { before, region, after, .. }) => {
                self.paragraph(2, &before);
                self.line(2, "<begin>");
                self.paragraph(2, &region);
                self.line(2, "<end>");
                self.paragraph(2, &after);
            }
        }
    }

    fn item(&mut self, item: &Item) {
        let Some(project) = self.world.projects.get(&item.project) else { return };
        let values: BTreeMap<&str, String> = item
            .values
            .iter()
            .filter_map(|(field, value)| {
                let field = self.world.fields.get(field)?;
                Some((field.name.as_str(), shown(field, &value.data)))
            })
            .collect();
        let values: Vec<String> =
            values.into_iter().map(|(field, value)| format!("{field} = {value}")).collect();
        let archived = if item.archived { " (archived)" } else { "" };
        self.line(2, &format!("on {}{archived}: {}", self.board_name(project), values.join(", ")));
    }

    fn board_name(&self, project: &Project) -> String {
        let owner = self.world.owners.get(&project.owner).map_or("?", |owner| owner.login.as_str());
        format!("{owner}/{}", project.number)
    }

    /// By number, or by what doesn't depend on the order of work.
    fn issue_name(&self, issue: &Issue) -> String {
        match (self.detail, MarkedBody::read(&issue.body)) {
            (Detail::Substance, Some(marked)) => marked.marker.key.to_string(),
            (Detail::Whole, _) | (Detail::Substance, None) => format!("#{}", issue.number),
        }
    }
}

/// Whom and what else a marker says that Spectra set.
fn claims(marker: &Marker) -> String {
    let Marker { assignees, blocked_by, closed, archived, .. } = marker;
    let mut claims = String::new();
    if !assignees.is_empty() {
        let _infallible =
            write!(claims, ", assigned {:?}", assignees.iter().map(Login::as_str).collect::<Vec<_>>());
    }
    if !blocked_by.is_empty() {
        let keys: Vec<&str> = blocked_by.iter().map(|by| by.key().as_str()).collect();
        let _infallible = write!(claims, ", blocked by {keys:?}");
    }
    for (what, is_so) in [("closed", closed), ("archived", archived)] {
        if *is_so {
            let _infallible = write!(claims, ", {what}");
        }
    }
    claims
}

fn shown(field: &Field, data: &Data) -> String {
    let option = |id: &str| {
        let option = field.options.iter().find(|option| option.id == id);
        option.map_or_else(|| format!("(no option {id})"), |option| option.name.clone())
    };
    match data {
        Data::Text(text) => format!("{text:?}"),
        Data::Number(number) => number.to_string(),
        Data::Date(date) => date.to_string(),
        Data::SingleSelect(id) => option(id),
        Data::MultiSelect(ids) => ids.iter().map(|id| option(id)).collect::<Vec<_>>().join(" + "),
        Data::Iteration(id) => {
            let mut iterations = field.iterations.iter().flat_map(|iterations| &iterations.all);
            let iteration = iterations.find(|iteration| iteration.id == *id);
            iteration.map_or_else(|| format!("(no iteration {id})"), |iteration| iteration.title.clone())
        }
    }
}
