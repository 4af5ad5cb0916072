//! What is still to be found out, or to be done, after the answers to a request.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::NodeId;

use super::{Answer, Replay, Write, WriteResult, Writer};
use crate::failure::Failure;
use crate::page::Page;
use crate::reader::Reader;

impl Writer {
    /// Makes of "already there" what it is worth. GitHub refuses an edge that stands already, an item that another writer
    /// filed at the same moment, and a repository or team that is linked; what was wanted is then there, and an item's id
    /// is looked up. Its words about a sub-issue are the same whether the parent is the wanted one or another, so the
    /// parent is looked at. What can't be looked at stays as it was answered.
    pub(super) async fn settle(&self, writes: &[Write], results: &mut [WriteResult]) {
        let mut children = Vec::new();
        let mut issues = Vec::new();
        for (write, result) in writes.iter().zip(results.iter_mut()).filter(|(_, result)| is_there(result)) {
            if let Write::AddSubIssue { child, .. } = write {
                children.push(child.clone());
            } else if let Write::AddItem { project, issue } = write {
                issues.push((issue.clone(), project.clone()));
            } else if write.replay() == Replay::RefusedAsThere {
                *result = WriteResult::Done(Answer::Nothing);
            }
        }
        let parents = if children.is_empty() {
            BTreeMap::new()
        } else {
            self.client.parents(&children).await.unwrap_or_default()
        };
        let places = self.places_of(&issues).await;
        for (write, result) in writes.iter().zip(results.iter_mut()) {
            if let Write::AddSubIssue { parent, child, .. } = write
                && is_there(result)
                && parents.get(child) == Some(&Some(parent.clone()))
            {
                *result = WriteResult::Done(Answer::Nothing);
            } else if let Write::AddItem { project, issue } = write
                && is_there(result)
                && let Some(item) = places.get(&(issue.clone(), project.clone()))
            {
                *result = WriteResult::Done(Answer::Item(item.clone()));
            } else if let Write::CreateView { filter: Some(filter), .. } = write
                && let WriteResult::Done(Answer::View { id, .. }) = result
                && !filter.is_empty()
            {
                let id = id.clone();
                self.filter(&id, filter, result).await;
            }
        }
    }

    /// Items by issue and board. GitHub: an issue was seen not to list its place on a board of another owner than its
    /// repository's, so what the issues don't tell is looked for in the boards' lists.
    async fn places_of(&self, wanted: &[(NodeId, NodeId)]) -> BTreeMap<(NodeId, NodeId), NodeId> {
        if wanted.is_empty() {
            return BTreeMap::new();
        }
        // None of the places is known yet, so all of them are asked for.
        let unread =
            |(id, _): &(NodeId, NodeId)| (id.clone(), Page { nodes: Vec::new(), has_next: true, end: None });
        let reader = Reader::new(self.client.clone());
        let listed = reader.all_places(wanted.iter().map(unread).collect()).await.unwrap_or_default();
        let items = listed.into_iter().flat_map(|(issue, items)| {
            items.into_iter().map(move |item| ((issue.clone(), item.project), item.id))
        });
        let mut found: BTreeMap<(NodeId, NodeId), NodeId> = items.collect();
        let silent: BTreeSet<&NodeId> =
            wanted.iter().filter(|place| !found.contains_key(place)).map(|(_, board)| board).collect();
        for board in silent {
            for item in reader.board_items(board).await.unwrap_or_default() {
                if let Some(issue) = item.issue() {
                    found.insert((issue.clone(), board.clone()), item.id.clone());
                }
            }
        }
        found
    }

    /// GitHub's mutation for making a view takes no filter. A view that stands without its filter counts as not known,
    /// so that whoever sent it looks.
    async fn filter(&self, view: &NodeId, filter: &str, result: &mut WriteResult) {
        let update = Write::UpdateView {
            view: view.clone(),
            name: None,
            layout: None,
            filter: Some(filter.to_owned()),
            fields: None,
        };
        match Box::pin(self.send(std::slice::from_ref(&update))).await.pop() {
            Some(
                WriteResult::Refused(failure)
                | WriteResult::NotRun(failure)
                | WriteResult::GivenUp(failure)
                | WriteResult::Unknown(failure),
            ) => *result = WriteResult::Unknown(failure),
            Some(WriteResult::Done(_)) | None => {}
        }
    }
}

fn is_there(result: &WriteResult) -> bool {
    matches!(result, WriteResult::Refused(Failure::AlreadyThere { .. }))
}
