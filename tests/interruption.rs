//! Ctrl-C, to the real program: it ends soon whatever it is doing, and reports what it has.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{PATIENCE, miscount};

/// More increments than anybody waits for.
pub(crate) const ENDLESS: &str = "-i=1_000_000_000_000";

/// The program at work, and no longer when this is dropped.
pub(crate) struct Work {
    pub(crate) child: Child,
    /// What it was told to do.
    words: String,
}

impl Work {
    /// Starts the program and does not wait.
    pub(crate) fn start(words: &str, stdout: Stdio) -> Self {
        Self::start_as(miscount().args(words.split(' ')), words, stdout)
    }

    /// Starts the program by a command of its own and does not wait.
    fn start_as(command: &mut Command, words: &str, stdout: Stdio) -> Self {
        let child = command
            .args(["--progress", "always"])
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            child,
            words: words.into(),
        }
    }

    /// Waits until the program has written a line of progress: it is busy counting.
    pub(crate) fn wait_until_busy(&mut self) {
        let mut stderr = BufReader::new(self.child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert!(line.contains(" run"), "{}: {line:?}", self.words);
        // Further lines are read away, or the program would stop at a full pipe.
        thread::spawn(move || io::copy(&mut stderr, &mut io::sink()));
    }

    pub(crate) fn signal(&self, signal: &str) {
        let killed = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal])
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(killed.success());
    }

    /// Waits for the end, but not for ever.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                println!("{}: ended after {:?}", self.words, began.elapsed());
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it goes on: {}", self.words);
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Interrupts it; gives the report.
    fn interrupt(self, signal: &str) -> String {
        self.signal(signal);
        self.report()
    }

    /// Returns the report of a program that was interrupted.
    fn report(mut self) -> String {
        let status = self.end();
        assert_eq!(status.code(), Some(130), "{}: {status}", self.words);
        let mut report = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut report).unwrap();
        assert!(
            report.to_lowercase().contains("interrupted"),
            "{}:\n{report}",
            self.words
        );
        report
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // It has ended already, unless a test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until all of these programs are busy. A program shows that it is busy only after a second,
/// so a test starts all of its programs first.
fn busy(works: impl IntoIterator<Item = Work>) -> Vec<Work> {
    let mut works: Vec<_> = works.into_iter().collect();
    works.iter_mut().for_each(Work::wait_until_busy);
    works
}

/// Interrupts programs that are busy at the same time. Returns their reports.
pub(crate) fn interrupted(words: impl IntoIterator<Item: AsRef<str>>) -> Vec<String> {
    let words = words.into_iter();
    let works = busy(words.map(|words| Work::start(words.as_ref(), Stdio::piped())));
    for work in &works {
        work.signal("INT");
    }
    works.into_iter().map(Work::report).collect()
}

#[test]
fn an_endless_run_ends_whatever_the_strategy_and_the_settings() {
    let kinds = miscount::strategy::ALL.iter();
    let strategies = kinds.map(|kind| format!("{} -t 2", kind.name));
    let settings = [
        "rwlock --split --readers 3",
        "mutex-per-batch --batch 10_000_000",
        "unsynced --window sleep:10s",
        "unsynced --window spin:4G",
        "unsynced --window yield --start barrier",
        "atomic --start none --pin none -t 3",
        #[cfg(target_arch = "x86_64")]
        "unsynced --access single-instruction",
        "compare -t 2",
    ];
    let all = strategies.chain(settings.map(String::from));
    interrupted(all.map(|words| format!("{words} {ENDLESS}")));
}

#[test]
fn a_thousand_threads_end() {
    // A thousand threads that spin until they start together need seconds on few cores. The threads
    // of mutex-per-op do so; those of unsynced meet at a barrier.
    for words in ["unsynced --start barrier", "mutex-per-op"] {
        interrupted([format!("{words} -t 1024 {ENDLESS}")]);
    }
}

#[test]
fn many_short_runs_end() {
    let reports = interrupted([
        "compare -t 1,2 -i 10 -r 100k",
        // Long strides.
        "unsynced -t 2 -i 1 --window sleep:20ms --stride 65536 -r 1M",
        "rwlock -t 2 -i 100_000 --stride 65536 -r 1M",
    ]);
    assert!(reports[0].contains("ns/incr"), "{}", reports[0]);
}

