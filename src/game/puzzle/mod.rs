//! The puzzles: race programs of the gallery that have a goal, in the order in which they are played.

mod scores;

pub use scores::{MOST_STARS, Score, Scores};

/// The names of all puzzles, the easiest first.
pub static ALL: &[&str] = &[
    "lost-update",
    "luck",
    "single-instruction",
    "three",
    "wait",
    "locked",
    "forgotten-lock",
    "minimum",
    "split-lock",
    "bank",
    "audit",
    "retry",
    "two-locks",
    "flag-first",
    "philosophers",
    "lost-wakeup",
    "naive-lock",
    "if-instead-of-while",
    "impatient-peterson",
    "aba",
    "minimum-of-three",
];

/// Names that puzzles once had, under which scores may have been kept, and the names they have now.
const FORMER: [(&str, &str); 5] = [
    ("deadlock", "two-locks"),
    ("publish", "flag-first"),
    ("wake-up", "lost-wakeup"),
    ("raised-late", "naive-lock"),
    ("peterson", "impatient-peterson"),
];

/// Returns the name that a puzzle has now.
pub fn current(name: &str) -> &str {
    let renamed = FORMER.iter().find(|(former, _)| *former == name);
    renamed.map_or(name, |(_, current)| current)
}

/// Returns the index of the puzzle of this number (from 1) or name, be it a former one.
pub fn find(asked: &str) -> Option<usize> {
    match asked.parse::<usize>() {
        Ok(number) => number.checked_sub(1).filter(|index| *index < ALL.len()),
        Err(_) => ALL.iter().position(|name| *name == current(asked)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puzzles_are_found_by_number_and_by_name() {
        for (index, name) in ALL.iter().enumerate() {
            assert_eq!(find(name), Some(index));
            assert_eq!(find(&(index + 1).to_string()), Some(index));
        }
        for (former, current) in FORMER {
            assert_eq!(find(former).map(|index| ALL[index]), Some(current));
            assert!(!ALL.contains(&former), "{former}");
        }
        for asked in ["0", "99", "", "LUCK", "-1"] {
            assert!(find(asked).is_none(), "{asked}");
        }
    }
}
