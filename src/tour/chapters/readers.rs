//! A read-write lock.

use super::super::chapter::{Chapter, number};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

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
    answer: |records| number(&records[0], "/readers/with_writer").map(Answer::Number),
    why: |records| {
        let most = number(&records[0], "/readers/most_inside").unwrap_or_default();
        let reads = number(&records[0], "/readers/reads").unwrap_or_default();
        let together = if most > 1.0 {
            format!(
                "up to {} readers were inside at once, none of them",
                decimal(most)
            )
        } else {
            "no two readers happened to be inside at once, though they may, and none was".into()
        };
        vec![format!(
            "Never: that is the promise. In {} reads, {together} with a writer. It pays where many read and few write. Where all want to \
             write, as in counting, it is a mutex with more to keep account of.",
            decimal(reads)
        )]
    },
    further: &["rwlock --readers 0", "compare mutex-per-op rwlock"],
};
