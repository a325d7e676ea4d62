//! A scenario on the real clock. The requests share a few threads, one for each core, so that
//! there may be many more of them than a machine has threads for.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use super::contexts::Contexts;
use super::event::{Event, Observer};
use super::event_queue::EventQueue;
use super::scenario::{How, Planned, Scenario};
use crate::sync::{AlarmId, Clock, Context, Moment, SystemClock};

/// If nothing happens, whoever observes may look up as often as this.
const LOOK_UP: Duration = Duration::from_millis(10);

/// The most batches of events that wait to be told. Who has more to tell waits too.
const UNTOLD: usize = 64;

/// Runs the scenario, and tells of its events on this thread. When `until` ends, all requests are
/// cancelled.
///
/// The scenario starts when all its contexts have been made.
///
/// # Errors
///
/// If the machine refuses a thread.
pub fn in_real_time(
    scenario: &Scenario,
    until: &Context,
    observer: &mut dyn Observer,
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
    let (tell, told) = mpsc::sync_channel(UNTOLD);
    // Ends with `until`, or when nobody has to watch that any longer.
    let (watched, unwatch) = until.with_cancel();
    let ended = thread::scope(|scope| {
        let start = || -> io::Result<()> {
            for (part, notified) in parts.into_iter().zip(notified) {
                let (run, tell) = (&run, tell.clone());
                builder().spawn_scoped(scope, move || work(part, run, &notified, &tell))?;
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
        // The last thread that ends hangs up.
        drop(tell);
        if started.is_ok() {
            listen(&told, observer);
        } else {
            run.cancel(0, run.now());
            // Nobody listens: those that have a thread end without waiting for that.
            drop(told);
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

/// The requests in as many parts as there are cores, or fewer.
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
    /// When, on the machine's clock.
    start: Moment,
    contexts: Arc<Contexts>,
    /// Wake each thread, and tell it which node has ended.
    notifiers: Vec<Sender<usize>>,
}

impl Run {
    /// The time since the start.
    fn now(&self) -> Moment {
        Moment::after_start(SystemClock.now().saturating_since(self.start))
    }

    /// Ends a node as planned.
    fn end(&self, planned: Planned) {
        let at = Moment::after_start(planned.at);
        self.contexts.advance_to(at);
        match planned.how {
            How::Deadline => self.notify(planned.node),
            // Its signal is the planned moment, as that of a deadline is: both latencies include how
            // late the alarm rang.
            How::Cancel => self.cancel(planned.node, at),
        }
    }

    fn cancel(&self, node: usize, at: Moment) {
        self.contexts.cancel(node, at);
        self.notify(node);
    }

    fn notify(&self, node: usize) {
        for notifier in &self.notifiers {
            // A thread whose requests have all ended has gone.
            let _ = notifier.send(node);
        }
    }
}

/// Asks the machine's clock for all endings that are planned. It rings in their order.
fn set_alarms(scenario: &Scenario, run: &Run) -> io::Result<Vec<AlarmId>> {
    let alarms = scenario.planned().into_iter().map(|planned| {
        let run = run.clone();
        SystemClock.set_alarm(run.start + planned.at, Box::new(move || run.end(planned)))
    });
    alarms.collect()
}

/// Drives some requests until they have ended.
fn work(
    mut part: EventQueue<'_>,
    run: &Run,
    notified: &Receiver<usize>,
    tell: &SyncSender<Vec<Event>>,
) {
    while let Some(next) = part.next() {
        let pause = next.saturating_since(run.now());
        let ended = notified.recv_timeout(pause).ok();
        for node in ended.into_iter().chain(notified.try_iter()) {
            part.ended(node);
        }
        let mut events = Vec::new();
        part.go_on(&|| run.now(), &mut |event| events.push(event));
        // If nobody listens, it is because all are to end.
        let _ = tell.send(events);
    }
}

/// Tells of events until all requests have ended.
fn listen(told: &Receiver<Vec<Event>>, observer: &mut dyn Observer) {
    loop {
        match told.recv_timeout(LOOK_UP) {
            Ok(events) => {
                let events = events
                    .into_iter()
                    .chain(told.try_iter().take(UNTOLD).flatten());
                events.for_each(|event| observer.observe(&event));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        observer.observe(&Event::Waiting);
    }
}
