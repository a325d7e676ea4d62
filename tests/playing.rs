//! `replay --play`, on a real pseudo-terminal and where there is none.

use crate::support::{Terminal, miscount, sentence};

const SIZE: (u16, u16) = (80, 24);

const STEPS: [&str; 8] = [
    "1  A: load account (100)",
    "2  B: load account (100)",
    "3  B: load account (100)",
    "4  B: store account (20)",
    "5  B: fetch_add paid, 80 (80)",
    "6  A: load account (20)",
    "7  A: store account (-60)",
    "8  A: fetch_add paid, 80 (160)",
];

#[test]
fn enter_takes_a_step_and_shows_the_state_after_it() {
    let words = "replay bank --schedule A,B-,A- --on model --play --speed 0";
    let mut terminal = Terminal::program(words, SIZE);
    terminal.wait_for("before the first step");
    terminal.wait_for("account = 100   paid = 0");
    for (place, step) in STEPS.iter().enumerate() {
        assert!(!terminal.contents().contains(step), "{step} too early");
        terminal.wait_for("Enter: the next step");
        terminal.press("\r");
        terminal.wait_for(step);
        assert!(terminal.contents().contains(STEPS[place / 2]));
    }
    terminal.wait_for("account = -60   paid = 160");
    terminal.wait_for("The outcome in the model is wrong.");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
}

#[test]
fn it_plays_by_itself_and_then_real_threads_do_the_same() {
    let words = "replay two-locks --schedule A,B --play --speed 20/s";
    let mut terminal = Terminal::program(words, SIZE);
    terminal.wait_for("waits for lock left");
    terminal.wait_for("Deadlock on real threads");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
}

#[test]
fn an_interrupt_ends_it_and_gives_the_terminal_back() {
    for speed in ["0", "0.01/s"] {
        let words = format!("replay bank --on model --play --speed {speed}");
        let mut terminal = Terminal::program(&words, SIZE);
        terminal.wait_for("account = 100   paid = 0");
        terminal.press("\u{3}");
        assert_eq!(terminal.exit().exit_code(), 130, "{speed}");
        terminal.wait_until_given_back();
    }
}

#[test]
fn without_a_terminal_it_is_refused() {
    for (flags, code, words) in [
        ("", 3, "--play needs a terminal to draw on"),
        ("--format json", 2, "leave out --format"),
        ("-o played.txt", 2, "leave out --format and --output"),
    ] {
        let flags = flags.split_whitespace();
        let output = miscount()
            .args(["replay", "bank", "--play"])
            .args(flags)
            .output()
            .unwrap();
        let said = sentence(&output, code, "--play");
        assert!(said.contains(words), "{said}");
    }
}
