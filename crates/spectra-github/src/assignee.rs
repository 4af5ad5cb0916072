//! People: who they are, and to whom issues can be assigned.

use std::collections::BTreeMap;

use spectra_model::id::{Login, NodeId, RepoSlug};

use crate::batch::batch_op;
use crate::client::Client;
use crate::failure::Failure;
use crate::label::texts;
use crate::lookup::LookUp;
use crate::operations::{
    AddAssignees, Assignable, Person, RemoveAssignees, add_assignees, assignable, person, remove_assignees,
};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, number};
use crate::repository::gone;

batch_op!(
    AddAssignees,
    add_assignees,
    "addAssigneesToAssignable",
    AddAssigneesToAssignableInput,
    AddAssigneesSel
);
batch_op!(
    RemoveAssignees,
    remove_assignees,
    "removeAssigneesFromAssignable",
    RemoveAssigneesFromAssignableInput,
    RemoveAssigneesSel
);

/// Someone whom an issue is assigned to, as a list has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Assignee(pub(crate) Login);

/// An account that an issue could be assigned to.
struct Candidate {
    login: Login,
    id: NodeId,
}

impl From<assignable::AssignableSelNodes> for Candidate {
    fn from(user: assignable::AssignableSelNodes) -> Self {
        Self { login: Login::new(user.login), id: NodeId::new(user.id) }
    }
}

impl LookUp for Person {
    type Found = person::PersonSel;
    const NAME: &'static str = "People";
    const COMMON: &'static str = "";
    const WITHIN: &'static str = "";
    const FIELD: &'static str = "user(login: $key)";
    const FRAGMENT: &'static str = "PersonSel";
    const DOCUMENT: &'static str = person::QUERY;
}

/// Those whom issues of a repository can be assigned to and whose login or name begins with the text.
impl LookUp for Assignable {
    type Found = assignable::AssignableSel;
    const NAME: &'static str = "AssignablePeople";
    const COMMON: &'static str = "$owner: String!, $name: String!";
    const WITHIN: &'static str = "repository(owner: $owner, name: $name)";
    const FIELD: &'static str = "assignableUsers(query: $key, first: 10)";
    const FRAGMENT: &'static str = "AssignableSel";
    const DOCUMENT: &'static str = assignable::QUERY;
}

impl Reader {
    /// Those of these people who are there, by the logins that were asked for. One point for 50.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn people(&self, logins: &[Login]) -> Result<BTreeMap<Login, NodeId>, Failure> {
        let keys: Vec<&str> = logins.iter().map(Login::as_str).collect();
        let found = self.client().look_up::<Person>(&[], &keys).await?;
        let pairs = logins.iter().zip(found);
        Ok(pairs.filter_map(|(login, user)| Some((login.clone(), NodeId::new(user?.id)))).collect())
    }

    /// Those of these people whom issues of a repository can be assigned to, by the logins that were asked for. One point
    /// for 50; GitHub finds by the beginnings of logins and names, so a short login may take more requests.
    ///
    /// # Errors
    /// When the repository isn't there, or GitHub doesn't say.
    pub async fn assignable(
        &self,
        repository: &RepoSlug,
        logins: &[Login],
    ) -> Result<BTreeMap<Login, NodeId>, Failure> {
        let keys: Vec<&str> = logins.iter().map(Login::as_str).collect();
        let common = [("owner", repository.owner()), ("name", repository.name())];
        let found = self.client().look_up::<Assignable>(&common, &keys).await?;
        let mut assignable = BTreeMap::new();
        for (login, page) in logins.iter().zip(found) {
            let first: Page<Candidate> = page!(page.ok_or_else(|| gone(repository))?);
            let is_wanted = |it: &Candidate| it.login.same(login);
            let candidates = if first.nodes.iter().any(is_wanted) {
                first.nodes
            } else {
                let page = |first, after| self.assignable_page(repository, login, first, after);
                all("assignable people", Some(first), LARGEST, page).await?
            };
            if let Some(it) = candidates.into_iter().find(is_wanted) {
                assignable.insert(login.clone(), it.id);
            }
        }
        Ok(assignable)
    }

    async fn assignable_page(
        &self,
        repository: &RepoSlug,
        login: &Login,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<Candidate>, Failure> {
        let variables = assignable::Variables {
            owner: repository.owner().to_owned(),
            name: repository.name().to_owned(),
            key: login.as_str().to_owned(),
            first,
            after,
        };
        let data = self.client().whole::<Assignable>(variables).await?;
        let page = data.repository.ok_or_else(|| gone(repository))?.assignable_users;
        Ok(page!(page))
    }
}

impl Client {
    /// The number by which the REST API knows a user.
    pub(crate) async fn user_number(&self, login: &Login) -> Result<u64, Failure> {
        let found = self.look_up::<Person>(&[], &[login.as_str()]).await?;
        let user = found.into_iter().flatten().next();
        let user = user.ok_or_else(|| Failure::NotFound { message: format!("user {login}") })?;
        number(user.database_id.ok_or_else(|| Failure::malformed(format!("user {login} without a number")))?)
    }
}

pub(crate) fn add(issue: &NodeId, assignees: &[NodeId]) -> add_assignees::AddAssigneesToAssignableInput {
    add_assignees::AddAssigneesToAssignableInput {
        agent_assignment: None,
        assignable_id: issue.as_str().to_owned(),
        assignee_ids: Some(texts(assignees)),
        assignees: None,
        client_mutation_id: None,
    }
}

pub(crate) fn remove(
    issue: &NodeId,
    assignees: &[NodeId],
) -> remove_assignees::RemoveAssigneesFromAssignableInput {
    remove_assignees::RemoveAssigneesFromAssignableInput {
        assignable_id: issue.as_str().to_owned(),
        assignee_ids: texts(assignees),
        ..Default::default()
    }
}
