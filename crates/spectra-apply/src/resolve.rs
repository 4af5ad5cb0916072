//! From a step, which names things by key, to a write, which names them by node id. A look-up and nothing else.

use spectra_github::{Beside, CloseAs, NewIssue, RestView, Write};
use spectra_model::id::{FieldName, IssueKey, LabelName, Login, MilestoneTitle, NodeId, RepoSlug};
use spectra_model::observation::Value;
use spectra_model::plan::{IssueRef, Plan, Sort};
use spectra_model::step::{
    Bindings, CloseReason, FieldBinding, IssueWrite, LabelWrite, MilestoneWrite, Place, ProjectUpdate, Step,
    ValueWrite, ViewRoute, ViewWrite,
};

/// What a step names and no node is known for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unbound(pub(crate) String);

fn unbound<T>(it: Option<T>, what: impl FnOnce() -> String) -> Result<T, Unbound> {
    it.ok_or_else(|| Unbound(what()))
}

/// The write for a step of a plan.
#[expect(clippy::too_many_lines, reason = "one arm a step, and nothing else")]
pub(crate) fn resolve(step: &Step, plan: &Plan, bindings: &Bindings) -> Result<Write, Unbound> {
    let find = Finder { plan, bindings };
    Ok(match step {
        Step::CreateProject { working_title } => Write::CreateProject {
            owner: unbound(bindings.owner.clone(), || "the owner".to_owned())?,
            title: working_title.clone(),
        },
        Step::UpdateProject(update) => {
            Write::UpdateProject { project: find.project()?, update: update.clone() }
        }
        // The record's keeper sends it: it knows the readme's text.
        Step::ReleaseProject => {
            Write::UpdateProject { project: find.project()?, update: ProjectUpdate::default() }
        }
        Step::DeleteProject => Write::DeleteProject { project: find.project()? },
        Step::CreateLabel(LabelWrite { repository, name, colour, description }) => Write::CreateLabel {
            repository: find.repository(repository)?,
            name: name.clone(),
            colour: colour.clone(),
            description: description.clone(),
        },
        Step::UpdateLabel(LabelWrite { repository, name, colour, description }) => Write::UpdateLabel {
            label: find.label(repository, name)?,
            name: Some(name.clone()),
            colour: Some(colour.clone()),
            description: description.clone(),
        },
        Step::DeleteLabel { repository: _, id, name: _ } => Write::DeleteLabel { label: id.clone() },
        Step::CreateMilestone(MilestoneWrite { repository, title, description, due_on }) => {
            Write::CreateMilestone {
                repository: repository.clone(),
                title: title.clone(),
                description: description.clone(),
                due_on: due_on.clone(),
            }
        }
        Step::UpdateMilestone(MilestoneWrite { repository, title, description, due_on }) => {
            Write::UpdateMilestone {
                repository: repository.clone(),
                number: find.milestone(repository, title)?.1,
                title: title.clone(),
                description: description.clone(),
                due_on: due_on.clone(),
            }
        }
        Step::DeleteMilestone { repository, number, title: _ } => {
            Write::DeleteMilestone { repository: repository.clone(), number: *number }
        }
        Step::CreateField { name, r#type, options, iterations } => Write::CreateField {
            project: find.project()?,
            name: name.clone(),
            r#type: *r#type,
            options: options.clone(),
            iterations: iterations.clone(),
        },
        Step::UpdateField { field, r#type, name, options, iterations, claims: _ } => Write::UpdateField {
            field: find.field(field)?,
            r#type: *r#type,
            name: name.clone(),
            options: options.clone(),
            iterations: iterations.clone(),
        },
        Step::DeleteField { id, name: _ } => Write::DeleteField { field: id.clone() },
        Step::CreateView { view, route: ViewRoute::Rest } => find.rest_view(view)?,
        Step::CreateView { view, route: ViewRoute::GraphQl } => Write::CreateView {
            project: find.project()?,
            name: view.name.clone(),
            layout: view.layout,
            fields: find.fields(view.fields.as_deref())?,
            filter: view.filter.clone(),
        },
        Step::UpdateView { view, name, layout, filter, fields } => Write::UpdateView {
            view: unbound(bindings.view(view).cloned(), || format!("view `{view}`"))?,
            name: name.clone(),
            layout: *layout,
            filter: filter.clone(),
            fields: find.fields(fields.as_deref())?,
        },
        Step::DeleteView { id, name: _ } => Write::DeleteView { view: id.clone() },
        Step::CreateIssue(issue) => Write::CreateIssue { issue: find.new_issue(issue)? },
        Step::UpdateIssue { issue, title, body } => {
            Write::UpdateIssue { issue: find.issue(issue)?, title: title.clone(), body: body.clone() }
        }
        Step::SetState { issue, state, reason } => {
            Write::SetState { issue: find.issue(issue)?, state: *state, reason: find.close_as(reason)? }
        }
        Step::SetMilestone { issue, repository, milestone } => Write::SetMilestone {
            issue: find.issue(issue)?,
            milestone: milestone
                .as_ref()
                .map(|title| find.milestone(repository, title).map(|(id, _)| id))
                .transpose()?,
        },
        Step::SetIssueType { issue, repository, issue_type } => Write::SetIssueType {
            issue: find.issue(issue)?,
            issue_type: issue_type.as_ref().map(|name| find.issue_type(repository, name)).transpose()?,
        },
        Step::AddManagedLabel { issue, repository, label } => Write::AddLabels {
            issue: find.issue(issue)?,
            labels: find.labels(repository, std::slice::from_ref(label))?,
        },
        Step::AddLabels { issue, repository, labels } => {
            Write::AddLabels { issue: find.issue(issue)?, labels: find.labels(repository, labels)? }
        }
        Step::RemoveLabels { issue, repository, labels } => {
            Write::RemoveLabels { issue: find.issue(issue)?, labels: find.labels(repository, labels)? }
        }
        Step::AddAssignees { issue, repository: _, assignees } => {
            Write::AddAssignees { issue: find.issue(issue)?, assignees: find.people(assignees)? }
        }
        Step::RemoveAssignees { issue, repository: _, assignees } => {
            Write::RemoveAssignees { issue: find.issue(issue)?, assignees: find.people(assignees)? }
        }
        Step::DeleteIssue { issue } => Write::DeleteIssue { issue: find.issue(issue)? },
        Step::TransferIssue { issue, repository } => {
            Write::TransferIssue { issue: find.issue(issue)?, repository: find.repository(repository)? }
        }
        Step::CreateDraft { draft: _, title, body, assignees } => Write::CreateDraft {
            project: find.project()?,
            title: title.clone(),
            body: body.clone(),
            assignees: find.people(assignees)?,
        },
        Step::UpdateDraft { draft, title, body, assignees } => Write::UpdateDraft {
            draft: unbound(bindings.drafts.get(draft).cloned(), || format!("draft `{draft}`"))?,
            title: title.clone(),
            body: body.clone(),
            assignees: assignees.as_ref().map(|logins| find.people(logins)).transpose()?,
        },
        Step::ConvertDraft { draft, repository } => {
            Write::ConvertDraft { item: find.item(draft)?, repository: find.repository(repository)? }
        }
        Step::AddItem { issue } => Write::AddItem { project: find.project()?, issue: find.issue(issue)? },
        Step::ArchiveItem { issue } => {
            Write::ArchiveItem { project: find.project()?, item: find.item(issue)? }
        }
        Step::UnarchiveItem { issue } => {
            Write::UnarchiveItem { project: find.project()?, item: find.item(issue)? }
        }
        Step::DeleteItem { issue } => Write::DeleteItem { project: find.project()?, item: find.item(issue)? },
        Step::SetValue { issue, field, value } => Write::SetValue {
            project: find.project()?,
            item: find.item(issue)?,
            field: find.field(field)?,
            value: find.value(field, value)?,
        },
        Step::ClearValue { issue, field } => {
            Write::ClearValue { project: find.project()?, item: find.item(issue)?, field: find.field(field)? }
        }
        Step::AddSubIssue { parent, child, from_another_parent } => Write::AddSubIssue {
            parent: find.end(parent)?,
            child: find.issue(child)?,
            replace_parent: *from_another_parent,
        },
        Step::MoveSubIssue { parent, child, place } => Write::MoveSubIssue {
            parent: find.end(parent)?,
            child: find.issue(child)?,
            beside: match place {
                Place::Before(other) => Beside::Before(find.issue(other)?),
                Place::After(other) => Beside::After(find.issue(other)?),
            },
        },
        Step::AddBlockedBy { issue, by } => {
            Write::AddBlockedBy { issue: find.issue(issue)?, by: find.end(by)? }
        }
        Step::RemoveBlockedBy { issue, by } => {
            Write::RemoveBlockedBy { issue: find.issue(issue)?, by: find.end(by)? }
        }
        Step::LinkRepository { repository } => {
            Write::LinkRepository { project: find.project()?, repository: find.repository(repository)? }
        }
        Step::UnlinkRepository { repository } => {
            Write::UnlinkRepository { project: find.project()?, repository: find.repository(repository)? }
        }
        Step::LinkTeam { team } => Write::LinkTeam {
            project: find.project()?,
            team: unbound(bindings.team(team).cloned(), || format!("team {team}"))?,
        },
        Step::UnlinkTeam { team } => Write::UnlinkTeam {
            project: find.project()?,
            team: unbound(bindings.team(team).cloned(), || format!("team {team}"))?,
        },
    })
}

