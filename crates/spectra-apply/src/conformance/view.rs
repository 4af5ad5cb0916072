//! Views: what the two APIs can make and change of them.

use serde_json::{Value, json};
use spectra_github::Method;

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::Bench;
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
        "A view can be deleted, the project's first one too where another is left",
        "documented: GitHub's schema",
        delete
    ),
    check!(
        "view/rest-grouping",
        "REST makes a view with filter and grouping, fields named by their numeric ids",
        "documented: GitHub's OpenAPI description",
        rest_grouping
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
    let project = bench.other_project().await?;
    let input = json!({ "projectId": project, "name": "Second", "layout": "TABLE_LAYOUT" });
    bench.done(documents::CREATE_VIEW, json!({ "input": input })).await?;
    let views = bench.done(documents::PROJECT_VIEWS, json!({ "project": project })).await?;
    let first = views.need("/data/node/views/nodes/0/id")?;
    let deleted = bench.ask(documents::DELETE_VIEW, json!({ "view": first })).await?;
    let views = bench.done(documents::PROJECT_VIEWS, json!({ "project": project })).await?;
    let is_gone = !views.column("/data/node/views/nodes", "id").contains(&first.as_str());
    Ok(Verdict::expect(!deleted.is_refused() && is_gone, "the first view gone", deleted.shown()))
}

async fn rest_grouping(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let read = bench.done(documents::PROJECT, json!({ "project": project })).await?;
    let number = read.at("/data/node/number").clone();
    let status =
        bench.done(documents::FIELD_BY_NAME, json!({ "project": project, "name": "Status" })).await?;
    let field = status.at("/data/node/field/databaseId").clone();
    if !bench.owner.is_organization {
        return Ok(Verdict::Skipped("the owner is a user, whose views REST makes elsewhere".to_owned()));
    }
    let name = bench.field_name("Grouped");
    let body = json!({ "name": name, "layout": "table", "filter": "is:open", "group_by": [field] });
    let path = format!("/orgs/{}/projectsV2/{number}/views", bench.owner.login);
    let made = bench.rest(Method::Post, &path, Some(&body), 1).await?;
    let read = bench.done(documents::GROUPED_VIEWS, json!({ "project": project })).await?;
    let views = read.list("/data/node/views/nodes");
    let view = views.iter().find(|view| view.get("name") == Some(&json!(name)));
    let group = view.and_then(|view| view.pointer("/groupByFields/nodes/0/name")).and_then(Value::as_str);
    let filter = view.and_then(|view| view.get("filter")).and_then(Value::as_str);
    Ok(Verdict::expect(made.status == 201, "201", made.shown()).and(|| {
        let is_so = group == Some("Status") && filter == Some("is:open");
        Verdict::expect(is_so, "grouped by Status, is:open", format!("{view:?}"))
    }))
}
