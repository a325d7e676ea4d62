//! The first lost update, step by step, a column for each thread.

use std::collections::BTreeSet;
use std::mem;

use super::document::{Block, LaneRow, Lanes, Section};
use super::numbers::{duration, grouped, plural};
use super::text::Text;
use crate::lineage::{Access, FirstLost, Increment};
use crate::record::{Explained, label};
use crate::term::Tone;

/// The most steps that are shown in full; of more, only those that matter.
const MOST_STEPS: usize = 10;

/// Returns the steps from the store that two threads have read to the one that overwrites, and the
/// same in words.
pub(super) fn first_lost(run: &Explained) -> Option<Section<'static>> {
    let first = run.lineage.first_lost(&run.log)?;
    // The lost value, or the last one counted from it, stays until it is overwritten.
    let before = run.lineage.place(first.overwriter) - 1;
    let destroyed = run.lineage.order()[before];
    let shown = [first.lost, first.rival, first.overwriter, destroyed];
    let threads = BTreeSet::from(shown.map(|increment| run.lineage.thread(increment)));
    let steps = Steps {
        run,
        first,
        destroyed,
    };
    let threads = threads.into_iter().map(|thread| label(thread as usize));
    let lanes = Lanes {
        threads: threads.collect(),
        rows: steps.rows(),
    };
    let heading = Text::toned(Tone::Faint, "The first lost update, step by step:");
    let blocks = [Block::Lanes(lanes), Block::Gap, Block::words(steps.words())];
    Some(Section::new(heading, blocks))
}

struct Steps<'a> {
    run: &'a Explained,
    first: FirstLost,
    /// The overwritten store: the lost one, or one that descends from it.
    destroyed: Increment,
}

impl Steps<'_> {
    /// Returns the steps from the load of the base to the store that overwrites.
    fn rows(&self) -> Vec<LaneRow> {
        let is_base =
            |access: &Access| access.is_store && Some(access.increment) == self.first.base;
        let end = Access {
            increment: self.first.overwriter,
            is_store: true,
        };
        // Each flag turns true one access after its condition does.
        let (mut begun, mut over) = (self.first.base.is_none(), false);
        let accesses = self.run.lineage.accesses();
        let window: Vec<Access> = accesses
            .skip_while(|access| !mem::replace(&mut begun, is_base(access)))
            .take_while(|&access| !mem::replace(&mut over, access == end))
            .filter(|access| access.is_store || self.ends_in_window(access.increment))
            .collect();
        if window.len() <= MOST_STEPS {
            return window.into_iter().map(|access| self.row(access)).collect();
        }
        let mut rows = Vec::new();
        let mut left_out = 0;
        for access in window {
            if self.matters(access) {
                if left_out > 0 {
                    let more = plural(left_out, "increment");
                    rows.push(LaneRow::Gap(format!("{more} in between")));
                }
                left_out = 0;
                rows.push(self.row(access));
            } else {
                // A load belongs to the increment that stores later.
                left_out += u64::from(access.is_store);
            }
        }
        rows
    }

    /// Returns whether the store of an increment is shown; otherwise its load explains nothing.
    fn ends_in_window(&self, increment: Increment) -> bool {
        let place = |increment| self.run.lineage.place(increment);
        place(increment) <= place(self.first.overwriter)
    }

    fn matters(&self, access: Access) -> bool {
        let first = &self.first;
        [first.lost, first.rival, first.overwriter].contains(&access.increment)
            || access.is_store && access.increment == self.destroyed
    }

    fn row(&self, access: Access) -> LaneRow {
        let increment = access.increment;
        // A load is done at an unknown moment before its store.
        let (time, step) = if access.is_store {
            let stored = self.stored(increment);
            (self.time(increment), format!("store {stored}"))
        } else {
            let read = grouped(self.run.read(increment).into());
            (String::new(), format!("load {read}"))
        };
        LaneRow::Step {
            time,
            thread: self.run.label(increment),
            step: Text::toned(self.tone(access), step),
            remark: self.remark(access),
        }
    }

    fn time(&self, increment: Increment) -> String {
        let is_timed = self.run.is_timed(increment);
        let about = if is_timed { "" } else { "≈" };
        format!("{about}{}", duration(self.run.time(increment) as f64))
    }

    fn tone(&self, access: Access) -> Tone {
        let first = &self.first;
        if access.increment == first.lost {
            Tone::Lost
        } else if [first.rival, first.overwriter].contains(&access.increment) {
            Tone::Good
        } else {
            Tone::Plain
        }
    }

    /// Returns how a step contributes to the loss.
    fn remark(&self, access: Access) -> String {
        let first = &self.first;
        let of = |increment| self.run.label(increment);
        if !access.is_store && [first.lost, first.rival].contains(&access.increment) {
            "the same value".into()
        } else if access.is_store && access.increment == first.overwriter {
            let (whose, over) = (of(first.lost), self.stored(self.destroyed));
            if self.destroyed == first.lost {
                format!("over {whose}'s {over}")
            } else {
                format!("over {over}: {whose}'s is lost")
            }
        } else if access.is_store && access.increment == first.lost {
            "lost".into()
        } else {
            String::new()
        }
    }

    /// Returns the loss in words.
    fn words(&self) -> String {
        let FirstLost {
            lost,
            rival,
            overwriter,
            ..
        } = self.first;
        let label = |increment| self.run.label(increment);
        let read = |increment| grouped(self.run.read(increment).into());
        let both = format!(
            "{} and {} both load {}, so both store {}: two increments raise the counter by one.",
            label(lost),
            label(rival),
            read(lost),
            self.stored(lost)
        );
        let whose = format!("{}'s {}", label(lost), self.stored(lost));
        // The branch of increments that began at the lost one, if there is one.
        let to = self.stored(self.destroyed);
        let (branch, over) = if self.destroyed == lost {
            (String::new(), whose)
        } else {
            let branch = format!("From {whose} the counter goes on to {to}; then ");
            (branch, format!("the {to}"))
        };
        let strokes = self.run.strokes().into_iter();
        let with = strokes.filter(|&(by, _)| by == overwriter);
        let others = match with.map(|(_, streak)| streak - 1).sum() {
            0 => String::new(),
            others => format!(", and {} with it", plural(others, "other increment")),
        };
        format!(
            "{both} {branch}{}, which had loaded {} before, stores {} over {over}: {}'s increment {} \
             is lost{others}.",
            label(overwriter),
            read(overwriter),
            self.stored(overwriter),
            label(lost),
            grouped(self.run.lineage.sequence(lost).into()),
        )
    }

    /// Returns the count that an increment stored.
    fn stored(&self, increment: Increment) -> String {
        grouped(u64::from(self.run.read(increment)) + 1)
    }
}
