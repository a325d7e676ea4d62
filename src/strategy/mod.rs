//! The strategies: one file for each way of counting, the traits they share, and their list.
//!
//! A new strategy is a new file and one line in [`ALL`]: its subcommand, help and report follow.
//!
//! [`Kind`] is what such a file says: name, settings, and what these settings make of its three faces:
//! the [`Kernel`], which real threads run, the program for the model, and the [`Words`], whose code a
//! test compiles and runs. [`Strategy`] is a kind with its settings.
//!
//! A kernel makes [`Counter`]s, each of which is a shared counter and the loop that adds to it. The
//! lab sees many of them side by side, as [`Counters`]. All strategies share one increment,
//! [`Recorder::increment`], and differ only in what they put around it, so the differences in cost
//! are what the synchronisation costs. The loop is the same for runs that are counted and runs that
//! are traced.

mod atomic;
mod awaiting;
mod compare_exchange;
mod counter;
mod increment_instruction;
mod map_reduce;
mod mutex_per_batch;
mod mutex_per_op;
mod program;
mod reader_stats;
mod recorder;
mod recording;
mod rwlock;
mod settings;
mod shape;
mod sharded;
mod spinlock;
mod unsynced;
mod word;
mod words;
mod work;

use crate::error::Error;
use crate::model::System;

pub use counter::{Counter, Counters, Kernel};
pub use reader_stats::{AwaitStats, ReaderStats, WaitStats};
pub use recorder::{MOST_RECORDED, NoRecorder, Recorder, ThreadRecorder, count_in, mark_in};
pub use recording::{LOG_BYTES, Recording, RecordingCounter, no_memory};
pub use settings::{AccessMode, Setting, Settings, Window};
pub use shape::Shape;
pub use word::{Word, lock, read, write};
pub use words::{Elsewhere, Words};
pub use work::Work;

/// Every strategy, in the order of the lesson.
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

/// What is known of a strategy before it is set up, and what it becomes with its settings.
#[derive(Debug)]
pub struct Kind {
    /// Its name on the command line and in every record.
    pub name: &'static str,
    /// What it does unless flags change it, in one line.
    pub summary: &'static str,
    /// The name of the strategy whose cost it is best compared with.
    pub beside: &'static str,
    /// The name of the strategy that fixes it when it loses updates: itself, unless it loses
    /// updates by default.
    pub remedy: &'static str,
    /// The settings that it takes, in addition to those that every strategy takes.
    pub settings: &'static [Setting],
    /// Returns an error if these settings do not go together.
    pub check: fn(&Settings) -> Result<(), Error>,
    /// Returns everything that is said of it with these settings.
    pub words: fn(&Settings) -> &'static Words,
    /// Returns its kernel, for runs of this shape.
    pub kernel: fn(&Settings, Shape) -> Box<dyn Kernel>,
    /// Returns the reason why its runs cannot be recorded; `None` if they can.
    pub untraceable: fn(&Settings) -> Option<&'static str>,
    /// Returns the same increments as programs of the register machine, see [`Strategy::system`].
    pub system: fn(&Settings, Shape) -> Result<System, Error>,
}

/// One way of counting, set up: the tight loop that real threads run, and why it is correct or not.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    kind: &'static Kind,
    settings: Settings,
}

impl Kind {
    /// Sets it up with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if they do not go together.
    pub fn build(&'static self, settings: &Settings) -> Result<Strategy, Error> {
        (self.check)(settings)?;
        Ok(Strategy {
            kind: self,
            settings: *settings,
        })
    }
}

impl Strategy {
    /// Returns the kind of strategy that this is.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Returns its settings.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Returns the flags by which it differs from its default, as the reader types them.
    pub fn flags(&self) -> String {
        self.settings.flags(self.kind.settings)
    }

    /// Returns everything that is said of it.
    pub fn words(&self) -> &'static Words {
        (self.kind.words)(&self.settings)
    }

    /// Returns the reason why it is correct, or how it loses updates.
    pub fn why(&self) -> &'static str {
        self.words().why
    }

    /// Whether each of its runs must end with the expected total.
    pub fn is_correct(&self) -> bool {
        self.words().race.is_none()
    }

    /// Returns the number of threads that only read meanwhile.
    pub fn readers(&self) -> usize {
        let taken = self.kind.settings;
        if taken.contains(&Setting::Readers) {
            self.settings.readers
        } else {
            0
        }
    }

    /// Returns its kernel, for runs of this shape.
    pub fn kernel(&self, shape: Shape) -> Box<dyn Kernel> {
        (self.kind.kernel)(&self.settings, shape)
    }

    /// Returns `how_many` counters side by side, for runs of this shape; each on cache lines of its own if they
    /// are to be `apart`.
    pub fn counters(&self, shape: Shape, how_many: usize, apart: bool) -> Box<dyn Counters> {
        self.kernel(shape).counters(how_many, apart)
    }

    /// Returns one counter that records which store each increment has read from.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the reason if there is nothing to record, or if the counter has no
    /// room for this many increments.
    pub fn recorded(&self, shape: Shape) -> Result<Box<dyn RecordingCounter>, Error> {
        match (self.kind.untraceable)(&self.settings) {
            Some(reason) => Err(Error::Usage(reason.into())),
            None => self.kernel(shape).recorded(shape),
        }
    }

    /// Returns the same increments as programs of the register machine, from which the model tries
    /// every schedule.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if the strategy has no program, or the model no room for it.
    pub fn system(&self, shape: Shape) -> Result<System, Error> {
        (self.kind.system)(&self.settings, shape)
    }
}

/// Returns the strategy of this name.
pub fn named(name: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}
