//! The smallest total of all.

use super::super::chapter::{Chapter, number};
use super::super::question::{Answer, Form, Question};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "puzzle",
    title: "The smallest total",
    text: &[
        "Back to counting without a lock, and a puzzle. Two threads increment the counter five \
         times each, so ten is expected. You may \
         choose the order of all their loads and stores; each thread keeps to its own order.",
    ],
    question: Question {
        ask: "What is the smallest total that you can make them end with?",
        form: Form::Exactly,
    },
    experiments: &[
        "explore unsynced -t 2 -i 5",
        "replay unsynced -t 2 -i 5 --schedule worst",
    ],
    answer: |records| number(&records[0], "/outcomes/0/total").map(Answer::Number),
    why: |_| {
        vec![
            "Every order was tried, none left out, and the worst of them was forced on real \
             threads. A loads 0, and is held up. B counts to 4. A stores its 1, over all of that. \
             B loads this 1 for its last increment, and is held up in turn. A does all the rest. B \
             stores 2, and everything else is gone."
                .into(),
            "With more threads and more increments it is 2 as well: the last \
             store of all adds one to what its thread loaded, and no thread can load less than 1 \
             once it has stored."
                .into(),
        ]
    },
    further: &["replay unsynced -t 3 -i 5000 --schedule worst"],
};
