//! The whole run as a strip per thread: time from left to right, survived and lost.

use super::super::super::lanes::{Cell, Lanes};
use super::super::super::numbers::duration;
use super::super::wrap::wrap;
use crate::report::record::trace::{Explained, label};
use crate::term::{Page, Tone};

/// The most strips; where there are more threads, neighbours share one.
const MOST_STRIPS: usize = 32;

/// The strips, with a scale and a legend.
pub(super) fn strips(run: &Explained, page: &Page) -> Option<String> {
    if run.log.reads.is_empty() {
        return None;
    }
    let name = |lanes: &Lanes, lane: usize| match lanes.threads(lane) {
        (first, last) if first == last => label(first),
        (first, last) => [label(first), label(last)].join(page.signs.to),
    };
    let bare = Lanes::of(run, 1, MOST_STRIPS);
    let names: Vec<_> = (0..bare.cells.len())
        .map(|lane| name(&bare, lane))
        .collect();
    let margin = names.iter().map(|name| name.chars().count()).max()?;
    let width = page.width.saturating_sub(margin + 1).max(1);
    let lanes = Lanes::of(run, width, MOST_STRIPS).filled(run);
    let column = duration(lanes.end_ns as f64 / width as f64, page.signs);
    let heading = format!("The whole run, {column} a column:");
    let mut text = wrap(page, &page.palette.paint(Tone::Faint, &heading));
    for (cells, name) in lanes.cells.iter().zip(names) {
        text += &format!("{name:>margin$} {}", strip(cells, page).trim_end());
        text += "\n";
    }
    let end = duration(lanes.end_ns as f64, page.signs);
    let scale = format!("0{end:>0$}", width.saturating_sub(1));
    let scale = page.palette.paint(Tone::Faint, &scale);
    text += &format!("{:margin$} {scale}\n", "");
    let signs = page.signs;
    let kinds = [
        (signs.full, Tone::Good, "survived"),
        (signs.mostly_full, Tone::Good, "most of it"),
        (signs.mostly_lost, Tone::Lost, "most lost"),
        (signs.lost, Tone::Lost, "lost"),
    ];
    let legend = kinds.map(|(sign, tone, word)| {
        format!("{} {word}", page.palette.paint(tone, &sign.to_string()))
    });
    text += &wrap(page, &legend.join("  "));
    Some(text)
}

/// Cells of the same kind are painted together.
fn strip(cells: &[Cell], page: &Page) -> String {
    let kind = |cell: &Cell| match (cell.survived, cell.lost) {
        (0, 0) => (' ', Tone::Plain),
        (_, 0) => (page.signs.full, Tone::Good),
        (0, _) => (page.signs.lost, Tone::Lost),
        (survived, lost) if survived >= lost => (page.signs.mostly_full, Tone::Good),
        _ => (page.signs.mostly_lost, Tone::Lost),
    };
    let kinds: Vec<_> = cells.iter().map(kind).collect();
    let same = kinds.chunk_by(|a, b| a == b);
    same.map(|same| {
        let (sign, tone) = same[0];
        page.palette
            .paint(tone, &sign.to_string().repeat(same.len()))
    })
    .collect()
}
