//! What the checks work with: a way to ask, a throwaway project, throwaway issues, a watch.
//!
//! Invariant: everything that is made has the run's title or name, by which it is found again and removed, whatever
//! becomes of the run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use spectra_github::{Client, Clock, Method};

use super::answer::{Answer, Trouble};
use super::documents::{self, Document};

/// What the titles of everything that is made begin with.
pub(super) const TITLE: &str = "Spectra conformance";
/// The same for labels.
pub(super) const LABEL: &str = "spectra-conformance";
/// GitHub lets a project have 50 fields, its own ones included (GitHub docs, "Managing issue fields"); no check makes
/// more than ten.
const FIELDS: usize = 20;

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
    project: Option<String>,
    other: Option<String>,
    status: Option<Status>,
    /// Fields made in the project.
    fields: usize,
    /// Issues made by this run.
    pub(super) issues: Vec<String>,
    /// Each refusal that was met, its variable parts left out, with its type.
    pub(super) refusals: BTreeMap<String, String>,
}

/// The project's Status field.
#[derive(Debug, Clone)]
pub(super) struct Status {
    pub(super) field: String,
    pub(super) todo: String,
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
            project: None,
            other: None,
            status: None,
            fields: 0,
            issues: Vec::new(),
            refusals: BTreeMap::new(),
        }
    }

    /// Asks; the answer may be a refusal.
    pub(super) async fn ask(&mut self, document: Document, variables: Value) -> Result<Answer, Trouble> {
        self.ask_text(document.text, document.weight, variables).await
    }

    /// Asks what isn't written down as a document.
    pub(super) async fn ask_text(
        &mut self,
        text: &str,
        weight: spectra_github::Weight,
        variables: Value,
    ) -> Result<Answer, Trouble> {
        let response = self.client.raw_graphql(text, &variables, weight).await.map_err(Trouble::Failure)?;
        let answer = Answer::new(response);
        for error in answer.errors() {
            let member = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            // The sandbox's word for what GitHub has and it hasn't; GitHub never sends it.
            if member("type") == "NOT_MODELLED" {
                return Err(Trouble::NotModelled(member("message")));
            }
            let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
            self.refusals.insert(without_ids(message), member("type"));
        }
        Ok(answer)
    }

    /// Asks for what has to work.
    pub(super) async fn done(&mut self, document: Document, variables: Value) -> Result<Answer, Trouble> {
        let step = first_word(document.text);
        self.ask(document, variables).await?.done(&step)
    }

    /// Calls the REST API; the answer may be a refusal. A path that the server doesn't have counts as not modelled.
    pub(super) async fn rest(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        creations: u64,
    ) -> Result<Answer, Trouble> {
        let response = self.client.raw_rest(method, path, body, creations).await.map_err(Trouble::Failure)?;
        let answer = Answer::new(response);
        if answer.status == 404 || answer.status == 501 {
            let what = path.split('?').next().unwrap_or_default();
            let message = format!("REST {method:?} {what} answers {} {}", answer.status, answer.message());
            return Err(Trouble::NotModelled(message));
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

    /// Asks again and again until it is so, for at most so many seconds; how long it took, None where it never was.
    pub(super) async fn poll(
        &mut self,
        document: Document,
        variables: &Value,
        seconds: u64,
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
            if waited >= Duration::from_secs(seconds) {
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

    /// The throwaway project.
    pub(super) async fn project(&mut self) -> Result<String, Trouble> {
        if let Some(project) = &self.project {
            return Ok(project.clone());
        }
        let title = self.title("project");
        let project = self.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
        self.project = Some(project.clone());
        Ok(project)
    }

    /// Another one.
    pub(super) async fn other_project(&mut self) -> Result<String, Trouble> {
        if let Some(project) = &self.other {
            return Ok(project.clone());
        }
        let title = self.title("other project");
        let project = self.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
        self.other = Some(project.clone());
        Ok(project)
    }

    /// The project's Status field.
    pub(super) async fn status(&mut self) -> Result<Status, Trouble> {
        if let Some(status) = &self.status {
            return Ok(status.clone());
        }
        let project = self.project().await?;
        let answer = self.done(documents::PROJECT_STATUS, json!({ "project": project })).await?;
        let option = |name: &str| {
            let options = answer.list("/data/node/field/options");
            let found =
                options.iter().find(|option| option.get("name").and_then(Value::as_str) == Some(name));
            found.and_then(|option| option.get("id")?.as_str()).unwrap_or_default().to_owned()
        };
        let status =
            Status { field: answer.need("/data/node/field/id")?, todo: option("Todo"), done: option("Done") };
        self.status = Some(status.clone());
        Ok(status)
    }

    /// A new issue with these inputs beside the usual ones.
    pub(super) async fn create_issue(&mut self, what: &str, more: Value) -> Result<Answer, Trouble> {
        let title = self.title(what);
        let mut input = json!({
            "repositoryId": self.repository.id,
            "title": title,
            "body": "Made by `spectra-apply conformance`, which removes it again.",
        });
        if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
            input.extend(more);
        }
        let answer = self.ask(documents::CREATE_ISSUE, json!({ "input": input })).await?;
        if let Some(id) = answer.at("/data/createIssue/issue/id").as_str() {
            self.issues.push(id.to_owned());
        }
        Ok(answer)
    }

    /// A new issue.
    pub(super) async fn issue(&mut self, what: &str) -> Result<Issue, Trouble> {
        let answer = self.create_issue(what, json!({})).await?.done("createIssue")?;
        Ok(Issue {
            id: answer.need("/data/createIssue/issue/id")?,
            url: answer.need("/data/createIssue/issue/url")?,
        })
    }

    /// The issue's item on the project.
    pub(super) async fn add(&mut self, project: &str, issue: &Issue) -> Result<String, Trouble> {
        let variables = json!({ "project": project, "content": issue.id });
        self.done(documents::ADD_ITEM, variables).await?.need("/data/addProjectV2ItemById/item/id")
    }

    /// A new issue's item on the throwaway project.
    pub(super) async fn item(&mut self, what: &str) -> Result<(String, String), Trouble> {
        let project = self.project().await?;
        let issue = self.issue(what).await?;
        let item = self.add(&project, &issue).await?;
        Ok((project, item))
    }

    /// A new field of the throwaway project; the answer may be a refusal.
    pub(super) async fn create_field(
        &mut self,
        name: &str,
        data_type: &str,
        more: Value,
    ) -> Result<Answer, Trouble> {
        let mut input = json!({ "projectId": self.project().await?, "name": name, "dataType": data_type });
        if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
            input.extend(more);
        }
        self.fields = self.fields.saturating_add(1);
        self.ask(documents::CREATE_FIELD, json!({ "input": input })).await
    }

    /// Makes ready for the next check: a project that has many fields by now is followed by a new one.
    pub(super) fn ready(&mut self) {
        if self.fields > FIELDS {
            self.fields = 0;
            self.project = None;
            self.status = None;
        }
    }

    /// A new text field: its id and name.
    pub(super) async fn text_field(&mut self) -> Result<(String, String), Trouble> {
        let name = self.field_name("Text");
        let answer = self.create_field(&name, "TEXT", json!({})).await?.done("createProjectV2Field")?;
        Ok((answer.need("/data/createProjectV2Field/projectV2Field/id")?, name))
    }

    /// Sets a value; the answer may be a refusal.
    pub(super) async fn set(&mut self, item: &str, field: &str, value: Value) -> Result<Answer, Trouble> {
        let input =
            json!({ "projectId": self.project().await?, "itemId": item, "fieldId": field, "value": value });
        self.ask(documents::SET_VALUE, json!({ "input": input })).await
    }

    /// A value by its field's name.
    pub(super) async fn value(&mut self, item: &str, name: &str) -> Result<Value, Trouble> {
        let answer = self.done(documents::ITEM_VALUE, json!({ "item": item, "name": name })).await?;
        Ok(answer.at("/data/node/fieldValueByName").clone())
    }

    /// A field with the options One, Two, Three and an item that holds Two.
    pub(super) async fn select(&mut self) -> Result<Select, Trouble> {
        let name = self.field_name("Select");
        let options = ["One", "Two", "Three"].map(|name| option(None, name));
        let more = json!({ "singleSelectOptions": options });
        let answer = self.create_field(&name, "SINGLE_SELECT", more).await?.done("createProjectV2Field")?;
        let field = answer.need("/data/createProjectV2Field/projectV2Field/id")?;
        let options = answer.list("/data/createProjectV2Field/projectV2Field/options").to_vec();
        let two = id_of(&options, "Two");
        let (_, item) = self.item("with a value").await?;
        self.set(&item, &field, json!({ "singleSelectOptionId": two })).await?.done("set the value")?;
        Ok(Select { name, field, options, item })
    }

    /// The members of an input or the fields of a type in the server's schema; empty where it has no such type.
    pub(super) async fn schema_names(
        &mut self,
        document: Document,
        of: &str,
    ) -> Result<Vec<String>, Trouble> {
        let answer = self.done(document, json!({ "name": of })).await?;
        let list = ["/data/__type/inputFields", "/data/__type/fields"];
        let names = list.iter().flat_map(|list| answer.column(list, "name"));
        Ok(names.map(str::to_owned).collect())
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
    format!("`{word}` is answered")
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
