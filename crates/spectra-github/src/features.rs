//! What a server's schema can do, asked by introspection once a run.
//!
//! A server that refuses introspection, or answers it oddly, is taken for github.com: what it lacks then shows as
//! GitHub's own refusal.

use std::collections::BTreeSet;

use graphql_client::{GraphQLQuery, QueryBody};
use serde::{Deserialize, Serialize};
use spectra_model::id::Login;
use spectra_model::observation::Features;
use spectra_model::plan::{self, OwnerType};

use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::reader::Reader;
use crate::rest::segment;
use crate::timeline::Events;

const DOCUMENT: &str = include_str!("../graphql/features.graphql");

/// The introspection query. Written by hand: the derive knows no introspection.
struct Introspection;

#[derive(Serialize)]
struct Nothing {}

impl GraphQLQuery for Introspection {
    type Variables = Nothing;
    type ResponseData = Types;

    fn build_query(variables: Nothing) -> QueryBody<Nothing> {
        QueryBody { variables, query: DOCUMENT, operation_name: "Features" }
    }
}

/// The types that are asked for; None is a type that isn't there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Types {
    option: Option<Type>,
    iteration: Option<Type>,
    field_type: Option<Type>,
    mutation: Option<Type>,
    issue: Option<Type>,
    repository: Option<Type>,
    field: Option<Type>,
    multi_select_value: Option<Type>,
    view: Option<Type>,
    timeline: Option<Type>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Type {
    fields: Option<Vec<Named>>,
    input_fields: Option<Vec<Named>>,
    enum_values: Option<Vec<Named>>,
    possible_types: Option<Vec<Named>>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// The names of a type's members.
struct Names(BTreeSet<String>);

impl Names {
    fn of(r#type: Option<Type>) -> Self {
        let Type { fields, input_fields, enum_values, possible_types } = r#type.unwrap_or_default();
        let all = [fields, input_fields, enum_values, possible_types].into_iter().flatten().flatten();
        Self(all.map(|named| named.name).collect())
    }

    fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.0.contains(*name))
    }
}

impl Types {
    /// None where the answer is none that a GitHub could give.
    fn dialect(self) -> Option<Dialect> {
        let Self { option, iteration, field_type, mutation, issue, repository, field, .. } = self;
        let mutation = Names::of(mutation);
        let issue = Names::of(issue);
        let (repository, field, view) = (Names::of(repository), Names::of(field), Names::of(self.view));
        let timeline = self.timeline.is_some().then(|| {
            let entries = Names::of(self.timeline);
            Events::of(|types| entries.has(types))
        });
        if !mutation.has(&["createIssue"]) || !issue.has(&["id"]) || !repository.has(&["id"]) {
            return None;
        }
        let multi_select = Names::of(field_type).has(&["MULTI_SELECT"]) && self.multi_select_value.is_some();
        let view_mutations = ["createProjectV2View", "updateProjectV2View", "deleteProjectV2View"];
        let features = Features {
            option_ids: Names::of(option).has(&["id"]),
            iteration_ids: Names::of(iteration).has(&["id"]),
            multi_select,
            views: mutation.has(&view_mutations),
            rest_views: true,
            dependencies: issue.has(&["blockedBy"]) && mutation.has(&["addBlockedBy", "removeBlockedBy"]),
            sub_issues: issue.has(&["parent", "subIssues"]) && mutation.has(&["addSubIssue"]),
            issue_types: issue.has(&["issueType"]) && repository.has(&["issueTypes"]),
        };
        Some(Dialect {
            features,
            issue_fields: field.has(&["isIssueField"]),
            view_configuration: view.has(&["configuration"]),
            timeline,
        })
    }
}

impl Reader {
    /// What this server can do for boards of this owner. Asked once; from then on no document names what it lacks. Until
    /// then the server is taken for github.com, so this comes before any other question.
    ///
    /// Views are not made over REST where the board is a user's and the token is an App's (GitHub's OpenAPI description
    /// has that route not enabled for Apps), on a GitHub Enterprise Server whose REST API has no boards, and where that
    /// was seen to fail.
    ///
    /// # Errors
    /// When GitHub is out of reach or doesn't accept the token. A refusal of the question itself isn't one.
    pub async fn features(&self, owner: &plan::Owner, viewer: &Login) -> Result<Features, Failure> {
        let client = self.client();
        let dialect = match client.learnt() {
            Some(dialect) => dialect,
            None => client.learn(self.ask_dialect(owner).await?),
        };
        let app_for_user = owner.kind == OwnerType::User && viewer.as_str().ends_with("[bot]");
        let rest_views = dialect.features.rest_views && !app_for_user && !client.misses_rest_views();
        Ok(Features { rest_views, ..dialect.features })
    }

