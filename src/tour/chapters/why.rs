//! What an increment is made of, and how one gets lost.

use super::{Chapter, Form, Grade, Question, Scale};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "why",
    title: "Why updates get lost",
    text: &[
        "counter += 1 is two steps: load the counter, store the sum. (The addition happens in a \
         register of the thread, where no other thread can see it.) Other threads can run between \
         the two.",
        "A and B increment the counter three times each, in the order A,B-,A-: one step of A, which \
         is its first load; then all steps of B; then the rest of A.",
    ],
    question: Question {
        ask: "The counter begins at 0. With which total do they end?",
        form: Form::Number(Scale {
            least: 0.0,
            most: 6.0,
            unit: "total",
            grade: Grade::Exact,
        }),
        wrong: &[
            (
                1.0,
                "A's first store makes it 1, but A has two more increments to do.",
            ),
            (4.0, "A stores 1 over B's 3, then adds 2 more."),
            (
                5.0,
                "One stale store costs more than one update: it overwrites all that B did since \
                 A's load.",
            ),
            (
                6.0,
                "A loaded 0, so it stores 1, however far B has counted in the meantime.",
            ),
        ],
    },
    experiments: &["replay unsynced -t 2 -i 3 --schedule A,B-,A- --steps"],
    on_one_core: &[],
    answer: |records| Some(records.replay()?.actual? as f64),
    why: |_| {
        Some(vec![
            "A loaded 0 before B began, and stored 1 after B was done. That one stale store wiped \
             out B's three updates. A's two other increments make it 3."
                .into(),
            "An unforced run has such an order, too. 'miscount trace unsynced' records one and \
             shows where its updates went."
                .into(),
        ])
    },
    further: &[
        "trace unsynced -t 2 -i 100 -r 1k",
        "replay unsynced -t 2 -i 3 --schedule lockstep --steps",
    ],
};
