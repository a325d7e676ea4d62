//! Waiting for threads.

use super::super::chapter::{Chapter, number};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

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
    experiments: &["waitgroup -r 10"],
    answer: |records| {
        let early = number(&records[0], "/without_waiting/runs_early")?;
        Some(Answer::Choice(if early > 0.0 { 2 } else { 1 }))
    },
    why: |records| {
        let early = number(&records[0], "/without_waiting/runs_early").unwrap_or_default();
        vec![format!(
            "A thread that was started has not therefore run. In {} of 10 runs main looked too \
             early. It has to wait, and a wait group is how: add one for each thread before it \
             starts, done when it is done, and wait until nobody is left. What main read after \
             waiting was 15,000, every time.",
            decimal(early)
        )]
    },
    further: &[
        "waitgroup --mistake add-inside",
        "waitgroup --mistake forget-done",
    ],
};