struct Finder<'a> {
    plan: &'a Plan,
    bindings: &'a Bindings,
}

impl Finder<'_> {
    fn project(&self) -> Result<NodeId, Unbound> {
        unbound(self.bindings.project.as_ref().map(|project| project.id.clone()), || "the board".to_owned())
    }

    fn repository(&self, slug: &RepoSlug) -> Result<NodeId, Unbound> {
        unbound(self.bindings.repositories.get(slug).cloned(), || format!("repository {slug}"))
    }

    fn label(&self, repository: &RepoSlug, name: &LabelName) -> Result<NodeId, Unbound> {
        unbound(self.bindings.label(repository, name).cloned(), || format!("label `{name}` of {repository}"))
    }

    fn labels(&self, repository: &RepoSlug, names: &[LabelName]) -> Result<Vec<NodeId>, Unbound> {
        names.iter().map(|name| self.label(repository, name)).collect()
    }

    /// A milestone's node and number.
    fn milestone(&self, repository: &RepoSlug, title: &MilestoneTitle) -> Result<(NodeId, u64), Unbound> {
        let found = self.bindings.milestone(repository, title);
        let found = unbound(found, || format!("milestone `{title}` of {repository}"))?;
        Ok((found.id.clone(), found.number))
    }

    fn issue_type(
        &self,
        repository: &RepoSlug,
        name: &spectra_model::id::IssueTypeName,
    ) -> Result<NodeId, Unbound> {
        let found = self.bindings.issue_type(repository, name).cloned();
        unbound(found, || format!("issue type `{name}` of {repository}"))
    }

    fn people(&self, logins: &[Login]) -> Result<Vec<NodeId>, Unbound> {
        let found = logins
            .iter()
            .map(|login| unbound(self.bindings.person(login).cloned(), || format!("{login}'s account")));
        found.collect()
    }

    fn binding(&self, name: &FieldName) -> Result<&FieldBinding, Unbound> {
        unbound(self.bindings.field(name), || format!("field `{name}`"))
    }

    fn field(&self, name: &FieldName) -> Result<NodeId, Unbound> {
        unbound(self.binding(name)?.id.clone(), || format!("field `{name}`"))
    }

    fn fields(&self, names: Option<&[FieldName]>) -> Result<Option<Vec<NodeId>>, Unbound> {
        names.map(|names| names.iter().map(|name| self.field(name)).collect()).transpose()
    }

    /// The number of a field, by which REST knows it.
    fn field_number(&self, name: &FieldName) -> Result<u64, Unbound> {
        unbound(self.binding(name)?.database_id, || format!("the number of field `{name}`"))
    }

    fn rest_view(&self, view: &ViewWrite) -> Result<Write, Unbound> {
        let ViewWrite { name, layout, filter, fields, group_by, column_by, sort_by } = view;
        let number = |name: &FieldName| self.field_number(name);
        let sorted = |Sort { field, direction }: &Sort| Ok((number(field)?, *direction));
        let fields = fields.as_ref().map(|names| names.iter().map(number).collect());
        Ok(Write::CreateRestView {
            owner: self.plan.project.owner.clone(),
            number: unbound(self.bindings.project.as_ref(), || "the board".to_owned())?.number,
            view: RestView {
                name: name.clone(),
                layout: *layout,
                filter: filter.clone(),
                fields: fields.transpose()?,
                group_by: group_by.as_ref().map(number).transpose()?,
                column_by: column_by.as_ref().map(number).transpose()?,
                sort_by: sort_by.iter().map(sorted).collect::<Result<_, _>>()?,
            },
        })
    }

    fn new_issue(&self, issue: &IssueWrite) -> Result<NewIssue, Unbound> {
        let IssueWrite {
            issue: _,
            repository,
            title,
            body,
            labels,
            assignees,
            milestone,
            issue_type,
            parent,
        } = issue;
        let milestone = milestone.as_ref().map(|title| self.milestone(repository, title));
        Ok(NewIssue {
            repository: self.repository(repository)?,
            title: title.clone(),
            body: body.clone(),
            labels: self.labels(repository, labels)?,
            assignees: self.people(assignees)?,
            milestone: milestone.transpose()?.map(|(id, _)| id),
            issue_type: issue_type.as_ref().map(|name| self.issue_type(repository, name)).transpose()?,
            parent: parent.as_ref().map(|parent| self.end(parent)).transpose()?,
        })
    }

    fn issue(&self, key: &IssueKey) -> Result<NodeId, Unbound> {
        unbound(self.bindings.issues.get(key).map(|issue| issue.id.clone()), || format!("issue `{key}`"))
    }

    /// The other end of an edge, of this board or of another one.
    fn end(&self, issue: &IssueRef) -> Result<NodeId, Unbound> {
        unbound(self.bindings.issue(issue).cloned(), || format!("issue `{}`", issue.key()))
    }

    fn close_as(&self, reason: &CloseReason) -> Result<CloseAs, Unbound> {
        Ok(match reason {
            CloseReason::Completed => CloseAs::Completed,
            CloseReason::NotPlanned => CloseAs::NotPlanned,
            CloseReason::Duplicate { of } => CloseAs::DuplicateOf(self.issue(of)?),
        })
    }

    fn item(&self, key: &IssueKey) -> Result<NodeId, Unbound> {
        unbound(self.bindings.items.get(key).cloned(), || format!("the board's item of `{key}`"))
    }

    fn value(&self, field: &FieldName, value: &ValueWrite) -> Result<Value, Unbound> {
        let option = |name| {
            let found = self.bindings.option(field, name).cloned();
            unbound(found, || format!("option `{name}` of field `{field}`"))
        };
        Ok(match value {
            ValueWrite::Text(text) => Value::Text(text.clone()),
            ValueWrite::Number(number) => Value::Number(*number),
            ValueWrite::Date(date) => Value::Date(date.clone()),
            ValueWrite::SingleSelect(name) => Value::SingleSelect(option(name)?),
            ValueWrite::MultiSelect(names) => {
                Value::MultiSelect(names.iter().map(option).collect::<Result<_, _>>()?)
            }
            ValueWrite::Iteration(title) => {
                let found = self.bindings.iteration(field, title).cloned();
                Value::Iteration(unbound(found, || format!("iteration `{title}` of field `{field}`"))?)
            }
        })
    }
}
