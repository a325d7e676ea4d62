//! Regular expressions, searched for in output line by line as it streams.

use regex::bytes::Regex;

/// The longest part of a line that is searched.
const LONGEST: usize = 64 << 10;

/// The expressions that are searched for in one stream, and what was found.
#[derive(Debug)]
pub(super) struct LineSearch<'a> {
    /// The expression whose first group is wanted.
    outcome: Option<&'a Regex>,
    /// What its first match had in the group.
    pub(super) found: Option<Vec<u8>>,
    /// Expressions of which only matters whether they match, and whether they have.
    tests: Vec<(&'a Regex, bool)>,
    /// The beginning of a line whose end is not known yet.
    line: Vec<u8>,
}

impl<'a> LineSearch<'a> {
    pub(super) fn new(outcome: Option<&'a Regex>, tests: impl Iterator<Item = &'a Regex>) -> Self {
        Self {
            outcome,
            found: None,
            tests: tests.map(|test| (test, false)).collect(),
            line: Vec::new(),
        }
    }

    /// Searches a piece of the stream.
    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        if self.is_done() {
            return;
        }
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            if self.line.is_empty() {
                self.search(&bytes[..end.min(LONGEST)]);
            } else {
                self.extend(&bytes[..end]);
                self.end();
            }
            bytes = &bytes[end + 1..];
        }
        self.extend(bytes);
    }

    /// Searches the last line if no line feed ends it.
    pub(super) fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.search(&line);
        }
    }

    /// Returns whether an expression of the tests matches a line.
    pub(super) fn matches(&self, test: &Regex) -> bool {
        let mut tests = self.tests.iter();
        tests.any(|(tested, matched)| std::ptr::eq(*tested, test) && *matched)
    }

    fn is_done(&self) -> bool {
        (self.outcome.is_none() || self.found.is_some()) && self.tests.iter().all(|(_, done)| *done)
    }

    fn extend(&mut self, bytes: &[u8]) {
        let room = LONGEST - self.line.len();
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn search(&mut self, line: &[u8]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(outcome) = self.outcome.filter(|_| self.found.is_none())
            && let Some(captures) = outcome.captures(line)
        {
            // A group that took no part in the match is an empty outcome.
            let group = captures.get(1).map_or(&b""[..], |group| group.as_bytes());
            self.found = Some(group.to_vec());
        }
        for (test, matched) in &mut self.tests {
            *matched = *matched || test.is_match(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches for `total: (\d+)` and `^done$` in pieces of this length.
    fn searched(text: &[u8], piece: usize) -> (Option<Vec<u8>>, bool) {
        let [outcome, test] = [r"total: (\d+)", "^done$"].map(|text| Regex::new(text).unwrap());
        let mut search = LineSearch::new(Some(&outcome), std::iter::once(&test));
        for piece in text.chunks(piece) {
            search.take(piece);
        }
        search.end();
        (search.found.clone(), search.matches(&test))
    }

    #[test]
    fn it_does_not_matter_how_a_stream_is_cut() {
        let text = b"\ntotal: x\r\n a total: 17 b\r\ntotal: 18\ndone\r\n\xff";
        for piece in 1..text.len() {
            assert_eq!(
                searched(text, piece),
                (Some(b"17".to_vec()), true),
                "{piece}"
            );
        }
        assert_eq!(searched(b"not done", 3), (None, false));
        assert_eq!(searched(b"", 3), (None, false));
        assert_eq!(searched(b"total: 1", 3), (Some(b"1".to_vec()), false));
    }

    #[test]
    fn only_the_beginning_of_a_long_line_is_searched() {
        for (before, is_found) in [(LONGEST - 8, true), (LONGEST, false)] {
            let mut text = vec![b'x'; before];
            text.extend_from_slice(b"total: 1\nxxx");
            for piece in [1000, text.len()] {
                assert_eq!(
                    searched(&text, piece).0.is_some(),
                    is_found,
                    "{before} {piece}"
                );
            }
        }
    }
}
