//! Status updates of projects: what the people of a project say of its course.
//!
//! Invariant: each one belongs to the project that lists it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::refusal::Refusal;

/// `ProjectV2StatusUpdateStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are GitHub's own")]
pub enum Status {
    AtRisk,
    Complete,
    Inactive,
    OffTrack,
    OnTrack,
}

impl Status {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtRisk => "AT_RISK",
            Self::Complete => "COMPLETE",
            Self::Inactive => "INACTIVE",
            Self::OffTrack => "OFF_TRACK",
            Self::OnTrack => "ON_TRACK",
        }
    }
}

/// A status update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusUpdate {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The project.
    pub project: NodeId,
    /// How it goes.
    pub status: Option<Status>,
    /// Its text.
    pub body: Option<String>,
    /// When the work began.
    pub start_date: Option<Date>,
    /// When it is to end.
    pub target_date: Option<Date>,
    /// Who wrote it.
    pub creator: NodeId,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// `CreateProjectV2StatusUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateStatusUpdate {
    /// Where.
    pub project_id: NodeId,
    /// How it goes.
    pub status: Option<Status>,
    /// Its text.
    pub body: Option<String>,
    /// When the work began.
    pub start_date: Option<Date>,
    /// When it is to end.
    pub target_date: Option<Date>,
}

/// `UpdateProjectV2StatusUpdateInput`. That a null takes away is a guess.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateStatusUpdate {
    /// Which.
    pub status_update_id: NodeId,
    /// How it goes.
    #[serde(default, deserialize_with = "present")]
    pub status: Option<Option<Status>>,
    /// A new text.
    pub body: Option<String>,
    /// When the work began.
    #[serde(default, deserialize_with = "present")]
    pub start_date: Option<Option<Date>>,
    /// When it is to end.
    #[serde(default, deserialize_with = "present")]
    pub target_date: Option<Option<Date>>,
}

/// `DeleteProjectV2StatusUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteStatusUpdate {
    /// Which.
    pub status_update_id: NodeId,
}

impl World {
    /// `createProjectV2StatusUpdate`. Each call appends one (inferred: nothing identifies a repeated one).
    pub fn create_status_update(
        &mut self,
        now: Timestamp,
        input: CreateStatusUpdate,
    ) -> Result<NodeId, Refusal> {
        let CreateStatusUpdate { project_id, status, body, start_date, target_date } = input;
        self.projects.find(&project_id)?;
        check_dates(start_date, target_date)?;
        let (id, database_id) = self.ids.mint(Kind::StatusUpdate);
        let project = self.projects.find_mut(&project_id)?;
        project.status_updates.push(id.clone());
        project.updated_at = now;
        let update = StatusUpdate {
            id: id.clone(),
            database_id,
            project: project_id,
            status,
            body,
            start_date,
            target_date,
            creator: self.viewer.clone(),
            created_at: now,
            updated_at: now,
        };
        self.status_updates.insert(id.clone(), update);
        Ok(id)
    }

    /// `updateProjectV2StatusUpdate`: absent arguments leave alone.
    pub fn update_status_update(
        &mut self,
        now: Timestamp,
        input: UpdateStatusUpdate,
    ) -> Result<NodeId, Refusal> {
        let UpdateStatusUpdate { status_update_id, status, body, start_date, target_date } = input;
        let row = self.status_updates.find(&status_update_id)?;
        check_dates(start_date.unwrap_or(row.start_date), target_date.unwrap_or(row.target_date))?;
        let row = self.status_updates.find_mut(&status_update_id)?;
        row.status = status.unwrap_or(row.status);
        row.start_date = start_date.unwrap_or(row.start_date);
        row.target_date = target_date.unwrap_or(row.target_date);
        if let Some(body) = body {
            row.body = Some(body);
        }
        row.updated_at = now;
        Ok(status_update_id)
    }

    /// `deleteProjectV2StatusUpdate`; gives the project.
    pub fn delete_status_update(
        &mut self,
        now: Timestamp,
        input: &DeleteStatusUpdate,
    ) -> Result<NodeId, Refusal> {
        let id = &input.status_update_id;
        let project = self.status_updates.find(id)?.project.clone();
        let row = self.projects.find_mut(&project)?;
        row.status_updates.retain(|known| known != id);
        row.updated_at = now;
        self.status_updates.remove(id);
        Ok(project)
    }
}

/// A guess: the web does not let the target come before the start. The wording is not known.
fn check_dates(start: Option<Date>, target: Option<Date>) -> Result<(), Refusal> {
    match (start, target) {
        (Some(start), Some(target)) if target < start => {
            Err(Refusal::unprocessable("Target date must be after start date"))
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}

/// Tells a null from an absence.
#[expect(clippy::option_option, reason = "absent, null and given are three things")]
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
