//! `spectra`: one name for all commands. It plans in this process and hands everything else to the applier.

use std::ffi::{OsStr, OsString};

use camino::{Utf8Path, Utf8PathBuf};
use spectra_model::id::ProjectSlug;

use crate::cli::{self, ProjectCommand, SpectraCommand, Topic, UpArgs};
use crate::command::{self, Applicable};
use crate::completions;
use crate::error::{Error, Exit};
use crate::files::{self, Wanted};
use crate::launch::{self, Launch, Launcher};
use crate::man;
use crate::terminal::Terminal;

const APPLIER: &str = "spectra-apply";
/// The applier was stopped part-way: it must be run again before anything else is begun.
const STOPPED: u8 = 75;
/// Several codes at once: the first of these that came up is the one to end with.
const WORST_FIRST: [u8; 9] = [64, 74, 77, 78, 65, 69, STOPPED, 1, 2];

/// Runs `spectra`: the arguments with the program's name, and the code that it ends with.
pub fn spectra(args: Vec<OsString>, terminal: &mut Terminal<'_>, launcher: &mut dyn Launcher) -> u8 {
    let command = match cli::parse::<SpectraCommand>(args, terminal) {
        Ok(command) => command.command,
        Err(code) => return code,
    };
    let result = match command {
        Topic::Project(ProjectCommand::Plan(args)) => Ok(command::plan(&args, terminal)),
        Topic::Project(ProjectCommand::Apply { args }) => apply(args, true, terminal, launcher),
        Topic::Project(ProjectCommand::Up(args)) => up(args, terminal, launcher),
        Topic::Schema { name } => print(name.text(), terminal),
        Topic::Completions { shell, command } => print(&completions::script(shell, command), terminal),
        Topic::Man { folder } => write_pages(&folder, terminal),
    };
    result.unwrap_or_else(|error| {
        terminal.tell(&error.line());
        error.exit().code()
    })
}

/// Writes the manual pages and names the files.
fn write_pages(folder: &Utf8Path, terminal: &mut Terminal<'_>) -> Result<u8, Error> {
    let place = terminal.surroundings.folder.join(folder);
    let page = |(name, text): &(&str, &'static str)| Wanted { path: place.join(name), text };
    files::write(&man::PAGES.iter().map(page).collect::<Vec<_>>())?;
    let names: Vec<String> = man::PAGES.iter().map(|(name, _)| format!("{}\n", folder.join(name))).collect();
    print(&names.concat(), terminal)
}

fn print(text: &str, terminal: &mut Terminal<'_>) -> Result<u8, Error> {
    terminal.data(text).map_err(Error::Output)?;
    Ok(Exit::Done.code())
}

fn apply(
    args: Vec<OsString>,
    last: bool,
    terminal: &Terminal<'_>,
    launcher: &mut dyn Launcher,
) -> Result<u8, Error> {
    let program = launch::sibling(APPLIER, &terminal.surroundings)?;
    let started = launcher.launch(&Launch { program, args, last });
    started.map_err(|source| Error::Launch { program: APPLIER.to_owned(), source })
}

fn up(mut args: UpArgs, terminal: &mut Terminal<'_>, launcher: &mut dyn Launcher) -> Result<u8, Error> {
    if let Err(flag) = take_own_flags(&mut args) {
        terminal.tell(&format!("error: {flag} needs a value\n"));
        return Ok(Exit::Usage.code());
    }
    let boards = match command::plan_for_applier(&args.manifest, &args.place, terminal) {
        Ok(boards) => boards,
        Err(code) => return Ok(code),
    };
    let alone = boards.len() == 1;
    let mut apply_board = |board: &Applicable, terminal: &Terminal<'_>| {
        let mut applier_args = vec![plan_folder(&board.folder)];
        applier_args.extend(args.applier.iter().cloned());
        apply(applier_args, alone, terminal, launcher)
    };
    let mut codes = Vec::new();
    for (number, board) in boards.iter().enumerate() {
        let code = apply_board(board, terminal)?;
        codes.push(code);
        if ends_the_round(code) {
            let rest: Vec<&str> = boards.iter().skip(number + 1).map(|board| board.slug.as_str()).collect();
            if !rest.is_empty() {
                terminal.tell(&format!("not begun: {}\n", rest.join(", ")));
            }
            return Ok(worst(&codes));
        }
    }
    for number in once_more(&boards, &codes) {
        let (Some(board), Some(code)) = (boards.get(number), codes.get_mut(number)) else { continue };
        terminal.tell(&format!("{} once more: its edges lead to boards that came after it\n", board.slug));
        *code = apply_board(board, terminal)?;
        if ends_the_round(*code) {
            break;
        }
    }
    Ok(worst(&codes))
}

