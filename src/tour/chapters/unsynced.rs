//! Counting with nothing that keeps the threads apart.

use super::super::chapter::{Chapter, number};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "unsynced",
    title: "Counting without a lock",
    text: &[
        "Now main waits for its threads, but the counter is a plain number in memory, and each \
         increment is counter += 1. Nothing keeps the threads apart, and all of them start at the \
         same moment.",
        "3 threads with 5,000 increments each: 15,000 is expected.",
    ],
    question: Question {
        ask: "Out of ten runs, which total lies in the middle (the median)?",
        form: Form::Nearly,
    },
    experiments: &["unsynced -r 10"],
    answer: |records| number(&records[0], "/summary/actual/median").map(Answer::Number),
    why: |records| {
        let lost = number(&records[0], "/summary/runs_lost").unwrap_or_default();
        let share = number(&records[0], "/summary/lost_share").unwrap_or_default();
        if lost == 0.0 {
            return vec![
                "No update was lost this time, and yet the program is wrong: with one core, or on \
                 a busy machine, the threads seldom meet. 'miscount doctor' tells what races look \
                 like here; '--window yield' lets another thread in between load and store."
                    .into(),
            ];
        }
        vec![format!(
            "{} of 10 runs were wrong, {} % of all increments are gone, and not always in the \
             same way. No error, no crash: the program ends as if all were well. This is a race \
             condition.",
            decimal(lost),
            decimal(share * 100.0)
        )]
    },
    further: &["unsynced -t 2 -i 100 -r 1M", "doctor"],
};
