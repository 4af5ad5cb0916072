//! The command for one board: from arguments to a run, and from a run to its report, evidence and exit code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use spectra_github::{Client, Clock, Config, Endpoint, HttpTransport, Pacing, Token};
use spectra_model::change::ChangeSet;
use spectra_model::evidence::{Evidence, Http, Mode, OutcomeCounts, ProjectRef, SCHEMA_VERSION, Status};
use spectra_model::forecast::Limits;
use spectra_model::id::IssueKey;
use spectra_model::json::to_document;
use spectra_reconciler::{Adoption, Destructive, Edits, Options, Target};
use spectra_sandbox::Sandbox;

use crate::cli::{BoardArgs, Format, LogFormat};
use crate::destroy;
use crate::error::{Error, Kind};
use crate::evidence_files::EvidenceFiles;
use crate::local_lock::LocalLock;
use crate::plan_folder::{self, ReviewedPlan};
use crate::progress::{Progress, Shown};
use crate::recorder::Work;
use crate::report;
use crate::review::Review;
use crate::run::{Applying, Run, refuse};
use crate::sandbox::{self, SimulatedClock};
use crate::stop::{Stop, StoppableTransport};
use crate::terminal::Terminal;

/// Runs the command.
pub(crate) async fn run(args: &BoardArgs, terminal: &mut Terminal<'_>, stop: &Stop) -> Result<u8, Error> {
    if args.detailed_exitcode && mode(args) != Mode::DryRun {
        let other = if args.apply { "--apply" } else { "--destroy" };
        return Err(Error::Usage(format!("--detailed-exitcode goes with a dry run, not with {other}")));
    }
    let folder = plan_folder(args).ok_or_else(|| {
        Error::Usage(
            "name the folder that spectra-plan wrote, such as .spectra/output/project/NAME".to_owned(),
        )
    })?;
    let asked = Asked::of(args, terminal)?;
    let plan = plan_folder::read(&terminal.folder.join(folder), args.expect_sha256.as_deref())?;
    let ready = plan.is_expected(args.expect_sha256.as_deref()).and_then(|()| {
        // The sandbox has a token for everyone.
        if args.sandbox { Ok(()) } else { token(terminal).map(drop) }
    });
    if let Err(error) = ready {
        return refused_unseen(mode(args), &plan, error, terminal);
    }
    if args.sandbox {
        let sandbox = sandbox::start(&plan.plan, &args.sandbox_state, &args.limits, terminal).await?;
        let ended = Box::pin(against(args, &plan, asked, Some(&sandbox), terminal, stop)).await;
        let stopped = sandbox::stop(sandbox).await;
        let code = ended?;
        stopped.map(|()| code)
    } else {
        Box::pin(against(args, &plan, asked, None, terminal, stop)).await
    }
}

/// What the command line asks for, checked before anything else.
struct Asked {
    reviewed: Option<Review>,
    pacing: Pacing,
    adoption: Adoption,
}

impl Asked {
    fn of(args: &BoardArgs, terminal: &Terminal<'_>) -> Result<Self, Error> {
        let adoption = match mode(args) {
            // Where all is to go nothing is taken over, and nothing of the same title is in the way.
            Mode::Destroy => Adoption::MakeNew,
            Mode::DryRun | Mode::Apply => adoption(args)?,
        };
        let pacing = pacing(&args.limits, &terminal.folder)?;
        if !args.sandbox {
            allowed(&pacing, &endpoint(terminal)?)?;
        }
        let reviewed = args.reviewed.as_ref().map(|path| Review::read(&terminal.folder.join(path)));
        Ok(Self { reviewed: reviewed.transpose()?, pacing, adoption })
    }
}

fn endpoint(terminal: &Terminal<'_>) -> Result<Endpoint, Error> {
    Endpoint::from_environment(&|name| terminal.variable(name))
        .map_err(|error| Error::Usage(error.to_string()))
}

