//! Whatever the program is doing, it comes to an end: pipes without an other end, input without an end,
//! readers that do not read, and schedules that take the model for ever.
#![cfg(unix)]

use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{PATIENCE, miscount, output, sentence, shell};

/// A folder with a named pipe in it, of which no one has either end.
fn with_pipe() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    (folder, pipe)
}

/// The program with these words, of which `PIPE` is the pipe.
fn with(words: &str, pipe: &Path) -> Command {
    let pipe = pipe.to_str().unwrap();
    let mut command = miscount();
    command.args(words.split(' ').map(|word| word.replace("PIPE", pipe)));
    command
}

fn interrupt(child: &Child) {
    let process = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::INT).unwrap();
}

/// Starts a command, and interrupts it as often as it takes; gives what it said. An interruption before the
/// program watches for it ends it as well, with the signal itself.
fn interrupted(command: &mut Command, after: Duration) -> Output {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(after);
    interrupt(&child);
    child.wait_with_output().unwrap()
}

#[test]
fn a_pipe_without_its_other_end_is_given_up() {
    let (_folder, pipe) = with_pipe();
    let cases = [
        ("unsynced -r 1 -o PIPE", "reads from this pipe"),
        (
            "unsynced -r 1 --format jsonl -o PIPE",
            "reads from this pipe",
        ),
        ("trace unsynced -i 10 --svg PIPE", "reads from this pipe"),
        ("tour --save PIPE", "reads from this pipe"),
    ];
    // Together, as each waits for seconds; those that would write apart from those that would read.
    for cases in [
        &cases[..],
        &[
            ("tour --answers PIPE", "writes to this pipe"),
            ("replay unsynced -s @PIPE", "writes to this pipe"),
        ],
    ] {
        thread::scope(|scope| {
            let pipe = &pipe;
            for &(words, part) in cases {
                scope.spawn(move || {
                    let sentence = sentence(&output(&mut with(words, pipe)), 3, words);
                    assert!(sentence.contains(part), "{words}: {sentence}");
                });
            }
        });
    }
}

#[test]
fn a_timeout_and_an_interruption_end_the_waiting_for_a_pipe() {
    let (_folder, pipe) = with_pipe();
    for words in ["unsynced -r 1 -o PIPE", "replay unsynced -s @PIPE"] {
        let late = output(with(words, &pipe).args(["--timeout", "50ms"]));
        let sentence = sentence(&late, 124, words);
        assert!(sentence.contains("--timeout passed before"), "{sentence}");
        let output = interrupted(&mut with(words, &pipe), Duration::from_millis(500));
        assert_eq!(output.status.code(), Some(130), "{words}: {output:?}");
        assert_eq!(output.stderr, b"", "{words}");
    }
}

#[test]
fn a_pipe_whose_other_end_comes_late_is_used() {
    let (_folder, pipe) = with_pipe();
    let late = Duration::from_millis(200);
    let end = {
        let pipe = pipe.clone();
        thread::spawn(move || {
            thread::sleep(late);
            let mut file = std::fs::File::options().write(true).open(pipe).unwrap();
            thread::sleep(late);
            file.write_all(b"A,B,A-,B-\n").unwrap();
        })
    };
    let read = output(&mut with(
        "replay unsynced -i 1 --format json -s @PIPE",
        &pipe,
    ));
    end.join().unwrap();
    let text = String::from_utf8(read.stdout).unwrap();
    assert!(text.contains("\"predicted\": 1"), "{text}");
    let end = {
        let pipe = pipe.clone();
        thread::spawn(move || {
            thread::sleep(late);
            std::fs::read_to_string(pipe).unwrap()
        })
    };
    let written = output(&mut with("unsynced -r 1 --format csv -o PIPE", &pipe));
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    assert!(end.join().unwrap().starts_with("run,"));
}

/// The bound is generous, because the threads have a low priority and the machine may be busy; an idle one takes
/// less than 0.2 s.
#[test]
fn an_interruption_ends_a_thousand_threads() {
    for words in [
        "waitgroup -t 1024 -r 1M",
        "map-reduce -t 1024 -r 1M",
        "compare unsynced atomic -t 1024 -r 100k",
    ] {
        let (began, after) = (Instant::now(), Duration::from_millis(500));
        let output = interrupted(miscount().args(words.split(' ')), after);
        assert_eq!(output.status.code(), Some(130), "{words}: {output:?}");
        let taken = began.elapsed();
        assert!(
            taken < after + Duration::from_secs(20),
            "{words}: {taken:?}"
        );
    }
}

