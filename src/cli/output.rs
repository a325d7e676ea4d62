//! How and where results are shown: flags that every subcommand takes.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::plan::When;
use crate::render::Format;

/// How and where results are shown.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Output format: text (default), json, jsonl, csv, ...
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: Format,
    /// Write the result to this file
    #[arg(short, long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// When to use colours (`NO_COLOR` and `CLICOLOR_FORCE` count)
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub color: When,
    /// When to draw a progress bar, on standard error
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub progress: When,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Print the verdict alone, in a line; no explanations
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// The whole command line, quoted for a shell.
    #[arg(skip)]
    pub command: String,
}
