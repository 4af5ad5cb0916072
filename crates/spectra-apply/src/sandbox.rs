//! The GitHub inside this process, and the same one served to others.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use spectra_github::{BoxFuture, Clock};
use spectra_model::id::{IssueTypeName, Login, RepoSlug, TeamSlug};
use spectra_model::plan::{Link, OwnerType, Plan};
use spectra_sandbox::world::Behaviour;
use spectra_sandbox::{
    Config, Faults, Limits, Sandbox, Seed, SeedIssueType, SeedOrganization, SeedTeam, StartError, show,
};

use crate::cli::{SandboxArgs, ShowArgs};
use crate::error::Error;
use crate::terminal::Terminal;

/// Who the embedded sandbox takes every token for, where the plan's owner is no user.
const VIEWER: &str = "spectra-sandbox";

/// The sandbox's clock: waiting lets time pass there and takes none here.
#[derive(Debug, Clone)]
pub(crate) struct SimulatedClock(pub(crate) spectra_sandbox::Clock);

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.0.advance(wait);
            tokio::task::yield_now().await;
        })
    }
}

/// What the embedded sandbox starts with: the owner, repositories, people, teams and issue types that the plan names.
pub(crate) fn seed(plan: &Plan) -> Seed {
    let named = Named::by(plan);
    let owner = plan.project.owner.slug.as_str();
    // GitHub's lists of a board's items were seen to lag by two seconds.
    let behaviour = Some(Behaviour { items_lag_ms: 2_000, ..Behaviour::default() });
    let mut seed = Seed { behaviour, ..Seed::new(VIEWER) };
    match plan.project.owner.kind {
        OwnerType::Org => seed.organizations.push(SeedOrganization {
            teams: named.teams.iter().map(|team| seed_team(team)).collect(),
            ..organization(plan, owner)
        }),
        // Nobody else may make a board in a user's account.
        OwnerType::User => owner.clone_into(&mut seed.viewer),
    }
    // Nothing in a plan says what the other owners are. Who is assigned to something is a user, and only organisations have
    // issue types.
    let others: BTreeSet<&str> = named.repositories.iter().map(|slug| slug.owner()).collect();
    let is_known = |login: &str| {
        let known = named.people.iter().copied().chain([owner]);
        known.into_iter().any(|known| known.eq_ignore_ascii_case(login))
    };
    seed.organizations
        .extend(others.into_iter().filter(|login| !is_known(login)).map(|login| organization(plan, login)));
    let people = named.people.iter().filter(|login| !login.eq_ignore_ascii_case(owner));
    seed = people.fold(seed, |seed, login| seed.user(login));
    named.repositories.iter().fold(seed, |seed, slug| seed.repository(slug.owner(), slug.name()))
}

/// What a plan names and a GitHub must hold beforehand.
struct Named<'a> {
    repositories: BTreeSet<&'a RepoSlug>,
    people: BTreeSet<&'a str>,
    teams: BTreeSet<&'a str>,
    issue_types: BTreeSet<&'a str>,
}

impl<'a> Named<'a> {
    fn by(plan: &'a Plan) -> Self {
        let assignees = plan.issues.iter().flat_map(|issue| &issue.assignees);
        let of_drafts = plan.drafts.iter().flat_map(|draft| &draft.assignees);
        let linked = plan.links.iter().filter_map(Link::repository);
        let types = plan.issues.iter().filter_map(|issue| issue.issue_type.value());
        Self {
            repositories: plan.repositories().into_iter().chain(linked).collect(),
            people: assignees.chain(of_drafts).map(Login::as_str).collect(),
            teams: plan.links.iter().filter_map(Link::team).map(TeamSlug::as_str).collect(),
            issue_types: types.map(IssueTypeName::as_str).collect(),
        }
    }

