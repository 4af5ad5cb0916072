//! End-to-end cases: a folder each below `tests/cases`, with what is done in it and what comes of it.
//!
//! `commands` holds a command a line: `spectra-plan …`, `spectra-apply …`, and what happens between them:
//!
//! | command | what happens |
//! | --- | --- |
//! | `copy FILE NEW` | a file of the case becomes another |
//! | `replace FILE OLD NEW` | a text in a file becomes another |
//! | `delete FILE` | |
//! | `list FOLDER` | its files are shown |
//! | `recovery` | the last recovery file that a run left is shown |
//! | `review FILE` | the last dry run's review becomes a file |
//! | `seal FOLDER` | `plan.sha256` is made anew, as somebody would who wants an edited plan to pass |
//! | `people FILE` | people do on GitHub what the JSON file says: see [`crate::edit`] |
//! | `quietly COMMAND` | of the command only its exit code is shown |
//! | `settled` | the last apply is run once more: it must end alike and send no mutation |
//! | `github FILE` | a GitHub with that seed is served; from here on commands without `--sandbox` talk to it |
//!
//! A line that begins with `#` says what is to be seen. Beside it lie the files that the commands name; a case without a
//! `manifest.yml` has the one that all share. What is expected are two snapshots, `transcript.snap` and `world.snap`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use spectra_model::json::sha256;
use spectra_sandbox::{Clock, Seed, World};
use tempfile::TempDir;

use crate::edit::{Edit, edit};
use crate::github::{GitHub, START, VIEWER};
use crate::picture::{Detail, picture};
use crate::repository::root;
use crate::run::{self, Around, Ended};

/// What a case's folder holds beside the files that its commands name.
pub const OWN_FILES: [&str; 3] = ["commands", "transcript.snap", "world.snap"];

const MANIFEST: &str = "manifest.yml";
const STATE: &str = ".spectra/sandbox/github.json";
const EVIDENCE: &str = ".spectra/evidence/project-provisioning/voice";

/// Why a case can't be played: a defect of the case.
type Problem = Box<dyn std::error::Error + Send + Sync>;

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// Each command with what it wrote and its exit code.
    pub transcript: String,
    /// What GitHub holds afterwards.
    pub world: String,
}

/// Every case, by name.
///
/// # Errors
/// When the folder can't be read.
pub fn cases() -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(root().join("tests/cases"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let name = entry.file_name().to_string_lossy().into_owned();
            cases.push(Case { name, folder: entry.path() });
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

impl Case {
    /// The lines of `commands`.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn commands(&self) -> io::Result<String> {
        fs::read_to_string(self.folder.join("commands"))
    }

    /// Plays the case in a fresh folder.
    ///
    /// # Errors
    /// When a line is no command, or a file that it names isn't there.
    pub fn play(&self) -> Result<Played, Problem> {
        let mut stage = Stage::set(&self.folder)?;
        let mut transcript = String::new();
        for line in self.commands()?.lines().filter(|line| !line.trim().is_empty()) {
            if line.starts_with('#') {
                transcript.extend(["\n", line, "\n"]);
                continue;
            }
            let said = stage
                .command(line)
                .map_err(|problem| format!("{}: {transcript}\n`{line}`: {problem}", self.name))?;
            transcript.extend(["$ ", line, "\n", &said]);
        }
        let world = match stage.world()? {
            Some(world) => picture(&world, Detail::Whole),
            None => "(nothing was asked of GitHub)\n".to_owned(),
        };
        Ok(Played { transcript, world })
    }
}

/// What a transcript says of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Whole,
    ExitCode,
}

/// Where a case is played.
struct Stage {
    folder: TempDir,
    clock: Clock,
    runs: u32,
    github: Option<GitHub>,
    /// The arguments of the last apply, and how it ended.
    applied: Option<(Vec<String>, u8)>,
}

impl Stage {
    fn set(case: &Path) -> Result<Self, Problem> {
        let folder = tempfile::tempdir()?;
        let shared = root().join("tests/cases").join(MANIFEST);
        fs::copy(shared, folder.path().join(MANIFEST))?;
        for entry in fs::read_dir(case)? {
            let entry = entry?;
            fs::copy(entry.path(), folder.path().join(entry.file_name()))?;
        }
        Ok(Self { folder, clock: Clock::fixed(START), runs: 0, github: None, applied: None })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&mut self, line: &str) -> Result<String, Problem> {
        let words = words(line)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let silence = |()| String::new();
        let (words, shown) = match words.as_slice() {
            ["quietly", words @ ..] => (words, Shown::ExitCode),
            words => (words, Shown::Whole),
        };
        match words {
            ["spectra-plan", arguments @ ..] => Ok(said(&run::plan(self.folder.path(), arguments), shown)),
            ["spectra-apply", arguments @ ..] => {
                let ended = self.apply(arguments);
                if arguments.contains(&"--apply") {
                    let arguments = arguments.iter().map(|&it| it.to_owned()).collect();
                    self.applied = Some((arguments, ended.code));
                }
                Ok(said(&ended, shown))
            }
            ["recovery"] => Ok(marked('|', &fs::read_to_string(self.left(".recovery.json")?)?)),
            ["review", file] => {
                Ok(fs::copy(self.left(".review.json")?, self.path(file)).map(|_| String::new())?)
            }
            ["settled"] => self.settled().map(silence),
            ["copy", from, to] => Ok(fs::copy(self.path(from), self.path(to)).map(|_| String::new())?),
            ["replace", file, old, new] => {
                let text = fs::read_to_string(self.path(file))?;
                if text.matches(old).count() != 1 {
                    return Err(format!("{file} has not one `{old}`").into());
                }
                Ok(fs::write(self.path(file), text.replace(old, new)).map(silence)?)
            }
            ["delete", file] => Ok(fs::remove_file(self.path(file)).map(silence)?),
            ["list", folder] => self.list(folder),
            ["seal", folder] => self.seal(folder).map(silence),
            ["people", file] => self.people(file).map(silence),
            ["github", seed] => {
                let seed: Seed = serde_json::from_slice(&fs::read(self.path(seed))?)?;
                let served = GitHub::serve(seed, Some(self.path(STATE)), self.clock.clone());
                self.github = Some(served.map_err(|error| error.to_string())?);
                Ok(String::new())
            }
            _ => Err("this is no command of a case".into()),
        }
    }