fn token(terminal: &Terminal<'_>) -> Result<Token, Error> {
    Token::from_environment(&|name| terminal.variable(name))
        .map_err(|error| Error::NotSeen(vec![error.to_string()]))
}

/// Ends a run that is refused before GitHub is looked at: it leaves its evidence like any other.
fn refused_unseen(
    mode: Mode,
    plan: &ReviewedPlan,
    error: Error,
    terminal: &mut Terminal<'_>,
) -> Result<u8, Error> {
    let started = terminal.clock.now();
    let mut files = EvidenceFiles::new(&terminal.folder, &plan.plan.slug, started);
    let evidence = Evidence {
        schema_version: SCHEMA_VERSION,
        run_id: Run::id(plan, started, terminal.process),
        slug: plan.plan.slug.clone(),
        plan_sha256: plan.sha256.clone(),
        mode,
        actor: None,
        started_at: started,
        finished_at: started,
        exit_code: error.kind().exit_code(),
        error: Some(error.to_string()),
        project: None,
        outcomes: Vec::new(),
        counts: OutcomeCounts::default(),
        change_set: ChangeSet::default(),
        http: Http::default(),
        previous_sha256: files.previous(),
        previous_change_sha256: None,
    };
    match files.write(&evidence, &report::summary(&evidence), None) {
        Ok(path) => {
            let shown = path.strip_prefix(&terminal.folder).unwrap_or(&path);
            terminal.say(&format!("Evidence: {}", shown.display()));
        }
        Err(problem) => terminal.say(&format!("error: {problem}")),
    }
    Err(error)
}

fn mode(args: &BoardArgs) -> Mode {
    match (args.apply, args.destroy) {
        (true, _) => Mode::Apply,
        (false, true) => Mode::Destroy,
        (false, false) => Mode::DryRun,
    }
}

/// The plan's folder. `--adopt` may stand right before it, where it looks like that option's value.
fn plan_folder(args: &BoardArgs) -> Option<PathBuf> {
    let swallowed = args.adopt.iter().find(|value| is_folder(value)).map(PathBuf::from);
    args.plan.clone().or(swallowed)
}

fn is_folder(value: &str) -> bool {
    !value.is_empty() && !value.contains('=')
}

/// What `--adopt` and `--no-adopt` say.
fn adoption(args: &BoardArgs) -> Result<Adoption, Error> {
    if args.no_adopt {
        return Ok(Adoption::MakeNew);
    }
    let is_bare = |value: &&String| value.is_empty() || (args.plan.is_none() && is_folder(value));
    let mut these = BTreeMap::new();
    for value in args.adopt.iter().filter(|value| !is_bare(value)) {
        let pair = value.split_once('=').filter(|(key, url)| !key.is_empty() && url.starts_with("http"));
        let (key, url) = pair.ok_or_else(|| {
            Error::Usage(format!(
                "--adopt {value}: write KEY=URL, as in voice/discover=https://github.com/o/r/issues/7"
            ))
        })?;
        if these.insert(IssueKey::new(key), url.to_owned()).is_some_and(|other| other != url) {
            return Err(Error::Usage(format!("--adopt names two URLs for {key}")));
        }
    }
    Ok(if args.adopt.is_empty() {
        Adoption::Refuse
    } else if args.adopt.iter().any(|value| is_bare(&value)) {
        Adoption::All(these)
    } else {
        Adoption::These(these)
    })
}

/// What `--limits` says.
pub(crate) fn pacing(text: &str, folder: &Path) -> Result<Pacing, Error> {
    match text {
        "github" => Ok(Pacing::WhereServerLimits(Limits::github())),
        "none" => Ok(Pacing::Always(Limits::none())),
        file => {
            let path = folder.join(file);
            let failed = |source| Error::Read { path: path.clone(), source };
            let bytes = std::fs::read(&path).map_err(failed)?;
            let limits = serde_json::from_slice(&bytes);
            limits.map(Pacing::Always).map_err(|error| failed(std::io::Error::other(error)))
        }
    }
}

