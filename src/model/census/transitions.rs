//! What a step does to a local part and the common part, computed once and remembered.

/// Where a step leads: a local part and a common part; `None` for a thread that is blocked or done.
pub(crate) type Transition = Option<(u32, u32)>;

/// A transition as one word: the local part above the common part, or one of these.
// No part has an index this large: a table of 2^32 values is far beyond any limit of memory.
pub(crate) const STUCK: u64 = u64::MAX;
pub(crate) const UNKNOWN: u64 = u64::MAX - 1;

/// The transitions of a local part at neighbouring common parts, which are often needed together.
const PAGE: u32 = 8;
type Page = [u64; PAGE as usize];

/// The key of a place without a page.
const FREE: u64 = u64::MAX;

/// The number of pages above which all are forgotten.
const MOST_PAGES: usize = 1 << 21;

pub(crate) fn pack((local, common): (u32, u32)) -> u64 {
    u64::from(local) << 32 | u64::from(common)
}

/// Returns where a known transition leads.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the halves are 32 bits each"
)]
pub(crate) fn unpack(packed: u64) -> Transition {
    (packed != STUCK).then_some(((packed >> 32) as u32, packed as u32))
}

/// A hash table of pages, with open addressing and linear probing (Knuth, *The Art of Computer
/// Programming*, volume 3, section 6.4).
// invariants: the number of places is a power of two; at most three quarters have a page.
#[derive(Debug)]
pub(crate) struct Transitions {
    keys: Vec<u64>,
    pages: Vec<Page>,
    used: usize,
}

impl Transitions {
    pub(crate) fn new() -> Self {
        Self::with_places(64)
    }

    fn with_places(places: usize) -> Self {
        Self {
            keys: vec![FREE; places],
            pages: vec![[UNKNOWN; PAGE as usize]; places],
            used: 0,
        }
    }

    /// Returns the place of a page, or the free place where it belongs.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the best bits remain")]
    fn place(&self, key: u64) -> usize {
        let mask = self.keys.len() - 1;
        // Multiplicative hashing; the best bits are at the top.
        let mut place = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        while self.keys[place] != key && self.keys[place] != FREE {
            place = (place + 1) & mask;
        }
        place
    }

    /// Returns the packed transition; [`UNKNOWN`] if it is not remembered.
    #[inline]
    pub(crate) fn get(&self, local: u32, common: u32) -> u64 {
        // The page at a free place knows nothing.
        self.pages[self.place(pack((local, common / PAGE)))][(common % PAGE) as usize]
    }

    pub(crate) fn set(&mut self, local: u32, common: u32, packed: u64) {
        if self.is_full() {
            self.grow();
        }
        let key = pack((local, common / PAGE));
        let place = self.place(key);
        self.used += usize::from(self.keys[place] == FREE);
        self.keys[place] = key;
        self.pages[place][(common % PAGE) as usize] = packed;
    }

    /// Returns whether the table grows when something new is remembered.
    pub(crate) fn is_full(&self) -> bool {
        self.used >= self.keys.len() / 4 * 3
    }

    fn grow(&mut self) {
        let larger = Self::with_places(2 * self.keys.len());
        let old = std::mem::replace(self, larger);
        for (key, page) in old.keys.into_iter().zip(old.pages) {
            if key != FREE {
                let place = self.place(key);
                self.keys[place] = key;
                self.pages[place] = page;
            }
        }
        self.used = old.used;
    }

    /// Forgets everything if it has become too much.
    pub(crate) fn trim(&mut self) {
        if self.used > MOST_PAGES {
            *self = Self::new();
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.keys.len() * (size_of::<u64>() + size_of::<Page>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_is_found_and_nothing_else() {
        let mut known = Transitions::new();
        let parts = |k: u32| (k.wrapping_mul(0x9E37_79B9) >> 20, k % 97);
        for k in 0..5_000 {
            let (local, common) = parts(k);
            let leads = if k % 5 == 0 {
                STUCK
            } else {
                pack((common, local))
            };
            known.set(local, common, leads);
            assert_eq!(known.get(local, common), leads);
            assert_eq!(known.get(local + (1 << 20), common), UNKNOWN);
        }
        assert_eq!(
            unpack(known.get(parts(4_999).0, parts(4_999).1)).is_some(),
            4_999 % 5 != 0
        );
        assert_eq!(unpack(pack((7, 9))), Some((7, 9)));
        assert_eq!(unpack(STUCK), None);
    }
}
