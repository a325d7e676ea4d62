//! The pattern of a counting thread, recognised from its program and one run of it alone.
//!
//! A *load-store* thread increments one variable by loading it and later storing the loaded value
//! plus one (or only loads it); nothing it does depends on the loaded value. It therefore takes the
//! same steps whatever the other threads do, only the values differ, and schedules can be
//! constructed without any search.

use crate::model::effect::Effect;
use crate::model::language::element::{Operand, Var};
use crate::model::language::instruction::Instruction;
use crate::model::language::program::Program;
use crate::model::leap::{Leaper, Round};
use crate::model::local::Local;
use crate::model::state::Common;
use crate::model::system::System;

/// Where the increments of a load-store thread lie among its steps.
pub(crate) struct Pattern {
    /// The number of all its steps.
    pub(crate) steps: u64,
    /// The number of its increments.
    pub(crate) increments: u64,
    stretches: Vec<Stretch>,
    /// The locks held exclusively from load to store in every increment, as bits.
    pub(crate) guarded_by: u64,
}

/// Neighbouring increments, whose places are repeated.
struct Stretch {
    /// The number of the increments before.
    before: u64,
    /// The places of the first increments.
    places: Vec<Pauses>,
    /// The steps from each place to its repetition; 0 if there is none.
    steps: u64,
}

/// The numbers of steps before two places to pause, where no lock is held if possible.
#[derive(Clone, Copy)]
pub(crate) struct Pauses {
    /// The place just before the increment.
    pub(crate) before: u64,
    /// The place between its load and its store.
    pub(crate) within: u64,
}

/// Returns the registers whose values may come from shared variables, as bits.
fn tainted(program: &Program) -> u64 {
    let bit = |index: usize| 1_u64 << (index % 64);
    let mut tainted = 0;
    loop {
        let before = tainted;
        for instruction in program.code() {
            let from_shared = instruction.is_visible();
            let from_tainted = instruction.uses().any(|r| tainted & bit(r.index()) != 0);
            if let Some(register) = instruction.defines()
                && (from_shared || from_tainted)
            {
                tainted |= bit(register.index());
            }
        }
        if tainted == before {
            return tainted;
        }
    }
}

/// Returns whether the thread's next step never depends on a value it read, and it touches
/// `counter` by plain loads and stores alone.
fn is_oblivious(program: &Program, counter: Var) -> bool {
    let tainted = tainted(program);
    let is_tainted = |operand: Operand| match operand {
        Operand::Reg(register) => tainted >> (register.index() % 64) & 1 == 1,
        Operand::Const(_) => false,
    };
    program.code().iter().all(|instruction| {
        let reads_tainted = instruction.operands().into_iter().flatten().any(is_tainted);
        match instruction {
            Instruction::JumpIf { .. } => !reads_tainted,
            Instruction::Load { variable, .. }
            | Instruction::Store { variable, .. }
            | Instruction::IncrementLoad { variable, .. }
            | Instruction::IncrementStore { variable, .. }
                if variable.fixed() == Some(counter) =>
            {
                true
            }
            // Another variable may be awaited and set, like the flag of a spinlock.
            _ if instruction.touches(counter) => false,
            _ => !instruction.is_visible() || !reads_tainted,
        }
    })
}

impl Pattern {
    /// Returns the pattern of a thread that counts on `counter`; `None` if it has none.
    pub(crate) fn of(system: &System, thread: usize, counter: Var) -> Option<Self> {
        let program = system.program(thread);
        if !is_oblivious(program, counter) || !program.certainly_ends() {
            return None;
        }
        let local = Local::start(system, thread);
        let mut scan = Scan {
            program,
            counter,
            common: Common::start(system),
            pause: Pause::at(0, &local),
            local,
            loaded: None,
            pattern: Self {
                steps: 0,
                increments: 0,
                stretches: Vec::new(),
                guarded_by: u64::MAX,
            },
        };
        let mut leaper = Leaper::new(program);
        while !scan.local.is_done(program) {
            // The counter's value does not matter, as other threads may change it.
            let round = leaper.round(program, &scan.local, &scan.common, Some(counter));
            if let Some(round) = round.filter(|round| round.times > 2) {
                scan.repeat(&round)?;
            } else {
                scan.step()?;
            }
        }
        Some(scan.pattern)
    }

    /// Returns the places to pause around an increment, if there is such an increment.
    pub(crate) fn pauses(&self, increment: u64) -> Option<Pauses> {
        if increment >= self.increments {
            return None;
        }
        let later = |stretch: &Stretch| stretch.before <= increment;
        let stretch = self.stretches[..self.stretches.partition_point(later)].last()?;
        let (within, len) = (increment - stretch.before, stretch.places.len() as u64);
        let place = stretch.places.get(usize::try_from(within % len).ok()?)?;
        Some(place.after(within / len * stretch.steps))
    }

