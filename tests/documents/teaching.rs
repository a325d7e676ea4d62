//! Every command of the class is run.

use super::{below_root, blocks};
use crate::support::miscount;

/// What needs a person or a terminal, and is tested elsewhere.
const PLAYED: [&str; 2] = ["step", "tour"];

#[test]
fn every_command_of_the_class_does_what_the_class_expects() {
    let text = std::fs::read_to_string(below_root("docs/teaching.md")).unwrap();
    let text = text.replace("\n   ```", "\n```");
    let mut run = 0;
    for line in blocks(&text, "sh").into_iter().flat_map(str::lines) {
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[0], "miscount", "{line}");
        if PLAYED.contains(&words[1]) {
            continue;
        }
        let output = miscount().args(&words[1..]).output().unwrap();
        let code = output.status.code();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(errors, "", "{line}");
        // A race program whose claims fail says so with 1.
        assert!(matches!(code, Some(0 | 1)), "{line}: {code:?}");
        assert!(!output.stdout.is_empty(), "{line}");
        if words.contains(&"--expect") {
            assert_eq!(code, Some(0), "{line}");
        }
        run += 1;
    }
    assert!(run >= 20, "only {run} commands");
}
