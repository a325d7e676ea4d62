//! From recorded increments to what survived, and what was overwritten by whom.
//!
//! # Why it is exact
//!
//! Each store writes a word that no other store of the run writes, and each increment logs the word
//! that it has loaded. So every load names the one store it read from: no clock is asked, and
//! nothing is guessed. An increment stores the count it has read plus 1, so the count in a word is
//! the length of the chain that leads from it, store by store, back to the initial 0. The chain that
//! begins at the final word is the *lineage*: its increments survived, and as its length is the
//! actual total, all others are lost, and they are as many as the total lacks. The logs are read
//! after all threads have met, so they are complete.
//!
//! # Who overwrote whom
//!
//! For that the order of the stores is needed. A single word has one, on x86-64 and on ARM alike,
//! even for relaxed accesses (see docs/model.md), and each load reads the last store before it. So
//! a store and the loads that read it stand together, with no other store between: a *group*. What a
//! thread does in one group and then in another puts the first before the second. Any order of the
//! groups that respects this explains every load (Gibbons and Korach, "Testing shared memories",
//! 1997). Which store survived does not depend on the choice; where the values leave the order open,
//! the clock decides. Groups that cannot be ordered contradict the coherence of memory, and are an
//! error.
//!
//! # When
//!
//! Each thread looks at the clock after some of its stores. So a store came after the look before
//! it, no later than the look behind it, and also no later than the looks behind all stores that
//! must follow it. The order respects these bounds (`times.rs`), and every store has a time within
//! them that does not run backwards. Where in its bounds a store was is an estimate.
//!
//! An increment is *alive* while the counter's value descends from its store. The store that ended
//! this for good is the one that overwrote it.

mod fates;
mod log;
mod order;
mod times;

pub use fates::{Access, FirstLost, Lineage};
pub use log::{Impossible, Increment, Log, Read, source};
