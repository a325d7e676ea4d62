//! The tour in a real pseudo-terminal.

use crate::support::Terminal;

#[test]
fn a_person_at_a_terminal_turns_the_pages() {
    let mut terminal = Terminal::program("tour contexts --color never", (80, 40));
    let mut answered = 0;
    // Only what stands on the screen is answered: what was typed before is thrown away.
    for (prompt, typed) in [
        ("leave)> ", "five\n"),
        ("leave)> ", "5\n"),
        ("next chapter, q: leave)> ", "\n"),
        ("leave)> ", "q\n"),
    ] {
        terminal.wait(prompt, |_| terminal.all()[answered..].contains(prompt));
        answered = terminal.all().len();
        terminal.press(typed);
    }
    terminal.wait_for("Score");
    assert_eq!(terminal.exit().exit_code(), 0);
    let shown = terminal.all();
    assert!(shown.contains("'five' is no number"), "{shown}");
    assert!(shown.contains("You said 5. 3 points."), "{shown}");
    assert!(shown.contains("12 of 12"), "{shown}");
    assert!(shown.contains("Score: 3 of 3 points."), "{shown}");
    assert!(shown.contains("ends after 1 of 2 chapters"), "{shown}");
}
