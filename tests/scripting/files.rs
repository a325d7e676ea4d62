//! Files appear whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::Value;

use super::FORMATS;
use crate::support::{miscount, sentence, shell};

/// A folder with a file from before in it.
struct Room {
    folder: tempfile::TempDir,
}

const BEFORE: &str = "from before\n";

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old"), BEFORE).unwrap();
        Self { folder }
    }

    fn path(&self, name: impl AsRef<Path>) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// The names of everything in it, in order.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn read(&self, name: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// Runs it with its result in a file; nothing may be said.
fn write_to(file: &Path, format: &str) {
    let output = experiment(format).arg("-o").arg(file).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{format}: {output:?}");
    assert_eq!((output.stdout, output.stderr), (vec![], vec![]), "{format}");
}

fn experiment(format: &str) -> Command {
    let mut program = miscount();
    program.args(["atomic", "-i", "10", "-r", "12", "--format", format]);
    program
}

/// Whether it is the whole of a result in this format.
fn assert_whole(result: &str, format: &str) {
    let runs = match format {
        "text" => result.matches("correct\n").count(),
        "json" => {
            let record: Value = serde_json::from_str(result).unwrap();
            record["runs"].as_array().unwrap().len()
        }
        "jsonl" => {
            let lines: Vec<Value> = result
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            assert_eq!(lines.last().unwrap()["type"], "summary");
            lines.len() - 1
        }
        "csv" => result.lines().count() - 1,
        "html" => result.matches(">correct</td>").count(),
        _ => result.matches("| correct |").count(),
    };
    assert_eq!(runs, 12, "{format}:\n{result}");
    assert!(result.ends_with('\n'), "{format}");
}

#[test]
fn a_result_replaces_the_old_file_and_leaves_nothing_else() {
    for format in FORMATS {
        let room = Room::new();
        write_to(&room.path("old"), format);
        write_to(&room.path("new"), format);
        assert_eq!(room.names(), ["new", "old"], "{format}");
        assert_whole(&room.read("old"), format);
        assert_whole(&room.read("new"), format);
    }
}

#[test]
fn a_file_keeps_its_permissions_and_a_new_one_has_the_usual() {
    let room = Room::new();
    for format in FORMATS {
        for mode in [0o600, 0o666, 0o640] {
            fs::set_permissions(room.path("old"), Permissions::from_mode(mode)).unwrap();
            write_to(&room.path("old"), format);
            let now = fs::metadata(room.path("old")).unwrap().permissions();
            assert_eq!(now.mode() & 0o7777, mode, "{format}");
        }
        let output = shell(
            "umask 027 && exec \"$0\" \"$@\"",
            &["atomic", "-r", "1", "--format", format, "-o"],
        )
        .arg(room.path(format))
        .output()
        .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let new = fs::metadata(room.path(format)).unwrap().permissions();
        assert_eq!(new.mode() & 0o7777, 0o640, "{format}");
    }
}

/// Nobody may look into what others must not read, also not while it gets its name.
#[cfg(target_os = "linux")]
#[test]
fn what_only_its_owner_may_read_is_never_open_to_others() {
    let room = Room::new();
    fs::set_permissions(room.path("old"), Permissions::from_mode(0o600)).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut open = Vec::new();
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                for entry in fs::read_dir(room.path("")).unwrap().flatten() {
                    let mode = entry
                        .metadata()
                        .map_or(0, |there| there.permissions().mode());
                    if mode & 0o077 != 0 {
                        open.push(entry.file_name());
                    }
                }
            }
            open
        });
        for _ in 0..20 {
            write_to(&room.path("old"), "json");
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(watch.join().unwrap(), [""; 0]);
    });
}

#[test]
fn a_link_is_followed() {
    for format in FORMATS {
        let room = Room::new();
        fs::create_dir(room.path("below")).unwrap();
        // The last one leads to what is not there yet.
        symlink("../old", room.path("below/link")).unwrap();
        symlink("below/link", room.path("link")).unwrap();
        symlink("below/new", room.path("dangling")).unwrap();
        for (link, file) in [("link", "old"), ("dangling", "below/new")] {
            write_to(&room.path(link), format);
            assert!(room.path(link).is_symlink(), "{format}: {link}");
            assert_whole(&room.read(file), format);
        }
        assert!(room.path("below/link").is_symlink());
        assert_eq!(room.names(), ["below", "dangling", "link", "old"]);
        let circle = room.path("circle");
        symlink("circle", &circle).unwrap();
        let output = experiment(format).arg("-o").arg(&circle).output().unwrap();
        sentence(&output, 3, "circle");
    }
}

#[test]
fn standard_output_has_other_names() {
    for format in FORMATS {
        for name in ["-", "/dev/stdout", "/dev/fd/1"] {
            // A pipe.
            let output = experiment(format).args(["-o", name]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
            assert_whole(&String::from_utf8(output.stdout).unwrap(), format);
            // A file that somebody else has written to, and goes on writing to.
            let room = Room::new();
            let file = File::options().append(true).open(room.path("old")).unwrap();
            let status = experiment(format)
                .args(["-o", name])
                .stdout(file)
                .status()
                .unwrap();
            assert_eq!(status.code(), Some(0), "{name}");
            let result = room.read("old");
            let result = result.strip_prefix(BEFORE).expect("what was there before");
            assert_whole(result, format);
            assert_eq!(room.names(), ["old"]);
        }
    }
}

#[test]
fn a_named_pipe_is_written_to() {
    for format in FORMATS {
        let room = Room::new();
        let pipe = room.path("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        write_to(&pipe, format);
        assert_whole(&reader.join().unwrap(), format);
        // A reader that leaves is no error.
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || File::open(pipe).unwrap().read(&mut [0; 1]).unwrap()
        });
        let output = miscount()
            .args(["atomic", "-i", "1", "--stride", "1k", "-r", "20k"])
            .args(["--format", format, "-o"])
            .arg(&pipe)
            .output()
            .unwrap();
        reader.join().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}: {output:?}");
        assert_eq!(output.stderr, b"", "{format}");
    }
}

