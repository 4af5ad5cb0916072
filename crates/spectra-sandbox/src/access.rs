//! Who may ask: tokens and GitHub Apps, as a seed names them.
//!
//! Data only. What a caller is recognised by and what follows from it is the server's business.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::world::access::TokenKind;

/// A token that is accepted: its text alone, or its text and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SeedToken {
    /// The seed's viewer's, and bounded by nothing.
    Any(String),
    /// One that says more.
    Known(KnownToken),
}

/// A token with what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnownToken {
    /// The token.
    pub token: String,
    /// Whose it is; the seed's viewer's when absent.
    #[serde(default, alias = "viewer")]
    pub login: Option<String>,
    /// Which kind it is of; told by its prefix when absent.
    #[serde(default)]
    pub kind: Option<TokenKind>,
    /// A classic token's scopes, such as `repo`, `read:project`, `project`; all of them when absent.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
}

impl SeedToken {
    /// The login that it names.
    pub fn viewer(&self) -> Option<&str> {
        match self {
            Self::Any(_) => None,
            Self::Known(token) => token.login.as_deref(),
        }
    }

    /// All that is known of it.
    pub(crate) fn known(&self) -> KnownToken {
        match self {
            Self::Any(text) => KnownToken { token: text.clone(), ..KnownToken::default() },
            Self::Known(token) => token.clone(),
        }
    }
}

impl From<&str> for SeedToken {
    fn from(text: &str) -> Self {
        Self::Any(text.to_owned())
    }
}

/// A GitHub App.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedApp {
    /// Its id, the `iss` of its tokens.
    pub id: u64,
    /// Its name in addresses.
    pub slug: String,
    /// Its client id, which may stand in `iss` too.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The public half of its key as PEM; signatures are checked when it is there.
    #[serde(default)]
    pub public_key: Option<String>,
    /// Where it is installed.
    #[serde(default)]
    pub installations: Vec<SeedInstallation>,
}

/// An installation of a GitHub App.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeedInstallation {
    /// Its id.
    pub id: u64,
    /// The login of the account.
    pub account: String,
    /// What it may do: `read`, `write` or `admin` by permission.
    #[serde(default)]
    pub permissions: BTreeMap<String, String>,
    /// The repositories it was given, by name; all of the account's when absent.
    #[serde(default)]
    pub repositories: Option<Vec<String>>,
}
