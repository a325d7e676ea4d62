//! From what was typed behind `requests` to a scenario.

use std::time::Duration;

use jiff::Timestamp;

use crate::cli::{Deadline, Requests};
use crate::error::Error;
use crate::model::Label;
use crate::requests::{ROOT, Scenario, Tree};

/// The most names that a complaint lists.
const MOST_NAMES: usize = 8;

/// The most steps in virtual time: nobody waits for more.
const MOST_STEPS: u128 = 1_000_000_000;

/// The scenario, with a deadline that is a time counted from now.
pub(super) fn scenario(typed: &Requests) -> Result<Scenario, Error> {
    let mut scenario = Scenario::new(tree(typed)?, typed.items, typed.pause);
    for value in &typed.value {
        let node = find(scenario.tree(), "--value", value.name.as_deref())?;
        scenario.set(node, value.setting);
    }
    for timeout in &typed.timeout {
        let node = find(scenario.tree(), "--timeout", timeout.name.as_deref())?;
        scenario.limit(node, timeout.after);
    }
    for cancel in &typed.cancel {
        let node = find(scenario.tree(), "--cancel", Some(&cancel.name))?;
        scenario.cancel(node, cancel.after);
    }
    if let Some(after) = typed.cancel_after {
        scenario.cancel(0, after);
    }
    match typed.deadline {
        Some(Deadline::After(after)) => scenario.limit(0, after),
        Some(Deadline::At(_)) if typed.is_virtual => {
            return Err(Error::Usage(
                "--deadline: a virtual clock begins at 0 and knows no time of day; write how \
                 long after the start, such as +2s, or leave out --virtual"
                    .into(),
            ));
        }
        Some(Deadline::At(time)) => {
            // A time that has passed is the start.
            let left = time.duration_since(Timestamp::now());
            let left = Duration::try_from(left).unwrap_or_default();
            if left.as_nanos() > u128::from(u64::MAX) {
                return Err(Error::Usage(
                    "--deadline: this is more than 2^64 nanoseconds away, which is 584 years; \
                     write an earlier time, or none"
                        .into(),
                ));
            }
            scenario.limit(0, left);
        }
        None => {}
    }
    if typed.is_virtual {
        playable(&scenario)?;
    }
    Ok(scenario)
}

/// Refuses what virtual time has no end for. In real time, nobody lives to see it.
fn playable(scenario: &Scenario) -> Result<(), Error> {
    let bounds = scenario.bounds();
    if bounds.steps > MOST_STEPS {
        return Err(Error::Usage(format!(
            "--virtual plays at most {MOST_STEPS} steps, and all requests together take {}; lower \
             --items, or have them stopped in time (with a pause of 0 no time passes)",
            bounds.steps
        )));
    }
    if bounds.end_ns > u128::from(u64::MAX) {
        return Err(Error::Usage(
            "--virtual: the pauses of a request take longer than 2^64 nanoseconds, which is 584 \
             years; lower --pause or --items, or stop it with --timeout"
                .into(),
        ));
    }
    Ok(())
}

fn tree(typed: &Requests) -> Result<Tree, Error> {
    let labels = || (0..typed.requests).map(|index| Label(index).to_string());
    match &typed.tree {
        None => Ok(Tree::flat(labels())),
        Some(spec) => Tree::parse(spec).map_err(|error| Error::Usage(format!("--tree: {error}"))),
    }
}

/// The node of this name; the root where none is named.
fn find(tree: &Tree, flag: &str, name: Option<&str>) -> Result<usize, Error> {
    let name = name.unwrap_or(ROOT);
    tree.find(name).ok_or_else(|| {
        let names: Vec<_> = tree.requests().map(|node| tree.name(node)).collect();
        let names = match names.as_slice() {
            [first, second, .., last] if names.len() > MOST_NAMES => {
                format!("{first}, {second}, ... {last}")
            }
            names => names.join(", "),
        };
        let name = name.escape_debug();
        Error::Usage(format!(
            "{flag}: there is no request '{name}'; there are {names}, and {ROOT} for all"
        ))
    })
}
