//! The lock on this machine: it tells a run that is alive from one that died.
//!
//! The operating system lets go of it when the process ends, however it ends. The file keeps the run's id, so that the
//! next run on the same machine knows at once that the lock on the board is a dead run's.

use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use spectra_model::id::{ProjectSlug, RunId};

use crate::error::Error;

/// The lock, held as long as this lives.
#[derive(Debug)]
pub(crate) struct LocalLock {
    file: File,
    dead: Option<RunId>,
}

impl LocalLock {
    /// Takes the lock for a run.
    ///
    /// # Errors
    /// When another process holds it, or the file can't be written.
    pub(crate) fn take(folder: &Path, slug: &ProjectSlug, run: &RunId) -> Result<Self, Error> {
        let locks = folder.join(".spectra").join("locks");
        let path = locks.join(format!("{slug}.lock"));
        let failed = |source| Error::Write { path: path.clone(), source };
        fs::create_dir_all(&locks).map_err(failed)?;
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Locked(format!(
                    "another run is changing board `{slug}` from this folder: wait until it has ended ({})",
                    path.display()
                )));
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut before = String::new();
        file.read_to_string(&mut before).map_err(failed)?;
        file.rewind().and_then(|()| file.set_len(0)).map_err(failed)?;
        writeln!(file, "{run}").map_err(failed)?;
        let dead = Some(before.trim()).filter(|before| !before.is_empty()).map(RunId::new);
        Ok(Self { file, dead })
    }

    /// The run that held the lock before and did not end well.
    pub(crate) fn dead_run(&self) -> Option<&RunId> {
        self.dead.as_ref()
    }

    /// Lets go of it after a run that left nothing unfinished.
    pub(crate) fn release(self) {
        // An id that stays only means that the next run compares it with a board that has no lock.
        drop(self.file.set_len(0));
    }
}
