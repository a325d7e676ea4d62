//! The smallest total of all.

use super::{Answer, CENSUS, Chapter, Form, Question, smallest_total};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "puzzle",
    title: "The smallest total",
    text: &[
        "Back to counting without a lock, and a puzzle. Two threads increment the counter five \
         times each, so ten is expected. You may choose the order of all their loads and stores; \
         each thread keeps to its own order.",
    ],
    question: Question {
        ask: "What is the smallest total that you can make them end with?",
        form: Form::Exactly,
    },
    experiments: &[
        "explore unsynced -t 2 -i 5",
        "replay unsynced -t 2 -i 5 --schedule worst",
    ],
    on_one_core: &[],
    legend: CENSUS,
    answer: |records| smallest_total(records.census()?).map(Answer::whole),
    why: |_| {
        Some(vec![
            "Every order was tried, none left out, and the worst of them was forced on real \
             threads. A loads 0, and is held up. B counts to 4. A stores its 1, over all of that. \
             B loads this 1 for its last increment, and is held up in turn. A does all the rest. B \
             stores 2, and everything else is gone."
                .into(),
            "It is 2 for any two or more threads with two or more increments each. Less is not \
             possible: the last store of all adds one to what its thread loaded, and that thread \
             has stored before, so it cannot have loaded less than 1. With one increment each it \
             is 1."
                .into(),
        ])
    },
    further: &["replay unsynced -t 3 -i 5000 --schedule worst"],
};
