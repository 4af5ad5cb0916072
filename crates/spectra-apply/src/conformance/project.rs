//! Projects: what a new one has, what it takes, how long its texts may be.

use serde_json::{Value, json};

use super::answer::{Checked, Verdict, short};
use super::bench::Bench;
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "project/default-fields",
        "A new project has GitHub's built-in fields, Title and Status among them",
        "observed: recorded responses of gr2m/github-project (eight of them), field reports of 2026 (13 in all)",
        default_fields
    ),
    check!(
        "project/default-status",
        "Status of a new project has Todo, In Progress and Done with the same ids and colours in every project",
        "observed: recorded responses of gr2m/github-project; field reports of 2026",
        default_status
    ),
    check!(
        "project/default-view",
        "A new project has one view, number 1, called View 1, without a filter",
        "observed: recorded responses of gr2m/github-project",
        default_view
    ),
    question!(
        "project/default-workflows",
        "Which workflows a new project has, and which are switched on",
        "documented: two are on (GitHub docs, \"Using the built-in automations\"); observed: seven",
        default_workflows
    ),
    check!(
        "project/create-takes-only-a-title",
        "createProjectV2 takes a title and no readme, description or visibility; a new project has none and is private",
        "documented: GitHub's schema, CreateProjectV2Input",
        create_takes_only_a_title
    ),
    check!(
        "project/titles-are-not-unique",
        "A second project may have the same title",
        "inferred: GitHub's schema does not say that titles are unique",
        titles_are_not_unique
    ),
    check!(
        "project/one-update",
        "One updateProjectV2 sets title, readme and short description, and `node` shows them at once",
        "documented: GitHub's schema, UpdateProjectV2Input",
        one_update
    ),
    check!(
        "project/readme-verbatim",
        "A readme is kept to the byte: HTML comments, JSON in them, blank lines, characters beyond ASCII",
        "inferred: the board's record is kept there",
        readme_verbatim
    ),
    check!(
        "project/readme-30000",
        "A readme of 30,000 bytes is taken and kept whole",
        "inferred: the board's record takes up to that much",
        readme_30000
    ),
    question!("project/readme-largest", "The largest readme that is taken", "unknown", readme_largest),
    check!(
        "project/short-description-300",
        "A short description of 300 characters is taken, one of 301 refused",
        "observed: live notes of a third-party client",
        short_description
    ),
    question!(
        "project/link-repeat",
        "What linkProjectV2ToRepository answers for a repository that is linked",
        "unknown",
        link_repeat
    ),
    question!(
        "project/collaborators",
        "Whether updateProjectV2Collaborators merges or replaces, and whether that can be seen",
        "documented: GitHub's schema has no connection of collaborators on ProjectV2",
        collaborators
    ),
    check!(
        "project/delete",
        "A deleted project is gone at once: `node` answers NOT_FOUND",
        "documented: GitHub's schema, deleteProjectV2",
        delete
    ),
];

/// The fields that every recorded project had, and those that joined them by 2026.
const FIRST_EIGHT: [&str; 8] = [
    "Title",
    "Assignees",
    "Status",
    "Labels",
    "Linked pull requests",
    "Milestone",
    "Repository",
    "Reviewers",
];

