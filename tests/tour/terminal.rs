//! The tour in a real pseudo-terminal.

use crate::support::Terminal;

#[test]
fn a_person_at_a_terminal_turns_the_pages() {
    let mut terminal = Terminal::program("tour contexts --color never", (80, 40));
    let mut answered = 0;
    // Only what stands on the screen is answered: text that was typed before is not used.
    for (prompt, typed) in [
        ("back, q: leave)> ", "five\n"),
        ("back, q: leave)> ", "\n"),
        ("back, q: leave)> ", "50\n"),
        ("back, q: leave)> ", "5\n"),
        ("next chapter, b: back, q: leave)> ", "6\n"),
        ("next chapter, b: back, q: leave)> ", "b\n"),
        ("next chapter, b: back, q: leave)> ", "\n"),
        ("skip, b: back, q: leave)> ", "q\n"),
    ] {
        terminal.wait(prompt, |_| terminal.all()[answered..].contains(prompt));
        answered = terminal.all().len();
        terminal.press(typed);
    }
    terminal.wait_for("Score");
    assert_eq!(terminal.exit().exit_code(), 0);
    let shown = terminal.all();
    assert!(shown.contains("'five' is not a number"), "{shown}");
    assert!(shown.contains("Type a number from"), "{shown}");
    assert!(shown.contains("50 is not possible"), "{shown}");
    assert!(shown.contains("Nothing was asked"), "{shown}");
    assert_eq!(shown.matches("10 of 11").count(), 2, "{shown}");
    assert_eq!(
        shown.matches("Answer: 5. You said so.").count(),
        2,
        "{shown}"
    );
    assert!(shown.contains("11 of 11"), "{shown}");
    assert!(shown.contains("Score: 3 of 3 points, a * each."), "{shown}");
    assert!(shown.contains("ends after 1 of 2 chapters"), "{shown}");
    assert!(shown.contains("miscount tour puzzle"), "{shown}");
}

/// On a terminal an automatic tour takes its time, and Ctrl-C ends it at once.
#[test]
fn an_automatic_tour_waits_for_its_audience() {
    let mut terminal = Terminal::program("tour contexts --auto --color never", (80, 40));
    terminal.wait_for("10 of 11");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(!terminal.all().contains("11 of 11"), "{}", terminal.all());
    terminal.press("\u{3}");
    terminal.wait_for("Interrupted after 0 of 2 chapters");
    assert_eq!(terminal.exit().exit_code(), 130);
}
