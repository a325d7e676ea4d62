//! Bars drawn with signs.

use crate::page::Bar;
use crate::term::{Page, Tone};

/// Returns a bar of at most `width` cells.
///
/// A part of a whole that is not zero takes a cell at least: one lost update among millions is seen.
pub(super) fn drawn(page: &Page, width: usize, bar: Bar) -> String {
    let (signs, palette) = (page.signs, page.palette);
    let part = |sign: char, cells| sign.to_string().repeat(cells);
    match bar {
        Bar::Whole(counted) => {
            let mut full = rounded(width, counted);
            if counted > 0.0 && counted < 1.0 {
                full = full.clamp(1, width.saturating_sub(1).max(1));
            }
            palette.paint(Tone::Good, &part(signs.full, full))
                + &palette.paint(Tone::Lost, &part(signs.lost, width - full))
        }
        Bar::Share(share, tone) => {
            let sign = match tone {
                Tone::Lost => signs.lost,
                _ => signs.full,
            };
            let length = rounded(width, share).clamp(usize::from(share > 0.0), width);
            palette.paint(tone, &part(sign, length))
        }
        Bar::None => String::new(),
    }
}

/// Returns whether a bar has a cell.
pub(super) fn is_seen(bar: Bar) -> bool {
    matches!(bar, Bar::Whole(_)) || matches!(bar, Bar::Share(share, _) if share > 0.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a width is a small number that is not negative"
)]
fn rounded(width: usize, share: f64) -> usize {
    (share.clamp(0.0, 1.0) * width as f64).round() as usize
}
