//! Projects: what a new one has, what it takes, how long its texts may be.

use serde_json::{Value, json};

use super::answer::{Answer, Checked, Trouble, Verdict, short};
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
        "Status of a new project is a single select with Todo, In Progress and Done",
        "observed: recorded responses of gr2m/github-project; field reports of 2026",
        default_status
    ),
    question!(
        "project/default-status-ids",
        "Which ids, colours and descriptions these options have",
        "observed: f75ad846 GREEN, 47fc9ee4 YELLOW, 98236657 PURPLE in unrelated projects",
        default_status_ids
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
        "project/create-input",
        "createProjectV2 takes a title and no readme, short description, visibility or state",
        "documented: GitHub's schema, CreateProjectV2Input",
        create_input
    ),
    check!(
        "project/create",
        "A new project has the title that it was given, no readme and no short description, and is open",
        "documented: GitHub's schema, CreateProjectV2Input and UpdateProjectV2Input",
        create
    ),
    question!(
        "project/titles-are-not-unique",
        "Whether a second project may have the same title",
        "inferred: GitHub's schema does not say that titles are unique",
        titles_are_not_unique
    ),
    check!(
        "project/one-update",
        "One updateProjectV2 sets title, readme and short description, and `node` shows them at once",
        "documented: GitHub's schema, UpdateProjectV2Input",
        one_update
    ),
    question!(
        "project/readme-verbatim",
        "Whether a readme is kept to the byte: HTML comments, JSON in them, blank lines, characters beyond ASCII",
        "inferred: the board's record is kept there",
        readme_verbatim
    ),
    question!(
        "project/readme-largest",
        "The largest readme that is taken; the board's record needs 30,000 bytes",
        "unknown",
        readme_largest
    ),
    check!(
        "project/short-description-300",
        "A short description of 300 characters is taken, one of 301 refused",
        "observed: live notes of a third-party client",
        short_description
    ),
    check!(
        "project/link-repository",
        "A repository of the same owner can be linked, is listed, and unlinked",
        "documented: GitHub's schema, linkProjectV2ToRepository",
        link_repository
    ),
    question!(
        "project/link-repeat",
        "What linkProjectV2ToRepository answers for a repository that is linked",
        "unknown",
        link_repeat
    ),
    question!(
        "project/link-team",
        "What linkProjectV2ToTeam answers, for the first time and again",
        "documented: GitHub's schema; the repetition is unknown",
        link_team
    ),
    check!(
        "project/status-updates",
        "createProjectV2StatusUpdate adds a status update with status, text and dates; another one adds a second",
        "documented: GitHub's schema, createProjectV2StatusUpdate and ProjectV2.statusUpdates",
        status_updates
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
    let project = bench.new_project("defaults").await?;
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
    Ok(Verdict::expect(has_all, expected, answer.shown())
        .and(|| Verdict::expect(kinds, "Title of type TITLE, Status of type SINGLE_SELECT", answer.shown()))
        .noting(set))
}

async fn default_status(bench: &mut Bench) -> Checked {
    let project = bench.new_project("status").await?;
    let answer = bench.done(documents::PROJECT_STATUS, json!({ "project": project })).await?;
    let names = answer.column("/data/node/field/options", "name");
    let is_so = names == ["Todo", "In Progress", "Done"];
    Ok(Verdict::expect(is_so, "Todo, In Progress, Done", answer.shown()))
}

async fn default_status_ids(bench: &mut Bench) -> Checked {
    let project = bench.new_project("status again").await?;
    let answer = bench.done(documents::PROJECT_STATUS, json!({ "project": project })).await?;
    let told = answer.list("/data/node/field/options").iter().map(|option| {
        let text = |member: &str| option.get(member).and_then(Value::as_str).unwrap_or_default();
        format!("{} {} {} \"{}\"", text("name"), text("id"), text("color"), text("description"))
    });
    let told: Vec<String> = told.collect();
    Ok(Verdict::Answer(if told.is_empty() { answer.shown() } else { told.join(", ") }))
}

