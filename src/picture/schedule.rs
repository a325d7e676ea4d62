//! A schedule as a picture for slides: a lane for each thread, a column for each step, and a line that goes
//! to the thread whose turn it is.

use std::fmt::Write as _;

use svg::Document;
use svg::node::element::{Group, Path};

use super::theme::{Colours, dot, group, line, short, words};
use super::{Area, LEFT, RIGHT, SMALL, fitting, lane_name, slide};
use crate::page::{grouped, plural, signed, step_remark, waits_at_end};
use crate::plan::Theme;
use crate::record::{Gap, Happening, LaneMap, StepRecord, WaitingRecord};

/// The most lanes; if there are more threads, neighbours share one.
const MOST_LANES: usize = 12;

/// The most columns; narrower ones cannot be told apart from the last row.
const MOST_COLUMNS: usize = 44;

/// The steps at the beginning and at the end of a turn that are always shown.
const ENDS: usize = 1;

/// The part of the picture with the lanes.
const LANES: Area = Area {
    top: 120.0,
    bottom: 770.0,
};

/// The slope of the words beside a step, in degrees.
const SLOPE: f64 = -55.0;

/// The letters beside steps, and the smallest that can be read.
const LETTERS: f64 = 21.0;
const LEAST_LETTERS: f64 = 12.0;

/// The room to the right of the last step, over which its words lean.
const ROOM_FOR_WORDS: f64 = 130.0;

/// A column of the picture.
enum Column<'a> {
    Step(&'a StepRecord),
    /// Left out, in words.
    Gap(String),
}

/// Returns the picture of a schedule with this title, of which `end` says how it ends, and `good` whether that
/// is as it should be. At its end these threads wait for ever.
pub fn schedule(
    title: &str,
    (end, good): (&str, bool),
    happenings: &[Happening],
    waiting: &[WaitingRecord],
    threads: usize,
    theme: Theme,
) -> String {
    let colours = theme.colours();
    let columns = columns(happenings);
    let lanes = LaneMap::new(threads, MOST_LANES);
    let document: Document = slide(title, end, good, &colours);
    let places = Places { columns, lanes };
    let document = document
        .add(places.lane_lines(&colours))
        .add(places.path(&colours))
        .add(places.steps(&colours))
        .add(places.waits(waiting, &colours))
        .add(legend(&colours, &places));
    format!("{document}\n")
}

/// Returns the columns: all steps if there are few; otherwise the first and the last step of each turn, and of
/// the turns the first and the last.
fn columns(happenings: &[Happening]) -> Vec<Column<'_>> {
    let all = happenings.iter().map(|happening| match happening {
        Happening::Step(step) => Column::Step(step),
        Happening::Gap(gap) => Column::Gap(gap_words(gap)),
    });
    let all: Vec<_> = all.collect();
    let few = if all.len() > MOST_COLUMNS {
        folded(happenings)
    } else {
        all
    };
    if few.len() <= MOST_COLUMNS {
        return few;
    }
    let (first, last) = (MOST_COLUMNS / 2, MOST_COLUMNS / 2 - 1);
    let left_out = few.len() - first - last;
    let gap = Column::Gap(format!("{} columns left out", grouped(left_out as u64)));
    let mut few = few;
    let rest = few.split_off(few.len() - last);
    few.truncate(first);
    few.push(gap);
    few.extend(rest);
    few
}

