//! Colours that everybody can tell apart, on a light or a dark background, and the signs that say
//! the same without them.

use svg::node::element::{Circle, Line};

use crate::plan::Theme;

/// The colours of a theme.
#[derive(Clone, Copy, Debug)]
pub(super) struct Colours {
    pub(super) background: &'static str,
    pub(super) text: &'static str,
    pub(super) faint: &'static str,
    pub(super) lane: &'static str,
    /// What survived: blue.
    pub(super) good: &'static str,
    /// What was lost: orange.
    pub(super) lost: &'static str,
}

impl Theme {
    pub(super) fn colours(self) -> Colours {
        match self {
            Self::Light => Colours {
                background: "#ffffff",
                text: "#16181d",
                faint: "#5c6470",
                lane: "#e3e6eb",
                good: "#0a58a8",
                lost: "#cf6400",
            },
            Self::Dark => Colours {
                background: "#14171c",
                text: "#f4f5f7",
                faint: "#a5adba",
                lane: "#333a45",
                good: "#62b5ff",
                lost: "#ffa640",
            },
        }
    }
}

impl Colours {
    /// The colour of a verdict on so many lost updates.
    pub(super) fn verdict(&self, lost: u64) -> &'static str {
        if lost == 0 { self.good } else { self.lost }
    }
}

/// A line between two points.
pub(super) fn line(x1: f64, y1: f64, x2: f64, y2: f64, colour: &str, width: f64) -> Line {
    Line::new()
        .set("x1", short(x1))
        .set("y1", short(y1))
        .set("x2", short(x2))
        .set("y2", short(y2))
        .set("stroke", colour)
        .set("stroke-width", width)
        .set("stroke-linecap", "round")
}

/// An increment: full if it survived, hollow if not.
pub(super) fn dot(x: f64, y: f64, radius: f64, colours: &Colours, survived: bool) -> Circle {
    let circle = Circle::new()
        .set("cx", short(x))
        .set("cy", short(y))
        .set("r", short(radius));
    if survived {
        circle.set("fill", colours.good)
    } else {
        circle
            .set("fill", colours.background)
            .set("stroke", colours.lost)
            .set("stroke-width", 3)
    }
}

/// To a tenth: finer cannot be seen.
pub(super) fn short(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
