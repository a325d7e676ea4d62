//! A run folded into columns of time: what happened in each, thread by thread.

use super::explained::Explained;

/// What happened to a thread's increments within a column of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// Increments done then that survived.
    pub survived: u64,
    /// Increments done then that did not.
    pub lost: u64,
}

/// A run in columns of equal time.
#[derive(Debug)]
pub struct Timeline {
    /// For each lane, its columns.
    pub cells: Vec<Vec<Slot>>,
    /// The end of the last column, after the start line.
    pub end_ns: u64,
    /// Which threads share a lane.
    pub lanes: LaneMap,
}

/// Which threads are drawn in which lane: where there are too many of them, neighbours share one, as many in each.
#[derive(Clone, Copy, Debug)]
pub struct LaneMap {
    threads: usize,
    /// Threads in a lane; in the last there may be fewer.
    each: usize,
}

impl LaneMap {
    /// At most so many lanes for so many threads.
    pub fn new(threads: usize, most: usize) -> Self {
        let each = threads.div_ceil(most).max(1);
        Self { threads, each }
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.threads.div_ceil(self.each)
    }

    /// That of a thread.
    pub fn of(self, thread: usize) -> usize {
        thread / self.each
    }

    /// The first and the last thread of one.
    pub fn threads(self, lane: usize) -> (usize, usize) {
        let end = (lane + 1) * self.each;
        (lane * self.each, end.min(self.threads) - 1)
    }
}

impl Timeline {
    /// The run in so many columns, and in these lanes.
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

    /// The same, with what stood empty between an increment and the one before it, unless the thread
    /// waited then, or was off its core.
    ///
    /// An increment takes from the one before it until it is done, so where columns are narrower
    /// than that, those between are no pauses.
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

    /// Whether a lane has an empty column between others.
    pub fn has_gaps(&self) -> bool {
        let done = |cell: &Slot| *cell != Slot::default();
        self.cells.iter().any(|cells| {
            let mut rest = cells.iter().skip_while(|cell| !done(cell));
            rest.any(|cell| !done(cell)) && rest.any(done)
        })
    }

    /// The column that a time is drawn in.
    pub fn column(&self, time_ns: u64) -> usize {
        let columns = self.cells.first().map_or(1, Vec::len) as u128;
        let column = u128::from(time_ns) * columns / u128::from(self.end_ns);
        usize::try_from(column.min(columns - 1)).unwrap_or(0)
    }
}
