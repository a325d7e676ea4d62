//! Schedulers: what asks for steps, a list of segments or a rule that looks at the machine.

use super::actor::Actor;
use super::machine::Machine;
use super::schedule::token::Segment;

/// What a [`Scheduler`] asks for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forced {
    /// These steps; it is an error if they can't be executed.
    Exactly(Segment),
    /// The steps of this actor until it is done or blocked.
    AsFarAsPossible(Actor),
}

/// A scheduler: a list of segments, or a rule that looks at the machine.
pub trait Scheduler {
    /// Returns what comes next; `None` at the end.
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced>;

    /// Returns whether what comes next follows from the machine and the actor of the last move alone.
    fn is_memoryless(&self) -> bool {
        false
    }
}

impl Scheduler for std::slice::Iter<'_, Segment> {
    fn next(&mut self, _: &Machine<'_>) -> Option<Forced> {
        Iterator::next(self).copied().map(Forced::Exactly)
    }
}

impl Scheduler for std::vec::IntoIter<Segment> {
    fn next(&mut self, _: &Machine<'_>) -> Option<Forced> {
        Iterator::next(self).map(Forced::Exactly)
    }
}

impl<S: Scheduler + ?Sized> Scheduler for Box<S> {
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced> {
        (**self).next(machine)
    }

    fn is_memoryless(&self) -> bool {
        (**self).is_memoryless()
    }
}

/// What to do when the segments end before the threads do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Completion {
    /// Run the rest serially: always the first actor that can move, as far as it can.
    #[default]
    Serial,
    /// Treat it as an error.
    Strict,
}

/// Steps of one actor that are known to be possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The thread, or its store buffer.
    pub actor: Actor,
    /// The number of its steps; at least one.
    pub steps: u64,
    /// Whether the schedule had ended and this move completes it.
    pub completing: bool,
}
