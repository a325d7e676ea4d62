//! What several of these files need: the program as others call it, and what it did.

use std::process::{Command, Output, Stdio};

/// The program.
pub(crate) fn miscount() -> Command {
    clean(Command::new(env!("CARGO_BIN_EXE_miscount")))
}

/// Runs the program from a shell that has something to say first; it is `"$0" "$@"` there.
#[cfg(unix)]
pub(crate) fn shell(script: &str, words: &[&str]) -> Command {
    let mut shell = clean(Command::new("sh"));
    shell
        .args(["-c", script, env!("CARGO_BIN_EXE_miscount")])
        .args(words);
    shell
}

/// Without what the terminal or the shell of whoever runs the tests might change.
pub(crate) fn clean(mut command: Command) -> Command {
    for name in ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    // A panic should give itself away.
    command.env("RUST_BACKTRACE", "1").stdin(Stdio::null());
    command
}

/// Holds what a program did to the rules for errors; gives the sentence.
pub(crate) fn sentence(output: &Output, code: i32, what: &str) -> String {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{what}: {error}");
    assert_eq!(output.stdout, b"", "{what}");
    let sentence = error
        .strip_suffix('\n')
        .and_then(|line| line.strip_prefix("error: "))
        .unwrap_or_else(|| panic!("{what}: {error:?}"));
    assert!(!sentence.chars().any(char::is_control), "{what}: {error:?}");
    let first = sentence.chars().next().unwrap();
    assert!(!first.is_uppercase(), "{what}: {sentence}");
    assert!(!sentence.ends_with(['.', ' ', ';']), "{what}: {sentence}");
    for panic in ["panicked", "backtrace", "unwrap", "RUST_"] {
        assert!(!sentence.contains(panic), "{what}: {sentence}");
    }
    sentence.into()
}

/// Whether only one core may be used here.
pub(crate) fn single_core() -> bool {
    std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1)
}
