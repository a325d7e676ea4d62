//! A mutex around each increment, and what it costs.

use super::{Chapter, Form, Grade, Question, Scale, median, one_core};
use crate::page::short;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "mutex-per-op",
    title: "A mutex around each increment",
    text: &[
        "A mutex is a lock that one thread at a time can hold; others wait. Lock before the load \
         and unlock after the store, and no other thread comes between. The code in between is a \
         critical section.",
        "That costs time. The experiment measures an increment with and without the mutex.",
    ],
    question: Question {
        ask: "Roughly, how many times as long does an increment take with the mutex?",
        form: Form::Number(Scale {
            least: 0.1,
            most: 10_000.0,
            unit: "times",
            grade: Grade::Magnitude,
        }),
        wrong: &[
            (
                1.0,
                "Even a lock that no other thread wants takes two atomic operations.",
            ),
            (
                2.0,
                "Locking and unlocking is far more work than one load and one store.",
            ),
        ],
    },
    experiments: &["compare unsynced mutex-per-op -i 5000 -r 51"],
    on_one_core: &[],
    answer: |records| {
        let record = records.comparison()?;
        Some(median(record, "mutex-per-op")? / median(record, "unsynced")?)
    },
    why: |records| {
        let record = records.comparison()?;
        let (with, without) = (median(record, "mutex-per-op")?, median(record, "unsynced")?);
        let reason = if with < 1.1 * without {
            "So the mutex cost nothing here, which is rare. Without a lock, the counter moves from \
             core to core all the time; the holder of a lock keeps it for a while."
        } else if one_core(&record.environment) {
            "Each increment pays for locking and unlocking. On several cores it would also pay for \
             waiting."
        } else {
            "Each increment pays for locking, for unlocking, and for waiting: the threads take \
             turns, one increment long."
        };
        Some(vec![format!(
            "{} ns with the mutex, {} ns without. {reason} Every total is right.",
            short(with),
            short(without)
        )])
    },
    further: &["mutex-per-op", "explain mutex-per-op"],
};
