//! The command: ask, make, check, remove, report.

use std::sync::Arc;

use serde_json::{Value, json};
use spectra_github::{Client, Clock, Config, Endpoint, Failure, HttpTransport, Token, Transport};
use spectra_model::json::to_document;
use spectra_sandbox::{Sandbox, Seed, SeedTeam};

use super::answer::{Answer, Trouble};
use super::bench::{Bench, LABEL, Owner, Repository, TITLE};
use super::budget::Budget;
use super::cleanup::{self, Removed};
use super::documents;
use super::report::{self, Counts, Line, Took};
use super::round::Round;
use super::table::{self, Check};
use crate::cli::{ConformanceArgs, Format};
use crate::command::{allowed, pacing};
use crate::error::{Error, Kind};
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
    let mut seed = Seed::new("spectra-sandbox").organization(owner).repository(repository_owner, name);
    let team = SeedTeam { slug: "conformance".to_owned(), name: None, members: Vec::new() };
    if let Some(organization) = seed.organizations.first_mut() {
        organization.teams.push(team);
    }
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
    let budget = Budget::begin(args.check_timeout, args.timeout);
    let transport = HttpTransport::with_timeout(&endpoint, budget.answer()).map_err(|error| usage(&error))?;
    // What was made is removed after an interruption too, so that goes past the stop.
    let cleaning: Arc<dyn Transport> = Arc::new(transport.clone());
    let transport: Arc<dyn Transport> = Arc::new(StoppableTransport::new(transport, stop.clone()));
    let pacing = pacing(&args.limits, &terminal.folder)?;
    allowed(&pacing, &endpoint)?;
    let [client, cleaning] = [transport, cleaning].map(|transport| {
        let (clock, endpoint) = (Arc::clone(&clock), endpoint.clone());
        Arc::new(Client::new(Config {
            transport,
            clock,
            endpoint,
            token: token.clone(),
            pacing: pacing.clone(),
        }))
    });
    let found = tokio::select! {
        biased;
        found = tokio::time::timeout(budget.left(), prepare(client, clock, owner, repository)) => found,
        () = stop.idle() => return Err(Error::CutShort("interrupted; nothing was made".to_owned())),
    };
    let late = |_| Error::CutShort("time was up before anything was made".to_owned());
    let mut bench = found.map_err(late)??;
    work(args, checks, &server, &mut bench, cleaning, &budget, terminal, stop).await
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
         - projects under {owner} called \"{TITLE} …\", about fifteen\n\
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
    let login = viewer.need("/data/viewer/login").map_err(not_github)?;
    let named = json!({ "login": owner });
    let (found, at) = match ask(documents::OWNER, named.clone()).await {
        Err(Error::NotSeen(_)) => {
            // An emulator may know its owners by kind only.
            match ask(documents::ORGANIZATION, named.clone()).await {
                Err(Error::NotSeen(_)) => (ask(documents::USER, named).await?, "/data/user"),
                found => (found?, "/data/organization"),
            }
        }
        found => (found?, "/data/repositoryOwner"),
    };
    if found.at(at).is_null() {
        return Err(Error::NotSeen(vec![format!("{owner} is not there, or not shown to this token")]));
    }
    let repository = json!({ "owner": repository_owner, "name": name });
    let place = ask(documents::REPOSITORY, repository).await?;
    let repository = place.need("/data/repository/id").map_err(not_github)?;
    // What a server doesn't say of it isn't asked for again.
    let takes_issues = ask(documents::TAKES_ISSUES, json!({ "repository": repository })).await.ok();
    if takes_issues.is_some_and(|it| it.at("/data/node/hasIssuesEnabled") == &json!(false)) {
        return Err(Error::NotSeen(vec![format!("{repository_owner}/{name} has its issues switched off")]));
    }
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let owner = Owner {
        id: found.need(&format!("{at}/id")).map_err(not_github)?,
        login: found.need(&format!("{at}/login")).map_err(not_github)?,
        is_organization: found.text(&format!("{at}/__typename")) == "Organization",
    };
    let repository = Repository {
        id: repository,
        slug: or(place.text("/data/repository/nameWithOwner"), format!("{repository_owner}/{name}")),
        owner: or(place.text("/data/repository/owner/login"), repository_owner.to_owned()),
    };
    Ok(Bench::new(client, clock, login, owner, repository))
}

