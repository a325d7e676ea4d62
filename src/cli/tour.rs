//! `tour`: the guided lesson.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// The guided lesson: predict, see, understand.
#[derive(Args, Clone, Debug)]
#[command(
    next_help_heading = "Tour",
    after_help = "Predictions are typed, or read from standard input. With a --format other than \
                  text the conversation goes to standard error, and the score to standard output."
)]
pub struct TourArgs {
    /// Where to begin: a chapter's name or number, see --list [default: the first]
    pub chapter: Option<String>,
    /// List the chapters
    #[arg(long, conflicts_with_all = ["chapter", "auto", "answers", "save"])]
    pub list: bool,
    /// Ask no questions (for a projector or a pipe)
    #[arg(long, conflicts_with_all = ["answers", "save"])]
    pub auto: bool,
    /// Read predictions from this file (- for standard input), one line per question (empty for none)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub answers: Option<PathBuf>,
    /// Append the predictions to this file, as CSV
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub save: Option<PathBuf>,
}
