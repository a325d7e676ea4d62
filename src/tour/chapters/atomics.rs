//! Ways without a lock.

use super::super::chapter::{Chapter, median_ns, one_core};
use super::super::question::{Answer, Form, Question};

/// The strategies that are compared, in the order of the options.
const COMPARED: [&str; 4] = ["mutex-per-op", "compare-exchange", "atomic", "sharded"];

pub(super) static CHAPTER: Chapter = Chapter {
    name: "atomics",
    title: "Without a lock",
    text: &[
        "Processors have instructions that load, add and store in one step that nobody can come \
         between: atomic operations. One of them adds. Another, compare-exchange, stores only if \
         the counter is still what it was when it was loaded; if not, the thread tries again.",
        "Or the threads do not share at all: each has a counter of its own, and in the end they \
         are added up.",
    ],
    question: Question {
        ask: "Which is the cheapest way to the right total?",
        form: Form::Choice(&[
            "a mutex around each increment",
            "compare-exchange",
            "an atomic addition",
            "a counter for each thread (sharded)",
        ]),
    },
    experiments: &["compare mutex-per-op compare-exchange atomic sharded -i 5000 -r 50"],
    answer: |records| {
        let times = COMPARED.map(|strategy| median_ns(&records[0], strategy));
        let mut cheapest = None;
        for (place, time) in times.into_iter().enumerate() {
            let time = time?;
            if cheapest.is_none_or(|(_, least)| time < least) {
                cheapest = Some((place, time));
            }
        }
        cheapest.map(|(place, _)| Answer::Choice(place + 1))
    },
    why: |records| {
        let why = if one_core(&records[0]) {
            "An atomic addition needs no lock, but its instruction is dearer than a plain one. On \
             several cores the difference is far greater: all of them want the same piece of \
             memory, and it can be in one place at a time. Threads that do not share never wait \
             for each other."
        } else {
            "An atomic addition needs no lock, but all cores still want the same piece of memory, \
             and it can be in one place at a time. Sharing is what costs. Threads that do not \
             share never wait for each other, and run at full speed on every core."
        };
        vec![why.into()]
    },
    further: &["compare", "explain atomic"],
};
