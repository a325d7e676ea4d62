//! What the gallery's programs claim, by the most naive search there is: every step of every thread
//! from every state, one state after the other. It shares nothing with the model but the checked
//! program.

use std::collections::{BTreeSet, HashMap};

use miscount::language::ast::{
    BinaryOperator, Operation, Preference, Quantifier, Target, Term, UnaryOperator,
};
use miscount::language::{
    CheckedProgram, CheckedStatement, FinalExpression, FinalLeaf, ObjectKind, Place, ShownValue,
    ThreadAction, ThreadExpression, ThreadLeaf,
};

/// An instruction of a stack machine. Those from `Load` on are steps.
#[derive(Clone, Copy, Debug)]
enum Op {
    Push(i64),
    Local(usize),
    SetLocal(usize),
    Duplicate,
    Drop,
    Unary(UnaryOperator),
    Binary(BinaryOperator),
    Jump(usize),
    JumpIfZero(usize),
    /// Blocks the step that it is part of if the value is 0.
    Require,
    Assert,
    End,
    /// The value of a cell of this variable: first cell and length; the index is on the stack.
    Load(usize, usize),
    Store(usize, usize),
    Exchange(Exchange, usize, usize),
    Fence,
    TryLock(usize, usize),
    Operate(Operation, usize, usize),
    /// The second half of what can wait: for the write lock, the notification, the barrier.
    Enter(Operation, usize, usize),
}

#[derive(Clone, Copy, Debug)]
enum Exchange {
    Add,
    Subtract,
    Swap,
    Compare,
}

struct Compiler<'a> {
    program: &'a CheckedProgram,
    thread: usize,
    /// The local that holds what `await` has loaded.
    awaited: usize,
    code: Vec<Op>,
    /// Of each loop around: where its next round begins, and the jumps behind its end.
    loops: Vec<(usize, Vec<usize>)>,
}

