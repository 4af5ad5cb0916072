//! What a running request carries around: the world, the clock's reading, the refusals it has met.
//!
//! The engine's field errors carry a message and nothing else. A refusal is therefore kept here, the engine gets a
//! mark with its place, and `errors` puts the refusal back when the answer is written.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ResolvedValue};
use jiff::Timestamp;

use super::{Cost, Gate, Rate};
use crate::world::{Refusal, World};

/// What a resolver gives.
pub(super) type Resolved<'w> = Result<ResolvedValue<'w>, Refusal>;

/// A shared context.
pub(super) type Context<'w> = Rc<Ctx<'w>>;

/// Stands before a refusal's place in a field error's message. A control character cannot come from a resolver.
pub(super) const MARK: char = '\u{1}';

/// What all contexts of one request share.
#[derive(Debug)]
pub(super) struct Shared {
    refusals: RefCell<Vec<Refusal>>,
    pub(super) cost: Cost,
    pub(super) rate: Rate,
    pub(super) gate: Gate,
}

impl Shared {
    pub(super) fn new(cost: Cost, rate: Rate, gate: Gate) -> Self {
        Self { refusals: RefCell::default(), cost, rate, gate }
    }

    pub(super) fn take_refusals(&self) -> Vec<Refusal> {
        self.refusals.take()
    }
}

enum Source<'w> {
    Live(&'w RefCell<World>),
    /// The world as it was before something in it was deleted, for the payload that still shows it.
    Past(Box<RefCell<World>>),
}

/// The world and what belongs to one request.
pub(super) struct Ctx<'w> {
    source: Source<'w>,
    pub(super) now: Timestamp,
    pub(super) shared: Rc<Shared>,
}

impl<'w> Ctx<'w> {
    pub(super) fn live(world: &'w RefCell<World>, now: Timestamp, shared: Rc<Shared>) -> Self {
        Self { source: Source::Live(world), now, shared }
    }

    /// A context over the world as it is at this moment.
    pub(super) fn snapshot(&self) -> Context<'w> {
        let past = Box::new(RefCell::new(self.world().clone()));
        Rc::new(Self { source: Source::Past(past), now: self.now, shared: Rc::clone(&self.shared) })
    }

    pub(super) fn world(&self) -> Ref<'_, World> {
        match &self.source {
            Source::Live(world) => world.borrow(),
            Source::Past(world) => world.borrow(),
        }
    }

    pub(super) fn world_mut(&self) -> RefMut<'_, World> {
        match &self.source {
            Source::Live(world) => world.borrow_mut(),
            Source::Past(world) => world.borrow_mut(),
        }
    }

    /// Keeps a refusal and gives the engine its mark.
    pub(super) fn refuse(&self, refusal: Refusal) -> FieldError {
        let mut refusals = self.shared.refusals.borrow_mut();
        refusals.push(refusal);
        FieldError { message: format!("{MARK}{}", refusals.len() - 1) }
    }
}
