//! What cannot be done is said in one sentence, with the right exit code, and never in a panic.

#[cfg(unix)]
use crate::support::shell;
use crate::support::{miscount, sentence};

/// A command line that is wrong; what the sentence names: the flag and the way out.
const WRONG: &[(&[&str], &[&str])] = &[
    (&["unsynced", "-t", "0"], &["--threads", "1 to 1024"]),
    (&["unsynced", "--threads=1025"], &["--threads", "1 to 1024"]),
    (&["unsynced", "-t", "-3"], &["--threads", "whole number"]),
    (&["unsynced", "-r", "0"], &["--runs", "at least 1"]),
    (&["unsynced", "--for", "-1s"], &["'-1s'", "--for", "250ms"]),
    (
        &["unsynced", "--timeout", "-1s"],
        &["'-1s'", "--timeout", "250ms"],
    ),
    (
        &["compare", "--timeout", "-1s"],
        &["'-1s'", "--timeout", "250ms"],
    ),
    (
        &["explore", "unsynced", "--timeout", "-1s"],
        &["'-1s'", "--timeout", "250ms"],
    ),
    (&["waitgroup", "--for", "-1s"], &["'-1s'", "--for", "250ms"]),
    (
        &["doctor", "--timeout", "-1s"],
        &["'-1s'", "--timeout", "250ms"],
    ),
    (
        &["unsynced", "--timeout", "600y"],
        &["--timeout", "584 years"],
    ),
    (&["unsynced", "--trials", "0"], &["--runs", "at least 1"]),
    (&["unsynced", "-i", "-1"], &["--increments", "whole number"]),
    (
        &["unsynced", "--count=-1"],
        &["--increments", "whole number"],
    ),
    (
        &["unsynced", "-i", "x"],
        &["--increments", "whole number", "5k"],
    ),
    (
        &["unsynced", "-i", "1.5k"],
        &["--increments", "whole number", "5k"],
    ),
    (&["unsynced", "-i", ""], &["--increments", "whole number"]),
    (
        &["unsynced", "-i", "1\n2"],
        &["--increments", "whole number", "1\\n2"],
    ),
    (
        &["unsynced", "-i", "\u{1b}[31m1"],
        &["--increments", "whole number"],
    ),
    (&["unsynced", "-i"], &["--increments", "value"]),
    (
        &["unsynced", "-i", "18446744073709551616"],
        &["--increments", "18446744073709551615"],
    ),
    (
        &["unsynced", "-t", "2", "-i", "9223372036854775808"],
        &["--threads", "--increments", "64 bits", "fewer"],
    ),
    (
        &["sharded", "-t", "1024", "-i", "18446744073709551615"],
        &["--threads", "--increments", "64 bits", "fewer"],
    ),
    (&["unsynced", "--stride", "0"], &["--stride", "1 to"]),
    (&["unsynced", "--stride", "65537"], &["--stride", "65536"]),
    (
        &["unsynced", "--batch", "7"],
        &["--batch", "mutex-per-batch"],
    ),
    (
        &["mutex-per-op", "--batch=7"],
        &["--batch", "mutex-per-batch"],
    ),
    (&["mutex-per-op", "--split"], &["--split", "rwlock"]),
    (&["unsynced", "--readers", "1"], &["--readers", "rwlock"]),
    (&["atomic", "--window", "yield"], &["--window", "unsynced"]),
    (
        &["atomic", "--access", "load-store"],
        &["--access", "unsynced"],
    ),
    (
        &["mutex-per-batch", "--batch", "0"],
        &["--batch", "at least 1"],
    ),
    (
        &["mutex-per-batch", "--batch", "-1"],
        &["--batch", "whole number"],
    ),
    (
        &["rwlock", "--readers", "1025"],
        &["--readers", "0 to 1024"],
    ),
    (&["rwlock", "--await", "0"], &["--await", "at least 1"]),
    (&["rwlock", "--await", "-1"], &["--await", "whole number"]),
    (&["rwlock", "--await"], &["--await", "value"]),
    (
        &["rwlock", "--await", "5", "--readers", "0"],
        &["--await", "--readers 0", "at least one"],
    ),
    (&["atomic", "--await", "5"], &["--await belongs to rwlock"]),
    (
        &["run", "store-buffering", "--memory", "tso"],
        &["--memory is for the model", "leave it out"],
    ),
    (
        &[
            "replay",
            "store-buffering",
            "--memory",
            "tso",
            "--on",
            "threads",
        ],
        &["--memory tso", "--on model"],
    ),
    (
        &["explore", "unsynced", "--memory", "pso"],
        &["'pso'", "sc and tso"],
    ),
    (
        &["compare", "--await", "5"],
        &["--await affects only readers", "not the total"],
    ),
    (
        &["compare", "atomic", "--batch", "5"],
        &["--batch belongs to mutex-per-batch", "not to atomic"],
    ),
    (
        &["trace", "rwlock", "--await", "5"],
        &["--await affects only readers"],
    ),
    (
        &["explore", "rwlock", "--readers", "2"],
        &["--readers affects only readers"],
    ),
    (
        &["step", "unsynced", "--puzzle", "1"],
        &["--puzzle", "STRATEGY", "leave one out"],
    ),
    (
        &["step", "--puzzle", "1", "-t", "3", "--batch", "2"],
        &["--puzzle", "--threads", "--batch", "leave one out"],
    ),
    (
        &["step", "--puzzles", "-i", "3"],
        &["--puzzles", "--increments", "leave one out"],
    ),
    (
        &["step", "unsynced", "-i", "1G", "--schedule", "A600000"],
        &["--schedule", "at most 500,000 steps"],
    ),
    (
        &["step", "unsynced", "--split"],
        &["--split belongs to rwlock"],
    ),
    (&["waitgroup", "-t", "0"], &["--threads", "1 to 1024"]),
    (&["waitgroup", "-t", "1025"], &["--threads", "1 to 1024"]),
    (&["waitgroup", "-r", "0"], &["--runs", "at least 1"]),
    (
        &["waitgroup", "-t", "1024", "-i", "18446744073709551615"],
        &["--threads", "--increments", "64 bits", "fewer"],
    ),
    (
        &["waitgroup", "--mistake", "forget"],
        &["--mistake", "add-inside", "forget-done"],
    ),
    (&["waitgroup", "--mistake"], &["--mistake", "forget-done"]),
    (
        &["waitgroup", "--for", "1s", "-r", "3"],
        &["--for", "--runs"],
    ),
    (&["waitgroup", "--readers", "1"], &["--readers", "rwlock"]),
    (
        &["unsynced", "--window", "soon"],
        &["--window", "yield", "sleep:"],
    ),
    (&["unsynced", "--window", "sleep"], &["--window", "sleep:"]),
    (
        &["unsynced", "--window", "sleep:soon"],
        &["--window", "250ms"],
    ),
    (
        &["unsynced", "--window", "spin:x"],
        &["--window", "whole number"],
    ),
    (
        &["unsynced", "--window", "spin:5G"],
        &["--window", "4294967295"],
    ),
    (
        &["unsynced", "--access", "magic"],
        &["--access", "load-store"],
    ),
    (&["unsynced", "--start", "late"], &["--start", "barrier"]),
    (&["unsynced", "--pin", "down"], &["--pin", "spread"]),
    (&["unsynced", "--color", "pink"], &["--color", "never"]),
    (
        &["unsynced", "--progress", "some"],
        &["--progress", "never"],
    ),
    (&["unsynced", "--ascii=1"], &["--ascii"]),
    (&["unsynced", "--thread", "3"], &["--thread", "--threads"]),
    (&["unsynced", "--qqqq"], &["--qqqq", "--help"]),
    (&["unsynced", "-x"], &["-x", "--help"]),
    (
        &["unsynced", "-t", "2", "-t", "3"],
        &["--threads", "--help"],
    ),
    (
        &["unsynced", "-i=1", "--count=2"],
        &["--increments", "--help"],
    ),
    (&["rwlock", "--split", "--split"], &["--split", "--help"]),
    (&["unsynced", "-q", "--quiet"], &["--quiet", "--help"]),
    (&["unsynced", "more"], &["more", "--help"]),
    (&["dance"], &["dance", "--help"]),
    (&["unsinced"], &["unsinced", "unsynced"]),
    (&["Unsynced"], &["Unsynced"]),
    (&["-t", "3"], &["-t", "--help"]),
    (&[""], &["--help"]),
];

