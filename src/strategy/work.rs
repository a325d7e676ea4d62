//! The work of one thread in one run, and how a kernel goes through it.

use crate::sync::Context;

/// Increments that a kernel makes between two looks at its context.
///
/// Small enough that even a thousand threads that queue for one lock stop within a tenth of a
/// second; large enough that the cost of the look cannot be measured.
const SLICE: u64 = 1024;

/// The work of one thread in one run.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The number of increments the thread makes.
    pub increments: u64,
    /// Once it is done, the thread stops early; the run is then discarded.
    pub context: &'a Context,
}

impl<'a> Work<'a> {
    /// Calls `increment` once for each increment, until the context is done.
    #[inline]
    pub fn repeat(self, mut increment: impl FnMut()) {
        for slice in self.slices() {
            for _ in 0..slice {
                increment();
            }
        }
    }

    /// Returns the increments in slices: a kernel loops over slices, and runs at full speed inside
    /// each of them.
    #[inline]
    pub fn slices(self) -> Slices<'a> {
        self.slices_of(SLICE)
    }

    /// Returns slices of at most `most` increments, for strategies whose slices have a meaning of
    /// their own.
    #[inline]
    pub fn slices_of(self, most: u64) -> Slices<'a> {
        Slices {
            left: self.increments,
            most,
            context: self.context,
            first: true,
        }
    }
}

/// An iterator over the lengths of slices; it ends early when the context is done.
#[derive(Debug)]
pub struct Slices<'a> {
    left: u64,
    most: u64,
    context: &'a Context,
    first: bool,
}

impl Iterator for Slices<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        // The caller has looked at the context just before the first slice; a run of one increment
        // is too short to look twice.
        if self.left == 0 || (!self.first && self.context.is_done()) {
            return None;
        }
        self.first = false;
        let slice = self.left.min(self.most);
        self.left -= slice;
        Some(slice)
    }
}
