//! The reachable ends as rows; where there is no room for all, neighbouring ones share a row.

use super::view::View;
use crate::model::{Chance, Ending, Finish};
use crate::page::{grouped, plural};
use crate::stats;
use crate::term::Tone;

/// One way for the game to end, or several neighbouring ones.
#[derive(Clone, Debug)]
pub(super) struct Row {
    end: End,
    /// What it is sorted by, and then its place among all.
    order: (u8, Vec<i64>),
    place: u64,
    /// The number of schedules that end this way; `None` if they are drawn, or have no end.
    pub(super) schedules: Option<u128>,
    /// Whether they are drawn.
    is_drawn: bool,
    /// The share of fair schedules, or of the drawn ones, that end this way.
    pub(super) chance: f64,
    pub(super) tone: Tone,
    goal: bool,
    correct: Option<bool>,
    least: bool,
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// The totals from one to another.
    Totals(u64, u64),
    /// A deadlock.
    Deadlock,
    /// An outcome of a race program, in words.
    Outcome(String),
    /// This many outcomes of a race program.
    Outcomes(u64),
}

impl Row {
    pub(super) fn name(&self) -> String {
        match &self.end {
            End::Deadlock => "deadlock".into(),
            End::Totals(least, most) if least == most => grouped(*least),
            End::Totals(least, most) => format!("{}-{}", grouped(*least), grouped(*most)),
            End::Outcome(text) => text.clone(),
            End::Outcomes(many) => plural(*many, "outcome"),
        }
    }

    /// Returns the notes on it; only the first if there is no room for all.
    pub(super) fn notes(&self, room: usize) -> String {
        let notes = [
            (self.goal, "goal"),
            (self.correct == Some(true), "correct"),
            (self.is_wrong() && !self.goal, "wrong"),
            // The least counted total is the first row anyway.
            (self.least && self.is_drawn, "minimum"),
        ];
        let notes = notes.iter().filter(|(is, _)| *is);
        let mut notes: Vec<_> = notes.map(|(_, note)| *note).collect();
        if notes.join(", ").len() > room {
            notes.truncate(1);
        }
        notes.join(", ")
    }

    /// Returns whether it is wrong and no total: of totals, the correct one has a note.
    fn is_wrong(&self) -> bool {
        matches!(self.end, End::Outcome(_) | End::Deadlock) && self.correct == Some(false)
    }

    /// Returns a sign for its notes, where there is no room for words.
    pub(super) fn sign(&self) -> char {
        match self.correct {
            _ if self.goal => '*',
            Some(true) => '+',
            Some(false) => '!',
            None => ' ',
        }
    }

    /// Returns how long it keeps a row of its own: the highest rank the longest.
    fn rank(&self) -> u8 {
        match self {
            Self { goal: true, .. } => 3,
            Self {
                correct: Some(true),
                ..
            } => 2,
            Self { least: true, .. } => 1,
            _ => 0,
        }
    }

    fn join(self, next: &Self) -> Self {
        let schedules = self.schedules.zip(next.schedules);
        let is_alike = self.tone == next.tone;
        let tone = if is_alike { self.tone } else { Tone::Plain };
        let outcomes = |end: &End| match end {
            End::Outcomes(many) => *many,
            _ => 1,
        };
        Self {
            end: match (&self.end, &next.end) {
                (End::Totals(least, _), End::Totals(_, most)) => End::Totals(*least, *most),
                (end, next) => End::Outcomes(outcomes(end) + outcomes(next)),
            },
            schedules: schedules.map(|(a, b)| a.saturating_add(b)),
            chance: self.chance + next.chance,
            tone,
            goal: false,
            correct: None,
            least: false,
            ..self
        }
    }

    /// Joins neighbouring rows until there are at most `room`.
    pub(super) fn fold(rows: &[Self], room: usize) -> Vec<Self> {
        let key = |row: &Self| match row.end {
            End::Totals(least, _) => Some(least),
            End::Outcome(_) | End::Outcomes(_) => Some(row.place),
            End::Deadlock => None,
        };
        let groups = stats::fold(rows, room, Self::rank, key).into_iter();
        let joined = groups.filter_map(|group| {
            let (first, others) = group.split_first()?;
            Some(others.iter().fold(first.clone(), Self::join))
        });
        joined.collect()
    }
}

impl View<'_, '_> {
    /// Returns the ends that are known, from all schedules or from a sample, in rising order; `None`
    /// without either. A sample always includes the least total and the correct one.
    pub(super) fn ends(self) -> Option<Vec<Row>> {
        let game = &self.app.game;
        let mut rows: Vec<Row>;
        if let Some(chances) = game.chances() {
            let row = |(index, chance): (usize, &Chance)| Row {
                schedules: chance.schedules,
                least: index == 0 && matches!(chance.finish, Finish::Total(_)),
                ..self.row(chance.finish, chance.fair)
            };
            rows = chances.iter().enumerate().map(row).collect();
        } else {
            let sample = game.sample().filter(|sample| sample.runs() > 0)?;
            let least = game.least_total().map(Finish::Total);
            let correct = self.app.info.correct_total().map(Finish::Total);
            let mut ends = sample.ends().clone();
            for end in least.into_iter().chain(correct) {
                ends.entry(end).or_default();
            }
            let row = |(finish, runs)| Row {
                is_drawn: true,
                least: least == Some(finish),
                ..self.row(finish, runs as f64 / sample.runs() as f64)
            };
            rows = ends.into_iter().map(row).collect();
        }
        rows.sort_by(|a, b| a.order.cmp(&b.order));
        for (row, place) in rows.iter_mut().zip(0..) {
            row.place = place;
        }
        Some(rows)
    }

    fn row(self, finish: Finish, chance: f64) -> Row {
        let game = &self.app.game;
        let (end, ending) = match finish {
            Finish::Total(total) => (End::Totals(total, total), Ending::Total(total)),
            Finish::Deadlock => (End::Deadlock, Ending::Deadlock(Vec::new())),
            Finish::Other(index) => {
                let ending = game.outlook().ending(index).cloned();
                let ending = ending.unwrap_or(Ending::Livelock);
                (End::Outcome(ending.text(game.system())), ending)
            }
        };
        let correct = self.app.info.is_correct(&ending);
        Row {
            end,
            place: 0,
            order: order(&ending),
            schedules: None,
            is_drawn: false,
            chance,
            tone: match correct {
                Some(true) => Tone::Good,
                Some(false) => Tone::Lost,
                None => Tone::Plain,
            },
            goal: game.goal().is_some_and(|goal| goal.accepts(&ending)),
            correct,
            least: false,
        }
    }
}

/// Returns what an end is sorted by: totals or values in rising order, failures, then a livelock and
/// a deadlock.
fn order(ending: &Ending) -> (u8, Vec<i64>) {
    match ending {
        // The totals are in rising order already, and need not fit.
        Ending::Total(_) => (0, Vec::new()),
        Ending::Values(values) => (1, values.iter().map(|value| value.cast_signed()).collect()),
        Ending::Failed(..) => (2, Vec::new()),
        Ending::Livelock => (3, Vec::new()),
        Ending::Deadlock(_) => (4, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_leaves_nothing_out_and_keeps_what_matters() {
        let row = |total, goal| Row {
            end: End::Totals(total, total),
            order: (0, Vec::new()),
            place: total,
            schedules: Some(1),
            is_drawn: false,
            chance: 0.05,
            tone: Tone::Lost,
            goal: total == goal,
            correct: Some(total == 20),
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
            let ends = folded.iter().filter_map(|row| match row.end {
                End::Totals(least, most) => Some((least, most)),
                _ => None,
            });
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
