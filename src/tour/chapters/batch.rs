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
        "Each thread can take the lock once, around all of its increments. Then one thread counts \
         while the others wait.",
    ],
    question: Question {
        ask: "How fast is that?",
        form: Form::Choice(&[
            "slower than a mutex around each increment",
            "between that and no lock at all",
            "as fast as no lock at all (within 10%), or faster",
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
            "Lock granularity is how much a lock protects at a time. A coarse lock costs little \
             but lets no threads work side by side; a fine lock does, if there is work outside it. \
             Here there is none."
                .into(),
        ];
        let reason = match pace(record)? {
            SLOWER => {
                "Usually a lock for the whole batch is faster. The machine may have been busy. \
                 Repeat it."
            }
            FASTER if one_core(&record.environment) => {
                "With a single core only one thread counts at any time, lock or no lock, so a coarse \
                 lock costs next to nothing."
            }
            FASTER => {
                "It may well be as fast as no lock at all: without a lock, the counter's cache \
                 line moves from core to core all the time; a thread that counts alone keeps it."
            }
            _ => {
                "No lock at all was faster, since the threads count at the same time. The total \
                 is wrong."
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
