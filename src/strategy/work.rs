//! The work of one thread in one run, and how a kernel goes through it.

use std::iter;

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

    /// Returns the lengths of the slices that the increments are made in: a kernel loops over
    /// slices, and runs at full speed inside each of them. They end early when the context is done.
    #[inline]
    pub fn slices(self) -> impl Iterator<Item = u64> + use<'a> {
        self.slices_of(SLICE)
    }

    /// Returns slices of at most `most` increments, for strategies whose slices have a meaning of
    /// their own.
    #[inline]
    pub fn slices_of(self, most: u64) -> impl Iterator<Item = u64> + use<'a> {
        let (mut left, mut first) = (self.increments, true);
        iter::from_fn(move || {
            // The caller has looked at the context not long before the first slice; a run of one
            // increment is too short to look twice.
            if left == 0 || (!first && self.context.is_done()) {
                return None;
            }
            first = false;
            let slice = left.min(most);
            left -= slice;
            Some(slice)
        })
    }
}
