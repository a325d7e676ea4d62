//! Contexts: telling others to stop.

use super::{Chapter, Form, Grade, Question, Scale};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "contexts",
    title: "Telling others to stop",
    text: &[
        "Threads should stop when their result is no longer needed. A context carries that news: a \
         thread can ask it, or wait for it. Cancelling a context cancels all contexts below it.",
        "Three requests work in steps, 250 ms apart. After 1.1 s, in the middle of a pause, their \
         context is cancelled.",
    ],
    question: Question {
        ask: "How many steps has each of them done?",
        form: Form::Number(Scale {
            least: 0.0,
            most: 10.0,
            unit: "steps",
            grade: Grade::Exact,
        }),
        wrong: &[
            (
                4.0,
                "Four pauses fit into 1.1 s, but the first step needs none before it.",
            ),
            (
                6.0,
                "The sixth would come at 1.25 s. A cancelled request does not sleep until then.",
            ),
        ],
    },
    experiments: &["requests --cancel-after 1100ms --virtual"],
    on_one_core: &[],
    answer: |records| Some(records.requests()?.requests.first()?.steps as f64),
    why: |_| {
        Some(vec![
            "The steps come at 0, 250, 500, 750 and 1,000 ms. A pause waits for the context, too, so \
             each request stops at 1.1 s. The clock is virtual; without --virtual you wait."
                .into(),
        ])
    },
    further: &[
        "requests --cancel-after 1100ms",
        "requests --tree 'root(A,B(C,D))' --cancel B@1s",
    ],
};
