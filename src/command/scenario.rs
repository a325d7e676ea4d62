//! Turns the arguments of `requests` into a scenario.

use std::time::Duration;

use jiff::Timestamp;

use crate::cli::{DeadlineArg, RequestsArgs, echoed};
use crate::error::Error;
use crate::model::Label;
use crate::page::{grouped, typed_duration as time};
use crate::requests::{ROOT, RequestSetting, Scenario, Tree};

/// The most names that a complaint lists.
const MOST_NAMES: usize = 8;

/// The most steps that are shown in virtual time: more would take too long to write.
const MOST_STEPS: u64 = 1_000_000_000;

/// Returns the scenario; a deadline at a time of day is counted from now. `every_step` says whether each step is shown.
pub(super) fn scenario(typed: &RequestsArgs, every_step: bool) -> Result<Scenario, Error> {
    let mut scenario = Scenario::new(tree(typed)?, typed.items, typed.pause);
    for value in &typed.value {
        let node = find(scenario.tree(), "--value", value.name.as_deref())?;
        scenario.set(node, value.what);
    }
    for timeout in &typed.timeout {
        let node = find(scenario.tree(), "--timeout", timeout.name.as_deref())?;
        scenario.limit(node, timeout.what);
    }
    for cancel in &typed.cancel {
        let node = find(scenario.tree(), "--cancel", cancel.name.as_deref())?;
        scenario.cancel(node, cancel.what);
    }
    if let Some(after) = typed.cancel_after {
        scenario.cancel(0, after);
    }
    match typed.deadline {
        Some(DeadlineArg::After(after)) => scenario.limit(0, after),
        Some(DeadlineArg::At(_)) if typed.is_virtual => {
            return Err(Error::Usage(
                "--deadline: a virtual clock has no time of day; write a time after the start, \
                 such as +2s, or leave out --virtual"
                    .into(),
            ));
        }
        Some(DeadlineArg::At(time)) => {
            // A time in the past counts as the start.
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
        playable(&scenario, every_step)?;
    }
    Ok(scenario)
}

/// Returns the flags that repeat the scenario, without those that have their defaults.
pub(super) fn flags(typed: &RequestsArgs) -> String {
    let of = |name: &Option<String>, sign| {
        let name = name.iter().map(|name| format!("{name}{sign}"));
        name.collect::<String>()
    };
    let mut flags = Vec::new();
    // Spaces only ever separate signs.
    let tree = typed.tree.as_ref();
    let tree = tree.map(|tree| tree.split_whitespace().collect::<String>());
    match tree {
        // Shells interpret brackets.
        Some(tree) if tree.contains(['(', ')']) => flags.push(format!("--tree '{tree}'")),
        Some(tree) => flags.push(format!("--tree {tree}")),
        None if typed.requests != RequestsArgs::REQUESTS => {
            flags.push(format!("--requests {}", typed.requests));
        }
        None => {}
    }
    if typed.items != RequestsArgs::ITEMS {
        flags.push(format!("--items {}", typed.items));
    }
    let pause = time(typed.pause);
    if pause != RequestsArgs::PAUSE {
        flags.push(format!("--pause {pause}"));
    }
    flags.extend(typed.value.iter().map(|value| {
        let name = of(&value.name, '.');
        match value.what {
            RequestSetting::Items(items) => format!("--value {name}items={items}"),
            RequestSetting::Pause(pause) => format!("--value {name}pause={}", time(pause)),
        }
    }));
    if typed.is_virtual {
        flags.push("--virtual".into());
    }
    let after = typed.cancel_after.iter();
    flags.extend(after.map(|after| format!("--cancel-after {}", time(*after))));
    flags.extend(typed.cancel.iter().map(|cancel| {
        let name = of(&cancel.name, '@');
        format!("--cancel {name}{}", time(cancel.what))
    }));
    flags.extend(typed.timeout.iter().map(|timeout| {
        let name = of(&timeout.name, '=');
        format!("--timeout {name}{}", time(timeout.what))
    }));
    flags.extend(typed.deadline.map(|deadline| match deadline {
        DeadlineArg::After(after) => format!("--deadline +{}", time(after)),
        DeadlineArg::At(at) => format!("--deadline {at}"),
    }));
    flags.join(" ")
}

/// Refuses a scenario that virtual time cannot finish. In real time the limit is out of reach.
fn playable(scenario: &Scenario, every_step: bool) -> Result<(), Error> {
    let bounds = scenario.bounds();
    if every_step && bounds.steps > MOST_STEPS.into() {
        return Err(Error::Usage(format!(
            "--virtual shows at most {} steps, and all requests together take {}; lower --items, have them \
             stopped in time (with a pause of 0 no time passes), or leave out --format jsonl and --progress always",
            grouped(MOST_STEPS),
            u64::try_from(bounds.steps).map_or_else(|_| "more than 2^64".into(), grouped)
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

fn tree(typed: &RequestsArgs) -> Result<Tree, Error> {
    let labels = || (0..typed.requests).map(|index| Label(index).to_string());
    match &typed.tree {
        None => Ok(Tree::flat(labels())),
        Some(spec) => Tree::parse(spec).map_err(|error| Error::Usage(format!("--tree: {error}"))),
    }
}

/// Returns the node of this name, or the root without a name.
fn find(tree: &Tree, flag: &str, name: Option<&str>) -> Result<usize, Error> {
    let name = name.unwrap_or(ROOT);
    let example = match flag {
        "--value" => "B.items=4",
        "--timeout" => "B=2s",
        _ => "B@1s",
    };
    if name.is_empty() {
        return Err(Error::Usage(format!(
            "{flag}: the request's name is missing; write {example}"
        )));
    }
    tree.find(name).ok_or_else(|| {
        let names: Vec<_> = tree.requests().map(|node| tree.name(node)).collect();
        let names = match names.as_slice() {
            [first, second, .., last] if names.len() > MOST_NAMES => {
                format!("{first}, {second}, ... {last}")
            }
            names => names.join(", "),
        };
        let name = echoed(name);
        Error::Usage(format!(
            "{flag}: no request '{name}'; the requests are {names}, and {ROOT} for all"
        ))
    })
}
