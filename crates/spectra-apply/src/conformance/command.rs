//! The command: ask, make, check, remove, report.

use std::sync::Arc;

use serde_json::{Value, json};
use spectra_github::{Client, Clock, Config, Endpoint, Failure, HttpTransport, Token};
use spectra_model::json::to_document;
use spectra_sandbox::{Sandbox, Seed};

use super::answer::{Answer, Trouble, Verdict};
use super::bench::{Bench, LABEL, Owner, Repository, TITLE};
use super::cleanup::{self, Removed};
use super::documents;
use super::report::{self, Counts, Line};
use super::table::{self, Check};
use crate::cli::{ConformanceArgs, Format};
use crate::command::{allowed, pacing};
use crate::error::{Error, Kind};
use crate::github::told;
use crate::sandbox::{self, SimulatedClock};
use crate::stop::{Stop, StoppableTransport};
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) async fn run(
    args: &ConformanceArgs,
    terminal: &mut Terminal<'_>,
    stop: &Stop,
) -> Result<u8, Error> {
    let checks = table::named(&args.only).map_err(Error::Usage)?;
    if args.list {
        return list(args.format, &checks, terminal).map(|()| 0);
    }
    let (Some(owner), Some(slug)) = (&args.owner, &args.repository) else {
        return Err(Error::Usage("name --owner and --repository".to_owned()));
    };
    let Some((repository_owner, name)) = slug
        .split_once('/')
        .filter(|(owner, name)| !owner.is_empty() && !name.is_empty() && !name.contains('/'))
    else {
        return Err(Error::Usage(format!("--repository is OWNER/NAME, not `{slug}`")));
    };
    if !args.sandbox {
        return against(args, &checks, None, owner, (repository_owner, name), terminal, stop).await;
    }
    let seed = Seed::new("spectra-sandbox").organization(owner).repository(repository_owner, name);
    let sandbox = sandbox::start_in_memory(seed, terminal).await?;
    let ended = against(args, &checks, Some(&sandbox), owner, (repository_owner, name), terminal, stop).await;
    sandbox::stop(sandbox).await?;
    ended
}

