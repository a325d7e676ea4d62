//! Races in the background, for the screen of `live`.
//!
//! A thread makes the runs of a plan, as the counting subcommands do, and an observer keeps what is
//! found out; the screen looks at that. A new plan cancels the context of the one before, whose
//! thread is waited for, so that only one crew is on the cores. Reports are made by a thread too.

use std::panic::resume_unwind;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::experiment::Commands;
use super::{run, work};
use crate::error::Error;
use crate::lab::{Engine, FreeRuns, Lab, Runs, run_freely};
use crate::model::System;
use crate::plan::{CountingPlan, LivePlan, RacePlan};
use crate::record::{LiveCollector, LiveRaceCollector, LiveReading, Models};
use crate::strategy::lock;
use crate::sync::{Canceler, Context, Observer};
use crate::term::Page;
use crate::tui::live::LiveHost;

/// The time that the model may take before a program races.
const MODEL_TIME: Duration = Duration::from_millis(100);

/// The longest that a report may take.
const MOST_REPORTING: Duration = Duration::from_secs(10);

/// Races, and makes reports.
pub(super) struct Racer {
    /// The page that reports are laid out for; only its width differs.
    page: Page,
    pause: Arc<Pause>,
    race: Option<Task<Track>>,
    report: Option<Task<Result<String, String>>>,
    /// Why there is no race.
    refused: Option<String>,
}

/// Work in a thread of its own, and what has come of it.
struct Task<T> {
    canceler: Canceler,
    thread: JoinHandle<()>,
    result: Arc<Mutex<Option<T>>>,
}

/// What is known of a race.
enum Track {
    Counting(Box<LiveCollector>),
    Race(Box<RaceTrack>),
    Failed(String),
}

struct RaceTrack {
    plan: RacePlan,
    system: System,
    models: Models,
    collector: LiveRaceCollector,
}

/// Whether there is a pause; those who wait for its end are woken then.
#[derive(Default)]
struct Pause {
    paused: Mutex<bool>,
    changed: Condvar,
}

impl Racer {
    /// Returns a racer that does nothing yet.
    pub(super) fn new(page: Page) -> Self {
        Self {
            page,
            pause: Arc::default(),
            race: None,
            report: None,
            refused: None,
        }
    }

    /// Sets whether there is a pause, and wakes the race, which looks at that and at its context.
    fn set_pause(&self, paused: bool) {
        *lock(&self.pause.paused) = paused;
        self.pause.changed.notify_all();
    }

    /// Cancels the race; returns its thread.
    fn cancel(&mut self) -> Option<JoinHandle<()>> {
        let race = self.race.take()?;
        race.canceler.cancel();
        // Between looking at its context and waiting for the end of a pause, it has the lock.
        drop(lock(&self.pause.paused));
        self.pause.changed.notify_all();
        Some(race.thread)
    }
}

/// Starts a thread for some work under a context of its own.
fn start<T: Send + 'static>(
    name: &str,
    work: impl FnOnce(&Context, &Mutex<Option<T>>) + Send + 'static,
) -> Result<Task<T>, String> {
    let (context, canceler) = Context::background().with_cancel();
    let result = Arc::new(Mutex::new(None));
    let shared = Arc::clone(&result);
    let thread = thread::Builder::new().name(name.into());
    let thread = thread.spawn(move || work(&context, &shared));
    let thread = thread.map_err(|error| format!("cannot start a thread: {error}"))?;
    Ok(Task {
        canceler,
        thread,
        result,
    })
}

/// Waits for a thread that was cancelled; its panic is that of the caller.
fn join(thread: JoinHandle<()>) {
    if let Err(panic) = thread.join() {
        resume_unwind(panic);
    }
}

impl LiveHost for Racer {
    fn race(&mut self, plan: &LivePlan) {
        let before = self.cancel();
        self.pause(false);
        let pause = Arc::clone(&self.pause);
        let counting = plan.counting();
        let race = plan.race();
        let task = start("race", move |context, track| {
            before.into_iter().for_each(join);
            let mut keeper = Keeper {
                track,
                pause: &pause,
                context,
            };
            let made = match (counting, race) {
                (Err(error), _) => Err(error),
                (Ok(Some(plan)), _) => count(&plan, &mut keeper),
                (Ok(None), Some(plan)) => run_program(&plan, &mut keeper),
                (Ok(None), None) => Ok(()),
            };
            if let Err(error) = made {
                *lock(track) = Some(Track::Failed(error.to_string()));
            }
        });
        match task {
            Ok(task) => (self.race, self.refused) = (Some(task), None),
            Err(reason) => self.refused = Some(reason),
        }
    }

