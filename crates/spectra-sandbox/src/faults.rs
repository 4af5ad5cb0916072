//! What goes wrong on purpose.
//!
//! Rules are data: a test or a file says which request is hit and what happens to it. Without rules nothing happens.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// The rules of a running sandbox; all copies share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Counted>>>);

#[derive(Debug)]
struct Counted {
    rule: Rule,
    seen: u64,
}

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Which requests.
    #[serde(rename = "match")]
    pub matches: Match,
    /// What happens to them.
    pub effect: Effect,
}

/// Which requests a rule hits, counted from the moment the rule was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Match {
    /// Which kind of request is counted.
    pub on: On,
    /// Only requests with a root field whose name contains this are counted.
    pub field: Option<String>,
    /// Only REST requests whose path, without `/api/v3`, contains this are counted.
    pub path: Option<String>,
    /// Only REST requests with this method are counted.
    pub method: Option<String>,
    /// The first one that is hit; the first is 1.
    pub nth: u64,
    /// How many are hit from there on.
    pub times: u64,
}

impl Default for Match {
    fn default() -> Self {
        Self { on: On::Request, field: None, path: None, method: None, nth: 1, times: 1 }
    }
}

/// A kind of request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum On {
    /// Any, REST too.
    #[default]
    Request,
    /// A GraphQL query.
    Query,
    /// A GraphQL mutation.
    Mutation,
    /// A REST request.
    Rest,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// It is answered with this instead of being carried out.
    Refuse {
        /// The status.
        status: u16,
        /// The body.
        #[serde(default)]
        body: String,
        /// Headers beside GitHub's usual ones, or in their place.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// The connection breaks and nothing is carried out.
    CutBeforeCommit,
    /// It is carried out and the connection breaks without an answer.
    CutAfterCommit,
    /// It is carried out and answered with GitHub's 502 page.
    BadGatewayAfterCommit,
    /// It is carried out and the answer's body is not JSON.
    MalformedBody,
    /// The sandbox's clock moves on before it is carried out.
    Delay {
        /// By so many milliseconds.
        ms: u64,
    },
    /// The answer takes this long of the machine's time, for clients that wait on no simulated clock.
    Slow {
        /// So many milliseconds, at most a minute of them.
        ms: u64,
    },
    /// It meets the secondary limit and nothing is carried out.
    SecondaryRateLimited {
        /// Seconds in `retry-after`; without them there is no such header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// 403 unless said otherwise. GitHub: docs name 403 and 429, and 200 for GraphQL.
        #[serde(default)]
        status: Option<u16>,
        /// How GitHub puts it.
        #[serde(default)]
        wording: Wording,
    },
    /// It meets the end of the primary limit and nothing is carried out.
    PrimaryExhausted {
        /// Seconds until the limit is reset.
        reset_in: u64,
        /// 200 for GraphQL and 403 for REST unless said otherwise. GitHub: docs name 403 and 429 for REST.
        #[serde(default)]
        status: Option<u16>,
        /// The error's `type` in GraphQL; without it there is none. GitHub: `RATE_LIMITED`, `RATE_LIMIT` and none at
        /// all were seen.
        #[serde(default = "rate_limited")]
        error_type: Option<String>,
    },
    /// The token is refused, as an expired one is.
    TokenExpired,
    /// A GraphQL request runs out of resources: the root fields before `from` are carried out, the others are null and
    /// have an error each.
    ResourceLimitsExceeded {
        /// The first root field that fails; the first is 1.
        from: usize,
    },
    /// Root fields of a GraphQL request that the rule's `field` names, or all, answer with a temporary conflict and do
    /// nothing.
    TemporaryConflict,
    /// The root fields of a GraphQL request from `from` on answer that they were submitted too quickly.
    SubmittedTooQuickly {
        /// The first root field that fails; the first is 1.
        from: usize,
    },
    /// Status 200 and "Something went wrong while executing your query", after some of the root fields.
    SomethingWentWrong {
        /// How many root fields are carried out; all of them when absent.
        #[serde(default)]
        after: Option<usize>,
    },
    /// GitHub's 502 or 504 page, after some of the root fields.
    GatewayAfter {
        /// 502 or 504.
        status: u16,
        /// How many root fields are carried out; all of them when absent.
        #[serde(default)]
        after: Option<usize>,
    },
    /// The connection breaks after some of the root fields.
    CutAfter {
        /// How many root fields are carried out.
        after: usize,
    },
    /// It is carried out, and from then on new items stay out of the lists of their projects for so long.
    LaggingLists {
        /// In milliseconds.
        ms: u64,
    },
}

