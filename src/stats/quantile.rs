//! Quantiles of sorted values.

/// Returns the least value that at least the share `part` of all values do not exceed, by the method
/// of the nearest rank; `None` without values. The values must be sorted.
pub fn quantile(sorted: &[u64], part: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a length is a small number that is not negative"
    )]
    let rank = (part.clamp(0.0, 1.0) * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank() {
        let hundred: Vec<u64> = (1..=100).collect();
        for (part, value) in [
            (0.0, 1),
            (0.01, 1),
            (0.5, 50),
            (0.501, 51),
            (0.99, 99),
            (1.0, 100),
        ] {
            assert_eq!(quantile(&hundred, part), Some(value), "{part}");
        }
        assert_eq!(quantile(&[7], 0.99), Some(7));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
