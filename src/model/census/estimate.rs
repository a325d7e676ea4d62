//! Estimates of how many states a census will look at.

use super::key::MOST_THREADS;
use super::outcome::Verdict;
use super::sweep::{Options, census};
use crate::model::limits::Limits;
use crate::model::system::System;

/// An estimate of how many states a census will look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Estimate {
    /// Counted: the census of this size was taken.
    Exact(u64),
    /// Extrapolated from smaller sizes along a polynomial that they follow without exception.
    Continued(u64),
    /// Extrapolated from smaller sizes by their growth: the true number is probably between these.
    Between(u64, u64),
    /// At least this number: even the smallest sizes are too large to try, or the number does not
    /// fit in 64 bits.
    AtLeast(u64),
}

impl Estimate {
    /// Returns the upper bound; `None` if there is none.
    pub fn at_most(self) -> Option<u64> {
        match self {
            Self::Exact(states) | Self::Continued(states) | Self::Between(_, states) => {
                Some(states)
            }
            Self::AtLeast(_) => None,
        }
    }

    /// Returns the lower bound.
    pub fn at_least(self) -> u64 {
        match self {
            Self::Exact(states)
            | Self::Continued(states)
            | Self::Between(states, _)
            | Self::AtLeast(states) => states,
        }
    }
}

/// How many states all the small censuses together may look at: some hundredths of a second.
const BUDGET: u64 = 200_000;

/// The same for an upper bound alone.
const SMALL_BUDGET: u64 = 20_000;

/// The system for some number of threads and of increments.
type Family<'a, E> = &'a dyn Fn(usize, u64) -> Result<System, E>;

/// Asks whether to end: see [`Limits::stop`].
type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Estimates the states of `family(threads, increments)`.
///
/// Takes the census for 1, 2, 3, ... increments as far as a fixed budget goes, and extrapolates:
/// exactly, if differences of some order vanish (for programs that only count, the number of states
/// is a polynomial in the number of increments), and otherwise by the growth.
///
/// Once `stop` returns `true`, no more is counted, and the estimate means nothing.
///
/// # Errors
/// The errors of `family`. A family whose census is refused gets an [`Estimate::AtLeast`].
pub fn estimate<E>(
    family: impl Fn(usize, u64) -> Result<System, E>,
    threads: usize,
    increments: u64,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Estimate, E> {
    let samples = sample(&family, threads, increments, BUDGET, stop)?;
    Ok(extrapolate(&samples, increments))
}

/// Returns whether a look at the smallest sizes suffices to tell that `family(threads, increments)`
/// has no more than `states` states.
pub(crate) fn is_surely_within<E>(
    family: Family<'_, E>,
    (threads, increments): (usize, u64),
    states: u64,
    stop: Stop<'_>,
) -> Result<bool, E> {
    let samples = sample(family, threads, increments, SMALL_BUDGET, stop)?;
    let most = extrapolate(&samples, increments).at_most();
    Ok(most.is_some_and(|most| most <= states))
}

/// Returns the closest smaller size whose census looks at no more than `states` states: with this
/// number of threads if any number of increments fits, otherwise with as many threads as fit. Once
/// `stop` returns `true`, no more is counted, and the answer means nothing.
///
/// # Errors
/// The errors of `family`.
pub fn closest_fit<E>(
    family: impl Fn(usize, u64) -> Result<System, E>,
    threads: usize,
    increments: u64,
    states: u64,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<(usize, u64)>, E> {
    // No census has room for more threads than this.
    let most = threads.min(MOST_THREADS);
    let fit = |threads| {
        let size = fit(&family, threads, increments, states, stop)?;
        Ok(size.map(|size| (threads, size)))
    };
    let mut best = fit(most)?;
    if best.is_some() {
        return Ok(best);
    }
    // The number of states grows with the threads, so bisection finds the most that fit.
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match fit(middle)? {
            None => high = middle,
            fitting => (low, best) = (middle, fitting),
        }
    }
    Ok(best)
}

/// Returns the most increments, up to `increments`, that fit with this number of threads.
fn fit<E>(
    family: Family<'_, E>,
    threads: usize,
    increments: u64,
    states: u64,
    stop: Stop<'_>,
) -> Result<Option<u64>, E> {
    let samples = sample(family, threads, increments, BUDGET, stop)?;
    let fits = |size: u64| {
        let estimate = extrapolate(&samples, size);
        estimate.at_most().is_some_and(|most| most <= states)
    };
    if fits(increments) {
        return Ok(Some(increments));
    }
    // The number of states grows with the increments, too.
    let (mut low, mut high) = (0, increments);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok((low > 0).then_some(low))
}

/// Counts the states for 1, 2, 3, ... increments up to `increments`, or for 0 alone, as far as the
/// budget goes.
fn sample<E>(
    family: Family<'_, E>,
    threads: usize,
    increments: u64,
    budget: u64,
    stop: Stop<'_>,
) -> Result<Vec<u64>, E> {
    let mut left = budget;
    let mut samples = Vec::new();
    for size in increments.min(1)..=increments {
        let Some(states) = states_within(&family(threads, size)?, left, stop) else {
            break;
        };
        left -= states;
        samples.push(states);
    }
    Ok(samples)
}

fn states_within(system: &System, budget: u64, stop: Stop<'_>) -> Option<u64> {
    let options = Options {
        limits: Limits {
            states: budget,
            stop,
            ..Limits::default()
        },
        witnesses: false,
        ..Options::default()
    };
    // A system that can't be counted at all has no number of states either.
    let census = census(system, &options).ok()?;
    (census.verdict == Verdict::Exhausted).then_some(census.states)
}

/// Continues the samples for 1, 2, 3, ... increments (or for 0 alone) to this size.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the estimate is positive, and the conversion saturates"
)]
fn extrapolate(samples: &[u64], size: u64) -> Estimate {
    let index = usize::try_from(size.saturating_sub(1)).unwrap_or(usize::MAX);
    if let Some(&states) = samples.get(index) {
        return Estimate::Exact(states);
    }
    let Some(&last) = samples.last() else {
        return Estimate::AtLeast(BUDGET);
    };
    if let Some(states) = polynomial(samples, size) {
        return Estimate::Continued(states);
    }
    let at = samples.len();
    if at < 2 {
        return Estimate::AtLeast(last);
    }
    // The growth exponent at the end of the series still changes a little further on; by less than
    // 2 for every family in the tests.
    let ratio = last as f64 / samples[at - 2] as f64;
    let exponent = ratio.ln() / (at as f64 / (at as f64 - 1.0)).ln();
    let factor = size as f64 / at as f64;
    let grown = |exponent: f64| (last as f64 * factor.powf(exponent)) as u64;
    match grown((exponent - 1.0).max(0.0)) {
        u64::MAX => Estimate::AtLeast(u64::MAX),
        low => Estimate::Between(low, grown(exponent + 2.0)),
    }
}

