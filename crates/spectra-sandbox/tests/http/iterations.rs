//! Iteration fields: what stays under its id, what is lost without it, and what the clock makes of them.

use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Fixture, start};

const FIELD: &str = "projectV2Field { ... on ProjectV2IterationField { id configuration { duration startDay
    iterations { id title startDate duration } completedIterations { id title } } } }";

fn iteration(title: &str, start: &str) -> Value {
    json!({ "title": title, "startDate": start, "duration": 14 })
}

fn titles(iterations: &Value) -> Vec<&str> {
    iterations.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

/// A sprint field with two iterations that are over and one that runs, an item in the second and one in the third.
struct Sprints {
    github: Fixture,
    field: Value,
    items: Vec<String>,
}

async fn sprints() -> Sprints {
    let github = start().await;
    let project = github.project().await;
    let all =
        [iteration("One", "2026-09-28"), iteration("Two", "2026-10-12"), iteration("Three", "2026-10-26")];
    let input = json!({ "projectId": project, "name": "Sprint", "dataType": "ITERATION",
        "iterationConfiguration": { "startDate": "2026-09-28", "duration": 14, "iterations": all } });
    let field = github.mutate("createProjectV2Field", input, FIELD).await["projectV2Field"].clone();
    let setup = &field["configuration"];
    let chosen = [&setup["completedIterations"][0], &setup["iterations"][0]];
    let mut items = Vec::new();
    for one in chosen {
        let item = github.item(&project, &github.issue("I").await).await;
        let input = json!({ "projectId": project, "itemId": item, "fieldId": field["id"], "value": { "iterationId": one["id"] } });
        github.mutate("updateProjectV2ItemFieldValue", input, "clientMutationId").await;
        items.push(item);
    }
    Sprints { github, field, items }
}

impl Sprints {
    async fn rewrite(&self, iterations: Vec<Value>) -> Value {
        let input = json!({ "fieldId": self.field["id"],
            "iterationConfiguration": { "startDate": "2026-09-28", "duration": 7, "iterations": iterations } });
        self.github.mutate("updateProjectV2Field", input, FIELD).await["projectV2Field"]["configuration"]
            .clone()
    }

    async fn chosen(&self, item: usize) -> Value {
        let query =
            "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValueByName(name: \"Sprint\") {
            ... on ProjectV2ItemFieldIterationValue { title iterationId } } } } }";
        self.github.data(query, json!({ "id": self.items[item] })).await["node"]["fieldValueByName"]["title"]
            .clone()
    }

    /// The field's iterations as input, oldest first.
    fn known(&self) -> Vec<Value> {
        let setup = &self.field["configuration"];
        let id = |list: &str, place: usize| setup[list][place]["id"].clone();
        [
            (id("completedIterations", 1), iteration("One", "2026-09-28")),
            (id("completedIterations", 0), iteration("Two", "2026-10-12")),
            (id("iterations", 0), iteration("Three", "2026-10-26")),
        ]
        .into_iter()
        .map(|(id, mut one)| {
            one["id"] = id;
            one
        })
        .collect()
    }
}

#[tokio::test]
async fn the_clock_decides_which_iterations_are_over() {
    let sprints = sprints().await;
    let setup = &sprints.field["configuration"];
    assert_eq!(titles(&setup["iterations"]), ["Three"]);
    assert_eq!(titles(&setup["completedIterations"]), ["Two", "One"]);
    assert_eq!((&setup["startDay"], &setup["duration"]), (&json!(1), &json!(14)));
    sprints.github.sandbox.clock().advance(Duration::from_hours(9 * 24));
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2IterationField { configuration {
        iterations { title } completedIterations { title } } } } }";
    let later = sprints.github.data(query, json!({ "id": sprints.field["id"] })).await;
    let setup = &later["node"]["configuration"];
    assert_eq!(titles(&setup["iterations"]), Vec::<&str>::new());
    assert_eq!(titles(&setup["completedIterations"]), ["Three", "Two", "One"]);
}

#[tokio::test]
async fn iterations_with_their_ids_keep_their_values() {
    let sprints = sprints().await;
    let mut all = sprints.known();
    all[2]["title"] = json!("Third");
    all.push(iteration("Four", "2026-11-09"));
    let setup = sprints.rewrite(all).await;
    assert_eq!(titles(&setup["iterations"]), ["Third", "Four"]);
    assert_eq!(setup["duration"], 7);
    assert_eq!(setup["iterations"][0]["id"], sprints.field["configuration"]["iterations"][0]["id"]);
    assert_eq!((sprints.chosen(0).await, sprints.chosen(1).await), (json!("Two"), json!("Third")));
}

