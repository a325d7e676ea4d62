//! A mutex around each increment, and what it costs.

use super::{
    Answer, COMPARISON, Chapter, Form, Question, cheapest_over_unsynced, median_ns, one_core,
    unsteady,
};
use crate::page::short;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "mutex-per-op",
    title: "A mutex around each increment",
    text: &[
        "A mutex is a lock that one thread can hold at a time. A thread that finds the mutex \
         taken waits. Locking before the load and unlocking after the store turns the increment \
         into one step, as long as every thread takes the same lock. The code between lock and \
         unlock is a critical section.",
        "That must cost something. The experiment times both ways in turn, run by run.",
    ],
    question: Question {
        ask: "How many times as long as without a lock does a run with a mutex around each \
              increment take?",
        form: Form::Times,
    },
    experiments: &["compare unsynced mutex-per-op -i 5000 -r 51"],
    on_one_core: &[],
    legend: COMPARISON,
    answer: |records| cheapest_over_unsynced(records.comparison()?).map(Answer::Number),
    why: |records| {
        let record = records.comparison()?;
        let with = median_ns(record, "mutex-per-op")?;
        let without = median_ns(record, "unsynced")?;
        let times = cheapest_over_unsynced(record)?;
        let measured = format!(
            "The total is right in every run. An increment took {with} ns with the mutex and \
             {without} ns without. Round by round, a run took {} times as long.",
            short(times)
        );
        let reason = if times < 1.1 {
            "So the mutex cost nothing here, which is rare. Without a lock the counter's cache \
             line moves from core to core all the time; the lock's holder keeps it for a while."
        } else if one_core(&record.environment) {
            "Each increment now pays for locking and unlocking. On several cores it would also pay \
             for waiting while others are inside; with a single core, threads take turns anyway."
        } else {
            "Each increment now pays for locking and unlocking. It also pays for waiting while \
             others are inside: the threads no longer count at the same time, they take turns, one \
             increment long."
        };
        let mut why = vec![format!("{measured} {reason}")];
        why.extend(unsteady(record));
        Some(why)
    },
    further: &["mutex-per-op", "explain mutex-per-op"],
};
