//! Summaries, intervals and distributions: arithmetic on numbers, and nothing else.

use std::collections::BTreeMap;

/// While there are at most so many different values, each is counted by itself.
const MOST_EXACT: usize = 1000;

/// Values up to 2 to the power of this have a bin each; beyond, neighbours share one.
const BIN_BITS: u32 = 16;

/// How often each value has occurred, in an amount of memory that does not grow.
///
/// Exact for all values where none can reach 2^16, and for any values while at most a thousand
/// different ones have occurred. Beyond that it tells values apart to within 2^-16 of the largest
/// possible one.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Bins are `1 << shift` wide.
    shift: u32,
    bins: Vec<u64>,
    /// Kept only while it is needed to be exact, that is, while bins are wider than 1.
    exact: Option<BTreeMap<u64, u64>>,
    count: u64,
}

/// How often values from `from` to `to`, both included, have occurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The least value of the bucket.
    pub from: u64,
    /// The greatest value of the bucket.
    pub to: u64,
    /// How many values have fallen into it.
    pub count: u64,
}

impl Distribution {
    /// An empty distribution of values that are at most `most`.
    pub fn up_to(most: u64) -> Self {
        let shift = (u64::BITS - most.leading_zeros()).saturating_sub(BIN_BITS);
        let last = usize::try_from(most >> shift).unwrap_or(usize::MAX);
        Self {
            shift,
            bins: vec![0; last + 1],
            exact: (shift > 0).then(BTreeMap::new),
            count: 0,
        }
    }

    /// Counts the values, none of which may exceed the limit.
    pub fn add(&mut self, values: &[u64]) {
        self.count += values.len() as u64;
        if let Some(exact) = &mut self.exact {
            for &value in values {
                *exact.entry(value).or_default() += 1;
            }
            if exact.len() > MOST_EXACT {
                self.exact = None;
            }
        }
        for &value in values {
            // In range because `value <= most`.
            self.bins[usize::try_from(value >> self.shift).unwrap_or(usize::MAX)] += 1;
        }
    }

    /// How many values have been counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Every value that has occurred, in order, where they are known apart and at most a thousand.
    pub fn exact(&self) -> Option<Vec<(u64, u64)>> {
        if let Some(exact) = &self.exact {
            return Some(
                exact
                    .iter()
                    .map(|(&value, &count)| (value, count))
                    .collect(),
            );
        }
        if self.shift > 0 {
            return None;
        }
        let occurred: Vec<_> = self
            .occurred()
            .map(|bucket| (bucket.from, bucket.count))
            .collect();
        (occurred.len() <= MOST_EXACT).then_some(occurred)
    }

    /// At most `most` buckets of equal width that cover all values that have occurred.
    pub fn buckets(&self, most: u64) -> Vec<Bucket> {
        let all: Vec<Bucket> = match self.exact() {
            Some(exact) => exact
                .into_iter()
                .map(|(value, count)| Bucket {
                    from: value,
                    to: value,
                    count,
                })
                .collect(),
            None => self.occurred().collect(),
        };
        let (Some(first), Some(last)) = (all.first(), all.last()) else {
            return Vec::new();
        };
        let unit = if first.from == first.to {
            1
        } else {
            1 << self.shift
        };
        let units = (last.from - first.from) / unit + 1;
        let width = units.div_ceil(most) * unit;
        let low = first.from;
        let mut buckets: Vec<Bucket> = (0..=(last.from - low) / width)
            .map(|place| Bucket {
                from: low + place * width,
                to: (low + place * width).saturating_add(width - 1),
                count: 0,
            })
            .collect();
        for bucket in &all {
            let place = usize::try_from((bucket.from - low) / width).unwrap_or(usize::MAX);
            buckets[place].count += bucket.count;
        }
        // A bucket should not promise values that cannot be.
        if let Some(bucket) = buckets.last_mut() {
            bucket.to = bucket.to.min(last.to);
        }
        buckets
    }

    /// The median: the middle value, or the mean of the two in the middle. `None` when empty.
    pub fn median(&self) -> Option<f64> {
        let low = self.nth((self.count.checked_sub(1)?) / 2)?;
        let high = self.nth(self.count / 2)?;
        Some(f64::midpoint(low as f64, high as f64))
    }