    /// The names, for the line that says what the sandbox begins with.
    fn listed(&self) -> String {
        let Self { repositories, people, teams, issue_types } = self;
        let mut parts = vec![repositories.iter().map(|slug| slug.as_str()).collect::<Vec<_>>().join(", ")];
        for (what, names) in [("people", people), ("teams", teams), ("issue types", issue_types)] {
            if !names.is_empty() {
                parts.push(format!("the {what} {}", names.iter().copied().collect::<Vec<_>>().join(", ")));
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join("; ")
    }
}

/// An organisation with the issue types that the plan names for issues of its repositories.
fn organization(plan: &Plan, login: &str) -> SeedOrganization {
    let own = plan.issues.iter().filter(|issue| issue.repository.owner().eq_ignore_ascii_case(login));
    let types: BTreeSet<&str> =
        own.filter_map(|issue| issue.issue_type.value()).map(IssueTypeName::as_str).collect();
    SeedOrganization {
        login: login.to_owned(),
        issue_types: (!types.is_empty()).then(|| types.into_iter().map(seed_issue_type).collect()),
        ..SeedOrganization::default()
    }
}

fn seed_team(slug: &str) -> SeedTeam {
    SeedTeam { slug: slug.to_owned(), name: None, members: Vec::new() }
}

fn seed_issue_type(name: &str) -> SeedIssueType {
    SeedIssueType { name: name.to_owned(), description: None, color: None }
}

/// Starts the embedded sandbox.
///
/// It enforces what the run is paced by: a run that keeps inside its windows is never refused.
pub(crate) async fn start(
    plan: &Plan,
    state: &Path,
    limits: &str,
    terminal: &mut Terminal<'_>,
) -> Result<Sandbox, Error> {
    let state_file = Some(terminal.folder.join(state));
    let limits = read_limits(limits, &terminal.folder)?;
    let config = Config { state: state_file, limits, ..Config::in_process(seed(plan)) };
    let config = match terminal.sandbox_clock.clone() {
        Some(clock) => Config { clock, ..config },
        None => config,
    };
    let sandbox = Sandbox::start(config).await.map_err(|error| not_started(&error))?;
    terminal.say(&format!(
        "Sandbox: a GitHub inside this process, with {} and {}; it is kept in {}. No token is needed, nothing leaves \
         this machine.",
        plan.project.owner.slug,
        Named::by(plan).listed(),
        state.display()
    ));
    Ok(sandbox)
}

/// Starts an embedded sandbox that is kept nowhere.
pub(crate) async fn start_in_memory(seed: Seed, terminal: &mut Terminal<'_>) -> Result<Sandbox, Error> {
    let config = Config::in_process(seed);
    let config = match terminal.sandbox_clock.clone() {
        Some(clock) => Config { clock, ..config },
        None => config,
    };
    Sandbox::start(config).await.map_err(|error| failed(&error))
}

/// Serves a sandbox until `stopped`.
pub(crate) async fn serve(
    args: &SandboxArgs,
    terminal: &mut Terminal<'_>,
    stopped: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let seed = match &args.seed {
        Some(path) => read_json(&terminal.folder.join(path))?,
        None => Seed::new(VIEWER),
    };
    let faults = match &args.faults {
        Some(path) => {
            Faults::from_rules(read_json::<Vec<spectra_sandbox::Rule>>(&terminal.folder.join(path))?)
        }
        None => Faults::none(),
    };
    let state = Some(terminal.folder.join(&args.state));
    let limits = read_limits(&args.limits, &terminal.folder)?;
    let config = Config { listen: args.listen, state, faults, limits, ..Config::in_process(seed) };
    let sandbox = Sandbox::start(config).await.map_err(|error| not_started(&error))?;
    let line = format!("{}\n", sandbox.url());
    terminal.print(&line).map_err(|source| Error::Write { path: "stdout".into(), source })?;
    sandbox.serve_until(stopped).await.map_err(|error| failed(&error))
}

/// Prints one board of a sandbox, or all of them.
pub(crate) fn show(args: &ShowArgs, terminal: &mut Terminal<'_>) -> Result<(), Error> {
    let world = spectra_sandbox::read_state(&terminal.folder.join(&args.state))
        .map_err(|error| Error::Read { path: args.state.clone(), source: unread(&error) })?;
    let text = match &args.project {
        None => show::boards(&world, show::WIDTH),
        Some(name) => {
            let board = show::find(&world, name).and_then(|id| show::board(&world, &id, show::WIDTH));
            board.ok_or_else(|| {
                let there = show::list(&world, show::WIDTH);
                Error::Sandbox(format!("{} has no board '{name}'. It has:\n{there}", args.state.display()))
            })?
        }
    };
    terminal.print(&text).map_err(|source| Error::Write { path: "stdout".into(), source })
}

/// Stops the embedded sandbox, its state written.
pub(crate) async fn stop(sandbox: Sandbox) -> Result<(), Error> {
    sandbox.stop().await.map_err(|error| failed(&error))
}

fn read_limits(text: &str, folder: &Path) -> Result<Limits, Error> {
    match text {
        "github" => Ok(Limits::github()),
        "none" => Ok(Limits::none()),
        file => read_json(&folder.join(file)),
    }
}

/// Why a state file can't be read, without the file's name, which the caller gives.
fn unread(error: &spectra_sandbox::StateError) -> std::io::Error {
    let source = std::error::Error::source(error);
    std::io::Error::other(source.map_or_else(|| error.to_string(), ToString::to_string))
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(failed)?;
    serde_json::from_slice(&bytes).map_err(|error| failed(std::io::Error::other(error)))
}

/// Why a sandbox does not start. A state file that can't be used is a matter of files.
fn not_started(error: &StartError) -> Error {
    match error {
        StartError::State { source } => {
            let path = source.path().unwrap_or(Path::new("the sandbox's state")).to_owned();
            Error::Read { path, source: std::io::Error::other(chain(source)) }
        }
        StartError::Listen { address, source } => Error::Listen { address: *address, reason: chain(source) },
        StartError::Seed { .. } => failed(error),
    }
}

/// An error of the sandbox with what is under it, on one line.
fn failed(error: &dyn std::error::Error) -> Error {
    Error::Sandbox(chain(error))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[tokio::test]
    async fn an_address_that_cannot_be_listened_on_is_named() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = taken.local_addr().unwrap();
        let config = Config { listen, ..Config::in_process(Seed::new(VIEWER)) };
        let error = not_started(&Sandbox::start(config).await.unwrap_err());
        assert_eq!(error.kind().exit_code(), 69);
        assert!(error.to_string().contains(&listen.to_string()), "{error}");
    }

    #[tokio::test]
    async fn a_state_file_that_cannot_be_used_is_a_matter_of_files() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("github.json");
        std::fs::write(&state, "{bad").unwrap();
        let config = Config { state: Some(state.clone()), ..Config::in_process(Seed::new(VIEWER)) };
        let error = not_started(&Sandbox::start(config).await.unwrap_err());
        assert_eq!(error.kind(), Kind::File);
        let text = error.to_string();
        assert!(text.contains("github.json") && text.contains("remove it to start afresh"), "{text}");
        assert_eq!(std::fs::read_to_string(&state).unwrap(), "{bad");
    }
}
