//! A traced run as a picture for slides: large letters, few words, no detail too small to see.
//!
//! The upper part is the whole run: a lane for each thread, time from left to right, in each column
//! the share of its increments that survived, and the lineage that hops between the lanes. The lower
//! part shows the stores around the worst overwrite one by one. A short run has only the lower part,
//! with all its stores.

mod counts;
mod curves;
mod detail;
mod excerpt;
mod overview;
mod places;
mod schedule;
mod theme;

use svg::Document;
use svg::node::element::{Description, Group, Rectangle, Text, Title};

use crate::page::{grouped, plural};
use crate::plan::Theme;
use crate::record::{Explained, TraceRecord, label};

pub use curves::curves;
pub use schedule::schedule;
use theme::{Colours, dot, group, line, rectangle, short, words};

/// The size of a slide.
const WIDTH: f64 = 1600.0;
const HEIGHT: f64 = 900.0;

/// The two ends of a lane.
const LEFT: f64 = 130.0;
const RIGHT: f64 = WIDTH - 50.0;

/// The smallest letters that the tenth row of a class reads: a thirtieth of the slide's height.
const SMALL: f64 = HEIGHT / 30.0;

/// The most stores of a run that is shown store by store as a whole.
const FEW: usize = 60;

/// A part of the picture.
#[derive(Clone, Copy)]
struct Area {
    top: f64,
    bottom: f64,
}

impl Area {
    /// Returns the middle and the height of one of several lanes.
    fn lane(self, lane: usize, lanes: usize) -> (f64, f64) {
        let height = (self.bottom - self.top) / lanes.max(1) as f64;
        (self.top + height * (lane as f64 + 0.5), height)
    }
}

/// Returns the picture, as SVG.
pub fn picture(record: &TraceRecord, run: &Explained, theme: Theme) -> String {
    let colours = theme.colours();
    let title = format!(
        "{}: {} × {}",
        record.strategy,
        plural(record.threads as u64, "thread"),
        plural(record.increments, "increment")
    );
    let (actual, expected) = (run.lineage.actual(), run.lineage.expected());
    let verdict = format!("expected {}, actual {}", grouped(expected), grouped(actual));
    let document = slide(&title, &verdict, actual == expected, &colours);
    format!("{}\n", document.add(drawing(run, &colours)))
}

/// Returns a slide with a title and a verdict, and nothing below them.
fn slide(title: &str, verdict: &str, good: bool, colours: &Colours) -> Document {
    let room = RIGHT - 50.0 - 30.0 - verdict.chars().count() as f64 * 34.0 * 0.56;
    let size = fitting(title, BOLD, room).min(44.0);
    let background = Rectangle::new()
        .set("width", WIDTH)
        .set("height", HEIGHT)
        .set("fill", colours.background);
    Document::new()
        .set("viewBox", (0, 0, 1600, 900))
        .set("width", WIDTH)
        .set("height", HEIGHT)
        .set("font-family", "system-ui, 'DejaVu Sans', Arial, sans-serif")
        .set("fill", colours.text)
        .add(Title::new(title))
        .add(Description::new().add(svg::node::Text::new(verdict)))
        .add(background)
        .add(words(title, 50.0, 66.0, size).set("font-weight", "bold"))
        .add(
            words(verdict, RIGHT, 66.0, 34.0)
                .set("text-anchor", "end")
                .set("fill", colours.fate(good)),
        )
}

/// Returns the drawing of a run for a page that has its own words and colours, as SVG.
pub fn strip(run: &Explained) -> String {
    let (actual, expected) = (run.lineage.actual(), run.lineage.expected());
    let words = format!(
        "The run from left to right, a lane for each thread: {} survived, {} lost",
        grouped(actual),
        grouped(expected - actual)
    );
    inline((0, 90, 1600, 800), &words)
        .add(drawing(run, &Colours::INLINE))
        .to_string()
}