#[test]
fn a_writer_that_does_not_write_is_not_waited_for_beyond_the_timeout() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command = miscount();
    command.args(["replay", "unsynced", "-s", "-", "--timeout", "50ms"]);
    let output = output(command.stdin(reader));
    drop(writer);
    let sentence = sentence(&output, 124, "a silent writer");
    assert!(sentence.contains("read its input"), "{sentence}");
}

/// What has no room in a pipe waits for its reader, who never comes.
#[test]
fn a_reader_that_does_not_read_is_not_waited_for_once_the_work_is_ended() {
    let runs = ["unsynced", "-t", "2", "-i", "1", "--stride", "1k"];
    for (words, code) in [
        (
            &["-r", "100k", "--format", "json", "--timeout", "3s"][..],
            124,
        ),
        (&["-r", "100k", "--format", "json"], 130),
        (&["--for", "10m", "--format", "jsonl"], 130),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        let mut command = miscount();
        command.args(runs).args(words).stdout(writer);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        drop(command);
        if code == 130 {
            thread::sleep(Duration::from_secs(1));
            interrupt(&child);
        }
        let status = wait(&mut child);
        assert_eq!(status, Some(code), "{words:?}");
        drop(reader);
    }
}

/// Waits for a child that ends, and gives its exit code.
fn wait(child: &mut Child) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it goes on");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// A slow reader gets a report of work that was cut short, as long as it reads.
#[test]
fn a_report_of_what_was_cut_short_arrives_whole() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut command = miscount();
    command
        .args(["unsynced", "-t", "2", "-i", "1", "--window", "sleep:100us"])
        .args(["--for", "10m", "--format", "json", "--timeout", "2s"])
        .stdout(writer);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut text = Vec::new();
    let mut some = vec![0; 1 << 16];
    while let Ok(length @ 1..) = reader.read(&mut some) {
        text.extend_from_slice(&some[..length]);
        thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(wait(&mut child), Some(124));
    let record: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(record["stopped"], "timeout");
}

#[test]
fn a_schedule_that_takes_the_model_too_long_is_given_up() {
    for schedule in ["lockstep", "random:1"] {
        let mut command = miscount();
        let size = ["-i", "1G", "--timeout", "100ms", "-s", schedule];
        command.args(["replay", "unsynced"]).args(size);
        let sentence = sentence(&output(&mut command), 124, schedule);
        assert!(sentence.contains("--timeout passed before"), "{sentence}");
        assert!(sentence.contains("followed the schedule"), "{sentence}");
    }
}

#[test]
fn input_has_a_limit() {
    let zero = Path::new("/dev/zero");
    for words in ["replay unsynced -s @PIPE", "tour --answers PIPE"] {
        let sentence = sentence(&output(&mut with(words, zero)), 3, words);
        assert!(sentence.contains("it has more than"), "{sentence}");
    }
    let script = "cat /dev/zero | \"$0\" replay unsynced -s -";
    let sentence = sentence(&shell(script, &[]).output().unwrap(), 3, script);
    assert!(sentence.contains("more than 64 MiB"), "{sentence}");
}

#[test]
fn progress_is_read_from_a_file_alone() {
    let (folder, pipe) = with_pipe();
    let data = folder.path().join("miscount");
    std::fs::create_dir(&data).unwrap();
    for target in [&*pipe, Path::new("/dev/zero")] {
        let file = data.join("puzzles.json");
        symlink(target, &file).unwrap();
        let mut command = miscount();
        command
            .args(["step", "--puzzles"])
            .env("XDG_DATA_HOME", folder.path());
        let output = output(&mut command);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let warning = String::from_utf8(output.stderr).unwrap();
        assert!(warning.contains("it is no file"), "{warning}");
        std::fs::remove_file(file).unwrap();
    }
}

