//! The recovery file: what changes are about to lose, as GitHub holds it now.
//!
//! It is written before the first mutation, so that a person can put back by hand what turns out to be missed. Whoever
//! reads it has no board to look ids up on any more: fields, options, iterations, milestones and issues stand in it by
//! their names, titles and addresses, with the ids beside them.

use serde_json::{Value as Json, json};
use spectra_model::change::{Change, ChangeSet};
use spectra_model::id::{NodeId, OptionId};
use spectra_model::observation::{self, Board, Draft, Field, Issue, Item, Observation, Value, View};
use spectra_model::step::{Bindings, Step};

/// The version of the file's form.
const SCHEMA_VERSION: u32 = 1;

/// What the destructive ones of the changes lose, and what a rewrite of iterations puts at risk: that GitHub keeps
/// the values of iterations that are written with their ids is documented, and was not seen. None where there is nothing.
pub(crate) fn recovery(set: &ChangeSet, bindings: &Bindings, observation: &Observation) -> Option<Json> {
    let risky = set.changes.iter().filter(|change| change.destructive || rewrites_iterations(change));
    let seen = Seen(observation);
    let lost: Vec<Json> = risky.flat_map(|change| lost_by(change, bindings, &seen)).collect();
    (!lost.is_empty()).then(|| {
        json!({
            "schemaVersion": SCHEMA_VERSION,
            "project": observation.board.as_ref().map(|board| &board.summary.url),
            "lost": lost,
        })
    })
}

fn rewrites_iterations(change: &Change) -> bool {
    change.steps.iter().any(|step| matches!(step, Step::UpdateField { iterations: Some(_), .. }))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "one arm a step that takes something away; the others don't"
)]
fn lost_by(change: &Change, bindings: &Bindings, seen: &Seen<'_>) -> Vec<Json> {
    let of_step = |step: &Step| -> Option<Json> {
        let thing = match step {
            Step::DeleteField { id, .. } => seen.field_with_values(id)?,
            Step::UpdateField { field: name, .. } => {
                seen.field_with_values(bindings.field(name)?.id.as_ref()?)?
            }
            Step::DeleteView { id, .. } => {
                let view = seen.board()?.views.iter().find(|view| view.id == *id)?;
                json!({"view": seen.view(view)})
            }
            Step::DeleteLabel { repository, id, .. } => {
                let labels = &seen.0.repositories.get(repository)?.labels;
                json!({"label": labels.iter().find(|label| label.id == *id)?, "repository": repository})
            }
            Step::DeleteMilestone { repository, number, .. } => {
                let milestones = &seen.0.repositories.get(repository)?.milestones;
                let found = milestones.iter().find(|milestone| milestone.number == *number)?;
                json!({"milestone": found, "repository": repository})
            }
            Step::DeleteIssue { issue } | Step::TransferIssue { issue, .. } => {
                json!({"issue": seen.issue(seen.issue_of(&bindings.issues.get(issue)?.id)?)})
            }
            Step::DeleteItem { issue } => {
                let id = bindings.items.get(issue)?;
                let draft = seen.board()?.drafts.iter().find(|draft| draft.item.id == *id)?;
                json!({"draft": seen.draft(draft)})
            }
            Step::DeleteProject => seen.whole_board(seen.board()?),
            _ => return None,
        };
        Some(json!({"change": change.id, "reason": change.reason, "was": thing}))
    };
    change.steps.iter().filter_map(of_step).collect()
}

/// What GitHub holds, in words that outlast it.
struct Seen<'o>(&'o Observation);

