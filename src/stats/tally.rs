//! How often each value has occurred, where no limit of the values is known.

use std::collections::BTreeMap;

use super::distribution::Bucket;

/// The most different values, or ranges of values, that are told apart.
const MOST: usize = 1000;

/// How often each value has occurred, in an amount of memory that does not grow.
///
/// It is exact while at most a thousand different values have occurred. Beyond that it counts them in
/// at most a thousand ranges, whose width doubles whenever there are too many. For values with a known
/// limit, [`Distribution`](super::Distribution) is more precise.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Ranges are `1 << shift` wide.
    shift: u32,
    /// The number of values in each range, by its place.
    ranges: BTreeMap<u64, u64>,
    count: u64,
}

impl Tally {
    /// Counts a value.
    pub fn add(&mut self, value: u64) {
        self.count += 1;
        *self.ranges.entry(value >> self.shift).or_default() += 1;
        while self.ranges.len() > MOST {
            self.shift += 1;
            let mut wider = BTreeMap::new();
            for (place, count) in &self.ranges {
                *wider.entry(place >> 1).or_default() += count;
            }
            self.ranges = wider;
        }
    }

    /// Returns whether each value is counted by itself.
    pub fn is_exact(&self) -> bool {
        self.shift == 0
    }

    /// Returns the values, or ranges of values, that have occurred, in order.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        self.ranges.iter().map(|(&place, &count)| {
            let from = place << self.shift;
            Bucket {
                from,
                to: from + ((1 << self.shift) - 1),
                count,
            }
        })
    }

    /// Returns the median: the middle value, or the mean of the two in the middle; `None` when empty.
    pub fn median(&self) -> Option<f64> {
        let middle = [(self.count.checked_sub(1)?) / 2, self.count / 2];
        let [low, high] = middle.map(|before| {
            let mut seen = 0;
            let found = self.buckets().find(|bucket| {
                seen += bucket.count;
                seen > before
            });
            found.map(|bucket| u64::midpoint(bucket.from, bucket.to))
        });
        Some(f64::midpoint(low? as f64, high? as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_values_are_counted_one_by_one() {
        let mut tally = Tally::default();
        assert_eq!(tally.median(), None);
        for value in [7, u64::MAX, 7, 3] {
            tally.add(value);
        }
        assert!(tally.is_exact());
        let counted: Vec<_> = tally.buckets().map(|b| (b.from, b.to, b.count)).collect();
        assert_eq!(counted, [(3, 3, 1), (7, 7, 2), (u64::MAX, u64::MAX, 1)]);
        assert_eq!(tally.median(), Some(7.0));
    }

    #[test]
    fn more_values_share_ranges_and_none_is_lost() {
        for spread in [1, 1000, 1 << 50] {
            let mut tally = Tally::default();
            for value in 0..10_000_u64 {
                tally.add(value * spread);
            }
            assert!(!tally.is_exact());
            let buckets: Vec<_> = tally.buckets().collect();
            assert!(buckets.len() <= MOST && buckets.len() > MOST / 3);
            assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), 10_000);
            assert!(buckets.windows(2).all(|pair| pair[0].to < pair[1].from));
            let median = tally.median().unwrap() / spread as f64;
            assert!((median - 4999.5).abs() < 20.0, "{median}");
        }
    }
}
