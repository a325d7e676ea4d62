//! Every access locked, and still wrong.

use super::{Answer, CENSUS, Chapter, Form, Question, smallest_total};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "wrong-lock",
    title: "A lock in the wrong place",
    text: &[
        "A colleague improves it: to load the counter, the read side is enough. So each thread \
         locks the read side, loads the counter, unlocks; adds one; locks the write side, stores \
         the sum, unlocks.",
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
        // Ten runs may have been lucky; the census leaves no schedule out.
        let census = records.census()?;
        let is_lossy = smallest_total(census)? < census.subject.expected?;
        Some(Answer::Choice(if is_lossy { 2 } else { 1 }))
    },
    why: |records| {
        let record = records.counting()?;
        let (lost, runs) = (record.summary.runs_lost, grouped(record.runs_completed));
        let mut why = Vec::new();
        if lost == 0 {
            why.push(format!(
                "These {runs} runs were lucky; the census of all schedules below them shows how \
                 they can end."
            ));
        } else {
            why.push(format!("{} of {runs} runs lost updates.", grouped(lost)));
        }
        why.push(
            "Between the two locks a thread holds nothing, and its loaded value grows stale. \
             There is no data race, as every access is locked; the race condition is still there. \
             Hold the lock from the load to the store."
                .into(),
        );
        Some(why)
    },
    further: &["trace rwlock --split", "explain rwlock --split"],
};
