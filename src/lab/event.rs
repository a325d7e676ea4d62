//! What the lab reports while it counts: finished runs, a chunk at a time.

/// A chunk of finished runs, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs {
    /// The number of the first of them; the first run of an experiment is 1.
    pub first: u64,
    /// The total of each run.
    pub actuals: Vec<u64>,
    /// Nanoseconds from the start line to the arrival of the last thread, one for each meeting.
    pub meetings_ns: Vec<u64>,
    /// The number of runs that share a meeting; the last meeting may have fewer.
    pub stride: usize,
}

/// One finished run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number, counted from 1.
    pub number: u64,
    /// Its total.
    pub actual: u64,
    /// How long it took; in a stride, its share of the time of the whole stride.
    pub elapsed_ns: u64,
}

impl Runs {
    /// Returns a chunk without runs.
    pub fn new(stride: usize) -> Self {
        Self {
            first: 1,
            actuals: Vec::new(),
            meetings_ns: Vec::new(),
            stride,
        }
    }

    /// Returns the number of runs.
    pub fn count(&self) -> u64 {
        self.actuals.len() as u64
    }

    /// Returns the number of runs that did not end with the expected total.
    pub fn lost(&self, expected: u64) -> u64 {
        let lost = |actual: &&u64| **actual != expected;
        self.actuals.iter().filter(lost).count() as u64
    }

    /// Drops all runs after the first `count`.
    pub(super) fn truncate(&mut self, count: usize) {
        self.actuals.truncate(count);
        self.meetings_ns.truncate(count.div_ceil(self.stride));
    }

    /// Returns the runs one by one.
    pub fn iter(&self) -> impl Iterator<Item = Run> + '_ {
        self.meetings()
            .enumerate()
            .flat_map(move |(meeting, (actuals, elapsed_ns))| {
                let first = self.first + (meeting * self.stride) as u64;
                (first..).zip(actuals).map(move |(number, &actual)| Run {
                    number,
                    actual,
                    elapsed_ns,
                })
            })
    }

    /// Returns the totals of each meeting, with the time that each of its runs took.
    pub fn meetings(&self) -> impl Iterator<Item = (&[u64], u64)> {
        self.actuals
            .chunks(self.stride)
            .zip(&self.meetings_ns)
            .map(|(actuals, &ns)| (actuals, ns / actuals.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_stride_share_its_time() {
        let mut runs = Runs {
            first: 7,
            actuals: vec![10, 11, 12],
            meetings_ns: vec![100, 40],
            stride: 2,
        };
        let listed = |runs: &Runs| -> Vec<_> {
            let listed = runs.iter();
            listed
                .map(|run| (run.number, run.actual, run.elapsed_ns))
                .collect()
        };
        assert_eq!(listed(&runs), [(7, 10, 50), (8, 11, 50), (9, 12, 40)]);
        assert_eq!((runs.count(), runs.lost(11)), (3, 2));
        runs.truncate(2);
        assert_eq!(listed(&runs), [(7, 10, 50), (8, 11, 50)]);
    }
}