    fn pause(&mut self, paused: bool) {
        if let Some(report) = self.report.take() {
            report.canceler.cancel();
        }
        self.set_pause(paused);
    }

    fn stop(&mut self) {
        self.pause(false);
        self.cancel().into_iter().for_each(join);
    }

    fn reading(&mut self) -> LiveReading {
        if let Some(reason) = &self.refused {
            return LiveReading::Failed(reason.clone());
        }
        if self
            .race
            .as_ref()
            .is_some_and(|race| race.thread.is_finished())
        {
            // It ends by itself only when it fails, or panics.
            let race = self.race.take();
            self.refused = race.map(|race| {
                join(race.thread);
                match lock(&race.result).take() {
                    Some(Track::Failed(reason)) => reason,
                    _ => "the race has ended".into(),
                }
            });
            return self.reading();
        }
        let Some(race) = &self.race else {
            return LiveReading::Nothing;
        };
        match &*lock(&race.result) {
            None => LiveReading::Nothing,
            Some(Track::Counting(collector)) => LiveReading::Counting(collector.reading()),
            Some(Track::Race(track)) => LiveReading::Race(Box::new(track.collector.reading(
                &track.plan,
                &track.system,
                &track.models,
            ))),
            Some(Track::Failed(reason)) => LiveReading::Failed(reason.clone()),
        }
    }

    fn report(&mut self, command: &str, width: usize) {
        let page = Page { width, ..self.page };
        let command = command.to_string();
        let before = self.report.take();
        if let Some(before) = before {
            before.canceler.cancel();
        }
        let task = start("report", move |context, result| {
            let made = work::limited(context, MOST_REPORTING).and_then(|(context, _canceler)| {
                let mut commands = Commands {
                    command: String::new(),
                    page,
                    context: &context,
                    pace: Duration::ZERO,
                };
                commands.report(&command).map_err(|error| error.to_string())
            });
            *lock(result) = Some(made);
        });
        self.report = match task {
            Ok(task) => Some(task),
            Err(reason) => {
                self.refused = Some(reason);
                None
            }
        };
    }

    fn reported(&mut self) -> Option<Result<String, String>> {
        let finished = self
            .report
            .as_ref()
            .is_some_and(|report| report.thread.is_finished());
        let report = self.report.take_if(|_| finished)?;
        join(report.thread);
        lock(&report.result).take()
    }
}

/// Counts until the context is done.
fn count(plan: &CountingPlan, keeper: &mut Keeper<'_>) -> Result<(), Error> {
    *lock(keeper.track) = Some(Track::Counting(LiveCollector::new(plan).into()));
    Lab.carry_out(plan, keeper.context, keeper).map(drop)
}

/// Runs a program until the context is done.
fn run_program(plan: &RacePlan, keeper: &mut Keeper<'_>) -> Result<(), Error> {
    let system = plan.subject.system()?;
    let models = run::models(&system, keeper.context, MODEL_TIME);
    // The screen needs its own.
    let shown = RacePlan {
        subject: plan.subject.clone(),
        ..*plan
    };
    *lock(keeper.track) = Some(Track::Race(Box::new(RaceTrack {
        collector: LiveRaceCollector::new(&shown),
        plan: shown,
        system: system.clone(),
        models,
    })));
    run_freely(&system, plan, keeper.context, keeper).map(drop)
}

/// Keeps what is found out, and holds the race during a pause.
struct Keeper<'a> {
    track: &'a Mutex<Option<Track>>,
    pause: &'a Pause,
    context: &'a Context,
}

impl Keeper<'_> {
    /// Lets the track take note of runs, then waits for the end of a pause, or of the context.
    fn keep(&self, note: impl FnOnce(&mut Track)) {
        if let Some(track) = &mut *lock(self.track) {
            note(track);
        }
        let paused = lock(&self.pause.paused);
        let was_paused = *paused;
        let waits = |paused: &mut bool| *paused && !self.context.is_done();
        drop(self.pause.changed.wait_while(paused, waits));
        match &mut *lock(self.track) {
            Some(Track::Counting(collector)) if was_paused => collector.resume(),
            Some(Track::Race(track)) if was_paused => track.collector.resume(),
            _ => {}
        }
    }
}

impl Observer<Runs> for Keeper<'_> {
    fn observe(&mut self, runs: &Runs) {
        self.keep(|track| {
            if let Track::Counting(collector) = track {
                collector.observe(runs);
            }
        });
    }
}

impl Observer<FreeRuns> for Keeper<'_> {
    fn observe(&mut self, event: &FreeRuns) {
        self.keep(|track| {
            if let Track::Race(track) = track {
                track.collector.observe(event);
            }
        });
    }
}
