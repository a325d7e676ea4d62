//! Counting with nothing that keeps the threads apart.

use super::{Answer, Chapter, Form, Question, one_core};
use crate::page::{grouped, percent};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "unsynced",
    title: "Counting without a lock",
    text: &[
        "Now main waits for its threads, but an increment is counter += 1, as it would be with one \
         thread. Nothing keeps the threads apart, and all of them start at the same moment.",
        "3 threads with 5,000 increments each: 15,000 is expected.",
    ],
    question: Question {
        ask: "Out of eleven runs, which total lies in the middle (the median)?",
        form: Form::Nearly,
    },
    experiments: &["unsynced -t 3 -r 11"],
    on_one_core: &["unsynced -t 3 -r 11 --window yield"],
    legend: &[],
    answer: |records| {
        let totals = records.counting()?.summary.actual;
        totals.median.map(Answer::Number)
    },
    why: |records| {
        let record = records.counting()?;
        let lost = record.summary.runs_lost;
        let alone = one_core(&record.environment).then(|| {
            "With one core, each thread yielded between its loads and stores (--window yield). \
             Without that they seldom meet, and the program looks right for a long time."
                .to_owned()
        });
        let measured = if lost == 0 {
            "No update was lost this time, and yet the program is wrong: the total depends on the \
             order in which the threads take their steps, which is called a race condition. On a \
             busy machine they seldom meet. 'miscount doctor' tells what races look like here; \
             '--window yield' lets another thread in between load and store."
                .into()
        } else {
            format!(
                "{} of {} runs were wrong, and {} of all increments are gone. No error, no crash: \
                 the program ends as if all were well. This is a race condition: the total depends \
                 on the order in which the threads take their steps.",
                grouped(lost),
                grouped(record.runs_completed),
                percent(record.summary.lost_share?)
            )
        };
        let other_name = "It is not a data race: two unordered accesses to the same memory, at \
                          least one a write and at least one not atomic, which in Rust and C++ \
                          makes the program's behaviour undefined. Here each load and each store \
                          is atomic. The increment is not.";
        let why = [Some(measured), Some(other_name.into()), alone];
        Some(why.into_iter().flatten().collect())
    },
    further: &["unsynced -t 2 -i 100 -r 1M", "explain unsynced", "doctor"],
};