#[test]
fn a_wrong_command_line_is_refused_in_one_sentence() {
    for (words, named) in WRONG {
        let what = format!("miscount {}", words.join(" "));
        let sentence = sentence(&miscount().args(*words).output().unwrap(), 2, &what);
        for name in *named {
            assert!(
                sentence.contains(name),
                "{what}: {name} is not in: {sentence}"
            );
        }
    }
}

/// The flags are told by the help of the subcommand, not by that of the program.
#[test]
fn the_way_out_is_the_help_of_the_subcommand() {
    for (words, help) in [
        (&["--bogus"][..], "'miscount --help'"),
        (&["tourr"], "'miscount --help'"),
        (&["tour", "--bogus"], "'miscount tour --help'"),
        (&["tour", "1", "2"], "'miscount tour --help'"),
        (&["tour", "--save"], "'miscount tour --help'"),
        (&["unsynced", "--threads"], "'miscount unsynced --help'"),
        (&["replay"], "'miscount replay --help'"),
    ] {
        let what = words.join(" ");
        let sentence = sentence(&miscount().args(words).output().unwrap(), 2, &what);
        assert!(sentence.contains(help), "{what}: {sentence}");
        assert!(!sentence.contains("'-- "), "{what}: {sentence}");
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_window_in_a_single_instruction_is_refused() {
    let words = [
        "unsynced",
        "--access",
        "single-instruction",
        "--window",
        "yield",
    ];
    let sentence = sentence(&miscount().args(words).output().unwrap(), 2, "window");
    assert!(sentence.contains("--window") && sentence.contains("leave out"));
}

#[test]
#[cfg(not(target_arch = "x86_64"))]
fn a_single_instruction_is_refused_where_there_is_none() {
    let words = ["unsynced", "--access", "single-instruction"];
    let sentence = sentence(&miscount().args(words).output().unwrap(), 3, "access");
    assert!(sentence.contains("--access") && sentence.contains("load-store"));
}

#[test]
#[cfg(unix)]
fn words_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for words in [
        &[b"unsynced".as_slice(), b"-i", b"\xff"],
        &[b"\xff", b"-i", b"5"],
    ] {
        let words = words.iter().map(|word| OsStr::from_bytes(word));
        sentence(&miscount().args(words).output().unwrap(), 2, "no text");
    }
}

#[test]
fn no_increments_are_no_mistake() {
    let output = miscount().args(["unsynced", "-i", "0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[test]
fn numbers_may_be_written_with_suffixes_and_underscores() {
    let words = [
        "atomic",
        "--count",
        "1_000",
        "--trials=1_0",
        "-t2",
        "--stride",
        "1k",
    ];
    let output = miscount().args(words).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("2,000"));
}

#[test]
#[cfg(target_os = "linux")]
fn threads_that_cannot_be_started_are_no_panic() {
    // A limit of memory holds for everybody; the one of processes does not hold for root. Stacks
    // are made so large that the last one that does not fit leaves room for what else a thread
    // needs, which the standard library cannot do without.
    let atomic = ["atomic", "-t", "1024", "-i", "1", "-r", "1"];
    // Long enough for those that start not to be gone before the others are tried.
    let waitgroup = ["waitgroup", "-t", "1024", "-i", "10G", "-r", "1"];
    for (words, stack, kilobytes, named) in [
        // Some start, some do not.
        (
            atomic,
            100_000_000,
            1_050_000,
            ["1024 threads", "--threads"],
        ),
        (
            waitgroup,
            100_000_000,
            1_050_000,
            ["--threads 1024", "use fewer"],
        ),
        // Not even the one that watches for signals starts.
        (atomic, 1_000_000_000, 600_000, ["signals", "cannot"]),
    ] {
        let script = format!("ulimit -v {kilobytes} && exec \"$0\" \"$@\"");
        let mut shell = shell(&script, &words);
        shell
            .env("RUST_MIN_STACK", stack.to_string())
            .env("MALLOC_ARENA_MAX", "1");
        let sentence = sentence(&shell.output().unwrap(), 3, &script);
        for name in named {
            assert!(sentence.contains(name), "{sentence}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_left_is_no_error() {
    for words in [&["unsynced", "-r", "1"][..], &["--help"], &["--version"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = miscount().args(words).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        assert_eq!(output.stderr, b"", "{words:?}");
    }
    let script = "\"$0\" \"$@\" | head -n 1";
    let output = shell(script, &["unsynced"]).output().unwrap();
    assert_eq!(output.stderr, b"");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said() {
    for words in [&["unsynced", "-r", "1"][..], &["--help"], &["--version"]] {
        let full = std::fs::File::create("/dev/full").unwrap();
        let output = miscount().args(words).stdout(full).output().unwrap();
        let sentence = sentence(&output, 3, "full");
        assert!(sentence.contains("standard output"), "{sentence}");
    }
}

#[test]
#[cfg(unix)]
fn nobody_to_complain_to_is_no_panic() {
    let output = shell("exec \"$0\" \"$@\" 2>&-", &["unsynced", "-t", "0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let output = shell("exec \"$0\" \"$@\" >&-", &["unsynced", "-r", "1"])
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 3)), "{output:?}");
}

/// Pinning is refused by a library of ours that stands before the system's.
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn threads_that_may_not_be_pinned_count_all_the_same() {
    let room = tempfile::tempdir().unwrap();
    let source = room.path().join("refuse.c");
    let library = room.path().join("refuse.so");
    std::fs::write(
        &source,
        "#include <errno.h>\n\
         int sched_setaffinity(int pid, unsigned long size, const void *set)\n\
         { (void)pid; (void)size; (void)set; errno = EPERM; return -1; }\n",
    )
    .unwrap();
    // Whoever links Rust programs has a C compiler under this name.
    let compiled = std::process::Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .output()
        .unwrap();
    assert!(compiled.status.success(), "{compiled:?}");
    let run = |refused: bool, pin: &str| {
        let mut command = miscount();
        command.args(["atomic", "-t", "4", "-r", "3", "--pin", pin]);
        if refused {
            command.env("LD_PRELOAD", &library);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(output.stderr, b"");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(true, "spread").contains("pinned"));
    assert!(!run(true, "none").contains("could not be pinned"));
    assert!(!run(false, "spread").contains("could not be pinned"));
}

/// A flag that is nearly one is told; what has only a few letters in common is not.
#[test]
fn only_a_flag_that_is_near_is_proposed() {
    for (words, near) in [
        ("unsynced --thread 2", Some("'--threads'")),
        ("unsynced --incr 5", Some("'--increments'")),
        ("atomic --trails 5", Some("'--trials'")),
        ("waitgroup --until lost", None),
        ("requests --runs 3", None),
    ] {
        let words: Vec<_> = words.split(' ').collect();
        let output = miscount().args(&words).output().unwrap();
        let sentence = sentence(&output, 2, &format!("{words:?}"));
        if let Some(near) = near {
            assert!(sentence.contains(near), "{sentence}");
        } else {
            assert!(!sentence.contains("similar"), "{sentence}");
            let help = format!("see 'miscount {} --help'", words[0]);
            assert!(sentence.contains(&help), "{sentence}");
        }
    }
}

#[test]
fn without_a_command_and_a_terminal_the_short_help_is_shown() {
    let help = miscount().arg("-h").output().unwrap().stdout;
    for words in [&[][..], &["--ascii"]] {
        let output = miscount().args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
        assert_eq!(output.stderr, help, "{words:?}");
    }
}
