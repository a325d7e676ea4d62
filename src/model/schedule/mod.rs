//! Schedules: the token, those that have a name, and those that bring about something.

pub(super) mod named;
pub(super) mod pattern;
pub(super) mod retrace;
pub(super) mod token;
pub(super) mod worst;
