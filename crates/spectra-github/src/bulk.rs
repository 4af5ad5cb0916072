//! Connections of many nodes at once.
//!
//! A list shows the first page of each node's own connections. Those that don't end there are read for many nodes in one
//! request, from their beginning in larger pages; only what doesn't end then either is read on node by node, since each
//! has a cursor of its own.
//!
//! Guarantees: as [`crate::page`]'s, for every node; a node that has gone meanwhile is a failure.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use spectra_model::id::NodeId;

use crate::failure::Failure;
use crate::graphql::Response;
use crate::page::{Page, Portion, all};

/// How much is asked for at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// So many nodes.
    pub(crate) nodes: i64,
    /// So much of the connection of each.
    pub(crate) page: i64,
}

/// All of a connection of many nodes, each of which comes with its first page. `fetch` takes nodes, the page's size and
/// the cursor that it begins after; a cursor goes with a single node only.
pub(crate) async fn complete<T, Fetch, Answer>(
    what: &'static str,
    listed: Vec<(NodeId, Page<T>)>,
    sizes: Sizes,
    fetch: Fetch,
) -> Result<BTreeMap<NodeId, Vec<T>>, Failure>
where
    Fetch: Fn(Vec<NodeId>, i64, Option<String>) -> Answer,
    Answer: Future<Output = Result<Vec<(NodeId, Page<T>)>, Failure>>,
{
    let mut whole = BTreeMap::new();
    let mut open = BTreeSet::new();
    for (id, page) in listed {
        if page.has_next {
            open.insert(id);
        } else {
            whole.insert(id, page.nodes);
        }
    }
    let open: Vec<NodeId> = open.into_iter().collect();
    let pages = in_portions(&open, sizes.nodes, |ids| fetch(ids, sizes.page, None)).await?;
    for (id, page) in pages {
        let one = &id;
        let fetch = &fetch;
        let next = |first, after| async move {
            let pages = fetch(vec![one.clone()], first, after).await?;
            pages.into_iter().map(|(_, page)| page).next().ok_or_else(|| gone(what, one))
        };
        let nodes = all(what, Some(page), sizes.page, next).await?;
        whole.insert(id, nodes);
    }
    match open.iter().find(|id| !whole.contains_key(*id)) {
        Some(missing) => Err(gone(what, missing)),
        None => Ok(whole),
    }
}

/// What is asked of many nodes, so many at once, and fewer where that is too much.
pub(crate) async fn in_portions<T, Fetch, Answer>(
    ids: &[NodeId],
    size: i64,
    fetch: Fetch,
) -> Result<Vec<T>, Failure>
where
    Fetch: Fn(Vec<NodeId>) -> Answer,
    Answer: Future<Output = Result<Vec<T>, Failure>>,
{
    let mut found = Vec::new();
    let mut portion = Portion::of(size);
    let mut rest = ids;
    while !rest.is_empty() {
        let size = usize::try_from(portion.size).unwrap_or(1);
        let (chunk, behind) = rest.split_at(rest.len().min(size));
        match fetch(chunk.to_vec()).await {
            Err(failure) if portion.shrink(&failure) => {}
            answer => {
                found.extend(answer?);
                rest = behind;
            }
        }
    }
    Ok(found)
}

/// The data of an answer to `nodes(ids:)`. An id that leads nowhere is an error at its own place of the list; anything
/// else leaves the list unknown.
pub(crate) fn seen<T>(response: Response<T>) -> Result<T, Failure> {
    for error in &response.errors {
        let failure = Failure::of_error(error);
        if error.path.len() != 2 || !matches!(failure, Failure::NotFound { .. }) {
            return Err(failure);
        }
    }
    response.data.ok_or_else(|| Failure::malformed("nodes without data"))
}

fn gone(what: &str, id: &NodeId) -> Failure {
    Failure::NotFound { message: format!("{what}: {id} has gone meanwhile") }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn page(nodes: &[u32], end: Option<&str>) -> Page<u32> {
        Page { nodes: nodes.to_vec(), has_next: end.is_some(), end: end.map(str::to_owned) }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn id(n: u32) -> NodeId {
        NodeId::new(format!("N_{n:03}"))
    }

    const SIZES: Sizes = Sizes { nodes: 50, page: 100 };

    #[test]
    fn only_what_overflows_is_read_on_and_many_at_once() {
        let listed = (0..120).map(|n| (id(n), page(&[n], (n % 2 == 0).then_some("x")))).collect();
        let asked = RefCell::new(Vec::new());
        let whole = run(complete("numbers", listed, SIZES, |ids, size, after| {
            asked.borrow_mut().push((ids.len(), size, after.clone()));
            async move {
                // One of them goes on after its hundredth as well.
                let pages = ids.into_iter().map(|it| {
                    let more = it == id(4) && after.is_none();
                    (it, page(&[7, 8], more.then_some("c")))
                });
                Ok(pages.collect())
            }
        }))
        .unwrap();
        assert_eq!(whole.len(), 120);
        assert_eq!((whole[&id(1)].as_slice(), whole[&id(2)].as_slice()), (&[1][..], &[7, 8][..]));
        assert_eq!(whole[&id(4)], [7, 8, 7, 8]);
        assert_eq!(asked.into_inner(), [(50, 100, None), (10, 100, None), (1, 100, Some("c".to_owned()))]);
    }

    #[test]
    fn a_node_that_has_gone_is_a_failure() {
        let listed = || vec![(id(1), page(&[1], Some("x")))];
        let nobody = |_, _, _| async { Ok(Vec::new()) };
        let answer = run(complete("numbers", listed(), SIZES, nobody));
        assert!(matches!(answer, Err(Failure::NotFound { .. })));
        let endless = |ids: Vec<NodeId>, _, _| async move {
            Ok(ids.into_iter().map(|it| (it, page(&[1], Some("c")))).collect())
        };
        let answer = run(complete("numbers", listed(), SIZES, endless));
        assert!(matches!(answer, Err(Failure::Malformed { .. })));
    }

    #[test]
    fn too_many_nodes_are_asked_for_in_halves() {
        let ids: Vec<NodeId> = (0..100).map(id).collect();
        let asked = RefCell::new(Vec::new());
        let found = run(in_portions(&ids, 50, |ids| {
            asked.borrow_mut().push(ids.len());
            async move {
                if ids.len() > 30 {
                    return Err(Failure::ResourceLimits { message: String::new() });
                }
                Ok(ids)
            }
        }));
        assert_eq!(found.unwrap(), ids);
        assert_eq!(asked.into_inner(), [50, 25, 25, 25, 25]);
    }
}
