//! The real program in a real pseudo-terminal: what it shows, and that it gives the terminal back.

use std::path::Path;

use miscount::tui::Screen;
use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::Terminal;

const SIZE: (u16, u16) = (80, 24);

/// `step` with these words, which keeps its progress there.
fn step(words: &str, data: &Path) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
    command.args(["step"].into_iter().chain(words.split_whitespace()));
    command.env("XDG_DATA_HOME", data);
    Terminal::start(command, SIZE)
}

/// A shell that runs a script; the program is `"$0"` there.
fn shell(script: &str, data: &Path) -> Terminal {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_miscount")]);
    command.env("XDG_DATA_HOME", data);
    Terminal::start(command, SIZE)
}

fn send(signal: Signal, to: &Terminal) {
    let process = i32::try_from(to.process()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
}

#[test]
fn a_puzzle_is_played_to_its_end() {
    let data = tempfile::tempdir().unwrap();
    let mut terminal = step("--puzzle 1", data.path());
    terminal.wait_for("Enter: begin");
    terminal.wait("the alternate screen", |screen| {
        screen.alternate_screen() && screen.hide_cursor()
    });
    assert!(!terminal.is_set_as_before(), "not in raw mode");
    terminal.press("\r");
    terminal.press("A");
    terminal.wait_for("Out of reach since step 2 (A); u undoes");
    terminal.press("u");
    terminal.wait_for("Goal: make the counter end at 1  (par 2, yours 0)");
    // A key closes a box and does nothing else; what plays itself gives no stars.
    terminal.press("?");
    terminal.wait_for("Esc close");
    terminal.press("qpjj\r");
    terminal.wait_for("Goal reached, but not by you: no stars.");
    terminal.press("r");
    terminal.wait_for("Back at the start.");
    terminal.press("aBA");
    terminal.wait_for("At par, with a hint.");
    terminal.press("qf");
    terminal.wait_for("Model and real threads agree.");
    terminal.press("\r");
    // The next puzzle, by its own key.
    terminal.press("n");
    terminal.wait_for("Puzzle 2 of 21");
    terminal.press("\rab");
    terminal.wait_for("2 B _2 = load counter");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
    // What was played of both, with what to do about it.
    for line in [
        "Puzzle 1 of 21: The smallest race there is",
        "miscount replay lost-update --schedule A,B-,A-",
        "miscount step lost-update --schedule A,B-,A-",
        "miscount replay luck --schedule A,B",
        "miscount step luck --schedule A,B",
    ] {
        terminal.wait_for(line);
    }
    let file = data.path().join("miscount/puzzles.json");
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(kept["solved"]["lost-update"]["stars"], 2);
    assert_eq!(kept["solved"]["lost-update"]["switches"], 2);
}

#[test]
fn a_played_game_is_drawn() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("game.svg");
    let words = format!("--puzzle 1 --svg {}", path.display());
    let mut terminal = step(&words, data.path());
    terminal.wait_for("Enter: begin");
    terminal.press("\raBA");
    terminal.wait_for("Goal reached");
    terminal.press("\rq");
    assert_eq!(terminal.exit().exit_code(), 0);
    let picture = std::fs::read_to_string(path).unwrap();
    for words in ["<svg ", "<desc>counter = 1</desc>", "</svg>\n"] {
        assert!(picture.contains(words), "{words}");
    }
}

/// The shell's own view of the terminal, before and after; and a file that cannot be written.
#[test]
fn stty_says_the_same_before_and_after() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("miscount"), "").unwrap();
    let script = r#"echo "BEFORE $(stty -a | tr '\n' ' ')"; "$0" step --puzzle 1;
        echo "CODE $?"; echo "AFTER $(stty -a | tr '\n' ' ')""#;
    let mut terminal = shell(script, data.path());
    terminal.wait_for("Enter: begin");
    terminal.press("\r");
    terminal.wait_for("progress is not saved");
    terminal.press("aBA");
    terminal.wait_for("At par: no solution needs fewer");
    terminal.press("\rq");
    terminal.wait_for("CODE 0");
    // Once more, where no key wipes it away.
    assert!(
        terminal
            .contents()
            .contains("\nwarning: progress is not saved")
    );
    terminal.exit();
    let found = |mark: &str| {
        let all = terminal.all();
        let line = all
            .lines()
            .find_map(|line| line.strip_prefix(mark).map(str::to_owned));
        line.map(|line| line.trim_end().to_owned())
    };
    terminal.wait("stty", |_| {
        found("AFTER ").is_some_and(|line| line.contains("echo"))
    });
    assert_eq!(found("BEFORE "), found("AFTER "));
}

