//! What an instruction on locks, conditions and barriers does.

use super::effect::Effect;
use super::language::element::{LockId, QueueId};
use super::language::instruction::{Instruction, Mode};
use super::language::operation::Fault;
use super::local::Local;
use super::memory::Memory;
use super::queue::Queue;

impl Local {
    /// Executes a visible instruction on locks and queues.
    pub(super) fn coordinate(
        &mut self,
        instruction: Instruction,
        memory: &mut impl Memory,
    ) -> Result<Effect, Fault> {
        Ok(match instruction {
            Instruction::Acquire { lock, mode } => self.acquire(self.find(lock)?, mode, memory),
            Instruction::Release { lock, mode } => {
                let lock = self.find(lock)?;
                self.release(lock, mode, memory)?;
                Effect::Released { lock, mode }
            }
            Instruction::ReleaseHeld { lock } => {
                let lock = self.find(lock)?;
                let mode = self.held.mode(lock).ok_or(Fault::NotHeld)?;
                self.release(lock, mode, memory)?;
                Effect::Released { lock, mode }
            }
            Instruction::TryAcquire { taken, lock, mode } => {
                let lock = self.find(lock)?;
                let free = memory.is_free(lock, mode);
                self.set(taken, u64::from(free));
                if free {
                    self.acquire(lock, mode, memory)
                } else {
                    Effect::Occupied { lock, mode }
                }
            }
            Instruction::Announce { lock } => {
                let lock = self.find(lock)?;
                memory.announce(lock);
                Effect::Announced { lock }
            }
            Instruction::Sleep { queue, lock } => {
                let (queue, lock) = (self.find(queue)?, self.find(lock)?);
                self.release(lock, Mode::Exclusive, memory)?;
                self.ticket = memory.change_queue(queue, Queue::join);
                Effect::Slept { queue, lock }
            }
            Instruction::Wake { queue, lock } => {
                let (queue, lock) = (self.find(queue)?, self.find(lock)?);
                self.leave(queue, memory);
                self.acquire(lock, Mode::Exclusive, memory);
                Effect::Woken { queue, lock }
            }
            Instruction::Notify { queue, all } => {
                let queue = self.find(queue)?;
                let threads = memory.change_queue(queue, |queue| queue.notify(all));
                Effect::Notified { queue, threads }
            }
            Instruction::Arrive { queue } => {
                let queue = self.find(queue)?;
                let ticket = memory.change_queue(queue, Queue::arrive);
                self.ticket = ticket.unwrap_or(0);
                Effect::Arrived {
                    queue,
                    opens: ticket.is_none(),
                }
            }
            Instruction::Pass { queue } => {
                let queue = self.find(queue)?;
                self.leave(queue, memory);
                Effect::Passed { queue }
            }
            // A visible instruction without any effect of its own: local ones do not get here.
            _ => {
                memory.fence();
                Effect::Fenced
            }
        })
    }

    fn acquire(&mut self, lock: LockId, mode: Mode, memory: &mut impl Memory) -> Effect {
        memory.acquire(lock, mode);
        self.held.add(lock, mode);
        Effect::Acquired { lock, mode }
    }

    fn release(&mut self, lock: LockId, mode: Mode, memory: &mut impl Memory) -> Result<(), Fault> {
        self.held.remove(lock, mode)?;
        memory.release(lock, mode);
        Ok(())
    }

    fn leave(&mut self, queue: QueueId, memory: &mut impl Memory) {
        let ticket = std::mem::take(&mut self.ticket);
        memory.change_queue(queue, |queue| queue.leave(ticket));
    }
}
