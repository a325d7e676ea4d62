//! What several of these files need: the program as others call it, and what it did.

mod shown;
#[cfg(unix)]
mod terminal;

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use miscount::lab::{Crew, Needs};
use miscount::plan::{Pinning, StartLine};
use miscount::sync::Context;
use miscount::term::{Page, Palette, Signs};
use unicode_width::UnicodeWidthStr;

pub(crate) use shown::Shown;
#[cfg(unix)]
pub(crate) use terminal::Terminal;

/// Whatever is waited for comes within seconds, or a tenth of one. This is only there so that what
/// hangs fails, on machines that are very busy too.
pub(crate) const PATIENCE: Duration = Duration::from_mins(5);

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

/// What a program does and says, which ends: one that hangs fails, and does not hold up all tests.
pub(crate) fn output(command: &mut Command) -> Output {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id().to_string();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(child.wait_with_output()));
    let Ok(output) = told.recv_timeout(PATIENCE) else {
        let killed = Command::new("kill").args(["-9", &id]).status();
        panic!("it goes on ({killed:?} to kill it): {command:?}");
    };
    output.unwrap()
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

/// A crew that forces schedules.
pub(crate) fn crew(threads: usize) -> Crew {
    Crew::spawn(
        Needs::threads(threads),
        StartLine::None,
        Pinning::Spread,
        &Context::background(),
    )
    .unwrap()
}

/// Returns whether a line fits on a page; commands are in one piece, however wide it is.
pub(crate) fn fits(line: &str, width: usize) -> bool {
    line.width() <= width || line.starts_with("miscount ")
}

/// What a report is written on, in the order width, colours, Unicode.
pub(crate) fn page(width: usize, coloured: bool, unicode: bool) -> Page {
    Page {
        width,
        palette: Palette::new(coloured),
        signs: if unicode {
            Signs::UNICODE
        } else {
            Signs::ASCII
        },
        quiet: false,
        explain: false,
    }
}
