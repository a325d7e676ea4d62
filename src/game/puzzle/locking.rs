//! Puzzles with locks.

use super::Puzzle;
use super::build::{counting, locked};
use crate::model::{Goal, LockId, ModelError, Program, ProgramBuilder, System};

pub(super) static WAIT: Puzzle = Puzzle {
    name: "wait",
    title: "Waiting at a lock",
    story: "Now a mutex is taken before each increment and given back after it. Make A wait for B.",
    lesson: "Whoever finds the mutex taken waits until its holder gives it back: A waits as soon \
             as its next step is to lock what B holds. A blocked thread cannot move; its key only \
             says what it waits for.",
    goal: Goal::Wait {
        thread: 0,
        holder: Some(1),
    },
    correct: Some(2),
    counts: true,
    build: || mutex(2, 1),
};

pub(super) static LOCKED: Puzzle = Puzzle {
    name: "locked",
    title: "The lock that leaves one way out",
    story: "Now two increments each, every one under the mutex. Look at the totals that are still \
            reachable, then end with 4. Can you do anything else?",
    lesson: "Every schedule ends with 4. The lock does not make it likely, it makes everything \
             else unreachable. Try g: no other total can be reached.",
    goal: Goal::Total(4),
    correct: Some(4),
    counts: true,
    build: || mutex(2, 2),
};

pub(super) static FORGOTTEN: Puzzle = Puzzle {
    name: "forgotten-lock",
    title: "One of them forgets the lock",
    story: "A takes the mutex, B does not bother. End with 1.",
    lesson: "A lock protects nothing by itself: it keeps out only those who ask for it. One place \
             that forgets it is enough.",
    goal: Goal::Total(1),
    correct: Some(2),
    counts: true,
    build: || {
        let mut system = System::builder();
        let counter = system.variable("counter", 0);
        let mutex = system.mutex("mutex");
        let mut careful = ProgramBuilder::new("takes the lock");
        locked(&mut careful, counter, mutex, 1);
        let mut careless = ProgramBuilder::new("forgets the lock");
        counting(&mut careless, counter, 1);
        system.thread(&careful.build()?);
        system.thread(&careless.build()?);
        system.total(counter);
        system.build()
    },
};

pub(super) static SPLIT: Puzzle = Puzzle {
    name: "split-lock",
    title: "Every access locked, and still wrong",
    story: "The value is read under a read lock and written under a write lock, but not under one \
            and the same. End with 2 instead of 4.",
    lesson: "Between the two locks a thread holds nothing but an old value. What must happen as \
             one belongs under one lock.",
    goal: Goal::Total(2),
    correct: Some(4),
    counts: true,
    build: || {
        System::alike("rwlock --split", 2, |system, program, counter| {
            let lock = system.rwlock("rwlock");
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, 2, |body| {
                body.read_lock(lock).load(seen, counter).read_unlock(lock);
                body.add(seen, seen, 1);
                body.lock(lock).store(counter, seen).unlock(lock);
            });
        })
    },
};

pub(super) static DEADLOCK: Puzzle = Puzzle {
    name: "deadlock",
    title: "Two locks, two orders",
    story: "A takes left, then right; B takes right, then left. End in a deadlock.",
    lesson: "Each holds what the other wants, for ever. If all take their locks in the same order, \
             no circle of waiting can close.",
    goal: Goal::Deadlock,
    correct: Some(2),
    counts: true,
    build: || {
        let mut system = System::builder();
        let counter = system.variable("counter", 0);
        let (left, right) = (system.mutex("left"), system.mutex("right"));
        for (name, first, second) in [
            ("left, then right", left, right),
            ("right, then left", right, left),
        ] {
            let program = with_both(name, first, second, |program| {
                let seen = program.register("seen");
                program.load(seen, counter).add(seen, seen, 1);
                program.store(counter, seen);
            });
            system.thread(&program?);
        }
        system.total(counter);
        system.build()
    },
};

pub(super) static PHILOSOPHERS: Puzzle = Puzzle {
    name: "philosophers",
    title: "The dining philosophers",
    story: "Three philosophers, three forks between them, and each needs both neighbouring forks \
            to eat; the left one first. Let them starve.",
    lesson: "Dijkstra's problem of 1965: if each holds the left fork, nobody gets a right one. One \
             philosopher who begins with the right fork would break the circle.",
    goal: Goal::Deadlock,
    correct: Some(3),
    counts: true,
    build: || {
        let mut system = System::builder();
        let eaten = system.variable("eaten", 0);
        let forks: Vec<_> = (1..=3).map(|n| system.mutex(format!("fork {n}"))).collect();
        for seat in 0..forks.len() {
            let (left, right) = (forks[seat], forks[(seat + 1) % forks.len()]);
            let program = with_both("philosopher", left, right, |program| {
                let old = program.register("old");
                program.fetch_add(old, eaten, 1);
            });
            system.thread(&program?);
        }
        system.total(eaten);
        system.build()
    },
};

fn mutex(threads: usize, increments: u64) -> Result<System, ModelError> {
    System::alike("mutex-per-op", threads, |system, program, counter| {
        let mutex = system.mutex("mutex");
        locked(program, counter, mutex, increments);
    })
}

/// Builds a program that does its work while it holds two locks.
fn with_both(
    name: &str,
    first: LockId,
    second: LockId,
    work: impl FnOnce(&mut ProgramBuilder),
) -> Result<Program, ModelError> {
    let mut program = ProgramBuilder::new(name);
    program.lock(first).lock(second);
    work(&mut program);
    program.unlock(second).unlock(first);
    program.build()
}
