//! The gate: real threads that take their steps in an order that is given.
//!
//! The threads pass a baton from move to move. Whoever has it runs its program for as many steps
//! as the move says, with real loads, stores, atomic operations and locks, and passes it on. That
//! no step blocks is known beforehand: the moves come from the model, which has tried them.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard, OnceLock, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::Thread;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::crew::Crew;
use super::pacing::Pacing;
use crate::model::{Ending, LockId, LockKind, Memory, Mode, Move, Runner, Status, System, Var};
use crate::strategy::{lock, read, write};
use crate::sync::Context;

/// Looks at the baton before a thread that waits for it goes to sleep.
const LOOKS: u32 = 1 << 12;

/// The same where another thread of the crew needs the core.
const LOOKS_IN_A_CROWD: u32 = 16;

/// A sleeping thread looks at its context as often as this.
const NAP: Duration = Duration::from_millis(50);

/// Steps after which the thread that moves looks at its context.
const STEPS: u64 = 1 << 14;

/// Runs the system on the threads of the crew, one for each of its threads, move by move.
///
/// The moves must be possible one after the other, as those of a [`Plan`](crate::model::Plan) are.
/// Returns what the threads came to; `None` if the context was done first.
pub fn force(crew: &Crew, system: &System, moves: &[Move], context: &Context) -> Option<ForcedRun> {
    let table = Table::new(system);
    let baton = Baton::new(moves, crew.members());
    crew.together(|member| baton.serve(member, crew.is_crowded(member), system, &table, context));
    (!context.is_done()).then(|| ForcedRun {
        total: system.total_of(&table.values()),
        statuses: lock(&baton.statuses).clone(),
    })
}

/// What real threads have come to after their last move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForcedRun {
    /// The total as it was then.
    pub total: u64,
    /// Whether each thread could have gone on.
    pub statuses: Vec<Status>,
}

impl ForcedRun {
    /// Returns how the run has ended; `None` if a thread could have gone on.
    pub fn ending(&self) -> Option<Ending> {
        Ending::of(self.statuses.iter().copied(), self.total)
    }
}

/// Real variables and locks, each on cache lines of its own.
#[derive(Debug)]
struct Table {
    variables: Box<[CachePadded<AtomicU64>]>,
    locks: Box<[CachePadded<RealLock>]>,
}

#[derive(Debug)]
enum RealLock {
    Mutex(Mutex<()>),
    ReadWrite(RwLock<()>),
}

impl Table {
    fn new(system: &System) -> Self {
        let variable = |&value| CachePadded::new(AtomicU64::new(value));
        let made = |kind| match kind {
            LockKind::Mutex => RealLock::Mutex(Mutex::default()),
            LockKind::ReadWrite => RealLock::ReadWrite(RwLock::default()),
        };
        Self {
            variables: system.initial_values().iter().map(variable).collect(),
            locks: system
                .lock_kinds()
                .iter()
                .map(|&kind| CachePadded::new(made(kind)))
                .collect(),
        }
    }

    fn values(&self) -> Vec<u64> {
        let value = |variable: &CachePadded<AtomicU64>| variable.load(Ordering::Relaxed);
        self.variables.iter().map(value).collect()
    }
}

/// One thread at the table: what it holds is given back when it leaves.
struct Hands<'t> {
    table: &'t Table,
    held: Vec<(LockId, Guard<'t>)>,
}

/// A lock that is held until it is dropped.
#[expect(dead_code, reason = "guards are held, not looked at")]
enum Guard<'t> {
    Mutex(MutexGuard<'t, ()>),
    Read(RwLockReadGuard<'t, ()>),
    Write(RwLockWriteGuard<'t, ()>),
}

impl Hands<'_> {
    fn at(&self, variable: Var) -> &AtomicU64 {
        &self.table.variables[variable.index()]
    }
}

impl Memory for Hands<'_> {
    fn load(&mut self, variable: Var) -> u64 {
        self.at(variable).load(Ordering::Relaxed)
    }

    fn store(&mut self, variable: Var, value: u64) -> u64 {
        self.at(variable).store(value, Ordering::Relaxed);
        0
    }

    fn fetch_add(&mut self, variable: Var, by: u64) -> u64 {
        self.at(variable).fetch_add(by, Ordering::Relaxed)
    }

    fn swap(&mut self, variable: Var, value: u64) -> u64 {
        self.at(variable).swap(value, Ordering::AcqRel)
    }

    fn compare_exchange(&mut self, variable: Var, expected: u64, new: u64) -> u64 {
        let tried =
            self.at(variable)
                .compare_exchange(expected, new, Ordering::AcqRel, Ordering::Relaxed);
        tried.unwrap_or_else(|seen| seen)
    }

    fn peek(&self, variable: Var) -> u64 {
        self.at(variable).load(Ordering::Relaxed)
    }

    fn is_free(&self, id: LockId, mode: Mode) -> bool {
        match (&*self.table.locks[id.index()], mode) {
            (RealLock::Mutex(mutex), _) => mutex.try_lock().is_ok(),
            (RealLock::ReadWrite(both), Mode::Exclusive) => both.try_write().is_ok(),
            (RealLock::ReadWrite(both), Mode::Shared) => both.try_read().is_ok(),
        }
    }

    fn acquire(&mut self, id: LockId, mode: Mode) {
        let guard = match (&*self.table.locks[id.index()], mode) {
            (RealLock::Mutex(mutex), _) => Guard::Mutex(lock(mutex)),
            (RealLock::ReadWrite(both), Mode::Exclusive) => Guard::Write(write(both)),
            (RealLock::ReadWrite(both), Mode::Shared) => Guard::Read(read(both)),
        };
        self.held.push((id, guard));
    }

    fn release(&mut self, id: LockId, _mode: Mode) {
        if let Some(place) = self.held.iter().rposition(|(held, _)| *held == id) {
            self.held.remove(place);
        }
    }
}

