//! The ends that are left as rows, and many of them folded into few: none is left out.

use super::super::app::App;
use crate::model::{Finish, Goal};
use crate::page::grouped;
use crate::term::Tone;

/// How it can end, or several neighbouring totals together.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The totals, the least and the greatest; `None` for a deadlock.
    totals: Option<(u64, u64)>,
    /// How many schedules end so; `None` where they are not counted but drawn.
    pub(super) schedules: Option<u128>,
    /// The share of fair schedules that end so, or of those that were drawn.
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
                app.about.correct.map(|correct| correct == total),
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

    /// What is special about it; only the first where there is no room for all.
    pub(super) fn notes(&self, room: usize) -> String {
        let notes = [
            (self.goal, "goal"),
            (self.correct, "correct"),
            // Of those that are counted the first is the least, as everybody sees.
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

    /// How much it matters that it has a row of its own.
    fn rank(&self) -> u8 {
        match self {
            Self { totals: None, .. } => 4,
            Self { goal: true, .. } => 3,
            Self { correct: true, .. } => 2,
            Self { least: true, .. } => 1,
            _ => 0,
        }
    }

    fn join(&mut self, next: &Self) {
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
    }
}

/// What is known, exactly or from random schedules, in rising order; `None` where nothing is.
///
/// The least total and the correct one are among the drawn, whether they were drawn or not.
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
    for total in sample.least().into_iter().chain(app.about.correct) {
        ends.entry(Finish::Total(total)).or_default();
    }
    let rows = ends.into_iter().map(|(finish, runs)| {
        let mut row = Row::new(app, finish, None, runs as f64 / sample.runs() as f64);
        row.least = sample.least().map(Finish::Total) == Some(finish);
        row
    });
    Some(rows.collect())
}

/// As few rows as there is room for: totals beside each other are joined, but not those that
/// matter as long as there is room for them.
pub(super) fn folded(rows: Vec<Row>, room: usize) -> Vec<Row> {
    if rows.len() <= room {
        return rows;
    }
    let mut joined = Vec::new();
    for alone in 1..=4 {
        for width in widths() {
            joined = join(&rows, width, alone);
            if joined.len() <= room {
                return joined;
            }
        }
    }
    joined
}

/// 2, 5, 10, 20, 50, ...
fn widths() -> impl Iterator<Item = u64> {
    let tens = (0..20).map(|power| 10_u64.pow(power));
    let all = tens.flat_map(|ten| [1, 2, 5].map(|of| ten.saturating_mul(of)));
    all.skip(1).chain([u64::MAX])
}

/// Joins the totals of the same multiple of a width, except rows of this rank and above.
fn join(rows: &[Row], width: u64, alone: u8) -> Vec<Row> {
    let place = |row: &Row| {
        let total = row.totals.filter(|_| row.rank() < alone);
        total.map(|(least, _)| least / width)
    };
    let mut joined: Vec<(Option<u64>, Row)> = Vec::new();
    for row in rows {
        let at = place(row);
        match joined.last_mut() {
            Some((last, into)) if at.is_some() && *last == at => into.join(row),
            _ => joined.push((at, row.clone())),
        }
    }
    joined.into_iter().map(|(_, row)| row).collect()
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
                let folded = folded(rows.clone(), room);
                assert!(folded.len() <= room, "{room}: {folded:?}");
                assert_eq!(folded.iter().filter_map(|r| r.schedules).sum::<u128>(), 19);
                assert!(folded.iter().any(|row| row.goal), "{room}: {folded:?}");
                let ends = folded.iter().filter_map(|row| row.totals);
                assert!(ends.is_sorted_by(|a, b| a.1 < b.0));
            }
        }
        let names = |room| {
            let rows = folded((2..=20).map(row).collect(), room);
            rows.iter().map(Row::name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(6), "2 3-4 5-9 10-14 15-19 20");
        assert_eq!(names(4), "2 3-9 10-19 20");
        assert_eq!(names(3), "2 3-19 20");
        assert_eq!(names(2), "2-19 20");
        assert_eq!(names(1), "2-20");
    }
}
