//! `repeat`: any command, again and again.

#[cfg(unix)]
mod bad_input;
#[cfg(unix)]
mod ends;
#[cfg(target_os = "linux")]
mod leftovers;
#[cfg(unix)]
mod outcomes;
mod report;

#[cfg(unix)]
use std::process::Output;

#[cfg(unix)]
use serde_json::Value;

#[cfg(unix)]
use crate::support::{miscount, output};

/// Runs `repeat` with these flags on a command line of the shell.
#[cfg(unix)]
fn repeat(flags: &str, script: &str) -> Output {
    let flags = flags.split(' ').filter(|flag| !flag.is_empty());
    let mut program = miscount();
    program.arg("repeat").args(flags);
    output(program.args(["--", "sh", "-c", script]))
}

/// Does the same; the exit code and the record.
#[cfg(unix)]
fn record(flags: &str, script: &str) -> (i32, Value) {
    let output = repeat(&format!("{flags} --format json"), script);
    let record = serde_json::from_slice(&output.stdout);
    let record = record.unwrap_or_else(|error| panic!("{script}: {error}: {output:?}"));
    (output.status.code().unwrap(), record)
}

/// The only outcome that there is.
#[cfg(unix)]
fn only(record: &Value) -> &Value {
    let outcomes = record["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 1, "{record}");
    assert_eq!(outcomes[0]["runs"], record["runs_completed"]);
    assert_eq!(outcomes[0]["first_run"], 1);
    &outcomes[0]
}