/// Returns the value at `size` of the polynomial through the last samples, by Newton's forward
/// differences, if differences of some order vanish at least three times in a row.
fn polynomial(samples: &[u64], size: u64) -> Option<u64> {
    // The first sizes may be exceptions; the polynomial must hold from some early size on.
    for skipped in 0..samples.len().min(4) {
        let mut row: Vec<i128> = samples[skipped..].iter().map(|&s| i128::from(s)).collect();
        let mut leading = Vec::new();
        while row.len() >= 3 {
            if row.iter().all(|&difference| difference == 0) {
                return newton(&leading, size - 1 - skipped as u64);
            }
            leading.push(row[0]);
            row = row.windows(2).map(|pair| pair[1] - pair[0]).collect();
        }
    }
    None
}

/// Returns the sum of `leading[k] * C(x, k)`; `None` if it does not fit.
fn newton(leading: &[i128], x: u64) -> Option<u64> {
    let mut sum: i128 = 0;
    let mut binomial: i128 = 1;
    for (k, &difference) in (0_i128..).zip(leading) {
        sum = sum.checked_add(difference.checked_mul(binomial)?)?;
        // C(x, k + 1) = C(x, k) * (x - k) / (k + 1), always a whole number.
        binomial = binomial.checked_mul(i128::from(x) - k)? / (k + 1);
    }
    u64::try_from(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_is_continued_exactly() {
        let cubic = |x: u64| 2 * x * x * x + 5 * x + 7;
        let mut samples: Vec<u64> = (1..=8).map(cubic).collect();
        assert_eq!(extrapolate(&samples, 8), Estimate::Exact(cubic(8)));
        assert_eq!(extrapolate(&samples, 50), Estimate::Continued(cubic(50)));
        // An exception at the beginning is harmless, one at the end is not.
        samples[0] += 1;
        assert_eq!(extrapolate(&samples, 50), Estimate::Continued(cubic(50)));
        samples[7] += 1;
        assert!(matches!(extrapolate(&samples, 50), Estimate::Between(..)));
    }

    #[test]
    fn without_samples_nothing_is_claimed() {
        assert_eq!(extrapolate(&[], 5), Estimate::AtLeast(BUDGET));
        assert_eq!(extrapolate(&[10], 5), Estimate::AtLeast(10));
    }
}
