//! How a thread waits and loops, and tells the others that it does.

use std::hint::spin_loop;
use std::thread::yield_now;
use std::time::Instant;

use super::memory::Verdict;
use super::tally::Trouble;
use super::thread::{FreeThread, Halt, Scene};
use super::watch::{ALL_PATIENCE, PATIENCE, Standing};
use crate::lab::pacing::Pacing;
use crate::model::Wait;

/// Jumps back after which a thread looks around, and the same where threads share cores: others may
/// need the core to get on.
const JUMPS: u32 = 1 << 10;
const JUMPS_IN_A_CROWD: u32 = 1 << 8;

/// The most jumps of a circle that is noticed.
const LONGEST_CIRCLE: u32 = 1 << 6;

/// How often a thread that loops has looked around at least before it can be tired.
const LOOKS: u32 = 1 << 6;

/// Attempts after which a thread that waits tells the others, and attempts between two looks at them.
const ATTEMPTS: u64 = 1 << 6;
const BETWEEN_LOOKS: u64 = 1 << 4;
const BETWEEN_LOOKS_IN_A_CROWD: u64 = 1 << 2;

/// What a thread does, as far as others may have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has changed something lately.
    Runs,
    /// It has changed nothing since it last looked around.
    Looks,
    /// It looks for a circle until its jumps are used up.
    Circles {
        /// Jumps until it gives up.
        left: u32,
        /// Whether it has gone round, and told the others.
        is_calm: bool,
    },
}

/// A loop in an execution.
#[derive(Debug)]
pub(super) struct Looping {
    /// When it was first noticed.
    began: Instant,
    /// When the thread last got out of a circle or a wait, because something had changed.
    moved: Instant,
    /// How often the thread has looked around.
    looks: u32,
}

impl Looping {
    fn begin() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            moved: now,
            looks: 0,
        }
    }
}

impl FreeThread {
    /// Begins an execution.
    #[inline]
    pub(super) fn begin(&mut self, scene: Scene<'_>) {
        self.jumps = jumps(scene);
        self.phase = Phase::Runs;
        self.looping = None;
        self.watch.begin();
    }

    /// Takes note that the thread is about to change something.
    #[inline]
    pub(super) fn stir(&mut self, scene: Scene<'_>) {
        if self.phase != Phase::Runs {
            self.wake_up(scene);
        }
    }

    /// Takes note that the thread has changed something, if it has.
    #[inline]
    pub(super) fn changed(&mut self, scene: Scene<'_>, anything: bool) {
        if anything {
            self.stir(scene);
        }
    }

    #[cold]
    fn wake_up(&mut self, scene: Scene<'_>) {
        if let Phase::Circles { is_calm: true, .. } = self.phase {
            self.move_on(scene);
            self.jumps = jumps(scene);
        }
        self.phase = Phase::Runs;
    }

    /// Takes note that the thread has got out of a circle or a wait, because something has changed.
    fn move_on(&mut self, scene: Scene<'_>) {
        scene.signs[self.number].stir();
        self.get_on();
    }

    /// Takes note that the thread gets on, as far as it can tell.
    fn get_on(&mut self) {
        if let Some(looping) = &mut self.looping {
            looping.moved = Instant::now();
        }
    }

