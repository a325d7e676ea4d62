//! Count, extremes, mean and standard deviation.

/// Count, extremes, mean and standard deviation, collected chunk by chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: u64,
    min: u64,
    max: u64,
    mean: f64,
    /// The sum of the squared differences from the mean.
    squares: f64,
}

impl Moments {
    /// Adds a chunk of values: computes its own moments, then joins both by the formula of Chan,
    /// Golub and `LeVeque` (1979), which stays accurate where sums of squares do not.
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

    /// Adds the same value `times` times.
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

    /// Returns the number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the least value; `None` without values.
    pub fn min(&self) -> Option<u64> {
        (self.count > 0).then_some(self.min)
    }

    /// Returns the greatest value; `None` without values.
    pub fn max(&self) -> Option<u64> {
        (self.count > 0).then_some(self.max)
    }

    /// Returns the arithmetic mean; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Returns the standard deviation of the sample, over n - 1; `None` for fewer than two values.
    pub fn stddev(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!((whole.min(), whole.max()), (other.min(), other.max()));
            assert!((whole.mean().unwrap() - other.mean().unwrap()).abs() < 1e-9);
            assert!((whole.stddev().unwrap() - other.stddev().unwrap()).abs() < 1e-9);
        }
        // The textbook formula in whole numbers.
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
}
