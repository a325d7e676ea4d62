//! Schedules: the token, the named ones, and those constructed for a total or a recording.

pub(super) mod closed;
pub(super) mod named;
pub(super) mod pattern;
pub(super) mod retrace;
pub(super) mod token;
pub(super) mod worst;
