//! The source of time of a context: a trait, so that time can be simulated.

use std::collections::BTreeMap;
use std::io;
use std::ops::Add;
use std::time::Duration;

/// A point in time on one clock, as the time since the clock's start.
///
/// Moments of different clocks cannot be compared.
///
/// ```
/// use std::time::Duration;
/// use miscount::sync::Moment;
///
/// let noon = Moment::after_start(Duration::from_secs(12));
/// assert_eq!(noon + Duration::from_secs(1), Moment::after_start(Duration::from_secs(13)));
/// assert_eq!(noon + Duration::MAX, Moment::MAX); // the end of time, not an overflow
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Duration);

impl Moment {
    /// The start of the clock.
    pub const START: Self = Self(Duration::ZERO);

    /// The end of time, at which additions saturate.
    pub const MAX: Self = Self(Duration::MAX);

    /// Returns the moment at `elapsed` after the clock's start.
    pub const fn after_start(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// Returns the time since the clock's start.
    pub const fn since_start(self) -> Duration {
        self.0
    }

    /// Returns the time since `earlier`; zero if this moment is not later.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    /// Returns the moment `duration` later, at most [`Moment::MAX`].
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

/// What an alarm does when it rings.
pub type Action = Box<dyn FnOnce() + Send>;

/// A source of time that can also ring alarms.
///
/// Contexts need nothing else: they never poll the time to find out whether they have ended; an alarm
/// ends them.
pub trait Clock: Send + Sync {
    /// Returns the current time, which never goes back.
    fn now(&self) -> Moment;

    /// Sets an alarm that runs `action` once, at `at` or as soon after it as possible.
    ///
    /// Alarms ring in order of time, alarms of the same time in the order in which they were set. The
    /// action runs on a thread that the clock chooses and that holds no lock of the clock, so it may
    /// set and clear alarms. It should be short, since later alarms wait for it.
    ///
    /// # Errors
    ///
    /// If the machine refuses the thread that would ring the alarm. The action will then never run.
    fn set_alarm(&self, at: Moment, action: Action) -> io::Result<AlarmId>;

    /// Clears an alarm. Has no effect if the alarm has rung, or is about to ring.
    fn clear_alarm(&self, alarm: AlarmId);
}

/// Identifies an alarm for [`Clock::clear_alarm`].
//
// invariants: the order of ids is the order of ringing; `order` is unique within one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlarmId {
    at: Moment,
    order: u64,
}

/// The alarms of one clock that have not rung yet.
#[derive(Default)]
pub(super) struct Alarms {
    waiting: BTreeMap<AlarmId, Action>,
    next_order: u64,
}

impl Alarms {
    pub(super) fn insert(&mut self, at: Moment, action: Action) -> AlarmId {
        let order = self.next_order;
        let alarm = AlarmId { at, order };
        self.next_order += 1;
        self.waiting.insert(alarm, action);
        alarm
    }

    /// Removes an alarm and returns its action. The caller drops it only after it has released the lock
    /// around the alarms, since the action may own anything, and dropping that may do anything.
    pub(super) fn remove(&mut self, alarm: AlarmId) -> Option<Action> {
        self.waiting.remove(&alarm)
    }

    /// Returns the time of the next alarm.
    pub(super) fn next(&self) -> Option<Moment> {
        self.waiting.first_key_value().map(|(alarm, _)| alarm.at)
    }

    /// Removes the next alarm and returns it, if it is due at `now`.
    pub(super) fn pop_due(&mut self, now: Moment) -> Option<(Moment, Action)> {
        let first = self.waiting.first_entry()?;
        let at = first.key().at;
        (at <= now).then(|| (at, first.remove()))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::after_start(Duration::from_secs(seconds))
    }

    #[test]
    fn time_ends_rather_than_overflows() {
        assert_eq!(Moment::MAX + Duration::from_nanos(1), Moment::MAX);
        assert_eq!(at(3).saturating_since(at(1)), Duration::from_secs(2));
        assert_eq!(at(1).saturating_since(at(3)), Duration::ZERO);
    }
}
