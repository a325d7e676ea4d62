//! Every access locked, and still wrong.

use super::{Chapter, Form, Question, smallest_total};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "wrong-lock",
    title: "A lock in the wrong place",
    text: &[
        "A read-write lock has two sides. Any number of readers can hold the read side together; a \
         writer needs the lock alone.",
        "A colleague lets threads load side by side: lock the read side, load, unlock; add one; \
         lock the write side, store, unlock.",
    ],
    question: Question {
        ask: "Can updates get lost?",
        form: Form::Choice(&[
            "no, each load and each store is locked",
            "yes, between the two locks",
            "yes, when two threads hold the write side together",
        ]),
        wrong: &[
            (
                1.0,
                "A lock protects a stretch of code, not a variable. Between its two locks a thread \
                 holds nothing.",
            ),
            (
                3.0,
                "A writer has the lock alone. The stores never overlap; one of them is out of date.",
            ),
        ],
    },
    experiments: &["rwlock --split -r 5", "explore rwlock --split -t 2 -i 2"],
    on_one_core: &[],
    answer: |records| {
        // Five runs may have been lucky; the census leaves no schedule out.
        let census = records.census()?;
        let is_lossy = smallest_total(census)? < census.subject.expected?;
        Some(if is_lossy { 2.0 } else { 1.0 })
    },
    why: |records| {
        let record = records.counting()?;
        let (lost, runs) = (record.summary.runs_lost, grouped(record.runs_completed));
        let measured = if lost == 0 {
            format!("These {runs} runs were lucky.")
        } else {
            format!("{} of {runs} runs lost updates.", grouped(lost))
        };
        let backwards = record
            .readers
            .as_ref()
            .is_some_and(|readers| readers.backwards > 0);
        let backwards = if backwards {
            " A reader even saw the counter decrease: a stale store had replaced a larger value."
        } else {
            ""
        };
        Some(vec![
            format!(
                "{measured}{backwards} Between the two locks, the loaded value grows stale. No access is a \
                 data race; the race condition remains. Hold one lock from the load to the store."
            ),
            "The second table counts every schedule: every order of the steps. A fair share is the \
             chance of a total if a coin picks the thread for each step. A witness is a schedule \
             that ends with it: A9 is nine steps of A, B- is the rest of B. To take or release a \
             lock is a step, too."
                .into(),
        ])
    },
    further: &["trace rwlock --split", "explain rwlock --split"],
};
