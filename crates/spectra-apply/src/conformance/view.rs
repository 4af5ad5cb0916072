//! Views: what the two APIs can make and change of them.

use serde_json::{Value, json};
use spectra_github::Method;

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::{Bench, needed};
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    question!(
        "view/default-layout",
        "Which layout a new project's view has",
        "observed: table, and board by another report",
        default_layout
    ),
    check!(
        "view/create-input",
        "createProjectV2View takes no filter, updateProjectV2View does; neither takes grouping or sorting",
        "documented: GitHub's schema",
        create_input
    ),
    check!(
        "view/names-are-not-unique",
        "A second view may have the same name",
        "observed: field reports of 2026",
        names_are_not_unique
    ),
    check!(
        "view/filter-verbatim",
        "A filter is kept as it was sent, sound or not",
        "observed: field reports of 2026",
        filter_verbatim
    ),
    check!(
        "view/roadmap-fields",
        "A roadmap refuses visible fields: `Roadmap views do not support visible fields.`",
        "observed: field reports of 2026",
        roadmap_fields
    ),
    question!(
        "view/column-order",
        "Whether configuration.visibleFields comes back in the order in which it was sent",
        "documented: \"in configured order\"; observed otherwise",
        column_order
    ),
    check!(
        "view/delete",
        "A view can be deleted",
        "documented: GitHub's schema, deleteProjectV2View",
        delete
    ),
    question!(
        "view/delete-first",
        "What deleting a project's first view is answered with, where another is left and where none is",
        "unknown",
        delete_first
    ),
    check!(
        "view/rest-create",
        "REST makes a view of a layout with a filter, fields named by their numeric ids",
        "documented: GitHub's OpenAPI description",
        rest_create
    ),
    question!(
        "view/rest-arrangement",
        "Whether group_by, sort_by and vertical_group_by of REST are what GraphQL then shows of a view",
        "documented as input: GitHub's OpenAPI description; how it reads back is unknown",
        rest_arrangement
    ),
    check!(
        "view/update",
        "updateProjectV2View changes name, layout and filter",
        "documented: GitHub's schema, UpdateProjectV2ViewInput",
        update
    ),
];

async fn make(
    bench: &mut Bench,
    name: &str,
    layout: &str,
    fields: Option<&[String]>,
) -> Result<Answer, Trouble> {
    let mut input = json!({ "projectId": bench.project().await?, "name": name, "layout": layout });
    if let (Some(input), Some(fields)) = (input.as_object_mut(), fields) {
        input.insert("configuration".to_owned(), json!({ "visibleFieldIds": fields }));
    }
    bench.ask(documents::CREATE_VIEW, json!({ "input": input })).await
}

/// The ids of these fields of the project, in this order.
async fn fields(bench: &mut Bench, names: &[&str]) -> Result<Vec<String>, Trouble> {
    let project = bench.project().await?;
    let answer = bench.done(documents::PROJECT_FIELDS, json!({ "project": project })).await?;
    let nodes = answer.list("/data/node/fields/nodes");
    Ok(names.iter().map(|name| super::bench::id_of(nodes, name)).collect())
}

async fn default_layout(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.done(documents::PROJECT_VIEWS, json!({ "project": project })).await?;
    Ok(Verdict::Answer(answer.text("/data/node/views/nodes/0/layout").to_owned()))
}

async fn create_input(bench: &mut Bench) -> Checked {
    let create = bench.schema_names(documents::INPUT_FIELDS, "CreateProjectV2ViewInput").await?;
    let update = bench.schema_names(documents::INPUT_FIELDS, "UpdateProjectV2ViewInput").await?;
    let has = |names: &[String], name: &str| names.iter().any(|it| it.to_lowercase().contains(name));
    let arranges = |names: &[String]| has(names, "group") || has(names, "sort");
    let is_so = !create.is_empty()
        && !has(&create, "filter")
        && has(&update, "filter")
        && !arranges(&create)
        && !arranges(&update);
    Ok(Verdict::expect(is_so, "a filter in the update alone", format!("{create:?} {update:?}")))
}

