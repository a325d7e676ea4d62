//! What an increment is made of, and how one gets lost.

use super::{Answer, Chapter, Form, Question};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "why",
    title: "Why updates get lost",
    text: &[
        "counter += 1 looks like one thing. The machine takes two steps: it loads the counter, \
         then stores the sum. Between the load and the store, other threads can run. The addition \
         is no step: it happens in the thread's own register, where no other thread can see it.",
        "miscount can force threads to take their steps in any order. An order is written like \
         A,B,A-,B-: one step of A, which is its load; one of B; then all that A has left, which is \
         its store; then all that B has left.",
    ],
    question: Question {
        ask: "The counter is 0, and A and B each increment it once, in the order A,B,A-,B-. Which \
              total do they end with?",
        form: Form::Exactly,
    },
    experiments: &[
        "replay unsynced -t 2 -i 1 --schedule A,B,A-,B- --steps",
        "trace unsynced -t 2 -i 100 -r 1k",
    ],
    on_one_core: &[
        "replay unsynced -t 2 -i 1 --schedule A,B,A-,B- --steps",
        "trace unsynced -t 2 -i 100 -r 1k --window yield",
    ],
    legend: &[(
        "step ",
        "In the first table, the mark before a step says that it is the turn of another thread now.",
    )],
    answer: |records| records.replay()?.actual.map(Answer::whole),
    why: |records| {
        let trace = records.trace()?;
        let mut why = vec![
            "Both loaded the same value, so both stored the same result. Two increments, and the \
             counter went up by one: the second store overwrote the first."
                .to_string(),
        ];
        // Without a finished run there is no more to say.
        let Some(lost) = trace.lost else {
            return Some(why);
        };
        let runs = grouped(trace.runs_completed);
        if lost == 0 {
            why.push(format!(
                "The second experiment forced nothing, and in {runs} runs no thread came between \
                 the other's load and store. That is how such mistakes survive tests."
            ));
            return Some(why);
        }
        why.push(format!(
            "The second experiment forced nothing: two threads ran freely, run after run, until \
             updates were lost, in run {runs}. A recorder kept what each of them loaded and \
             stored. {} of {} increments were lost.",
            grouped(lost),
            grouped(trace.expected)
        ));
        let streak = trace.longest_streak.as_ref();
        if let Some(streak) = streak.filter(|streak| streak.increments > 1) {
            why.push(format!(
                "A late store sets the counter back to one more than the loaded value, and wipes \
                 out everything counted in between: here, up to {} increments.",
                grouped(streak.increments)
            ));
        }
        Some(why)
    },
    further: &[
        "trace unsynced --svg trace.svg",
        "replay unsynced -t 2 -i 3 --schedule lockstep --steps",
    ],
};
