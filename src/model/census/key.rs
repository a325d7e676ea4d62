//! Packed states: the indices of the local parts and of the common part, side by side in the fewest
//! machine words that hold them.

/// A packed state.
pub(crate) type Key<const W: usize> = [u64; W];

/// The widest key, in words.
pub(crate) const WIDEST: usize = 16;

/// The fewest bits worth trying for a local part.
const NARROWEST: usize = 8;

/// The most threads that the widest key has room for. Their actions fit in a byte.
pub(crate) const MOST_THREADS: usize = 64 * WIDEST / NARROWEST - 1;

/// The position of each part in a key, for `S` slots known to the compiler, which then unrolls the
/// loops over them; or, if `S` is 0, for any number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<const S: usize> {
    slots: usize,
    words: usize,
    actions: usize,
}

impl<const S: usize> Layout<S> {
    /// Divides `words` machine words among the threads and the common part.
    pub(crate) fn new(slots: usize, words: usize) -> Self {
        debug_assert!(S == 0 || S == slots);
        Self {
            slots,
            words,
            actions: slots,
        }
    }

    /// Returns the same positions for this number of actions in a state, which are as many as the slots
    /// where `S` is known.
    pub(crate) fn with_actions(self, actions: usize) -> Self {
        debug_assert!(S == 0 || S == actions);
        Self { actions, ..self }
    }

    /// Returns the number of actions in a state: see [`Collapse::actions`](super::collapse::Collapse).
    #[inline]
    pub(crate) fn actions(&self) -> usize {
        if S == 0 { self.actions } else { S }
    }

    #[inline]
    pub(crate) fn slots(&self) -> usize {
        if S == 0 { self.slots } else { S }
    }

    #[inline]
    fn local_bits(&self, words: usize) -> usize {
        (64 * words / (self.slots() + 1)).min(32)
    }

    #[inline]
    fn common_bits(&self, words: usize) -> usize {
        (64 * words - self.slots() * self.local_bits(words)).min(32)
    }

    /// Returns whether there is room for these numbers of different local and common parts.
    pub(crate) fn fits(&self, (locals, commons): (usize, usize)) -> bool {
        let room = |bits: usize| 1_u64 << bits;
        let (local_bits, common_bits) = (self.local_bits(self.words), self.common_bits(self.words));
        local_bits >= NARROWEST
            && locals as u64 <= room(local_bits)
            && commons as u64 <= room(common_bits)
    }

    pub(crate) fn pack<const W: usize>(&self, locals: &[u32], common: u32) -> Key<W> {
        let mut key = [0; W];
        for (slot, &local) in locals.iter().enumerate() {
            flip(&mut key, slot * self.local_bits(W), local);
        }
        flip(&mut key, self.slots() * self.local_bits(W), common);
        key
    }

    /// Returns the local part in a slot.
    #[inline]
    pub(crate) fn local<const W: usize>(&self, key: &Key<W>, slot: usize) -> u32 {
        read(key, slot * self.local_bits(W), self.local_bits(W))
    }

    #[inline]
    pub(crate) fn common<const W: usize>(&self, key: &Key<W>) -> u32 {
        read(key, self.slots() * self.local_bits(W), self.common_bits(W))
    }

    /// Returns the key after a step that takes the thread in `slot` to `landing`, with this local
    /// part, and the common part from `before` to `after`.
    #[inline]
    pub(crate) fn step<const W: usize>(
        &self,
        key: &Key<W>,
        (slot, landing, local): (usize, usize, u32),
        (before, after): (u32, u32),
    ) -> Key<W> {
        let mut moved = *key;
        let bits = self.local_bits(W);
        if let ([word], [only]) = (&mut moved[..], &key[..]) {
            // Takes the part out, closing the gap, and makes a gap where it lands.
            let below = |word: u64, slot: usize| word & ((1 << (slot * bits)) - 1);
            let from = |word: u64, slot: usize| word >> (slot * bits);
            let others = below(*only, slot) | from(*only, slot + 1) << (slot * bits);
            let gap = below(others, landing) | from(others, landing) << ((landing + 1) * bits);
            *word = gap | u64::from(local) << (landing * bits);
        } else {
            let mut replace = |at: usize, by| {
                flip(&mut moved, at * bits, self.local(key, at) ^ by);
            };
            for at in slot..landing {
                replace(at, self.local(key, at + 1));
            }
            for at in landing + 1..=slot {
                replace(at, self.local(key, at - 1));
            }
            replace(landing, local);
        }
        flip(&mut moved, self.slots() * bits, before ^ after);
        moved
    }

