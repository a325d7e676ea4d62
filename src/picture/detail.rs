//! The stores around the worst overwrite, one by one, each tied to the store it was computed from.

use svg::Node;
use svg::node::element::{Group, Rectangle};

use super::counts::{Bounds, Place, placed};
use super::excerpt::Column;
use super::places::{Detail, INITIAL};
use super::theme::{Colours, dot, line, short};
use super::{Area, BOLD, FEW, LEFT, RIGHT, fitting, lane_name, words};
use crate::lineage::{Increment, source};
use crate::page::{grouped, plural};
use crate::record::Explained;

/// So far above the worst store its pointer ends.
const ABOVE: f64 = 24.0;

pub(super) fn draw(run: &Explained, area: Area, colours: &Colours) -> Group {
    let detail = Detail::of(run, area);
    Group::new()
        .add(detail.stroke(colours))
        .add(detail.lane_lines(colours))
        .add(detail.edges(colours))
        .add(detail.dots(colours))
        .add(detail.counts(colours))
        .add(detail.caption(colours))
}

impl Detail<'_> {
    /// Behind the stores that the worst overwriter has overwritten, lane by lane.
    fn stroke(&self, colours: &Colours) -> Group {
        let mut group = Group::new();
        let Some((by, _)) = self.worst else {
            return group;
        };
        let half = self.spacing() / 2.0;
        for (lane, columns) in self.overwritten(by).iter().enumerate() {
            let (middle, height) = self.area.lane(lane, self.lanes_shown());
            for same in columns.chunk_by(|a, b| a.1 == b.1) {
                let (first, last) = (same[0], same[same.len() - 1]);
                if first.1 {
                    let (from, to) = (self.x(first.0) - half, self.x(last.0) + half);
                    group = group.add(
                        Rectangle::new()
                            .set("x", short(from))
                            .set("y", short(middle - height * 0.45))
                            .set("width", short(to - from))
                            .set("height", short(height * 0.9))
                            .set("fill", colours.lost)
                            .set("opacity", 0.18),
                    );
                }
            }
        }
        group
    }

    fn lane_lines(&self, colours: &Colours) -> Group {
        let mut group = Group::new();
        for (lane, threads) in self.lanes().enumerate() {
            let (middle, height) = self.area.lane(lane, self.lanes_shown());
            group = group
                .add(line(LEFT, middle, RIGHT, middle, colours.lane, 2.0))
                .add(lane_name(&threads, middle, height));
        }
        for (column, what) in self.columns.iter().enumerate() {
            if let Column::Gap(left_out) = what {
                let text = format!("{} left out", plural(left_out.len() as u64, "store"));
                group = group.add(
                    words(&text, self.x(column), self.area.bottom + 26.0, 24.0)
                        .set("text-anchor", "middle")
                        .set("fill", colours.faint),
                );
                let x = self.x(column);
                group = group.add(
                    line(x, self.area.top, x, self.area.bottom, colours.faint, 3.0)
                        .set("stroke-dasharray", "2 10"),
                );
            }
        }
        group
    }

    /// From each store to the ones computed from it, also where they are not shown; lost branches
    /// faded, the lineage on top.
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
        Group::new().add(faded).add(lineage)
    }

    fn dots(&self, colours: &Colours) -> Group {
        let mut group = self.initial(colours);
        for (column, store) in self.stores() {
            let (x, y) = self.point(column, store);
            let survived = self.run.lineage.survived(store);
            group = group.add(dot(x, y, self.radius(), colours, survived));
        }
        if let Some((x, y)) = self.worst_point() {
            group = group.add(
                dot(x, y, self.radius() + 8.0, colours, false)
                    .set("fill", "none")
                    .set("stroke-width", 5),
            );
        }
        group
    }

    /// The value at the beginning, where the first store is shown.
    fn initial(&self, colours: &Colours) -> Group {
        if self.left <= LEFT {
            return Group::new();
        }
        let (x, y) = self.beginning();
        let square = Rectangle::new()
            .set("x", x - INITIAL)
            .set("y", y - INITIAL)
            .set("width", 2.0 * INITIAL)
            .set("height", 2.0 * INITIAL)
            .set("rx", 5)
            .set("fill", colours.good);
        let zero = words("0", x, y + 9.0, 26.0)
            .set("text-anchor", "middle")
            .set("fill", colours.background);
        Group::new().add(square).add(zero)
    }

    /// The counts that stores leave behind: of the worst, the first and the last store, and of as
    /// many others as there is room for.
    fn counts(&self, colours: &Colours) -> Group {
        let worst = self.worst.map(|(by, _)| by);
        let ends = [self.stores().next(), self.stores().next_back()];
        let ends = ends.into_iter().flatten().map(|(_, store)| store);
        // Any of them may be the same store.
        let mut wanted = Vec::new();
        for store in worst.into_iter().chain(ends) {
            if !wanted.contains(&store) {
                wanted.push(store);
            }
        }
        let rest = self.stores().map(|(_, store)| store);
        let rest = rest.filter(|store| !wanted.contains(store));
        let stores = wanted.iter().copied().chain(rest);
        let places = stores.filter_map(|store| {
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
        let mut group = Group::new();
        for (store, text, x, y) in placed(places.collect(), self.pointer(), self.area) {
            let count = words(&text, short(x), short(y), 22.0).set("text-anchor", "middle");
            let survived = self.run.lineage.survived(store);
            // A halo of its own beneath: not every viewer knows `paint-order`.
            group = group
                .add(
                    count
                        .clone()
                        .set("stroke", colours.background)
                        .set("stroke-width", 5)
                        .set("aria-hidden", "true"),
                )
                .add(count.set("fill", if survived { colours.good } else { colours.lost }));
        }
        group
    }

    /// The room of the line that leads from the caption to the worst store.
    fn pointer(&self) -> Option<Bounds> {
        let (x, y) = self.worst_point()?;
        Some(Bounds::between(x - 3.0, x + 3.0, self.area.top, y - ABOVE))
    }

    /// The worst overwrite in words, above its store.
    fn caption(&self, colours: &Colours) -> Group {
        let Some((by, streak)) = self.worst else {
            let text = match self.run.log.reads.len() {
                0 => "Nothing was counted",
                len if len <= FEW => "Every store, in order",
                _ => "The first stores, one by one",
            };
            let text = words(text, LEFT, self.area.top - 24.0, 30.0);
            return Group::new().add(text.set("fill", colours.faint));
        };
        let text = format!(
            "{} loaded {}, stores {} over {}: {} lost at one stroke",
            self.run.label(by),
            grouped(self.run.read(by).into()),
            grouped(u64::from(self.run.read(by)) + 1),
            grouped(self.run.count_before(by).into()),
            plural(streak, "increment"),
        );
        let size = fitting(&text, BOLD, RIGHT - LEFT).min(32.0);
        let (x, y) = self.worst_point().unwrap_or_else(|| self.beginning());
        let top = self.area.top - 12.0;
        Group::new()
            .set("fill", colours.lost)
            .add(words(&text, LEFT, top - 14.0, size).set("font-weight", "bold"))
            .add(line(x, top, x, y - ABOVE, colours.lost, 3.0))
            .add(line(LEFT, top, x, top, colours.lost, 3.0))
    }
}
