//! The subcommands about the machine and the shell.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueHint};
use clap_complete::Shell;

use super::values;

/// A subcommand about the machine or the shell, as typed.
#[derive(Subcommand, Clone, Debug)]
pub enum MachineArgs {
    /// How races show on this machine, and which flags help
    Doctor(DoctorArgs),
    /// Show again what --format json wrote, in any format
    #[command(
        after_help = "Keep what was measured: miscount unsynced --format json -o runs.json\n\n\
                      Show it later, elsewhere: miscount show runs.json --format html -o runs.html"
    )]
    Show {
        /// The record; - for standard input
        #[arg(value_name = "FILE.json", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Completions for a shell, to standard output
    #[command(after_help = "For bash: source <(miscount completions bash)\n\n\
                      For zsh: miscount completions zsh > DIR/_miscount, with DIR in fpath\n\n\
                      For fish: miscount completions fish > ~/.config/fish/completions/miscount.fish")]
    Completions {
        /// The shell
        #[arg(value_enum, value_name = "SHELL")]
        shell: Shell,
    },
    /// The manual page of the program, to standard output
    #[command(after_help = "Read it at once: miscount man | man -l -\n\n\
                      Keep all of them: miscount man --dir ~/.local/share/man/man1")]
    Man {
        /// Write a page for the program and one for each subcommand into this folder instead
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "output")]
        dir: Option<PathBuf>,
    },
    /// The JSON Schema of a record, or the names of all records
    #[command(
        after_help = "Records are written with --format json, and line by line with --format jsonl."
    )]
    Schema {
        /// The record, by name [default: list the names]
        #[arg(value_name = "RECORD")]
        record: Option<String>,
    },
}

/// The arguments of `doctor`.
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// Threads of each run, 1 to 1024
    #[arg(short, long, value_name = "N", default_value = "2", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Stop after this long: report what is known, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
}
