//! The board record: what Spectra last applied, written on the board itself, in one comment of the project's readme.
//!
//! It is the third side of the three-way comparison and the lock. It stands after the readme's text, which belongs to
//! the manifest or to people and is kept to the letter.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::comment;
use crate::id::{
    FieldName, IssueKey, IterationId, IterationTitle, LabelName, ManifestId, NodeId, OptionId, OptionName,
    ProjectSlug, RepoSlug, RunId, TeamSlug, ViewName,
};

const NAME: &str = "board";
const VERSION: u32 = 1;

/// The most bytes of a record.
pub const MAX_BYTES: usize = 30_000;

/// What the comment says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BoardRecord {
    v: u32,
    /// The board's slug.
    pub slug: ProjectSlug,
    /// The manifest that the board comes from.
    pub manifest: ManifestId,
    /// The board's own node id: a record that was copied to another board shows by it.
    pub project: NodeId,
    /// Raised by each apply that changes something.
    pub generation: u64,
    /// The label on every managed issue.
    pub managed_label: LabelName,
    /// The repositories that hold managed issues.
    pub repositories: Vec<RepoSlug>,
    /// What Spectra made.
    #[serde(default)]
    pub made: Made,
    /// What the unfinished run set out to make, until its ids are known: an answer that is lost leaves none.
    #[serde(default, skip_serializing_if = "Making::is_empty")]
    pub making: Making,
    /// Items of issues in repositories of other owners that the board's list of items didn't show yet. GitHub: such an
    /// issue doesn't list its place itself, so until the board does, it can be read by the item's id alone.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unlisted: BTreeSet<NodeId>,
    /// The run that is changing the board now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applying: Option<Applying>,
    /// The last run that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Applied>,
    /// GitHub's time when the first of the runs began that ended with something left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed_since: Option<jiff::Timestamp>,
    /// The board that was made in place of this one: then this one is no longer its project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<NodeId>,
}

/// What Spectra made on the board and in its repositories, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Made {
    /// Whether Spectra made the board itself.
    pub board: bool,
    /// Fields.
    pub fields: BTreeMap<FieldName, NodeId>,
    /// Options of select fields, those of the built-in Status too.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<FieldName, BTreeMap<OptionName, OptionId>>,
    /// Iterations of iteration fields.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub iterations: BTreeMap<FieldName, BTreeMap<IterationTitle, IterationId>>,
    /// Views.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub views: BTreeMap<ViewName, NodeId>,
    /// The order in which each view was last asked to show its fields, as a short hash of their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub orders: BTreeMap<ViewName, String>,
    /// The grouping, sorting and columns with which each view was last seen to be as planned, as a short hash of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub arranged: BTreeMap<ViewName, String>,
    /// Views that GitHub made without the grouping, sorting or columns that were wanted.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unarranged: BTreeSet<ViewName>,
    /// Labels by `owner/name#label`.
    pub labels: BTreeMap<String, NodeId>,
    /// Milestones by `owner/name#title`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub milestones: BTreeMap<String, NodeId>,
    /// Items of draft issues by key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub drafts: BTreeMap<IssueKey, NodeId>,
    /// Repositories that Spectra linked to the board.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub linked: BTreeSet<RepoSlug>,
    /// Teams that Spectra linked to the board.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub teams: BTreeSet<TeamSlug>,
}

/// What a run sets out to make, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Making {
    /// Labels as `owner/name#label`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
    /// Milestones as `owner/name#title`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub milestones: BTreeSet<String>,
    /// Fields.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<FieldName>,
    /// Options by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<FieldName, BTreeSet<OptionName>>,
    /// Iterations by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub iterations: BTreeMap<FieldName, BTreeSet<IterationTitle>>,
    /// Views.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub views: BTreeSet<ViewName>,
    /// Draft issues. They have their markers too; these say for which of them a late answer must be waited for.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub drafts: BTreeSet<IssueKey>,
    /// Repositories that are being linked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub linked: BTreeSet<RepoSlug>,
    /// Teams that are being linked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub teams: BTreeSet<TeamSlug>,
}

impl Making {
    /// Whether nothing is being made.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is not made yet.
    #[must_use]
    pub fn without(mut self, made: &Made) -> Self {
        self.labels.retain(|key| !made.labels.contains_key(key));
        self.milestones.retain(|key| !made.milestones.contains_key(key));
        self.views.retain(|name| !made.views.contains_key(name));
        self.drafts.retain(|key| !made.drafts.contains_key(key));
        self.linked.retain(|slug| !made.linked.contains(slug));
        self.teams.retain(|slug| !made.teams.contains(slug));
        for (field, titles) in &mut self.iterations {
            let made = made.iterations.get(field);
            titles.retain(|title| !made.is_some_and(|made| made.contains_key(title)));
        }
        self.iterations.retain(|_, titles| !titles.is_empty());
        self.fields.retain(|name| !made.fields.contains_key(name));
        for (field, names) in &mut self.options {
            let made = made.options.get(field);
            names.retain(|name| !made.is_some_and(|made| made.contains_key(name)));
        }
        self.options.retain(|_, names| !names.is_empty());
        self
    }
}

