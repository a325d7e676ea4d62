//! The help of the subcommands: examples at the top of `--help`, and a `-h` that fits on a screen.

use clap::{Arg, Command};

use crate::strategy;

/// The flags that `-h` leaves to `--help`: few readers need them in their first hour.
const SELDOM: &[&str] = &[
    "access",
    "command",
    "cores",
    "color",
    "fates",
    "max_states",
    "memory",
    "no_witnesses",
    "pin",
    "progress",
    "start",
    "stride",
    "strict",
    "svg_theme",
    "theme",
    "ascii",
    "explain",
    "confidence",
    "items",
    "pause",
    "deadline",
    "value",
    "reset",
    "settings",
    "budget",
    "on",
    "max_memory",
    "svg",
    "play",
    "speed",
    "herd",
    "more",
    "batch",
    "set",
    "timeout",
];

/// The flags of strategies, which `-h` shows with the strategy that takes them.
const SETTINGS: &[&str] = &["window", "batch", "readers", "split"];

/// Three commands of real use for each subcommand.
const EXAMPLES: &[&str] = &[
    "unsynced -t 2",
    "unsynced -t 2 -i 100 -r 1M",
    "unsynced --window yield",
    "mutex-per-op",
    "mutex-per-op -t 8 -i 100k",
    "mutex-per-op --expect correct -q",
    "mutex-per-batch",
    "mutex-per-batch --batch 100",
    "mutex-per-batch --for 10s",
    "rwlock",
    "rwlock --split",
    "rwlock --await 5000",
    "atomic",
    "atomic -t 8 -r 100",
    "atomic --format json",
    "compare-exchange",
    "compare-exchange -t 8",
    "compare-exchange -i 1M",
    "spinlock",
    "spinlock -t 8",
    "spinlock --for 5s",
    "sharded",
    "sharded -t 4 -i 1M",
    "sharded --format csv",
    "map-reduce",
    "map-reduce -t 4 -i 1M",
    "map-reduce -r 100",
    "show run.json",
    "show run.json --format markdown",
    "show run.json --format html -o run.html",
    "live",
    "live bank",
    "live atomic",
    "compare",
    "compare atomic spinlock",
    "compare -t 1,2,4,8 -i 20k",
    "explain unsynced",
    "explain bank",
    "explain terms",
    "trace unsynced -t 2 -i 50",
    "trace unsynced --svg run.svg",
    "trace unsynced -t 2 -i 5 --token",
    "explore unsynced -t 2 -i 5",
    "explore bank --reach 'paid == 160'",
    "explore my.race",
    "replay unsynced -t 2 -i 5000",
    "replay bank --schedule A,B-,A- --steps",
    "replay unsynced -i 3 --schedule lockstep --steps",
    "step unsynced -t 2 -i 2",
    "step --puzzle 1",
    "step my.race",
    "tour",
    "tour --auto",
    "tour --save class.csv --name Ann",
    "programs",
    "programs bank",
    "programs bank > my.race",
    "run bank",
    "run my.race --for 10s",
    "run store-buffering --until 'r1 == 0'",
    "waitgroup",
    "waitgroup --mistake add-inside",
    "waitgroup -r 100",
    "requests --virtual",
    "requests --tree 'A,B(C,D)' --cancel B@1s",
    "requests --timeout 2s",
    "repeat -r 1k -- ./program",
    "repeat --expect same -q -- ./test",
    "repeat -r 500 --stress --expected 15000 -- ./lesson",
    "doctor",
    "doctor -t 4",
    "doctor --format json",
    "completions bash",
    "completions zsh",
    "completions fish",
    "man | man -l -",
    "man --dir .",
    "man --dir ~/.local/share/man/man1",
    "schema",
    "schema counting",
    "schema run-lines",
];

/// Returns the examples of a subcommand.
fn examples(of: &str) -> impl Iterator<Item = &'static str> {
    let examples = EXAMPLES.iter().copied();
    examples.filter(move |example| example.split(' ').next() == Some(of))
}

/// Returns the subcommand with its examples, and with a short help that fits on 24 lines.
pub(super) fn taught(command: Command) -> Command {
    let name = command.get_name().to_string();
    let lines: String = examples(&name)
        .map(|line| format!("  miscount {line}\n"))
        .collect();
    let command = command.before_long_help(format!("Examples:\n{lines}"));
    let is_strategy = strategy::named(&name).is_some();
    command.mut_args(|flag| {
        let is_other = !is_strategy && SETTINGS.contains(&flag.get_id().as_str());
        let flag = brief(flag);
        if is_other {
            flag.hide_short_help(true)
        } else {
            flag
        }
    })
}

/// Hides what is seldom needed from the short help.
pub(super) fn brief(flag: Arg) -> Arg {
    let is_seldom = SELDOM.contains(&flag.get_id().as_str());
    flag.hide_short_help(is_seldom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{command, typed};

    /// The lines of a small terminal.
    const LINES: usize = 24;

    #[test]
    fn every_subcommand_has_three_examples_that_can_be_typed() {
        for subcommand in command().get_subcommands() {
            let name = subcommand.get_name();
            assert_eq!(examples(name).count(), 3, "{name}");
            for example in examples(name) {
                // What follows is the shell's.
                let own = example.split(['|', '>']).next().unwrap();
                let parsed = typed(own);
                assert!(parsed.is_ok(), "{example}: {:?}", parsed.err());
            }
        }
    }

    #[test]
    fn the_short_help_fits_on_a_small_terminal() {
        let mut command = command();
        // The flags that all have are theirs only then.
        command.build();
        for subcommand in command.get_subcommands_mut() {
            let mut subcommand = subcommand.clone().term_width(80);
            let help = subcommand.render_help().to_string();
            let lines = help.lines().count();
            let name = subcommand.get_name();
            assert!(lines <= LINES, "{name}: {lines} lines\n{help}");
        }
    }
}