/// Refuses to go without limits where somebody else's server would bear it.
pub(crate) fn allowed(pacing: &Pacing, endpoint: &Endpoint) -> Result<(), Error> {
    if *pacing.limits() == Limits::none() && !endpoint.is_loopback() {
        return Err(Error::Usage("--limits none is for servers on the loopback only".to_owned()));
    }
    Ok(())
}

/// Runs against the sandbox or against the GitHub that the environment names.
async fn against(
    args: &BoardArgs,
    plan: &ReviewedPlan,
    asked: Asked,
    sandbox: Option<&Sandbox>,
    terminal: &mut Terminal<'_>,
    stop: &Stop,
) -> Result<u8, Error> {
    let Asked { reviewed, pacing, adoption } = asked;
    let usage = |error: &dyn std::error::Error| Error::Usage(error.to_string());
    let (endpoint, token, clock): (Endpoint, Option<Token>, Arc<dyn Clock>) = match sandbox {
        Some(sandbox) => (
            Endpoint::of(&sandbox.url()).map_err(|error| usage(&error))?,
            Token::new("sandbox"),
            Arc::new(SimulatedClock(sandbox.clock())),
        ),
        None => (endpoint(terminal)?, Some(token(terminal)?), Arc::clone(&terminal.clock)),
    };
    let token = token.ok_or_else(|| Error::Usage("no token".to_owned()))?;
    let transport = HttpTransport::new(&endpoint).map_err(|error| usage(&error))?;
    let transport = Arc::new(StoppableTransport::new(transport, stop.clone()));
    let client = Client::new(Config { transport, clock: Arc::clone(&clock), endpoint, token, pacing });
    let started = clock.now();
    let shown = if terminal.draws_progress && args.log_format == LogFormat::Text {
        Shown::OnTerminal
    } else {
        Shown::Nowhere
    };
    let mode = mode(args);
    let options = Options {
        run: Run::id(plan, started, terminal.process),
        adoption,
        edits: if args.overwrite_edits { Edits::Overwrite } else { Edits::Keep },
        max_deletes: args.max_deletes,
        destructive: if args.allow_destructive { Destructive::Allow } else { Destructive::Refuse },
        target: if args.force_new_project { Target::New } else { Target::Known },
        plan_sha256: Some(plan.sha256.clone()),
        ..Options::preview()
    };
    let files = EvidenceFiles::new(&terminal.folder, &plan.plan.slug, started);
    let mut run = Run::new(plan, (options, mode), client, clock, files);
    run.reviewed = reviewed;
    run.progress = Progress::new(shown, plan.plan.slug.as_str());
    let mut lock = None;
    let work = tokio::select! {
        biased;
        ended = work(&mut run, args, &mut lock, terminal) => ended,
        () = stop.idle() => Err(Error::Stopped("interrupted".to_owned())),
    };
    run.progress.end();
    let ended = End { args, mode, started };
    ended.report(&mut run, work, lock, terminal, stop).await
}

/// Look, show, and apply if asked.
async fn work(
    run: &mut Run<'_>,
    args: &BoardArgs,
    lock: &mut Option<LocalLock>,
    terminal: &mut Terminal<'_>,
) -> Result<Applying, Error> {
    if run.mode != Mode::DryRun {
        *lock = Some(LocalLock::take(&terminal.folder, &run.plan.plan.slug, &run.options.run)?);
    }
    if let Some(reviewed) = &run.reviewed {
        reviewed.is_of(run.plan)?;
    }
    let mut decision = run.look().await?;
    if run.mode == Mode::DryRun {
        decision = run.name_who_changed(decision).await;
    }
    if args.format == Format::Text {
        print(terminal, &report::change_set(&run.plan.plan, run.mode, &decision.change_set))?;
    }
    match (lock, run.mode) {
        (Some(lock), Mode::Apply) => run.apply(lock).await,
        (Some(lock), Mode::Destroy) => {
            refuse(&decision)?;
            destroy::confirm(run, args, terminal)?;
            run.destroy(lock).await
        }
        (Some(_), Mode::DryRun) | (None, _) => Ok(Applying::Nothing),
    }
}

