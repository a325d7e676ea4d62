//! What a census found.

use num_bigint::BigUint;

use crate::model::effect::Wait;
use crate::model::limits::Limit;
use crate::model::schedule::token::Schedule;

/// Whether all schedules were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// All of them.
    Exhausted,
    /// A limit was reached first.
    Truncated(Limit),
}

/// A thread that waits in a deadlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Blocked {
    /// The thread's index, as in the witness.
    pub thread: usize,
    /// What it waits for.
    pub wait: Wait,
}

/// How schedules can end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// All threads are done; this is the total.
    Total(u64),
    /// Nobody can move, and these threads wait. Deadlocks that differ only in which of several
    /// interchangeable threads wait are one outcome.
    Deadlock(Vec<Blocked>),
}

/// All schedules that end alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How they end.
    pub end: End,
    /// How many there are; in a truncated census, how many were found.
    pub schedules: BigUint,
    /// Which share of all schedules that is; unknown in a truncated census.
    pub share: Option<f64>,
    /// How likely it is when each step goes to a thread drawn evenly among those that can move;
    /// unknown in a truncated census.
    pub fair_share: Option<f64>,
    /// The schedule with the fewest switches, the first in order of several; `None` if witnesses
    /// were not asked for.
    pub witness: Option<Schedule>,
    /// The witness's switches between threads.
    pub switches: Option<u64>,
}

/// How many schedules end in what.
#[derive(Clone, Debug, PartialEq)]
pub struct Census {
    /// Totals in rising order, then deadlocks.
    pub outcomes: Vec<Outcome>,
    /// All schedules that were followed to their end.
    pub schedules: BigUint,
    /// States looked at: after each number of steps, equal ones merged and interchangeable threads
    /// folded. In a truncated census, the complete layers and what was begun of the next.
    pub states: u64,
    /// Complete layers: every schedule was followed for so many steps, or to its end.
    pub layers: u64,
    /// The most states in one layer.
    pub widest: u64,
    /// The most memory held, in bytes, by the census's own account.
    pub peak_bytes: u64,
    /// Whether that is all.
    pub verdict: Verdict,
    /// In a truncated census: totals that can surely be reached, in rising order: those counted,
    /// and those that a few serial completions of the last layer came to. There may be others.
    pub reachable: Vec<u64>,
}

/// The answer to "can this total come about?".
#[derive(Clone, Debug, PartialEq)]
pub enum Reach<'a> {
    /// Yes, so.
    Witness(&'a Outcome),
    /// Yes, but the search was truncated before it had a schedule to show.
    Reachable,
    /// No: all schedules, so many, were examined.
    Impossible(&'a BigUint),
    /// Nobody knows: the search was truncated.
    Incomplete(Limit),
}

impl Census {
    /// The outcome with this total.
    pub fn total(&self, total: u64) -> Option<&Outcome> {
        let found = |outcome: &&Outcome| outcome.end == End::Total(total);
        self.outcomes.iter().find(found)
    }

    /// The totals found, in rising order.
    pub fn totals(&self) -> impl Iterator<Item = u64> {
        self.outcomes
            .iter()
            .filter_map(|outcome| match outcome.end {
                End::Total(total) => Some(total),
                End::Deadlock(_) => None,
            })
    }

    /// Whether a total can come about.
    pub fn reach(&self, total: u64) -> Reach<'_> {
        match (self.total(total), self.verdict) {
            (Some(outcome), _) => Reach::Witness(outcome),
            (None, Verdict::Exhausted) => Reach::Impossible(&self.schedules),
            (None, Verdict::Truncated(_)) if self.reachable.contains(&total) => Reach::Reachable,
            (None, Verdict::Truncated(limit)) => Reach::Incomplete(limit),
        }
    }
}

/// `part / whole`, rounded once or twice; 0 if `whole` is 0.
pub(crate) fn ratio(part: &BigUint, whole: &BigUint) -> f64 {
    // The leading 64 bits of each are enough for the 53 of the result.
    let leading = |number: &BigUint| {
        let shift = number.bits().saturating_sub(64);
        let top = (number >> shift).iter_u64_digits().next().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "rounding is what is wanted")]
        let top = top as f64;
        (top, i32::try_from(shift).unwrap_or(i32::MAX))
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
