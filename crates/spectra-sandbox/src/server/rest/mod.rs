//! REST over the world: one file a resource, as in the world.
//!
//! Routes read a request, call the world and shape the answer; they hold no rule of GitHub's data. The shapes are those
//! of GitHub's OpenAPI description. A path below a route family of GitHub that is not here answers 501 and says so,
//! any other path 404.

mod app;
mod assignee;
mod call;
mod collaborator;
mod comment;
mod event;
mod failure;
mod field;
mod issue;
mod item;
mod label;
mod member;
mod milestone;
mod organization;
mod pages;
mod project;
mod repository;
mod root;
mod search;
mod shapes;
mod sub_issue;
mod team;
mod user;
mod version;
mod view;

use std::sync::atomic::Ordering;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use self::call::Call;
use self::failure::Failure;
use self::pages::Reply;
use self::version::Version;
use super::answer::Answer;
use super::auth::Caller;
use super::graphql::broken_state;
use super::limits::{Price, Resource};
use super::store::StateError;
use super::strike::{Struck, denied, struck};
use super::{Asked, Outcome, Shared, acting, conditional};
use crate::faults::{On, Shape};
use crate::world::World;
use crate::world::owner::OwnerKind;

/// What else GitHub's paths begin with. GitHub: OpenAPI description.
const ELSEWHERE: [&str; 22] = [
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
    "licenses",
    "markdown",
    "marketplace_listing",
    "networks",
    "notifications",
    "octocat",
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
    let version = match Version::asked_for(&asked.headers) {
        Ok(version) => version,
        Err(given) => {
            // GitHub: docs "API Versions": 400 for a version that there is not. The wording is not known.
            let message = format!("'{given}' is not a supported API version.");
            return Answer::refusal(StatusCode::BAD_REQUEST, &message);
        }
    };
    let call = Call::new(asked, caller, now);
    let resource = Resource::Core;
    let price = price(&call);
    let rate = match shared.books.admit(now, resource, price) {
        Ok(rate) => rate,
        Err(why) => return denied(why, resource, number),
    };
    shared.counters.rest_requests.fetch_add(1, Ordering::Relaxed);
    let parts = call.parts();
    let routed = match parts.as_slice() {
        ["rate_limit"] => Ok(Reply::ok(rate_limit(shared, &call))),
        _ => match on_world(shared, &call) {
            Ok(routed) => routed,
            Err(error) => return broken_state(&error),
        },
    };
    let routed = routed.map(|reply| reply.with_body(|body| version.of(body)));
    let mut answer = routed.map_or_else(|failure| failure.answer(&call), Reply::answer);
    answer.accepted = root::accepted_scopes(call.is_read(), &parts);
    let answer = answer.with("x-github-api-version-selected", version.as_str());
    // GitHub: observed in recorded answers: what is searched for or counted is not kept by anyone.
    if !call.is_read()
        || answer.status != StatusCode::OK
        || matches!(parts.as_slice(), ["search" | "rate_limit", ..])
    {
        return answer.paid(resource.as_str(), rate);
    }
    let etag = conditional::etag(&answer.body);
    let known = conditional::is_known(&asked.headers, &etag);
    let mut answer = answer.with("etag", etag).with("cache-control", "private, max-age=60, s-maxage=60");
    if known {
        answer.status = StatusCode::NOT_MODIFIED;
        answer.body.clear();
        return answer.paid(resource.as_str(), shared.books.refund(now, resource, price.primary));
    }
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
    let made = creates.contains(&last) && !matches!(parts.as_slice(), [.., "issues", _, "labels"]);
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
    let given = call.parts();
    // GitHub: reported (actions/github-script#394): a slash at the end leads nowhere.
    if given.len() > 1 && given.last().is_some_and(|last| last.is_empty()) {
        return Err(Failure::NotFound);
    }
    let named = root::by_names(world, &given)?;
    let parts: Vec<&str> = named.iter().map(String::as_str).collect();
    call.permitted(&parts)?;
    match parts.as_slice() {
        ["app", rest @ ..] => app::route(world, call, access, rest),
        ["orgs" | "users", _, "installation"] | ["repos", _, _, "installation"] => {
            app::installation_of(world, call, access, &parts)
        }
        ["installation", "repositories"] => app::repositories(world, call),
        ["orgs", login, rest @ ..] => organization::route(world, call, login, rest),
        ["users"] if call.is_read() => user::all(world, call, OwnerKind::User),
        ["organizations"] if call.is_read() => user::all(world, call, OwnerKind::Organization),
        ["users", login, rest @ ..] => user::route(world, call, login, rest),
        ["user", rest @ ..] => user::own(world, call, rest),
        ["issues"] if call.is_read() => issue::of_viewer(world, call, None),
        ["repos", owner, name, rest @ ..] => repository::route(world, call, (owner, name), rest),
        ["search", rest @ ..] => search::route(world, call, rest),
        [family, ..] if ELSEWHERE.contains(family) => Err(Failure::NotModelled),
        _ => root::route(call, &parts),
    }
}

/// The path of something by its numeric id, with what stands below it.
fn by_id(root: &str, id: u32, rest: &[&str]) -> String {
    rest.iter().fold(format!("{root}/{id}"), |mut path, part| {
        path.push('/');
        path.push_str(&call::encode(part));
        path
    })
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