#[test]
fn resizing_redraws() {
    let data = tempfile::tempdir().unwrap();
    let mut terminal = step("unsynced -t 3", data.path());
    terminal.wait_for("still reachable");
    for (width, height, text) in [
        (40, 12, ">A seen = load counter"),
        (30, 8, "needs 40 × 12"),
        (120, 40, "still reachable"),
    ] {
        terminal.resize((width, height));
        let wanted = |contents: &str| contents.replace('▸', ">").contains(text);
        terminal.wait(text, |screen| wanted(&screen.contents()));
    }
    terminal.press("b");
    terminal.wait_for("1 B seen = load counter");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
}

/// In a shell with job control: Ctrl-Z stops the program and its terminal is the shell's; `fg`
/// brings everything back.
#[test]
fn ctrl_z_stops_it_and_fg_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let script = r#"set -m; "$0" step unsynced; echo "SHELL $?"; read line; fg; echo "CODE $?""#;
    let mut terminal = shell(script, data.path());
    terminal.wait_for("still reachable");
    terminal.press("a");
    terminal.wait_for("1 A seen = load counter");
    terminal.press("\u{1a}");
    terminal.wait_for("SHELL ");
    terminal.wait_until_given_back();
    terminal.press("go on\r");
    terminal.wait("the screen again", |screen| {
        screen.alternate_screen() && screen.contents().contains("1 A seen = load counter")
    });
    terminal.press("b");
    terminal.wait_for("2 B seen = load counter");
    terminal.press("q");
    terminal.wait_for("CODE 0");
    terminal.wait_until_given_back();
}

/// The same by signals alone, as `kill -TSTP` and `kill -CONT` send them.
#[test]
fn signals_stop_it_and_let_it_go_on() {
    let data = tempfile::tempdir().unwrap();
    let mut terminal = step("mutex-per-op", data.path());
    terminal.wait_for("still reachable");
    terminal.press("a");
    terminal.wait_for("1 A lock mutex");
    send(Signal::TSTP, &terminal);
    terminal.wait_until_given_back();
    // Until it is really stopped, to go on would be lost.
    terminal.wait("the screen again", |screen| {
        send(Signal::CONT, &terminal);
        screen.alternate_screen()
    });
    terminal.wait_for("1 A lock mutex");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
}

#[test]
fn signals_that_end_it_give_the_terminal_back() {
    let data = tempfile::tempdir().unwrap();
    for signal in [Signal::INT, Signal::TERM] {
        let mut terminal = step("unsynced", data.path());
        terminal.wait_for("still reachable");
        terminal.press("a");
        terminal.wait_for("1 A seen = load counter");
        send(signal, &terminal);
        assert_eq!(terminal.exit().exit_code(), 130, "{signal:?}");
        terminal.wait_until_given_back();
        terminal.wait_for("--schedule A");
    }
    // Of a hang-up nothing is said: there may be nobody to read it.
    let mut terminal = step("unsynced", data.path());
    terminal.wait_for("still reachable");
    send(Signal::HUP, &terminal);
    assert_ne!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
    let mut terminal = step("unsynced", data.path());
    terminal.wait_for("still reachable");
    terminal.press("\u{3}");
    assert_eq!(terminal.exit().exit_code(), 130);
    terminal.wait_until_given_back();
}

#[test]
fn whatever_ends_it_what_was_played_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("token");
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut terminal = step(&format!("unsynced -o {}", file.display()), data.path());
        terminal.wait_for("still reachable");
        terminal.press("ab");
        terminal.wait_for("2 B seen = load counter");
        send(signal, &terminal);
        terminal.exit();
        assert_eq!(std::fs::read(&file).unwrap(), b"A,B\n", "{signal:?}");
        std::fs::remove_file(&file).unwrap();
    }
}

/// Tells the test below that it is the program in the terminal.
const PANICS: &str = "MISCOUNT_TEST_PANICS";

/// The test itself is the program that panics, in a terminal of its own.
#[test]
fn a_panic_gives_the_terminal_back_before_it_says_anything() {
    if std::env::var_os(PANICS).is_some() {
        let _screen = Screen::open().unwrap();
        panic!("on purpose");
    }
    let data = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    let name = std::thread::current().name().unwrap().to_owned();
    command.args(["--exact", &name, "--nocapture"]);
    command.env(PANICS, "1");
    command.env("RUST_BACKTRACE", "0");
    command.env("XDG_DATA_HOME", data.path());
    let mut terminal = Terminal::start(command, SIZE);
    assert_ne!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
    terminal.wait("the panic", |_| terminal.all().contains("on purpose"));
    let all = terminal.all();
    let (left, said) = (all.find("\u{1b}[?1049l"), all.find("on purpose"));
    assert!(left.unwrap() < said.unwrap(), "{all:?}");
}

/// Tells the test below that it is the owner of the terminal, and where to keep progress.
#[cfg(target_os = "linux")]
const LEAVES: &str = "MISCOUNT_TEST_LEAVES";