/// How GitHub words a secondary refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wording {
    /// "You have exceeded a secondary rate limit. …" GitHub: docs "Troubleshooting the REST API".
    #[default]
    SecondaryLimit,
    /// "… temporarily blocked from content creation. …" GitHub: reported for bursts of creations.
    ContentCreation,
    /// "You have triggered an abuse detection mechanism. …" GitHub: the older wording.
    AbuseDetection,
    /// "was submitted too quickly". GitHub: reported for bursts of creations, in GraphQL's errors too.
    SubmittedTooQuickly,
}

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) on: On,
    pub(crate) root_fields: &'a [String],
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
}

impl Faults {
    /// No rules.
    pub fn none() -> Self {
        Self::default()
    }

    /// These rules.
    pub fn from_rules(rules: impl IntoIterator<Item = Rule>) -> Self {
        let faults = Self::default();
        for rule in rules {
            faults.add(rule);
        }
        faults
    }

    /// One rule more; it counts from now.
    pub fn add(&self, rule: Rule) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Counted { rule, seen: 0 });
    }

    /// No rules any more.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The rules, each with how many requests it has counted.
    pub fn list(&self) -> Vec<(Rule, u64)> {
        let rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rules.iter().map(|counted| (counted.rule.clone(), counted.seen)).collect()
    }

    /// Counts a request with every rule and gives the first one that hits.
    pub(crate) fn strike(&self, shape: &Shape<'_>) -> Option<Rule> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rule = None;
        for counted in rules.iter_mut().filter(|counted| counted.rule.matches.covers(shape)) {
            counted.seen += 1;
            let Match { nth, times, .. } = counted.rule.matches;
            let hits = counted.seen >= nth && counted.seen - nth < times;
            if hits && rule.is_none() {
                rule = Some(counted.rule.clone());
            }
        }
        rule
    }
}

impl Match {
    fn covers(&self, shape: &Shape<'_>) -> bool {
        let kind = self.on == On::Request || self.on == shape.on;
        let field = self.field.as_ref();
        let is_rest = shape.on == On::Rest;
        kind && field.is_none_or(|wanted| shape.root_fields.iter().any(|name| name.contains(wanted)))
            && self.path.as_ref().is_none_or(|wanted| is_rest && shape.path.contains(wanted))
            && self.method.as_ref().is_none_or(|wanted| is_rest && shape.method.eq_ignore_ascii_case(wanted))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is the default of an optional value")]
fn rate_limited() -> Option<String> {
    Some("RATE_LIMITED".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_hits_the_requests_that_it_names() {
        let rules: Vec<Rule> = serde_json::from_str(
            r#"[{ "match": { "on": "mutation", "field": "createIssue", "nth": 2, "times": 2 }, "effect": "cutAfterCommit" },
                { "match": {}, "effect": { "delay": { "ms": 5 } } }]"#,
        )
        .unwrap();
        let faults = Faults::from_rules(rules);
        let create = ["createIssue".to_owned()];
        let strike = |on, root_fields| {
            let shape = Shape { on, root_fields, method: "POST", path: "/graphql" };
            faults.strike(&shape).map(|rule| rule.effect)
        };
        assert_eq!(strike(On::Mutation, &create), Some(Effect::Delay { ms: 5 }));
        assert_eq!(strike(On::Query, &create), None);
        assert_eq!(strike(On::Mutation, &create), Some(Effect::CutAfterCommit));
        assert_eq!(strike(On::Mutation, &[]), None);
        assert_eq!(strike(On::Mutation, &create), Some(Effect::CutAfterCommit));
        assert_eq!(strike(On::Mutation, &create), None);
    }
}
