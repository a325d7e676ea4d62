//! The form of a schedule that says which of its threads come to their end.

use super::token::{Schedule, Segment, Steps};
use crate::model::actor::Actor;
use crate::model::machine::{Machine, Status};

impl Schedule {
    /// Replaces the count of the last segment of each thread that is done in `end`, the machine
    /// after the schedule, by `-`.
    #[must_use]
    pub fn closed(self, end: &Machine<'_>) -> Self {
        let mut closed = vec![false; end.system().threads()];
        let mut segments: Vec<Segment> = self.segments().to_vec();
        for segment in segments.iter_mut().rev() {
            let Actor::Thread(thread) = segment.actor else {
                continue;
            };
            let Some(seen) = closed.get_mut(thread) else {
                continue;
            };
            if !*seen && end.status(thread) == Status::Done {
                segment.steps = Steps::ToEnd;
            }
            *seen = true;
        }
        segments.into_iter().collect()
    }
}
