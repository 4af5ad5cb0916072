//! What people do to a world between two runs, as a small list in JSON.
//!
//! `octocat` does it, on GitHub's pages as it were. Issues are named by their key (`voice/discover/define-scope`) or as
//! `owner/name#number`, boards as `owner/number`.

use jiff::Timestamp;
use serde::Deserialize;
use spectra_model::board_record::Readme;
use spectra_model::marker::MarkedBody;
use spectra_sandbox::World;
use spectra_sandbox::world::field::{Field, UpdateField};
use spectra_sandbox::world::issue::{Close, CreateIssue, IssueRef, UpdateIssue};
use spectra_sandbox::world::item::ItemRef;
use spectra_sandbox::world::label::{AddLabels, CreateLabel, RemoveLabels};
use spectra_sandbox::world::option::{Color, OptionInput};
use spectra_sandbox::world::owner::OwnerKind;
use spectra_sandbox::world::project::{CreateProject, ProjectRef, UpdateProject};
use spectra_sandbox::world::sub_issue::{AddSubIssue, RemoveSubIssue};
use spectra_sandbox::world::value::{ClearValue, SetValue, ValueInput};
use spectra_sandbox::world::NodeId;

const PERSON: &str = "octocat";

/// Why an edit could not be made.
type Problem = Box<dyn std::error::Error + Send + Sync>;

/// One thing that a person does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Edit {
    CreateBoard { owner: String, title: String },
    DeleteBoard { board: String },
    UpdateBoard { board: String, title: Option<String>, description: Option<String>, public: Option<bool> },
    /// The record stays behind the new text.
    WriteReadme { board: String, text: String },
    ReplaceInReadme { board: String, old: String, new: String },
    CreateIssue { repository: String, title: String, body: String },
    /// As GitHub's "Duplicate issue" does it: title, body with marker and all, labels.
    CopyIssue { issue: String },
    DeleteIssue { issue: String },
    Retitle { issue: String, title: String },
    ReplaceInBody { issue: String, old: String, new: String },
    Close { issue: String },
    Reopen { issue: String },
    AddLabel { issue: String, label: String },
    RemoveLabel { issue: String, label: String },
    SetParent { issue: String, parent: Option<String> },
    SetValue { issue: String, field: String, value: Option<String> },
    Archive { issue: String },
    TakeOffBoard { issue: String },
    CreateLabel { repository: String, name: String, color: String },
    ChangeLabel { repository: String, name: String, new_name: Option<String>, color: Option<String> },
    DeleteLabel { repository: String, name: String },
    RenameField { board: String, field: String, name: String },
    AddOption { board: String, field: String, name: String, color: Color },
    RenameOption { board: String, field: String, name: String, new_name: String },
}

/// Makes edits, one after the other.
///
/// # Errors
/// When one names what isn't there, or GitHub refuses it.
pub fn edit(world: &mut World, edits: Vec<Edit>) -> Result<(), Problem> {
    let viewer = world.viewer.clone();
    let person = world.owner_by_login(PERSON).map(|owner| owner.id.clone());
    world.viewer = person.unwrap_or_else(|| world.add_owner(OwnerKind::User, PERSON, None));
    let done = edits.into_iter().try_for_each(|edit| {
        let told = format!("{edit:?}");
        one(world, edit).map_err(|problem| Problem::from(format!("{told}: {problem}")))
    });
    world.viewer = viewer;
    done
}

fn one(world: &mut World, edit: Edit) -> Result<(), Problem> {
    let now = world.now;
    match edit {
        Edit::CreateBoard { .. }
        | Edit::DeleteBoard { .. }
        | Edit::UpdateBoard { .. }
        | Edit::WriteReadme { .. }
        | Edit::ReplaceInReadme { .. } => board(world, now, edit),
        Edit::RenameField { board, field, name } => {
            let field = field_named(world, &board, &field)?;
            world.update_field(now, UpdateField { name: Some(name), ..same(&field) })?;
            Ok(())
        }
        Edit::AddOption { board, field, name, color } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            options.push(OptionInput { id: None, name, color, description: String::new() });
            world.update_field(now, UpdateField { single_select_options: Some(options), ..same(&field) })?;
            Ok(())
        }
        Edit::RenameOption { board, field, name, new_name } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            let option = options.iter_mut().find(|option| option.name == name).ok_or("no such option")?;
            option.name = new_name;
            world.update_field(now, UpdateField { single_select_options: Some(options), ..same(&field) })?;
            Ok(())
        }
        Edit::CreateLabel { repository, name, color } => {
            let repository_id = repository_named(world, &repository)?;
            world.create_label(now, CreateLabel { repository_id, name, color, description: None })?;
            Ok(())
        }
        Edit::ChangeLabel { repository, name, new_name, color } => {
            let id = label_named(world, &repository_named(world, &repository)?, &name)?;
            let label = world.labels.find_mut(&id)?;
            label.name = new_name.unwrap_or(name);
            label.color = color.unwrap_or_else(|| label.color.clone());
            Ok(())
        }
        Edit::DeleteLabel { repository, name } => {
            let id = label_named(world, &repository_named(world, &repository)?, &name)?;
            world.delete_label(now, &spectra_sandbox::world::label::DeleteLabel { id })?;
            Ok(())
        }
        of_issue => issue(world, now, of_issue),
    }
}

