//! `--svg` and `--theme`: a picture beside the report.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::plan::Theme;

/// Where a picture goes, and its colours.
#[derive(Args, Clone, Debug)]
pub struct PictureArgs {
    /// Also draw it as a picture for slides
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Evidence")]
    pub svg: Option<PathBuf>,
    /// The background of the picture
    #[arg(
        long,
        value_enum,
        value_name = "THEME",
        default_value_t,
        requires = "svg",
        help_heading = "Evidence"
    )]
    pub theme: Theme,
}
