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
    /// The first one that is hit; the first is 1.
    pub nth: u64,
    /// How many are hit from there on.
    pub times: u64,
}

impl Default for Match {
    fn default() -> Self {
        Self { on: On::Request, field: None, nth: 1, times: 1 }
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
    /// It meets the secondary limit.
    SecondaryRateLimited {
        /// Seconds in `retry-after`; without them there is no such header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// It meets the end of the primary limit.
    PrimaryExhausted {
        /// Seconds until the limit is reset.
        reset_in: u64,
    },
}

/// What the rules look at.
pub(crate) struct Shape<'a> {
    pub(crate) on: On,
    pub(crate) root_fields: &'a [String],
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

    /// Counts a request with every rule and gives what happens to it, by the first rule that hits.
    pub(crate) fn strike(&self, shape: &Shape<'_>) -> Option<Effect> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut effect = None;
        for counted in rules.iter_mut().filter(|counted| counted.rule.matches.covers(shape)) {
            counted.seen += 1;
            let Match { nth, times, .. } = counted.rule.matches;
            let hits = counted.seen >= nth && counted.seen - nth < times;
            if hits && effect.is_none() {
                effect = Some(counted.rule.effect.clone());
            }
        }
        effect
    }
}

impl Match {
    fn covers(&self, shape: &Shape<'_>) -> bool {
        let kind = self.on == On::Request || self.on == shape.on;
        let field = self.field.as_ref();
        kind && field.is_none_or(|wanted| shape.root_fields.iter().any(|name| name.contains(wanted)))
    }
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
        let strike = |on, root_fields| faults.strike(&Shape { on, root_fields });
        assert_eq!(strike(On::Mutation, &create), Some(Effect::Delay { ms: 5 }));
        assert_eq!(strike(On::Query, &create), None);
        assert_eq!(strike(On::Mutation, &create), Some(Effect::CutAfterCommit));
        assert_eq!(strike(On::Mutation, &[]), None);
        assert_eq!(strike(On::Mutation, &create), Some(Effect::CutAfterCommit));
        assert_eq!(strike(On::Mutation, &create), None);
    }
}
