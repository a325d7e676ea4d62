//! Quantiles of sorted values.

/// Returns the least value that at least this percentage of all values do not exceed, by the method of the
/// nearest rank; `None` without values. The values must be sorted, and `percent` at most 100.
pub fn quantile(sorted: &[u64], percent: usize) -> Option<u64> {
    // In whole numbers: as a float, 7 % of 100 is a little more than 7.
    let rank = (percent * sorted.len()).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank() {
        let hundred: Vec<u64> = (1..=100).collect();
        for (percent, value) in [(0, 1), (1, 1), (7, 7), (50, 50), (99, 99), (100, 100)] {
            assert_eq!(quantile(&hundred, percent), Some(value), "{percent}");
        }
        assert_eq!(quantile(&[7], 99), Some(7));
        assert_eq!(quantile(&[], 50), None);
    }
}
