//! What checks begin from: the throwaway projects, issues, items and fields.
//!
//! Invariant: that one of these can't be made is no finding of the check that needs it, and what couldn't be made several
//! times in a row isn't tried again.

use serde_json::{Value, json};

use super::answer::{Answer, Trouble};
use super::bench::{Bench, Issue, Select, Status, id_of, needed, option};
use super::documents;

/// So often in a row may making a thing fail until it isn't tried any more.
const ATTEMPTS: u32 = 3;
/// GitHub lets a project have 50 fields, its own ones included (GitHub docs, "Managing issue fields"); no check makes
/// more than ten.
const FIELDS: usize = 20;

impl Bench {
    /// Whether what a check begins from is worth trying: what failed several times in a row isn't.
    fn worth(&self, what: &'static str) -> Result<(), Trouble> {
        match self.failed.get(what) {
            Some((count, why)) if *count >= ATTEMPTS => {
                Err(Trouble::Prerequisite(format!("{what} can't be made: {why}")))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Notes how making it ended. A refusal is no finding of the check that begins from it.
    fn began<T>(&mut self, what: &'static str, made: Result<T, Trouble>) -> Result<T, Trouble> {
        let trouble = match made {
            Ok(made) => {
                self.failed.remove(what);
                return Ok(made);
            }
            Err(trouble) => trouble,
        };
        let why = match &trouble {
            Trouble::Refused { answer, .. } => answer.clone(),
            Trouble::NoAnswer(why) => format!("no answer: {why}"),
            Trouble::NotModelled(what) => format!("not modelled: {what}"),
            Trouble::Prerequisite(_) | Trouble::Failure(_) => return Err(trouble),
        };
        let (count, last) = self.failed.entry(what).or_default();
        *count = count.saturating_add(1);
        last.clone_from(&why);
        Err(match trouble {
            Trouble::Refused { .. } => Trouble::Prerequisite(format!("{what} can't be made: {why}")),
            other @ (Trouble::NotModelled(_)
            | Trouble::Prerequisite(_)
            | Trouble::NoAnswer(_)
            | Trouble::Failure(_)) => other,
        })
    }

    /// The throwaway project.
    pub(super) async fn project(&mut self) -> Result<String, Trouble> {
        if let Some(project) = &self.project {
            return Ok(project.clone());
        }
        let project = self.new_project("project").await?;
        self.project = Some(project.clone());
        Ok(project)
    }

    /// Another one.
    pub(super) async fn other_project(&mut self) -> Result<String, Trouble> {
        if let Some(project) = &self.other {
            return Ok(project.clone());
        }
        let project = self.new_project("other project").await?;
        self.other = Some(project.clone());
        Ok(project)
    }

    /// A project that no other check has touched.
    pub(super) async fn new_project(&mut self, what: &str) -> Result<String, Trouble> {
        let title = self.title(what);
        self.worth("a project")?;
        let made = self.make_project(&title).await;
        self.began("a project", made.and_then(|made| made.need("/data/createProjectV2/projectV2/id")))
    }

    /// The project's Status field.
    pub(super) async fn status(&mut self) -> Result<Status, Trouble> {
        if let Some(status) = &self.status {
            return Ok(status.clone());
        }
        let project = self.project().await?;
        let answer =
            self.done(documents::PROJECT_STATUS, json!({ "project": project })).await.map_err(needed)?;
        let field = answer.need("/data/node/field/id").map_err(needed)?;
        let status = Status { field, done: id_of(answer.list("/data/node/field/options"), "Done") };
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
        self.ask(documents::CREATE_ISSUE, json!({ "input": input })).await
    }

    /// A new issue.
    pub(super) async fn issue(&mut self, what: &str) -> Result<Issue, Trouble> {
        self.worth("an issue")?;
        let made = self.create_issue(what, json!({})).await.and_then(|answer| {
            let answer = answer.done("createIssue")?;
            let id = answer.need("/data/createIssue/issue/id")?;
            Ok(Issue { id, url: answer.text("/data/createIssue/issue/url").to_owned() })
        });
        self.began("an issue", made)
    }

    /// The issue's item on the project.
    pub(super) async fn add(&mut self, project: &str, issue: &Issue) -> Result<String, Trouble> {
        let variables = json!({ "project": project, "content": issue.id });
        self.worth("an item")?;
        let made = self.done(documents::ADD_ITEM, variables).await;
        self.began("an item", made.and_then(|made| made.need("/data/addProjectV2ItemById/item/id")))
    }

    /// A new issue's item on the throwaway project.
    pub(super) async fn item(&mut self, what: &str) -> Result<(String, String), Trouble> {
        let project = self.project().await?;
        let issue = self.issue(what).await?;
        let item = self.add(&project, &issue).await?;
        Ok((project, item))
    }

    /// An item for checks that only set values of fields of their own.
    pub(super) async fn any_item(&mut self) -> Result<(String, String), Trouble> {
        let project = self.project().await?;
        if let Some(item) = &self.item {
            return Ok((project, item.clone()));
        }
        let (project, item) = self.item("with values").await?;
        self.item = Some(item.clone());
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
            self.item = None;
        }
    }

    /// A new field that a check begins from: its answer and its id.
    pub(super) async fn field(
        &mut self,
        name: &str,
        data_type: &'static str,
        more: Value,
    ) -> Result<(Answer, String), Trouble> {
        let what = match data_type {
            "SINGLE_SELECT" => "a single select field",
            "MULTI_SELECT" => "a multi select field",
            "ITERATION" => "an iteration field",
            _ => "a field",
        };
        self.worth(what)?;
        let made = self.create_field(name, data_type, more).await.and_then(|answer| {
            let answer = answer.done("createProjectV2Field")?;
            let field = answer.need("/data/createProjectV2Field/projectV2Field/id")?;
            Ok((answer, field))
        });
        self.began(what, made)
    }

    /// A new text field: its id and name.
    pub(super) async fn text_field(&mut self) -> Result<(String, String), Trouble> {
        let name = self.field_name("Text");
        let (_, field) = self.field(&name, "TEXT", json!({})).await?;
        Ok((field, name))
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
        let (answer, field) = self.field(&name, "SINGLE_SELECT", more).await?;
        let options = answer.list("/data/createProjectV2Field/projectV2Field/options").to_vec();
        let two = id_of(&options, "Two");
        let (_, item) = self.any_item().await?;
        let value = json!({ "singleSelectOptionId": two });
        self.set(&item, &field, value).await?.done("set the value").map_err(needed)?;
        Ok(Select { name, field, options, item })
    }
}
