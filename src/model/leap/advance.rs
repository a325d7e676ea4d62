//! When to look for a round, and the steps in between.

use super::round::Round;
use crate::model::language::element::Var;
use crate::model::language::program::Program;
use crate::model::local::Local;
use crate::model::machine::Status;
use crate::model::state::Common;

/// The steps taken one by one before the first attempt: short stretches are not worth it.
const BEFORE: u64 = 16;

/// A place where attempts have failed is passed by so many times at most before the next.
const MOST_PATIENCE: u32 = 1 << 20;

/// When to try to leap: places where it has failed are tried less and less often.
pub(crate) struct Leaper {
    /// For each place, the attempts that have failed, and how often to pass it by.
    places: Vec<(u32, u32)>,
}

impl Leaper {
    pub(crate) fn new(program: &Program) -> Self {
        Self {
            places: vec![(0, 0); program.code().len()],
        }
    }

    /// Returns the round that begins here, if it is worth trying and can be repeated.
    pub(crate) fn round(
        &mut self,
        program: &Program,
        local: &Local,
        common: &Common,
        unknown: Option<Var>,
    ) -> Option<Round> {
        let (failed, wait) = self.places.get_mut(local.at)?;
        if *wait > 0 {
            *wait -= 1;
            return None;
        }
        let round = Round::from(program, local, common, unknown);
        match &round {
            Some(round) if round.times > 1 => *failed = 0,
            _ => {
                *failed += 1;
                *wait = 1_u32
                    .checked_shl(*failed)
                    .unwrap_or(MOST_PATIENCE)
                    .min(MOST_PATIENCE);
            }
        }
        round
    }
}

/// Takes steps of one thread, at most this many, until it is blocked or done. Returns how many, and
/// why it took no more.
pub(crate) fn advance(
    program: &Program,
    local: &mut Local,
    common: &mut Common,
    most: u64,
) -> (u64, Option<Status>) {
    let mut taken = 0;
    let mut leaper = None;
    while taken < most {
        if taken >= BEFORE && local.buffer.is_none() {
            let leaper = leaper.get_or_insert_with(|| Leaper::new(program));
            if let Some(round) = leaper.round(program, local, common, None) {
                let times = round.times.min((most - taken) / round.steps);
                round.repeat(times, local, common);
                taken += times * round.steps;
                if times > 0 {
                    continue;
                }
            }
        }
        match local.step(program, common) {
            Ok(_) => taken += 1,
            Err(status) => return (taken, Some(status)),
        }
    }
    (taken, None)
}
