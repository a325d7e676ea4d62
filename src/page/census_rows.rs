//! The rows of a census: few outcomes each by itself, many folded into ranges.

use num_bigint::BigUint;

use super::histogram::range;
use crate::record::OutcomeRecord;

/// The most rows.
const MOST_ROWS: usize = 14;

/// One outcome, or a range of totals.
pub(super) struct Row {
    /// The least and the greatest total; `None` for a deadlock.
    totals: Option<(u64, u64)>,
    /// Whether the total is correct; `None` if no total is.
    pub(super) correct: Option<bool>,
    pub(super) schedules: String,
    pub(super) share: Option<f64>,
    pub(super) fair_share: Option<f64>,
    pub(super) switches: Option<u64>,
    pub(super) witness: Option<String>,
}

impl Row {
    pub(super) fn label(&self) -> String {
        self.totals
            .map_or_else(|| "deadlock".into(), |(from, to)| range(from, to))
    }

    fn of(outcomes: &[&OutcomeRecord]) -> Option<Self> {
        let (&first, &last) = (outcomes.first()?, outcomes.last()?);
        let add = |shares: Option<Vec<f64>>| shares.map(|shares| shares.iter().sum());
        let alone = outcomes.len() == 1;
        Some(Self {
            totals: first.end.total.zip(last.end.total),
            correct: if alone {
                first.end.correct
            } else {
                first.end.correct.and(Some(false))
            },
            schedules: sum(outcomes
                .iter()
                .filter_map(|outcome| outcome.schedules.as_deref())),
            share: add(outcomes.iter().map(|outcome| outcome.share).collect()),
            fair_share: add(outcomes.iter().map(|outcome| outcome.fair_share).collect()),
            switches: first.switches.filter(|_| alone),
            witness: first.witness.clone().filter(|_| alone),
        })
    }
}

/// Returns the sum of integers of any size.
pub(super) fn sum<'a>(numbers: impl Iterator<Item = &'a str>) -> String {
    // The numbers of a record always parse.
    let parsed = numbers.map(|number| number.parse::<BigUint>().unwrap_or_default());
    parsed.sum::<BigUint>().to_string()
}

/// Returns the rows: the smallest total, the correct one and every deadlock are never folded.
pub(super) fn rows(outcomes: &[OutcomeRecord]) -> Vec<Row> {
    let all: Vec<&OutcomeRecord> = outcomes.iter().collect();
    if all.len() <= MOST_ROWS {
        return all.chunks(1).filter_map(Row::of).collect();
    }
    let (first, others) = all.split_at(1);
    let is_alone =
        |outcome: &&OutcomeRecord| outcome.end.correct == Some(true) || outcome.end.total.is_none();
    let (alone, folded): (Vec<_>, Vec<&OutcomeRecord>) = others.iter().copied().partition(is_alone);
    let total = |outcome: Option<&&OutcomeRecord>| outcome.and_then(|outcome| outcome.end.total);
    let low = total(folded.first()).unwrap_or(0);
    let high = total(folded.last()).unwrap_or(0);
    let ranges = MOST_ROWS.saturating_sub(1 + alone.len()).max(1);
    let width = (high - low) / ranges as u64 + 1;
    let place = |outcome: &OutcomeRecord| outcome.end.total.map(|total| (total - low) / width);
    let folded = folded.chunk_by(|a, b| place(a) == place(b));
    let rows = first.chunks(1).chain(folded).chain(alone.chunks(1));
    rows.filter_map(Row::of).collect()
}
