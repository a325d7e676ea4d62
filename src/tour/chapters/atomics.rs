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
        "Processors have instructions that load, add and store in one step that nobody can come \
         between: atomic operations. One of them adds. Another, compare-exchange, stores only if \
         the counter is still what it was when it was loaded; if not, the thread tries again.",
        "Or the threads do not share at all: each has a counter of its own, and in the end these \
         are added up.",
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
            "An atomic addition needs no lock, but its instruction is dearer than a plain one. On \
             several cores the difference is far greater: all of them want the same piece of \
             memory, and it can be in one place at a time. Threads that do not share never wait \
             for each other."
        } else {
            "An atomic addition needs no lock, but all cores still want the same piece of memory, \
             and it can be in one place at a time. Sharing is what costs. Threads that do not \
             share never wait for each other, and run at full speed on every core."
        };
        let mut why = vec![measured, reason.into()];
        if cheapest(record)? != SHARDED {
            why.push(
                "That another way was as cheap this time, or cheaper, is not what to expect: the \
                 machine may have been busy with something else, or this program was built without \
                 optimisation. Repeat it, with more increments."
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
