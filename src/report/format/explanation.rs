//! A strategy explained, in every format.

use serde_json::Value;

use super::document::{Block, Cell, Document, Section, plain, plainly};
use super::markdown;
use super::report::{Report, Table, json};
use crate::report::numbers::{abbreviated, grouped};
use crate::report::record::explanation::{
    Breaking, Counted, ExplanationLine, ExplanationRecord, Listing, typed,
};
use crate::report::text;
use crate::term::{Page, Signs, Tone};

/// Counts with more digits than this are abbreviated.
const DIGITS: usize = 15;

impl Report for ExplanationRecord {
    fn text(&self, page: &Page) -> String {
        text::document(&document(self, page.signs, page.quiet), page)
    }

    fn json(&self) -> Value {
        plainly(json(self))
    }

    fn lines(&self) -> Vec<Value> {
        vec![plainly(json(&ExplanationLine::Explanation(self)))]
    }

    fn table(&self) -> Table {
        let elsewhere = &self.elsewhere;
        Table {
            heading: vec![
                "strategy", "flags", "correct", "summary", "why", "costs", "go", "java", "cpp",
                "python",
            ],
            rows: vec![vec![
                self.strategy.into(),
                self.flags.clone(),
                self.correct.to_string(),
                self.summary.into(),
                self.why.into(),
                plain(self.costs),
                plain(elsewhere.go),
                plain(elsewhere.java),
                plain(elsewhere.cpp),
                plain(elsewhere.python),
            ]],
        }
    }

    fn markdown(&self) -> String {
        markdown::document(&document(self, Signs::ASCII, false))
    }
}

fn document(record: &ExplanationRecord, signs: Signs, quiet: bool) -> Document {
    let opening = Section {
        heading: None,
        blocks: vec![
            Block::Words(format!("{}.", record.summary)),
            Block::Words(format!("Look at: {}.", record.look_at)),
        ],
    };
    let mut code = vec![Block::Code("rust", record.code.into())];
    code.extend(record.note.map(|note| Block::Words(note.into())));
    let mut sections = vec![opening, Section::new("The code, in essence", code)];
    if let Some(listing) = &record.listing {
        sections.push(machine_steps(listing, signs));
    }
    if let Some(reason) = &record.not_modelled {
        let words = vec![Block::Words(format!("{reason}."))];
        sections.push(Section::new("Its machine steps", words));
    }
    sections.push(why(record));
    sections.extend(record.breaking.as_ref().map(interleaving));
    if let Some(counted) = &record.counted {
        sections.push(every_schedule(counted, signs));
    }
    let costs = Block::Words(record.costs.into());
    sections.push(Section::new("What it costs", vec![costs]));
    sections.push(elsewhere(record));
    if !quiet {
        let commands = Block::Commands(record.commands.clone());
        sections.push(Section::new("See for yourself", vec![commands]));
    }
    Document {
        title: typed(record.strategy, &record.flags),
        sections,
    }
}

/// The program, with its steps marked.
fn machine_steps(listing: &Listing, signs: Signs) -> Section {
    let lines = listing.instructions.iter().map(|instruction| {
        let mark = if instruction.step { signs.switch } else { " " };
        format!("{:>2} {mark} {}\n", instruction.at, instruction.instruction)
    });
    let whose = match listing.programs {
        1 => "",
        _ => " This is A's program; the other threads have their own, alike but for the variable.",
    };
    let words = format!(
        "For {} increments. Those marked {} are steps: they go to memory or to a lock, and \
         between any two of them other threads may take theirs. The rest stays in a thread's own \
         registers.{whose}",
        grouped(listing.increments),
        signs.switch,
    );
    let code = Block::Code("text", lines.collect::<String>().trim_end().into());
    Section::new("Its machine steps", vec![code, Block::Words(words)])
}

fn why(record: &ExplanationRecord) -> Section {
    let heading = if record.correct {
        "Why it is right"
    } else {
        "Why it is wrong"
    };
    let words = [Some(record.why), record.race].into_iter().flatten();
    let words = words.map(|words| Block::Words(words.into()));
    Section::new(heading, words.collect())
}

fn interleaving(breaking: &Breaking) -> Section {
    let end = match breaking.total {
        Some(total) => format!("ends with {total} instead of {}", breaking.expected),
        None => "ends in a deadlock".into(),
    };
    let words = format!(
        "Schedule `{}` {end}. (`A` is one step of thread A, `A3` are three, `B-` is all that B has \
         left.)",
        breaking.schedule
    );
    Section::new(
        "The interleaving that breaks it",
        vec![
            Block::Words(words),
            Block::Steps(breaking.interleaving.clone(), breaking.threads),
        ],
    )
}

/// How all schedules end, in a sentence.
fn every_schedule(counted: &Counted, signs: Signs) -> Section {
    let number = |digits: &str| abbreviated(digits, DIGITS);
    let size = format!(
        "schedules of {} threads {} {} increments",
        counted.threads, signs.times, counted.increments,
    );
    let correct = Some(counted.expected);
    let words = match counted.outcomes.as_slice() {
        [only] if only.total == correct => {
            let all = match counted.schedules.as_str() {
                "2" => "Both".into(),
                schedules => format!("All {}", number(schedules)),
            };
            format!(
                "{all} {size} end with {}: none breaks it.",
                counted.expected
            )
        }
        outcomes => {
            let ends = outcomes.iter().map(|outcome| {
                let how = match outcome.total {
                    None => "in a deadlock".into(),
                    total if total == correct => format!("with the correct {}", counted.expected),
                    total => format!("with {}", total.unwrap_or_default()),
                };
                format!("{} end {how}", number(&outcome.schedules))
            });
            let ends: Vec<String> = ends.collect();
            let all = number(&counted.schedules);
            format!("Of all {all} {size}, {}.", ends.join(", "))
        }
    };
    Section::new(
        "Every schedule, counted just now",
        vec![Block::Words(words)],
    )
}

fn elsewhere(record: &ExplanationRecord) -> Section {
    let names = [
        ("Go", record.elsewhere.go),
        ("Java", record.elsewhere.java),
        ("C++", record.elsewhere.cpp),
        ("Python", record.elsewhere.python),
    ];
    let rows = names.map(|(language, name)| {
        let language = Cell {
            text: language.into(),
            tone: Tone::Strong,
        };
        vec![language, Cell::plain(name)]
    });
    let rows = Block::Rows(vec!["language", "its name there"], rows.into());
    Section::new("Elsewhere", vec![rows])
}
