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
            totals: first.total.zip(last.total),
            correct: if alone {
                first.correct
            } else {
                first.correct.and(Some(false))
            },
            schedules: sum(outcomes.iter().map(|outcome| outcome.schedules.as_str())),
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
    let single = |outcome: &OutcomeRecord| Row::of(&[outcome]);
    if outcomes.len() <= MOST_ROWS {
        return outcomes.iter().filter_map(single).collect();
    }
    let alone = |index: usize, outcome: &OutcomeRecord| {
        index == 0 || outcome.correct == Some(true) || outcome.total.is_none()
    };
    let (mut rows, mut behind) = (Vec::new(), Vec::new());
    let mut folded: Vec<&OutcomeRecord> = Vec::new();
    for (index, outcome) in outcomes.iter().enumerate() {
        if !alone(index, outcome) {
            folded.push(outcome);
        } else if index == 0 {
            rows.extend(single(outcome));
        } else {
            behind.extend(single(outcome));
        }
    }
    let ranges = MOST_ROWS.saturating_sub(rows.len() + behind.len()).max(1);
    let total = |outcome: Option<&&OutcomeRecord>| outcome.and_then(|outcome| outcome.total);
    if let (Some(low), Some(high)) = (total(folded.first()), total(folded.last())) {
        let width = (high - low) / ranges as u64 + 1;
        let place = |outcome: &OutcomeRecord| outcome.total.map(|total| (total - low) / width);
        let same = folded.chunk_by(|a, b| place(a) == place(b));
        rows.extend(same.filter_map(Row::of));
    }
    rows.extend(behind);
    rows
}
