//! The first lost update, step by step, a column per thread.

use textwrap::core::display_width;

use super::super::super::numbers::{duration, grouped, plural};
use super::super::wrap::{fit, wrap};
use crate::lineage::{Access, FirstLost, Increment};
use crate::report::record::explained::{Explained, label};
use crate::term::{Page, Tone};

/// As many steps are shown in a row; of longer rows only what matters.
const MOST_STEPS: usize = 10;

/// The steps from the store that two have read to the one that overwrites; then the same in words.
pub(super) fn first_lost(run: &Explained, page: &Page) -> Option<String> {
    let first = run.lineage.first_lost(&run.log)?;
    // The lost one's value, or what was counted on from it, is there until it is stored over.
    let before = run.lineage.place(first.overwriter) - 1;
    let destroyed = run.lineage.order()[before];
    let shown = [first.lost, first.rival, first.overwriter, destroyed];
    let mut columns = shown
        .map(|increment| run.lineage.thread(increment))
        .to_vec();
    columns.sort_unstable();
    columns.dedup();
    let table = Steps {
        run,
        page,
        first,
        destroyed,
        columns,
    };
    let heading = page
        .palette
        .paint(Tone::Faint, "The first lost update, step by step:");
    let mut text = wrap(page, &heading);
    text += &table.rows();
    text += "\n";
    text += &wrap(page, &table.words());
    Some(text)
}

struct Steps<'a> {
    run: &'a Explained,
    page: &'a Page,
    first: FirstLost,
    /// The store that the overwriter stored over: the lost one, or one that descends from it.
    destroyed: Increment,
    columns: Vec<u32>,
}

/// A line of the table.
enum Row {
    Step(Access),
    /// Increments that are left out: so many stores.
    Gap(u64),
}

impl Steps<'_> {
    /// What happens from the load of the base to the store that overwrites.
    fn steps(&self) -> Vec<Row> {
        let is_base =
            |access: &Access| access.is_store && Some(access.increment) == self.first.base;
        let accesses = self.run.lineage.accesses();
        let skipped = match self.first.base {
            None => 0,
            Some(_) => {
                1 + self
                    .run
                    .lineage
                    .accesses()
                    .take_while(|a| !is_base(a))
                    .count()
            }
        };
        let end = Access {
            increment: self.first.overwriter,
            is_store: true,
        };
        let mut over = false;
        let window: Vec<Access> = accesses
            .skip(skipped)
            .take_while(|&access| !std::mem::replace(&mut over, access == end))
            .filter(|access| access.is_store || self.ends_in_window(access.increment))
            .collect();
        if window.len() <= MOST_STEPS {
            return window.into_iter().map(Row::Step).collect();
        }
        let mut rows = Vec::new();
        let mut left_out = 0;
        for access in window {
            if self.matters(access) {
                if left_out > 0 {
                    rows.push(Row::Gap(left_out));
                }
                left_out = 0;
                rows.push(Row::Step(access));
            } else {
                // A load belongs to the increment that stores later.
                left_out += u64::from(access.is_store);
            }
        }
        rows
    }

    /// A load whose store comes too late to be shown explains nothing.
    fn ends_in_window(&self, increment: Increment) -> bool {
        let place = |increment| self.run.lineage.place(increment);
        place(increment) <= place(self.first.overwriter)
    }

    fn matters(&self, access: Access) -> bool {
        let FirstLost {
            lost,
            rival,
            overwriter,
            ..
        } = self.first;
        [lost, rival, overwriter].contains(&access.increment)
            || access.is_store && access.increment == self.destroyed
    }

    fn rows(&self) -> String {
        let rows = self.steps();
        let time = |increment| {
            let time = duration(self.run.time(increment) as f64, self.page.signs);
            let about = if self.run.is_timed(increment) {
                ""
            } else {
                self.page.signs.about
            };
            format!("{about}{time}")
        };
        let cell = |access: Access| {
            let read = u64::from(self.run.read(access.increment));
            if access.is_store {
                format!("store {}", grouped(read + 1))
            } else {
                format!("load {}", grouped(read))
            }
        };
        let steps = || {
            rows.iter().filter_map(|row| match row {
                Row::Step(access) => Some(*access),
                Row::Gap(_) => None,
            })
        };
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            texts.map(|text| text.chars().count()).max().unwrap_or(0)
        };
        let time_width = widest(&mut steps().map(|access| time(access.increment))).max(4);
        let cell_width = widest(&mut steps().map(cell)).max(6) + 2;
        let narrow = time_width + 2 + self.columns.len() * cell_width > self.page.width;
        let mut text = String::new();
        if !narrow {
            let mut heading = format!("{:>time_width$}", "time");
            for &thread in &self.columns {
                heading += &format!("  {:<1$}", label(thread as usize), cell_width - 2);
            }
            let heading = self.page.palette.paint(Tone::Faint, heading.trim_end());
            text += &fit(self.page, &heading);
        }
        for row in &rows {
            let access = match row {
                Row::Step(access) => *access,
                Row::Gap(stores) => {
                    let more = plural(*stores, "increment");
                    text += &wrap(
                        self.page,
                        &format!("{:>time_width$}  ({more} in between)", ""),
                    );
                    continue;
                }
            };
            let thread = self.run.lineage.thread(access.increment);
            let step = self.page.palette.paint(self.tone(access), &cell(access));
            // A load is done at an unknown moment before its store.
            let when = if access.is_store {
                time(access.increment)
            } else {
                String::new()
            };
            let remark = self.remark(access);
            let column = self.columns.iter().position(|&t| t == thread);
            let column = column.filter(|_| !narrow);
            let step = match column {
                Some(_) => step,
                None => format!("{}: {step}", label(thread as usize)),
            };
            let indent = time_width + 2 + column.unwrap_or(0) * cell_width;
            let start = format!("{when:>time_width$}{:1$}{step}", "", indent - time_width);
            // Behind all columns or, where there is no room, on a line of its own.
            let behind = match column {
                Some(_) => time_width + 2 + self.columns.len() * cell_width,
                None => display_width(&start) + 2,
            };
            if behind + remark.chars().count() <= self.page.width {
                let room = behind - display_width(&start);
                let line = format!("{start}{:room$}{remark}", "");
                text += &fit(self.page, line.trim_end());
            } else {
                text += &fit(self.page, start.trim_end());
                text += &wrap(self.page, &format!("{:indent$}{remark}", ""));
            }
        }
        text
    }

    fn tone(&self, access: Access) -> Tone {
        let FirstLost {
            lost,
            rival,
            overwriter,
            ..
        } = self.first;
        match access.increment {
            increment if increment == lost => Tone::Lost,
            increment if increment == rival || increment == overwriter => Tone::Good,
            _ => Tone::Plain,
        }
    }

    /// What a step has to do with the loss.
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

    /// The same in words.
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
            "{} and {} both load {}, so both store {}: two increments, and the counter goes up by \
             one.",
            label(lost),
            label(rival),
            read(lost),
            self.stored(lost)
        );
        let whose = format!("{}'s {}", label(lost), self.stored(lost));
        // Nothing, or a branch that had its beginning there.
        let (branch, over) = if self.destroyed == lost {
            (String::new(), whose)
        } else {
            let to = self.stored(self.destroyed);
            let branch = format!("From {whose} the counter goes on to {to}. Then ");
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

    /// The count that an increment stored.
    fn stored(&self, increment: Increment) -> String {
        grouped(u64::from(self.run.read(increment)) + 1)
    }
}
