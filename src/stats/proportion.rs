//! What the share of hits in some trials says about their probability.

/// Returns the ends of the 95% score interval for a proportion of `hits` in `trials` (Wilson, 1927); `None`
/// without trials.
pub fn wilson(hits: u64, trials: u64) -> Option<[f64; 2]> {
    /// The 97.5% quantile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    if trials == 0 {
        return None;
    }
    let n = trials as f64;
    let share = hits as f64 / n;
    let scale = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some([
        // At the ends the formula yields exactly 0 and 1, but for rounding errors.
        if hits == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        },
        if hits == trials {
            1.0
        } else {
            (centre + half).min(1.0)
        },
    ])
}

/// Returns the largest proportion that yields no hit in `trials` trials with a probability of 5%, by
/// the rule of three; `None` without trials.
pub fn rule_of_three(trials: u64) -> Option<f64> {
    (trials > 0).then(|| (3.0 / trials as f64).min(1.0))
}

/// Returns the least number of trials in which a proportion of at least `share` yields a hit with a
/// probability of 95%, by the rule of three.
///
/// `share` must be more than 0.
pub fn runs_to_show(share: f64) -> u64 {
    whole((3.0 / share - 1e-9).ceil()).max(1)
}

/// Returns a number without its fraction; 0 for one below 0, and the greatest there is for one beyond it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a conversion from a float saturates"
)]
pub fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_published_values() {
        // 10 of 10 and 0 of 10, and 15 of 148 (Newcombe, 1998: 0.0624 to 0.1605).
        let close = |interval: [f64; 2], low: f64, high: f64| {
            assert!((interval[0] - low).abs() < 5e-4, "{interval:?}");
            assert!((interval[1] - high).abs() < 5e-4, "{interval:?}");
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
        for (share, trials) in [(0.03, 100), (0.001, 3000), (0.000_1, 30_000), (0.9, 4)] {
            assert_eq!(runs_to_show(share), trials);
            assert!(rule_of_three(trials).unwrap() <= share + 1e-12);
        }
    }
}
