//! What no order of the steps explains, and a store buffer does.

use super::{Chapter, EndRecord, Form, Question};
use crate::page::{grouped, plural};

pub(super) static CHAPTER: Chapter = Chapter {
    name: "store-buffers",
    title: "Stores that wait",
    text: &[
        "So far, some order of the steps explained every result. That is called sequential \
         consistency. Now two other threads; x and y begin at 0:",
        "left: x = 1, then r = y. right: y = 1, then r = x.",
    ],
    question: Question {
        ask: "Can both threads load 0 in the same run?",
        form: Form::Choice(&[
            "no, never",
            "yes, some order of the steps does it",
            "yes, but no order of the steps does it",
        ]),
        wrong: &[
            (
                1.0,
                "In each of the six orders the last load finds a 1. But a processor keeps to none \
                 of them.",
            ),
            (
                2.0,
                "Write the six orders down: the load that comes last always finds a 1.",
            ),
        ],
    },
    experiments: &[
        "run store-buffering -r 100k",
        "replay store-buffering --memory tso --schedule A,B,A,B,a,b --steps",
    ],
    on_one_core: &[],
    answer: |records| {
        let mut outcomes = records.race()?.outcomes.iter();
        let in_order =
            outcomes.any(|outcome| outcome.allowed.sc == Some(true) && both_zero(&outcome.end));
        let buffered = both_zero(records.replay()?.end.as_ref()?);
        Some(match (in_order, buffered) {
            (true, _) => 2.0,
            (false, true) => 3.0,
            (false, false) => 1.0,
        })
    },
    why: |records| {
        let race = records.race()?;
        let outcome = race.outcomes.iter().find(|outcome| both_zero(&outcome.end));
        let seen = outcome.map_or(0, |outcome| outcome.runs);
        let runs = plural(race.runs_completed, "run");
        let measured = if seen > 0 {
            format!("It happened in {} of {runs}.", grouped(seen))
        } else if race.environment.cores == Some(1) {
            format!(
                "It did not happen in {runs}, as all threads share one core, which sees its own \
                 stores. On several cores it does."
            )
        } else {
            format!("It did not happen in {runs}. That proves nothing: the processor allows it.")
        };
        let mut why = vec![format!(
            "{measured} A store waits in the store buffer of its core while the next load goes \
             ahead. The second table shows it by total store order (tso), the memory model of \
             x86-64: both threads load before either buffer delivers its store, which is a step \
             with a small letter."
        )];
        if race.memory.is_none() {
            why.push(
                "This is another processor. ARM and others allow this outcome and more: they also \
                 reorder two stores or two loads."
                    .into(),
            );
        }
        why.push(
            "A fence between store and load makes a thread wait until its buffer is empty. Locks \
             and atomic additions do that, too, so a counter under a lock needs no fence."
                .into(),
        );
        Some(why)
    },
    further: &[
        "explore store-buffering",
        "explore store-buffering-fixed --memory tso",
        "step store-buffering --memory tso",
    ],
};

/// Whether both threads loaded 0.
fn both_zero(end: &EndRecord) -> bool {
    let values = end.values.as_ref();
    values.is_some_and(|values| !values.is_empty() && values.values().all(|&value| value == 0))
}
