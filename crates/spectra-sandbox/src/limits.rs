//! Limits as data: which of GitHub's windows the sandbox enforces.
//!
//! Nothing here counts; the server's books do. The form is that of the applier's own limits file with more in it, so
//! that one file can pace a client and bound the sandbox.

use serde::{Deserialize, Serialize};

/// At most `count` in any `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How many.
    pub count: u64,
    /// In how many seconds.
    pub seconds: u64,
}

/// What is enforced. An absent window bounds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Content creations; each alias of a request counts (whether GitHub counts aliases or requests is not known, this
    /// is the stricter reading).
    pub creations: Vec<Window>,
    /// Points of GraphQL: 5 a request with mutations, 1 a query.
    pub points: Vec<Window>,
    /// Points of REST: 5 a write, 1 a read.
    pub rest_points: Vec<Window>,
    /// Requests under way at once, GraphQL and REST together.
    pub concurrent: Option<u64>,
    /// The primary budgets.
    pub hourly: Hourly,
}

/// Primary budgets an hour. One that is not enforced is still reported, as GitHub's 5,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Hourly {
    /// Points of GraphQL.
    pub graphql: Option<u32>,
    /// Requests of REST.
    pub core: Option<u32>,
}

impl Limits {
    /// What GitHub publishes. GitHub: docs "Rate limits and query limits for the GraphQL API" and "Rate limits for the
    /// REST API": 80 content creations a minute and 500 an hour, 2,000 GraphQL and 900 REST points a minute, 100
    /// requests at once, 5,000 an hour for a user's token.
    pub fn github() -> Self {
        Self {
            creations: vec![Window { count: 80, seconds: 60 }, Window { count: 500, seconds: 3_600 }],
            points: vec![Window { count: 2_000, seconds: 60 }],
            rest_points: vec![Window { count: 900, seconds: 60 }],
            concurrent: Some(100),
            hourly: Hourly { graphql: Some(5_000), core: Some(5_000) },
        }
    }

    /// Nothing is enforced.
    pub fn none() -> Self {
        Self::default()
    }
}

/// GitHub: OpenAPI puts the warning about secondary limits on calls that create content, without listing the
/// mutations that do; these are the mutations that make something other people are shown (inferred).
const CREATIONS: [&str; 16] = [
    "addBlockedBy",
    "addComment",
    "addProjectV2DraftIssue",
    "addSubIssue",
    "convertProjectV2DraftIssueItemToIssue",
    "copyProjectV2",
    "createIssue",
    "createIssueField",
    "createIssueType",
    "createLabel",
    "createProjectV2",
    "createProjectV2Field",
    "createProjectV2IssueField",
    "createProjectV2StatusUpdate",
    "createProjectV2View",
    "transferIssue",
];

/// Whether a mutation creates content.
pub(crate) fn creates_content(mutation: &str) -> bool {
    CREATIONS.contains(&mutation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_applier_s_file_is_read_and_so_is_more() {
        let text = r#"{"creations": [{"count": 80, "seconds": 60}], "points": [], "concurrent": 100, "hourly": {"graphql": 10}}"#;
        let limits: Limits = serde_json::from_str(text).unwrap();
        assert_eq!((limits.concurrent, limits.hourly.graphql), (Some(100), Some(10)));
        assert_eq!(limits.rest_points, []);
        assert!(serde_json::from_str::<Limits>(r#"{"creation": []}"#).is_err());
    }
}
