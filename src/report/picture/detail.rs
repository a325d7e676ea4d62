//! The stores around the worst overwrite, one by one, each tied to the store it was computed from.

use svg::node::element::{Group, Rectangle};

use super::super::numbers::grouped;
use super::super::trace::{Explained, label};
use super::theme::{Colours, dot, line, short};
use super::{Area, FEW, LEFT, RIGHT, words};
use crate::lineage::{Increment, source};

/// So many stores are shown of a long run.
const SHOWN: usize = 40;

/// The most lanes; where more threads take part, neighbours share one.
const MOST_LANES: usize = 8;

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Store(Increment),
    /// Stores left out.
    Gap(usize),
}

/// The places of stores on the picture.
struct Detail<'a> {
    run: &'a Explained,
    area: Area,
    columns: Vec<Column>,
    /// Threads that take part.
    threads: Vec<u32>,
    worst: Option<(Increment, u64)>,
}

pub(super) fn draw(run: &Explained, area: Area, colours: &Colours) -> Group {
    let detail = Detail::of(run, area);
    Group::new()
        .add(detail.stroke(colours))
        .add(detail.lanes(colours))
        .add(detail.edges(colours))
        .add(detail.dots(colours))
        .add(detail.caption(colours))
}

impl<'a> Detail<'a> {
    fn of(run: &'a Explained, area: Area) -> Self {
        let order = run.lineage.order();
        let worst = run.longest_streak();
        let ranges = if order.len() <= FEW {
            [0..order.len(), 0..0]
        } else {
            let (from, to) = worst.map_or((0, 0), |(by, _)| {
                (first_overwritten(run, by), run.lineage.place(by) + 1)
            });
            let spare = SHOWN.saturating_sub(to - from);
            if spare >= 8 {
                let first = from.saturating_sub(spare / 2).min(order.len() - SHOWN);
                [first..first + SHOWN, 0..0]
            } else {
                let (first, last) = (from.saturating_sub(4), (to + 4).min(order.len()));
                [first..first + SHOWN / 2, last - SHOWN / 2..last]
            }
        };
        let mut columns = Vec::new();
        let mut end = None;
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            if let Some(end) = end {
                columns.push(Column::Gap(range.start - end));
            }
            end = Some(range.end);
            columns.extend(order[range].iter().map(|&store| Column::Store(store)));
        }
        let mut threads: Vec<_> = columns
            .iter()
            .filter_map(|column| match column {
                Column::Store(store) => Some(run.lineage.thread(*store)),
                Column::Gap(_) => None,
            })
            .collect();
        threads.sort_unstable();
        threads.dedup();
        Self {
            run,
            area,
            columns,
            threads,
            worst,
        }
    }

    fn spacing(&self) -> f64 {
        (RIGHT - LEFT) / self.columns.len().max(1) as f64
    }

    fn lanes_shown(&self) -> usize {
        self.threads.len().min(MOST_LANES)
    }

    fn x(&self, column: usize) -> f64 {
        LEFT + self.spacing() * (column as f64 + 0.5)
    }

    /// The height of a thread's lane; that of a thread that takes no part is the middle.
    fn y(&self, thread: u32) -> f64 {
        match self.threads.binary_search(&thread) {
            Ok(place) => {
                let lane = place * self.lanes_shown() / self.threads.len();
                self.area.lane(lane, self.lanes_shown()).0
            }
            Err(_) => f64::midpoint(self.area.top, self.area.bottom),
        }
    }

    fn stores(&self) -> impl Iterator<Item = (usize, Increment)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(column, &what)| match what {
            Column::Store(store) => Some((column, store)),
            Column::Gap(_) => None,
        })
    }

    /// Where a store is drawn, or where it would be: at the gap, or at the left edge.
    fn point(&self, store: Option<Increment>) -> (f64, f64) {
        let Some(store) = store else {
            let middle = f64::midpoint(self.area.top, self.area.bottom);
            return (LEFT, middle);
        };
        let shown = self.stores().find(|&(_, shown)| shown == store);
        let place = self.run.lineage.place(store);
        let (_, first) = self.stores().next().unwrap_or((0, store));
        let x = match shown {
            Some((column, _)) => self.x(column),
            None if place < self.run.lineage.place(first) => LEFT,
            None => {
                let gap = |column: &Column| matches!(column, Column::Gap(_));
                self.columns
                    .iter()
                    .position(gap)
                    .map_or(RIGHT, |gap| self.x(gap))
            }
        };
        (x, self.y(self.run.lineage.thread(store)))
    }

    /// The band from the first increment that the worst overwriter has overwritten to its store.
    fn stroke(&self, colours: &Colours) -> Group {
        let Some((by, _)) = self.worst else {
            return Group::new();
        };
        let first = self.run.lineage.order()[first_overwritten(self.run, by)];
        let (from, to) = (self.point(Some(first)).0, self.point(Some(by)).0);
        let half = self.spacing() / 2.0;
        Group::new().add(
            Rectangle::new()
                .set("x", short(from - half))
                .set("y", self.area.top)
                .set("width", short(to - from))
                .set("height", self.area.bottom - self.area.top)
                .set("fill", colours.lost)
                .set("opacity", 0.18),
        )
    }

    fn lanes(&self, colours: &Colours) -> Group {
        let mut group = Group::new();
        let shown = self.lanes_shown();
        for lane in 0..shown {
            let (middle, height) = self.area.lane(lane, shown);
            let of_lane = |&&thread: &&u32| (self.y(thread) - middle).abs() < 0.5;
            let mut members = self.threads.iter().filter(of_lane).copied();
            let first = members.next().unwrap_or(0);
            let name = match members.last() {
                None => label(first as usize),
                Some(last) => format!("{}–{}", label(first as usize), label(last as usize)),
            };
            let size = (height * 0.6).clamp(18.0, 40.0);
            group = group
                .add(line(LEFT, middle, RIGHT, middle, colours.lane, 2.0))
                .add(
                    words(&name, LEFT - 20.0, middle + size * 0.36, size)
                        .set("text-anchor", "end")
                        .set("font-weight", "bold"),
                );
        }
        for (column, what) in self.columns.iter().enumerate() {
            if let Column::Gap(left_out) = what {
                let text = format!("{} stores left out", grouped(*left_out as u64));
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

    /// From each store to the ones computed from it; lost branches faded, the lineage on top.
    fn edges(&self, colours: &Colours) -> Group {
        let (mut faded, mut lineage) = (Group::new().set("opacity", 0.6), Group::new());
        for (_, store) in self.stores() {
            let (x1, y1) = self.point(source(self.run.log.reads[store as usize]));
            let (x2, y2) = self.point(Some(store));
            if self.run.lineage.survived(store) {
                lineage = lineage.add(line(x1, y1, x2, y2, colours.good, 5.0));
            } else {
                faded = faded.add(line(x1, y1, x2, y2, colours.lost, 2.5));
            }
        }
        Group::new().add(faded).add(lineage)
    }

    fn dots(&self, colours: &Colours) -> Group {
        let mut group = self.initial(colours);
        let radius = (self.spacing() * 0.36).min(11.0);
        for (_, store) in self.stores() {
            let (x, y) = self.point(Some(store));
            let survived = self.run.lineage.survived(store);
            let count = grouped(u64::from(self.run.read(store)) + 1);
            // The counts, where they fit.
            let width = count.chars().count() as f64 * 13.0;
            group = group.add(dot(x, y, radius, colours, survived));
            if width + 4.0 <= self.spacing() {
                // Away from the lines between the lanes, and from the worst store's ring and line.
                let is_worst = self.worst.is_some_and(|(by, _)| by == store);
                let above = y <= f64::midpoint(self.area.top, self.area.bottom);
                let side = match (is_worst, above) {
                    (true, _) => radius + 36.0,
                    (false, true) => -radius - 8.0,
                    (false, false) => radius + 24.0,
                };
                let count = words(&count, x, y + side, 22.0).set("text-anchor", "middle");
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
        }
        if let Some((by, _)) = self.worst {
            let (x, y) = self.point(Some(by));
            group = group.add(
                dot(x, y, radius + 8.0, colours, false)
                    .set("fill", "none")
                    .set("stroke-width", 5),
            );
        }
        group
    }

    /// The value at the beginning, where the first store is shown.
    fn initial(&self, colours: &Colours) -> Group {
        let is_first = |(_, store): (usize, Increment)| self.run.lineage.place(store) == 0;
        if !self.stores().next().is_some_and(is_first) {
            return Group::new();
        }
        let (x, y) = self.point(None);
        let square = Rectangle::new()
            .set("x", x - 17.0)
            .set("y", y - 17.0)
            .set("width", 34)
            .set("height", 34)
            .set("rx", 5)
            .set("fill", colours.good);
        let zero = words("0", x, y + 9.0, 26.0)
            .set("text-anchor", "middle")
            .set("fill", colours.background);
        Group::new().add(square).add(zero)
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
        let noun = if streak == 1 {
            "increment"
        } else {
            "increments"
        };
        let text = format!(
            "{} loaded {}, stores {} over {}: {} {noun} lost at one stroke",
            self.run.label(by),
            grouped(self.run.read(by).into()),
            grouped(u64::from(self.run.read(by)) + 1),
            grouped(self.run.count_before(by).into()),
            grouped(streak),
        );
        let (x, y) = self.point(Some(by));
        let top = self.area.top - 12.0;
        Group::new()
            .set("fill", colours.lost)
            .add(words(&text, LEFT, top - 14.0, 32.0).set("font-weight", "bold"))
            .add(line(x, top, x, y - 24.0, colours.lost, 3.0))
            .add(line(LEFT, top, x, top, colours.lost, 3.0))
    }
}

/// The place of the first store that this one has overwritten for good.
fn first_overwritten(run: &Explained, by: Increment) -> usize {
    let overwritten = |&store: &Increment| run.lineage.overwritten_by(store) == Some(by);
    let first = run.lineage.order().iter().position(overwritten);
    first.unwrap_or_else(|| run.lineage.place(by))
}