impl Compiler<'_> {
    fn jump(&mut self, op: fn(usize) -> Op) -> usize {
        self.code.push(op(usize::MAX));
        self.code.len() - 1
    }

    fn land(&mut self, jump: usize) {
        let here = self.code.len();
        let (Op::Jump(to) | Op::JumpIfZero(to)) = &mut self.code[jump] else {
            panic!()
        };
        *to = here;
    }

    /// Pushes the index; returns the first cell and the length.
    fn cell(&mut self, place: &Place) -> (usize, usize) {
        let variable = &self.program.variables[place.item];
        let found = (variable.first, variable.start.len());
        self.index(place);
        found
    }

    fn unit(&mut self, place: &Place) -> (usize, usize) {
        let object = &self.program.objects[place.item];
        let found = (object.first, object.length);
        self.index(place);
        found
    }

    fn index(&mut self, place: &Place) {
        match &place.index {
            Some(index) => self.expression(index),
            None => self.code.push(Op::Push(0)),
        }
    }

    fn expression(&mut self, expression: &ThreadExpression) {
        match &expression.value {
            Term::Number(number) => self.code.push(Op::Push(*number)),
            Term::Unary(operator, operand) => {
                self.expression(operand);
                self.code.push(Op::Unary(*operator));
            }
            Term::Binary(operator @ (BinaryOperator::And | BinaryOperator::Or), left, right) => {
                self.expression(left);
                let is_or = *operator == BinaryOperator::Or;
                self.code.push(Op::Unary(UnaryOperator::Not));
                if !is_or {
                    self.code.push(Op::Unary(UnaryOperator::Not));
                }
                // What is on the stack is 0 if the left side decides.
                let decided = self.jump(Op::JumpIfZero);
                self.expression(right);
                self.code.push(Op::Unary(UnaryOperator::Not));
                self.code.push(Op::Unary(UnaryOperator::Not));
                let end = self.jump(Op::Jump);
                self.land(decided);
                self.code.push(Op::Push(i64::from(is_or)));
                self.land(end);
            }
            Term::Binary(operator, left, right) => {
                self.expression(left);
                self.expression(right);
                self.code.push(Op::Binary(*operator));
            }
            Term::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn leaf(&mut self, leaf: &ThreadLeaf) {
        let op = match leaf {
            ThreadLeaf::ThreadNumber => Op::Push(self.thread.try_into().unwrap()),
            ThreadLeaf::Local(local) => Op::Local(*local),
            ThreadLeaf::Awaited => Op::Local(self.awaited),
            ThreadLeaf::Load(place) => {
                let (first, length) = self.cell(place);
                Op::Load(first, length)
            }
            ThreadLeaf::FetchAdd(place, value) => {
                let (first, length) = self.cell(place);
                self.expression(value);
                Op::Exchange(Exchange::Add, first, length)
            }
            ThreadLeaf::Swap(place, value) => {
                let (first, length) = self.cell(place);
                self.expression(value);
                Op::Exchange(Exchange::Swap, first, length)
            }
            ThreadLeaf::CompareAndSwap(place, old, new) => {
                let (first, length) = self.cell(place);
                self.expression(old);
                self.expression(new);
                Op::Exchange(Exchange::Compare, first, length)
            }
            ThreadLeaf::TryLock(place) => {
                let (first, length) = self.unit(place);
                Op::TryLock(first, length)
            }
        };
        self.code.push(op);
    }

    fn body(&mut self, body: &[CheckedStatement]) {
        for statement in body {
            self.action(&statement.value);
        }
    }

    fn exchange(&mut self, place: &Place, exchange: Exchange, value: &ThreadExpression) {
        let (first, length) = self.cell(place);
        self.expression(value);
        self.code.push(Op::Exchange(exchange, first, length));
        self.code.push(Op::Drop);
    }

    fn action(&mut self, action: &ThreadAction) {
        match action {
            ThreadAction::SetLocal(local, value) => {
                self.expression(value);
                self.code.push(Op::SetLocal(*local));
            }
            ThreadAction::Store(place, value) => {
                let (first, length) = self.cell(place);
                self.expression(value);
                self.code.push(Op::Store(first, length));
            }
            ThreadAction::Update(place, operator, value) => {
                let (first, length) = self.cell(place);
                self.code.extend([Op::Duplicate, Op::Load(first, length)]);
                self.expression(value);
                self.code
                    .extend([Op::Binary(*operator), Op::Store(first, length)]);
            }
            ThreadAction::AtomicStore(place, value) => self.exchange(place, Exchange::Swap, value),
            ThreadAction::AtomicUpdate(place, operator, value) => {
                let exchange = match operator {
                    BinaryOperator::Add => Exchange::Add,
                    BinaryOperator::Subtract => Exchange::Subtract,
                    other => panic!("atomic {other:?}"),
                };
                self.exchange(place, exchange, value);
            }
            ThreadAction::Evaluate(value) => {
                self.expression(value);
                self.code.push(Op::Drop);
            }
            ThreadAction::Await(place, condition) => {
                let (first, length) = self.cell(place);
                self.code
                    .extend([Op::Load(first, length), Op::SetLocal(self.awaited)]);
                self.expression(condition);
                self.code.push(Op::Require);
            }
            ThreadAction::Assert(condition) => {
                self.expression(condition);
                self.code.push(Op::Assert);
            }
            ThreadAction::Fence => self.code.push(Op::Fence),
            ThreadAction::If(condition, then, otherwise) => {
                self.expression(condition);
                let no = self.jump(Op::JumpIfZero);
                self.body(then);
                let end = self.jump(Op::Jump);
                self.land(no);
                self.body(otherwise);
                self.land(end);
            }
            ThreadAction::While(condition, body) => {
                self.loops.push((self.code.len(), Vec::new()));
                self.expression(condition);
                let end = self.jump(Op::JumpIfZero);
                self.body(body);
                let (start, breaks) = self.loops.pop().unwrap();
                self.code.push(Op::Jump(start));
                for jump in breaks.into_iter().chain([end]) {
                    self.land(jump);
                }
            }
            // Unrolled; a `continue` goes to the next round.
            ThreadAction::Repeat(times, body) => {
                let mut breaks = Vec::new();
                for _ in 0..*times {
                    let skip = [self.code.len() + 1, self.code.len() + 2];
                    self.code.extend([Op::Jump(skip[1]), Op::Jump(usize::MAX)]);
                    self.loops.push((skip[0], Vec::new()));
                    self.body(body);
                    self.land(skip[0]);
                    breaks.extend(self.loops.pop().unwrap().1);
                }
                for jump in breaks {
                    self.land(jump);
                }
            }
            ThreadAction::Break => {
                let jump = self.jump(Op::Jump);
                self.loops.last_mut().unwrap().1.push(jump);
            }
            ThreadAction::Continue => {
                let start = self.loops.last().unwrap().0;
                self.code.push(Op::Jump(start));
            }
            ThreadAction::Return => self.code.push(Op::End),
            ThreadAction::Operate(operation, place) => {
                let (first, length) = self.unit(place);
                if matches!(
                    operation,
                    Operation::Write | Operation::Wait | Operation::Arrive
                ) {
                    self.code.push(Op::Duplicate);
                    self.code.push(Op::Operate(*operation, first, length));
                    self.code.push(Op::Enter(*operation, first, length));
                } else {
                    self.code.push(Op::Operate(*operation, first, length));
                }
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct ThreadState {
    at: usize,
    stack: Vec<i64>,
    locals: Vec<i64>,
    /// Stores that have not reached memory.
    buffer: Vec<(usize, i64)>,
    done: bool,
    /// The generation of the barrier at which it has arrived.
    generation: u64,
}

/// A mutex has a writer at most, a semaphore a count, a condition waiters, ...
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Unit {
    writer: Option<usize>,
    readers: Vec<usize>,
    waiting: Vec<usize>,
    count: i64,
    generation: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    cells: Vec<i64>,
    units: Vec<Unit>,
    threads: Vec<ThreadState>,
}

/// How a program ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Ended {
    /// The values of the cells, and of the locals of each thread.
    Finished(Vec<i64>, Vec<Vec<i64>>),
    Deadlock,
    Livelock,
    Assertion,
    Fault,
}

enum Stepped {
    /// The states that can follow: more than one for a notification.
    To(Vec<State>),
    Blocked,
    Ended(Ended),
}

struct Enumeration<'a> {
    program: &'a CheckedProgram,
    code: Vec<Vec<Op>>,
    /// What each unit is.
    kinds: Vec<ObjectKind>,
    tso: bool,
}

impl<'a> Enumeration<'a> {
    fn new(program: &'a CheckedProgram, tso: bool) -> (Self, State) {
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
    fn ends(&self, start: State) -> BTreeSet<Ended> {
        self.ends_within(start, 2_000_000).expect("few states")
    }

    /// Returns all ends; `None` if there are more states than this.
    fn ends_within(&self, mut start: State, most: usize) -> Option<BTreeSet<Ended>> {
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

    fn deliver(state: &State, thread: usize) -> Stepped {
        if state.threads[thread].buffer.is_empty() {
            return Stepped::Blocked;
        }
        let mut state = state.clone();
        let (cell, value) = state.threads[thread].buffer.remove(0);
        state.cells[cell] = value;
        Stepped::To(vec![state])
    }

    /// Takes a step of a thread, and does the local work behind it.
    fn step(&self, state: &State, thread: usize) -> Stepped {
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
    fn local_work(&self, state: &mut State, thread: usize) -> Option<Ended> {
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

fn holds(condition: &FinalExpression, cells: &[i64], locals: &[Vec<i64>]) -> i64 {
    match &condition.value {
        Term::Number(number) => *number,
        Term::Leaf(FinalLeaf::Cell(cell)) => cells[*cell],
        Term::Leaf(FinalLeaf::Local { thread, local }) => locals[*thread][*local],
        Term::Unary(operator, operand) => operator.apply(holds(operand, cells, locals)),
        Term::Binary(operator, left, right) => {
            let (left, right) = (holds(left, cells, locals), holds(right, cells, locals));
            operator.apply(left, right).expect("no division by zero")
        }
    }
}

fn is_target(end: &Ended, target: &Target<FinalExpression>) -> bool {
    match (target, end) {
        (Target::Values(condition), Ended::Finished(cells, locals)) => {
            holds(condition, cells, locals) != 0
        }
        (Target::Deadlock, Ended::Deadlock)
        | (Target::Livelock, Ended::Livelock)
        | (Target::Assertion, Ended::Assertion)
        | (Target::Fault, Ended::Fault) => true,
        _ => false,
    }
}

/// Holds a program to what it claims; returns what is wrong.
pub(super) fn broken_claims(program: &CheckedProgram) -> Vec<String> {
    let [sc, tso] = [false, true].map(|tso| {
        let (enumeration, start) = Enumeration::new(program, tso);
        enumeration.ends(start)
    });
    assert!(tso.is_superset(&sc), "a store buffer takes outcomes away");
    let mut broken = Vec::new();
    for claim in &program.claims {
        let ends = if claim.under_tso { &tso } else { &sc };
        let hits = ends
            .iter()
            .filter(|end| is_target(end, &claim.target))
            .count();
        let values = matches!(claim.target, Target::Values(_));
        let speaks = |end: &&Ended| !values || matches!(end, Ended::Finished(..));
        let holds = match claim.quantifier {
            Quantifier::Always => hits == ends.iter().filter(speaks).count(),
            Quantifier::Never => hits == 0,
            Quantifier::Sometimes => hits > 0,
        };
        if !holds {
            broken.push(format!("{}: {ends:?}", claim.text));
        }
    }
    for goal in &program.goals {
        if !sc.iter().any(|end| is_target(end, &goal.target)) {
            broken.push(format!("the goal '{}' cannot be reached", goal.text));
        }
    }
    broken
}

/// Returns whether every end of a program is as it expects.
pub(super) fn is_correct(program: &CheckedProgram) -> bool {
    let (enumeration, start) = Enumeration::new(program, false);
    let ends = enumeration.ends(start);
    let expected = program.expected.as_ref().expect("an expectation");
    ends.iter().all(|end| match end {
        Ended::Finished(cells, locals) => holds(expected, cells, locals) != 0,
        _ => false,
    })
}

/// How a program can end: with these values, or in another way, which has a name.
pub(crate) type Told = Result<Vec<i64>, String>;

/// Returns what these values of a program can be, and how else it can end; `None` if it has more
/// states than this.
pub(crate) fn outcomes_within(
    program: &CheckedProgram,
    shown: &[ShownValue],
    tso: bool,
    most: usize,
) -> Option<BTreeSet<Told>> {
    let (enumeration, start) = Enumeration::new(program, tso);
    let ends = enumeration.ends_within(start, most)?.into_iter();
    let outcome = |end| match end {
        Ended::Finished(cells, locals) => Ok(shown
            .iter()
            .map(|shown| match shown.value {
                FinalLeaf::Cell(cell) => cells[cell],
                FinalLeaf::Local { thread, local } => locals[thread][local],
            })
            .collect()),
        other => Err(format!("{other:?}").to_lowercase()),
    };
    Some(ends.map(outcome).collect())
}

/// Returns what the shown values of a program can be, and how else it can end.
fn outcomes(text: &str, tso: bool) -> BTreeSet<Told> {
    let program = super::right("test", text);
    outcomes_within(&program, &program.shown, tso, 2_000_000).expect("few states")
}

/// Outcome sets that are known from elsewhere.
#[test]
fn the_search_finds_what_is_known() {
    let finished = |all: &[&[i64]]| {
        all.iter()
            .map(|one| Ok(one.to_vec()))
            .collect::<BTreeSet<_>>()
    };
    let only = |word: &str| BTreeSet::from([Err(word.into())]);
    // jcstress, AdvancedJMM_04: five increments by each of two threads give 2 to 10.
    let counter = outcomes("shared x\nthreads 2 { repeat 5 { x += 1 } }", false);
    assert_eq!(counter, (2..=10).map(|total| Ok(vec![total])).collect());
    // herdtools7, SB: both loads give 0 only with store buffers.
    let buffering = "shared x, y\nthread L { x = 1; local r = y }\nthread R { y = 1; local r = x }\nshow A.r, B.r";
    let some = finished(&[&[0, 1], &[1, 0], &[1, 1]]);
    assert_eq!(outcomes(buffering, false), some);
    assert_eq!(outcomes(buffering, true), &some | &finished(&[&[0, 0]]));
    // herdtools7, MP and LB: never on x86.
    let passing =
        "shared x, y\nthread W { x = 1; y = 1 }\nthread R { local r = y, s = x }\nshow B.r, B.s";
    assert!(!outcomes(passing, true).contains(&Ok(vec![1, 0])));
    let load = "shared x, y\nthread L { local r = x; y = 1 }\nthread R { local r = y; x = 1 }\nshow A.r, B.r";
    assert!(!outcomes(load, true).contains(&Ok(vec![1, 1])));
    // Each way to end.
    for (body, end) in [
        ("lock m { lock m { } }", "deadlock"),
        ("await x == 1", "deadlock"),
        ("while x == 0 { }", "livelock"),
        ("assert x == 1", "assertion"),
        ("local r = 1 / x", "fault"),
        ("a[x + 2] = 1", "fault"),
        ("a[x - 1] = 1", "fault"),
        ("unlock m", "fault"),
        ("wait c", "fault"),
        ("acquire s", "deadlock"),
        ("arrive b", "deadlock"),
        ("read l { write l { } }", "deadlock"),
    ] {
        let program = format!(
            "shared x, a[2]\nmutex m\nrwlock l\ncondition c on m\nsemaphore s = 0\nbarrier b = 2\nthread T {{ {body} }}"
        );
        assert_eq!(outcomes(&program, false), only(end), "{body}");
    }
    // What a single thread computes.
    let alone = outcomes(
        "shared x, y
        mutex m
        thread T {
            repeat 5 { x += 1; if x == 2 { continue }; if x == 4 { break }; y += 10 }
            while 1 { x = x * 2; if x > 20 { break } }
            if 0 && 1 / y || !x { y = -1 } else if trylock m { y += trylock m }
            atomic x -= 2; fetch_add(y, swap(x, 7)); y += cas(x, 7, 8) + cas(x, 7, 9)
            return
            x = 100
        }",
        false,
    );
    assert_eq!(alone, finished(&[&[8, 51]]));
}
