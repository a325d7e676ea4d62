//! The census under total store order against a separate abstract machine of x86-TSO, one schedule
//! after the other, on random small programs.

use std::collections::BTreeMap;

use miscount::language::{self, SourceFile};
use miscount::model::{
    Actor, Census, Completion, Ending, Machine, MemoryModel, Options, ProgramBuilder, Reg,
    ScheduleRun, Shown, Status, System, Var, Verdict, Wait, census,
};

use super::enumeration::enumerate;
use super::programs::FAMILIES;

const VARIABLES: usize = 2;

/// An instruction of the abstract machine; each load has the next register of its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Load(usize),
    Store(usize, u64),
    Add(usize, u64),
    Swap(usize, u64),
    Compare(usize, u64, u64),
    Fence,
}

type Code = Vec<Vec<Op>>;

#[derive(Clone, Debug)]
struct Abstract {
    memory: [u64; VARIABLES],
    at: Vec<usize>,
    registers: Vec<Vec<u64>>,
    buffers: Vec<Vec<(usize, u64)>>,
}

/// The schedules with one outcome: their number, their chance, the fewest switches.
#[derive(Clone, Debug, Default)]
struct Tally {
    schedules: u64,
    chance: f64,
    switches: usize,
}

type Outcomes = BTreeMap<Vec<u64>, Tally>;

impl Abstract {
    fn new(code: &Code) -> Self {
        Self {
            memory: [0; VARIABLES],
            at: vec![0; code.len()],
            registers: vec![Vec::new(); code.len()],
            buffers: vec![Vec::new(); code.len()],
        }
    }

    /// Returns what can happen next: a thread's instruction, or a delivery from its buffer.
    fn ready(&self, code: &Code) -> Vec<(usize, bool)> {
        let mut ready = Vec::new();
        for (thread, ops) in code.iter().enumerate() {
            let is_empty = self.buffers[thread].is_empty();
            match ops.get(self.at[thread]) {
                Some(Op::Load(_) | Op::Store(..)) => ready.push((thread, false)),
                Some(_) if is_empty => ready.push((thread, false)),
                _ => {}
            }
        }
        for thread in 0..code.len() {
            if !self.buffers[thread].is_empty() {
                ready.push((thread, true));
            }
        }
        ready
    }

    fn take(&mut self, code: &Code, (thread, delivers): (usize, bool), buffered: bool) {
        if delivers {
            let (variable, value) = self.buffers[thread].remove(0);
            self.memory[variable] = value;
            return;
        }
        let op = code[thread][self.at[thread]];
        self.at[thread] += 1;
        match op {
            Op::Load(variable) => {
                let mut buffer = self.buffers[thread].iter().rev();
                let own = buffer.find(|(to, _)| *to == variable);
                let value = own.map_or(self.memory[variable], |(_, value)| *value);
                self.registers[thread].push(value);
            }
            Op::Store(variable, value) if buffered => self.buffers[thread].push((variable, value)),
            Op::Store(variable, value) => self.memory[variable] = value,
            Op::Add(variable, by) => {
                self.registers[thread].push(self.memory[variable]);
                self.memory[variable] += by;
            }
            Op::Swap(variable, value) => {
                self.registers[thread].push(self.memory[variable]);
                self.memory[variable] = value;
            }
            Op::Compare(variable, expected, value) => {
                self.registers[thread].push(self.memory[variable]);
                if self.memory[variable] == expected {
                    self.memory[variable] = value;
                }
            }
            Op::Fence => {}
        }
    }

    fn outcome(&self) -> Vec<u64> {
        let registers = self.registers.iter().flatten();
        self.memory.iter().chain(registers).copied().collect()
    }

    fn run(
        &self,
        code: &Code,
        buffered: bool,
        way: &mut Vec<(usize, bool)>,
        chance: f64,
        found: &mut Outcomes,
    ) {
        let ready = self.ready(code);
        if ready.is_empty() {
            let switches = way.windows(2).filter(|pair| pair[0] != pair[1]).count();
            let tally = found.entry(self.outcome()).or_insert_with(|| Tally {
                switches,
                ..Tally::default()
            });
            tally.schedules += 1;
            tally.chance += chance;
            tally.switches = tally.switches.min(switches);
            return;
        }
        let each = chance / f64::from(u32::try_from(ready.len()).unwrap());
        for one in ready {
            let mut next = self.clone();
            next.take(code, one, buffered);
            way.push(one);
            next.run(code, buffered, way, each, found);
            way.pop();
        }
    }
}

fn outcomes(code: &Code, buffered: bool) -> Outcomes {
    let mut found = Outcomes::new();
    Abstract::new(code).run(code, buffered, &mut Vec::new(), 1.0, &mut found);
    found
}

