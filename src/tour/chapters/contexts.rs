//! Contexts: telling others to stop.

use super::{Answer, Chapter, Form, Question};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "contexts",
    title: "Telling others to stop",
    text: &[
        "Threads that work on the same request should all stop when its result is no longer \
         needed. A context carries that news: a thread can ask whether its context is done, or \
         wait for it. Cancelling a context cancels all contexts below it at once. A deadline is a \
         context that cancels itself.",
        "Three requests work in steps, with a pause of 250 ms between one step and the next. \
         After 1.1 s their context is cancelled, in the middle of a pause.",
    ],
    question: Question {
        ask: "How many steps has each of them done?",
        form: Form::Exactly,
    },
    experiments: &["requests --cancel-after 1100ms --virtual"],
    on_one_core: &[],
    legend: &[],
    answer: |records| Some(Answer::whole(records.requests()?.requests.first()?.steps)),
    why: |_| {
        Some(vec![
            "The first step is done at once, the next after 250 ms, and so on: at 0, 250, 500, 750 \
             and 1000 ms. A pause is a wait for the context as well, so each request stops at 1.1 \
             s, not when its pause would have been over. This ran on a virtual clock, which needs \
             no waiting; without --virtual it happens in real time."
                .into(),
        ])
    },
    further: &[
        "requests --cancel-after 1100ms",
        "requests --tree 'root(A,B(C,D))' --cancel B@1s",
    ],
};
