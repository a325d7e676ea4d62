//! Computes from recorded increments which of them survived, and which store overwrote the others.
//!
//! # Why it is exact
//!
//! Each store writes a word that no other store of the run writes, and each increment logs the word
//! that it loaded. So every load names the one store that it read from, without a clock and without
//! guessing. An increment stores the count that it read plus 1, so the count in a word is the length
//! of the chain that leads from it, store by store, back to the initial 0. The chain that begins at
//! the final word is the *lineage*: its increments survived. Its length is the actual total, so all
//! other increments are exactly the lost ones. The logs are read after all threads have met, so they
//! are complete.
//!
//! # Which store overwrote an increment
//!
//! This depends on the order of the stores. A single word has one, on x86-64 and on ARM alike, even
//! for relaxed accesses (see docs/model.md), and each load reads the last store before it. So a store
//! and the loads that read from it form a *group* with no other store in between. A thread that
//! accesses one group and then another puts the first before the second. Any order of the groups that
//! respects this explains every load (Gibbons and Korach, "Testing shared memories", 1997). Which
//! increments survived does not depend on the choice; where the values leave the order open, the
//! clock decides. Groups that cannot be ordered contradict the coherence of memory, and are an error.
//!
//! # When
//!
//! Reading the clock costs more than an increment, so a thread does it only after some of its stores
//! (see [`Log::clock_every`]). A store came after the clock reading before it, and no later than the
//! reading after it or after any store that must follow it. Within these bounds its time is an
//! estimate, evenly spread, that never runs backwards along the order.
//!
//! A thread that takes 16 times as long as nine of ten of its intervals between readings *pauses*: it
//! waits for a lock, or is off its core. No store is placed in a pause: it comes before the pause
//! unless the values show that it came after.
//!
//! An increment is *alive* while the counter's value descends from its store. The store that finally
//! ended this is the one that overwrote it.

mod fates;
mod log;
mod order;
mod times;

pub use fates::{Access, FirstLost, Lineage};
pub use log::{Impossible, Increment, Log, Read, source};
