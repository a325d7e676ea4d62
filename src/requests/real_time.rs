//! A scenario on the real clock.
//!
//! There is a queue and a thread for each core, which sleeps until a request of its own is due or an alarm
//! reports that a node has ended. A thread for each request would be too slow: waking a sleeping thread
//! took 15 µs on the virtual machine with 2 cores where this was measured, so half of a thousand threads
//! noticed a cancellation only after 10 ms. Two threads with 500 requests each notice it after 0.2 ms
//! (median of 1,000 requests and 20 repetitions; `benches/requests.rs`).

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use super::contexts::Contexts;
use super::event::Event;
use super::event_queue::EventQueue;
use super::scenario::{Planned, Scenario};
use crate::sync::{AlarmId, Clock, Context, Moment, Observer, SystemClock};

/// How often the observer is given an idle moment when nothing happens.
const LOOK_UP: Duration = Duration::from_millis(10);

/// The most batches of events that wait for the observer. A thread with one more waits too.
const MOST_WAITING: usize = 64;

/// Runs the scenario, and notifies the observer of its events on the calling thread. When `until`
/// ends, all requests are cancelled.
///
/// The scenario starts when all its contexts have been made.
///
/// # Errors
///
/// If the machine refuses a thread.
pub fn in_real_time(
    scenario: &Scenario,
    until: &Context,
    observer: &mut dyn Observer<Event>,
) -> io::Result<()> {
    let contexts = Arc::new(Contexts::new(scenario));
    let parts: Vec<_> = shares(scenario.tree().requests())
        .into_iter()
        .map(|nodes| EventQueue::new(scenario.tree(), &contexts, nodes))
        .collect();
    let (notifiers, notified): (Vec<_>, Vec<_>) = parts.iter().map(|_| mpsc::channel()).unzip();
    let run = Run {
        start: SystemClock.now(),
        contexts: Arc::clone(&contexts),
        notifiers,
    };
    let alarms = set_alarms(scenario, &run)?;
    let (sender, receiver) = mpsc::sync_channel(MOST_WAITING);
    // Ends with `until`, or when `until` need not be watched any longer.
    let (watched, unwatch) = until.with_cancel();
    let ended = thread::scope(|scope| {
        let start = || -> io::Result<()> {
            for (part, notified) in parts.into_iter().zip(notified) {
                let (run, sender) = (&run, sender.clone());
                builder().spawn_scoped(scope, move || work(part, run, &notified, &sender))?;
            }
            builder().spawn_scoped(scope, || {
                watched.wait();
                if until.is_done() {
                    run.cancel(0, run.now());
                }
            })?;
            Ok(())
        };
        let started = start();
        // The channel closes when the last thread ends.
        drop(sender);
        if started.is_ok() {
            notify(&receiver, observer);
        } else {
            run.cancel(0, run.now());
            // The threads that did start end without waiting for their events to be received.
            drop(receiver);
        }
        unwatch.cancel();
        started
    });
    for alarm in alarms {
        SystemClock.clear_alarm(alarm);
    }
    ended
}

fn builder() -> thread::Builder {
    thread::Builder::new().name("requests".into())
}

/// Divides the requests into as many parts as there are cores, or fewer.
fn shares(requests: Range<usize>) -> Vec<Range<usize>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let size = requests.len().div_ceil(cores);
    let starts = requests.clone().step_by(size.max(1));
    starts
        .map(|start| start..(start + size).min(requests.end))
        .collect()
}

/// A scenario that has started.
#[derive(Clone)]
struct Run {
    /// The time of the start on the machine's clock.
    start: Moment,
    contexts: Arc<Contexts>,
    /// Wake each thread, and pass on which node has ended.
    notifiers: Vec<Sender<usize>>,
}

impl Run {
    /// Returns the time since the start.
    fn now(&self) -> Moment {
        Moment::after_start(SystemClock.now().saturating_since(self.start))
    }

    /// Ends a node as planned.
    fn end(&self, planned: Planned) {
        self.contexts.advance_to(planned.at);
        if planned.cancels {
            // The signal is the planned moment, as for a deadline: both latencies include how late
            // the alarm rang.
            self.cancel(planned.node, planned.at);
        } else {
            self.notify(planned.node);
        }
    }

    fn cancel(&self, node: usize, at: Moment) {
        self.contexts.cancel(node, at);
        self.notify(node);
    }

    fn notify(&self, node: usize) {
        for notifier in &self.notifiers {
            // A thread whose requests have all ended no longer receives.
            let _ = notifier.send(node);
        }
    }
}

/// Sets an alarm for each planned ending on the machine's clock, which rings them in order.
fn set_alarms(scenario: &Scenario, run: &Run) -> io::Result<Vec<AlarmId>> {
    let alarms = scenario.planned().into_iter().map(|planned| {
        let run = run.clone();
        SystemClock.set_alarm(
            run.start + planned.at.since_start(),
            Box::new(move || run.end(planned)),
        )
    });
    alarms.collect()
}

/// Drives some requests until they have ended.
fn work(
    mut part: EventQueue<'_>,
    run: &Run,
    notified: &Receiver<usize>,
    sender: &SyncSender<Vec<Event>>,
) {
    while let Some(next) = part.next() {
        let pause = next.saturating_since(run.now());
        let ended = notified.recv_timeout(pause).ok();
        for node in ended.into_iter().chain(notified.try_iter()) {
            part.ended(node);
        }
        let mut events = Vec::new();
        part.go_on(&|| run.now(), &mut |event| events.push(event));
        // The channel is closed only when all requests are to end.
        let _ = sender.send(events);
    }
}

/// Notifies the observer of events until all requests have ended.
fn notify(receiver: &Receiver<Vec<Event>>, observer: &mut dyn Observer<Event>) {
    loop {
        match receiver.recv_timeout(LOOK_UP) {
            Ok(events) => {
                let events = events
                    .into_iter()
                    .chain(receiver.try_iter().take(MOST_WAITING).flatten());
                events.for_each(|event| observer.observe(&event));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        observer.idle();
    }
}
