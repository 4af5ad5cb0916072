//! The sandbox's own door, `/_sandbox`: faults, limits, the clock and the world, switched and looked at from outside.
//!
//! Nothing here is GitHub's: no token, no budget, no fault applies to it, and GitHub has no such path.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answer::Answer;
use super::graphql::broken_state;
use super::store::StateError;
use super::{Asked, Shared, edit_world};
use crate::faults::Rule;
use crate::limits::Limits;
use crate::world::Behaviour;

/// Where the door is.
pub(super) const DOOR: &str = "/_sandbox";

/// What can be asked for, for whoever knocks without a path.
const HELP: &str = "\
This is the sandbox's own door; GitHub has none. Bodies and answers are JSON.

GET    /_sandbox/faults      the rules and how many requests each has counted
POST   /_sandbox/faults      add a rule or a list of rules
PUT    /_sandbox/faults      these rules in the place of all
DELETE /_sandbox/faults      no rules
GET    /_sandbox/limits      what is enforced
PUT    /_sandbox/limits      \"github\", \"none\" or limits; the books start afresh
GET    /_sandbox/clock       what time it is there
POST   /_sandbox/clock       {\"advanceSeconds\": N} or {\"advanceMs\": N}
GET    /_sandbox/behaviour   which unpleasantnesses are on
POST   /_sandbox/behaviour   change some of them
GET    /_sandbox/stats       how much was asked
GET    /_sandbox/world       everything there is
GET    /_sandbox/boards      the boards as text
";

/// Limits by name or in full.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum LimitsInput {
    Named(Named),
    Given(Limits),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Named {
    Github,
    None,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RulesInput {
    Many(Vec<Rule>),
    One(Box<Rule>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Advance {
    advance_seconds: u64,
    advance_ms: u64,
}

/// Answers at the door; `None` when the path is not its.
pub(super) fn answer(shared: &Shared, asked: &Asked) -> Option<Answer> {
    let path = asked.path.strip_prefix(DOOR)?;
    if !(path.is_empty() || path.starts_with('/')) {
        return None;
    }
    Some(respond(shared, asked, path.trim_matches('/')).unwrap_or_else(|refused| *refused))
}

fn respond(shared: &Shared, asked: &Asked, path: &str) -> Result<Answer, Box<Answer>> {
    let method = &asked.method;
    let (get, write) = (method == Method::GET, method == Method::POST || method == Method::PUT);
    let known = ["", "faults", "limits", "clock", "behaviour", "stats", "world", "boards"].contains(&path);
    match path {
        "" if get => Ok(Answer::text(StatusCode::OK, "text/plain; charset=utf-8", HELP)),
        "faults" if get => Ok(faults(shared)),
        "faults" if write => {
            let rules = match read(asked)? {
                RulesInput::Many(rules) => rules,
                RulesInput::One(rule) => vec![*rule],
            };
            if method == Method::PUT {
                shared.faults.clear();
            }
            for rule in rules {
                shared.faults.add(rule);
            }
            Ok(faults(shared))
        }
        "faults" if method == Method::DELETE => {
            shared.faults.clear();
            Ok(faults(shared))
        }
        "limits" if get => Ok(ok(&json!(shared.books.limits()))),
        "limits" if write => {
            shared.books.set(match read(asked)? {
                LimitsInput::Named(Named::Github) => Limits::github(),
                LimitsInput::Named(Named::None) => Limits::none(),
                LimitsInput::Given(limits) => limits,
            });
            Ok(ok(&json!(shared.books.limits())))
        }
        "clock" if get => Ok(clock(shared)),
        "clock" if write => {
            let Advance { advance_seconds, advance_ms } = read(asked)?;
            shared.clock.advance(
                Duration::from_secs(advance_seconds).saturating_add(Duration::from_millis(advance_ms)),
            );
            // What is due by now is done at once, for whoever looks at the state file next.
            edit_world(shared, |_| ()).map_err(broken)?;
            Ok(clock(shared))
        }
        "behaviour" if get => behaviour(shared),
        "behaviour" if write => {
            let Value::Object(change) = read(asked)? else { return Err(bad("an object is needed")) };
            let changed = edit_world(shared, |world| {
                let mut there = serde_json::to_value(&world.behaviour).unwrap_or_default();
                if let Some(there) = there.as_object_mut() {
                    there.extend(change);
                }
                serde_json::from_value::<Behaviour>(there).map(|changed| world.behaviour = changed)
            });
            changed.map_err(broken)?.map_err(|error| bad(&error.to_string()))?;
            behaviour(shared)
        }
        "stats" if get => Ok(ok(&json!(shared.stats()))),
        "world" if get => edit_world(shared, |world| serde_json::to_value(&*world))
            .map_err(broken)?
            .map(|world| ok(&world))
            .map_err(|error| bad(&error.to_string())),
        "boards" if get => {
            let text = edit_world(shared, |world| crate::show::boards(world, crate::show::WIDTH));
            let text = text.map_err(broken)?;
            Ok(Answer::text(StatusCode::OK, "text/plain; charset=utf-8", text))
        }
        _ if known => Err(refused(StatusCode::METHOD_NOT_ALLOWED, "see GET /_sandbox")),
        _ => Err(refused(StatusCode::NOT_FOUND, "see GET /_sandbox")),
    }
}

fn faults(shared: &Shared) -> Answer {
    let rules = shared.faults.list();
    let rules = rules.into_iter().map(|(rule, seen)| {
        let mut rule = serde_json::to_value(rule).unwrap_or_default();
        if let Some(rule) = rule.as_object_mut() {
            rule.insert("seen".to_owned(), json!(seen));
        }
        rule
    });
    ok(&Value::Array(rules.collect()))
}

fn clock(shared: &Shared) -> Answer {
    ok(&json!({ "now": shared.clock.now() }))
}

fn behaviour(shared: &Shared) -> Result<Answer, Box<Answer>> {
    edit_world(shared, |world| ok(&json!(world.behaviour))).map_err(broken)
}

fn read<T: DeserializeOwned>(asked: &Asked) -> Result<T, Box<Answer>> {
    serde_json::from_slice(&asked.body).map_err(|error| bad(&error.to_string()))
}

fn ok(body: &Value) -> Answer {
    Answer::json(StatusCode::OK, body)
}

#[expect(clippy::needless_pass_by_value, reason = "it turns one error into another")]
fn broken(error: StateError) -> Box<Answer> {
    Box::new(broken_state(&error))
}

fn bad(reason: &str) -> Box<Answer> {
    refused(StatusCode::BAD_REQUEST, reason)
}

fn refused(status: StatusCode, reason: &str) -> Box<Answer> {
    Box::new(Answer::json(status, &json!({ "sandbox": reason })))
}
