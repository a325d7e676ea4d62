//! The bars of requests, on a real pseudo-terminal.

use std::io::Read;
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Whatever is waited for comes within seconds; this is for machines that are very busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until a terminal of this size shows what it should, while all requests pause; gives it.
fn shown(words: &str, (cols, rows): (u16, u16), until: impl Fn(&str) -> bool) -> String {
    let size = PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
    command.arg("requests");
    if !words.contains("--pause") {
        command.args(["--pause", "1h"]);
    }
    command.args(words.split_whitespace());
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).unwrap();
    let [rows, cols] = [rows, cols].map(|number| NonZeroU16::new(number).unwrap());
    let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
    let mut reader = pair.master.try_clone_reader().unwrap();
    let seen = Arc::clone(&screen);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = reader.read(&mut buffer) {
            seen.lock().unwrap().process(&buffer[..length]);
        }
    });
    // Line by line: a row as wide as the terminal would be joined with the next.
    let contents = || {
        let parser = screen.lock().unwrap();
        let lines: Vec<_> = parser.screen().rows(0, size.cols).collect();
        lines.join("\n")
    };
    let began = Instant::now();
    let mut now = contents();
    while !until(&now) && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(10));
        now = contents();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // As it was when it was right: the rows are drawn anew now and then, and the kill may have come
    // in the middle of that.
    now
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
fn what_takes_long_in_virtual_time_has_a_bar() {
    let is_so = |screen: &str| screen.contains(" steps, 0 of 3 ended");
    let screen = shown("--virtual --items 300M --pause 1ms", (80, 24), is_so);
    assert!(is_so(&screen), "{screen}");
}
