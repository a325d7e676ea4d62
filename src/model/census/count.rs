//! Exact counts, in the fewest machine words that certainly hold them.

use num_bigint::BigUint;

/// One count for each state of a layer.
///
/// The width is chosen for the whole layer from an upper bound known in advance, so no addition has
/// to check for overflow.
#[derive(Clone, Debug)]
pub(crate) enum Counts {
    /// 64 bits.
    One(Vec<u64>),
    /// 128 bits.
    Two(Vec<u128>),
    /// This number of words each, the least significant first.
    Many(usize, Vec<u64>),
}

/// Returns how many words hold the number of schedules of `steps` steps, each one of `choices`.
pub(crate) fn words_for(steps: u64, choices: usize) -> usize {
    // An upper bound for the bits of choices^steps: the rounding of `log2` and of the product is far
    // below the two bits added.
    let bits = steps as f64 * (choices as f64).log2() * (1.0 + 1e-9) + 2.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and as small as the number of steps allows"
    )]
    let words = (bits / 64.0).ceil() as usize;
    words.max(1)
}

impl Counts {
    /// Returns `len` zeros of `words` words each.
    pub(crate) fn zeros(words: usize, len: usize) -> Self {
        match words {
            0 | 1 => Self::One(vec![0; len]),
            2 => Self::Two(vec![0; len]),
            _ => Self::Many(words, vec![0; words * len]),
        }
    }

    /// Returns a single count of 1.
    pub(crate) fn one() -> Self {
        Self::One(vec![1])
    }

    /// Returns the bytes taken by one count of `words` words.
    pub(crate) fn width(words: usize) -> usize {
        8 * words.max(1)
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::One(counts) => 8 * counts.len(),
            Self::Two(counts) => 16 * counts.len(),
            Self::Many(_, words) => 8 * words.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> BigUint {
        match self {
            Self::One(counts) => counts[index].into(),
            Self::Two(counts) => counts[index].into(),
            Self::Many(words, all) => all[index * words..(index + 1) * words]
                .iter()
                .rev()
                .fold(BigUint::ZERO, |sum, &word| (sum << 64_u32) + word),
        }
    }

    /// For each `(target, source, times)`, adds `times` the source's count to the target's.
    ///
    /// The counts of `self` are at least as wide as those of `from`.
    pub(crate) fn gather(&mut self, from: &Self, links: impl Iterator<Item = (usize, usize, u8)>) {
        match (self, from) {
            (Self::One(to), Self::One(from)) => {
                for (target, source, times) in links {
                    to[target] += from[source] * u64::from(times);
                }
            }
            (Self::Two(to), Self::Two(from)) => {
                for (target, source, times) in links {
                    to[target] += from[source] * u128::from(times);
                }
            }
            (Self::Two(to), Self::One(from)) => {
                for (target, source, times) in links {
                    to[target] += u128::from(from[source]) * u128::from(times);
                }
            }
            (Self::Many(words, to), from) => {
                for (target, source, times) in links {
                    let sum = &mut to[target * *words..(target + 1) * *words];
                    match from {
                        Self::One(from) => add(sum, &[from[source]], times),
                        Self::Two(from) => add(sum, &halves(from[source]), times),
                        Self::Many(width, from) => {
                            add(sum, &from[source * width..(source + 1) * width], times);
                        }
                    }
                }
            }
            // Not needed: widths only grow. Handling it anyway keeps the function total.
            (to, from) => {
                let width = if matches!(to, Self::One(_)) { 8 } else { 16 };
                let mut wide = Self::zeros(3, to.bytes() / width);
                wide.gather(from, links);
                *to = wide;
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the halves are 64 bits each"
)]
fn halves(wide: u128) -> [u64; 2] {
    [wide as u64, (wide >> 64) as u64]
}

/// Computes `sum += times * number`, both with the least significant word first.
fn add(sum: &mut [u64], number: &[u64], times: u8) {
    let mut carry = 0_u128;
    for (index, word) in sum.iter_mut().enumerate() {
        let more = number.get(index).copied().unwrap_or(0);
        if more == 0 && carry == 0 && index >= number.len() {
            break;
        }
        let exact = u128::from(*word) + u128::from(more) * u128::from(times) + carry;
        [*word, _] = halves(exact);
        carry = exact >> 64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_hold_the_largest_count() {
        assert_eq!(words_for(0, 2), 1);
        assert_eq!(words_for(61, 2), 1);
        assert_eq!(words_for(62, 2), 2);
        assert_eq!(words_for(125, 2), 2);
        assert_eq!(words_for(126, 2), 3);
        assert_eq!(words_for(1_000, 1), 1);
    }

    #[test]
    fn every_width_counts_alike() {
        // Powers of 200, by repeated multiplication, in all widths that hold them.
        for steps in 0..60_u64 {
            let exact = BigUint::from(200_u32).pow(u32::try_from(steps).unwrap());
            let mut counts = Counts::one();
            for step in 1..=steps {
                let mut next = Counts::zeros(words_for(step, 200), 2);
                next.gather(&counts, std::iter::once((1, usize::from(step > 1), 200)));
                counts = next;
            }
            assert_eq!(counts.get(usize::from(steps > 0)), exact, "{steps}");
        }
    }
}
