//! `spectra-plan`: manifests in, plan files out.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use spectra_model::id::ProjectSlug;
use spectra_model::plan::Link;
use spectra_planner::Board;

use crate::annotations;
use crate::baselines::{Baselines, Compared};
use crate::check::{self, Scope, Stale};
use crate::cli::{self, Format, Place, PlanArgs, PlanCommand};
use crate::error::{Error, Exit};
use crate::files::{self, Wanted};
use crate::reading::{Read, Reading};
use crate::show::{self, Found, Listing, Written};
use crate::terminal::Terminal;

/// Where plans go when the command line doesn't say.
const OUTPUT: &str = ".spectra/output/project";

/// Runs `spectra-plan`: the arguments with the program's name, and the code that it ends with.
///
/// # Guarantees
/// What it writes depends on the bytes of manifests and of the files that they name, on their paths below the root and
/// on `spectra.toml`, and on nothing else. One bad manifest, and nothing is written for any.
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
            if args.format == Format::Json {
                // A program reads the same form whatever happens; that it can't be told is no worse than the error.
                drop(terminal.data(&show::json(&Found::default(), &[])));
            }
            error.exit().code()
        }
    }
}

fn try_plan(args: &PlanArgs, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let folder = terminal.surroundings.folder.clone();
    let baselines = Baselines::read(&args.baseline, &folder)?;
    let mut planned = Planned::of(&args.manifests, &args.place, terminal)?;
    if let Some(boards) = planned.boards.take() {
        let Compared { boards, notes } = baselines.compare(boards)?;
        terminal.tell(&notes.concat());
        planned.boards = Some(boards);
    }
    let Planned { found, listing, boards, .. } = &planned;
    let written = boards.iter().flatten().map(|board| written(board, &args.place)).collect::<Vec<_>>();
    let wanted = || written.iter().flat_map(|one| wanted(one, &folder));
    let exit = if boards.is_none() {
        Exit::Refused
    } else if args.check {
        let manifests = boards.iter().flatten().map(|board| board.plan.manifest.to_string()).collect();
        let scope = match args.place.project {
            Some(_) => Scope::Expected,
            None => Scope::Manifests(&manifests),
        };
        let stale = check::stale(&wanted().collect::<Vec<_>>(), &folder.join(out(&args.place)), scope);
        for Stale { path, why } in &stale {
            terminal.tell(&format!("{why}: {}\n", path.strip_prefix(&folder).unwrap_or(path)));
        }
        if stale.is_empty() { Exit::Done } else { Exit::Failed }
    } else {
        files::write(&wanted().collect::<Vec<_>>())?;
        files::remove(written.iter().flat_map(|one| leftovers(one, &folder)))?;
        Exit::Done
    };
    match args.format {
        Format::Json => terminal.data(&show::json(found, &written)).map_err(Error::Output)?,
        Format::Text => {
            let colour = terminal.surroundings.colour;
            terminal.tell(&show::diagnostics(found, listing, colour));
            let verb = if args.check { "checked" } else { "planned" };
            terminal.tell(&show::summary(&written, verb));
            let paths: Vec<String> = written.iter().map(|one| format!("{}\n", one.folder)).collect();
            terminal.data(&paths.concat()).map_err(Error::Output)?;
        }
    }
    planned.annotate(terminal);
    drop(written);
    // The process ends here. To take apart piece by piece what goes with it takes a twentieth of the whole time.
    std::mem::forget(planned);
    Ok(exit)
}

/// A board that was planned and can be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applicable {
    /// The folder of its plan, as the command line named it.
    pub(crate) folder: Utf8PathBuf,
    /// The board.
    pub(crate) slug: ProjectSlug,
    /// Boards with issues that edges of this one lead to.
    pub(crate) leads_to: BTreeSet<ProjectSlug>,
}

impl From<Written<'_>> for Applicable {
    fn from(Written { board, folder }: Written<'_>) -> Self {
        let leads_to = board.plan.links.iter().filter_map(Link::foreign).map(|there| there.slug.clone());
        Self { folder, slug: board.plan.slug.clone(), leads_to: leads_to.collect() }
    }
}

