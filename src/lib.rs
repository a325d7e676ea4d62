//! miscount: a race-condition laboratory.

pub mod model;
pub mod sync;
