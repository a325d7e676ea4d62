//! Where the stores of the excerpt, and those that are left out of it, stand on the picture.

use super::excerpt::{Column, columns};
use super::{Area, LEFT, RIGHT};
use crate::lineage::Increment;
use crate::record::Explained;

/// The most lanes; where more threads take part, neighbours share one.
const MOST_LANES: usize = 8;

/// Half of the box around the value at the beginning, and the room that is kept for it.
pub(super) const INITIAL: f64 = 17.0;
const ROOM_FOR_INITIAL: f64 = 54.0;

/// The places of stores on the picture.
pub(super) struct Detail<'a> {
    pub(super) run: &'a Explained,
    pub(super) area: Area,
    pub(super) columns: Vec<Column>,
    /// Where the first column begins.
    pub(super) left: f64,
    /// Threads that take part.
    pub(super) threads: Vec<u32>,
    pub(super) worst: Option<(Increment, u64)>,
}

impl<'a> Detail<'a> {
    pub(super) fn of(run: &'a Explained, area: Area) -> Self {
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
        let first = run.lineage.order().first().copied().map(Column::Store);
        let from_the_start = columns.first() == first.as_ref();
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

    pub(super) fn spacing(&self) -> f64 {
        (RIGHT - self.left) / self.columns.len().max(1) as f64
    }

    pub(super) fn radius(&self) -> f64 {
        (self.spacing() * 0.36).min(11.0)
    }

    /// Threads in a lane; in the last there may be fewer.
    fn threads_each(&self) -> usize {
        self.threads.len().div_ceil(MOST_LANES).max(1)
    }

    /// The threads of each lane.
    pub(super) fn lanes(&self) -> impl Iterator<Item = Vec<usize>> {
        let lanes = self.threads.chunks(self.threads_each());
        lanes.map(|lane| lane.iter().map(|&thread| thread as usize).collect())
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

    /// The lane of a thread; `None` where it takes no part.
    fn lane(&self, thread: u32) -> Option<usize> {
        let place = self.threads.binary_search(&thread).ok()?;
        Some(place / self.threads_each())
    }

    /// The height of a thread's lane.
    fn y(&self, thread: u32) -> Option<f64> {
        let lane = self.lane(thread)?;
        Some(self.area.lane(lane, self.lanes_shown()).0)
    }

    pub(super) fn stores(&self) -> impl DoubleEndedIterator<Item = (usize, Increment)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(column, what)| match what {
            Column::Store(store) => Some((column, *store)),
            Column::Gap(_) => None,
        })
    }

    /// Where a store that is shown is drawn.
    pub(super) fn point(&self, column: usize, store: Increment) -> (f64, f64) {
        let y = self.y(self.run.lineage.thread(store));
        (self.x(column), y.unwrap_or_else(|| self.middle()))
    }

    /// Where the worst overwriter is drawn.
    pub(super) fn worst_point(&self) -> Option<(f64, f64)> {
        let (by, _) = self.worst?;
        Some(self.point(self.column(by)?, by))
    }

    /// Where the value at the beginning is drawn: in its own room, where there is one; else at the
    /// left edge.
    pub(super) fn beginning(&self) -> (f64, f64) {
        let x = LEFT + if self.left > LEFT { INITIAL } else { 0.0 };
        (x, self.middle())
    }

    /// The column of a store, if it is shown.
    pub(super) fn column(&self, store: Increment) -> Option<usize> {
        let mut stores = self.stores();
        stores.find_map(|(column, shown)| (shown == store).then_some(column))
    }

    /// How far a store would be to the right: at the gap or at an edge where it is not shown.
    fn where_it_would_be(&self, store: Increment) -> f64 {
        if let Some(column) = self.column(store) {
            return self.x(column);
        }
        let place = self.run.lineage.place(store);
        let before = |&(_, shown): &(usize, Increment)| self.run.lineage.place(shown) < place;
        let gap =
            |column: &Column| matches!(column, Column::Gap(left_out) if left_out.contains(&place));
        match self.columns.iter().position(gap) {
            Some(gap) => self.x(gap),
            None if self.stores().any(|shown| before(&shown)) => RIGHT,
            None => LEFT,
        }
    }

    /// The other end of a line between a store that is shown, at this point, and one it is tied to:
    /// where that would be or, where its thread has no lane, a little way towards it.
    pub(super) fn towards(&self, (x, y): (f64, f64), other: Increment) -> (f64, f64) {
        let there = self.where_it_would_be(other);
        match self.y(self.run.lineage.thread(other)) {
            Some(height) => (there, height),
            None => (x + self.spacing().copysign(there - x), y),
        }
    }

    /// For each lane the columns in which it has stores, and whether this one has overwritten any of
    /// them.
    pub(super) fn overwritten(&self, by: Increment) -> Vec<Vec<(usize, bool)>> {
        let lineage = &self.run.lineage;
        let mut lanes = vec![Vec::new(); self.lanes_shown()];
        let mut add = |column: usize, store: Increment| {
            let Some(lane) = self.lane(lineage.thread(store)) else {
                return;
            };
            let overwritten = lineage.overwritten_by(store) == Some(by);
            let columns: &mut Vec<(usize, bool)> = &mut lanes[lane];
            match columns.last_mut() {
                Some((last, any)) if *last == column => *any |= overwritten,
                _ => columns.push((column, overwritten)),
            }
        };
        for (column, what) in self.columns.iter().enumerate() {
            match what {
                Column::Store(store) => add(column, *store),
                Column::Gap(left_out) => lineage.order()[left_out.clone()]
                    .iter()
                    .for_each(|&store| add(column, store)),
            }
        }
        lanes
    }
}