/// As a full disk, and not as `/dev/null`.
#[test]
#[cfg(target_os = "linux")]
fn a_closed_standard_output_is_an_error() {
    for words in [
        &["unsynced", "-r", "1", "--format", "json"][..],
        &["explore", "unsynced"],
        &["--help"],
        &["man"],
        &["unsynced", "-r", "1", "-o", "-"],
    ] {
        let output = shell("exec \"$0\" \"$@\" >&-", words).output().unwrap();
        let sentence = sentence(&output, 3, &words.join(" "));
        assert!(
            sentence.contains("standard output: it is closed"),
            "{sentence}"
        );
        let output = shell("exec \"$0\" \"$@\" >/dev/null", words).output();
        assert_eq!(output.unwrap().status.code(), Some(0), "{words:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let words = ["unsynced", "-r", "1", "-o", file.to_str().unwrap()];
    let output = shell("exec \"$0\" \"$@\" >&-", &words).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(file.exists());
}

/// Of two flags that name the same file, the second would destroy what the first is to read.
#[test]
fn output_does_not_replace_an_input() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "A,B\n").unwrap();
    symlink("file", folder.path().join("link")).unwrap();
    std::fs::hard_link(folder.path().join("file"), folder.path().join("other")).unwrap();
    for words in [
        "replay unsynced -s @file -o file",
        "replay unsynced -s @link -o ./file",
        "replay unsynced -s @file -o link --format jsonl",
        "replay unsynced -s @file -o other",
        "tour --answers file -o link",
        "tour --answers file --save other",
        "tour --save file -o file --format json",
    ] {
        let mut command = miscount();
        command.args(words.split(' ')).current_dir(&folder);
        let sentence = sentence(&output(&mut command), 2, words);
        assert!(sentence.contains("name the same file"), "{sentence}");
    }
    let kept = std::fs::read(folder.path().join("file")).unwrap();
    assert_eq!(kept, b"A,B\n");
    // A terminal or a device is not destroyed.
    let script = "echo A,B | \"$0\" replay unsynced -s @/dev/stdin -o /dev/stdout | cat";
    let shown = shell(script, &[]).output().unwrap();
    assert!(shown.stdout.starts_with(b"unsynced"), "{shown:?}");
}