/// The test itself is the owner of a terminal, and leaves with it while the program runs.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_goes_away_takes_the_program_with_it() {
    use std::time::{Duration, Instant};

    use crate::support::PATIENCE;

    if let Some(data) = std::env::var_os(LEAVES) {
        let terminal = step("unsynced", Path::new(&data));
        terminal.wait_for("still reachable");
        println!("PID {}.", terminal.process());
        // Nothing is dropped, so that nobody ends the program but the loss of its terminal.
        std::process::exit(0);
    }
    let data = tempfile::tempdir().unwrap();
    let name = std::thread::current().name().unwrap().to_owned();
    let owner = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--nocapture"])
        .env(LEAVES, data.path())
        .output()
        .unwrap();
    let said = String::from_utf8(owner.stdout).unwrap();
    let (_, pid) = said.split_once("PID ").expect("a process");
    let (pid, _) = pid.split_once('.').expect("a number");
    let began = Instant::now();
    let status = format!("/proc/{pid}/status");
    // Ended, whether somebody has asked how or not.
    while std::fs::read_to_string(&status).is_ok_and(|status| !status.contains("State:\tZ")) {
        assert!(began.elapsed() < PATIENCE, "it goes on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_dumb_terminal_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut terminal = shell(
        r#"TERM=dumb "$0" step unsynced; echo "CODE $?""#,
        data.path(),
    );
    terminal.wait_for("CODE 3");
    assert!(terminal.contents().contains("error: step needs a terminal"));
    terminal.exit();
}

/// On leaving, the commands have the flags that were typed and no others.
#[test]
fn on_leaving_it_names_the_commands_that_take_what_was_played() {
    let data = tempfile::tempdir().unwrap();
    for words in ["rwlock", "rwlock --split", "mutex-per-batch --batch 2"] {
        let mut terminal = step(words, data.path());
        terminal.wait_for("still reachable");
        terminal.press("aq");
        assert_eq!(terminal.exit().exit_code(), 0);
        terminal.wait_for("Played: A\n");
        for command in ["replay", "step"] {
            let line = format!("miscount {command} {words} -t 2 -i 2 --schedule A");
            terminal.wait_for(&line);
        }
    }
}

/// A token that is too long to type goes to the file that was asked for, and comes back from there.
#[test]
fn a_long_token_is_kept_in_a_file() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("long token");
    let begin = data.path().join("begin");
    std::fs::write(&begin, "A,B,".repeat(600) + "A\n").unwrap();
    let script = format!(
        r#""$0" step unsynced -i 1k -s @'{}' -o '{}'; echo "CODE $?""#,
        begin.display(),
        file.display()
    );
    let mut terminal = shell(&script, data.path());
    terminal.wait_for("1201 A");
    terminal.press("bq");
    terminal.wait_for("CODE 0");
    terminal.wait_for("(1,202 segments, too long to print)");
    let all = terminal.all().replace("\r\n", "\n");
    let (_, commands) = all.rsplit_once("Played: ").unwrap();
    let mut commands = commands.lines().skip(1);
    for command in ["replay", "step"] {
        let line = format!(
            "miscount {command} unsynced -t 2 -i 1000 --schedule @'{}'",
            file.display()
        );
        assert_eq!(commands.next(), Some(&*line));
    }
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        "A,B,".repeat(600) + "A,B\n"
    );
}

/// What comes in for the schedule leaves the keyboard to the player.
#[test]
fn a_schedule_from_standard_input_leaves_the_keys() {
    let data = tempfile::tempdir().unwrap();
    let script = r#"echo A,B | "$0" step unsynced --schedule -; echo "CODE $?""#;
    let mut terminal = shell(script, data.path());
    terminal.wait_for("2 B seen = load counter");
    terminal.press("a");
    terminal.wait_for("3 A store counter");
    terminal.press("q");
    terminal.wait_for("CODE 0");
    terminal.wait_until_given_back();
}

/// Many switches take long on real threads: a key that is typed meanwhile calls it off, and does
/// nothing else; Ctrl-C leaves.
#[test]
fn forcing_is_called_off_by_a_key() {
    let data = tempfile::tempdir().unwrap();
    let mut terminal = step("unsynced -i 20k --schedule lockstep", data.path());
    terminal.wait_for("80000!B store count");
    // Together, so that the second is there before the threads have begun.
    terminal.press("fr");
    terminal.wait_for("seconds.");
    terminal.press("\r");
    terminal.wait("the game as it was", |screen| {
        let contents = screen.contents();
        !contents.contains("threads were stopped") && contents.contains("80000!B store count")
    });
    terminal.press("f\u{3}");
    assert_eq!(terminal.exit().exit_code(), 130);
    terminal.wait_until_given_back();
    terminal.wait_for("(80,000 segments, too long to print)");
}
