//! The gate: real threads that take their steps in a given order.
//!
//! The threads take turns, move by move. The thread whose turn it is runs its program for as many steps
//! as the move says, with real loads, stores, atomic operations and locks. No step blocks, because the
//! moves come from the model, which has tried them.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};
use std::sync::{Barrier, Mutex, MutexGuard, OnceLock, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::{self, Thread};
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::crew::Crew;
use super::pacing::Pacing;
use crate::model::{
    Ending, LockId, LockKind, Memory, Mode, Move, Queue, QueueId, Reg, Runner, Status, System, Var,
};
use crate::strategy::{lock, read, write};
use crate::sync::Context;

/// The number of spins after which a thread that waits for its turn goes to sleep.
const SPINS: u32 = 1 << 12;

/// The same for a thread whose core another thread of the crew needs.
const SPINS_IN_A_CROWD: u32 = 16;

/// The time after which a sleeping thread checks its context.
const NAP: Duration = Duration::from_millis(50);

/// The number of steps after which a moving thread checks its context.
const STEPS: u64 = 1 << 14;

/// Runs the system on the threads of the crew, one for each of its threads, move by move.
///
/// The moves must be possible one after the other, as those of a [`ScheduleRun`](crate::model::ScheduleRun) are.
/// Returns what the threads came to; `None` if the context was done first.
pub fn force(crew: &Crew, system: &System, moves: &[Move], context: &Context) -> Option<ForcedRun> {
    // Then the crew may not be complete.
    if context.is_done() {
        return None;
    }
    let memory = SharedMemory::new(system);
    let members = crew.members();
    let turns = Turns {
        moves,
        turn: CachePadded::default(),
        threads: (0..members).map(|_| OnceLock::new()).collect(),
        ends: Mutex::new((0..members).map(|_| None).collect()),
        end: Barrier::new(members),
        context,
    };
    crew.together(|member| turns.serve(member, crew.is_crowded(member), system, &memory));
    (!context.is_done()).then(|| {
        let ends = lock(&turns.ends);
        let register = |thread: usize, register: Reg| {
            let end = ends.get(thread).and_then(Option::as_ref);
            end.map_or(0, |(runner, _)| runner.register(register))
        };
        let now = system.finished(&memory.values(), register);
        let finished = || now.clone();
        let ending = Ending::of(ends.iter().flatten().map(|(_, status)| *status), finished);
        ForcedRun {
            total: system.total_of(&memory.values()),
            ending,
            now,
        }
    })
}

/// What real threads have come to after their last move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForcedRun {
    /// The total as it was then.
    pub total: u64,
    /// How the run has ended; `None` if a thread could have gone on.
    pub ending: Option<Ending>,
    /// How it would have ended if all threads had been done then.
    pub now: Ending,
}

/// Real variables and locks, each on its own cache lines.
#[derive(Debug)]
struct SharedMemory {
    variables: Box<[CachePadded<AtomicU64>]>,
    locks: Box<[CachePadded<RealLock>]>,
    queues: Box<[CachePadded<Mutex<Queue>>]>,
    failed: AtomicBool,
}

/// A lock, with the number of writers that wait for it and let no more readers in.
#[derive(Debug)]
struct RealLock {
    kind: RealLockKind,
    announced: AtomicU32,
}

#[derive(Debug)]
enum RealLockKind {
    Mutex(Mutex<()>),
    ReadWrite(RwLock<()>),
    Semaphore(AtomicU32),
}

impl SharedMemory {
    fn new(system: &System) -> Self {
        let variable = |&value| CachePadded::new(AtomicU64::new(value));
        let made = |&kind: &LockKind| {
            let kind = match kind {
                LockKind::Mutex => RealLockKind::Mutex(Mutex::default()),
                LockKind::ReadWrite => RealLockKind::ReadWrite(RwLock::default()),
                LockKind::Semaphore { permits } => RealLockKind::Semaphore(permits.into()),
            };
            CachePadded::new(RealLock {
                kind,
                announced: AtomicU32::default(),
            })
        };
        let queue = |&kind| CachePadded::new(Mutex::new(Queue::new(kind)));
        Self {
            variables: system.initial_values().iter().map(variable).collect(),
            locks: system.lock_kinds().iter().map(made).collect(),
            queues: system.queue_kinds().iter().map(queue).collect(),
            failed: AtomicBool::default(),
        }
    }

    fn values(&self) -> Vec<u64> {
        let value = |variable: &CachePadded<AtomicU64>| variable.load(Ordering::Relaxed);
        self.variables.iter().map(value).collect()
    }
}

/// The memory as one thread accesses it; the locks that the thread holds are released when it leaves.
struct ThreadMemory<'m> {
    shared: &'m SharedMemory,
    held: Vec<(LockId, Guard<'m>)>,
}

