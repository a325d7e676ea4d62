//! Schedules: the token, the named ones, and those constructed for a total or a recording.

pub(super) mod closed;
pub(super) mod counting;
pub(super) mod named;
mod pattern;
pub(super) mod retrace;
pub(super) mod token;
pub(super) mod worst;