/// Returns the turns, each without the steps in its middle.
fn folded(happenings: &[Happening]) -> Vec<Column<'_>> {
    let thread = |happening: &Happening| match happening {
        Happening::Step(step) => Some(step.thread.clone()),
        Happening::Gap(_) => None,
    };
    let same = |one: &Happening, other: &Happening| match (thread(one), thread(other)) {
        (Some(one), Some(other)) => one == other,
        // Steps of a turn that are left out belong to it.
        _ => true,
    };
    let mut columns = Vec::new();
    for turn in happenings.chunk_by(same) {
        let overwrites = |happening: &Happening| matches!(happening, Happening::Step(step) if step.overwrites > 0);
        let is_shown =
            |place: usize| place < ENDS || place + ENDS >= turn.len() || overwrites(&turn[place]);
        let mut left_out = 0;
        for (place, happening) in turn.iter().enumerate() {
            match happening {
                Happening::Step(step) if is_shown(place) => {
                    if left_out > 0 {
                        columns.push(Column::Gap(plural(left_out, "step")));
                        left_out = 0;
                    }
                    columns.push(Column::Step(step));
                }
                Happening::Step(_) => left_out += 1,
                Happening::Gap(gap) => match gap.steps_left_out {
                    Some(steps) => left_out += steps,
                    None => columns.push(Column::Gap(gap_words(gap))),
                },
            }
        }
    }
    columns
}

fn gap_words(gap: &Gap) -> String {
    match (gap.steps_left_out, gap.moves_left_out) {
        (Some(steps), _) => plural(steps, "step"),
        (None, turns) => plural(turns.unwrap_or(0), "turn"),
    }
}

/// The places of the columns and lanes.
struct Places<'a> {
    columns: Vec<Column<'a>>,
    lanes: LaneMap,
}

impl Places<'_> {
    fn spacing(&self) -> f64 {
        (RIGHT - ROOM_FOR_WORDS - LEFT) / self.columns.len().max(1) as f64
    }

    fn x(&self, column: usize) -> f64 {
        short(LEFT + self.spacing() * (column as f64 + 0.5))
    }

    /// Returns the height of a step, below the middle of its lane, so that there is room for words.
    fn y(&self, step: &StepRecord) -> f64 {
        let lane = self.lanes.of(step.column());
        let (middle, height) = LANES.lane(lane.min(self.lanes.count() - 1), self.lanes.count());
        short(middle + height * 0.3)
    }

    fn steps_shown(&self) -> impl Iterator<Item = (usize, &StepRecord)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(place, column)| match column {
            Column::Step(step) => Some((place, *step)),
            Column::Gap(_) => None,
        })
    }

    fn lane_lines(&self, colours: &Colours) -> Group {
        let mut lines = Group::new();
        for lane in 0..self.lanes.count() {
            let (middle, height) = LANES.lane(lane, self.lanes.count());
            let y = short(middle + height * 0.3);
            let (first, last) = self.lanes.threads(lane);
            let threads: Vec<_> = (first..=last).collect();
            lines = lines
                .add(line(LEFT, y, RIGHT, y, colours.lane, 2.0))
                .add(lane_name(&threads, y, height.min(60.0)));
        }
        for (place, column) in self.columns.iter().enumerate() {
            if let Column::Gap(left_out) = column {
                let x = self.x(place);
                let gap = line(x, LANES.top, x, LANES.bottom, colours.faint, 3.0);
                let text = words(&format!("… {left_out}"), x, LANES.bottom + 30.0, 24.0);
                lines = lines
                    .add(gap.set("stroke-dasharray", "2 10"))
                    .add(text.set("text-anchor", "middle").set("fill", colours.faint));
            }
        }
        lines
    }

    /// Says at the end of a lane what its thread waits for, where each has a lane of its own.
    fn waits(&self, waiting: &[WaitingRecord], colours: &Colours) -> Group {
        let mut waits = Group::new();
        for thread in waiting {
            let lane = self.lanes.of(thread.column());
            let (first, last) = self.lanes.threads(lane);
            if first != last {
                continue;
            }
            let (middle, height) = LANES.lane(lane, self.lanes.count());
            let size = SMALL.min(height * 0.18);
            let y = short(middle + height * 0.3 + size * 1.1);
            let text = words(&waits_at_end(thread, waiting), RIGHT, y, short(size));
            waits = waits.add(text.set("text-anchor", "end").set("fill", colours.lost));
        }
        waits
    }

    /// Draws the line that goes to the thread whose turn it is.
    fn path(&self, colours: &Colours) -> Path {
        let mut path = String::new();
        let mut before = None;
        for (place, step) in self.steps_shown() {
            let (x, y) = (self.x(place), self.y(step));
            // Writing to a string does not fail.
            let _ = match before {
                None => write!(path, "M{x} {y}"),
                Some((_, height)) if f64::total_cmp(&height, &y).is_eq() => write!(path, "H{x}"),
                Some((from, _)) => {
                    let between = short(f64::midpoint(from, x));
                    write!(path, "H{between}V{y}H{x}")
                }
            };
            before = Some((x, y));
        }
        Path::new()
            .set("d", path)
            .set("fill", "none")
            .set("stroke", colours.text)
            .set("stroke-width", 3)
            .set("stroke-linejoin", "round")
    }

    /// Draws the steps, each with its words if there is room for them.
    fn steps(&self, colours: &Colours) -> Group {
        let (_, height) = LANES.lane(0, self.lanes.count());
        let told: Vec<_> = self.steps_shown().map(|(_, step)| told(step)).collect();
        let longest = told.iter().map(|words| words.chars().count()).max();
        let room = height * 0.75 / SLOPE.to_radians().sin().abs();
        let size = fitting(&"x".repeat(longest.unwrap_or(1)), 0.56, room);
        let size = size.min(LETTERS).min(self.spacing() * 0.9);
        let mut steps = Group::new();
        for ((place, step), told) in self.steps_shown().zip(told) {
            let (x, y) = (self.x(place), self.y(step));
            let kept = step.overwrites == 0;
            steps = steps.add(dot(x, y, (self.spacing() * 0.3).min(10.0), colours, kept));
            if !kept {
                let lost = format!("−{}", grouped(step.overwrites));
                let lost = words(&lost, x, y + 38.0, SMALL).set("text-anchor", "middle");
                steps = steps.add(lost.set("fill", colours.lost).set("font-weight", "bold"));
            }
            if size >= LEAST_LETTERS {
                let (x, y) = (short(x + 4.0), short(y - 16.0));
                let told = words(&told, x, y, short(size));
                let told = told.set("transform", format!("rotate({SLOPE} {x} {y})"));
                let colour = if kept { colours.text } else { colours.lost };
                steps = steps.add(told.set("fill", colour));
            }
        }
        steps
    }
}

