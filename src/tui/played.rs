//! What was played, key by key, in little memory: whole states are kept elsewhere, and few of them.

use std::collections::VecDeque;

use crate::model::{Scene, Told};

/// The scenes of one key that are kept: more than a screen has lines.
const MOST_SCENES: usize = 200;

/// Steps of one thread in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    thread: u32,
    steps: u32,
}

impl Turn {
    pub(super) fn thread(self) -> usize {
        self.thread as usize
    }

    pub(super) fn steps(self) -> u64 {
        self.steps.into()
    }
}

/// All turns, and which of them each key has made.
// invariants: the turns of a key are neighbours; two of the same thread only where a key begins, or
// where their sum would not fit.
#[derive(Debug, Default)]
pub(super) struct Played {
    turns: Vec<Turn>,
    keys: Vec<Key>,
}

#[derive(Debug, Default)]
struct Key {
    /// Where its turns end among all.
    past: usize,
    /// The last of what it did.
    scenes: VecDeque<Scene>,
    /// All steps, and switches between threads, from the start to its end.
    steps: u64,
    switches: u64,
}

impl Played {
    pub(super) fn keys(&self) -> usize {
        self.keys.len()
    }

    fn of<T: Default>(&self, keys: usize, read: impl Fn(&Key) -> T) -> T {
        let last = keys.checked_sub(1).and_then(|last| self.keys.get(last));
        last.map(read).unwrap_or_default()
    }

    /// The steps of so many keys.
    pub(super) fn steps(&self, keys: usize) -> u64 {
        self.of(keys, |key| key.steps)
    }

    /// The switches of so many keys.
    pub(super) fn switches(&self, keys: usize) -> u64 {
        self.of(keys, |key| key.switches)
    }

    /// The turns of so many keys.
    pub(super) fn turns(&self, keys: usize) -> &[Turn] {
        &self.turns[..self.of(keys, |key| key.past)]
    }

    /// The turns of so many keys that make up the first few segments, and the last few.
    pub(super) fn edges(&self, keys: usize, segments: usize) -> [&[Turn]; 2] {
        let turns = self.turns(keys);
        let first = length(turns.iter(), segments);
        let last = length(turns.iter().rev(), segments);
        [&turns[..first], &turns[turns.len() - last..]]
    }

    /// The scenes of so many keys, the last first.
    pub(super) fn scenes(&self, keys: usize) -> impl Iterator<Item = &Scene> {
        let keys = self.keys[..keys].iter().rev();
        keys.flat_map(|key| key.scenes.iter().rev())
    }

    /// Forgets what comes after so many keys, and begins another.
    pub(super) fn begin(&mut self, keys: usize) {
        self.keys.truncate(keys);
        self.turns.truncate(self.of(keys, |key| key.past));
        self.keys.push(Key {
            past: self.turns.len(),
            scenes: VecDeque::new(),
            steps: self.steps(keys),
            switches: self.switches(keys),
        });
    }

    /// Adds a step to the last key.
    pub(super) fn add(&mut self, told: Told) {
        let thread = told.thread;
        let before = self.turns(self.keys.len().saturating_sub(1)).len();
        let last = self.turns.last().copied();
        let Some(key) = self.keys.last_mut() else {
            return;
        };
        key.steps += 1;
        let goes_on = last.is_some_and(|turn| turn.thread() == thread);
        key.switches += u64::from(last.is_some() && !goes_on);
        match self.turns[before..].last_mut() {
            Some(turn) if goes_on && turn.steps < u32::MAX => turn.steps += 1,
            _ => {
                // There are at most 4096 threads.
                let thread = u32::try_from(thread).unwrap_or(u32::MAX);
                self.turns.push(Turn { thread, steps: 1 });
                key.past = self.turns.len();
            }
        }
        match key.scenes.back_mut() {
            Some(scene) if scene.thread == thread => scene.tell(told),
            _ => {
                if key.scenes.len() == MOST_SCENES {
                    key.scenes.pop_front();
                }
                let mut scene = Scene {
                    thread,
                    ..Scene::default()
                };
                scene.tell(told);
                key.scenes.push_back(scene);
            }
        }
    }
}

/// How many of these turns make up so many segments.
fn length<'t>(turns: impl Iterator<Item = &'t Turn>, segments: usize) -> usize {
    let (mut last, mut many) = (None, 0);
    let are_of_them = turns.take_while(|turn| {
        many += usize::from(last != Some(turn.thread));
        last = Some(turn.thread);
        many <= segments
    });
    are_of_them.count()
}
