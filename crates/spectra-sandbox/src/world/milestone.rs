//! Milestones of repositories. GitHub's GraphQL has no mutation that makes one: they are made and changed over REST.
//!
//! Invariants: titles are unique within a repository (REST refuses a second with `already_exists`); numbers are not
//! used twice; a date is kept as midnight in California.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};
use super::issue_state::StateName;
use super::refusal::Refusal;
use super::repository::Permission;
use super::timeline::What;

/// The rule of Pacific time since 2007, for which no time zone database is needed.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";

/// A milestone of a repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Milestone {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The repository.
    pub repository: NodeId,
    /// Its number within the repository.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// When it is due: midnight in California.
    pub due_on: Option<Timestamp>,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// Who made it.
    pub creator: NodeId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a new milestone is made of.
#[derive(Clone, Debug)]
pub struct CreateMilestone {
    /// Where.
    pub repository: NodeId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// When it is due, as sent.
    pub due_on: Option<Timestamp>,
    /// Open when not said.
    pub state: Option<StateName>,
}

/// What changes in a milestone; what is `None` stays.
#[derive(Clone, Debug)]
pub struct UpdateMilestone {
    /// Which.
    pub milestone: NodeId,
    /// A new title.
    pub title: Option<String>,
    /// A new description, or none.
    pub description: Option<Option<String>>,
    /// A new date, or none.
    pub due_on: Option<Option<Timestamp>>,
    /// A new state.
    pub state: Option<StateName>,
}

impl World {
    /// Makes a milestone, as REST's `POST …/milestones` does. GitHub: OpenAPI: push access is needed. A title that
    /// exists is refused with `Title has already been taken`, which REST calls `already_exists`.
    pub fn create_milestone(&mut self, now: Timestamp, input: CreateMilestone) -> Result<NodeId, Refusal> {
        let CreateMilestone { repository, title, description, due_on, state } = input;
        self.allowed(&repository, Permission::Write, "CreateMilestone")?;
        self.check_milestone_title(&repository, None, &title)?;
        let id = self.add_milestone(&repository, &title, description, due_on)?;
        let row = self.milestones.find_mut(&id)?;
        row.created_at = now;
        row.updated_at = now;
        row.closed_at = (state == Some(StateName::Closed)).then_some(now);
        Ok(id)
    }

    /// Changes a milestone, as REST's `PATCH …/milestones/NUMBER` does.
    pub fn update_milestone(&mut self, now: Timestamp, input: UpdateMilestone) -> Result<NodeId, Refusal> {
        let UpdateMilestone { milestone, title, description, due_on, state } = input;
        let repository = self.milestones.find(&milestone)?.repository.clone();
        self.allowed(&repository, Permission::Write, "UpdateMilestone")?;
        if let Some(title) = &title {
            self.check_milestone_title(&repository, Some(&milestone), title)?;
        }
        let row = self.milestones.find_mut(&milestone)?;
        if let Some(title) = title {
            row.title = title;
        }
        if let Some(description) = description {
            row.description = description.filter(|text| !text.is_empty());
        }
        if let Some(due_on) = due_on {
            row.due_on = due_on.map(midnight);
        }
        match state {
            Some(StateName::Closed) => row.closed_at = row.closed_at.or(Some(now)),
            Some(StateName::Open) => row.closed_at = None,
            None => {}
        }
        row.updated_at = now;
        Ok(milestone)
    }

    /// Deletes a milestone, as REST's `DELETE …/milestones/NUMBER` does: its issues lose it.
    pub fn delete_milestone(&mut self, now: Timestamp, milestone: &NodeId) -> Result<(), Refusal> {
        let repository = self.milestones.find(milestone)?.repository.clone();
        let issues: Vec<NodeId> = self
            .allowed(&repository, Permission::Write, "DeleteMilestone")?
            .issues
            .values()
            .filter(|id| self.issues.get(id).is_some_and(|row| row.milestone.as_ref() == Some(milestone)))
            .cloned()
            .collect();
        for issue in issues {
            self.set_milestone(now, &issue, None)?;
        }
        self.repositories.find_mut(&repository)?.milestones.retain(|id| id != milestone);
        self.milestones.remove(milestone);
        Ok(())
    }

