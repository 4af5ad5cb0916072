//! Projects: the boards themselves, and their links to repositories.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::collaborator::Level;
use super::ids::{Kind, NodeId};
use super::owner::OwnerKind;
use super::refusal::Refusal;

/// GitHub: 300 characters, observed.
const SHORT_DESCRIPTION_LIMIT: usize = 300;

/// A project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Project {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The owner.
    pub owner: NodeId,
    /// Its number within the owner.
    pub number: u32,
    /// Its title; need not be unique.
    pub title: String,
    /// One paragraph about it.
    pub short_description: Option<String>,
    /// More about it.
    pub readme: Option<String>,
    /// Whether everyone may see it.
    pub public: bool,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// Whether new projects can be made after it.
    pub template: bool,
    /// Who made it.
    pub creator: NodeId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Fields by position.
    pub fields: Vec<NodeId>,
    /// Views by position.
    pub views: Vec<NodeId>,
    /// Workflows by number.
    pub workflows: Vec<NodeId>,
    /// Items by position, archived ones too.
    pub items: Vec<NodeId>,
    /// Linked repositories, in the order of their linking.
    pub repositories: Vec<NodeId>,
    /// Teams that list it.
    pub teams: Vec<NodeId>,
    /// What users and teams may do, beside the owner.
    #[serde(default)]
    pub collaborators: BTreeMap<NodeId, Level>,
    /// Status updates, oldest first.
    #[serde(default)]
    pub status_updates: Vec<NodeId>,
    /// The number that the next view gets; that numbers are not reused is a guess.
    #[serde(default = "second")]
    pub next_view: u32,
}

/// `CreateProjectV2Input`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateProject {
    /// Whose.
    pub owner_id: NodeId,
    /// Its title.
    pub title: String,
    /// A repository to link.
    pub repository_id: Option<NodeId>,
    /// A team to show it to.
    pub team_id: Option<NodeId>,
}

/// `UpdateProjectV2Input`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateProject {
    /// Which.
    pub project_id: NodeId,
    /// A new title.
    pub title: Option<String>,
    /// A new description.
    pub short_description: Option<String>,
    /// A new readme.
    pub readme: Option<String>,
    /// Open or closed.
    pub closed: Option<bool>,
    /// Visible to everyone or not.
    pub public: Option<bool>,
}

/// `DeleteProjectV2Input`, `MarkProjectV2AsTemplateInput`, `UnmarkProjectV2AsTemplateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectRef {
    /// Which.
    pub project_id: NodeId,
}

/// `LinkProjectV2ToRepositoryInput`, `UnlinkProjectV2FromRepositoryInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    /// The project.
    pub project_id: NodeId,
    /// The repository.
    pub repository_id: NodeId,
}

impl World {
    /// `createProjectV2`, with GitHub's default fields, view and workflows.
    pub fn create_project(&mut self, now: Timestamp, input: CreateProject) -> Result<NodeId, Refusal> {
        let CreateProject { owner_id, title, repository_id, team_id } = input;
        let owner = self.owners.find(&owner_id)?;
        let number = owner.next_project;
        // GitHub: docs "Creating a project": members may in an organisation, unless it says otherwise; in a user's account
        // that user alone.
        let may = match owner.kind {
            OwnerKind::User => owner.id == self.viewer,
            OwnerKind::Organization => owner.has_member(&self.viewer),
        };
        if !may {
            return Err(self.not_permitted("createProjectV2"));
        }
        check_title(&title)?;
        if let Some(repository) = &repository_id {
            self.check_link(&owner_id, repository)?;
        }
        if let Some(team) = &team_id {
            self.check_team(&owner_id, team)?;
        }
        let (id, database_id) = self.ids.mint(Kind::Project);
        let project = Project {
            id: id.clone(),
            database_id,
            owner: owner_id.clone(),
            number,
            title,
            short_description: None,
            readme: None,
            public: false,
            closed_at: None,
            template: false,
            creator: self.viewer.clone(),
            created_at: now,
            updated_at: now,
            fields: Vec::new(),
            views: Vec::new(),
            workflows: Vec::new(),
            items: Vec::new(),
            repositories: Vec::new(),
            teams: Vec::new(),
            collaborators: BTreeMap::new(),
            status_updates: Vec::new(),
            next_view: second(),
        };
        self.projects.insert(id.clone(), project);
        let fields = self.default_fields(now, &id);
        let visible = fields.first_columns();
        let workflows = self.default_workflows(now, &id, &fields);
        let view = self.default_view(now, &id, visible);
        let row = self.projects.find_mut(&id)?;
        row.fields = fields.all;
        row.workflows = workflows;
        row.views = vec![view];
        if let Some(team) = team_id {
            row.add_team(team);
        }
        let owner = self.owners.find_mut(&owner_id)?;
        owner.projects.insert(number, id.clone());
        owner.next_project = number.saturating_add(1);
        if let Some(repository) = repository_id {
            self.link_project(now, Link { project_id: id.clone(), repository_id: repository })?;
        }
        Ok(id)
    }

