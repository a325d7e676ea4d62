//! A run folded into columns of time, thread by thread.

use super::explained::Explained;

/// The increments of a lane within a column of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// Increments that survived.
    pub survived: u64,
    /// Increments that were lost.
    pub lost: u64,
}

/// A run in columns of equal time.
#[derive(Debug)]
pub struct Timeline {
    /// The columns of each lane.
    pub cells: Vec<Vec<Slot>>,
    /// The end of the last column, in nanoseconds after the start.
    pub end_ns: u64,
    /// The lanes of the threads.
    pub lanes: LaneMap,
}

/// The lanes that threads are drawn in: if there are too many threads, neighbours share a lane.
#[derive(Clone, Copy, Debug)]
pub struct LaneMap {
    threads: usize,
    /// The number of threads in a lane; the last lane may have fewer.
    each: usize,
}

impl LaneMap {
    /// Returns at most `most` lanes for these threads.
    pub fn new(threads: usize, most: usize) -> Self {
        let each = threads.div_ceil(most).max(1);
        Self { threads, each }
    }

    /// Returns the number of lanes.
    pub fn count(self) -> usize {
        self.threads.div_ceil(self.each)
    }

    /// Returns the lane of a thread.
    pub fn of(self, thread: usize) -> usize {
        thread / self.each
    }

    /// Returns the first and the last thread of a lane.
    pub fn threads(self, lane: usize) -> (usize, usize) {
        let end = (lane + 1) * self.each;
        (lane * self.each, end.min(self.threads) - 1)
    }
}

impl Timeline {
    /// Returns the run in this number of columns, and in these lanes.
    pub fn of(run: &Explained, columns: usize, lanes: LaneMap) -> Self {
        // Times do not run backwards along the order.
        let end_ns = run.lineage.order().last().map_or(0, |&last| run.time(last)) + 1;
        let mut timeline = Self {
            cells: vec![vec![Slot::default(); columns]; lanes.count()],
            end_ns,
            lanes,
        };
        for increment in run.increments() {
            let lane = timeline.lanes.of(run.lineage.thread(increment) as usize);
            let column = timeline.column(run.time(increment));
            let cell = &mut timeline.cells[lane][column];
            let survived = run.lineage.survived(increment);
            cell.survived += u64::from(survived);
            cell.lost += u64::from(!survived);
        }
        timeline
    }

    /// Fills the empty columns between an increment and the one before it, unless the thread waited
    /// in between, or was off its core.
    ///
    /// An increment lasts from the end of the one before it until its own end, so columns that are
    /// narrower than an increment would otherwise show pauses.
    #[must_use]
    pub fn filled(mut self, run: &Explained) -> Self {
        for increment in run.increments() {
            if run.lineage.sequence(increment) == 1 || run.lineage.is_after_pause(increment) {
                continue;
            }
            let lane = self.lanes.of(run.lineage.thread(increment) as usize);
            let [before, done] = [increment - 1, increment].map(|i| self.column(run.time(i)));
            let survived = run.lineage.survived(increment);
            let under_way = Slot {
                survived: survived.into(),
                lost: (!survived).into(),
            };
            for cell in self.cells[lane].iter_mut().take(done).skip(before + 1) {
                if *cell == Slot::default() {
                    *cell = under_way;
                }
            }
        }
        self
    }

    /// Returns whether a lane has an empty column between others.
    pub fn has_gaps(&self) -> bool {
        let done = |cell: &Slot| *cell != Slot::default();
        self.cells.iter().any(|cells| {
            let mut rest = cells.iter().skip_while(|cell| !done(cell));
            rest.any(|cell| !done(cell)) && rest.any(done)
        })
    }

    /// Returns the column that a time is drawn in.
    pub fn column(&self, time_ns: u64) -> usize {
        let columns = self.cells.first().map_or(1, Vec::len) as u128;
        let column = u128::from(time_ns) * columns / u128::from(self.end_ns);
        usize::try_from(column.min(columns - 1)).unwrap_or(0)
    }
}
