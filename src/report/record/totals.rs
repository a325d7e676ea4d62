//! The totals and the times of runs, gathered in memory that does not grow with the runs.

use hdrhistogram::Histogram;

use super::counting::{Distinct, Spread};
use crate::stats::{Distribution, Moments, wilson};

/// Totals beyond this many different ones are given in so many ranges.
const RANGES: u64 = 100;

/// The totals of runs that should all end with the expected one.
#[derive(Debug)]
pub(in crate::report) struct Totals {
    expected: u64,
    short: u64,
    distribution: Distribution,
    moments: Moments,
}

impl Totals {
    pub(in crate::report) fn new(expected: u64) -> Self {
        Self {
            expected,
            short: 0,
            distribution: Distribution::up_to(expected),
            moments: Moments::default(),
        }
    }

    pub(in crate::report) fn add(&mut self, totals: &[u64]) {
        let short = totals.iter().filter(|&&total| total != self.expected);
        self.short += short.count() as u64;
        self.distribution.add(totals);
        self.moments.add(totals);
    }

    /// How many runs there were.
    pub(in crate::report) fn runs(&self) -> u64 {
        self.moments.count()
    }

    /// How many of them did not reach the expected total.
    pub(in crate::report) fn short(&self) -> u64 {
        self.short
    }

    /// The share of those, and its 95 % Wilson interval.
    pub(in crate::report) fn share_short(&self) -> (Option<f64>, Option<[f64; 2]>) {
        let runs = self.runs();
        (
            share_of(self.short as f64, runs as f64),
            wilson(self.short, runs).map(|interval| [interval.low, interval.high]),
        )
    }

    /// How the totals are spread.
    pub(in crate::report) fn spread(&self) -> Spread {
        spread(&self.moments, self.distribution.median())
    }

    /// How what is missing from the expected total is spread.
    pub(in crate::report) fn missing(&self) -> Spread {
        let (actual, expected) = (self.spread(), self.expected as f64);
        Spread {
            min: actual.max.map(|max| self.expected - max),
            median: actual.median.map(|median| expected - median),
            mean: actual.mean.map(|mean| expected - mean),
            max: actual.min.map(|min| self.expected - min),
            stddev: actual.stddev,
        }
    }

    /// The share of all increments that is missing.
    pub(in crate::report) fn missing_share(&self) -> Option<f64> {
        let expected = self.expected as f64;
        let mean = self.moments.mean()?;
        share_of(expected - mean, expected)
    }

    /// How many runs ended with each total, or in each range of totals.
    pub(in crate::report) fn distribution(&self) -> Vec<Distinct> {
        match self.distribution.exact() {
            Some(exact) => exact
                .into_iter()
                .map(|(actual, runs)| Distinct::Exact { actual, runs })
                .collect(),
            None => self
                .distribution
                .buckets(RANGES)
                .into_iter()
                .map(|bucket| Distinct::Binned {
                    from: bucket.from,
                    to: bucket.to,
                    runs: bucket.count,
                })
                .collect(),
        }
    }
}

/// The nanoseconds of runs.
#[derive(Debug)]
pub(in crate::report) struct Times {
    moments: Moments,
    /// For the median: to three significant digits, in a few kilobytes.
    histogram: Histogram<u64>,
}

impl Times {
    pub(in crate::report) fn new() -> Self {
        Self {
            moments: Moments::default(),
            #[expect(clippy::expect_used, reason = "it fails only beyond 5 digits")]
            histogram: Histogram::new(3).expect("3 digits are allowed"),
        }
    }

    /// So many runs that took so long each.
    pub(in crate::report) fn add(&mut self, elapsed_ns: u64, runs: u64) {
        self.moments.add_repeated(elapsed_ns, runs);
        // It resizes itself, so any number of nanoseconds has its place.
        let _ = self.histogram.record_n(elapsed_ns, runs);
    }

    pub(in crate::report) fn mean(&self) -> Option<f64> {
        self.moments.mean()
    }

    pub(in crate::report) fn spread(&self) -> Spread {
        let median = || self.histogram.value_at_quantile(0.5) as f64;
        spread(&self.moments, (self.moments.count() > 0).then(median))
    }
}

/// A part of a whole, where there is a whole.
pub(in crate::report) fn share_of(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn spread(moments: &Moments, median: Option<f64>) -> Spread {
    Spread {
        min: moments.min(),
        median,
        mean: moments.mean(),
        max: moments.max(),
        stddev: moments.stddev(),
    }
}