/// Returns an empty picture that is a part of a page, with the words that stand for it.
fn inline(view: (u32, u32, u32, u32), words: &str) -> Document {
    Document::new()
        .set("viewBox", view)
        .set("role", "img")
        .set("aria-label", words)
        .set("fill", Colours::INLINE.text)
}

/// Returns the run: the whole of it unless it is short, the stores around the worst overwrite, and
/// what the signs mean.
fn drawing(run: &Explained, colours: &Colours) -> Group {
    let few = run.log.reads.len() <= FEW;
    let (mut drawing, mut top) = (Group::new(), 180.0);
    if !few {
        let above = Area {
            top: 140.0,
            bottom: 390.0,
        };
        drawing = drawing.add(overview::draw(run, above, colours));
        top = 530.0;
    }
    let bottom = if few { 810.0 } else { 770.0 };
    let details = detail::draw(run, Area { top, bottom }, colours);
    drawing.add(details).add(legend(run, colours))
}

/// The average width of bold letters and of bold capitals in proportion to their size, at most.
const BOLD: f64 = 0.66;
const CAPITALS: f64 = 0.78;

/// Returns the size at which the words take this room.
fn fitting(text: &str, letter: f64, room: f64) -> f64 {
    room / (text.chars().count().max(1) as f64 * letter)
}

/// Returns the name of a lane of these threads, to the left of it.
fn lane_name(threads: &[usize], middle: f64, height: f64) -> Text {
    let first = threads.first().copied().unwrap_or(0);
    let last = threads.last().copied().unwrap_or(first);
    let name = match threads.len() {
        0 | 1 => label(first),
        all if all == last - first + 1 => format!("{}–{}", label(first), label(last)),
        2 | 3 => {
            let labels = threads.iter().map(|&thread| label(thread));
            labels.collect::<Vec<_>>().join(", ")
        }
        _ => format!("{}…{}", label(first), label(last)),
    };
    let size = (height * 0.6)
        .clamp(16.0, 40.0)
        .min(fitting(&name, CAPITALS, LEFT - 30.0));
    words(&name, LEFT - 20.0, short(middle + size * 0.36), short(size))
        .set("text-anchor", "end")
        .set("font-weight", "bold")
}

/// Explains the colours, the shapes and the numbers.
fn legend(run: &Explained, colours: &Colours) -> Group {
    let actual = run.lineage.actual();
    let lost = run.lineage.expected() - actual;
    let y = 862.0;
    let sign = |colour, width| line(LEFT, y - 9.0, LEFT + 56.0, y - 9.0, colour, width);
    let dot = |survived| dot(LEFT + 28.0, y - 9.0, 10.0, colours, survived);
    let lineage = group([sign(colours.text, 4.0)]).add(dot(true));
    let branch = group([sign(colours.lost, 2.0).set("opacity", 0.6)]).add(dot(false));
    let stroke =
        group([rectangle((LEFT, y - 26.0), 56.0, 34.0, colours.lost).set("opacity", 0.18)]);
    let entries = [
        (format!("{} survived", grouped(actual)), lineage),
        (format!("{} lost", grouped(lost)), branch),
        ("lost to the ringed store".into(), stroke),
    ];
    let (mut legend, mut x) = (Group::new(), LEFT);
    let shown = if lost > 0 { entries.len() } else { 1 };
    for (text, sign) in entries.into_iter().take(shown) {
        let shift = format!("translate({} 0)", x - LEFT);
        legend = legend
            .add(sign.set("transform", shift))
            .add(words(&text, x + 70.0, y, SMALL));
        x += 110.0 + text.chars().count() as f64 * SMALL * 0.54;
    }
    let numbers = "numbers: the counter";
    if x - 40.0 + numbers.len() as f64 * SMALL * 0.5 > RIGHT {
        return legend;
    }
    let numbers = words(numbers, RIGHT, y, SMALL).set("text-anchor", "end");
    legend.add(numbers.set("fill", colours.faint))
}
