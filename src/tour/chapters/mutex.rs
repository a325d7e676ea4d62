//! A mutex around each increment, and what it costs.

use super::super::chapter::{Chapter, one_core, ratio};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "mutex-per-op",
    title: "A mutex around each increment",
    text: &[
        "A mutex is a lock that one thread can hold at a time. Who finds it taken waits. Locked \
         before each load and unlocked after each store, it makes the three steps one: nobody \
         else can come in between. What lies between lock and unlock is called a critical section.",
        "That must cost something. The experiment times both ways in turn, run by run.",
    ],
    question: Question {
        ask: "How many times as long as without a lock does a run with a mutex around each \
              increment take?",
        form: Form::Times,
    },
    experiments: &["compare unsynced mutex-per-op -i 5000 -r 50"],
    answer: |records| ratio(&records[0], "mutex-per-op", "unsynced").map(Answer::Number),
    why: |records| {
        let times = ratio(&records[0], "mutex-per-op", "unsynced").unwrap_or_default();
        let waiting = if one_core(&records[0]) {
            "On several cores it would also pay for waiting while others are inside; with a single \
             core, threads take turns anyway."
        } else {
            "It also pays for waiting while others are inside: the threads no longer count at the \
             same time, they take turns, one increment long."
        };
        vec![format!(
            "The total is right in every run, at {} times the time. Each increment now pays for \
             locking and unlocking. {waiting}",
            decimal(times)
        )]
    },
    further: &["mutex-per-op", "explain mutex-per-op"],
};
