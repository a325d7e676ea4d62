//! The size of a run: N threads with M increments each.

/// N threads with M increments each.
///
/// invariants: `threads >= 1`; `threads * increments` fits in 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    threads: usize,
    increments: u64,
}

impl Shape {
    /// Returns the shape; `None` if it has no thread, or if N x M does not fit in 64 bits.
    pub fn new(threads: usize, increments: u64) -> Option<Self> {
        let product = u64::try_from(threads).ok()?.checked_mul(increments);
        (threads >= 1 && product.is_some()).then_some(Self {
            threads,
            increments,
        })
    }

    /// Returns N, the number of threads that count.
    pub fn threads(self) -> usize {
        self.threads
    }

    /// Returns M, the number of increments each thread makes.
    pub fn increments(self) -> u64 {
        self.increments
    }

    /// Returns N x M, the total that a correct strategy ends with.
    pub fn expected(self) -> u64 {
        self.threads as u64 * self.increments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_fits_in_64_bits_or_is_none() {
        assert_eq!(Shape::new(0, 5), None);
        assert_eq!(Shape::new(2, u64::MAX / 2 + 1), None);
        assert_eq!(
            Shape::new(2, u64::MAX / 2).unwrap().expected(),
            u64::MAX - 1
        );
        assert_eq!(Shape::new(7, 0).unwrap().expected(), 0);
    }
}
