//! What the checks work with: a way to ask, a throwaway project, throwaway issues, a watch.
//!
//! Invariant: everything that is made has the run's title or name, by which it is found again and removed, whatever
//! becomes of the run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use spectra_github::{Client, Clock, Failure, Method};

use super::answer::{Answer, Trouble, short};
use super::budget::PATIENCE;
use super::documents::{self, Document};
use super::made::{self, Made};
use crate::github::told;

/// What the titles of everything that is made begin with.
pub(super) const TITLE: &str = "Spectra conformance";
/// The same for labels.
pub(super) const LABEL: &str = "spectra-conformance";

/// The owner that the project is made under.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) id: String,
    pub(super) login: String,
    pub(super) is_organization: bool,
}

/// The repository that the issues are made in.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) owner: String,
}

/// An issue.
#[derive(Debug, Clone)]
pub(super) struct Issue {
    pub(super) id: String,
    pub(super) url: String,
}

/// What the checks work with.
pub(super) struct Bench {
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
    pub(super) owner: Owner,
    pub(super) repository: Repository,
    pub(super) viewer: String,
    /// Tells one run's things from another's.
    run: String,
    next: u32,
    /// Requests of an earlier client.
    before: u64,
    pub(super) project: Option<String>,
    pub(super) other: Option<String>,
    pub(super) status: Option<Status>,
    /// Fields made in the project.
    pub(super) fields: usize,
    /// An item for checks that only set values of their own fields.
    pub(super) item: Option<String>,
    /// What this run made and didn't remove yet.
    pub(super) made: Vec<Made>,
    /// How many creations had no answer, so that what they made isn't known.
    pub(super) lost: usize,
    /// What could not be made, by what it is: how often in a row, and why.
    pub(super) failed: BTreeMap<&'static str, (u32, String)>,
    /// Each refusal that was met, its variable parts left out, with its type.
    pub(super) refusals: BTreeMap<String, String>,
}

/// The project's Status field.
#[derive(Debug, Clone)]
pub(super) struct Status {
    pub(super) field: String,
    /// Empty where there is no such option.
    pub(super) done: String,
}

/// A field with three options, an issue's item that holds the second.
#[derive(Debug, Clone)]
pub(super) struct Select {
    pub(super) name: String,
    pub(super) field: String,
    pub(super) options: Vec<Value>,
    pub(super) item: String,
}

impl Bench {
    pub(super) fn new(
        client: Arc<Client>,
        clock: Arc<dyn Clock>,
        viewer: String,
        owner: Owner,
        repository: Repository,
    ) -> Self {
        let run = clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
        Self {
            client,
            clock,
            owner,
            repository,
            viewer,
            run,
            next: 0,
            before: 0,
            project: None,
            other: None,
            status: None,
            fields: 0,
            item: None,
            made: Vec::new(),
            lost: 0,
            failed: BTreeMap::new(),
            refusals: BTreeMap::new(),
        }
    }

    /// Asks; the answer may be a refusal.
    pub(super) async fn ask(&mut self, document: Document, variables: Value) -> Result<Answer, Trouble> {
        let answer = self.ask_text(document.text, document.weight, variables).await?;
        match answer.lacks().filter(|_| document.is_sound) {
            Some(what) => Err(Trouble::NotModelled(what)),
            None => Ok(answer),
        }
    }

    /// Asks what isn't written down as a document, or what is to be refused.
    pub(super) async fn ask_text(
        &mut self,
        text: &str,
        weight: spectra_github::Weight,
        variables: Value,
    ) -> Result<Answer, Trouble> {
        let sent = self.client.raw_graphql(text, &variables, weight).await;
        let answer = answered(sent).inspect_err(|trouble| self.note_lost(trouble, weight.creations))?;
        if !answer.body.is_object() {
            let trouble = Trouble::NoAnswer(format!("no JSON object: {}", answer.shown()));
            self.note_lost(&trouble, weight.creations);
            return Err(trouble);
        }
        for error in answer.errors() {
            let member = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            self.refusals.insert(without_ids(&member("message")), member("type"));
        }
        self.made.extend(made::by_graphql(&answer));
        if let Some(failure) = answer.scopes() {
            return Err(Trouble::Failure(failure));
        }
        let is_told = if weight.mutations > 0 { answer.has_result() } else { answer.has_data() };
        if !answer.is_refused() && !is_told {
            return Err(Trouble::Refused { step: "data or errors".to_owned(), answer: answer.shown() });
        }
        Ok(answer)
    }

