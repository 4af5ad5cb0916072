//! What people do to a repository's labels.

use serde::Deserialize;
use spectra_sandbox::World;
use spectra_sandbox::world::label::{CreateLabel, DeleteLabel};

use super::{Problem, label_named, repository_named};

/// One thing that a person does to a label.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum LabelEdit {
    CreateLabel { repository: String, name: String, color: String },
    ChangeLabel { repository: String, name: String, new_name: Option<String>, color: Option<String> },
    DeleteLabel { repository: String, name: String },
}

pub(super) fn make(world: &mut World, edit: LabelEdit) -> Result<(), Problem> {
    let now = world.now;
    match edit {
        LabelEdit::CreateLabel { repository, name, color } => {
            let repository_id = repository_named(world, &repository)?;
            world.create_label(now, CreateLabel { repository_id, name, color, description: None })?;
        }
        LabelEdit::ChangeLabel { repository, name, new_name, color } => {
            let id = label_named(world, &repository_named(world, &repository)?, &name)?;
            let label = world.labels.find_mut(&id)?;
            label.name = new_name.unwrap_or(name);
            label.color = color.unwrap_or_else(|| label.color.clone());
        }
        LabelEdit::DeleteLabel { repository, name } => {
            let id = label_named(world, &repository_named(world, &repository)?, &name)?;
            world.delete_label(now, &DeleteLabel { id })?;
        }
    }
    Ok(())
}
