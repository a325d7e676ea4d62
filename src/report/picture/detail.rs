//! The stores around the worst overwrite, one by one, each tied to the store it was computed from.

use svg::node::element::{Group, Rectangle};

use super::super::numbers::{grouped, plural};
use super::counts::{Bounds, Place, placed};
use super::excerpt::{Column, columns, first_overwritten};
use super::theme::{Colours, dot, line, short};
use super::{Area, BOLD, FEW, LEFT, RIGHT, fitting, lane_name, words};
use crate::lineage::{Increment, source};
use crate::report::record::explained::Explained;

/// The most lanes; where more threads take part, neighbours share one.
const MOST_LANES: usize = 8;

/// Half of the box around the value at the beginning, and the room that is kept for it.
const INITIAL: f64 = 17.0;
const ROOM_FOR_INITIAL: f64 = 54.0;

/// The places of stores on the picture.
struct Detail<'a> {
    run: &'a Explained,
    area: Area,
    columns: Vec<Column>,
    /// Where the first column begins.
    left: f64,
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
        .add(detail.counts(colours))
        .add(detail.caption(colours))
}

impl<'a> Detail<'a> {
    fn of(run: &'a Explained, area: Area) -> Self {
        let worst = run.longest_streak();
        let columns = columns(run, worst.map(|(by, _)| by));
        let mut threads: Vec<_> = columns
            .iter()
            .filter_map(|column| match column {
                Column::Store(store) => Some(run.lineage.thread(*store)),
                Column::Gap(_) => None,
            })
            .collect();
        threads.sort_unstable();
        threads.dedup();
        let first = columns.first().copied();
        let from_the_start = first == run.lineage.order().first().copied().map(Column::Store);
        Self {
            run,
            area,
            columns,
            left: if from_the_start {
                LEFT + ROOM_FOR_INITIAL
            } else {
                LEFT
            },
            threads,
            worst,
        }
    }

    fn spacing(&self) -> f64 {
        (RIGHT - self.left) / self.columns.len().max(1) as f64
    }

    fn radius(&self) -> f64 {
        (self.spacing() * 0.36).min(11.0)
    }

    fn lanes_shown(&self) -> usize {
        self.threads.len().min(MOST_LANES)
    }

    fn x(&self, column: usize) -> f64 {
        self.left + self.spacing() * (column as f64 + 0.5)
    }

    fn middle(&self) -> f64 {
        f64::midpoint(self.area.top, self.area.bottom)
    }

    /// The height of a thread's lane; that of a thread that takes no part is the middle.
    fn y(&self, thread: u32) -> f64 {
        match self.threads.binary_search(&thread) {
            Ok(place) => {
                let lane = place * self.lanes_shown() / self.threads.len();
                self.area.lane(lane, self.lanes_shown()).0
            }
            Err(_) => self.middle(),
        }
    }

    fn stores(&self) -> impl DoubleEndedIterator<Item = (usize, Increment)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(column, &what)| match what {
            Column::Store(store) => Some((column, store)),
            Column::Gap(_) => None,
        })
    }

    /// Where a store is drawn, or where it would be: at the gap, or at the left edge.
    fn point(&self, store: Option<Increment>) -> (f64, f64) {
        let Some(store) = store else {
            // In its own room, where there is one; else the store is further left.
            let x = LEFT + if self.left > LEFT { INITIAL } else { 0.0 };
            return (x, self.middle());
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
            let last = members.next_back().unwrap_or(first);
            group = group
                .add(line(LEFT, middle, RIGHT, middle, colours.lane, 2.0))
                .add(lane_name((first as usize, last as usize), middle, height));
        }
        for (column, what) in self.columns.iter().enumerate() {
            if let Column::Gap(left_out) = what {
                let text = format!("{} left out", plural(*left_out as u64, "store"));
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
                lineage = lineage.add(line(x1, y1, x2, y2, colours.text, 4.0));
            } else {
                faded = faded.add(line(x1, y1, x2, y2, colours.lost, 2.5));
            }
        }
        Group::new().add(faded).add(lineage)
    }

    fn dots(&self, colours: &Colours) -> Group {
        let mut group = self.initial(colours);
        for (_, store) in self.stores() {
            let (x, y) = self.point(Some(store));
            let survived = self.run.lineage.survived(store);
            group = group.add(dot(x, y, self.radius(), colours, survived));
        }
        if let Some((by, _)) = self.worst {
            let (x, y) = self.point(Some(by));
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
        let (x, y) = self.point(None);
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
        let wanted: Vec<_> = worst.into_iter().chain(ends).collect();
        let rest = self.stores().map(|(_, store)| store);
        let rest = rest.filter(|store| !wanted.contains(store));
        let places = wanted.iter().copied().chain(rest).map(|store| {
            let (x, y) = self.point(Some(store));
            Place {
                of: store,
                text: grouped(u64::from(self.run.read(store)) + 1),
                dot: Bounds::around(x, y, self.radius()),
                // Away from the lines between the lanes, and from the worst store's line.
                below: Some(store) == worst || y > self.middle(),
                ringed: Some(store) == worst,
                wanted: wanted.contains(&store),
            }
        });
        let mut group = Group::new();
        for (store, text, x, y) in placed(places.collect(), self.area) {
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
        let (x, y) = self.point(Some(by));
        let top = self.area.top - 12.0;
        Group::new()
            .set("fill", colours.lost)
            .add(words(&text, LEFT, top - 14.0, size).set("font-weight", "bold"))
            .add(line(x, top, x, y - 24.0, colours.lost, 3.0))
            .add(line(LEFT, top, x, top, colours.lost, 3.0))
    }
}
