//! Numbers as digits with bits to spare, so that they can be added some times before any digit is carried, and many
//! digits at once.

use num_bigint::BigUint;

/// The bits of a digit; the others of its word are to spare.
pub(crate) const DIGIT: u32 = 48;

/// Returns how many times in a row a number can become a sum of at most `terms` such numbers, before digits must be
/// carried: at least once, if there are at most 255.
pub(crate) fn rhythm(terms: u64) -> u64 {
    let spare = (1_u64 << (u64::BITS - DIGIT)) - 1;
    spare.ilog(terms).into()
}

/// Returns a number whose digits have been carried, given its digits, the lowest first.
pub(crate) fn value(digits: &[u64]) -> BigUint {
    let digits = digits.iter().rev();
    digits.fold(BigUint::ZERO, |sum, &digit| (sum << DIGIT) + digit)
}

/// Adds digits, this many times, without carrying.
pub(crate) fn add(sums: &mut [u64], digits: &[u64], times: u8) {
    let pairs = sums.iter_mut().zip(digits);
    if times == 1 {
        // By far the most frequent, and several at once.
        pairs.for_each(|(sum, &digit)| *sum += digit);
    } else {
        pairs.for_each(|(sum, &digit)| *sum += digit * u64::from(times));
    }
}

/// Carries what digits have too much to the next digit of their count.
pub(crate) fn carry(counts: &mut [u64], width: usize) {
    for count in counts.chunks_exact_mut(width) {
        let mut carry = 0;
        for digit in count {
            let sum = *digit + carry;
            *digit = sum & ((1 << DIGIT) - 1);
            carry = sum >> DIGIT;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_before_digits_are_carried() {
        for terms in [2, 5, 7, 15, 201] {
            let all_ones = [(1 << DIGIT) - 1, (1 << DIGIT) - 1, 0];
            let (mut digits, mut exact) = (all_ones, value(&all_ones));
            for _ in 0..rhythm(terms) {
                let before = digits;
                digits = [0; 3];
                add(&mut digits, &before, 1);
                add(&mut digits, &before, u8::try_from(terms - 1).unwrap());
                exact *= terms;
            }
            carry(&mut digits, 3);
            assert!(digits.iter().all(|&digit| digit < 1 << DIGIT));
            assert_eq!(value(&digits), exact, "{terms}");
        }
    }
}