    fn note_lost(&mut self, trouble: &Trouble, creations: u64) {
        let is_lost = creations > 0 && matches!(trouble, Trouble::NoAnswer(_));
        self.lost = self.lost.saturating_add(usize::from(is_lost));
    }

    /// Asks for what has to work.
    pub(super) async fn done(&mut self, document: Document, variables: Value) -> Result<Answer, Trouble> {
        let step = first_word(document.text);
        let answer = self.ask(document, variables).await?.done(&step)?;
        if answer.has_result() {
            return Ok(answer);
        }
        Err(Trouble::Refused { step: format!("`{step}` is answered"), answer: answer.shown() })
    }

    /// Calls the REST API; the answer may be a refusal. A path that the server doesn't have counts as not modelled.
    pub(super) async fn rest(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        creations: u64,
    ) -> Result<Answer, Trouble> {
        let sent = self.client.raw_rest(method, path, body, creations).await;
        let answer = answered(sent).inspect_err(|trouble| self.note_lost(trouble, creations))?;
        if [404, 405, 410, 501].contains(&answer.status) {
            let what = path.split('?').next().unwrap_or_default();
            let message = format!("REST {method:?} {what} answers {} {}", answer.status, answer.message());
            return Err(Trouble::NotModelled(message.trim_end().to_owned()));
        }
        if matches!(method, Method::Post) {
            self.made.extend(made::by_rest(path, &answer));
        }
        Ok(answer)
    }

    /// The path of the repository in REST.
    pub(super) fn repository_path(&self, rest: &str) -> String {
        format!("/repos/{}{rest}", self.repository.slug)
    }

    pub(super) fn without_token(&self, text: &str) -> String {
        self.client.without_token(text)
    }

    /// Asks through another client from here on.
    pub(super) fn turn_to(&mut self, client: Arc<Client>) {
        self.before = self.requests();
        self.client = client;
    }

    /// Forgets what a check has removed by itself.
    pub(super) fn forget(&mut self, id: &str) {
        self.made.retain(|made| made.id != id);
    }

    /// How long GitHub's limits ask to wait before the next request.
    pub(super) fn ready_in(&self) -> Duration {
        self.client.ready_in(1)
    }

    /// Lets the clock run on.
    pub(super) async fn sleep(&self, wait: Duration) {
        self.clock.sleep(wait).await;
    }

    /// Requests sent until now.
    pub(super) fn requests(&self) -> u64 {
        self.before.saturating_add(self.client.http().requests)
    }

    /// Whether the server still answers at all.
    pub(super) async fn probe(&mut self) -> Result<(), Trouble> {
        self.done(documents::VIEWER, json!({})).await?.need("/data/viewer/login").map(drop)
    }

    /// Asks again and again until it is so, as long as there is patience; how long it took, None where it never was.
    pub(super) async fn poll(
        &mut self,
        document: Document,
        variables: &Value,
        is_so: impl Fn(&Answer) -> bool + Send,
    ) -> Result<(Option<Duration>, Answer), Trouble> {
        self.poll_for(Duration::from_secs(PATIENCE), document, variables, is_so).await
    }

    /// The same with another patience.
    pub(super) async fn poll_for(
        &mut self,
        patience: Duration,
        document: Document,
        variables: &Value,
        is_so: impl Fn(&Answer) -> bool + Send,
    ) -> Result<(Option<Duration>, Answer), Trouble> {
        let begun = self.clock.now();
        let mut pause = Duration::from_millis(500);
        loop {
            let answer = self.ask(document, variables.clone()).await?;
            let waited = Duration::try_from(self.clock.now().duration_since(begun)).unwrap_or_default();
            if is_so(&answer) {
                return Ok((Some(waited), answer));
            }
            if waited >= patience {
                return Ok((None, answer));
            }
            self.clock.sleep(pause).await;
            pause = pause.saturating_mul(2).min(Duration::from_secs(5));
        }
    }

    /// A title of this run's.
    pub(super) fn title(&mut self, what: &str) -> String {
        self.next = self.next.saturating_add(1);
        format!("{TITLE} {} {} {what}", self.run, self.next)
    }

