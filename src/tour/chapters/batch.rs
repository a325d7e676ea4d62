//! A mutex around the whole batch.

use super::{
    Answer, COMPARISON, Chapter, ComparisonRecord, Form, Question, cheapest_over_unsynced, entry,
    median_ns, one_core, unsteady,
};

/// A run that takes up to this many times as long counts as equally fast.
const EQUAL: f64 = 1.1;

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
            "as fast as no lock at all (within 10 %), or faster",
        ]),
    },
    experiments: &["compare unsynced mutex-per-op mutex-per-batch -i 5000 -r 51"],
    on_one_core: &[],
    legend: COMPARISON,
    answer: |records| pace(records.comparison()?).map(Answer::Choice),
    why: |records| {
        let record = records.comparison()?;
        let mut why = vec![
            format!(
                "Each thread takes the lock once, not 5,000 times. An increment took {} ns so, {} \
                 ns with a mutex around each, and {} ns with no lock at all.",
                median_ns(record, "mutex-per-batch")?,
                median_ns(record, "mutex-per-op")?,
                median_ns(record, "unsynced")?
            ),
            "How much a lock protects at a time is its granularity. A coarse lock costs little and \
             lets nobody work side by side; a fine one lets them, if there is anything to be done \
             outside of it. Here there is not."
                .into(),
        ];
        let reason = match pace(record)? {
            SLOWER => {
                "That a lock for the whole batch is the slower one is not what to expect, as there \
                 is less to do: the machine may have been busy with something else. Repeat it."
            }
            FASTER if one_core(&record.environment) => {
                "With a single core only one thread counts at any time, lock or no lock, so a coarse \
                 lock costs next to nothing."
            }
            FASTER => {
                "That it keeps up with no lock at all, or beats it, is no mistake: without a lock, \
                 the memory that holds the counter has to travel from core to core all the time; a thread that is \
                 alone keeps it to itself."
            }
            _ => {
                "No lock at all was faster, as threads that do not wait can count at the same time. \
                 What they counted is wrong."
            }
        };
        why.push(reason.into());
        why.extend(unsteady(record));
        Some(why)
    },
    further: &["mutex-per-batch --batch 100", "compare"],
};

/// Returns the option that was measured.
fn pace(record: &ComparisonRecord) -> Option<usize> {
    Some(if !entry(record, "mutex-per-batch")?.cheapest {
        SLOWER
    } else if cheapest_over_unsynced(record)? > EQUAL {
        BETWEEN
    } else {
        FASTER
    })
}
