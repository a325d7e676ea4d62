//! A recorded run as a strip for each thread: time from left to right, survived and lost.

use super::wrap::wrap;
use crate::page::duration;
use crate::record::{Explained, LaneMap, Slot, Timeline, label};
use crate::term::{Page, Tone};

/// The most strips; if there are more threads, neighbours share one.
const MOST_STRIPS: usize = 32;

/// Returns the strips with a scale and a legend.
pub(super) fn strip(run: &Explained, page: &Page) -> String {
    let lanes = LaneMap::new(run.log.threads as usize, MOST_STRIPS);
    let name = |lane: usize| match lanes.threads(lane) {
        (first, last) if first == last => label(first),
        (first, last) => [label(first), label(last)].join(page.signs.to),
    };
    let names: Vec<_> = (0..lanes.count()).map(name).collect();
    let margin = names.iter().map(|name| name.chars().count());
    let margin = margin.max().unwrap_or(0);
    let width = page.width.saturating_sub(margin + 1).max(1);
    let timeline = Timeline::of(run, width, lanes).filled(run);
    let column = duration(timeline.end_ns as f64 / width as f64);
    let heading = format!("The whole run, {column} a column:");
    let mut text = wrap(page, &page.palette.paint(Tone::Faint, &heading));
    let strips: Vec<_> = timeline.cells.iter().map(|cells| kinds(cells)).collect();
    for (strip, name) in strips.iter().zip(names) {
        text += &format!("{name:>margin$} {}\n", painted(strip, page));
    }
    let end = duration(timeline.end_ns as f64);
    let scale = format!("0{end:>0$}", width.saturating_sub(1));
    let scale = page.palette.paint(Tone::Faint, &scale);
    text += &format!("{:margin$} {scale}\n", "");
    let shown = |kind: &&Kind| strips.iter().flatten().any(|seen| seen == *kind);
    let legend = Kind::ALL.iter().filter(shown).map(|kind| {
        let (sign, tone, word) = kind.look(page);
        // A sign and its word stay together.
        let word = word.replace(' ', NO_BREAK);
        format!(
            "{}{NO_BREAK}{word}",
            page.palette.paint(tone, &sign.to_string())
        )
    });
    let legend = legend.collect::<Vec<_>>().join("  ");
    text += &wrap(page, &legend).replace(NO_BREAK, " ");
    text
}

/// A space at which no line is broken.
const NO_BREAK: &str = "\u{a0}";

/// What a cell of a strip shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Survived,
    MostSurvived,
    MostLost,
    Lost,
    /// Between two increments of the thread.
    Idle,
    /// Before the first increment of the thread.
    Before,
}

impl Kind {
    /// The kinds that have a sign, in the order of the legend.
    const ALL: [Self; 5] = [
        Self::Survived,
        Self::MostSurvived,
        Self::MostLost,
        Self::Lost,
        Self::Idle,
    ];

    fn look(self, page: &Page) -> (char, Tone, &'static str) {
        let signs = page.signs;
        match self {
            Self::Survived => (signs.full, Tone::Good, "survived"),
            Self::MostSurvived => (signs.mostly_full, Tone::Good, "most survived"),
            Self::MostLost => (signs.mostly_lost, Tone::Lost, "most lost"),
            Self::Lost => (signs.lost, Tone::Lost, "lost"),
            Self::Idle => (signs.idle, Tone::Faint, "waits, or is off its core"),
            Self::Before => (' ', Tone::Plain, ""),
        }
    }
}

/// Returns the cells of a lane, up to the last column with an increment.
fn kinds(cells: &[Slot]) -> Vec<Kind> {
    let done = |cell: &Slot| *cell != Slot::default();
    let first = cells.iter().position(done).unwrap_or(0);
    let end = cells.iter().rposition(done).map_or(0, |last| last + 1);
    let kind = |(column, cell): (usize, &Slot)| match (cell.survived, cell.lost) {
        (0, 0) if column < first => Kind::Before,
        (0, 0) => Kind::Idle,
        (_, 0) => Kind::Survived,
        (0, _) => Kind::Lost,
        (survived, lost) if survived >= lost => Kind::MostSurvived,
        _ => Kind::MostLost,
    };
    cells[..end].iter().enumerate().map(kind).collect()
}

/// Returns the signs, with cells of the same kind painted together.
fn painted(strip: &[Kind], page: &Page) -> String {
    let same = strip.chunk_by(|a, b| a == b);
    same.map(|same| {
        let (sign, tone, _) = same[0].look(page);
        let cells = sign.to_string().repeat(same.len());
        page.palette.paint(tone, &cells)
    })
    .collect()
}