fn print(terminal: &mut Terminal<'_>, text: &str) -> Result<(), Error> {
    terminal.print(text).map_err(|source| Error::Write { path: "stdout".into(), source })
}

/// The end of a run: evidence, the board's record, the report, the exit code.
struct End<'a> {
    args: &'a BoardArgs,
    mode: Mode,
    started: Timestamp,
}

impl End<'_> {
    async fn report(
        self,
        run: &mut Run<'_>,
        work: Result<Applying, Error>,
        lock: Option<LocalLock>,
        terminal: &mut Terminal<'_>,
        stop: &Stop,
    ) -> Result<u8, Error> {
        let latest = run.latest.clone().filter(|_| work.is_ok());
        run.ledger.settle(latest.as_ref(), "the run ended before it");
        let mut error = work.err();
        if error.is_none() && self.mode != Mode::DryRun {
            error = incomplete(run);
        }
        let mut evidence = self.evidence(run, error.as_ref());
        if run.recorder.is_some() && !stop.is_asked() && !matches!(error, Some(Error::Locked(_))) {
            let work = match error {
                None => Work::Done,
                Some(Error::Blocked(_)) => Work::Blocked,
                Some(Error::Changes { .. } | Error::Unreviewed(_)) => Work::Owed,
                Some(_) => Work::CutOff,
            };
            let seal = evidence.seal().unwrap_or_default();
            let finished = tokio::select! {
                biased;
                finished = run.finish(seal, work) => finished,
                () = stop.idle() => Err(Error::Stopped("interrupted".to_owned())),
            };
            // Of two reasons the one that counts more for the exit code.
            error = [error, finished.err()].into_iter().flatten().min_by_key(Error::kind);
        }
        if let Some(lock) = lock {
            // After a run that ended in order, the lock on the board is gone too.
            if error.as_ref().is_none_or(|error| !matches!(error.kind(), Kind::Stopped | Kind::Unreachable)) {
                lock.release();
            }
        }
        evidence.http = run.client.http();
        evidence.finished_at = run.clock.now();
        evidence.error = error.as_ref().map(ToString::to_string);
        evidence.exit_code = self.exit_code(run, error.as_ref());
        let review = if self.mode == Mode::DryRun { review(run) } else { None };
        let written = run.files.write(&evidence, &report::summary(&evidence), review.as_ref());
        // The report stands also where its evidence can't be kept.
        self.show(run, &evidence, error.as_ref(), terminal)?;
        match written {
            Ok(path) => {
                let shown = path.strip_prefix(&terminal.folder).unwrap_or(&path);
                terminal.say(&format!("Evidence: {}", shown.display()));
                Ok(evidence.exit_code)
            }
            Err(problem) if error.is_some() => {
                terminal.say(&format!("error: {problem}"));
                Ok(evidence.exit_code)
            }
            Err(problem) => Err(problem),
        }
    }

    fn exit_code(&self, run: &Run<'_>, error: Option<&Error>) -> u8 {
        match error {
            Some(error) => error.kind().exit_code(),
            None if self.args.detailed_exitcode => {
                let nothing =
                    run.decision.as_ref().is_none_or(|decision| decision.change_set.sends_nothing());
                if nothing { 0 } else { 2 }
            }
            None => 0,
        }
    }

    fn show(
        &self,
        run: &Run<'_>,
        evidence: &Evidence,
        error: Option<&Error>,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), Error> {
        for note in &run.notes {
            terminal.say(note);
        }
        if let Some(decision) = &run.decision {
            match self.args.format {
                Format::Json => {
                    let set = &decision.change_set;
                    let document = json!({
                        "mode": self.mode,
                        "slug": run.plan.plan.slug,
                        "changes": set.changes,
                        "counts": set.counts,
                        "forecast": set.forecast,
                    });
                    print(terminal, &to_document(&document).unwrap_or_default())?;
                }
                // Where nothing was begun, what did not happen is all of the above.
                Format::Text if error.is_some() && nothing_was_begun(evidence) => {}
                Format::Text if self.mode != Mode::DryRun => {
                    print(terminal, &format!("\n{}", report::outcomes(evidence)))?;
                }
                Format::Text => {
                    print(terminal, "\nNothing was changed: this was a dry run. Apply with --apply.\n")?;
                }
            }
            if self.args.detailed_exitcode && decision.change_set.sends_nothing() {
                let counts = &decision.change_set.counts;
                if counts.manual > 0 || counts.blocked > 0 {
                    terminal.say(
                        "warning: nothing is left that Spectra can change, but see the lines marked `!`",
                    );
                }
            }
            if self.mode == Mode::DryRun && error.is_none() {
                for refusal in &decision.refusals {
                    terminal.say(&format!("warning: an apply would be refused: {refusal}"));
                }
            }
        }
        if let Some(error) = error {
            terminal.say(&format!("error: {error}"));
        }
        Ok(())
    }

    fn evidence(&self, run: &Run<'_>, error: Option<&Error>) -> Evidence {
        let set = run.decision.as_ref().map(|decision| decision.change_set.clone()).unwrap_or_default();
        let applied = self.mode != Mode::DryRun;
        let counts = run.ledger.counts(set.counts.unchanged);
        Evidence {
            schema_version: SCHEMA_VERSION,
            run_id: run.options.run.clone(),
            slug: run.plan.plan.slug.clone(),
            plan_sha256: run.plan.sha256.clone(),
            mode: self.mode,
            actor: run.observation.as_ref().map(|observation| observation.viewer.clone()),
            started_at: self.started,
            finished_at: self.started,
            exit_code: 0,
            error: error.map(ToString::to_string),
            project: run.project.as_ref().map(|project| ProjectRef {
                id: project.id.clone(),
                number: project.number,
                url: project.url.clone(),
            }),
            outcomes: if applied { run.ledger.outcomes() } else { Vec::new() },
            counts: if applied {
                counts
            } else {
                OutcomeCounts { unchanged: set.counts.unchanged, ..OutcomeCounts::default() }
            },
            change_set: set,
            http: run.client.http(),
            previous_sha256: run.files.previous(),
            previous_change_sha256: run
                .record_before
                .as_ref()
                .and_then(|record| record.applied.as_ref())
                .map(|applied| applied.evidence.clone()),
        }
    }
}

