//! Those who wait for the same thing: what wait groups and conditions have in common.

use std::collections::BTreeMap;

use super::context::{Canceler, Context};

/// The queue of those who wait, first come, first served.
///
/// Who waits under a context waits for two things at once: to be woken, and for the context to
/// end. A child context is both. To wake somebody is to cancel that child; and whoever finds the
/// child ended tells the two apart by whether he still stands in the queue.
//
// invariant: a child is cancelled only after it has been taken out of the queue, by whoever took it
// out. So a wake-up is neither lost nor given twice, whatever the context does meanwhile.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    queue: BTreeMap<u64, Canceler>,
    next: u64,
}

/// A place in the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(u64);

/// What somebody who is about to wait has made beforehand.
pub(super) struct Sleeper {
    context: Context,
    canceler: Canceler,
}

impl Sleeper {
    /// Somebody who gives up when `context` ends.
    pub(super) fn under(context: &Context) -> Self {
        let (context, canceler) = context.with_cancel();
        Self { context, canceler }
    }

    /// Sleeps until woken, or until the context has ended.
    pub(super) fn sleep(&self) {
        self.context.wait();
    }
}

impl Waiters {
    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes a place at the end.
    pub(super) fn enter(&mut self, sleeper: &Sleeper) -> Place {
        let place = self.next;
        self.next += 1;
        self.queue.insert(place, sleeper.canceler.clone());
        Place(place)
    }

    /// Gives up a place. Gives whether it was still held: if not, its holder has been woken.
    pub(super) fn leave(&mut self, place: Place) -> bool {
        self.queue.remove(&place.0).is_some()
    }

    /// Takes out the first, to be woken once the lock around this is released.
    pub(super) fn pop(&mut self) -> Option<Canceler> {
        Some(self.queue.pop_first()?.1)
    }

    /// Takes out everybody, to be woken once the lock around this is released.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Canceler> + use<> {
        std::mem::take(&mut self.queue).into_values()
    }
}
