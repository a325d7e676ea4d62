//! The moves of a game, entry by entry, in little memory. Whole states are kept elsewhere, and few
//! of them.

use std::collections::VecDeque;

use crate::model::{Scene, Told};

/// The most scenes that one entry keeps: more than a screen has lines.
const MOST_SCENES: usize = 200;

/// Consecutive steps of one thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    thread: u32,
    steps: u32,
}

impl Burst {
    pub(super) fn thread(self) -> usize {
        self.thread as usize
    }

    pub(super) fn steps(self) -> u64 {
        self.steps.into()
    }
}

/// All bursts, grouped into entries that are undone as one. The methods look at the first `entries`
/// of them.
// invariants: the bursts of an entry are adjacent; two adjacent bursts belong to the same thread
// only where an entry begins, or where their sum would overflow.
#[derive(Debug, Default)]
pub(super) struct History {
    bursts: Vec<Burst>,
    entries: Vec<Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    /// The index after the entry's last burst.
    past: usize,
    /// The last scenes of the entry.
    scenes: VecDeque<Scene>,
    /// The steps, and the switches between threads, from the start to the end of the entry.
    steps: u64,
    switches: u64,
}

impl History {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn read<T: Default>(&self, entries: usize, read: impl Fn(&Entry) -> T) -> T {
        let last = entries
            .checked_sub(1)
            .and_then(|last| self.entries.get(last));
        last.map(read).unwrap_or_default()
    }

    pub(super) fn steps(&self, entries: usize) -> u64 {
        self.read(entries, |entry| entry.steps)
    }

    pub(super) fn switches(&self, entries: usize) -> u64 {
        self.read(entries, |entry| entry.switches)
    }

    pub(super) fn bursts(&self, entries: usize) -> &[Burst] {
        &self.bursts[..self.read(entries, |entry| entry.past)]
    }

    /// Returns the bursts that make up the first and the last `segments` segments of a schedule.
    pub(super) fn edges(&self, entries: usize, segments: usize) -> [&[Burst]; 2] {
        let bursts = self.bursts(entries);
        let first = length(bursts.iter(), segments);
        let last = length(bursts.iter().rev(), segments);
        [&bursts[..first], &bursts[bursts.len() - last..]]
    }

    /// Returns the scenes, the last one first.
    pub(super) fn scenes(&self, entries: usize) -> impl Iterator<Item = &Scene> {
        let entries = self.entries[..entries].iter().rev();
        entries.flat_map(|entry| entry.scenes.iter().rev())
    }

    /// Drops every entry after the first `entries`, and begins a new one.
    pub(super) fn begin(&mut self, entries: usize) {
        self.entries.truncate(entries);
        self.bursts.truncate(self.read(entries, |entry| entry.past));
        self.entries.push(Entry {
            past: self.bursts.len(),
            scenes: VecDeque::new(),
            steps: self.steps(entries),
            switches: self.switches(entries),
        });
    }

    /// Adds a step to the last entry.
    pub(super) fn add(&mut self, told: Told) {
        let thread = told.thread;
        let before = self.bursts(self.len().saturating_sub(1)).len();
        let last = self.bursts.last().copied();
        let Some(entry) = self.entries.last_mut() else {
            return;
        };
        entry.steps += 1;
        let continues = last.is_some_and(|burst| burst.thread() == thread);
        entry.switches += u64::from(last.is_some() && !continues);
        match self.bursts[before..].last_mut() {
            Some(burst) if continues && burst.steps < u32::MAX => burst.steps += 1,
            _ => {
                // There are at most 4096 threads.
                let thread = u32::try_from(thread).unwrap_or(u32::MAX);
                self.bursts.push(Burst { thread, steps: 1 });
                entry.past = self.bursts.len();
            }
        }
        match entry.scenes.back_mut() {
            Some(scene) if scene.thread == thread => scene.tell(told),
            _ => {
                if entry.scenes.len() == MOST_SCENES {
                    entry.scenes.pop_front();
                }
                let mut scene = Scene {
                    thread,
                    ..Scene::default()
                };
                scene.tell(told);
                entry.scenes.push_back(scene);
            }
        }
    }
}

/// Returns the number of bursts that make up the first `segments` segments.
fn length<'b>(bursts: impl Iterator<Item = &'b Burst>, segments: usize) -> usize {
    let (mut last, mut seen) = (None, 0);
    let within = bursts.take_while(|burst| {
        seen += usize::from(last != Some(burst.thread));
        last = Some(burst.thread);
        seen <= segments
    });
    within.count()
}
