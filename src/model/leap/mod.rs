//! Many steps of one thread at once: the rounds of a loop that no other thread disturbs.
//!
//! A round that changes every number by a constant is repeated with the same effect for as long as
//! its comparisons come out the same way, and how long that is follows from the constants. This is
//! the acceleration of loops whose rounds are translations (Boigelot: *Symbolic methods for exploring
//! infinite state spaces*, 1998). What is not understood is not accelerated, but taken step by step.

pub(super) mod advance;
mod condition;
pub(super) mod round;
