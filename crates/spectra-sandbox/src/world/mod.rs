//! The world: everything that this GitHub holds, and every rule by which it changes.
//!
//! A pure state machine. A mutation is a method `(&mut World, now, input) -> Result<what it made, Refusal>`; a refusal
//! changes nothing. Time is an argument and chance comes from counters in the state, so the same requests at the same
//! times give the same world. One file a resource. Knows nothing of GraphQL, HTTP or files.

pub mod access;
pub mod assignee;
pub mod blocked_by;
pub mod collaborator;
pub mod comment;
pub mod copy;
pub(crate) mod date;
pub mod draft;
pub mod event;
pub mod field;
pub mod filter;
pub mod ids;
pub mod issue;
pub mod issue_input;
pub mod issue_state;
pub mod issue_type;
pub mod item;
pub mod iteration;
pub mod label;
pub mod lock;
pub mod milestone;
pub mod option;
pub mod owner;
pub mod project;
pub mod project_query;
pub mod refusal;
pub mod repository;
pub mod search;
pub mod status_update;
pub mod sub_issue;
pub mod table;
pub mod team;
pub mod timeline;
pub mod transfer;
pub mod value;
pub mod view;
pub mod workflow;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

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
    /// How the present request's token narrows what the viewer may do.
    #[serde(skip)]
    pub access: access::Access,
    /// Whether it is GitHub itself that acts at this moment.
    #[serde(skip)]
    pub(crate) automating: bool,
    /// Which of GitHub's optional unpleasantnesses are switched on.
    pub behaviour: Behaviour,
    /// Counters.
    pub(crate) ids: Ids,
    /// Work that GitHub does after it has answered, earliest first.
    pub queue: VecDeque<Event>,
    /// Users and organisations.
    pub owners: Table<owner::Owner>,
    /// Teams of organisations.
    pub teams: Table<team::Team>,
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
    /// What issues that were moved to another repository are called now.
    #[serde(default)]
    pub moved: BTreeMap<NodeId, NodeId>,
    /// Issues that the search index does not show as they are, by issue.
    #[serde(default)]
    pub unindexed: Table<search::Unindexed>,
    /// Comments of issues.
    pub comments: Table<comment::Comment>,
    /// What else happened to issues.
    #[serde(default)]
    pub happenings: Table<timeline::Happening>,
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
    pub drafts: Table<draft::Draft>,
    /// Status updates of projects.
    #[serde(default)]
    pub status_updates: Table<status_update::StatusUpdate>,
}

/// Which of GitHub's optional unpleasantnesses are switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Behaviour {
    /// How long a new item stays out of `ProjectV2.items`, in milliseconds. GitHub: from no delay to minutes were
    /// observed, while `Issue.projectItems` and `node` answer at once. None when it is not said, so that a script that lists what it
    /// has just added finds it.
    pub items_lag_ms: u64,
    /// How long `search` goes on showing what was before a change, in milliseconds; one to two seconds, as observed, when
    /// it is not said.
    pub search_lag_ms: Option<u64>,
}

impl World {
    /// A world with one user in it, the viewer.
    pub fn new(now: Timestamp, viewer: &str) -> Self {
        let mut world = Self {
            format: FORMAT,
            now,
            viewer: NodeId::new(""),
            access: access::Access::default(),
            automating: false,
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
            moved: BTreeMap::new(),
            unindexed: Table::default(),
            comments: Table::default(),
            happenings: Table::default(),
            projects: Table::default(),
            fields: Table::default(),
            views: Table::default(),
            workflows: Table::default(),
            items: Table::default(),
            drafts: Table::default(),
            status_updates: Table::default(),
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
            ("moved", serde_json::to_string(&self.moved)?),
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
            ("unindexed", &mut self.unindexed),
            ("comments", &mut self.comments),
            ("happenings", &mut self.happenings),
            ("projects", &mut self.projects),
            ("fields", &mut self.fields),
            ("views", &mut self.views),
            ("workflows", &mut self.workflows),
            ("items", &mut self.items),
            ("drafts", &mut self.drafts),
            ("statusUpdates", &mut self.status_updates),
        ]
    }
}

/// Whether two names are the same to GitHub. Field, option and label names are matched without regard to case
/// (inferred from reports of refused duplicates).
pub(crate) fn same_name(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}
