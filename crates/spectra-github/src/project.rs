//! Boards.

use spectra_model::id::NodeId;
use spectra_model::observation::BoardSummary;
use spectra_model::step::{ProjectBinding, ProjectUpdate};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::operations::{
    Board, Boards, CreateProject, DeleteProject, UpdateProject, board, boards, create_project,
    delete_project, update_project,
};
use crate::page::{Page, all, page};
use crate::reader::{Reader, another_type, number};

/// A readme has up to 30 KB and more, so a page of boards is kept short.
const BOARDS_A_PAGE: i64 = 20;

batch_op!(CreateProject, create_project, "createProjectV2", CreateProjectV2Input, CreateProjectSel);
batch_op!(UpdateProject, update_project, "updateProjectV2", UpdateProjectV2Input, UpdateProjectSel);
batch_op!(DeleteProject, delete_project, "deleteProjectV2", DeleteProjectV2Input, DeleteProjectSel);

macro_rules! board_of {
    ($module:ident) => {
        impl TryFrom<$module::BoardSel> for BoardSummary {
            type Error = Failure;

            fn try_from(board: $module::BoardSel) -> Result<Self, Failure> {
                Ok(Self {
                    id: NodeId::new(board.id),
                    number: number(board.number)?,
                    url: board.url,
                    title: board.title,
                    description: board.short_description.unwrap_or_default(),
                    readme: board.readme.unwrap_or_default(),
                    public: board.public,
                    closed: board.closed,
                    writable: board.viewer_can_update,
                })
            }
        }
    };
}

board_of!(board);
board_of!(boards);

impl Reader {
    /// The boards of an owner, closed ones too, by number.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn boards(&self, owner: &NodeId) -> Result<Vec<BoardSummary>, Failure> {
        let found =
            all("boards", None, BOARDS_A_PAGE, |first, after| self.boards_page(owner, first, after)).await?;
        let mut found = found.into_iter().map(BoardSummary::try_from).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|board| board.number);
        found.dedup_by(|one, other| one.id == other.id);
        Ok(found)
    }

    async fn boards_page(
        &self,
        owner: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<boards::BoardSel>, Failure> {
        use boards::BoardsNode as Node;
        let variables = boards::Variables { owner: owner.as_str().to_owned(), first, after };
        let page = match self.client().whole::<Boards>(variables).await?.node {
            Some(Node::Organization(it)) => it.projects_v2,
            Some(Node::User(it)) => it.projects_v2,
            Some(_) | None => return Err(another_type(owner, "an owner of boards")),
        };
        Ok(page!(page))
    }

    /// One board as it is now, read by its id and so without the lag of lists.
    ///
    /// # Errors
    /// When it isn't there, or GitHub doesn't say.
    pub async fn board_summary(&self, project: &NodeId) -> Result<BoardSummary, Failure> {
        let variables = board::Variables { project: project.as_str().to_owned() };
        match self.client().whole::<Board>(variables).await?.node {
            Some(board::BoardNode::ProjectV2(it)) => it.try_into(),
            Some(_) | None => Err(another_type(project, "a board")),
        }
    }
}

pub(crate) fn create(owner: &NodeId, title: &str) -> create_project::CreateProjectV2Input {
    create_project::CreateProjectV2Input {
        owner_id: owner.as_str().to_owned(),
        title: title.to_owned(),
        ..Default::default()
    }
}

pub(crate) fn update(project: &NodeId, update: &ProjectUpdate) -> update_project::UpdateProjectV2Input {
    let ProjectUpdate { title, description, readme, public } = update.clone();
    update_project::UpdateProjectV2Input {
        project_id: project.as_str().to_owned(),
        title,
        short_description: description,
        readme,
        public,
        ..Default::default()
    }
}

pub(crate) fn delete(project: &NodeId) -> delete_project::DeleteProjectV2Input {
    delete_project::DeleteProjectV2Input { project_id: project.as_str().to_owned(), ..Default::default() }
}

pub(crate) fn created(payload: create_project::CreateProjectSel) -> Option<ProjectBinding> {
    let project = payload.project_v2?;
    Some(ProjectBinding {
        id: NodeId::new(project.id),
        number: number(project.number).ok()?,
        url: project.url,
    })
}

pub(crate) fn updated(payload: update_project::UpdateProjectSel) -> Option<ProjectBinding> {
    let project = payload.project_v2?;
    Some(ProjectBinding {
        id: NodeId::new(project.id),
        number: number(project.number).ok()?,
        url: project.url,
    })
}