/// Returns a step in words.
fn told(step: &StepRecord) -> String {
    let lost = step.woken.filter(|&woken| woken == 0);
    if let Some(remark) = lost.and_then(|_| step_remark(step)) {
        return format!("{} ({remark})", step.instruction);
    }
    match (step.replaced, step.value) {
        (Some(before), Some(after)) => {
            format!(
                "{} ({} → {})",
                step.instruction,
                signed(before),
                signed(after)
            )
        }
        (None, Some(value)) => format!("{} ({})", step.instruction, signed(value)),
        (_, None) => step.instruction.clone(),
    }
}

/// Explains the line and the dots.
fn legend(colours: &Colours, places: &Places<'_>) -> Group {
    let y = 862.0;
    let turn = group([line(LEFT, y - 9.0, LEFT + 56.0, y - 9.0, colours.text, 3.0)]);
    let turn = turn.add(dot(LEFT + 28.0, y - 9.0, 10.0, colours, true));
    let mut legend = turn.add(words("one step of that thread", LEFT + 70.0, y, SMALL));
    if places.steps_shown().any(|(_, step)| step.overwrites > 0) {
        let x = LEFT + 560.0;
        let text = "stale store, and the updates it wipes out";
        legend =
            legend
                .add(dot(x, y - 9.0, 10.0, colours, false))
                .add(words(text, x + 24.0, y, SMALL));
    }
    legend
}
