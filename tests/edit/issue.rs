//! What people do to issues and their places on a board.

use jiff::Timestamp;
use serde::Deserialize;
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::blocked_by::BlockedBy;
use spectra_sandbox::world::field::{Field, FieldType};
use spectra_sandbox::world::issue_input::{Close, CreateIssue, IssueRef, UpdateIssue};
use spectra_sandbox::world::item::{AddItem, ItemRef};
use spectra_sandbox::world::label::{AddLabels, RemoveLabels};
use spectra_sandbox::world::owner::OwnerKind;
use spectra_sandbox::world::sub_issue::{AddSubIssue, RemoveSubIssue, ReprioritizeSubIssue};
use spectra_sandbox::world::value::{ClearValue, SetValue, ValueInput};

use super::milestone::milestone_named;
use super::{Problem, board_named, field_of, issue_named, label_named, replaced, repository_named};

/// One thing that a person does to an issue.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum IssueEdit {
    CreateIssue {
        repository: String,
        title: String,
        body: String,
    },
    /// As GitHub's "Duplicate issue" does it: title, body with marker and all, labels.
    CopyIssue {
        issue: String,
    },
    DeleteIssue {
        issue: String,
    },
    Retitle {
        issue: String,
        title: String,
    },
    ReplaceInBody {
        issue: String,
        old: String,
        new: String,
    },
    Close {
        issue: String,
    },
    Reopen {
        issue: String,
    },
    AddLabel {
        issue: String,
        label: String,
    },
    RemoveLabel {
        issue: String,
        label: String,
    },
    SetParent {
        issue: String,
        parent: Option<String>,
    },
    SetValue {
        issue: String,
        field: String,
        value: Option<String>,
    },
    AddBlockedBy {
        issue: String,
        by: String,
    },
    RemoveBlockedBy {
        issue: String,
        by: String,
    },
    SetMilestone {
        issue: String,
        repository: String,
        milestone: Option<String>,
    },
    /// Who is assigned, all of them.
    Assign {
        issue: String,
        people: Vec<String>,
    },
    MoveFirst {
        issue: String,
    },
    Archive {
        issue: String,
    },
    Unarchive {
        issue: String,
    },
    PutOnBoard {
        issue: String,
        board: String,
    },
    TakeOffBoard {
        issue: String,
    },
}

