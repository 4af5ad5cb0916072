//! The board itself: title, description, readme, visibility.

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::observation::Board;
use spectra_model::plan::{Plan, Visibility};
use spectra_model::step::{ProjectUpdate, Step};

use crate::Target;
use crate::context::Context;
use crate::identity::{BoardMatch, board_of};
use crate::replacement::{board_to_replace, boards_in_force, leftover, working_title};

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let plan = context.plan;
    let mut changes = Vec::new();
    match context.board() {
        Some(board) if context.is_leftover() => changes.push(finish(context, board)),
        Some(board) => {
            changes.extend(update(context, board));
            changes.extend(closed(plan, board));
        }
        None => {
            let replaced = replaced(context);
            changes.push(create(plan, context.options.target, replaced));
        }
    }
    for change in &changes {
        context.announce(change);
    }
    changes
}

/// Whether the board is one that a run made and has not named yet.
pub(crate) fn is_leftover(plan: &Plan, board: &Board) -> bool {
    board.parts.record.is_none() && leftover(&plan.slug, &board.summary).is_some()
}

/// Notes why no board may be made; the address of the one that a new one is made in place of.
fn replaced(context: &mut Context<'_>) -> Option<String> {
    let (plan, boards, adoption) = (context.plan, &context.observation.boards, &context.options.adoption);
    let refusals = match context.options.target {
        Target::New => match board_to_replace(plan, boards, adoption) {
            Ok(board) => return board.map(|board| board.url.clone()),
            Err(refusals) => refusals,
        },
        Target::Known => match board_of(plan, boards, adoption) {
            BoardMatch::Refused(refusals) => refusals,
            BoardMatch::Found(_) | BoardMatch::Leftover(_) | BoardMatch::Absent => Vec::new(),
        },
    };
    context.refusals.extend(refusals);
    None
}

fn create(plan: &Plan, target: Target, replaced: Option<String>) -> Change {
    let mut change = Change::new(Action::Create, Kind::Project, plan.slug.as_str());
    let absent =
        State { title: Value::Null, description: Value::Null, readme: Value::Null, visibility: Value::Null };
    let (members, update) = diff(plan, &absent);
    change.members = members;
    if let Some(url) = replaced {
        change.members.push(Member { name: "supersedes".to_owned(), old: Value::Null, new: json!(url) });
    }
    let working_title = working_title(&plan.slug, target);
    change.steps = vec![Step::CreateProject { working_title }, Step::UpdateProject(update)];
    change
}

/// A board that an unfinished run made gets what that run had not given it yet.
fn finish(context: &Context<'_>, board: &Board) -> Change {
    let plan = context.plan;
    let target = leftover(&plan.slug, &board.summary).map_or(Target::Known, |it| it.target);
    let replaced = match target {
        Target::Known => None,
        Target::New => boards_in_force(plan, &context.observation.boards).first().map(|it| it.url.clone()),
    };
    let mut change = create(plan, target, replaced);
    change.steps.retain(|step| matches!(step, Step::UpdateProject(_)));
    change.reason = Some(format!("finishes board {} of an interrupted run", board.summary.number));
    change
}

/// A board that a person closed. The plan doesn't say whether a board is open, so it stays closed, is kept up to date, and
/// is spoken of.
fn closed(plan: &Plan, board: &Board) -> Option<Change> {
    board.summary.closed.then(|| {
        let mut change = Change::new(Action::Manual, Kind::Project, plan.slug.as_str());
        change.reason = Some(format!(
            "board {} is closed, and kept up to date all the same: open it again in its settings, or pass \
             --force-new-project for a new one",
            board.summary.url
        ));
        change
    })
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
    match context.record() {
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
