//! The commands as a whole: arguments in; files, text and codes out.

mod baselines;
mod front_door;
mod hostile;
mod planning;
mod reading;

use std::ffi::OsString;
use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{Launch, Launcher, Surroundings, Terminal, run, spectra};

const SOUND: &str = "schemaVersion: 1
id: demo
owner: {type: org, slug: acme}
repository: acme/demo
projects:
  - id: one
    projectProvisioning: {title: One}
    initiative: {id: top, title: Top}
";

/// A folder with a root in it.
struct Place {
    _folder: tempfile::TempDir,
    root: Utf8PathBuf,
}

impl Place {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        fs::create_dir_all(root.join("config/projects")).unwrap();
        for (path, text) in files {
            fs::write(root.join(path), text).unwrap();
        }
        Self { _folder: folder, root }
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }
}

/// What a command did.
#[derive(Debug)]
struct Ran {
    code: u8,
    stdout: String,
    stderr: String,
    launched: Vec<Launch>,
}

/// Pretends to run programs and answers with the next of its codes.
#[derive(Default)]
struct Pretend {
    codes: Vec<u8>,
    launched: Vec<Launch>,
}

impl Launcher for Pretend {
    fn launch(&mut self, launch: &Launch) -> io::Result<u8> {
        let code = self.codes.get(self.launched.len()).copied().unwrap_or(0);
        self.launched.push(launch.clone());
        Ok(code)
    }
}

fn surroundings(folder: &Utf8Path) -> Surroundings {
    Surroundings { folder: folder.to_owned(), ..Surroundings::default() }
}

fn words(program: &str, args: &str) -> Vec<OsString> {
    std::iter::once(program).chain(args.split_whitespace()).map(OsString::from).collect()
}

fn plan_in(folder: &Utf8Path, args: &str) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut terminal =
        Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings: surroundings(folder) };
    let code = run(words("spectra-plan", args), &mut terminal);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code, stdout: text(stdout), stderr: text(stderr), launched: Vec::new() }
}

/// Runs `spectra` beside an applier that ends with these codes.
fn spectra_in(place: &Place, args: &str, codes: &[u8]) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let programs = place.root.join("bin");
    fs::create_dir_all(&programs).unwrap();
    fs::write(programs.join(format!("spectra-apply{}", std::env::consts::EXE_SUFFIX)), "").unwrap();
    let surroundings = Surroundings { program_folder: Some(programs.into()), ..surroundings(&place.root) };
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    let mut pretend = Pretend { codes: codes.to_vec(), ..Pretend::default() };
    let code = spectra(words("spectra", args), &mut terminal, &mut pretend);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code, stdout: text(stdout), stderr: text(stderr), launched: pretend.launched }
}
