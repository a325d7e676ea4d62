//! The progress line, on a real pseudo-terminal: one line, however much there is to say.

use crate::support::Terminal;

/// Lets the line be drawn many times; gives the screen.
fn drawn(words: &str, size: (u16, u16), sign: &str) -> String {
    let terminal = Terminal::program(words, size);
    let (mut last, mut changes) = (String::new(), 0);
    terminal.lines_when(|screen| {
        if screen.contains(sign) && screen != last {
            last = screen.into();
            changes += 1;
        }
        changes > 5
    })
}

#[test]
fn counts_that_are_longer_than_the_line_stay_on_it() {
    for width in [24, 40, 60, 80] {
        for (words, sign) in [
            // Billions of runs.
            ("unsynced -t 2 -i 1 --stride 256 -r 900G", "of"),
            ("waitgroup -i 100k -r 1G", "of"),
            // Hundreds of thousands of states, and then their memory.
            ("explore unsynced -t 3 -i 1k --max-states 1G", "after"),
        ] {
            let screen = drawn(words, (width, 24), sign);
            assert!(screen.contains(sign), "{words}: {screen}");
            let lines = screen.trim_end().lines().count();
            assert_eq!(lines, 1, "{words}, {width}:\n{screen}");
        }
    }
}
