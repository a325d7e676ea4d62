//! What the lab tells while it works: events, to one observer trait.

/// Something that happened in the lab.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Some runs are done.
    Runs(Runs<'a>),
    /// Nothing new, but time has passed: a chance to redraw.
    Waiting,
}

/// Whoever wants to know: progress, a line-by-line writer, a collector.
pub trait Observer {
    /// Takes note of an event. Called between chunks of runs, never while the crew is counting
    /// unless the event is [`Event::Waiting`].
    fn observe(&mut self, event: Event<'_>);
}

/// A chunk of finished runs, in the order in which they were made.
#[derive(Clone, Copy, Debug)]
pub struct Runs<'a> {
    /// The number of the first of them; the first run of an experiment is 1.
    pub first: u64,
    /// The total each run ended with.
    pub actuals: &'a [u64],
    /// Nanoseconds from the start line to the last thread's arrival, one for each meeting.
    pub meetings_ns: &'a [u64],
    /// How many runs share a meeting; the last meeting may have fewer.
    pub stride: usize,
}

/// One finished run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number, counted from 1.
    pub number: u64,
    /// The total it ended with.
    pub actual: u64,
    /// How long it took; in a stride, its part of the whole stride's time.
    pub elapsed_ns: u64,
}

impl<'a> Runs<'a> {
    /// The runs one by one.
    pub fn iter(self) -> impl Iterator<Item = Run> + 'a {
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

    /// The totals of each meeting, with the time that each of its runs took.
    pub fn meetings(self) -> impl Iterator<Item = (&'a [u64], u64)> {
        self.actuals
            .chunks(self.stride)
            .zip(self.meetings_ns)
            .map(|(actuals, &ns)| (actuals, ns / actuals.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_stride_share_its_time() {
        let runs = Runs {
            first: 7,
            actuals: &[10, 11, 12],
            meetings_ns: &[100, 40],
            stride: 2,
        };
        let listed: Vec<_> = runs
            .iter()
            .map(|run| (run.number, run.actual, run.elapsed_ns))
            .collect();
        assert_eq!(listed, [(7, 10, 50), (8, 11, 50), (9, 12, 40)]);
    }
}
