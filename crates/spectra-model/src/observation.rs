//! The observation: what GitHub holds now, as far as one plan is concerned.
//!
//! It is read whole before anything is decided. Order is fixed by whoever reads it, so that one GitHub gives one
//! observation, whatever order its answers came in.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::board_record::Readme;
use crate::id::{FieldName, LabelName, Login, NodeId, OptionId, OptionName, RepoSlug};
use crate::plan::{Colour, FieldType, IssueState, OwnerType};

/// What GitHub holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Whose token it is.
    pub viewer: Login,
    /// The board's owner; None where nobody of that login is seen.
    pub owner: Option<Owner>,
    /// The owner's boards, by number.
    pub boards: Vec<BoardSummary>,
    /// The board of the plan, once it is known which of them it is.
    pub board: Option<Board>,
    /// The repositories that the plan or the record names and that are seen.
    pub repositories: BTreeMap<RepoSlug, Repository>,
    /// The issues that carry the managed label, that are on the board, or that were looked up by id; by repository and
    /// number.
    pub issues: Vec<Issue>,
}

impl Observation {
    /// A GitHub that holds the owner and the repositories and nothing else: what a preview is reckoned against.
    pub fn fresh(owner: &Login, kind: OwnerType, repositories: impl IntoIterator<Item = RepoSlug>) -> Self {
        Self {
            viewer: Login::new(""),
            owner: Some(Owner { id: NodeId::new(""), login: owner.clone(), kind }),
            boards: Vec::new(),
            board: None,
            repositories: repositories
                .into_iter()
                .map(|slug| (slug, Repository { id: NodeId::new(""), labels: Vec::new(), writable: true }))
                .collect(),
            issues: Vec::new(),
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
    /// Items that hold none of the observed issues: drafts, pull requests, what the token can't see. Their values are
    /// not known.
    pub other_items: usize,
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
    /// Options of a single select field, in order.
    pub options: Vec<SelectOption>,
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
    /// Whether the token may change issues and labels there. Where GitHub doesn't say, it is tried.
    pub writable: bool,
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
    /// Author's login; None where the account is gone.
    pub author: Option<Login>,
    /// When it was made.
    pub created_at: jiff::Timestamp,
    /// Its labels.
    pub labels: Vec<LabelName>,
    /// Its parent's node id.
    pub parent: Option<NodeId>,
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
}