async fn names_are_not_unique(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Twin");
    let first = make(bench, &name, "TABLE_LAYOUT", None).await?.done("createProjectV2View")?;
    let second = make(bench, &name, "TABLE_LAYOUT", None).await?;
    let id = |answer: &Answer| answer.text("/data/createProjectV2View/projectV2View/id").to_owned();
    let is_new = !second.is_refused() && id(&first) != id(&second);
    Ok(Verdict::expect(is_new, "a second view", second.shown()))
}

async fn filter_verbatim(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Filtered");
    let made = make(bench, &name, "BOARD_LAYOUT", None).await?.done("createProjectV2View")?;
    let view = made.need("/data/createProjectV2View/projectV2View/id")?;
    let filter = "is:open  no-such-qualifier:\"a b\" -status:Done";
    let input = json!({ "input": { "viewId": view, "filter": filter } });
    let answer = bench.ask(documents::UPDATE_VIEW, input).await?;
    let found = answer.text("/data/updateProjectV2View/projectV2View/filter");
    Ok(Verdict::expect(found == filter, filter, answer.shown()))
}

async fn roadmap_fields(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Roadmap");
    let fields = fields(bench, &["Title"]).await?;
    let answer = make(bench, &name, "ROADMAP_LAYOUT", Some(&fields)).await?;
    Ok(answer.refuses_with("Roadmap views do not support visible fields."))
}

async fn column_order(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Columns");
    let wanted = ["Title", "Repository", "Labels", "Status", "Assignees"];
    let ids = fields(bench, &wanted).await?;
    let answer = make(bench, &name, "TABLE_LAYOUT", Some(&ids)).await?;
    let list = "/data/createProjectV2View/projectV2View/configuration/visibleFields/nodes";
    let found = answer.column(list, "name");
    let order = if found == wanted { "in the order sent" } else { "in another order" };
    Ok(answer.outcome(&format!("{order}: {}", found.join(", "))))
}

async fn delete(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let name = bench.field_name("Deleted");
    let made = make(bench, &name, "TABLE_LAYOUT", None).await?.done("createProjectV2View")?;
    let view = made.need("/data/createProjectV2View/projectV2View/id")?;
    bench.done(documents::DELETE_VIEW, json!({ "view": view })).await?;
    let views = bench.done(documents::PROJECT_VIEWS, json!({ "project": project })).await?;
    let is_gone = !views.column("/data/node/views/nodes", "id").contains(&view.as_str());
    Ok(Verdict::expect(is_gone, "the view gone", views.shown()))
}

async fn delete_first(bench: &mut Bench) -> Checked {
    let project = bench.new_project("without its view").await?;
    let input = json!({ "projectId": project, "name": "Second", "layout": "TABLE_LAYOUT" });
    bench.done(documents::CREATE_VIEW, json!({ "input": input })).await?;
    let mut outcomes = Vec::new();
    for what in ["another is left", "none is left"] {
        let views = bench.done(documents::PROJECT_VIEWS, json!({ "project": project })).await?;
        let first = views.need("/data/node/views/nodes/0/id")?;
        let deleted = bench.ask(documents::DELETE_VIEW, json!({ "view": first })).await?;
        let outcome = if deleted.is_refused() { deleted.refusal() } else { "deleted".to_owned() };
        outcomes.push(format!("{what}: {outcome}"));
    }
    Ok(Verdict::Answer(outcomes.join("; ")))
}