fn system(code: &Code, memory: MemoryModel) -> System {
    let mut system = System::builder();
    let variables: Vec<Var> = (0..VARIABLES)
        .map(|number| system.variable(format!("x{number}"), 0))
        .collect();
    let mut shown: Vec<Shown> = variables.iter().copied().map(Shown::Variable).collect();
    for (thread, ops) in code.iter().enumerate() {
        // Threads with equal code are told apart by their names, as their registers are shown.
        let mut program = ProgramBuilder::new(format!("thread {thread}"));
        let mut registers: Vec<Reg> = Vec::new();
        for op in ops {
            let mut register = |program: &mut ProgramBuilder| {
                let register = program.register(format!("r{}", registers.len()));
                registers.push(register);
                register
            };
            match *op {
                Op::Load(variable) => {
                    let to = register(&mut program);
                    program.load(to, variables[variable]);
                }
                Op::Store(variable, value) => {
                    program.store(variables[variable], value);
                }
                Op::Add(variable, by) => {
                    let to = register(&mut program);
                    program.fetch_add(to, variables[variable], by);
                }
                Op::Swap(variable, value) => {
                    let to = register(&mut program);
                    program.swap(to, variables[variable], value);
                }
                Op::Compare(variable, expected, value) => {
                    let to = register(&mut program);
                    program.compare_exchange(to, variables[variable], expected, value);
                }
                Op::Fence => {
                    program.fence();
                }
            }
        }
        for &register in &registers {
            program.read_at_end(register);
        }
        let program = program.build().unwrap();
        system.thread(&program);
        shown.extend(registers.iter().map(|&one| Shown::Register(thread, one)));
    }
    for one in shown {
        system.show(one);
    }
    system.build().unwrap().under(memory)
}

fn drawn(seed: u64) -> Code {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    let (threads, most) = match draw(10) {
        0..3 => (3, 2),
        3 => (2, 4),
        _ => (2, 3),
    };
    let mut value = 0;
    (0..threads)
        .map(|_| {
            let length = 1 + draw(most);
            let op = |_| {
                value += 1;
                let variable = draw(VARIABLES);
                match draw(12) {
                    0..=4 => Op::Store(variable, value),
                    5..=8 => Op::Load(variable),
                    9 => Op::Fence,
                    10 if draw(2) == 0 => Op::Add(variable, value),
                    10 => Op::Swap(variable, value),
                    _ => Op::Compare(variable, draw(2) as u64, value),
                }
            };
            (0..length).map(op).collect()
        })
        .collect()
}

fn counted(system: &System) -> Census {
    let counted = census(system, &Options::default()).unwrap();
    assert_eq!(counted.verdict, Verdict::Exhausted);
    counted
}

fn compare(code: &Code, memory: MemoryModel, expected: &Outcomes) {
    let system = system(code, memory);
    let counted = counted(&system);
    assert_eq!(counted.outcomes.len(), expected.len(), "{code:?}");
    for outcome in &counted.outcomes {
        let Ending::Values(values) = &outcome.end else {
            panic!("{code:?}: {:?}", outcome.end);
        };
        let tally = &expected[&values.to_vec()];
        assert_eq!(outcome.schedules, tally.schedules.into(), "{code:?}");
        let fair = outcome.fair_share.unwrap();
        assert!((fair - tally.chance).abs() < 1e-9, "{code:?}");
        assert_eq!(outcome.switches, Some(tally.switches as u64), "{code:?}");
        let witness = outcome.witness.as_ref().unwrap();
        assert_eq!(witness.switches(), tally.switches, "{code:?}: {witness}");
        let segments = witness.segments().iter();
        let ending = ScheduleRun::new(&system, segments, Completion::Strict).end();
        assert_eq!(ending.unwrap(), outcome.end, "{code:?}: {witness}");
    }
}

#[test]
fn random_programs_have_exactly_the_outcomes_of_the_abstract_machine() {
    for seed in 0..10_000 {
        let code = drawn(seed);
        let buffered = outcomes(&code, true);
        compare(&code, MemoryModel::Tso, &buffered);
        let in_order = outcomes(&code, false);
        assert!(
            in_order.keys().all(|one| buffered.contains_key(one)),
            "{code:?}"
        );
        if seed % 10 == 0 {
            compare(&code, MemoryModel::Sc, &in_order);
        }
    }
}

#[test]
fn fences_everywhere_give_sequential_consistency_back() {
    for seed in 0..1_000 {
        let mut code = drawn(seed);
        let in_order: Vec<_> = outcomes(&code, false).into_keys().collect();
        for thread in &mut code {
            let ops = std::mem::take(thread).into_iter();
            *thread = ops.flat_map(|op| [op, Op::Fence]).collect();
        }
        let fenced = counted(&system(&code, MemoryModel::Tso));
        let values = |end: &Ending| match end {
            Ending::Values(values) => values.to_vec(),
            other => panic!("{other:?}"),
        };
        let mut fenced: Vec<_> = fenced.outcomes.iter().map(|one| values(&one.end)).collect();
        fenced.sort();
        assert_eq!(fenced, in_order, "{code:?}");
    }
}

