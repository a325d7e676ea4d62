//! The progress line, on a real pseudo-terminal: one line, however much there is to say.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::{PATIENCE, Terminal};

/// Work of which the line is drawn again and again.
struct Drawing {
    terminal: Terminal,
    what: String,
    /// What the line contains once it is drawn.
    sign: &'static str,
    /// The screen as it was drawn last.
    screen: String,
    changes: u32,
}

impl Drawing {
    fn start(words: &str, width: u16, sign: &'static str) -> Self {
        Self {
            terminal: Terminal::program(words, (width, 24)),
            what: format!("{words}, {width}"),
            sign,
            screen: String::new(),
            changes: 0,
        }
    }

    /// Returns whether the line has been drawn many times.
    fn is_old(&mut self) -> bool {
        let screen = self.terminal.lines();
        if screen.contains(self.sign) && screen != self.screen {
            self.screen = screen;
            self.changes += 1;
        }
        self.changes > 5
    }
}

#[test]
fn counts_that_are_longer_than_the_line_stay_on_it() {
    // A line is drawn only after half a second, so that all work at the same time.
    let mut drawings: Vec<_> = [24, 40, 60, 80]
        .into_iter()
        .flat_map(|width| {
            [
                // Billions of runs.
                ("unsynced -t 2 -i 1 --stride 256 -r 900G", "of"),
                ("waitgroup -i 100k -r 1G", "of"),
                // Outcomes, by their names.
                ("repeat -r 1M -- pwd", "of"),
                // Hundreds of thousands of states, and then their memory.
                ("explore unsynced -t 3 -i 1k --max-states 1G", "after"),
            ]
            .map(|(words, sign)| Drawing::start(words, width, sign))
        })
        .collect();
    let began = Instant::now();
    while !drawings.is_empty() {
        for Drawing { what, screen, .. } in drawings.extract_if(.., Drawing::is_old) {
            let lines = screen.trim_end().lines().count();
            assert_eq!(lines, 1, "{what}:\n{screen}");
        }
        assert!(began.elapsed() < PATIENCE, "{} lines", drawings.len());
        thread::sleep(Duration::from_millis(10));
    }
}
