//! `completions`: what a shell must know to complete a command line.

use clap_complete::{Shell, generate};

use super::output;
use crate::cli::{self, OutputArgs};
use crate::error::{Error, Exit};

pub(super) fn run(shell: Shell, output: &OutputArgs) -> Result<Exit, Error> {
    let mut script = Vec::new();
    generate(shell, &mut cli::command(), "miscount", &mut script);
    output::hand_out(&String::from_utf8_lossy(&script), output)
}