#[test]
fn the_runs_that_were_finished_are_reported() {
    let signals = ["INT", "TERM"];
    let words = "atomic -t 2 -i 10 -r 1_000_000_000";
    let works = busy(signals.map(|_| Work::start(words, Stdio::piped())));
    for (signal, work) in signals.into_iter().zip(works) {
        let report = work.interrupt(signal);
        // Some total was reached, and nobody takes the billion runs for done.
        let (mut finished, mut wanted) = (false, false);
        for number in report.replace(',', "").split(|c: char| !c.is_ascii_digit()) {
            let number = number.parse::<u64>().unwrap_or(0);
            finished |= (100..1_000_000_000).contains(&number);
            wanted |= number == 1_000_000_000;
        }
        assert!(finished && wanted, "{report}");
    }
}

#[test]
fn a_report_that_no_one_reads_is_given_up() {
    // A pipe that is full and never read: the program cannot get its report out.
    let (reader, mut writer) = io::pipe().unwrap();
    let stdout = Stdio::from(writer.try_clone().unwrap());
    thread::spawn(move || while writer.write_all(&[b'x'; 1024]).is_ok() {});
    let mut work = Work::start(&format!("atomic -t 2 {ENDLESS}"), stdout);
    work.wait_until_busy();
    work.signal("INT");
    assert_eq!(work.end().code(), Some(130));
    drop(reader);
}

/// This signal; but one that nobody ignores where whoever started the tests ignores this one, as
/// `nohup` does and shells do for what runs in the background: programs inherit that.
fn unless_ignored(name: &'static str, number: u32) -> (&'static str, u32) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map_or(0, |set| u64::from_str_radix(set.trim(), 16).unwrap());
    if ignored >> (number - 1) & 1 == 1 {
        ("TERM", 15)
    } else {
        (name, number)
    }
}

/// However soon it comes, it is never lost: it ends the program before anybody listens, or the work.
#[test]
fn a_signal_of_the_first_moments_is_heard() {
    let (name, number) = unless_ignored("INT", 2);
    for moment in 0..30 {
        let child = miscount()
            .args("requests --items 2 --pause 1h --format json".split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut work = Work {
            child,
            words: format!("a signal after {moment} fifths of a millisecond"),
        };
        thread::sleep(Duration::from_micros(200) * moment);
        work.signal(name);
        let status = work.end();
        assert!(
            status.signal() == i32::try_from(number).ok() || status.code() == Some(130),
            "{status}"
        );
    }
}

/// The names of all that is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    entries.map(name).collect()
}

#[test]
fn a_report_that_goes_to_a_file_leaves_nothing_else_there() {
    let (hang_up, _) = unless_ignored("HUP", 1);
    let signals = [(hang_up, Some(130), &["out"][..]), ("KILL", None, &[])];
    let folders = signals.map(|_| tempfile::tempdir().unwrap());
    let works = busy(folders.each_ref().map(|folder| {
        let file = folder.path().join("out");
        let file = file.to_str().unwrap();
        let words = format!("atomic -t 2 {ENDLESS} --format json --output={file}");
        Work::start(&words, Stdio::null())
    }));
    for ((signal, code, left), (folder, mut work)) in
        signals.into_iter().zip(folders.iter().zip(works))
    {
        // Before it is whole it has no name.
        assert_eq!(names(folder.path()), [""; 0]);
        work.signal(signal);
        assert_eq!(work.end().code(), code, "{signal}");
        assert_eq!(names(folder.path()), left, "{signal}");
        if code.is_some() {
            let report = fs::read_to_string(folder.path().join("out")).unwrap();
            assert!(report.contains("\"interrupted\""), "{report}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn who_ignores_that_the_terminal_goes_away_goes_on() {
    let words = format!("atomic -t 2 {ENDLESS} --format json");
    let split: Vec<_> = words.split(' ').collect();
    let mut command = crate::support::shell("trap '' HUP && exec \"$0\" \"$@\"", &split);
    let mut work = Work::start_as(&mut command, &words, Stdio::piped());
    work.wait_until_busy();
    work.signal("HUP");
    let status = fs::read_to_string(format!("/proc/{}/status", work.child.id())).unwrap();
    // It is not caught, either.
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
    assert_eq!(caught & 1, 0, "{status}");
    work.interrupt("INT");
}
