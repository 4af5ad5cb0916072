//! REST over the world: one file a resource, as in the world.
//!
//! Routes read a request, call the world and shape the answer; they hold no rule of GitHub's data. The shapes are those
//! of GitHub's OpenAPI description. A path below a route family of GitHub that is not here answers 501 and says so,
//! any other path 404.

mod app;
mod call;
mod failure;
mod field;
mod issue;
mod item;
mod label;
mod milestone;
mod organization;
mod pages;
mod project;
mod repository;
mod search;
mod shapes;
mod sub_issue;
mod user;
mod view;

use std::sync::atomic::Ordering;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::call::Call;
use self::failure::Failure;
use self::pages::Reply;
use super::answer::Answer;
use super::auth::Caller;
use super::graphql::broken_state;
use super::limits::{Price, Resource};
use super::store::StateError;
use super::strike::{Struck, denied, struck};
use super::{Asked, Outcome, Shared, acting};
use crate::faults::{On, Shape};
use crate::world::World;

/// What else GitHub's paths begin with. GitHub: OpenAPI description.
const ELSEWHERE: [&str; 28] = [
    "advisories",
    "agents",
    "app-manifests",
    "applications",
    "apps",
    "assignments",
    "classrooms",
    "codes_of_conduct",
    "credentials",
    "emojis",
    "enterprises",
    "events",
    "feeds",
    "gists",
    "gitignore",
    "installation",
    "issues",
    "licenses",
    "markdown",
    "marketplace_listing",
    "networks",
    "notifications",
    "octocat",
    "organizations",
    "repositories",
    "teams",
    "versions",
    "zen",
];

/// What a route gives.
type Routed = Result<Reply, Failure>;

/// Answers a REST request.
pub(super) fn answer(shared: &Shared, asked: &Asked, caller: &Caller, number: u64) -> Outcome {
    let path = call::path(&asked.path);
    let shape = Shape { on: On::Rest, root_fields: &[], method: asked.method.as_str(), path };
    struck(shared, &Struck { shape, prepared: None, number }, |_| carry_out(shared, asked, caller, number))
}

fn carry_out(shared: &Shared, asked: &Asked, caller: &Caller, number: u64) -> Answer {
    let now = shared.clock.now();
    let call = Call::new(asked, caller, now);
    let resource = Resource::Core;
    let rate = match shared.books.admit(now, resource, price(&call)) {
        Ok(rate) => rate,
        Err(why) => return denied(why, resource, number),
    };
    shared.counters.rest_requests.fetch_add(1, Ordering::Relaxed);
    let routed = match call.parts().as_slice() {
        ["rate_limit"] => Ok(Reply::ok(rate_limit(shared, &call))),
        _ => match on_world(shared, &call) {
            Ok(routed) => routed,
            Err(error) => return broken_state(&error),
        },
    };
    let answer = routed.map_or_else(|failure| failure.answer(&call), Reply::answer);
    answer.paid(resource.as_str(), rate)
}

/// GitHub: docs: 1 point for a read and 5 for a write; asking for the limits costs nothing of the hour's budget.
fn price(call: &Call<'_>) -> Price {
    let parts = call.parts();
    let last = parts.last().copied().unwrap_or_default();
    let creates = [
        "blocked_by",
        "comments",
        "drafts",
        "fields",
        "issue-types",
        "issues",
        "labels",
        "milestones",
        "sub_issues",
        "views",
    ];
    // Labels of an issue are set on it, not made.
    let made = creates.contains(&last) && !matches!(parts.as_slice(), ["repos", _, _, "issues", _, "labels"]);
    Price {
        primary: u32::from(parts.as_slice() != ["rate_limit"]),
        points: if call.is_read() { 1 } else { 5 },
        creations: u64::from(call.method == Method::POST && made),
    }
}

/// Runs a route against the world, as one step for everyone else. A refused request leaves the world as it was.
fn on_world(shared: &Shared, call: &Call<'_>) -> Result<Routed, StateError> {
    let mut store = shared.store();
    let ran = store.begin(call.now)?;
    acting::act(&mut store.world.borrow_mut(), &shared.access, call.caller);
    if call.is_read() {
        let routed = route(&mut store.world.borrow_mut(), call, &shared.access);
        if ran {
            store.commit()?;
        } else {
            store.release()?;
        }
        return Ok(routed);
    }
    let before = call.touches_twice().then(|| store.world.borrow().clone());
    let routed = route(&mut store.world.borrow_mut(), call, &shared.access);
    if let (Err(_), Some(before)) = (&routed, before) {
        store.world.replace(before);
    }
    store.commit()?;
    Ok(routed)
}

fn route(world: &mut World, call: &Call<'_>, access: &super::auth::Access) -> Routed {
    let parts = call.parts();
    call.permitted(&parts)?;
    match parts.as_slice() {
        [""] if call.is_read() => Ok(Reply::ok(json!({
            "current_user_url": call.url("/user"),
            "issue_search_url": call.url("/search/issues?q={query}{&page,per_page,sort,order}"),
            "organization_url": call.url("/orgs/{org}"),
            "rate_limit_url": call.url("/rate_limit"),
            "repository_url": call.url("/repos/{owner}/{repo}"),
            "user_url": call.url("/users/{user}"),
        }))),
        ["meta"] if call.is_read() => Ok(Reply::ok(json!({ "verifiable_password_authentication": false }))),
        ["app", rest @ ..] => app::route(world, call, access, rest),
        ["orgs" | "users", _, "installation"] | ["repos", _, _, "installation"] => {
            app::installation_of(world, call, access, &parts)
        }
        ["installation", "repositories"] => app::repositories(world, call),
        ["orgs", login, rest @ ..] => organization::route(world, call, login, rest),
        ["users", login, rest @ ..] => user::route(world, call, login, rest),
        ["user", rest @ ..] => user::own(world, call, rest),
        ["repos", owner, name, rest @ ..] => repository::route(world, call, (owner, name), rest),
        ["search", rest @ ..] => search::route(world, call, rest),
        [family, ..] if ELSEWHERE.contains(family) => Err(Failure::NotModelled),
        _ => Err(Failure::NotFound),
    }
}

/// GitHub: OpenAPI `rate-limit-overview`. Asking costs nothing and secondary limits aren't shown.
fn rate_limit(shared: &Shared, call: &Call<'_>) -> Value {
    let window = |resource| {
        let rate = shared.books.rate(call.now, resource);
        json!({
            "limit": rate.limit,
            "used": rate.used,
            "remaining": rate.limit.saturating_sub(rate.used),
            "reset": rate.reset_at.as_second(),
            "resource": resource.as_str(),
        })
    };
    let core = window(Resource::Core);
    json!({
        "resources": { "core": core, "search": core, "graphql": window(Resource::Graphql) },
        "rate": core,
    })
}

/// The status for something new.
const CREATED: StatusCode = StatusCode::CREATED;
