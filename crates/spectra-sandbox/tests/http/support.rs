//! A plain client: it posts a document and variables and reads JSON, as curl would.

use serde_json::{Value, json};
use spectra_sandbox::world::Behaviour;
use spectra_sandbox::{Clock, Config, Faults, Limits, Sandbox, Seed};

/// A sandbox with a clock that stands still, and a client for it.
pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: reqwest::Client,
}

/// An answer of REST.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Rest {
    /// The body of an answer with this status.
    pub(crate) fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// A header, empty when it isn't there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The address that the `Link` header gives for a relation.
    pub(crate) fn link(&self, rel: &str) -> Option<String> {
        let wanted = format!("; rel=\"{rel}\"");
        let entry = self.header("link").split(", ").find(|entry| entry.ends_with(&wanted))?;
        Some(entry.trim_end_matches(&wanted).trim_matches(['<', '>']).to_owned())
    }
}

/// The organisation `acme` with the repository `acme/roadmap`, the repository `solo/notes` of another owner.
pub(crate) async fn start() -> Fixture {
    start_with(|_| {}).await
}

pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Fixture {
    let seed = Seed::new("octocat").organization("acme").repository("acme", "roadmap").user("solo");
    let seed = seed.repository("solo", "notes").repository("octocat", "spoon");
    let mut seed = seed;
    // The clock stands still here too: what is added would never be listed.
    seed.behaviour = Some(Behaviour { items_lag_ms: 0, ..Behaviour::default() });
    let mut config = Config {
        clock: Clock::fixed("2026-11-01T12:00:00Z".parse().unwrap()),
        faults: Faults::none(),
        // The clock stands still: nothing would ever leave a window.
        limits: Limits::none(),
        ..Config::in_process(seed)
    };
    change(&mut config);
    Fixture { sandbox: Sandbox::start(config).await.unwrap(), client: reqwest::Client::new() }
}

impl Fixture {
    pub(crate) async fn send(&self, query: &str, variables: Value) -> reqwest::Result<reqwest::Response> {
        self.client
            .post(format!("{}/graphql", self.sandbox.url()))
            .header("user-agent", "plain-client")
            .bearer_auth("any-token")
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .await
    }

    /// A REST request with any token.
    pub(crate) async fn rest(&self, method: &str, path: &str, body: Value) -> Rest {
        self.rest_as("any-token", method, path, body).await
    }

    /// A REST request.
    pub(crate) async fn rest_as(&self, token: &str, method: &str, path: &str, body: Value) -> Rest {
        let url = if path.starts_with("http") { path.to_owned() } else { self.sandbox.url() + path };
        let request = self.client.request(method.parse().unwrap(), url).header("user-agent", "plain-client");
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.bearer_auth(token).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        Rest { status, headers, body }
    }

    /// The whole body of an answer with status 200.
    pub(crate) async fn body(&self, query: &str, variables: Value) -> Value {
        let answer = self.send(query, variables).await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    /// The data of an answer without errors.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Value {
        let body = self.body(query, variables).await;
        assert_eq!(body.get("errors"), None, "{query}\n{body:#}");
        body["data"].clone()
    }

    /// The only error of an answer: its type and its message.
    pub(crate) async fn refusal(&self, query: &str, variables: Value) -> (String, String) {
        let body = self.body(query, variables).await;
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors in {body:#}"));
        assert_eq!(errors.len(), 1, "{body:#}");
        let text = |key: &str| errors[0][key].as_str().unwrap_or_default().to_owned();
        (text("type"), text("message"))
    }

    /// The payload of a mutation without errors.
    pub(crate) async fn mutate(&self, name: &str, input: Value, selection: &str) -> Value {
        self.data(&mutation(name, selection), json!({ "input": input })).await[name].clone()
    }

    /// The refusal of a mutation, whose data is null.
    pub(crate) async fn refused(&self, name: &str, input: Value) -> (String, String) {
        let body = self.body(&mutation(name, "clientMutationId"), json!({ "input": input })).await;
        assert_eq!(body["data"], json!({ name: null }), "{body:#}");
        let error = &body["errors"][0];
        assert_eq!(error["path"], json!([name]));
        assert!(error["locations"][0]["line"].is_u64(), "{body:#}");
        (error["type"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn repository(&self, owner: &str, name: &str) -> String {
        let query = "query($o: String!, $n: String!) { repository(owner: $o, name: $n) { id } }";
        let data = self.data(query, json!({ "o": owner, "n": name })).await;
        data["repository"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn project(&self) -> String {
        let owner = self.data("{ organization(login: \"acme\") { id } }", json!({})).await;
        let input = json!({ "ownerId": owner["organization"]["id"], "title": "Board" });
        let made = self.mutate("createProjectV2", input, "projectV2 { id }").await;
        made["projectV2"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn issue(&self, title: &str) -> String {
        let repository = self.repository("acme", "roadmap").await;
        let input = json!({ "repositoryId": repository, "title": title });
        let made = self.mutate("createIssue", input, "issue { id }").await;
        made["issue"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn item(&self, project: &str, content: &str) -> String {
        let input = json!({ "projectId": project, "contentId": content });
        let made = self.mutate("addProjectV2ItemById", input, "item { id }").await;
        made["item"]["id"].as_str().unwrap().to_owned()
    }

    /// The field of this name, with its options by name.
    pub(crate) async fn field(&self, project: &str, name: &str) -> Value {
        let query = "query($p: ID!, $n: String!) { node(id: $p) { ... on ProjectV2 { field(name: $n) {
            ... on ProjectV2FieldCommon { id name dataType }
            ... on ProjectV2SingleSelectField { options { id name color description } } } } } }";
        self.data(query, json!({ "p": project, "n": name })).await["node"]["field"].clone()
    }
}

fn mutation(name: &str, selection: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().unwrap().to_uppercase();
    let input = format!("{first}{}Input", letters.as_str());
    format!("mutation($input: {input}!) {{ {name}(input: $input) {{ {selection} }} }}")
}
