//! Every mistake that the planner knows, with its stable code. The only table of them: `docs/diagnostics/` has a page
//! for each, and a test holds both together; another produces each of them.

use spectra_model::diagnostic::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)*) => {
        /// A kind of mistake. The codes are stable: one that is no longer used is not given again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// What it is about, in a few words.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }
        }
    };
}

codes! {
    /// The bytes are not UTF-8 text.
    NotText = "SP001", "The file is not text";
    /// The text is not one YAML document.
    Syntax = "SP002", "The file is not YAML";
    /// A key stands twice in one mapping.
    RepeatedKey = "SP003", "A key stands there twice";
    /// A key that nothing reads.
    UnknownKey = "SP004", "Unknown key";
    /// A value of another type.
    WrongType = "SP005", "A value of the wrong type";
    /// A required key is absent.
    MissingKey = "SP006", "A required key is missing";
    /// Not one of the words that are allowed.
    UnknownWord = "SP007", "Not one of the allowed values";
    /// Owners of repositories and boards that GitHub, or the author, can't have meant together.
    OwnersApart = "SP008", "Owners that don't go together";
    /// Another version of the manifest's format.
    SchemaVersion = "SP009", "Unknown schemaVersion";
    /// Not an id.
    BadId = "SP010", "Not a valid id";
    /// Two things share an id.
    RepeatedId = "SP011", "An id is used twice";
    /// Not an owner or a repository.
    BadOwnerOrRepository = "SP012", "Not a valid owner or repository";
    /// Not a colour.
    BadColour = "SP013", "Not a valid colour";
    /// A name is declared twice.
    RepeatedName = "SP014", "A name is declared twice";
    /// No such label.
    UnknownLabel = "SP015", "Unknown label";
    /// No such field.
    UnknownField = "SP016", "Unknown field";
    /// No such option.
    UnknownOption = "SP017", "Unknown option";
    /// No such stage.
    UnknownStage = "SP018", "Unknown stage";
    /// No such issue to depend on.
    UnknownDependency = "SP019", "Unknown dependency";
    /// Two issues that a dependency may mean.
    AmbiguousDependency = "SP020", "A dependency may mean two issues";
    /// Dependencies that close on themselves.
    DependencyCycle = "SP021", "Dependencies form a cycle";
    /// A dependency on what comes later.
    LaterStage = "SP022", "A dependency in a later stage";
    /// A value that its field can't hold.
    WrongValue = "SP023", "A value that its field can't hold";
    /// A placeholder that stands for nothing.
    BadPlaceholder = "SP024", "A placeholder that stands for nothing";
    /// A field name that GitHub keeps for itself.
    ReservedField = "SP025", "A reserved field name";
    /// Options where there can be none, or none where there must be some.
    BadOptions = "SP026", "Options and type don't fit";
    /// Longer than GitHub allows.
    TooLong = "SP027", "Longer than GitHub allows";
    /// More than GitHub allows.
    TooMany = "SP028", "More than GitHub allows";
    /// Two siblings look the same.
    RepeatedTitle = "SP029", "Two sibling issues with one title";
    /// Text that only Spectra may write.
    HoldsMarker = "SP030", "Text that holds a marker of Spectra";
    /// The board's record would not fit.
    RecordTooLarge = "SP031", "The board record would be too large";
    /// One dependency named twice; it becomes one link.
    RepeatedDependency = "SP032", "The same dependency twice";
    /// Blank, broken over lines, or padded.
    BadText = "SP033", "Not a title or name";
    /// An old name that is still in use, or claimed twice.
    BadRename = "SP034", "A renamedFrom that can't be";
    /// Two boards with one slug.
    RepeatedSlug = "SP035", "Two boards with one slug";
    /// No repository for an issue.
    NoRepository = "SP036", "An issue without a repository";
    /// No such milestone.
    UnknownMilestone = "SP037", "Unknown milestone";
    /// No such iteration.
    UnknownIteration = "SP038", "Unknown iteration";
    /// Iterations that GitHub can't hold, or on a field that has none.
    BadIterations = "SP039", "Iterations that can't be";
    /// Not a day.
    BadDate = "SP040", "Not a date";
    /// What a view of this layout doesn't have.
    BadView = "SP041", "Not for a view of this layout";
    /// A field that a view can't be arranged by.
    BadGrouping = "SP042", "A field that a view can't be arranged by";
    /// Not somebody an issue can be assigned to.
    BadAssignee = "SP043", "Not a valid assignee";
    /// A reason on an issue that isn't closed.
    BadStateReason = "SP044", "A stateReason on an open issue";
    /// What a draft can't have.
    BadDraft = "SP045", "Not for a draft";
    /// A repository or team that the board can't be linked to.
    BadLink = "SP046", "Not a repository or team to link";
    /// Two files give one thing different values.
    Conflict = "SP060", "Two files say different things";
    /// Fragments that include each other.
    IncludeCycle = "SP061", "Includes form a cycle";
    /// A file that a manifest names and that is not there.
    MissingFile = "SP062", "A file is missing";
    /// A glob without a file.
    EmptyGlob = "SP063", "A glob that matches no file";
    /// A path that leads out of the root.
    OutsideRoot = "SP064", "A path that leaves the root";
    /// A folder, a pipe or a device where a file is wanted.
    NotAFile = "SP065", "Not a file";
    /// A file that can't be opened.
    UnreadableFile = "SP066", "A file that can't be read";
    /// More than is read.
    TooMuchInput = "SP067", "More than is read";
    /// A path or a glob that is ill-formed.
    BadPath = "SP068", "Not a path";
    /// A text and a file with that text.
    TextTwice = "SP069", "A text and a file for it";
    /// No such template.
    UnknownTemplate = "SP070", "Unknown template";
    /// The text is not JSON.
    NotJson = "SP071", "The file is not JSON";
    /// The text is not TOML.
    NotToml = "SP072", "The file is not TOML";
    /// Not the number of a board, or of which one is not clear.
    BadProjectNumber = "SP073", "A project number that can't be used";
    /// The slug of an activity's board is longer than slugs are.
    LongSlug = "SP074", "The slug of an activity's board is too long";
    /// What only a board can have, below an activity without one.
    NoBoard = "SP075", "A board's key without a board";
    /// An issue type where only an organisation has some.
    NoIssueTypes = "SP076", "An issue type in a user's repository";
}

impl Code {
    /// Whether a plan is written all the same.
    pub fn severity(self) -> Severity {
        if self == Self::RepeatedDependency { Severity::Warning } else { Severity::Error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_form_and_ascend() {
        let numbers: Vec<u16> =
            Code::ALL.iter().map(|code| code.as_str().strip_prefix("SP").unwrap().parse().unwrap()).collect();
        assert!(numbers.is_sorted_by(|before, after| before < after), "{numbers:?}");
        for (code, number) in Code::ALL.iter().zip(numbers) {
            assert_eq!(code.as_str(), format!("SP{number:03}"));
        }
    }

    #[test]
    fn each_code_has_a_page_with_its_title() {
        let read = |name: &str| {
            let path = format!("{}/../../docs/diagnostics/{name}.md", env!("CARGO_MANIFEST_DIR"));
            #[expect(clippy::disallowed_methods, reason = "the test reads the pages; the crate does not")]
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
        };
        let index = read("README");
        for code in Code::ALL {
            let (path, page) = (code.as_str(), read(code.as_str()));
            let row = format!("| [{path}]({path}.md) | {} |", code.title());
            assert!(index.contains(&row), "{row}");
            assert!(page.starts_with(&format!("# {}: {}\n", code.as_str(), code.title())), "{path}");
        }
    }
}
