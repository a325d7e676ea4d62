//! The advice in a report: what happened, why, and what to try next.

use super::document::Block;
use super::numbers::percent;
use crate::record::CountingRecord;
use crate::stats::rule_of_three;
use crate::strategy::{ALL, Setting, Strategy};

/// From this number of increments on, more runs are more likely to show the race than more
/// increments.
const MANY: u64 = 100_000;

/// A paragraph, and the commands that go with it.
pub(super) struct Advice {
    /// One or more sentences.
    pub(super) text: String,
    /// The purpose of each command, and the command.
    pub(super) commands: Vec<(&'static str, String)>,
}

impl Advice {
    /// Returns these sentences and commands.
    pub(super) fn new(
        text: impl Into<String>,
        commands: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self {
            text: text.into(),
            commands: commands.into_iter().collect(),
        }
    }
}

impl From<Advice> for Vec<Block<'static>> {
    fn from(advice: Advice) -> Self {
        let commands = advice.commands.into_iter();
        let commands = commands.map(|(purpose, command)| Block::command(purpose, command));
        let text = Block::words(advice.text);
        [text].into_iter().chain(commands).collect()
    }
}

/// Returns what a counting experiment shows, and what to try next.
pub(super) fn advice(record: &CountingRecord, strategy: &Strategy) -> Advice {
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    if strategy.is_correct() {
        let mut kinds = ALL.iter();
        kinds.find(|kind| kind.name == record.strategy.name);
        let next = kinds.next();
        let next = next.map(|kind| ("Next", format!("miscount {} {shape}", kind.name)));
        return Advice::new(strategy.why(), next);
    }
    if record.summary.runs_lost > 0 {
        let remedy = format!("miscount {} {shape}", strategy.kind().remedy);
        return Advice::new(strategy.why(), [("Fix it", remedy)]);
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
    /// The command that made the runs: `miscount`, or `miscount trace`.
    pub(super) program: &'a str,
    pub(super) strategy: &'a Strategy,
    pub(super) threads: usize,
    /// The increments of each thread.
    pub(super) increments: u64,
    pub(super) runs: u64,
    /// The number of cores that the threads may use, if it is known.
    pub(super) cores: Option<usize>,
}

impl Lucky<'_> {
    /// Returns why nothing was lost, and how to see a lost update.
    pub(super) fn advice(&self) -> Advice {
        let (kind, flags) = (self.strategy.kind(), self.strategy.flags());
        let name = [kind.name, &flags].join(" ");
        let itself = format!("{} {}", self.program, name.trim_end());
        let no_race = if self.increments == 0 {
            Some("No increments, so nothing to lose.")
        } else if self.threads == 1 {
            Some("A single thread cannot race; use at least two.")
        } else {
            None
        };
        if let Some(text) = no_race {
            return Advice::new(text, [("Make it show", itself)]);
        }
        let shape = format!("-t {} -i {}", self.threads, self.increments);
        let window = format!("{} {} {shape} --window yield", self.program, kind.name);
        if self.cores == Some(1) && flags == "--access single-instruction" {
            let text = "No update was lost, and none can be: miscount has one core, and nothing \
                        interrupts a single instruction halfway.";
            return Advice::new(text, [("As two instructions", window)]);
        }
        let has_window = kind.settings.contains(&Setting::Window);
        let again = if has_window && flags.is_empty() {
            window
        } else if self.increments < MANY {
            format!("{itself} -t {} -i 100k", self.threads)
        } else {
            format!("{itself} {shape} -r {}", self.runs.saturating_mul(10))
        };
        let doctor = ("Find out why", "miscount doctor".into());
        let commands = [("Make it show", again)].into_iter();
        let doctor = has_window.then_some(doctor);
        Advice::new(self.luck(), commands.chain(doctor))
    }

    fn luck(&self) -> String {
        // Three runs or fewer say nothing of the others.
        let most = rule_of_three(self.runs).filter(|&most| most < 1.0);
        let most = most.map(|most| {
            let most = percent(most);
            format!(" (at most {most} of runs lose updates, 95% confidence)")
        });
        let most = most.unwrap_or_default();
        let reason = if self.cores == Some(1) {
            "With one core, a thread must be interrupted between its load and its store for the \
             race to show."
        } else {
            "The threads hardly overlapped."
        };
        format!("No update was lost, by luck{most}. {reason}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::{AccessMode, Settings, Window, named};

    fn advice(name: &str, settings: &Settings, lucky: impl Fn(&mut Lucky<'_>)) -> Advice {
        let strategy = named(name).unwrap().build(settings).unwrap();
        let mut runs = Lucky {
            program: "miscount",
            strategy: &strategy,
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
        let many = 2_000_000;
        let unsynced = Settings::default();
        for (name, settings, threads, increments, command) in [
            ("rwlock", &split(), 3, 10, "--split -t 3 -i 100k"),
            (
                "rwlock",
                &split(),
                3,
                many,
                "--split -t 3 -i 2000000 -r 100",
            ),
            ("rwlock", &split(), 1, 10, "--split"),
            ("unsynced", &spin, 3, 10, "--window spin:5 -t 3 -i 100k"),
            ("unsynced", &unsynced, 3, 10, "-t 3 -i 10 --window yield"),
        ] {
            let advice = advice(name, settings, |lucky| {
                (lucky.threads, lucky.increments) = (threads, increments);
            });
            assert_eq!(advice.commands[0].1, format!("miscount {name} {command}"));
        }
    }

    #[test]
    fn one_core_is_named_as_the_reason_and_a_single_instruction_on_it_is_not_called_luck() {
        let text = advice("rwlock", &split(), |lucky| lucky.cores = Some(1)).text;
        assert!(text.contains("With one core"), "{text}");
        let single = Settings {
            access: AccessMode::SingleInstruction,
            ..Settings::default()
        };
        for (cores, luck) in [(Some(1), false), (Some(2), true), (None, true)] {
            let advice = advice("unsynced", &single, |lucky| lucky.cores = cores);
            let (text, (_, command)) = (advice.text, &advice.commands[0]);
            assert_eq!(text.contains("luck"), luck, "{text}");
            assert_eq!(text.contains("none can be"), !luck, "{text}");
            let same = command.contains("--access single-instruction");
            assert_eq!(same, luck, "{command}");
        }
    }

    #[test]
    fn runs_too_few_to_tell_are_not_said_to_tell_anything() {
        for (runs, tells) in [(1, false), (3, false), (4, true), (1000, true)] {
            let text = advice("rwlock", &split(), |lucky| lucky.runs = runs).text;
            assert_eq!(text.contains("at most"), tells, "{text}");
        }
    }
}
