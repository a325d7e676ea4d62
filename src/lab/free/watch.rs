//! How it is noticed that an execution can't go on: all its threads wait or spin, for ever.
//!
//! A thread is *calm* while it does nothing but look: it waits for a lock that is taken, or it goes
//! round a loop that stores nothing and comes back to the same place with the same registers. It
//! counts its *rounds*, each of which has found everything as before. A thread that changes anything,
//! or goes on, begins a new *spell*.
//!
//! Claim: if at one moment all unfinished threads of an execution are calm, and at a later moment all
//! are still in the same spell and each has made two rounds more, then none will ever go on. Proof:
//! the last of these rounds began after the first moment. Consider the first change of memory after
//! that moment, if there is one. The thread that makes it has not made its round on the memory as it is
//! since then, as it would have found nothing to do, or it has begun a new spell since. So there is no
//! change, each thread has made a round on the memory as it is, and will go on making it.
//!
//! A loop that stores can't be judged like this. When all unfinished threads are calm or have looped
//! for [`PATIENCE`] without being freed from any wait, or for [`ALL_PATIENCE`] in all, the execution is
//! given up.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::time::Duration;

use crossbeam_utils::CachePadded;

/// How long threads may loop until the execution is given up, if nothing shows that they must end.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);

/// The same where they wait for each other in turn and always get on.
pub(super) const ALL_PATIENCE: Duration = Duration::from_secs(2);

/// What a thread does, for the others to read.
///
/// From the top of `state`: the number of the execution in its stride, from 1 (24 bits); whether it has looped
/// for long (1 bit); the spell (23 bits); the rounds, 0 if it is not calm (16 bits).
#[derive(Debug, Default)]
pub(super) struct Sign(CachePadded<Words>);

#[derive(Debug, Default)]
struct Words {
    state: AtomicU64,
    /// When it was ready for the execution.
    ready: AtomicU64,
}

const EXECUTION: u32 = 40;
const LOOPED: u64 = 1 << 39;
const SPELL: u64 = 1 << 16;
const ROUNDS: u64 = SPELL - 1;
const SPELLS: u64 = LOOPED - SPELL;

impl Sign {
    /// Begins an execution, or ends the last one of a stride.
    #[inline]
    pub(super) fn begin(&self, execution: usize) {
        let state = (execution as u64) << EXECUTION;
        self.0.state.store(state, Ordering::Release);
    }

    /// Is ready for an execution at this tick of the clock.
    #[inline]
    pub(super) fn ready(&self, execution: usize, tick: u64) {
        self.0.ready.store(tick, Ordering::Relaxed);
        self.begin(execution);
    }

    /// Returns when the thread was ready for this execution, if it is; a later tick if it is done with it.
    #[inline]
    pub(super) fn is_ready(&self, execution: usize) -> Option<u64> {
        let state = self.0.state.load(Ordering::Acquire);
        let is_here = state >> EXECUTION >= execution as u64;
        is_here.then(|| self.0.ready.load(Ordering::Relaxed))
    }

    fn set(&self, word: u64) {
        // A round ends before it is counted, and what a thread has stored before it became calm
        // arrives before.
        fence(Ordering::SeqCst);
        self.0.state.store(word, Ordering::Release);
    }

    /// Counts a round.
    pub(super) fn round(&self) {
        let word = self.0.state.load(Ordering::Relaxed);
        let rounds = (word & ROUNDS) % ROUNDS + 1;
        self.set(word & !ROUNDS | rounds);
    }

    /// Begins a new spell.
    pub(super) fn stir(&self) {
        let word = self.0.state.load(Ordering::Relaxed);
        self.set(word & !(SPELLS | ROUNDS | LOOPED) | (word + SPELL) & SPELLS);
    }

    /// Tells that the thread has looped for long.
    pub(super) fn tire(&self) {
        self.set(self.0.state.load(Ordering::Relaxed) | LOOPED);
    }
}

/// How things stand with an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A thread can go on, as far as can be told.
    Open,
    /// No thread will ever go on.
    Stuck,
    /// The threads have looped for long.
    Tired,
}

/// What one thread has seen of all.
#[derive(Debug)]
pub(super) struct Watch {
    /// What each thread did when all were calm, and whether that is still to be compared with.
    seen: Box<[u64]>,
    is_set: bool,
}

