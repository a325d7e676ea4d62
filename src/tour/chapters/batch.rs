//! A mutex around the whole batch.

use super::{Chapter, Form, Question, median};
use crate::page::short;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "mutex-per-batch",
    title: "A mutex around the whole batch",
    text: &[
        "A thread can also take the lock once, around all of its 5,000 increments. Then one thread \
         counts while the other waits.",
    ],
    question: Question {
        ask: "How long does that take, compared with a lock around each increment?",
        form: Form::Choice(&[
            "longer, as a thread stands idle",
            "about as long, as the additions are the same",
            "less than half as long",
        ]),
        wrong: &[
            (
                1.0,
                "One long wait is cheap. Handing the lock over thousands of times is not.",
            ),
            (
                2.0,
                "The additions were never the expensive part. The locking was.",
            ),
            (
                3.0,
                "Usually it is. The machine may have been busy; repeat the experiment.",
            ),
        ],
    },
    experiments: &["compare mutex-per-op mutex-per-batch -i 5000 -r 51"],
    on_one_core: &[],
    answer: |records| {
        let record = records.comparison()?;
        let times = median(record, "mutex-per-batch")? / median(record, "mutex-per-op")?;
        Some(match times {
            ..0.5 => 3.0,
            ..1.5 => 2.0,
            _ => 1.0,
        })
    },
    why: |records| {
        let record = records.comparison()?;
        Some(vec![
            format!(
                "{} ns an increment under one lock for the batch, {} ns under a lock for each.",
                short(median(record, "mutex-per-batch")?),
                short(median(record, "mutex-per-op")?)
            ),
            "Lock granularity is how much a lock protects at a time. A coarse lock costs little but \
             keeps threads from working side by side. A fine lock lets them, if they have work \
             outside it. Here they have none."
                .into(),
        ])
    },
    further: &["mutex-per-batch --batch 100", "compare"],
};
