//! The moves of a game, in eight bytes for each burst. Whole states are kept elsewhere, and few of
//! them.

use std::collections::VecDeque;

use crate::model::{Actor, StoryMove, StoryStep};

/// The most scenes that one entry keeps: more than a screen has lines.
const MOST_SCENES: usize = 200;

/// Consecutive steps of one actor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    /// Twice the index of the thread; one more for its store buffer.
    code: u32,
    steps: u32,
}

impl Burst {
    fn of(actor: Actor) -> Self {
        // There are at most 4096 threads.
        let thread = u32::try_from(actor.thread()).unwrap_or(u32::MAX / 2);
        Self {
            code: 2 * thread + u32::from(actor.is_buffer()),
            steps: 1,
        }
    }

    pub(super) fn actor(self) -> Actor {
        let thread = (self.code / 2) as usize;
        if self.code.is_multiple_of(2) {
            Actor::Thread(thread)
        } else {
            Actor::Buffer(thread)
        }
    }

    pub(super) fn steps(self) -> u64 {
        self.steps.into()
    }
}

/// All bursts, grouped into entries that are undone as one.
// invariants: the bursts of an entry are adjacent; two adjacent bursts belong to the same actor
// only where an entry begins, or where their sum would overflow.
#[derive(Debug, Default)]
pub(super) struct History {
    bursts: Vec<Burst>,
    entries: Vec<Entry>,
    /// The number of entries before the current state; undo leaves some after it.
    pub(super) at: usize,
}

#[derive(Debug)]
struct Entry {
    end: Extent,
    /// The last scenes of the entry.
    scenes: VecDeque<StoryMove>,
}

/// What lies between the start of a game and a state: bursts, steps, and switches between threads.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    bursts: usize,
    pub(super) steps: u64,
    pub(super) switches: u64,
}

impl History {
    /// Returns the number of all entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the extent of the first `entries` entries.
    pub(super) fn extent(&self, entries: usize) -> Extent {
        let last = entries.checked_sub(1);
        let last = last.and_then(|last| self.entries.get(last));
        last.map_or_else(Extent::default, |entry| entry.end)
    }

    /// Returns the extent of the game up to its current state.
    pub(super) fn here(&self) -> Extent {
        self.extent(self.at)
    }

    /// Returns the bursts up to the current state.
    pub(super) fn bursts(&self) -> &[Burst] {
        self.between(0, self.at)
    }

    /// Returns the bursts between the ends of two entries.
    pub(super) fn between(&self, from: usize, to: usize) -> &[Burst] {
        &self.bursts[self.extent(from).bursts..self.extent(to).bursts]
    }

    /// Returns the bursts that make up the first and the last `count` segments of the schedule.
    pub(super) fn edges(&self, count: usize) -> [&[Burst]; 2] {
        let bursts = self.bursts();
        let segments = bursts.chunk_by(|a, b| a.code == b.code);
        let lengths = segments.map(<[Burst]>::len);
        let first: usize = lengths.clone().take(count).sum();
        let last: usize = lengths.rev().take(count).sum();
        [&bursts[..first], &bursts[bursts.len() - last..]]
    }

    /// Returns the scenes up to the current state, the last one first.
    pub(super) fn scenes(&self) -> impl Iterator<Item = &StoryMove> {
        let entries = self.entries[..self.at].iter().rev();
        entries.flat_map(|entry| entry.scenes.iter().rev())
    }

    /// Drops every entry after the current state, and begins a new one.
    pub(super) fn begin(&mut self) {
        let end = self.here();
        self.entries.truncate(self.at);
        self.bursts.truncate(end.bursts);
        self.entries.push(Entry {
            end,
            scenes: VecDeque::new(),
        });
        self.at += 1;
    }

    /// Adds a step to the last entry.
    pub(super) fn add(&mut self, told: StoryStep) {
        let actor = told.actor;
        let first = self.extent(self.len().saturating_sub(1)).bursts;
        let last = self.bursts.last().copied();
        let Some(Entry { end, scenes }) = self.entries.last_mut() else {
            return;
        };
        end.steps += 1;
        let continues = last.is_some_and(|burst| burst.actor() == actor);
        end.switches += u64::from(last.is_some() && !continues);
        match self.bursts[first..].last_mut() {
            Some(burst) if continues && burst.steps < u32::MAX => burst.steps += 1,
            _ => {
                self.bursts.push(Burst::of(actor));
                end.bursts = self.bursts.len();
            }
        }
        if scenes.back().is_none_or(|scene| scene.actor != actor) {
            if scenes.len() == MOST_SCENES {
                scenes.pop_front();
            }
            scenes.push_back(StoryMove {
                actor,
                ..StoryMove::default()
            });
        }
        if let Some(scene) = scenes.back_mut() {
            scene.tell(told);
        }
    }
}
