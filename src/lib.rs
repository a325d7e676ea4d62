//! miscount: a race-condition laboratory.

pub mod sync;
pub mod model;