    /// Runs the applier, a minute after the run before.
    fn apply(&mut self, arguments: &[&str]) -> Ended {
        if let Some(github) = self.github.as_ref().filter(|_| !arguments.contains(&"--sandbox")) {
            return github.apply(self.folder.path(), arguments);
        }
        self.clock.advance(Duration::from_mins(1));
        self.runs = self.runs.saturating_add(1);
        run::apply(self.folder.path(), arguments, Around::nothing(self.runs, &self.clock))
    }

    fn settled(&mut self) -> Result<(), Problem> {
        let (arguments, code) = self.applied.clone().ok_or("nothing was applied before")?;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ended = self.apply(&arguments);
        let sent_nothing = !ended.stdout.contains("Sent: ") || ended.stdout.contains(", 0 mutations,");
        if ended.code == code && sent_nothing {
            return Ok(());
        }
        Err(format!("it is not settled: {}", ended.told()).into())
    }

    /// The last file of a kind that a run left beside its evidence.
    fn left(&self, kind: &str) -> Result<PathBuf, Problem> {
        let folder = fs::read_dir(self.path(EVIDENCE))?;
        let mut paths: Vec<PathBuf> = folder.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        paths.retain(|path| path.to_string_lossy().ends_with(kind));
        Ok(paths.into_iter().max().ok_or_else(|| format!("no run left a file that ends in {kind}"))?)
    }

    fn list(&self, folder: &str) -> Result<String, Problem> {
        let mut names = Vec::new();
        let mut open = vec![self.path(folder)];
        while let Some(folder) = open.pop().filter(|folder| folder.exists()) {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    open.push(entry.path());
                } else {
                    names.push(entry.path().strip_prefix(self.folder.path())?.display().to_string());
                }
            }
        }
        names.sort();
        Ok(if names.is_empty() { "| (nothing)\n".to_owned() } else { marked('|', &names.join("\n")) })
    }

    fn seal(&self, folder: &str) -> Result<(), Problem> {
        let mut sums = String::new();
        for name in ["plan.json", "plan.md"] {
            let bytes = fs::read(self.path(folder).join(name))?;
            sums.extend([&sha256(&bytes), "  ", name, "\n"]);
        }
        Ok(fs::write(self.path(folder).join("plan.sha256"), sums)?)
    }

    fn people(&self, file: &str) -> Result<(), Problem> {
        let edits: Vec<Edit> = serde_json::from_slice(&fs::read(self.path(file))?)?;
        if let Some(github) = &self.github {
            return github.sandbox().edit(|world| edit(world, edits));
        }
        let mut world = match self.world()? {
            Some(world) => world,
            None => World::new(self.clock.now(), VIEWER),
        };
        edit(&mut world, edits)?;
        fs::create_dir_all(self.path(".spectra/sandbox"))?;
        Ok(fs::write(self.path(STATE), serde_json::to_string(&world)?)?)
    }

    /// What GitHub holds when all that is due is done.
    fn world(&self) -> Result<Option<World>, Problem> {
        if let Some(github) = &self.github {
            return Ok(Some(github.world()));
        }
        let state = self.path(STATE);
        if !state.exists() {
            return Ok(None);
        }
        let mut world: World = serde_json::from_slice(&fs::read(state)?)?;
        let later = world.now.checked_add(jiff::SignedDuration::from_mins(1))?;
        world.advance_to(later);
        Ok(Some(world))
    }
}

/// Words between spaces; a word in double quotes may hold spaces and `\n`, `\"`.
fn words(line: &str) -> Result<Vec<String>, Problem> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        if rest.starts_with('"') {
            let mut strings = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            words.push(strings.next().ok_or("a quote is not closed")??);
            rest = rest.get(strings.byte_offset()..).unwrap_or_default();
        } else {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            words.push(word.to_owned());
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

/// Data after `|`, what is for people after `!`, then the exit code.
fn said(ended: &Ended, shown: Shown) -> String {
    let Ended { code, .. } = ended;
    if shown == Shown::ExitCode {
        return format!("= {code}\n");
    }
    format!("{}{}= {}\n", marked('|', &ended.stdout), marked('!', &ended.stderr), code)
}

fn marked(mark: char, text: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect();
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}
