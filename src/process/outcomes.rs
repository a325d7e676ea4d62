//! The outcomes that have occurred.

use rustc_hash::FxHashMap;

use super::event::{MOST_OUTCOMES, ProcessEnding};

/// What makes two runs alike: how they ended and what they wrote. The output of a run that was ended
/// because it took too long is cut off anywhere, and is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct OutcomeKey {
    ending: ProcessEnding,
    /// The digest of the outcome; `None` if it was searched for and not found.
    digest: Option<[u8; 32]>,
}

impl OutcomeKey {
    pub(super) fn new(ending: ProcessEnding, digest: Option<[u8; 32]>) -> Self {
        Self {
            ending,
            digest: digest.filter(|_| ending != ProcessEnding::TimedOut),
        }
    }
}

/// Numbers outcomes in the order in which they occur.
#[derive(Debug, Default)]
pub(super) struct Outcomes(FxHashMap<OutcomeKey, u64>);

impl Outcomes {
    /// Returns the number of an outcome, and whether it is new; `None` if there is no room for it.
    pub(super) fn number(&mut self, key: OutcomeKey) -> (Option<u64>, bool) {
        let next = self.0.len() as u64 + 1;
        match self.0.get(&key) {
            Some(&known) => (Some(known), false),
            None if self.0.len() == MOST_OUTCOMES => (None, false),
            None => {
                self.0.insert(key, next);
                (Some(next), true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_numbered_until_there_are_too_many() {
        let mut outcomes = Outcomes::default();
        let key = |status| OutcomeKey::new(ProcessEnding::Exited(status), Some([0; 32]));
        for (status, number) in (0..).zip(1..=MOST_OUTCOMES as u64) {
            assert_eq!(outcomes.number(key(status)), (Some(number), true));
        }
        assert_eq!(outcomes.number(key(-1)), (None, false));
        assert_eq!(outcomes.number(key(1)), (Some(2), false));
    }

    #[test]
    fn what_was_written_before_a_timeout_does_not_matter() {
        let key = |ending, byte| OutcomeKey::new(ending, Some([byte; 32]));
        assert_eq!(
            key(ProcessEnding::TimedOut, 1),
            key(ProcessEnding::TimedOut, 2)
        );
        assert_ne!(
            key(ProcessEnding::Exited(0), 1),
            key(ProcessEnding::Exited(0), 2)
        );
        assert_ne!(
            key(ProcessEnding::Exited(9), 1),
            key(ProcessEnding::Signaled(9), 1)
        );
        assert_ne!(
            OutcomeKey::new(ProcessEnding::Exited(0), None),
            key(ProcessEnding::Exited(0), 0)
        );
    }
}