fn board(world: &mut World, now: Timestamp, edit: Edit) -> Result<(), Problem> {
    let update = |project_id| UpdateProject {
        project_id,
        title: None,
        short_description: None,
        readme: None,
        closed: None,
        public: None,
    };
    match edit {
        Edit::CreateBoard { owner, title } => {
            let owner_id = world.owner_by_login(&owner).ok_or("no such owner")?.id.clone();
            world.create_project(
                now,
                CreateProject { owner_id, title, repository_id: None, team_id: None },
            )?;
        }
        Edit::DeleteBoard { board } => {
            let project_id = board_named(world, &board)?;
            world.delete_project(now, &ProjectRef { project_id })?;
        }
        Edit::UpdateBoard { board, title, description, public } => {
            let project = board_named(world, &board)?;
            let update = UpdateProject { title, short_description: description, public, ..update(project) };
            world.update_project(now, update)?;
        }
        Edit::WriteReadme { board, text } => {
            let project = board_named(world, &board)?;
            let readme = world.projects.find(&project)?.readme.clone().unwrap_or_default();
            let readme = Readme { text, ..Readme::read(&readme)? };
            world.update_project(now, UpdateProject { readme: Some(readme.write()), ..update(project) })?;
        }
        Edit::ReplaceInReadme { board, old, new } => {
            let project = board_named(world, &board)?;
            let readme = world.projects.find(&project)?.readme.clone().unwrap_or_default();
            let readme = replaced(&readme, &old, &new)?;
            world.update_project(now, UpdateProject { readme: Some(readme), ..update(project) })?;
        }
        other => return Err(format!("{other:?} is no edit of a board").into()),
    }
    Ok(())
}

fn issue(world: &mut World, now: Timestamp, edit: Edit) -> Result<(), Problem> {
    match edit {
        Edit::CreateIssue { repository, title, body } => {
            let repository_id = repository_named(world, &repository)?;
            world.create_issue(now, new_issue(repository_id, title, body))?;
        }
        Edit::CopyIssue { issue } => {
            let original = world.issues.find(&issue_named(world, &issue)?)?.clone();
            let copy = new_issue(original.repository, original.title, original.body);
            world.create_issue(now, CreateIssue { label_ids: Some(original.labels), ..copy })?;
        }
        Edit::DeleteIssue { issue } => {
            let issue_id = issue_named(world, &issue)?;
            world.delete_issue(now, &IssueRef { issue_id })?;
        }
        Edit::Retitle { issue, title } => {
            let update = UpdateIssue { title: Some(title), ..change(issue_named(world, &issue)?) };
            world.update_issue(now, update)?;
        }
        Edit::ReplaceInBody { issue, old, new } => {
            let id = issue_named(world, &issue)?;
            let body = replaced(&world.issues.find(&id)?.body, &old, &new)?;
            world.update_issue(now, UpdateIssue { body: Some(body), ..change(id) })?;
        }
        Edit::Close { issue } => {
            let issue_id = issue_named(world, &issue)?;
            world.close_issue(now, Close { issue_id, state_reason: None, duplicate_issue_id: None })?;
        }
        Edit::Reopen { issue } => {
            let issue_id = issue_named(world, &issue)?;
            world.reopen_issue(now, IssueRef { issue_id })?;
        }
        Edit::AddLabel { issue, label } => {
            let labelable_id = issue_named(world, &issue)?;
            let label = label_named(world, &world.issues.find(&labelable_id)?.repository.clone(), &label)?;
            world.add_labels(now, AddLabels { labelable_id, label_ids: Some(vec![label]), labels: None })?;
        }
        Edit::RemoveLabel { issue, label } => {
            let labelable_id = issue_named(world, &issue)?;
            let label = label_named(world, &world.issues.find(&labelable_id)?.repository.clone(), &label)?;
            world.remove_labels(now, RemoveLabels { labelable_id, label_ids: vec![label] })?;
        }
        Edit::SetParent { issue, parent } => {
            let child = issue_named(world, &issue)?;
            set_parent(world, now, child, parent.as_deref())?;
        }
        Edit::SetValue { issue, field, value } => {
            let (project_id, item_id) = item_of(world, &issue)?;
            let field = field_of(world, &project_id, &field)?;
            let field_id = field.id.clone();
            match value {
                None => world.clear_value(now, ClearValue { project_id, item_id, field_id })?,
                Some(text) => {
                    let value = input(&field, &text)?;
                    world.set_value(now, SetValue { project_id, item_id, field_id, value })?
                }
            };
        }
        Edit::Archive { issue } => {
            let (project_id, item_id) = item_of(world, &issue)?;
            world.archive_item(now, ItemRef { project_id, item_id }, true)?;
        }
        Edit::TakeOffBoard { issue } => {
            let (project_id, item_id) = item_of(world, &issue)?;
            world.delete_item(now, ItemRef { project_id, item_id })?;
        }
        other => return Err(format!("{other:?} is no edit of an issue").into()),
    }
    Ok(())
}

