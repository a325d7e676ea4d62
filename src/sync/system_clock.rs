//! The system's clock, and the one thread that rings its alarms.
//!
//! It always uses the standard primitives: its thread belongs to the whole process, which a model checker
//! could not follow. The tests under loom use the virtual clock.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::clock::{Action, AlarmId, Alarms, Clock, Moment};

/// The system's monotonic clock.
///
/// It starts when the process first uses it. All alarms of the process share one thread, which is
/// started with the first alarm and sleeps while none is due.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::after_start(TIMER.start.elapsed())
    }

    fn set_alarm(&self, at: Moment, action: Action) -> io::Result<AlarmId> {
        TIMER.set(at, action)
    }

    fn clear_alarm(&self, alarm: AlarmId) {
        let action = TIMER.lock().alarms.remove(alarm);
        // The lock is released by now.
        drop(action);
    }
}

static TIMER: LazyLock<Timer> = LazyLock::new(|| Timer {
    start: Instant::now(),
    schedule: Mutex::default(),
    sooner: Condvar::new(),
});

/// Some systems cannot sleep for centuries, and waking up once a day costs nothing.
const LONGEST_SLEEP: Duration = Duration::from_hours(24);

struct Timer {
    start: Instant,
    schedule: Mutex<Schedule>,
    /// Notified of an alarm that rings before the one that the thread sleeps for.
    sooner: Condvar,
}

#[derive(Default)]
struct Schedule {
    alarms: Alarms,
    /// Whether the thread has been started.
    started: bool,
}

impl Timer {
    fn lock(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&'static self, at: Moment, action: Action) -> io::Result<AlarmId> {
        let mut schedule = self.lock();
        if !schedule.started {
            // If this fails, the next alarm tries again.
            thread::Builder::new()
                .name("timer".to_owned())
                .spawn(|| self.ring_for_ever())?;
            schedule.started = true;
        }
        let is_next = schedule.alarms.next().is_none_or(|next| at < next);
        let alarm = schedule.alarms.insert(at, action);
        drop(schedule);
        if is_next {
            self.sooner.notify_one();
        }
        Ok(alarm)
    }

    fn ring_for_ever(&self) {
        let mut schedule = self.lock();
        loop {
            let now = SystemClock.now();
            if let Some((_, action)) = schedule.alarms.pop_due(now) {
                drop(schedule);
                // The panic hook has reported a panic; it must not silence the other alarms.
                drop(catch_unwind(AssertUnwindSafe(action)));
                schedule = self.lock();
                continue;
            }
            let sleep = schedule
                .alarms
                .next()
                .map_or(LONGEST_SLEEP, |at| at.saturating_since(now));
            schedule = self
                .sooner
                .wait_timeout(schedule, sleep.min(LONGEST_SLEEP))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// Makes a broken timer fail instead of hanging: no test waits until it has passed.
    const PATIENCE: Duration = Duration::from_mins(1);

    fn alarm_in(duration: Duration) -> (AlarmId, Moment, Receiver<Moment>) {
        let (tell, rung) = channel();
        let at = SystemClock.now() + duration;
        let action = Box::new(move || {
            // Most tests have ended by then.
            let _ = tell.send(SystemClock.now());
        });
        (SystemClock.set_alarm(at, action).unwrap(), at, rung)
    }

    #[test]
    fn an_alarm_rings_and_never_early() {
        let (_, at, rung) = alarm_in(Duration::from_millis(5));
        assert!(rung.recv_timeout(PATIENCE).unwrap() >= at);
    }

    #[test]
    fn a_sooner_alarm_wakes_the_thread_from_a_longer_sleep() {
        let (far, _, _far_rung) = alarm_in(Duration::MAX);
        let (middle, _, _middle_rung) = alarm_in(Duration::from_hours(1));
        let (_, at, rung) = alarm_in(Duration::from_millis(5));
        assert!(rung.recv_timeout(PATIENCE).unwrap() >= at);
        SystemClock.clear_alarm(far);
        SystemClock.clear_alarm(middle);
    }

    #[test]
    fn a_cleared_alarm_lets_go_of_its_action() {
        let (alarm, _, rung) = alarm_in(Duration::from_hours(1));
        SystemClock.clear_alarm(alarm);
        // The sender lived in the action, so the channel is closed once that is gone.
        assert_eq!(
            rung.recv_timeout(PATIENCE),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected)
        );
    }

    #[test]
    fn an_alarm_that_panics_does_not_silence_the_next() {
        let at = SystemClock.now();
        SystemClock
            .set_alarm(at, Box::new(|| std::panic::resume_unwind(Box::new(()))))
            .unwrap();
        let (_, _, rung) = alarm_in(Duration::ZERO);
        assert!(rung.recv_timeout(PATIENCE).is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn all_alarms_share_one_thread() {
        let ringing: Vec<_> = (0..50).map(|_| alarm_in(Duration::ZERO).2).collect();
        for rung in ringing {
            rung.recv_timeout(PATIENCE).unwrap();
        }
        let timers = std::fs::read_dir("/proc/self/task")
            .unwrap()
            // A thread of another test may end meanwhile.
            .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok())
            .filter(|name| name.trim() == "timer")
            .count();
        assert_eq!(timers, 1);
    }
}
