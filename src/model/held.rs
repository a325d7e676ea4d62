//! The locks that one thread holds.

use super::language::element::LockId;
use super::language::instruction::Mode;
use super::language::operation::Fault;

/// For each lock, that it is held exclusively, or how often it is held for reading. Permits of semaphores are
/// not held: any thread may give one back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Held(Box<[u8]>);

const EXCLUSIVELY: u8 = u8::MAX;

impl Held {
    /// Returns that none of these locks is held.
    pub fn nothing(locks: usize) -> Self {
        Self(vec![0; locks].into())
    }

    /// Forgets all locks.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Notes a lock that was taken.
    pub fn add(&mut self, lock: LockId, mode: Mode) {
        let held = &mut self.0[lock.index()];
        match mode {
            Mode::Exclusive => *held = EXCLUSIVELY,
            // A program would have to take it 254 times without releasing it.
            Mode::Shared => *held = (*held + 1).min(EXCLUSIVELY - 1),
            Mode::Permit => {}
        }
    }

    /// Notes a lock that is about to be released.
    ///
    /// # Errors
    /// [`Fault::NotHeld`] if it is not held in this mode.
    pub fn remove(&mut self, lock: LockId, mode: Mode) -> Result<(), Fault> {
        match (mode, self.mode(lock)) {
            (Mode::Permit, _) => {}
            (Mode::Exclusive, Some(Mode::Exclusive)) => self.0[lock.index()] = 0,
            (Mode::Shared, Some(Mode::Shared)) => self.0[lock.index()] -= 1,
            _ => return Err(Fault::NotHeld),
        }
        Ok(())
    }

    /// Returns the mode in which a lock is held, if it is.
    pub fn mode(&self, lock: LockId) -> Option<Mode> {
        match self.0[lock.index()] {
            0 => None,
            EXCLUSIVELY => Some(Mode::Exclusive),
            _ => Some(Mode::Shared),
        }
    }

    /// Returns whether none is held.
    pub fn is_nothing(&self) -> bool {
        self.0.iter().all(|&held| held == 0)
    }

    /// Returns the locks that are held exclusively, as bits.
    pub fn exclusive(&self) -> u64 {
        let bit = |(lock, &held): (usize, &u8)| u64::from(held == EXCLUSIVELY) << (lock % 64);
        self.0
            .iter()
            .enumerate()
            .map(bit)
            .fold(0, |mask, bit| mask | bit)
    }
}
