//! The named schedules: `worst`, `lockstep`, `serial`, `random:SEED`.

use std::fmt;
use std::str::FromStr;

use super::token::{Segment, Steps};
use super::worst::worst;
use crate::model::actor::Actor;
use crate::model::machine::Machine;
use crate::model::scheduler::{Forced, Scheduler};
use crate::model::system::System;

/// A named schedule; it exists for every system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// The schedule with the smallest total: see [`worst`](super::worst::worst()).
    Worst,
    /// Each thread one step in turn: [`Lockstep`].
    Lockstep,
    /// One thread after the other: [`Serial`].
    Serial,
    /// Each step of a thread drawn evenly among those that can move: [`Random`].
    Random(u64),
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Worst => f.write_str("worst"),
            Self::Lockstep => f.write_str("lockstep"),
            Self::Serial => f.write_str("serial"),
            Self::Random(seed) => write!(f, "random:{seed}"),
        }
    }
}

impl FromStr for Named {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "worst" => Ok(Self::Worst),
            "lockstep" => Ok(Self::Lockstep),
            "serial" => Ok(Self::Serial),
            "random" => Err("random needs a seed, like random:7"),
            _ => match text.strip_prefix("random:").map(str::parse) {
                Some(Ok(seed)) => Ok(Self::Random(seed)),
                Some(Err(_)) => Err("the seed is a number below 2^64, like random:7"),
                None => Err("the names are worst, lockstep, serial and random:SEED"),
            },
        }
    }
}

impl Named {
    /// Returns the schedule for this system. `worst` may need a search: see
    /// [`worst`](super::worst::worst()).
    pub fn source(self, system: &System) -> Box<dyn Scheduler> {
        match self {
            Self::Worst => Box::new(worst(system).schedule.into_iter()),
            Self::Lockstep => Box::new(Lockstep::default()),
            Self::Serial => Box::new(Serial),
            Self::Random(seed) => Box::new(Random::new(seed)),
        }
    }
}

fn one_step(actor: Actor) -> Forced {
    Forced::Exactly(Segment {
        actor,
        steps: Steps::Count(1),
    })
}

/// One thread after the other, each as far as it can go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Scheduler for Serial {
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced> {
        machine.ready().next().map(Forced::AsFarAsPossible)
    }

    fn is_memoryless(&self) -> bool {
        true
    }
}

/// Each thread one step in turn; blocked and finished threads are skipped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lockstep {
    turn: usize,
}

impl Scheduler for Lockstep {
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced> {
        let actors = || machine.system().actors().enumerate();
        let turns = actors().skip(self.turn).chain(actors().take(self.turn));
        let mut ready = turns.filter(|&(_, actor)| machine.is_ready(actor));
        let (turn, actor) = ready.next()?;
        self.turn = turn + 1;
        Some(one_step(actor))
    }

    fn is_memoryless(&self) -> bool {
        true
    }
}

/// Each step of a thread drawn evenly among those that can move; a seed determines the draws.
///
/// The generator is `SplitMix64` (Steele, Lea, Flood: *Fast splittable pseudorandom number
/// generators*, 2014); the draw is Lemire's unbiased one (*Fast random integer generation in an
/// interval*, 2019).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    ready: Vec<Actor>,
}

impl Random {
    /// Creates the draws of this seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            ready: Vec::new(),
        }
    }

    fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws evenly from `0..bound`; 0 if the bound is 0.
    fn below(&mut self, bound: u64) -> u64 {
        let reject = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        loop {
            let product = u128::from(self.word()) * u128::from(bound);
            let low = product & u128::from(u64::MAX);
            if low >= u128::from(reject) {
                // The product of two 64-bit numbers, shifted by 64, fits in 64 bits.
                return u64::try_from(product >> 64).unwrap_or(0);
            }
        }
    }
}

impl Scheduler for Random {
    fn next(&mut self, machine: &Machine<'_>) -> Option<Forced> {
        self.ready.clear();
        self.ready.extend(machine.ready());
        if self.ready.is_empty() {
            return None;
        }
        let index = self.below(self.ready.len() as u64);
        let drawn = self.ready.get(usize::try_from(index).ok()?)?;
        Some(one_step(*drawn))
    }
}
