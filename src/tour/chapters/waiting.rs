//! Waiting for threads.

use super::{Answer, Chapter, Form, Question};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "waiting",
    title: "Waiting for threads",
    text: &[
        "The main thread starts three others, and each of them increments one counter 5,000 times. \
         The increments are atomic, so none gets lost. Main has nothing else to do: as soon as the \
         threads are started it reads the counter, and prints it.",
    ],
    question: Question {
        ask: "Main does this ten times. What can it print?",
        form: Form::Choice(&[
            "always 15,000",
            "sometimes less than 15,000",
            "sometimes more than 15,000",
        ]),
    },
    experiments: &["waitgroup -t 3 -r 10"],
    on_one_core: &[],
    legend: &[],
    // What can happen is known even if ten runs were lucky.
    answer: |_| Some(Answer::Choice(2)),
    why: |records| {
        let record = records.wait_group()?;
        let runs = grouped(record.runs_completed);
        let early = record.without_waiting.runs_early;
        let seen = if early > 0 {
            format!(
                "A started thread has not run yet: in {} of {runs} runs main looked too early.",
                grouped(early)
            )
        } else {
            format!(
                "All {runs} runs were lucky: the threads happened to be done before main looked. \
                 Nothing makes main wait for them, so the next run can end otherwise; repeat it, \
                 or start more threads."
            )
        };
        Some(vec![format!(
            "{seen} Main must wait, with a wait group: add one for each thread before it starts, \
             signal done at its end, and wait for all. After waiting, the total was complete every \
             time."
        )])
    },
    further: &[
        "waitgroup --mistake add-inside",
        "waitgroup --mistake forget-done",
    ],
};
