//! The terms of the field, and which strategy shows each.

use std::borrow::Cow;

use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;

/// How the terms relate.
pub(super) const TOGETHER: Marked = Marked::new(
    "A race condition is wrong order, a data race an unsafe access; a program can have either \
     without the other. Atomic operations and critical sections remove race conditions. Store buffers \
     break the single order of all steps; fences restore it.",
);

/// The terms, from the fault to the remedy.
pub(super) const CONCEPTS: &[ConceptRecord] = &[
    ConceptRecord {
        name: Cow::Borrowed("Race condition"),
        meaning: Marked::new(
            "The result depends on the order of the threads' steps, and some orders give a wrong \
             one. In `unsynced`, two threads load the same value, and one update is lost.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "which orders are wrong, and how many",
            "miscount explore unsynced -t 2 -i 2",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Data race"),
        meaning: Marked::new(
            "Two threads access the same memory; at least one writes, at least one access is not \
             atomic, and nothing orders the two. It is undefined behaviour in C++ and unsafe Rust, \
             a compile error in safe Rust, one of several values in Java and Go. `unsynced` has \
             none: each access is atomic.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "no data race, and updates are lost",
            "miscount rwlock --split",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Atomicity"),
        meaning: Marked::new(
            "An operation is atomic if no other thread can observe it half-done. Two atomic \
             halves, as in `unsynced` and `rwlock --split`, do not make an atomic whole. `atomic` \
             is one step; `compare-exchange` detects a change and retries.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new(
                "each half locked by itself",
                "miscount explain rwlock --split",
            ),
            CommandRecord::new("a single step", "miscount explain atomic"),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Critical section"),
        meaning: Marked::new(
            "Code that only the holder of a lock may run. It is atomic only for threads that take \
             the same lock. `mutex-per-op`, `rwlock` and `spinlock` put one increment into it.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "three locks around the same code",
            "miscount compare mutex-per-op rwlock spinlock",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Lock granularity"),
        meaning: Marked::new(
            "How much one acquisition of a lock covers. Too little tears related steps apart: \
             `rwlock --split`. One increment means many acquisitions and short waits; a batch \
             means few acquisitions and long waits.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "the same lock, fine and coarse",
            "miscount compare mutex-per-op mutex-per-batch --batch 100",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Sequential consistency"),
        meaning: Marked::new(
            "Every result is that of some order of all steps, in which each load sees the latest \
             store before it. It is how people read a program, and the model `sc` of `explore`. No \
             common processor promises it.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "what no order of the steps can do",
            "miscount explore store-buffering",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Store buffer"),
        meaning: Marked::new(
            "A store waits in a buffer of its core while later loads go ahead; other cores do not \
             see it there. On x86 each buffer delivers its stores in order: total store order, the \
             model `tso`. A delivery is a step with a small letter: `A,B,a,b`. ARM reorders more.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new(
                "the outcome that a store buffer allows",
                "miscount explore store-buffering --memory tso",
            ),
            CommandRecord::new(
                "the same program on this machine",
                "miscount run store-buffering",
            ),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Fence"),
        meaning: Marked::new(
            "A fence makes its thread wait until its store buffer is empty, so no later load \
             overtakes an earlier store. Atomic read-modify-write steps and locks do the same. A \
             fence makes nothing atomic: `unsynced` with fences still loses updates.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new(
                "an algorithm that needs a fence",
                "miscount explore peterson --memory tso",
            ),
            CommandRecord::new(
                "the same algorithm with it",
                "miscount explore peterson-fixed --memory tso",
            ),
        ]),
    },
];
