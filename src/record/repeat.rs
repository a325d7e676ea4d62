//! The record of a command that was run again and again: `miscount.repeat/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use signal_hook::low_level::signal_name;

use super::counting::{Distinct, Environment, Spread, StopReason};
use super::data::Record;
use super::schema::Versioned;
use crate::plan::{Expected, RunCondition};
use crate::process::{ProcessEnding, ProcessRun};

/// A command that was run again and again.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RepeatRecord {
    /// The command with its arguments, quoted for a shell.
    pub command: String,
    /// The typed flags that decide what a run is.
    pub flags: String,
    /// The correct number; null if none was given.
    pub expected: Option<u64>,
    /// The correct outcome if it is a text, escaped and cut as `output` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_text: Option<String>,
    /// The nanoseconds that a run may take.
    pub each_ns: u64,
    /// Requested runs; null if a time was requested instead.
    pub runs_requested: Option<u64>,
    /// Runs that ended, by themselves or because they took too long.
    pub runs_completed: u64,
    /// The condition of `--until`; if `stopped` is `found`, the last run fulfils it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UntilRecord>,
    /// Why there were no further runs.
    pub stopped: StopReason,
    /// The runs one by one, if there are at most 100,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Vec<RepeatRunRecord>>,
    /// True if there are too many runs to list, or if they have been listed line by line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runs_omitted: bool,
    /// The distinct outcomes, the most frequent first. The first 1000 that occur are told apart.
    pub outcomes: Vec<RepeatOutcomeRecord>,
    /// Runs with further outcomes.
    pub runs_with_further_outcomes: u64,
    /// All runs in a few numbers.
    pub summary: RepeatSummary,
    /// The number of runs with each outcome that is a number.
    pub distribution: Vec<Distinct>,
    /// The folder in which the output of the first run of each outcome was saved; null without one.
    pub kept: Option<String>,
    /// The environment of the measurement.
    pub environment: Environment,
}

impl RepeatRecord {
    /// The header of CSV.
    pub const COLUMNS: &'static str =
        "run,outcome,output,number,lost,correct,exit,signal,timed_out,elapsed_ns";
}

/// What `--until` looks for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UntilRecord {
    /// What it is about.
    pub kind: UntilKind,
    /// The condition as it is typed, quoted for a shell.
    pub condition: String,
}

/// The kinds of conditions of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UntilKind {
    /// It has the outcome of the first run, or another one.
    Outcome,
    /// It has the expected outcome, or another one.
    Expected,
    /// It ends with this exit status.
    Exit,
    /// A line of its standard output matches this regular expression.
    Output,
}

/// A line of JSON lines: a run as soon as it is known, and at the end the rest.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum RepeatLine<'a> {
    /// A run.
    Run(RepeatRunRecord),
    /// The record, without its runs.
    Summary(Versioned<&'a RepeatRecord>),
}

/// What came of a run. Runs with the same outcome have all of this in common, except for the output
/// before a timeout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessOutcome {
    /// The beginning of what the command wrote to standard output, or of what `--match` found in it.
    /// Control characters and invalid bytes are escaped. Null if nothing was found.
    pub output: Option<String>,
    /// The same as a number, if it is a whole number and nothing else.
    pub number: Option<u64>,
    /// The expected number minus this one; null if one of them is missing or this one is greater.
    pub lost: Option<u64>,
    /// Whether the exit status is 0 and the outcome is the expected one; null if none was given.
    pub correct: Option<bool>,
    /// The exit status; null if a signal or a timeout ended the command.
    pub exit: Option<i32>,
    /// The name of the signal that ended the command, such as `SIGSEGV`; else null.
    pub signal: Option<String>,
    /// Whether the command took too long and was ended.
    pub timed_out: bool,
}

/// One run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RepeatRunRecord {
    /// Its number in the order in which runs ended, counted from 1.
    pub run: u64,
    /// The number of its outcome; null if it is one of the further outcomes.
    pub outcome: Option<u64>,
    /// What came of it.
    #[serde(flatten)]
    pub what: ProcessOutcome,
    /// Nanoseconds from before the process was started until it had ended.
    pub elapsed_ns: u64,
}

/// An outcome and the runs that had it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RepeatOutcomeRecord {
    /// Its number, counted from 1, in the order in which the outcomes occurred.
    pub outcome: u64,
    /// What it is.
    #[serde(flatten)]
    pub what: ProcessOutcome,
    /// The number of bytes that its first run wrote to standard output.
    pub bytes: u64,
    /// The SHA-256 digest of what its first run wrote to standard output, in hexadecimal.
    pub sha256: String,
    /// The beginning of what its first run wrote to standard error, escaped as `output` is.
    pub standard_error: String,
    /// The number of runs with this outcome.
    pub runs: u64,
    /// Their share of all runs.
    pub runs_share: Option<f64>,
    /// 95% Wilson interval of that share.
    pub runs_interval: Option<[f64; 2]>,
    /// The first run with this outcome.
    pub first_run: u64,
    /// The median time of these runs, in nanoseconds.
    pub median_ns: Option<f64>,
}