    /// `updateProjectV2`: absent arguments leave alone.
    pub fn update_project(&mut self, now: Timestamp, input: UpdateProject) -> Result<NodeId, Refusal> {
        let UpdateProject { project_id, title, short_description, readme, closed, public } = input;
        self.projects.find(&project_id)?;
        if let Some(title) = &title {
            check_title(title)?;
        }
        if short_description.as_ref().is_some_and(|text| text.chars().count() > SHORT_DESCRIPTION_LIMIT) {
            return Err(Refusal::unprocessable("Short description is too long (maximum is 300 characters)"));
        }
        let project = self.projects.find_mut(&project_id)?;
        if let Some(title) = title {
            project.title = title;
        }
        if let Some(text) = short_description {
            project.short_description = Some(text);
        }
        if let Some(text) = readme {
            project.readme = Some(text);
        }
        match closed {
            Some(true) => project.closed_at = project.closed_at.or(Some(now)),
            Some(false) => project.closed_at = None,
            None => {}
        }
        if let Some(public) = public {
            project.public = public;
        }
        project.updated_at = now;
        Ok(project_id)
    }

    /// `deleteProjectV2`: everything in it goes, issues stay. Gives the project as it was.
    pub fn delete_project(&mut self, now: Timestamp, input: &ProjectRef) -> Result<Project, Refusal> {
        let project = self.projects.find(&input.project_id)?.clone();
        for item in &project.items {
            self.drop_item(now, item);
        }
        for field in &project.fields {
            self.fields.remove(field);
        }
        for view in &project.views {
            self.views.remove(view);
        }
        for workflow in &project.workflows {
            self.workflows.remove(workflow);
        }
        for update in &project.status_updates {
            self.status_updates.remove(update);
        }
        for repository in &project.repositories {
            if let Some(repository) = self.repositories.get_mut(repository) {
                repository.projects.retain(|id| *id != project.id);
            }
        }
        self.owners.find_mut(&project.owner)?.projects.remove(&project.number);
        self.projects.remove(&project.id);
        Ok(project)
    }

    /// `markProjectV2AsTemplate` and its opposite. GitHub's schema: "only projects which are owned by an Organization can
    /// be marked"; the message was observed.
    pub fn mark_template(
        &mut self,
        now: Timestamp,
        input: ProjectRef,
        template: bool,
    ) -> Result<NodeId, Refusal> {
        let owner = &self.projects.find(&input.project_id)?.owner;
        let is_organizations =
            self.owners.get(owner).is_some_and(|owner| owner.kind == OwnerKind::Organization);
        if template && !is_organizations {
            return Err(Refusal::unprocessable(
                "Only projects owned by an Organization can be marked as a template.",
            ));
        }
        let project = self.projects.find_mut(&input.project_id)?;
        project.template = template;
        project.updated_at = now;
        Ok(input.project_id)
    }

    /// `linkProjectV2ToRepository`. A repeated link changes nothing (not documented).
    pub fn link_project(&mut self, now: Timestamp, input: Link) -> Result<NodeId, Refusal> {
        let owner = self.projects.find(&input.project_id)?.owner.clone();
        self.check_link(&owner, &input.repository_id)?;
        let project = self.projects.find_mut(&input.project_id)?;
        if !project.repositories.contains(&input.repository_id) {
            project.repositories.push(input.repository_id.clone());
            project.updated_at = now;
            self.repositories.find_mut(&input.repository_id)?.projects.push(input.project_id);
        }
        Ok(input.repository_id)
    }

    /// `unlinkProjectV2FromRepository`. An absent link is no error (not documented).
    pub fn unlink_project(&mut self, now: Timestamp, input: Link) -> Result<NodeId, Refusal> {
        self.repositories.find(&input.repository_id)?;
        let project = self.projects.find_mut(&input.project_id)?;
        project.repositories.retain(|id| *id != input.repository_id);
        project.updated_at = now;
        self.repositories.find_mut(&input.repository_id)?.projects.retain(|id| *id != input.project_id);
        Ok(input.repository_id)
    }

    /// The address of a project, after the host.
    pub fn project_path(&self, project: &Project) -> String {
        let path =
            self.owners.get(&project.owner).map_or_else(String::new, super::owner::Owner::projects_path);
        format!("{path}/{}", project.number)
    }

    fn check_link(&self, owner: &NodeId, repository: &NodeId) -> Result<(), Refusal> {
        if self.repositories.find(repository)?.owner != *owner {
            // GitHub: observed in a live run.
            return Err(Refusal::unprocessable(
                "Only projects owned by the same owner as the repository can be linked.",
            ));
        }
        Ok(())
    }
}

/// What the first view leaves to the next one.
fn second() -> u32 {
    2
}

/// The longest title is not documented.
fn check_title(title: &str) -> Result<(), Refusal> {
    if title.trim().is_empty() {
        return Err(Refusal::unprocessable("Title can't be blank"));
    }
    Ok(())
}
