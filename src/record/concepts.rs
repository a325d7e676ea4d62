//! The terms of the field, and which strategy shows each.

use std::borrow::Cow;

use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;

/// How the terms relate.
pub(super) const TOGETHER: Marked = Marked::new(
    "A race condition is a fault of the order of steps, a data race a fault of single accesses; \
     a program can have either without the other. Against the first, whatever belongs together \
     has to be atomic. A critical section makes it so with a lock, and lock granularity is the \
     question of how large to make it.",
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
];
