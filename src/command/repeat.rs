//! `repeat`: any command, again and again.
use crate::cli::{OutputArgs, RepeatArgs};
use crate::error::{Error, Exit};
pub(super) fn run(typed: &RepeatArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let plan = crate::plan::RepeatPlan::try_from(typed)?;
    let (context, _canceler) = super::work::context(typed.timeout)?;
    let _ = output;
    let out = crate::process::repeat(&plan, &context, &mut ())?;
    super::output::warn(&format!("{out:?}"));
    Ok(Exit::Done)
}
