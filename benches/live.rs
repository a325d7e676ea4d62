//! How often the live screen is drawn, and how long a key takes, while threads count.
//!
//! The program itself runs in a pseudo-terminal. Each key is a digit, and its time is that until the
//! terminal shows the message about it; the pace is that of pictures which differ from the one before.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up may as well stop, and its figures are its output"
)]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// The keys that are timed for each race.
const KEYS: usize = 200;

/// What the screen says while digits are typed.
const TYPED: &str = "Enter sets it";

/// The longest wait for a key.
const MOST: Duration = Duration::from_secs(5);

/// The time between two keys.
const BETWEEN: Duration = Duration::from_millis(130);

fn main() {
    for words in [
        "live unsynced -t 2 -i 100",
        "live unsynced -t 3 -i 5000",
        "live unsynced -t 1024 -i 1M",
        "live mutex-per-op -t 3 -i 5000",
        "live two-locks",
    ] {
        session(words);
    }
}

fn session(words: &str) {
    let size = PtySize {
        rows: 24,
        cols: 80,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
    command.args(words.split_whitespace());
    command.env("TERM", "xterm-256color");
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    let mut output = pair.master.try_clone_reader().unwrap();
    let (came, arrivals) = mpsc::channel();
    std::thread::spawn(move || {
        let mut screen = vt100::Parser::new(
            NonZeroU16::new(24).unwrap(),
            NonZeroU16::new(80).unwrap(),
            0,
        );
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = output.read(&mut buffer) {
            let at = Instant::now();
            screen.process(&buffer[..length]);
            let is_typed = screen.screen().contents().contains(TYPED);
            if came.send((at, is_typed)).is_err() {
                break;
            }
        }
    });
    std::thread::sleep(Duration::from_secs(2));
    let (mut latencies, mut frames) = (Vec::new(), 0);
    let began = Instant::now();
    for _ in 0..KEYS {
        frames += arrivals.try_iter().count();
        let pressed = Instant::now();
        keys.write_all(b"7").unwrap();
        keys.flush().unwrap();
        let mut late = pressed + MOST;
        while let Ok((at, is_typed)) = arrivals.recv_timeout(MOST) {
            if is_typed {
                late = at;
                break;
            }
        }
        latencies.push(late - pressed);
        // It is erased again.
        keys.write_all(b"\x7f").unwrap();
        keys.flush().unwrap();
        std::thread::sleep(BETWEEN);
    }
    let rate = frames as f64 / began.elapsed().as_secs_f64();
    keys.write_all(b"q").unwrap();
    keys.flush().unwrap();
    child.wait().unwrap();
    latencies.sort_unstable();
    println!(
        "{words:<32} frames {rate:>5.1}/s  key: median {:>8.2?}, 99 % {:>8.2?}, worst {:>8.2?}",
        latencies[KEYS / 2],
        latencies[KEYS * 99 / 100],
        latencies[KEYS - 1]
    );
}
