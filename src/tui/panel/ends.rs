//! The reachable ends as rows; where there is no room for all, neighbouring totals share a row.

use super::super::app::App;
use crate::model::{Finish, Goal};
use crate::page::grouped;
use crate::stats::fold;
use crate::term::Tone;

/// One way for the game to end, or several neighbouring totals.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The least and the greatest total; `None` for a deadlock.
    totals: Option<(u64, u64)>,
    /// The number of schedules that end this way; `None` if they are drawn, not counted.
    pub(super) schedules: Option<u128>,
    /// The share of fair schedules, or of the drawn ones, that end this way.
    pub(super) chance: f64,
    pub(super) tone: Tone,
    goal: bool,
    correct: bool,
    least: bool,
}

impl Row {
    fn new(app: &App<'_>, finish: Finish, schedules: Option<u128>, chance: f64) -> Self {
        let (totals, goal, correct) = match finish {
            Finish::Total(total) => (
                Some((total, total)),
                Goal::Total(total),
                app.info.correct.map(|correct| correct == total),
            ),
            Finish::Deadlock => (None, Goal::Deadlock, Some(false)),
        };
        Self {
            totals,
            schedules,
            chance,
            tone: match correct {
                Some(true) => Tone::Good,
                Some(false) => Tone::Lost,
                None => Tone::Plain,
            },
            goal: app.game.goal() == Some(goal),
            correct: correct == Some(true),
            least: false,
        }
    }

    pub(super) fn name(&self) -> String {
        match self.totals {
            None => "deadlock".into(),
            Some((least, most)) if least == most => grouped(least),
            Some((least, most)) => format!("{}-{}", grouped(least), grouped(most)),
        }
    }

    /// Returns the notes on it; only the first if there is no room for all.
    pub(super) fn notes(&self, room: usize) -> String {
        let notes = [
            (self.goal, "goal"),
            (self.correct, "correct"),
            // The least counted total is the first row anyway.
            (self.least && self.schedules.is_none(), "minimum"),
        ];
        let notes = notes
            .into_iter()
            .filter_map(|(is, note)| is.then_some(note));
        let mut notes: Vec<_> = notes.collect();
        if notes.join(", ").len() > room {
            notes.truncate(1);
        }
        notes.join(", ")
    }

    /// Returns how long it keeps a row of its own: the highest rank the longest.
    fn rank(&self) -> u8 {
        match self {
            Self { goal: true, .. } => 3,
            Self { correct: true, .. } => 2,
            Self { least: true, .. } => 1,
            _ => 0,
        }
    }

    fn join(mut self, next: &Self) -> Self {
        self.totals = self
            .totals
            .zip(next.totals)
            .map(|(a, b)| (a.0.min(b.0), a.1.max(b.1)));
        self.schedules = self
            .schedules
            .zip(next.schedules)
            .map(|(a, b)| a.saturating_add(b));
        self.chance += next.chance;
        if self.tone != next.tone {
            self.tone = Tone::Plain;
        }
        (self.goal, self.correct, self.least) = (false, false, false);
        self
    }
}

/// Returns the ends that are known, from all schedules or from a sample, in rising order; `None`
/// without either. A sample always includes the least total and the correct one.
pub(super) fn rows(app: &App<'_>) -> Option<Vec<Row>> {
    if let Some(chances) = app.game.chances() {
        let row = |c: &crate::model::Chance| Row::new(app, c.finish, Some(c.schedules), c.fair);
        let mut rows: Vec<_> = chances.iter().map(row).collect();
        if let Some(first) = rows.first_mut() {
            first.least = true;
        }
        return Some(rows);
    }
    let sample = app.game.sample().filter(|sample| sample.runs() > 0)?;
    let mut ends = sample.ends().clone();
    for total in sample.least().into_iter().chain(app.info.correct) {
        ends.entry(Finish::Total(total)).or_default();
    }
    let rows = ends.into_iter().map(|(finish, runs)| {
        let mut row = Row::new(app, finish, None, runs as f64 / sample.runs() as f64);
        row.least = sample.least().map(Finish::Total) == Some(finish);
        row
    });
    Some(rows.collect())
}

/// Joins neighbouring totals until there are at most `room` rows.
pub(super) fn folded(rows: &[Row], room: usize) -> Vec<Row> {
    let total = |row: &Row| row.totals.map(|(least, _)| least);
    let groups = fold(rows, room, Row::rank, total).into_iter();
    let joined =
        groups.filter_map(|group| group.iter().cloned().reduce(|row, next| row.join(&next)));
    joined.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(total: u64) -> Row {
        Row {
            totals: Some((total, total)),
            schedules: Some(1),
            chance: 0.05,
            tone: Tone::Lost,
            goal: false,
            correct: total == 20,
            least: total == 2,
        }
    }

    #[test]
    fn folding_leaves_nothing_out() {
        for goal in [2, 7, 19, 20] {
            let mut rows: Vec<_> = (2..=20).map(row).collect();
            rows[goal - 2].goal = true;
            for room in 3..=20 {
                let folded = folded(&rows, room);
                assert!(folded.len() <= room, "{room}: {folded:?}");
                assert_eq!(folded.iter().filter_map(|r| r.schedules).sum::<u128>(), 19);
                assert!(folded.iter().any(|row| row.goal), "{room}: {folded:?}");
                let ends = folded.iter().filter_map(|row| row.totals);
                assert!(ends.is_sorted_by(|a, b| a.1 < b.0));
            }
        }
        let names = |room| {
            let rows: Vec<_> = (2..=20).map(row).collect();
            let rows = folded(&rows, room);
            rows.iter().map(Row::name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(6), "2 3-4 5-9 10-14 15-19 20");
        assert_eq!(names(4), "2 3-9 10-19 20");
        assert_eq!(names(3), "2 3-19 20");
        assert_eq!(names(2), "2-19 20");
        assert_eq!(names(1), "2-20");
    }
}
