//! Bars made of signs.

use crate::term::{Page, Tone};

/// A bar of `width` cells for a whole of which the share `counted` was counted and the rest lost.
///
/// Neither part vanishes while it is not zero: a single lost update among millions is seen.
pub(super) fn counted_and_lost(page: &Page, width: usize, counted: f64) -> String {
    let full = cells(width, counted);
    let (signs, palette) = (page.signs, page.palette);
    let part = |sign: char, cells| sign.to_string().repeat(cells);
    palette.paint(Tone::Good, &part(signs.full, full))
        + &palette.paint(Tone::Lost, &part(signs.lost, width - full))
}

/// A bar of at most `width` cells for a share of the longest one.
pub(super) fn plain(page: &Page, width: usize, share: f64, tone: Tone) -> String {
    let sign = match tone {
        Tone::Lost => page.signs.lost,
        _ => page.signs.full,
    };
    page.palette
        .paint(tone, &sign.to_string().repeat(length(width, share)))
}

/// How many cells of `width` such a bar has: none for nothing alone.
pub(super) fn length(width: usize, share: f64) -> usize {
    rounded(width, share).clamp(usize::from(share > 0.0), width)
}

fn cells(width: usize, share: f64) -> usize {
    if share <= 0.0 {
        0
    } else if share >= 1.0 {
        width
    } else {
        rounded(width, share).clamp(1, width.saturating_sub(1).max(1))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a width is a small number that is not negative"
)]
fn rounded(width: usize, share: f64) -> usize {
    (share * width as f64).round() as usize
}
