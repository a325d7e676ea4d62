//! Systems without process groups and signals.

use super::event::{ProcessRun, RepeatOutcome};
use crate::error::Error;
use crate::plan::RepeatPlan;
use crate::sync::{Context, Observer};

/// Refuses: without process groups, a run and all that it has started cannot be ended.
///
/// # Errors
///
/// [`Error::Machine`], always.
pub fn repeat(
    _plan: &RepeatPlan,
    _context: &Context,
    _observer: &mut dyn Observer<ProcessRun>,
) -> Result<RepeatOutcome, Error> {
    Err(Error::Machine(
        "repeat needs the process groups of Unix; run it on Linux or macOS, or under WSL".into(),
    ))
}

/// Does nothing: no run can have been started.
pub fn end_all() {}
