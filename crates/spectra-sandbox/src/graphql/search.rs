//! `Query.search`.

use apollo_compiler::resolvers::ResolveInfo;

use super::args;
use super::connection::{More, connection_with};
use super::context::{Context, Resolved};
use super::object::Handle;
use crate::world::Refusal;
use crate::world::search::{RESULT_LIMIT, Syntax};

pub(super) fn resolve<'w>(ctx: &Context<'w>, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let text = args::text(info, "query").unwrap_or_default();
    let handles = |ids: Vec<_>, handle: fn(_) -> Handle| ids.into_iter().map(handle).collect::<Vec<_>>();
    let (counted, mut all) = match args::text(info, "type").unwrap_or_default() {
        "ISSUE" => ("issueCount", handles(world.search_issues(text, Syntax::Plain)?, Handle::Issue)),
        "ISSUE_ADVANCED" => {
            ("issueCount", handles(world.search_issues(text, Syntax::Advanced)?, Handle::Issue))
        }
        "REPOSITORY" => ("repositoryCount", handles(world.search_repositories(text)?, Handle::Repository)),
        "USER" => ("userCount", handles(world.search_owners(text)?, Handle::Owner)),
        // There are none here, so nothing is the truth.
        "DISCUSSION" => ("discussionCount", Vec::new()),
        other => return Err(Refusal::not_modelled(format!("SearchType.{other}"))),
    };
    let count = all.len();
    all.truncate(RESULT_LIMIT);
    let names = ["codeCount", "discussionCount", "issueCount", "repositoryCount", "userCount", "wikiCount"];
    let mut fields: Vec<(&'static str, apollo_compiler::response::JsonValue)> =
        names.into_iter().map(|name| (name, if name == counted { count.into() } else { 0.into() })).collect();
    let lexical = if counted == "issueCount" { "LEXICAL".into() } else { ().into() };
    fields.push(("issueSearchType", lexical));
    fields.push(("lexicalFallbackReason", ().into()));
    connection_with(ctx, info, all, More { fields, edges: None })
}
