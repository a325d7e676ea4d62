//! The strategies: one file for each way of counting, the trait they share, and their list.
//!
//! A new strategy is a new file and one line in [`ALL`].

mod atomic;
mod awaiting;
mod compare_exchange;
mod increment_instruction;
mod kernel;
mod map_reduce;
mod mutex_per_batch;
mod mutex_per_op;
mod program;
mod recorder;
mod rwlock;
mod settings;
mod shape;
mod sharded;
mod spinlock;
mod unsynced;
mod word;
mod words;

use quanta::Clock;

use crate::error::Error;
use crate::model::System;

pub use kernel::{Awaited, Counter, Counters, Lanes, Readings, Slices, Waited, Work};
pub use recorder::{
    LOGGED, MOST_RECORDED, Pen, Recordable, Recorder, Recording, Tape, count_in, mark_in, no_memory,
};
pub use settings::{Access, Setting, Settings, Window};
pub use shape::Shape;
pub use word::{Word, lock, read, write};
pub use words::{Elsewhere, Words};

/// Every strategy there is, in the order of the lesson.
pub static ALL: &[&Kind] = &[
    &unsynced::KIND,
    &mutex_per_op::KIND,
    &mutex_per_batch::KIND,
    &rwlock::KIND,
    &atomic::KIND,
    &compare_exchange::KIND,
    &spinlock::KIND,
    &sharded::KIND,
    &map_reduce::KIND,
];

/// What is known of a strategy before it is set up: its name, its words, its settings.
#[derive(Debug)]
pub struct Kind {
    /// Its name on the command line and in every record.
    pub name: &'static str,
    /// What it does unless flags change it, in a line.
    pub summary: &'static str,
    /// The strategy whose cost it is best compared with, by name.
    pub beside: &'static str,
    /// The settings that it takes, beyond those that every strategy takes.
    pub settings: &'static [Setting],
    /// Sets it up.
    pub build: fn(&Settings) -> Result<Box<dyn Strategy>, Error>,
}

/// One way of counting, set up: the tight loop that real threads run, and why it is right or not.
pub trait Strategy: Send + Sync {
    /// The strategy it is one of.
    fn kind(&self) -> &'static Kind;

    /// The flags by which it differs from its default, as one would type them.
    fn flags(&self) -> String {
        String::new()
    }

    /// Whether every run of it must end with the expected total.
    fn is_correct(&self) -> bool {
        true
    }

    /// Why it is right, or how it loses updates: one or two sentences.
    fn why(&self) -> &'static str;

    /// What else there is to say of it.
    fn words(&self) -> &'static Words;

    /// Whether its threads take work from one another.
    fn shares_work(&self) -> bool {
        false
    }

    /// How many threads only read meanwhile.
    fn readers(&self) -> usize {
        0
    }

    /// So many counters of it, side by side, for a run of this shape.
    fn counters(&self, shape: Shape, how_many: usize) -> Box<dyn Counters>;

    /// One counter of it that records which store each increment has read from, with times from
    /// this clock.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the reason why there is nothing to record, or where the counter has no
    /// room for so many increments.
    fn recorder(&self, shape: Shape, clock: &Clock) -> Result<Box<dyn Tape>, Error>;

    /// The same increments as programs of the register machine, for every schedule to be tried.
    ///
    /// # Errors
    ///
    /// Where the strategy has no program, or the model no room for it.
    fn system(&self, shape: Shape) -> Result<System, Error>;
}

impl std::fmt::Debug for dyn Strategy + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind().name, self.flags())
    }
}

/// The strategy of this name.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}
