//! The places of stores on the picture, including those that the excerpt leaves out.

use std::slice;

use super::excerpt::{Column, columns};
use super::{Area, LEFT, RIGHT, SMALL};
use crate::lineage::Increment;
use crate::record::Explained;

/// The most lanes; if more threads take part, neighbours share one.
const MOST_LANES: usize = 8;

/// Half of the box around the initial value, and the room that is kept for it.
pub(super) const INITIAL: f64 = 21.0;
const ROOM_FOR_INITIAL: f64 = 58.0;

/// The places of stores on the picture.
pub(super) struct Detail<'a> {
    pub(super) run: &'a Explained,
    pub(super) area: Area,
    pub(super) columns: Vec<Column>,
    /// The left edge of the first column.
    pub(super) left: f64,
    /// The threads that take part, in order.
    pub(super) threads: Vec<u32>,
    pub(super) worst: Option<(Increment, u64)>,
}

impl<'a> Detail<'a> {
    pub(super) fn of(run: &'a Explained, area: Area) -> Self {
        let worst = run.longest_streak();
        let columns = columns(run, worst.map(|(by, _)| by));
        let threads = columns.iter().filter_map(|column| match column {
            Column::Store(store) => Some(run.lineage.thread(*store)),
            Column::Gap(_) => None,
        });
        let mut threads: Vec<_> = threads.collect();
        threads.sort_unstable();
        threads.dedup();
        let first = run.lineage.order().first().copied().map(Column::Store);
        let from_the_start = columns.first() == first.as_ref();
        let room = if from_the_start {
            ROOM_FOR_INITIAL
        } else {
            0.0
        };
        Self {
            run,
            area,
            columns,
            left: LEFT + room,
            threads,
            worst,
        }
    }

    pub(super) fn spacing(&self) -> f64 {
        (RIGHT - self.left) / self.columns.len().max(1) as f64
    }

    pub(super) fn radius(&self) -> f64 {
        (self.spacing() * 0.36).min(16.0)
    }

    /// Returns the number of threads in a lane; the last lane may have fewer.
    fn threads_each(&self) -> usize {
        self.threads.len().div_ceil(MOST_LANES).max(1)
    }

    /// Returns the threads of each lane.
    pub(super) fn lanes(&self) -> impl Iterator<Item = Vec<usize>> {
        let lanes = self.threads.chunks(self.threads_each());
        lanes.map(|lane| lane.iter().map(|&thread| thread as usize).collect())
    }

    /// Returns the middle and the height of a lane. The outer lanes keep only the room that their numbers
    /// need from the edges, so that a few lanes fill the area.
    pub(super) fn lane_at(&self, lane: usize) -> (f64, f64) {
        const MARGIN: f64 = 90.0;
        let (middle, height) = self.area.lane(lane, self.lanes_shown());
        let Area { top, bottom } = self.area;
        let spread = (bottom - top - 2.0 * MARGIN) / (bottom - top - height);
        if height <= 2.0 * MARGIN || self.lanes_shown() < 2 {
            return (middle, height);
        }
        (
            self.middle() + (middle - self.middle()) * spread,
            2.0 * MARGIN,
        )
    }

    /// Returns the size of the numbers beside stores: large where there is room between them.
    pub(super) fn numbers(&self) -> f64 {
        (self.spacing() * 0.45).clamp(SMALL, 44.0)
    }

    pub(super) fn lanes_shown(&self) -> usize {
        self.threads.len().div_ceil(self.threads_each())
    }

    pub(super) fn x(&self, column: usize) -> f64 {
        self.left + self.spacing() * (column as f64 + 0.5)
    }

    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(self.area.top, self.area.bottom)
    }

    /// Returns the lane of a thread; `None` if it takes no part.
    fn lane(&self, thread: u32) -> Option<usize> {
        let place = self.threads.binary_search(&thread).ok()?;
        Some(place / self.threads_each())
    }

    /// Returns the height of a thread's lane.
    fn y(&self, thread: u32) -> Option<f64> {
        let lane = self.lane(thread)?;
        Some(self.lane_at(lane).0)
    }

    pub(super) fn stores(&self) -> impl DoubleEndedIterator<Item = (usize, Increment)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(column, what)| match what {
            Column::Store(store) => Some((column, *store)),
            Column::Gap(_) => None,
        })
    }

    /// Returns the point at which a store that is shown is drawn.
    pub(super) fn point(&self, column: usize, store: Increment) -> (f64, f64) {
        let y = self.y(self.run.lineage.thread(store));
        (self.x(column), y.unwrap_or_else(|| self.middle()))
    }

    /// Returns the point at which the worst overwriter is drawn.
    pub(super) fn worst_point(&self) -> Option<(f64, f64)> {
        let (by, _) = self.worst?;
        Some(self.point(self.column(by)?, by))
    }

    /// Returns the point at which the initial value is drawn: in its own room, if there is one, else
    /// at the left edge.
    pub(super) fn beginning(&self) -> (f64, f64) {
        let x = LEFT + if self.left > LEFT { INITIAL } else { 0.0 };
        (x, self.middle())
    }

    /// Returns the column of a store, if it is shown.
    pub(super) fn column(&self, store: Increment) -> Option<usize> {
        let mut stores = self.stores();
        stores.find_map(|(column, shown)| (shown == store).then_some(column))
    }

    /// Returns how far to the right a store is; if it is not shown, it is at the gap or at an edge.
    fn x_of(&self, store: Increment) -> f64 {
        if let Some(column) = self.column(store) {
            return self.x(column);
        }
        let place = self.run.lineage.place(store);
        let is_gap =
            |column: &Column| matches!(column, Column::Gap(left_out) if left_out.contains(&place));
        let mut stores = self.stores();
        match self.columns.iter().position(is_gap) {
            Some(gap) => self.x(gap),
            None if stores.any(|(_, shown)| self.run.lineage.place(shown) < place) => RIGHT,
            None => LEFT,
        }
    }

    /// Returns the other end of a line between a store that is shown, at this point, and a store that
    /// it is tied to: the place of that store or, if its thread has no lane, a little way towards it.
    pub(super) fn towards(&self, (x, y): (f64, f64), other: Increment) -> (f64, f64) {
        let there = self.x_of(other);
        match self.y(self.run.lineage.thread(other)) {
            Some(height) => (there, height),
            None => (x + self.spacing().copysign(there - x), y),
        }
    }

    /// Returns for each lane the columns in which it has stores, and whether this store has
    /// overwritten any of them.
    pub(super) fn overwritten(&self, by: Increment) -> Vec<Vec<(usize, bool)>> {
        let lineage = &self.run.lineage;
        let mut lanes: Vec<Vec<(usize, bool)>> = vec![Vec::new(); self.lanes_shown()];
        for (column, what) in self.columns.iter().enumerate() {
            let stores = match what {
                Column::Store(store) => slice::from_ref(store),
                Column::Gap(left_out) => &lineage.order()[left_out.clone()],
            };
            for &store in stores {
                let Some(lane) = self.lane(lineage.thread(store)) else {
                    continue;
                };
                let overwritten = lineage.overwritten_by(store) == Some(by);
                match lanes[lane].last_mut() {
                    Some((last, any)) if *last == column => *any |= overwritten,
                    _ => lanes[lane].push((column, overwritten)),
                }
            }
        }
        lanes
    }
}