async fn default_view(bench: &mut Bench) -> Checked {
    let project = bench.new_project("view").await?;
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

async fn create_input(bench: &mut Bench) -> Checked {
    let members = bench.schema_names(documents::INPUT_FIELDS, "CreateProjectV2Input").await?;
    let has = |name: &str| members.iter().any(|member| member == name);
    let extra = ["readme", "shortDescription", "public", "closed"];
    let is_so = has("title") && has("ownerId") && !extra.into_iter().any(has);
    Ok(Verdict::expect(
        is_so,
        format!("ownerId, title, and none of {}", extra.join(", ")),
        members.join(", "),
    ))
}

async fn create(bench: &mut Bench) -> Checked {
    let title = bench.title("bare");
    let made = bench.make_project(&title).await?;
    let project = made.at("/data/createProjectV2/projectV2");
    let member = |name: &str| project.get(name).cloned().unwrap_or_default();
    let is_empty = |name: &str| member(name).as_str().unwrap_or_default().is_empty();
    let is_so = member("title") == json!(title)
        && is_empty("readme")
        && is_empty("shortDescription")
        && member("closed") == json!(false);
    Ok(Verdict::expect(is_so, "its title, no texts, not closed", made.shown())
        .noting(format!("public: {}", member("public"))))
}

async fn titles_are_not_unique(bench: &mut Bench) -> Checked {
    let title = bench.title("twin");
    let first = bench.make_project(&title).await?.need("/data/createProjectV2/projectV2/id")?;
    let input = json!({ "input": { "ownerId": bench.owner.id, "title": title } });
    let second = bench.ask(documents::CREATE_PROJECT, input).await?;
    let is_same = second.text("/data/createProjectV2/projectV2/id") == first;
    Ok(second.outcome(if is_same { "the first project is answered" } else { "a second project is made" }))
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
async fn keeps_readme(bench: &mut Bench, readme: &str) -> Result<Result<(), String>, Trouble> {
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
    Ok(Verdict::Answer(match kept {
        Ok(()) => "kept to the byte".to_owned(),
        Err(because) => format!("not kept, which Spectra can't do without: {because}"),
    }))
}

/// So many bytes that end in a mark.
fn text_of(bytes: usize) -> String {
    let mut text = "0123456789abcde\n".repeat(bytes.div_ceil(16));
    text.truncate(bytes.saturating_sub(1));
    text.push('.');
    text
}

async fn readme_largest(bench: &mut Bench) -> Checked {
    let mut largest = 0;
    for bytes in [30_000, 60_000, 65_536, 65_537, 100_000, 262_144, 262_145, 1_000_000] {
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

/// Links the repository so many times more than once, and whether that can be done here.
async fn linked(bench: &mut Bench, again: usize) -> Result<Result<(Value, Answer), Verdict>, Trouble> {
    if !bench.owner.login.eq_ignore_ascii_case(&bench.repository.owner) {
        return Ok(Err(Verdict::Skipped(
            "the repository has another owner, so it can't be linked".to_owned(),
        )));
    }
    let variables = json!({ "project": bench.other_project().await?, "repository": bench.repository.id });
    let mut answer = bench.done(documents::LINK_REPOSITORY, variables.clone()).await?;
    for _ in 0..again {
        answer = bench.ask(documents::LINK_REPOSITORY, variables.clone()).await?;
    }
    Ok(Ok((variables, answer)))
}

async fn repositories(bench: &mut Bench) -> Result<Answer, Trouble> {
    let project = bench.other_project().await?;
    bench.done(documents::PROJECT_REPOSITORIES, json!({ "project": project })).await
}

async fn link_repository(bench: &mut Bench) -> Checked {
    let variables = match linked(bench, 0).await? {
        Ok((variables, _)) => variables,
        Err(verdict) => return Ok(verdict),
    };
    let repository = bench.repository.id.clone();
    let listed = repositories(bench).await?;
    bench.done(documents::UNLINK_REPOSITORY, variables).await?;
    let after = repositories(bench).await?;
    let list = "/data/node/repositories/nodes";
    let has = |answer: &Answer| answer.column(list, "id").contains(&repository.as_str());
    Ok(Verdict::expect(has(&listed), "the repository listed", listed.shown())
        .and(|| Verdict::expect(!has(&after), "not listed after unlinking", after.shown())))
}

async fn link_repeat(bench: &mut Bench) -> Checked {
    let again = match linked(bench, 1).await? {
        Ok((_, again)) => again,
        Err(verdict) => return Ok(verdict),
    };
    let count = repositories(bench).await?.list("/data/node/repositories/nodes").len();
    let outcome = if again.is_refused() { again.refusal() } else { "done again without a word".to_owned() };
    Ok(Verdict::Answer(format!("{outcome}; the repository is listed {count} time(s)")))
}

async fn link_team(bench: &mut Bench) -> Checked {
    if !bench.owner.is_organization {
        return Ok(Verdict::Skipped("the owner is a user, who has no teams".to_owned()));
    }
    let teams = bench.done(documents::TEAMS, json!({ "login": bench.owner.login })).await?;
    let ids = teams.column("/data/organization/teams/nodes", "id");
    let Some(team) = ids.first().map(|id| (*id).to_owned()) else {
        return Ok(Verdict::Skipped("the organisation has no team that the token sees".to_owned()));
    };
    let variables = json!({ "project": bench.other_project().await?, "team": team });
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let answer = bench.ask(documents::LINK_TEAM, variables.clone()).await?;
        outcomes.push(if answer.is_refused() { answer.refusal() } else { "done".to_owned() });
    }
    bench.ask(documents::UNLINK_TEAM, variables).await?;
    Ok(Verdict::Answer(outcomes.join("; again: ")))
}

async fn status_updates(bench: &mut Bench) -> Checked {
    let project = bench.other_project().await?;
    for (status, body) in [("ON_TRACK", "First"), ("AT_RISK", "Second")] {
        let input = json!({ "projectId": project, "status": status, "body": body,
            "startDate": "2030-01-07", "targetDate": "2030-02-28" });
        bench.done(documents::CREATE_STATUS_UPDATE, json!({ "input": input })).await?;
    }
    let read = bench.done(documents::STATUS_UPDATES, json!({ "project": project })).await?;
    let nodes = read.list("/data/node/statusUpdates/nodes");
    let is_second = |node: &&Value| {
        let wanted = json!({ "status": "AT_RISK", "body": "Second", "startDate": "2030-01-07",
            "targetDate": "2030-02-28" });
        wanted
            .as_object()
            .is_some_and(|wanted| wanted.iter().all(|(name, value)| node.get(name) == Some(value)))
    };
    let order =
        if nodes.first().is_some_and(|node| is_second(&node)) { "newest first" } else { "oldest first" };
    let is_there = nodes.len() == 2 && nodes.iter().any(|node| is_second(&node));
    Ok(Verdict::expect(is_there, "both, with status, text and dates", read.shown()).noting(order))
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
    let project = bench.new_project("deleted").await?;
    bench.done(documents::DELETE_PROJECT, json!({ "project": project })).await?;
    bench.forget(&project);
    let read = bench.ask(documents::PROJECT, json!({ "project": project })).await?;
    let is_gone = read.at("/data/node").is_null() && read.kind() == "NOT_FOUND";
    Ok(Verdict::expect(is_gone, "no such node, NOT_FOUND", read.shown()))
}