    /// Adds a milestone to a repository without asking whether the viewer may.
    pub fn add_milestone(
        &mut self,
        repository: &NodeId,
        title: &str,
        description: Option<String>,
        due_on: Option<Timestamp>,
    ) -> Result<NodeId, Refusal> {
        let (id, database_id) = self.ids.mint(Kind::Milestone);
        let row = self.repositories.find_mut(repository)?;
        row.milestones.push(id.clone());
        let number = row.next_milestone;
        row.next_milestone = number.saturating_add(1);
        let milestone = Milestone {
            id: id.clone(),
            database_id,
            repository: repository.clone(),
            number,
            title: title.to_owned(),
            description: description.filter(|text| !text.is_empty()),
            due_on: due_on.map(midnight),
            closed_at: None,
            creator: self.viewer.clone(),
            created_at: self.now,
            updated_at: self.now,
        };
        self.milestones.insert(id.clone(), milestone);
        Ok(id)
    }

    /// How many of its issues are open and how many are closed.
    pub fn milestone_counts(&self, milestone: &Milestone) -> (usize, usize) {
        let repository = self.repositories.get(&milestone.repository);
        let ids = repository.into_iter().flat_map(|row| row.issues.values());
        let mine = ids
            .filter_map(|id| self.issues.get(id))
            .filter(|row| row.milestone.as_ref() == Some(&milestone.id));
        mine.fold(
            (0, 0),
            |(open, closed), row| if row.is_open() { (open + 1, closed) } else { (open, closed + 1) },
        )
    }

    /// Puts an issue into a checked milestone, or takes it out.
    pub(super) fn set_milestone(
        &mut self,
        now: Timestamp,
        issue: &NodeId,
        milestone: Option<NodeId>,
    ) -> Result<(), Refusal> {
        let before = self.issues.find(issue)?.milestone.clone();
        if before == milestone {
            return Ok(());
        }
        self.change_issue(now, issue)?.milestone.clone_from(&milestone);
        for id in [&before, &milestone].into_iter().flatten() {
            if let Some(row) = self.milestones.get_mut(id) {
                row.updated_at = now;
            }
        }
        let title = |world: &Self, id: &NodeId| world.milestones.get(id).map(|row| row.title.clone());
        if let Some(title) = before.and_then(|id| title(self, &id)) {
            self.happened(now, issue, What::Demilestoned { title });
        }
        if let Some(title) = milestone.and_then(|id| title(self, &id)) {
            self.happened(now, issue, What::Milestoned { title });
        }
        Ok(())
    }

    fn check_milestone_title(
        &self,
        repository: &NodeId,
        except: Option<&NodeId>,
        title: &str,
    ) -> Result<(), Refusal> {
        if title.trim().is_empty() {
            return Err(Refusal::unprocessable("Title can't be blank"));
        }
        let mut rows =
            self.repositories.find(repository)?.milestones.iter().filter_map(|id| self.milestones.get(id));
        // Whether the case of letters matters is not known; REST's answer to the same title is documented.
        if rows.any(|row| row.title == title && Some(&row.id) != except) {
            return Err(Refusal::unprocessable("Title has already been taken"));
        }
        Ok(())
    }
}

/// The midnight in California before the moment. GitHub: reported: `due_on` is kept as 07:00 or 08:00 UTC, noon UTC
/// lands on its own day and midnight UTC a day early.
fn midnight(sent: Timestamp) -> Timestamp {
    let zone = TimeZone::posix(PACIFIC).unwrap_or(TimeZone::UTC);
    let local = sent.to_zoned(zone);
    local.start_of_day().map_or(sent, |day| day.timestamp())
}

#[cfg(test)]
mod tests {
    use super::midnight;

    #[test]
    fn a_date_is_midnight_in_california() {
        for (sent, kept) in [
            ("2026-11-20T12:00:00Z", "2026-11-20T08:00:00Z"),
            ("2026-07-04T12:00:00Z", "2026-07-04T07:00:00Z"),
            ("2026-07-04T00:00:00Z", "2026-07-03T07:00:00Z"),
            ("2026-07-04T07:00:00Z", "2026-07-04T07:00:00Z"),
            // The night on which clocks go forward.
            ("2026-03-08T12:00:00Z", "2026-03-08T08:00:00Z"),
        ] {
            assert_eq!(midnight(sent.parse().unwrap()), kept.parse().unwrap(), "{sent}");
        }
    }
}