#[test]
fn a_name_that_is_no_text_is_a_name() {
    let room = Room::new();
    let name = OsStr::from_bytes(b"\xff result \xfe\n");
    for format in FORMATS {
        write_to(&room.path(name), format);
        assert_whole(&room.read(name), format);
    }
    let missing = room.path(OsStr::from_bytes(b"\xff\n\x1b[31m/x"));
    let output = experiment("json").arg("-o").arg(missing).output().unwrap();
    let sentence = sentence(&output, 3, "no text");
    assert!(sentence.contains("\\n\\u{1b}[31m/x"), "{sentence}");
}

#[test]
fn a_place_that_cannot_be_written_to_is_refused_before_the_work() {
    let room = Room::new();
    let closed = room.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    let mut places = vec![
        room.path("missing/x"),
        room.path("old/x"),
        room.path("new/"),
        room.path("."),
        room.path("closed/.."),
        "/".into(),
    ];
    // There is nothing that root may not do in a folder of its own.
    if File::create(closed.join("probe")).is_err() {
        places.push(closed.join("x"));
        let locked = room.path("locked");
        fs::write(&locked, BEFORE).unwrap();
        fs::set_permissions(&locked, Permissions::from_mode(0o444)).unwrap();
        places.push(locked);
    }
    // But these refuse everybody.
    #[cfg(target_os = "linux")]
    places.extend(["/proc/x".into(), "/sys/x".into()]);
    let before = room.names();
    for place in places {
        for format in FORMATS {
            // It would go on for a while, and end with another code.
            let output = miscount()
                .args(["atomic", "-i", "100G", "--timeout", "10s"])
                .args(["--format", format, "-o"])
                .arg(&place)
                .output()
                .unwrap();
            let sentence = sentence(&output, 3, &format!("{format} to {}", place.display()));
            assert!(sentence.contains("--output"), "{sentence}");
            assert!(sentence.contains(place.to_str().unwrap()), "{sentence}");
            assert!(!sentence.contains(".miscount-"), "{sentence}");
        }
    }
    assert_eq!(room.names(), before);
    assert_eq!(room.read("old"), BEFORE);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_in_every_format() {
    for format in FORMATS {
        let output = experiment(format)
            .args(["-o", "/dev/full"])
            .output()
            .unwrap();
        let to_file = sentence(&output, 3, format);
        assert!(
            to_file.contains("/dev/full") && to_file.contains("--output"),
            "{to_file}"
        );
        for name in [None, Some("-"), Some("/dev/stdout")] {
            let mut program = experiment(format);
            program.args(name.map(|name| ["-o", name]).into_iter().flatten());
            program.stdout(File::options().write(true).open("/dev/full").unwrap());
            sentence(&program.output().unwrap(), 3, format);
        }
    }
}

/// A file that may not grow beyond a block or two stands for a disk that fills half-way.
#[test]
fn a_disk_that_fills_half_way_leaves_the_old_file() {
    for ignored in ["", "trap '' XFSZ && "] {
        let script = format!("{ignored}ulimit -f 1 && exec \"$0\" \"$@\"");
        for format in FORMATS {
            let room = Room::new();
            let run = |place: &Path| {
                let words = ["atomic", "-i", "10", "-r", "50", "--format", format, "-o"];
                // The reports in lines are short.
                let words = match format {
                    "text" | "markdown" => [
                        "rwlock",
                        "-i10",
                        "-r",
                        "18",
                        "--stride=18",
                        "--format",
                        format,
                        "-o",
                    ],
                    _ => words,
                };
                let output = shell(&script, &words).arg(place).output().unwrap();
                let sentence = sentence(&output, 3, &format!("{script} {format}"));
                assert!(sentence.contains("--output"), "{sentence}");
            };
            run(&room.path("old"));
            if format == "jsonl" {
                // It is written line by line, so what fits is there.
                let text = room.read("old");
                assert!(text.starts_with("{\"type\":\"run\",\"run\":1,"), "{text}");
            } else {
                assert_eq!(room.read("old"), BEFORE, "{format}");
                run(&room.path("new"));
                assert_eq!(room.names(), ["old"], "{format}");
            }
            // The same on standard output, where the shell has opened the file.
            let file = File::create(room.path("old")).unwrap();
            let words = ["atomic", "-i", "10", "-r", "18", "--format", format];
            let output = shell(&script, &words).stdout(file).output().unwrap();
            assert!(sentence(&output, 3, format).contains("standard output"));
        }
    }
}

#[test]
fn what_had_finished_is_in_the_file_when_time_is_up() {
    for format in FORMATS {
        let room = Room::new();
        let output = miscount()
            .args(["atomic", "-i", "10", "-r", "1G", "--timeout", "50ms"])
            .args(["--format", format, "-o"])
            .arg(room.path("old"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(124), "{output:?}");
        let result = room.read("old");
        let said = match format {
            "json" => "\"stopped\": \"timeout\"",
            "jsonl" => "\"stopped\":\"timeout\"",
            "csv" => "run,strategy,",
            _ => "Timed out after ",
        };
        assert!(result.contains(said), "{format}: {result}");
        assert!(result.ends_with('\n'));
        assert_eq!(room.names(), ["old"]);
    }
}
