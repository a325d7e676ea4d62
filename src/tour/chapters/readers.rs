//! A read-write lock.

use super::{Answer, Chapter, Form, Question};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "rwlock",
    title: "Readers and writers",
    text: &[
        "Readers do not interfere with each other. A read-write lock has two sides: any number of \
         readers can hold the read side together, but a writer needs the lock alone.",
        "Three threads increment under the write side; meanwhile two others only read, and note \
         which threads are inside with them.",
    ],
    question: Question {
        ask: "How often is a reader inside together with a writer?",
        form: Form::Exactly,
    },
    experiments: &["rwlock -t 3 -r 3"],
    on_one_core: &[],
    legend: &[],
    answer: |records| {
        let readers = records.counting()?.readers.as_ref()?;
        Some(Answer::whole(readers.with_writer))
    },
    why: |records| {
        let readers = records.counting()?.readers.as_ref()?;
        let (reads, most) = (grouped(readers.reads), readers.most_inside);
        let together = if most > 1 {
            format!("up to {} readers were inside at once", grouped(most))
        } else {
            "no two readers happened to be inside at once, though they may".into()
        };
        Some(vec![
            format!(
                "Never: that is the promise. In {reads} reads {together}, and none was inside with \
                 a writer."
            ),
            "It pays off if most threads read, and hold the lock for long. Each reader changes \
             the lock's count of readers, so short reads contend for it. If all threads write, as \
             in counting, it is a mutex with more bookkeeping."
                .into(),
        ])
    },
    further: &["rwlock --readers 0", "compare mutex-per-op rwlock"],
};