#[tokio::test]
async fn iterations_without_ids_are_new_ones_and_every_value_is_gone() {
    let sprints = sprints().await;
    let mut all = sprints.known();
    for one in &mut all {
        one.as_object_mut().unwrap().remove("id");
    }
    let setup = sprints.rewrite(all).await;
    assert_eq!(titles(&setup["completedIterations"]), ["Two", "One"]);
    assert_ne!(setup["iterations"][0]["id"], sprints.field["configuration"]["iterations"][0]["id"]);
    assert_eq!((sprints.chosen(0).await, sprints.chosen(1).await), (Value::Null, Value::Null));
}

#[tokio::test]
async fn an_iteration_that_is_left_out_is_gone_an_empty_list_is_ignored_and_strangers_are_refused() {
    let sprints = sprints().await;
    let setup = sprints.rewrite(Vec::new()).await;
    assert_eq!(titles(&setup["completedIterations"]), ["Two", "One"]);
    assert_eq!(sprints.chosen(1).await, json!("Three"));
    let setup = sprints.rewrite(sprints.known().split_off(2)).await;
    assert_eq!(titles(&setup["completedIterations"]), Vec::<&str>::new());
    assert_eq!((sprints.chosen(0).await, sprints.chosen(1).await), (Value::Null, json!("Three")));
    let mut stranger = iteration("Other", "2026-11-09");
    stranger["id"] = json!("00000000");
    let input = json!({ "fieldId": sprints.field["id"],
        "iterationConfiguration": { "startDate": "2026-09-28", "duration": 7, "iterations": [stranger] } });
    assert_eq!(sprints.github.refused("updateProjectV2Field", input).await.0, "VALIDATION");
    let input = json!({ "fieldId": sprints.field["id"],
        "iterationConfiguration": { "startDate": "2026-09-28", "duration": 0, "iterations": [] } });
    assert_eq!(sprints.github.refused("updateProjectV2Field", input).await.0, "UNPROCESSABLE");
}

#[tokio::test]
async fn options_of_a_multi_select_follow_the_same_rule() {
    let github = start().await;
    let project = github.project().await;
    let option = |name: &str| json!({ "name": name, "color": "RED", "description": "" });
    let selection =
        "projectV2Field { ... on ProjectV2MultiSelectField { id multiSelectOptions { id name } } }";
    let input = json!({ "projectId": project, "name": "Areas", "dataType": "MULTI_SELECT",
        "multiSelectOptions": [option("Core"), option("Web")] });
    let field = github.mutate("createProjectV2Field", input, selection).await["projectV2Field"].clone();
    let known = field["multiSelectOptions"].clone();
    let item = github.item(&project, &github.issue("I").await).await;
    let set = |options: Value| json!({ "projectId": project, "itemId": item, "fieldId": field["id"], "value": { "multiSelectOptionIds": options } });
    let both = set(json!([known[0]["id"], known[1]["id"], known[0]["id"]]));
    github.mutate("updateProjectV2ItemFieldValue", both, "clientMutationId").await;
    let query = "query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValueByName(name: \"Areas\") {
        ... on ProjectV2ItemFieldMultiSelectValue { value options { name } } } } } }";
    let value = || github.data(query, json!({ "id": item }));
    assert_eq!(value().await["node"]["fieldValueByName"]["value"], "Core, Web");
    let refused = github.refused("updateProjectV2ItemFieldValue", set(json!(["ffffffff"]))).await;
    assert_eq!(refused.0, "VALIDATION");

    let mut web = option("Site");
    web["id"] = known[1]["id"].clone();
    let input = json!({ "fieldId": field["id"], "multiSelectOptions": [web, option("Core")] });
    github.mutate("updateProjectV2Field", input, selection).await;
    assert_eq!(value().await["node"]["fieldValueByName"]["options"], json!([{ "name": "Site" }]));
    let none =
        json!({ "projectId": project, "name": "None", "dataType": "MULTI_SELECT", "multiSelectOptions": [] });
    assert_eq!(github.refused("createProjectV2Field", none).await.0, "UNPROCESSABLE");
}
