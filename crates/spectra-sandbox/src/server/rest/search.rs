//! `/search/issues`. GitHub: OpenAPI: the answer counts what was found, and only the first 1,000 can be paged.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::Routed;
use super::call::Call;
use super::failure::Failure;
use super::pages::counted_page;
use super::shapes::{Shapes, merge};
use crate::world::World;
use crate::world::search::Syntax;

const REACH: usize = 1_000;

pub(super) fn route(world: &World, call: &Call<'_>, rest: &[&str]) -> Routed {
    if call.method != Method::GET || rest != ["issues"] {
        return Err(Failure::NotModelled);
    }
    let text = call.parameter("q").ok_or_else(|| Failure::invalid("q", "missing"))?;
    let sort = call.choice("sort", &["", "created", "updated", "comments"])?;
    let order = call.choice("order", &["desc", "asc"])?;
    let text = if sort.is_empty() { text.to_owned() } else { format!("{text} sort:{sort}-{order}") };
    let mut found = world.search_issues(&text, Syntax::Plain)?;
    found.truncate(REACH);
    if call.parameter("page").and_then(|page| page.parse::<usize>().ok()).is_some_and(|page| page > REACH) {
        let message = "Only the first 1000 search results are available";
        return Err(Failure::status(StatusCode::UNPROCESSABLE_ENTITY, message));
    }
    let shapes = Shapes::new(world, call);
    counted_page(call, &found, ("items", json!({ "incomplete_results": false })), |id| {
        let mut issue = world.issues.get(id).map_or_else(|| json!({}), |row| shapes.issue(row));
        merge(&mut issue, json!({ "score": 1.0 }));
        issue
    })
}
