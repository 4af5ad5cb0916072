//! Requests and answers as they are, for whoever wants to see GitHub's own words.
//!
//! Guarantees: they go through the same windows, books and token as everything else; limits are waited out, a read is
//! repeated a few times after a transient failure, and a write only where it surely wasn't done. Nothing is decoded: refusals are
//! answers here. Which document or path is sent is the caller's affair.

use serde_json::Value;
use spectra_model::forecast::{POINTS_PER_MUTATING_REQUEST, POINTS_PER_QUERY};
use tracing::Instrument;

use crate::client::{Client, received, to_json};
use crate::failure::Failure;
use crate::pacing::{Api, Cost, Refusals};
use crate::transport::{HttpRequest, HttpResponse, Method};

/// How often a request is sent again after a transient failure. Who looks at raw answers wants to see that there is none
/// rather than wait it out.
const ATTEMPTS_AGAIN: usize = 2;

/// What a request does, for the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weight {
    /// How many mutations it holds; a REST call that writes is one.
    pub mutations: u64,
    /// How many of them make content.
    pub creations: u64,
}

impl Client {
    /// Sends a GraphQL document; the answer as it came.
    ///
    /// # Errors
    /// When there is no answer, or a limit that doesn't pass. GitHub's refusals are in the answer.
    pub async fn raw_graphql(
        &self,
        document: &str,
        variables: &Value,
        weight: Weight,
    ) -> Result<HttpResponse, Failure> {
        let body = to_json(&serde_json::json!({ "query": document, "variables": variables }))?;
        let request = HttpRequest {
            method: Method::Post,
            url: self.endpoint.graphql().to_owned(),
            token: Some(self.token.clone()),
            body: Some(body),
        };
        let failures = |response: &HttpResponse| match received(response) {
            Ok(answer) => answer.errors.iter().map(Failure::of_error).collect(),
            Err(failure) => vec![failure],
        };
        self.raw(Api::GraphQl, "raw GraphQL", request, weight, &failures).await
    }

    /// Calls the REST API; the answer as it came. The path begins with a slash.
    ///
    /// # Errors
    /// When there is no answer, or a limit that doesn't pass. GitHub's refusals are in the answer.
    pub async fn raw_rest(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        creations: u64,
    ) -> Result<HttpResponse, Failure> {
        let weight = Weight { mutations: u64::from(method != Method::Get), creations };
        let request = HttpRequest {
            method,
            url: format!("{}{path}", self.endpoint.rest()),
            token: Some(self.token.clone()),
            body: body.map(to_json).transpose()?,
        };
        let failures = |response: &HttpResponse| {
            if response.status < 400 { Vec::new() } else { vec![Failure::of_status(response)] }
        };
        self.raw(Api::Rest, "raw REST", request, weight, &failures).await
    }

    /// A text of an answer, fit to be shown: without the token.
    pub fn without_token(&self, text: &str) -> String {
        self.token.hide_in(text)
    }

    async fn raw(
        &self,
        api: Api,
        name: &'static str,
        request: HttpRequest,
        weight: Weight,
        failures: &(dyn Fn(&HttpResponse) -> Vec<Failure> + Sync),
    ) -> Result<HttpResponse, Failure> {
        let Weight { mutations, creations } = weight;
        let points = if mutations > 0 { POINTS_PER_MUTATING_REQUEST } else { POINTS_PER_QUERY };
        let mut pauses = self.backoff().take(ATTEMPTS_AGAIN);
        let mut refusals = Refusals::default();
        loop {
            let span = tracing::debug_span!("request", operation = name, mutations, creations);
            let cost = Cost { creations, points, api };
            let answer = self.deliver(request.clone(), mutations, cost).instrument(span).await;
            let found = match &answer {
                Ok(response) => failures(response),
                Err(failure) => vec![failure.clone()],
            };
            let limit = found.iter().find(|failure| failure.is_limit());
            let passing = found.iter().find(|failure| {
                // GitHub says of a temporary conflict that nothing was done; of several mutations some may have been.
                matches!(failure, Failure::Unreachable { .. })
                    || (matches!(failure, Failure::TemporaryConflict { .. }) && mutations <= 1)
                    || (mutations == 0 && failure.is_transient())
            });
            let (failure, pause) = match (limit, passing) {
                (Some(limit), _) => (limit, refusals.pause(limit)),
                (None, Some(passing)) => (passing, pauses.next()),
                (None, None) => return answer,
            };
            let Some(pause) = pause else {
                return if failure.is_limit() { Err(failure.clone()) } else { answer };
            };
            self.pause(api, name, failure, pause).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{JumpingClock, Script, data, ok, status};

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    const WRITE: Weight = Weight { mutations: 1, creations: 1 };

    #[test]
    fn a_refusal_is_an_answer() {
        let clock = JumpingClock::new();
        let refusal =
            json!({ "data": { "a": null }, "errors": [{ "type": "UNPROCESSABLE", "message": "no" }] });
        let script = Script::of([ok(&refusal)]);
        let answer = run(script.client(&clock).raw_graphql("mutation { a }", &json!({}), WRITE)).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&answer.body).unwrap(), refusal);
        assert_eq!(clock.seconds(), 0);
    }

    #[test]
    fn limits_are_waited_out_and_writes_of_unknown_fate_are_not_repeated() {
        let clock = JumpingClock::new();
        let script = Script::of([status(403, &[("retry-after", "7")], "{}"), data(&json!({ "a": 1 }))]);
        let client = script.client(&clock);
        assert_eq!(run(client.raw_graphql("mutation { a }", &json!({}), WRITE)).unwrap().status, 200);
        assert_eq!(clock.seconds(), 7);
        let script = Script::of([status(502, &[], "")]);
        let client = script.client(&clock);
        assert_eq!(run(client.raw_graphql("mutation { a }", &json!({}), WRITE)).unwrap().status, 502);
        let script = Script::of([status(502, &[], ""), data(&json!({ "a": 1 }))]);
        let client = script.client(&clock);
        assert_eq!(run(client.raw_graphql("{ a }", &json!({}), Weight::default())).unwrap().status, 200);
    }

    #[test]
    fn rest_goes_below_the_endpoint() {
        let clock = JumpingClock::new();
        let script = Script::of([status(422, &[], r#"{"message":"Validation Failed"}"#)]);
        let client = script.client(&clock);
        let answer =
            run(client.raw_rest(Method::Post, "/repos/o/r/labels", Some(&json!({ "name": "a" })), 1));
        assert_eq!(answer.unwrap().status, 422);
        assert_eq!(script.asked(), [json!({ "name": "a" })]);
    }
}
