//! The totals and the times of runs, in memory that does not grow with the number of runs.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::counting::{Distinct, Spread};
use crate::stats::{Distribution, Moments, wilson};

/// If more than this many totals differ, they are counted in this many ranges.
const RANGES: u64 = 100;

/// The median of at most this many times is exact.
const MOST_TIMES: usize = 100_000;

/// The totals of runs that should all end with the expected one.
#[derive(Debug)]
pub struct Totals {
    expected: u64,
    short: u64,
    distribution: Distribution,
    moments: Moments,
}

impl Totals {
    pub fn new(expected: u64) -> Self {
        Self {
            expected,
            short: 0,
            distribution: Distribution::up_to(expected),
            moments: Moments::default(),
        }
    }

    pub fn add(&mut self, totals: &[u64]) {
        let short = totals.iter().filter(|&&total| total != self.expected);
        self.short += short.count() as u64;
        self.distribution.add(totals);
        self.moments.add(totals);
    }

    /// Returns the number of runs.
    pub fn runs(&self) -> u64 {
        self.moments.count()
    }

    /// Returns how many runs did not reach the expected total.
    pub fn short(&self) -> u64 {
        self.short
    }

    /// Returns the share of these runs, and its 95% Wilson interval.
    pub fn share_short(&self) -> (Option<f64>, Option<[f64; 2]>) {
        let runs = self.runs();
        (
            share_of(self.short as f64, runs as f64),
            wilson(self.short, runs),
        )
    }

    /// Returns the spread of the totals.
    pub fn spread(&self) -> Spread {
        spread(&self.moments, self.distribution.median())
    }

    /// Returns the spread of the increments that are missing from the expected total.
    pub fn missing(&self) -> Spread {
        missing(self.spread(), self.expected)
    }

    /// Returns the share of all increments that is missing.
    pub fn missing_share(&self) -> Option<f64> {
        let expected = self.expected as f64;
        let mean = self.moments.mean()?;
        share_of(expected - mean, expected)
    }

    /// Returns how many runs ended with each total, or in each range of totals.
    pub fn distribution(&self) -> Vec<Distinct> {
        let exact = |(actual, runs)| Distinct::Exact { actual, runs };
        if let Some(totals) = self.distribution.exact() {
            return totals.into_iter().map(exact).collect();
        }
        let buckets = self.distribution.buckets(RANGES).into_iter();
        buckets.map(Distinct::binned).collect()
    }
}

/// Returns the spread of what is missing from the expected total, given that of totals which do not
/// exceed it.
pub(super) fn missing(actual: Spread, expected: u64) -> Spread {
    let min = actual.max.map(|max| expected - max);
    let max = actual.min.map(|min| expected - min);
    // The difference of two floats beyond 2^53 lacks the last digits of a small result.
    let missing = |of: f64| between(min, expected as f64 - of, max);
    Spread {
        min,
        median: actual.median.map(missing),
        mean: actual.mean.map(missing),
        max,
        stddev: actual.stddev,
    }
}

/// The times of runs, in nanoseconds.
#[derive(Debug)]
pub(super) struct Times {
    moments: Moments,
    /// The number of times of which the median is exact.
    most: usize,
    /// Each time and the number of runs that took it, while there are few: for an exact median.
    few: Option<Vec<(u64, u64)>>,
    /// All times, to a few significant digits, in a few kilobytes: for the median of many runs.
    histogram: Histogram<u64>,
}

impl Times {
    pub(super) fn new() -> Self {
        Self::with(MOST_TIMES, 3)
    }

    /// Returns a collector whose median is exact for up to 1000 times and has two digits beyond, in a
    /// tenth of the memory: for times that are collected a thousandfold.
    pub(super) fn coarse() -> Self {
        Self::with(1000, 2)
    }

    fn with(most: usize, digits: u8) -> Self {
        Self {
            moments: Moments::default(),
            most,
            few: Some(Vec::new()),
            #[expect(clippy::expect_used, reason = "it fails only beyond 5 digits")]
            histogram: Histogram::new(digits).expect("so few digits are allowed"),
        }
    }

    /// Adds runs that each took this time.
    pub(super) fn add(&mut self, elapsed_ns: u64, runs: u64) {
        self.moments.add_repeated(elapsed_ns, runs);
        // The histogram resizes itself, so every time fits.
        let _ = self.histogram.record_n(elapsed_ns, runs);
        match &mut self.few {
            Some(few) if few.len() < self.most => few.push((elapsed_ns, runs)),
            _ => self.few = None,
        }
    }

