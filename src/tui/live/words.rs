//! What is seen, in words.

use super::app::{LiveApp, Looked};
use crate::page::{duration, end_label, grouped, interval, plural, short, short_percent};
use crate::plan::{LivePlan, LiveSubject};
use crate::record::{CountingReading, LiveReading, RaceRecord};
use crate::stats::{rule_of_three, wilson};
use crate::term::Tone;

/// Returns what one sees.
pub(super) fn seen(app: &LiveApp) -> (Tone, String) {
    match &app.reading {
        LiveReading::Failed(reason) => (Tone::Lost, reason.clone()),
        LiveReading::Nothing => (Tone::Plain, "The first run is under way.".into()),
        LiveReading::Counting(reading) => {
            let (tone, text) = counting(reading, &app.plan);
            let is_opened = app.plan.knobs().iter().any(|knob| app.plan.is_added(*knob));
            let note = if is_opened {
                "One core, so --window yield is on. "
            } else {
                ""
            };
            (tone, format!("{note}{text}"))
        }
        LiveReading::Race(record) => race(record),
    }
}

fn counting(reading: &CountingReading, plan: &LivePlan) -> (Tone, String) {
    let (runs, lost) = (reading.runs, reading.lost);
    if runs == 0 {
        let text = format!(
            "The first run is under way: {} by each of {}.",
            plural(plan.increments, "increment"),
            plural(plan.threads as u64, "thread")
        );
        return (Tone::Plain, text);
    }
    if lost == 0 {
        let most = rule_of_three(runs).map_or_else(String::new, short_percent);
        let text = format!(
            "No run has lost an update. {}",
            match plan.counting().ok().flatten() {
                Some(plan) if plan.strategy.is_correct() => "None can.".into(),
                _ if runs < 100 => "It may still happen.".into(),
                _ => format!("With 95% confidence, at most {most} of runs do."),
            }
        );
        return (Tone::Good, text);
    }
    let share = lost as f64 / runs as f64;
    let each = reading.lost_updates as f64 / lost as f64 / reading.expected as f64;
    let (runs, part) = (how_many(share, "lose"), part(each));
    let text = format!("{runs} updates: {part} of the increments on average.");
    (Tone::Lost, text)
}

fn race(record: &RaceRecord) -> (Tone, String) {
    let (runs, wrong) = (record.runs_completed, record.runs_wrong);
    if runs == 0 {
        return (Tone::Plain, "The first run is under way.".into());
    }
    if wrong == 0 {
        let text = match record.runs_correct {
            0 => format!(
                "{} so far; the program does not say which end is correct.",
                plural(runs, "run")
            ),
            _ => "Every run so far has ended as it should.".into(),
        };
        return (Tone::Good, text);
    }
    let outcomes = record.outcomes.iter();
    let wrongs = outcomes.filter(|outcome| outcome.end.correct == Some(false));
    let most = wrongs.max_by_key(|outcome| outcome.runs);
    let label = most.map_or_else(String::new, |outcome| end_label(&outcome.end));
    let runs = how_many(wrong as f64 / runs as f64, "end");
    (Tone::Lost, format!("{runs} wrong; most often: {label}."))
}

/// Returns a share of runs in words, as the beginning of a sentence with this verb.
fn how_many(share: f64, verb: &str) -> String {
    match share {
        1.0.. => format!("Every run {verb}s"),
        0.95.. => format!("Nearly every run {verb}s"),
        0.7.. => format!("Most runs {verb}"),
        0.29.. => format!("About {:.0} of 10 runs {verb}", share * 10.0),
        _ => format!("One run in {} {verb}s", short((1.0 / share).round())),
    }
}

/// Returns a part of a whole, in words.
fn part(share: f64) -> String {
    match share {
        0.9.. => "nearly all".into(),
        0.7..0.9 => "three quarters".into(),
        0.58..0.7 => "two thirds".into(),
        0.42..0.58 => "half".into(),
        0.29..0.42 => "a third".into(),
        0.22..0.29 => "a quarter".into(),
        _ => short_percent(share),
    }
}

/// Returns what is said of the last run that lost updates.
pub(super) fn last_lost(run: u64, actual: u64, expected: u64) -> String {
    let (run, total) = (grouped(run), grouped(actual));
    let lost = plural(expected.saturating_sub(actual), "update");
    format!("Run {run} ended at {total} and lost {lost}. Another that lost updates, recorded:")
}

/// Returns what is said where no run lost updates.
pub(super) fn nothing_to_explain(plan: &LivePlan) -> String {
    let name = plan.subject.name();
    format!("{name} has lost no update; e says why.")
}

/// Returns the share of runs that lost updates or ended wrong, with its interval; `None` before the
/// first run.
pub(super) fn share(reading: &LiveReading) -> Option<(u64, u64)> {
    let (hits, runs) = match reading {
        LiveReading::Counting(reading) => (reading.lost, reading.runs),
        LiveReading::Race(record) => (record.runs_wrong, record.runs_completed),
        LiveReading::Nothing | LiveReading::Failed(_) => return None,
    };
    (runs > 0).then_some((hits, runs))
}

/// Returns the interval of a share in words.
pub(super) fn between(hits: u64, runs: u64) -> String {
    match (hits, wilson(hits, runs)) {
        (0, _) => {
            let most = rule_of_three(runs).unwrap_or(1.0).min(1.0);
            format!("at most {}, 95%", short_percent(most))
        }
        (_, Some([low, high])) => interval(low, high),
        (_, None) => String::new(),
    }
}

/// Returns the command that repeats what was on the screen, those that were written, and a line about
/// each subject that was looked at.
pub fn summary(app: &LiveApp) -> String {
    let mut lines = Vec::new();
    for Looked { plan, reading } in app.looked.values() {
        let Some((hits, runs)) = share(reading) else {
            continue;
        };
        let (verb, cost) = match reading {
            LiveReading::Counting(reading) => {
                let cost = reading.ns_per_increment;
                let cost = cost.map(|cost| format!(", {}/increment", duration(cost)));
                ("lost updates", cost.unwrap_or_default())
            }
            _ => ("ended wrong", String::new()),
        };
        let share = short_percent(hits as f64 / runs as f64);
        lines.push(format!(
            "{}: {} of {} {verb} ({share}){cost}",
            plan.arguments(),
            grouped(hits),
            plural(runs, "run")
        ));
    }
    let mut commands = app.written.clone();
    let last = app.plan.command();
    commands.retain(|command| *command != last);
    commands.push(last);
    lines.extend(commands.iter().map(|command| format!("Again: {command}")));
    let name = match &app.plan.subject {
        LiveSubject::Strategy(_) => app.plan.arguments(),
        LiveSubject::Program(program) => program.to_string(),
    };
    let flags = app.plan.circumstances();
    lines.push(format!("On the screen: miscount live {name}{flags}"));
    lines.join("\n") + "\n"
}
