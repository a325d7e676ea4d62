//! Counting with nothing that keeps the threads apart.

use super::{Chapter, Form, Grade, Question, Scale, one_core};
use crate::page::{grouped, percent};
use crate::record::Distinct;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "unsynced",
    title: "Counting without a lock",
    text: &[
        "Now main waits, but nothing keeps the threads apart. Each does counter += 1, as a \
         program with one thread would.",
        "2 threads with 5,000 increments each: 10,000 is expected.",
    ],
    question: Question {
        ask: "The program runs eleven times. What is the median (the middle) of its totals?",
        form: Form::Number(Scale {
            least: 0.0,
            most: 10_000.0,
            unit: "total",
            grade: Grade::Near,
        }),
        wrong: &[
            (
                10_000.0,
                "For that the threads would have to miss each other, and they start together.",
            ),
            (
                5_000.0,
                "Two threads in lockstep would lose every second update. Real threads drift apart.",
            ),
        ],
    },
    experiments: &["unsynced -t 2 -r 11"],
    on_one_core: &["unsynced -t 2 -r 11 --window yield"],
    answer: |records| records.counting()?.summary.actual.median,
    why: |records| {
        let record = records.counting()?;
        let lost = record.summary.runs_lost;
        let alone = one_core(&record.environment).then(|| {
            "There is one core here, so each thread yields it between load and store (--window \
             yield). Otherwise the threads would seldom meet, and the program would look right."
                .to_owned()
        });
        let measured = if lost == 0 {
            "No update was lost this time. The program is still wrong: its total depends on the \
             order in which the threads take their steps, which is called a race condition. \
             'miscount doctor' says how races show on this machine."
                .into()
        } else {
            format!(
                "{} of {} runs lost updates, {} of all increments, without an error or a crash. \
                 This is a race condition: the total depends on the order in which the threads \
                 take their steps.",
                grouped(lost),
                grouped(record.runs_completed),
                percent(record.summary.lost_share?)
            )
        };
        let halves = record.distribution.iter().find_map(|total| match total {
            &Distinct::Exact {
                actual: 5_000,
                runs,
            } => Some(runs),
            _ => None,
        });
        let whole = halves.filter(|&runs| runs > 1).map(|runs| {
            format!(
                "{runs} totals are exactly 5,000: most likely one thread had loaded 0 before the other counted, and \
                 stored after it was done, so that every increment of the other was overwritten."
            )
        });
        let other_name = "It is no data race: that would be two unordered accesses to the same \
                          memory, at least one a write and at least one not atomic. Here each load \
                          and each store is atomic. The increment is not.";
        let why = [Some(measured), whole, Some(other_name.into()), alone];
        Some(why.into_iter().flatten().collect())
    },
    further: &["unsynced -t 2 -i 100 -r 1M", "explain unsynced", "doctor"],
};