    /// Writes the local parts to `locals` and returns the common part.
    pub(crate) fn unpack<const W: usize>(&self, key: &Key<W>, locals: &mut [u32]) -> u32 {
        for (slot, local) in locals.iter_mut().enumerate() {
            *local = self.local(key, slot);
        }
        self.common(key)
    }
}

/// Flips bits of a key: those of `bits`, from the bit `at` on.
#[inline]
fn flip<const W: usize>(key: &mut Key<W>, at: usize, bits: u32) {
    let bits = u64::from(bits);
    let (word, shift) = (at / 64, at % 64);
    key[word] ^= bits << shift;
    // The bits beyond the end of the word; shifting twice avoids a shift by 64.
    if W > 1 && word + 1 < W {
        key[word + 1] ^= bits >> 1 >> (63 - shift);
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "masked to 32 bits at most")]
fn read<const W: usize>(key: &Key<W>, at: usize, bits: usize) -> u32 {
    let (word, shift) = (at / 64, at % 64);
    let mut value = key[word] >> shift;
    if W > 1 && word + 1 < W {
        value |= key[word + 1] << 1 << (63 - shift);
    }
    (value & ((1 << bits) - 1)) as u32
}

/// Returns a hash with its best bits at the top: multiply and fold, after Fibonacci hashing (Knuth,
/// *The Art of Computer Programming*, volume 3, section 6.4).
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the halves are folded")]
pub(crate) fn hash<const W: usize>(key: &Key<W>) -> u64 {
    let mut hash = 0_u64;
    for &word in key {
        let product = u128::from(hash ^ word) * u128::from(0x9E37_79B9_7F4A_7C15_u64);
        hash = (product as u64) ^ ((product >> 64) as u64).rotate_left(32);
    }
    hash.wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<const W: usize>(slots: usize) {
        let layout = Layout::<0>::new(slots, W);
        let top = |bits: usize| u32::try_from((1_u64 << bits) - 1).unwrap();
        for salt in 0..50_u32 {
            let mix = |slot: u32| (slot + 1).wrapping_mul(salt.wrapping_mul(0x9E37_79B9) | 1);
            let locals: Vec<u32> = (0..u32::try_from(slots).unwrap())
                .map(|slot| mix(slot) & top(layout.local_bits(W)))
                .collect();
            let common = mix(99) & top(layout.common_bits(W));
            let key: Key<W> = layout.pack(&locals, common);
            let mut back = vec![0; slots];
            assert_eq!(layout.unpack(&key, &mut back), common);
            assert_eq!(back, locals);
            let (slot, landing) = (salt as usize % slots, salt as usize * 7 % slots);
            let stepped = layout.step(&key, (slot, landing, 5), (common, 6));
            back.remove(slot);
            back.insert(landing, 5);
            assert_eq!(stepped, layout.pack(&back, 6));
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        for slots in 1..=7 {
            round_trip::<1>(slots);
        }
        for slots in 1..=15 {
            round_trip::<2>(slots);
            round_trip::<4>(slots);
        }
        round_trip::<16>(MOST_THREADS);
    }

    #[test]
    fn a_layout_says_when_it_is_full() {
        let layout = Layout::<3>::new(3, 1);
        assert!(layout.fits((1 << 16, 1 << 16)));
        assert!(!layout.fits(((1 << 16) + 1, 1)));
        assert!(!layout.fits((1, (1 << 16) + 1)));
        assert!(!Layout::<0>::new(9, 1).fits((1, 1)));
        assert!(Layout::<0>::new(MOST_THREADS, WIDEST).fits((1, 1)));
        assert!(!Layout::<0>::new(MOST_THREADS + 1, WIDEST).fits((1, 1)));
    }
}
