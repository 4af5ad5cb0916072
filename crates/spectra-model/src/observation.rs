//! The observation: what GitHub holds now, as far as one plan is concerned.
//!
//! It is read whole before anything is decided. Order is fixed by whoever reads it, so that one GitHub gives one
//! observation, whatever order its answers came in.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::board_record::Readme;
use crate::id::{
    FieldName, IssueTypeName, IterationId, IterationTitle, LabelName, Login, MilestoneTitle, NodeId,
    OptionId, OptionName, RepoSlug, TeamSlug, ViewName,
};
use crate::plan::{Colour, Direction, FieldType, ForeignIssue, IssueState, Layout, Link, OwnerType, Plan};

/// What GitHub holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Whose token it is.
    pub viewer: Login,
    /// The board's owner; None where nobody of that login is seen.
    pub owner: Option<Owner>,
    /// The people whom drafts of the plan are assigned to, as far as they are there.
    pub people: BTreeMap<Login, NodeId>,
    /// The owner's boards, by number.
    pub boards: Vec<BoardSummary>,
    /// The board of the plan, once it is known which of them it is.
    pub board: Option<Board>,
    /// The repositories that the plan or the record names and that are seen.
    pub repositories: BTreeMap<RepoSlug, Repository>,
    /// The issues that carry the managed label, that are on the board, or that were looked up by id; by repository and
    /// number.
    pub issues: Vec<Issue>,
    /// The issues of other boards that the plan's edges lead to, as far as they were found by their markers.
    pub foreign: BTreeMap<String, Vec<NodeId>>,
    /// The histories of bodies, of issues that may have been ones of the plan.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub histories: BTreeMap<NodeId, BodyHistory>,
    /// What this server's schema can do.
    pub features: Features,
}

/// The versions of an issue's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BodyHistory {
    /// The newest first. None of a body that nobody edited.
    pub versions: Vec<Version>,
    /// Whether there are no others, and each of them is told.
    pub is_whole: bool,
}

/// One version of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Who wrote it; None where the account is gone.
    pub editor: Option<Login>,
    /// The text; None where somebody deleted the version.
    pub text: Option<String>,
}

/// The key of [`Observation::foreign`].
pub fn foreign_key(issue: &ForeignIssue) -> String {
    format!("{}:{}", issue.slug, issue.key)
}

/// What a server can do. GitHub Enterprise gets new parts of the schema months after github.com.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the server's schema")]
pub struct Features {
    /// Options are written with ids, so that they keep their values.
    pub option_ids: bool,
    /// Iterations are written with ids, so that they keep their values.
    pub iteration_ids: bool,
    /// Multi select fields.
    pub multi_select: bool,
    /// Views can be made and changed over GraphQL.
    pub views: bool,
    /// Views can be made over REST, with grouping, sorting and columns.
    pub rest_views: bool,
    /// "Blocked by".
    pub dependencies: bool,
    /// Sub-issues.
    pub sub_issues: bool,
    /// Issue types.
    pub issue_types: bool,
}

impl Features {
    /// What github.com can do.
    pub fn all() -> Self {
        Self {
            option_ids: true,
            iteration_ids: true,
            multi_select: true,
            views: true,
            rest_views: true,
            dependencies: true,
            sub_issues: true,
            issue_types: true,
        }
    }
}

impl Observation {
    /// A GitHub that holds the owner, the repositories, people, teams and issue types that the plan names, and nothing
    /// else: what a preview is reckoned against.
    pub fn fresh(plan: &Plan) -> Self {
        let nobody = || NodeId::new("");
        let owner = &plan.project.owner;
        let teams = plan.links.iter().filter_map(Link::team).map(|team| (team.clone(), nobody())).collect();
        let mut repositories: BTreeMap<RepoSlug, Repository> = BTreeMap::new();
        for slug in plan.links.iter().filter_map(Link::repository) {
            repositories.insert(slug.clone(), Repository::fresh());
        }
        for issue in &plan.issues {
            let it = repositories.entry(issue.repository.clone()).or_insert_with(Repository::fresh);
            it.assignable.extend(issue.assignees.iter().map(|login| (login.clone(), nobody())));
            it.issue_types.extend(issue.issue_type.value().map(|name| (name.clone(), nobody())));
        }
        let drafts = plan.drafts.iter().flat_map(|draft| &draft.assignees);
        Self {
            viewer: Login::new(""),
            owner: Some(Owner { id: nobody(), login: owner.slug.clone(), kind: owner.kind, teams }),
            people: drafts.map(|login| (login.clone(), nobody())).collect(),
            boards: Vec::new(),
            board: None,
            repositories,
            issues: Vec::new(),
            foreign: plan
                .links
                .iter()
                .filter_map(Link::foreign)
                .map(|issue| (foreign_key(issue), vec![nobody()]))
                .collect(),
            histories: BTreeMap::new(),
            features: Features::all(),
        }
    }
}