    /// Looks around after many jumps back, the last of them from one operation to another.
    #[cold]
    pub(super) fn look_around(
        &mut self,
        scene: Scene<'_>,
        from: usize,
        to: usize,
    ) -> Result<(), Halt> {
        let registers = &self.cells[..scene.code.registers];
        let is_back = self.circle.0 == to && *self.circle.1 == *registers;
        self.jumps = 1;
        match self.phase {
            Phase::Circles { .. } if is_back => {
                scene.signs[self.number].round();
                self.phase = Phase::Circles {
                    left: LONGEST_CIRCLE,
                    is_calm: true,
                };
                pause(scene);
            }
            Phase::Circles { left: 0, .. } | Phase::Runs => {
                self.wake_up(scene);
                self.jumps = jumps(scene);
                self.phase = Phase::Looks;
                pause(scene);
            }
            Phase::Circles { left, is_calm } => {
                let is_new = self.circle.0 == to;
                if is_new {
                    self.circle.1.copy_from_slice(registers);
                    if is_calm {
                        self.move_on(scene);
                    }
                }
                self.phase = Phase::Circles {
                    left: left - 1,
                    is_calm: is_calm && !is_new,
                };
                return Ok(());
            }
            Phase::Looks => {
                self.circle.0 = to;
                self.circle.1.copy_from_slice(registers);
                self.phase = Phase::Circles {
                    left: LONGEST_CIRCLE,
                    is_calm: false,
                };
            }
        }
        if self.goes_on(scene)? {
            return Ok(());
        }
        let trouble = match scene.code.waits(to, from, &self.cells) {
            Some(variable) => Trouble::Waits(Wait::Change { variable }),
            None => Trouble::Loops,
        };
        Err(Halt::Ended(trouble))
    }

    /// Tells the others when it has looped for long, unless it is certain to come to an end.
    fn look_at_clock(&mut self, scene: Scene<'_>) {
        let looping = self.looping.get_or_insert_with(Looping::begin);
        looping.looks += 1;
        if looping.looks.is_multiple_of(LOOKS) {
            let now = Instant::now();
            let is_tired = now - looping.moved > PATIENCE || now - looping.began > ALL_PATIENCE;
            if is_tired && scene.code.may_loop {
                scene.signs[self.number].tire();
            }
            // Another program may be waiting for the core.
            yield_now();
        }
    }

    /// Tries until an attempt succeeds, which need not change anything.
    #[inline]
    pub(super) fn wait<T>(
        &mut self,
        scene: Scene<'_>,
        why: impl Fn(&Self) -> Wait,
        mut attempt: impl FnMut(&mut Self) -> Option<T>,
    ) -> Result<T, Halt> {
        if let Some(done) = attempt(self) {
            return Ok(done);
        }
        self.keep_trying(scene, why, attempt)
    }

    #[cold]
    #[inline(never)]
    fn keep_trying<T>(
        &mut self,
        scene: Scene<'_>,
        why: impl Fn(&Self) -> Wait,
        mut attempt: impl FnMut(&mut Self) -> Option<T>,
    ) -> Result<T, Halt> {
        self.wake_up(scene);
        let mut pacing = Pacing::new(scene.crowded);
        let (most, between) = if scene.crowded {
            (1, BETWEEN_LOOKS_IN_A_CROWD)
        } else {
            (ATTEMPTS, BETWEEN_LOOKS)
        };
        let mut attempts = 0_u64;
        loop {
            pacing.pass();
            attempts += 1;
            if let Some(done) = attempt(self) {
                if attempts > most {
                    self.move_on(scene);
                } else {
                    self.get_on();
                }
                return Ok(done);
            }
            if attempts >= most {
                scene.signs[self.number].round();
                if attempts.is_multiple_of(between) && !self.goes_on(scene)? {
                    return Err(Halt::Ended(Trouble::Waits(why(self))));
                }
            }
        }
    }

    /// Returns whether the execution goes on, after a look at all threads.
    ///
    /// # Errors
    ///
    /// [`Halt::Canceled`] if the context is done.
    fn goes_on(&mut self, scene: Scene<'_>) -> Result<bool, Halt> {
        if scene.context.is_done() {
            return Err(Halt::Canceled);
        }
        self.look_at_clock(scene);
        let judgement = &scene.instance.judgement;
        let verdict = match self.watch.look(scene.signs, scene.execution) {
            Standing::Open => return Ok(judgement.verdict().is_none()),
            Standing::Stuck => Verdict::Stuck,
            Standing::Tired => Verdict::Tired,
        };
        judgement.pass(verdict);
        Ok(false)
    }
}

fn jumps(scene: Scene<'_>) -> u32 {
    if scene.crowded {
        JUMPS_IN_A_CROWD
    } else {
        JUMPS
    }
}

/// Lets other threads go first, where threads share cores.
fn pause(scene: Scene<'_>) {
    if scene.crowded {
        yield_now();
    } else {
        spin_loop();
    }
}
