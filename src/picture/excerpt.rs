//! The stores that are shown one by one: all of a short run, else those around the worst overwrite.

use std::ops::Range;

use super::FEW;
use crate::lineage::Increment;
use crate::record::Explained;

/// The number of stores that are shown of a long run.
const SHOWN: usize = 40;

/// The least number of stores that are shown before and after the worst overwrite, if there are as
/// many.
const MARGIN: usize = 4;

/// The content of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Store(Increment),
    /// The stores at these places are left out.
    Gap(Range<usize>),
}

/// Returns the columns of a run; `worst` is the store with the worst overwrite.
pub(super) fn columns(run: &Explained, worst: Option<Increment>) -> Vec<Column> {
    let order = run.lineage.order();
    let stroke = worst.map_or(0..0, |by| {
        first_overwritten(run, by)..run.lineage.place(by) + 1
    });
    let [before, after] = windows(order.len(), &stroke);
    let left_out = before.end..after.start;
    let stores = |range: Range<usize>| order[range].iter().map(|&store| Column::Store(store));
    let gap = (!left_out.is_empty()).then_some(Column::Gap(left_out));
    stores(before).chain(gap).chain(stores(after)).collect()
}

/// Returns the place of the first store that this one has overwritten for good.
fn first_overwritten(run: &Explained, by: Increment) -> usize {
    let overwritten = |&store: &Increment| run.lineage.overwritten_by(store) == Some(by);
    let first = run.lineage.order().iter().position(overwritten);
    first.unwrap_or_else(|| run.lineage.place(by))
}

/// Returns the places that are shown of a run with `len` stores, the second range after the first or
/// empty: the whole stroke or, if that is too long, its beginning and its end.
fn windows(len: usize, stroke: &Range<usize>) -> [Range<usize>; 2] {
    if len <= FEW {
        return [0..len, len..len];
    }
    let first = stroke.start.saturating_sub(MARGIN);
    let last = (stroke.end + MARGIN).min(len);
    if last - first > SHOWN {
        return [first..first + SHOWN / 2, last - SHOWN / 2..last];
    }
    let spare = SHOWN - stroke.len();
    let first = stroke.start.saturating_sub(spare / 2).min(len - SHOWN);
    let end = first + SHOWN;
    [first..end, end..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_stroke_is_seen_wherever_it_is(
            (len, from, to) in (1_usize..200).prop_flat_map(|len| {
                (Just(len), 0..len).prop_flat_map(|(len, from)| (Just(len), Just(from), from..=len))
            })
        ) {
            let [before, after] = windows(len, &(from..to));
            prop_assert!(before.end <= after.start && after.end <= len);
            prop_assert_eq!(before.len() + after.len(), if len <= FEW { len } else { SHOWN });
            if from < to {
                let seen = |place: usize| before.contains(&place) || after.contains(&place);
                prop_assert!(seen(from) && seen(to - 1));
            }
        }
    }

    #[test]
    fn a_stroke_at_either_end_of_the_run_is_one_window() {
        assert_eq!(windows(100, &(0..34)), [0..40, 40..40]);
        assert_eq!(windows(100, &(65..100)), [60..100, 100..100]);
        assert_eq!(windows(100, &(0..37)), [0..20, 21..41]);
    }
}