    /// The value that has so many values before it in order.
    fn nth(&self, before: u64) -> Option<u64> {
        let mut seen = 0;
        let reached = |count: u64| {
            seen += count;
            seen > before
        };
        self.every(reached)
    }

    fn every(&self, mut reached: impl FnMut(u64) -> bool) -> Option<u64> {
        match &self.exact {
            Some(exact) => exact
                .iter()
                .find(|entry| reached(*entry.1))
                .map(|entry| *entry.0),
            None => self
                .occurred()
                .find(|bucket| reached(bucket.count))
                .map(|bucket| bucket.from + (bucket.to - bucket.from) / 2),
        }
    }

    fn occurred(&self) -> impl Iterator<Item = Bucket> {
        (0u64..)
            .zip(&self.bins)
            .filter(|(_, count)| **count > 0)
            .map(|(place, &count)| {
                let from = place << self.shift;
                Bucket {
                    from,
                    to: from + ((1 << self.shift) - 1),
                    count,
                }
            })
    }
}

/// Count, extremes, mean and spread, gathered chunk by chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    min: u64,
    max: u64,
    mean: f64,
    /// Sum of squared differences from the mean.
    squares: f64,
}

impl Moments {
    /// Takes in a chunk of values: its own moments first, then both joined by the formula of
    /// Chan, Golub and `LeVeque` (1979), which stays accurate where sums of squares do not.
    pub fn add(&mut self, values: &[u64]) {
        let (Some(&min), Some(&max)) = (values.iter().min(), values.iter().max()) else {
            return;
        };
        let count = values.len() as f64;
        // Differences from the least value keep the sum exact for values near 2^64.
        let sum: u128 = values.iter().map(|&value| u128::from(value - min)).sum();
        let mean = min as f64 + sum as f64 / count;
        let squares = values
            .iter()
            .map(|&value| (value as f64 - mean).powi(2))
            .sum();
        self.join(Self {
            count: values.len() as u64,
            min,
            max,
            mean,
            squares,
        });
    }

    /// Takes in the same value `times` times.
    pub fn add_repeated(&mut self, value: u64, times: u64) {
        if times > 0 {
            self.join(Self {
                count: times,
                min: value,
                max: value,
                mean: value as f64,
                squares: 0.0,
            });
        }
    }

    fn join(&mut self, other: Self) {
        if self.count == 0 {
            *self = other;
            return;
        }
        let count = self.count + other.count;
        let (ours, theirs) = (self.count as f64, other.count as f64);
        let gap = other.mean - self.mean;
        self.mean += gap * theirs / count as f64;
        self.squares += other.squares + gap * gap * ours * theirs / count as f64;
        self.count = count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The least value; `None` when there was none.
    pub fn min(&self) -> Option<u64> {
        (self.count > 0).then_some(self.min)
    }

    /// The greatest value; `None` when there was none.
    pub fn max(&self) -> Option<u64> {
        (self.count > 0).then_some(self.max)
    }

    /// The arithmetic mean; `None` when there was no value.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The standard deviation of the sample, over n - 1; `None` for fewer than two values.
    pub fn stddev(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }
}

/// An interval of proportions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end, 0 or more.
    pub low: f64,
    /// Its upper end, 1 or less.
    pub high: f64,
}

/// The 95 % score interval for a proportion of `hits` in `trials` (Wilson, 1927). `None` for no
/// trials.
pub fn wilson(hits: u64, trials: u64) -> Option<Interval> {
    /// The 97.5 % quantile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    if trials == 0 {
        return None;
    }
    let n = trials as f64;
    let share = hits as f64 / n;
    let scale = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Interval {
        // At the ends the formula gives 0 and 1 exactly; rounding must not get in the way.
        low: if hits == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        },
        high: if hits == trials {
            1.0
        } else {
            (centre + half).min(1.0)
        },
    })
}

