//! The model: programs, schedules, census, witnesses.
#![expect(clippy::unwrap_used, reason = "what helpers find amiss fails the test")]

pub(crate) mod programs;

mod against_enumeration;
mod against_loom;
mod chains;
mod checks;
mod counts;
pub(crate) mod enumeration;
mod estimates;
mod leaps;
mod named;
mod not_modelled;
mod replays;
mod search_limits;
mod store_buffers;
mod tokens;
mod waiting;
