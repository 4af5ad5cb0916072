//! Identifiers, and the world's only source of chance.
//!
//! Invariant: the same state and the same requests give the same ids. Prefixes are GitHub's (observed in recorded
//! responses); what follows a prefix is opaque to every reader.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base64;

/// A node id: globally unique, opaque.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(String);

impl NodeId {
    /// Takes a client's text as an id; whether it names anything is the tables' to say.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters before the first underscore, if there is one.
    pub fn prefix(&self) -> Option<&str> {
        self.0.split_once('_').map(|(prefix, _)| prefix)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an id is minted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Organization`.
    Organization,
    /// `User`.
    User,
    /// `Team`.
    Team,
    /// `Repository`.
    Repository,
    /// `Label`.
    Label,
    /// `Milestone`.
    Milestone,
    /// `IssueType`.
    IssueType,
    /// `Issue`.
    Issue,
    /// `IssueComment`.
    Comment,
    /// A member of `IssueTimelineItems` that is no comment.
    Happening,
    /// `UserContentEdit`.
    Edit,
    /// `PinnedIssue`.
    Pin,
    /// `DraftIssue`.
    Draft,
    /// `ProjectV2`.
    Project,
    /// `ProjectV2Field`.
    Field,
    /// `ProjectV2SingleSelectField`.
    SingleSelectField,
    /// `ProjectV2MultiSelectField`.
    MultiSelectField,
    /// `ProjectV2IterationField`.
    IterationField,
    /// `ProjectV2Item`.
    Item,
    /// `ProjectV2View`.
    View,
    /// `ProjectV2Workflow`.
    Workflow,
    /// `ProjectV2StatusUpdate`.
    StatusUpdate,
    /// Any `ProjectV2ItemField…Value`.
    Value,
}

impl Kind {
    /// The prefix with the first letters that GitHub's encoding puts behind it.
    fn stem(self) -> &'static str {
        match self {
            Self::Organization => "O_kgDO",
            Self::User => "U_kgDO",
            Self::Team => "T_kwDO",
            Self::Repository => "R_kgDO",
            Self::Label => "LA_kwDO",
            Self::Milestone => "MI_kwDO",
            Self::IssueType => "IT_kwDO",
            Self::Issue => "I_kwDO",
            Self::Comment => "IC_kwDO",
            // GitHub has a prefix for each event; this one and the next two are guesses.
            Self::Happening => "EVT_lADO",
            Self::Edit => "UCE_lADO",
            Self::Pin => "PIS_kwDO",
            Self::Draft => "DI_lADO",
            Self::Project => "PVT_kwDO",
            Self::Field => "PVTF_lADO",
            Self::SingleSelectField => "PVTSSF_lADO",
            Self::MultiSelectField => "PVTMSF_lADO",
            Self::IterationField => "PVTIF_lADO",
            Self::Item => "PVTI_lADO",
            Self::View => "PVTV_lADO",
            Self::Workflow => "PWF_lADO",
            // Nobody is known to have shown one: the letters are a guess.
            Self::StatusUpdate => "PVTSU_lADO",
            Self::Value => "PVTFV_lADO",
        }
    }
}

/// The counters that ids and chance come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ids {
    next: u32,
    draws: u64,
}

impl Ids {
    /// Counters of a new world.
    pub(crate) fn new() -> Self {
        Self { next: 100_001, draws: 0 }
    }

    /// A fresh node id and its database id.
    pub(crate) fn mint(&mut self, kind: Kind) -> (NodeId, u32) {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        (NodeId(format!("{}{}", kind.stem(), base64::encode(&number.to_be_bytes()))), number)
    }

    /// A fresh id of a select option or an iteration: eight hex digits. GitHub: observed in recorded responses.
    pub(crate) fn mint_option(&mut self) -> String {
        format!("{:08x}", self.draw() >> 32)
    }

    /// A number below the bound, the same for the same history.
    pub(crate) fn draw_below(&mut self, bound: u64) -> u64 {
        self.draw().checked_rem(bound).unwrap_or(0)
    }

    /// The next number of `SplitMix64` from a fixed start.
    fn draw(&mut self) -> u64 {
        self.draws = self.draws.wrapping_add(1);
        let mut mixed = self.draws.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
