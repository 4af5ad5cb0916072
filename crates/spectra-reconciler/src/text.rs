//! The text of an issue or a draft: its title, its body, and what its marker says.

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::IssueKey;
use spectra_model::marker::{MarkedBody, Marker};
use spectra_model::plan::BodyPolicy;

use crate::body::{self, BodyChange};
use crate::context::Context;

/// What the plan says and what is there.
pub(crate) struct Texts<'t> {
    pub(crate) kind: Kind,
    pub(crate) key: &'t IssueKey,
    /// The plan's title.
    pub(crate) title: &'t str,
    /// What the plan says of the managed region.
    pub(crate) body: &'t Setting<String>,
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
    // Of a region that the plan says nothing of what is there stands.
    let wanted = match texts.body {
        Setting::Unmanaged => texts.found.region.as_str(),
        Setting::Clear | Setting::Set(_) => texts.body.text(),
    };
    let policy = if texts.body.is_unmanaged() { BodyPolicy::CreateOnly } else { policy };
    let body = if texts.kind == Kind::Issue && context.issues.adopted.contains(texts.key) {
        let body = body::adopted(policy, texts.found, marker, wanted);
        member("body", Value::Null, json!(MarkedBody::read(&body).map(|it| it.region)));
        Some(body)
    } else {
        match body::decide(policy, context.options.edits, texts.found, marker, wanted) {
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

const MARKER_ALONE: &str = "what Spectra notes in the body is out of date or not whole";

/// The change, with a reason where it has no member that a person could see.
pub(crate) fn explained(mut change: Change) -> Change {
    if change.members.is_empty() && change.reason.is_none() {
        change.reason = Some(MARKER_ALONE.to_owned());
    }
    change
}

/// Whether a change of an issue or a draft brings its marker up to date and nothing else, such as a label's new name.
pub fn is_for_the_marker_alone(change: &Change) -> bool {
    change.members.is_empty() && change.reason.as_deref() == Some(MARKER_ALONE)
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
