//! The world: everything that this GitHub holds, and every rule by which it changes.
//!
//! A pure state machine. A mutation is a method `(&mut World, now, input) -> Result<what it made, Refusal>`; a refusal
//! changes nothing. Time is an argument and chance comes from counters in the state, so the same requests at the same
//! times give the same world. One file a resource. Knows nothing of GraphQL, HTTP or files.

pub mod comment;
pub mod event;
pub mod field;
pub mod ids;
pub mod issue;
pub mod issue_type;
pub mod item;
pub mod iteration;
pub mod label;
pub mod milestone;
pub mod option;
pub mod owner;
pub mod project;
pub mod refusal;
pub mod repository;
pub mod sub_issue;
pub mod table;
pub mod value;
pub mod view;
pub mod workflow;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::ids::NodeId;
pub use self::refusal::{Refusal, RefusalKind};

use self::event::Event;
use self::ids::Ids;
use self::table::{AnyTable, Table};

/// The version of the world's JSON form.
pub const FORMAT: u32 = 1;

/// All that one GitHub holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct World {
    /// The version of this form: [`FORMAT`].
    pub format: u32,
    /// The latest moment the world has seen; never goes back.
    pub now: Timestamp,
    /// Whose token every request carries.
    pub viewer: NodeId,
    /// Which of GitHub's optional unpleasantnesses are switched on.
    pub behaviour: Behaviour,
    /// Counters.
    pub(crate) ids: Ids,
    /// Work that GitHub does after it has answered, earliest first.
    pub queue: VecDeque<Event>,
    /// Users and organisations.
    pub owners: Table<owner::Owner>,
    /// Teams of organisations.
    pub teams: Table<owner::Team>,
    /// Issue types of organisations.
    pub issue_types: Table<issue_type::IssueType>,
    /// Repositories.
    pub repositories: Table<repository::Repository>,
    /// Labels of repositories.
    pub labels: Table<label::Label>,
    /// Milestones of repositories.
    pub milestones: Table<milestone::Milestone>,
    /// Issues.
    pub issues: Table<issue::Issue>,
    /// Comments of issues.
    pub comments: Table<comment::Comment>,
    /// Projects.
    pub projects: Table<project::Project>,
    /// Fields of projects.
    pub fields: Table<field::Field>,
    /// Views of projects.
    pub views: Table<view::View>,
    /// Workflows of projects.
    pub workflows: Table<workflow::Workflow>,
    /// Items of projects.
    pub items: Table<item::Item>,
    /// Draft issues.
    pub drafts: Table<item::Draft>,
}

/// Which of GitHub's optional unpleasantnesses are switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Behaviour {
    /// How long a new item stays out of `ProjectV2.items`, in milliseconds. GitHub: from no delay to minutes were
    /// observed, while `Issue.projectItems` and `node` answer at once.
    pub items_lag_ms: u64,
}

impl World {
    /// A world with one user in it, the viewer.
    pub fn new(now: Timestamp, viewer: &str) -> Self {
        let mut world = Self {
            format: FORMAT,
            now,
            viewer: NodeId::new(""),
            behaviour: Behaviour::default(),
            ids: Ids::new(),
            queue: VecDeque::new(),
            owners: Table::default(),
            teams: Table::default(),
            issue_types: Table::default(),
            repositories: Table::default(),
            labels: Table::default(),
            milestones: Table::default(),
            issues: Table::default(),
            comments: Table::default(),
            projects: Table::default(),
            fields: Table::default(),
            views: Table::default(),
            workflows: Table::default(),
            items: Table::default(),
            drafts: Table::default(),
        };
        world.viewer = world.add_owner(owner::OwnerKind::User, viewer, None);
        world
    }

    /// Lets time pass: runs everything that is due. True when anything ran.
    pub fn advance_to(&mut self, now: Timestamp) -> bool {
        let mut ran = false;
        while let Some(event) = self.queue.pop_front_if(|event| event.due <= now) {
            self.now = self.now.max(event.due);
            self.run(event.due, event.action);
            ran = true;
        }
        self.now = self.now.max(now);
        ran
    }

    /// Everything but the tables, as JSON by name.
    pub(crate) fn head(&self) -> Result<Vec<(&'static str, String)>, serde_json::Error> {
        Ok(vec![
            ("format", serde_json::to_string(&self.format)?),
            ("now", serde_json::to_string(&self.now)?),
            ("viewer", serde_json::to_string(&self.viewer)?),
            ("behaviour", serde_json::to_string(&self.behaviour)?),
            ("ids", serde_json::to_string(&self.ids)?),
            ("queue", serde_json::to_string(&self.queue)?),
        ])
    }

    /// The tables by name.
    pub(crate) fn tables_mut(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)> {
        vec![
            ("owners", &mut self.owners),
            ("teams", &mut self.teams),
            ("issueTypes", &mut self.issue_types),
            ("repositories", &mut self.repositories),
            ("labels", &mut self.labels),
            ("milestones", &mut self.milestones),
            ("issues", &mut self.issues),
            ("comments", &mut self.comments),
            ("projects", &mut self.projects),
            ("fields", &mut self.fields),
            ("views", &mut self.views),
            ("workflows", &mut self.workflows),
            ("items", &mut self.items),
            ("drafts", &mut self.drafts),
        ]
    }
}

/// Whether two names are the same to GitHub. Field, option and label names are matched without regard to case
/// (inferred from reports of refused duplicates).
pub(crate) fn same_name(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}
