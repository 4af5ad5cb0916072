//! Workflows of projects: built-in automations, readable and deletable, nothing more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::field::DefaultFields;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;

/// What a workflow reacts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkflowKind {
    /// An issue was closed: its item is done.
    ItemClosed,
    /// A pull request was merged: its item is done.
    PullRequestMerged,
    /// An item is done: its issue is closed.
    AutoClose,
    /// A part was added to an issue of the board.
    AutoAddSubIssues,
    /// A pull request was linked to an issue of the board.
    PullRequestLinked,
    /// An item was added: it is to be done.
    ItemAdded,
    /// An issue fits the board's filter. There is none at first, and no way to set one here.
    AutoAdd,
}

/// The workflows of a new project. GitHub: seven, all enabled, observed on live boards.
const DEFAULTS: [(WorkflowKind, &str); 7] = [
    (WorkflowKind::ItemClosed, "Item closed"),
    (WorkflowKind::PullRequestMerged, "Pull request merged"),
    (WorkflowKind::AutoClose, "Auto-close issue"),
    (WorkflowKind::AutoAddSubIssues, "Auto-add sub-issues to project"),
    (WorkflowKind::PullRequestLinked, "Pull request linked to issue"),
    (WorkflowKind::ItemAdded, "Item added to project"),
    (WorkflowKind::AutoAdd, "Auto-add to project"),
];

/// A workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workflow {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The project.
    pub project: NodeId,
    /// Its number within the project.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What it reacts to.
    pub kind: WorkflowKind,
    /// Whether it runs.
    pub enabled: bool,
    /// The field that it reads or writes.
    pub field: Option<NodeId>,
    /// The option that it waits for or sets.
    pub option: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// `DeleteProjectV2WorkflowInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteWorkflow {
    /// Which.
    pub workflow_id: NodeId,
}

impl World {
    /// `deleteProjectV2Workflow`; gives the project.
    pub fn delete_workflow(&mut self, now: Timestamp, input: &DeleteWorkflow) -> Result<NodeId, Refusal> {
        let project = self.workflows.find(&input.workflow_id)?.project.clone();
        let row = self.projects.find_mut(&project)?;
        row.workflows.retain(|id| *id != input.workflow_id);
        row.updated_at = now;
        self.workflows.remove(&input.workflow_id);
        Ok(project)
    }

    /// The project's workflow of this kind, if it is there and on.
    pub(super) fn enabled_workflow(&self, project: &NodeId, kind: WorkflowKind) -> Option<&Workflow> {
        let mut flows = self.projects.get(project)?.workflows.iter().filter_map(|id| self.workflows.get(id));
        flows.find(|flow| flow.kind == kind && flow.enabled)
    }

    /// Switches off the workflows whose option is gone. GitHub: measured in September 2026: options rewritten without
    /// their ids left one of six workflows on, the one that names no option.
    pub(super) fn stop_stale_workflows(&mut self, flows: &[NodeId]) {
        for id in flows {
            let Some(flow) = self.workflows.get(id) else { continue };
            let (Some(field), Some(option)) = (&flow.field, &flow.option) else { continue };
            let there = self.fields.get(field).is_some_and(|field| field.offers(option));
            if flow.enabled
                && !there
                && let Some(flow) = self.workflows.get_mut(id)
            {
                flow.enabled = false;
            }
        }
    }

    /// The seven workflows of a new project.
    pub(super) fn default_workflows(
        &mut self,
        now: Timestamp,
        project: &NodeId,
        fields: &DefaultFields,
    ) -> Vec<NodeId> {
        let mut made = Vec::new();
        for (number, (kind, name)) in (1..).zip(DEFAULTS) {
            let option = match kind {
                WorkflowKind::ItemAdded => Some(fields.todo.clone()),
                WorkflowKind::ItemClosed | WorkflowKind::PullRequestMerged | WorkflowKind::AutoClose => {
                    Some(fields.done.clone())
                }
                WorkflowKind::PullRequestLinked => Some(fields.doing.clone()),
                WorkflowKind::AutoAddSubIssues | WorkflowKind::AutoAdd => None,
            };
            let (id, database_id) = self.ids.mint(Kind::Workflow);
            let workflow = Workflow {
                id: id.clone(),
                database_id,
                project: project.clone(),
                number,
                name: name.to_owned(),
                kind,
                enabled: true,
                field: option.is_some().then(|| fields.status.clone()),
                option,
                created_at: now,
                updated_at: now,
            };
            self.workflows.insert(id.clone(), workflow);
            made.push(id);
        }
        made
    }
}