/// The lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Applying {
    /// Whose lock it is.
    pub run: RunId,
    /// GitHub's time when the first of the unfinished runs began.
    pub since: jiff::Timestamp,
    /// Raised while the run lives.
    pub beat: u64,
    /// SHA-256 of the plan.json that it applies. None: a version that didn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
}

/// Digests of what was last applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// SHA-256 of plan.json.
    pub plan: String,
    /// SHA-256 of the sealed part of the run's evidence.
    pub evidence: String,
    /// What of the plan was left undone.
    #[serde(default, skip_serializing_if = "Left::is_nothing")]
    pub left: Left,
}

/// What an apply left undone of its plan, other than what is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Left {
    /// Nothing.
    #[default]
    Nothing,
    /// What could not be done as GitHub stood.
    Blocked,
}

impl Left {
    /// Whether the whole plan was applied.
    pub fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

/// Why a readme's record can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The comment is there but isn't a record.
    #[error("the board record in the readme is damaged: {0}")]
    Damaged(String),
    /// Another version of Spectra wrote it.
    #[error(
        "the board record has version {0}, and this program knows version {VERSION}: use a newer Spectra"
    )]
    Version(u64),
}

/// A readme, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readme {
    /// The text, without the record.
    pub text: String,
    /// The record, where there is one.
    pub record: Option<BoardRecord>,
}

impl BoardRecord {
    /// Whether the board that holds the record is the one that it speaks of, and still is its project's.
    pub fn stands_on(&self, board: &NodeId) -> bool {
        self.project == *board && self.superseded_by.is_none()
    }

    /// When the earliest run began that has not done all of its work; None where nothing is owed.
    pub fn unfinished_since(&self) -> Option<jiff::Timestamp> {
        let running = self.applying.as_ref().map(|lock| lock.since);
        running.into_iter().chain(self.owed_since).min()
    }

    /// SHA-256 of the plan.json that the last run was at, if that left some of its work undone.
    pub fn unfinished_plan(&self) -> Option<&String> {
        let applied = || {
            let applied = self.applied.as_ref()?;
            (self.owed_since.is_some() || !applied.left.is_nothing()).then_some(&applied.plan)
        };
        match &self.applying {
            Some(lock) => lock.plan.as_ref(),
            None => applied(),
        }
    }

    /// Leaves out as many unlisted items as there is no room for. The planner keeps room for as many as GitHub lets be made
    /// while a list lags; more come only from issues that were there before, and to file one of those a second time gives
    /// the same item.
    pub fn make_room(&mut self) {
        let excess = |record: &Self| comment::write(NAME, record).len().saturating_sub(MAX_BYTES);
        let mut excess = excess(self);
        while excess > 0 {
            let Some(item) = self.unlisted.pop_first() else { return };
            // An id stands there with its quotes and a comma.
            excess = excess.saturating_sub(item.as_str().len().saturating_add(3));
        }
    }

    /// The record of a board that Spectra has not recorded anything on yet.
    pub fn new(slug: ProjectSlug, manifest: ManifestId, project: NodeId, managed_label: LabelName) -> Self {
        Self {
            v: VERSION,
            slug,
            manifest,
            project,
            generation: 0,
            managed_label,
            repositories: Vec::new(),
            made: Made::default(),
            making: Making::default(),
            unlisted: BTreeSet::new(),
            applying: None,
            applied: None,
            owed_since: None,
            superseded_by: None,
        }
    }
}

