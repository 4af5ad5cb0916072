//! The issue marker: the two comments around the managed region of an issue's body.
//!
//! The marker alone proves that an issue is Spectra's. It says which key the issue has, what Spectra last wrote into
//! the region (as a hash) and what else it set, so that people's additions are told from Spectra's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::comment;
use crate::id::{IssueKey, LabelName, Login, ProjectSlug, RepoSlug, RunId};
use crate::plan::IssueRef;
use crate::region;

const BEGIN: &str = "begin";
const END: &str = "<!-- spectra:end -->";
const VERSION: u32 = 1;

/// How Spectra came by the issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// Spectra made it.
    Created,
    /// People made it and a maintainer handed it over.
    Adopted,
}

/// What the opening comment says. Its members are in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Marker {
    /// The login that run had. It agrees with the issue's author unless a person copied the issue.
    pub actor: Login,
    /// Whether Spectra archived its item because the plan no longer had it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// The logins that Spectra assigned.
    #[serde(default)]
    pub assignees: Vec<Login>,
    /// The issues that Spectra made this one blocked by.
    #[serde(default)]
    pub blocked_by: Vec<IssueRef>,
    /// The boards of the project that the issue came from, and when: what Spectra filed there before is to be put aside.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub came_from: BTreeMap<ProjectSlug, Timestamp>,
    /// Whether Spectra closed the issue because the plan no longer had it, or took the whole board away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// [`region::hash`] of the region as Spectra wrote it.
    pub hash: String,
    /// The issue's identity.
    pub key: IssueKey,
    /// The labels that Spectra put on.
    pub labels: Vec<LabelName>,
    /// Created or adopted.
    pub origin: Origin,
    /// The repository that the plan had the issue in when this was written: by it an issue that a person moved is told
    /// from one that the plan moves. None of a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<RepoSlug>,
    /// The run that made or adopted the issue.
    pub run: RunId,
    /// The board that the issue belongs to.
    pub slug: ProjectSlug,
    /// The version of the marker's form.
    pub v: u32,
}

impl Marker {
    /// A marker for an issue that Spectra makes, around this region.
    pub fn created(
        slug: ProjectSlug,
        key: IssueKey,
        run: RunId,
        actor: Login,
        region: &str,
        labels: Vec<LabelName>,
    ) -> Self {
        Self {
            v: VERSION,
            slug,
            key,
            run,
            actor,
            origin: Origin::Created,
            hash: region::hash(region),
            labels,
            assignees: Vec::new(),
            blocked_by: Vec::new(),
            repository: None,
            came_from: BTreeMap::new(),
            closed: false,
            archived: false,
        }
    }

    /// The region between its two comments.
    pub fn around(&self, region: &str) -> String {
        let region = region.trim_matches(['\n', '\r']);
        let end = if region.is_empty() { "" } else { "\n" };
        [&comment::write(BEGIN, self), "\n", region, end, END].concat()
    }
}

/// An issue's body, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedBody {
    /// People's text above the region.
    pub before: String,
    /// What the opening comment says.
    pub marker: Marker,
    /// The region's text.
    pub region: String,
    /// People's text below the region.
    pub after: String,
    /// Whether the closing comment is there.
    pub closing: Closing,
}

/// Whether a region's closing comment is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// It is.
    There,
    /// A person took it out.
    Missing,
}

impl MarkedBody {
    /// Takes a body apart. None where it has no readable marker.
    ///
    /// A region whose closing comment was removed ends where its text is the one that Spectra wrote; where that isn't to
    /// be found it reaches to the end of the body, so that nothing of it is lost.
    pub fn read(body: &str) -> Option<Self> {
        let found = comment::find(BEGIN, body)?;
        let marker: Marker = comment::read(&found).ok().filter(|marker: &Marker| marker.v == VERSION)?;
        let closed = found.after.split_once(END);
        let closing = if closed.is_some() { Closing::There } else { Closing::Missing };
        let (region, after) = closed.unwrap_or_else(|| unclosed(&marker.hash, found.after));
        Some(Self {
            before: found.before.to_owned(),
            marker,
            region: region.trim_matches(['\n', '\r']).to_owned(),
            after: after.to_owned(),
            closing,
        })
    }

    /// Whether a person rewrote the region since Spectra last wrote it.
    pub fn region_was_rewritten(&self) -> bool {
        region::hash(&self.region) != self.marker.hash
    }

    /// The body with another marker and region, people's text untouched.
    pub fn with(&self, marker: &Marker, region: &str) -> String {
        format!("{}{}{}", self.before, marker.around(region), self.after)
    }
}