pub(super) fn make(world: &mut World, edit: IssueEdit) -> Result<(), Problem> {
    let now = world.now;
    match edit {
        IssueEdit::CreateIssue { repository, title, body } => {
            let repository_id = repository_named(world, &repository)?;
            world.create_issue(now, new_issue(repository_id, title, body))?;
        }
        IssueEdit::CopyIssue { issue } => {
            let original = world.issues.find(&issue_named(world, &issue)?)?.clone();
            let copy = new_issue(original.repository, original.title, original.body);
            world.create_issue(now, CreateIssue { label_ids: Some(original.labels), ..copy })?;
        }
        IssueEdit::DeleteIssue { issue } => {
            let issue_id = issue_named(world, &issue)?;
            world.delete_issue(now, &IssueRef { issue_id })?;
        }
        IssueEdit::Retitle { issue, title } => {
            let update = UpdateIssue { title: Some(title), ..change(issue_named(world, &issue)?) };
            world.update_issue(now, update)?;
        }
        IssueEdit::ReplaceInBody { issue, old, new } => {
            let id = issue_named(world, &issue)?;
            let body = replaced(&world.issues.find(&id)?.body, &old, &new)?;
            world.update_issue(now, UpdateIssue { body: Some(body), ..change(id) })?;
        }
        IssueEdit::Close { issue } => {
            let issue_id = issue_named(world, &issue)?;
            world.close_issue(now, Close { issue_id, state_reason: None, duplicate_issue_id: None })?;
        }
        IssueEdit::Reopen { issue } => {
            let issue_id = issue_named(world, &issue)?;
            world.reopen_issue(now, IssueRef { issue_id })?;
        }
        IssueEdit::AddLabel { issue, label } => {
            let labelable_id = issue_named(world, &issue)?;
            let label = label_named(world, &world.issues.find(&labelable_id)?.repository.clone(), &label)?;
            world.add_labels(now, AddLabels { labelable_id, label_ids: Some(vec![label]), labels: None })?;
        }
        IssueEdit::RemoveLabel { issue, label } => {
            let labelable_id = issue_named(world, &issue)?;
            let label = label_named(world, &world.issues.find(&labelable_id)?.repository.clone(), &label)?;
            world.remove_labels(now, RemoveLabels { labelable_id, label_ids: vec![label] })?;
        }
        IssueEdit::SetParent { issue, parent } => {
            let child = issue_named(world, &issue)?;
            set_parent(world, now, child, parent.as_deref())?;
        }
        IssueEdit::SetValue { issue, field, value } => {
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
        IssueEdit::AddBlockedBy { issue, by } => {
            let link = blocked_by(world, &issue, &by)?;
            world.add_blocked_by(now, link)?;
        }
        IssueEdit::RemoveBlockedBy { issue, by } => {
            let link = blocked_by(world, &issue, &by)?;
            world.remove_blocked_by(now, link)?;
        }
        IssueEdit::SetMilestone { issue, repository, milestone } => {
            let milestone = milestone.map(|title| milestone_named(world, &repository, &title)).transpose()?;
            let update = UpdateIssue { milestone_id: Some(milestone), ..change(issue_named(world, &issue)?) };
            world.update_issue(now, update)?;
        }
        IssueEdit::Assign { issue, people } => {
            let ids = people.iter().map(|login| {
                let found = world.owner_by_login(login).map(|owner| owner.id.clone());
                found.unwrap_or_else(|| world.add_owner(OwnerKind::User, login, None))
            });
            let assignee_ids = Some(ids.collect());
            let update = UpdateIssue { assignee_ids, ..change(issue_named(world, &issue)?) };
            world.update_issue(now, update)?;
        }
        IssueEdit::MoveFirst { issue } => {
            let sub_issue_id = issue_named(world, &issue)?;
            let issue_id = world.issues.find(&sub_issue_id)?.parent.clone().ok_or("it has no parent")?;
            let before_id = world.issues.find(&issue_id)?.sub_issues.first().cloned();
            let place = ReprioritizeSubIssue { issue_id, sub_issue_id, after_id: None, before_id };
            world.reprioritize_sub_issue(now, place)?;
        }
        IssueEdit::Archive { issue } => archive(world, now, &issue, true)?,
        IssueEdit::Unarchive { issue } => archive(world, now, &issue, false)?,
        IssueEdit::PutOnBoard { issue, board } => {
            let (project_id, content_id) = (board_named(world, &board)?, issue_named(world, &issue)?);
            world.add_item_by_id(now, AddItem { project_id, content_id })?;
        }
        IssueEdit::TakeOffBoard { issue } => {
            let (project_id, item_id) = item_of(world, &issue)?;
            world.delete_item(now, ItemRef { project_id, item_id })?;
        }
    }
    Ok(())
}

fn archive(world: &mut World, now: Timestamp, issue: &str, archived: bool) -> Result<(), Problem> {
    let (project_id, item_id) = item_of(world, issue)?;
    world.archive_item(now, ItemRef { project_id, item_id }, archived)?;
    Ok(())
}

fn set_parent(world: &mut World, now: Timestamp, child: NodeId, parent: Option<&str>) -> Result<(), Problem> {
    if let Some(parent) = parent {
        let issue_id = issue_named(world, parent)?;
        let add = AddSubIssue {
            issue_id,
            sub_issue_id: Some(child),
            sub_issue_url: None,
            replace_parent: Some(true),
        };
        world.add_sub_issue(now, add)?;
    } else {
        let issue_id = world.issues.find(&child)?.parent.clone().ok_or("it has no parent")?;
        world.remove_sub_issue(now, RemoveSubIssue { issue_id, sub_issue_id: child })?;
    }
    Ok(())
}

fn input(field: &Field, text: &str) -> Result<ValueInput, Problem> {
    let mut input = ValueInput::default();
    if field.data_type == FieldType::Text {
        input.text = Some(text.to_owned());
    } else if field.data_type == FieldType::Number {
        input.number = Some(text.parse()?);
    } else if field.data_type == FieldType::Date {
        input.date = Some(text.parse()?);
    } else if field.data_type == FieldType::Iteration {
        let mut iterations = field.iterations.iter().flat_map(|iterations| &iterations.all);
        let found = iterations.find(|iteration| iteration.title == text).ok_or("no such iteration")?;
        input.iteration_id = Some(found.id.clone());
    } else if field.data_type == FieldType::MultiSelect {
        let ids = text.split(" + ").map(|name| {
            let option = field.options.iter().find(|option| option.name == name);
            option.map(|option| option.id.clone()).ok_or("no such option")
        });
        input.multi_select_option_ids = Some(ids.collect::<Result<_, _>>()?);
    } else {
        let option = field.options.iter().find(|option| option.name == text).ok_or("no such option")?;
        input.single_select_option_id = Some(option.id.clone());
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

/// An issue's place on the first board that it is on.
fn item_of(world: &World, issue: &str) -> Result<(NodeId, NodeId), Problem> {
    let issue = world.issues.find(&issue_named(world, issue)?)?;
    let item = issue.items.first().ok_or("it is on no board")?;
    Ok((world.items.find(item)?.project.clone(), item.clone()))
}

fn blocked_by(world: &World, issue: &str, by: &str) -> Result<BlockedBy, Problem> {
    Ok(BlockedBy { issue_id: issue_named(world, issue)?, blocking_issue_id: issue_named(world, by)? })
}
