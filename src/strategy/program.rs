//! What the programs of the strategies have in common.

use super::Shape;
use crate::error::Error;
use crate::model::{ModelError, ProgramBuilder, System, SystemBuilder, Var};

/// The system in which all threads of the shape run the same program on one counter, which
/// `write` writes down; the total is that counter.
pub(super) fn alike(
    name: &str,
    shape: Shape,
    write: impl FnOnce(&mut SystemBuilder, &mut ProgramBuilder, Var),
) -> Result<System, Error> {
    System::alike(name, shape.threads(), write).map_err(|error| beyond(&error))
}

/// The error of a system that the model has no room for.
pub(super) fn beyond(error: &ModelError) -> Error {
    Error::Usage(format!("the model has no room for it: {error}"))
}