/// Whose move it is.
///
/// invariants: only the thread of the move at `turn` moves `turn` on; a thread that sleeps has
/// `asleep` set, and has looked at `turn` after it set it.
struct Baton<'m> {
    moves: &'m [Move],
    turn: CachePadded<AtomicUsize>,
    threads: Box<[CachePadded<Waiting>]>,
    /// Whether each thread could go on after the last move.
    statuses: Mutex<Vec<Status>>,
    /// Where the threads wait until all have looked, so that none gives a lock back before.
    end: Barrier,
}

#[derive(Default)]
struct Waiting {
    asleep: AtomicBool,
    thread: OnceLock<Thread>,
}

impl<'m> Baton<'m> {
    fn new(moves: &'m [Move], members: usize) -> Self {
        Self {
            moves,
            turn: CachePadded::default(),
            threads: (0..members).map(|_| CachePadded::default()).collect(),
            statuses: Mutex::new(vec![Status::Ready; members]),
            end: Barrier::new(members),
        }
    }

    /// What one thread does: waits for its moves, makes them, passes the baton on.
    fn serve(
        &self,
        member: usize,
        crowded: bool,
        system: &System,
        table: &Table,
        context: &Context,
    ) {
        self.threads[member]
            .thread
            .get_or_init(std::thread::current);
        let mut runner = Runner::new(system, member);
        let mut hands = Hands {
            table,
            held: Vec::new(),
        };
        while let Some(at) = self.wait_for_turn(member, crowded, context) {
            for step in 1..=self.moves[at].steps {
                runner.step(&mut hands);
                if step.is_multiple_of(STEPS) && context.is_done() {
                    break;
                }
            }
            self.pass_on(at + 1);
        }
        // One at a time, since a thread that looks whether a lock is free takes it for a moment.
        let mut statuses = lock(&self.statuses);
        statuses[member] = runner.status(&hands);
        drop(statuses);
        self.end.wait();
    }

    /// The place of the next move if it is this thread's; `None` when there are no more moves.
    fn wait_for_turn(&self, member: usize, crowded: bool, context: &Context) -> Option<usize> {
        let mut pacing = Pacing::new(crowded);
        let mut looks = 0;
        loop {
            let turn = self.turn.load(Ordering::SeqCst);
            match self.moves.get(turn) {
                Some(next) if next.thread == member && !context.is_done() => return Some(turn),
                Some(_) if !context.is_done() => {}
                _ => return None,
            }
            looks += 1;
            if looks < if crowded { LOOKS_IN_A_CROWD } else { LOOKS } {
                pacing.pass();
                continue;
            }
            let waiting = &self.threads[member];
            waiting.asleep.store(true, Ordering::SeqCst);
            if self.turn.load(Ordering::SeqCst) == turn {
                std::thread::park_timeout(NAP);
            }
            waiting.asleep.store(false, Ordering::SeqCst);
        }
    }

    /// Lets the thread of the move at `turn` go on, or everybody when there is none.
    fn pass_on(&self, turn: usize) {
        self.turn.store(turn, Ordering::SeqCst);
        let wake = |waiting: &Waiting| {
            if waiting.asleep.load(Ordering::SeqCst)
                && let Some(thread) = waiting.thread.get()
            {
                thread.unpark();
            }
        };
        match self.moves.get(turn) {
            Some(next) => wake(&self.threads[next.thread]),
            None => self.threads.iter().for_each(|waiting| wake(waiting)),
        }
    }
}
