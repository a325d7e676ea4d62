//! A pseudo-terminal with a program in it, and what it shows.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

use super::PATIENCE;

/// A terminal with a program in it, which lives no longer than this.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    /// All that was written to it.
    all: Arc<Mutex<String>>,
    /// How it was set before the program began.
    before: String,
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Lines and columns, as the parser takes them.
fn lines_and_columns((cols, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let some = |number| NonZeroU16::new(number).unwrap();
    (some(rows), some(cols))
}

impl Terminal {
    /// Starts a command on a terminal of so many columns and lines.
    pub(crate) fn start(mut command: CommandBuilder, columns_and_lines: (u16, u16)) -> Self {
        let pair = native_pty_system()
            .openpty(size(columns_and_lines))
            .unwrap();
        for name in ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        let before = format!("{:?}", pair.master.get_termios().unwrap());
        let child = pair.slave.spawn_command(command).unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (rows, cols) = lines_and_columns(columns_and_lines);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
        let all = Arc::new(Mutex::new(String::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (seen, text) = (Arc::clone(&screen), Arc::clone(&all));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                seen.lock().unwrap().process(&buffer[..length]);
                let read = String::from_utf8_lossy(&buffer[..length]);
                text.lock().unwrap().push_str(&read);
            }
        });
        Self {
            master: pair.master,
            child,
            keys,
            screen,
            all,
            before,
        }
    }

    /// Starts the program.
    pub(crate) fn program(words: &str, columns_and_lines: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
        command.args(words.split_whitespace());
        Self::start(command, columns_and_lines)
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// What is on the screen, line by line, also where one goes on in the next.
    pub(crate) fn lines(&self) -> String {
        let parser = self.screen.lock().unwrap();
        let (_, cols) = parser.screen().size();
        let lines: Vec<_> = parser.screen().rows(0, cols.into()).collect();
        lines.join("\n")
    }

    /// What is on the screen, with lines that go on in the next joined.
    pub(crate) fn contents(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// All that was ever written, signs that move the cursor included.
    pub(crate) fn all(&self) -> String {
        self.all.lock().unwrap().clone()
    }

    /// Waits until the screen is as asked.
    pub(crate) fn wait(&self, what: &str, mut until: impl FnMut(&vt100::Screen) -> bool) {
        let began = Instant::now();
        while !until(self.screen.lock().unwrap().screen()) {
            assert!(
                began.elapsed() < PATIENCE,
                "waited in vain for {what}; the screen is\n{}",
                self.contents()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until this is on the screen.
    pub(crate) fn wait_for(&self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the lines of the screen are as they should be; gives what they then are, or are
    /// after a long time.
    pub(crate) fn lines_when(&self, mut until: impl FnMut(&str) -> bool) -> String {
        let began = Instant::now();
        let mut now = self.lines();
        while !until(&now) && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(10));
            now = self.lines();
        }
        now
    }

    /// Makes the terminal so large.
    pub(crate) fn resize(&self, columns_and_lines: (u16, u16)) {
        let (rows, cols) = lines_and_columns(columns_and_lines);
        let mut parser = self.screen.lock().unwrap();
        parser.screen_mut().set_size(rows, cols);
        self.master.resize(size(columns_and_lines)).unwrap();
    }

    /// The number of the process that was started.
    pub(crate) fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// How the terminal is set, as `stty` would show it.
    fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().unwrap())
    }

    /// Whether it is set as it was before the program began.
    pub(crate) fn is_set_as_before(&self) -> bool {
        self.modes() == self.before
    }

    /// Waits until the program has given the terminal back.
    pub(crate) fn wait_until_given_back(&self) {
        self.wait("the terminal given back", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        self.wait("the modes from before", |_| self.is_set_as_before());
    }

    /// Waits until the program has ended.
    pub(crate) fn exit(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Where a test has failed nobody else ends it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
