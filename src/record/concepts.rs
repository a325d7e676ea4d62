//! The terms of the field, and which strategy shows each.

use std::borrow::Cow;

use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;

/// How the terms relate.
pub(super) const TOGETHER: Marked = Marked::new(
    "A race condition is wrong order, a data race is an unsafe access; a program can have either \
     without the other. To remove a race condition, make the steps that belong together atomic. A \
     critical section does so with a lock; lock granularity is its size. \
     All this presumes one order of all steps; store buffers break that order, fences restore it.",
);

/// The terms, from the fault to the remedy.
pub(super) const CONCEPTS: &[ConceptRecord] = &[
    ConceptRecord {
        name: Cow::Borrowed("Race condition"),
        meaning: Marked::new(
            "The result depends on the order of the threads' steps, and some orders give a wrong \
             one: a fault of the program's logic, in any language. In `unsynced`, two threads load \
             the same value, and one update is lost.",
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
             atomic, and nothing orders the two. Languages differ: undefined behaviour in C++ and \
             unsafe Rust, a compile error in safe Rust, one of several values in Java and Go (in \
             Go even a mixture, for values longer than a machine word). `unsynced` has no data \
             race, since each access is atomic; in `rwlock --split` each is even locked.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "no data race, and updates are lost",
            "miscount rwlock --split",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Atomicity"),
        meaning: Marked::new(
            "An operation is atomic if no other thread can observe it half-done. The whole \
             increment must be atomic, from load to store: two atomic halves, as in `unsynced` and \
             `rwlock --split`, do not make an atomic whole. `atomic` is one step; \
             `compare-exchange` detects a change in between and retries.",
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
            "Code that only the holder of a lock may run. It is atomic for all threads that take \
             the same lock, and for no others. `mutex-per-op`, `rwlock` and `spinlock` put one \
             increment into it. A thread that waits long sleeps in `mutex-per-op` and keeps trying \
             in `spinlock`; `rwlock` has a second side for readers.",
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
             `rwlock --split`. One increment is fine-grained: many acquisitions, short waits. A \
             batch is coarse: few acquisitions, long waits. Any size from a whole increment up is \
             correct; the choice is about cost. `sharded` shares nothing, so it needs no lock.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "the same lock, fine and coarse",
            "miscount compare mutex-per-op mutex-per-batch --batch 100",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Sequential consistency"),
        meaning: Marked::new(
            "Every result is the result of some order of all steps, in which each thread takes its \
             own steps in program order, and each load sees the latest store before it. It is how \
             people read a program, and the model `sc` of `explore`. No common processor promises \
             it for plain loads and stores of several variables.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "what no order of the steps can do",
            "miscount explore store-buffering",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Store buffer"),
        meaning: Marked::new(
            "A store does not go to memory at once: it waits in a buffer of its core while later \
             loads go ahead. The core's own loads see it there, and the other cores do not. On x86 \
             each buffer delivers its stores in order, which is called total store order: the \
             model `tso`. There a delivery is a step with the small letter of its thread: `A,B,a,b`. \
             ARM reorders more.",
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
            "A fence makes its thread wait until its store buffer is empty. No load after the fence \
             then overtakes a store before it. Atomic read-modify-write steps wait as well, and so \
             do the operations on locks. A fence makes nothing atomic: `unsynced` with fences still \
             loses updates. On x86 it is needed only between a store and a later load; on ARM also \
             between two stores or two loads.",
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
