//! Ways without a lock.

use super::{
    Answer, COMPARISON, Chapter, ComparisonRecord, Form, Question, median_ns, one_core, unsteady,
};

/// The option without a shared counter.
const SHARDED: usize = 4;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "atomics",
    title: "Without a lock",
    text: &[
        "Processors have atomic operations, which load, change and store in one indivisible step. \
         One of them adds. Another, compare-exchange, stores only if the counter still has the \
         loaded value; otherwise the thread tries again.",
        "Or the threads share nothing: each has its own counter, and the counters are added up at \
         the end.",
    ],
    question: Question {
        ask: "Which is the cheapest way to the right total?",
        form: Form::Choice(&[
            // In the order of the experiment.
            "a mutex around each increment",
            "compare-exchange",
            "an atomic addition",
            "a counter for each thread (sharded)",
        ]),
    },
    experiments: &["compare mutex-per-op compare-exchange atomic sharded -i 5000 -r 51"],
    on_one_core: &[],
    legend: COMPARISON,
    answer: |records| cheapest(records.comparison()?).map(Answer::Choice),
    why: |records| {
        let record = records.comparison()?;
        let measured = format!(
            "An increment took {} ns with a mutex, {} ns by compare-exchange, {} ns by an atomic \
             addition and {} ns sharded.",
            median_ns(record, "mutex-per-op")?,
            median_ns(record, "compare-exchange")?,
            median_ns(record, "atomic")?,
            median_ns(record, "sharded")?
        );
        let reason = if one_core(&record.environment) {
            "An atomic addition needs no lock, but costs more than a plain one, and far more on \
             several cores: they all need the same cache line (the unit in which cores exchange \
             memory). Threads that share nothing never wait for each other."
        } else {
            "An atomic addition needs no lock, but all cores need the same cache line (the unit \
             in which cores exchange memory), one at a time. Sharing is what costs. Threads that \
             share nothing run at full speed on every core."
        };
        let mut why = vec![measured, reason.into()];
        if cheapest(record)? != SHARDED {
            why.push(
                "Usually sharded is the cheapest. The machine may have been busy, or this build \
                 is not optimised. Repeat with more increments."
                    .into(),
            );
        }
        why.extend(unsteady(record));
        Some(why)
    },
    further: &["compare", "explain atomic"],
};

/// Returns the option that was measured to be the cheapest.
fn cheapest(record: &ComparisonRecord) -> Option<usize> {
    let place = record.entries.iter().position(|entry| entry.cheapest);
    place.map(|place| place + 1)
}