/// The owner of boards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// Node id.
    pub id: NodeId,
    /// Login, as GitHub writes it.
    pub login: Login,
    /// Organisation or user.
    pub kind: OwnerType,
    /// Those of the plan's and the record's teams that are seen.
    pub teams: BTreeMap<TeamSlug, NodeId>,
}

/// A board as the list of an owner's boards shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BoardSummary {
    /// Node id.
    pub id: NodeId,
    /// Number with its owner.
    pub number: u64,
    /// Page.
    pub url: String,
    /// Title.
    pub title: String,
    /// Short description; empty where there is none.
    pub description: String,
    /// Readme, as GitHub holds it.
    pub readme: String,
    /// Whether everybody sees it.
    pub public: bool,
    /// Whether it is closed.
    pub closed: bool,
    /// Whether the token may change it.
    pub writable: bool,
}

/// The board of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: BoardSummary,
    /// The readme, taken apart.
    #[serde(skip)]
    pub parts: Readme,
    /// Its fields, built-in ones too, in order.
    pub fields: Vec<Field>,
    /// Its views, in order.
    pub views: Vec<View>,
    /// The repositories that are linked to it.
    pub repositories: BTreeMap<RepoSlug, NodeId>,
    /// The teams that are linked to it.
    pub teams: BTreeMap<TeamSlug, NodeId>,
    /// Its draft issues, archived ones too, in the order in which they were filed.
    pub drafts: Vec<Draft>,
    /// Items that hold neither an observed issue nor a draft: pull requests, what the token can't see. Their values are
    /// not known.
    pub other_items: usize,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Node id.
    pub id: NodeId,
    /// Number on its board.
    pub number: u64,
    /// Name.
    pub name: ViewName,
    /// Layout; None where it is newer than this program.
    pub layout: Option<Layout>,
    /// Filter; empty where there is none.
    pub filter: String,
    /// The fields that it shows, in order.
    pub fields: Vec<NodeId>,
    /// The fields that rows are grouped by.
    pub group_by: Vec<NodeId>,
    /// The fields whose options are its columns.
    pub column_by: Vec<NodeId>,
    /// What items are sorted by, the weightiest first.
    pub sort_by: Vec<Sort>,
}

/// A field that a view is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// The field.
    pub field: NodeId,
    /// Which end comes first.
    pub direction: Direction,
}

/// A draft issue of the board.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Its own node id.
    pub id: NodeId,
    /// Title.
    pub title: String,
    /// Body.
    pub body: String,
    /// Who made it; None where the account is gone.
    pub author: Option<Login>,
    /// The logins that it is assigned to.
    pub assignees: Vec<Login>,
    /// Its place on the board.
    pub item: Item,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Node id.
    pub id: NodeId,
    /// Name.
    pub name: FieldName,
    /// Type; None where a plan has no word for it (built-in types, types newer than this program).
    pub r#type: Option<FieldType>,
    /// Its number, by which REST knows it; None where it has none.
    pub database_id: Option<u64>,
    /// Options of a single or multi select field, in order.
    pub options: Vec<SelectOption>,
    /// Iterations of an iteration field, completed ones too, by start.
    pub iterations: Vec<Iteration>,
}

