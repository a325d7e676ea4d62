//! The totals that are still reachable, with their schedules and chances.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::theme::ScreenTheme;
use super::ends::Row;
use super::view::View;
use crate::game::Sample;
use crate::model::{Completeness, Ending};
use crate::page::{abbreviated, grouped, short_percent};
use crate::term::Tone;

impl View<'_, '_> {
    /// Returns the number of schedules of the sample, if one is shown.
    fn sampled(self) -> Option<String> {
        let game = &self.app.game;
        let sample = game.sample().filter(|sample| sample.runs() > 0)?;
        game.chances().is_none().then(|| grouped(sample.runs()))
    }

    pub(super) fn totals_title(self) -> String {
        match self.sampled() {
            Some(schedules) => format!("sampled: {schedules} schedules"),
            None => "still reachable".into(),
        }
    }

    pub(super) fn totals(self, area: Rect, roomy: bool) -> Vec<Line<'static>> {
        match self.ends() {
            Some(rows) if !self.app.game.system().shown().is_empty() => self.outcomes(&rows, area),
            Some(rows) if roomy => self.table(&rows, area),
            Some(rows) => self.list(&rows, area),
            None => self.theme.wrapped(Tone::Faint, &self.unknown(), area.width),
        }
    }

    fn unknown(self) -> String {
        let game = &self.app.game;
        match game.extent() {
            Completeness::Growing(states) => format!("counting: {} states", grouped(states as u64)),
            Completeness::TooMany if let Some(ending) = game.machine().ending() => match ending {
                Ending::Total(total) => grouped(total),
                ending => ending.text(game.system()),
            },
            Completeness::TooMany if game.sample().is_some_and(Sample::is_hopeless) => {
                "too many states to count, runs too long to sample".into()
            }
            Completeness::TooMany => "too many states to count; sampling schedules".into(),
            Completeness::Known(_) => "unknown".into(),
        }
    }

    /// Returns a heading and the rows in columns.
    fn table(self, rows: &[Row], area: Rect) -> Vec<Line<'static>> {
        let exact = self.app.game.chances().is_some();
        let rows = Row::fold(rows, usize::from(area.height).saturating_sub(1));
        let width = usize::from(area.width);
        let cells: Vec<[String; 3]> = rows.iter().map(cells).collect();
        let widths = |headings: [&str; 3]| {
            let width = |column: usize| {
                let cells = cells.iter().map(|cells| cells[column].chars().count());
                cells.chain([headings[column].len()]).max().unwrap_or(0)
            };
            [width(0), width(1), width(2).max(7)]
        };
        let long = ["total", "schedules", "chance"];
        // The longest note after a row must have room.
        let is_crowded = widths(long).iter().sum::<usize>() + "   correct".len() > width;
        let headings = match (exact, is_crowded) {
            (false, _) => ["total", "", "drawn"],
            (true, false) => long,
            (true, true) => ["total", "ways", "chance"],
        };
        let [name, schedules, chance] = widths(headings);
        let joined = |[a, b, c]: [&str; 3]| format!("{a:>name$} {b:>schedules$} {c:>chance$}");
        let heading = self.theme.line(Tone::Faint, &joined(headings), width);
        let lines = rows.iter().zip(&cells).map(|(row, cells)| {
            let text = joined(cells.each_ref().map(String::as_str));
            let left = width.saturating_sub(text.chars().count() + 1);
            let rest = match row.notes(left) {
                none if none.is_empty() => bar(row.chance, left.min(10), self.theme),
                notes => notes,
            };
            self.theme.line(row.tone, &format!("{text} {rest}"), width)
        });
        let mut lines: Vec<_> = [heading].into_iter().chain(lines).collect();
        lines.extend(self.notes(&rows, area, lines.len()));
        lines
    }

    /// Returns why chances are not as the numbers of schedules are, or why there are no such numbers;
    /// nothing where there is nothing to explain or no room after this number of lines.
    fn notes(self, rows: &[Row], area: Rect, taken: usize) -> Vec<Line<'static>> {
        let schedules: Option<Vec<u128>> = rows.iter().map(|row| row.schedules).collect();
        let texts = match schedules {
            _ if self.app.game.chances().is_none() => return Vec::new(),
            None => &["Threads can spin: schedules are endless."][..],
            Some(schedules) => {
                let all: f64 = schedules.iter().map(|&many| many as f64).sum();
                let mut shares = rows.iter().zip(&schedules);
                if shares.all(|(row, &many)| (row.chance - many as f64 / all).abs() < 0.005) {
                    return Vec::new();
                }
                &["Chance: each step goes to a random ready thread."][..]
            }
        };
        let room = usize::from(area.height).saturating_sub(taken);
        let notes = texts.iter();
        let mut notes = notes.map(|text| self.theme.wrapped(Tone::Faint, text, area.width));
        notes.find(|note| note.len() <= room).unwrap_or_default()
    }

    /// Returns the outcomes of a race program: what they are, and as much of how they come about as
    /// there is room for. Where a line is too short for its notes, they are a sign.
    fn outcomes(self, rows: &[Row], area: Rect) -> Vec<Line<'static>> {
        let width = usize::from(area.width);
        let mut below = self.notes(rows, area, rows.len());
        let room = usize::from(area.height).saturating_sub(below.len());
        let rows = Row::fold(rows, room);
        let columns = |row: &Row, are_brief: bool| {
            let [name, schedules, chance] = cells(row);
            if are_brief {
                [name.replace(" = ", "="), String::new(), chance]
            } else {
                let ways = match &*schedules {
                    "" => String::new(),
                    "1" => "1 way".into(),
                    many => format!("{many} ways"),
                };
                [name, ways, chance]
            }
        };
        let widest = |are_brief: bool, column: usize| {
            let cells = rows
                .iter()
                .map(|row| columns(row, are_brief)[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let note = rows.iter().map(|row| row.notes(width).len()).max();
        // The number of schedules is left out before the words become signs.
        let needed = |columns: &[usize]| {
            let widths = columns.iter().map(|&column| widest(false, column) + 1);
            widths.sum::<usize>() + note.unwrap_or(0)
        };
        let is_brief = needed(&[0, 2]) > width;
        let [name, mut ways, chance] = [0, 1, 2].map(|column| widest(is_brief, column));
        if needed(&[0, 1, 2]) > width {
            ways = 0;
        }
        let lines = rows.iter().flat_map(|row| {
            let cells = columns(row, is_brief);
            if !is_brief {
                let [a, b, c] = cells;
                let ways = if ways == 0 {
                    String::new()
                } else {
                    format!(" {b:>ways$}")
                };
                let text = format!("{a:<name$}{ways} {c:>chance$} {}", row.notes(width));
                return vec![self.theme.line(row.tone, text.trim_end(), width)];
            }
            let head = format!("{:>chance$} {} ", cells[2], row.sign());
            let options = textwrap::Options::new(width.max(1))
                .initial_indent(&head)
                .subsequent_indent("  ")
                .word_separator(textwrap::WordSeparator::AsciiSpace)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            let mut parts = textwrap::wrap(&cells[0], options);
            // Every outcome has a line before one has a second.
            parts.truncate(1 + room.saturating_sub(rows.len()) / rows.len().max(1));
            let parts = parts.into_iter();
            parts
                .map(|part| self.theme.line(row.tone, &part, width))
                .collect()
        });
        let mut lines: Vec<_> = lines.collect();
        lines.append(&mut below);
        lines
    }

    /// Returns the rows without columns, for a small area, below a heading if they are a sample.
    fn list(self, rows: &[Row], area: Rect) -> Vec<Line<'static>> {
        let width = usize::from(area.width);
        let heading = self.sampled();
        let heading = heading.map(|runs| format!("{runs} sampled:"));
        let heading = heading.map(|text| self.theme.line(Tone::Faint, &text, width));
        let room = usize::from(area.height).saturating_sub(usize::from(heading.is_some()));
        let rows = Row::fold(rows, room);
        let lines = rows.iter().map(|row| {
            let [name, schedules, chance] = cells(row);
            let ways = match &*schedules {
                "" => String::new(),
                "1" => " (1 way)".into(),
                many => format!(" ({many} ways)"),
            };
            // The chance matters more than the number of schedules.
            let whole = [&ways, ""].map(|ways| {
                let text = format!("{name}: {chance}{ways}");
                let notes = row.notes(width.saturating_sub(text.len() + 1));
                format!("{text} {notes}").trim_end().to_owned()
            });
            let fits = whole.iter().find(|text| text.len() <= width);
            self.theme.line(row.tone, fits.unwrap_or(&whole[1]), width)
        });
        heading.into_iter().chain(lines).collect()
    }
}

/// Returns the end, its schedules and its chance.
fn cells(row: &Row) -> [String; 3] {
    let schedules = match row.schedules {
        None => String::new(),
        Some(u128::MAX) => "over 3e38".into(),
        // This leaves room for a note.
        Some(schedules) => abbreviated(&schedules.to_string(), 7),
    };
    [row.name(), schedules, short_percent(row.chance)]
}

/// Returns a share as a bar of at most `width` columns, rounded to whole ones.
fn bar(share: f64, width: usize, theme: &ScreenTheme) -> String {
    let is_full = |column: &usize| *column as f64 + 0.5 <= share * width as f64;
    (0..width)
        .filter(is_full)
        .map(|_| theme.signs.full)
        .collect()
}
