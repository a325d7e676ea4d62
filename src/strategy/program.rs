//! What the programs of the strategies have in common.

use super::Shape;
use crate::error::Error;
use crate::model::{ModelError, ProgramBuilder, Reg, System, SystemBuilder, Var};

/// Returns the system in which all threads of the shape run the program that `write` writes, on one
/// counter; the total is the value of that counter.
pub(super) fn alike(
    name: &str,
    shape: Shape,
    write: impl FnOnce(&mut SystemBuilder, &mut ProgramBuilder, Var),
) -> Result<System, Error> {
    System::alike(name, shape.threads(), write).map_err(|error| beyond(&error))
}

/// Returns the error of a system that the model has no room for.
pub(super) fn beyond(error: &ModelError) -> Error {
    Error::Usage(format!("the model has no room for it: {error}"))
}

/// Writes an increment as a load, an addition and a store.
pub(super) fn increment(body: &mut ProgramBuilder, seen: Reg, counter: Var) {
    body.load(seen, counter);
    body.add(seen, seen, 1);
    body.store(counter, seen);
}
