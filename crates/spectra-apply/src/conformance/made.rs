//! What the run has made and not removed again, so that it can be removed, or at least named, whatever the lists show.

use serde_json::Value;

use super::answer::Answer;

/// A kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    Project,
    Issue,
    Label,
    Milestone,
}

impl Thing {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Issue => "issue",
            Self::Label => "label",
            Self::Milestone => "milestone",
        }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) thing: Thing,
    /// Its id; a milestone's number.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) url: String,
    /// Whether it is an issue that is closed already.
    pub(super) is_closed: bool,
}

impl Made {
    /// A node of GraphQL's, or a milestone of the REST API's; None without an id.
    pub(super) fn of(thing: Thing, node: &Value) -> Option<Self> {
        let text = |member: &str| node.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let first = |members: [&str; 2]| {
            members.into_iter().map(text).find(|text| !text.is_empty()).unwrap_or_default()
        };
        let id = match thing {
            Thing::Milestone => plain(node.get("number")?),
            Thing::Project | Thing::Issue => text("id"),
            Thing::Label => first(["node_id", "id"]),
        };
        let is_closed = text("state") == "CLOSED";
        let (name, url) = (first(["title", "name"]), first(["html_url", "url"]));
        (!id.is_empty()).then_some(Self { thing, id, name, url, is_closed })
    }

    /// For people.
    pub(super) fn told(&self) -> String {
        let name = if self.name.is_empty() { &self.id } else { &self.name };
        let url = if self.url.is_empty() { String::new() } else { format!(" ({})", self.url) };
        format!("{} \"{name}\"{url}", self.thing.word())
    }
}

/// What a GraphQL answer says was made.
pub(super) fn by_graphql(answer: &Answer) -> impl Iterator<Item = Made> {
    [
        (Thing::Project, "/data/createProjectV2/projectV2"),
        (Thing::Issue, "/data/createIssue/issue"),
        (Thing::Label, "/data/createLabel/label"),
    ]
    .into_iter()
    .filter_map(|(thing, pointer)| Made::of(thing, answer.at(pointer)))
}

/// What the REST API says was made at a path.
pub(super) fn by_rest(path: &str, answer: &Answer) -> Option<Made> {
    let thing = if path.ends_with("/milestones") {
        Thing::Milestone
    } else if path.ends_with("/labels") {
        Thing::Label
    } else {
        return None;
    };
    Made::of(thing, answer.at("")).filter(|_| answer.status < 300)
}

/// A number or a text as it stands in an address: emulators give some of GitHub's numbers as texts.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
