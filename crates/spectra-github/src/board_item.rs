//! Items as their board lists them: which there are, and what each holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use spectra_model::id::NodeId;

use crate::failure::Failure;
use crate::graphql::{GraphQlError, PathSegment};
use crate::operations::{BoardItems, board_items};
use crate::page::{LARGEST, Page, Portion, page};
use crate::reader::{Reader, another_type};

/// An item as a board lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardItem {
    /// Node id.
    pub id: NodeId,
    /// Whether it was put aside.
    pub archived: bool,
    /// When it was filed.
    pub created_at: Timestamp,
    /// What it holds.
    pub content: Content,
}

/// What an item holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An issue.
    Issue(NodeId),
    /// A draft issue: its own node.
    Draft(NodeId),
    /// A pull request, or what the token can't see.
    Other,
}

impl BoardItem {
    /// The issue that it holds.
    pub fn issue(&self) -> Option<&NodeId> {
        match &self.content {
            Content::Issue(id) => Some(id),
            Content::Draft(_) | Content::Other => None,
        }
    }

    /// Whether it holds a draft issue.
    pub fn is_draft(&self) -> bool {
        matches!(self.content, Content::Draft(_))
    }
}

/// A list, read from both ends.
#[derive(Default)]
struct Ends {
    head: End,
    tail: End,
}

/// How far a list was read from one of its ends.
#[derive(Default)]
struct End {
    cursor: Option<String>,
    seen: BTreeSet<String>,
    ids: BTreeSet<NodeId>,
}

impl End {
    /// Notes a page and moves behind it; whether the list goes on.
    fn advance(&mut self, page: &Page<BoardItem>) -> Result<bool, Failure> {
        self.ids.extend(page.nodes.iter().map(|item| item.id.clone()));
        if !page.has_next {
            return Ok(false);
        }
        match &page.end {
            Some(cursor) if self.seen.insert(cursor.clone()) => {
                self.cursor = Some(cursor.clone());
                Ok(true)
            }
            Some(_) => Err(Failure::malformed("the cursor of a board's items does not move")),
            None => Err(Failure::malformed("a board's items go on without a cursor")),
        }
    }
}

impl Reader {
    /// The items of a board, archived ones too, by id. GitHub: this list lags behind writes by seconds to minutes, so it
    /// never says that something isn't there. It is read from both ends at once until the two meet: 200 items a request,
    /// for one point.
    ///
    /// # Errors
    /// When the board isn't there, or GitHub doesn't say.
    pub async fn board_items(&self, project: &NodeId) -> Result<Vec<BoardItem>, Failure> {
        let mut found = BTreeMap::new();
        let mut ends = Ends::default();
        let mut portion = Portion::of(LARGEST);
        // Whether there is more than a page shows with the first one.
        let mut last = 1;
        loop {
            let (head, tail) = match self.board_items_page(project, portion.size, last, &ends).await {
                Err(failure) if portion.shrink(&failure) => {
                    last = last.min(portion.size);
                    continue;
                }
                answer => answer?,
            };
            let goes_on = ends.head.advance(&head)?;
            let goes_back = goes_on && ends.tail.advance(&tail)?;
            found.extend(head.nodes.into_iter().chain(tail.nodes).map(|item| (item.id.clone(), item)));
            // Each end was read without a gap, so where they share an item nothing is between them.
            if !goes_on || !goes_back || !ends.head.ids.is_disjoint(&ends.tail.ids) {
                return Ok(found.into_values().collect());
            }
            last = portion.size;
        }
    }

    async fn board_items_page(
        &self,
        project: &NodeId,
        first: i64,
        last: i64,
        ends: &Ends,
    ) -> Result<(Page<BoardItem>, Page<BoardItem>), Failure> {
        let variables = board_items::Variables {
            project: project.as_str().to_owned(),
            first,
            after: ends.head.cursor.clone(),
            last,
            before: ends.tail.cursor.clone(),
        };
        let response = self.client().query::<BoardItems>(variables).await?;
        for error in &response.errors {
            let failure = Failure::of_error(error);
            if !hides_content(error, &failure) {
                return Err(failure);
            }
        }
        let data = response.data.ok_or_else(|| Failure::malformed("items of a board without data"))?;
        match data.node {
            Some(board_items::BoardItemsNode::ProjectV2(it)) => {
                let (tail, info) = (it.tail.nodes, it.tail.page_info);
                Ok((page!(it.head), Page::new(tail, info.has_previous_page, info.start_cursor)))
            }
            Some(_) | None => Err(another_type(project, "a board")),
        }
    }
}

