//! The smallest total of all.

use super::{Chapter, Form, Grade, Question, Scale, smallest_total};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "puzzle",
    title: "The smallest total",
    text: &[
        "Back to counting without a lock: two threads, five increments each, ten expected. Suppose \
         that you choose whose turn it is at each load and each store.",
    ],
    question: Question {
        ask: "What is the smallest total that you can make them end with?",
        form: Form::Number(Scale {
            least: 0.0,
            most: 10.0,
            unit: "total",
            grade: Grade::Exact,
        }),
        wrong: &[
            (
                0.0,
                "Every store stores at least 1, and the last one stays.",
            ),
            (
                1.0,
                "The last store adds 1 to a loaded value. Its thread has stored before, so that \
                 value is at least 1.",
            ),
            (
                5.0,
                "One stale store does that: it wipes out all of B. Add a second one, on the other \
                 side.",
            ),
            (6.0, "A single stale store already gets you to 5."),
        ],
    },
    experiments: &[
        "explore unsynced -t 2 -i 5",
        "replay unsynced -t 2 -i 5 --schedule worst",
    ],
    on_one_core: &[],
    answer: |records| smallest_total(records.census()?).map(|total| total as f64),
    why: |_| {
        Some(vec![
            "Every order was counted, and the worst was forced on real threads. A loads 0 and is \
             held up. B counts to 4. A stores 1 over it. B loads this 1 for its last increment and \
             is held up. A does all the rest. B stores 2."
                .into(),
            "With more threads or more increments it is still 2. It is never 1: the last store adds \
             1 to a loaded value, and its thread had stored before it loaded, so it loaded 1 or \
             more."
                .into(),
        ])
    },
    further: &[
        "step unsynced -t 2 -i 5",
        "replay unsynced -t 3 -i 5000 --schedule worst",
    ],
};
