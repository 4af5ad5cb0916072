//! Connections, read to their end.
//!
//! Guarantees: every node of every page, in order, or a failure. A cursor that stands still or runs in a circle is a
//! failure, never a loop. Where a page is too much for GitHub, it is asked for again in a smaller size.

use std::collections::BTreeSet;
use std::future::Future;

use crate::failure::Failure;

/// The most nodes a connection gives at once (GitHub docs, "Rate limits and query limits for the GraphQL API").
pub(crate) const LARGEST: i64 = 100;

/// How much is asked for at once: less after GitHub found it too much.
#[derive(Debug)]
pub(crate) struct Portion {
    /// So many.
    pub(crate) size: i64,
    unanswered: bool,
}

impl Portion {
    pub(crate) fn of(size: i64) -> Self {
        Self { size: size.clamp(1, LARGEST), unanswered: false }
    }

    /// Whether to ask for less after this. No answer at all is seldom a matter of size, so that is tried only once.
    pub(crate) fn shrink(&mut self, failure: &Failure) -> bool {
        let smaller = if matches!(failure, Failure::ResourceLimits { .. }) {
            self.size / 2
        } else if failure.is_oversize() && !self.unanswered {
            self.unanswered = true;
            self.size / 4
        } else {
            return false;
        };
        let shrinks = self.size > 1;
        self.size = smaller.max(1);
        shrinks
    }
}

/// One page of a connection.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// Its nodes.
    pub(crate) nodes: Vec<T>,
    /// Whether there are more.
    pub(crate) has_next: bool,
    /// Where the next page begins.
    pub(crate) end: Option<String>,
}

impl<T> Page<T> {
    /// A page from what a connection has; nodes may be missing where the token can't see them.
    pub(crate) fn new<N: Into<T>>(
        nodes: Option<Vec<Option<N>>>,
        has_next: bool,
        end: Option<String>,
    ) -> Self {
        let nodes = nodes.into_iter().flatten().flatten().map(Into::into).collect();
        Self { nodes, has_next, end }
    }

    /// A connection that isn't there.
    pub(crate) fn empty() -> Self {
        Self { nodes: Vec::new(), has_next: false, end: None }
    }
}

/// A [`Page`] from a derived connection. Each operation has types of its own for it, alike in all but their names.
macro_rules! page {
    ($connection:expr) => {{
        let connection = $connection;
        let info = connection.page_info;
        $crate::page::Page::new(connection.nodes, info.has_next_page, info.end_cursor)
    }};
}
pub(crate) use page;

/// All nodes of a connection. `first` is the page that came with its parent, if one did; `fetch` takes the page's size
/// and the cursor that it begins after.
pub(crate) async fn all<T, Fetch, Answer>(
    what: &'static str,
    first: Option<Page<T>>,
    size: i64,
    fetch: Fetch,
) -> Result<Vec<T>, Failure>
where
    Fetch: FnMut(i64, Option<String>) -> Answer,
    Answer: Future<Output = Result<Page<T>, Failure>>,
{
    through(what, first, size, |_| false, fetch).await
}

/// The nodes of a connection up to the first that `last` is true of, that one included.
pub(crate) async fn through<T, Fetch, Answer>(
    what: &'static str,
    first: Option<Page<T>>,
    size: i64,
    mut last: impl FnMut(&T) -> bool,
    mut fetch: Fetch,
) -> Result<Vec<T>, Failure>
where
    Fetch: FnMut(i64, Option<String>) -> Answer,
    Answer: Future<Output = Result<Page<T>, Failure>>,
{
    let mut portion = Portion::of(size);
    let mut seen = BTreeSet::new();
    let mut cursor = None;
    let mut nodes = Vec::new();
    let mut ready = first;
    loop {
        let page = match ready.take() {
            Some(page) => page,
            None => match fetch(portion.size, cursor.clone()).await {
                Err(failure) if portion.shrink(&failure) => continue,
                answer => answer?,
            },
        };
        for node in page.nodes {
            let stop = last(&node);
            nodes.push(node);
            if stop {
                return Ok(nodes);
            }
        }
        if !page.has_next {
            return Ok(nodes);
        }
        match page.end {
            Some(end) if seen.insert(end.clone()) => cursor = Some(end),
            Some(_) => return Err(Failure::malformed(format!("the cursor of {what} does not move"))),
            None => return Err(Failure::malformed(format!("{what} go on without a cursor"))),
        }
    }
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

    #[test]
    fn every_page_is_read_in_order() {
        let asked = RefCell::new(Vec::new());
        let nodes = run(all("numbers", Some(page(&[1], Some("a"))), 20, |size, cursor| {
            asked.borrow_mut().push((size, cursor.clone()));
            async move {
                Ok(if cursor.as_deref() == Some("a") { page(&[2, 3], Some("b")) } else { page(&[4], None) })
            }
        }));
        assert_eq!(nodes.unwrap(), [1, 2, 3, 4]);
        assert_eq!(asked.into_inner(), [(20, Some("a".to_owned())), (20, Some("b".to_owned()))]);
    }

    #[test]
    fn a_cursor_that_stands_still_ends_in_a_failure() {
        let answer = run(all("numbers", None, 20, |_, _| async { Ok(page(&[1], Some("a"))) }));
        assert!(matches!(answer, Err(Failure::Malformed { .. })));
        let circle = |_, cursor: Option<String>| async move {
            Ok(page(&[1], Some(if cursor.as_deref() == Some("a") { "b" } else { "a" })))
        };
        assert!(matches!(run(all("numbers", None, 20, circle)), Err(Failure::Malformed { .. })));
        let lost = Page { nodes: vec![1], has_next: true, end: None };
        let answer = run(all("numbers", Some(lost), 20, |_, _| async { Ok(page(&[1], None)) }));
        assert!(matches!(answer, Err(Failure::Malformed { .. })));
    }

    #[test]
    fn a_page_that_is_too_much_is_asked_for_in_halves() {
        let too_much = || Failure::ResourceLimits { message: String::new() };
        let answer = run(all("numbers", None, 100, |size, _| async move {
            if size > 25 { Err(too_much()) } else { Ok(page(&[7], None)) }
        }));
        assert_eq!(answer.unwrap(), [7]);
        let answer = run(all("numbers", None, 100, |_, _| async { Err::<Page<u32>, _>(too_much()) }));
        assert!(matches!(answer, Err(Failure::ResourceLimits { .. })));
    }

    #[test]
    fn silence_is_put_down_to_size_only_once() {
        let asked = RefCell::new(Vec::new());
        let answer = run(all("numbers", None, 100, |size, _| {
            asked.borrow_mut().push(size);
            async { Err::<Page<u32>, _>(Failure::Ambiguous { message: String::new(), source: None }) }
        }));
        assert!(matches!(answer, Err(Failure::Ambiguous { .. })));
        assert_eq!(asked.into_inner(), [100, 25]);
    }

    #[test]
    fn it_stops_where_it_is_told() {
        let answer = run(through(
            "numbers",
            Some(page(&[3, 2, 1], Some("a"))),
            20,
            |n| *n < 3,
            |_, _| async { Err(Failure::malformed("not asked for")) },
        ));
        assert_eq!(answer.unwrap(), [3, 2]);
    }
}
