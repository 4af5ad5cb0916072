//! The root of queries.

use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;

use super::context::{Context, Resolved};
use super::object::{Handle, Out, Record, element, leaf, maybe, object, record, timestamp, web};
use super::{args, search};
use crate::world::owner::OwnerKind;
use crate::world::{NodeId, Refusal, RefusalKind};

/// The root object of a query.
pub(super) struct Query<'w> {
    ctx: Context<'w>,
}

impl<'w> Query<'w> {
    pub(super) fn new(ctx: &Context<'w>) -> Self {
        Self { ctx: Rc::clone(ctx) }
    }

    fn resolve(&self, info: &ResolveInfo<'_>) -> Resolved<'w> {
        let ctx = &self.ctx;
        let name = |argument| args::text(info, argument).unwrap_or_default();
        match info.field_name() {
            "viewer" => {
                let viewer = ctx.world().viewer.clone();
                object(ctx, Handle::Owner(viewer))
            }
            "user" => self.owner(OwnerKind::User, name("login")),
            "organization" => self.owner(OwnerKind::Organization, name("login")),
            "repositoryOwner" => {
                let found =
                    ctx.world().owner_by_login(name("login")).map(|owner| Handle::Owner(owner.id.clone()));
                maybe(ctx, found)
            }
            "repository" => {
                let id = ctx.world().repository_by_name(name("owner"), name("name"))?.id.clone();
                object(ctx, Handle::Repository(id))
            }
            "node" => {
                let id = args::get(info, "id").map_or_else(|| NodeId::new(""), args::id);
                self.node(&id)
            }
            "nodes" => {
                let ids = args::get(info, "ids").and_then(JsonValue::as_array).cloned().unwrap_or_default();
                let query = Self::new(ctx);
                let nodes = ids.into_iter().map(move |id| element(&query.ctx, query.node(&args::id(&id))));
                Ok(ResolvedValue::list(nodes))
            }
            "resource" => self.resource(name("url")),
            "search" => search::resolve(ctx, info),
            "meta" => record(
                ctx,
                Record::new("GitHubMetadata", vec![("isPasswordAuthenticationVerifiable", Out::leaf(false))]),
            ),
            "rateLimit" => self.rate_limit(),
            "relay" => Ok(ResolvedValue::object(Self::new(ctx))),
            "id" => leaf("Query"),
            other => Err(Refusal::not_modelled(format!("Query.{other}"))),
        }
    }

    fn owner(&self, kind: OwnerKind, login: &str) -> Resolved<'w> {
        let id = self.ctx.world().owner_of_kind(kind, login)?.id.clone();
        object(&self.ctx, Handle::Owner(id))
    }

    fn node(&self, id: &NodeId) -> Resolved<'w> {
        self.ctx.world().reach(id)?;
        let found = Handle::of_node(&self.ctx.world(), id);
        object(&self.ctx, found.ok_or_else(|| Refusal::no_node(id))?)
    }

    /// Whatever lies at an address of the web.
    fn resource(&self, url: &str) -> Resolved<'w> {
        let world = self.ctx.world();
        let path = url.strip_prefix("https://github.com/").map(|path| path.trim_end_matches('/'));
        let parts: Vec<&str> = path.unwrap_or_default().split('/').collect();
        let found = match parts.as_slice() {
            [login] => world.owner_by_login(login).map(|owner| Handle::Owner(owner.id.clone())),
            [owner, name] => {
                world.repository_by_name(owner, name).ok().map(|row| Handle::Repository(row.id.clone()))
            }
            [owner, name, "issues", number] => world
                .repository_by_name(owner, name)
                .and_then(|row| world.issue_by_number(row, number.parse().unwrap_or(0)))
                .ok()
                .map(Handle::Issue),
            _ => None,
        };
        drop(world);
        let missing =
            || Refusal::new(RefusalKind::NotFound, format!("Could not resolve to a resource at '{url}'."));
        object(&self.ctx, found.ok_or_else(missing)?)
    }

    fn rate_limit(&self) -> Resolved<'w> {
        let (cost, rate) = (self.ctx.shared.cost, self.ctx.shared.rate);
        let fields = vec![
            ("cost", Out::leaf(cost.points)),
            ("limit", Out::leaf(rate.limit)),
            ("nodeCount", Out::leaf(cost.nodes)),
            ("remaining", Out::leaf(rate.limit.saturating_sub(rate.used))),
            ("resetAt", Out::leaf(timestamp(rate.reset_at))),
            ("used", Out::leaf(rate.used)),
        ];
        record(&self.ctx, Record::new("RateLimit", fields))
    }
}

impl ObjectValue for Query<'_> {
    fn type_name(&self) -> &'static str {
        "Query"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        // GitHub's schema: a dry run calculates the cost "without evaluating" the query.
        if self.ctx.shared.cost.dry_run && info.field_name() != "rateLimit" {
            return Ok(ResolvedValue::SkipForPartialExecution);
        }
        let passed = self.ctx.shared.gate.pass(info);
        passed.and_then(|()| self.resolve(info)).map_err(|refusal| self.ctx.refuse(refusal))
    }
}

/// The avatar that GitHub would show.
pub(super) fn avatar(database_id: u32) -> String {
    format!("https://avatars.githubusercontent.com/u/{database_id}?v=4")
}

/// The web address of a path, as a leaf.
pub(super) fn url<'w>(path: &str) -> Resolved<'w> {
    leaf(web(path))
}