impl Watch {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            seen: vec![0; threads].into(),
            is_set: false,
        }
    }

    /// Begins an execution.
    pub(super) fn begin(&mut self) {
        self.is_set = false;
    }

    /// Looks at all threads of this execution.
    pub(super) fn look(&mut self, signs: &[Sign], execution: usize) -> Standing {
        let read = |sign: &Sign| sign.0.state.load(Ordering::Acquire);
        let is_done = |word: u64| word >> EXECUTION > execution as u64;
        let is_here = |word: u64| word >> EXECUTION == execution as u64;
        let is_calm = |word: u64| is_here(word) && word & ROUNDS > 0;
        let is_same = |word: u64, seen: u64| (word ^ seen) & !(ROUNDS | LOOPED) == 0;
        let rounds = |word: u64, seen: u64| (word & ROUNDS) + ROUNDS - (seen & ROUNDS);
        let (mut all_calm, mut tired, mut same, mut stuck) = (true, true, self.is_set, true);
        for (sign, &seen) in signs.iter().zip(&self.seen) {
            let word = read(sign);
            if is_done(word) {
                same &= is_done(seen);
                continue;
            }
            all_calm &= is_calm(word);
            tired &= is_calm(word) || is_here(word) && word & LOOPED > 0;
            same &= is_same(word, seen);
            stuck &= rounds(word, seen) % ROUNDS >= 2;
        }
        if all_calm && same {
            return if stuck {
                Standing::Stuck
            } else {
                Standing::Open
            };
        }
        self.is_set = all_calm;
        if all_calm {
            // All are calm at once between these two passes; rounds are counted from the second.
            for (sign, seen) in signs.iter().zip(&mut self.seen) {
                *seen = read(sign);
                self.is_set &= is_done(*seen) || is_calm(*seen);
            }
            fence(Ordering::SeqCst);
            for (sign, seen) in signs.iter().zip(&mut self.seen) {
                let word = read(sign);
                self.is_set &= is_done(word) && is_done(*seen) || is_same(word, *seen);
                *seen = word;
            }
            return Standing::Open;
        }
        if tired {
            Standing::Tired
        } else {
            Standing::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs() -> [Sign; 2] {
        let signs = <[Sign; 2]>::default();
        for sign in &signs {
            sign.begin(1);
        }
        signs
    }

    fn rounds(signs: &[Sign], count: usize) {
        for _ in 0..count {
            signs.iter().for_each(Sign::round);
        }
    }

    #[test]
    fn threads_that_have_made_two_rounds_more_are_stuck() {
        let (signs, mut watch) = (signs(), Watch::new(2));
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        rounds(&signs, 5);
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        signs[0].round();
        signs[0].round();
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        rounds(&signs, 2);
        assert_eq!(watch.look(&signs, 1), Standing::Stuck);
        // A count that has gone all the way round tells less, never more.
        rounds(&signs, 65_535);
        assert_eq!(watch.look(&signs, 1), Standing::Stuck);
    }

    #[test]
    fn a_thread_that_has_moved_since_is_not_stuck() {
        let (signs, mut watch) = (signs(), Watch::new(2));
        rounds(&signs, 1);
        watch.look(&signs, 1);
        rounds(&signs, 2);
        signs[1].stir();
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        rounds(&signs, 9);
        // Only now all are calm again.
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        rounds(&signs, 2);
        assert_eq!(watch.look(&signs, 1), Standing::Stuck);
    }

    #[test]
    fn a_thread_that_is_done_counts_for_nothing_and_one_that_is_late_may_yet_move() {
        let (signs, mut watch) = (signs(), Watch::new(2));
        rounds(&signs, 1);
        signs[1].begin(2);
        watch.look(&signs, 1);
        rounds(&signs[..1], 2);
        assert_eq!(watch.look(&signs, 1), Standing::Stuck);
        signs[0].begin(2);
        signs[1].begin(1);
        watch.begin();
        for _ in 0..3 {
            rounds(&signs[..1], 2);
            assert_eq!(watch.look(&signs, 2), Standing::Open);
        }
    }

    #[test]
    fn threads_that_loop_for_long_are_given_up_together() {
        let (signs, mut watch) = (signs(), Watch::new(2));
        signs[0].tire();
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        signs[1].round();
        assert_eq!(watch.look(&signs, 1), Standing::Tired);
        signs[1].stir();
        assert_eq!(watch.look(&signs, 1), Standing::Open);
        signs[1].tire();
        assert_eq!(watch.look(&signs, 1), Standing::Tired);
    }
}
