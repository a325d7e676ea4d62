//! How often each value has occurred.

use std::collections::BTreeMap;

/// The most different values that are counted one by one.
const MOST_EXACT: usize = 1000;

/// Values of up to this many bits have a bin each; larger neighbouring values share one.
const BIN_BITS: u32 = 16;

/// How often each value has occurred, in an amount of memory that does not grow.
///
/// It is exact for all values if none can reach 2^16, and for any values while at most a thousand
/// different ones have occurred. Beyond that it tells values apart to within 2^-16 of the largest
/// possible one.
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Bins are `1 << shift` wide.
    shift: u32,
    bins: Vec<u64>,
    /// Kept only while the bins alone would not be exact and these values are few enough.
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
    /// The number of values that have fallen into the bucket.
    pub count: u64,
}

impl Distribution {
    /// Makes an empty distribution of values that are at most `most`.
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

    /// Returns every value that has occurred with its count, in order; `None` if neighbours share
    /// bins, or if there are more than a thousand.
    pub fn exact(&self) -> Option<Vec<(u64, u64)>> {
        let occurred = self.occurred().map(|bucket| (bucket.from, bucket.count));
        let occurred: Vec<_> = occurred.take(MOST_EXACT + 1).collect();
        (self.unit() == 1 && occurred.len() <= MOST_EXACT).then_some(occurred)
    }

    /// Returns at most `most` buckets of equal width that cover all values that have occurred.
    ///
    /// `most` must not be 0.
    pub fn buckets(&self, most: u64) -> Vec<Bucket> {
        let all: Vec<Bucket> = self.occurred().collect();
        let (Some(first), Some(last)) = (all.first(), all.last()) else {
            return Vec::new();
        };
        // A whole number of bins, so that no bin falls between two buckets.
        let width = ((last.from - first.from) / most + 1).div_ceil(self.unit()) * self.unit();
        let low = first.from;
        let mut buckets: Vec<Bucket> = (0..=(last.from - low) / width)
            .map(|place| Bucket {
                from: low + place * width,
                // The last bucket does not promise values that cannot occur.
                to: (low + place * width).saturating_add(width - 1).min(last.to),
                count: 0,
            })
            .collect();
        for bucket in &all {
            let place = usize::try_from((bucket.from - low) / width).unwrap_or(usize::MAX);
            buckets[place].count += bucket.count;
        }
        buckets
    }

    /// Returns the median: the middle value, or the mean of the two in the middle; `None` when
    /// empty.
    pub fn median(&self) -> Option<f64> {
        let low = self.nth((self.count.checked_sub(1)?) / 2)?;
        let high = self.nth(self.count / 2)?;
        Some(f64::midpoint(low as f64, high as f64))
    }

    /// Returns the value that comes after `before` others in order.
    fn nth(&self, before: u64) -> Option<u64> {
        let mut seen = 0;
        let mut reached = self.occurred().skip_while(|bucket| {
            seen += bucket.count;
            seen <= before
        });
        reached
            .next()
            .map(|bucket| u64::midpoint(bucket.from, bucket.to))
    }

    /// Returns the width of the buckets that have [`occurred`](Self::occurred).
    fn unit(&self) -> u64 {
        if self.exact.is_some() {
            1
        } else {
            1 << self.shift
        }
    }

    /// Returns the values that have occurred, in order, each by itself or with those of its bin.
    fn occurred(&self) -> impl Iterator<Item = Bucket> {
        let bins = if self.exact.is_some() {
            &[][..]
        } else {
            &self.bins
        };
        let binned = (0_u64..)
            .zip(bins)
            .map(|(place, count)| (place << self.shift, count));
        let alone = self
            .exact
            .iter()
            .flatten()
            .map(|(&value, count)| (value, count));
        let occurred = alone.chain(binned).filter(|&(_, &count)| count > 0);
        occurred.map(|(from, &count)| Bucket {
            from,
            to: from + (self.unit() - 1),
            count,
        })
    }
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
        assert_eq!(totals.count, 5);
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
            [buckets[0], buckets[4]].map(|bucket| (bucket.from, bucket.to, bucket.count)),
            [(10, 13, 3), (26, 29, 1)]
        );
    }
}
