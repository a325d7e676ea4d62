//! How quantities grow with another, as curves with error bars; both axes are logarithmic.

use std::fmt::Write as _;

use svg::node::element::{Group, Path};

use super::inline;
use super::theme::{Colours, group, line, short, words};
use crate::page::{Curve, Curves, short as number};

/// The size of the picture, and the edges of the plot in it.
const WIDTH: u32 = 1000;
const HEIGHT: u32 = 520;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 440.0;

/// The size of letters, and the least distance between two lines of them.
const LETTERS: f64 = 18.0;
const APART: f64 = 22.0;

/// The dashes that tell neighbouring curves apart.
const DASHES: [&str; 4] = ["none", "10 6", "2 6", "14 5 2 5"];

/// A logarithmic axis: values between these two lie between these two places.
struct Axis {
    values: [f64; 2],
    places: [f64; 2],
}

impl Axis {
    fn over(values: impl Iterator<Item = f64> + Clone, places: [f64; 2]) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(0.0, f64::max);
        // A single value lies in the middle.
        let room = if least < most { 1.0 } else { 2.0 };
        Self {
            values: [least / room, most * room],
            places,
        }
    }

    fn place(&self, value: f64) -> f64 {
        let [from, to] = self.values.map(f64::ln);
        let [first, last] = self.places;
        short(first + (last - first) * (value.ln() - from) / (to - from))
    }

    /// Returns the round numbers on the axis: 1, 2 and 5 times powers of ten, or the powers alone if these
    /// would be many.
    fn ticks(&self) -> Vec<f64> {
        let [from, to] = self.values;
        let powers = (-12..=15).map(|power| 10_f64.powi(power));
        let steps: &[f64] = if to / from > 300.0 {
            &[1.0]
        } else {
            &[1.0, 2.0, 5.0]
        };
        let ticks = powers.flat_map(|power| steps.iter().map(move |step| power * step));
        ticks.filter(|tick| (from..=to).contains(tick)).collect()
    }
}

/// Returns the curves, as SVG for a page.
pub fn curves(of: &Curves) -> String {
    let points = || of.curves.iter().flat_map(|curve| &curve.points);
    let across = Axis::over(points().map(|point| point.at), [LEFT + 30.0, RIGHT - 30.0]);
    let ends = points().flat_map(|point| [point.low, point.high]);
    let up = Axis::over(ends, [BOTTOM - 15.0, TOP + 15.0]);
    let colours = &Colours::INLINE;
    let drawn = of.curves.iter().zip(0..);
    let drawn = drawn.map(|(curve, place)| draw(curve, place, &across, &up));
    inline((0, 0, WIDTH, HEIGHT), &of.words)
        .set("font-size", LETTERS)
        .add(scales(of, &across, &up, colours))
        .add(group(drawn))
        .add(names(of, &up))
        .to_string()
}

/// Draws the lines of the scales, with their numbers and what they are.
fn scales(of: &Curves, across: &Axis, up: &Axis, colours: &Colours) -> Group {
    let mut scales = Group::new();
    for tick in up.ticks() {
        let y = up.place(tick);
        let text = words(&number(tick), LEFT - 10.0, y + 6.0, LETTERS);
        scales = scales
            .add(line(LEFT, y, RIGHT, y, colours.lane, 1.0))
            .add(text.set("text-anchor", "end").set("fill", colours.faint));
    }
    let mut counts: Vec<f64> = Vec::new();
    for point in of.curves.iter().flat_map(|curve| &curve.points) {
        if !counts.contains(&point.at) {
            counts.push(point.at);
        }
    }
    let mut free = f64::NEG_INFINITY;
    for count in counts {
        let x = across.place(count);
        scales = scales.add(line(x, BOTTOM, x, BOTTOM + 8.0, colours.faint, 2.0));
        let text = count.to_string();
        if x > free {
            free = x + 12.0 * (text.len() as f64 + 1.0);
            let text = words(&text, x, BOTTOM + 30.0, LETTERS);
            scales = scales.add(text.set("text-anchor", "middle").set("fill", colours.faint));
        }
    }
    let below = words(
        of.across,
        f64::midpoint(LEFT, RIGHT),
        BOTTOM + 62.0,
        LETTERS,
    );
    scales
        .add(line(LEFT, BOTTOM, RIGHT, BOTTOM, colours.faint, 2.0))
        .add(below.set("text-anchor", "middle"))
        .add(words(of.up, LEFT - 70.0, TOP - 24.0, LETTERS))
}

/// Returns the colour and the dashes of a curve.
fn look(place: usize) -> (&'static str, &'static str) {
    let colours = &Colours::INLINE;
    let colours = [colours.good, colours.lost, colours.text];
    (
        colours[place % colours.len()],
        DASHES[(place / colours.len()) % DASHES.len()],
    )
}

/// Draws a curve: a line through its points, each with its error bar.
fn draw(curve: &Curve, place: usize, across: &Axis, up: &Axis) -> Group {
    let (colour, dashes) = look(place);
    let mut path = String::new();
    let mut bars = Group::new();
    for (number, point) in curve.points.iter().enumerate() {
        let (x, y) = (across.place(point.at), up.place(point.value));
        let verb = if number == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _ = write!(path, "{verb}{x} {y}");
        let [low, high] = [point.low, point.high].map(|end| up.place(end));
        bars = bars.add(line(x, low, x, high, colour, 2.0));
        for end in [low, high] {
            bars = bars.add(line(x - 6.0, end, x + 6.0, end, colour, 2.0));
        }
    }
    let path = Path::new()
        .set("d", path)
        .set("fill", "none")
        .set("stroke", colour)
        .set("stroke-width", 2.5)
        .set("stroke-dasharray", dashes);
    group([path]).add(bars)
}

/// Writes the names to the right of the curves, each at the height at which its curve ends or as near as
/// there is room, with a piece of its line.
fn names(of: &Curves, up: &Axis) -> Group {
    let ends = of.curves.iter().zip(0..).filter_map(|(curve, place)| {
        let last = curve.points.last()?;
        Some((up.place(last.value), place, &curve.name))
    });
    let mut ends: Vec<_> = ends.collect();
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    // Those below begin where those above leave room; the last ones must not leave the picture.
    let count = ends.len() as f64;
    let mut y = TOP.max(ends.first().map_or(TOP, |end| end.0));
    let mut names = Group::new();
    for (number, (end, place, name)) in ends.into_iter().enumerate() {
        let latest = f64::from(HEIGHT) - APART * (count - number as f64);
        y = short(if number == 0 { end } else { end.max(y + APART) }.min(latest));
        let (colour, dashes) = look(place);
        let sign = line(RIGHT + 15.0, y, RIGHT + 55.0, y, colour, 2.5);
        names = names
            .add(
                sign.set("stroke-dasharray", dashes)
                    .set("stroke-linecap", "butt"),
            )
            .add(words(name, RIGHT + 65.0, y + 6.0, LETTERS).set("fill", colour));
    }
    names
}
