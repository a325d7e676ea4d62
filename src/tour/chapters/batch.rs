//! A mutex around the whole batch.

use super::super::chapter::{Chapter, one_core, ratio};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

const SLOWER: usize = 1;
const BETWEEN: usize = 2;
const FASTER: usize = 3;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "mutex-per-batch",
    title: "A mutex around the whole batch",
    text: &[
        "The lock can be taken less often: once by each thread, around all of its increments. Then \
         one thread counts to its end while the others wait for their turn, and no two threads \
         ever count at the same time.",
    ],
    question: Question {
        ask: "How fast is that?",
        form: Form::Choice(&[
            "slower than a mutex around each increment",
            "between that and no lock at all",
            "as fast as no lock at all, or faster",
        ]),
    },
    experiments: &["compare unsynced mutex-per-op mutex-per-batch -i 5000 -r 50"],
    answer: |records| {
        let record = &records[0];
        let to_unsynced = ratio(record, "mutex-per-batch", "unsynced")?;
        let to_mutex = ratio(record, "mutex-per-batch", "mutex-per-op")?;
        Some(Answer::Choice(if to_mutex > 1.0 {
            SLOWER
        } else if to_unsynced > 1.1 {
            BETWEEN
        } else {
            FASTER
        }))
    },
    why: |records| {
        let record = &records[0];
        let to_unsynced = ratio(record, "mutex-per-batch", "unsynced").unwrap_or_default();
        let to_mutex = ratio(record, "mutex-per-op", "mutex-per-batch").unwrap_or_default();
        let mut why = vec![format!(
            "Three locks in a run instead of one for each increment: here that is {} times as fast \
             as a mutex around each. How much a lock protects at a time is its granularity. A \
             coarse lock costs little and lets nobody work side by side; a fine one lets them, if \
             there is anything to be done outside of it.",
            decimal(to_mutex)
        )];
        if one_core(record) {
            why.push(
                "With a single core only one thread counts at any time, lock or no lock, so a \
                 coarse lock costs next to nothing."
                    .into(),
            );
        } else if to_unsynced <= 1.1 {
            why.push(
                "That it keeps up with no lock at all is no mistake: without a lock, the memory \
                 that holds the counter has to travel from core to core all the time; a thread \
                 that is alone keeps it to itself."
                    .into(),
            );
        }
        why
    },
    further: &["mutex-per-batch --batch 100", "compare"],
};
