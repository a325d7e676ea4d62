//! `tour`: the guided lesson.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::values;

/// The guided lesson: predict, see, understand.
#[derive(Args, Clone, Debug)]
#[command(
    next_help_heading = "Tour",
    after_help = "With a --format other than text, the questions go to standard error."
)]
pub struct TourArgs {
    /// Where to begin: a name or number, see --list
    pub chapter: Option<String>,
    /// List the chapters
    #[arg(long, conflicts_with_all = ["chapter", "auto", "answers", "save", "summary"])]
    pub list: bool,
    /// Ask no questions (for a projector or a pipe)
    #[arg(long, conflicts_with_all = ["answers", "save"])]
    pub auto: bool,
    /// Wait after each line of --auto [on a terminal: 1s]
    #[arg(long, value_name = "DURATION", requires = "auto", allow_hyphen_values = true, value_parser = values::duration)]
    pub pace: Option<Duration>,
    /// Read predictions from this file, or from -
    ///
    /// One line per question, in order; s or an empty line skips it. Lines that begin with # are left out.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub answers: Option<PathBuf>,
    /// Append the predictions to this file, as CSV
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Save them under this name
    #[arg(long, requires = "save")]
    pub name: Option<String>,
    /// Show what --save has collected, as histograms
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath, conflicts_with_all = ["chapter", "auto", "answers", "save"])]
    pub summary: Option<PathBuf>,
}
