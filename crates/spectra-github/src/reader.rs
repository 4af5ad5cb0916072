//! What can be asked of GitHub, in the model's nouns.
//!
//! Guarantees: every list is read to its end and sorted, so that one GitHub gives one answer whatever order its pages
//! came in. Absent (`None`) is only what GitHub says is not there; anything that it would not say is a [`Failure`].
//! The methods for each kind of thing are in the file of that name.

use std::collections::BTreeMap;
use std::sync::Arc;

use spectra_model::id::{Login, NodeId};
use spectra_model::observation::Owner;
use spectra_model::plan::{self, OwnerType};

use crate::client::Client;
use crate::failure::Failure;
use crate::graphql::{GraphQlError, Response};
use crate::operations::{Organization, User, Viewer, organization, user, viewer};

/// Asks GitHub; changes nothing.
#[derive(Debug, Clone)]
pub struct Reader {
    client: Arc<Client>,
}

impl Reader {
    /// A reader over a client, which is shared with the writer.
    pub fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// The client under it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn viewer(&self) -> Result<Login, Failure> {
        Ok(Login::new(self.client.whole::<Viewer>(viewer::Variables).await?.viewer.login))
    }

    /// The owner of boards; None where nobody of that login and kind is seen. Its teams are left to [`Reader::teams`].
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn owner(&self, owner: &plan::Owner) -> Result<Option<Owner>, Failure> {
        let login = owner.slug.as_str().to_owned();
        let seen = match owner.kind {
            OwnerType::Org => {
                let variables = organization::Variables { login };
                let response = self.client.query::<Organization>(variables).await?;
                found(response)?.and_then(|data| data.organization).map(|it| (it.id, it.login))
            }
            OwnerType::User => {
                let response = self.client.query::<User>(user::Variables { login }).await?;
                found(response)?.and_then(|data| data.user).map(|it| (it.id, it.login))
            }
        };
        let (kind, teams) = (owner.kind, BTreeMap::new());
        Ok(seen.map(|(id, login)| Owner { id: NodeId::new(id), login: Login::new(login), kind, teams }))
    }
}

/// The data of an answer; None where its one trouble is that what was asked for isn't there.
pub(crate) fn found<T>(response: Response<T>) -> Result<Option<T>, Failure> {
    let Response { data, errors } = response;
    let absent = |error: &GraphQlError| {
        error.path.len() == 1 && matches!(Failure::of_error(error), Failure::NotFound { .. })
    };
    match errors.iter().find(|error| !absent(error)) {
        Some(error) => Err(Failure::of_error(error)),
        None if errors.is_empty() => {
            data.map(Some).ok_or_else(|| Failure::malformed("neither data nor errors"))
        }
        None => Ok(None),
    }
}

/// What a node id leads to isn't what it was to be.
pub(crate) fn another_type(id: &NodeId, wanted: &str) -> Failure {
    Failure::NotFound { message: format!("{id} is not {wanted}") }
}

/// GitHub's `Int` where it counts from zero or one.
pub(crate) fn number(number: i64) -> Result<u64, Failure> {
    u64::try_from(number).map_err(|error| Failure::malformed(format!("the number {number}: {error}")))
}

#[cfg(test)]
mod tests;