/// Plans a manifest for `up`: writes its boards. Err is the code to end with.
pub(crate) fn plan_for_applier(
    manifest: &Utf8Path,
    place: &Place,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<Applicable>, u8> {
    let planned = Planned::of(&[manifest.to_owned()], place, terminal).and_then(|planned| {
        let colour = terminal.surroundings.colour;
        terminal.tell(&show::diagnostics(&planned.found, &planned.listing, colour));
        planned.annotate(terminal);
        let Some(boards) = &planned.boards else { return Ok(Err(Exit::Refused.code())) };
        let written: Vec<_> = boards.iter().map(|board| written(board, place)).collect();
        let folder = terminal.surroundings.folder.clone();
        files::write(&written.iter().flat_map(|one| wanted(one, &folder)).collect::<Vec<_>>())?;
        files::remove(written.iter().flat_map(|one| leftovers(one, &folder)))?;
        terminal.tell(&show::summary(&written, "planned"));
        Ok(Ok(written.into_iter().map(Applicable::from).collect()))
    });
    planned.unwrap_or_else(|error: Error| {
        terminal.tell(&error.line());
        Err(error.exit().code())
    })
}

/// What the planner said.
struct Planned {
    found: Found,
    listing: Listing,
    /// Where the files lie that diagnostics name.
    places: BTreeMap<String, Utf8PathBuf>,
    /// None where a manifest was refused.
    boards: Option<Vec<Board>>,
}

impl Planned {
    fn of(manifests: &[Utf8PathBuf], place: &Place, terminal: &Terminal<'_>) -> Result<Self, Error> {
        let reading = Reading {
            root: place.root.as_deref(),
            config: place.config.as_deref(),
            folder: &terminal.surroundings.folder,
            cores: terminal.surroundings.cores,
        };
        let Read { boards, found, listing, places } = reading.plan(manifests, place.project.clone())?;
        if let (Some(project), Some([])) = (&place.project, boards.as_deref()) {
            let names: Vec<&str> = manifests.iter().map(|path| path.as_str()).collect();
            return Err(Error::NoSuchProject { project: project.clone(), manifests: names.join(", ") });
        }
        Ok(Self { found, listing, places, boards })
    }

    /// Has GitHub Actions show the diagnostics in the lines of their files, where it runs this.
    fn annotate(&self, terminal: &mut Terminal<'_>) {
        let Some(workspace) = &terminal.surroundings.actions else { return };
        let workspace = workspace.canonicalize_utf8().unwrap_or_else(|_gone| workspace.clone());
        let path = |file: &str| {
            let inside = self.places.get(file).and_then(|place| place.strip_prefix(&workspace).ok());
            inside.map_or(file, Utf8Path::as_str).to_owned()
        };
        let commands = annotations::commands(self.found.in_text(), &path);
        terminal.command(&commands);
    }
}

/// A board with the folder for its files, as the command line named it.
fn written<'b>(board: &'b Board, place: &Place) -> Written<'b> {
    Written { board, folder: out(place).join(board.plan.slug.as_str()) }
}

/// The folder for the plans, as the command line named it.
fn out(place: &Place) -> &Utf8Path {
    place.out.as_deref().unwrap_or(Utf8Path::new(OUTPUT))
}

/// The files of a comparison.
const DIFFS: [&str; 2] = ["plan.diff.json", "plan.diff.md"];

fn wanted<'b>(written: &Written<'b>, folder: &Utf8Path) -> Vec<Wanted<'b>> {
    let wanted = |(name, text): (&str, &'b String)| Wanted { path: path(written, folder, name), text };
    let board = written.board;
    let plan =
        [("plan.json", &board.json), ("plan.md", &board.markdown), ("plan.sha256", &board.sums)].map(wanted);
    let diff = board.diff.iter().flat_map(|diff| DIFFS.into_iter().zip([&diff.json, &diff.markdown]));
    plan.into_iter().chain(diff.map(wanted)).collect()
}

/// What an earlier comparison left behind where there is none now.
fn leftovers(written: &Written<'_>, folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let names: &[&str] = if written.board.diff.is_some() { &[] } else { &DIFFS };
    names.iter().map(|name| path(written, folder, name)).collect()
}

fn path(written: &Written<'_>, folder: &Utf8Path, name: &str) -> Utf8PathBuf {
    folder.join(&written.folder).join(name)
}
