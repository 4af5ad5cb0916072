//! `spectra-plan`: manifests in, plan files out.

use std::collections::BTreeSet;
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use spectra_model::diagnostic::Diagnostic;
use spectra_planner::{Board, Outcome, SourceText, Sources};

use crate::cli::{self, Format, Place, PlanArgs, PlanCommand};
use crate::error::{Error, Exit};
use crate::files::{self, Wanted};
use crate::root;
use crate::show::{self, Listing, Written};
use crate::terminal::Terminal;

/// Where plans go when the command line doesn't say.
const OUTPUT: &str = ".spectra/output/project";

/// Runs `spectra-plan`: the arguments with the program's name, and the code that it ends with.
///
/// # Guarantees
/// What it writes depends on the manifests' bytes and their paths below the root, and on nothing else. One bad
/// manifest, and nothing is written for any.
pub fn run(args: Vec<OsString>, terminal: &mut Terminal<'_>) -> u8 {
    match cli::parse::<PlanCommand>(args, terminal) {
        Ok(command) => plan(&command.args, terminal),
        Err(code) => code,
    }
}

/// Runs the command that was parsed.
pub(crate) fn plan(args: &PlanArgs, terminal: &mut Terminal<'_>) -> u8 {
    match try_plan(args, terminal) {
        Ok(exit) => exit.code(),
        Err(error) => {
            terminal.tell(&error.line());
            error.exit().code()
        }
    }
}

fn try_plan(args: &PlanArgs, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let planned = Planned::of(&args.manifests, &args.place, terminal)?;
    let Planned { diagnostics, listing, boards } = &planned;
    let folder = terminal.surroundings.folder.clone();
    let written = boards.iter().flatten().map(|board| written(board, &args.place)).collect::<Vec<_>>();
    let wanted = || written.iter().flat_map(|one| wanted(one, &folder));
    let exit = if boards.is_none() {
        Exit::Refused
    } else if args.check {
        let stale: Vec<_> = wanted().filter(|file| !file.is_there()).collect();
        for file in &stale {
            terminal
                .tell(&format!("out of date: {}\n", file.path.strip_prefix(&folder).unwrap_or(&file.path)));
        }
        if stale.is_empty() { Exit::Done } else { Exit::Failed }
    } else {
        files::write(&wanted().collect::<Vec<_>>())?;
        Exit::Done
    };
    match args.format {
        Format::Json => terminal.data(&show::json(diagnostics, &written)).map_err(Error::Output)?,
        Format::Text => {
            let colour = terminal.surroundings.colour;
            terminal.tell(&show::diagnostics(diagnostics, listing, colour));
            let verb = if args.check { "checked" } else { "planned" };
            terminal.tell(&show::summary(&written, verb));
            let paths: Vec<String> = written.iter().map(|one| format!("{}\n", one.folder)).collect();
            terminal.data(&paths.concat()).map_err(Error::Output)?;
        }
    }
    Ok(exit)
}

/// Plans a manifest for `up`: writes its boards and gives their folders. Err is the code to end with.
pub(crate) fn plan_for_applier(
    manifest: &Utf8Path,
    place: &Place,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<Utf8PathBuf>, u8> {
    let planned = Planned::of(&[manifest.to_owned()], place, terminal).and_then(|planned| {
        let colour = terminal.surroundings.colour;
        terminal.tell(&show::diagnostics(&planned.diagnostics, &planned.listing, colour));
        let Some(boards) = &planned.boards else { return Ok(Err(Exit::Refused.code())) };
        let written: Vec<_> = boards.iter().map(|board| written(board, place)).collect();
        let folder = terminal.surroundings.folder.clone();
        files::write(&written.iter().flat_map(|one| wanted(one, &folder)).collect::<Vec<_>>())?;
        terminal.tell(&show::summary(&written, "planned"));
        Ok(Ok(written.into_iter().map(|one| one.folder).collect()))
    });
    planned.unwrap_or_else(|error: Error| {
        terminal.tell(&error.line());
        Err(error.exit().code())
    })
}

/// What the planner said.
struct Planned {
    diagnostics: Vec<Diagnostic>,
    listing: Listing,
    /// None where a manifest was refused.
    boards: Option<Vec<Board>>,
}

impl Planned {
    fn of(manifests: &[Utf8PathBuf], place: &Place, terminal: &Terminal<'_>) -> Result<Self, Error> {
        let manifests = read(manifests, place, &terminal.surroundings.folder)?;
        let sources = Sources { manifests, project: place.project.clone() };
        let outcome = spectra_planner::plan(&sources);
        let paths: Vec<_> = sources.manifests.iter().map(|source| source.path.clone()).collect();
        let listing = Listing::of(sources.manifests);
        match outcome {
            Outcome::Refused { diagnostics } => Ok(Self { diagnostics, listing, boards: None }),
            Outcome::Planned { boards, warnings } => match sources.project {
                Some(project) if boards.is_empty() => {
                    Err(Error::NoSuchProject { project, manifests: paths.join(", ") })
                }
                _ => Ok(Self { diagnostics: warnings, listing, boards: Some(boards) }),
            },
        }
    }
}

/// Reads the manifests; one that is named twice is read once.
fn read(manifests: &[Utf8PathBuf], place: &Place, folder: &Utf8Path) -> Result<Vec<SourceText>, Error> {
    let root = place.root.as_ref().map(|root| folder.join(root));
    let mut seen = BTreeSet::new();
    let mut paths = BTreeSet::new();
    let mut sources = Vec::new();
    for manifest in manifests {
        let named = folder.join(manifest);
        let bytes = files::read(&named)?;
        let path = root::relative(&named, root.as_deref())?;
        let real = named.canonicalize().map_err(|source| Error::Read { path: manifest.clone(), source })?;
        if !seen.insert(real) {
            continue;
        }
        if !paths.insert(path.clone()) {
            return Err(Error::SamePath { path });
        }
        sources.push(SourceText { path, bytes });
    }
    Ok(sources)
}

/// A board with the folder for its files, as the command line named it.
fn written<'b>(board: &'b Board, place: &Place) -> Written<'b> {
    let out = place.out.clone().unwrap_or_else(|| Utf8PathBuf::from(OUTPUT));
    Written { board, folder: out.join(board.plan.slug.as_str()) }
}

fn wanted<'b>(written: &Written<'b>, folder: &Utf8Path) -> [Wanted<'b>; 3] {
    let path = |name: &str| folder.join(&written.folder).join(name);
    let board = written.board;
    [
        Wanted { path: path("plan.json"), text: &board.json },
        Wanted { path: path("plan.md"), text: &board.markdown },
        Wanted { path: path("plan.sha256"), text: &board.sums },
    ]
}
