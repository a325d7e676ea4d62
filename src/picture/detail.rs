//! The stores around the worst overwrite, one by one, each connected to the store it was computed
//! from.

use svg::Node;
use svg::node::element::Group;

use super::counts::{Bounds, Place, placed};
use super::excerpt::Column;
use super::places::{Detail, INITIAL};
use super::theme::{Colours, dot, group, line, rectangle, short, words};
use super::{Area, BOLD, FEW, LEFT, RIGHT, SMALL, fitting, lane_name};
use crate::lineage::{Increment, source};
use crate::page::{grouped, plural};
use crate::record::Explained;

/// The distance between the worst store and the end of its pointer, which is above it.
const ABOVE: f64 = 24.0;

pub(super) fn draw(run: &Explained, area: Area, colours: &Colours) -> Group {
    let detail = Detail::of(run, area);
    group([
        detail.stroke(colours),
        detail.lane_lines(colours),
        detail.edges(colours),
        detail.dots(colours),
        detail.counts(colours),
        detail.caption(colours),
    ])
}

impl Detail<'_> {
    /// Draws the area behind the stores that the worst overwriter has overwritten, lane by lane.
    fn stroke(&self, colours: &Colours) -> Group {
        let mut areas = Group::new();
        let Some((by, _)) = self.worst else {
            return areas;
        };
        for (lane, columns) in self.overwritten(by).iter().enumerate() {
            let (middle, height) = self.lane_at(lane);
            let neighbours = columns.chunk_by(|a, b| a.1 == b.1);
            for overwritten in neighbours.filter(|same| same[0].1) {
                let (first, last) = (overwritten[0].0, overwritten[overwritten.len() - 1].0);
                let left = self.x(first) - self.spacing() / 2.0;
                let width = self.x(last) - self.x(first) + self.spacing();
                let corner = (left, middle - height * 0.45);
                let area = rectangle(corner, width, height * 0.9, colours.lost);
                areas.append(area.set("opacity", 0.18));
            }
        }
        areas
    }

    fn lane_lines(&self, colours: &Colours) -> Group {
        let mut lines = Group::new();
        for (lane, threads) in self.lanes().enumerate() {
            let (middle, height) = self.lane_at(lane);
            lines.append(line(LEFT, middle, RIGHT, middle, colours.lane, 2.0));
            lines.append(lane_name(&threads, middle, height));
        }
        for (column, what) in self.columns.iter().enumerate() {
            if let Column::Gap(left_out) = what {
                let (x, Area { top, bottom }) = (self.x(column), self.area);
                let text = format!("{} left out", plural(left_out.len() as u64, "store"));
                let text = words(&text, x, bottom + 30.0, SMALL).set("text-anchor", "middle");
                lines.append(text.set("fill", colours.faint));
                let gap = line(x, top, x, bottom, colours.faint, 3.0);
                lines.append(gap.set("stroke-dasharray", "2 10"));
            }
        }
        lines
    }

    /// Draws a line from each store to the stores computed from it, even if these are not shown: lost
    /// branches faded, the lineage on top.
    fn edges(&self, colours: &Colours) -> Group {
        let (mut faded, mut lineage) = (Group::new().set("opacity", 0.6), Group::new());
        let mut tie = |(x1, y1), (x2, y2), to: Increment| {
            if self.run.lineage.survived(to) {
                lineage.append(line(x1, y1, x2, y2, colours.text, 4.0));
            } else {
                faded.append(line(x1, y1, x2, y2, colours.lost, 2.5));
            }
        };
        for (column, store) in self.stores() {
            let point = self.point(column, store);
            let source = source(self.run.log.reads[store as usize]);
            let from = source.map_or_else(|| self.beginning(), |s| self.towards(point, s));
            tie(from, point, store);
            let readers = self.run.lineage.readers(Some(store));
            for reader in readers.filter(|&reader| self.column(reader).is_none()) {
                tie(point, self.towards(point, reader), reader);
            }
        }
        group([faded, lineage])
    }

    fn dots(&self, colours: &Colours) -> Group {
        let mut dots = self.initial(colours);
        for (column, store) in self.stores() {
            let (x, y) = self.point(column, store);
            let survived = self.run.lineage.survived(store);
            dots.append(dot(x, y, self.radius(), colours, survived));
        }
        if let Some((x, y)) = self.worst_point() {
            let ring = dot(x, y, self.radius() + 8.0, colours, false);
            dots.append(ring.set("fill", "none").set("stroke-width", 5));
        }
        dots
    }

    /// Draws the initial value, if the first store is shown.
    fn initial(&self, colours: &Colours) -> Group {
        if self.left <= LEFT {
            return Group::new();
        }
        let (x, y) = self.beginning();
        let (corner, size) = ((x - INITIAL, y - INITIAL), 2.0 * INITIAL);
        let square = rectangle(corner, size, size, colours.good).set("rx", 5);
        let zero = words("0", x, y + 12.0, 32.0).set("text-anchor", "middle");
        group([square]).add(zero.set("fill", colours.background))
    }

    /// Writes the counts that stores leave behind: those of the worst, the first and the last store,
    /// and of as many others as there is room for.
    fn counts(&self, colours: &Colours) -> Group {
        let worst = self.worst.map(|(by, _)| by);
        let stores = || self.stores().map(|(_, store)| store);
        let mut wanted = Vec::new();
        for store in [worst, stores().next(), stores().next_back()] {
            // Any of them may be the same store.
            wanted.extend(store.filter(|store| !wanted.contains(store)));
        }
        let rest = stores().filter(|store| !wanted.contains(store));
        let places = wanted.iter().copied().chain(rest).filter_map(|store| {
            let (x, y) = self.point(self.column(store)?, store);
            Some(Place {
                of: store,
                text: grouped(u64::from(self.run.read(store)) + 1),
                dot: Bounds::around(x, y, self.radius()),
                // Away from the lines between the lanes, and from the worst store's line.
                below: Some(store) == worst || y > self.middle(),
                ringed: Some(store) == worst,
                wanted: wanted.contains(&store),
            })
        });
        let (mut counts, size) = (Group::new(), self.numbers());
        for (store, text, x, y) in placed(places.collect(), self.pointer(), self.area, size) {
            let count = words(&text, short(x), short(y), short(size)).set("text-anchor", "middle");
            // A halo of its own beneath: not every viewer knows `paint-order`.
            let halo = count.clone().set("aria-hidden", "true");
            let halo = halo
                .set("stroke", colours.background)
                .set("stroke-width", 5);
            counts.append(halo);
            let colour = colours.fate(self.run.lineage.survived(store));
            counts.append(count.set("fill", colour));
        }
        counts
    }

    /// Returns the room of the line that leads from the caption to the worst store.
    fn pointer(&self) -> Option<Bounds> {
        let (x, y) = self.worst_point()?;
        Some(Bounds::between(x - 3.0, x + 3.0, self.area.top, y - ABOVE))
    }

    /// Says what the worst overwrite is, above its store.
    fn caption(&self, colours: &Colours) -> Group {
        let Some((by, streak)) = self.worst else {
            let text = match self.run.log.reads.len() {
                0 => "Nothing was counted",
                len if len <= FEW => "Every store, in order",
                _ => "The first stores, one by one",
            };
            let text = words(text, LEFT, self.area.top - 24.0, SMALL);
            return group([text.set("fill", colours.faint)]);
        };
        let text = format!(
            "{} loaded {}, stored {} over {}: {} wiped out",
            self.run.label(by),
            grouped(self.run.read(by).into()),
            grouped(u64::from(self.run.read(by)) + 1),
            grouped(self.run.count_before(by).into()),
            plural(streak, "increment"),
        );
        let size = fitting(&text, BOLD, RIGHT - LEFT).min(32.0);
        let (x, y) = self.worst_point().unwrap_or_else(|| self.beginning());
        let top = self.area.top - 12.0;
        group([words(&text, LEFT, top - 14.0, size).set("font-weight", "bold")])
            .set("fill", colours.lost)
            .add(line(x, top, x, y - ABOVE, colours.lost, 3.0))
            .add(line(LEFT, top, x, top, colours.lost, 3.0))
    }
}
