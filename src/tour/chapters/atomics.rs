//! Ways without a lock.

use super::{Chapter, ComparisonRecord, Form, Question, median, one_core};
use crate::page::short;

/// The strategies, in the order of the options.
const WAYS: [&str; 4] = ["mutex-per-op", "compare-exchange", "atomic", "sharded"];

pub(super) static CHAPTER: Chapter = Chapter {
    name: "atomics",
    title: "Without a lock",
    text: &[
        "Processors have atomic operations: they load, change and store in one step. One of them \
         adds. Another, compare-exchange, stores only if the counter still has the loaded value; \
         if not, the thread tries again.",
        "Or the threads share nothing: each has its own counter, and main adds them up.",
    ],
    question: Question {
        ask: "Which is the cheapest way to the right total?",
        form: Form::Choice(&[
            "a mutex around each increment",
            "compare-exchange",
            "an atomic addition",
            "a counter for each thread (sharded)",
        ]),
        wrong: &[
            (
                1.0,
                "A lock takes an atomic operation to lock it, another to unlock it, and waiting.",
            ),
            (
                2.0,
                "It tries again whenever another thread was faster. An atomic addition never fails.",
            ),
            (
                3.0,
                "It is the cheapest way to share a counter, but sharing costs more than adding.",
            ),
            (
                4.0,
                "Usually it is. The machine may have been busy; repeat the experiment.",
            ),
        ],
    },
    experiments: &["compare mutex-per-op compare-exchange atomic sharded -i 5000 -r 51"],
    on_one_core: &[],
    answer: |records| cheapest(records.comparison()?).map(|place| (place + 1) as f64),
    why: |records| {
        let record = records.comparison()?;
        let (shared, alone) = (median(record, "atomic")?, median(record, "sharded")?);
        let reason = if one_core(&record.environment) {
            "On several cores, sharing costs more: they all need the same cache line, the unit in \
             which cores exchange memory."
        } else {
            "All cores need the counter's cache line (the unit in which cores exchange memory), one \
             at a time. Threads that share nothing run at full speed."
        };
        Some(vec![format!(
            "{} ns by an atomic addition, {} ns sharded. {reason}",
            short(shared),
            short(alone)
        )])
    },
    further: &["compare", "explain atomic"],
};

/// Returns the option that was measured to be the cheapest, counted from 0.
fn cheapest(record: &ComparisonRecord) -> Option<usize> {
    let entry = record.entries.iter().find(|entry| entry.cheapest)?;
    WAYS.iter().position(|&way| entry.strategy.name == way)
}
