//! Any surroundings.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::support::{fits, miscount};

#[test]
fn any_terminal_will_do() {
    let widths: &[&[u8]] = &[
        b"",
        b"x",
        b"-5",
        b"0",
        b"1",
        b"19",
        b"20",
        b"21",
        b"40",
        b"1e3",
        b"  80",
        b"65536",
        b"18446744073709551615",
        b"99999999999999999999",
        b"\xff",
    ];
    for columns in widths {
        for words in [
            "unsynced -i 100 -r 3",
            "rwlock -i 100 -r 30 --stride 30",
            "unsynced --timeout 0s",
        ] {
            for terminal in ["dumb", "nonsense"] {
                let output = miscount()
                    .args(words.split(' '))
                    .args(["--progress", "always"])
                    .env("COLUMNS", OsStr::from_bytes(columns))
                    .env("TERM", terminal)
                    .output()
                    .unwrap();
                let code = if words.contains("timeout") { 124 } else { 0 };
                let what = format!("{words} on {terminal}, {columns:?}");
                assert_eq!(output.status.code(), Some(code), "{what}");
                let progress = String::from_utf8(output.stderr).unwrap();
                let shown = |line: &str| line.ends_with(" lost updates");
                assert!(progress.lines().all(shown), "{what}: {progress}");
                let report = String::from_utf8(output.stdout).unwrap();
                assert!(!report.contains('\u{1b}'), "{what}");
                let width = std::str::from_utf8(columns)
                    .ok()
                    .and_then(|c| c.parse().ok());
                let width = match width {
                    None | Some(0) => 80,
                    Some(width) => 20.max(width),
                };
                for line in report.lines() {
                    assert!(fits(line, width), "{what}: {line}");
                }
            }
        }
    }
}