    pub(super) fn mean(&self) -> Option<f64> {
        self.moments.mean()
    }

    pub(super) fn spread(&self) -> Spread {
        spread(&self.moments, self.median())
    }

    /// Returns the middle time, or the mean of the two in the middle.
    fn median(&self) -> Option<f64> {
        let runs = self.moments.count();
        let middle = [runs.checked_sub(1)? / 2, runs / 2];
        let [low, high] = match &self.few {
            Some(few) => {
                let mut few = few.clone();
                few.sort_unstable();
                middle.map(|before| nth(few.iter().copied(), before))
            }
            None => middle.map(|before| {
                let times = self.histogram.iter_recorded().map(|step| {
                    let time = self.histogram.median_equivalent(step.value_iterated_to());
                    (time, step.count_since_last_iteration())
                });
                nth(times, before)
            }),
        };
        Some(f64::midpoint(low? as f64, high? as f64))
    }
}

/// Returns the value with `before` others before it, among ordered values with their frequencies.
fn nth(mut values: impl Iterator<Item = (u64, u64)>, before: u64) -> Option<u64> {
    let mut seen = 0;
    let found = values.find(|&(_, times)| {
        seen += times;
        seen > before
    });
    found.map(|(value, _)| value)
}

/// Returns the share of a part in a whole; `None` if the whole is zero.
pub(super) fn share_of(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Returns the number of runs in a second of all that they took, if there were any.
pub(super) fn per_second(runs: u64, took: Duration) -> Option<f64> {
    share_of(runs as f64, took.as_secs_f64()).filter(|_| runs > 0)
}

pub(super) fn spread(moments: &Moments, median: Option<f64>) -> Spread {
    let (min, max) = (moments.min(), moments.max());
    Spread {
        min,
        // A median read off ranges lies anywhere in its range, which may exceed the extremes.
        median: median.map(|median| between(min, median, max)),
        mean: moments.mean(),
        max,
        stddev: moments.stddev(),
    }
}

/// Returns the value, limited to the interval.
fn between(min: Option<u64>, value: f64, max: Option<u64>) -> f64 {
    let [min, max] = [min, max].map(|end| end.map_or(value, |end| end as f64));
    value.clamp(min, max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(of: impl IntoIterator<Item = (u64, u64)>) -> Times {
        let mut times = Times::new();
        for (elapsed_ns, runs) in of {
            times.add(elapsed_ns, runs);
        }
        times
    }

    #[test]
    fn the_median_of_few_times_is_exact() {
        let median = |of: &[(u64, u64)]| times(of.iter().copied()).spread().median;
        assert_eq!(median(&[]), None);
        // The upper end of its range in the histogram would be 80,639.
        assert_eq!(median(&[(80_600, 1)]), Some(80_600.0));
        assert_eq!(median(&[(361_123, 1), (342_578, 1)]), Some(351_850.5));
        assert_eq!(median(&[(9_000_001, 3), (5, 2)]), Some(9_000_001.0));
        assert_eq!(median(&[(9_000_001, 2), (5, 2)]), Some(4_500_003.0));
    }

    #[test]
    fn the_median_of_many_times_has_three_digits_and_lies_between_the_ends() {
        let many = (0..2 * MOST_TIMES as u64).map(|k| (1_000_000 + k, 1));
        let spread = times(many).spread();
        let exact = 1_000_000.0 + MOST_TIMES as f64 - 0.5;
        let median = spread.median.unwrap();
        assert!((median - exact).abs() <= exact / 1000.0, "{median}");

        // The range of a single value is wider than the value.
        for value in [80_600, 80_641, u64::MAX] {
            let same = times((0..=MOST_TIMES).map(|_| (value, 1))).spread();
            assert_eq!(same.median, Some(value as f64));
        }
    }

    #[test]
    fn the_median_of_totals_in_ranges_lies_between_the_ends() {
        let mut totals = Totals::new(1 << 30);
        let different: Vec<u64> = (0..2_000).map(|k| k << 15).collect();
        totals.add(&different);
        let most = 2_000 << 15;
        totals.add(&vec![most; 3_000]);
        assert_eq!(totals.spread().median, Some(most as f64));
    }

    #[test]
    fn what_is_missing_from_a_huge_total_lies_between_the_ends() {
        let mut totals = Totals::new(1 << 58);
        totals.add(&[(1 << 58) - 46_561]);
        let missing = totals.missing();
        assert_eq!((missing.min, missing.max), (Some(46_561), Some(46_561)));
        assert_eq!(
            (missing.median, missing.mean),
            (Some(46_561.0), Some(46_561.0))
        );
    }
}
