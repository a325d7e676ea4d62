//! `repeat`: any command, again and again.

use std::time::Instant;

use super::{output, work};
use crate::cli::{OutputArgs, RepeatArgs, escaped, quoted};
use crate::error::{Error, Exit};
use crate::page::{self, grouped, outcome_label, plural, typed_duration, were};
use crate::plan::{Expected, ProcessPinning, RepeatPlan, RunCondition, Until};
use crate::process::{self, ProcessRun};
use crate::record::{ProcessOutcome, RepeatCollector, RepeatRecord};
use crate::render::{ItemStream, repeat_stream};
use crate::sync::Observer;
use crate::term::{ProgressGoal, ProgressLine, cut};

pub(super) fn run(typed: &RepeatArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = RepeatPlan::try_from(typed)?;
    let (context, canceler) = work::context(typed.timeout)?;
    let mut sink = output::open(output)?;
    let (streamed, listed) = (output.format.streamed(), output.format.most_listed());
    let mut collector = RepeatCollector::new(&plan, listed);
    let mut stream =
        streamed.map(|lines| repeat_stream(lines, &mut sink, canceler, plan.expected.clone()));
    let goal = plan
        .budget
        .map_or(ProgressGoal::Runs(plan.runs), ProgressGoal::Time);
    let mut progress =
        ProgressLine::new(goal, output.progress, output.ascii).counting("outcome", "outcomes");
    let shown = Shown {
        line: &mut progress,
        plan: &plan,
        seen: Vec::new(),
    };
    let observer = &mut (&mut collector, (stream.as_mut(), shown));
    let outcome = process::repeat(&plan, &context, observer);
    progress.clear();
    let outcome = outcome?;
    if let Some(Err(error)) = stream.map(ItemStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let until = plan.until.as_ref().map(|until| word(&until.to_string()));
    let names = (command(&plan), flags(typed), until);
    let mut record = collector.finish(&plan, names, &outcome, began.elapsed());
    output::stamp(&mut record.environment, &output.command);
    output::deliver_rest(&record, || page::repeat(&record), output, sink)?;
    Ok(work::cut_short(outcome.stopped).unwrap_or_else(|| expectation(&plan, &record)))
}

/// The most outcomes that the progress line names.
const MOST_NAMED: usize = 3;

/// The widest name of an outcome on the progress line.
const WIDEST_NAME: usize = 16;

/// The observer that shows progress with the first outcomes.
struct Shown<'a> {
    line: &'a mut ProgressLine,
    plan: &'a RepeatPlan,
    /// The first outcomes, each with its number of runs.
    seen: Vec<(String, u64)>,
}

impl Observer<ProcessRun> for Shown<'_> {
    fn observe(&mut self, run: &ProcessRun) {
        if run.is_first && self.seen.len() < MOST_NAMED {
            let what = ProcessOutcome::new(run, self.plan.expected.as_ref());
            let each_ns = u64::try_from(self.plan.each.as_nanos()).unwrap_or(u64::MAX);
            let name = cut(&outcome_label(&what, each_ns), WIDEST_NAME);
            self.seen.push((name, 0));
        }
        let place = run
            .outcome
            .and_then(|outcome| usize::try_from(outcome - 1).ok());
        if let Some((_, runs)) = place.and_then(|place| self.seen.get_mut(place)) {
            *runs += 1;
        }
        let seen = self.seen.iter();
        let seen = seen.map(|(name, runs)| format!("{name} ({})", grouped(*runs)));
        self.line.advance(run.is_first, seen);
    }

    fn idle(&mut self) {
        self.line.show();
    }
}

/// Returns the exit code for `--expect`, and warns where it does not hold.
fn expectation(plan: &RepeatPlan, record: &RepeatRecord) -> Exit {
    let (Some(expect), Some(held)) = (&plan.expect, record.summary.runs_as_expected) else {
        return Exit::Done;
    };
    let all = record.runs_completed;
    let missed = all - held;
    let some = format!("{} of {}", grouped(missed), plural(all, "run"));
    let complaint = match expect {
        RunCondition::Counted(Until::Lost) if held > 0 => return Exit::Done,
        _ if missed == 0 => return Exit::Done,
        RunCondition::Counted(Until::Lost) => format!("{some} {} correct", were(missed)),
        RunCondition::Same => format!("{some} had another outcome than the first"),
        RunCondition::Different => format!("{some} had the outcome of the first"),
        RunCondition::Counted(Until::Correct) => format!("{some} {} wrong", were(missed)),
        RunCondition::Exit(status) => format!("{some} did not exit with {status}"),
        RunCondition::Output(_) => format!("{some} had no line that matches"),
    };
    let expect = word(&expect.to_string());
    output::warn(&format!("--expect {expect}: {complaint}"));
    Exit::Unexpected
}

/// Returns a word quoted for a shell, in which nothing disturbs a terminal.
fn word(word: &str) -> String {
    escaped(&quoted(word))
}

/// Returns the command as it is typed.
fn command(plan: &RepeatPlan) -> String {
    let words = [&plan.program].into_iter().chain(&plan.arguments);
    let words: Vec<_> = words.map(|typed| word(&typed.to_string_lossy())).collect();
    words.join(" ")
}

/// Returns the flags that repeat the experiment, apart from those of its length and its output.
fn flags(typed: &RepeatArgs) -> String {
    let mut flags = Vec::new();
    if typed.each != RepeatArgs::EACH {
        flags.push(format!("--each {}", typed_duration(typed.each)));
    }
    let outcome = typed.outcome.iter();
    flags.extend(outcome.map(|regex| format!("--match {}", word(regex.as_str()))));
    flags.extend(typed.expected.iter().map(|expected| match expected {
        Expected::Number(number) => format!("--expected {number}"),
        Expected::Text(text) => format!("--expected {}", word(text)),
    }));
    if typed.jobs > 1 {
        flags.push(format!("--jobs {}", typed.jobs));
    }
    flags.extend(typed.cores.0.map(|cores| match cores {
        1 => "--cores one".to_string(),
        cores => format!("--cores {cores}"),
    }));
    if typed.stress {
        flags.push("--stress".into());
    }
    if typed.pin == ProcessPinning::Random {
        flags.push("--pin random".into());
    }
    flags.join(" ")
}
