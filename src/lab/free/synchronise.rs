//! What the operations do on which threads wait for each other.
//!
//! Each takes effect at one moment, as a step of the model does. Where one does two things, the queue's own
//! lock is held meanwhile, so that nobody finds only one of them done.

use std::sync::atomic::Ordering;

use super::code::{Operation, Place};
use super::memory::Instance;
use super::thread::{FreeThread, Halt, Scene, id};
use crate::model::{Fault, Mode, Queue, Relation, Wait};
use crate::strategy::lock;

impl FreeThread {
    pub(super) fn synchronise(
        &mut self,
        scene: Scene<'_>,
        operation: Operation,
    ) -> Result<bool, Halt> {
        let Instance { locks, queues, .. } = scene.instance;
        match operation {
            Operation::Acquire { lock, mode } => {
                let lock = self.find(lock)?;
                let wait = Wait::Lock {
                    lock: id(lock),
                    mode,
                };
                self.wait(
                    scene,
                    |_| wait,
                    |_| locks[lock].try_acquire(mode).then_some(()),
                )?;
                self.changed(scene, true);
                self.held.add(id(lock), mode);
            }
            Operation::Release { lock, mode } => {
                let lock = self.find(lock)?;
                self.release(scene, lock, mode)?;
            }
            Operation::ReleaseHeld { lock } => {
                let lock = self.find(lock)?;
                let mode = self.held.mode(id(lock));
                self.release(scene, lock, mode.ok_or(Halt::Failed(Fault::NotHeld))?)?;
            }
            Operation::TryAcquire { taken, lock, mode } => {
                let lock = self.find(lock)?;
                let free = locks[lock].try_acquire(mode);
                self.changed(scene, free);
                if free {
                    self.held.add(id(lock), mode);
                }
                self.set(taken, free.into(), 0);
            }
            Operation::Announce { lock } => {
                locks[self.find(lock)?].announce();
                self.changed(scene, true);
            }
            Operation::Sleep { queue, lock } => {
                let (queue, lock) = (self.find(queue)?, self.find(lock)?);
                // Whoever takes the mutex now and calls waits for the queue, and finds the thread in it.
                let mut queue = self::lock(&queues[queue]);
                self.release(scene, lock, Mode::Exclusive)?;
                self.ticket = queue.join();
            }
            Operation::Wake { queue, lock } => {
                self.wake(scene, self.find(queue)?, self.find(lock)?)?;
            }
            Operation::Notify { queue, all } => {
                let called = self::lock(&queues[self.find(queue)?]).notify(all);
                self.changed(scene, called > 0);
            }
            Operation::Arrive { queue } => {
                let ticket = self::lock(&queues[self.find(queue)?]).arrive();
                self.changed(scene, true);
                self.ticket = ticket.unwrap_or(0);
                return Ok(ticket.is_none());
            }
            Operation::Pass { queue } => {
                let queue = self.find(queue)?;
                let wait = Wait::Queue { queue: id(queue) };
                self.wait(
                    scene,
                    |_| wait,
                    |this| this.leave(&mut self::lock(&queues[queue]), || true),
                )?;
                self.changed(scene, true);
            }
            // The others have been performed before.
            _ => {}
        }
        Ok(false)
    }

    pub(super) fn await_exchange(
        &mut self,
        scene: Scene<'_>,
        variable: Place,
        (expected, new): (u64, u64),
    ) -> Result<(), Halt> {
        let variable = self.find(variable)?;
        let wait = Wait::Variable {
            variable: id(variable),
            until: Relation::Equal,
            value: expected,
        };
        let word = &scene.instance.variables[variable];
        self.wait(
            scene,
            |_| wait,
            |_| {
                let is_expected = word.load(Ordering::Relaxed) == expected;
                let (set, fetch) = (Ordering::AcqRel, Ordering::Relaxed);
                let stores = || word.compare_exchange(expected, new, set, fetch).is_ok();
                (is_expected && stores()).then_some(())
            },
        )?;
        self.changed(scene, true);
        Ok(())
    }

    /// Waits until it is called, and takes the mutex.
    fn wake(&mut self, scene: Scene<'_>, queue: usize, lock: usize) -> Result<(), Halt> {
        let Instance { locks, queues, .. } = scene.instance;
        let mode = Mode::Exclusive;
        let wait = |this: &Self| {
            if self::lock(&queues[queue]).is_called(this.ticket) {
                Wait::Lock {
                    lock: id(lock),
                    mode,
                }
            } else {
                Wait::Queue { queue: id(queue) }
            }
        };
        self.wait(scene, wait, |this| {
            let take = || locks[lock].try_acquire(mode);
            this.leave(&mut self::lock(&queues[queue]), take)
        })?;
        self.changed(scene, true);
        self.held.add(id(lock), mode);
        Ok(())
    }

    /// Leaves a queue if it is called there and nothing else stands in the way.
    fn leave(&mut self, queue: &mut Queue, is_free: impl FnOnce() -> bool) -> Option<()> {
        (queue.is_called(self.ticket) && is_free())
            .then(|| queue.leave(std::mem::take(&mut self.ticket)))
    }

    fn release(&mut self, scene: Scene<'_>, lock: usize, mode: Mode) -> Result<(), Halt> {
        self.held.remove(id(lock), mode).map_err(Halt::Failed)?;
        scene.instance.locks[lock].release(mode);
        self.changed(scene, true);
        Ok(())
    }
}