impl From<board_items::BoardItemSel> for BoardItem {
    fn from(item: board_items::BoardItemSel) -> Self {
        use board_items::BoardItemSelContent as Held;
        let content = match item.content {
            Some(Held::Issue(it)) => Content::Issue(NodeId::new(it.id)),
            Some(Held::DraftIssue(it)) => Content::Draft(NodeId::new(it.id)),
            Some(_) | None => Content::Other,
        };
        Self { id: NodeId::new(item.id), archived: item.is_archived, created_at: item.created_at, content }
    }
}

/// Whether all that an error of a page of items says is that the token can't see what one of them holds.
fn hides_content(error: &GraphQlError, failure: &Failure) -> bool {
    let content = PathSegment::Key("content".to_owned());
    error.path.get(4) == Some(&content)
        && matches!(failure, Failure::Forbidden { .. } | Failure::NotFound { .. } | Failure::Refused { .. })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::testing::{JumpingClock, Script, Scripted, data};

    fn items(range: std::ops::Range<usize>) -> Vec<Json> {
        let item = |n| {
            json!({"id": format!("T_{n:04}"), "isArchived": false, "createdAt": "2026-01-01T00:00:00Z",
                "content": {"__typename": "Issue", "id": format!("I_{n}")}})
        };
        range.map(item).collect()
    }

    fn answer(
        head: std::ops::Range<usize>,
        more: bool,
        tail: std::ops::Range<usize>,
        before: bool,
    ) -> Scripted {
        let next = json!({"hasNextPage": more, "endCursor": head.end.to_string()});
        let previous = json!({"hasPreviousPage": before, "startCursor": tail.start.to_string()});
        let head = json!({"pageInfo": next, "nodes": items(head)});
        let tail = json!({"pageInfo": previous, "nodes": items(tail)});
        data(&json!({"node": {"__typename": "ProjectV2", "head": head, "tail": tail}}))
    }

    async fn read(answers: Vec<Scripted>) -> (Result<usize, Failure>, Vec<Json>) {
        let script = Script::of(answers);
        let reader = Reader::new(script.client(&JumpingClock::new()));
        let found = reader.board_items(&NodeId::new("P")).await.map(|items| items.len());
        (found, script.asked().iter().map(|body| body["variables"].clone()).collect())
    }

    #[tokio::test]
    async fn a_board_is_read_from_both_ends_until_they_meet() {
        let (found, asked) = read(vec![
            answer(0..100, true, 449..450, true),
            answer(100..200, true, 349..449, true),
            answer(200..300, true, 249..349, true),
        ])
        .await;
        assert_eq!((found.unwrap(), asked.len()), (450, 3));
        assert_eq!(asked[0], json!({"project": "P", "first": 100, "last": 1}));
        assert_eq!(
            asked[1],
            json!({"project": "P", "first": 100, "last": 100, "after": "100", "before": "449"})
        );
    }

    #[tokio::test]
    async fn ends_that_touch_without_meeting_leave_no_gap() {
        let (found, asked) = read(vec![
            answer(0..100, true, 301..302, true),
            answer(100..200, true, 201..301, true),
            answer(200..300, true, 101..201, true),
        ])
        .await;
        assert_eq!((found.unwrap(), asked.len()), (302, 3));
        let (found, asked) = read(vec![answer(0..40, false, 39..40, true)]).await;
        assert_eq!((found.unwrap(), asked.len()), (40, 1));
        let (found, _) = read(vec![answer(0..0, false, 0..0, false)]).await;
        assert_eq!(found.unwrap(), 0);
    }

    #[tokio::test]
    async fn cursors_that_stand_still_are_a_failure() {
        let again = || answer(0..100, true, 449..450, true);
        let (found, asked) = read(vec![again(), again()]).await;
        assert!(matches!(found, Err(Failure::Malformed { .. })));
        assert_eq!(asked.len(), 2);
    }
}
