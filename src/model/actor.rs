//! Actors: the threads of a system, and their store buffers where it has any.

use std::fmt;

use super::label::Label;

/// What a schedule lets move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A thread takes a step.
    Thread(usize),
    /// The store buffer of a thread delivers its oldest store to memory.
    Buffer(usize),
}

impl Actor {
    /// Returns the thread, or the one that the buffer belongs to.
    pub fn thread(self) -> usize {
        match self {
            Self::Thread(thread) | Self::Buffer(thread) => thread,
        }
    }

    /// Returns whether it is a store buffer.
    pub fn is_buffer(self) -> bool {
        matches!(self, Self::Buffer(_))
    }
}

impl Default for Actor {
    fn default() -> Self {
        Self::Thread(0)
    }
}

impl From<usize> for Actor {
    fn from(thread: usize) -> Self {
        Self::Thread(thread)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Thread(thread) => Label(thread).fmt(f),
            Self::Buffer(thread) => f.pad(&Label(thread).to_string().to_ascii_lowercase()),
        }
    }
}
