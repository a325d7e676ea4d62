//! The terms of the field, and which strategy shows each.

use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;

/// How the terms relate.
pub(super) const TOGETHER: Marked = Marked(
    "A race condition is wrong order, a data race is an unsafe access; a program can have either \
     without the other. To remove a race condition, make the steps that belong together atomic. A \
     critical section does so with a lock; lock granularity is its size.",
);

/// The terms, from the fault to the remedy.
pub(super) const CONCEPTS: &[ConceptRecord] = &[
    ConceptRecord {
        name: "Race condition",
        meaning: Marked(
            "The result depends on the order of the threads' steps, and some orders give a wrong \
             one: a fault of the program's logic, in any language. In `unsynced`, two threads load \
             the same value, and one update is lost.",
        ),
        commands: &[CommandRecord::new(
            "which orders are wrong, and how many",
            "miscount explore unsynced -t 2 -i 2",
        )],
    },
    ConceptRecord {
        name: "Data race",
        meaning: Marked(
            "Two threads access the same memory; at least one writes, at least one access is not \
             atomic, and nothing orders the two. Languages differ: undefined behaviour in C++ and \
             unsafe Rust, a compile error in safe Rust, one of several values in Java and Go (in \
             Go even a mixture, for values longer than a machine word). `unsynced` has no data \
             race, since each access is atomic; in `rwlock --split` each is even locked.",
        ),
        commands: &[CommandRecord::new(
            "no data race, and updates are lost",
            "miscount rwlock --split",
        )],
    },
    ConceptRecord {
        name: "Atomicity",
        meaning: Marked(
            "An operation is atomic if no other thread can observe it half-done. The whole \
             increment must be atomic, from load to store: two atomic halves, as in `unsynced` and \
             `rwlock --split`, do not make an atomic whole. `atomic` is one step; \
             `compare-exchange` detects a change in between and retries.",
        ),
        commands: &[
            CommandRecord::new(
                "each half locked by itself",
                "miscount explain rwlock --split",
            ),
            CommandRecord::new("a single step", "miscount explain atomic"),
        ],
    },
    ConceptRecord {
        name: "Critical section",
        meaning: Marked(
            "Code that only the holder of a lock may run. It is atomic for all threads that take \
             the same lock, and for no others. `mutex-per-op`, `rwlock` and `spinlock` put one \
             increment into it. A thread that waits long sleeps in `mutex-per-op` and keeps trying \
             in `spinlock`; `rwlock` has a second side for readers.",
        ),
        commands: &[CommandRecord::new(
            "three locks around the same code",
            "miscount compare mutex-per-op rwlock spinlock",
        )],
    },
    ConceptRecord {
        name: "Lock granularity",
        meaning: Marked(
            "How much one acquisition of a lock covers. Too little tears related steps apart: \
             `rwlock --split`. One increment is fine-grained: many acquisitions, short waits. A \
             batch is coarse: few acquisitions, long waits. Any size from a whole increment up is \
             correct; the choice is about cost. `sharded` shares nothing, so it needs no lock.",
        ),
        commands: &[CommandRecord::new(
            "the same lock, fine and coarse",
            "miscount compare mutex-per-op mutex-per-batch --batch 100",
        )],
    },
];
