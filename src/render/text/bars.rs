//! Bars made of signs.

use crate::page::Bar;
use crate::term::{Page, Tone};

/// Returns a bar of at most `width` cells.
///
/// No part of a whole vanishes while it is not zero: a single lost update among millions is seen.
pub(super) fn drawn(page: &Page, width: usize, bar: Bar) -> String {
    let (signs, palette) = (page.signs, page.palette);
    let part = |sign: char, cells| sign.to_string().repeat(cells);
    match bar {
        Bar::Whole(counted) => {
            let full = cells(width, counted);
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

/// Returns whether anything is to be seen of the bar.
pub(super) fn is_seen(bar: Bar) -> bool {
    match bar {
        Bar::Whole(_) => true,
        Bar::Share(share, _) => share > 0.0,
        Bar::None => false,
    }
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
