//! A type for every identifier, so that two of them are never swapped.
//!
//! A value of these types is well formed where the type has a form ([`RepoSlug`], [`ProjectSlug`]); the others carry
//! text that GitHub or the manifest's author chose.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A repository is written `owner/name`.
    #[error("`{0}` is not a repository: write `owner/name`")]
    Repository(String),
    /// A slug is kebab-case and short.
    #[error("`{0}` is not a slug: use lower-case letters, digits and single hyphens, at most 40 characters")]
    Slug(String),
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }

        shown_as_text!($name);
    };
}

macro_rules! shown_as_text {
    ($name:ident) => {
        impl $name {
            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// GitHub's global node id. Opaque: its prefix tells people the type and tells programs nothing.
    NodeId
}
text_id! {
    /// The id of a single select option: unique within its field only.
    OptionId
}
text_id! {
    /// The id of an iteration: unique within its field only.
    IterationId
}
text_id! {
    /// An issue's identity, `<project>/<activity>/<task>/…`; never its title.
    IssueKey
}
text_id! {
    /// A project field's name as its author wrote it.
    FieldName
}
text_id! {
    /// The name of a single select option as its author wrote it.
    OptionName
}
text_id! {
    /// An iteration's title as its author wrote it.
    IterationTitle
}
text_id! {
    /// A view's name as its author wrote it.
    ViewName
}
text_id! {
    /// A label's name as its author wrote it.
    LabelName
}
text_id! {
    /// A milestone's title as its author wrote it.
    MilestoneTitle
}
text_id! {
    /// The name of an organisation's issue type as its author wrote it.
    IssueTypeName
}
text_id! {
    /// A team of the board's owner, by the slug that stands in its address.
    TeamSlug
}
text_id! {
    /// The login of an organisation or a user.
    Login
}
text_id! {
    /// A manifest's id, the key of its table in `spectra.toml`.
    ManifestId
}
text_id! {
    /// One run of the applier.
    RunId
}
text_id! {
    /// A change's id, `action:kind:key`.
    ChangeId
}

/// Names that GitHub treats as one whatever their case; the key to look them up by.
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

macro_rules! same_in_any_case {
    ($($name:ident),* $(,)?) => {
        $(impl $name {
            /// Whether both name one thing: names are not told apart by case.
            pub fn same(&self, other: &Self) -> bool {
                if self.0.is_ascii() && other.0.is_ascii() {
                    self.0.eq_ignore_ascii_case(&other.0)
                } else {
                    fold(&self.0) == fold(&other.0)
                }
            }
        })*
    };
}

same_in_any_case!(
    FieldName,
    OptionName,
    IterationTitle,
    ViewName,
    LabelName,
    MilestoneTitle,
    IssueTypeName,
    TeamSlug,
    Login,
);

/// A repository, `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepoSlug(String);

shown_as_text!(RepoSlug);

impl RepoSlug {
    /// Reads `owner/name`.
    ///
    /// # Errors
    /// When there is not exactly one slash or when a part has other characters than GitHub allows in it.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fits = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        match text.split_once('/') {
            Some((owner, name)) if fits(owner) && fits(name) => Ok(Self(text.to_owned())),
            _ => Err(IdError::Repository(text.to_owned())),
        }
    }

    /// The part before the slash.
    pub fn owner(&self) -> &str {
        self.0.split_once('/').map_or("", |(owner, _)| owner)
    }

    /// The part after the slash.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }
}

impl TryFrom<String> for RepoSlug {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<RepoSlug> for String {
    fn from(slug: RepoSlug) -> Self {
        slug.0
    }
}

impl IssueKey {
    /// The slugs of the boards that an issue of this key can stand on: its activity's, which is the ids of project and
    /// activity joined by a hyphen, and its project's.
    pub fn boards(&self) -> impl Iterator<Item = String> {
        let mut ids = self.as_str().split('/');
        let (project, activity) = (ids.next(), ids.next());
        let of_activity = project.zip(activity).map(|(project, activity)| format!("{project}-{activity}"));
        of_activity.into_iter().chain(project.map(str::to_owned))
    }
}

/// A board's id within its owner: kebab-case, at most 40 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectSlug(String);

shown_as_text!(ProjectSlug);

impl ProjectSlug {
    /// The most characters a slug has.
    pub const MAX_CHARACTERS: usize = 40;

    /// Reads a slug.
    ///
    /// # Errors
    /// When it is not kebab-case or longer than [`Self::MAX_CHARACTERS`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if is_kebab_case(text) && text.len() <= Self::MAX_CHARACTERS {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Slug(text.to_owned()))
        }
    }
}

impl TryFrom<String> for ProjectSlug {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<ProjectSlug> for String {
    fn from(slug: ProjectSlug) -> Self {
        slug.0
    }
}

/// Whether a text is lower-case letters and digits, joined by single hyphens.
pub fn is_kebab_case(text: &str) -> bool {
    !text.is_empty()
        && text.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_an_owner_and_a_name() {
        let slug = RepoSlug::parse("SPECTRADataSolutions/alana").unwrap();
        assert_eq!((slug.owner(), slug.name()), ("SPECTRADataSolutions", "alana"));
        for wrong in ["alana", "a/b/c", "/b", "a/", "a/..", "a b/c"] {
            assert_eq!(RepoSlug::parse(wrong), Err(IdError::Repository(wrong.to_owned())));
        }
    }

    #[test]
    fn a_key_says_which_boards_its_issue_can_stand_on() {
        let boards = |key: &str| IssueKey::new(key).boards().collect::<Vec<_>>();
        for key in ["a/b", "a/b/c", "a/b/c/d"] {
            assert_eq!(boards(key), ["a-b", "a"]);
        }
        assert_eq!(boards("a-b/c"), ["a-b-c", "a-b"]);
        assert_eq!(boards("a"), ["a"]);
    }

    #[test]
    fn a_slug_is_short_and_kebab_case() {
        assert!(ProjectSlug::parse(&"a".repeat(40)).is_ok());
        for wrong in ["", "A", "a--b", "-a", "a-", "a_b", &"a".repeat(41)] {
            assert!(ProjectSlug::parse(wrong).is_err(), "{wrong}");
        }
    }
}
