//! Digits that can be read from the last row: five lines high.

/// The characters that there are.
const KNOWN: &str = "0123456789.%<>";

/// The rows of each of them, `#` where something is drawn.
const ROWS: [&str; 5] = [
    "###, # ,###,###,# #,###,###,###,###,###, ,# #,  #,#  ",
    "# #,## ,  #,  #,# #,#  ,#  ,  #,# #,# #, ,  #, # , # ",
    "# #, # ,###, ##,###,###,###, # ,###,###, , # ,#  ,  #",
    "# #, # ,#  ,  #,  #,  #,# #, # ,# #,  #, ,#  , # , # ",
    "###,###,###,###,  #,###,###, # ,###,###,#,# #,  #,#  ",
];

/// The lines of big text.
pub(super) const HEIGHT: u16 = 5;

/// Returns text in big digits, of this sign, each twice as wide as in the table; characters that there
/// are not become a gap.
pub(super) fn big(text: &str, sign: char) -> Vec<String> {
    let line = |row: &&str| {
        let letters = text.chars().map(|letter| {
            let place = KNOWN.find(letter);
            let rows = place.and_then(|place| row.split(',').nth(place));
            let rows = rows.unwrap_or(" ");
            let cell = |cell: char| if cell == '#' { sign } else { ' ' };
            rows.chars().flat_map(|c| [cell(c); 2]).collect::<String>()
        });
        letters.collect::<Vec<_>>().join(" ")
    };
    ROWS.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_number_has_the_same_width() {
        let lines = big("0123456789.% <>", '#');
        assert_eq!(lines.len(), usize::from(HEIGHT));
        let width = lines[0].len();
        assert!(lines.iter().all(|line| line.len() == width), "{lines:?}");
        assert_eq!(
            big("1", '*'),
            ["  **  ", "****  ", "  **  ", "  **  ", "******"]
        );
    }
}
