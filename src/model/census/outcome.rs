//! What a census found.

use num_bigint::BigUint;

use crate::model::limits::{Gauge, Limit};
use crate::model::machine::Ending;
use crate::model::schedule::token::Schedule;

/// Whether all schedules were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// All were counted.
    Exhausted,
    /// A limit was reached first.
    Truncated(Limit),
}

/// How schedules are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// All states are looked at, step by step.
    Search,
    /// By a recurrence of the program's own: see [`count_chains`](super::chain::count_chains). Its states are fewer, as they have no
    /// values.
    Recurrence,
}

/// All schedules that end the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How they end. Ends that differ only in which of several interchangeable threads wait or failed
    /// are one outcome.
    pub end: Ending,
    /// The number of these schedules; in a truncated census, of those found.
    pub schedules: BigUint,
    /// Their share of all schedules; unknown in a truncated census.
    pub share: Option<f64>,
    /// The probability of this end when each step goes to a thread drawn evenly among those that
    /// can move; unknown in a truncated census.
    pub fair_share: Option<f64>,
    /// The schedule with the fewest switches, the first of several in order; `None` if witnesses
    /// were not wanted, or if there was no time or memory left to find them.
    pub witness: Option<Schedule>,
    /// The number of switches between threads in the witness.
    pub switches: Option<u64>,
}

/// How many schedules end in which outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Census {
    /// Totals or values in rising order, then deadlocks, then failures.
    pub outcomes: Vec<Outcome>,
    /// The number of schedules that were followed to their end.
    pub schedules: BigUint,
    /// The number of states: after each number of steps, with equal states merged and
    /// interchangeable threads folded. In a truncated census, this includes the incomplete layer.
    pub states: u64,
    /// The number of complete layers: every schedule was followed for this many steps, or to its
    /// end.
    pub layers: u64,
    /// The largest number of states in one layer.
    pub widest: u64,
    /// The most memory held, in bytes, by the census's own estimate.
    pub peak_bytes: u64,
    /// Whether all schedules were counted.
    pub verdict: Verdict,
    /// How they were counted.
    pub method: Method,
    /// In a truncated census, totals that are certainly reachable, in rising order: those counted
    /// and those of a few serial completions of the last layer. There may be others.
    pub reachable: Vec<u64>,
    /// Whether some schedules never end. Then there is no number of schedules, here or of an outcome
    /// (it reads 0), and each fair share is uncertain by [`PRECISION`](super::endless::PRECISION).
    pub is_endless: bool,
    /// The most stores in a store buffer, if only that bounds the states: an outcome that needs more is
    /// not found.
    pub room: Option<usize>,
    /// How threads can go round for ever though each gets its turn; `None` if they can't, or if
    /// witnesses were not wanted.
    pub circle: Option<Circle>,
}

/// A schedule that never ends: a way in, and then the same round again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// The steps before the first round.
    pub lead: Schedule,
    /// The steps of one round.
    pub round: Schedule,
    /// The threads that move in it.
    pub threads: Vec<usize>,
    /// Whether no step leads out of it: a livelock that no scheduler ends.
    pub is_certain: bool,
}

/// Whether a total is reachable.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach<'a> {
    /// Yes, as this outcome shows.
    Witness(&'a Outcome),
    /// Yes, but the search was truncated before it found a schedule to show.
    Reachable,
    /// No: all schedules, this many, were examined.
    Impossible(&'a BigUint),
    /// Unknown: the search was truncated.
    Incomplete(Limit),
}

impl Census {
    /// Returns a census by search that has no outcome, given how far it went.
    pub(super) fn nothing(gauge: &Gauge<'_>, verdict: Verdict) -> Self {
        Self {
            outcomes: Vec::new(),
            schedules: BigUint::ZERO,
            states: gauge.states(),
            layers: 0,
            widest: 0,
            peak_bytes: gauge.peak(),
            verdict,
            method: Method::Search,
            reachable: Vec::new(),
            is_endless: false,
            room: None,
            circle: None,
        }
    }

    /// Returns whether an outcome that it does not have is impossible.
    pub fn is_whole(&self) -> bool {
        self.verdict == Verdict::Exhausted && self.room.is_none()
    }

    /// Returns the outcome with this total.
    pub fn total(&self, total: u64) -> Option<&Outcome> {
        let mut outcomes = self.outcomes.iter();
        outcomes.find(|outcome| outcome.end == Ending::Total(total))
    }

    /// Returns the totals found, in rising order.
    pub fn totals(&self) -> impl Iterator<Item = u64> {
        self.outcomes
            .iter()
            .filter_map(|outcome| outcome.end.total())
    }

    /// Returns whether a total is reachable.
    pub fn reach(&self, total: u64) -> Reach<'_> {
        match (self.total(total), self.verdict) {
            (Some(outcome), _) => Reach::Witness(outcome),
            (None, Verdict::Exhausted) => Reach::Impossible(&self.schedules),
            (None, Verdict::Truncated(_)) if self.reachable.contains(&total) => Reach::Reachable,
            (None, Verdict::Truncated(limit)) => Reach::Incomplete(limit),
        }
    }
}

/// Returns `part / whole`, rounded once or twice; 0 if `whole` is 0.
pub(crate) fn ratio(part: &BigUint, whole: &BigUint) -> f64 {
    // The leading 64 bits of each are enough for the 53 of the result.
    let leading = |number: &BigUint| {
        let shift = number.bits().saturating_sub(64);
        let top = (number >> shift).iter_u64_digits().next().unwrap_or(0);
        (top as f64, i32::try_from(shift).unwrap_or(i32::MAX))
    };
    let ((part, small), (whole, large)) = (leading(part), leading(whole));
    if whole == 0.0 {
        return 0.0;
    }
    part / whole * 2.0_f64.powi(small.saturating_sub(large))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_of_huge_numbers_are_exact_enough() {
        let third = ratio(&BigUint::from(1_u8), &BigUint::from(3_u8));
        assert!((third - 1.0 / 3.0).abs() < 1e-15);
        let huge = BigUint::from(7_u8) << 5_000_u32;
        let same = ratio(&(&huge * 2_u8), &(&huge * 3_u8));
        assert!((same - 2.0 / 3.0).abs() < 1e-15);
        assert!((ratio(&(&huge >> 10_u32), &huge) - 2.0_f64.powi(-10)).abs() < 1e-15);
        assert!(ratio(&BigUint::ZERO, &BigUint::ZERO) == 0.0);
    }
}