/// How a trouble ends the run.
fn ended(trouble: Trouble) -> Error {
    match trouble {
        Trouble::Failure(failure) => Error::GitHub(failure),
        Trouble::NoAnswer(message) => Error::GitHub(Failure::Ambiguous { message, source: None }),
        Trouble::NotModelled(answer) | Trouble::Prerequisite(answer) | Trouble::Refused { answer, .. } => {
            Error::NotSeen(vec![answer])
        }
    }
}

/// What answers without saying who asks, or what there is, is no GitHub to check.
fn not_github(trouble: Trouble) -> Error {
    match trouble {
        Trouble::Refused { step, answer } => {
            Error::GitHub(Failure::NotGitHub { message: format!("expected {step}, and it was {answer}") })
        }
        other @ (Trouble::NotModelled(_)
        | Trouble::Prerequisite(_)
        | Trouble::NoAnswer(_)
        | Trouble::Failure(_)) => ended(other),
    }
}

/// Removes leftovers, checks, removes what was made, reports.
#[expect(clippy::too_many_arguments, reason = "the command's surroundings, each of another kind")]
async fn work(
    args: &ConformanceArgs,
    checks: &[&'static Check],
    server: &str,
    bench: &mut Bench,
    cleaning: Arc<Client>,
    budget: &Budget,
    terminal: &mut Terminal<'_>,
    stop: &Stop,
) -> Result<u8, Error> {
    let mut lines: Vec<Line> = Vec::new();
    let mut round = Round::default();
    let leftovers = tokio::select! {
        biased;
        leftovers = cleanup::remove(bench, budget.cleaning().min(budget.left())) => leftovers,
        () = stop.idle() => Removed::default(),
    };
    if !leftovers.is_empty() {
        terminal.say(&format!("Of an earlier run: {}.", report::removed(&leftovers)));
    }
    for check in checks {
        let verdict = tokio::select! {
            biased;
            verdict = round.verdict(check, bench, budget) => verdict,
            () = stop.idle() => round.interrupted(),
        };
        let line = Line::new(check, verdict, bench);
        if args.format == Format::Text {
            print(terminal, &line.text())?;
        }
        lines.push(line);
    }
    if stop.is_asked() {
        terminal.say("Interrupted: what was made is removed; interrupt again to leave it.");
        bench.turn_to(cleaning);
    }
    let removed = tokio::select! {
        biased;
        removed = cleanup::remove(bench, budget.cleaning()) => removed,
        () = stop.insisted() => return Err(Error::CutShort(format!(
            "interrupted; what was made begins with \"{TITLE}\" or \"{LABEL}\", and the next run removes it"
        ))),
    };
    let counts = Counts::of(&lines);
    let silence = round.unanswered.map(|message| Failure::Ambiguous { message, source: None });
    let ends = [round.over.map(|(_, end)| end), round.denied.map(Error::GitHub), silence.map(Error::GitHub)];
    let end = ends.into_iter().flatten().min_by_key(Error::kind);
    let took = Took { seconds: budget.taken().as_secs(), requests: bench.requests() };
    match args.format {
        Format::Text => {
            print(terminal, &format!("\n{} of {} checks, {}\n", counts.text(), checks.len(), took.text()))?;
            terminal.say(&report::removed(&removed));
        }
        Format::Json => {
            let ended = end.as_ref().map(ToString::to_string);
            let document = report::document(server, bench, &lines, &removed, took, ended.as_deref());
            print(terminal, &to_document(&document).unwrap_or_default())?;
        }
    }
    if let Some(end) = end {
        return Err(end);
    }
    let is_clean = removed.left.is_empty();
    Ok(if counts.differs == 0 && counts.looked_at() > 0 && is_clean { 0 } else { Kind::Failed.exit_code() })
}
