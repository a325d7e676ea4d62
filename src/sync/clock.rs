//! Where a context takes its time from: a trait, so that time can be played as well as passed.

use std::collections::BTreeMap;
use std::io;
use std::ops::Add;
use std::time::Duration;

/// A point in time, as one clock counts it: how long after the clock's start.
///
/// Moments of different clocks have nothing to do with each other.
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
    /// When the clock started.
    pub const START: Self = Self(Duration::ZERO);

    /// The end of time. Whatever would lie beyond it lies here.
    pub const MAX: Self = Self(Duration::MAX);

    /// The moment so long after the clock's start.
    pub const fn after_start(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// How long after the clock's start this is.
    pub const fn since_start(self) -> Duration {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not later.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    /// So much later, but never later than [`Moment::MAX`].
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

/// What an alarm does when it rings.
pub type Action = Box<dyn FnOnce() + Send>;

/// A source of time that can also ring alarms.
///
/// Contexts are built on this and on nothing else: they never look at the time in order to see
/// whether they are over, they are told.
pub trait Clock: Send + Sync {
    /// The time now. It never goes back.
    fn now(&self) -> Moment;

    /// Has `action` run once, at `at` or as soon after it as can be.
    ///
    /// Alarms ring in order of their time, and those of one time in the order in which they were
    /// set. The action runs on a thread of the clock's choosing, which holds no lock of the
    /// clock's: it may set and clear alarms. It should be short, since later alarms wait for it.
    ///
    /// # Errors
    ///
    /// If the clock has nobody to ring the alarm, because the machine refused it a thread. The
    /// action will then never run.
    fn set_alarm(&self, at: Moment, action: Action) -> io::Result<AlarmId>;

    /// Takes an alarm back. If it has rung already, or is just about to, nothing happens.
    fn clear_alarm(&self, alarm: AlarmId);
}

/// An alarm that was set, for [`Clock::clear_alarm`].
//
// invariants: the order of ids is the order of ringing; `order` is unique within one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlarmId {
    at: Moment,
    order: u64,
}

impl AlarmId {
    /// For clocks: the alarm for `at` that was set as number `order`, which no other alarm of this
    /// clock may have.
    pub const fn new(at: Moment, order: u64) -> Self {
        Self { at, order }
    }
}

/// The alarms of one clock that have not rung yet.
#[derive(Default)]
pub(super) struct Alarms {
    waiting: BTreeMap<AlarmId, Action>,
    next_order: u64,
}

impl Alarms {
    pub(super) const fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
            next_order: 0,
        }
    }

    pub(super) fn insert(&mut self, at: Moment, action: Action) -> AlarmId {
        let alarm = AlarmId::new(at, self.next_order);
        self.next_order += 1;
        self.waiting.insert(alarm, action);
        alarm
    }

    /// Gives the action back, for the caller to drop once the lock around this is released: an
    /// action may own anything, and so its end may do anything.
    pub(super) fn remove(&mut self, alarm: AlarmId) -> Option<Action> {
        self.waiting.remove(&alarm)
    }

    /// When the next alarm rings.
    pub(super) fn next(&self) -> Option<Moment> {
        self.waiting.first_key_value().map(|(alarm, _)| alarm.at)
    }

    /// Takes out the next alarm, if it is due at `now`.
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

    #[test]
    fn alarms_come_out_in_order_of_time_and_then_of_setting() {
        let (heard, hearing) = std::sync::mpsc::channel();
        let mut alarms = Alarms::new();
        for (name, seconds) in [("d", 9), ("a", 1), ("b", 5), ("c", 5)] {
            let heard = heard.clone();
            alarms.insert(at(seconds), Box::new(move || heard.send(name).unwrap()));
        }
        assert_eq!(alarms.next(), Some(at(1)));
        while let Some((_, action)) = alarms.pop_due(at(5)) {
            action();
        }
        assert_eq!(hearing.try_iter().collect::<String>(), "abc");
        assert_eq!(alarms.next(), Some(at(9)));
    }

    #[test]
    fn a_removed_alarm_is_gone_and_only_that_one() {
        let mut alarms = Alarms::new();
        let first = alarms.insert(at(1), Box::new(|| ()));
        let second = alarms.insert(at(1), Box::new(|| ()));
        assert!(alarms.remove(first).is_some());
        assert!(alarms.remove(first).is_none());
        assert_eq!(alarms.len(), 1);
        assert!(alarms.remove(second).is_some());
    }
}
