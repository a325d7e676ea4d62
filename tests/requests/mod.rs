//! Requests under contexts: tables in virtual time, the real clock, formats, bad input.

mod formats;
#[cfg(unix)]
mod live;
mod oracle;
mod real_time;
mod virtual_time;
mod wrong;

use std::process::{Command, Output};

use miscount::requests::{Event, RequestOutcome};
use miscount::sync::Observer;
use serde_json::Value;

use crate::support::{self, miscount};

/// `requests` with these words, of which none has a space.
fn requests(words: &str) -> Command {
    let mut command = miscount();
    command.arg("requests").args(words.split_whitespace());
    command
}

fn output(words: &str) -> Output {
    support::output(&mut requests(words))
}

/// What is printed when all is well.
fn printed(words: &str) -> String {
    let output = output(words);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{words}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn record(words: &str) -> Value {
    serde_json::from_str(&printed(&format!("{words} --format json"))).unwrap()
}

/// How each request ended: its name, its outcome, and through whom. On the real clock nothing else
/// is certain: a busy machine may not even begin before a request is stopped.
fn ways(record: &Value) -> Vec<String> {
    let without_steps = |ending: String| {
        let words: Vec<_> = ending.split(' ').collect();
        [words[0], words[2], words[3]].join(" ")
    };
    endings(record).into_iter().map(without_steps).collect()
}

/// How each request ended: its name, its steps, its outcome, and through whom.
fn endings(record: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_string();
    let ending = |request: &Value| {
        format!(
            "{} {} {} {}",
            word(&request["request"]),
            request["steps"],
            word(&request["outcome"]),
            word(&request["through"])
        )
    };
    let requests = record["requests"].as_array().unwrap();
    requests.iter().map(ending).collect()
}

/// Keeps how requests ended, in the order in which they did.
#[derive(Default)]
struct Outcomes(Vec<(usize, RequestOutcome)>);

impl Observer<Event> for Outcomes {
    fn observe(&mut self, event: &Event) {
        if let Event::Ended { request, outcome } = event {
            self.0.push((*request, outcome.clone()));
        }
    }
}
