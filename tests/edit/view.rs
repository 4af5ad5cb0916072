//! What people do to a board's views, links and drafts.

use serde::Deserialize;
use spectra_sandbox::World;
use spectra_sandbox::world::NodeId;
use spectra_sandbox::world::draft::{AddDraft, UpdateDraft};
use spectra_sandbox::world::item::{Content, ItemRef};
use spectra_sandbox::world::project::Link;
use spectra_sandbox::world::view::{CreateView, DeleteView, Layout, UpdateView};

use super::{Problem, board_named, replaced, repository_named};

/// One thing that a person does to a view, a link or a draft.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum ViewEdit {
    AddView { board: String, name: String, layout: Layout },
    RenameView { board: String, view: String, name: String },
    FilterView { board: String, view: String, filter: String },
    DeleteView { board: String, view: String },
    LinkRepository { board: String, repository: String },
    UnlinkRepository { board: String, repository: String },
    AddDraft { board: String, title: String },
    RetitleDraft { board: String, draft: String, title: String },
    ReplaceInDraft { board: String, draft: String, old: String, new: String },
    DeleteDraft { board: String, draft: String },
}

pub(super) fn make(world: &mut World, edit: ViewEdit) -> Result<(), Problem> {
    let now = world.now;
    match edit {
        ViewEdit::AddView { board, name, layout } => {
            let view = CreateView {
                project: board_named(world, &board)?,
                name,
                layout,
                filter: None,
                visible_fields: None,
                sort_by: Vec::new(),
                group_by: Vec::new(),
                vertical_group_by: Vec::new(),
            };
            world.create_view(now, view)?;
        }
        ViewEdit::RenameView { board, view, name } => {
            let update = UpdateView { name: Some(name), ..same(view_named(world, &board, &view)?) };
            world.update_view(now, update)?;
        }
        ViewEdit::FilterView { board, view, filter } => {
            let update = UpdateView { filter: Some(filter), ..same(view_named(world, &board, &view)?) };
            world.update_view(now, update)?;
        }
        ViewEdit::DeleteView { board, view } => {
            let view_id = view_named(world, &board, &view)?;
            world.delete_view(now, &DeleteView { view_id })?;
        }
        ViewEdit::LinkRepository { board, repository } => {
            let link = link(world, &board, &repository)?;
            world.link_project(now, link)?;
        }
        ViewEdit::UnlinkRepository { board, repository } => {
            let link = link(world, &board, &repository)?;
            world.unlink_project(now, link)?;
        }
        ViewEdit::AddDraft { board, title } => {
            let project_id = board_named(world, &board)?;
            world.add_draft(now, AddDraft { project_id, title, body: None, assignee_ids: None })?;
        }
        ViewEdit::RetitleDraft { board, draft, title } => {
            let (_, draft_issue_id) = draft_named(world, &board, &draft)?;
            let update = UpdateDraft { draft_issue_id, title: Some(title), body: None, assignee_ids: None };
            world.update_draft(now, update)?;
        }
        ViewEdit::ReplaceInDraft { board, draft, old, new } => {
            let (_, draft_issue_id) = draft_named(world, &board, &draft)?;
            let body = Some(replaced(&world.drafts.find(&draft_issue_id)?.body, &old, &new)?);
            world.update_draft(now, UpdateDraft { draft_issue_id, title: None, body, assignee_ids: None })?;
        }
        ViewEdit::DeleteDraft { board, draft } => {
            let project_id = board_named(world, &board)?;
            let (item_id, _) = draft_named(world, &board, &draft)?;
            world.delete_item(now, ItemRef { project_id, item_id })?;
        }
    }
    Ok(())
}

fn same(view_id: NodeId) -> UpdateView {
    UpdateView { view_id, name: None, layout: None, filter: None, configuration: None }
}

fn view_named(world: &World, board: &str, name: &str) -> Result<NodeId, Problem> {
    let project = world.projects.find(&board_named(world, board)?)?;
    let mut views = project.views.iter().filter_map(|id| world.views.get(id));
    let view = views.find(|view| view.name == name).ok_or_else(|| format!("no view {name}"))?;
    Ok(view.id.clone())
}

/// A draft's item, and the draft.
fn draft_named(world: &World, board: &str, title: &str) -> Result<(NodeId, NodeId), Problem> {
    let project = world.projects.find(&board_named(world, board)?)?;
    let items = project.items.iter().filter_map(|id| world.items.get(id));
    let mut drafts = items.filter_map(|item| match &item.content {
        Content::Draft(draft) => Some((&item.id, world.drafts.get(draft)?)),
        Content::Issue(_) => None,
    });
    let found = drafts.find(|(_, draft)| draft.title == title);
    let (item, draft) = found.ok_or_else(|| format!("no draft {title}"))?;
    Ok((item.clone(), draft.id.clone()))
}

fn link(world: &World, board: &str, repository: &str) -> Result<Link, Problem> {
    let project_id = board_named(world, board)?;
    Ok(Link { project_id, repository_id: repository_named(world, repository)? })
}
