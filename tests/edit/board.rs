//! What people do to a board and its fields.

use serde::Deserialize;
use spectra_model::board_record::Readme;
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::field::{Field, UpdateField};
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
        BoardEdit::RenameField { board, field, name } => {
            let field = field_named(world, &board, &field)?;
            world.update_field(now, UpdateField { name: Some(name), ..same(&field) })?;
        }
        BoardEdit::AddOption { board, field, name, color } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            options.push(OptionInput { id: None, name, color, description: String::new() });
            world.update_field(now, UpdateField { single_select_options: Some(options), ..same(&field) })?;
        }
        BoardEdit::RenameOption { board, field, name, new_name } => {
            let field = field_named(world, &board, &field)?;
            let mut options = as_input(&field);
            let option = options.iter_mut().find(|option| option.name == name).ok_or("no such option")?;
            option.name = new_name;
            world.update_field(now, UpdateField { single_select_options: Some(options), ..same(&field) })?;
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
