//! A traced run as a picture for slides: large letters, few words, nothing that cannot be seen.
//!
//! Above, the whole run: a lane per thread, time from left to right, in each column how much of what
//! was counted then survived, and the lineage hopping between the lanes. Below, the stores around
//! the worst overwrite one by one. A short run has only the second, with all its stores.

mod counts;
mod detail;
mod excerpt;
mod overview;
mod places;
mod theme;

use svg::Document;
use svg::node::element::{Description, Group, Rectangle, Text, Title};

use crate::page::{grouped, plural};
use crate::plan::Theme;
use crate::record::{Explained, TraceRecord, label};

use theme::{Colours, short};

/// The size of the picture: that of a slide.
const WIDTH: f64 = 1600.0;
const HEIGHT: f64 = 900.0;

/// Where lanes begin and end.
const LEFT: f64 = 130.0;
const RIGHT: f64 = WIDTH - 50.0;

/// Runs of at most so many stores are shown store by store.
const FEW: usize = 60;

/// A part of the picture.
#[derive(Clone, Copy)]
struct Area {
    top: f64,
    bottom: f64,
}

impl Area {
    /// The middle of a lane, and its height.
    fn lane(self, lane: usize, lanes: usize) -> (f64, f64) {
        let height = (self.bottom - self.top) / lanes.max(1) as f64;
        (self.top + height * (lane as f64 + 0.5), height)
    }
}

/// The picture, as SVG.
pub fn picture(record: &TraceRecord, run: &Explained, theme: Theme) -> String {
    let colours = theme.colours();
    let title = format!(
        "{}: {} × {}",
        record.strategy,
        plural(record.threads as u64, "thread"),
        plural(record.increments, "increment")
    );
    let (actual, expected) = (run.lineage.actual(), run.lineage.expected());
    let verdict = match expected - actual {
        0 if actual == 0 => "nothing to lose".into(),
        0 => format!("all {} survived", grouped(actual)),
        lost => format!("{} survived, {} lost", grouped(actual), grouped(lost)),
    };
    let room = RIGHT - 50.0 - 30.0 - verdict.chars().count() as f64 * 34.0 * 0.56;
    let size = fitting(&title, BOLD, room).min(44.0);
    let background = Rectangle::new()
        .set("width", WIDTH)
        .set("height", HEIGHT)
        .set("fill", colours.background);
    let mut document = Document::new()
        .set("viewBox", (0, 0, 1600, 900))
        .set("width", WIDTH)
        .set("height", HEIGHT)
        .set("font-family", "system-ui, 'DejaVu Sans', Arial, sans-serif")
        .set("fill", colours.text)
        .add(Title::new(title.clone()))
        .add(Description::new().add(svg::node::Text::new(verdict.clone())))
        .add(background)
        .add(words(&title, 50.0, 66.0, size).set("font-weight", "bold"))
        .add(
            words(&verdict, RIGHT, 66.0, 34.0)
                .set("text-anchor", "end")
                .set("fill", colours.verdict(expected - actual)),
        );
    let few = run.log.reads.len() <= FEW;
    let below = if few {
        Area {
            top: 170.0,
            bottom: 770.0,
        }
    } else {
        let above = Area {
            top: 140.0,
            bottom: 390.0,
        };
        document = document.add(overview::draw(run, above, &colours));
        Area {
            top: 540.0,
            bottom: 770.0,
        }
    };
    document = document.add(detail::draw(run, below, &colours)).add(legend(
        &colours,
        few,
        actual < expected,
    ));
    format!("{document}\n")
}

/// A line of words.
fn words(text: &str, x: f64, y: f64, size: f64) -> Text {
    Text::new(text)
        .set("x", x)
        .set("y", y)
        .set("font-size", size)
}

/// How wide letters are for their size, at most on the whole: bold ones, and bold capitals.
const BOLD: f64 = 0.66;
const CAPITALS: f64 = 0.78;

/// The size at which the words take no more than this room.
fn fitting(text: &str, letter: f64, room: f64) -> f64 {
    room / (text.chars().count().max(1) as f64 * letter)
}

/// The name of a lane of these threads, in their order, left of it.
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

/// What the colours and signs mean.
fn legend(colours: &Colours, few: bool, lost: bool) -> Group {
    let y = 862.0;
    let mut group = Group::new();
    let mut x = LEFT;
    let entries: [(&str, Group); 3] = [
        (
            "survived: the lineage",
            Group::new()
                .add(theme::line(
                    LEFT,
                    y - 9.0,
                    LEFT + 56.0,
                    y - 9.0,
                    colours.text,
                    4.0,
                ))
                .add(theme::dot(LEFT + 28.0, y - 9.0, 10.0, colours, true)),
        ),
        (
            "lost",
            Group::new()
                .add(
                    theme::line(LEFT, y - 9.0, LEFT + 56.0, y - 9.0, colours.lost, 2.0)
                        .set("opacity", 0.6),
                )
                .add(theme::dot(LEFT + 28.0, y - 9.0, 10.0, colours, false)),
        ),
        (
            "the most lost at one stroke",
            Group::new().add(
                Rectangle::new()
                    .set("x", LEFT)
                    .set("y", y - 26.0)
                    .set("width", 56)
                    .set("height", 34)
                    .set("fill", colours.lost)
                    .set("opacity", 0.18),
            ),
        ),
    ];
    let shown = if lost { entries.len() } else { 1 };
    for (text, sign) in entries.into_iter().take(shown) {
        let shift = format!("translate({} 0)", x - LEFT);
        group = group
            .add(sign.set("transform", shift))
            .add(words(text, x + 70.0, y, 26.0));
        x += 130.0 + text.chars().count() as f64 * 14.0;
    }
    let axis = if few {
        "one column a store"
    } else {
        "below: one column a store"
    };
    group.add(
        words(axis, RIGHT, y, 24.0)
            .set("text-anchor", "end")
            .set("fill", colours.faint),
    )
}
