//! How many states a census will look at, told beforehand.

use super::outcome::Verdict;
use super::sweep::{Options, census};
use crate::model::limits::Limits;
use crate::model::system::System;

/// How many states a census will look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Estimate {
    /// Counted: the census of this size was done.
    Exact(u64),
    /// Continued from smaller sizes along a polynomial that they follow without exception.
    Continued(u64),
    /// Continued from smaller sizes by their growth: the true number is probably between these.
    Between(u64, u64),
    /// At least so many, and nothing more is known: even the smallest sizes are too large to try,
    /// or the number does not fit in 64 bits.
    AtLeast(u64),
}

impl Estimate {
    /// The largest number it allows for; `None` if there is none.
    pub fn at_most(self) -> Option<u64> {
        match self {
            Self::Exact(states) | Self::Continued(states) | Self::Between(_, states) => {
                Some(states)
            }
            Self::AtLeast(_) => None,
        }
    }

    /// The smallest number it allows for.
    pub fn at_least(self) -> u64 {
        match self {
            Self::Exact(states)
            | Self::Continued(states)
            | Self::Between(states, _)
            | Self::AtLeast(states) => states,
        }
    }
}

/// How many states all the small censuses together may look at: a fraction of a second.
const BUDGET: u64 = 200_000;

/// Estimates the states of `family(threads, increments)`.
///
/// Does the census for 1, 2, 3, ... increments as far as a fixed budget goes, and continues the
/// numbers: exactly, if differences of some order vanish (numbers of states are polynomials in the
/// number of increments, for programs that only count), and otherwise by their growth.
///
/// # Errors
/// What `family` reports. A family whose census is refused gives an [`Estimate::AtLeast`].
pub fn estimate<F, E>(family: F, threads: usize, increments: u64) -> Result<Estimate, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    let samples = match sample(&family, threads, increments)? {
        Sampled::Reached(states) => return Ok(Estimate::Exact(states)),
        Sampled::Series(samples) => samples,
    };
    Ok(extrapolate(&samples, increments))
}

/// The closest smaller size whose census looks at no more than `states` states: with as many
/// threads if any number of increments fits, else with as many as do.
///
/// # Errors
/// What `family` reports.
pub fn closest_fit<F, E>(
    family: F,
    threads: usize,
    increments: u64,
    states: u64,
) -> Result<Option<(usize, u64)>, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    // More threads than this fit in no census.
    let most = threads.min(super::key::MOST_THREADS);
    let mut best = fit(&family, most, increments, states)?.map(|size| (most, size));
    if best.is_some() {
        return Ok(best);
    }
    // States grow with the threads, so the most that fit are found by halving.
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match fit(&family, middle, increments, states)? {
            Some(size) => {
                best = Some((middle, size));
                low = middle;
            }
            None => high = middle,
        }
    }
    Ok(best)
}

/// The most increments, up to these, that fit with so many threads.
fn fit<F, E>(family: &F, threads: usize, increments: u64, states: u64) -> Result<Option<u64>, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    let samples = match sample(family, threads, increments)? {
        Sampled::Reached(exact) if exact <= states => return Ok(Some(increments)),
        Sampled::Reached(_) => smaller(family, threads, increments)?,
        Sampled::Series(samples) => samples,
    };
    let fits = |size: u64| {
        let estimate = extrapolate(&samples, size);
        estimate.at_most().is_some_and(|most| most <= states)
    };
    // States grow with the increments, too.
    let (mut low, mut high) = (0, increments.saturating_add(1));
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

enum Sampled {
    /// The size itself was small enough.
    Reached(u64),
    /// The states for 1, 2, 3, ... increments.
    Series(Vec<u64>),
}

fn sample<F, E>(family: &F, threads: usize, increments: u64) -> Result<Sampled, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    if increments == 0 {
        let system = family(threads, 0)?;
        return Ok(match states_within(&system, BUDGET) {
            Some(states) => Sampled::Reached(states),
            None => Sampled::Series(Vec::new()),
        });
    }
    let mut left = BUDGET;
    let mut samples = Vec::new();
    for size in 1..=increments {
        let Some(states) = states_within(&family(threads, size)?, left) else {
            break;
        };
        left -= states;
        samples.push(states);
        if size == increments {
            return Ok(Sampled::Reached(states));
        }
    }
    Ok(Sampled::Series(samples))
}

/// The states of all sizes below this one, which is known to be in reach.
fn smaller<F, E>(family: &F, threads: usize, increments: u64) -> Result<Vec<u64>, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    match sample(family, threads, increments.saturating_sub(1).max(1))? {
        Sampled::Reached(_) => {
            let mut samples = Vec::new();
            for size in 1..increments {
                samples.extend(states_within(&family(threads, size)?, BUDGET));
            }
            Ok(samples)
        }
        Sampled::Series(samples) => Ok(samples),
    }
}

fn states_within(system: &System, budget: u64) -> Option<u64> {
    let options = Options {
        limits: Limits {
            states: budget,
            ..Limits::default()
        },
        witnesses: false,
        ..Options::default()
    };
    // A family that can't be counted at all has no number of states either.
    let census = census(system, &options).ok()?;
    (census.verdict == Verdict::Exhausted).then_some(census.states)
}

fn extrapolate(samples: &[u64], size: u64) -> Estimate {
    let known = usize::try_from(size)
        .ok()
        .and_then(|size| samples.get(size.wrapping_sub(1)));
    if let Some(&states) = known {
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
    // The growth exponent at the end of the series still rises or falls a little further on; two
    // more than the last is more than any of the families in the tests ever showed.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let (ratio, from, to) = (
        last as f64 / samples[at - 2] as f64,
        at as f64 / (at as f64 - 1.0),
        size as f64 / at as f64,
    );
    let exponent = ratio.ln() / from.ln();
    let grown = |exponent: f64| {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let states = last as f64 * to.powf(exponent);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and the conversion saturates"
        )]
        {
            states as u64
        }
    };
    match grown((exponent - 1.0).max(0.0)) {
        u64::MAX => Estimate::AtLeast(u64::MAX),
        low => Estimate::Between(low, grown(exponent + 2.0)),
    }
}

/// The value at `size` of the polynomial through the samples' end, by Newton's forward
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

/// The sum of `leading[k] * C(x, k)`; `None` if it does not fit.
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
        // An exception at the beginning does no harm, one at the end does.
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
