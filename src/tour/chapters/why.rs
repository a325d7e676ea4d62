//! What an increment is made of, and how one gets lost.

use super::super::chapter::{Chapter, number};
use super::super::question::{Answer, Form, Question};
use crate::report::decimal;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "why",
    title: "Why updates get lost",
    text: &[
        "counter += 1 looks like one thing. To the machine it is three: load the counter, add one, \
         store the result. Between the load and the store, other threads go on.",
        "miscount can force threads to take their steps in any order. The order A,B,A,B lets A \
         load, then B load, then A store, then B store.",
    ],
    question: Question {
        ask: "The counter is 0, and A and B each increment it once, in the order A,B,A,B. Which \
              total do they end with?",
        form: Form::Exactly,
    },
    experiments: &[
        "replay unsynced -t 2 -i 1 --schedule A,B,A,B --steps",
        "trace unsynced -t 2 -i 100 -r 1k",
    ],
    answer: |records| number(&records[0], "/actual").map(Answer::Number),
    why: |records| {
        let mut why = vec![
            "Both loaded the same value, so both stored the same result. Two increments, and the \
             counter went up by one: the second store overwrote the first."
                .to_string(),
        ];
        let lost = number(&records[1], "/lost").unwrap_or_default();
        let streak = number(&records[1], "/longest_streak/increments").unwrap_or_default();
        if lost > 0.0 {
            why.push(format!(
                "The second experiment forced nothing: two threads ran freely, and a recorder kept \
                 what each of them loaded and stored. {} of 200 increments were lost. A thread \
                 that stores late sets the counter back to where it was when it loaded, and takes \
                 with it whatever others have counted meanwhile: here, up to {} at one stroke.",
                decimal(lost),
                decimal(streak)
            ));
        } else {
            why.push(
                "The second experiment forced nothing, and on this machine the threads never came \
                 between each other's load and store, in a thousand runs. That is how such \
                 mistakes survive tests."
                    .into(),
            );
        }
        why
    },
    further: &[
        "trace unsynced --svg trace.svg",
        "replay unsynced -t 2 -i 3 --schedule lockstep --steps",
    ],
};
