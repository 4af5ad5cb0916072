//! The board itself: title, description, readme, visibility.

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::observation::Board;
use spectra_model::plan::{Plan, Visibility};
use spectra_model::step::{ProjectUpdate, Step};

use crate::context::Context;
use crate::identity::{BoardMatch, board_of, working_title};

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let plan = context.plan;
    let change = match context.board() {
        Some(board) if board.parts.record.is_none() && is_leftover(plan, board) => Some(finish(plan, board)),
        Some(board) => update(context, board),
        None => {
            if let BoardMatch::Refused(refusals) =
                board_of(plan, &context.observation.boards, &context.options.adoption)
            {
                context.refusals.extend(refusals);
            }
            Some(create(plan))
        }
    };
    if let Some(change) = &change {
        context.announce(change);
    }
    change.into_iter().collect()
}

pub(crate) fn is_leftover(plan: &Plan, board: &Board) -> bool {
    board.summary.title.starts_with(&working_title(&plan.slug))
}

fn create(plan: &Plan) -> Change {
    let mut change = Change::new(Action::Create, Kind::Project, plan.slug.as_str());
    let absent =
        State { title: Value::Null, description: Value::Null, readme: Value::Null, visibility: Value::Null };
    let (members, update) = diff(plan, &absent);
    change.members = members;
    change.steps =
        vec![Step::CreateProject { working_title: working_title(&plan.slug) }, Step::UpdateProject(update)];
    change
}

/// A board that an unfinished run made gets what that run had not given it yet.
fn finish(plan: &Plan, board: &Board) -> Change {
    let mut change = create(plan);
    change.steps.retain(|step| matches!(step, Step::UpdateProject(_)));
    change.reason = Some(format!("finishes board {} of an interrupted run", board.summary.number));
    change
}

/// What differs on a board that is there. Its record is written with each change, so one that lacks its record, or has it
/// from another manifest or slug, is changed even where nothing else differs.
fn update(context: &Context<'_>, board: &Board) -> Option<Change> {
    let plan = context.plan;
    let visibility = if board.summary.public { "public" } else { "private" };
    let state = State {
        title: json!(board.summary.title),
        description: json!(board.summary.description),
        readme: json!(board.parts.text),
        visibility: json!(visibility),
    };
    let (members, update) = diff(plan, &state);
    let mut change = Change::new(Action::Update, Kind::Project, plan.slug.as_str());
    match &board.parts.record {
        None if context.issues.found.len() > context.issues.adopted.len() => {
            change.reason = Some("its record was gone, and is written anew".to_owned());
        }
        None => change.reason = Some("adopted".to_owned()),
        Some(record) => {
            let mut member = |name: &str, old: Value, new: Value| {
                if old != new {
                    change.members.push(Member { name: name.to_owned(), old, new });
                }
            };
            member("slug", json!(record.slug), json!(plan.slug));
            member("manifest", json!(record.manifest), json!(plan.manifest));
            if record.manifest != plan.manifest {
                change.reason = Some("adopted".to_owned());
            }
        }
    }
    change.members.extend(members);
    if change.members.is_empty() && change.reason.is_none() {
        return None;
    }
    change.steps = vec![Step::UpdateProject(update)];
    Some(change)
}

/// The board's members as GitHub holds them; null where there is no board.
struct State {
    title: Value,
    description: Value,
    readme: Value,
    visibility: Value,
}

fn diff(plan: &Plan, old: &State) -> (Vec<Member>, ProjectUpdate) {
    let project = &plan.project;
    let mut members = Vec::new();
    let mut update = ProjectUpdate::default();
    let mut differs = |name: &str, old: &Value, new: Value| {
        let differs = *old != new && !(old.is_null() && new == "");
        if differs {
            members.push(Member { name: name.to_owned(), old: old.clone(), new });
        }
        differs
    };
    if differs("title", &old.title, json!(project.title)) {
        update.title = Some(project.title.clone());
    }
    if let Some(description) = text(&project.description)
        && differs("description", &old.description, json!(description))
    {
        update.description = Some(description);
    }
    if let Some(readme) = text(&project.readme).map(|text| lines(&text))
        && differs("readme", &json!(old.readme.as_str().map(lines)), json!(readme))
    {
        update.readme = Some(readme);
    }
    if let Some(visibility) = project.visibility
        && differs("visibility", &old.visibility, json!(visibility))
    {
        update.public = Some(visibility == Visibility::Public);
    }
    (members, update)
}

/// What a setting makes of a text: None leaves it, empty clears it.
fn text(setting: &Setting<String>) -> Option<String> {
    match setting {
        Setting::Unmanaged => None,
        Setting::Clear => Some(String::new()),
        Setting::Set(text) => Some(text.clone()),
    }
}

/// A readme without what editing in the browser changes by itself: line ends, and space at the end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}
