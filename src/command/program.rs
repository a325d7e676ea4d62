//! The text of a race program.

use std::path::Path;

use super::files::{name_of, read_input};
use crate::error::Error;
use crate::language::MOST_BYTES;

/// Reads a program from a file, or from standard input for `-`.
pub(super) fn read(path: &str) -> Result<String, Error> {
    let path = Path::new(path);
    read_input(path, MOST_BYTES as u64).map_err(|error| {
        let place = name_of(path);
        Error::Machine(format!(
            "cannot read the program from {place} ({error}); 'miscount programs' lists the \
             built-in ones"
        ))
    })
}