/// Whether nothing else may be begun after a run that ended with this code.
fn ends_the_round(code: u8) -> bool {
    code == STOPPED || code == Exit::Usage.code()
}

/// The boards, by number, to apply again after a round: something of theirs failed, and an edge of theirs leads to a
/// board that was applied later, so that its end wasn't there yet.
fn once_more(boards: &[Applicable], codes: &[u8]) -> Vec<usize> {
    let came_after =
        |number: usize, slug: &ProjectSlug| boards.iter().skip(number + 1).any(|board| board.slug == *slug);
    let failed = codes.iter().zip(boards).enumerate().filter(|(_, (code, _))| **code == Exit::Failed.code());
    failed
        .filter(|(number, (_, board))| board.leads_to.iter().any(|slug| came_after(*number, slug)))
        .map(|(number, _)| number)
        .collect()
}

/// A folder's path as an argument that can't be taken for a subcommand or a flag.
fn plan_folder(folder: &Utf8PathBuf) -> OsString {
    let is_plain = folder.components().count() == 1 || folder.as_str().starts_with('-');
    if is_plain && !folder.is_absolute() { format!("./{folder}").into() } else { folder.into() }
}

/// The code to end with after several runs.
fn worst(codes: &[u8]) -> u8 {
    let known = WORST_FIRST.into_iter().find(|code| codes.contains(code));
    let other = codes.iter().copied().find(|code| *code != 0 && !WORST_FIRST.contains(code));
    known.or(other).unwrap_or(0)
}

/// What follows the manifest is the applier's, but for the planner's own flags. Err is a flag without its value.
fn take_own_flags(args: &mut UpArgs) -> Result<(), &'static str> {
    let mut rest = Vec::new();
    let mut written = std::mem::take(&mut args.applier).into_iter();
    while let Some(argument) = written.next() {
        let mut value = |flag: &'static str| own_value(&argument, flag, &mut written);
        if let Some(out) = value("--out")? {
            args.place.out = Some(out.into());
        } else if let Some(root) = value("--root")? {
            args.place.root = Some(root.into());
        } else if let Some(config) = value("--config")? {
            args.place.config = Some(config.into());
        } else if let Some(project) = value("--project")? {
            args.place.project = Some(project);
        } else {
            rest.push(argument);
        }
    }
    args.applier = rest;
    Ok(())
}

fn own_value(
    argument: &OsStr,
    flag: &'static str,
    rest: &mut impl Iterator<Item = OsString>,
) -> Result<Option<String>, &'static str> {
    let Some(text) = argument.to_str() else { return Ok(None) };
    if text == flag {
        return rest.next().and_then(|value| value.into_string().ok()).map(Some).ok_or(flag);
    }
    Ok(text.strip_prefix(flag).and_then(|rest| rest.strip_prefix('=')).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_code_wins() {
        assert_eq!(worst(&[]), 0);
        assert_eq!(worst(&[0, 0]), 0);
        assert_eq!(worst(&[0, 2, 1]), 1);
        assert_eq!(worst(&[1, 75, 69, 65, 78, 77]), 77);
        assert_eq!(worst(&[0, 101]), 101);
    }
}
