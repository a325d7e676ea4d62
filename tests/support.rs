//! What several of these files need: the program as others call it, and what it did.

use std::io::Read;
use std::num::NonZeroU16;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

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

/// The program on a terminal, and what that shows; no longer than this lives.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    /// Starts the program on a terminal of so many columns and lines.
    pub(crate) fn start(words: &str, (cols, rows): (u16, u16)) -> Self {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
        command.args(words.split_whitespace());
        command.env("TERM", "xterm-256color");
        command.env_remove("COLUMNS");
        let child = pair.slave.spawn_command(command).unwrap();
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
        Self {
            child,
            master: pair.master,
            screen,
        }
    }

    /// What is on the screen, line by line: a row as wide as the terminal would otherwise be joined
    /// with the next.
    pub(crate) fn contents(&self) -> String {
        let parser = self.screen.lock().unwrap();
        let (_, cols) = parser.screen().size();
        let lines: Vec<_> = parser.screen().rows(0, cols.into()).collect();
        lines.join("\n")
    }

    /// Waits until the screen is as it should be; gives what it then is, or is after a long time.
    pub(crate) fn wait(&self, mut until: impl FnMut(&str) -> bool) -> String {
        let began = Instant::now();
        let mut now = self.contents();
        while !until(&now) && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(10));
            now = self.contents();
        }
        now
    }

    /// Makes the terminal so large.
    pub(crate) fn resize(&self, (cols, rows): (u16, u16)) {
        let [height, width] = [rows, cols].map(|number| NonZeroU16::new(number).unwrap());
        self.screen
            .lock()
            .unwrap()
            .screen_mut()
            .set_size(height, width);
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).unwrap();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
