//! What people do to a repository's milestones.

use jiff::Timestamp;
use serde::Deserialize;
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::issue_state::StateName;
use spectra_sandbox::world::milestone::{CreateMilestone, UpdateMilestone};

use super::{Problem, repository_named};

/// One thing that a person does to a milestone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum MilestoneEdit {
    AddMilestone {
        repository: String,
        title: String,
    },
    ChangeMilestone {
        repository: String,
        title: String,
        new_title: Option<String>,
        due_on: Option<Timestamp>,
    },
    CloseMilestone {
        repository: String,
        title: String,
    },
    DeleteMilestone {
        repository: String,
        title: String,
    },
}

pub(super) fn make(world: &mut World, edit: MilestoneEdit) -> Result<(), Problem> {
    let now = world.now;
    match edit {
        MilestoneEdit::AddMilestone { repository, title } => {
            let repository = repository_named(world, &repository)?;
            let milestone =
                CreateMilestone { repository, title, description: None, due_on: None, state: None };
            world.create_milestone(now, milestone)?;
        }
        MilestoneEdit::ChangeMilestone { repository, title, new_title, due_on } => {
            let milestone = milestone_named(world, &repository, &title)?;
            let update = UpdateMilestone { title: new_title, due_on: due_on.map(Some), ..same(milestone) };
            world.update_milestone(now, update)?;
        }
        MilestoneEdit::CloseMilestone { repository, title } => {
            let milestone = milestone_named(world, &repository, &title)?;
            let update = UpdateMilestone { state: Some(StateName::Closed), ..same(milestone) };
            world.update_milestone(now, update)?;
        }
        MilestoneEdit::DeleteMilestone { repository, title } => {
            let milestone = milestone_named(world, &repository, &title)?;
            world.delete_milestone(now, &milestone)?;
        }
    }
    Ok(())
}

fn same(milestone: NodeId) -> UpdateMilestone {
    UpdateMilestone { milestone, title: None, description: None, due_on: None, state: None }
}

/// The milestone of that title.
pub(super) fn milestone_named(world: &World, repository: &str, title: &str) -> Result<NodeId, Problem> {
    let repository = world.repositories.find(&repository_named(world, repository)?)?;
    let mut milestones = repository.milestones.iter().filter_map(|id| world.milestones.get(id));
    let found = milestones.find(|milestone| milestone.title == title);
    Ok(found.ok_or_else(|| format!("no milestone {title}"))?.id.clone())
}