fn set_parent(
    world: &mut World,
    now: Timestamp,
    child: NodeId,
    parent: Option<&str>,
) -> Result<(), Problem> {
    match parent {
        Some(parent) => {
            let issue_id = issue_named(world, parent)?;
            let add = AddSubIssue {
                issue_id,
                sub_issue_id: Some(child),
                sub_issue_url: None,
                replace_parent: Some(true),
            };
            world.add_sub_issue(now, add)?;
        }
        None => {
            let issue_id = world.issues.find(&child)?.parent.clone().ok_or("it has no parent")?;
            world.remove_sub_issue(now, RemoveSubIssue { issue_id, sub_issue_id: child })?;
        }
    }
    Ok(())
}

fn input(field: &Field, text: &str) -> Result<ValueInput, Problem> {
    use spectra_sandbox::world::field::FieldType;
    let mut input = ValueInput::default();
    match field.data_type {
        FieldType::Text => input.text = Some(text.to_owned()),
        FieldType::Number => input.number = Some(text.parse()?),
        FieldType::Date => input.date = Some(text.parse()?),
        FieldType::SingleSelect => {
            let option = field.options.iter().find(|option| option.name == text).ok_or("no such option")?;
            input.single_select_option_id = Some(option.id.clone());
        }
        other => return Err(format!("a value of type {} is not set here", other.as_str()).into()),
    }
    Ok(input)
}

fn new_issue(repository_id: NodeId, title: String, body: String) -> CreateIssue {
    CreateIssue {
        repository_id,
        title,
        body: Some(body),
        assignee_ids: None,
        label_ids: None,
        milestone_id: None,
        issue_type_id: None,
        parent_issue_id: None,
        project_v2_ids: None,
    }
}

fn change(id: NodeId) -> UpdateIssue {
    UpdateIssue {
        id,
        title: None,
        body: None,
        assignee_ids: None,
        assignees: None,
        label_ids: None,
        labels: None,
        milestone_id: None,
        issue_type_id: None,
        issue_type: None,
        state: None,
        state_input: None,
    }
}

fn same(field: &Field) -> UpdateField {
    UpdateField {
        field_id: field.id.clone(),
        name: None,
        single_select_options: None,
        multi_select_options: None,
        iteration_configuration: None,
    }
}

fn as_input(field: &Field) -> Vec<OptionInput> {
    let options = field.options.iter().cloned();
    options
        .map(|it| OptionInput { id: Some(it.id), name: it.name, color: it.color, description: it.description })
        .collect()
}

fn replaced(text: &str, old: &str, new: &str) -> Result<String, Problem> {
    if text.contains(old) { Ok(text.replace(old, new)) } else { Err(format!("{old:?} isn't in {text:?}").into()) }
}

fn issue_named(world: &World, name: &str) -> Result<NodeId, Problem> {
    let found = if let Some((repository, number)) = name.split_once('#') {
        let repository = world.repositories.find(&repository_named(world, repository)?)?;
        repository.issues.get(&number.parse()?).cloned()
    } else {
        let is_it = |body: &str| MarkedBody::read(body).is_some_and(|body| body.marker.key.as_str() == name);
        let mut issues: Vec<_> = world.issues.values().filter(|issue| is_it(&issue.body)).collect();
        issues.sort_by_key(|issue| issue.number);
        issues.first().map(|issue| issue.id.clone())
    };
    found.ok_or_else(|| format!("no issue {name}").into())
}

fn repository_named(world: &World, name: &str) -> Result<NodeId, Problem> {
    let (owner, repository) = name.split_once('/').ok_or("owner/name is wanted")?;
    Ok(world.repository_by_name(owner, repository)?.id.clone())
}

fn board_named(world: &World, name: &str) -> Result<NodeId, Problem> {
    let (owner, number) = name.split_once('/').ok_or("owner/number is wanted")?;
    let owner = world.owner_by_login(owner).ok_or("no such owner")?;
    owner.projects.get(&number.parse()?).cloned().ok_or_else(|| format!("no board {name}").into())
}

fn field_named(world: &World, board: &str, name: &str) -> Result<Field, Problem> {
    field_of(world, &board_named(world, board)?, name)
}

fn field_of(world: &World, project: &NodeId, name: &str) -> Result<Field, Problem> {
    world.field_by_name(project, name).cloned().ok_or_else(|| format!("no field {name}").into())
}

fn label_named(world: &World, repository: &NodeId, name: &str) -> Result<NodeId, Problem> {
    let label = world.label_by_name(repository, name).ok_or_else(|| format!("no label {name}"))?;
    Ok(label.id.clone())
}

/// An issue's place on the first board that it is on.
fn item_of(world: &World, issue: &str) -> Result<(NodeId, NodeId), Problem> {
    let issue = world.issues.find(&issue_named(world, issue)?)?;
    let item = issue.items.first().ok_or("it is on no board")?;
    Ok((world.items.find(item)?.project.clone(), item.clone()))
}

