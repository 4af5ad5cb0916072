//! What can be told GitHub: one request a call, one result a write.
//!
//! Guarantees: results stand in the order of the writes. A write is sent a second time only when it surely did
//! nothing; one that may have been done is [`WriteResult::Unknown`], and whoever sent it looks before sending again.
//! Assumptions: ids are resolved, so no write of a call needs another one's answer.

mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use self::write::{Answer, Replay, Write};
use crate::batch::{self, Batch, Slot, slots};
use crate::batch_size::BatchSize;
use crate::client::{Client, Outgoing};
use crate::failure::Failure;
use crate::pacing::Refusals;

/// Tells GitHub.
#[derive(Debug)]
pub struct Writer {
    client: Arc<Client>,
    size: Mutex<BatchSize>,
}

/// What became of a write.
#[derive(Debug, Clone)]
pub enum WriteResult {
    /// GitHub did it.
    Done(Answer),
    /// GitHub refused it; it did nothing.
    Refused(Failure),
    /// It did not run, for a reason that isn't its own: a limit, GitHub out of reach, or another write of the request
    /// that GitHub refused the whole request for. It can be sent again; where it is a limit or GitHub out of reach, that
    /// was tried already.
    NotRun(Failure),
    /// It may have been done, wholly or not at all.
    Unknown(Failure),
}

impl Writer {
    /// A writer over a client, which is shared with the reader.
    pub fn new(client: Arc<Client>) -> Self {
        Self { client, size: Mutex::new(BatchSize::default()) }
    }

    /// How many of the leading writes go into the next request: as many as its size takes, and no more creations than
    /// the windows let through now. At least one where there is any.
    pub fn batch_len(&self, writes: &[Write]) -> usize {
        let fitting = self.size().fitting(writes.iter().map(Write::is_heavy));
        // Where the window is shut, the request waits for it, and more than one may then go.
        let Some(free) = self.client.free_creations().filter(|free| *free > 0) else { return fitting };
        let mut creations = 0_u64;
        let within = writes.iter().take_while(|write| {
            creations = creations.saturating_add(u64::from(write.creates_content()));
            creations <= free
        });
        fitting.min(within.count())
    }

    /// Sends the writes as one request and waits for its answer.
    ///
    /// Refusals by limits, temporary conflicts of writes that may be repeated, and requests that never left are sent
    /// again, a bounded number of times. Everything else is reported.
    pub async fn send(&self, writes: &[Write]) -> Vec<WriteResult> {
        let mut results: Vec<Option<WriteResult>> = writes.iter().map(|_| None).collect();
        let mut pauses = self.client.backoff();
        let mut refusals = Refusals::default();
        loop {
            let open: Vec<usize> = results
                .iter()
                .enumerate()
                .filter_map(|(index, result)| result.is_none().then_some(index))
                .collect();
            if open.is_empty() {
                break;
            }
            let sent: Vec<&Write> = open.iter().filter_map(|index| writes.get(*index)).collect();
            let mut again = None;
            for ((index, write), slot) in open.into_iter().zip(&sent).zip(self.send_once(&sent).await) {
                let result = result_of(write, slot);
                if let Some(place) = results.get_mut(index) {
                    again = again.or_else(|| repeatable(&result).cloned());
                    *place = Some(result);
                }
            }
            let Some(because) = again else { break };
            let pause = if because.is_limit() { refusals.pause(&because) } else { pauses.next() };
            let Some(pause) = pause else { break };
            for result in &mut results {
                if result.as_ref().is_some_and(|result| repeatable(result).is_some()) {
                    *result = None;
                }
            }
            self.client.pause(batch::NAME, &because, pause).await;
        }
        let unsent = || WriteResult::NotRun(Failure::malformed("no answer to this write"));
        results.into_iter().map(|result| result.unwrap_or_else(unsent)).collect()
    }

    async fn send_once(&self, writes: &[&Write]) -> Vec<Slot> {
        let mut batch = Batch::default();
        for write in writes {
            if let Err(failure) = write.put(&mut batch) {
                return vec![Slot::NotRun(failure); writes.len()];
            }
        }
        let creations = writes.iter().filter(|write| write.creates_content()).count();
        let outgoing = Outgoing {
            name: batch::NAME,
            body: batch.body(),
            mutations: count(batch.len()),
            creations: count(creations),
        };
        let slots = slots(batch.len(), self.client.exchange(outgoing).await);
        let heavy = || writes.iter().map(|write| write.is_heavy());
        let mut size = self.size();
        if slots.iter().any(|slot| matches!(slot, Slot::Unknown(failure) if failure.is_oversize())) {
            size.was_too_much(heavy());
        } else if slots.iter().all(|slot| matches!(slot, Slot::Ran(_))) {
            size.went_through(heavy());
        }
        slots
    }

    /// The size is whole after every statement, so a panic elsewhere leaves it usable.
    fn size(&self) -> MutexGuard<'_, BatchSize> {
        self.size.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn result_of(write: &Write, slot: Slot) -> WriteResult {
    match slot {
        Slot::Ran(payload) => match write.answer(payload) {
            Ok(answer) => WriteResult::Done(answer),
            // It ran; what it made isn't known.
            Err(failure) => WriteResult::Unknown(failure),
        },
        // GitHub says that nothing was done. For creations that is not relied on: the same words were seen where an
        // issue stood there afterwards, so whoever sent it looks first.
        Slot::Refused(failure @ Failure::TemporaryConflict { .. }) if write.replay() == Replay::Never => {
            WriteResult::Unknown(failure)
        }
        Slot::Refused(failure) => WriteResult::Refused(failure),
        Slot::NotRun(failure) => WriteResult::NotRun(failure),
        Slot::Unknown(failure) => WriteResult::Unknown(failure),
    }
}

/// Why a write is to be sent again by itself.
fn repeatable(result: &WriteResult) -> Option<&Failure> {
    match result {
        WriteResult::Refused(failure @ Failure::TemporaryConflict { .. })
        | WriteResult::NotRun(failure @ Failure::Unreachable { .. }) => Some(failure),
        WriteResult::NotRun(failure) if failure.is_limit() => Some(failure),
        WriteResult::Done(_) | WriteResult::Refused(_) | WriteResult::NotRun(_) | WriteResult::Unknown(_) => {
            None
        }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
