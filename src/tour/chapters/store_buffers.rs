//! What no order of the steps explains, and a store buffer does.

use super::{Answer, Chapter, EndRecord, Form, Question};
use crate::page::{grouped, plural};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "store-buffers",
    title: "Stores that wait",
    text: &[
        "So far, some order of the steps has explained every result. That is called sequential \
         consistency. Here are two threads; x and y begin at 0:",
        "left: x = 1, then r = y. right: y = 1, then r = x.",
        "Write down a few orders of these four steps before you answer, and look at the load that comes \
         last.",
    ],
    question: Question {
        ask: "Can both threads load 0 in the same run?",
        form: Form::Choice(&[
            "No, never",
            "Yes, and some order of the steps explains it",
            "Yes, although no order of the steps explains it",
        ]),
    },
    experiments: &[
        "explore store-buffering",
        "run store-buffering -r 100k",
        "replay store-buffering --memory tso --schedule A,B,A,B,a,b --steps",
    ],
    on_one_core: &[],
    legend: &[
        ("share", "The share weighs every schedule alike."),
        (
            "tso",
            "tso is total store order, the memory model of x86-64: each thread has a store buffer. A \
             small letter in a schedule is a step of that buffer: its oldest store reaches memory.",
        ),
    ],
    answer: |records| {
        let census = records.census()?;
        let in_order = census
            .outcomes
            .iter()
            .any(|outcome| both_zero(&outcome.end));
        let buffered = both_zero(records.replay()?.end.as_ref()?);
        Some(Answer::Choice(match (in_order, buffered) {
            (true, _) => 2,
            (false, true) => 3,
            (false, false) => 1,
        }))
    },
    why: |records| {
        let race = records.race()?;
        let outcome = race.outcomes.iter().find(|outcome| both_zero(&outcome.end));
        let seen = outcome.map_or(0, |outcome| outcome.runs);
        let runs = plural(race.runs_completed, "run");
        let measured = if seen > 0 {
            format!(
                "Here it happened in {} of {runs}. The first table counts every order of the steps and \
                 does not contain it, so no order explains it.",
                grouped(seen)
            )
        } else if race.environment.cores == Some(1) {
            format!(
                "It did not happen here in {runs}: all threads share one core, and a core sees its own \
                 stores. On several cores it does happen."
            )
        } else {
            format!(
                "It did not happen here in {runs}. That proves nothing: the model of an x86-64 \
                 processor allows it, and other runs may show it."
            )
        };
        let mut why = vec![
            measured,
            "A store does not go to memory at once. It waits in the store buffer of its core, while the \
             later load goes ahead. In the last table both threads load before either store is \
             delivered."
                .to_string(),
        ];
        if race.memory.is_none() {
            why.push(
                "miscount models the store buffers of x86-64, and this is another processor. ARM and \
                 others allow this outcome as well, and more: they also reorder two stores or two loads."
                    .into(),
            );
        }
        why.push(
            "A fence makes its thread wait until its buffer is empty. With one between the store and \
             the load of each thread, at least one of them loads 1 again. Atomic read-modify-write \
             steps and locks wait as well, which is why a counter under a lock needs no fence."
                .into(),
        );
        Some(why)
    },
    further: &[
        "explore store-buffering-fixed --memory tso",
        "run store-buffering-fixed -r 100k",
        "step store-buffering --memory tso",
        "explore peterson --memory tso",
    ],
};

/// Whether both threads loaded 0.
fn both_zero(end: &EndRecord) -> bool {
    let values = end.values.as_ref();
    values.is_some_and(|values| !values.is_empty() && values.values().all(|&value| value == 0))
}