impl Readme {
    /// Takes a readme apart.
    ///
    /// # Errors
    /// When it holds a record that can't be read: it must not be overwritten as if it weren't there.
    pub fn read(readme: &str) -> Result<Self, RecordError> {
        let Some(found) = comment::find(NAME, readme) else {
            // Written below a comment that nothing closes, a new record would be a part of it.
            return if comment::is_begun(NAME, readme) {
                Err(RecordError::Damaged("its comment isn't closed".to_owned()))
            } else {
                Ok(Self { text: readme.to_owned(), record: None })
            };
        };
        let damaged = |error: serde_json::Error| RecordError::Damaged(error.to_string());
        let value: serde_json::Value = comment::read(&found).map_err(damaged)?;
        match value.get("v").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(RecordError::Version(version)),
            None => return Err(RecordError::Damaged("it has no version".to_owned())),
        }
        let record = serde_json::from_value(value).map_err(damaged)?;
        // GitHub's editor saves with CRLF.
        let before = found.before.strip_suffix("\r\n\r\n").or(found.before.strip_suffix("\n\n"));
        let before = before.unwrap_or(found.before);
        let after = found.after.trim_start_matches(['\n', '\r']);
        let text = if after.is_empty() || before.is_empty() {
            format!("{before}{after}")
        } else {
            format!("{before}\n\n{after}")
        };
        Ok(Self { text, record: Some(record) })
    }

    /// Takes the readme of a board apart. A record that speaks of another board was copied there, and is none.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of(board: &NodeId, readme: &str) -> Result<Self, RecordError> {
        let mut parts = Self::read(readme)?;
        parts.record.take_if(|record| record.project != *board);
        Ok(parts)
    }

    /// The readme with its record after the text.
    pub fn write(&self) -> String {
        match &self.record {
            None => self.text.clone(),
            Some(record) if self.text.is_empty() => comment::write(NAME, record),
            Some(record) => format!("{}\n\n{}", self.text, comment::write(NAME, record)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> BoardRecord {
        let slug = ProjectSlug::parse("voice").unwrap();
        let mut record = BoardRecord::new(
            slug,
            ManifestId::new("alana"),
            NodeId::new("PVT_1"),
            LabelName::new("project:voice"),
        );
        record.made.fields.insert(FieldName::new("--> <!-- spectra:board {}"), NodeId::new("PVTF_1"));
        record
    }

    proptest! {
        #[test]
        fn whatever_people_make_of_a_record_is_kept_or_refused(
            text in "(?s).{0,40}", json in "[{}\\[\\]\":,a-z0-9 ]{0,40}"
        ) {
            let readme = format!("{text}<!-- spectra:board {json} -->");
            prop_assert!(Readme::read(&readme).is_err());
        }

        #[test]
        fn text_and_record_survive(text in "[^<]{0,60}") {
            let readme = Readme { text, record: Some(record()) };
            prop_assert_eq!(Readme::read(&readme.write()).unwrap(), readme);
        }
    }

    #[test]
    fn a_readme_saved_in_the_browser_gains_nothing() {
        let readme = Readme { text: "above".to_owned(), record: Some(record()) };
        assert_eq!(Readme::read(&readme.write().replace('\n', "\r\n")).unwrap(), readme);
    }

    #[test]
    fn text_that_people_write_below_the_record_is_kept() {
        let readme = Readme { text: "above".to_owned(), record: Some(record()) };
        let edited = format!("{}\r\nbelow", readme.write());
        assert_eq!(Readme::read(&edited).unwrap().text, "above\n\nbelow");
    }

    #[test]
    fn a_record_that_was_copied_from_another_board_is_none() {
        let readme = Readme { text: "above".to_owned(), record: Some(record()) }.write();
        assert_eq!(Readme::of(&NodeId::new("PVT_1"), &readme).unwrap().record, Some(record()));
        let copied = Readme::of(&NodeId::new("PVT_2"), &readme).unwrap();
        assert_eq!(copied, Readme { text: "above".to_owned(), record: None });
    }

    #[test]
    fn only_as_many_unlisted_items_stand_in_a_record_as_it_has_room_for() {
        let bytes = |record: &BoardRecord| comment::write(NAME, record).len();
        let items =
            |count: usize| (0..count).map(|number| NodeId::new(format!("PVTI_{number:0>27}"))).collect();
        let mut few = BoardRecord { unlisted: items(500), ..record() };
        few.make_room();
        assert_eq!(few.unlisted.len(), 500);
        let mut many = BoardRecord { unlisted: items(2_000), ..record() };
        many.make_room();
        assert!(bytes(&many) <= MAX_BYTES && bytes(&many) > MAX_BYTES - 40, "{}", bytes(&many));
        assert_eq!(many.made, record().made);
    }

    #[test]
    fn a_damaged_or_newer_record_is_not_nothing() {
        assert!(matches!(Readme::read("<!-- spectra:board {\"v\":1} -->"), Err(RecordError::Damaged(_))));
        for cut in ["<!-- spectra:board {\"v\":1", "Text.\n\n<!-- spectra:board {\"v\":1} --"] {
            assert!(matches!(Readme::read(cut), Err(RecordError::Damaged(_))), "{cut}");
        }
        assert_eq!(Readme::read("<!-- spectra:board {\"v\":9} -->"), Err(RecordError::Version(9)));
    }
}
