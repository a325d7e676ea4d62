//! The tour in a real pseudo-terminal.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

#[test]
fn a_person_at_a_terminal_turns_the_pages() {
    let size = PtySize {
        rows: 40,
        cols: 80,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_miscount"));
    command.args(["tour", "contexts", "--color", "never"]);
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut screen = pair.master.try_clone_reader().unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    let mut shown = String::new();
    let mut rest = String::new();
    // Only what stands on the screen is answered: what was typed before is thrown away.
    for (prompt, typed) in [
        ("leave)> ", "five\n"),
        ("leave)> ", "5\n"),
        ("next chapter, q: leave)> ", "\n"),
        ("leave)> ", "q\n"),
    ] {
        while !rest.contains(prompt) {
            let mut buffer = [0; 4096];
            let length = screen.read(&mut buffer).unwrap();
            assert!(length > 0, "{shown}");
            rest += &String::from_utf8_lossy(&buffer[..length]);
        }
        shown += &std::mem::take(&mut rest);
        keys.write_all(typed.as_bytes()).unwrap();
    }
    // The end of a terminal is an error on some systems.
    let mut last = Vec::new();
    let _ = screen.read_to_end(&mut last);
    shown += &String::from_utf8_lossy(&last);
    assert!(child.wait().unwrap().success(), "{shown}");
    assert!(shown.contains("'five' is no number"), "{shown}");
    assert!(shown.contains("You said 5. 3 points."), "{shown}");
    assert!(shown.contains("10 of 10"), "{shown}");
    assert!(shown.contains("Score: 3 of 3 points."), "{shown}");
    assert!(shown.contains("ends after 1 of 2 chapters"), "{shown}");
}
