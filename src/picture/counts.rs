//! The places of the counts beside their stores, so that none covers another.

use super::{Area, LEFT, RIGHT};
use crate::lineage::Increment;

/// The width of a digit and its height, in proportion to the size of the letters.
const DIGIT: f64 = 0.61;
const TALL: f64 = 0.77;

/// A part of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Bounds {
    pub(super) fn between(left: f64, right: f64, top: f64, bottom: f64) -> Self {
        Self {
            left,
            right,
            top,
            bottom,
        }
    }

    pub(super) fn around(x: f64, y: f64, half: f64) -> Self {
        Self::between(x - half, x + half, y - half, y + half)
    }

    fn covers(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// A store that may have its count beside it.
pub(super) struct Place {
    pub(super) of: Increment,
    pub(super) text: String,
    pub(super) dot: Bounds,
    /// Whether the count is best placed below the dot, and not above.
    pub(super) below: bool,
    /// Whether there is a ring around the dot.
    pub(super) ringed: bool,
    /// Whether the count may be placed on the other side, and over dots in the last resort.
    pub(super) wanted: bool,
}

impl Place {
    /// Returns the room that the count takes on this side, in letters of this size.
    fn on_side(&self, below: bool, size: f64) -> Bounds {
        let (half, height) = (
            self.text.chars().count() as f64 * size * DIGIT / 2.0,
            size * TALL,
        );
        let x = f64::midpoint(self.dot.left, self.dot.right);
        let x = x.clamp(LEFT - 10.0 + half, RIGHT + 40.0 - half);
        let apart = if self.ringed { 18.0 } else { 7.0 };
        let top = if below {
            self.dot.bottom + apart
        } else {
            self.dot.top - apart - height
        };
        Bounds::between(x - half, x + half, top, top + height)
    }
}

/// Returns the counts that have room within the area in letters of this size, with the middle and the
/// bottom of each; the first place is filled first. No count covers another, or `else_taken`.
pub(super) fn placed(
    places: Vec<Place>,
    else_taken: Option<Bounds>,
    area: Area,
    size: f64,
) -> Vec<(Increment, String, f64, f64)> {
    let dots: Vec<_> = places.iter().map(|place| place.dot).collect();
    let mut taken: Vec<Bounds> = else_taken.into_iter().collect();
    let mut counts = Vec::new();
    for place in places {
        let sides = [place.below, !place.below].map(|below| place.on_side(below, size));
        let apart = |side: &&Bounds| !taken.iter().any(|other| side.covers(other));
        let free = |side: &&Bounds| {
            let inside = side.top >= area.top && side.bottom <= area.bottom;
            inside && apart(side) && !dots.iter().any(|dot| side.covers(dot))
        };
        let side = if place.wanted {
            sides.iter().find(free).or_else(|| sides.iter().find(apart))
        } else {
            sides[..1].iter().find(free)
        };
        if let Some(&side) = side {
            taken.push(side);
            let x = f64::midpoint(side.left, side.right);
            counts.push((place.of, place.text, x, side.bottom));
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area {
        top: 0.0,
        bottom: 200.0,
    };

    const SIZE: f64 = 22.0;

    fn place(of: Increment, x: f64, wanted: bool) -> Place {
        Place {
            of,
            text: "1,234".into(),
            dot: Bounds::around(x, 100.0, 10.0),
            below: false,
            ringed: false,
            wanted,
        }
    }

    fn shown(places: Vec<Place>) -> Vec<(Increment, bool)> {
        let counts = placed(places, None, AREA, SIZE).into_iter();
        counts.map(|(of, _, _, y)| (of, y > 100.0)).collect()
    }

    #[test]
    fn a_count_that_would_cover_another_is_left_out_unless_it_is_wanted() {
        let row = [500.0, 530.0, 560.0, 590.0];
        let row = (0..).zip(row).map(|(of, x)| place(of, x, false));
        assert_eq!(shown(row.collect()), [(0, false), (3, false)]);
        let wanted = vec![place(0, 500.0, true), place(1, 530.0, true)];
        assert_eq!(shown(wanted), [(0, false), (1, true)]);
    }

    #[test]
    fn no_count_leaves_the_picture() {
        let half = 5.0 * SIZE * DIGIT / 2.0;
        for x in [LEFT, RIGHT] {
            let counts = placed(vec![place(7, x, true)], None, AREA, SIZE);
            let (_, _, x, _) = counts[0];
            assert!(x - half >= LEFT - 20.0 && x + half <= RIGHT + 50.0, "{x}");
        }
    }
}