    async fn ask_dialect(&self, owner: &plan::Owner) -> Result<Dialect, Failure> {
        let answer = self.client().whole::<Introspection>(Nothing {}).await;
        let types = match answer {
            Ok(types) => types,
            Err(failure) if failure.concerns_every_request() => return Err(failure),
            Err(failure) => {
                tracing::debug!(because = %failure, "no introspection: taken for github.com");
                return Ok(Dialect::default());
            }
        };
        let Some(mut dialect) = types.dialect() else { return Ok(Dialect::default()) };
        if self.client().endpoint.is_enterprise_server() {
            dialect.features.rest_views = self.has_rest_boards(owner).await?;
        }
        Ok(dialect)
    }

    /// Whether the REST API knows boards at all. GitHub's OpenAPI descriptions of Enterprise Server up to 3.19 hold no
    /// route for them.
    async fn has_rest_boards(&self, owner: &plan::Owner) -> Result<bool, Failure> {
        let holder = match owner.kind {
            OwnerType::Org => "orgs",
            OwnerType::User => "users",
        };
        let path = format!("/{holder}/{}/projectsV2?per_page=1", segment(owner.slug.as_str()));
        match self.client().rest_read("boards", &path).await {
            Ok(_) => Ok(true),
            Err(Failure::NotFound { .. } | Failure::Forbidden { .. } | Failure::Refused { .. }) => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{JumpingClock, Script, Scripted, data, ok, status};

    fn owner(kind: OwnerType) -> plan::Owner {
        plan::Owner { kind, slug: Login::new("o") }
    }

    fn names(key: &str, names: &[&str]) -> Value {
        json!({ key: names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>() })
    }

    fn schema(mutations: &[&str], issue: &[&str]) -> Value {
        json!({
            "option": names("inputFields", &["id", "name"]), "iteration": names("inputFields", &["title"]),
            "fieldType": names("enumValues", &["TEXT"]), "mutation": names("fields", mutations),
            "issue": names("fields", issue), "repository": names("fields", &["id", "issueTypes"]),
            "field": names("fields", &["id"]), "multiSelectValue": null, "view": names("fields", &["id"]),
        })
    }

    async fn ask(answers: Vec<Scripted>, viewer: &str, kind: OwnerType) -> Result<Features, Failure> {
        let reader = Reader::new(Script::of(answers).client(&JumpingClock::new()));
        let first = reader.features(&owner(kind), &Login::new(viewer)).await;
        if first.is_ok() {
            // It is asked once: the script has no second answer.
            assert!(reader.features(&owner(kind), &Login::new(viewer)).await.is_ok());
        }
        first
    }

    #[tokio::test]
    async fn a_server_is_what_its_schema_says() {
        let old = data(&schema(&["createIssue", "addSubIssue"], &["id", "parent", "subIssues"]));
        let features = ask(vec![old], "octocat", OwnerType::Org).await.unwrap();
        let expected = Features {
            iteration_ids: false,
            multi_select: false,
            views: false,
            dependencies: false,
            issue_types: false,
            ..Features::all()
        };
        assert_eq!(features, expected);
    }

    #[tokio::test]
    async fn who_refuses_to_say_is_taken_for_github() {
        let refusal = ok(&json!({ "errors": [{ "message": "introspection is disabled" }] }));
        let odd = data(&schema(&[], &[]));
        for answer in [refusal, odd, status(400, &[], "{}")] {
            assert_eq!(ask(vec![answer], "octocat", OwnerType::User).await.unwrap(), Features::all());
        }
        let denied = status(401, &[], r#"{"message": "Bad credentials"}"#);
        let denied = ask(vec![denied], "octocat", OwnerType::User).await;
        assert!(matches!(denied, Err(Failure::Unauthorised { .. })));
    }

    #[tokio::test]
    async fn timelines_are_asked_for_the_events_that_the_server_has() {
        let mut answer = schema(&["createIssue"], &["id"]);
        let types = ["LabeledEvent", "BlockedByAddedEvent", "BlockedByRemovedEvent", "ParentIssueAddedEvent"];
        for (entries, expected) in [
            (names("possibleTypes", &types), Some(Events { dependencies: true, ..Events::of(|_| false) })),
            (Value::Null, None),
        ] {
            answer["timeline"] = entries;
            let reader = Reader::new(Script::of([data(&answer)]).client(&JumpingClock::new()));
            reader.features(&owner(OwnerType::Org), &Login::new("octocat")).await.unwrap();
            assert_eq!(reader.client().learnt().unwrap().timeline, expected);
        }
    }

    #[tokio::test]
    async fn an_app_makes_no_views_on_a_user_s_board_over_rest() {
        let refusal = || ok(&json!({ "errors": [{ "message": "introspection is disabled" }] }));
        for (viewer, kind, rest_views) in [
            ("spectra[bot]", OwnerType::User, false),
            ("spectra[bot]", OwnerType::Org, true),
            ("octocat", OwnerType::User, true),
        ] {
            assert_eq!(ask(vec![refusal()], viewer, kind).await.unwrap().rest_views, rest_views, "{viewer}");
        }
    }
}
