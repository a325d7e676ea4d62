//! Waiting for threads.

use super::{Chapter, Form, Question};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "waiting",
    title: "Waiting for threads",
    text: &[
        "Main starts three threads. Each adds 1 to a counter 5,000 times, atomically, so no \
         addition gets lost. Main reads the counter as soon as it has started the threads.",
    ],
    question: Question {
        ask: "Main does this ten times. What can it read?",
        form: Form::Choice(&[
            "always 15,000",
            "sometimes less than 15,000",
            "sometimes more than 15,000",
        ]),
        wrong: &[
            (
                1.0,
                "Starting a thread does not run it to its end. Main goes on at once.",
            ),
            (
                3.0,
                "Each thread adds exactly 5,000 times, so the counter never passes 15,000.",
            ),
        ],
    },
    experiments: &["waitgroup -t 3 -r 10"],
    on_one_core: &[],
    // What can happen is known even if ten runs were lucky.
    answer: |_| Some(2.0),
    why: |records| {
        let record = records.wait_group()?;
        let runs = grouped(record.runs_completed);
        let early = record.without_waiting.runs_early;
        let seen = if early > 0 {
            format!("Main read too early in {} of {runs} runs.", grouped(early))
        } else {
            format!(
                "All {runs} runs were lucky: the threads were done before main looked. Nothing \
                 guarantees that."
            )
        };
        Some(vec![format!(
            "{seen} A wait group counts the running threads and lets main wait until none is left. \
             After waiting, every total was complete."
        )])
    },
    further: &[
        "waitgroup --mistake add-inside",
        "waitgroup --mistake forget-done",
    ],
};
