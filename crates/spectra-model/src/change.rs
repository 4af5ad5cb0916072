//! Changes: what is to be done to GitHub so that it holds what the plan says.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::forecast::Forecast;
use crate::id::ChangeId;
use crate::step::Step;

/// What happens to the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// It is made.
    Create,
    /// Members of it are changed. Closing, archiving and adoption are updates.
    Update,
    /// It is deleted.
    Delete,
    /// A person must do it.
    Manual,
    /// It can't be done as GitHub stands.
    Blocked,
}

/// GitHub's kinds of thing, as far as a plan can say them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A board.
    Project,
    /// A label of a repository.
    Label,
    /// A milestone of a repository.
    Milestone,
    /// A field of the board, with its options and iterations.
    Field,
    /// A view of the board.
    View,
    /// An issue, with its place on the board and its values there.
    Issue,
    /// A draft issue of the board, with its values.
    Draft,
    /// The edge from a parent to its sub-issue.
    SubIssue,
    /// The edge from an issue to one that it is blocked by.
    BlockedBy,
    /// The edge from the board to a repository that is linked to it.
    Repository,
    /// The edge from the board to a team that is linked to it.
    Team,
}

macro_rules! shown_as_on_the_wire {
    ($name:ident { $($variant:ident => $text:literal),* $(,)? }) => {
        impl $name {
            /// The word for it in ids and reports.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

shown_as_on_the_wire!(Action {
    Create => "create",
    Update => "update",
    Delete => "delete",
    Manual => "manual",
    Blocked => "blocked",
});
shown_as_on_the_wire!(Kind {
    Project => "project",
    Label => "label",
    Milestone => "milestone",
    Field => "field",
    View => "view",
    Issue => "issue",
    Draft => "draft",
    SubIssue => "subIssue",
    BlockedBy => "blockedBy",
    Repository => "repository",
    Team => "team",
});

impl Kind {
    /// All kinds, in the order of work.
    pub const ALL: [Self; 11] = [
        Self::Project,
        Self::Label,
        Self::Milestone,
        Self::Field,
        Self::View,
        Self::Issue,
        Self::Draft,
        Self::SubIssue,
        Self::BlockedBy,
        Self::Repository,
        Self::Team,
    ];
}

/// One member of a thing, old and new. Null stands for "not there".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Which member: `title`, `board`, `value:Priority`, `option:High`…
    pub name: String,
    /// What the plan says.
    pub new: Value,
    /// What GitHub holds.
    pub old: Value,
}

/// One change to one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What happens.
    pub action: Action,
    /// Whether data is lost by it.
    pub destructive: bool,
    /// `action:kind:key`.
    pub id: ChangeId,
    /// To which one: an issue's key, a name, `o/r#name`, `parent>child`, `issue<-by`, `o/r`; `/ # : > < %` in names
    /// percent-encoded. An issue of another board stands in an edge as `slug:key`.
    pub key: String,
    /// To what kind of thing.
    pub kind: Kind,
    /// What differs.
    pub members: Vec<Member>,
    /// Why, where the members don't say it.
    pub reason: Option<String>,
    /// The changes that must be done before this one.
    pub requires: Vec<ChangeId>,
    /// What is sent to GitHub for it, in order. Not on the wire: it is decided anew by each run.
    #[serde(skip)]
    pub steps: Vec<Step>,
}

impl Change {
    /// A change without members, requirements or steps.
    pub fn new(action: Action, kind: Kind, key: impl Into<String>) -> Self {
        let key = key.into();
        Self {
            id: change_id(action, kind, &key),
            action,
            kind,
            key,
            requires: Vec::new(),
            members: Vec::new(),
            destructive: false,
            reason: None,
            steps: Vec::new(),
        }
    }

    /// Whether GitHub is written to for it.
    pub fn is_done_by_spectra(&self) -> bool {
        match self.action {
            Action::Create | Action::Update | Action::Delete => true,
            Action::Manual | Action::Blocked => false,
        }
    }
}

/// The id of a change.
pub fn change_id(action: Action, kind: Kind, key: &str) -> ChangeId {
    ChangeId::new([action.as_str(), ":", kind.as_str(), ":", key].concat())
}

/// A name as it stands in a key: the characters that have a meaning there are percent-encoded.
pub fn encode(name: &str) -> String {
    if !name.contains(['/', '#', ':', '>', '<', '%']) {
        return name.to_owned();
    }
    name.chars().fold(String::with_capacity(name.len()), |mut text, c| {
        match c {
            '/' => text.push_str("%2F"),
            '#' => text.push_str("%23"),
            ':' => text.push_str("%3A"),
            '>' => text.push_str("%3E"),
            '<' => text.push_str("%3C"),
            '%' => text.push_str("%25"),
            other => text.push(other),
        }
        text
    })
}

/// How many things of the plan are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Made.
    pub create: usize,
    /// Changed.
    pub update: usize,
    /// Deleted.
    pub delete: usize,
    /// As the plan says already.
    pub unchanged: usize,
    /// For a person.
    pub manual: usize,
    /// Not possible as GitHub stands.
    pub blocked: usize,
}

/// Everything that is to be done, in order of work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSet {
    /// The changes; each stands after those that it requires.
    pub changes: Vec<Change>,
    /// How many of which action.
    pub counts: Counts,
    /// What executing it costs at least.
    pub forecast: Forecast,
}

impl ChangeSet {
    /// Whether nothing is written to GitHub.
    pub fn sends_nothing(&self) -> bool {
        !self.changes.iter().any(Change::is_done_by_spectra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_a_key() {
        assert_eq!(encode("a/b#c:d>e<f%g"), "a%2Fb%23c%3Ad%3Ee%3Cf%25g");
        assert_eq!(
            Change::new(Action::Create, Kind::SubIssue, "v/a>v/a/b").id.as_str(),
            "create:subIssue:v/a>v/a/b"
        );
    }

    #[test]
    fn words_are_those_of_the_wire() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for action in [Action::Create, Action::Update, Action::Delete, Action::Manual, Action::Blocked] {
            assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
        }
    }
}
