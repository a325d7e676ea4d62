//! The reachable ends as rows; where there is no room for all, neighbouring totals share a row.

use super::view::View;
use crate::model::{Finish, Goal};
use crate::page::grouped;
use crate::stats;
use crate::term::Tone;

/// One way for the game to end, or several neighbouring totals.
#[derive(Clone, Copy, Debug)]
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
        let notes = notes.iter().filter(|(is, _)| *is);
        let mut notes: Vec<_> = notes.map(|(_, note)| *note).collect();
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

    fn join(self, next: Self) -> Self {
        let schedules = self.schedules.zip(next.schedules);
        let is_alike = self.tone == next.tone;
        let tone = if is_alike { self.tone } else { Tone::Plain };
        Self {
            totals: self.totals.zip(next.totals).map(|(a, b)| (a.0, b.1)),
            schedules: schedules.map(|(a, b)| a.saturating_add(b)),
            chance: self.chance + next.chance,
            tone,
            goal: false,
            correct: false,
            least: false,
        }
    }

    /// Joins neighbouring totals until there are at most `room` rows.
    pub(super) fn fold(rows: &[Self], room: usize) -> Vec<Self> {
        let total = |row: &Self| row.totals.map(|(least, _)| least);
        let groups = stats::fold(rows, room, Self::rank, total).into_iter();
        let joined = groups.filter_map(|group| group.iter().copied().reduce(Self::join));
        joined.collect()
    }
}

impl View<'_, '_> {
    /// Returns the ends that are known, from all schedules or from a sample, in rising order; `None`
    /// without either. A sample always includes the least total and the correct one.
    pub(super) fn ends(self) -> Option<Vec<Row>> {
        let game = &self.app.game;
        if let Some(chances) = game.chances() {
            let rows = chances.iter().enumerate().map(|(index, chance)| {
                let row = self.row(chance.finish, Some(chance.schedules), chance.fair);
                let least = index == 0;
                Row { least, ..row }
            });
            return Some(rows.collect());
        }
        let sample = game.sample().filter(|sample| sample.runs() > 0)?;
        let least = game.least_total().map(Finish::Total);
        let correct = self.app.info.correct.map(Finish::Total);
        let mut ends = sample.ends().clone();
        for end in least.into_iter().chain(correct) {
            ends.entry(end).or_default();
        }
        let rows = ends.into_iter().map(|(finish, runs)| {
            let row = self.row(finish, None, runs as f64 / sample.runs() as f64);
            let least = least == Some(finish);
            Row { least, ..row }
        });
        Some(rows.collect())
    }

    fn row(self, finish: Finish, schedules: Option<u128>, chance: f64) -> Row {
        let (total, goal) = match finish {
            Finish::Total(total) => (Some(total), Goal::Total(total)),
            Finish::Deadlock | Finish::Other(_) => (None, Goal::Deadlock),
        };
        let is_correct = match (total, self.app.info.correct) {
            (Some(_), None) => None,
            (total, correct) => Some(total.is_some() && total == correct),
        };
        Row {
            totals: total.map(|total| (total, total)),
            schedules,
            chance,
            tone: match is_correct {
                Some(true) => Tone::Good,
                Some(false) => Tone::Lost,
                None => Tone::Plain,
            },
            goal: self.app.game.goal() == Some(goal),
            correct: is_correct == Some(true),
            least: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_leaves_nothing_out_and_keeps_what_matters() {
        let row = |total, goal| Row {
            totals: Some((total, total)),
            schedules: Some(1),
            chance: 0.05,
            tone: Tone::Lost,
            goal: total == goal,
            correct: total == 20,
            least: total == 2,
        };
        let folded = |goal, room| {
            let rows: Vec<_> = (2..=20).map(|total| row(total, goal)).collect();
            Row::fold(&rows, room)
        };
        for (goal, room) in [2, 7, 19, 20]
            .into_iter()
            .flat_map(|g| (3..=20).map(move |r| (g, r)))
        {
            let folded = folded(goal, room);
            assert!(folded.len() <= room, "{room}: {folded:?}");
            assert_eq!(folded.iter().filter_map(|r| r.schedules).sum::<u128>(), 19);
            assert!(folded.iter().any(|row| row.goal), "{room}: {folded:?}");
            let ends = folded.iter().filter_map(|row| row.totals);
            assert!(ends.is_sorted_by(|a, b| a.1 < b.0));
        }
        for (room, names) in [
            (6, "2 3-4 5-9 10-14 15-19 20"),
            (4, "2 3-9 10-19 20"),
            (3, "2 3-19 20"),
            (2, "2-19 20"),
            (1, "2-20"),
        ] {
            let rows = folded(0, room);
            let rows: Vec<_> = rows.iter().map(Row::name).collect();
            assert_eq!(rows.join(" "), names);
        }
    }
}
