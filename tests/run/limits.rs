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
