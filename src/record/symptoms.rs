//! From what a program does wrong to the race that may cause it.

use std::borrow::Cow;

use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;

/// The symptoms, the commonest first.
pub(super) const SYMPTOMS: &[ConceptRecord] = &[
    ConceptRecord {
        name: Cow::Borrowed("My total is too low"),
        meaning: Marked::new(
            "Lost updates: two threads load, then both store. Use an atomic addition, or hold a lock \
         from the load to the store. Or you read the total before the threads are done.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new("lost updates", "miscount unsynced"),
            CommandRecord::new("locked, and still wrong", "miscount explain rwlock --split"),
            CommandRecord::new("read too early", "miscount waitgroup"),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("It hangs once in a hundred runs"),
        meaning: Marked::new(
            "A deadlock if the processor is idle, a livelock if it is busy. Take locks in one order; \
         check the condition in a loop under the lock.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new("locks in different orders", "miscount explain two-locks"),
            CommandRecord::new("a lost wake-up", "miscount explain lost-wakeup"),
            CommandRecord::new(
                "how often your program hangs",
                "miscount repeat -r 1k --each 10s -- ./program",
            ),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("It works here and fails there"),
        meaning: Marked::new(
            "The race is in both places; cores, memory model, compiler or timing differ. Vary the \
         conditions here until it shows.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new("this machine", "miscount doctor"),
            CommandRecord::new(
                "other conditions",
                "miscount repeat -r 1k --stress --pin random -- ./program",
            ),
            CommandRecord::new("store buffers", "miscount run store-buffering"),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Something happens twice"),
        meaning: Marked::new(
            "Two threads check before either acts. Make check and act one critical section, or one \
         compare-exchange.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new("two payments from one account", "miscount explain bank"),
            CommandRecord::new("an initialiser that runs twice", "miscount explain once"),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("I read half-updated or stale data"),
        meaning: Marked::new(
            "Publish with a release store and read with an acquire load, or guard all fields with \
         the same lock.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new("a torn pair", "miscount explain torn-pair"),
            CommandRecord::new("a flag before its data", "miscount explain flag-first"),
        ]),
    },
    ConceptRecord {
        name: Cow::Borrowed("It fails only without the debugger, or without a print"),
        meaning: Marked::new(
            "The print changes the timing, and often takes a lock. Record in memory and print at the \
         end, or force the order that you suspect.",
        ),
        commands: Cow::Borrowed(&[
            CommandRecord::new(
                "trace without disturbing",
                "miscount trace unsynced -t 2 -i 50",
            ),
            CommandRecord::new(
                "force an order",
                "miscount replay unsynced -t 2 -i 3 --schedule worst --steps",
            ),
        ]),
    },
];