/// What there is no memory for is said in words, whatever asks for it.
#[test]
#[cfg(target_os = "linux")]
fn out_of_memory_is_an_end_in_words() {
    let limited = |kilobytes: u32, words: &str| {
        let script = format!("ulimit -v {kilobytes} && exec \"$0\" \"$@\"");
        let words: Vec<_> = words.split(' ').collect();
        output(&mut shell(&script, &words))
    };
    let words = "replay unsynced -i 10M -s lockstep";
    let sentence = sentence(&limited(300_000, words), 3, words);
    assert!(sentence.contains("there is no memory for"), "{sentence}");
    // By itself it does not ask for more than there is; but the system may leave less than it says.
    let output = limited(300_000, "explore rwlock --split -i 60");
    assert!(matches!(output.status.code(), Some(3 | 4)), "{output:?}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!error.contains("backtrace"), "{error}");
}

/// The stack of the process holds its arguments, and may have no room for more.
#[test]
#[cfg(target_os = "linux")]
fn a_small_stack_is_enough() {
    let names: Vec<_> = (0..5_000).map(|number| format!("n{number}")).collect();
    let tree = names.join("(") + &")".repeat(names.len() - 1);
    let script = "ulimit -s 64 && exec \"$0\" \"$@\"";
    for clock in [&["--virtual"][..], &["--pause", "1ms"]] {
        let words = [
            "requests", "--items", "2", "--format", "csv", "--tree", &tree,
        ];
        let output = output(&mut shell(script, &[&words, clock].concat()));
        assert_eq!(output.status.code(), Some(0), "{clock:?}: {output:?}");
        let lines = String::from_utf8(output.stdout).unwrap().lines().count();
        assert_eq!(lines, 5_001, "{clock:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_the_system_refuses_is_told_in_words() {
    let words = ["unsynced", "-r", "1", "-o", "/proc/version"];
    let sentence = sentence(&output(miscount().args(words)), 3, "/proc");
    assert!(sentence.contains("no file can be made"), "{sentence}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let words = ["unsynced", "-r", "1", "-o", file.to_str().unwrap()];
    let mut told = 0;
    for limit in 3..12 {
        let script = format!("ulimit -n {limit} && exec \"$0\" \"$@\"");
        let output = output(&mut shell(&script, &words));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!error.contains("uncategorized"), "{limit}: {error}");
        assert!(!error.contains("panicked"), "{limit}: {error}");
        told += u32::from(error.contains("Too many open files"));
    }
    assert!(told > 0, "no limit was too low");
}

/// Nothing that comes from outside reaches the terminal as it is, and errors are one line.
#[test]
fn what_is_repeated_of_the_input_is_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let wild = "\u{1b}[31mA\u{7}\u{9b}\u{202e}\r\n\u{2028}x";
    std::fs::write(folder.path().join("wild"), wild).unwrap();
    std::fs::write(folder.path().join("nul"), "A,\0\n").unwrap();
    let long = "x".repeat(5_000);
    for words in [
        &["replay", "unsynced", "-s", wild][..],
        &["replay", "unsynced", "-s", "@wild"],
        &["replay", "unsynced", "-s", "@nul"],
        &["replay", "unsynced", "-s", "random:\u{1b}[31m"],
        &["replay", "unsynced", "-s", &long],
        &["tour", "--answers", "wild"],
        &["tour", wild],
        &["tour", &long],
        &["step", "--puzzle", wild],
        &["step", "--puzzle", &long],
        &["explain", wild],
        &["compare", &long],
        &["schema", wild],
        &["schema", &long],
        &["unsynced", "-t", wild],
        &["unsynced", "-i", &long],
        &["unsynced", "--window", wild],
        &[wild],
        &[&long],
        &["requests", "--tree", wild],
        &["requests", "--timeout", wild],
        &["requests", "--cancel", &long],
        &["requests", "--value", &long],
        &["unsynced", &format!("--{long}")],
    ] {
        let output = output(miscount().args(words).current_dir(&folder));
        let shown = words.join(" ").escape_debug().to_string();
        let sentence = sentence(&output, 2, &shown);
        assert!(sentence.len() < 500, "{sentence}");
        let turns = ['\u{202e}', '\u{2028}'];
        assert!(!sentence.contains(turns), "{}", sentence.escape_debug());
    }
}

#[test]
fn a_schedule_is_read_as_editors_leave_it() {
    let folder = tempfile::tempdir().unwrap();
    for text in [
        "A,B\n",
        "\u{feff}A,B\r\n",
        "A,\nB,\r\nA-,\n  B-\n",
        "\n A, B \n",
    ] {
        std::fs::write(folder.path().join("token"), text).unwrap();
        let words = "replay unsynced -i 1 --on model --format json -s @token";
        let output = output(miscount().args(words.split(' ')).current_dir(&folder));
        let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(record["schedule"], "A,B,A-,B-", "{text:?}");
    }
    for text in ["", "\n", "\u{feff}", "A\nB", "A,,B"] {
        std::fs::write(folder.path().join("token"), text).unwrap();
        let mut command = miscount();
        command.args(["replay", "unsynced", "-s", "@token"]);
        sentence(&output(command.current_dir(&folder)), 2, text);
    }
    for words in [["-s", ""], ["-s", "@"]] {
        let mut command = miscount();
        sentence(
            &output(command.args(["replay", "unsynced"]).args(words)),
            2,
            words[1],
        );
    }
    // The segment is named as it is written.
    let mut command = miscount();
    command.args(["replay", "unsynced", "-i", "2", "-s", "A3,A2"]);
    let sentence = sentence(&output(&mut command), 2, "A3,A2");
    assert!(sentence.contains("segment 2 ('A2')"), "{sentence}");
}

#[test]
fn a_misspelt_name_is_answered_with_the_nearest() {
    for (words, meant) in [
        (
            "mutx-per-op",
            "did you mean 'mutex-per-op'? see 'miscount --help'",
        ),
        ("compare mutx-per-op", "did you mean 'mutex-per-op'?"),
        ("explain mutx-per-op", "did you mean 'mutex-per-op'?"),
        ("unsynced --start spinn", "did you mean 'spin'?"),
        ("compare nosuch", "possible values: unsynced, mutex-per-op"),
        ("nosuch", "see 'miscount --help'"),
    ] {
        let output = output(miscount().args(words.split(' ')));
        let sentence = sentence(&output, 2, words);
        assert!(
            sentence.ends_with(meant) || sentence.contains(&format!("; {meant}")),
            "{sentence}"
        );
    }
}
