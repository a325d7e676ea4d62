//! A scenario on the real clock. The requests share a few threads, one for each core, so that
//! there may be many more of them than a machine has threads for.

use std::io;
use std::ops::Range;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use super::contexts::Contexts;
use super::event::{Event, Observer};
use super::scenario::{How, Scenario};
use super::stage::Stage;
use crate::sync::{AlarmId, Clock, Context, SystemClock};

/// How often the thread that tells of events looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(10);

/// The most batches of events that wait to be told. Who has more to tell waits too.
const UNTOLD: usize = 64;

/// Runs the scenario, and tells of its events on this thread. When `until` ends, all requests are
/// cancelled.
///
/// # Errors
///
/// If the machine refuses a thread.
pub fn in_real_time(
    scenario: &Scenario,
    until: &Context,
    observer: &mut dyn Observer,
) -> io::Result<()> {
    let tree = scenario.tree();
    let shares = shares(tree.requests());
    let (bells, endings): (Vec<_>, Vec<_>) = shares.iter().map(|_| mpsc::channel()).unzip();
    let bells = Bells(bells);
    let contexts = Contexts::new(scenario, &Context::background());
    let alarms = set_alarms(scenario, &contexts, &bells)?;
    let (tell, told) = mpsc::sync_channel(UNTOLD);
    let ended = thread::scope(|scope| {
        for (nodes, endings) in shares.into_iter().zip(endings) {
            let (contexts, tell) = (&contexts, tell.clone());
            let work = move || work(Stage::new(tree, contexts, nodes), &endings, &tell);
            let thread = thread::Builder::new().name("requests".into());
            if let Err(error) = thread.spawn_scoped(scope, work) {
                contexts.cancel(0);
                bells.ring(0);
                // Nobody listens: those that have a thread end without waiting for that.
                drop(told);
                return Err(error);
            }
        }
        // The last thread that ends hangs up.
        drop(tell);
        listen(&told, until, observer, &mut || {
            contexts.cancel(0);
            bells.ring(0);
        });
        Ok(())
    });
    for alarm in alarms {
        SystemClock.clear_alarm(alarm);
    }
    ended
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

/// Tells each thread which node has ended, and wakes it.
#[derive(Clone)]
struct Bells(Vec<Sender<usize>>);

impl Bells {
    fn ring(&self, node: usize) {
        for bell in &self.0 {
            // A thread whose requests have all ended has gone.
            let _ = bell.send(node);
        }
    }
}

/// Asks the clock to cancel what is to be cancelled, and to ring the bells for all that ends. It
/// lets deadlines pass by itself, just before, since the contexts have asked for that first.
fn set_alarms(scenario: &Scenario, contexts: &Contexts, bells: &Bells) -> io::Result<Vec<AlarmId>> {
    let alarms = scenario.planned().into_iter().map(|planned| {
        let bells = bells.clone();
        let cancel = (planned.how == How::Cancel).then(|| contexts.cancellation(planned.node));
        let action = move || {
            if let Some(cancel) = cancel {
                cancel();
            }
            bells.ring(planned.node);
        };
        SystemClock.set_alarm(contexts.start() + planned.at, Box::new(action))
    });
    alarms.collect()
}

/// Drives some requests until they have ended.
fn work(mut stage: Stage<'_>, endings: &Receiver<usize>, tell: &SyncSender<Vec<Event>>) {
    while let Some(next) = stage.next() {
        let pause = next.saturating_since(SystemClock.now());
        let ended = endings.recv_timeout(pause).ok();
        for node in ended.into_iter().chain(endings.try_iter()) {
            stage.ended(node);
        }
        let mut events = Vec::new();
        stage.go_on(SystemClock.now(), &mut |event| events.push(event));
        // If nobody listens, it is because all are to end.
        let _ = tell.send(events);
    }
}

/// Tells of events until all requests have ended; has them cancelled when `until` ends.
fn listen(
    told: &Receiver<Vec<Event>>,
    until: &Context,
    observer: &mut dyn Observer,
    cancel: &mut dyn FnMut(),
) {
    let mut canceled = false;
    loop {
        match told.recv_timeout(LOOK) {
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
        if until.is_done() && !canceled {
            cancel();
            canceled = true;
        }
    }
}
