//! What a report says beyond its numbers: what happened, why, and what to try next.

use super::document::Block;
use super::numbers::percent;
use crate::record::CountingRecord;
use crate::stats::rule_of_three;
use crate::strategy::{ALL, Setting, Strategy};

/// So many increments are many: where they did not show the race, more runs may.
const MANY: u64 = 100_000;

/// A paragraph, and the commands that go with it.
pub(super) struct Advice {
    /// One or more sentences.
    pub(super) text: String,
    /// What each command is for, and the command.
    pub(super) commands: Vec<(&'static str, String)>,
}

impl Advice {
    /// Returns the paragraph, and a line for each command.
    pub(super) fn blocks(self) -> Vec<Block<'static>> {
        let commands = self.commands.into_iter();
        let commands = commands.map(|(purpose, command)| Block::inline_command(purpose, command));
        [Block::words(self.text)]
            .into_iter()
            .chain(commands)
            .collect()
    }
}

/// What to say about this experiment.
pub(super) fn advice(record: &CountingRecord, strategy: &dyn Strategy) -> Advice {
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    let why = strategy.why();
    if strategy.is_correct() {
        let place = ALL
            .iter()
            .position(|kind| kind.name == record.strategy.name);
        let next = place.and_then(|place| ALL.get(place + 1));
        return Advice {
            text: why.to_string(),
            commands: next
                .map(|kind| ("Next", format!("miscount {} {shape}", kind.name)))
                .into_iter()
                .collect(),
        };
    }
    if record.summary.runs_lost > 0 {
        let remedy = strategy.kind().remedy;
        return Advice {
            text: why.to_string(),
            commands: vec![("Fix it", format!("miscount {remedy} {shape}"))],
        };
    }
    Lucky {
        program: "miscount",
        strategy,
        threads: record.threads,
        increments: record.increments,
        runs: record.runs_completed,
        cores: record.environment.cores,
    }
    .advice()
}

/// A strategy that may lose updates, and runs of it that have lost none.
pub(super) struct Lucky<'a> {
    /// What made the runs, as one would type it: `miscount`, or `miscount trace`.
    pub(super) program: &'a str,
    /// The strategy.
    pub(super) strategy: &'a dyn Strategy,
    /// N.
    pub(super) threads: usize,
    /// M.
    pub(super) increments: u64,
    /// How many runs there were.
    pub(super) runs: u64,
    /// Cores that the threads may use, where that is known.
    pub(super) cores: Option<usize>,
}

impl Lucky<'_> {
    /// What it means that nothing was lost, and how to see something lost.
    pub(super) fn advice(&self) -> Advice {
        let kind = self.strategy.kind();
        let name = [kind.name, &self.strategy.flags()].join(" ");
        let itself = format!("{} {}", self.program, name.trim_end());
        let nobody = if self.increments == 0 {
            Some("Where nothing is counted, nothing can be lost.")
        } else if self.threads == 1 {
            Some("A single thread has nobody to lose updates to.")
        } else {
            None
        };
        if let Some(text) = nobody {
            return Advice {
                text: text.into(),
                commands: vec![("Make it show", itself)],
            };
        }
        let shape = format!("-t {} -i {}", self.threads, self.increments);
        let window = format!("{} {} {shape} --window yield", self.program, kind.name);
        let flags = self.strategy.flags();
        if self.cores == Some(1) && flags == "--access single-instruction" {
            return Advice {
                text:
                    "No update was lost, and none can be: this program may use one core only, and \
                       no interruption comes between the halves of a single instruction."
                        .into(),
                commands: vec![("As two instructions", window)],
            };
        }
        let has_window = kind.settings.contains(&Setting::Window);
        let again = if has_window && flags.is_empty() {
            window
        } else if self.increments < MANY {
            format!("{itself} -t {} -i 100k", self.threads)
        } else {
            format!("{itself} {shape} -r {}", self.runs.saturating_mul(10))
        };
        let mut commands = vec![("Make it show", again)];
        if has_window {
            commands.push(("Ask this machine why", "miscount doctor".into()));
        }
        Advice {
            text: self.luck(),
            commands,
        }
    }

    fn luck(&self) -> String {
        // Three runs or fewer say nothing of the others.
        let most = rule_of_three(self.runs).filter(|&most| most < 1.0);
        let most = most.map_or_else(String::new, |most| {
            let most = percent(most);
            format!(" (at most {most} of runs lose updates, with 95 % confidence)")
        });
        let reason = if self.cores == Some(1) {
            "This program may use one core only, so a thread must be interrupted between its load \
             and its store for the race to show."
        } else {
            "The threads hardly overlapped."
        };
        format!("No update was lost, but that is luck{most}. {reason}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::{AccessMode, Settings, Window, named};

    fn advice(name: &str, settings: &Settings, lucky: impl Fn(&mut Lucky<'_>)) -> Advice {
        let strategy = (named(name).unwrap().build)(settings).unwrap();
        let mut runs = Lucky {
            program: "miscount",
            strategy: &*strategy,
            threads: 3,
            increments: 10,
            runs: 10,
            cores: Some(2),
        };
        lucky(&mut runs);
        runs.advice()
    }

    fn split() -> Settings {
        Settings {
            split: true,
            ..Settings::default()
        }
    }

    #[test]
    fn commands_keep_the_flags() {
        let spin = Settings {
            window: Window::Spin(5),
            ..Settings::default()
        };
        let first = |advice: Advice| advice.commands.into_iter().next().map(|c| c.1);
        for (name, settings, increments, command) in [
            ("rwlock", split(), 10, "rwlock --split -t 3 -i 100k"),
            (
                "rwlock",
                split(),
                2_000_000,
                "rwlock --split -t 3 -i 2000000 -r 100",
            ),
            (
                "unsynced",
                spin,
                10,
                "unsynced --window spin:5 -t 3 -i 100k",
            ),
            (
                "unsynced",
                Settings::default(),
                10,
                "unsynced -t 3 -i 10 --window yield",
            ),
        ] {
            let advice = advice(name, &settings, |lucky| lucky.increments = increments);
            assert_eq!(first(advice), Some(format!("miscount {command}")));
        }
        let alone = advice("rwlock", &split(), |lucky| lucky.threads = 1);
        assert_eq!(first(alone), Some("miscount rwlock --split".into()));
    }

    #[test]
    fn a_single_instruction_on_one_core_is_not_called_luck() {
        let single = Settings {
            access: AccessMode::SingleInstruction,
            ..Settings::default()
        };
        let on = |cores| advice("unsynced", &single, |lucky| lucky.cores = cores);
        let one = on(Some(1));
        assert!(one.text.contains("none can be"), "{}", one.text);
        assert!(!one.text.contains("luck"), "{}", one.text);
        for cores in [Some(2), None] {
            let several = on(cores);
            assert!(several.text.contains("luck"), "{}", several.text);
            let (_, command) = &several.commands[0];
            assert!(command.contains("--access single-instruction"), "{command}");
        }
    }

    #[test]
    fn runs_too_few_to_tell_are_not_said_to_tell_anything() {
        for (runs, tells) in [(1, false), (3, false), (4, true), (1000, true)] {
            let text = advice("rwlock", &split(), |lucky| lucky.runs = runs).text;
            assert_eq!(text.contains("at most"), tells, "{text}");
        }
    }

    #[test]
    fn one_core_is_named_as_the_reason() {
        let text = advice("rwlock", &split(), |lucky| lucky.cores = Some(1)).text;
        assert!(text.contains("one core only"), "{text}");
    }
}
