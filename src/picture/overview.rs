//! The whole run: lanes of time, folded into columns.

use std::fmt::Write as _;

use svg::node::element::{Group, Path};

use super::theme::{Colours, group, line, short, words};
use super::{Area, LEFT, RIGHT, SMALL, lane_name};
use crate::page::duration;
use crate::record::{Explained, LaneMap, Slot, Timeline};

/// The number of columns; narrower ones cannot be told apart from the last row.
const COLUMNS: u16 = 355;

/// The width of a column in pixels.
const COLUMN: f64 = (RIGHT - LEFT) / COLUMNS as f64;

/// The most lanes; if there are more threads, neighbours share one.
const MOST_LANES: usize = 16;

pub(super) fn draw(run: &Explained, area: Area, colours: &Colours) -> Group {
    let lanes = LaneMap::new(run.log.threads as usize, MOST_LANES);
    let timeline = Timeline::of(run, COLUMNS.into(), lanes);
    let lineage = lineage(&timeline, area, colours);
    let timeline = timeline.filled(run);
    let lanes = timeline.cells.iter().enumerate();
    group(lanes.map(|(lane, cells)| draw_lane(&timeline, lane, cells, area, colours)))
        .add(lineage)
        .add(worst(run, &timeline, area, colours))
        .add(scale(&timeline, area, colours))
}

/// Draws a lane: in each column what survived, and above it what was lost.
fn draw_lane(
    timeline: &Timeline,
    lane: usize,
    cells: &[Slot],
    area: Area,
    colours: &Colours,
) -> Group {
    let (middle, height) = area.lane(lane, timeline.cells.len());
    let bar = height * 0.8;
    let (top, bottom) = (middle - bar / 2.0, middle + bar / 2.0);
    let (mut good, mut lost) = (String::new(), String::new());
    let share = |cell: &Slot| {
        let all = cell.survived + cell.lost;
        (all > 0).then(|| short(bar * cell.survived as f64 / all as f64))
    };
    let shares: Vec<_> = cells.iter().map(share).collect();
    let mut column = 0;
    // Neighbours that look alike are one bar.
    for same in shares.chunk_by(|a, b| a == b) {
        if let Some(survived) = same[0] {
            let x = LEFT + COLUMN * column as f64;
            let width = COLUMN * same.len() as f64;
            let edge = short(bottom - survived);
            let bar = |path: &mut String, top: f64, bottom: f64| {
                if bottom - top > 0.05 {
                    let (top, tall) = (short(top), short(bottom - top));
                    // Writing to a string does not fail.
                    let _ = write!(path, "M{x} {top}h{width}v{tall}h-{width}z");
                }
            };
            bar(&mut good, edge, bottom);
            bar(&mut lost, top, edge);
        }
        column += same.len();
    }
    let bars = |path: String, colour, opacity| {
        let path = Path::new().set("d", path).set("fill", colour);
        path.set("opacity", opacity)
    };
    let (first, last) = timeline.lanes.threads(lane);
    let threads: Vec<_> = (first..=last).collect();
    group([line(LEFT, middle, RIGHT, middle, colours.lane, 2.0)])
        .add(bars(good, colours.good, 0.55))
        .add(bars(lost, colours.lost, 0.45))
        .add(lane_name(&threads, middle, height))
}

/// Draws the lineage, which hops between lanes: in each column it is in the lane with the most
/// survivors.
fn lineage(timeline: &Timeline, area: Area, colours: &Colours) -> Path {
    let columns = timeline.cells.first().map_or(0, Vec::len);
    let middle = |lane: usize| short(area.lane(lane, timeline.cells.len()).0);
    let mut path = String::new();
    let mut at = None;
    for column in 0..columns {
        let survivors = |&lane: &usize| timeline.cells[lane][column].survived;
        let most = (0..timeline.cells.len()).rev().max_by_key(survivors);
        let Some(lane) = most.filter(|lane| survivors(lane) > 0) else {
            continue;
        };
        let x = short(LEFT + COLUMN * (column as f64 + 0.5));
        let _ = match at {
            None => write!(path, "M{LEFT} {}H{x}", middle(lane)),
            Some(before) if before == lane => write!(path, "H{x}"),
            Some(_) => write!(path, "L{x} {}", middle(lane)),
        };
        at = Some(lane);
    }
    Path::new()
        .set("d", path)
        .set("fill", "none")
        .set("stroke", colours.text)
        .set("stroke-width", 3)
        .set("stroke-linejoin", "round")
}

/// Draws the heading, and marks the worst overwrite.
fn worst(run: &Explained, timeline: &Timeline, area: Area, colours: &Colours) -> Group {
    let above = area.top - 18.0;
    let heading = |x: f64, anchor: &str| {
        let heading = words("The whole run", x, above, SMALL).set("text-anchor", anchor);
        group([heading.set("fill", colours.faint)])
    };
    let Some((by, _)) = run.longest_streak() else {
        return heading(LEFT, "start");
    };
    let x = LEFT + COLUMN * (timeline.column(run.time(by)) as f64 + 0.5);
    // The words begin or end at the line; the heading makes room for them.
    let is_left = x < f64::midpoint(LEFT, RIGHT);
    let anchor = if is_left { "start" } else { "end" };
    let heading = if x < LEFT + 260.0 {
        heading(RIGHT, "end")
    } else {
        heading(LEFT, "start")
    };
    let mark = line(x, area.top - 6.0, x, area.bottom, colours.lost, 3.0);
    let note = words("largest loss: see below", short(x), above, SMALL).set("text-anchor", anchor);
    heading
        .add(mark.set("stroke-dasharray", "8 6"))
        .add(note.set("fill", colours.lost))
}

/// Writes the times of the two ends, and explains gaps in lanes.
fn scale(timeline: &Timeline, area: Area, colours: &Colours) -> Group {
    let end = duration(timeline.end_ns as f64);
    let y = area.bottom + 34.0;
    let start = words("start", LEFT, y, SMALL);
    let end = words(&end, RIGHT, y, SMALL).set("text-anchor", "end");
    let mut scale = group([start, end]).set("fill", colours.faint);
    if timeline.has_gaps() {
        let gap = "gaps: the thread waits, or is off its core";
        let gap = words(gap, f64::midpoint(LEFT, RIGHT), y, SMALL);
        scale = scale.add(gap.set("text-anchor", "middle"));
    }
    scale
}
