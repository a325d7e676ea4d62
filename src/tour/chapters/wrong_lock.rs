//! Every access locked, and still wrong.

use super::super::chapter::{CENSUS, Chapter, number};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "wrong-lock",
    title: "A lock in the wrong place",
    text: &[
        "A colleague improves it: to look at the counter, the read side is enough. So each thread \
         takes the read side, loads the counter, lets go; adds one; takes the write side, stores \
         the sum, lets go.",
        "No load and no store happens without the lock.",
    ],
    question: Question {
        ask: "Can updates get lost?",
        form: Form::Choice(&["no, every access is locked", "yes"]),
    },
    experiments: &["rwlock --split -r 10", "explore rwlock --split -t 2 -i 2"],
    on_one_core: &[],
    legend: CENSUS,
    answer: |records| {
        // Ten runs may have been lucky; of all schedules none is left out.
        let smallest = number(&records[1], "/outcomes/0/total")?;
        let expected = number(&records[1], "/expected")?;
        Some(Answer::Choice(if smallest < expected { 2 } else { 1 }))
    },
    why: |records| {
        let lost = number(&records[0], "/summary/runs_lost").unwrap_or_default();
        let runs = decimal(number(&records[0], "/runs_completed").unwrap_or_default());
        let mut why = Vec::new();
        if lost == 0.0 {
            why.push(format!(
                "These {runs} runs were lucky; the census of all schedules below them shows how \
                 they can end."
            ));
        } else {
            why.push(format!("{} of {runs} runs lost updates.", decimal(lost)));
        }
        why.push(
            "Between letting go of the read side and taking the write side a thread holds nothing, \
             and what it has loaded grows old. There is no data race here, as every access is \
             locked; the race condition is still there. A lock has to be held from the load to the \
             store: around what must not be torn apart, not around each piece of it."
                .into(),
        );
        why
    },
    further: &["trace rwlock --split", "explain rwlock --split"],
};
