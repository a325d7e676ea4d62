//! What a step of a thread does.

use miscount::language::ObjectKind;
use miscount::language::ast::{Operation, Preference};

use super::{Ended, Enumeration, Exchange, Op, State, Stepped, ThreadState};

impl Enumeration<'_> {
    /// Takes a step of a thread, and does the local work behind it.
    pub(super) fn step(&self, state: &State, thread: usize) -> Stepped {
        if state.threads[thread].done {
            return Stepped::Blocked;
        }
        let states = match self.shared_work(state, thread) {
            Stepped::To(states) => states,
            other => return other,
        };
        let mut next = Vec::new();
        for mut state in states {
            match self.local_work(&mut state, thread) {
                None => next.push(state),
                // An `await` whose condition does not hold.
                Some(Ended::Livelock) => return Stepped::Blocked,
                Some(end) => return Stepped::Ended(end),
            }
        }
        Stepped::To(next)
    }

    /// Goes on to the next step; returns how the program ends on the way, or a livelock for an
    /// `await` that must go on waiting.
    pub(super) fn local_work(&self, state: &mut State, thread: usize) -> Option<Ended> {
        let me = &mut state.threads[thread];
        let mut work = 0;
        loop {
            work += 1;
            if work == 100_000 {
                // A loop that goes round without a step.
                return Some(Ended::Fault);
            }
            let pop = |me: &mut ThreadState| me.stack.pop().unwrap();
            let op = self.code[thread][me.at];
            me.at += 1;
            match op {
                Op::Push(value) => me.stack.push(value),
                Op::Local(local) => me.stack.push(me.locals[local]),
                Op::SetLocal(local) => me.locals[local] = pop(me),
                Op::Duplicate => me.stack.push(*me.stack.last().unwrap()),
                Op::Drop => drop(pop(me)),
                Op::Unary(operator) => {
                    let operand = pop(me);
                    me.stack.push(operator.apply(operand));
                }
                Op::Binary(operator) => {
                    let right = pop(me);
                    let left = pop(me);
                    match operator.apply(left, right) {
                        Some(value) => me.stack.push(value),
                        None => return Some(Ended::Fault),
                    }
                }
                Op::Jump(to) => me.at = to,
                Op::JumpIfZero(to) => {
                    if pop(me) == 0 {
                        me.at = to;
                    }
                }
                Op::Require => {
                    if pop(me) == 0 {
                        return Some(Ended::Livelock);
                    }
                }
                Op::Assert => {
                    if pop(me) == 0 {
                        return Some(Ended::Assertion);
                    }
                }
                Op::End => {
                    me.done = true;
                    return None;
                }
                _ => {
                    me.at -= 1;
                    return None;
                }
            }
        }
    }

    fn shared_work(&self, before: &State, thread: usize) -> Stepped {
        let mut state = before.clone();
        let me = &mut state.threads[thread];
        let op = self.code[thread][me.at];
        me.at += 1;
        if !matches!(op, Op::Load(..) | Op::Store(..)) && !me.buffer.is_empty() {
            return Stepped::Blocked;
        }
        match op {
            Op::Load(first, length) => {
                let Some(cell) = element(me, first, length) else {
                    return Stepped::Ended(Ended::Fault);
                };
                let own = me.buffer.iter().rev().find(|(to, _)| *to == cell);
                let value = own.map_or(state.cells[cell], |(_, value)| *value);
                me.stack.push(value);
            }
            Op::Store(first, length) => {
                let value = me.stack.pop().unwrap();
                let Some(cell) = element(me, first, length) else {
                    return Stepped::Ended(Ended::Fault);
                };
                if self.tso {
                    me.buffer.push((cell, value));
                } else {
                    state.cells[cell] = value;
                }
            }
            Op::Exchange(exchange, first, length) => {
                let value = me.stack.pop().unwrap();
                let old = matches!(exchange, Exchange::Compare).then(|| me.stack.pop().unwrap());
                let Some(cell) = element(me, first, length) else {
                    return Stepped::Ended(Ended::Fault);
                };
                let seen = state.cells[cell];
                let (new, result) = match exchange {
                    Exchange::Add => (seen.wrapping_add(value), seen),
                    Exchange::Subtract => (seen.wrapping_sub(value), seen),
                    Exchange::Swap => (value, seen),
                    Exchange::Compare if old == Some(seen) => (value, 1),
                    Exchange::Compare => (seen, 0),
                };
                state.cells[cell] = new;
                me.stack.push(result);
            }
            Op::Fence => {}
            Op::TryLock(first, length) => {
                let Some(unit) = element(me, first, length) else {
                    return Stepped::Ended(Ended::Fault);
                };
                let free = state.units[unit].writer.is_none();
                me.stack.push(i64::from(free));
                if free {
                    state.units[unit].writer = Some(thread);
                }
            }
            Op::Operate(operation, first, length) => {
                let Some(unit) = element(me, first, length) else {
                    return Stepped::Ended(Ended::Fault);
                };
                return self.operate(state, thread, operation, unit);
            }
            Op::Enter(operation, first, length) => {
                // In bounds, as it was for the first half.
                let unit = element(me, first, length).unwrap();
                return self.enter(state, thread, operation, unit);
            }
            _ => panic!("not a step: {op:?}"),
        }
        Stepped::To(vec![state])
    }

    fn mutex_of(&self, condition: usize) -> usize {
        let ObjectKind::Condition { mutex } = self.kinds[condition] else {
            panic!()
        };
        self.program.objects[mutex].first
    }

    fn operate(&self, mut state: State, thread: usize, operation: Operation, at: usize) -> Stepped {
        let unit = &mut state.units[at];
        match operation {
            Operation::Lock if unit.writer.is_some() => return Stepped::Blocked,
            Operation::Lock => unit.writer = Some(thread),
            Operation::Unlock => {
                if unit.writer == Some(thread) {
                    unit.writer = None;
                } else if let Some(at) = unit.readers.iter().position(|reader| *reader == thread) {
                    unit.readers.remove(at);
                } else {
                    return Stepped::Ended(Ended::Fault);
                }
            }
            Operation::Read => {
                let writers_first = ObjectKind::RwLock(Preference::WritersFirst);
                let yields = self.kinds[at] == writers_first && !unit.waiting.is_empty();
                if unit.writer.is_some() || yields {
                    return Stepped::Blocked;
                }
                unit.readers.push(thread);
                unit.readers.sort_unstable();
            }
            Operation::Write => {
                unit.waiting.push(thread);
                unit.waiting.sort_unstable();
            }
            Operation::Wait => {
                unit.waiting.push(thread);
                unit.waiting.sort_unstable();
                let mutex = self.mutex_of(at);
                if state.units[mutex].writer != Some(thread) {
                    return Stepped::Ended(Ended::Fault);
                }
                state.units[mutex].writer = None;
            }
            Operation::Notify if unit.waiting.is_empty() => {}
            Operation::Notify => {
                let woken = |which: usize| {
                    let mut state = state.clone();
                    state.units[at].waiting.remove(which);
                    state
                };
                return Stepped::To((0..state.units[at].waiting.len()).map(woken).collect());
            }
            Operation::NotifyAll => unit.waiting.clear(),
            Operation::Acquire if unit.count == 0 => return Stepped::Blocked,
            Operation::Acquire => unit.count -= 1,
            Operation::Release => unit.count += 1,
            Operation::Arrive => {
                state.threads[thread].generation = unit.generation;
                unit.count += 1;
                if let ObjectKind::Barrier { size } = self.kinds[at]
                    && unit.count == size
                {
                    unit.count = 0;
                    unit.generation += 1;
                }
            }
        }
        Stepped::To(vec![state])
    }

    fn enter(&self, mut state: State, thread: usize, operation: Operation, at: usize) -> Stepped {
        let unit = &mut state.units[at];
        match operation {
            Operation::Write => {
                if unit.writer.is_some() || !unit.readers.is_empty() {
                    return Stepped::Blocked;
                }
                unit.waiting.retain(|waiting| *waiting != thread);
                unit.writer = Some(thread);
            }
            Operation::Wait => {
                if unit.waiting.contains(&thread) && !self.program.spurious {
                    return Stepped::Blocked;
                }
                unit.waiting.retain(|waiting| *waiting != thread);
                let mutex = &mut state.units[self.mutex_of(at)];
                if mutex.writer.is_some() {
                    return Stepped::Blocked;
                }
                mutex.writer = Some(thread);
            }
            _ => {
                if unit.generation == state.threads[thread].generation {
                    return Stepped::Blocked;
                }
            }
        }
        Stepped::To(vec![state])
    }
}

/// Takes an index from the stack; returns the number of the cell or unit if it is in bounds.
fn element(me: &mut ThreadState, first: usize, length: usize) -> Option<usize> {
    let index = usize::try_from(me.stack.pop().unwrap()).ok()?;
    (index < length).then_some(first + index)
}
