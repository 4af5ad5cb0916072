//! The world's place: memory, and a file if one was named.
//!
//! Guarantees: the file is written whole or not at all (a temporary file, then a rename), before the request that
//! changed the world is answered; two processes on one file take turns by a lock on a sibling file, and each reads the
//! file again when the other has written it. A file that cannot be understood is an error and is never overwritten.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;

use super::StartError;
use super::text::Text;
use crate::clock::Clock;
use crate::seed::Seed;
use crate::world::{FORMAT, World};

/// Why the state file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system refused an operation.
    #[error("cannot {action} the state file {}", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not a world.
    #[error("the state file {} is not a sandbox's state; remove it to start afresh", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        #[source]
        source: serde_json::Error,
    },
    /// The file is of another version.
    #[error("the state file {} has format {found}, this program knows {FORMAT}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// The world could not be written as text.
    #[error("cannot write the world as JSON")]
    Text {
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl StateError {
    /// The file, where it is one that fails.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Io { path, .. } | Self::Malformed { path, .. } | Self::Format { path, .. } => Some(path),
            Self::Text { .. } => None,
        }
    }
}

/// The world and its file.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) world: RefCell<World>,
    file: Option<StateFile>,
}

#[derive(Debug)]
struct StateFile {
    path: PathBuf,
    lock: File,
    /// What the file looked like when it was last read or written.
    seen: Option<Stamp>,
    text: Text,
    last: String,
}

/// Enough of a file's metadata to notice that another process replaced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

impl Store {
    /// Reads or makes the world, and adds what the seed has more.
    pub(super) fn open(path: Option<PathBuf>, seed: &Seed, clock: &Clock) -> Result<Self, StartError> {
        let seeded = |source| StartError::Seed { source };
        let failed = |source| StartError::State { source };
        let Some(path) = path else {
            let world = seed.world(clock.now()).map_err(seeded)?;
            return Ok(Self { world: RefCell::new(world), file: None });
        };
        let mut file = StateFile::open(path).map_err(failed)?;
        file.lock().map_err(failed)?;
        let found = file.read().map_err(failed)?;
        let world = match found {
            Some(mut world) => {
                clock.not_before(world.now);
                world.advance_to(clock.now());
                seed.ensure(&mut world).map_err(seeded)?;
                world
            }
            None => seed.world(clock.now()).map_err(seeded)?,
        };
        let mut store = Self { world: RefCell::new(world), file: Some(file) };
        store.commit().map_err(failed)?;
        Ok(store)
    }

    /// Takes the file's lock, reads what another process wrote, and lets time pass. True when time did something.
    pub(super) fn begin(&mut self, now: Timestamp) -> Result<bool, StateError> {
        if let Some(file) = &mut self.file {
            file.lock()?;
            match file.reread() {
                Ok(None) => {}
                Ok(Some(world)) => {
                    self.world.replace(world);
                }
                Err(error) => {
                    file.unlock()?;
                    return Err(error);
                }
            }
        }
        let world = self.world.get_mut();
        // The last request's token narrows nothing of what comes next.
        world.access = crate::world::access::Access::default();
        Ok(world.advance_to(now))
    }

    /// Writes the world if it differs from the file, and gives the lock back.
    pub(super) fn commit(&mut self) -> Result<(), StateError> {
        match &mut self.file {
            None => {
                // Nobody renders the text of a world without a file.
                for (_, table) in self.world.borrow_mut().tables_mut() {
                    drop(table.take_touched());
                }
                Ok(())
            }
            Some(file) => {
                let written = file.write(&mut self.world.borrow_mut());
                file.unlock()?;
                written
            }
        }
    }

    /// Gives the lock back without writing.
    pub(super) fn release(&mut self) -> Result<(), StateError> {
        self.file.as_ref().map_or(Ok(()), StateFile::unlock)
    }
}

/// Reads the world that a state file holds, without a sandbox. The file is replaced as a whole, so no lock is needed.
///
/// # Errors
/// When there is no such file, or it is no state of this version.
pub fn read_state(path: &Path) -> Result<World, StateError> {
    let text = fs::read_to_string(path).map_err(|source| io_error("read", path, source))?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<World, StateError> {
    let malformed = |source| StateError::Malformed { path: path.to_owned(), source };
    let head: Head = serde_json::from_str(text).map_err(malformed)?;
    if head.format != FORMAT {
        return Err(StateError::Format { path: path.to_owned(), found: head.format });
    }
    serde_json::from_str(text).map_err(malformed)
}

impl StateFile {
    fn open(path: PathBuf) -> Result<Self, StateError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|source| io_error("make the folder of", &path, source))?;
        }
        let beside = sibling(&path, ".lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&beside)
            .map_err(|source| io_error("open the lock of", &path, source))?;
        Ok(Self { path, lock, seen: None, text: Text::default(), last: String::new() })
    }

    fn lock(&self) -> Result<(), StateError> {
        self.lock.lock().map_err(|source| io_error("lock", &self.path, source))
    }

    fn unlock(&self) -> Result<(), StateError> {
        self.lock.unlock().map_err(|source| io_error("unlock", &self.path, source))
    }

    fn stamp(&self) -> Result<Option<Stamp>, StateError> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(Some(Stamp {
                modified: metadata.modified().ok(),
                length: metadata.len(),
                inode: inode(&metadata),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(io_error("examine", &self.path, source)),
        }
    }

    /// What another process has written since, if it has.
    fn reread(&mut self) -> Result<Option<World>, StateError> {
        if self.stamp()? == self.seen {
            return Ok(None);
        }
        let found = self.read()?;
        if found.is_none() {
            // Someone took the file away: the next save makes it again.
            self.seen = None;
            self.last.clear();
        }
        Ok(found)
    }

    fn read(&mut self) -> Result<Option<World>, StateError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(io_error("read", &self.path, source)),
        };
        let world = parse(&self.path, &text)?;
        self.seen = self.stamp()?;
        self.text = Text::default();
        self.last = text;
        Ok(Some(world))
    }

    fn write(&mut self, world: &mut World) -> Result<(), StateError> {
        let text = self.text.render(world).map_err(|source| StateError::Text { source })?;
        if text == self.last {
            return Ok(());
        }
        let fresh = sibling(&self.path, ".new");
        let failed = |source| io_error("write", &self.path, source);
        let mut file = File::create(&fresh).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        drop(file);
        fs::rename(&fresh, &self.path).map_err(|source| io_error("replace", &self.path, source))?;
        self.seen = self.stamp()?;
        self.last = text;
        Ok(())
    }
}

/// What is read of a file before it is known to be of this version.
#[derive(serde::Deserialize)]
struct Head {
    format: u32,
}

/// The path with more at its end.
fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> StateError {
    StateError::Io { action, path: path.to_owned(), source }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}