    /// Adds increments, whose places are repeated so many times after so many steps each.
    fn push(&mut self, places: Vec<Pauses>, times: u64, steps: u64) -> Option<()> {
        let more = times.checked_mul(places.len() as u64)?;
        let before = self.increments;
        self.increments = before.checked_add(more)?;
        match self.stretches.last_mut() {
            // Neither of them is repeated.
            Some(last) if last.steps == 0 && steps == 0 => last.places.extend(places),
            _ if more > 0 => self.stretches.push(Stretch {
                before,
                places,
                steps,
            }),
            _ => {}
        }
        Some(())
    }
}

impl Pauses {
    fn after(self, steps: u64) -> Self {
        Self {
            before: self.before + steps,
            within: self.within + steps,
        }
    }
}

/// A thread on the way through its steps.
struct Scan<'p> {
    program: &'p Program,
    counter: Var,
    local: Local,
    common: Common,
    /// The latest place to pause between increments.
    pause: Pause,
    loaded: Option<Loaded>,
    pattern: Pattern,
}

impl Scan<'_> {
    /// Takes a step and notes the increment that it completes, if it does.
    fn step(&mut self) -> Option<()> {
        if let Some(pauses) = self.place()? {
            self.pattern.push(vec![pauses], 1, 0)?;
        }
        Some(())
    }

    /// Takes a round as often as possible.
    fn repeat(&mut self, round: &Round) -> Option<()> {
        let first = self.places(round.steps)?;
        self.pattern.push(first, 1, 0)?;
        let before = self.pause.since(self.pattern.steps);
        let is_between = self.loaded.is_none();
        let second = self.places(round.steps)?;
        let is_alike = self.pause.since(self.pattern.steps) == before;
        if !(is_alike && is_between && self.loaded.is_none()) {
            return self.pattern.push(second, 1, 0);
        }
        // All further rounds begin as the second has, so they go on like it.
        let more = round.times - 2;
        self.pattern.push(second, more + 1, round.steps)?;
        let steps = more.checked_mul(round.steps)?;
        self.pattern.steps = self.pattern.steps.checked_add(steps)?;
        self.pause.steps += steps;
        round.repeat(more, &mut self.local, &mut self.common);
        Some(())
    }

    /// Takes so many steps. Returns the places of the increments that they complete.
    fn places(&mut self, steps: u64) -> Option<Vec<Pauses>> {
        let mut places = Vec::new();
        for _ in 0..steps {
            places.extend(self.place()?);
        }
        Some(places)
    }

    /// Takes a step. Returns the places around the increment that it completes, if it does; `None`
    /// if this is no load-store thread.
    fn place(&mut self) -> Option<Option<Pauses>> {
        let (counter, steps) = (self.counter, &mut self.pattern.steps);
        // A unique value, to see where it goes.
        let planted = steps.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 63;
        self.common.variables[counter.index()] = planted;
        let effect = self.local.step(self.program, &mut self.common).ok()?;
        *steps = steps.checked_add(1)?;
        let here = Pause::at(*steps, &self.local);
        match effect {
            // An earlier load without a store does not count; this load may still be stored.
            Effect::Read { variable, .. } if variable == counter => {
                self.loaded = Some(Loaded {
                    value: planted,
                    pause: here,
                    guarded_by: self.local.held.exclusive(),
                });
            }
            Effect::Wrote {
                variable, after, ..
            } if variable == counter => {
                let load = self.loaded.take()?;
                if after != load.value.wrapping_add(1) {
                    return None;
                }
                self.pattern.guarded_by &= load.guarded_by;
                let before = std::mem::replace(&mut self.pause, here).steps;
                let within = load.pause.steps;
                return Some(Some(Pauses { before, within }));
            }
            _ => match &mut self.loaded {
                Some(load) => {
                    load.guarded_by &= self.local.held.exclusive();
                    load.pause.improve(here);
                }
                None => self.pause.improve(here),
            },
        }
        Some(None)
    }
}

/// A load whose value may still be stored.
struct Loaded {
    value: u64,
    /// A good place to pause before the store.
    pause: Pause,
    /// The locks held exclusively ever since.
    guarded_by: u64,
}

/// A place to pause, and whether no lock is held there.
struct Pause {
    steps: u64,
    free: bool,
}

impl Pause {
    fn at(steps: u64, local: &Local) -> Self {
        Self {
            steps,
            free: local.held.is_nothing(),
        }
    }

    /// Moves there, unless no lock is held at the current place.
    fn improve(&mut self, there: Self) {
        if !self.free {
            *self = there;
        }
    }

    /// Returns how long ago it was, and whether no lock is held there.
    fn since(&self, steps: u64) -> (u64, bool) {
        (steps - self.steps, self.free)
    }
}