/// The largest proportion that still yields no hit in so many trials with a chance of 5 %: the rule
/// of three. `None` for no trials.
pub fn rule_of_three(trials: u64) -> Option<f64> {
    (trials > 0).then(|| (3.0 / trials as f64).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_of_small_values_is_exact() {
        let mut totals = Distribution::up_to(15_000);
        totals.add(&[15_000, 2, 2, 9_000]);
        totals.add(&[2]);
        assert_eq!(totals.exact(), Some(vec![(2, 3), (9_000, 1), (15_000, 1)]));
        assert_eq!(totals.median(), Some(2.0));
        assert_eq!(totals.count(), 5);
    }

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        let mut totals = Distribution::up_to(10);
        assert_eq!(totals.median(), None);
        totals.add(&[1, 10, 3, 4]);
        assert_eq!(totals.median(), Some(3.5));
    }

    #[test]
    fn large_values_stay_exact_while_they_are_few() {
        let mut totals = Distribution::up_to(u64::MAX);
        totals.add(&[u64::MAX, u64::MAX - 1, 0]);
        assert_eq!(
            totals.exact(),
            Some(vec![(0, 1), (u64::MAX - 1, 1), (u64::MAX, 1)])
        );
        let buckets = totals.buckets(4);
        assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), 3);
        assert_eq!(buckets.last().unwrap().to, u64::MAX);
    }

    #[test]
    fn more_than_a_thousand_different_large_values_are_binned() {
        let most = 3_000_000;
        let mut totals = Distribution::up_to(most);
        let values: Vec<u64> = (0..2_000).map(|k| k * 1_500).collect();
        totals.add(&values);
        assert_eq!(totals.exact(), None);
        let median = totals.median().unwrap();
        assert!((median - 1_499_250.0).abs() <= 64.0, "{median}");
        let buckets = totals.buckets(20);
        assert!(buckets.len() <= 20);
        assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), 2_000);
        assert!(
            buckets
                .windows(2)
                .all(|pair| pair[0].to + 1 == pair[1].from)
        );
    }

    #[test]
    fn buckets_cover_what_occurred_and_no_more() {
        let mut totals = Distribution::up_to(15_000);
        assert_eq!(totals.buckets(5), []);
        totals.add(&[10, 11, 12, 29]);
        let buckets = totals.buckets(5);
        assert_eq!(
            buckets[0],
            Bucket {
                from: 10,
                to: 13,
                count: 3
            }
        );
        assert_eq!(
            *buckets.last().unwrap(),
            Bucket {
                from: 26,
                to: 29,
                count: 1
            }
        );
    }

    #[test]
    fn moments_do_not_depend_on_how_the_values_are_cut() {
        let values: Vec<u64> = (0..1_000).map(|k| (k * 7_919) % 1_009).collect();
        let mut whole = Moments::default();
        whole.add(&values);
        let mut parts = Moments::default();
        for part in values.chunks(7) {
            parts.add(part);
        }
        let mut single = Moments::default();
        for &value in &values {
            single.add_repeated(value, 1);
        }
        for other in [parts, single] {
            assert_eq!(whole.min(), other.min());
            assert_eq!(whole.max(), other.max());
            assert!((whole.mean().unwrap() - other.mean().unwrap()).abs() < 1e-9);
            assert!((whole.stddev().unwrap() - other.stddev().unwrap()).abs() < 1e-9);
        }
        // A second way: the textbook formula in whole numbers.
        let n = values.len() as f64;
        let sum: u64 = values.iter().sum();
        let squares: u64 = values.iter().map(|v| v * v).sum();
        let variance = (squares as f64 - (sum * sum) as f64 / n) / (n - 1.0);
        assert!((whole.stddev().unwrap() - variance.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn unknown_moments_are_none_not_zero() {
        let mut moments = Moments::default();
        assert_eq!(
            (moments.min(), moments.mean(), moments.stddev()),
            (None, None, None)
        );
        moments.add(&[4]);
        assert_eq!((moments.mean(), moments.stddev()), (Some(4.0), None));
    }

    #[test]
    fn wilson_agrees_with_published_values() {
        // 10 of 10 and 0 of 10, and 15 of 148 (Newcombe, 1998: 0.0624 to 0.1605).
        let close = |interval: Interval, low: f64, high: f64| {
            assert!((interval.low - low).abs() < 5e-4, "{interval:?}");
            assert!((interval.high - high).abs() < 5e-4, "{interval:?}");
        };
        close(wilson(10, 10).unwrap(), 0.7225, 1.0);
        close(wilson(0, 10).unwrap(), 0.0, 0.2775);
        close(wilson(15, 148).unwrap(), 0.0624, 0.1605);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn three_in_the_number_of_trials() {
        assert_eq!(rule_of_three(1000), Some(0.003));
        assert_eq!(rule_of_three(2), Some(1.0));
        assert_eq!(rule_of_three(0), None);
    }
}
