//! Repositories: their labels and issue types, and which of them are linked to a board.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::{IssueTypeName, NodeId, RepoSlug, TeamSlug};
use spectra_model::observation::{Label, Repository};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::issue_type::IssueType;
use crate::operations::{
    BoardLinks, IssueTypes, Labels, LinkRepository, UnlinkRepository, board_links, issue_types, labels,
    link_repository, unlink_repository,
};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, another_type, found};
use crate::team::LinkedTeam;

batch_op!(
    LinkRepository,
    link_repository,
    "linkProjectV2ToRepository",
    LinkProjectV2ToRepositoryInput,
    LinkRepositorySel
);
batch_op!(
    UnlinkRepository,
    unlink_repository,
    "unlinkProjectV2FromRepository",
    UnlinkProjectV2FromRepositoryInput,
    UnlinkRepositorySel
);

/// What is linked to a board.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardLinked {
    /// Repositories.
    pub repositories: BTreeMap<RepoSlug, NodeId>,
    /// Teams.
    pub teams: BTreeMap<TeamSlug, NodeId>,
}

/// A linked repository as a list has it.
struct Linked {
    slug: String,
    id: NodeId,
}

impl From<board_links::BoardLinksNodeOnProjectV2RepositoriesNodes> for Linked {
    fn from(repository: board_links::BoardLinksNodeOnProjectV2RepositoriesNodes) -> Self {
        Self { slug: repository.name_with_owner, id: NodeId::new(repository.id) }
    }
}

/// A repository with the first pages of its connections.
struct Listed {
    repository: Repository,
    labels: Page<Label>,
    issue_types: Page<IssueType>,
}

impl Reader {
    /// A repository with all its labels and milestones and the issue types that are enabled there; None where it isn't
    /// seen. Whom its issues can be assigned to is left to [`Reader::assignable`]. Two points and one REST call for
    /// up to 100 labels with their numbers of uses, 50 issue types and 100 milestones.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn repository(&self, slug: &RepoSlug) -> Result<Option<Repository>, Failure> {
        let Some(listed) = self.repository_page(slug, LARGEST, None).await? else { return Ok(None) };
        let Listed { repository, labels, issue_types } = listed;
        let mut labels = all("labels", Some(labels), LARGEST, |first, after| async move {
            let page = self.repository_page(slug, first, after).await?;
            page.map(|listed| listed.labels).ok_or_else(|| gone(slug))
        })
        .await?;
        labels.sort_by(|one, other| one.name.cmp(&other.name));
        labels.dedup_by(|one, other| one.id == other.id);
        let page = |first, after| self.issue_types_page(slug, first, after);
        let issue_types = all("issue types", Some(issue_types), LARGEST, page).await?;
        let issue_types: BTreeMap<IssueTypeName, NodeId> =
            issue_types.into_iter().filter(|it| it.enabled).map(|it| (it.name, it.id)).collect();
        let milestones = match self.milestones(slug).await {
            // It is there, so what isn't found is its issues: they are switched off, and milestones with them.
            Err(Failure::NotFound { .. }) => Vec::new(),
            answer => answer?,
        };
        Ok(Some(Repository { labels, issue_types, milestones, ..repository }))
    }

    async fn repository_page(
        &self,
        slug: &RepoSlug,
        first: i64,
        after: Option<String>,
    ) -> Result<Option<Listed>, Failure> {
        let (owner, name) = (slug.owner().to_owned(), slug.name().to_owned());
        let variables = labels::Variables { owner, name, first, after };
        let data = found(self.client().query::<Labels>(variables).await?)?;
        Ok(data.and_then(|data| data.repository).map(|it| {
            // GitHub: those who may only read have their labels dropped in silence, and can make none.
            let writable = !matches!(it.viewer_permission, Some(labels::RepositoryPermission::READ));
            Listed {
                repository: Repository { id: NodeId::new(it.id), writable, ..Repository::fresh() },
                labels: it.labels.map_or_else(Page::empty, |page| page!(page)),
                // GitHub: a repository of a user answers null.
                issue_types: it.issue_types.map_or_else(Page::empty, |page| page!(page)),
            }
        }))
    }

    async fn issue_types_page(
        &self,
        slug: &RepoSlug,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<IssueType>, Failure> {
        let (owner, name) = (slug.owner().to_owned(), slug.name().to_owned());
        let variables = issue_types::Variables { owner, name, first, after };
        let data = self.client().whole::<IssueTypes>(variables).await?;
        let repository = data.repository.ok_or_else(|| gone(slug))?;
        Ok(repository.issue_types.map_or_else(Page::empty, |page| page!(page)))
    }

    /// The repositories and teams that are linked to a board. One point a hundred of each.
    ///
    /// # Errors
    /// When the board isn't there, or GitHub doesn't say.
    pub async fn links(&self, project: &NodeId) -> Result<BoardLinked, Failure> {
        let mut linked = BoardLinked::default();
        let mut after = (None, None);
        let mut seen = BTreeSet::new();
        loop {
            let (repositories, teams) = self.links_page(project, after.clone()).await?;
            for Linked { slug, id } in repositories.nodes {
                let slug = RepoSlug::parse(&slug).map_err(|error| Failure::malformed(error.to_string()))?;
                linked.repositories.insert(slug, id);
            }
            linked.teams.extend(teams.nodes.into_iter().map(|team: LinkedTeam| (team.slug, team.id)));
            let more = repositories.has_next || teams.has_next;
            // The one that has ended is asked for nothing behind its end.
            after = (repositories.end.or(after.0), teams.end.or(after.1));
            if !more {
                return Ok(linked);
            }
            if !seen.insert(after.clone()) {
                return Err(Failure::malformed("the cursors of a board's links do not move"));
            }
        }
    }

    async fn links_page(
        &self,
        project: &NodeId,
        (repositories_after, teams_after): (Option<String>, Option<String>),
    ) -> Result<(Page<Linked>, Page<LinkedTeam>), Failure> {
        let project_id = project.as_str().to_owned();
        let variables =
            board_links::Variables { project: project_id, first: LARGEST, repositories_after, teams_after };
        match self.client().whole::<BoardLinks>(variables).await?.node {
            Some(board_links::BoardLinksNode::ProjectV2(it)) => Ok((page!(it.repositories), page!(it.teams))),
            Some(_) | None => Err(another_type(project, "a board")),
        }
    }
}

/// A repository that was there a moment ago.
pub(crate) fn gone(slug: &RepoSlug) -> Failure {
    Failure::NotFound { message: format!("repository {slug}") }
}

pub(crate) fn link(project: &NodeId, repository: &NodeId) -> link_repository::LinkProjectV2ToRepositoryInput {
    link_repository::LinkProjectV2ToRepositoryInput {
        project_id: project.as_str().to_owned(),
        repository_id: repository.as_str().to_owned(),
        ..Default::default()
    }
}

pub(crate) fn unlink(
    project: &NodeId,
    repository: &NodeId,
) -> unlink_repository::UnlinkProjectV2FromRepositoryInput {
    unlink_repository::UnlinkProjectV2FromRepositoryInput {
        project_id: project.as_str().to_owned(),
        repository_id: repository.as_str().to_owned(),
        ..Default::default()
    }
}
