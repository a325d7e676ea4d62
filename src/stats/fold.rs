//! Folds many neighbouring items into a few groups.

/// Groups `items`, which are in rising order of `key`, into at most `room` groups of neighbours if
/// possible, and at least one.
///
/// Items are neighbours if their keys are in the same multiple of a round width (2, 5, 10, 20, ...):
/// the least width that leaves few enough groups. An item without a key stays alone. So does one
/// whose `keep` is not 0 as long as the others can make room; then those with the least `keep` are
/// grouped as well, and so on.
pub fn fold<T>(
    items: &[T],
    room: usize,
    keep: impl Fn(&T) -> u8,
    key: impl Fn(&T) -> Option<u64>,
) -> Vec<&[T]> {
    if items.len() <= room {
        return items.chunks(1).collect();
    }
    let grouped = |(level, width)| {
        let place = |item: &T| {
            let key = key(item).filter(|_| keep(item) <= level);
            key.map(|key| key / width)
        };
        let groups = items.chunk_by(|a, b| place(a).is_some() && place(a) == place(b));
        groups.collect::<Vec<_>>()
    };
    let most = items.iter().map(&keep).max().unwrap_or(0);
    let mut tries = (0..=most).flat_map(|level| widths().map(move |width| (level, width)));
    let fitting = tries.find_map(|tried| Some(grouped(tried)).filter(|found| found.len() <= room));
    fitting.unwrap_or_else(|| grouped((most, u64::MAX)))
}

/// Returns 2, 5, 10, 20, 50, ... and finally the greatest width.
fn widths() -> impl Iterator<Item = u64> {
    let tens = (0..20).map(|power| 10_u64.pow(power));
    let all = tens.flat_map(|ten| [1, 2, 5].map(|of| ten.saturating_mul(of)));
    all.skip(1).chain([u64::MAX])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folds the keys from 2 to 20 and a last item without one; 2 and 20 are to be kept, 20 longer.
    fn folded(room: usize) -> Vec<usize> {
        let items: Vec<_> = (2..=20).map(Some).chain([None]).collect();
        let keep = |item: &Option<u64>| match item {
            Some(2) => 1,
            Some(20) => 2,
            _ => 0,
        };
        let groups = fold(&items, room, keep, |item| *item);
        assert_eq!(groups.concat(), items);
        groups.iter().map(|group| group.len()).collect()
    }

    #[test]
    fn nothing_is_folded_without_need() {
        assert_eq!(folded(20), [1; 20]);
        assert_eq!(fold(&[1_u64, 1, 1], 3, |_| 0, |_| Some(7)).len(), 3);
        assert!(fold(&[0_u64; 0], 0, |_| 0, |_| None).is_empty());
    }

    #[test]
    fn the_least_round_width_is_taken_and_kept_items_stay_alone() {
        assert_eq!(folded(19), [1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1]);
        assert_eq!(folded(7), [1, 2, 5, 5, 5, 1, 1]);
        assert_eq!(folded(5), [1, 7, 10, 1, 1]);
        assert_eq!(folded(4), [1, 17, 1, 1]);
    }

    #[test]
    fn kept_items_are_folded_where_there_is_no_other_room() {
        assert_eq!(folded(3), [18, 1, 1]);
        assert_eq!(folded(2), [19, 1]);
        // An item without a key is never folded.
        assert_eq!(folded(1), [19, 1]);
    }
}
