//! `repeat`: any command, again and again.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};
use regex::bytes::{Regex, RegexBuilder};

use super::values;
use crate::error::Error;
use crate::plan::{Expected, MOST_JOBS, ProcessPinning, RepeatPlan, RunCondition, Until};
use crate::stats::runs_to_show;

/// Run any command many times, and count its distinct outcomes.
///
/// An outcome is the command's standard output, exit status, signal or timeout. Each run has an empty
/// standard input and a process group, which is killed at its end.
#[derive(Args, Clone, Debug)]
#[command(
    next_help_heading = "Experiment",
    override_usage = "miscount repeat [OPTIONS] -- COMMAND [ARGS]..."
)]
pub struct RepeatArgs {
    /// The command and its arguments
    #[arg(value_name = "COMMAND", trailing_var_arg = true, value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
    /// Number of runs [default: 100]
    #[arg(short, long, alias = "trials", value_name = "R", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: Option<u64>,
    /// Enough runs to show any outcome with this share (0.1%), with 95% confidence
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true, conflicts_with = "runs", value_parser = share)]
    pub confidence: Option<f64>,
    /// Run for this long instead
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, conflicts_with_all = ["runs", "confidence"], value_parser = values::some_time)]
    pub budget: Option<Duration>,
    /// Stop at a run: different, wrong, correct, EXIT or REGEX
    ///
    /// different: it has another outcome than the first run. wrong (or lost) and correct: it has another
    /// outcome than --expected, or the same. EXIT: it ends with this exit status, 0 to 255. REGEX: a line of
    /// its output matches; '^1$' matches the output 1.
    #[arg(long, value_name = "WHAT", value_parser = until)]
    pub until: Option<RunCondition>,
    /// Stop after this long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// End a run that takes longer
    ///
    /// Its outcome is a timeout.
    #[arg(long, value_name = "DURATION", default_value = "10s", allow_hyphen_values = true, value_parser = values::some_time)]
    pub each: Duration,
    /// Exit with 1 unless all are same, correct, EXIT or REGEX
    ///
    /// same: all runs have the outcome of the first. The others are those of --until; wrong holds if some run
    /// is wrong.
    #[arg(long, value_name = "WHAT", value_parser = expect)]
    pub expect: Option<RunCondition>,
    /// Take the first group of the first match as the outcome
    #[arg(long = "match", value_name = "REGEX", value_parser = outcome)]
    pub outcome: Option<Regex>,
    /// The correct number or text; any other outcome is wrong
    ///
    /// It is compared with the command's output, or with the match of --match, without white space at the
    /// ends.
    #[arg(long, value_name = "TEXT", allow_negative_numbers = true, value_parser = expected)]
    pub expected: Option<Expected>,
    /// Save an example of each outcome in this folder
    ///
    /// It is the output of the first run with this outcome.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub keep: Option<PathBuf>,
    /// Processes that run at the same time
    #[arg(short, long, value_name = "J", default_value = "1", allow_negative_numbers = true, value_parser = values::within(1..=MOST_JOBS), help_heading = "Make it show")]
    pub jobs: usize,
    /// Cores that the processes may use: one, all or a number
    #[arg(long, value_name = "one|all|N", default_value = "all", allow_negative_numbers = true, value_parser = cores, help_heading = "Make it show")]
    pub cores: Cores,
    /// Let busy threads compete for the cores
    #[arg(long, help_heading = "Make it show")]
    pub stress: bool,
    /// Which cores each process runs on
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        default_value_t,
        help_heading = "Make it show"
    )]
    pub pin: ProcessPinning,
}

impl RepeatArgs {
    /// How long a run may take unless `--each` says otherwise.
    pub const EACH: Duration = Duration::from_secs(10);
}

/// The number of cores that processes may use; `None` for all of them. A type of its own, as clap
/// takes an `Option` for a flag that may be left out.
#[derive(Clone, Copy, Debug)]
pub struct Cores(pub Option<usize>);

impl TryFrom<&RepeatArgs> for RepeatPlan {
    type Error = Error;

    fn try_from(typed: &RepeatArgs) -> Result<Self, Error> {
        let Some((program, arguments)) = typed.command.split_first() else {
            return Err(Error::Usage(
                "no command given; write it after '--': miscount repeat -- ./program".into(),
            ));
        };
        for (flag, condition) in [("--until", &typed.until), ("--expect", &typed.expect)] {
            if matches!(condition, Some(RunCondition::Counted(_))) && typed.expected.is_none() {
                return Err(Error::Usage(format!(
                    "{flag} wrong and {flag} correct need the correct outcome; add --expected TEXT"
                )));
            }
        }
        let runs = match (typed.budget, typed.confidence) {
            (Some(_), _) => u64::MAX,
            (None, Some(share)) => runs_to_show(share),
            (None, None) => typed.runs.unwrap_or(100),
        };
        Ok(Self {
            program: program.clone(),
            arguments: arguments.to_vec(),
            runs,
            budget: typed.budget,
            each: typed.each,
            until: typed.until.clone(),
            expect: typed.expect.clone(),
            outcome: typed.outcome.clone(),
            expected: typed.expected.clone(),
            jobs: typed.jobs,
            cores: typed.cores.0,
            stress: typed.stress,
            pinning: typed.pin,
            keep: typed.keep.clone(),
        })
    }
}

