//! Questions over GraphQL, and the repeating of them.

use graphql_client::GraphQLQuery;
use serde_json::{Map, Value};

use super::{Client, Outgoing, to_json};
use crate::failure::Failure;
use crate::graphql::Response;
use crate::pacing::{Api, Refusals};

impl Client {
    /// Asks a query and repeats it while that may help. Errors that repeating won't help stay in the answer.
    pub(crate) async fn query<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Response<Q::ResponseData>, Failure> {
        let query = Q::build_query(variables);
        self.repeated(query.operation_name, query.query, &query.variables, decode::<Q>).await
    }

    /// [`Client::query`] for a document that was composed.
    pub(crate) async fn ask(
        &self,
        name: &'static str,
        document: &str,
        variables: &Map<String, Value>,
    ) -> Result<Response<Value>, Failure> {
        self.repeated(name, document, variables, Ok).await
    }

    async fn repeated<T>(
        &self,
        name: &'static str,
        document: &str,
        variables: &impl serde::Serialize,
        decode: impl Fn(Response<Value>) -> Result<Response<T>, Failure>,
    ) -> Result<Response<T>, Failure> {
        let document = self.dialect().adapt(document);
        let body = to_json(&Document { query: &document, variables, operation_name: name })?;
        let mut pauses = self.backoff();
        let mut refusals = Refusals::default();
        loop {
            let outgoing = Outgoing { name, body: body.clone(), mutations: 0, creations: 0 };
            let answer = self.exchange(outgoing).await;
            let failure = match answer.and_then(&decode) {
                Ok(response) => {
                    let passing = response.errors.iter().map(Failure::of_error);
                    match passing.into_iter().find(|it| it.is_transient() || it.is_limit()) {
                        None => return Ok(response),
                        Some(failure) => failure,
                    }
                }
                Err(failure) => failure,
            };
            let pause = if failure.is_limit() {
                refusals.pause(&failure)
            } else if failure.is_transient() {
                pauses.next()
            } else {
                None
            };
            let Some(pause) = pause else { return Err(failure) };
            self.pause(Api::GraphQl, name, &failure, pause).await;
        }
    }

    /// Asks a query; any error in its answer is a failure, since what is null beside an error isn't known.
    pub(crate) async fn whole<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, Failure> {
        let response = self.query::<Q>(variables).await?;
        if let Some(error) = response.errors.first() {
            return Err(Failure::of_error(error));
        }
        response.data.ok_or_else(|| Failure::malformed(format!("{} has no data", std::any::type_name::<Q>())))
    }
}

/// A GraphQL request.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a, V> {
    query: &'a str,
    variables: &'a V,
    operation_name: &'a str,
}

fn decode<Q: GraphQLQuery>(response: Response<Value>) -> Result<Response<Q::ResponseData>, Failure> {
    let Response { data, errors } = response;
    let data = match data.map(serde_json::from_value).transpose() {
        Ok(data) => data,
        // What doesn't fit beside an error is the error's doing.
        Err(error) => {
            return Err(errors
                .first()
                .map_or_else(|| Failure::malformed(error.to_string()), Failure::of_error));
        }
    };
    Ok(Response { data, errors })
}
