//! How and where results are shown: flags that every subcommand takes.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::plan::When;
use crate::render::Format;

/// How and where results are shown.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// text, json, jsonl, csv, markdown, html or none
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
    /// Write to this file
    #[arg(short, long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Colours: auto (default), always, never
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub color: When,
    /// Progress bar: auto (default), always, never
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub progress: When,
    /// ASCII only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Print the verdict alone
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Explain the columns
    #[arg(long, global = true, conflicts_with = "quiet")]
    pub explain: bool,
    /// The whole command line, quoted for a shell.
    #[arg(skip)]
    pub command: String,
}