/// Reads a regular expression. Lines may hold any bytes.
fn regex(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).build();
    built.map_err(|error| {
        // The last line says what is wrong; those before it draw the place.
        let error = error.to_string();
        let last = error.lines().last().unwrap_or_default();
        let what = last.trim_start_matches("error: ");
        format!("not a regular expression: {what}")
    })
}

/// Reads a regular expression with a group, which is the outcome.
fn outcome(text: &str) -> Result<Regex, String> {
    let regex = regex(text)?;
    if regex.captures_len() < 2 {
        return Err(
            "it has no group; put the outcome in parentheses, as in 'total: ([0-9]+)'".into(),
        );
    }
    Ok(regex)
}

fn until(text: &str) -> Result<RunCondition, String> {
    condition(text, ("different", RunCondition::Different))
}

fn expect(text: &str) -> Result<RunCondition, String> {
    condition(text, ("same", RunCondition::Same))
}

/// Reads a condition; one word of its own goes with each flag.
fn condition(text: &str, own: (&str, RunCondition)) -> Result<RunCondition, String> {
    match text {
        "" => Err("write a word, an exit status or a regular expression".into()),
        "wrong" | "lost" => Ok(RunCondition::Counted(Until::Lost)),
        "correct" => Ok(RunCondition::Counted(Until::Correct)),
        _ if text == own.0 => Ok(own.1),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map(RunCondition::Exit).map_err(|_| {
                format!(
                    "an exit status is 0 to 255; as a regular expression, the number is '^{text}$'"
                )
            })
        }
        _ => regex(text).map(RunCondition::Output),
    }
}

/// Reads the correct outcome: a number if it can be one.
fn expected(text: &str) -> Result<Expected, String> {
    match (values::number(text), text.trim()) {
        (_, "") => Err("write the correct outcome, a number or a text".into()),
        (Ok(number), _) => Ok(Expected::Number(number)),
        (Err(_), text) => Ok(Expected::Text(text.into())),
    }
}

/// Reads a number of cores.
fn cores(text: &str) -> Result<Cores, String> {
    match text {
        "all" => Ok(Cores(None)),
        "one" => Ok(Cores(Some(1))),
        _ => {
            let number = values::within(1..=1024_usize)(text);
            let cores = number.map_err(|_| "write one, all or a number of cores")?;
            Ok(Cores(Some(cores)))
        }
    }
}

/// Reads a share such as `0.1%` or `0.001`, between 0 and 1.
fn share(text: &str) -> Result<f64, String> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text, 1.0),
    };
    let is_plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let share = number.parse::<f64>().ok().filter(|_| is_plain);
    let share = share.map(|number| number / scale);
    let share = share.filter(|share| (1e-9..1.0).contains(share));
    share.ok_or_else(|| "write a share between 0 and 1, such as 0.1% or 0.001".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_or_a_fraction() {
        for (text, value) in [("0.1%", 0.001), ("3 %", 0.03), ("0.05", 0.05), ("50%", 0.5)] {
            assert!((share(text).unwrap() - value).abs() < 1e-12, "{text}");
        }
        for text in [
            "", "%", "0", "0%", "100%", "1", "-1%", "1e-3", "inf", "nan", "x",
        ] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_condition_is_a_word_an_exit_status_or_a_regular_expression() {
        assert!(matches!(until("different"), Ok(RunCondition::Different)));
        assert!(matches!(expect("same"), Ok(RunCondition::Same)));
        for wrong in ["wrong", "lost"] {
            let condition = until(wrong);
            assert!(matches!(condition, Ok(RunCondition::Counted(Until::Lost))));
        }
        assert!(matches!(expect("255"), Ok(RunCondition::Exit(255))));
        // The word of the other flag is a regular expression like any other word.
        assert!(matches!(until("same"), Ok(RunCondition::Output(_))));
        assert!(expect("15000").unwrap_err().contains("'^15000$'"));
        assert!(expect("").is_err());
        assert!(expect("(").unwrap_err().contains("unclosed group"));
    }

    #[test]
    fn the_correct_outcome_is_a_number_or_a_text() {
        let text = |text: &str| Ok(Expected::Text(text.into()));
        assert_eq!(expected("15k"), Ok(Expected::Number(15_000)));
        assert_eq!(expected("-1"), text("-1"));
        assert_eq!(expected(" a b\n"), text("a b"));
        assert!(expected(" ").is_err());
    }

    #[test]
    fn an_outcome_needs_a_group() {
        assert!(outcome("total: ([0-9]+)").is_ok());
        assert!(outcome("total: [0-9]+").unwrap_err().contains("no group"));
        assert!(outcome("(?:total)").unwrap_err().contains("no group"));
    }
}
