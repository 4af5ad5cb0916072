//! GitHub's own limits, each with where it is written. The planner refuses what passes one of them.

/// Fields of a project, the built-in ones among them (GitHub docs, "Managing issue fields").
pub const FIELDS_PER_PROJECT: usize = 50;
/// Fields that a new project has by itself (seen on new projects, September 2026).
pub const BUILT_IN_FIELDS: usize = 13;
/// Options of a single select field (GitHub docs, "About single select fields"). A multi select field has the same
/// options, and is held to the same number.
pub const OPTIONS_PER_FIELD: usize = 50;
/// Items of a project (GitHub docs, "About Projects").
pub const ITEMS_PER_PROJECT: usize = 50_000;
/// Sub-issues of one parent (GitHub docs, "Adding sub-issues").
pub const SUB_ISSUES_PER_PARENT: usize = 100;
/// Issues that one issue is blocked by, and issues that it blocks (GitHub changelog, 21 August 2025).
pub const LINKS_PER_RELATIONSHIP: usize = 50;
/// Issues in a chain of parents (GitHub docs, "Adding sub-issues").
pub const ISSUES_IN_A_CHAIN: usize = 8;
/// Bytes of a text field's value. GitHub accepted 1,024 ASCII characters and refused 1,025; whether it counts bytes
/// or characters is not known, so the stricter is taken.
pub const TEXT_VALUE_BYTES: usize = 1_024;
/// Characters of a project's short description (reported by clients of the API).
pub const DESCRIPTION_CHARACTERS: usize = 300;
/// Characters of an issue's title ("title is too long (maximum is 256 characters)").
pub const ISSUE_TITLE_CHARACTERS: usize = 256;
/// Characters of an issue's body ("Body is too long (maximum is 65536 characters)").
pub const ISSUE_BODY_CHARACTERS: usize = 65_536;
/// Logins that one issue is assigned to (GitHub docs, "Assigning issues and pull requests to other GitHub users").
pub const ASSIGNEES_PER_ISSUE: usize = 10;
/// Issue types of one organisation (GitHub docs, "Managing issue types in an organization").
pub const ISSUE_TYPES_PER_ORGANISATION: usize = 25;
/// Characters of a label's name (github/docs#32156).
pub const LABEL_NAME_CHARACTERS: usize = 50;
/// Characters of a label's description (GitHub's OpenAPI description).
pub const LABEL_DESCRIPTION_CHARACTERS: usize = 100;
/// Edges of a Mermaid diagram that GitHub draws (Mermaid's `maxEdges`).
pub const MERMAID_EDGES: usize = 500;
/// Characters of a Mermaid diagram that GitHub draws (Mermaid's `maxTextSize`).
pub const MERMAID_CHARACTERS: usize = 50_000;

/// Names that GitHub keeps for its built-in fields. The first thirteen are the fields of a new project; `Type` and
/// `Repo` were reported refused with "Name cannot have a reserved value". `Status` is built in too, but its options
/// can be edited, so a manifest may name it.
pub const RESERVED_FIELD_NAMES: [&str; 14] = [
    "Title",
    "Assignees",
    "Labels",
    "Linked pull requests",
    "Milestone",
    "Repository",
    "Reviewers",
    "Parent issue",
    "Sub-issues progress",
    "Created",
    "Updated",
    "Closed",
    "Type",
    "Repo",
];

/// The built-in field whose options a manifest may manage.
pub const STATUS: &str = "Status";

/// The fields of a new project by name: what a view can show besides the board's own fields.
pub const BUILT_IN_FIELD_NAMES: [&str; BUILT_IN_FIELDS] = [
    "Title",
    "Assignees",
    STATUS,
    "Labels",
    "Linked pull requests",
    "Milestone",
    "Repository",
    "Reviewers",
    "Parent issue",
    "Sub-issues progress",
    "Created",
    "Updated",
    "Closed",
];

/// GitHub's own fields that a new project doesn't have and another project may (`ProjectV2FieldType` of GitHub's GraphQL
/// schema, October 2026: `ISSUE_TYPE`, `TRACKS`, `TRACKED_BY`).
pub const OTHER_FIELD_NAMES: [&str; 3] = ["Type", "Tracks", "Tracked by"];

/// Fields that a view can't be grouped by (GitHub's OpenAPI description, `ProjectsV2View`).
pub const NOT_GROUPED_BY: [&str; 6] =
    ["Title", "Reviewers", "Linked pull requests", "Sub-issues progress", "Tracked by", "Tracks"];
