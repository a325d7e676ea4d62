//! What a report says beyond its numbers: what happened, why, and what to try next.

use super::super::numbers::percent;
use crate::report::record::counting::Counting;
use crate::stats::rule_of_three;
use crate::strategy::{ALL, Strategy};

/// A paragraph, and the commands that go with it.
pub(super) struct Advice {
    /// One or more sentences.
    pub(super) text: String,
    /// What each command is for, and the command.
    pub(super) commands: Vec<(&'static str, String)>,
}

/// What to say about this experiment.
pub(super) fn advice(record: &Counting, strategy: &dyn Strategy) -> Advice {
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    let why = strategy.why();
    if strategy.is_correct() {
        let place = ALL.iter().position(|kind| kind.name == record.strategy);
        let next = place.and_then(|place| ALL.get(place + 1));
        return Advice {
            text: why.to_string(),
            commands: next
                .map(|kind| ("Next", format!("miscount {} {shape}", kind.name)))
                .into_iter()
                .collect(),
        };
    }
    if record.summary.runs_lost > 0 {
        let remedy = if record.strategy == "rwlock" {
            "rwlock"
        } else {
            "mutex-per-op"
        };
        return Advice {
            text: why.to_string(),
            commands: vec![("Fix it", format!("miscount {remedy} {shape}"))],
        };
    }
    nothing_lost(record, strategy, &shape)
}

/// A strategy that may lose updates has lost none: say what that means.
fn nothing_lost(record: &Counting, strategy: &dyn Strategy, shape: &str) -> Advice {
    if record.expected == 0 || record.threads == 1 {
        return Advice {
            text: "With a single thread, or nothing to count, there is nobody to race with.".into(),
            commands: vec![("Race", "miscount unsynced -t 2 -i 5000".into())],
        };
    }
    let most = rule_of_three(record.runs_completed).map_or_else(String::new, |most| {
        format!(
            " (at most {} of runs lose updates, with 95 % confidence)",
            percent(most)
        )
    });
    let reason = if record.environment.cores == Some(1) {
        "This program may use one core only, so a thread must be interrupted between its load and \
         its store for the race to show."
    } else {
        "The threads hardly overlapped."
    };
    let again = if strategy.kind().name == "unsynced" && strategy.flags().is_empty() {
        format!("miscount unsynced {shape} --window yield")
    } else {
        format!("miscount {} -t {} -i 100k", record.strategy, record.threads)
    };
    let mut commands = vec![("Make it show", again)];
    if record.strategy == "unsynced" {
        commands.push(("Ask this machine why", "miscount doctor".into()));
    }
    Advice {
        text: format!("No update was lost, but that is luck{most}. {reason}"),
        commands,
    }
}
