//! The report of a command that was run again and again.

use super::advice::Advice;
use super::document::{Block, Document, Section};
use super::made::made;
use super::numbers::{decimal, duration, grouped, percent, plural};
use super::repeat_table::{colour, outcome_label, outcomes};
use super::sentences::{ended, estimate};
use super::spreads::{Quantity, spreads};
use super::text::Text;
use crate::record::{RepeatOutcomeRecord, RepeatRecord, StopReason, UntilKind};
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
    // The verdict names the run that was found.
    let ended = ended.filter(|_| !is_found(record));
    let notes = [ended, saved(record)]
        .into_iter()
        .flatten()
        .map(Block::words);
    sections.push(Section::untitled(notes.collect::<Vec<_>>()));
    if runs > 0 {
        sections.push(Section::advice(advice(record)));
    }
    let mut title = format!(": {}, {}", record.command, plural(runs, "run"));
    if let Some(expected) = expected(record) {
        title += &format!(", expected {expected}");
    }
    Document {
        made: made(&record.environment),
        lead,
        ..Document::new(Text::toned(Tone::Strong, "repeat").and(title), sections)
    }
}

/// Returns the correct outcome, if one was given.
fn expected(record: &RepeatRecord) -> Option<String> {
    let number = record.expected.map(grouped);
    number.or_else(|| record.expected_text.clone())
}

fn is_found(record: &RepeatRecord) -> bool {
    record.stopped == StopReason::Found
}

/// Returns the outcome that `--until` found, if no run had it before.
fn found(record: &RepeatRecord) -> Option<&RepeatOutcomeRecord> {
    let is_last = |outcome: &&RepeatOutcomeRecord| outcome.first_run == record.runs_completed;
    record
        .outcomes
        .iter()
        .find(|outcome| is_found(record) && is_last(outcome))
}

/// Returns what came of `--until`, how many runs were wrong, how many outcomes there were, and how sure
/// that is.
fn verdict(record: &RepeatRecord) -> Block<'static> {
    let mut sentences = Vec::from_iter(searched(record));
    // A run that was looked for says nothing of the others.
    if !(is_found(record) && record.runs_completed == 1) {
        sentences.extend(correctness(record));
        sentences.push(variety(record).into());
    }
    let sentences = sentences.into_iter();
    let joined = sentences.reduce(|before, sentence| before.and(" ").and(sentence));
    Block::Words(joined.unwrap_or_default())
}

/// Returns which run `--until` found, or that it found none where the rest of the verdict does not say so.
fn searched(record: &RepeatRecord) -> Option<Text> {
    let until = record.until.as_ref()?;
    let condition = &until.condition;
    if is_found(record) {
        let run = grouped(record.runs_completed);
        let all = record
            .runs_requested
            .map(|all| format!(" of {}", grouped(all)));
        let run = format!("run {run}{}", all.unwrap_or_default());
        let Some(RepeatOutcomeRecord { what, .. }) = found(record) else {
            return Some(format!("Found: {run} fulfils --until {condition}.").into());
        };
        let label = outcome_label(what, record.each_ns);
        let ended = if what.timed_out { "" } else { "ended with " };
        let is_other = what.correct == Some(false) && what.exit == Some(0);
        let instead = expected(record).filter(|_| is_other);
        let instead = instead.map(|expected| format!(" instead of {expected}"));
        let words = format!("{run} {ended}{label}{}", instead.unwrap_or_default());
        return Some(
            Text::from("Found: ")
                .and(Text::toned(colour(what), words))
                .and("."),
        );
    }
    match until.kind {
        UntilKind::Outcome | UntilKind::Expected => None,
        UntilKind::Exit => Some(format!(
            "No run ended with exit status {condition}; for the output {condition}, write --until \
             '^{condition}$'."
        )),
        UntilKind::Output if condition.starts_with(['\'', '"']) => Some(format!(
            "No line of any run matched the regular expression {condition}."
        )),
        UntilKind::Output => Some(format!(
            "No line of any run matched the regular expression '{condition}'."
        )),
    }
    .map(Text::from)
}

/// Returns how many runs were wrong, if it is known what is correct.
fn correctness(record: &RepeatRecord) -> Option<Text> {
    let (summary, runs) = (&record.summary, record.runs_completed);
    let (expected, wrong) = expected(record).zip(summary.runs_wrong)?;
    if wrong == 0 {
        let all = match runs {
            1 => "The run".into(),
            _ => format!("All {} runs", grouped(runs)),
        };
        return Some(Text::toned(
            Tone::Good,
            format!("{all} ended with {expected}."),
        ));
    }
    let words = format!(
        "{} of {} did not end with {expected}",
        grouped(wrong),
        plural(runs, "run")
    );
    let share = estimate(summary.runs_wrong_share, summary.runs_wrong_interval);
    Some(Text::toned(Tone::Lost, words).and(share + "."))
}

/// Returns how many outcomes there were, and how sure it is that there are no others.
fn variety(record: &RepeatRecord) -> String {
    let runs = record.runs_completed;
    // Three runs or fewer say nothing of the others.
    let unseen = record.summary.unseen_share.filter(|&share| share < 1.0);
    match (is_alike(record), unseen.map(percent)) {
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
            // Estimates hold for a number of runs that does not depend on their outcomes.
            let unseen = new_outcomes(record, unseen).filter(|_| !is_found(record));
            let unseen = unseen.unwrap_or_default();
            format!("{outcomes} in {}.{unseen}", plural(runs, "run"))
        }
    }
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

/// Returns what runs that were looked for, were wrong or failed wrote to standard error.
fn errors(record: &RepeatRecord) -> Vec<Block<'static>> {
    let found = found(record);
    let is_bad = |outcome: &&RepeatOutcomeRecord| {
        colour(&outcome.what) == Tone::Lost && Some(outcome.outcome) != found.map(|of| of.outcome)
    };
    let bad = record.outcomes.iter().filter(is_bad);
    let outcomes = found.into_iter().chain(bad);
    outcomes
        .filter(|outcome| !outcome.standard_error.is_empty())
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
    let until = record.until.as_ref();
    let until = until.map(|until| format!("--until {}", until.condition));
    let until = until.as_deref().unwrap_or_default();
    let typed = |until: &str, runs: Option<u64>, extra: &str| {
        let runs = runs
            .filter(|&runs| runs != USUAL_RUNS)
            .map(|runs| format!("-r {runs}"));
        let runs = runs.as_deref().unwrap_or_default();
        let words = [runs, until, &record.flags, extra];
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
    let again = |runs, extra: &str| typed(until, runs, extra);
    let runs = record.runs_requested;
    let (is_alike, is_found) = (is_alike(record), is_found(record));
    if !is_alike || is_found {
        let text = if is_alike {
            "One such run does not tell how often there is one."
        } else {
            "Something differs between runs: the schedule, the time, the environment or chance."
        };
        let often = is_found.then(|| ("See how often", typed("", runs, "")));
        let keep = record.kept.is_none();
        let keep = keep.then(|| ("Save one example each", again(runs, "--keep outcomes")));
        return Advice::new(text, often.into_iter().chain(keep));
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
