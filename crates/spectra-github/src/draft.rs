//! Draft issues.

use std::collections::BTreeMap;

use spectra_model::id::{Login, NodeId};
use spectra_model::observation::Draft;
use spectra_model::step::IssueBinding;

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::item::HeldItem;
use crate::label::texts;
use crate::operations::{
    ConvertDraft, CreateDraft, DraftAssignees, UpdateDraft, convert_draft, create_draft, draft_assignees,
    items_by_id, update_draft,
};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, another_type, number};

batch_op!(CreateDraft, create_draft, "addProjectV2DraftIssue", AddProjectV2DraftIssueInput, CreateDraftSel);
batch_op!(
    UpdateDraft,
    update_draft,
    "updateProjectV2DraftIssue",
    UpdateProjectV2DraftIssueInput,
    UpdateDraftSel
);
batch_op!(
    ConvertDraft,
    convert_draft,
    "convertProjectV2DraftIssueItemToIssue",
    ConvertProjectV2DraftIssueItemToIssueInput,
    ConvertDraftSel
);

/// An account, as a list has it.
struct Account(String);

impl From<items_by_id::ItemsByIdNodesOnProjectV2ItemContentOnDraftIssueAssigneesNodes> for Account {
    fn from(user: items_by_id::ItemsByIdNodesOnProjectV2ItemContentOnDraftIssueAssigneesNodes) -> Self {
        Self(user.login)
    }
}

impl From<draft_assignees::DraftAssigneesNodeOnDraftIssueAssigneesNodes> for Account {
    fn from(user: draft_assignees::DraftAssigneesNodeOnDraftIssueAssigneesNodes) -> Self {
        Self(user.login)
    }
}

impl Reader {
    /// The drafts that these items hold, in the order of the items. Ids that lead nowhere, and items that hold something
    /// else, are left out. Read by id, so as they are now; one point for 50.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn drafts(&self, items: &[NodeId]) -> Result<Vec<Draft>, Failure> {
        use items_by_id::ItemsByIdNodesOnProjectV2ItemContent as Held;
        let mut drafts = BTreeMap::new();
        let mut listed = Vec::new();
        for HeldItem { item, content } in self.held(items).await? {
            if let Some(Held::DraftIssue(draft)) = content {
                drafts.insert(item.id.clone(), draft);
                listed.push(item);
            }
        }
        let mut found = Vec::with_capacity(listed.len());
        for item in self.whole(listed).await? {
            let Some(draft) = drafts.remove(&item.id) else { continue };
            let id = NodeId::new(draft.id);
            let next = |first, after| self.draft_assignees_page(&id, first, after);
            let first: Page<Account> = page!(draft.assignees);
            let assignees = all("assignees of a draft", Some(first), LARGEST, next).await?;
            let mut assignees: Vec<Login> = assignees.into_iter().map(|it| Login::new(it.0)).collect();
            assignees.sort();
            assignees.dedup();
            found.push(Draft {
                id,
                title: draft.title,
                body: draft.body,
                author: draft.creator.map(|creator| Login::new(creator.login)),
                assignees,
                item,
            });
        }
        let place = |draft: &Draft| items.iter().position(|item| *item == draft.item.id);
        found.sort_by_key(place);
        Ok(found)
    }

    async fn draft_assignees_page(
        &self,
        draft: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<Account>, Failure> {
        let variables = draft_assignees::Variables { draft: draft.as_str().to_owned(), first, after };
        match self.client().whole::<DraftAssignees>(variables).await?.node {
            Some(draft_assignees::DraftAssigneesNode::DraftIssue(it)) => Ok(page!(it.assignees)),
            Some(_) | None => Err(another_type(draft, "a draft")),
        }
    }
}

/// GitHub files an issue in place of a draft whose title is an issue's address (GitHub's schema,
/// `AddProjectV2DraftIssueInput.title`); the answer then holds no draft.
pub(crate) fn create(
    project: &NodeId,
    title: &str,
    body: &str,
    assignees: &[NodeId],
) -> create_draft::AddProjectV2DraftIssueInput {
    create_draft::AddProjectV2DraftIssueInput {
        project_id: project.as_str().to_owned(),
        title: title.to_owned(),
        body: Some(body.to_owned()),
        assignee_ids: (!assignees.is_empty()).then(|| texts(assignees)),
        ..Default::default()
    }
}

pub(crate) fn update(
    draft: &NodeId,
    title: Option<&str>,
    body: Option<&str>,
    assignees: Option<&[NodeId]>,
) -> update_draft::UpdateProjectV2DraftIssueInput {
    update_draft::UpdateProjectV2DraftIssueInput {
        draft_issue_id: draft.as_str().to_owned(),
        title: title.map(str::to_owned),
        body: body.map(str::to_owned),
        assignee_ids: assignees.map(texts),
        ..Default::default()
    }
}

pub(crate) fn convert(
    item: &NodeId,
    repository: &NodeId,
) -> convert_draft::ConvertProjectV2DraftIssueItemToIssueInput {
    convert_draft::ConvertProjectV2DraftIssueItemToIssueInput {
        item_id: item.as_str().to_owned(),
        repository_id: repository.as_str().to_owned(),
        ..Default::default()
    }
}

/// The item and the draft in it.
pub(crate) fn created(payload: create_draft::CreateDraftSel) -> Option<(NodeId, NodeId)> {
    let item = payload.project_item?;
    let create_draft::CreateDraftSelProjectItemContent::DraftIssue(draft) = item.content? else {
        return None;
    };
    Some((NodeId::new(item.id), NodeId::new(draft.id)))
}

/// The item and the issue in it.
pub(crate) fn converted(payload: convert_draft::ConvertDraftSel) -> Option<(NodeId, IssueBinding)> {
    let item = payload.item?;
    let convert_draft::ConvertDraftSelItemContent::Issue(issue) = item.content? else { return None };
    let number = number(issue.number).ok()?;
    Some((NodeId::new(item.id), IssueBinding { id: NodeId::new(issue.id), number, url: issue.url }))
}
