//! What can be told GitHub: one request a call, one result a write. What goes over REST is a request of its own.
//!
//! Guarantees: results stand in the order of the writes. A write is sent a second time only when it surely did
//! nothing; one that may have been done is [`WriteResult::Unknown`], and whoever sent it looks before sending again.
//! Assumptions: ids are resolved, so no write of a call needs another one's answer.

mod answer;
mod nature;
mod settle;
mod wire;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use spectra_model::plan::OwnerType;

pub use self::answer::{Answer, Replay};
pub use self::write::{CloseAs, Write};
use crate::batch::{self, Batch, Slot, slots, undone};
use crate::batch_size::BatchSize;
use crate::client::{Client, Outgoing};
use crate::failure::Failure;
use crate::pacing::Api;

/// A limit's pause that is slept through at once; a longer one is for the sender to wait for.
const AT_ONCE: Duration = Duration::from_secs(5);

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
    /// that GitHub refused the whole request for. It can be sent again: after a limit ([`WriteResult::is_limited`]) when
    /// [`Client::ready_in`] says so; with GitHub out of reach that was tried already.
    NotRun(Failure),
    /// It did not run, since a limit refused it or its like too often in a row, or asks for a pause of hours. To go on
    /// may get the client banned.
    GivenUp(Failure),
    /// It may have been done, wholly or not at all.
    Unknown(Failure),
}

impl WriteResult {
    /// Whether it did not run because of a limit, and shall be sent again when that is over.
    pub fn is_limited(&self) -> bool {
        matches!(self, Self::NotRun(failure) if failure.is_limit())
    }
}

/// What is to be sent again, and why.
#[derive(Default)]
struct Again {
    indices: Vec<usize>,
    /// To which of the two interfaces what has to be waited for went.
    api: Api,
    /// A limit, where there is one: it is what has to be waited for.
    because: Option<Failure>,
    /// Whether the limit refused creations.
    creations: bool,
}

impl Again {
    fn note(&mut self, index: usize, write: &Write, result: &WriteResult) {
        let Some(failure) = repeatable(write, result) else { return };
        self.indices.push(index);
        if failure.is_limit() {
            self.creations |= write.creates_content();
        }
        let outranks = failure.is_limit() && !self.because.as_ref().is_some_and(Failure::is_limit);
        if self.because.is_none() || outranks {
            self.because = Some(failure.clone());
            self.api = write.api();
        }
    }
}

impl Writer {
    /// A writer over a client, which is shared with the reader.
    pub fn new(client: Arc<Client>) -> Self {
        Self { client, size: Mutex::new(BatchSize::default()) }
    }

