//! The reports that keys ask for: how the last run lost updates, and others.

use super::app::{LiveApp, LiveRequest};
use super::words;
use crate::page::{end_label, grouped};
use crate::plan::{LivePlan, LiveSubject};
use crate::record::{EndKind, LiveReading};
use crate::term::Tone;

/// A report over the panels, while the race stands still.
#[derive(Clone, Debug)]
pub struct LiveReport {
    /// The command that makes the report.
    pub command: String,
    /// A line above it.
    pub lead: String,
    /// Its text; `None` until it is there.
    pub text: Option<Result<String, String>>,
}

impl LiveApp {
    /// Begins a report; the race stands still meanwhile.
    pub(super) fn report(&mut self, command: String, lead: String) -> LiveRequest {
        self.scroll.set(0);
        self.report = Some(LiveReport {
            command: command.clone(),
            lead,
            text: None,
        });
        LiveRequest::Report(command)
    }

    /// Stops the race and explains the last run that lost updates, or that ended wrong.
    pub(super) fn freeze(&mut self) -> LiveRequest {
        match &self.reading {
            LiveReading::Counting(reading) => match reading.last_lost {
                Some((run, actual)) => {
                    let lead = words::last_lost(run, actual, reading.expected);
                    self.trace(lead)
                }
                None if reading.lost == 0 && reading.runs > 0 => {
                    self.say(Tone::Good, words::nothing_to_explain(&self.plan))
                }
                None => self.say(Tone::Plain, "No run has ended yet."),
            },
            LiveReading::Race(_) => self.trace(String::new()),
            LiveReading::Nothing | LiveReading::Failed(_) => {
                self.say(Tone::Plain, "No run has ended yet.")
            }
        }
    }

    /// Traces a run; of a program, plays the schedule that ends as the last wrong run did.
    pub(super) fn trace(&mut self, lead: String) -> LiveRequest {
        if let LiveSubject::Strategy(_) = self.plan.subject {
            let (arguments, flags) = (self.plan.arguments(), self.plan.circumstances());
            return self.report(format!("trace {arguments}{flags}"), lead);
        }
        let LiveReading::Race(record) = &self.reading else {
            return self.say(Tone::Plain, "No run has ended yet.");
        };
        let wrong = record
            .outcomes
            .iter()
            .filter(|one| one.end.correct == Some(false));
        let seen = wrong.filter(|one| one.runs > 0 && one.end.kind != EndKind::Livelock);
        let known = seen.filter_map(|one| Some((one, one.witness.as_ref()?)));
        let Some((outcome, token)) = known.max_by_key(|(one, _)| one.runs) else {
            return self.say(Tone::Plain, "No wrong end is known with its schedule.");
        };
        let (label, runs) = (end_label(&outcome.end), grouped(outcome.runs));
        let lead = format!("The most frequent wrong end, {label} ({runs} runs), by a schedule:");
        let command = format!(
            "replay {} --schedule {token} --on model --steps",
            self.plan.arguments()
        );
        self.report(command, lead)
    }

    pub(super) fn compare(&mut self) -> LiveRequest {
        let LivePlan {
            threads,
            increments,
            ..
        } = self.plan;
        if let LiveSubject::Program(_) = self.plan.subject {
            return self.say(Tone::Plain, "Strategies are compared; this is a program.");
        }
        let flags = self.plan.circumstances();
        let command = format!("compare -t {threads} -i {increments}{flags}");
        self.report(command, String::new())
    }
}
