//! A read-write lock.

use super::{Answer, Chapter, Form, Question};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "rwlock",
    title: "Readers and writers",
    text: &[
        "Who only reads does not disturb others who only read. A read-write lock has two sides: \
         any number of readers can hold the read side together, but a writer needs the lock for \
         itself.",
        "Three threads increment under the write side; meanwhile two others do nothing but read, \
         again and again, and note whom they meet inside.",
    ],
    question: Question {
        ask: "How often is a reader inside together with a writer?",
        form: Form::Exactly,
    },
    experiments: &["rwlock -r 3"],
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
            "It pays where many read, few write, and readers stay inside for long. A reader writes \
             down that it is inside, so short reads get in each other's way. Where all want to \
             write, as in counting, it is a mutex with more to keep account of."
                .into(),
        ])
    },
    further: &["rwlock --readers 0", "compare mutex-per-op rwlock"],
};