    /// How many of the leading writes go into the next request: as many as its size takes, and no more creations than
    /// the windows let through now. At least one where there is any.
    pub fn batch_len(&self, writes: &[Write]) -> usize {
        let fitting = self.fitting(writes);
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
    /// # Guarantees
    /// Sent again, a bounded number of times and after at most half a minute, is what surely did nothing and may go
    /// through in a moment: requests that never left, short limits, temporary conflicts; and what was too much for one
    /// request, in smaller ones, where doing it twice does no harm. Everything else is reported.
    ///
    /// A limit that asks for a longer pause is not slept through: what it refused is [`WriteResult::NotRun`], and until
    /// the pause is over the client sends nothing. [`Client::ready_in`] says how long that is.
    pub async fn send(&self, writes: &[Write]) -> Vec<WriteResult> {
        let mut results: Vec<Option<WriteResult>> = vec![None; writes.len()];
        let mut open: Vec<usize> = (0..writes.len()).collect();
        let mut portion = leading(writes);
        // Why what is left in the end was not sent.
        let mut ended = None;
        let mut pauses = self.client.backoff();
        while !open.is_empty() {
            let later = open.split_off(portion.min(open.len()));
            let sent: Vec<&Write> = open.iter().filter_map(|index| writes.get(*index)).collect();
            let slots = self.send_once(&sent).await;
            let mut again = Again::default();
            for ((index, write), slot) in open.iter().zip(&sent).zip(slots) {
                let result = result_of(write, slot);
                again.note(*index, write, &result);
                if let Some(place) = results.get_mut(*index) {
                    *place = Some(result);
                }
            }
            let Again { indices, because, creations, api } = again;
            open = indices;
            open.extend(later);
            let left: Vec<Write> = open.iter().filter_map(|index| writes.get(*index)).cloned().collect();
            portion = self.fitting(&left);
            let Some(because) = because else { continue };
            let pause =
                if because.is_limit() { self.client.refused(creations, &because) } else { pauses.next() };
            match pause {
                Some(pause) if because.is_limit() && pause > AT_ONCE => {
                    self.client.hold(api, batch::NAME, &because, pause);
                    ended = Some(WriteResult::NotRun(because));
                    break;
                }
                Some(pause) => self.client.pause(api, batch::NAME, &because, pause).await,
                None if because.is_limit() => {
                    let given_up = WriteResult::GivenUp(because);
                    for result in results.iter_mut().flatten().filter(|result| result.is_limited()) {
                        *result = given_up.clone();
                    }
                    ended = Some(given_up);
                    break;
                }
                None => {
                    ended = Some(WriteResult::NotRun(because));
                    break;
                }
            }
        }
        let ended =
            ended.unwrap_or_else(|| WriteResult::NotRun(Failure::malformed("this write was not sent")));
        let mut results: Vec<_> =
            results.into_iter().map(|result| result.unwrap_or_else(|| ended.clone())).collect();
        self.settle(writes, &mut results).await;
        results
    }

    /// [`Writer::send`] for whoever has nothing else to do meanwhile: sleeps through long limits as well. No result is a
    /// [`WriteResult::NotRun`] because of a limit.
    pub async fn send_patiently(&self, writes: &[Write]) -> Vec<WriteResult> {
        let mut results = self.send(writes).await;
        loop {
            let limited = results.iter().enumerate().filter(|(_, result)| result.is_limited());
            let limited: Vec<usize> = limited.map(|(index, _)| index).collect();
            if limited.is_empty() {
                return results;
            }
            let rest: Vec<Write> = limited.iter().filter_map(|index| writes.get(*index)).cloned().collect();
            for (index, result) in limited.into_iter().zip(self.send(&rest).await) {
                if let Some(place) = results.get_mut(index) {
                    *place = result;
                }
            }
        }
    }

    /// How many of the leading writes are one request by its size. One that goes over REST goes alone.
    fn fitting(&self, writes: &[Write]) -> usize {
        let leading = writes.get(..leading(writes)).unwrap_or_default();
        self.size().fitting(leading.iter().map(Write::is_heavy))
    }

    async fn send_once(&self, writes: &[&Write]) -> Vec<Slot> {
        if let [write] = writes
            && write.api() == Api::Rest
        {
            return vec![self.send_over_rest(write).await];
        }
        let mut batch = Batch::default();
        for write in writes {
            if let Err(failure) = write.put(&mut batch) {
                return vec![Slot::NotRun(failure); writes.len()];
            }
        }
        let creations = writes.iter().filter(|write| write.creates_content()).count();
        let outgoing = Outgoing {
            name: batch::NAME,
            body: batch.body(self.client.dialect()),
            mutations: count(batch.len()),
            creations: count(creations),
        };
        let slots = slots(batch.len(), self.client.exchange(outgoing).await);
        for (write, slot) in writes.iter().zip(&slots) {
            if matches!(slot, Slot::Ran(_)) {
                self.client.ran(write.creates_content());
            }
        }
        let heavy = || writes.iter().map(|write| write.is_heavy());
        let mut size = self.size();
        if slots.iter().any(|slot| matches!(slot, Slot::Unknown(failure) if failure.is_oversize())) {
            size.was_too_much(heavy());
        } else if slots.iter().all(|slot| matches!(slot, Slot::Ran(_))) {
            size.went_through(heavy());
        }
        slots
    }

    /// The number of the user whose board a write goes to over REST; None where it isn't a user's.
    async fn user_of(&self, write: &Write) -> Result<Option<u64>, Failure> {
        if let Write::CreateRestView { owner, .. } = write
            && owner.kind == OwnerType::User
        {
            return self.client.user_number(&owner.slug).await.map(Some);
        }
        Ok(None)
    }

    async fn send_over_rest(&self, write: &Write) -> Slot {
        let user = match self.user_of(write).await {
            Ok(user) => user,
            Err(failure @ Failure::NotFound { .. }) => return Slot::Refused(failure),
            // Nothing was sent of the write itself.
            Err(failure) => return Slot::NotRun(failure),
        };
        let Some(call) = write.call(user) else {
            return Slot::NotRun(Failure::malformed("this goes over GraphQL, not REST"));
        };
        match self.client.call(&call).await {
            Ok(answer) => {
                self.client.ran(write.creates_content());
                Slot::Ran(answer)
            }
            Err(failure) => {
                if matches!(write, Write::CreateRestView { .. }) && failure.says_no_route() {
                    self.client.miss_rest_views();
                }
                undone(failure)
            }
        }
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
fn repeatable<'r>(write: &Write, result: &'r WriteResult) -> Option<&'r Failure> {
    match result {
        // It did a part or nothing; to do it twice does no harm, and the next request is smaller.
        WriteResult::Unknown(failure @ Failure::ResourceLimits { .. }) if write.replay() == Replay::Safe => {
            Some(failure)
        }
        WriteResult::Refused(failure @ Failure::TemporaryConflict { .. })
        | WriteResult::NotRun(failure @ Failure::Unreachable { .. }) => Some(failure),
        WriteResult::NotRun(failure) if failure.is_limit() => Some(failure),
        WriteResult::Done(_)
        | WriteResult::Refused(_)
        | WriteResult::NotRun(_)
        | WriteResult::GivenUp(_)
        | WriteResult::Unknown(_) => None,
    }
}

/// How many of the leading writes could share a request: one that goes over REST shares none.
fn leading(writes: &[Write]) -> usize {
    let over_graphql = writes.iter().take_while(|write| write.api() == Api::GraphQl).count();
    over_graphql.max(1).min(writes.len())
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
