//! The text of an issue or a draft: its title, its body, and what its marker says.

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::IssueKey;
use spectra_model::marker::{MarkedBody, Marker};

use crate::body::{self, BodyChange};
use crate::context::Context;

/// What the plan says and what is there.
pub(crate) struct Texts<'t> {
    pub(crate) kind: Kind,
    pub(crate) key: &'t IssueKey,
    /// The plan's title.
    pub(crate) title: &'t str,
    /// The plan's text of the managed region.
    pub(crate) body: &'t str,
    pub(crate) observed_title: &'t str,
    pub(crate) found: &'t MarkedBody,
    /// Where a person finds it.
    pub(crate) place: &'t str,
}

/// What becomes of it.
pub(crate) struct TextChange {
    pub(crate) members: Vec<Member>,
    pub(crate) title: Option<String>,
    pub(crate) body: Option<String>,
    /// What a person must decide about the body.
    pub(crate) conflict: Option<Change>,
}

/// Decides about a text. `marker` says what the marker shall say but for the region's hash.
pub(crate) fn decide(context: &Context<'_>, texts: &Texts<'_>, marker: &Marker) -> TextChange {
    let old = &texts.found.marker;
    let mut members = Vec::new();
    let mut member = |name: &str, old: Value, new: Value| {
        if old != new {
            members.push(Member { name: name.to_owned(), old, new });
        }
    };
    member("slug", json!(old.slug), json!(marker.slug));
    member("key", json!(old.key), json!(marker.key));
    member("title", json!(texts.observed_title), json!(texts.title));
    member("blockedBy", json!(old.blocked_by), json!(marker.blocked_by));
    let title = (texts.observed_title != texts.title).then(|| texts.title.to_owned());
    let policy = context.plan.project.body_of(texts.key);
    let mut conflict = None;
    let body = if texts.kind == Kind::Issue && context.issues.adopted.contains(texts.key) {
        let body = body::adopted(policy, texts.found, marker, texts.body);
        member("body", Value::Null, json!(MarkedBody::read(&body).map(|it| it.region)));
        Some(body)
    } else {
        match body::decide(policy, context.options.edits, texts.found, marker, texts.body) {
            BodyChange::Same => None,
            BodyChange::Marker(body) => Some(body),
            BodyChange::Region(body) => {
                member("body", json!(texts.found.region), json!(texts.body));
                Some(body)
            }
            BodyChange::Conflict(body) => {
                conflict = Some(conflict_of(texts));
                body
            }
        }
    };
    TextChange { members, title, body, conflict }
}

fn conflict_of(texts: &Texts<'_>) -> Change {
    let mut change = Change::new(Action::Manual, texts.kind, texts.key.as_str());
    change.members.push(Member {
        name: "body".to_owned(),
        old: json!(texts.found.region),
        new: json!(texts.body),
    });
    change.reason = Some(format!(
        "someone rewrote the managed part of the body of {}: take the text over into the manifest, or pass \
         --overwrite-edits",
        texts.place
    ));
    change
}
