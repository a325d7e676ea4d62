//! The glossary, and the symptoms of races: `miscount.terms/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::explanation::{CommandRecord, Marked};
use super::map::ConceptRecord;
use super::symptoms::SYMPTOMS;

/// Short explanations, each with the commands that show it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TermsRecord {
    /// What is explained: `terms` or `symptoms`.
    pub topic: Cow<'static, str>,
    /// The explanations, in order.
    pub entries: Cow<'static, [ConceptRecord]>,
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
        topic: Cow::Borrowed("terms"),
        entries: Cow::Borrowed(TERMS),
    };

    /// The way from a symptom to its cause.
    pub const SYMPTOMS: Self = Self {
        topic: Cow::Borrowed("symptoms"),
        entries: Cow::Borrowed(SYMPTOMS),
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
        name: Cow::Borrowed("Increment"),
        meaning: Marked::new(
            "`counter += 1`. In `unsynced` that is two steps, a load and a store. The addition is no \
         step: it happens in the thread's own register.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new("its steps", "miscount explain unsynced")]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Step"),
        meaning: Marked::new(
            "One access to shared memory or to a lock. Other threads can run between any two steps, \
         never inside one.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Lost update"),
        meaning: Marked::new(
            "An increment missing from the total, because another thread stored a value based on an \
         older load.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Schedule, interleaving"),
        meaning: Marked::new("The order in which the threads take their steps."),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "count them all",
            "miscount explore unsynced -t 2 -i 2",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Token"),
        meaning: Marked::new(
            "A schedule as text: `A,B8,A-` is one step of thread A, eight steps of B, then the rest of \
         A. `worst` is the schedule with the smallest total and, at sizes that can be counted, the \
         fewest switches.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "force one",
            "miscount replay unsynced -t 2 -i 3 --schedule worst --steps",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Switch"),
        meaning: Marked::new("A place in a schedule where another thread goes on."),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Witness"),
        meaning: Marked::new(
            "A schedule that proves an outcome possible: the one with the fewest switches.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Share"),
        meaning: Marked::new(
            "In `explore`, the part of all schedules that end in this outcome, each counted alike.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Fair share, chance"),
        meaning: Marked::new(
            "The probability of an outcome if each step goes to a random thread that can move. It \
         differs from the share: schedules in which a thread ends early are likelier than others, so \
         4 and 2 remaining schedules may each have a chance of 50%.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("95% interval"),
        meaning: Marked::new(
            "Where the true share lies with 95% confidence (Wilson's interval). Four times as many \
         runs halve its width.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Median, quartiles"),
        meaning: Marked::new(
            "Half of the values lie below the median; half lie between the quartiles.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Race condition"),
        meaning: Marked::new(
            "The result depends on the order of steps, and some orders give a wrong one.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Data race"),
        meaning: Marked::new(
            "Two unordered accesses to the same memory, at least one a write and at least one not \
         atomic.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Atomic"),
        meaning: Marked::new("An operation is atomic if no other thread can observe it half-done."),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Relaxed, acquire, release"),
        meaning: Marked::new(
            "Relaxed orders no other access; a release store publishes everything before it to the \
         thread whose acquire load reads it.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Fence"),
        meaning: Marked::new("An instruction that orders memory accesses."),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Store buffer"),
        meaning: Marked::new(
            "A queue between a core and memory, so other threads see a store late.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "see one on real threads",
            "miscount run store-buffering",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Cache line"),
        meaning: Marked::new(
            "The unit, often 64 bytes, in which cores exchange memory. Only one core can write to a \
         line at a time.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Contention"),
        meaning: Marked::new("Threads wait for the same lock or cache line."),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Critical section"),
        meaning: Marked::new("Code that only the holder of a lock may run."),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Deadlock, livelock, starvation"),
        meaning: Marked::new(
            "Deadlock: no thread can move. Livelock: threads move, but none makes progress. Starvation: \
         one thread never gets its turn.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Spurious wake-up"),
        meaning: Marked::new(
            "A waiting thread wakes although its condition does not hold; so it waits in a loop.",
        ),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Lineage"),
        meaning: Marked::new(
            "The earlier stores from which a value was computed. `trace` follows it back to the \
         increments that survived.",
        ),
        commands: Cow::Borrowed(&[CommandRecord::new(
            "trace a run",
            "miscount trace unsynced -t 2 -i 50",
        )]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Par"),
        meaning: Marked::new("The fewest switches that solve a puzzle of `step`."),
        commands: Cow::Borrowed(&[]),
    },
    ConceptRecord {
        name: Cow::Borrowed("Start line"),
        meaning: Marked::new("How the threads of a run start together."),
        commands: Cow::Borrowed(&[]),
    },
];
