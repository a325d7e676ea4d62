//! The terms of the field, and which strategy shows each.

use std::borrow::Cow;

use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;

/// How the terms relate.
pub(super) const TOGETHER: Marked = Marked::new(
    "A race condition is a fault of the order of steps, a data race a fault of single accesses; \
     a program can have either without the other. Against the first, whatever belongs together \
     has to be atomic. A critical section makes it so with a lock, and lock granularity is the \
     question of how large to make it. All this presumes one order of all steps. Store buffers \
     break that order where a program shares several variables without locks, and fences restore \
     it.",
);

/// The terms, from the fault to the remedy.
pub(super) const CONCEPTS: &[ConceptRecord] = &[
    ConceptRecord {
        name: Cow::Borrowed("Race condition"),
        meaning: Marked::new(
            "The result depends on the order in which threads take their steps, and some orders \
             give a wrong one. It is a fault of the program's logic, in any language. In \
             `unsynced` two threads load the same value, and one of the two updates is lost.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "which orders are wrong, and how many",
            "miscount explore unsynced -t 2 -i 2",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Data race"),
        meaning: Marked::new(
            "Two threads access the same memory, at least one of them writes, at least one of \
             them not atomically, and nothing orders the two accesses. It is a term of the \
             language: in C++ and in unsafe Rust it makes the behaviour undefined, in safe Rust \
             it does not compile, in Java and Go a read may then return one of several values \
             (in Go, of values longer than a machine word, even a mixture). `unsynced` has a \
             race condition and no data race, since each of its accesses is atomic; in `rwlock \
             --split` each is even under a lock.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "no data race, and updates are lost",
            "miscount rwlock --split",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Atomicity"),
        meaning: Marked::new(
            "Atomic is what nobody can come between. What has to be atomic is the whole \
             increment, from the load to the store: two atomic halves, as in `unsynced` and in \
             `rwlock --split`, do not make an atomic whole. `atomic` is one step; \
             `compare-exchange` notices when somebody came between, and tries again.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new(
                "halves that are locked, one by one",
                "miscount explain rwlock --split",
            ),
            CommandRecord::new("a single step", "miscount explain atomic"),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Critical section"),
        meaning: Marked::new(
            "A stretch of code that one thread at a time may be in, because it holds a lock. It \
             is atomic for all who take the same lock, and for nobody else. `mutex-per-op`, \
             `rwlock` and `spinlock` put one increment into it. In `mutex-per-op` whoever waits \
             long is put to sleep, in `spinlock` it keeps trying; `rwlock` has a second side, \
             for those who only read.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "three locks around the same code",
            "miscount compare mutex-per-op rwlock spinlock",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Lock granularity"),
        meaning: Marked::new(
            "How much one acquisition of a lock covers. Too little, and what belongs together \
             is torn apart: `rwlock --split`. One increment is fine-grained: many acquisitions, \
             short waits. A batch is coarse: few acquisitions, long waits. Any size from the \
             whole increment up is correct; which is best is a question of cost. `sharded` \
             needs no lock, since it shares nothing.",
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