    /// A label's name of this run's.
    pub(super) fn label(&mut self, what: &str) -> String {
        self.next = self.next.saturating_add(1);
        format!("{LABEL}-{}-{}-{what}", self.run, self.next)
    }

    /// A field's name; a project is this run's own, so it needs no more than to be new there.
    pub(super) fn field_name(&mut self, what: &str) -> String {
        self.next = self.next.saturating_add(1);
        format!("{what} {}", self.next)
    }

    pub(super) async fn make_project(&mut self, title: &str) -> Result<Answer, Trouble> {
        let input = json!({ "input": { "ownerId": self.owner.id, "title": title } });
        self.done(documents::CREATE_PROJECT, input).await
    }

    /// The members of an input or the fields of a type in the server's schema.
    pub(super) async fn schema_names(
        &mut self,
        document: Document,
        of: &str,
    ) -> Result<Vec<String>, Trouble> {
        let unseen = |why: String| Trouble::Prerequisite(format!("the schema can't be looked at: {why}"));
        let answer = self.ask(document, json!({ "name": of })).await?;
        if answer.is_refused() {
            return Err(unseen(answer.shown()));
        }
        if answer.body.pointer("/data/__type").is_none() {
            return Err(unseen(answer.shown()));
        }
        let list = ["/data/__type/inputFields", "/data/__type/fields"];
        let names: Vec<String> =
            list.iter().flat_map(|list| answer.column(list, "name")).map(str::to_owned).collect();
        if names.is_empty() {
            return Err(Trouble::NotModelled(format!("the schema has no {of}")));
        }
        Ok(names)
    }
}

/// An answer as it came, where it says anything.
fn answered(sent: Result<spectra_github::HttpResponse, Failure>) -> Result<Answer, Trouble> {
    let answer = Answer::new(sent.map_err(unanswered)?);
    // 501 says that the server doesn't do this, which is an answer.
    if answer.status == 501 {
        return Err(Trouble::NotModelled(answer.shown()));
    }
    if answer.status >= 500 || answer.status == 408 {
        return Err(Trouble::NoAnswer(answer.shown()));
    }
    Ok(answer)
}

/// Why there is no answer. What speaks of the token or of a limit stays what it is.
fn unanswered(failure: Failure) -> Trouble {
    let is_none = matches!(
        failure,
        Failure::Ambiguous { .. }
            | Failure::Unreachable { .. }
            | Failure::Malformed { .. }
            | Failure::Redirected { .. }
            | Failure::NotGitHub { .. }
            | Failure::TemporaryConflict { .. }
    );
    if is_none { Trouble::NoAnswer(short(&told(&failure))) } else { Trouble::Failure(failure) }
}

/// What fails of what a check begins from is no finding of the check's.
pub(super) fn needed(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Refused { step, answer } => Trouble::Prerequisite(format!("no {step}: {answer}")),
        Trouble::NotModelled(_) | Trouble::Prerequisite(_) | Trouble::NoAnswer(_) | Trouble::Failure(_) => {
            trouble
        }
    }
}

/// An option as `updateProjectV2Field` takes it.
pub(super) fn option(id: Option<&str>, name: &str) -> Value {
    let mut option = json!({ "name": name, "color": "GRAY", "description": "" });
    if let (Some(option), Some(id)) = (option.as_object_mut(), id) {
        option.insert("id".to_owned(), json!(id));
    }
    option
}

/// An option's or an iteration's id by its name; empty where there is none.
pub(super) fn id_of(options: &[Value], name: &str) -> String {
    let named = |option: &&Value| {
        ["name", "title"].iter().any(|member| option.get(member).and_then(Value::as_str) == Some(name))
    };
    let found = options.iter().find(named);
    found.and_then(|option| option.get("id")?.as_str()).unwrap_or_default().to_owned()
}

/// The mutation or query that a document begins with, for people.
fn first_word(text: &str) -> String {
    let body = text.split_once('{').map_or(text, |(_, body)| body);
    let word = body.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    word.to_owned()
}

/// A message without what is different each time: quoted parts and numbers.
fn without_ids(message: &str) -> String {
    let mut quoted = false;
    let mut shown = String::new();
    for c in message.chars() {
        if c == '\'' {
            quoted = !quoted;
            if quoted {
                shown.push('…');
            }
        } else if !quoted {
            shown.push(c);
        }
    }
    if quoted { message.to_owned() } else { shown }
}
