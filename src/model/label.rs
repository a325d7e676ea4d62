//! Thread labels: `A`, `B`, ... `Z`, `AA`, `AB`, ...: numbers in bijective base 26.

use std::fmt;

/// The label of the thread with this index (0 is `A`, 25 is `Z`, 26 is `AA`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub usize);

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 26^14 > 2^64, so 14 letters are enough for any index.
        let mut letters = [b'A'; 14];
        let mut first = letters.len();
        let mut rest = self.0;
        loop {
            first -= 1;
            // `rest % 26` is below 26, so the sum stays a capital letter.
            letters[first] = b'A' + u8::try_from(rest % 26).unwrap_or(0);
            rest /= 26;
            if rest == 0 {
                break;
            }
            rest -= 1;
        }
        f.pad(std::str::from_utf8(&letters[first..]).unwrap_or_default())
    }
}

/// Returns the index of a label; `None` if it is empty, holds anything but capital letters, or is
/// too long for an index.
pub fn parse_label(text: &str) -> Option<usize> {
    let mut number: usize = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_uppercase() {
            return None;
        }
        number = number
            .checked_mul(26)?
            .checked_add(usize::from(byte - b'A') + 1)?;
    }
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_like_spreadsheet_columns() {
        for (index, label) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(Label(index).to_string(), label);
            assert_eq!(parse_label(label), Some(index));
        }
        assert_eq!(format!("{:>3}", Label(1)), "  B");
    }

    #[test]
    fn every_label_parses_back_even_the_last() {
        for index in (0..20_000).chain([usize::MAX - 1]) {
            assert_eq!(parse_label(&Label(index).to_string()), Some(index));
        }
    }

    #[test]
    fn invalid_labels_are_refused() {
        for text in ["", "a", "A1", "Ä", "-", "ZZZZZZZZZZZZZZZZZZ"] {
            assert_eq!(parse_label(text), None, "{text}");
        }
    }
}
