//! How results are to be shown: flags that every subcommand takes.

use clap::{Args, ValueEnum};

/// How results are to be shown.
#[derive(Args, Clone, Debug)]
pub struct Screen {
    /// When to use colours (`NO_COLOR` and `CLICOLOR_FORCE` are honoured)
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub color: When,
    /// When to draw a progress bar, on standard error
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub progress: When,
    /// Draw with ASCII characters only
    #[arg(long, global = true, help_heading = "Output")]
    pub ascii: bool,
    /// Print the result alone, without explanations
    #[arg(short, long, global = true, help_heading = "Output")]
    pub quiet: bool,
}

/// When to do something: `auto` means when the output goes to a terminal.
#[expect(
    missing_docs,
    reason = "their docs would be printed in the help, at length"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}
