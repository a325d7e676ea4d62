//! How much is to be counted: N threads, M increments each.

/// N threads of M increments each.
///
/// invariants: `threads >= 1`; `threads * increments` fits in 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    threads: usize,
    increments: u64,
}

impl Shape {
    /// The shape, or `None` where it has no thread or its product does not fit in 64 bits.
    pub fn new(threads: usize, increments: u64) -> Option<Self> {
        let product = u64::try_from(threads).ok()?.checked_mul(increments);
        (threads >= 1 && product.is_some()).then_some(Self {
            threads,
            increments,
        })
    }

    /// N, the number of threads that count.
    pub fn threads(self) -> usize {
        self.threads
    }

    /// M, the number of increments each thread makes.
    pub fn increments(self) -> u64 {
        self.increments
    }

    /// N x M: the total that a correct strategy ends with.
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
