//! Views of projects: read only so far.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::ids::{Kind, NodeId};

/// How a view lays items out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Layout {
    /// A board.
    BoardLayout,
    /// A roadmap.
    RoadmapLayout,
    /// A table.
    TableLayout,
}

impl Layout {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BoardLayout => "BOARD_LAYOUT",
            Self::RoadmapLayout => "ROADMAP_LAYOUT",
            Self::TableLayout => "TABLE_LAYOUT",
        }
    }
}

/// A view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
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
    /// How it lays items out.
    pub layout: Layout,
    /// Which items it shows.
    pub filter: Option<String>,
    /// Which fields it shows, in order.
    pub visible_fields: Vec<NodeId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl World {
    /// The one view of a new project. GitHub: number 1, "View 1", reported as a table.
    pub(super) fn default_view(
        &mut self,
        now: Timestamp,
        project: &NodeId,
        visible_fields: Vec<NodeId>,
    ) -> NodeId {
        let (id, database_id) = self.ids.mint(Kind::View);
        let view = View {
            id: id.clone(),
            database_id,
            project: project.clone(),
            number: 1,
            name: "View 1".to_owned(),
            layout: Layout::TableLayout,
            filter: None,
            visible_fields,
            created_at: now,
            updated_at: now,
        };
        self.views.insert(id.clone(), view);
        id
    }
}
