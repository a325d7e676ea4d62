//! The glossary, and the symptoms of races: `miscount.terms/1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::data::Record;
use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;
use super::symptoms::SYMPTOMS;

/// Short explanations, each with the commands that show it.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct TermsRecord {
    /// What is explained: `terms` or `symptoms`.
    pub topic: &'static str,
    /// The explanations, in order.
    pub entries: &'static [ConceptRecord],
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TermsLine<'a> {
    /// A term or a symptom.
    Entry(&'a ConceptRecord),
}

impl TermsRecord {
    /// The glossary of the reports.
    pub const TERMS: Self = Self {
        topic: "terms",
        entries: TERMS,
    };

    /// The way from a symptom to its cause.
    pub const SYMPTOMS: Self = Self {
        topic: "symptoms",
        entries: SYMPTOMS,
    };
}

impl Record for TermsRecord {
    type Line<'a> = TermsLine<'a>;

    fn columns(&self) -> &'static str {
        "name,meaning"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.entries.iter().map(TermsLine::Entry)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        None
    }
}

const TERMS: &[ConceptRecord] = &[
    ConceptRecord {
        name: "Increment",
        meaning: Marked(
            "`counter += 1`: load the counter, add 1, store the result. In `unsynced` that is two steps, \
         a load and a store. The addition is no step: it happens in the thread's own register, where \
         no other thread can see it.",
        ),
        commands: &[CommandRecord::new("its steps", "miscount explain unsynced")],
    },
    ConceptRecord {
        name: "Step",
        meaning: Marked(
            "What a thread does to shared memory or to a lock in one go. Other threads can run between \
         any two steps, never inside one.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Lost update",
        meaning: Marked(
            "An increment that is missing from the total, because another thread stored a value that it \
         had computed from an older load.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Schedule, interleaving",
        meaning: Marked(
            "The order in which the threads take their steps. Under sequential consistency, a run is \
         exactly one schedule.",
        ),
        commands: &[CommandRecord::new(
            "count them all",
            "miscount explore unsynced -t 2 -i 2",
        )],
    },
    ConceptRecord {
        name: "Token",
        meaning: Marked(
            "A schedule as text: `A,B8,A-` is one step of thread A, eight steps of B, then the rest of \
         A. `worst` is the schedule with the smallest total and, at sizes that can be counted, the \
         fewest switches.",
        ),
        commands: &[CommandRecord::new(
            "force one",
            "miscount replay unsynced -t 2 -i 3 --schedule worst --steps",
        )],
    },
    ConceptRecord {
        name: "Switch",
        meaning: Marked(
            "A place in a schedule where another thread goes on. Each needs an interruption at the right \
         moment, so schedules with few switches are the likelier ones.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Witness",
        meaning: Marked(
            "A schedule that proves an outcome possible: the one with the fewest switches.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Share",
        meaning: Marked(
            "In `explore`, the part of all schedules that end in this outcome, each counted alike.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Fair share, chance",
        meaning: Marked(
            "The probability of an outcome if each step goes to a random thread, drawn evenly from those \
         that can move. It differs from the share of schedules, because schedules in which a thread \
         runs out of steps early are likelier than others: 4 and 2 remaining schedules may each have \
         a chance of 50%.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "95% interval",
        meaning: Marked(
            "Where the true share lies with 95% confidence, given the number of runs (Wilson's \
         interval). Four times as many runs halve its width.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Median, quartiles",
        meaning: Marked(
            "Half of the values lie below the median; half lie between the quartiles. Unlike a mean, \
         neither is moved by a few slow runs.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Race condition",
        meaning: Marked(
            "The result depends on the order of steps, and some orders give a wrong one.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Data race",
        meaning: Marked(
            "Two unordered accesses to the same memory, at least one a write and at least one not \
         atomic.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Atomic",
        meaning: Marked("An operation is atomic if no other thread can observe it half-done."),
        commands: &[],
    },
    ConceptRecord {
        name: "Relaxed, acquire, release",
        meaning: Marked(
            "How far an atomic access orders the accesses around it. Relaxed orders nothing else; a \
         release store publishes everything before it to the thread whose acquire load reads it.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Fence",
        meaning: Marked(
            "An instruction that orders memory accesses without accessing memory itself. A compiler \
         fence restrains only the compiler.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Store buffer",
        meaning: Marked(
            "A queue between a core and memory. A store waits in it while the thread already loads, so \
         other threads see the store late.",
        ),
        commands: &[CommandRecord::new(
            "see one on real threads",
            "miscount run store-buffering",
        )],
    },
    ConceptRecord {
        name: "Cache line",
        meaning: Marked(
            "The unit, often 64 bytes, in which cores exchange memory. Only one core can write to a line \
         at a time, so a shared counter moves from core to core.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Contention",
        meaning: Marked(
            "Threads want the same lock or cache line at the same time, and wait for each other.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Critical section",
        meaning: Marked("Code that only the holder of a lock may run."),
        commands: &[],
    },
    ConceptRecord {
        name: "Deadlock, livelock, starvation",
        meaning: Marked(
            "Deadlock: no thread can move. Livelock: threads move, but none makes progress. Starvation: \
         one thread never gets its turn.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Spurious wake-up",
        meaning: Marked(
            "A waiting thread wakes although its condition does not hold; so it waits in a loop.",
        ),
        commands: &[],
    },
    ConceptRecord {
        name: "Lineage",
        meaning: Marked(
            "From which earlier stores a value was computed. `trace` follows the final total back to the \
         increments that survived.",
        ),
        commands: &[CommandRecord::new(
            "trace a run",
            "miscount trace unsynced -t 2 -i 50",
        )],
    },
    ConceptRecord {
        name: "Par",
        meaning: Marked("The fewest switches that solve a puzzle of `step`."),
        commands: &[],
    },
    ConceptRecord {
        name: "Start line",
        meaning: Marked(
            "How the threads of a run are released together. The closer they start, the more they \
         overlap.",
        ),
        commands: &[],
    },
];
