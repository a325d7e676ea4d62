//! The report of a command that was run again and again.

use super::advice::Advice;
use super::document::{Block, Document, Section};
use super::made::made;
use super::numbers::{decimal, duration, grouped, percent, plural};
use super::repeat_table::outcomes;
use super::sentences::{ended, estimate};
use super::spreads::{Quantity, spreads};
use super::text::Text;
use crate::record::RepeatRecord;
use crate::term::Tone;

/// The most outcomes whose standard error is shown.
const MOST_ERRORS: usize = 3;

/// The runs that are made if no number is given.
const USUAL_RUNS: u64 = 100;

/// A share that a hundred runs are unlikely to show.
const RARE: f64 = 0.001;

/// Returns the report of a command that was run again and again.
pub fn repeat(record: &RepeatRecord) -> Document<'static> {
    let runs = record.runs_completed;
    let lead = if runs == 0 {
        vec![Block::words("No run was finished.")]
    } else {
        let first = [verdict(record), Block::Gap];
        first.into_iter().chain(outcomes(record)).collect()
    };
    let mut sections = Vec::new();
    if runs > 0 {
        sections.push(Section::untitled(Vec::from_iter(numbers(record))));
        sections.push(Section::untitled(errors(record)));
    }
    let ended = ended(record.stopped, runs, record.runs_requested, "run");
    let notes = [ended, saved(record)]
        .into_iter()
        .flatten()
        .map(Block::words);
    sections.push(Section::untitled(notes.collect::<Vec<_>>()));
    if runs > 0 {
        sections.push(Section::advice(advice(record)));
    }
    let mut title = format!(": {}, {}", record.command, plural(runs, "run"));
    if let Some(expected) = record.expected {
        title += &format!(", expected {}", grouped(expected));
    }
    Document {
        made: made(&record.environment),
        lead,
        ..Document::new(Text::toned(Tone::Strong, "repeat").and(title), sections)
    }
}

/// Returns how many runs were wrong, how many outcomes there were, and how sure that is.
fn verdict(record: &RepeatRecord) -> Block<'static> {
    let (summary, runs) = (&record.summary, record.runs_completed);
    let mut text = Text::default();
    if let (Some(expected), Some(wrong)) = (record.expected, summary.runs_wrong) {
        let expected = grouped(expected);
        if wrong == 0 {
            let all = match runs {
                1 => "The run".into(),
                _ => format!("All {} runs", grouped(runs)),
            };
            let words = format!("{all} ended with {expected}.");
            text = Text::toned(Tone::Good, words).and(" ");
        } else {
            let words = format!(
                "{} of {} did not end with {expected}",
                grouped(wrong),
                plural(runs, "run")
            );
            let share = estimate(summary.runs_wrong_share, summary.runs_wrong_interval);
            text = Text::toned(Tone::Lost, words).and(share + ". ");
        }
    }
    // Three runs or fewer say nothing of the others.
    let unseen = summary
        .unseen_share
        .filter(|&share| share < 1.0)
        .map(percent);
    let words = match (is_alike(record), unseen) {
        (true, Some(share)) => format!(
            "All {0} runs alike: any other outcome has a share below {share} (95% confidence).",
            grouped(runs)
        ),
        (true, None) => format!(
            "{} {} too few to rule out other outcomes.",
            plural(runs, "run"),
            if runs == 1 { "is" } else { "are" }
        ),
        (false, unseen) => {
            let outcomes = record.outcomes.len() as u64;
            let outcomes = match record.runs_with_further_outcomes {
                0 => plural(outcomes, "distinct outcome"),
                _ => format!("More than {} distinct outcomes", grouped(outcomes)),
            };
            let unseen = new_outcomes(record, unseen).unwrap_or_default();
            format!("{outcomes} in {}.{unseen}", plural(runs, "run"))
        }
    };
    Block::Words(text.and(words))
}

/// Returns what is known of outcomes that did not occur, or did so rarely.
fn new_outcomes(record: &RepeatRecord, unseen: Option<String>) -> Option<String> {
    let once = record.outcomes.iter().filter(|outcome| outcome.runs == 1);
    let once = once.count() as u64;
    if once == 0 {
        let unseen = unseen?;
        return Some(format!(
            " Unseen outcomes have a share below {unseen} (95% confidence)."
        ));
    }
    let chance = percent(record.summary.new_outcome_share?);
    Some(format!(
        " {} occurred once, so the next run is new with probability {chance} (Good's estimate).",
        grouped(once)
    ))
}

