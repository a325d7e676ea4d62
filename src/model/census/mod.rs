//! The census of all schedules: `sweep` goes from layer to layer, merges equal states and counts
//! paths; the other modules serve it or build on it, but for `chain`, which counts without a search.

pub(super) mod chain;
pub(super) mod collapse;
pub(super) mod components;
pub(super) mod count;
pub(super) mod cycle;
pub(super) mod digits;
pub(super) mod endless;
pub(super) mod estimate;
pub(super) mod expand;
pub(super) mod found;
pub(super) mod key;
pub(super) mod layer;
pub(super) mod outcome;
pub(super) mod survey;
pub(super) mod sweep;
pub(super) mod trail;
pub(super) mod transitions;
pub(super) mod ways;
mod witness;
