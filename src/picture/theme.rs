//! Colours that colour-blind people can tell apart, on a light or a dark background, and the shapes
//! that say the same without colours.

use svg::Node;
use svg::node::element::{Circle, Group, Line, Rectangle, Text};

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
    /// The colours of the page that a picture is a part of: properties of its style sheet.
    pub(super) const INLINE: Self = Self {
        background: "var(--background)",
        text: "var(--text)",
        faint: "var(--faint)",
        lane: "var(--lane)",
        good: "var(--good)",
        lost: "var(--lost)",
    };

    /// Returns the colour of what survived, or of what was lost.
    pub(super) fn fate(&self, survived: bool) -> &'static str {
        if survived { self.good } else { self.lost }
    }
}

/// Returns the elements as a group.
pub(super) fn group<T: Into<Box<dyn Node>>>(elements: impl IntoIterator<Item = T>) -> Group {
    elements.into_iter().fold(Group::new(), Group::add)
}

/// Returns a line of words.
pub(super) fn words(text: &str, x: f64, y: f64, size: f64) -> Text {
    Text::new(text)
        .set("x", x)
        .set("y", y)
        .set("font-size", size)
}

/// Returns a rectangle from its top left corner, width and height.
pub(super) fn rectangle((x, y): (f64, f64), width: f64, height: f64, colour: &str) -> Rectangle {
    Rectangle::new()
        .set("x", short(x))
        .set("y", short(y))
        .set("width", short(width))
        .set("height", short(height))
        .set("fill", colour)
}

/// Returns a line between two points.
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

/// Returns an increment: full if it survived, hollow if not.
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

/// Returns the number rounded to a tenth: a finer difference cannot be seen.
pub(super) fn short(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