/// All runs in a few numbers; unknown ones are null.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RepeatSummary {
    /// Runs with the expected outcome, if there is one.
    pub runs_correct: Option<u64>,
    /// Runs with another outcome, if there is an expected one.
    pub runs_wrong: Option<u64>,
    /// The share of the latter.
    pub runs_wrong_share: Option<f64>,
    /// 95% Wilson interval of that share.
    pub runs_wrong_interval: Option<[f64; 2]>,
    /// Runs for which the condition of `--expect` holds.
    pub runs_as_expected: Option<u64>,
    /// The largest share that an outcome may have which did not occur, with 95% confidence.
    pub unseen_share: Option<f64>,
    /// The estimated chance that another run has an outcome that has not occurred (Good, 1953): the
    /// share of runs whose outcome occurred once. Null if there are further outcomes.
    pub new_outcome_share: Option<f64>,
    /// Outcomes that are numbers.
    pub actual: Spread,
    /// The expected number minus these; null if one of them is greater.
    pub lost: Spread,
    /// Nanoseconds of a run.
    pub elapsed_ns: Spread,
    /// Runs in a second of the whole experiment.
    pub runs_per_second: Option<f64>,
}

impl ProcessOutcome {
    /// Returns what came of a run.
    pub fn new(run: &ProcessRun, expected: Option<&Expected>) -> Self {
        let signal = match run.ending {
            ProcessEnding::Signaled(signal) => Some(signal),
            _ => None,
        };
        let name = |signal| signal_name(signal).map_or(format!("signal {signal}"), Into::into);
        Self {
            output: run
                .output
                .as_deref()
                .map(|output| printable(output, run.is_cut)),
            number: run.value,
            lost: expected
                .and_then(Expected::number)
                .zip(run.value)
                .and_then(|(all, value)| all.checked_sub(value)),
            correct: expected.map(|expected| run.is_correct(expected)),
            exit: match run.ending {
                ProcessEnding::Exited(status) => Some(status),
                _ => None,
            },
            signal: signal.map(name),
            timed_out: run.ending == ProcessEnding::TimedOut,
        }
    }
}

impl RepeatRunRecord {
    /// Returns the record of a run.
    pub fn new(run: &ProcessRun, expected: Option<&Expected>) -> Self {
        Self {
            run: run.number,
            outcome: run.outcome,
            what: ProcessOutcome::new(run, expected),
            elapsed_ns: run.elapsed_ns,
        }
    }
}

/// A condition, and how it is typed.
impl From<(&RunCondition, String)> for UntilRecord {
    fn from((condition, typed): (&RunCondition, String)) -> Self {
        let kind = match condition {
            RunCondition::Same | RunCondition::Different => UntilKind::Outcome,
            RunCondition::Counted(_) => UntilKind::Expected,
            RunCondition::Exit(_) => UntilKind::Exit,
            RunCondition::Output(_) => UntilKind::Output,
        };
        Self {
            kind,
            condition: typed,
        }
    }
}

impl Record for RepeatRecord {
    type Line<'a> = RepeatLine<'a>;

    fn columns(&self) -> &'static str {
        Self::COLUMNS
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.runs.iter().flatten().cloned().map(RepeatLine::Run)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(RepeatLine::Summary(Versioned::new(self)))
    }
}

/// The most characters of a text that are shown.
const MOST_SHOWN: usize = 120;

/// Returns a text, without the line feed at its end and cut if it is long. Whatever could disturb a
/// terminal is escaped: control characters, characters that change the direction of writing, and bytes
/// that are no UTF-8. `is_cut` tells that there is more than this.
pub(super) fn printable(bytes: &[u8], is_cut: bool) -> String {
    let bytes = if is_cut {
        bytes
    } else {
        bytes.strip_suffix(b"\n").unwrap_or(bytes)
    };
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let mut text = String::new();
    let mut shown = 0;
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().chars().map(|c| match c {
            '"' | '\'' | '\\' => c.to_string(),
            c => c.escape_debug().to_string(),
        });
        let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}"));
        for piece in valid.chain(invalid) {
            shown += 1;
            if shown > MOST_SHOWN {
                return text + "...";
            }
            text += &piece;
        }
    }
    if is_cut { text + "..." } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_disturb_a_terminal_is_escaped() {
        for (bytes, text) in [
            (&b"15000\n"[..], "15000"),
            (b"15000\r\n", "15000"),
            (b"", ""),
            (b"a\n\n", "a\\n"),
            (b"a\nb\tc", "a\\nb\\tc"),
            (b"\x1b[31mred\x07", "\\u{1b}[31mred\\u{7}"),
            (
                b"caf\xc3\xa9 \xff\xfe \"x\\y'",
                "caf\u{e9} \\xff\\xfe \"x\\y'",
            ),
            ("\u{202e}evil".as_bytes(), "\\u{202e}evil"),
        ] {
            assert_eq!(printable(bytes, false), text);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "x".repeat(MOST_SHOWN);
        assert_eq!(printable(long.as_bytes(), false), long);
        assert_eq!(printable(long.as_bytes(), true), format!("{long}..."));
        let longer = format!("{long}y");
        assert_eq!(printable(longer.as_bytes(), false), format!("{long}..."));
    }
}
