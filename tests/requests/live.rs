//! The bars of requests, on a real pseudo-terminal.

use crate::support::Terminal;

/// The program on a terminal of this size; all requests pause for ever.
fn start(words: &str, size: (u16, u16)) -> Terminal {
    let pause = if words.contains("--pause") {
        ""
    } else {
        " --pause 1h"
    };
    Terminal::program(&format!("requests {words}{pause}"), size)
}

/// Waits until a terminal of this size shows what it should; gives it.
fn shown(words: &str, size: (u16, u16), until: impl Fn(&str) -> bool) -> String {
    start(words, size).lines_when(until)
}

#[test]
fn every_request_has_a_row_as_soon_as_it_has_begun() {
    let is_so = |screen: &str| screen.matches("step 1 of 3").count() == 12;
    for width in [40, 80, 200] {
        let screen = shown("--requests 12 --items 3", (width, 24), is_so);
        let rows: Vec<_> = screen.trim_end().lines().collect();
        assert_eq!(rows.len(), 12, "{screen}");
        for (row, name) in rows.iter().zip('A'..) {
            assert!(row.starts_with(&format!("{name} ")), "{screen}");
            assert!(row.ends_with(" step 1 of 3"), "{screen}");
        }
    }
}

#[test]
fn long_and_wide_names_are_cut_so_that_rows_fit() {
    let name = "x".repeat(62);
    let words = format!("--items 3 --tree {name},日本日本日本日本 --timeout {name}=1ms");
    let is_so = |screen: &str| screen.contains("exceeded") && screen.contains("step 1 of 3");
    let screen = shown(&words, (40, 24), is_so);
    assert!(is_so(&screen), "{screen}");
    assert_eq!(screen.trim_end().lines().count(), 2, "{screen}");
    let rows: Vec<_> = screen.lines().collect();
    assert!(rows[0].starts_with("xxxxxx... "), "{screen}");
    assert!(rows[1].starts_with("日本日... "), "{screen}");
}

#[test]
fn where_rows_do_not_fit_there_is_one_bar() {
    for (words, size, shows) in [
        ("--requests 9", (80, 8), "9 steps, 0 of 9 ended"),
        ("--requests 17", (80, 24), "17 steps, 0 of 17 ended"),
        ("--requests 30", (80, 24), "30 steps, 0 of 30 ended"),
        ("--requests 2", (30, 24), "2 steps, 0 of 2 ended"),
    ] {
        let screen = shown(words, size, |screen| screen.contains(shows));
        assert!(screen.contains(shows), "{screen}");
        assert_eq!(screen.trim_end().lines().count(), 1, "{screen}");
    }
}

#[test]
fn the_bar_of_all_shows_the_steps_that_are_done() {
    let is_so = |screen: &str| screen.contains("17 steps, 0 of 17 ended");
    let screen = shown("--requests 17 --items 2", (80, 24), is_so);
    let bar: Vec<_> = screen.chars().take_while(|c| "█░".contains(*c)).collect();
    let full = bar.iter().filter(|&&c| c == '█').count();
    // Half of them, give or take the cell in the middle.
    assert!(full > 0 && full.abs_diff(bar.len() - full) <= 2, "{screen}");
}

#[test]
fn a_terminal_of_another_size_is_drawn_on_anew() {
    let terminal = start("--requests 6 --items 3", (80, 24));
    let rows = |screen: &str| screen.matches("step 1 of 3").count() == 6;
    let is_wide = |screen: &str| screen.lines().all(|row| row.is_empty() || row.len() > 50);
    let screen = terminal.lines_when(|screen| rows(screen) && is_wide(screen));
    assert!(rows(&screen) && is_wide(&screen), "{screen}");
    // Too low for a row each, then too narrow, then large enough again.
    for size in [(80, 5), (30, 24)] {
        terminal.resize(size);
        let screen = terminal.lines_when(|screen| screen.contains("6 steps, 0 of 6 ended"));
        assert!(screen.contains("6 steps, 0 of 6 ended"), "{screen}");
    }
    terminal.resize((60, 24));
    let screen = terminal.lines_when(rows);
    assert!(rows(&screen), "{screen}");
}

#[test]
fn what_takes_long_in_virtual_time_has_a_bar() {
    let is_so = |screen: &str| screen.contains(" steps, 0 of 3 ended");
    let screen = shown(
        "--virtual --items 300M --pause 1ms --format jsonl -o /dev/null",
        (80, 24),
        is_so,
    );
    assert!(is_so(&screen), "{screen}");
}