impl<'o> Seen<'o> {
    fn board(&self) -> Option<&'o Board> {
        self.0.board.as_ref()
    }

    fn issue_of(&self, id: &NodeId) -> Option<&'o Issue> {
        self.0.issues.iter().find(|issue| issue.id == *id)
    }

    /// An issue's address; its id where it isn't seen.
    fn address(&self, id: &NodeId) -> Json {
        json!(self.issue_of(id).map_or(id.as_str(), |issue| issue.url.as_str()))
    }

    fn field_of(&self, id: &NodeId) -> Option<&'o Field> {
        self.board()?.fields.iter().find(|field| field.id == *id)
    }

    /// A field's name; its id where it isn't seen.
    fn field_name(&self, id: &NodeId) -> Json {
        json!(self.field_of(id).map_or(id.as_str(), |field| field.name.as_str()))
    }

    fn field_names(&self, ids: &[NodeId]) -> Json {
        ids.iter().map(|id| self.field_name(id)).collect()
    }

    fn milestone(&self, issue: &Issue) -> Option<Json> {
        let id = issue.milestone.as_ref()?;
        let of_repository = self.0.repositories.get(&issue.repository);
        let mut milestones = of_repository.into_iter().flat_map(|it| &it.milestones);
        let found = milestones.find(|milestone| milestone.id == *id);
        Some(json!(found.map_or(id.as_str(), |milestone| milestone.title.as_str())))
    }

    fn issue(&self, issue: &Issue) -> Json {
        let Issue { id, number, url, repository, title, body, state, state_reason, author, .. } = issue;
        let Issue { created_at, labels, assignees, milestone: _, issue_type, parent, .. } = issue;
        let Issue { sub_issues, blocked_by, boards, item, .. } = issue;
        let addresses = |ids: &[NodeId]| -> Json { ids.iter().map(|id| self.address(id)).collect() };
        json!({
            "id": id,
            "number": number,
            "url": url,
            "repository": repository,
            "title": title,
            "body": body,
            "state": state,
            "stateReason": state_reason,
            "author": author,
            "createdAt": created_at,
            "labels": labels,
            "assignees": assignees,
            "milestone": self.milestone(issue),
            "issueType": issue_type,
            "parent": parent.as_ref().map(|id| self.address(id)),
            "subIssues": addresses(sub_issues),
            "blockedBy": addresses(blocked_by),
            "boards": boards,
            "item": item.as_ref().map(|item| self.item(item)),
        })
    }

    fn draft(&self, draft: &Draft) -> Json {
        let Draft { id, title, body, author, assignees, item } = draft;
        json!({
            "id": id,
            "title": title,
            "body": body,
            "author": author,
            "assignees": assignees,
            "item": self.item(item),
        })
    }

    /// A place on the board, its values in the order of the board's fields.
    fn item(&self, item: &Item) -> Json {
        let Item { id, archived, created_at, values } = item;
        let of_board = self.board().into_iter().flat_map(|board| &board.fields);
        let known: Vec<&NodeId> = of_board.map(|field| &field.id).collect();
        let unknown = values.keys().filter(|id| !known.contains(id));
        let fields = known.iter().copied().chain(unknown);
        let values: Vec<Json> =
            fields.filter_map(|field| Some(self.value(field, values.get(field)?))).collect();
        json!({"id": id, "archived": archived, "createdAt": created_at, "values": values})
    }

    /// A value with its field, both as people know them and as GitHub holds them.
    fn value(&self, id: &NodeId, value: &Value) -> Json {
        let field = self.field_of(id);
        json!({
            "field": self.field_name(id),
            "fieldId": id,
            "type": field.and_then(|field| field.r#type),
            "value": field.map_or_else(|| json!(value), |field| in_words(field, value)),
            "held": value,
        })
    }

    fn view(&self, view: &View) -> Json {
        let View { id, number, name, layout, filter, fields, group_by, column_by, sort_by } = view;
        let sorts: Vec<Json> = sort_by
            .iter()
            .map(|observation::Sort { field, direction }| {
                json!({"field": self.field_name(field), "direction": direction})
            })
            .collect();
        json!({
            "id": id,
            "number": number,
            "name": name,
            "layout": layout,
            "filter": filter,
            "fields": self.field_names(fields),
            "groupBy": self.field_names(group_by),
            "columnBy": self.field_names(column_by),
            "sortBy": sorts,
        })
    }

    /// A field with every value that is known in it; None where there are none.
    fn field_with_values(&self, id: &NodeId) -> Option<Json> {
        let field = self.field_of(id)?;
        let value = |item: &Item| item.values.get(id).map(|value| (in_words(field, value), json!(value)));
        let issues = self.0.issues.iter().filter_map(|issue| {
            let item = issue.item.as_ref()?;
            let (value, held) = value(item)?;
            Some(json!({
                "issue": issue.url, "title": issue.title, "item": item.id, "value": value, "held": held,
            }))
        });
        let drafts = self.board().into_iter().flat_map(|board| &board.drafts).filter_map(|draft| {
            let (value, held) = value(&draft.item)?;
            Some(json!({
                "draft": draft.id, "title": draft.title, "item": draft.item.id, "value": value, "held": held,
            }))
        });
        let values: Vec<Json> = issues.chain(drafts).collect();
        (!values.is_empty()).then(|| json!({"field": field, "values": values}))
    }

    fn whole_board(&self, board: &Board) -> Json {
        let Board { summary, parts: _, fields, views, repositories, teams, drafts, other_items } = board;
        let views: Vec<Json> = views.iter().map(|view| self.view(view)).collect();
        let drafts: Vec<Json> = drafts.iter().map(|draft| self.draft(draft)).collect();
        let issues: Vec<Json> = self.0.issues.iter().map(|issue| self.issue(issue)).collect();
        json!({
            "board": {
                "id": summary.id,
                "number": summary.number,
                "url": summary.url,
                "title": summary.title,
                "description": summary.description,
                "readme": summary.readme,
                "public": summary.public,
                "closed": summary.closed,
                "fields": fields,
                "views": views,
                "repositories": repositories.keys().collect::<Vec<_>>(),
                "teams": teams.keys().collect::<Vec<_>>(),
                "drafts": drafts,
                "otherItems": other_items,
            },
            "issues": issues,
        })
    }
}

/// A value as people see it: options by name, an iteration by title.
fn in_words(field: &Field, value: &Value) -> Json {
    let option = |id: &OptionId| {
        let found = field.options.iter().find(|option| option.id == *id);
        json!(found.map_or(id.as_str(), |option| option.name.as_str()))
    };
    match value {
        Value::Text(text) | Value::Date(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::SingleSelect(id) => option(id),
        Value::MultiSelect(ids) => ids.iter().map(option).collect(),
        Value::Iteration(id) => {
            let found = field.iterations.iter().find(|iteration| iteration.id == *id);
            json!(found.map_or(id.as_str(), |iteration| iteration.title.as_str()))
        }
    }
}
