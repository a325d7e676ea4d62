//! The real program in a real pseudo-terminal: what it shows, and that it gives the terminal back.

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::Terminal;

const SIZE: (u16, u16) = (80, 24);

#[test]
fn from_nothing_but_its_name_through_the_list_to_the_end() {
    let mut terminal = Terminal::program("", SIZE);
    terminal.wait_for("last runs");
    terminal.wait_for("of runs lose updates");
    assert!(!terminal.is_set_as_before(), "not in raw mode");
    // A knob.
    terminal.press("\u{1b}[C");
    terminal.wait_for("live unsynced -t 3 -i 100");
    terminal.wait_for("of runs lose updates");
    terminal.press("\t50\r");
    terminal.wait_for("live unsynced -t 3 -i 50");
    // The list.
    terminal.press("j");
    terminal.wait_for("live mutex-per-op -t 3 -i 50");
    terminal.wait_for("0% of runs lose updates");
    terminal.press("k");
    // As a person does, who waits until a run has lost updates.
    terminal.wait("a lost run", |screen| {
        let shown = screen.contents();
        shown.contains("live unsynced -t 3 -i 50")
            && shown.contains("loses") | shown.contains("lose updates;")
    });
    terminal.press("\r");
    terminal.wait_for("frozen");
    terminal.wait_for("and lost ");
    terminal.press("\r");
    terminal.wait_for("racing");
    // Step by step, and back.
    terminal.press("s");
    terminal.wait_for("A: unsynced");
    terminal.press("a");
    terminal.wait_for("1 A ");
    terminal.press("q");
    terminal.wait_for("last runs");
    terminal.wait_for("racing");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
    let said = terminal.all();
    for line in [
        "Again: miscount unsynced -t 3 -i 50",
        "On the screen: miscount live unsynced -t 3 -i 50",
        "mutex-per-op -t 3 -i 50: 0 of",
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
}

#[test]
fn a_program_shows_its_outcomes_and_resizing_redraws() {
    let mut terminal = Terminal::program("live counter", SIZE);
    terminal.wait_for("outcomes of");
    terminal.wait_for("of runs end wrong");
    terminal.resize((40, 12));
    terminal.wait_for(" counter (");
    terminal.resize((120, 40));
    terminal.wait_for("outcomes of");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
}

#[test]
fn a_program_whose_path_has_spaces_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my bank's.race");
    let program = "shared x\nthreads 2 { x += 1 }\nexpect x == 2\n";
    std::fs::write(&path, program).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
    command.args(["live", path.to_str().unwrap()]);
    let mut terminal = Terminal::start(command, SIZE);
    terminal.wait_for("outcomes of");
    terminal.press("e");
    terminal.wait_for("shared x");
    terminal.press("\r");
    terminal.wait_for("outcomes of");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
    assert!(terminal.all().contains("bank's.race\" --for 5s"));
}

#[test]
fn without_colours_no_colour_is_written() {
    for variable in ["NO_COLOR", "SOMETHING_ELSE"] {
        let mut command = CommandBuilder::new("sh");
        let script = format!("{variable}=1 exec \"$0\" live counter");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_miscount")]);
        let mut terminal = Terminal::start(command, SIZE);
        terminal.wait_for("of runs end wrong");
        let coloured = |screen: &vt100::Screen| {
            let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
            let mut cells = cells.filter_map(|(row, column)| screen.cell(row, column));
            cells.any(|cell| {
                [cell.fgcolor(), cell.bgcolor()]
                    .iter()
                    .any(|colour| *colour != vt100::Color::Default)
            })
        };
        let expected = variable != "NO_COLOR";
        terminal.wait("the colours", |screen| coloured(screen) == expected);
        terminal.press("q");
        assert_eq!(terminal.exit().exit_code(), 0);
    }
}

#[test]
fn signals_that_end_it_give_the_terminal_back() {
    for (signal, code) in [
        (Signal::TERM, Some(130)),
        (Signal::INT, Some(130)),
        (Signal::HUP, None),
    ] {
        let mut terminal = Terminal::program("live mutex-per-op", SIZE);
        terminal.wait_for("last runs");
        let process = Pid::from_raw(i32::try_from(terminal.process()).unwrap());
        kill_process(process.unwrap(), signal).unwrap();
        let ended = terminal.exit().exit_code();
        assert!(
            code.map_or(ended != 0, |code| ended == code),
            "{signal:?}: {ended}"
        );
        terminal.wait_until_given_back();
    }
}

#[test]
fn ctrl_z_stops_it_and_fg_goes_on() {
    let mut command = CommandBuilder::new("sh");
    let script = r#"set -m; "$0" live; echo "SHELL $?"; read line; fg; echo "CODE $?""#;
    command.args(["-c", script, env!("CARGO_BIN_EXE_miscount")]);
    let mut terminal = Terminal::start(command, SIZE);
    terminal.wait_for("last runs");
    terminal.press("\u{1a}");
    terminal.wait_for("SHELL ");
    terminal.wait_until_given_back();
    terminal.press("go on\r");
    terminal.wait("the screen again", |screen| {
        screen.alternate_screen() && screen.contents().contains("last runs")
    });
    terminal.press("q");
    terminal.wait_for("CODE 0");
    terminal.wait_until_given_back();
}

/// 1024 threads with a million increments each: no run ends for long, and the screen still answers.
#[test]
fn a_run_that_takes_long_does_not_stop_the_screen() {
    let mut terminal = Terminal::program("live unsynced -t 1024 -i 1M", SIZE);
    terminal.wait_for("under way");
    terminal.press("?");
    terminal.wait_for(" Keys ");
    terminal.press("?j");
    terminal.wait_for("live mutex-per-op");
    terminal.press("q");
    assert_eq!(terminal.exit().exit_code(), 0);
    terminal.wait_until_given_back();
}
