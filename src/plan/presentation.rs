//! The choices about how results are shown.

use clap::ValueEnum;

/// When to use something that only a person at a terminal wants, such as colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "their docs would be printed in the help, at length"
)]
pub enum When {
    // When the output goes to a terminal.
    #[default]
    Auto,
    Always,
    Never,
}

/// The colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// Dark on light
    #[default]
    Light,
    /// Light on dark
    Dark,
}