/// Where a region without its closing comment ends: behind the fewest lines that have its hash.
fn unclosed<'t>(hash: &str, text: &'t str) -> (&'t str, &'t str) {
    let ends = text.match_indices('\n').map(|(index, _)| index).chain([text.len()]);
    ends.filter_map(|end| text.split_at_checked(end))
        .find(|(region, _)| region::hash(region) == hash)
        .unwrap_or((text, ""))
}

/// A body without the comments that are Spectra's, whole or broken. One without its end is taken to its line's.
pub fn without_remnants(body: &str) -> String {
    let mut kept = String::with_capacity(body.len());
    for line in body.split_inclusive('\n') {
        let (mut rest, mut of_line, mut is_cut) = (line, String::new(), false);
        while let Some((before, comment)) = rest.split_once(comment::OPENING.trim_end()) {
            of_line.push_str(before);
            is_cut = true;
            rest = comment.split_once("-->").map_or("\n", |(_, after)| after);
        }
        of_line.push_str(rest);
        if !is_cut || !of_line.trim().is_empty() {
            kept.push_str(&of_line);
        }
    }
    kept
}

/// Whether a text holds what only Spectra may write.
pub fn holds_a_marker(text: &str) -> bool {
    text.contains(comment::OPENING.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marker(key: &str, region: &str) -> Marker {
        Marker::created(
            ProjectSlug::parse("voice").unwrap(),
            IssueKey::new(key),
            RunId::new("r1"),
            Login::new("octocat"),
            region,
            vec![LabelName::new("a --> b")],
        )
    }

    #[test]
    fn what_is_left_of_a_marker_goes_and_nothing_else() {
        let body = format!("above\n{}\nbelow", marker("a", "text").around("text"));
        assert_eq!(without_remnants(&body), "above\ntext\nbelow");
        for (body, left) in [
            ("a <!-- spectra:begin {\"v\":1", "a \n"),
            ("<!-- spectra:begin {{}} -->\ntext\n<!-- spectra:end", "text\n"),
            ("one <!-- spectra:end --> two <!-- spectra:end -->", "one  two "),
            ("<!-- theirs -->\n\ntext", "<!-- theirs -->\n\ntext"),
        ] {
            assert_eq!(without_remnants(body), left, "{body}");
        }
    }

    #[test]
    fn text_outside_the_region_is_kept() {
        let body =
            format!("Mine.\r\n\r\n{}\r\n\r\nAlso mine.", marker("voice/a", "- [ ] x").around("- [ ] x"));
        let read = MarkedBody::read(&body).unwrap();
        assert_eq!((read.before.as_str(), read.after.as_str()), ("Mine.\r\n\r\n", "\r\n\r\nAlso mine."));
        assert!(!read.region_was_rewritten());
        assert_eq!(read.with(&read.marker, &read.region), body);
    }

    #[test]
    fn a_rewritten_region_is_seen() {
        let body = marker("voice/a", "one").around("two");
        assert!(MarkedBody::read(&body).unwrap().region_was_rewritten());
    }

    #[test]
    fn a_region_without_its_closing_comment_ends_where_it_did() {
        let body = format!("{}\n\nMine.", marker("voice/a", "one\n\ntwo").around("one\n\ntwo"));
        let read = MarkedBody::read(&body.replace(END, "")).unwrap();
        assert_eq!((read.region.as_str(), read.closing), ("one\n\ntwo", Closing::Missing));
        assert_eq!(read.after.trim(), "Mine.");
        assert!(!read.region_was_rewritten());
        let read = MarkedBody::read(&body.replace(END, "").replace("two", "three")).unwrap();
        assert!(read.region_was_rewritten() && read.region.ends_with("Mine."));
    }

    #[test]
    fn a_body_without_a_marker_is_nobodys() {
        assert_eq!(MarkedBody::read("text <!-- spectra:begin nonsense -->"), None);
        assert!(holds_a_marker("x <!-- spectra:end -->"));
    }

    proptest! {
        #[test]
        fn whatever_people_make_of_a_body_is_read_or_nobodys(
            before in "(?s).{0,40}", json in "[{}\\[\\]\":,a-z0-9 ]{0,40}", after in "(?s).{0,40}"
        ) {
            let body = format!("{before}<!-- spectra:begin {json} -->{after}");
            let read = MarkedBody::read(&body);
            prop_assert!(read.is_none_or(|read| body.starts_with(&read.before)));
        }

        #[test]
        fn what_is_written_is_read(key in ".{1,30}", region in "[^<]{0,80}") {
            let written = marker(&key, &region).around(&region);
            let read = MarkedBody::read(&written).unwrap();
            prop_assert_eq!(&read.marker, &marker(&key, &region));
            prop_assert!(!read.region_was_rewritten());
        }
    }
}