/// Makes a view over REST; its answer, and what GraphQL then shows of it.
async fn make_by_rest(bench: &mut Bench, mut body: Value) -> Result<(Answer, Value), Trouble> {
    let project = bench.project().await?;
    let read = bench.done(documents::PROJECT, json!({ "project": project })).await.map_err(needed)?;
    let number = read.plain("/data/node/number");
    let owner = &bench.owner;
    let path = if owner.is_organization {
        format!("/orgs/{}/projectsV2/{number}/views", owner.login)
    } else {
        // The views of a user's project are made under the user's number.
        let user = bench.rest(Method::Get, &format!("/users/{}", owner.login.clone()), None, 0).await?;
        format!("/users/{}/projectsV2/{number}/views", user.plain("/id"))
    };
    let name = bench.field_name("By REST");
    if let Some(body) = body.as_object_mut() {
        body.insert("name".to_owned(), json!(name));
    }
    let made = bench.rest(Method::Post, &path, Some(&body), 1).await?;
    let read = bench.done(documents::ARRANGED_VIEWS, json!({ "project": project })).await?;
    let views = read.list("/data/node/views/nodes");
    let view = views.iter().find(|view| view.get("name") == Some(&json!(name)));
    Ok((made, view.cloned().unwrap_or_default()))
}

/// The number by which REST knows a field of the project.
async fn number(bench: &mut Bench, name: &str) -> Result<Value, Trouble> {
    let variables = json!({ "project": bench.project().await?, "name": name });
    let found = bench.done(documents::FIELD_BY_NAME, variables).await.map_err(needed)?;
    let number = found.at("/data/node/field/databaseId");
    if number.is_null() {
        return Err(Trouble::Prerequisite(format!("{name} has no databaseId: {}", found.shown())));
    }
    Ok(number.clone())
}

async fn rest_create(bench: &mut Bench) -> Checked {
    let fields = [number(bench, "Title").await?, number(bench, "Status").await?];
    let body = json!({ "layout": "table", "filter": "is:open", "visible_fields": fields });
    let (made, view) = make_by_rest(bench, body).await?;
    let is_so =
        view.get("layout") == Some(&json!("TABLE_LAYOUT")) && view.get("filter") == Some(&json!("is:open"));
    Ok(Verdict::expect(made.status == 201, "201", made.shown())
        .and(|| Verdict::expect(is_so, "a table with the filter is:open", view.to_string())))
}

async fn rest_arrangement(bench: &mut Bench) -> Checked {
    let (status, title) = (number(bench, "Status").await?, number(bench, "Title").await?);
    let table = json!({ "layout": "table", "group_by": [status], "sort_by": [[title, "desc"]] });
    let board = json!({ "layout": "board", "vertical_group_by": [status] });
    let mut outcomes = Vec::new();
    for (what, body) in [("table", table), ("board", board)] {
        let (made, view) = make_by_rest(bench, body).await?;
        if made.status != 201 {
            outcomes.push(format!("{what}: {}", made.shown()));
            continue;
        }
        let names = |list: &str, name: &str| {
            let nodes = view.pointer(&format!("/{list}/nodes")).and_then(Value::as_array);
            let names = nodes.into_iter().flatten().filter_map(|node| node.pointer(name)?.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        outcomes.push(format!(
            "{what}: grouped by [{}], columns by [{}], sorted by [{}] [{}]",
            names("groupByFields", "/name"),
            names("verticalGroupByFields", "/name"),
            names("sortByFields", "/field/name"),
            names("sortByFields", "/direction"),
        ));
    }
    Ok(Verdict::Answer(outcomes.join("; ")))
}

async fn update(bench: &mut Bench) -> Checked {
    let name = bench.field_name("Before");
    let made = make(bench, &name, "TABLE_LAYOUT", None).await?.done("createProjectV2View")?;
    let view = made.need("/data/createProjectV2View/projectV2View/id")?;
    let name = bench.field_name("After");
    let input = json!({ "viewId": view, "name": name, "layout": "BOARD_LAYOUT", "filter": "is:open" });
    let answer = bench.done(documents::UPDATE_VIEW, json!({ "input": input })).await?;
    let at = |member: &str| answer.text(&format!("/data/updateProjectV2View/projectV2View/{member}"));
    let is_so = at("name") == name && at("layout") == "BOARD_LAYOUT" && at("filter") == "is:open";
    Ok(Verdict::expect(is_so, "all three changed", answer.shown()))
}
