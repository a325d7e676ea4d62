//! From every state to those that follow it.

use std::collections::{BTreeSet, HashMap};

use miscount::language::{CheckedProgram, ObjectKind};

use super::{Compiler, Ended, Enumeration, Op, State, Stepped, ThreadState, Unit};

impl<'a> Enumeration<'a> {
    pub(super) fn new(program: &'a CheckedProgram, tso: bool) -> (Self, State) {
        let mut code = Vec::new();
        let mut threads = Vec::new();
        for group in &program.groups {
            for thread in group.first..group.first + group.count {
                let awaited = group.locals.len();
                let mut compiler = Compiler {
                    program,
                    thread,
                    awaited,
                    code: Vec::new(),
                    loops: Vec::new(),
                };
                compiler.body(&group.body);
                compiler.code.push(Op::End);
                code.push(compiler.code);
                let locals = vec![0; awaited + 1];
                threads.push(ThreadState {
                    locals,
                    ..ThreadState::default()
                });
            }
        }
        let objects = program.objects.iter();
        let kinds: Vec<_> = objects.flat_map(|one| vec![one.kind; one.length]).collect();
        let unit = |kind: &ObjectKind| Unit {
            count: if let ObjectKind::Semaphore { start } = kind {
                *start
            } else {
                0
            },
            ..Unit::default()
        };
        let units = kinds.iter().map(unit).collect();
        let cells = program
            .variables
            .iter()
            .flat_map(|one| one.start.clone())
            .collect();
        let enumeration = Self {
            program,
            code,
            kinds,
            tso,
        };
        let state = State {
            cells,
            units,
            threads,
        };
        (enumeration, state)
    }

    /// Returns all ends of a program with few states.
    pub(super) fn ends(&self, start: State) -> BTreeSet<Ended> {
        self.ends_within(start, 2_000_000).expect("few states")
    }

    /// Returns all ends; `None` if there are more states than this.
    pub(super) fn ends_within(&self, mut start: State, most: usize) -> Option<BTreeSet<Ended>> {
        let mut ends = BTreeSet::new();
        for thread in 0..start.threads.len() {
            if let Some(end) = self.local_work(&mut start, thread) {
                return Some([end].into());
            }
        }
        let mut numbers = HashMap::from([(start.clone(), 0)]);
        let mut states = vec![start];
        // The states before each state, and those that are an end or next to one.
        let mut before: Vec<Vec<usize>> = vec![Vec::new()];
        let mut ending = Vec::new();
        let mut at = 0;
        while at < states.len() {
            if states.len() > most {
                return None;
            }
            let state = states[at].clone();
            let mut moves = 0;
            for thread in 0..state.threads.len() {
                for stepped in [self.step(&state, thread), Self::deliver(&state, thread)] {
                    match stepped {
                        Stepped::Blocked => {}
                        Stepped::Ended(end) => {
                            moves += 1;
                            ends.insert(end);
                            ending.push(at);
                        }
                        Stepped::To(next) => {
                            for next in next {
                                moves += 1;
                                let number = *numbers.entry(next.clone()).or_insert(states.len());
                                if number == states.len() {
                                    states.push(next);
                                    before.push(Vec::new());
                                }
                                before[number].push(at);
                            }
                        }
                    }
                }
            }
            if moves == 0 {
                ending.push(at);
                ends.insert(Self::rest(&state));
            }
            at += 1;
        }
        let mut can_end = vec![false; states.len()];
        while let Some(state) = ending.pop() {
            if !std::mem::replace(&mut can_end[state], true) {
                ending.extend(&before[state]);
            }
        }
        if can_end.contains(&false) {
            ends.insert(Ended::Livelock);
        }
        Some(ends)
    }

    fn rest(state: &State) -> Ended {
        if !state.threads.iter().all(|thread| thread.done) {
            return Ended::Deadlock;
        }
        let locals = state.threads.iter().map(|thread| thread.locals.clone());
        Ended::Finished(state.cells.clone(), locals.collect())
    }

    pub(super) fn deliver(state: &State, thread: usize) -> Stepped {
        if state.threads[thread].buffer.is_empty() {
            return Stepped::Blocked;
        }
        let mut state = state.clone();
        let (cell, value) = state.threads[thread].buffer.remove(0);
        state.cells[cell] = value;
        Stepped::To(vec![state])
    }
}
