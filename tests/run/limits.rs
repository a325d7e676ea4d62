//! `--timeout` and Ctrl-C end it whatever the threads are doing.

use crate::interruption::interrupted;
use crate::support::{miscount, output};

/// Programs whose single run takes longer than anybody waits.
const LONG: &str = "shared x\nthread { repeat 1000000 { repeat 1000000 { x = x + 1 } } }\n";
const WAITING: &str = "shared x\nthread { repeat 1000000 { repeat 1000000 { x = x + 1 } } }\n\
                       thread { await x < 0 }\nthread { while x >= 0 { } }\n";

#[test]
fn a_timeout_ends_a_run_that_does_not_end() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("long.race", LONG), ("waiting.race", WAITING)] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut command = miscount();
        command.args(["run", path.to_str().unwrap(), "--timeout", "50ms"]);
        let ended = output(&mut command);
        assert_eq!(ended.status.code(), Some(124), "{name}: {ended:?}");
        let text = String::from_utf8(ended.stdout).unwrap();
        assert!(text.contains("Timed out after 0 runs"), "{text}");
    }
}

#[test]
fn ctrl_c_ends_runs_and_keeps_what_is_known() {
    let reports = interrupted(["run bank --for 1h", "run self-deadlock --for 1h"]);
    for report in reports {
        assert!(report.contains("Interrupted after"), "{report}");
    }
}

/// A thread that waits in a loop, then has five stores under way while it loads.
const FIVE: &str = "shared a, b, c, d, e, y\nshared r1 = 9\nshared r2 = 9\n\
    thread { local go = 0\n while go == 0 { go = 1 }\n a = 1; b = 1; c = 1; d = 1; e = 1\n r1 = y }\n\
    thread { y = 1\n fence\n r2 = a }\nshow r1, r2\n";

/// A thread that may store for ever.
const FOR_EVER: &str = "shared other = 1, mine\nthread { while other == 1 { mine = 0; mine = 1 } }\nthread { other = 0 }\n";

#[test]
fn the_bound_of_store_buffers_is_no_proof() {
    let folder = tempfile::tempdir().unwrap();
    let report = |text: &str, words: &[&str], code: i32| {
        let path = folder.path().join("own.race");
        std::fs::write(&path, text).unwrap();
        let mut command = miscount();
        command.current_dir(folder.path()).args(words);
        let ended = output(&mut command);
        assert_eq!(ended.status.code(), Some(code), "{words:?}: {ended:?}");
        String::from_utf8(ended.stdout).unwrap()
    };
    let run = ["run", "own.race", "--runs", "3000"];
    let report_of = |text| report(text, &run, 0);
    assert!(!report_of(FIVE).contains("outside the model"));
    assert!(!report_of(FOR_EVER).contains("outside the model"));
    let asked = |text, condition: &str, code| {
        let explore = [
            "explore", "own.race", "--memory", "tso", "--reach", condition,
        ];
        report(text, &explore, code)
    };
    assert!(asked(FIVE, "r1 == 0 && r2 == 0", 0).contains("is possible"));
    assert!(asked(FIVE, "r1 == 7", 1).contains("is impossible"));
    assert!(asked(FOR_EVER, "mine == 7", 4).contains("more than 4 stores"));
}