fn list(format: Format, checks: &[&'static Check], terminal: &mut Terminal<'_>) -> Result<(), Error> {
    let text = match format {
        Format::Text => report::list(checks),
        Format::Json => to_document(&report::list_document(checks)).unwrap_or_default(),
    };
    print(terminal, &text)
}

fn print(terminal: &mut Terminal<'_>, text: &str) -> Result<(), Error> {
    terminal.print(text).map_err(|source| Error::Write { path: "stdout".into(), source })
}

/// Runs against the sandbox or against the GitHub that the environment names.
async fn against(
    args: &ConformanceArgs,
    checks: &[&'static Check],
    sandbox: Option<&Sandbox>,
    owner: &str,
    repository: (&str, &str),
    terminal: &mut Terminal<'_>,
    stop: &Stop,
) -> Result<u8, Error> {
    let usage = |error: &dyn std::error::Error| Error::Usage(error.to_string());
    let lookup = |name: &str| terminal.variable(name);
    let (endpoint, token, clock): (Endpoint, Option<Token>, Arc<dyn Clock>) = match sandbox {
        Some(sandbox) => (
            Endpoint::of(&sandbox.url()).map_err(|error| usage(&error))?,
            Token::new("sandbox"),
            Arc::new(SimulatedClock(sandbox.clock())),
        ),
        None => (
            Endpoint::from_environment(&lookup).map_err(|error| usage(&error))?,
            Some(Token::from_environment(&lookup).map_err(|error| Error::NotSeen(vec![error.to_string()]))?),
            Arc::clone(&terminal.clock),
        ),
    };
    let token = token.ok_or_else(|| Error::Usage("no token".to_owned()))?;
    let server = endpoint.graphql().to_owned();
    if sandbox.is_none() && !args.yes {
        agree(checks.len(), &server, owner, repository, terminal)?;
    }
    let transport = HttpTransport::new(&endpoint).map_err(|error| usage(&error))?;
    let transport = Arc::new(StoppableTransport::new(transport, stop.clone()));
    let pacing = pacing(&args.limits, &terminal.folder)?;
    allowed(&pacing, &endpoint)?;
    let client =
        Arc::new(Client::new(Config { transport, clock: Arc::clone(&clock), endpoint, token, pacing }));
    let work = async {
        let mut bench = prepare(client, clock, owner, repository).await?;
        work(args, checks, &server, &mut bench, terminal).await
    };
    tokio::select! {
        biased;
        ended = work => ended,
        () = stop.idle() => Err(Error::Stopped(format!(
            "interrupted; what was made begins with \"{TITLE}\" or \"{LABEL}\", and the next run removes it"
        ))),
    }
}

/// Says what will be made and asks for the owner's login.
fn agree(
    checks: usize,
    server: &str,
    owner: &str,
    (repository_owner, name): (&str, &str),
    terminal: &mut Terminal<'_>,
) -> Result<(), Error> {
    terminal.say(&format!(
        "{checks} checks will be made against {server}:\n\
         - projects under {owner} called \"{TITLE} …\", about ten\n\
         - issues in {repository_owner}/{name} called \"{TITLE} …\", about seventy; people who watch the repository \
         are told of them\n\
         - labels called \"{LABEL}-…\" and milestones called \"{TITLE} …\" there\n\
         All of it is removed at the end, and so is what an earlier run of the same user left behind. Issues that the \
         token may not delete are closed."
    ));
    let Some(answer) = terminal.ask(&format!("Type {owner} to go on: ")) else {
        return Err(Error::Usage("there is no terminal to ask on: agree with --yes".to_owned()));
    };
    if answer.trim() == owner {
        return Ok(());
    }
    Err(Error::Usage("not agreed to: nothing was made".to_owned()))
}

/// Looks up whom and where.
async fn prepare(
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
    owner: &str,
    (repository_owner, name): (&str, &str),
) -> Result<Bench, Error> {
    let ask = async |document: documents::Document, variables: Value| {
        let response =
            client.raw_graphql(document.text, &variables, document.weight).await.map_err(Error::GitHub)?;
        if response.status >= 400 {
            return Err(Error::GitHub(Failure::of_status(&response)));
        }
        let answer = Answer::new(response);
        answer.done("look").map_err(ended)
    };
    let viewer = ask(documents::VIEWER, json!({})).await?;
    let found = ask(documents::OWNER, json!({ "login": owner })).await?;
    if found.at("/data/repositoryOwner").is_null() {
        return Err(Error::NotSeen(vec![format!("{owner} is not there, or not shown to this token")]));
    }
    let repository = json!({ "owner": repository_owner, "name": name });
    let place = ask(documents::REPOSITORY, repository).await?;
    if place.at("/data/repository/hasIssuesEnabled") == &json!(false) {
        return Err(Error::NotSeen(vec![format!("{repository_owner}/{name} has its issues switched off")]));
    }
    let text = |answer: &Answer, pointer: &str| answer.text(pointer).to_owned();
    let owner = Owner {
        id: text(&found, "/data/repositoryOwner/id"),
        login: text(&found, "/data/repositoryOwner/login"),
        is_organization: found.text("/data/repositoryOwner/__typename") == "Organization",
    };
    let repository = Repository {
        id: text(&place, "/data/repository/id"),
        slug: text(&place, "/data/repository/nameWithOwner"),
        owner: text(&place, "/data/repository/owner/login"),
    };
    Ok(Bench::new(client, clock, text(&viewer, "/data/viewer/login"), owner, repository))
}

/// How a trouble ends the run.
fn ended(trouble: Trouble) -> Error {
    match trouble {
        Trouble::Failure(failure) => Error::GitHub(failure),
        Trouble::NotModelled(what) => Error::Sandbox(what),
        Trouble::Refused { answer, .. } => Error::NotSeen(vec![answer]),
    }
}

/// Removes leftovers, checks, removes what was made, reports.
async fn work(
    args: &ConformanceArgs,
    checks: &[&'static Check],
    server: &str,
    bench: &mut Bench,
    terminal: &mut Terminal<'_>,
) -> Result<u8, Error> {
    let leftovers = cleanup::remove(bench).await.map_err(ended)?;
    if !leftovers.is_empty() {
        terminal.say(&format!("Of an earlier run: {}.", report::removed(&leftovers)));
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut denied = None;
    let mut end = None;
    for check in checks {
        bench.ready();
        let verdict = match (check.run)(bench).await {
            Ok(verdict) => verdict,
            Err(Trouble::NotModelled(what)) => Verdict::Skipped(format!("not modelled: {what}")),
            Err(Trouble::Refused { step, answer }) => Verdict::Differs { expected: step, answer },
            Err(Trouble::Failure(failure @ Failure::Forbidden { .. })) => {
                let told = told(&failure);
                denied = denied.or(Some(failure));
                Verdict::Skipped(format!("not allowed: {told}"))
            }
            Err(Trouble::Failure(failure)) => {
                let told = told(&failure);
                if crate::github::ends_the_run(&failure) {
                    end = Some(failure);
                    break;
                }
                Verdict::Differs { expected: "an answer".to_owned(), answer: told }
            }
        };
        let line = Line::new(check, verdict, bench);
        if args.format == Format::Text {
            print(terminal, &line.text())?;
        }
        lines.push(line);
    }
    let (removed, failed) = match cleanup::remove(bench).await {
        Ok(removed) => (removed, None),
        Err(trouble) => (Removed::default(), Some(ended(trouble))),
    };
    let end = end.map(Error::GitHub).or(failed).or(denied.map(Error::GitHub));
    let counts = Counts::of(&lines);
    match args.format {
        Format::Text => {
            print(terminal, &format!("\n{} of {} checks\n", counts.text(), checks.len()))?;
            terminal.say(&report::removed(&removed));
        }
        Format::Json => {
            let ended = end.as_ref().map(ToString::to_string);
            let document = report::document(server, bench, &lines, &removed, ended.as_deref());
            print(terminal, &to_document(&document).unwrap_or_default())?;
        }
    }
    if let Some(end) = end {
        return Err(end);
    }
    let is_clean = removed.left.is_empty();
    Ok(if counts.differs == 0 && is_clean { 0 } else { Kind::Failed.exit_code() })
}
