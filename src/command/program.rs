//! The text of a race program.

use std::path::Path;

use super::files::{read_file, read_stdin};
use crate::cli::echoed;
use crate::error::Error;
use crate::language::MOST_BYTES;

/// Reads a program from a file, or from standard input for `-`.
pub(super) fn read(path: &str) -> Result<String, Error> {
    let most = MOST_BYTES as u64;
    let text = match path {
        "-" => read_stdin(most),
        path => read_file(Path::new(path), most),
    };
    text.map_err(|error| {
        let place = match path {
            "-" => "standard input".to_string(),
            path => format!("'{}'", echoed(path)),
        };
        Error::Machine(format!(
            "cannot read the program from {place} ({error}); 'miscount programs' lists the \
             built-in ones"
        ))
    })
}
