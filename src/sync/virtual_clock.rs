//! A clock whose time is simulated.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::clock::{Action, AlarmId, Alarms, Clock, Moment};
use super::primitives::{Mutex, lock};

/// A clock that stands still until it is told to move.
///
/// It starts at [`Moment::START`]. The thread that moves it rings the alarms that have become due, in
/// order of time and then in the order in which they were set; while an alarm rings, the clock shows the
/// time of that alarm. With a single thread, every execution is therefore the same.
///
/// Clones are handles to the same clock.
///
/// ```
/// use std::time::Duration;
/// use miscount::sync::{Context, Moment, VirtualClock};
///
/// let clock = VirtualClock::new();
/// let (ctx, _canceler) =
///     Context::background_on(clock.clone()).with_timeout(Duration::from_hours(1));
///
/// clock.advance(Duration::from_mins(59));
/// assert!(!ctx.is_done());
/// assert_eq!(clock.advance_to_next(), Some(Moment::after_start(Duration::from_hours(1))));
/// assert!(ctx.is_done());
/// ```
#[derive(Clone, Default)]
pub struct VirtualClock {
    timeline: Arc<Mutex<Timeline>>,
}

#[derive(Default)]
struct Timeline {
    now: Moment,
    alarms: Alarms,
}

impl VirtualClock {
    /// Makes a clock at [`Moment::START`] with no alarm set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves on by `duration`, and rings the alarms that become due on the way, including alarms that are
    /// set meanwhile.
    pub fn advance(&self, duration: Duration) {
        let target = self.now() + duration;
        self.advance_to(target);
    }

    /// Moves on to `target`, as [`advance`](Self::advance) does. The clock never goes back: for a
    /// `target` in the past it rings the alarms that are due now, and stays.
    pub fn advance_to(&self, target: Moment) {
        while let Some(action) = self.step_towards(target) {
            action();
        }
    }

    /// Moves on to the time of the next alarm, and rings all alarms that are due then. Returns the new
    /// time; `None` if no alarm is set, in which case the clock stays.
    ///
    /// This is the core of a discrete-event simulation: `while clock.advance_to_next().is_some() {}`
    /// simulates all that is going to happen.
    pub fn advance_to_next(&self) -> Option<Moment> {
        let next = {
            let timeline = lock(&self.timeline);
            timeline.alarms.next()?.max(timeline.now)
        };
        self.advance_to(next);
        Some(next)
    }

    /// Moves the clock to the next alarm up to `target` and returns its action, or moves the clock to
    /// `target` if there is none.
    //
    // A separate function, so that the lock is released before the action runs.
    fn step_towards(&self, target: Moment) -> Option<Action> {
        let mut timeline = lock(&self.timeline);
        // An action may itself have moved the clock beyond `target`.
        let target = target.max(timeline.now);
        let due = timeline.alarms.pop_due(target);
        let until = due.as_ref().map_or(target, |(at, _)| *at);
        // An alarm that was set for the past rings now.
        timeline.now = timeline.now.max(until);
        due.map(|(_, action)| action)
    }

    #[cfg(test)]
    pub(super) fn alarms_set(&self) -> usize {
        lock(&self.timeline).alarms.len()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        lock(&self.timeline).now
    }

    /// Never fails. An alarm for a time that has already come rings when the clock is next moved, even by
    /// zero.
    fn set_alarm(&self, at: Moment, action: Action) -> io::Result<AlarmId> {
        Ok(lock(&self.timeline).alarms.insert(at, action))
    }

    fn clear_alarm(&self, alarm: AlarmId) {
        let action = lock(&self.timeline).alarms.remove(alarm);
        // The lock is released by now.
        drop(action);
    }
}

impl fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualClock")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::mem::take;

    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::after_start(Duration::from_secs(seconds))
    }

    /// A clock, and the alarms that have rung: their names and the times they saw.
    #[derive(Clone, Default)]
    struct Scene {
        clock: VirtualClock,
        rung: Arc<Mutex<Vec<(&'static str, Moment)>>>,
    }

    impl Scene {
        fn set(&self, seconds: u64, name: &'static str) -> AlarmId {
            let scene = self.clone();
            let ring = move || lock(&scene.rung).push((name, scene.clock.now()));
            self.clock.set_alarm(at(seconds), Box::new(ring)).unwrap()
        }

        fn rung(&self) -> Vec<(&'static str, Moment)> {
            take(&mut lock(&self.rung))
        }
    }

    #[test]
    fn alarms_ring_in_order_and_see_their_own_time() {
        let scene = Scene::default();
        for (seconds, name) in [(3, "c"), (1, "a"), (2, "b1"), (2, "b2"), (4, "not yet")] {
            scene.set(seconds, name);
        }
        scene.clock.advance(Duration::from_secs(3));
        let rung = [("a", at(1)), ("b1", at(2)), ("b2", at(2)), ("c", at(3))];
        assert_eq!(scene.rung(), rung);
        assert_eq!(scene.clock.now(), at(3));
        assert_eq!(scene.clock.alarms_set(), 1);
    }

    #[test]
    fn the_next_alarms_are_those_of_one_moment() {
        let scene = Scene::default();
        for (seconds, name) in [(2, "a"), (2, "b"), (5, "c")] {
            scene.set(seconds, name);
        }
        assert_eq!(scene.clock.advance_to_next(), Some(at(2)));
        assert_eq!(scene.rung(), [("a", at(2)), ("b", at(2))]);
        assert_eq!(scene.clock.advance_to_next(), Some(at(5)));
        assert_eq!(scene.rung(), [("c", at(5))]);
        assert_eq!(scene.clock.advance_to_next(), None);
        assert_eq!(scene.clock.now(), at(5));
    }

    #[test]
    fn an_alarm_may_set_another_and_it_takes_its_turn() {
        let scene = Scene::default();
        let inner = scene.clone();
        let chain = move || {
            for (seconds, name) in [(1, "at once"), (2, "soon"), (9, "too late")] {
                inner.set(seconds, name);
            }
        };
        scene.clock.set_alarm(at(1), Box::new(chain)).unwrap();
        scene.set(1, "was there before");
        scene.clock.advance_to(at(8));
        let rung = [
            ("was there before", at(1)),
            ("at once", at(1)),
            ("soon", at(2)),
        ];
        assert_eq!(scene.rung(), rung);
    }

    #[test]
    fn a_cleared_alarm_is_silent() {
        let scene = Scene::default();
        let first = scene.set(1, "cleared");
        scene.set(1, "kept");
        scene.clock.clear_alarm(first);
        scene.clock.advance(Duration::MAX);
        assert_eq!(scene.rung(), [("kept", at(1))]);
        scene.clock.clear_alarm(first);
    }

    #[test]
    fn the_clock_never_goes_back() {
        let scene = Scene::default();
        scene.clock.advance_to(at(7));
        scene.clock.advance_to(at(3));
        assert_eq!(scene.clock.now(), at(7));
        scene.set(2, "overdue");
        assert_eq!(scene.clock.advance_to_next(), Some(at(7)));
        assert_eq!(scene.rung(), [("overdue", at(7))]);
        scene.clock.advance(Duration::MAX);
        assert_eq!(scene.clock.now(), Moment::MAX);
    }
}