fn is_alike(record: &RepeatRecord) -> bool {
    record.outcomes.len() == 1 && record.runs_with_further_outcomes == 0
}

/// Returns how numbers and times are spread, and how fast the runs were.
fn numbers(record: &RepeatRecord) -> [Block<'static>; 2] {
    let summary = &record.summary;
    let mut quantities = vec![Quantity("time", &summary.elapsed_ns, duration)];
    if record.distribution.len() > 1 {
        quantities.insert(0, Quantity("actual", &summary.actual, decimal));
        if summary.lost.max.is_some() {
            quantities.insert(1, Quantity("lost", &summary.lost, decimal));
        }
    }
    let median = summary.elapsed_ns.median;
    let median = median.map(|median| format!("median time {}", duration(median)));
    let rate = summary.runs_per_second;
    let rate = rate.map(|rate| if rate < 10.0 { rate } else { rate.round() });
    let rate = rate.map(|rate| format!("{} runs/s", decimal(rate)));
    [
        Block::Table(spreads(&quantities, median.unwrap_or_default())),
        Block::words(rate.unwrap_or_default()),
    ]
}

/// Returns what runs that failed wrote to standard error.
fn errors(record: &RepeatRecord) -> Vec<Block<'static>> {
    let failed = record
        .outcomes
        .iter()
        .filter(|outcome| outcome.what.exit != Some(0) && !outcome.standard_error.is_empty());
    failed
        .take(MOST_ERRORS)
        .map(|outcome| {
            let run = format!("Standard error of run {}: ", grouped(outcome.first_run));
            Block::Words(Text::toned(Tone::Faint, run).and(outcome.standard_error.clone()))
        })
        .collect()
}

/// Returns where output was saved.
fn saved(record: &RepeatRecord) -> Option<String> {
    let folder = record.kept.as_ref()?;
    let outcomes = record.outcomes.len() as u64;
    let outputs = plural(outcomes, "outcome");
    Some(format!(
        "Saved in {folder}: N.stdout and N.stderr of the first run of {outputs}."
    ))
}

/// Returns what to try next.
fn advice(record: &RepeatRecord) -> Advice {
    let again = |runs: Option<u64>, extra: &str| {
        let runs = runs
            .filter(|&runs| runs != USUAL_RUNS)
            .map(|runs| format!("-r {runs}"));
        let words = [runs.as_deref().unwrap_or_default(), &record.flags, extra];
        let flags = words
            .iter()
            .filter(|words| !words.is_empty())
            .map(|words| format!("{words} "));
        format!(
            "miscount repeat {}-- {}",
            flags.collect::<String>(),
            record.command
        )
    };
    let runs = record.runs_requested;
    if !is_alike(record) {
        let keep = again(runs, "--keep outcomes");
        let keep = record
            .kept
            .is_none()
            .then_some(("Save one example each", keep));
        return Advice::new(
            "Something differs between runs: the schedule, the time, the environment or chance.",
            keep,
        );
    }
    let flags = || record.flags.split(' ');
    let untried = [
        ("Several at once", "--jobs 4", "--jobs"),
        ("With busy cores", "--stress", "--stress"),
        ("On one core", "--cores one", "--cores"),
        ("On random cores", "--pin random", "--pin"),
    ];
    let untried = untried
        .into_iter()
        .filter(|(_, _, flag)| !flags().any(|typed| typed == *flag))
        .take(2);
    let untried: Vec<_> = untried
        .map(|(why, flags, _)| (why, again(runs, flags)))
        .collect();
    let text = match untried.len() {
        0 => "More runs show rarer outcomes.",
        _ => "Other conditions may show a race:",
    };
    let surer = record.summary.unseen_share.filter(|&share| share > RARE);
    let surer = surer.map(|_| {
        (
            "Enough runs for a share of 0.1%",
            again(None, "--confidence 0.1%"),
        )
    });
    Advice::new(text, untried.into_iter().chain(surer))
}
