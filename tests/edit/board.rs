//! What people do to a board and its fields.

use jiff::civil::Date;
use serde::Deserialize;
use spectra_model::board_record::Readme;
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::field::{CreateField, CustomType, Field, FieldType, UpdateField};
use spectra_sandbox::world::iteration::{IterationInput, IterationsInput};
use spectra_sandbox::world::option::{Color, OptionInput};
use spectra_sandbox::world::project::{CreateProject, ProjectRef, UpdateProject};

use super::{Problem, board_named, field_of, replaced};

/// One thing that a person does to a board.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum BoardEdit {
    CreateBoard {
        owner: String,
        title: String,
    },
    DeleteBoard {
        board: String,
    },
    UpdateBoard {
        board: String,
        title: Option<String>,
        description: Option<String>,
        public: Option<bool>,
    },
    /// The record stays behind the new text.
    WriteReadme {
        board: String,
        text: String,
    },
    ReplaceInReadme {
        board: String,
        old: String,
        new: String,
    },
    AddField {
        board: String,
        name: String,
        data_type: CustomType,
    },
    RenameField {
        board: String,
        field: String,
        name: String,
    },
    AddOption {
        board: String,
        field: String,
        name: String,
        color: Color,
    },
    RenameOption {
        board: String,
        field: String,
        name: String,
        new_name: String,
    },
    /// Its values go with it.
    RemoveOption {
        board: String,
        field: String,
        name: String,
    },
    AddIteration {
        board: String,
        field: String,
        title: String,
        start: Date,
        duration: i32,
    },
    RenameIteration {
        board: String,
        field: String,
        title: String,
        new_title: String,
    },
}

pub(super) fn make(world: &mut World, edit: BoardEdit) -> Result<(), Problem> {
    let now = world.now;
    match edit {
        BoardEdit::CreateBoard { owner, title } => {
            let owner_id = world.owner_by_login(&owner).ok_or("no such owner")?.id.clone();
            world
                .create_project(now, CreateProject { owner_id, title, repository_id: None, team_id: None })?;
        }
        BoardEdit::DeleteBoard { board } => {
            let project_id = board_named(world, &board)?;
            world.delete_project(now, &ProjectRef { project_id })?;
        }
        BoardEdit::UpdateBoard { board, title, description, public } => {
            let project = board_named(world, &board)?;
            let update = UpdateProject { title, short_description: description, public, ..update(project) };
            world.update_project(now, update)?;
        }
        BoardEdit::WriteReadme { board, text } => {
            let project = board_named(world, &board)?;
            let readme = world.projects.find(&project)?.readme.clone().unwrap_or_default();
            let readme = Readme { text, ..Readme::read(&readme)? };
            world.update_project(now, UpdateProject { readme: Some(readme.write()), ..update(project) })?;
        }
        BoardEdit::ReplaceInReadme { board, old, new } => {
            let project = board_named(world, &board)?;
            let readme = world.projects.find(&project)?.readme.clone().unwrap_or_default();
            let readme = replaced(&readme, &old, &new)?;
            world.update_project(now, UpdateProject { readme: Some(readme), ..update(project) })?;
        }
        BoardEdit::AddField { board, name, data_type } => {
            let field = CreateField {
                project_id: board_named(world, &board)?,
                name,
                data_type,
                single_select_options: None,
                multi_select_options: None,
                iteration_configuration: None,
            };
            world.create_field(now, field)?;
        }
        BoardEdit::RenameField { board, field, name } => {
            let field = field_named(world, &board, &field)?;
            world.update_field(now, UpdateField { name: Some(name), ..same(&field) })?;
        }
        BoardEdit::AddOption { board, field, name, color } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            options.push(OptionInput { id: None, name, color, description: String::new() });
            world.update_field(now, with_options(&field, options))?;
        }
        BoardEdit::RenameOption { board, field, name, new_name } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            let option = options.iter_mut().find(|option| option.name == name).ok_or("no such option")?;
            option.name = new_name;
            world.update_field(now, with_options(&field, options))?;
        }
        BoardEdit::RemoveOption { board, field, name } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            options.retain(|option| option.name != name);
            world.update_field(now, with_options(&field, options))?;
        }
        BoardEdit::AddIteration { board, field, title, start, duration } => {
            let field = field_named(world, &board, &field)?;
            let mut iterations = as_iterations(&field)?;
            iterations.iterations.push(IterationInput { id: None, title, start_date: start, duration });
            world.update_field(
                now,
                UpdateField { iteration_configuration: Some(iterations), ..same(&field) },
            )?;
        }
        BoardEdit::RenameIteration { board, field, title, new_title } => {
            let field = field_named(world, &board, &field)?;
            let mut iterations = as_iterations(&field)?;
            let mut all = iterations.iterations.iter_mut();
            all.find(|iteration| iteration.title == title).ok_or("no such iteration")?.title = new_title;
            world.update_field(
                now,
                UpdateField { iteration_configuration: Some(iterations), ..same(&field) },
            )?;
        }
    }
    Ok(())
}

fn update(project_id: NodeId) -> UpdateProject {
    UpdateProject {
        project_id,
        title: None,
        short_description: None,
        readme: None,
        closed: None,
        public: None,
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

fn with_options(field: &Field, options: Vec<OptionInput>) -> UpdateField {
    if field.data_type == FieldType::MultiSelect {
        UpdateField { multi_select_options: Some(options), ..same(field) }
    } else {
        UpdateField { single_select_options: Some(options), ..same(field) }
    }
}

fn as_iterations(field: &Field) -> Result<IterationsInput, Problem> {
    let iterations = field.iterations.as_ref().ok_or("no iteration field")?;
    let all = iterations.all.iter().map(|it| {
        let duration = i32::try_from(it.duration)?;
        let id = Some(it.id.clone());
        Ok(IterationInput { id, title: it.title.clone(), start_date: it.start_date, duration })
    });
    Ok(IterationsInput {
        start_date: iterations.start_date,
        duration: i32::try_from(iterations.duration)?,
        iterations: all.collect::<Result<_, Problem>>()?,
    })
}

fn as_input(field: &Field) -> Vec<OptionInput> {
    let options = field.options.iter().cloned();
    options
        .map(|it| OptionInput {
            id: Some(it.id),
            name: it.name,
            color: it.color,
            description: it.description,
        })
        .collect()
}

fn field_named(world: &World, board: &str, name: &str) -> Result<Field, Problem> {
    field_of(world, &board_named(world, board)?, name)
}