#[test]
fn folding_equal_threads_changes_no_count_with_store_buffers() {
    for (name, family) in FAMILIES {
        for (threads, increments) in [(1, 3), (2, 1), (2, 2), (3, 1)] {
            let Ok(system) = family(threads, increments) else {
                continue;
            };
            let system = system.under(MemoryModel::Tso);
            let counted = counted(&system);
            if counted.schedules > 200_000_u32.into() || counted.is_endless {
                continue;
            }
            let enumerated = enumerate(&system);
            let all: u64 = enumerated.values().map(|tally| tally.schedules).sum();
            assert_eq!(counted.schedules, all.into(), "{name}");
            assert_eq!(counted.outcomes.len(), enumerated.len(), "{name}");
        }
    }
}

#[test]
fn a_delivery_is_a_step_of_its_own() {
    let code = vec![
        vec![Op::Store(0, 1), Op::Load(1)],
        vec![Op::Store(1, 1), Op::Load(0)],
    ];
    let system = system(&code, MemoryModel::Tso);
    let schedule: miscount::model::Schedule = "A,B,A,B,a,b".parse().unwrap();
    assert_eq!(schedule.segments()[4].actor, Actor::Buffer(0));
    let run = |token: &str| {
        let schedule: miscount::model::Schedule = token.parse().unwrap();
        ScheduleRun::new(&system, schedule.segments().iter(), Completion::Strict).end()
    };
    assert_eq!(run("A,B,A,B,a,b"), Ok(Ending::Values([1, 1, 0, 0].into())));
    assert_eq!(run("A,a,B,b,A,B"), Ok(Ending::Values([1, 1, 1, 1].into())));
    let error = |token| run(token).unwrap_err().to_string();
    assert_eq!(
        error("a"),
        "segment 1 ('a'): the store buffer of A is empty"
    );
    assert_eq!(
        error("A,a2"),
        "segment 2 ('a2'): the store buffer of A is empty after 1 of these steps"
    );
    assert_eq!(
        error("A-,B-"),
        "the schedule ends before a, b are done; add a-"
    );
}

/// Returns how many stores fit into the buffer of a thread that stores six times and then does this.
fn room(then: &str) -> usize {
    let text = format!(
        "shared x, y\nthread {{ repeat 6 {{ x = 1 }}\n{then} }}\nthread {{ y = 1 }}\nshow x"
    );
    let race = language::read(SourceFile::new("room.race", &*text), &[], None).unwrap();
    let system = race.system.under(MemoryModel::Tso);
    let mut machine = Machine::new(&system);
    while machine.buffered(0).len() < 6 {
        if let Err(status) = machine.step(0) {
            assert!(
                matches!(status, Status::Blocked(Wait::Buffer)),
                "{status:?}"
            );
            break;
        }
    }
    let held = machine.buffered(0).len();
    // A delivery makes room for the next store.
    machine.step(Actor::Buffer(0)).unwrap();
    assert!(machine.is_ready(0) || held == 6);
    assert_eq!(system.room(), (held < 6).then_some(held), "{then}");
    assert_eq!(counted(&system).room, system.room(), "{then}");
    held
}

#[test]
fn a_buffer_has_room_for_four_stores_where_a_loop_stores_for_ever() {
    for bounded in ["", "while y == 0 { }", "while y == 0 { x = 2\n fence }"] {
        assert_eq!(room(bounded), 6, "{bounded}");
    }
    for unbounded in [
        "while y == 0 { x = 2 }",
        "while y == 0 { x = 2\n x = 3\n if x == 9 { fence } }",
    ] {
        assert_eq!(room(unbounded), 4, "{unbounded}");
    }
}

/// The run of a thread that fails ends at once: what waits in the buffers is not delivered.
#[test]
fn a_failure_ends_the_run_with_stores_in_the_buffers() {
    let text = "shared x\nthread { x = 1\n assert x == 0 }\nthread { assert x == 0 }\nshow x";
    let race = language::read(SourceFile::new("fails.race", text), &[], None).unwrap();
    let counted = counted(&race.system.under(MemoryModel::Tso));
    let failed = |thread: usize| {
        let mut outcomes = counted.outcomes.iter();
        outcomes.find(|one| matches!(one.end, Ending::Failed(other, _) if other == thread))
    };
    // The thread itself sees its store in its buffer, so no schedule ends without a failure.
    let witness = |thread| {
        failed(thread)
            .unwrap()
            .witness
            .as_ref()
            .unwrap()
            .to_string()
    };
    assert_eq!(counted.outcomes.len(), 2);
    assert_eq!([witness(0), witness(1)], ["A2", "A,a,B"]);
}