fn nothing_was_begun(evidence: &Evidence) -> bool {
    let OutcomeCounts { created, updated, deleted, failed, unchanged: _, skipped: _ } = evidence.counts;
    [created, updated, deleted, failed] == [0; 4]
}

/// What a reviewer saw, to be compared when it is applied.
fn review(run: &Run<'_>) -> Option<Review> {
    Review::of(run.plan, run.decision.as_ref()?, run.observation.as_ref()?)
}

/// Why an apply that went through to its end is still not a success.
fn incomplete(run: &Run<'_>) -> Option<Error> {
    let unreviewed: Vec<String> = run.unreviewed.iter().map(ToString::to_string).collect();
    let unreviewed = (!unreviewed.is_empty()).then_some(Error::Unreviewed(unreviewed));
    let outcomes = run.ledger.outcomes();
    let of_review = outcomes.iter().filter(|outcome| !run.unreviewed.contains(&outcome.id));
    let count = |status: Status| of_review.clone().filter(|outcome| outcome.status == status).count();
    let (failed, skipped) = (count(Status::Failed), count(Status::Skipped));
    let worst = run.ledger.worst().unwrap_or(Kind::Failed);
    let changes = (failed > 0 || skipped > 0).then_some(Error::Changes { worst, failed, skipped });
    // Of two reasons the one that counts more for the exit code.
    let reason = [changes, unreviewed].into_iter().flatten().min_by_key(Error::kind);
    if reason.is_some() {
        return reason;
    }
    let blocked = run.latest.as_ref().map_or(0, |latest| latest.change_set.counts.blocked);
    (blocked > 0).then_some(Error::Blocked(blocked))
}
