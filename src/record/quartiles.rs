//! Quartiles, as comparisons and requests have them in their records.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The least value, the quartiles and the greatest value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quartiles {
    /// The least value.
    pub min: f64,
    /// A quarter of the values are at most this.
    pub lower_quartile: f64,
    /// The middle value, or the mean of the two in the middle.
    pub median: f64,
    /// A quarter of the values are at least this.
    pub upper_quartile: f64,
    /// The greatest value.
    pub max: f64,
}

impl Quartiles {
    /// Returns the quartiles of the values; `None` without values.
    ///
    /// A quartile that falls between two values is interpolated linearly (type 7 of Hyndman and
    /// Fan, 1996).
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_unstable_by(f64::total_cmp);
        let (&min, &max) = (values.first()?, values.last()?);
        let quarter = |quarters: usize| {
            let steps = (values.len() - 1) * quarters;
            let (place, rest) = (steps / 4, (steps % 4) as f64 / 4.0);
            let next = values[(place + 1).min(values.len() - 1)];
            values[place] + (next - values[place]) * rest
        };
        Some(Self {
            min,
            lower_quartile: quarter(1),
            median: quarter(2),
            upper_quartile: quarter(3),
            max,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Option<[f64; 5]> {
        Quartiles::of(values.iter().copied())
            .map(|q| [q.min, q.lower_quartile, q.median, q.upper_quartile, q.max])
    }

    #[test]
    fn quartiles_lie_at_values_or_between_them() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7.0]), Some([7.0; 5]));
        assert_eq!(of(&[3.0, 1.0]), Some([1.0, 1.5, 2.0, 2.5, 3.0]));
        assert_eq!(
            of(&[5.0, 1.0, 3.0, 2.0, 4.0]),
            Some([1.0, 2.0, 3.0, 4.0, 5.0])
        );
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0]), Some([1.0, 1.75, 2.5, 3.25, 4.0]));
    }
}
