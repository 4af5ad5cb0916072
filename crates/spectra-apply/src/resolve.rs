//! From a step, which names things by key, to a write, which names them by node id. A look-up and nothing else.

use spectra_github::{CloseAs, Write};
use spectra_model::id::{FieldName, IssueKey, LabelName, NodeId, RepoSlug};
use spectra_model::observation::Value;
use spectra_model::step::{Bindings, CloseReason, LabelWrite, Step, ValueWrite};

/// What a step names and no node is known for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unbound(pub(crate) String);

fn unbound<T>(it: Option<T>, what: impl FnOnce() -> String) -> Result<T, Unbound> {
    it.ok_or_else(|| Unbound(what()))
}

/// The write for a step.
pub(crate) fn resolve(step: &Step, bindings: &Bindings) -> Result<Write, Unbound> {
    let find = Finder { bindings };
    Ok(match step {
        Step::CreateProject { working_title } => Write::CreateProject {
            owner: unbound(bindings.owner.clone(), || "the owner".to_owned())?,
            title: working_title.clone(),
        },
        Step::UpdateProject(update) => {
            Write::UpdateProject { project: find.project()?, update: update.clone() }
        }
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
        Step::CreateField { name, r#type, options } => Write::CreateField {
            project: find.project()?,
            name: name.clone(),
            r#type: *r#type,
            options: options.clone(),
        },
        Step::UpdateField { field, name, options, claims: _ } => {
            Write::UpdateField { field: find.field(field)?, name: name.clone(), options: options.clone() }
        }
        Step::CreateIssue { issue: _, repository, title, body, labels, parent } => Write::CreateIssue {
            repository: find.repository(repository)?,
            title: title.clone(),
            body: body.clone(),
            labels: find.labels(repository, labels)?,
            parent: parent.as_ref().map(|parent| find.issue(parent)).transpose()?,
        },
        Step::UpdateIssue { issue, title, body } => {
            Write::UpdateIssue { issue: find.issue(issue)?, title: title.clone(), body: body.clone() }
        }
        Step::SetState { issue, state, reason } => {
            Write::SetState { issue: find.issue(issue)?, state: *state, reason: find.close_as(reason)? }
        }
        Step::AddLabels { issue, repository, labels } => {
            Write::AddLabels { issue: find.issue(issue)?, labels: find.labels(repository, labels)? }
        }
        Step::RemoveLabels { issue, repository, labels } => {
            Write::RemoveLabels { issue: find.issue(issue)?, labels: find.labels(repository, labels)? }
        }
        Step::AddItem { issue } => Write::AddItem { project: find.project()?, issue: find.issue(issue)? },
        Step::SetValue { issue, field, value } => Write::SetValue {
            project: find.project()?,
            item: find.item(issue)?,
            field: find.field(field)?,
            value: find.value(field, value)?,
        },
        Step::ClearValue { issue, field } => {
            Write::ClearValue { project: find.project()?, item: find.item(issue)?, field: find.field(field)? }
        }
        Step::AddBlockedBy { issue, by } => {
            Write::AddBlockedBy { issue: find.issue(issue)?, by: find.issue(by)? }
        }
        Step::RemoveBlockedBy { issue, by } => {
            Write::RemoveBlockedBy { issue: find.issue(issue)?, by: find.issue(by)? }
        }
        Step::AddSubIssue { parent, child, from_another_parent } => Write::AddSubIssue {
            parent: find.issue(parent)?,
            child: find.issue(child)?,
            replace_parent: *from_another_parent,
        },
    })
}

struct Finder<'a> {
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

    fn field(&self, name: &FieldName) -> Result<NodeId, Unbound> {
        unbound(self.bindings.field(name).and_then(|field| field.id.clone()), || format!("field `{name}`"))
    }

    fn issue(&self, key: &IssueKey) -> Result<NodeId, Unbound> {
        unbound(self.bindings.issues.get(key).map(|issue| issue.id.clone()), || format!("issue `{key}`"))
    }

    fn close_as(&self, reason: &CloseReason) -> Result<CloseAs, Unbound> {
        Ok(match reason {
            CloseReason::Completed => CloseAs::Completed,
            CloseReason::NotPlanned => CloseAs::NotPlanned,
            CloseReason::Duplicate { of } => CloseAs::DuplicateOf(self.issue(of)?),
        })
    }

    fn item(&self, key: &IssueKey) -> Result<NodeId, Unbound> {
        unbound(self.bindings.items.get(key).cloned(), || format!("the board's item of issue `{key}`"))
    }

    fn value(&self, field: &FieldName, value: &ValueWrite) -> Result<Value, Unbound> {
        Ok(match value {
            ValueWrite::Text(text) => Value::Text(text.clone()),
            ValueWrite::Number(number) => Value::Number(*number),
            ValueWrite::Date(date) => Value::Date(date.clone()),
            ValueWrite::SingleSelect(name) => {
                Value::SingleSelect(unbound(self.bindings.option(field, name).cloned(), || {
                    format!("option `{name}` of field `{field}`")
                })?)
            }
        })
    }
}
