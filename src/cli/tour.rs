//! `tour`: the guided lesson.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::values;

/// The guided lesson: predict, see, understand.
#[derive(Args, Clone, Debug)]
#[command(
    next_help_heading = "Tour",
    after_help = "Predictions are typed, or read from standard input. With a --format other than \
                  text the questions go to standard error, and the score to standard output."
)]
pub struct TourArgs {
    /// Where to begin: a chapter's name or number, see --list [default: the first]
    pub chapter: Option<String>,
    /// List the chapters
    #[arg(long, conflicts_with_all = ["chapter", "auto", "answers", "save", "summary"])]
    pub list: bool,
    /// Ask no questions (for a projector or a pipe)
    #[arg(long, conflicts_with_all = ["answers", "save"])]
    pub auto: bool,
    /// With --auto, wait this long after each line [default: 1s on a terminal, else 0s]
    #[arg(long, value_name = "DURATION", requires = "auto", allow_hyphen_values = true, value_parser = values::duration)]
    pub pace: Option<Duration>,
    /// Read predictions from this file (- for standard input), one line per question (s or empty to skip)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub answers: Option<PathBuf>,
    /// Append the predictions to this file, as CSV
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
    /// Save the predictions under this name
    #[arg(long, requires = "save")]
    pub name: Option<String>,
    /// Show the predictions that --save has collected, as a histogram for each question
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath, conflicts_with_all = ["chapter", "auto", "answers", "save"])]
    pub summary: Option<PathBuf>,
}
