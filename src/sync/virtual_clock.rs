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
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::after_start(Duration::from_secs(seconds))
    }

    /// A clock, and what its alarms reported: their name and the time they saw.
    struct Scene {
        clock: VirtualClock,
        say: Sender<(&'static str, Moment)>,
        heard: Receiver<(&'static str, Moment)>,
    }

    impl Scene {
        fn new() -> Self {
            let (say, heard) = channel();
            Self {
                clock: VirtualClock::new(),
                say,
                heard,
            }
        }

        fn set(&self, seconds: u64, name: &'static str) -> AlarmId {
            let (clock, say) = (self.clock.clone(), self.say.clone());
            let action = Box::new(move || say.send((name, clock.now())).unwrap());
            self.clock.set_alarm(at(seconds), action).unwrap()
        }

        fn heard(&self) -> Vec<(&'static str, Moment)> {
            self.heard.try_iter().collect()
        }
    }

    #[test]
    fn alarms_ring_in_order_and_see_their_own_time() {
        let scene = Scene::new();
        scene.set(3, "late");
        scene.set(1, "early");
        scene.set(2, "first of two");
        scene.set(2, "second of two");
        scene.set(4, "not yet");
        scene.clock.advance(Duration::from_secs(3));
        assert_eq!(
            scene.heard(),
            [
                ("early", at(1)),
                ("first of two", at(2)),
                ("second of two", at(2)),
                ("late", at(3))
            ]
        );
        assert_eq!(scene.clock.now(), at(3));
        assert_eq!(scene.clock.alarms_set(), 1);
    }

    #[test]
    fn the_next_alarms_are_those_of_one_moment() {
        let scene = Scene::new();
        scene.set(2, "a");
        scene.set(2, "b");
        scene.set(5, "c");
        assert_eq!(scene.clock.advance_to_next(), Some(at(2)));
        assert_eq!(scene.heard(), [("a", at(2)), ("b", at(2))]);
        assert_eq!(scene.clock.advance_to_next(), Some(at(5)));
        assert_eq!(scene.heard(), [("c", at(5))]);
        assert_eq!(scene.clock.advance_to_next(), None);
        assert_eq!(scene.clock.now(), at(5));
    }

    #[test]
    fn an_alarm_may_set_another_and_it_takes_its_turn() {
        let scene = Scene::new();
        let (clock, say) = (scene.clock.clone(), scene.say.clone());
        let chain = Box::new(move || {
            for (seconds, name) in [(1, "at once"), (2, "soon"), (9, "too late")] {
                let say = say.clone();
                let action = Box::new(move || say.send((name, at(seconds))).unwrap());
                clock.set_alarm(at(seconds), action).unwrap();
            }
        });
        scene.clock.set_alarm(at(1), chain).unwrap();
        scene.set(1, "was there before");
        scene.clock.advance_to(at(8));
        let names: Vec<_> = scene.heard().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["was there before", "at once", "soon"]);
    }

    #[test]
    fn a_cleared_alarm_is_silent() {
        let scene = Scene::new();
        let first = scene.set(1, "cleared");
        scene.set(1, "kept");
        scene.clock.clear_alarm(first);
        scene.clock.advance(Duration::MAX);
        assert_eq!(scene.heard(), [("kept", at(1))]);
        scene.clock.clear_alarm(first);
    }

    #[test]
    fn the_clock_never_goes_back() {
        let scene = Scene::new();
        scene.clock.advance_to(at(7));
        scene.clock.advance_to(at(3));
        assert_eq!(scene.clock.now(), at(7));
        scene.set(2, "overdue");
        assert_eq!(scene.clock.advance_to_next(), Some(at(7)));
        assert_eq!(scene.heard(), [("overdue", at(7))]);
        scene.clock.advance(Duration::MAX);
        assert_eq!(scene.clock.now(), Moment::MAX);
    }
}
