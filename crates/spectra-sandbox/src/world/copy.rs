//! Copies of projects.
//!
//! GitHub: what a copy carries was measured on a live board in September 2026: fields with their types, options with
//! name, colour and description, views with layout, filter, columns and lanes. Docs "Copying an existing project" name
//! what it does not carry: items, collaborators, links to teams and repositories. Its workflows are those of any new
//! project, less the one that adds by a repository's filter (measured too).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::World;
use super::draft::Draft;
use super::ids::{Kind, NodeId};
use super::item::Content;
use super::project::CreateProject;
use super::refusal::Refusal;
use super::value::{Data, Value};
use super::view::{Sort, View};
use super::workflow::WorkflowKind;

/// `CopyProjectV2Input`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopyProject {
    /// Which.
    pub project_id: NodeId,
    /// Whose the copy is.
    pub owner_id: NodeId,
    /// The copy's title.
    pub title: String,
    /// Whether draft issues are copied.
    #[serde(default)]
    pub include_draft_issues: bool,
}

/// Fields of the copy by those they were copied from.
type Fields = BTreeMap<NodeId, NodeId>;

impl World {
    /// `copyProjectV2`.
    pub fn copy_project(&mut self, now: Timestamp, input: CopyProject) -> Result<NodeId, Refusal> {
        let CopyProject { project_id, owner_id, title, include_draft_issues } = input;
        let source = self.projects.find(&project_id)?.clone();
        let made = CreateProject { owner_id, title, repository_id: None, team_id: None };
        let copy = self.create_project(now, made)?;
        let fields = self.copy_fields(now, &source.fields, &copy)?;
        let row = self.projects.find_mut(&copy)?;
        // A guess, like its being private.
        row.short_description = source.short_description;
        row.readme = source.readme;
        let views = std::mem::take(&mut row.views);
        row.next_view = 1;
        for view in views {
            self.views.remove(&view);
        }
        for view in &source.views {
            self.copy_view(now, view, &copy, &fields)?;
        }
        self.drop_auto_add(&copy)?;
        if include_draft_issues {
            for item in &source.items {
                self.copy_draft(now, item, &copy, &fields)?;
            }
        }
        Ok(copy)
    }

    /// GitHub's own fields take the source's options, the others are made anew. That option and iteration ids stay as
    /// they are is a guess: they need to be unique within a field only, and those of Status are the same everywhere.
    fn copy_fields(&mut self, now: Timestamp, source: &[NodeId], copy: &NodeId) -> Result<Fields, Refusal> {
        let mut fields = Fields::new();
        let mut all = Vec::new();
        for id in source {
            let field = self.fields.find(id)?.clone();
            let own = self.field_by_name(copy, &field.name).filter(|_| field.built_in);
            let made = match own.map(|own| own.id.clone()) {
                Some(own) => own,
                None => self.add_field_like(now, copy, &field),
            };
            let row = self.fields.find_mut(&made)?;
            row.options.clone_from(&field.options);
            row.iterations.clone_from(&field.iterations);
            all.push(made.clone());
            fields.insert(id.clone(), made);
        }
        let row = self.projects.find_mut(copy)?;
        let mut rest = std::mem::take(&mut row.fields);
        rest.retain(|id| !all.contains(id));
        all.extend(rest);
        row.fields = all;
        let kept: Vec<NodeId> = row.workflows.clone();
        self.stop_stale_workflows(&kept);
        Ok(fields)
    }

    fn copy_view(
        &mut self,
        now: Timestamp,
        source: &NodeId,
        copy: &NodeId,
        fields: &Fields,
    ) -> Result<(), Refusal> {
        let view = self.views.find(source)?.clone();
        let renamed = |ids: &[NodeId]| ids.iter().filter_map(|id| fields.get(id)).cloned().collect();
        let sorts = view.sort_by.iter().filter_map(|sort| {
            Some(Sort { field: fields.get(&sort.field)?.clone(), direction: sort.direction })
        });
        let (id, database_id) = self.ids.mint(Kind::View);
        let row = self.projects.find_mut(copy)?;
        let made = View {
            id: id.clone(),
            database_id,
            project: copy.clone(),
            number: row.next_view,
            visible_fields: renamed(&view.visible_fields),
            sort_by: sorts.collect(),
            group_by: renamed(&view.group_by),
            vertical_group_by: renamed(&view.vertical_group_by),
            created_at: now,
            updated_at: now,
            name: view.name,
            layout: view.layout,
            filter: view.filter,
        };
        row.next_view = row.next_view.saturating_add(1);
        row.views.push(id.clone());
        self.views.insert(id, made);
        Ok(())
    }

    fn drop_auto_add(&mut self, copy: &NodeId) -> Result<(), Refusal> {
        let flows = self.projects.find(copy)?.workflows.clone();
        for flow in flows {
            if self.workflows.get(&flow).is_some_and(|row| row.kind == WorkflowKind::AutoAdd) {
                self.workflows.remove(&flow);
                self.projects.find_mut(copy)?.workflows.retain(|id| *id != flow);
            }
        }
        Ok(())
    }

    /// A draft with its values: that those go along is a guess.
    fn copy_draft(
        &mut self,
        now: Timestamp,
        source: &NodeId,
        copy: &NodeId,
        fields: &Fields,
    ) -> Result<(), Refusal> {
        let item = self.items.find(source)?.clone();
        let Content::Draft(draft) = &item.content else { return Ok(()) };
        let draft = self.drafts.find(draft)?.clone();
        let (id, _) = self.ids.mint(Kind::Draft);
        let made = self.add_item(now, copy, Content::Draft(id.clone()))?;
        let row = Draft {
            id: id.clone(),
            item: made.clone(),
            creator: self.viewer.clone(),
            created_at: now,
            updated_at: now,
            ..draft
        };
        self.drafts.insert(id, row);
        for (field, value) in item.values {
            let Some(field) = fields.get(&field).cloned() else { continue };
            let Value { data, .. } = value;
            if self.still_offers(&field, &data) {
                let (id, database_id) = self.ids.mint(Kind::Value);
                let creator = self.viewer.clone();
                let value = Value { id, database_id, creator, created_at: now, updated_at: now, data };
                self.items.find_mut(&made)?.values.insert(field, value);
            }
        }
        self.items.find_mut(&made)?.archived = item.archived;
        Ok(())
    }

    /// Whether the field still has what the value names.
    fn still_offers(&self, field: &NodeId, data: &Data) -> bool {
        let Some(field) = self.fields.get(field) else { return false };
        match data {
            Data::Text(_) | Data::Number(_) | Data::Date(_) => true,
            Data::SingleSelect(id) => field.offers(id),
            Data::MultiSelect(ids) => ids.iter().all(|id| field.offers(id)),
            Data::Iteration(id) => field.iteration(id).is_some(),
        }
    }
}
