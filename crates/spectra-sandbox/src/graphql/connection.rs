//! Connections: pages over a list of handles.
//!
//! Cursors are opaque and name the element they stand for, so that a page that follows one is right even when
//! elements were added or moved meanwhile; an element that is gone is replaced by its former place.

use std::ops::Range;
use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;

use super::args;
use super::context::{Context, Resolved};
use super::object::{Handle, Out, Record, leaf, list, object, record};
use crate::base64;
use crate::world::{Refusal, RefusalKind};

/// What an edge says of its element beside the element itself.
pub(super) type EdgeFields = dyn Fn(&Handle, &str) -> Option<JsonValue>;

/// What some connections say beside their elements.
#[derive(Default)]
pub(super) struct More {
    /// Leaves by name.
    pub(super) fields: Vec<(&'static str, JsonValue)>,
    /// Leaves of the edges.
    pub(super) edges: Option<Rc<EdgeFields>>,
}

/// A page of a list.
struct Connection<'w> {
    ctx: Context<'w>,
    type_name: String,
    all: Rc<Vec<Handle>>,
    page: Range<usize>,
    more: More,
}

/// The connection that a field asks for, over these elements.
pub(super) fn connection<'w>(ctx: &Context<'w>, info: &ResolveInfo<'_>, all: Vec<Handle>) -> Resolved<'w> {
    connection_with(ctx, info, all, More::default())
}

/// A connection that says more.
pub(super) fn connection_with<'w>(
    ctx: &Context<'w>,
    info: &ResolveInfo<'_>,
    all: Vec<Handle>,
    more: More,
) -> Resolved<'w> {
    let page = slice(info, &all)?;
    let type_name = info.field_definition().ty.inner_named_type().to_string();
    Ok(ResolvedValue::object(Connection { ctx: Rc::clone(ctx), type_name, all: Rc::new(all), page, more }))
}

impl ObjectValue for Connection<'_> {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let ctx = &self.ctx;
        let said = self.more.fields.iter().find(|(field, _)| *field == info.field_name());
        if let Some((_, value)) = said {
            return leaf(value.clone()).map_err(|refusal| ctx.refuse(refusal));
        }
        let resolved = match info.field_name() {
            "totalCount" => leaf(self.all.len()),
            "nodes" => list(ctx, self.all.get(self.page.clone()).unwrap_or_default().to_vec()),
            "edges" => {
                let edge = info.field_definition().ty.inner_named_type().to_string();
                let all = Rc::clone(&self.all);
                let ctx = Rc::clone(ctx);
                let more = self.more.edges.clone();
                let edges = self.page.clone().filter_map(move |place| {
                    let handle = all.get(place)?.clone();
                    let edge = Edge {
                        ctx: Rc::clone(&ctx),
                        type_name: edge.clone(),
                        cursor: cursor(place, &handle),
                        handle,
                        more: more.clone(),
                    };
                    Some(ResolvedValue::object(edge))
                });
                Ok(ResolvedValue::list(edges))
            }
            "pageInfo" => record(ctx, self.page_info()),
            // GitHub: of repositories only; the sandbox's hold nothing on disk.
            "totalDiskUsage" => leaf(0),
            // GitHub's schema: of timelines only.
            "pageCount" => leaf(self.page.len()),
            name => Err(Refusal::not_modelled(format!("{}.{name}", self.type_name))),
        };
        resolved.map_err(|refusal| ctx.refuse(refusal))
    }
}

impl Connection<'_> {
    fn page_info(&self) -> Record {
        let at = |place: Option<usize>| {
            let found = place.and_then(|place| self.all.get(place).map(|handle| cursor(place, handle)));
            found.map_or_else(Out::null, Out::leaf)
        };
        let filled = !self.page.is_empty();
        let fields = vec![
            ("startCursor", at(filled.then_some(self.page.start))),
            ("endCursor", at(filled.then_some(self.page.end.saturating_sub(1)))),
            ("hasNextPage", Out::leaf(self.page.end < self.all.len())),
            ("hasPreviousPage", Out::leaf(self.page.start > 0)),
        ];
        Record::new("PageInfo", fields)
    }
}

/// An element with its cursor.
struct Edge<'w> {
    ctx: Context<'w>,
    type_name: String,
    cursor: String,
    handle: Handle,
    more: Option<Rc<EdgeFields>>,
}

impl ObjectValue for Edge<'_> {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let resolved = match info.field_name() {
            "cursor" => leaf(self.cursor.as_str()),
            "node" => object(&self.ctx, self.handle.clone()),
            // GitHub's schema: of searches only; GitHub fills it on request of a media type, which GraphQL has not.
            "textMatches" => Ok(ResolvedValue::list([])),
            name => match self.more.as_ref().and_then(|more| more(&self.handle, name)) {
                Some(value) => leaf(value),
                None => Err(Refusal::not_modelled(format!("{}.{name}", self.type_name))),
            },
        };
        resolved.map_err(|refusal| self.ctx.refuse(refusal))
    }
}

/// The cursor of an element.
pub(super) fn cursor(place: usize, handle: &Handle) -> String {
    base64::encode(format!("cursor:v2:{place}:{}", handle.key()).as_bytes())
}

/// The places that the page holds.
fn slice(info: &ResolveInfo<'_>, all: &[Handle]) -> Result<Range<usize>, Refusal> {
    let mut start = 0;
    let mut end = all.len();
    if let Some(after) = args::text(info, "after") {
        start = locate(after, all)?.after;
    }
    if let Some(before) = args::text(info, "before") {
        end = locate(before, all)?.before.max(start);
    }
    start = start.min(end);
    let count = |name: &str| args::int(info, name).and_then(|count| usize::try_from(count).ok());
    if let Some(first) = count("first") {
        end = end.min(start.saturating_add(first));
    }
    if let Some(last) = count("last") {
        start = start.max(end.saturating_sub(last));
    }
    Ok(start..end)
}

struct Place {
    before: usize,
    after: usize,
}

fn locate(cursor: &str, all: &[Handle]) -> Result<Place, Refusal> {
    let malformed = || {
        Refusal::new(RefusalKind::ArgumentError, format!("`{cursor}` does not appear to be a valid cursor."))
    };
    let text =
        base64::decode(cursor).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(malformed)?;
    let (place, key) =
        text.strip_prefix("cursor:v2:").and_then(|rest| rest.split_once(':')).ok_or_else(malformed)?;
    let former: usize = place.parse().ok().ok_or_else(malformed)?;
    let same = |handle: &Handle| handle.key() == key;
    // Most often it is where it was.
    let found = match all.get(former) {
        Some(handle) if same(handle) => Some(former),
        Some(_) | None => all.iter().position(same),
    };
    Ok(match found {
        Some(place) => Place { before: place, after: place + 1 },
        None => Place { before: former.min(all.len()), after: former.min(all.len()) },
    })
}
