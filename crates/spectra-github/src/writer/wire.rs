//! Writes as GitHub takes them, and its answers to them.

use serde_json::Value as Json;
use spectra_model::id::NodeId;

use super::{Answer, Write};
use crate::batch::{Batch, BatchOp};
use crate::failure::Failure;
use crate::operations::{
    AddAssignees, AddBlockedBy, AddItem, AddLabels, AddSubIssue, ArchiveItem, ClearValue, ConvertDraft,
    CreateDraft, CreateField, CreateIssue, CreateLabel, CreateProject, CreateView, DeleteField, DeleteIssue,
    DeleteItem, DeleteLabel, DeleteProject, DeleteView, LinkRepository, LinkTeam, MoveSubIssue,
    RemoveAssignees, RemoveBlockedBy, RemoveLabels, SetValue, TransferIssue, UnarchiveItem, UnlinkRepository,
    UnlinkTeam, UpdateDraft, UpdateField, UpdateIssue, UpdateLabel, UpdateProject, UpdateView,
};
use crate::rest::Call;
use crate::view::Holder;
use crate::{
    assignee, blocked_by, draft, field, issue, item, label, milestone, project, repository, sub_issue, team,
    view,
};

impl Write {
    /// Adds it to a request.
    #[expect(clippy::too_many_lines, reason = "one arm a write")]
    pub(crate) fn put(&self, batch: &mut Batch) -> Result<(), Failure> {
        match self {
            Self::CreateProject { owner, title } => {
                batch.push::<CreateProject>(&project::create(owner, title))
            }
            Self::UpdateProject { project, update } => {
                batch.push::<UpdateProject>(&project::update(project, update))
            }
            Self::DeleteProject { project } => batch.push::<DeleteProject>(&project::delete(project)),
            Self::CreateLabel { repository, name, colour, description } => {
                batch.push::<CreateLabel>(&label::create(repository, name, colour, description.as_deref()))
            }
            Self::UpdateLabel { label, name, colour, description } => batch.push::<UpdateLabel>(
                &label::update(label, name.as_ref(), colour.as_deref(), description.as_deref()),
            ),
            Self::DeleteLabel { label } => batch.push::<DeleteLabel>(&label::delete(label)),
            Self::CreateField { project, name, r#type, options, iterations } => {
                batch.push::<CreateField>(&field::create(project, name, *r#type, options, iterations))
            }
            Self::UpdateField { field, r#type, name, options, iterations } => {
                let update = field::Update {
                    field,
                    r#type: *r#type,
                    name: name.as_ref(),
                    options: options.as_deref(),
                    iterations: iterations.as_deref(),
                };
                batch.push::<UpdateField>(&field::update(update))
            }
            Self::DeleteField { field } => batch.push::<DeleteField>(&field::delete(field)),
            Self::CreateView { project, name, layout, fields, filter: _ } => {
                batch.push::<CreateView>(&view::create(project, name, *layout, fields.as_deref()))
            }
            Self::UpdateView { view, name, layout, filter, fields } => batch.push::<UpdateView>(
                &view::update(view, name.as_ref(), *layout, filter.as_deref(), fields.as_deref()),
            ),
            Self::DeleteView { view } => batch.push::<DeleteView>(&view::delete(view)),
            Self::LinkRepository { project, repository } => {
                batch.push::<LinkRepository>(&repository::link(project, repository))
            }
            Self::UnlinkRepository { project, repository } => {
                batch.push::<UnlinkRepository>(&repository::unlink(project, repository))
            }
            Self::LinkTeam { project, team } => batch.push::<LinkTeam>(&team::link(project, team)),
            Self::UnlinkTeam { project, team } => batch.push::<UnlinkTeam>(&team::unlink(project, team)),
            Self::CreateMilestone { .. }
            | Self::UpdateMilestone { .. }
            | Self::DeleteMilestone { .. }
            | Self::CreateRestView { .. } => {
                Err(Failure::Validation { message: "this goes over REST, not GraphQL".to_owned() })
            }
            Self::CreateIssue { issue } => batch.push::<CreateIssue>(&issue::create(issue)),
            Self::UpdateIssue { issue, title, body } => {
                batch.push::<UpdateIssue>(&issue::update(issue, title.as_deref(), body.as_deref()))
            }
            Self::SetState { issue, state, reason } => {
                batch.push::<UpdateIssue>(&issue::set_state(issue, *state, reason))
            }
            Self::SetMilestone { issue, milestone } => {
                let input = issue::set_milestone(issue, milestone.as_ref());
                let cleared: &[&str] = if milestone.is_none() { &["milestoneId"] } else { &[] };
                batch.push_clearing::<UpdateIssue>(&input, cleared)
            }
            Self::SetIssueType { issue, issue_type } => {
                let input = issue::set_issue_type(issue, issue_type.as_ref());
                let cleared: &[&str] = if issue_type.is_none() { &["issueType", "issueTypeId"] } else { &[] };
                batch.push_clearing::<UpdateIssue>(&input, cleared)
            }
            Self::AddLabels { issue, labels } => batch.push::<AddLabels>(&label::add(issue, labels)),
            Self::RemoveLabels { issue, labels } => batch.push::<RemoveLabels>(&label::remove(issue, labels)),
            Self::AddAssignees { issue, assignees } => {
                batch.push::<AddAssignees>(&assignee::add(issue, assignees))
            }
            Self::RemoveAssignees { issue, assignees } => {
                batch.push::<RemoveAssignees>(&assignee::remove(issue, assignees))
            }
            Self::DeleteIssue { issue } => batch.push::<DeleteIssue>(&issue::delete(issue)),
            Self::TransferIssue { issue, repository } => {
                batch.push::<TransferIssue>(&issue::transfer(issue, repository))
            }
            Self::AddSubIssue { parent, child, replace_parent } => {
                batch.push::<AddSubIssue>(&sub_issue::add(parent, child, *replace_parent))
            }
            Self::MoveSubIssue { parent, child, beside } => {
                batch.push::<MoveSubIssue>(&sub_issue::place(parent, child, beside))
            }
            Self::AddBlockedBy { issue, by } => batch.push::<AddBlockedBy>(&blocked_by::add(issue, by)),
            Self::RemoveBlockedBy { issue, by } => {
                batch.push::<RemoveBlockedBy>(&blocked_by::remove(issue, by))
            }
            Self::CreateDraft { project, title, body, assignees } => {
                batch.push::<CreateDraft>(&draft::create(project, title, body, assignees))
            }
            Self::UpdateDraft { draft, title, body, assignees } => batch.push::<UpdateDraft>(&draft::update(
                draft,
                title.as_deref(),
                body.as_deref(),
                assignees.as_deref(),
            )),
            Self::ConvertDraft { item, repository } => {
                batch.push::<ConvertDraft>(&draft::convert(item, repository))
            }
            Self::AddItem { project, issue } => batch.push::<AddItem>(&item::add(project, issue)),
            Self::ArchiveItem { project, item } => batch.push::<ArchiveItem>(&item::archive(project, item)),
            Self::UnarchiveItem { project, item } => {
                batch.push::<UnarchiveItem>(&item::unarchive(project, item))
            }
            Self::DeleteItem { project, item } => batch.push::<DeleteItem>(&item::delete(project, item)),
            Self::SetValue { project, item, field, value } => {
                batch.push::<SetValue>(&item::set(project, item, field, value))
            }
            Self::ClearValue { project, item, field } => {
                batch.push::<ClearValue>(&item::clear(project, item, field))
            }
        }
    }

    /// The REST call that it is; None where it goes over GraphQL. `user` is the number of the user whose board a view is
    /// made on, where it is a user's.
    pub(crate) fn call(&self, user: Option<u64>) -> Option<Call> {
        if let Self::CreateMilestone { repository, title, description, due_on } = self {
            Some(milestone::create(repository, title, description, due_on))
        } else if let Self::UpdateMilestone { repository, number, title, description, due_on } = self {
            Some(milestone::update(repository, *number, title, description, due_on))
        } else if let Self::DeleteMilestone { repository, number } = self {
            Some(milestone::delete(repository, *number))
        } else if let Self::CreateRestView { owner, number, view } = self {
            let holder = user.map_or_else(|| Holder::Org(owner.slug.clone()), Holder::User);
            Some(view::create_over_rest(&holder, *number, view))
        } else {
            None
        }
    }

    /// Reads its payload.
    pub(crate) fn answer(&self, payload: Json) -> Result<Answer, Failure> {
        let view = |(id, number)| Answer::View { id, number };
        let item = |id| Answer::Item(NodeId::new(id));
        let answer = match self {
            Self::CreateProject { .. } => {
                project::created(decode::<CreateProject>(payload)?).map(Answer::Project)
            }
            Self::UpdateProject { .. } => {
                project::updated(decode::<UpdateProject>(payload)?).map(Answer::Project)
            }
            Self::CreateLabel { .. } => {
                decode::<CreateLabel>(payload)?.label.map(|it| Answer::Label(NodeId::new(it.id)))
            }
            Self::UpdateLabel { .. } => {
                decode::<UpdateLabel>(payload)?.label.map(|it| Answer::Label(NodeId::new(it.id)))
            }
            Self::CreateMilestone { .. } | Self::UpdateMilestone { .. } => {
                Some(Answer::Milestone(milestone::written(payload)?))
            }
            Self::CreateField { .. } => field::created(decode::<CreateField>(payload)?)?.map(Answer::Field),
            Self::UpdateField { .. } => field::updated(decode::<UpdateField>(payload)?)?.map(Answer::Field),
            Self::CreateView { .. } => view::created(decode::<CreateView>(payload)?).map(view),
            Self::CreateRestView { .. } => Some(view(view::created_over_rest(payload)?)),
            Self::UpdateView { .. } => view::updated(decode::<UpdateView>(payload)?).map(view),
            Self::CreateIssue { .. } => issue::created(decode::<CreateIssue>(payload)?).map(Answer::Issue),
            Self::UpdateIssue { .. }
            | Self::SetState { .. }
            | Self::SetMilestone { .. }
            | Self::SetIssueType { .. } => issue::updated(decode::<UpdateIssue>(payload)?).map(Answer::Issue),
            Self::TransferIssue { .. } => {
                issue::transferred(decode::<TransferIssue>(payload)?).map(Answer::Issue)
            }
            Self::CreateDraft { .. } => draft::created(decode::<CreateDraft>(payload)?)
                .map(|(item, draft)| Answer::Draft { item, draft }),
            Self::ConvertDraft { .. } => draft::converted(decode::<ConvertDraft>(payload)?)
                .map(|(item, issue)| Answer::Converted { item, issue }),
            Self::AddItem { .. } => decode::<AddItem>(payload)?.item.map(|it| item(it.id)),
            Self::ArchiveItem { .. } => decode::<ArchiveItem>(payload)?.item.map(|it| item(it.id)),
            Self::UnarchiveItem { .. } => decode::<UnarchiveItem>(payload)?.item.map(|it| item(it.id)),
            Self::SetValue { .. } => decode::<SetValue>(payload)?.project_v2_item.map(|it| item(it.id)),
            Self::ClearValue { .. } => decode::<ClearValue>(payload)?.project_v2_item.map(|it| item(it.id)),
            Self::AddSubIssue { .. } => decode::<AddSubIssue>(payload)?.sub_issue.map(|_| Answer::Nothing),
            Self::AddBlockedBy { .. } => decode::<AddBlockedBy>(payload)?.issue.map(|_| Answer::Nothing),
            Self::DeleteProject { .. }
            | Self::DeleteLabel { .. }
            | Self::DeleteMilestone { .. }
            | Self::DeleteField { .. }
            | Self::DeleteView { .. }
            | Self::DeleteIssue { .. }
            | Self::UpdateDraft { .. }
            | Self::DeleteItem { .. }
            | Self::MoveSubIssue { .. }
            | Self::RemoveBlockedBy { .. }
            | Self::LinkRepository { .. }
            | Self::UnlinkRepository { .. }
            | Self::LinkTeam { .. }
            | Self::UnlinkTeam { .. }
            | Self::AddLabels { .. }
            | Self::RemoveLabels { .. }
            | Self::AddAssignees { .. }
            | Self::RemoveAssignees { .. } => Some(Answer::Nothing),
        };
        answer.ok_or_else(|| Failure::malformed("a payload without the thing that it is about"))
    }
}

fn decode<O: BatchOp>(payload: Json) -> Result<O::Payload, Failure> {
    serde_json::from_value(payload).map_err(|error| Failure::malformed(format!("{}: {error}", O::FIELD)))
}