/// An iteration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Iteration {
    /// Id, unique within its field.
    pub id: IterationId,
    /// Title.
    pub title: IterationTitle,
    /// First day.
    pub start: jiff::civil::Date,
    /// How many days it takes.
    pub duration: u32,
    /// Whether GitHub counts it as completed.
    pub completed: bool,
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SelectOption {
    /// Id, unique within its field.
    pub id: OptionId,
    /// Name.
    pub name: OptionName,
    /// Colour; None where it is newer than this program.
    pub color: Option<Colour>,
    /// Description; empty where there is none.
    pub description: String,
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    /// Node id.
    pub id: NodeId,
    /// All its labels.
    pub labels: Vec<Label>,
    /// All its milestones, closed ones too, by number.
    pub milestones: Vec<Milestone>,
    /// The issue types that its issues can have, by name: those of an organisation that are enabled.
    pub issue_types: BTreeMap<IssueTypeName, NodeId>,
    /// Of the logins that the plan names for its issues, those that can be assigned there.
    pub assignable: BTreeMap<Login, NodeId>,
    /// Whether the token may change issues and labels there. Where GitHub doesn't say, it is tried.
    pub writable: bool,
}

impl Repository {
    /// A repository that holds nothing yet.
    pub fn fresh() -> Self {
        Self {
            id: NodeId::new(""),
            labels: Vec::new(),
            milestones: Vec::new(),
            issue_types: BTreeMap::new(),
            assignable: BTreeMap::new(),
            writable: true,
        }
    }
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Milestone {
    /// Node id.
    pub id: NodeId,
    /// Number in its repository.
    pub number: u64,
    /// Title.
    pub title: MilestoneTitle,
    /// Description; empty where there is none.
    pub description: String,
    /// The day on which it is due, as GitHub means it: in Pacific time.
    pub due_on: Option<jiff::civil::Date>,
    /// Open or closed.
    pub state: IssueState,
    /// How many issues and pull requests it has, closed ones too.
    pub issues: usize,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// Node id.
    pub id: NodeId,
    /// Name.
    pub name: LabelName,
    /// Six hexadecimal digits.
    pub color: String,
    /// Description; empty where there is none.
    pub description: String,
    /// How many issues and pull requests carry it, closed ones too; None where that isn't known.
    pub used_by: Option<usize>,
}

/// An issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// Node id.
    pub id: NodeId,
    /// Number in its repository.
    pub number: u64,
    /// Page.
    pub url: String,
    /// Repository, as GitHub writes it.
    pub repository: RepoSlug,
    /// Title.
    pub title: String,
    /// Body.
    pub body: String,
    /// Open or closed.
    pub state: IssueState,
    /// Why it is closed.
    pub state_reason: Option<StateReason>,
    /// Author's login; None where the account is gone.
    pub author: Option<Login>,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// Its labels.
    pub labels: Vec<LabelName>,
    /// The logins that it is assigned to.
    pub assignees: Vec<Login>,
    /// Its milestone's node id.
    pub milestone: Option<NodeId>,
    /// Its issue type.
    pub issue_type: Option<IssueTypeName>,
    /// Its parent's node id.
    pub parent: Option<NodeId>,
    /// The node ids of its sub-issues, in order.
    pub sub_issues: Vec<NodeId>,
    /// The node ids of the issues that it is blocked by.
    pub blocked_by: Vec<NodeId>,
    /// The boards that it lists itself on, archived items too, sorted: so that a board can be found from its issues. Read
    /// whether or not the plan's board is known.
    pub boards: Vec<NodeId>,
    /// Its place on the plan's board; None where it isn't on it, or where no board is known yet.
    pub item: Option<Item>,
}

/// An issue's place on the board.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Node id.
    pub id: NodeId,
    /// Whether it was put aside.
    pub archived: bool,
    /// When it was filed.
    pub created_at: jiff::Timestamp,
    /// Its values by field.
    pub values: BTreeMap<NodeId, Value>,
}

/// A value of an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Of a text field.
    Text(String),
    /// Of a number field.
    Number(f64),
    /// Of a date field, `YYYY-MM-DD`.
    Date(String),
    /// Of a single select field: the option's id.
    SingleSelect(OptionId),
    /// Of a multi select field: the options' ids.
    MultiSelect(Vec<OptionId>),
    /// Of an iteration field: the iteration's id.
    Iteration(IterationId),
}

/// Why an issue is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StateReason {
    /// The work is done.
    Completed,
    /// It won't be done.
    NotPlanned,
    /// It is the same as another issue.
    Duplicate,
}
