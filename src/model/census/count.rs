//! Exact counts, in the fewest machine words that certainly hold them.

use num_bigint::BigUint;

use crate::model::limits::Gauge;

/// One count for each state of a layer.
///
/// The width is chosen for the whole layer from an upper bound known in advance, so no addition has
/// to check for overflow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// The number of words of each count.
    width: usize,
    /// All counts, each with its least significant word first.
    words: Vec<u64>,
}

/// Returns how many digits of `digit` bits hold the number of schedules of `steps` steps, each one of `choices`.
pub(crate) fn digits_for(steps: u64, choices: usize, digit: u32) -> usize {
    // An upper bound for the bits of choices^steps: the rounding of `log2` and of the product is far
    // below the two bits added.
    let bits = steps as f64 * (choices as f64).log2() * (1.0 + 1e-9) + 2.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and as small as the number of steps allows"
    )]
    let digits = (bits / f64::from(digit)).ceil() as usize;
    digits.max(1)
}

impl Counts {
    /// Becomes `len` zeros of `width` words each, if there is memory for it.
    pub(crate) fn reset(&mut self, width: usize, len: usize, gauge: &Gauge<'_>) -> bool {
        self.width = width;
        let has_room = gauge.renew(&mut self.words, width * len);
        self.words.resize(if has_room { width * len } else { 0 }, 0);
        has_room
    }

    /// Returns a single count of 1.
    pub(crate) fn one() -> Self {
        let words = vec![1];
        Self { width: 1, words }
    }

    pub(crate) fn bytes(&self) -> usize {
        8 * self.words.capacity()
    }

    pub(crate) fn get(&self, index: usize) -> BigUint {
        let words = &self.words[index * self.width..(index + 1) * self.width];
        let digits = words.iter().rev();
        digits.fold(BigUint::ZERO, |sum, &word| (sum << 64_u32) + word)
    }

    /// For each `(target, source, times)`, adds `times` the source's count to the target's.
    ///
    /// The counts of `self` are at least as wide as those of `from`.
    pub(crate) fn gather(&mut self, from: &Self, links: impl Iterator<Item = (usize, usize, u8)>) {
        match (self.width, from.width) {
            (1, 1) => self.gather_fixed::<1>(from, links),
            (2, 2) => self.gather_fixed::<2>(from, links),
            (3, 3) => self.gather_fixed::<3>(from, links),
            (4, 4) => self.gather_fixed::<4>(from, links),
            (width, narrow) => {
                for (target, source, times) in links {
                    let sum = &mut self.words[target * width..(target + 1) * width];
                    let (low, high) = sum.split_at_mut(narrow);
                    let number = &from.words[source * narrow..(source + 1) * narrow];
                    let mut carry = add(low.iter_mut().zip(number), times);
                    for word in high {
                        let overflows;
                        (*word, overflows) = word.overflowing_add(carry);
                        carry = u64::from(overflows);
                    }
                }
            }
        }
    }

    /// Gathers counts of the same width, known in advance: the additions need no loop.
    fn gather_fixed<const N: usize>(
        &mut self,
        from: &Self,
        links: impl Iterator<Item = (usize, usize, u8)>,
    ) {
        let (sums, _) = self.words.as_chunks_mut::<N>();
        let (numbers, _) = from.words.as_chunks::<N>();
        for (target, source, times) in links {
            add(sums[target].iter_mut().zip(&numbers[source]), times);
        }
    }
}

/// Adds `times` a number to a sum, both with the least significant word first. Returns the carry.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the halves are 64 bits each"
)]
fn add<'a>(words: impl Iterator<Item = (&'a mut u64, &'a u64)>, times: u8) -> u64 {
    let mut carry = 0_u64;
    if times == 1 {
        // By far the most frequent, and cheaper.
        for (sum, &number) in words {
            let exact = u128::from(*sum) + u128::from(number) + u128::from(carry);
            (*sum, carry) = (exact as u64, (exact >> 64) as u64);
        }
        return carry;
    }
    for (sum, &number) in words {
        let exact = u128::from(number) * u128::from(times) + u128::from(*sum) + u128::from(carry);
        (*sum, carry) = (exact as u64, (exact >> 64) as u64);
    }
    carry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::limits::Limits;

    #[test]
    fn widths_hold_the_largest_count() {
        assert_eq!(digits_for(0, 2, 64), 1);
        assert_eq!(digits_for(61, 2, 64), 1);
        assert_eq!(digits_for(62, 2, 64), 2);
        assert_eq!(digits_for(125, 2, 64), 2);
        assert_eq!(digits_for(126, 2, 64), 3);
        assert_eq!(digits_for(1_000, 1, 64), 1);
    }

    #[test]
    fn every_width_counts_alike() {
        // Powers of 200, by repeated multiplication, in all widths that hold them.
        for steps in 0..60_u64 {
            let exact = BigUint::from(200_u32).pow(u32::try_from(steps).unwrap());
            let mut counts = Counts::one();
            for step in 1..=steps {
                let mut next = Counts::default();
                assert!(next.reset(digits_for(step, 200, 64), 2, &Gauge::new(Limits::default())));
                next.gather(&counts, std::iter::once((1, usize::from(step > 1), 200)));
                counts = next;
            }
            assert_eq!(counts.get(usize::from(steps > 0)), exact, "{steps}");
        }
    }
}