/// A lock that is held until it is dropped.
#[expect(dead_code, reason = "guards are held, not read")]
enum Guard<'m> {
    Mutex(MutexGuard<'m, ()>),
    Read(RwLockReadGuard<'m, ()>),
    Write(RwLockWriteGuard<'m, ()>),
}

impl ThreadMemory<'_> {
    fn at(&self, variable: Var) -> &AtomicU64 {
        &self.shared.variables[variable.index()]
    }
}

impl Memory for ThreadMemory<'_> {
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
        let RealLock { kind, announced } = &*self.shared.locks[id.index()];
        match (kind, mode) {
            (RealLockKind::Mutex(mutex), _) => mutex.try_lock().is_ok(),
            (RealLockKind::ReadWrite(both), Mode::Shared) => {
                announced.load(Ordering::Relaxed) == 0 && both.try_read().is_ok()
            }
            (RealLockKind::ReadWrite(both), _) => both.try_write().is_ok(),
            (RealLockKind::Semaphore(permits), _) => permits.load(Ordering::Relaxed) > 0,
        }
    }

    fn acquire(&mut self, id: LockId, mode: Mode) {
        let RealLock { kind, announced } = &*self.shared.locks[id.index()];
        let guard = match (kind, mode) {
            (RealLockKind::Mutex(mutex), _) => Guard::Mutex(lock(mutex)),
            (RealLockKind::ReadWrite(both), Mode::Shared) => Guard::Read(read(both)),
            (RealLockKind::ReadWrite(both), _) => {
                let guard = write(both);
                // Only this thread's turn lasts, so no other changes the number.
                let waiting = announced.load(Ordering::Relaxed);
                announced.store(waiting.saturating_sub(1), Ordering::Relaxed);
                Guard::Write(guard)
            }
            (RealLockKind::Semaphore(permits), _) => {
                permits.fetch_sub(1, Ordering::Acquire);
                return;
            }
        };
        self.held.push((id, guard));
    }

    fn announce(&mut self, id: LockId) {
        let announced = &self.shared.locks[id.index()].announced;
        announced.fetch_add(1, Ordering::Relaxed);
    }

    fn fence(&mut self) {
        fence(Ordering::SeqCst);
    }

    fn with_queue<R>(&self, queue: QueueId, look: impl FnOnce(&Queue) -> R) -> R {
        look(&lock(&self.shared.queues[queue.index()]))
    }

    fn change_queue<R>(&mut self, queue: QueueId, change: impl FnOnce(&mut Queue) -> R) -> R {
        change(&mut lock(&self.shared.queues[queue.index()]))
    }

    fn fail(&mut self) {
        self.shared.failed.store(true, Ordering::Relaxed);
    }

    fn has_failed(&self) -> bool {
        self.shared.failed.load(Ordering::Relaxed)
    }

    fn release(&mut self, id: LockId, _mode: Mode) {
        if let RealLockKind::Semaphore(permits) = &self.shared.locks[id.index()].kind {
            permits.fetch_add(1, Ordering::Release);
        } else if let Some(place) = self.held.iter().rposition(|(held, _)| *held == id) {
            self.held.remove(place);
        }
    }
}

/// The threads take turns.
///
/// invariant: only the thread of the move at `turn` changes `turn`.
struct Turns<'m> {
    moves: &'m [Move],
    /// The index of the current move.
    turn: CachePadded<AtomicUsize>,
    /// The threads that have begun, to be woken for their moves.
    threads: Box<[OnceLock<Thread>]>,
    /// Each thread after the last move, and whether it could go on.
    ends: Mutex<Vec<Option<(Runner<'m>, Status)>>>,
    /// Where the threads wait until all have looked, so that none releases a lock before.
    end: Barrier,
    context: &'m Context,
}

impl<'m> Turns<'m> {
    /// Makes the moves of one thread, each in its turn.
    fn serve(&self, member: usize, crowded: bool, system: &'m System, memory: &SharedMemory) {
        self.threads[member].get_or_init(thread::current);
        let mut runner = Runner::new(system, member);
        let mut memory = ThreadMemory {
            shared: memory,
            held: Vec::new(),
        };
        while let Some(turn) = self.wait(member, crowded) {
            for step in 1..=self.moves[turn].steps {
                runner.step(&mut memory);
                if step.is_multiple_of(STEPS) && self.context.is_done() {
                    break;
                }
            }
            self.turn.store(turn + 1, Ordering::Release);
            match self.moves.get(turn + 1) {
                Some(next) => self.wake(next.actor.thread()),
                None => (0..self.threads.len()).for_each(|thread| self.wake(thread)),
            }
        }
        // One at a time, since a thread that looks whether a lock is free takes it for a moment.
        let mut ends = lock(&self.ends);
        let status = runner.status(&memory);
        ends[member] = Some((runner, status));
        drop(ends);
        self.end.wait();
    }

    /// Waits for the thread's turn and returns the index of its move; `None` if there are no more
    /// moves, or if the context is done.
    fn wait(&self, member: usize, crowded: bool) -> Option<usize> {
        let mut pacing = Pacing::new(crowded);
        let most = if crowded { SPINS_IN_A_CROWD } else { SPINS };
        loop {
            let turn = self.turn.load(Ordering::Acquire);
            let next = self.moves.get(turn).filter(|_| !self.context.is_done())?;
            if next.actor.thread() == member {
                return Some(turn);
            }
            if pacing.spins < most {
                pacing.pass();
            } else {
                // A wake-up before this call is not lost: its token ends the wait.
                thread::park_timeout(NAP);
            }
        }
    }

    /// Wakes a thread. One that has not begun will find its turn without that.
    fn wake(&self, thread: usize) {
        if let Some(thread) = self.threads[thread].get() {
            thread.unpark();
        }
    }
}