async fn default_fields(bench: &mut Bench) -> Checked {
    // A project of its own: other checks make fields in the shared one.
    let title = bench.title("defaults");
    let project = bench.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
    let answer = bench.done(documents::PROJECT_FIELDS, json!({ "project": project })).await?;
    let names = answer.column("/data/node/fields/nodes", "name");
    let has_all = FIRST_EIGHT.iter().all(|name| names.contains(name));
    let kind = |name: &str| {
        let nodes = answer.list("/data/node/fields/nodes");
        let node = nodes.iter().find(|node| node.get("name").and_then(Value::as_str) == Some(name));
        node.and_then(|node| node.get("dataType")).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let kinds = kind("Title") == "TITLE" && kind("Status") == "SINGLE_SELECT";
    let expected = format!("at least {}", FIRST_EIGHT.join(", "));
    let set = format!("{} fields: {}", names.len(), names.join(", "));
    Ok(Verdict::expect(has_all && kinds, expected, answer.shown()).noting(set))
}

async fn default_status(bench: &mut Bench) -> Checked {
    let title = bench.title("status");
    let project = bench.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
    let answer = bench.done(documents::PROJECT_STATUS, json!({ "project": project })).await?;
    let expected = json!([
        { "id": "f75ad846", "name": "Todo", "color": "GREEN", "description": "This item hasn't been started" },
        { "id": "47fc9ee4", "name": "In Progress", "color": "YELLOW",
            "description": "This is actively being worked on" },
        { "id": "98236657", "name": "Done", "color": "PURPLE", "description": "This has been completed" },
    ]);
    let found = answer.at("/data/node/field/options");
    Ok(Verdict::expect(*found == expected, expected.to_string(), found.to_string()))
}

async fn default_view(bench: &mut Bench) -> Checked {
    let title = bench.title("view");
    let project = bench.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
    let answer = bench.done(documents::PROJECT_VIEWS, json!({ "project": project })).await?;
    let views = answer.list("/data/node/views/nodes");
    let is_so = views.len() == 1
        && answer.at("/data/node/views/nodes/0/number") == &json!(1)
        && answer.text("/data/node/views/nodes/0/name") == "View 1"
        && answer.text("/data/node/views/nodes/0/filter").is_empty();
    Ok(Verdict::expect(is_so, "one view, number 1, \"View 1\", no filter", answer.shown()))
}

async fn default_workflows(bench: &mut Bench) -> Checked {
    let project = bench.project().await?;
    let answer = bench.done(documents::PROJECT_WORKFLOWS, json!({ "project": project })).await?;
    let workflows = answer.list("/data/node/workflows/nodes").iter().map(|workflow| {
        let is_on = workflow.get("enabled").and_then(Value::as_bool).unwrap_or_default();
        let name = workflow.get("name").and_then(Value::as_str).unwrap_or_default();
        format!("{name} {}", if is_on { "on" } else { "off" })
    });
    let shown: Vec<String> = workflows.collect();
    Ok(Verdict::Answer(format!("{}: {}", shown.len(), shown.join(", "))))
}

async fn create_takes_only_a_title(bench: &mut Bench) -> Checked {
    let members = bench.schema_names(documents::INPUT_FIELDS, "CreateProjectV2Input").await?;
    let extra = ["readme", "shortDescription", "public", "closed"];
    let has_none = members.iter().all(|member| !extra.contains(&member.as_str()));
    let title = bench.title("bare");
    let made = bench.make_project(&title).await?;
    let project = made.at("/data/createProjectV2/projectV2");
    let member = |name: &str| project.get(name).cloned().unwrap_or_default();
    let is_bare = ["readme", "shortDescription"].iter().all(|name| {
        let value = member(name);
        value.is_null() || value.as_str() == Some("")
    });
    let is_so = has_none && is_bare && member("public") == json!(false) && member("title") == json!(title);
    Ok(Verdict::expect(is_so, "title only; private, no texts", format!("{members:?} {project}")))
}

async fn titles_are_not_unique(bench: &mut Bench) -> Checked {
    let title = bench.title("twin");
    let first = bench.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
    let input = json!({ "input": { "ownerId": bench.owner.id, "title": title } });
    let second = bench.ask(documents::CREATE_PROJECT, input).await?;
    let is_new = second.text("/data/createProjectV2/projectV2/id") != first && !second.is_refused();
    Ok(Verdict::expect(is_new, "a second project", second.shown()))
}

async fn one_update(bench: &mut Bench) -> Checked {
    let project = bench.other_project().await?;
    let title = bench.title("renamed");
    let input =
        json!({ "projectId": project, "title": title, "readme": "Read me", "shortDescription": "Short" });
    bench.done(documents::UPDATE_PROJECT, json!({ "input": input })).await?;
    let read = bench.done(documents::PROJECT, json!({ "project": project })).await?;
    let is_so = read.text("/data/node/title") == title
        && read.text("/data/node/readme") == "Read me"
        && read.text("/data/node/shortDescription") == "Short";
    Ok(Verdict::expect(is_so, "what was written", read.shown()))
}

/// Writes a readme; whether it is kept as it is, and what was answered otherwise.
async fn keeps_readme(bench: &mut Bench, readme: &str) -> Result<Result<(), String>, super::answer::Trouble> {
    let project = bench.other_project().await?;
    let input = json!({ "projectId": project, "readme": readme });
    let written = bench.ask(documents::UPDATE_PROJECT, json!({ "input": input })).await?;
    if written.is_refused() {
        return Ok(Err(written.refusal()));
    }
    let read = bench.done(documents::PROJECT, json!({ "project": project })).await?;
    let found = read.text("/data/node/readme");
    Ok(if found == readme { Ok(()) } else { Err(format!("{} bytes: {}", found.len(), short(found))) })
}

async fn readme_verbatim(bench: &mut Bench) -> Checked {
    let readme = "# Board\n\nText  with two spaces, a\ttab, ünïcode ✓ 🎉.\n\n<!-- spectra: {\"a\":[1,\"<b>\",\"\\u002d->\"]} -->\n";
    let kept = keeps_readme(bench, readme).await?;
    Ok(Verdict::expect(kept.is_ok(), "the same text", kept.err().unwrap_or_default()))
}

/// So many bytes that end in a mark.
fn text_of(bytes: usize) -> String {
    let mut text = "0123456789abcde\n".repeat(bytes.div_ceil(16));
    text.truncate(bytes.saturating_sub(1));
    text.push('.');
    text
}

async fn readme_30000(bench: &mut Bench) -> Checked {
    let kept = keeps_readme(bench, &text_of(30_000)).await?;
    Ok(Verdict::expect(kept.is_ok(), "30,000 bytes kept", kept.err().unwrap_or_default()))
}

async fn readme_largest(bench: &mut Bench) -> Checked {
    let mut largest = 0;
    for bytes in [60_000, 65_536, 65_537, 100_000, 262_144, 262_145, 1_000_000] {
        match keeps_readme(bench, &text_of(bytes)).await? {
            Ok(()) => largest = bytes,
            Err(because) => {
                return Ok(Verdict::Answer(format!("{largest} bytes are kept; {bytes} are not: {because}")));
            }
        }
    }
    Ok(Verdict::Answer(format!("{largest} bytes are kept, which is the most that was tried")))
}

async fn short_description(bench: &mut Bench) -> Checked {
    let project = bench.other_project().await?;
    let input =
        |length: usize| json!({ "input": { "projectId": project, "shortDescription": "d".repeat(length) } });
    let fits = bench.ask(documents::UPDATE_PROJECT, input(300)).await?;
    let over = bench.ask(documents::UPDATE_PROJECT, input(301)).await?;
    Ok(Verdict::expect(!fits.is_refused(), "300 characters are taken", fits.shown())
        .and(|| over.refuses("301 characters are refused")))
}

async fn link_repeat(bench: &mut Bench) -> Checked {
    if !bench.owner.login.eq_ignore_ascii_case(&bench.repository.owner) {
        return Ok(Verdict::Skipped("the repository has another owner, so it can't be linked".to_owned()));
    }
    let variables = json!({ "project": bench.project().await?, "repository": bench.repository.id });
    bench.done(documents::LINK_REPOSITORY, variables.clone()).await?;
    let again = bench.ask(documents::LINK_REPOSITORY, variables.clone()).await?;
    let listed =
        bench.done(documents::PROJECT_REPOSITORIES, json!({ "project": variables.get("project") })).await?;
    let count = listed.list("/data/node/repositories/nodes").len();
    let outcome = if again.is_refused() { again.refusal() } else { "done again without a word".to_owned() };
    Ok(Verdict::Answer(format!("{outcome}; the repository is listed {count} time(s)")))
}

async fn collaborators(bench: &mut Bench) -> Checked {
    let members = bench.schema_names(documents::TYPE_FIELDS, "ProjectV2").await?;
    let readable = members.iter().any(|member| member == "collaborators");
    Ok(Verdict::Answer(if readable {
        "ProjectV2 has a connection `collaborators` now: merge or replace can be looked at".to_owned()
    } else {
        "unverifiable: ProjectV2 has no connection of collaborators, so only the mutation's own payload shows any"
            .to_owned()
    }))
}

async fn delete(bench: &mut Bench) -> Checked {
    let title = bench.title("deleted");
    let project = bench.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
    bench.done(documents::DELETE_PROJECT, json!({ "project": project })).await?;
    let read = bench.ask(documents::PROJECT, json!({ "project": project })).await?;
    let is_gone = read.at("/data/node").is_null() && read.kind() == "NOT_FOUND";
    Ok(Verdict::expect(is_gone, "no such node, NOT_FOUND", read.shown()))
}
